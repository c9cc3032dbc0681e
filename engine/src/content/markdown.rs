//! Blocks from small Markdown, as readers write it: emphasis, links, lists, quotes, code. The browser
//! and the server read it with this one parser, so a preview is what is published.
//!
//! After CommonMark, and less than it: HTML, headings, pictures and tables are text, an end of line is
//! a break, and no mark needs space or punctuation around it that Chinese and Japanese do not write.
//! The time it takes grows with the length of the text, whatever the text is: marks that are open are
//! on a stack of at most [`MAX_OPEN`], and nothing is looked for twice.

use super::{
    Content,
    blocks::{Block, BlockKind, Marker},
    builder::MAX_TEXT,
    inlines::{Inline, Style},
    plain::address,
    url::{self, Href},
};
use crate::fold::nfc;

/// Quotes in lists in quotes: what is nested deeper is text.
const MAX_DEPTH: usize = 8;
/// Marks that may be open at once: further ones are text.
const MAX_OPEN: usize = 12;
/// Backticks that may stand together to mark code in a line.
const MAX_TICKS: usize = 8;

/// The blocks of a text in small Markdown.
pub fn from_markdown(text: &str) -> Content {
    let (text, rest) = text.split_at(text.floor_char_boundary(MAX_TEXT));
    let text = nfc(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut content = Content { blocks: blocks(&lines, 0), problems: Vec::new() };
    if !rest.is_empty() {
        content.blocks.push(BlockKind::Truncated.into());
    }
    content
}

/// What a line begins.
enum Start<'l> {
    Empty,
    /// The sign and how many of it, the language.
    Fence(char, usize, &'l str),
    Quote,
    /// Bytes to the words, the number if it is ordered.
    Item(usize, Option<&'l str>),
    Text,
}

fn start(line: &str) -> Start<'_> {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let Some(first) = text.chars().next() else { return Start::Empty };
    match first {
        '`' | '~' => {
            let rest = text.trim_start_matches(first);
            let count = text.len() - rest.len();
            if count >= 3 && !rest.contains('`') {
                return Start::Fence(first, count, rest.trim());
            }
        }
        '>' => return Start::Quote,
        '-' | '*' | '+' if text.as_bytes().get(1) == Some(&b' ') => {
            return Start::Item(indent + 2, None);
        }
        '0'..='9' => {
            let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if let Some((number, rest)) = text.split_at_checked(digits)
                && digits <= 9
                && (rest.starts_with(". ") || rest.starts_with(") "))
            {
                return Start::Item(indent + digits + 2, Some(number));
            }
        }
        _ => {}
    }
    Start::Text
}

fn blocks(lines: &[&str], depth: usize) -> Vec<Block> {
    let nests = depth < MAX_DEPTH;
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let begun = start(line);
        let is_text = match begun {
            Start::Text => true,
            Start::Quote | Start::Item(..) => !nests,
            _ => false,
        };
        rest = after;
        if is_text {
            paragraph.push(line);
            continue;
        }
        end_paragraph(&mut paragraph, &mut blocks);
        match begun {
            Start::Fence(sign, count, lang) => {
                let ends = |line: &&str| {
                    let line = line.trim();
                    line.len() >= count && line.chars().all(|c| c == sign)
                };
                let end = rest.iter().position(ends);
                let (code, after) = rest.split_at(end.unwrap_or(rest.len()));
                rest = after.get(1..).unwrap_or_default();
                let lang = lang.split_whitespace().next().map(visible);
                let text = code.iter().map(|line| visible(line)).collect::<Vec<_>>().join("\n");
                if !text.trim().is_empty() {
                    blocks.push(BlockKind::Code { lang, text }.into());
                }
            }
            Start::Quote => {
                // A line that only goes on is part of the quote, too.
                let more = rest.iter().position(|line| line.trim().is_empty());
                let (quoted, after) = rest.split_at(more.unwrap_or(rest.len()));
                rest = after;
                let inner: Vec<&str> = std::iter::once(line).chain(quoted).map(unquoted).collect();
                let inner = self::blocks(&inner, depth + 1);
                if !inner.is_empty() {
                    blocks.push(BlockKind::Quote { blocks: inner, cite: Vec::new() }.into());
                }
            }
            Start::Item(_, number) => {
                let (items, after) = list(line, rest, number.is_some(), depth);
                rest = after;
                let marker = if number.is_some() { Marker::Decimal } else { Marker::Bullet };
                let start = number.and_then(|number| number.parse().ok()).unwrap_or(1);
                blocks.push(BlockKind::List { marker, start, items }.into());
            }
            Start::Empty | Start::Text => {}
        }
    }
    end_paragraph(&mut paragraph, &mut blocks);
    blocks
}

