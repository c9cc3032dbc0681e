//! A row: a comment in its place, as nodes of the page.
//!
//! There may be ten thousand. A row is plain nodes that follow no signal: the list paints it anew where
//! something it shows has changed. Only while it is near the viewport it is *awake*: its buttons and the
//! form to answer it are live.

use std::hash::{DefaultHasher, Hash, Hasher};

use haidang_engine::{
    model::{BodyFormat, Comment, CommentState},
    thread::{Rest, lang_of},
    time::Timestamp,
};
use leptos::prelude::*;
use web_sys::Element as Node;

use super::{
    actions::{actions, forms},
    body::body,
    composer::composer,
    discussion::Discussion,
    header::{header, name},
};
use crate::{
    i18n::{I18n, msg},
    view::{Element, Mounted, View, el, focused_beside, live, mount, place},
};

/// Deeper comments are drawn no further in; their heading says whom they answer.
pub(super) const INDENT: usize = 5;

/// What a row shows beside the comment itself.
#[derive(Clone)]
pub struct Facts {
    /// The comment.
    pub comment: Comment,
    /// Who is answered.
    pub answered: Option<String>,
    /// How many comments it answers in turn.
    pub depth: usize,
    /// Whether it came since the reader's last visit.
    pub is_new: bool,
    /// Whether the reader has muted who wrote it.
    pub is_muted: bool,
    /// What is below it.
    pub fold: Fold,
    /// The moment it is.
    pub now: Timestamp,
}

/// What a row says of the rows below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fold {
    /// How many there are.
    pub below: usize,
    /// Whether they are folded away.
    pub is_collapsed: bool,
    /// What stands in place of rows that do not show.
    pub rest: Option<Rest>,
    /// How far the row is drawn in.
    pub indent: usize,
}

/// A comment on the page.
pub struct Row {
    /// The item of the list.
    pub item: Node,
    /// Whether it shows.
    pub is_shown: bool,
    /// As last painted.
    pub fold: Fold,
    /// As last painted.
    pub author: String,
    /// When all that it depends on was last looked at: see the list.
    pub age: u64,
    article: Node,
    header: Node,
    body: Node,
    tools: Node,
    below: Node,
    reply: Node,
    rest: Node,
    painted: Painted,
    created: Option<Timestamp>,
    blocks: Option<Mounted>,
    awake: Option<Awake>,
}

/// What the parts were last painted from.
#[derive(Default)]
struct Painted {
    header: u64,
    body: u64,
    below: u64,
    rest: u64,
}

struct Awake {
    /// The comment the buttons are for.
    comment: Comment,
    _tools: Mounted,
    _reply: Mounted,
}

impl Row {
    /// The nodes of a comment; `None` if the browser makes none.
    pub fn new(discussion: Discussion, facts: &Facts, age: u64) -> Option<Self> {
        let make = |tag: &str, class: &str| {
            let node = document().create_element(tag).ok()?;
            if !class.is_empty() {
                node.set_class_name(class);
            }
            Some(node)
        };
        let mut row = Self {
            item: make("li", "")?,
            article: make("article", "comment")?,
            header: make("header", "")?,
            body: make("div", "comment-body")?,
            tools: make("div", "comment-tools")?,
            below: make("div", "comment-below")?,
            reply: make("div", "comment-reply")?,
            rest: make("div", "comment-rest")?,
            is_shown: true,
            fold: Fold::default(),
            author: String::new(),
            age,
            painted: Painted::default(),
            created: None,
            blocks: None,
            awake: None,
        };
        // A list of them all is cut into lists that are none themselves: see `list`.
        set(&row.item, "role", Some("listitem"));
        set(&row.article, "tabindex", Some("-1"));
        set(&row.body, "dir", Some("auto"));
        for part in [&row.header, &row.body, &row.tools, &row.below] {
            append(&row.article, part);
        }
        for part in [&row.article, &row.reply, &row.rest] {
            append(&row.item, part);
        }
        row.paint_fold(discussion, &facts.comment, facts.fold, true);
        row.paint(discussion, facts);
        Some(row)
    }

    /// The comment's own element, which takes the focus.
    pub fn article(&self) -> &Node {
        &self.article
    }

