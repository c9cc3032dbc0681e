//! Blocks as plain text: for search, excerpts, counting and reading aloud.

use super::{
    blocks::{Block, BlockKind},
    inlines::Inline,
};
use crate::{
    fold::{is_hangul, is_ideograph},
    lang::Lang,
};

/// A line of text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The index of the outermost block it is in: the paragraph a reader is at.
    pub block: usize,
    /// The language, where a block says one.
    pub lang: Option<Lang>,
    /// The text: readings of ruby, footnote marks and pictures are left away, breaks are `\n`.
    pub text: String,
}

/// Every line of `blocks`, in the order a reader meets them.
pub fn lines(blocks: &[Block]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        Reader { block: index, lines: &mut lines }.block(block, None);
    }
    lines
}

/// The text of `blocks`, an empty line between paragraphs.
pub fn text(blocks: &[Block]) -> String {
    let lines: Vec<String> = lines(blocks).into_iter().map(|line| line.text).collect();
    lines.join("\n\n")
}

/// The beginning of the text in at most `most` characters, cut between words and ended by `…` if
/// there is more. Headings, captions and tables are left away.
pub fn excerpt(blocks: &[Block], most: usize) -> String {
    let mut out = String::new();
    for block in blocks {
        if let BlockKind::Paragraph(inlines) = &block.kind {
            if !out.is_empty() {
                out.push(' ');
            }
            append(inlines, &mut out);
        }
        if out.chars().nth(most).is_some() {
            break;
        }
    }
    let out = out.replace('\n', " ");
    let Some((end, _)) = out.char_indices().nth(most) else { return out };
    let head = out.get(..end).unwrap_or_default();
    let last = head.chars().next_back();
    let cut = match head.rfind(char::is_whitespace) {
        // Text without spaces is cut anywhere.
        Some(space) if !last.is_some_and(is_ideograph) => space,
        _ => last.map_or(0, |last| end - last.len_utf8()),
    };
    let head = head.get(..cut).unwrap_or_default();
    [head.trim_end_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()), "…"].concat()
}

/// How many words `text` has; in Chinese and Japanese, which write no spaces, how many characters.
pub fn words(text: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for c in text.chars() {
        let alone = is_ideograph(c);
        let word = !alone && (c.is_alphanumeric() || is_hangul(c) || (inside && is_joiner(c)));
        if alone || (word && !inside) {
            count += 1;
        }
        inside = word;
    }
    count
}

/// Within a word: an apostrophe, a hyphen, the point of a number, a combining mark.
fn is_joiner(c: char) -> bool {
    matches!(c, '\'' | '’' | '-' | '.' | ',' | '/' | '\u{300}'..='\u{36F}')
}

struct Reader<'a> {
    block: usize,
    lines: &'a mut Vec<Line>,
}

impl Reader<'_> {
    fn line(&mut self, inlines: &[Inline], lang: Option<&Lang>) {
        let mut text = String::new();
        append(inlines, &mut text);
        self.text(text, lang);
    }

    fn text(&mut self, text: String, lang: Option<&Lang>) {
        if !text.is_empty() {
            self.lines.push(Line { block: self.block, lang: lang.cloned(), text });
        }
    }

    fn blocks(&mut self, blocks: &[Block], lang: Option<&Lang>) {
        blocks.iter().for_each(|block| self.block(block, lang));
    }

    fn block(&mut self, block: &Block, outer: Option<&Lang>) {
        let lang = block.lang.as_ref().or(outer);
        match &block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading { inlines, .. } => {
                self.line(inlines, lang);
            }
            BlockKind::Figure(figure) => {
                self.line(&figure.caption, lang);
                self.line(&figure.credit, lang);
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| self.blocks(item, lang)),
            BlockKind::Quote { blocks, cite } => {
                self.blocks(blocks, lang);
                self.line(cite, lang);
            }
            BlockKind::Table(table) => {
                self.line(&table.caption, lang);
                for cell in table.head.iter().chain(&table.body).flatten() {
                    self.blocks(&cell.blocks, lang);
                }
            }
            BlockKind::Code { text, .. } => self.text(text.clone(), lang),
            BlockKind::Embed(embed) => self.line(&embed.caption, lang),
            BlockKind::Media(media) => self.line(&media.caption, lang),
            BlockKind::Details { summary, blocks } => {
                self.line(summary, lang);
                self.blocks(blocks, lang);
            }
            BlockKind::Footnotes(notes) => {
                notes.iter().for_each(|note| self.blocks(&note.blocks, lang));
            }
            BlockKind::Rule | BlockKind::Truncated => {}
        }
    }
}

/// The text of one line.
pub fn line_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    append(inlines, &mut text);
    text.replace('\n', " ")
}

/// Adds the text of a line to `out`.
pub(super) fn append(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Ruby(pairs) => pairs.iter().for_each(|pair| out.push_str(&pair.base)),
            inline => append(inline.children(), out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::from_html;

    fn body(html: &str) -> Vec<Block> {
        from_html(html).blocks
    }

    #[test]
    fn lines_come_in_reading_order_with_their_block_and_language() {
        let found = lines(&body(
            "<h2>Cảng</h2><ul><li>một<li lang=en>two</ul><blockquote><p>ba<cite>Trực ban</cite>",
        ));
        let found: Vec<_> = found
            .iter()
            .map(|line| (line.block, line.lang.as_ref().map_or("", Lang::as_str), &*line.text))
            .collect();
        assert_eq!(
            found,
            [(0, "", "Cảng"), (1, "", "một"), (1, "en", "two"), (2, "", "baTrực ban")]
        );
    }

    #[test]
    fn what_is_read_aloud_has_no_readings_and_marks() {
        let blocks = body(
            "<p><ruby>海防<rt>ハイフォン</rt></ruby>の港<sup><a href=#n id=r>1</a></sup><br>二行目</p>\
             <ol><li id=n>注<a href=#r>↩</a></ol>",
        );
        assert_eq!(text(&blocks), "海防の港\n二行目\n\n注");
    }

    #[test]
    fn an_excerpt_ends_between_words() {
        let blocks = body("<h2>Tin</h2><p>Cảng mở cửa.</p><p>Tàu vào, rồi tàu ra.</p>");
        assert_eq!(excerpt(&blocks, 100), "Cảng mở cửa. Tàu vào, rồi tàu ra.");
        assert_eq!(excerpt(&blocks, 24), "Cảng mở cửa. Tàu vào…");
        assert_eq!(excerpt(&body("<p>越南海防市的港口</p>"), 4), "越南海…");
        assert_eq!(excerpt(&[], 4), "");
    }

    #[test]
    fn words_are_counted_and_ideographs_too() {
        assert_eq!(words("Nghị quyết số 10-NQ/TU, năm 2013"), 6);
        assert_eq!(words("it’s 3.4 trillion"), 3);
        assert_eq!(words("海防の港"), 4);
        assert_eq!(words("항구 도시"), 2);
        assert_eq!(words(" – "), 0);
    }
}
