//! Who is addressed in a comment: `@name` of somebody in the thread becomes a link to what they wrote.

use super::{
    blocks::{Block, each_line},
    inlines::{Inline, Style},
    url::Href,
};
use crate::fold::{is_hangul, is_ideograph};

/// Characters a name may have to be found.
const LONGEST: usize = 40;
/// Names looked for in one body.
const MOST: usize = 50;

/// Makes links of the names that `find` knows, where an `@` stands before them. `find` gives the `id` of
/// the element to lead to. The longest name that is known counts: `@Nguyễn Văn An` is not Nguyễn.
pub fn link_people(blocks: &mut [Block], find: &dyn Fn(&str) -> Option<String>) {
    let mut left = MOST;
    each_line(blocks, &mut |line| address(line, find, &mut left));
}

fn address(line: &mut Vec<Inline>, find: &dyn Fn(&str) -> Option<String>, left: &mut usize) {
    let mut out = Vec::with_capacity(line.len());
    for mut inline in std::mem::take(line) {
        match inline {
            Inline::Text(text) if text.contains('@') => split(&text, find, left, &mut out),
            // A link holds no link, and code is for machines.
            Inline::Link { .. } | Inline::Styled(Style::Code, _) => out.push(inline),
            _ => {
                if let Some(within) = inline.children_mut() {
                    address(within, find, left);
                }
                out.push(inline);
            }
        }
    }
    *line = out;
}

fn split(
    text: &str,
    find: &dyn Fn(&str) -> Option<String>,
    left: &mut usize,
    out: &mut Vec<Inline>,
) {
    let mut from = 0;
    let mut seen = 0;
    while *left > 0
        && let Some(found) = text.get(seen..).and_then(|rest| rest.find('@'))
    {
        let at = seen + found;
        seen = at + 1;
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        // An address of mail addresses nobody here.
        if before.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric()) {
            continue;
        }
        *left -= 1;
        let ends = after.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST);
        let ends: Vec<usize> = ends.collect();
        let known = ends.into_iter().rev().find_map(|end| {
            let (name, rest) = after.split_at_checked(end)?;
            is_whole(name, rest).then(|| Some((name, find(name)?)))?
        });
        let Some((name, id)) = known else { continue };
        let passed = text.get(from..at).unwrap_or_default();
        if !passed.is_empty() {
            out.push(Inline::Text(passed.to_owned()));
        }
        let inlines = vec![Inline::Text(["@", name].concat())];
        out.push(Inline::Link { href: Href::Anchor(id), hreflang: None, inlines });
        seen = at + 1 + name.len();
        from = seen;
    }
    let passed = text.get(from..).unwrap_or_default();
    if !passed.is_empty() {
        out.push(Inline::Text(passed.to_owned()));
    }
}

/// Whether a name may end here: not within a word, in scripts that part words.
fn is_whole(name: &str, rest: &str) -> bool {
    let last = name.chars().next_back();
    let goes_on = rest.chars().next().is_some_and(char::is_alphanumeric);
    let parts = last.is_some_and(|c| !is_ideograph(c) && !is_hangul(c) && c.is_alphanumeric());
    !(goes_on && parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{BlockKind, from_markdown};

    fn linked(text: &str) -> Vec<String> {
        let mut blocks = from_markdown(text).blocks;
        link_people(&mut blocks, &|name| match name {
            "An" | "Nguyễn" | "Nguyễn Văn An" | "王小明" | "박서준" => {
                Some(format!("c-{name}"))
            }
            _ => None,
        });
        let mut found = Vec::new();
        for block in &blocks {
            let BlockKind::Paragraph(line) = &block.kind else { continue };
            collect(line, &mut found);
        }
        found
    }

    fn collect(line: &[Inline], found: &mut Vec<String>) {
        for inline in line {
            match inline {
                Inline::Link { href: Href::Anchor(id), .. } => found.push(id.clone()),
                other => collect(other.children(), found),
            }
        }
    }

    #[test]
    fn names_of_the_thread_are_links_the_longest_first() {
        assert_eq!(linked("@Nguyễn Văn An: đúng, và **@An**"), ["c-Nguyễn Văn An", "c-An"]);
        assert_eq!(linked("@王小明你好 @박서준님"), ["c-王小明", "c-박서준"]);
    }

    #[test]
    fn others_and_addresses_of_mail_are_not() {
        assert_eq!(linked("@Anh a@An @ An `@An` [@An](https://x.test)"), [""; 0]);
    }

    #[test]
    fn the_text_stays_as_it_was() {
        let mut blocks = from_markdown("a @An, @An! @x").blocks;
        link_people(&mut blocks, &|name| (name == "An").then(|| "c".to_owned()));
        assert_eq!(crate::content::text(&blocks), "a @An, @An! @x");
    }

    #[test]
    fn a_text_of_many_signs_is_read_once() {
        let mut blocks = from_markdown(&"@".repeat(100_000)).blocks;
        link_people(&mut blocks, &|_| None);
    }
}
