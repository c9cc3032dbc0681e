//! Documents that a text cites by number and date, as official prose does: `Nghị quyết số 10-NQ/TU
//! ngày 27/12/2013`, `Resolution 10-NQ/TU of 27-12-2013`, `决议 10-NQ/TU（27/12/2013）`.
//!
//! A number alone names several documents (every year begins at 1), so a mention is a number with a
//! date shortly after it, and it is a link only where both are those of a document.

use std::ops::Range;

use super::{
    blocks::{Block, each_line},
    inlines::{Inline, Style},
    text,
    tidy::join_text,
    url::Href,
};
use crate::{model::Citation, time::Date};

/// How far after a number its date may begin: characters.
const REACH: usize = 40;

/// A document named by number and date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The number as registers write it: plain hyphens, and `Đ` where an old font gave `Ð`.
    pub number: String,
    /// The day of issue.
    pub date: Date,
    /// The bytes of the number in the text.
    pub range: Range<usize>,
}

/// The documents that `text` names, in order.
pub fn mentions(text: &str) -> Vec<Mention> {
    let numbers = numbers(text);
    let ends = numbers.iter().skip(1).map(|next| next.start).chain([text.len()]);
    let mention = |(range, end): (&Range<usize>, usize)| {
        // What stands after the next number is the next one's date.
        let date = date_in(text.get(range.end..end)?)?;
        let number = canonical(text.get(range.clone())?);
        Some(Mention { number, date, range: range.clone() })
    };
    numbers.iter().zip(ends).filter_map(mention).collect()
}

/// The documents that `blocks` name, each once, for a register to look up.
pub fn mentions_in(blocks: &[Block]) -> Vec<(String, Date)> {
    let mut found = Vec::new();
    for line in text::lines(blocks) {
        for mention in mentions(&line.text) {
            let named = (mention.number, mention.date);
            if !found.contains(&named) {
                found.push(named);
            }
        }
    }
    found
}

/// Makes a link of every number in `blocks` that is, with its date, one of `citations`.
///
/// What is a link or code already stays; a citation without a date is linked nowhere.
pub fn link_citations(blocks: &mut [Block], citations: &[Citation]) {
    let known: Vec<(String, Date, &str)> = citations
        .iter()
        .filter_map(|citation| {
            let date = citation.date.as_deref().and_then(Date::parse)?;
            Some((canonical(&citation.number), date, citation.document.as_str()))
        })
        .collect();
    if known.is_empty() {
        return;
    }
    each_line(blocks, &mut |line| {
        let mut text = String::new();
        flatten(line, &mut text);
        let mut links = Vec::new();
        for mention in mentions(&text) {
            let same = |(number, date, _): &&(String, Date, &str)| {
                *number == mention.number && *date == mention.date
            };
            let mut documents = known.iter().filter(same).map(|(_, _, document)| *document);
            if let Some(document) = documents.next()
                && documents.all(|other| other == document)
            {
                links.push((mention.range, document));
            }
        }
        if !links.is_empty() {
            link(line, &links, &mut 0);
        }
    });
}

/// Stands for what is not looked into. As long as it is in bytes, so long it is in [`link`].
const BARRIER: char = '\n';

/// The text of a line to look for mentions in.
fn flatten(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) => out.push_str(text),
            inline if is_open(inline) => flatten(inline.children(), out),
            _ => out.push(BARRIER),
        }
    }
}

fn is_open(inline: &Inline) -> bool {
    match inline {
        Inline::Styled(style, _) => *style != Style::Code,
        Inline::Lang { .. } | Inline::Abbr { .. } | Inline::Time { .. } => true,
        _ => false,
    }
}

/// Puts `links` into a line whose [`flatten`]ed text begins at byte `at`, and moves `at` to its end.
fn link(line: &mut Vec<Inline>, links: &[(Range<usize>, &str)], at: &mut usize) {
    for mut inline in std::mem::take(line) {
        match &mut inline {
            Inline::Text(text) => {
                let (start, mut done) = (*at, 0);
                for (range, document) in links {
                    let within = range.start.checked_sub(start).zip(range.end.checked_sub(start));
                    let Some((from, to)) = within else { continue };
                    if let (Some(before), Some(number)) = (text.get(done..from), text.get(from..to))
                    {
                        line.push(Inline::Text(before.to_owned()));
                        let inlines = vec![Inline::Text(number.to_owned())];
                        let href = Href::Document((*document).to_owned());
                        line.push(Inline::Link { href, hreflang: None, inlines });
                        done = to;
                    }
                }
                *at += text.len();
                line.push(Inline::Text(text.split_off(done)));
            }
            open if is_open(open) => {
                if let Some(children) = open.children_mut() {
                    link(children, links, at);
                }
                line.push(inline);
            }
            _ => {
                *at += BARRIER.len_utf8();
                line.push(inline);
            }
        }
    }
    line.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    join_text(line);
}