/// A line of a quote without its sign.
fn unquoted<'l>(line: &&'l str) -> &'l str {
    let text = line.trim_start();
    text.strip_prefix('>').map_or(text, |text| text.strip_prefix(' ').unwrap_or(text))
}

/// The items of a list that begins with `line`, and what follows it.
fn list<'r, 'l>(
    line: &'l str,
    mut rest: &'r [&'l str],
    is_ordered: bool,
    depth: usize,
) -> (Vec<Vec<Block>>, &'r [&'l str]) {
    let mut items = Vec::new();
    let mut next = Some(line);
    while let Some(first) = next.take() {
        let Start::Item(column, _) = start(first) else { break };
        let mut item = vec![first.get(column..).unwrap_or_default()];
        while let Some((line, after)) = rest.split_first() {
            let text = line.trim_start();
            let indent = line.len() - text.len();
            match start(line) {
                Start::Empty => item.push(""),
                // Indented, it belongs to the item.
                _ if indent >= column.min(2) && indent > 0 => {
                    item.push(line.get(column.min(indent)..).unwrap_or(text));
                }
                Start::Item(_, number) if number.is_some() == is_ordered => {
                    next = Some(line);
                    rest = after;
                    break;
                }
                Start::Text if item.last().is_some_and(|last| !last.is_empty()) => item.push(text),
                _ => break,
            }
            rest = after;
        }
        items.push(blocks(&item, depth + 1));
    }
    (items, rest)
}

fn end_paragraph(lines: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n");
    lines.clear();
    let inlines = inlines(&text);
    if !inlines.is_empty() {
        blocks.push(BlockKind::Paragraph(inlines).into());
    }
}

/// A mark that may turn out to have an end.
struct Open {
    /// `*`, `_` or `[`.
    sign: char,
    /// How many of it.
    width: usize,
    /// The index of what stands for it until then.
    at: usize,
}

/// A line in the making.
struct Line<'t> {
    text: &'t str,
    /// Bytes read.
    at: usize,
    made: Vec<Inline>,
    open: Vec<Open>,
    /// By how many backticks: none so many stand together any more.
    unticked: [bool; MAX_TICKS + 1],
}

/// Words with what is marked in them.
fn inlines(text: &str) -> Vec<Inline> {
    let mut line =
        Line { text, at: 0, made: Vec::new(), open: Vec::new(), unticked: [false; MAX_TICKS + 1] };
    let mut before = ' ';
    while let Some(c) = line.rest().chars().next() {
        let length = line.mark(c, before).unwrap_or_else(|| {
            line.push_text(c);
            c.len_utf8()
        });
        line.at += length;
        before = text.get(..line.at).and_then(|read| read.chars().next_back()).unwrap_or(' ');
    }
    merged(line.made)
}

