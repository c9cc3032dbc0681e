//! What of a thread shows: folded branches, long runs of replies, deep branches, what a reader looks for.

use std::collections::BTreeMap;

use super::{Row, Store, store::NodeId};
use crate::{
    fold::fold,
    lang::Lang,
    model::{Badge, BodyFormat, Comment, CommentState},
};

/// More replies to one comment than this are a run, of which the first [`RUN_SHOWN`] show until the reader
/// asks for the others.
pub const RUN: usize = 50;
/// How many of a run show.
pub const RUN_SHOWN: usize = 40;
/// What is deeper than this below the first row shows in a view of its own.
pub const DEEPEST: usize = 24;

/// What a reader looks for. Where nothing is set all comments show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only what who wrote the article says.
    pub author: bool,
    /// Only what is in this language.
    pub lang: Option<Lang>,
    /// Only where these words stand, typed in any way, in the name or the text.
    pub words: String,
}

impl Filter {
    /// Whether all comments show.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What stands below a row, in place of rows that do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rest {
    /// So many more rows of the run of replies to this comment.
    Run(NodeId, usize),
    /// So many rows below the row, too deep to show here.
    Deep(usize),
}

/// What shows of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scene {
    /// Whether each row shows, in the order of [`Store::rows`].
    pub shown: Vec<bool>,
    /// What stands below these rows: few, and asked for by every row.
    pub rests: BTreeMap<NodeId, Rest>,
}

impl Scene {
    /// The rows that show.
    pub fn rows<'a>(&'a self, store: &'a Store) -> impl DoubleEndedIterator<Item = Row> + 'a {
        let rows = store.rows().iter().zip(&self.shown);
        rows.filter(|(_, shown)| **shown).map(|(row, _)| *row)
    }
}

impl Store {
    /// The rows that are not below a collapsed one.
    pub fn visible(&self) -> impl Iterator<Item = Row> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let row = *self.rows.get(next)?;
            next += 1 + if self.is_collapsed(row.node) { row.below } else { 0 };
            Some(row)
        })
    }

    /// What shows: of the whole thread, or of the branch from `root` on, where comments are as `keeps` says.
    pub fn scene(&self, root: Option<NodeId>, keeps: Option<&dyn Fn(NodeId) -> bool>) -> Scene {
        let mut scene = Scene { shown: vec![false; self.rows.len()], rests: BTreeMap::new() };
        let root = root.and_then(|root| Some((self.place(root)?, self.row(root)?)));
        let (start, end, floor) = match root {
            Some((place, row)) => (place, place + 1 + row.below, row.depth),
            None => (0, self.rows.len(), 0),
        };
        // Where runs are cut: the first row that does not show, with the comment they answer.
        let mut cuts: BTreeMap<usize, (NodeId, usize)> = BTreeMap::new();
        let mut place = start;
        let mut last = None;
        while place < end {
            let Some(row) = self.rows.get(place).copied() else { break };
            if let Some(keeps) = keeps {
                if let Some(shown) = scene.shown.get_mut(place) {
                    *shown = keeps(row.node);
                }
                place += 1;
                continue;
            }
            if let Some((parent, after)) = cuts.get(&place) {
                if let Some(last) = last {
                    scene.rests.insert(last, Rest::Run(*parent, after - place));
                }
                place = *after;
                continue;
            }
            if let Some(shown) = scene.shown.get_mut(place) {
                *shown = true;
            }
            last = Some(row.node);
            if self.is_collapsed(row.node) {
                place += 1 + row.below;
                continue;
            }
            if row.below > 0 && row.depth >= floor + DEEPEST {
                scene.rests.insert(row.node, Rest::Deep(row.below));
                place += 1 + row.below;
                continue;
            }
            if let Some(cut) = self.run_cut(row.node).and_then(|reply| self.place(reply)) {
                cuts.insert(cut, (row.node, place + 1 + row.below));
            }
            place += 1;
        }
        scene
    }

    /// The first reply that does not show because there are many.
    fn run_cut(&self, node: NodeId) -> Option<NodeId> {
        let replies = self.replies(node);
        let is_cut = replies.len() > RUN && !self.unrolled.contains(&node);
        replies.get(RUN_SHOWN).copied().filter(|_| is_cut)
    }

    /// Whether what is below it is folded away.
    pub fn is_collapsed(&self, node: NodeId) -> bool {
        self.collapsed.contains(&node)
    }

    /// Folds away what is below it, or shows it again.
    pub fn collapse(&mut self, node: NodeId, collapsed: bool) {
        let changed =
            if collapsed { self.collapsed.insert(node) } else { self.collapsed.remove(&node) };
        if changed {
            self.changes.folds = true;
            self.changes.nodes.push(node);
        }
    }

    /// Folds away all replies, or shows them all again.
    pub fn collapse_all(&mut self, collapsed: bool) {
        let tops: Vec<NodeId> = if collapsed {
            self.tops.iter().copied().filter(|top| !self.replies(*top).is_empty()).collect()
        } else {
            self.collapsed.iter().copied().collect()
        };
        for node in tops {
            self.collapse(node, collapsed);
        }
    }

    /// Shows the whole run of replies to a comment, or only the first ones again.
    pub fn unroll(&mut self, node: NodeId, unrolled: bool) {
        let changed =
            if unrolled { self.unrolled.insert(node) } else { self.unrolled.remove(&node) };
        self.changes.folds |= changed;
    }

    /// Shows a comment by unfolding all that is above it.
    pub fn reveal(&mut self, node: NodeId) {
        let mut here = node;
        while let Some(above) = self.parent(here) {
            self.collapse(above, false);
            let is_late = self.replies(above).iter().skip(RUN_SHOWN).any(|reply| *reply == here);
            if is_late {
                self.unroll(above, true);
            }
            here = above;
        }
    }

    /// The comment from which on a comment shows in a view of its own; `None` where it shows among all.
    pub fn branch_of(&self, node: NodeId) -> Option<NodeId> {
        let depth = self.row(node)?.depth;
        let up = depth % DEEPEST;
        let up = if up == 0 { DEEPEST } else { up };
        (depth > DEEPEST)
            .then(|| std::iter::successors(Some(node), |node| self.parent(*node)).nth(up))?
    }
}

