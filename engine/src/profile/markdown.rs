//! Bodies in Markdown, as editors and readers write it, into HTML — which then goes the way of all HTML,
//! through the policy of [`crate::content`]: whatever comes out here, nothing unsafe passes there.
//!
//! What most people use of CommonMark, not all of it: no reference links, no indented code, no setext
//! headings. HTML within passes as it is.

use super::html::escape;

/// Quotes in lists in quotes: deeper ones are text.
const MAX_DEPTH: usize = 12;

/// The HTML of a text.
pub(super) fn html(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    blocks(&lines, 0, &mut out);
    out
}

/// What a line begins.
enum Start<'l> {
    Empty,
    Rule,
    /// The number of `#`, the words.
    Heading(usize, &'l str),
    /// The sign and how many of it, the language.
    Fence(&'static str, usize, &'l str),
    Quote,
    /// Columns to the words, the number if it is ordered.
    Item(usize, Option<&'l str>),
    Text,
}

fn start(line: &str) -> Start<'_> {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    if text.is_empty() {
        return Start::Empty;
    }
    let signs: String = text.split_whitespace().collect();
    if signs.len() >= 3 && ["-", "*", "_"].iter().any(|sign| signs.replace(sign, "").is_empty()) {
        return Start::Rule;
    }
    let level = text.len() - text.trim_start_matches('#').len();
    if (1..=6).contains(&level)
        && let Some(words) =
            text.get(level..).filter(|words| words.starts_with(' ') || words.is_empty())
    {
        return Start::Heading(level, words.trim().trim_end_matches('#').trim_end());
    }
    for sign in ["`", "~"] {
        let rest = text.trim_start_matches(sign);
        let count = text.len() - rest.len();
        if count >= 3 && !rest.contains('`') {
            return Start::Fence(sign, count, rest.trim());
        }
    }
    if text.starts_with('>') {
        return Start::Quote;
    }
    if let Some(rest) = text.strip_prefix(['-', '*', '+'])
        && (rest.is_empty() || rest.starts_with(' '))
    {
        return Start::Item(indent + 2, None);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if let Some((number, rest)) = text.split_at_checked(digits)
        && (1..=9).contains(&digits)
        && (rest.starts_with(". ") || rest.starts_with(") "))
    {
        return Start::Item(indent + digits + 2, Some(number));
    }
    Start::Text
}

fn blocks(lines: &[&str], depth: usize, out: &mut String) {
    let mut paragraph: Vec<&str> = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let nests = depth < MAX_DEPTH;
        let begun = start(line);
        if !matches!(begun, Start::Text) {
            end_paragraph(&mut paragraph, out);
        }
        rest = after;
        match begun {
            Start::Empty => {}
            Start::Rule => out.push_str("<hr>"),
            Start::Heading(level, words) => {
                out.push_str(&format!("<h{level}>"));
                inline(words, 0, out);
                out.push_str(&format!("</h{level}>"));
            }
            Start::Fence(sign, count, language) => {
                let fence = sign.repeat(count);
                let end = rest.iter().position(|line| line.trim().starts_with(&fence));
                let (code, after) = rest.split_at(end.unwrap_or(rest.len()));
                rest = after.get(1..).unwrap_or_default();
                let language = escape(language.split_whitespace().next().unwrap_or_default());
                out.extend(["<pre><code class=\"language-", &language, "\">"]);
                out.push_str(&escape(&code.join("\n")));
                out.push_str("</code></pre>");
            }
            Start::Quote if nests => {
                let more = rest.iter().position(|line| line.trim().is_empty());
                let (quoted, after) = rest.split_at(more.unwrap_or(rest.len()));
                rest = after;
                let inner = [line].into_iter().chain(quoted).map(|line| {
                    let line = line.trim_start();
                    line.strip_prefix('>')
                        .map_or(line, |line| line.strip_prefix(' ').unwrap_or(line))
                });
                out.push_str("<blockquote>");
                blocks(&inner.collect::<Vec<_>>(), depth + 1, out);
                out.push_str("</blockquote>");
            }
            Start::Item(_, number) if nests => rest = list(line, rest, number, depth, out),
            Start::Quote | Start::Item(..) | Start::Text => paragraph.push(line),
        }
    }
    end_paragraph(&mut paragraph, out);
}

