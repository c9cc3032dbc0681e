//! The last pass over a body, when all of it is known: levels, ids, words said twice, footnotes.

use std::collections::HashSet;

use super::{
    blocks::{Block, BlockKind, each_line},
    footnotes,
    inlines::Inline,
    text,
    url::Href,
};
use crate::fold::fold;

pub(super) fn tidy(blocks: &mut Vec<Block>) {
    let mut targets = Targets::default();
    each_block(blocks, &mut |block| targets.block(block));
    each_line(blocks, &mut |line| targets.line(line));
    let mut seen = HashSet::new();
    each_block(blocks, &mut |block| {
        let linked = |id: &String| targets.linked.contains(id) && seen.insert(id.clone());
        block.id = block.id.take().filter(linked);
    });
    each_line(blocks, &mut |line| unlink(line, &targets, &mut seen));
    footnotes::recognise(blocks);
    number_headings(blocks);
    each_block(blocks, &mut |block| silence_repeated_alt(block));
}

/// Hands over every block, the outer one first.
fn each_block(blocks: &mut [Block], change: &mut dyn FnMut(&mut Block)) {
    for block in blocks {
        change(block);
        match &mut block.kind {
            BlockKind::List { items, .. } => {
                items.iter_mut().for_each(|item| each_block(item, change));
            }
            BlockKind::Quote { blocks, .. } | BlockKind::Details { blocks, .. } => {
                each_block(blocks, change);
            }
            BlockKind::Table(table) => {
                for cell in table.head.iter_mut().chain(&mut table.body).flatten() {
                    each_block(&mut cell.blocks, change);
                }
            }
            BlockKind::Footnotes(notes) => {
                notes.iter_mut().for_each(|note| each_block(&mut note.blocks, change));
            }
            _ => {}
        }
    }
}

/// Where links of the body lead within it, and where they can.
#[derive(Default)]
struct Targets {
    linked: HashSet<String>,
    there: HashSet<String>,
}

impl Targets {
    fn block(&mut self, block: &Block) {
        self.there.extend(block.id.clone());
        if let BlockKind::Figure(figure) = &block.kind
            && let Some(Href::Anchor(id)) = &figure.link
        {
            self.linked.insert(id.clone());
        }
    }

    fn line(&mut self, line: &[Inline]) {
        for inline in line {
            match inline {
                Inline::Anchor(id) => {
                    self.there.insert(id.clone());
                }
                Inline::Link { href: Href::Anchor(id), .. } => {
                    self.linked.insert(id.clone());
                }
                _ => {}
            }
            self.line(inline.children());
        }
    }
}

/// Takes away the anchors nobody links to and the links that lead nowhere; their text stays.
fn unlink(line: &mut Vec<Inline>, targets: &Targets, seen: &mut HashSet<String>) {
    for mut inline in std::mem::take(line) {
        if let Some(children) = inline.children_mut() {
            unlink(children, targets, seen);
            if children.is_empty() {
                continue;
            }
        }
        match inline {
            Inline::Anchor(id) => {
                if targets.linked.contains(&id) && seen.insert(id.clone()) {
                    line.push(Inline::Anchor(id));
                }
            }
            Inline::Link { href: Href::Anchor(id), inlines, .. }
                if !targets.there.contains(&id) =>
            {
                line.extend(inlines);
            }
            inline => line.push(inline),
        }
    }
    join_text(line);
}

/// Texts side by side are one.
pub(super) fn join_text(line: &mut Vec<Inline>) {
    line.dedup_by(|next, before| match (next, before) {
        (Inline::Text(next), Inline::Text(before)) => {
            before.push_str(next);
            true
        }
        _ => false,
    });
}

/// The highest level of a body is 2, and every heading can be linked to.
///
/// `part-3` is the third heading of every version of a work, so an address with it leads to the same
/// place in another language. An id of the body never looks like that: it begins with `body-`.
fn number_headings(blocks: &mut [Block]) {
    let mut highest = 6;
    each_block(blocks, &mut |block| {
        if let BlockKind::Heading { level, .. } = &block.kind {
            highest = highest.min(*level);
        }
    });
    let mut number = 0usize;
    each_block(blocks, &mut |block| {
        if let BlockKind::Heading { level, .. } = &mut block.kind {
            number += 1;
            *level = (*level + 2 - highest.min(*level)).min(6);
            block.id.get_or_insert_with(|| ["part-", &number.to_string()].concat());
        }
    });
}

/// A description that says what is printed below the picture would be heard twice.
fn silence_repeated_alt(block: &mut Block) {
    if let BlockKind::Figure(figure) = &mut block.kind {
        let mut caption = String::new();
        text::append(&figure.caption, &mut caption);
        let words = |text: &str| fold(text).trim_end_matches('.').to_owned();
        if !figure.image.alt.is_empty() && words(&figure.image.alt) == words(&caption) {
            figure.image.alt.clear();
        }
    }
}