impl Line<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push_text(&mut self, c: char) {
        if c == '\n' {
            self.made.push(Inline::Break);
        } else if !c.is_control() {
            let is_loose = self.is_loose();
            match self.made.last_mut() {
                // What stands for an open mark is alone, so that it can be taken away.
                Some(Inline::Text(text)) if is_loose => text.push(c),
                _ => self.made.push(Inline::Text(c.to_string())),
            }
        }
    }

    /// Whether the last piece stands for no open mark.
    fn is_loose(&self) -> bool {
        self.open.last().is_none_or(|open| open.at + 1 != self.made.len())
    }

    /// Takes in what the rest begins with, if that is marked; gives its length.
    fn mark(&mut self, c: char, before: char) -> Option<usize> {
        match c {
            '\\' => {
                let escaped = self.rest().chars().nth(1).filter(char::is_ascii_punctuation)?;
                self.push_text(escaped);
                Some(2)
            }
            '`' => self.code(),
            '*' | '_' => Some(self.stress(c, before)),
            '[' => {
                self.begin('[', 1);
                Some(1)
            }
            ']' => self.link(),
            '<' => self.bracketed(),
            'h' if !before.is_ascii_alphanumeric() => {
                let address = address(self.rest())?.to_owned();
                let href = web(&address)?;
                let inlines = vec![Inline::Text(address.clone())];
                self.made.push(Inline::Link { href, hreflang: None, inlines });
                Some(address.len())
            }
            _ => None,
        }
    }

    /// A mark that may turn out to have an end; until then it is text.
    fn begin(&mut self, sign: char, width: usize) {
        if self.open.len() < MAX_OPEN {
            self.open.push(Open { sign, width, at: self.made.len() });
            self.made.push(Inline::Text(String::from(sign).repeat(width)));
        } else {
            (0..width).for_each(|_| self.push_text(sign));
        }
    }

    /// Ends the mark at `index` of those open: what has been made since is within it.
    fn end(&mut self, index: usize, wrap: impl FnOnce(Vec<Inline>) -> Inline) {
        let Some(open) = self.open.get(index) else { return };
        let within = self.made.split_off((open.at + 1).min(self.made.len()));
        self.made.truncate(open.at);
        self.open.truncate(index);
        self.made.push(wrap(merged(within)));
    }

    /// A run of stars or underscores; gives its length.
    fn stress(&mut self, sign: char, before: char) -> usize {
        let after = self.rest().trim_start_matches(sign);
        let run = self.rest().len() - after.len();
        let next = after.chars().next().unwrap_or(' ');
        // `snake_case_name` has no marks in it.
        let in_word = |c: char| sign == '_' && c.is_alphanumeric();
        let may_end = !before.is_whitespace() && !in_word(next);
        let may_begin = !next.is_whitespace() && !in_word(before);
        let mut left = run;
        while may_end && left > 0 {
            let fits = |open: &Open| {
                open.sign == sign && open.width <= left && open.at + 1 < self.made.len()
            };
            let Some(index) = self.open.iter().rposition(fits) else { break };
            let width = self.open.get(index).map_or(left, |open| open.width);
            let style = if width == 2 { Style::Strong } else { Style::Emphasis };
            self.end(index, |within| Inline::Styled(style, within));
            left -= width;
        }
        // More of them together are a line somebody drew.
        if may_begin && left <= 3 {
            while left > 0 {
                let width = left.min(2);
                self.begin(sign, width);
                left -= width;
            }
        }
        (0..left).for_each(|_| self.push_text(sign));
        run
    }

    fn code(&mut self) -> Option<usize> {
        let rest = self.rest();
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let inner = rest.get(ticks..)?;
        let literal = |line: &mut Self| {
            (0..ticks).for_each(|_| line.push_text('`'));
            Some(ticks)
        };
        if self.unticked.get(ticks).is_none_or(|none| *none) {
            return literal(self);
        }
        let mut from = 0;
        let end = loop {
            let Some(found) = inner.get(from..).and_then(|rest| rest.find('`')) else { break None };
            let at = from + found;
            let run = inner.get(at..).unwrap_or_default();
            let length = run.len() - run.trim_start_matches('`').len();
            if length == ticks {
                break Some(at);
            }
            from = at + length;
        };
        let Some(end) = end else {
            if let Some(none) = self.unticked.get_mut(ticks) {
                *none = true;
            }
            return literal(self);
        };
        let text = visible(&inner.get(..end)?.replace('\n', " "));
        self.made.push(Inline::Styled(Style::Code, vec![Inline::Text(text.trim().to_owned())]));
        Some(ticks + end + ticks)
    }

    /// `](address)` after a bracket that is open.
    fn link(&mut self) -> Option<usize> {
        let index = self.open.iter().rposition(|open| open.sign == '[')?;
        let target = self.rest().get(1..).and_then(|rest| rest.strip_prefix('('));
        let found = target.and_then(|target| {
            let mut depth = 1;
            let close = target.char_indices().find_map(|(at, c)| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    // No address: so a text of many brackets is not read again for each of them.
                    '[' | ']' | '\n' => return Some(None),
                    _ => 0,
                };
                (depth == 0).then_some(Some(at))
            })??;
            let address = target.get(..close)?.split_whitespace().next()?;
            Some((web(address.trim_start_matches('<').trim_end_matches('>'))?, close + 3))
        });
        match found {
            Some((href, length)) => {
                let is_empty = self.open.get(index).is_some_and(|o| o.at + 1 == self.made.len());
                let name = match &href {
                    Href::External(url) if is_empty => vec![Inline::Text(url.clone())],
                    _ => Vec::new(),
                };
                self.end(index, |within| {
                    let inlines = if within.is_empty() { name } else { unlinked(within) };
                    Inline::Link { href, hreflang: None, inlines }
                });
                Some(length)
            }
            None => {
                // The bracket is a bracket.
                self.open.remove(index);
                None
            }
        }
    }

    /// `<address>`, of the web or of mail.
    fn bracketed(&mut self) -> Option<usize> {
        let rest = self.rest().get(1..)?;
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))?;
        let inner = rest.get(..end).filter(|_| rest.as_bytes().get(end) == Some(&b'>'))?;
        let href = match inner.split_once('@') {
            Some((name, host)) if !inner.contains("://") => {
                let passes = !name.is_empty() && host.contains('.') && !inner.contains(':');
                passes.then(|| web(&["mailto:", inner].concat()))??
            }
            _ => web(inner)?,
        };
        let inlines = vec![Inline::Text(visible(inner))];
        self.made.push(Inline::Link { href, hreflang: None, inlines });
        Some(end + 2)
    }
}

