//! A text by screens: what is seen first is built first.

use std::ops::Range;

use haidang_engine::content::{Block, BlockKind, line_text};

/// A body's blocks by screens: the first fills the screen below the head of an article, and below its picture if it
/// `has_lead`; each is built in one go.
pub fn screens(blocks: &[Block], has_lead: bool) -> Vec<Range<usize>> {
    /// As many letters as a screen of text has, and more; and as there is room for below a picture.
    const SCREEN: usize = 2_000;
    const BELOW_LEAD: usize = 400;
    let first = if has_lead { BELOW_LEAD } else { SCREEN };
    // Those of East Asian scripts are twice as wide.
    let width = |text: String| -> usize {
        text.chars().map(|letter| if letter < '\u{2e80}' { 1 } else { 2 }).sum()
    };
    let mut screens: Vec<Range<usize>> = Vec::new();
    let mut letters = 0;
    for (index, block) in blocks.iter().enumerate() {
        match screens.last_mut() {
            Some(screen) if letters < if screen.start == 0 { first } else { SCREEN } => {
                screen.end = index + 1;
            }
            _ => {
                letters = 0;
                screens.push(index..index + 1);
            }
        }
        letters += match &block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading { inlines, .. } => {
                width(line_text(inlines)) + 50
            }
            _ => 500,
        };
    }
    screens
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use haidang_engine::content::from_html;

    use super::*;

    #[test]
    fn screens_hold_every_block_once() {
        assert!(screens(&[], false).is_empty());
        let body = ["<p>Một đoạn văn.</p>", "<hr>", "<h2>Cảng</h2>"].map(|block| block.repeat(90));
        let blocks = from_html(&body.concat()).blocks;
        let screens = screens(&blocks, false);
        assert!(screens.len() > 3, "{screens:?}");
        assert!(screens.iter().all(|screen| !screen.is_empty()), "{screens:?}");
        assert!(screens.into_iter().flatten().eq(0..blocks.len()));
    }

    #[test]
    fn the_first_screen_is_what_there_is_room_for() {
        let first = |paragraph: &str, has_lead| {
            let blocks = from_html(&format!("<p>{paragraph}</p>").repeat(90)).blocks;
            screens(&blocks, has_lead).first().map_or(0, Range::len)
        };
        let (latin, chinese) = ("Một đoạn văn dài. ".repeat(10), "海防港口新闻。".repeat(13));
        // Paragraphs of 180 and of 182 letters' width.
        assert_eq!((first(&latin, false), first(&latin, true)), (9, 2));
        assert_eq!((first(&chinese, false), first(&chinese, true)), (9, 2));
    }
}