    /// Shows the comment as it is now; what is as it was is not touched.
    pub fn paint(&mut self, discussion: Discussion, facts: &Facts) {
        let i18n = discussion.i18n;
        let comment = &facts.comment;
        let words = i18n.lang();
        let key = hash(&(
            (&words, &comment.id, &comment.author, comment.badge, comment.state),
            (comment.created, comment.edited, comment.pinned, comment.featured),
            (&facts.answered, facts.depth, facts.is_new, facts.is_muted),
        ));
        if self.painted.header != key {
            self.painted.header = key;
            let heading = format!("by-{}", comment.id);
            set(&self.article, "id", Some(&format!("comment-{}", comment.id)));
            set(&self.article, "aria-labelledby", Some(&heading));
            set(&self.article, "data-new", facts.is_new.then_some(""));
            self.header.set_text_content(None);
            place(&self.header, header(discussion.site, i18n, facts, heading));
            self.created = comment.created;
            self.author.clone_from(&comment.author);
        }
        let is_words = facts.is_muted || comment.state != CommentState::Published;
        let text = comment.body.as_ref().map(|body| {
            (&body.value, body.format == BodyFormat::Html, body.format == BodyFormat::Text)
        });
        let key = hash(&(
            (comment.state, facts.is_muted, &comment.reason, &comment.lang),
            (is_words.then_some(&words), text),
        ));
        if self.painted.body != key {
            self.painted.body = key;
            self.blocks = None;
            self.body.set_text_content(None);
            self.paint_body(discussion, facts);
        }
        if self.awake.as_ref().is_some_and(|awake| awake.comment != *comment) {
            self.wake(discussion, comment.clone());
        }
    }

    fn paint_body(&mut self, discussion: Discussion, facts: &Facts) {
        let Facts { comment, is_muted, .. } = facts;
        let i18n = discussion.i18n;
        let is_gone = comment.state == CommentState::Deleted;
        let lang = lang_of(comment).filter(|_| !is_gone && !is_muted);
        let lang = lang.map(|lang| discussion.site.language(&lang).0);
        set(&self.body, "lang", lang.as_deref());
        if is_gone {
            let gone = el("p").class("hint").child(i18n.text(msg::COMMENTS_DELETED));
            return place(&self.body, gone);
        }
        if *is_muted {
            let name = name(i18n, &comment.author);
            let says = i18n.fill(msg::THREAD_MUTED, &[("name", &name)]);
            let label = i18n.fill(msg::THREAD_UNMUTE_NAME, &[("name", &name)]);
            let again = button("unmute", i18n.text(msg::THREAD_UNMUTE)).attr("aria-label", label);
            return place(&self.body, el("p").class("hint").child(says).child(" ").child(again));
        }
        if let Some(reason) = &comment.reason {
            let reason = i18n.fill(msg::THREAD_REASON, &[("reason", reason)]);
            place(&self.body, el("p").class("note").child(reason));
        }
        // Most bodies follow nothing; those with a player or a wide table do.
        self.blocks = Some(mount(&self.body, || body(discussion, comment)));
    }

    /// Says what is below it; with `always` also if only what that is said with has changed. What says the same
    /// as before is not touched; buttons that are for the same stay, and the focus on them.
    pub fn paint_fold(
        &mut self,
        discussion: Discussion,
        comment: &Comment,
        fold: Fold,
        always: bool,
    ) {
        if self.fold == fold && !always {
            return;
        }
        let i18n = discussion.i18n;
        let below = hash(&(i18n.lang(), &comment.author, comment.state, fold.below > 0));
        let rest = hash(&(i18n.lang(), fold.rest));
        if self.fold == fold && (self.painted.below, self.painted.rest) == (below, rest) {
            return;
        }
        if always || self.fold.indent != fold.indent {
            set(&self.item, "data-depth", Some(&fold.indent.min(INDENT).to_string()));
        }
        self.fold = fold;

        if self.painted.below != below {
            self.painted.below = below;
            self.below.set_text_content(None);
            if fold.below > 0 {
                place(&self.below, button("fold", String::new()));
            }
            if let Some(mute) = mute(i18n, comment) {
                place(&self.below, mute);
            }
        }
        if fold.below > 0
            && let Some(toggle) = self.below.first_element_child()
        {
            let (label, is_expanded) = fold_label(i18n, comment, fold);
            toggle.set_text_content(Some(&label));
            set(&toggle, "aria-expanded", Some(is_expanded));
        }

        if self.painted.rest != rest {
            self.painted.rest = rest;
            self.rest.set_text_content(None);
            if let Some(rest) = fold.rest {
                place(&self.rest, rest_button(i18n, rest));
            }
        }
    }

