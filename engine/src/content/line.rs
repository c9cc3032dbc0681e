//! One line in the making: spaces collapse as HTML says, styles nest, and both survive where a block
//! cuts through them.

use super::{
    blocks::Dir,
    frame::Id,
    inlines::{Inline, RubyPair, Style},
    url::Href,
};
use crate::{
    fold::{is_ideograph, nfc},
    lang::Lang,
};

/// Styles nested deeper than this are left away; their text stays.
const MAX_DEPTH: usize = 16;

/// What is around some inlines.
#[derive(Clone)]
pub(super) enum Wrap {
    Styled(Style),
    Link {
        href: Href,
        hreflang: Option<Lang>,
    },
    Lang {
        lang: Option<Lang>,
        dir: Option<Dir>,
    },
    Abbr(String),
    Time(String),
    Ruby(Vec<RubyPair>),
    /// The reading of the ruby around it.
    Reading,
    /// Whose the words are, or the picture: set aside.
    Cite,
}

impl Wrap {
    /// Bytes that every line in it keeps for itself.
    fn weight(&self) -> usize {
        match self {
            Wrap::Link { href, .. } => href.as_str().len(),
            Wrap::Abbr(text) | Wrap::Time(text) => text.len(),
            _ => 0,
        }
    }
}

struct Run {
    wrap: Wrap,
    inlines: Vec<Inline>,
}

/// White space that waits for what follows it.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Space {
    None,
    Soft,
    Newline,
    Hard,
}

/// A line in the making.
pub(super) struct Line {
    inlines: Vec<Inline>,
    /// What is open, outermost first.
    runs: Vec<Run>,
    /// What a [`Wrap::Cite`] held.
    cite: Vec<Inline>,
    space: Space,
    /// Whether a break waits for what follows it.
    breaks: bool,
    last: Option<char>,
    /// Whether anything can be seen yet.
    pub started: bool,
    /// The ids that stand where the line begins.
    pub ids: Vec<Id>,
}

/// A line that is done.
pub(super) struct Done {
    pub inlines: Vec<Inline>,
    pub cite: Vec<Inline>,
    pub ids: Vec<Id>,
}

impl Line {
    /// An empty line with `wraps` open.
    pub fn new(wraps: Vec<Wrap>) -> Self {
        Self {
            inlines: Vec::new(),
            runs: wraps.into_iter().map(|wrap| Run { wrap, inlines: Vec::new() }).collect(),
            cite: Vec::new(),
            space: Space::None,
            breaks: false,
            last: None,
            started: false,
            ids: Vec::new(),
        }
    }

    /// What is open and means the same in another line.
    pub fn wraps(&self) -> Vec<Wrap> {
        let moves = |wrap: &&Wrap| !matches!(wrap, Wrap::Ruby(_) | Wrap::Reading | Wrap::Cite);
        self.runs.iter().map(|run| &run.wrap).filter(moves).cloned().collect()
    }

    /// Bytes that what is open costs each line it is in.
    pub fn weight(&self) -> usize {
        self.runs.iter().map(|run| run.wrap.weight()).sum()
    }

    /// Begins a wrap; false if there are too many, or it says what is said already.
    pub fn open(&mut self, wrap: Wrap) -> bool {
        let style = |wrap: &Wrap| if let Wrap::Styled(style) = wrap { Some(*style) } else { None };
        let said = self
            .runs
            .iter()
            .any(|run| style(&wrap).is_some_and(|own| style(&run.wrap) == Some(own)));
        let fits = self.runs.len() < MAX_DEPTH && !said;
        if fits {
            self.runs.push(Run { wrap, inlines: Vec::new() });
        }
        fits
    }

    /// Ends the wrap begun last.
    pub fn close(&mut self) {
        let Some(Run { wrap, inlines }) = self.runs.pop() else { return };
        if let Wrap::Reading = wrap
            && let Some(Run { wrap: Wrap::Ruby(pairs), inlines: base }) = self.runs.last_mut()
        {
            pairs.push(RubyPair { base: text(&std::mem::take(base)), reading: text(&inlines) });
            return;
        }
        if let Wrap::Cite = wrap {
            if !self.cite.is_empty() && !inlines.is_empty() {
                self.cite.push(Inline::Break);
            }
            self.cite.extend(inlines);
            return;
        }
        if let Wrap::Ruby(mut pairs) = wrap {
            if !inlines.is_empty() {
                pairs.push(RubyPair { base: text(&inlines), reading: String::new() });
            }
            if !pairs.is_empty() {
                self.target().push(Inline::Ruby(pairs));
            }
            return;
        }
        if inlines.is_empty() {
            return;
        }
        let inline = match wrap {
            Wrap::Styled(style) => Inline::Styled(style, inlines),
            Wrap::Link { href, hreflang } => Inline::Link { href, hreflang, inlines },
            Wrap::Lang { lang, dir } => Inline::Lang { lang, dir, inlines },
            Wrap::Abbr(title) => Inline::Abbr { title, inlines },
            Wrap::Time(datetime) => Inline::Time { datetime, inlines },
            Wrap::Reading | Wrap::Ruby(_) | Wrap::Cite => {
                self.target().extend(inlines);
                return;
            }
        };
        self.target().push(inline);
    }