/// An address that a reader may link to.
fn web(address: &str) -> Option<Href> {
    match url::href(address, "")? {
        Href::External(url) if !url.starts_with("tel:") => Some(Href::External(url)),
        _ => None,
    }
}

/// Pieces of text that stand side by side as one.
fn merged(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match (out.last_mut(), inline) {
            (Some(Inline::Text(text)), Inline::Text(more)) => text.push_str(&more),
            (_, inline) => out.push(inline),
        }
    }
    out
}

/// A link holds no link.
fn unlinked(inlines: Vec<Inline>) -> Vec<Inline> {
    let plain = inlines.into_iter().flat_map(|inline| match inline {
        Inline::Link { inlines, .. } => inlines,
        Inline::Styled(style, within) => vec![Inline::Styled(style, unlinked(within))],
        other => vec![other],
    });
    merged(plain.collect())
}

/// The text without what controls a terminal.
fn visible(text: &str) -> String {
    text.chars().filter(|c| *c == '\t' || !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::text;
    use proptest::prelude::*;

    /// The blocks in a short notation.
    fn short(source: &str) -> String {
        from_markdown(source).blocks.iter().map(block).collect::<Vec<_>>().join(" | ")
    }

    fn block(block: &Block) -> String {
        match &block.kind {
            BlockKind::Paragraph(inlines) => line(inlines),
            BlockKind::Quote { blocks, .. } => {
                format!("q({})", blocks.iter().map(self::block).collect::<Vec<_>>().join(" | "))
            }
            BlockKind::List { marker, start, items } => {
                let name =
                    if *marker == Marker::Bullet { "ul".into() } else { format!("ol{start}") };
                let item = |item: &Vec<Block>| {
                    item.iter().map(self::block).collect::<Vec<_>>().join(" | ")
                };
                format!("{name}({})", items.iter().map(item).collect::<Vec<_>>().join("; "))
            }
            BlockKind::Code { lang, text } => {
                format!("code:{}({text})", lang.as_deref().unwrap_or_default())
            }
            other => format!("{other:?}"),
        }
    }

    fn line(inlines: &[Inline]) -> String {
        let one = |inline: &Inline| match inline {
            Inline::Text(text) => text.clone(),
            Inline::Break => "/".to_owned(),
            Inline::Styled(Style::Emphasis, within) => format!("e({})", line(within)),
            Inline::Styled(Style::Strong, within) => format!("s({})", line(within)),
            Inline::Styled(_, within) => format!("c({})", line(within)),
            Inline::Link { href: Href::External(url), inlines, .. } => {
                format!("a({url}: {})", line(inlines))
            }
            other => format!("{other:?}"),
        };
        inlines.iter().map(one).collect()
    }

    #[test]
    fn words_are_stressed() {
        for (source, expected) in [
            ("**a** and *b*, __c__ and _d_", "s(a) and e(b), s(c) and e(d)"),
            ("*a **b** c*", "e(a s(b) c)"),
            ("***a***", "s(e(a))"),
            ("海**防**港", "海s(防)港"),
            ("「*重要*」です", "「e(重要)」です"),
            ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4"),
            ("a **b", "a **b"),
            ("*a\nb*", "e(a/b)"),
            (r"\*a\* 5 > 4", "*a* 5 > 4"),
            ("****", "****"),
        ] {
            assert_eq!(short(source), expected, "{source}");
        }
    }

    #[test]
    fn code_is_left_as_it_is() {
        for (source, expected) in [
            ("`a<b*` x*", "c(a<b*) x*"),
            ("`` a`b ``", "c(a`b)"),
            ("`a", "`a"),
            ("```rust\na < b\n\n  c\n```\nd", "code:rust(a < b\n\n  c) | d"),
            ("~~~\n*a*", "code:(*a*)"),
        ] {
            assert_eq!(short(source), expected, "{source}");
        }
    }

    #[test]
    fn links_lead_to_the_web_and_to_mail_alone() {
        for (source, expected) in [
            ("[a *b*](https://x.test/(1) \"t\")", "a(https://x.test/(1): a e(b))"),
            ("[m](mailto:a@x.test)", "a(mailto:a@x.test: m)"),
            (
                "<a@x.test> <https://x.test>",
                "a(mailto:a@x.test: a@x.test) a(https://x.test: https://x.test)",
            ),
            ("xem https://x.test/a_b_c.", "xem a(https://x.test/a_b_c: https://x.test/a_b_c)."),
            ("[](https://x.test)", "a(https://x.test: https://x.test)"),
            ("[[a](https://x.test)](https://y.test)", "a(https://y.test: a)"),
            ("![a](https://x.test)", "!a(https://x.test: a)"),
        ] {
            assert_eq!(short(source), expected, "{source}");
        }
    }

    #[test]
    fn lists_and_quotes_nest() {
        for (source, expected) in [
            ("- a\n- b\n  more\n\nc", "ul(a; b/more) | c"),
            ("3. a\n4. b", "ol3(a; b)"),
            ("- a\n  - b\n- c", "ul(a | ul(b); c)"),
            ("> a\nb\n> > c\n\nd", "q(a/b | q(c)) | d"),
            ("> - a\n> - b", "q(ul(a; b))"),
            ("a\n- b", "a | ul(b)"),
            ("-a", "-a"),
        ] {
            assert_eq!(short(source), expected, "{source}");
        }
    }

    #[test]
    fn everything_else_is_text() {
        for source in ["# a", "<b>a</b>", "<script>alert(1)</script>", "a | b", "---", "&lt;"] {
            assert_eq!(short(source), source);
        }
        assert_eq!(short(" \n\n "), "");
    }

    #[test]
    fn hostile_texts_take_no_longer_than_others() {
        // Each of them takes minutes where something is looked for again and again.
        for piece in [
            "*a ",
            "**a _b ",
            "[",
            "[a](",
            "](",
            "`a ``b ",
            "<",
            "> ",
            "- ",
            "http://",
            "((",
            "\\",
            "*[`_",
            "https://a.test/))))",
            "<a@",
            "a\n- ",
        ] {
            let source = piece.repeat(50_000 / piece.len());
            let _ = from_markdown(&source);
        }
        let ticks: String = (1..400).map(|n| ["a", &"`".repeat(n)].concat()).collect();
        let _ = from_markdown(&ticks);
        let _ = from_markdown(&["http://a.test/", &")".repeat(200_000)].concat());
    }

    fn depth(inlines: &[Inline]) -> usize {
        inlines.iter().map(|inline| 1 + depth(inline.children())).max().unwrap_or_default()
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_its_letters_stay_in_order(
            source in "[-*_`~>\\[\\]()!<0-9. \nbcdế海@\\\\]{0,120}"
        ) {
            let shown = text(&from_markdown(&source).blocks);
            let letters = |text: &str| -> String {
                text.chars().filter(|c| matches!(c, 'b'..='d' | 'ế' | '海')).collect()
            };
            // The language of code is no text; addresses that lead nowhere are.
            if !source.contains("```") && !source.contains("~~~") {
                prop_assert_eq!(letters(&shown), letters(&source));
            }
        }

        #[test]
        fn plain_words_stay_as_they_are(words in prop::collection::vec("[a-zàảãạăđêơưỹ海港&:/.]{1,8}", 1..9)) {
            let typed = words.join(" ");
            prop_assert_eq!(text(&from_markdown(&typed).blocks), nfc(&typed));
        }

        #[test]
        fn nothing_nests_without_end(source in "([*_\\[]{1,2}[ab]){0,60}([*_]{1,2}|\\]\\(https://a.test\\)){0,60}") {
            for block in from_markdown(&source).blocks {
                if let BlockKind::Paragraph(inlines) = block.kind {
                    prop_assert!(depth(&inlines) <= MAX_OPEN + 2);
                }
            }
        }
    }
}