    /// Makes it live, or its buttons those of the comment as it is now. The focus stays where it is.
    pub fn wake(&mut self, discussion: Discussion, comment: Comment) {
        let focused = focused_beside(&self.item)
            .filter(|focused| self.awake.is_some() && self.tools.contains(Some(focused)));
        let index = focused.and_then(|focused| {
            let all = self.tools.query_selector_all("button, a, select, input").ok()?;
            (0..all.length()).find(|index| all.get(*index).as_ref() == Some(focused.as_ref()))
        });
        let id = comment.id.clone();
        let is_same = self.awake.as_ref().is_some_and(|awake| awake.comment.id == id);
        let reply = match self.awake.take() {
            Some(awake) if is_same => awake._reply,
            _ => {
                self.reply.set_text_content(None);
                mount(&self.reply, || {
                    let is_replying = {
                        let id = id.clone();
                        Memo::new(move |_| {
                            discussion.replying.with(|now| now.as_ref() == Some(&id))
                        })
                    };
                    let forms = forms(discussion, &id);
                    let answer = live(move || {
                        is_replying.get().then(|| composer(discussion, Some(id.clone())))
                    });
                    View::from([forms, answer])
                })
            }
        };
        self.tools.set_text_content(None);
        let tools = mount(&self.tools, || actions(discussion, &comment));
        self.awake = Some(Awake { comment, _tools: tools, _reply: reply });
        if let Some(index) = index
            && let Ok(all) = self.tools.query_selector_all("button, a, select, input")
            && let Some(again) = all.get(index)
        {
            // Fails only for what cannot take it.
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(again).focus();
        }
    }

    /// Whether it is live.
    pub fn is_awake(&self) -> bool {
        self.awake.is_some()
    }

    /// Makes it plain again, unless the reader is in it.
    pub fn sleep(&mut self) {
        let is_used = self.reply.first_element_child().is_some()
            || focused_beside(&self.item).is_some_and(|focused| self.item.contains(Some(&focused)));
        if !is_used && self.awake.take().is_some() {
            self.tools.set_text_content(None);
            self.reply.set_text_content(None);
        }
    }

    /// Says anew how long ago it was written.
    pub fn tick(&self, i18n: I18n, now: Timestamp) {
        let Some(at) = self.created else { return };
        if let Some(text) = i18n.ago(at, now)
            && let Ok(Some(time)) = self.header.query_selector("time")
            && time.text_content().as_deref() != Some(&text)
        {
            time.set_text_content(Some(&text));
        }
    }
}

/// A button that the list listens for: what it does is in `data-do`.
pub(super) fn button(does: &'static str, label: String) -> Element {
    el("button").attr("type", "button").attr("data-do", does).child(label)
}

/// How many answers there are, and whether they show (`aria-expanded`).
fn fold_label(i18n: I18n, comment: &Comment, fold: Fold) -> (String, &'static str) {
    let count = u32::try_from(fold.below).unwrap_or(u32::MAX);
    let label = i18n.plural(msg::THREAD_REPLIES, count);
    let label = label.replace("{name}", &name(i18n, &comment.author));
    (label, if fold.is_collapsed { "false" } else { "true" })
}

/// The button that folds answers away, where there are any.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn fold_toggle(i18n: I18n, comment: &Comment, fold: Fold) -> Option<Element> {
    let (label, is_expanded) = fold_label(i18n, comment, fold);
    (fold.below > 0).then(|| button("fold", label).attr("aria-expanded", is_expanded))
}

/// The button to hear no more of who wrote it, if somebody did.
pub(super) fn mute(i18n: I18n, comment: &Comment) -> Option<Element> {
    let is_said = !comment.author.is_empty() && comment.state == CommentState::Published;
    is_said.then(|| {
        let name = name(i18n, &comment.author);
        let label = i18n.fill(msg::THREAD_MUTE_NAME, &[("name", &name)]);
        button("mute", i18n.text(msg::THREAD_MUTE)).attr("aria-label", label)
    })
}

/// The button that shows what stands below and does not show.
pub(super) fn rest_button(i18n: I18n, rest: Rest) -> Element {
    let count = |msg, count| i18n.plural(msg, u32::try_from(count).unwrap_or(u32::MAX));
    match rest {
        Rest::Run(_, more) => button("run", count(msg::THREAD_RUN, more)),
        Rest::Deep(more) => button("deep", count(msg::THREAD_DEEP, more)),
    }
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn set(node: &Node, name: &str, value: Option<&str>) {
    // Fails only for a name that is none.
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

fn append(parent: &Node, child: &Node) {
    // Fails only where a node would be within itself.
    let _ = parent.append_child(child);
}
