//! The text of a piece of HTML, for titles and excerpts: without a parser, and without trusting it,
//! since text is all that comes out.

use crate::fold::nfc;

/// Character references that editors' software writes; all others stay as they are.
const NAMED: [(&str, &str); 46] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("deg", "°"),
    ("times", "×"),
    ("euro", "€"),
    ("pound", "£"),
    ("shy", "\u{ad}"),
    ("ensp", "\u{2002}"),
    ("emsp", "\u{2003}"),
    ("thinsp", "\u{2009}"),
    ("zwnj", "\u{200c}"),
    ("zwj", "\u{200d}"),
    ("sect", "§"),
    ("iexcl", "¡"),
    ("iquest", "¿"),
    ("plusmn", "±"),
    ("frac12", "½"),
    ("sup2", "²"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("aelig", "æ"),
    ("AElig", "Æ"),
    ("oelig", "œ"),
    ("szlig", "ß"),
    ("dstrok", "đ"),
    ("Dstrok", "Đ"),
];

/// `&agrave;` is a letter and the name of its mark.
const MARKS: [(&str, char); 8] = [
    ("grave", '\u{300}'),
    ("acute", '\u{301}'),
    ("circ", '\u{302}'),
    ("tilde", '\u{303}'),
    ("breve", '\u{306}'),
    ("uml", '\u{308}'),
    ("ring", '\u{30a}'),
    ("cedil", '\u{327}'),
];

/// What Windows-1252 has where Unicode has controls: `&#150;` means a dash (HTML, "numeric character
/// reference end state").
const WINDOWS: [(u32, char); 27] = [
    (0x80, '€'),
    (0x82, '‚'),
    (0x83, 'ƒ'),
    (0x84, '„'),
    (0x85, '…'),
    (0x86, '†'),
    (0x87, '‡'),
    (0x88, 'ˆ'),
    (0x89, '‰'),
    (0x8a, 'Š'),
    (0x8b, '‹'),
    (0x8c, 'Œ'),
    (0x8e, 'Ž'),
    (0x91, '‘'),
    (0x92, '’'),
    (0x93, '“'),
    (0x94, '”'),
    (0x95, '•'),
    (0x96, '–'),
    (0x97, '—'),
    (0x98, '˜'),
    (0x99, '™'),
    (0x9a, 'š'),
    (0x9b, '›'),
    (0x9c, 'œ'),
    (0x9e, 'ž'),
    (0x9f, 'Ÿ'),
];

/// Elements that end a word.
const BLOCKS: [&str; 16] = [
    "p",
    "br",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "tr",
    "ul",
    "ol",
    "blockquote",
];

/// The text of a piece of HTML: tags taken out, entities read, runs of spaces made one, in NFC.
///
/// A `<` that begins no tag is one, as in "3 < 4".
pub fn text(html: &str) -> String {
    let mut raw = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, here) = rest.split_at(at);
        raw.push_str(before);
        rest = match markup(here) {
            Some((text, length)) => {
                raw.push_str(&text);
                here.get(length..).unwrap_or_default()
            }
            None => {
                raw.extend(here.chars().next());
                here.get(1..).unwrap_or_default()
            }
        };
    }
    raw.push_str(rest);
    // No-break spaces stay: "7 %" shall not break.
    let words: Vec<&str> = raw
        .split(|c: char| c.is_whitespace() && c != '\u{a0}')
        .filter(|word| !word.is_empty())
        .collect();
    nfc(&words.join(" ")).into_owned()
}

/// What stands for the tag or reference that `here` begins with, and its length.
fn markup(here: &str) -> Option<(String, usize)> {
    if let Some(rest) = here.strip_prefix('&') {
        // Not beyond the next one: a text may be full of them.
        let end = rest.find([';', '&'])?;
        let name = rest.get(..end).filter(|_| rest.as_bytes().get(end) == Some(&b';'))?;
        let text = match name.strip_prefix('#') {
            Some(number) => {
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                let windows = WINDOWS.iter().find(|(from, _)| *from == code).map(|(_, c)| *c);
                windows.or_else(|| char::from_u32(code)).filter(|c| *c != '\0')?.to_string()
            }
            None => match NAMED.iter().find(|(known, _)| *known == name) {
                Some((_, text)) => (*text).to_owned(),
                None => {
                    let (letter, mark) = name.split_at_checked(1)?;
                    let (_, mark) = MARKS.iter().find(|(known, _)| *known == mark)?;
                    let is_letter = letter.bytes().all(|byte| byte.is_ascii_alphabetic());
                    is_letter.then(|| format!("{letter}{mark}"))?
                }
            },
        };
        return Some((text, name.len() + 2));
    }
    if here.starts_with("<!--") {
        let end = here.find("-->").map_or(here.len(), |end| end + 3);
        return Some((String::new(), end));
    }
    let inner = here.strip_prefix('<')?;
    let name = inner.strip_prefix('/').unwrap_or(inner);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        return None;
    }
    let name_end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let name = name.get(..name_end)?.to_ascii_lowercase();
    let end = here.find('>').map_or(here.len(), |end| end + 1);
    // What scripts and styles hold is no text.
    if matches!(name.as_str(), "script" | "style") && !inner.starts_with('/') {
        let ends = |at: &usize| {
            let own = here.get(at + "</".len()..at + "</".len() + name.len());
            own.is_some_and(|own| own.eq_ignore_ascii_case(&name))
        };
        let close = here.match_indices("</").map(|(at, _)| at).find(ends);
        return Some((String::new(), close.unwrap_or(here.len())));
    }
    let space = if BLOCKS.contains(&name.as_str()) { " " } else { "" };
    Some((space.to_owned(), end))
}

/// `text` where HTML is expected, as it is: nothing in it is markup.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_go_and_entities_are_read() {
        for (html, expected) in [
            ("Floods &#038; the new map", "Floods & the new map"),
            ("<p>It&#8217;s short &amp; plain.</p>\n", "It’s short & plain."),
            ("<p>one</p><p>two<br>three</p>", "one two three"),
            ("a<b>b</b>c", "abc"),
            ("3 < 4 && 5 > 4", "3 < 4 && 5 > 4"),
            ("&lt;b&gt; stays", "<b> stays"),
            ("R&D &unknown; &#x110;&#0;", "R&D &unknown; Đ&#0;"),
            ("7&nbsp;%  of\n it", "7\u{a0}% of it"),
            ("&#150; &#x99;", "– ™"),
            ("T&agrave;u S&oacute;ng &Dstrok;&ocirc;ng &1uml;", "Tàu Sóng Đông &1uml;"),
            ("<script>alert(1)</script>x<!-- y -->z", "xz"),
            ("cut <a href=", "cut"),
            ("e\u{302}\u{301}", "ế"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn hostile_texts_take_no_longer_than_others() {
        // Each of them takes minutes where something is looked for again and again.
        for piece in ["&", "&a", "&#1", "<", "<a", "<!--", "<script></script>", "<style>a</style>"]
        {
            let _ = text(&piece.repeat(2_000_000 / piece.len()));
        }
    }

    #[test]
    fn scripts_and_styles_end_with_their_own_name() {
        assert_eq!(text("a<SCRIPT>x</b></style></Script>b<style>y"), "ab");
    }

    proptest! {
        #[test]
        fn what_is_escaped_reads_back(plain in "[a-z<>&\"'ế]{0,20}") {
            prop_assert_eq!(text(&escape(&plain)), plain);
        }

        #[test]
        fn any_text_is_read_without_panic(html in "[<>&#;!/a-zế\\- ]{0,60}") {
            let _ = text(&html);
        }
    }
}
