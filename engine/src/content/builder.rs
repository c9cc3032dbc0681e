//! Blocks in the making: what is open, and what becomes of it when it ends.
//!
//! The policy says what an element is; here it is put together. A body is nested as its author
//! liked (`<b><p>…</p></b>`, text straight in a list, a picture in a paragraph); blocks are nested as
//! a reader expects. So where a block begins within styles, they end before it and go on in it and
//! after it, and text outside of any paragraph is gathered into one.

use super::{
    Content,
    blocks::{Block, BlockKind, Cell, CellKind},
    frame::{Close, Context, Frame, Id, Kind, Mode},
    inlines::Inline,
    line::{Line, Wrap},
    shape, tidy,
    url::anchor,
};
use crate::fold::nfc;

/// Lists in lists, quotes in quotes: what is nested deeper stays as paragraphs.
pub const MAX_DEPTH: usize = 24;
/// Elements and texts looked at; what comes after is left away, and said.
pub const MAX_NODES: usize = 50_000;
/// Bytes of text taken, and of what is around a line each time another line or picture is in it, too;
/// what comes after is left away, and said.
pub const MAX_TEXT: usize = 2 * 1024 * 1024;
/// Bytes of attributes read; what comes after is left away, and said. Pictures may stand in them whole.
const MAX_ATTRIBUTES: usize = 16 * MAX_TEXT;
/// Problems told; a body with more has told enough.
const MAX_PROBLEMS: usize = 20;

/// Blocks in the making.
pub(super) struct Builder {
    root: Frame,
    frames: Vec<Frame>,
    open: Vec<(Close, Option<Context>)>,
    pub mode: Mode,
    pub context: Context,
    /// What relative addresses are resolved against.
    pub base: String,
    /// Ids that wait for something to be seen.
    ids: Vec<Id>,
    nodes: usize,
    bytes: usize,
    /// Bytes of attributes.
    read: usize,
    problems: Vec<String>,
}

impl Builder {
    /// Nothing yet, of a source with this base.
    pub fn new(base: &str) -> Self {
        Self {
            root: Frame::new(Kind::Root, Context::default(), Line::new(Vec::new())),
            frames: Vec::new(),
            open: Vec::new(),
            mode: Mode::Flow,
            context: Context::default(),
            base: base.to_owned(),
            ids: Vec::new(),
            nodes: 0,
            bytes: 0,
            read: 0,
            problems: Vec::new(),
        }
    }

