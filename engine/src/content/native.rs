//! HTML by html5ever, for the server and for tests: what `DOMParser` is in the browser.

use std::{borrow::Cow, cell::Cell, cell::RefCell, rc::Rc};

use html5ever::{
    Attribute, LocalName, Namespace, QualName, TokenizerResult,
    buffer_queue::BufferQueue,
    local_name, ns,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink},
};

use super::{
    BlockKind, Content, MAX_NODES,
    tree::{self, PROLOGUE, Seen, Tree},
};

/// Elements nested deeper than this lose their tags, as in Chromium and Safari: each new element
/// looks through those that are open, so depth costs its square.
const MAX_OPEN: usize = 512;
/// More than this is not kept: far more than is looked at, since much is passed over.
const MAX_KEPT: usize = 4 * MAX_NODES;

/// The blocks of an HTML fragment; relative addresses stay.
pub fn from_html(html: &str) -> Content {
    from_html_at(html, "")
}

/// The blocks of an HTML fragment of the source whose base is `base`, which relative addresses are
/// resolved against.
pub fn from_html_at(html: &str, base: &str) -> Content {
    let builder = TreeBuilder::new(
        Arena::new(),
        // As `DOMParser`, which parses what is never to run.
        TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
    );
    let tokenizer = Tokenizer::new(Guard(builder), Default::default());
    let input = BufferQueue::default();
    for part in [PROLOGUE, html] {
        input.push_back(StrTendril::from_slice(part));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    }
    tokenizer.end();
    let arena = tokenizer.sink.0.sink;
    let mut content = match arena.body() {
        Some(body) => tree::blocks(&arena, &body, base),
        None => Content::default(),
    };
    let is_cut = |content: &Content| {
        content.blocks.last().is_some_and(|block| block.kind == BlockKind::Truncated)
    };
    if arena.is_full() && !is_cut(&content) {
        content.blocks.push(BlockKind::Truncated.into());
    }
    content
}

/// Keeps from the tree builder what would cost too much.
struct Guard(TreeBuilder<Handle, Arena>);

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let arena = &self.0.sink;
        let refused = match &token {
            Token::EOFToken => false,
            _ if arena.is_full() => true,
            // The tokenizer reads the text of some elements as text, and must hear of them.
            Token::TagToken(Tag { kind: TagKind::StartTag, name, .. }) => {
                arena.depth.get() > MAX_OPEN && !is_raw(name)
            }
            _ => false,
        };
        if refused { TokenSinkResult::Continue } else { self.0.process_token(token, line) }
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn is_raw(name: &LocalName) -> bool {
    matches!(
        &**name,
        "script" | "style" | "title" | "textarea" | "iframe" | "xmp" | "noembed" | "noframes"
    )
}

/// A node: its place in the arena, and its name for the tree builder.
#[derive(Clone)]
struct Handle {
    id: usize,
    name: Rc<QualName>,
}

/// The parsed document. Nodes are named by where they stand in it.
struct Arena {
    nodes: RefCell<Vec<Node>>,
    /// How deep what came last is nested.
    depth: Cell<usize>,
    nameless: Rc<QualName>,
}

struct Node {
    data: Data,
    depth: usize,
    parent: Option<usize>,
    previous: Option<usize>,
    next: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
}

enum Data {
    /// The document, and what a `template` holds.
    Root,
    Text(StrTendril),
    Element {
        name: Rc<QualName>,
        attributes: Vec<Attribute>,
        template: Option<usize>,
        html_inside: bool,
    },
}

const DOCUMENT: usize = 0;
/// Stands for comments and the like, which are not kept.
const NOTHING: usize = usize::MAX;

impl Arena {
    fn new() -> Self {
        let nameless = Rc::new(QualName::new(None, Namespace::default(), LocalName::default()));
        let arena = Self { nodes: RefCell::default(), depth: Cell::new(0), nameless };
        arena.add(Data::Root);
        arena
    }