/// A list that begins with `line`; gives what follows it.
fn list<'r, 'l>(
    line: &'l str,
    mut rest: &'r [&'l str],
    number: Option<&str>,
    depth: usize,
    out: &mut String,
) -> &'r [&'l str] {
    let name = if number.is_some() { "ol" } else { "ul" };
    match number {
        Some(number) if number != "1" => out.push_str(&format!("<ol start=\"{number}\">")),
        _ => out.extend(["<", name, ">"]),
    }
    let mut next = Some(line);
    while let Some(first) = next {
        let Start::Item(column, _) = start(first) else { break };
        let mut item = vec![first.get(column..).unwrap_or_default()];
        let (mut is_loose, mut was_empty) = (false, false);
        next = None;
        while let Some((line, after)) = rest.split_first() {
            let indent = line.len() - line.trim_start().len();
            let empty = line.trim().is_empty();
            match start(line) {
                // Indented by as much as the words of the item, it belongs to it.
                _ if empty || indent >= column => item.push(line.get(column..).unwrap_or_default()),
                Start::Item(_, other) if other.is_some() == number.is_some() => {
                    next = Some(line);
                    rest = after;
                    break;
                }
                Start::Text if item.last().is_some_and(|last| !last.trim().is_empty()) => {
                    item.push(line.trim_start());
                }
                _ => break,
            }
            // An empty line within it, not after it.
            is_loose |= was_empty && !empty;
            was_empty = empty;
            rest = after;
        }
        let mut inner = String::new();
        blocks(&item, depth + 1, &mut inner);
        if !is_loose && inner.starts_with("<p>") {
            inner = inner.replacen("<p>", "", 1).replacen("</p>", "", 1);
        }
        out.extend(["<li>", &inner, "</li>"]);
    }
    out.extend(["</", name, ">"]);
    rest
}

fn end_paragraph(lines: &mut Vec<&str>, out: &mut String) {
    if lines.is_empty() {
        return;
    }
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        // Two spaces or a backslash at its end break a line.
        let broken = line.ends_with("  ") || line.ends_with('\\');
        text.push_str(line.trim().trim_end_matches('\\'));
        if broken && index + 1 < lines.len() {
            text.push_str("<br>");
        }
    }
    lines.clear();
    out.push_str("<p>");
    inline(&text, 0, out);
    out.push_str("</p>");
}

/// The marks of stress, the longer ones first.
const STRESSES: [&str; 4] = ["**", "__", "*", "_"];

/// Words with what is marked in them.
fn inline(text: &str, depth: usize, out: &mut String) {
    let mut line = Line::new(text, depth);
    // What stands before a mark decides whether it is one: `snake_case_name` has none.
    let mut before = ' ';
    while let Some(first) = line.rest().chars().next() {
        let taken = if depth < MAX_DEPTH { line.mark(before, out) } else { None };
        // HTML within passes as it is: the policy sees to it.
        let length = taken.unwrap_or_else(|| {
            out.push(first);
            first.len_utf8()
        });
        line.at += length;
        before = text.get(..line.at).and_then(|read| read.chars().next_back()).unwrap_or(' ');
    }
}

/// A line that is being read, and what is known of the rest of it: a line may be full of marks that have no
/// end, and nothing is looked for twice.
struct Line<'t> {
    text: &'t str,
    depth: usize,
    /// Bytes read.
    at: usize,
    /// Where each bracket ends, by where it begins; 0 if nowhere.
    brackets: Vec<(usize, usize)>,
    /// By mark of stress: none ends any more.
    unended: [bool; STRESSES.len()],
    /// Up to here no `<` ends that has been read, and no space stands.
    unspaced: usize,
}