/// Where numbers of documents stand: `10-NQ/TU`, `02/2015/QĐ-UBND`.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(start) = rest.find(|c: char| c.is_ascii_digit()).map(|start| at + start)
    {
        let run = text.get(start..).unwrap_or_default();
        let length = run.find(|c| !is_of_number(c)).unwrap_or(run.len());
        let run = run.get(..length).unwrap_or_default();
        let number = run.trim_end_matches(is_dash).trim_end_matches('/');
        // Chinese, Japanese and Korean put no space between a number and a word.
        let alone = |c: Option<char>| {
            !c.is_some_and(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{10FF}' | '\u{1E00}'..='\u{1FFF}'))
        };
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let after = text.get(start + length..).and_then(|after| after.chars().next());
        if is_number(number) && alone(before) && alone(after) {
            found.push(start..start + number.len());
        }
        at = start + length;
    }
    found
}

/// Digits, perhaps a year, then the kind of act and who issued it in capitals.
fn is_number(number: &str) -> bool {
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let capitals = number.chars().filter(|c| is_capital(*c)).count();
    let parted =
        number.get(digits..).is_some_and(|rest| rest.starts_with(|c| c == '/' || is_dash(c)));
    digits <= 6 && capitals >= 2 && parted && number.contains('/') && number.len() <= 60
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || is_capital(c) || c == '/' || is_dash(c)
}

/// A capital of the Vietnamese alphabet, or what old fonts gave for `Đ`.
fn is_capital(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'Ă' | 'Â' | 'Đ' | 'Ð' | 'Ê' | 'Ô' | 'Ơ' | 'Ư')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2013}')
}

fn canonical(number: &str) -> String {
    let plain = |c| match c {
        'Ð' => 'Đ',
        c if is_dash(c) => '-',
        c => c,
    };
    number.trim().chars().map(plain).collect()
}

