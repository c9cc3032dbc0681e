//! Footnotes, told by what they do and not by what a backend calls them: a note is an item of a list
//! that links back to where a link to it stands.

use std::collections::{HashMap, HashSet};

use super::{
    blocks::{Block, BlockKind, Note, each_line},
    inlines::{Inline, Style},
    text,
    tidy::join_text,
    url::Href,
};

/// From the id of a place to the ids that stand beside the links to it.
type References = HashMap<String, HashSet<String>>;

/// What is known of the notes of a body.
#[derive(Default)]
struct Notes {
    ids: HashSet<String>,
    /// The ids of what leads to them.
    references: HashSet<String>,
}

/// Makes [`BlockKind::Footnotes`] of lists that are that, and [`Inline::FootnoteRef`]s of the links
/// to them.
pub(super) fn recognise(blocks: &mut Vec<Block>) {
    let mut references = References::new();
    each_line(blocks, &mut |line| find(line, &mut None, &mut references));
    let mut notes = Notes::default();
    for block in blocks.iter_mut() {
        if let BlockKind::List { items, .. } = &mut block.kind
            && items.iter_mut().all(|item| target(item, &references).is_some())
        {
            let items = std::mem::take(items);
            let found: Vec<Note> =
                items.into_iter().filter_map(|item| note(item, &references)).collect();
            for note in &found {
                notes.ids.insert(note.id.clone());
                notes.references.extend(note.back.iter().cloned());
            }
            block.kind = BlockKind::Footnotes(found);
        }
    }
    if notes.ids.is_empty() {
        return;
    }
    each_line(blocks, &mut |line| mark(line, &mut None, &notes));
    for block in std::mem::take(blocks) {
        let is_rule = |block: &Block| matches!(block.kind, BlockKind::Rule);
        if matches!(block.kind, BlockKind::Footnotes(_)) && blocks.last().is_some_and(is_rule) {
            // What parts the notes from the text is up to the view.
            blocks.pop();
        }
        blocks.push(block);
    }
}

/// Finds links within the body that have an id of their own; `beside` is the id just passed.
fn find(line: &[Inline], beside: &mut Option<String>, references: &mut References) {
    for inline in line {
        match inline {
            Inline::Anchor(id) => *beside = Some(id.clone()),
            Inline::Link { href: Href::Anchor(to), inlines, .. } => {
                let own = own_id(inlines).or(beside.take());
                references.entry(to.clone()).or_default().extend(own);
            }
            Inline::Styled(_, inlines) => find(inlines, beside, references),
            inline => {
                *beside = None;
                find(inline.children(), &mut None, references);
            }
        }
    }
}

fn own_id(inlines: &[Inline]) -> Option<String> {
    match inlines.first()? {
        Inline::Anchor(id) => Some(id.clone()),
        Inline::Styled(_, inlines) => own_id(inlines),
        _ => None,
    }
}

/// The id of a note and the ids of the links to it, if the item links back to one of them.
fn target<'a>(
    item: &mut [Block],
    references: &'a References,
) -> Option<(String, &'a HashSet<String>)> {
    let first = item.first()?;
    let id = match (&first.id, &first.kind) {
        (Some(id), _) => id.clone(),
        (None, BlockKind::Paragraph(line)) => own_id(line)?,
        _ => return None,
    };
    let there = references.get(&id)?;
    let mut leads_back = false;
    each_line(item, &mut |line| leads_back |= links_back(line, there));
    leads_back.then_some((id, there))
}

fn links_back(line: &[Inline], there: &HashSet<String>) -> bool {
    line.iter().any(|inline| match inline {
        Inline::Link { href: Href::Anchor(id), .. } if there.contains(id) => true,
        inline => links_back(inline.children(), there),
    })
}

/// The item as a note.
fn note(mut blocks: Vec<Block>, references: &References) -> Option<Note> {
    let (id, there) = target(&mut blocks, references)?;
    let mut back = Vec::new();
    each_line(&mut blocks, &mut |line| {
        take_links_back(line, &id, there, &mut back);
        trim(line);
    });
    let is_empty =
        |block: &Block| matches!(&block.kind, BlockKind::Paragraph(line) if line.is_empty());
    blocks.retain(|block| !is_empty(block));
    if let Some(first) = blocks.first_mut() {
        first.id = None;
    }
    Some(Note { id, back, blocks })
}

/// Takes the links to `there` out of a note, and its own id.
fn take_links_back(
    line: &mut Vec<Inline>,
    own: &str,
    there: &HashSet<String>,
    back: &mut Vec<String>,
) {
    line.retain_mut(|inline| match inline {
        Inline::Link { href: Href::Anchor(id), .. } if there.contains(id) => {
            back.push(id.clone());
            false
        }
        Inline::Anchor(id) => id != own,
        inline => match inline.children_mut() {
            Some(children) => {
                take_links_back(children, own, there, back);
                !children.is_empty()
            }
            None => true,
        },
    });
}

fn trim(line: &mut Vec<Inline>) {
    join_text(line);
    if let Some(Inline::Text(text)) = line.last_mut() {
        text.truncate(text.trim_end().len());
    }
    if let Some(Inline::Text(text)) = line.first_mut() {
        *text = text.trim_start().to_owned();
    }
    line.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
}

/// Makes references of the links to `notes`.
fn mark(line: &mut Vec<Inline>, beside: &mut Option<String>, notes: &Notes) {
    for mut inline in std::mem::take(line) {
        if let Inline::Link { href: Href::Anchor(to), inlines, .. } = &inline
            && notes.ids.contains(to)
        {
            let mut label = String::new();
            text::append(inlines, &mut label);
            let label = label.trim_matches(['[', ']', '(', ')', ' ']).to_owned();
            let id = own_id(inlines).or(beside.take());
            line.push(Inline::FootnoteRef { id, note: to.clone(), label });
            continue;
        }
        match &mut inline {
            Inline::Anchor(id) if notes.references.contains(id) => {
                *beside = Some(id.clone());
                continue;
            }
            Inline::Styled(style, inlines) => {
                mark(inlines, beside, notes);
                // A reference is raised by itself.
                if *style == Style::Sup && matches!(&**inlines, [Inline::FootnoteRef { .. }]) {
                    line.append(inlines);
                    continue;
                }
            }
            inline => {
                if let Some(children) = inline.children_mut() {
                    mark(children, &mut None, notes);
                }
            }
        }
        line.push(inline);
    }
}