    /// The innermost frame.
    pub fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().unwrap_or(&mut self.root)
    }

    /// Counts one more node.
    pub fn count(&mut self) {
        self.nodes += 1;
    }

    /// Counts bytes of attributes.
    pub fn count_read(&mut self, bytes: usize) {
        self.read += bytes;
    }

    /// Counts what is around the line once more.
    fn count_wraps(&mut self) {
        self.bytes += self.top().line.weight();
    }

    /// What the innermost frame will be.
    pub fn within(&self) -> &Kind {
        &self.frames.last().unwrap_or(&self.root).kind
    }

    /// Whether this is what is printed under a figure, which tells apart who made it.
    pub fn is_figure_caption(&self) -> bool {
        let kinds = self.frames.last_chunk().map(|[outer, inner]| (&outer.kind, &inner.kind));
        matches!(kinds, Some((Kind::Figure, Kind::Caption)))
    }

    /// Whether no more is taken.
    pub fn is_full(&self) -> bool {
        self.nodes > MAX_NODES || self.bytes > MAX_TEXT || self.read > MAX_ATTRIBUTES
    }

    /// Whether another frame may begin here.
    pub fn may_nest(&self) -> bool {
        let within_line = matches!(self.within(), Kind::Heading(_) | Kind::Caption);
        self.frames.len() < MAX_DEPTH && !within_line
    }

    /// What the element says of language and direction is in force; gives what was, if it changed.
    pub fn change(&mut self, own: Context) -> Option<Context> {
        if own == Context::default() {
            return None;
        }
        let lang = own.lang.or_else(|| self.context.lang.clone());
        let dir = own.dir.or(self.context.dir);
        Some(std::mem::replace(&mut self.context, Context { lang, dir }))
    }

    /// Tells the developer what was left out.
    pub fn problem(&mut self, what: &str, value: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let value: String = value.chars().take(80).collect();
            self.problems.push([what, " \"", &value, "\""].concat());
        }
    }

    /// Adds characters.
    pub fn text(&mut self, text: &str) {
        let room = MAX_TEXT.saturating_sub(self.bytes);
        self.bytes += text.len();
        let text = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        match &mut self.mode {
            Mode::Flow => {
                self.top().line.text(text);
                self.place_ids();
            }
            Mode::Code(_, code) => code.push_str(text),
            Mode::Media(_) => {}
        }
    }

    /// Adds something that can be seen to the line.
    pub fn inline(&mut self, inline: Inline) {
        self.count_wraps();
        self.top().line.push(inline);
        self.place_ids();
    }

    /// Ends the line; twice in a row, the paragraph.
    pub fn brk(&mut self) {
        if let Mode::Code(_, code) = &mut self.mode {
            code.push('\n');
        } else if self.top().line.is_broken() && !self.top().is_line() {
            self.boundary();
        } else {
            self.top().line.brk();
        }
    }

    /// A place that a link can lead to.
    pub fn id(&mut self, id: &str, inline: bool) {
        let Some(id) = anchor(id) else { return };
        if self.top().line.started {
            self.top().line.anchor(id);
        } else {
            self.ids.push(Id { id, inline });
        }
    }

    /// Once something of a line is seen, the ids that waited stand at its beginning.
    fn place_ids(&mut self) {
        if self.top().line.started && !self.ids.is_empty() {
            let ids = std::mem::take(&mut self.ids);
            self.top().line.ids.extend(ids);
        }
    }

    /// Begins a wrap; gives how many were begun.
    pub fn wrap(&mut self, wrap: Wrap) -> usize {
        usize::from(self.top().line.open(wrap))
    }

    /// Where a block begins or ends: the paragraph is done.
    pub fn boundary(&mut self) {
        if self.top().is_line() {
            return self.top().line.brk();
        }
        // Nothing is in it that could end.
        if !self.top().line.started {
            return;
        }
        self.count_wraps();
        let done = self.top().line.take();
        let top = self.top();
        if !done.cite.is_empty() && !top.caption.is_empty() {
            top.caption.push(Inline::Break);
        }
        top.caption.extend(done.cite);
        if done.inlines.is_empty() {
            return;
        }
        let mut id = None;
        let mut inlines = Vec::new();
        for found in done.ids {
            if found.inline || id.is_some() {
                inlines.push(Inline::Anchor(found.id));
            } else {
                id = Some(found.id);
            }
        }
        inlines.extend(done.inlines);
        let blocks = shape::paragraph(inlines);
        let context = self.context.clone();
        self.adopt(blocks, id, &context);
    }

    /// Adds a block that holds no others.
    pub fn block(&mut self, kind: BlockKind) {
        let id = self.take_id();
        let context = self.context.clone();
        self.adopt(vec![kind.into()], id, &context);
    }

    /// The first id that waits; the others wait for what is within.
    fn take_id(&mut self) -> Option<String> {
        if self.ids.is_empty() { None } else { Some(self.ids.remove(0).id) }
    }

    /// Adds blocks made in `context` to the innermost frame; the first one bears `id`.
    fn adopt(&mut self, blocks: Vec<Block>, mut id: Option<String>, context: &Context) {
        let top = self.top();
        for mut block in blocks {
            block.id = block.id.or_else(|| id.take());
            if context.lang != top.context.lang {
                block.lang = block.lang.or_else(|| context.lang.clone());
            }
            if context.dir != top.context.dir {
                block.dir = block.dir.or(context.dir);
            }
            match &mut top.kind {
                Kind::List { items, .. } => match items.last_mut() {
                    Some(item) => item.push(block),
                    None => items.push(vec![block]),
                },
                _ => top.blocks.push(block),
            }
        }
    }

    /// Enters an element; `outer` is the context to go back to after it, if it changed.
    pub fn enter(&mut self, close: Close, outer: Option<Context>) {
        self.open.push((close, outer));
    }

    /// Begins a frame within the styles that are open.
    pub fn frame(&mut self, kind: Kind) {
        self.count_wraps();
        let wraps = self.top().line.wraps();
        // An item or cell has no language of its own: what is in it has.
        let context = match kind {
            Kind::Item | Kind::Cell { .. } => self.top().context.clone(),
            _ => self.context.clone(),
        };
        let takes_id = !matches!(kind, Kind::Item | Kind::Cell { .. } | Kind::Caption);
        let mut frame = Frame::new(kind, context, Line::new(wraps));
        if takes_id {
            frame.id = self.take_id();
        }
        self.frames.push(frame);
    }

    /// The element entered last ends.
    pub fn close(&mut self) {
        let Some((close, outer)) = self.open.pop() else { return };
        match close {
            Close::Wraps(count) => self.unwrap(count),
            Close::Paragraph(count) => {
                self.boundary();
                self.unwrap(count);
            }
            Close::Frame => self.close_frame(),
            Close::Head => {
                if let Kind::Table(rows) = &mut self.top().kind {
                    rows.head = false;
                }
            }
            Close::Code => {
                if let Mode::Code(lang, text) = std::mem::replace(&mut self.mode, Mode::Flow) {
                    let text = nfc(text.trim_end()).into_owned();
                    if !text.trim().is_empty() {
                        self.block(BlockKind::Code { lang, text });
                    }
                }
            }
            Close::Media => {
                if let Mode::Media(media) = std::mem::replace(&mut self.mode, Mode::Flow)
                    && !media.sources.is_empty()
                {
                    self.block(BlockKind::Media(media));
                }
            }
        }
        if let Some(outer) = outer {
            self.context = outer;
        }
    }

    fn unwrap(&mut self, count: usize) {
        for _ in 0..count {
            self.top().line.close();
        }
    }

    fn close_frame(&mut self) {
        let (mut line, mut credit) = (Vec::new(), Vec::new());
        if self.top().is_line() {
            let done = self.top().line.take();
            line.extend(done.ids.into_iter().map(|found| Inline::Anchor(found.id)));
            line.extend(done.inlines);
            credit = done.cite;
        } else {
            self.boundary();
        }
        let Some(frame) = self.frames.pop() else { return };
        let Frame { kind, context, id, mut blocks, caption, .. } = frame;
        let parent = self.top();
        match kind {
            Kind::Root => {}
            Kind::Caption => {
                parent.caption.extend(line);
                parent.credit.extend(credit);
            }
            Kind::Item => {
                if let Kind::List { items, .. } = &mut parent.kind
                    && !blocks.is_empty()
                {
                    items.push(std::mem::take(&mut blocks));
                }
            }
            Kind::Cell { kind, header, colspan, rowspan } => {
                if let Kind::Table(table) = &mut parent.kind
                    && let Some(row) = table.rows.last_mut()
                {
                    let blocks = std::mem::take(&mut blocks);
                    let guess = match header {
                        false => CellKind::Data,
                        true if row.head || !row.cells.is_empty() => CellKind::ColumnHeader,
                        true => CellKind::RowHeader,
                    };
                    let kind = kind.unwrap_or(guess);
                    row.cells.push(Cell { kind, colspan, rowspan, blocks });
                }
            }
            Kind::Heading(_) if line.is_empty() => {}
            Kind::Heading(level) => blocks.push(BlockKind::Heading { level, inlines: line }.into()),
            Kind::List { items, .. } if items.is_empty() => {}
            Kind::List { marker, start, items } => {
                blocks.push(BlockKind::List { marker, start, items }.into());
            }
            Kind::Quote => blocks = shape::quote(blocks, caption),
            Kind::Details => blocks = shape::details(caption, blocks),
            Kind::Table(rows) => blocks.extend(shape::table(rows, caption)),
            Kind::Figure => blocks = shape::figure(blocks, caption, frame.credit),
        }
        self.adopt(blocks, id, &context);
    }

    /// Ends everything that is open.
    pub fn finish(mut self) -> Content {
        let full = self.is_full();
        while !self.open.is_empty() {
            self.close();
        }
        self.boundary();
        let mut blocks = self.root.blocks;
        tidy::tidy(&mut blocks);
        if full {
            blocks.push(BlockKind::Truncated.into());
        }
        Content { blocks, problems: self.problems }
    }
}
