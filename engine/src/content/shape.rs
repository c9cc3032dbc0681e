//! What a group of parts makes: a line of pictures is figures, a figure's words belong to what it
//! shows, a table of one column is no table.

use super::{
    blocks::{Block, BlockKind, Cell, CellKind, Figure, Table},
    frame::Rows,
    inlines::Inline,
    url::Href,
};

/// A paragraph, and as figures the pictures that stand alone on a line of it.
pub(super) fn paragraph(inlines: Vec<Inline>) -> Vec<Block> {
    if !inlines.iter().any(has_picture) {
        return vec![BlockKind::Paragraph(inlines).into()];
    }
    let mut blocks = Vec::new();
    let mut words: Vec<Inline> = Vec::new();
    let mut line = Vec::new();
    for inline in inlines.into_iter().map(Some).chain([None]) {
        match inline {
            Some(inline) if !matches!(inline, Inline::Break) => line.push(inline),
            _ => {
                let mut figures = Vec::new();
                if pictures(&line, None, &mut figures) && !figures.is_empty() {
                    if !words.is_empty() {
                        blocks.push(BlockKind::Paragraph(std::mem::take(&mut words)).into());
                    }
                    blocks.append(&mut figures);
                    line.clear();
                } else if !line.is_empty() {
                    if !words.is_empty() {
                        words.push(Inline::Break);
                    }
                    words.append(&mut line);
                }
            }
        }
    }
    if !words.is_empty() {
        blocks.push(BlockKind::Paragraph(words).into());
    }
    blocks
}

fn has_picture(inline: &Inline) -> bool {
    matches!(inline, Inline::Image(_)) || inline.children().iter().any(has_picture)
}

/// Makes a figure of each picture; false if there is anything else.
fn pictures(line: &[Inline], link: Option<&Href>, figures: &mut Vec<Block>) -> bool {
    line.iter().all(|inline| match inline {
        Inline::Image(image) => {
            let (image, link) = (image.as_ref().clone(), link.cloned());
            let figure = Figure { image, link, caption: Vec::new(), credit: Vec::new() };
            figures.push(BlockKind::Figure(Box::new(figure)).into());
            true
        }
        Inline::Link { href, inlines, .. } => pictures(inlines, Some(href), figures),
        Inline::Styled(_, inlines) | Inline::Lang { inlines, .. } => {
            pictures(inlines, link, figures)
        }
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    })
}

/// What a figure shows, with its words.
pub(super) fn figure(
    mut blocks: Vec<Block>,
    caption: Vec<Inline>,
    credit: Vec<Inline>,
) -> Vec<Block> {
    let mut rest = caption;
    let mut credit = credit;
    if let [block] = blocks.as_mut_slice() {
        let place = match &mut block.kind {
            BlockKind::Figure(figure) => {
                figure.credit.append(&mut credit);
                Some(&mut figure.caption)
            }
            BlockKind::Table(table) => Some(&mut table.caption),
            BlockKind::Embed(embed) => Some(&mut embed.caption),
            BlockKind::Media(media) => Some(&mut media.caption),
            BlockKind::Quote { cite, .. } => Some(cite),
            _ => None,
        };
        if let Some(place) = place.filter(|place| place.is_empty()) {
            place.append(&mut rest);
        }
    }
    for words in [rest, credit] {
        if !words.is_empty() {
            blocks.push(BlockKind::Paragraph(words).into());
        }
    }
    blocks
}

/// Somebody's words; a source alone is just words.
pub(super) fn quote(blocks: Vec<Block>, cite: Vec<Inline>) -> Vec<Block> {
    match (blocks.is_empty(), cite.is_empty()) {
        (true, true) => Vec::new(),
        (true, false) => vec![BlockKind::Paragraph(cite).into()],
        (false, _) => vec![BlockKind::Quote { blocks, cite }.into()],
    }
}

/// Text to unfold; without a summary there is nothing to unfold it with.
pub(super) fn details(summary: Vec<Inline>, blocks: Vec<Block>) -> Vec<Block> {
    if summary.is_empty() { blocks } else { vec![BlockKind::Details { summary, blocks }.into()] }
}

/// A table, or what is in it if it has but one column or only arranges it.
pub(super) fn table(table: Rows, caption: Vec<Inline>) -> Vec<Block> {
    let mut rows = table.rows;
    rows.retain(|row| row.cells.iter().any(|cell| !cell.blocks.is_empty()));
    let heads = |cell: &Cell| cell.kind != CellKind::Data;
    let narrow = rows.iter().all(|row| row.cells.len() == 1);
    let plain =
        caption.is_empty() && !rows.iter().any(|row| row.head || row.cells.iter().any(heads));
    if table.layout || (narrow && plain) {
        let words = (!caption.is_empty()).then(|| BlockKind::Paragraph(caption).into());
        let cells = rows.into_iter().flat_map(|row| row.cells);
        return words.into_iter().chain(cells.flat_map(|cell| cell.blocks)).collect();
    }
    // Many write no `thead`: a first row of headers alone is one.
    if rows.len() > 1
        && !rows.iter().any(|row| row.head)
        && let Some(first) = rows.first_mut().filter(|row| row.cells.iter().all(heads))
    {
        first.head = true;
        first.cells.iter_mut().for_each(|cell| cell.kind = CellKind::ColumnHeader);
    }
    let mut made = Table { caption, ..Table::default() };
    for row in rows {
        let part = if row.head { &mut made.head } else { &mut made.body };
        part.push(row.cells);
    }
    vec![BlockKind::Table(made).into()]
}
