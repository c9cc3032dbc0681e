//! Blocks from plain text: comments, and bodies of backends that know no more.

use super::{
    Content,
    blocks::{Block, BlockKind},
    builder::MAX_TEXT,
    inlines::Inline,
    url::{self, Href},
};
use crate::fold::nfc;

/// The blocks of plain text: an empty line parts paragraphs, a single end of line is a break, and
/// what begins with `http://` or `https://` is a link.
pub fn from_text(text: &str) -> Content {
    let end = text.floor_char_boundary(MAX_TEXT);
    let (text, rest) = text.split_at(end);
    let text = nfc(text);
    let mut content = Content::default();
    let mut paragraph = Vec::new();
    for line in text.lines().chain([""]) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if !words.is_empty() {
            if !paragraph.is_empty() {
                paragraph.push(Inline::Break);
            }
            link_addresses(&words.join(" "), &mut paragraph);
        } else if !paragraph.is_empty() {
            let inlines = std::mem::take(&mut paragraph);
            content.blocks.push(BlockKind::Paragraph(inlines).into());
        }
    }
    if !rest.is_empty() {
        content.blocks.push(Block::from(BlockKind::Truncated));
    }
    content
}

/// Adds `text` to `line`, its addresses as links.
fn link_addresses(text: &str, line: &mut Vec<Inline>) {
    let push = |line: &mut Vec<Inline>, text: &str| {
        if !text.is_empty() {
            line.push(Inline::Text(text.chars().filter(|c| !c.is_control()).collect()));
        }
    };
    let mut rest = text;
    while let Some((start, address)) = next_address(rest) {
        let (before, after) = rest.split_at(start);
        let Some(href @ Href::External(_)) = url::href(address, "") else {
            let (first, after) = after.split_at("http".len());
            push(line, &[before, first].concat());
            rest = after;
            continue;
        };
        push(line, before);
        let inlines = vec![Inline::Text(address.to_owned())];
        line.push(Inline::Link { href, hreflang: None, inlines });
        rest = after.strip_prefix(address).unwrap_or_default();
    }
    push(line, rest);
}

/// Where the next address begins, and the address.
fn next_address(text: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("http")?;
        if let Some(address) = address(text.get(start..)?) {
            return Some((start, address));
        }
        from = start + "http".len();
    }
}

/// The address of the web that `text` begins with.
pub(super) fn address(text: &str) -> Option<&str> {
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    // Punctuation, also that of Chinese and Japanese, ends a sentence and not an address.
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '"' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF65}')
    };
    // What is longer is none, and not read to its end: a text may be full of them.
    let near = text.get(..text.floor_char_boundary(url::MAX_LENGTH + 1))?;
    let end = near.find(ends);
    if end.is_none() && near.len() < text.len() {
        return None;
    }
    let address = near.get(..end.unwrap_or(near.len()))?;
    let sentence = ['.', ',', ';', ':', '!', '?', '\'', '*', '_'];
    let mut address = address.trim_end_matches(sentence);
    // A bracket belongs to the address if it was opened in it.
    let mut unopened = address.matches(')').count().saturating_sub(address.matches('(').count());
    while unopened > 0
        && let Some(shorter) = address.strip_suffix(')')
    {
        address = shorter.trim_end_matches(sentence);
        unopened -= 1;
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::text;
    use proptest::prelude::*;

    fn links(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for block in from_text(text).blocks {
            let BlockKind::Paragraph(line) = block.kind else { continue };
            found.extend(line.into_iter().filter_map(|inline| match inline {
                Inline::Link { href: Href::External(url), .. } => Some(url),
                _ => None,
            }));
        }
        found
    }

    #[test]
    fn empty_lines_part_paragraphs_and_single_ones_break() {
        let blocks = from_text("\nmột\r\nhai  \n \n\nba <b>\n").blocks;
        assert_eq!(text(&blocks), "một\nhai\n\nba <b>");
        assert_eq!(blocks.len(), 2);
    }

    #[test]
    fn addresses_are_links_without_the_punctuation_after_them() {
        assert_eq!(links("Xem https://example.org/a?b=1."), ["https://example.org/a?b=1"]);
        assert_eq!(links("(http://example.org/a_(b)) và"), ["http://example.org/a_(b)"]);
        assert_eq!(links("(http://example.org)"), ["http://example.org"]);
        assert_eq!(links("詳しくはhttps://example.org/港。次"), ["https://example.org/港"]);
        assert_eq!(links("https://a@b.example http:// javascript:x httpx"), [""; 0]);
        assert_eq!(links("http:// https://example.org"), ["https://example.org"]);
    }

    proptest! {
        #[test]
        fn plain_words_stay_as_they_are(words in prop::collection::vec("[a-zàảãạăđêơưỹ海港<&:/.()]{1,8}", 1..9)) {
            let typed = words.join(" ");
            prop_assert_eq!(text(&from_text(&typed).blocks), crate::fold::nfc(&typed));
        }
    }
}