    fn target(&mut self) -> &mut Vec<Inline> {
        match self.runs.last_mut() {
            Some(run) => &mut run.inlines,
            None => &mut self.inlines,
        }
    }

    /// Adds characters.
    pub fn text(&mut self, raw: &str) {
        let mut out = String::with_capacity(raw.len());
        for c in nfc(raw).chars() {
            match c {
                ' ' | '\t' | '\x0C' => self.wait(Space::Soft),
                '\n' | '\r' => self.wait(Space::Newline),
                '\u{A0}' => self.wait(Space::Hard),
                // How far a paragraph is indented is up to the view.
                '\u{3000}' if !self.started => {}
                c if c.is_control() => {}
                c => {
                    if self.breaks || self.space != Space::None {
                        self.append(&mut out);
                        self.flush(Some(c));
                    }
                    self.last = Some(c);
                    self.started = true;
                    out.push(c);
                }
            }
        }
        self.append(&mut out);
    }

    fn wait(&mut self, space: Space) {
        if self.started && !self.breaks && self.space < space {
            self.space = space;
        }
    }

    fn append(&mut self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        match self.target().last_mut() {
            Some(Inline::Text(before)) => before.push_str(text),
            _ => self.target().push(Inline::Text(text.clone())),
        }
        text.clear();
    }

    /// Puts what waits before what follows: `next`, if that is a character.
    fn flush(&mut self, next: Option<char>) {
        if std::mem::take(&mut self.breaks) {
            self.target().push(Inline::Break);
        }
        let space = match std::mem::replace(&mut self.space, Space::None) {
            Space::None => return,
            Space::Hard => "\u{A0}",
            // CSS Text 3, 4.1.3: a line of ideographs is cut anywhere in the source.
            Space::Newline if self.last.is_some_and(is_wide) && next.is_some_and(is_wide) => return,
            Space::Soft | Space::Newline => " ",
        };
        // Before a style that begins here, not in it.
        let depth = self.runs.iter().rposition(|run| !run.inlines.is_empty());
        let target = match depth.and_then(|depth| self.runs.get_mut(depth)) {
            Some(run) => &mut run.inlines,
            None => &mut self.inlines,
        };
        match target.last_mut() {
            Some(Inline::Text(before)) => before.push_str(space),
            _ => target.push(Inline::Text(space.to_owned())),
        }
    }

    /// Whether a break waits.
    pub fn is_broken(&self) -> bool {
        self.breaks
    }

    /// Ends the line within the paragraph, if anything follows.
    pub fn brk(&mut self) {
        if self.started {
            self.breaks = true;
            self.space = Space::None;
            self.last = None;
        }
    }

    /// Adds something that can be seen.
    pub fn push(&mut self, inline: Inline) {
        self.flush(None);
        self.started = true;
        self.last = None;
        self.target().push(inline);
    }

    /// Adds a place that a link can lead to.
    pub fn anchor(&mut self, id: String) {
        if !self.breaks {
            self.flush(None);
        }
        self.target().push(Inline::Anchor(id));
    }

    /// Ends the line and begins another one in the same styles.
    pub fn take(&mut self) -> Done {
        let wraps: Vec<Wrap> = self
            .runs
            .iter()
            .map(|run| match &run.wrap {
                Wrap::Ruby(_) => Wrap::Ruby(Vec::new()),
                wrap => wrap.clone(),
            })
            .collect();
        while !self.runs.is_empty() {
            self.close();
        }
        let done = std::mem::replace(self, Line::new(wraps));
        Done { inlines: done.inlines, cite: done.cite, ids: done.ids }
    }
}

fn is_wide(c: char) -> bool {
    is_ideograph(c) || matches!(c, '\u{3001}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}')
}

fn text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    super::text::append(inlines, &mut out);
    out
}