    fn add(&self, data: Data) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        let (parent, previous, next, first, last) = (None, None, None, None, None);
        nodes.push(Node { data, depth: 0, parent, previous, next, first, last });
        nodes.len() - 1
    }

    fn is_full(&self) -> bool {
        self.nodes.borrow().len() > MAX_KEPT
    }

    fn handle(&self, id: usize) -> Handle {
        Handle { id, name: self.nameless.clone() }
    }

    fn get<T>(&self, id: usize, read: impl FnOnce(&Node) -> Option<T>) -> Option<T> {
        self.nodes.borrow().get(id).and_then(read)
    }

    fn set(&self, id: Option<usize>, write: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.borrow_mut().get_mut(id.unwrap_or(NOTHING)) {
            write(node);
        }
    }

    fn detach(&self, id: usize) {
        let places = self.get(id, |node| Some((node.parent, node.previous, node.next)));
        let Some((parent, previous, next)) = places else { return };
        match previous {
            Some(_) => self.set(previous, |node| node.next = next),
            None => self.set(parent, |node| node.first = next),
        }
        match next {
            Some(_) => self.set(next, |node| node.previous = previous),
            None => self.set(parent, |node| node.last = previous),
        }
        self.set(Some(id), |node| (node.parent, node.previous, node.next) = (None, None, None));
    }

    /// Puts a node below `parent`, before `next` or at the end.
    fn insert(&self, parent: usize, next: Option<usize>, child: NodeOrText<Handle>) {
        let previous = match next {
            Some(next) => self.get(next, |node| node.previous),
            None => self.get(parent, |node| node.last),
        };
        let id = match child {
            NodeOrText::AppendNode(node) if node.id == NOTHING => return,
            NodeOrText::AppendNode(node) => {
                self.detach(node.id);
                node.id
            }
            NodeOrText::AppendText(text) => {
                let mut joined = false;
                self.set(previous, |node| {
                    if let Data::Text(before) = &mut node.data {
                        before.push_tendril(&text);
                        joined = true;
                    }
                });
                if joined {
                    return;
                }
                self.add(Data::Text(text))
            }
        };
        let depth = self.get(parent, |node| Some(node.depth + 1)).unwrap_or_default();
        self.set(Some(id), |node| {
            (node.parent, node.previous, node.next) = (Some(parent), previous, next);
            node.depth = depth;
        });
        match previous {
            Some(_) => self.set(previous, |node| node.next = Some(id)),
            None => self.set(Some(parent), |node| node.first = Some(id)),
        }
        match next {
            Some(_) => self.set(next, |node| node.previous = Some(id)),
            None => self.set(Some(parent), |node| node.last = Some(id)),
        }
        self.depth.set(depth);
    }

    fn child(&self, parent: usize, name: &LocalName) -> Option<usize> {
        let mut next = self.get(parent, |node| node.first);
        while let Some(id) = next {
            let found = |node: &Node| {
                Some(matches!(&node.data, Data::Element { name: own, .. } if own.local == *name))
            };
            if self.get(id, found) == Some(true) {
                return Some(id);
            }
            next = self.get(id, |node| node.next);
        }
        None
    }

    fn body(&self) -> Option<usize> {
        self.child(self.child(DOCUMENT, &local_name!("html"))?, &local_name!("body"))
    }
}

impl TreeSink for Arena {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.handle(DOCUMENT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        &target.name
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Handle {
        let name = Rc::new(name);
        let template = flags.template.then(|| self.add(Data::Root));
        let html_inside = flags.mathml_annotation_xml_integration_point;
        let data = Data::Element { name: name.clone(), attributes, template, html_inside };
        Handle { id: self.add(data), name }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.handle(NOTHING)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.handle(NOTHING)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.id, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        match self.get(element.id, |node| node.parent) {
            Some(parent) => self.insert(parent, Some(element.id), child),
            None => self.insert(previous.id, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let template = self.get(target.id, |node| match node.data {
            Data::Element { template, .. } => template,
            _ => None,
        });
        self.handle(template.unwrap_or(NOTHING))
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.id == other.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let Some(parent) = self.get(sibling.id, |node| node.parent) {
            self.insert(parent, Some(sibling.id), child);
        }
    }

    // Only for a second `html` or `body`, whose attributes mean nothing to a body.
    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        while let Some(id) = self.get(node.id, |node| node.first) {
            self.insert(parent.id, None, NodeOrText::AppendNode(self.handle(id)));
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        let inside = |node: &Node| match node.data {
            Data::Element { html_inside, .. } => Some(html_inside),
            _ => None,
        };
        self.get(handle.id, inside).unwrap_or_default()
    }
}

impl Tree for Arena {
    type Node = usize;

    fn see<'a>(&'a self, node: &'a usize) -> Seen<'a> {
        let seen = self.get(*node, |node| match &node.data {
            Data::Root => None,
            Data::Text(text) => Some(Seen::Text(Cow::Owned(text.to_string()))),
            Data::Element { name, attributes, .. } => Some(Seen::Element {
                name: Cow::Owned(name.local.to_string()),
                foreign: name.ns != ns!(html),
                attributes: !attributes.is_empty(),
            }),
        });
        seen.unwrap_or(Seen::Other)
    }

    fn attribute(&self, node: &usize, name: &str) -> Option<String> {
        self.get(*node, |node| match &node.data {
            Data::Element { attributes, .. } => {
                let attribute = attributes.iter().find(|one| &*one.name.local == name)?;
                Some(attribute.value.to_string())
            }
            _ => None,
        })
    }

    fn first_child(&self, node: &usize) -> Option<usize> {
        self.get(*node, |node| node.first)
    }

    fn next_sibling(&self, node: &usize) -> Option<usize> {
        self.get(*node, |node| node.next)
    }
}