/// Whether a comment is what `filter` looks for; `words` are those of the filter, folded.
pub fn matches(filter: &Filter, words: &[String], comment: &Comment) -> bool {
    if comment.state == CommentState::Deleted || filter.author && comment.badge != Badge::Author {
        return false;
    }
    let lang = filter.lang.as_ref().map(Lang::primary);
    if lang.is_some() && lang != comment.lang.as_ref().map(Lang::primary) {
        return false;
    }
    words.is_empty() || {
        let text = key(comment);
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

/// The words of a search, folded.
pub fn words(query: &str) -> Vec<String> {
    fold(query).split_whitespace().map(str::to_owned).collect()
}

/// The name and the text of a comment, folded for search.
pub fn key(comment: &Comment) -> String {
    let text = comment.body.as_ref().map(|body| match body.format {
        BodyFormat::Html => bare(&body.value),
        BodyFormat::Text | BodyFormat::Markdown => body.value.clone(),
    });
    fold(&[comment.author.as_str(), " ", text.as_deref().unwrap_or_default()].concat())
}

/// HTML without its tags, with the characters that HTML cannot write as they are: enough to search in.
fn bare(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, plain)| text.replace(entity, plain))
}

/// The language of a comment: the backend's word for it, or what its script leaves no doubt of.
pub fn lang_of(comment: &Comment) -> Option<Lang> {
    if comment.lang.is_some() {
        return comment.lang.clone();
    }
    let body = comment.body.as_ref()?;
    let letters = || body.value.chars().filter(|c| c.is_alphabetic());
    // A quoted word is not the language of the text: half of the letters, at least.
    let half = |is: fn(char) -> bool| {
        let of = letters().filter(|c| is(*c)).count();
        of > 0 && of * 2 >= letters().count()
    };
    let is_hangul = |c| matches!(c, '\u{AC00}'..='\u{D7A3}');
    let is_japanese = |c| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{4E00}'..='\u{9FFF}');
    let has_kana = letters().any(|c| matches!(c, '\u{3041}'..='\u{30FF}'));
    if half(is_hangul) {
        Lang::parse("ko")
    } else if has_kana && half(is_japanese) {
        Lang::parse("ja")
    } else {
        None
    }
}