impl<'t> Line<'t> {
    fn new(text: &'t str, depth: usize) -> Self {
        let unended = [false; STRESSES.len()];
        Self { text, depth, at: 0, brackets: brackets(text), unended, unspaced: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Writes what the rest begins with, if that is marked; gives its length.
    fn mark(&mut self, before: char, out: &mut String) -> Option<usize> {
        let text = self.rest();
        match text.as_bytes().first()? {
            b'\\' => {
                let escaped = text.chars().nth(1).filter(char::is_ascii_punctuation)?;
                out.push_str(&escape(&escaped.to_string()));
                Some(2)
            }
            b'`' => {
                let inner = text.trim_start_matches('`');
                let fence = text.len() - inner.len();
                let Some(end) = inner.find(text.get(..fence)?) else {
                    // As many as the longest fence that follows may begin a code; those before do not.
                    let longest = inner.split(|c| c != '`').map(str::len).max().unwrap_or_default();
                    let literal = fence.saturating_sub(longest);
                    out.push_str(text.get(..literal)?);
                    return Some(literal);
                };
                out.extend(["<code>", &escape(inner.get(..end)?.trim()), "</code>"]);
                Some(fence + end + fence)
            }
            b'!' if text.starts_with("![") => {
                let (alt, url, length) = self.link(self.at + 1)?;
                out.extend(["<img src=\"", &escape(url), "\" alt=\"", &escape(alt), "\">"]);
                Some(length + 1)
            }
            b'[' => {
                let (words, url, length) = self.link(self.at)?;
                out.extend(["<a href=\"", &escape(url), "\">"]);
                inline(words, self.depth + 1, out);
                out.push_str("</a>");
                Some(length)
            }
            b'<' => self.address(out),
            b'*' | b'_' => (0..STRESSES.len()).find_map(|index| self.stress(index, before, out)),
            _ => None,
        }
    }

    /// `<address>`.
    fn address(&mut self, out: &mut String) -> Option<usize> {
        let inner = self.rest().get(1..)?;
        if !inner.starts_with("https://") && !inner.starts_with("http://") {
            return None;
        }
        let begin = self.at + 1;
        if self.unspaced < begin {
            let end = inner.find(|c: char| c == '>' || c.is_whitespace());
            self.unspaced = begin + end.unwrap_or(inner.len());
        }
        let inner = self.text.get(begin..self.unspaced)?;
        if self.text.as_bytes().get(self.unspaced) != Some(&b'>') {
            return None;
        }
        let url = escape(inner);
        out.extend(["<a href=\"", &url, "\">", &url, "</a>"]);
        Some(inner.len() + 2)
    }

    /// Words between two marks of stress.
    fn stress(&mut self, index: usize, before: char, out: &mut String) -> Option<usize> {
        let sign = STRESSES.get(index)?;
        let unended = self.unended.get_mut(index)?;
        let inner = self.text.get(self.at..)?.strip_prefix(sign)?;
        if *unended
            || inner.starts_with(char::is_whitespace)
            || (sign.starts_with('_') && before.is_alphanumeric())
        {
            return None;
        }
        let found = inner.match_indices(sign).find(|(at, _)| {
            let marked = inner.get(..*at).unwrap_or_default();
            let after = inner.get(at + sign.len()..).unwrap_or_default();
            let ends_word = !sign.starts_with('_') || !after.starts_with(char::is_alphanumeric);
            // `*a **b** c*`: two together end no single one.
            let alone = sign.len() == 2 || (!after.starts_with(sign) && !marked.ends_with(sign));
            !marked.is_empty() && !marked.ends_with([' ', '\\']) && ends_word && alone
        });
        *unended = found.is_none();
        let (end, _) = found?;
        let tag = if sign.len() == 2 { "strong" } else { "em" };
        out.extend(["<", tag, ">"]);
        inline(inner.get(..end)?, self.depth + 1, out);
        out.extend(["</", tag, ">"]);
        Some(end + 2 * sign.len())
    }

    /// `[words](address "title")` at `begin`: words, address, length.
    fn link(&self, begin: usize) -> Option<(&'t str, &'t str, usize)> {
        let end = self.end_of(begin)?;
        let words = self.text.get(begin + 1..end)?;
        let close = self.end_of(end + 1)?;
        let target = self.text.get(end + 1..close)?.strip_prefix('(')?;
        let address = target.split_whitespace().next().unwrap_or_default();
        let address = address.trim_start_matches('<').trim_end_matches('>');
        Some((words, address, close + 1 - begin))
    }

    /// Where the bracket at `begin` ends, if one is there and it does.
    fn end_of(&self, begin: usize) -> Option<usize> {
        let index = self.brackets.binary_search_by_key(&begin, |(begin, _)| *begin).ok()?;
        self.brackets.get(index).map(|(_, end)| *end).filter(|end| *end > 0)
    }
}

/// Where each `[` and each `(` of a text ends, by where it begins; 0 if nowhere.
fn brackets(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let (mut square, mut round) = (Vec::new(), Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        let open = match byte {
            b'[' | b']' => &mut square,
            b'(' | b')' => &mut round,
            _ => continue,
        };
        if matches!(byte, b'[' | b'(') {
            open.push(found.len());
            found.push((at, 0));
        } else if let Some((_, end)) = open.pop().and_then(|index: usize| found.get_mut(index)) {
            *end = at;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_are_told_apart() {
        for (text, expected) in [
            ("One\ntwo\n\nthree", "<p>One\ntwo</p><p>three</p>"),
            ("One  \ntwo\\\nthree", "<p>One<br>\ntwo<br>\nthree</p>"),
            ("# A #\ntext", "<h1>A</h1><p>text</p>"),
            ("#tag", "<p>#tag</p>"),
            ("---\n* * *", "<hr><hr>"),
            (
                "```rust\na < b\n\n```\nc",
                "<pre><code class=\"language-rust\">a &lt; b\n</code></pre><p>c</p>",
            ),
            (
                "> a\nb\n> > c",
                "<blockquote><p>a\nb</p><blockquote><p>c</p></blockquote></blockquote>",
            ),
            ("- a\n- b\n  more\n\nc", "<ul><li>a</li><li>b\nmore</li></ul><p>c</p>"),
            ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
            (
                "- a\n  - b\n    - c\n- d",
                "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
            ),
            ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
            ("", ""),
        ] {
            let found = html(text);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn words_are_marked() {
        for (text, expected) in [
            (
                "**a** and *b* and __c__ and _d_",
                "<strong>a</strong> and <em>b</em> and <strong>c</strong> and <em>d</em>",
            ),
            ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
            ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4"),
            ("`a<b*` x", "<code>a&lt;b*</code> x"),
            (
                "[a *b*](https://x.test/(1)?a=1&b=2 \"t\")",
                "<a href=\"https://x.test/(1)?a=1&amp;b=2\">a <em>b</em></a>",
            ),
            ("![alt \"q\"](/a.jpg)", "<img src=\"/a.jpg\" alt=\"alt &quot;q&quot;\">"),
            ("<https://x.test>", "<a href=\"https://x.test\">https://x.test</a>"),
            ("\\*a\\* 5 > 4", "*a* 5 > 4"),
            ("[not a link] (x)", "[not a link] (x)"),
            ("a **b", "a **b"),
        ] {
            assert_eq!(html(text), format!("<p>{expected}</p>"), "{text}");
        }
    }

    #[test]
    fn hostile_texts_take_no_longer_than_others() {
        // Each of them takes minutes where something is looked for again and again.
        for piece in [
            "*a ",
            "**a _b ",
            "_a __b ",
            "[",
            "![",
            "[a](",
            "[]",
            "(",
            "<",
            "<http://",
            "<http://a ",
            "`a ``b ",
            "*[`_",
            "\\",
            "> ",
            "- ",
            "a\n- ",
        ] {
            let source = piece.repeat(1_000_000 / piece.len());
            let _ = html(&source);
        }
        for (one, other) in [("[", "]"), ("`", "a"), ("[a](", ")"), ("![", "](a)"), ("*", "a ")] {
            let _ = html(&[one.repeat(400_000), other.repeat(400_000)].concat());
        }
        let ticks: String = (1..1_000).rev().map(|n| ["a", &"`".repeat(n)].concat()).collect();
        let _ = html(&ticks);
    }

    proptest! {
        #[test]
        fn any_text_is_written_without_panic(text in "[-*_`#>\\[\\]()!<0-9. \na-cế\\\\]{0,80}") {
            let _ = html(&text);
        }

        #[test]
        fn plain_words_stay(text in "[a-zế ]{1,30}") {
            let words = text.trim();
            prop_assume!(!words.is_empty());
            prop_assert_eq!(html(&text), format!("<p>{words}</p>"));
        }
    }
}