/// The first date in `text`, if it begins within [`REACH`]: `27/12/2013` or `27-12-2013`.
fn date_in(text: &str) -> Option<Date> {
    let reach = text.char_indices().nth(REACH).map_or(text.len(), |(end, _)| end);
    let start = text.get(..reach)?.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end =
        rest.find(|c: char| !c.is_ascii_digit() && c != '/' && c != '-').unwrap_or(rest.len());
    let written = rest.get(..end)?.trim_end_matches(['/', '-']);
    let parted = if written.contains('/') { '/' } else { '-' };
    let mut parts = written.split(parted);
    let mut number = |least: usize, most: usize| {
        let part = parts.next().filter(|part| (least..=most).contains(&part.len()))?;
        part.parse::<u32>().ok()
    };
    let (day, month, year) = (number(1, 2)?, number(1, 2)?, number(4, 4)?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(i32::try_from(year).ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{BlockKind, from_html};

    fn found(text: &str) -> Vec<(String, String)> {
        mentions(text).into_iter().map(|m| (m.number, m.date.to_string())).collect()
    }

    fn one(number: &str, date: &str) -> Vec<(String, String)> {
        vec![(number.to_owned(), date.to_owned())]
    }

    #[test]
    fn numbers_with_a_date_are_found_in_five_languages() {
        for text in [
            "Nghị quyết số 10-NQ/TU ngày 27/12/2013 của Thành ủy",
            "Nghị quyết số 10‑NQ/TU ngày 27-12-2013.",
            "Resolution No. 10-NQ/TU of 27/12/2013, which",
            "市委第10-NQ/TU号决议（27/12/2013）把",
            "決議10-NQ/TU（27/12/2013）は",
            "결의 10-NQ/TU(27/12/2013)은",
        ] {
            assert_eq!(found(text), one("10-NQ/TU", "2013-12-27"), "{text}");
        }
        let text = "Quyết định số 02/2015/QÐ-UBND ngày 9/1/2015";
        assert_eq!(found(text), one("02/2015/QĐ-UBND", "2015-01-09"));
    }

    #[test]
    fn each_number_has_its_own_date() {
        let text = "487/QĐ-UBND và 2517/QĐ-UBND ngày 22-12-2006; 45-NQ/TW ngày 24/01/2019";
        let all = [one("2517/QĐ-UBND", "2006-12-22"), one("45-NQ/TW", "2019-01-24")].concat();
        assert_eq!(found(text), all);
    }

    #[test]
    fn where_it_is_not_sure_there_is_no_mention() {
        for text in [
            "Nghị quyết số 10-NQ/TU",
            "Nghị quyết số 10-NQ/TU năm 2013",
            "10-NQ/TU ngày 31/02/2013",
            "10-NQ/TU của Thành ủy về phát triển bưu chính, viễn thông, 27/12/2013",
            "từ 3 đến 4/5, ngày 27/12/2013",
            "A10-NQ/TU ngày 27/12/2013",
            "10-NQ/TUx ngày 27/12/2013",
            "27/12/2013 và 28/12/2013",
            "10-NQ/TU ngày 27/12/20134",
            "10-NQ/TU ngày 1.000 27/12/2013",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    fn citation(number: &str, date: Option<&str>, document: &str) -> Citation {
        Citation {
            number: number.to_owned(),
            date: date.map(str::to_owned),
            document: document.to_owned(),
            title: String::new(),
        }
    }

    /// What is linked, as `document:text`.
    fn linked(html: &str, citations: &[Citation]) -> Vec<String> {
        fn links(line: &[Inline], out: &mut Vec<String>) {
            for inline in line {
                if let Inline::Link { href: Href::Document(id), inlines, .. } = inline {
                    let mut text = String::new();
                    text::append(inlines, &mut text);
                    out.push(format!("{id}:{text}"));
                }
                links(inline.children(), out);
            }
        }
        let mut blocks = from_html(html).blocks;
        let before = text::text(&blocks);
        link_citations(&mut blocks, citations);
        assert_eq!(text::text(&blocks), before, "linking leaves the text as it is");
        let mut out = Vec::new();
        for block in &blocks {
            if let BlockKind::Paragraph(line) = &block.kind {
                links(line, &mut out);
            }
        }
        out
    }

    #[test]
    fn numbers_are_linked_where_number_and_date_are_a_documents() {
        let known = [citation("10-NQ/TU", Some("2013-12-27"), "nq-10")];
        let links = |html| linked(html, &known);
        assert_eq!(links("<p>Theo 10-NQ/TU ngày 27/12/2013, và"), ["nq-10:10-NQ/TU"]);
        assert_eq!(
            links("<p><b>10-NQ/TU</b> ngày <time datetime=2013-12-27>27-12-2013</time>"),
            ["nq-10:10-NQ/TU"]
        );
        assert_eq!(links("<p>10-NQ/TU ngày 28/12/2013"), [""; 0]);
        assert_eq!(links("<p>11-NQ/TU ngày 27/12/2013"), [""; 0]);
        assert_eq!(links("<p><a href=/x>10-NQ/TU</a> ngày 27/12/2013"), [""; 0]);
        assert_eq!(links("<p><code>10-NQ/TU</code> ngày 27/12/2013"), [""; 0]);
        assert_eq!(
            links("<p>10-NQ/TU ngày 27/12/2013 <em>ă 10-NQ/TU of 27-12-2013</em> hết"),
            ["nq-10:10-NQ/TU", "nq-10:10-NQ/TU"]
        );
    }

    #[test]
    fn what_could_be_two_documents_is_not_linked() {
        let html = "<p>10-NQ/TU ngày 27/12/2013";
        let date = Some("2013-12-27");
        let two = [citation("10-NQ/TU", date, "a"), citation("10-NQ/TU", date, "b")];
        assert_eq!(linked(html, &two), [""; 0]);
        assert_eq!(linked(html, &[citation("10-NQ/TU", None, "a")]), [""; 0]);
    }

    #[test]
    fn a_register_is_asked_once_for_each_document() {
        let blocks =
            from_html("<p>10-NQ/TU ngày 27/12/2013<ul><li>10-NQ/TU of 27-12-2013</ul>").blocks;
        assert_eq!(
            mentions_in(&blocks),
            [("10-NQ/TU".to_owned(), Date { year: 2013, month: 12, day: 27 })]
        );
    }
}
