//! What becomes of odd and hostile bodies, parsed natively.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what it expects")]

mod corpus;

use std::time::{Duration, Instant};

use corpus::{cases, notation};
use haidang_engine::content::{
    Block, BlockKind, Content, Href, Inline, MAX_TEXT, from_html, from_html_at, text,
};
use proptest::prelude::*;

#[test]
fn the_corpus_becomes_the_blocks_it_says() {
    let cases = cases();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let found = notation::write(&from_html_at(&case.html, case.base()).blocks);
        if found != case.blocks {
            wrong.push_str(&format!("\n== {}\n{found}\n-- not\n{}\n", case.name, case.blocks));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Far more than any of these takes, far less than what grows with the square takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Parses in time, on a thread with as little stack as a browser gives.
fn in_time(html: String) -> Content {
    let start = Instant::now();
    let work = move || from_html(&html);
    let content = std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(work)
        .and_then(|thread| thread.join().map_err(|_| std::io::Error::other("panicked")))
        .expect("parsed");
    assert!(start.elapsed() < PATIENCE, "took {:?}", start.elapsed());
    content
}

#[test]
fn however_deep_a_body_is_nested_its_text_stays() {
    let wrappers = [
        "div",
        "blockquote",
        "ul><li",
        "b",
        "span lang=en",
        "table><tr><td",
        "x-y",
        "a href=/",
        "details",
        "figure",
        "ruby",
        "svg",
        "math",
        "font color=a",
    ];
    for open in wrappers {
        let html =
            format!("<p>before</p>{}deep{}<p>after", format!("<{open}>").repeat(10_000), "</div>");
        let content = in_time(html);
        let found = text(&content.blocks);
        let kept = if open == "svg" { "" } else { "deep" };
        assert!(found.contains("before") && found.contains(kept), "{open}: {found:.60}");
    }
}

#[test]
fn a_body_of_five_megabytes_is_cut_and_says_so() {
    let html = "<p>Cảng mở cửa lúc tám giờ sáng, <a href=/b>tàu</a> vào.</p>\n".repeat(75_000);
    assert!(html.len() > 5_000_000);
    let content = in_time(html);
    assert_eq!(content.blocks.last().map(|block| &block.kind), Some(&BlockKind::Truncated));
    assert!(text(&content.blocks).len() > 100_000);
}

#[test]
fn one_text_of_five_megabytes_is_cut_between_characters() {
    let content = in_time("港".repeat(2_000_000));
    let found = text(&content.blocks);
    assert_eq!(found.len(), MAX_TEXT / 3 * 3);
    assert_eq!(content.blocks.last().map(|block| &block.kind), Some(&BlockKind::Truncated));
}

#[test]
fn bodies_made_to_be_slow_are_not() {
    let many = |part: &str, times| part.repeat(times);
    let styles: String = (0..3_000).map(|n| format!("<b x={n}>")).collect();
    let widths: Vec<String> = (1..200_000).rev().map(|width| format!("/a {width}w,")).collect();
    for html in [
        styles.clone() + &many("<p>a", 3_000),
        many("<table>", 20_000) + "a",
        many("<table><tr><td>", 3_000) + &many("x<b>", 3_000),
        many("</p>", 200_000),
        many("<a><table>", 5_000),
        many("<select><option>", 20_000),
        many("<!-- -->", 200_000) + "<p>seen",
        format!("<p title='{}'>a", many("x", 5_000_000)),
        format!("<p {}>a", many("x=1 ", 20_000)),
        format!("<a href='{}'>a", many("javascript:", 300_000)),
        many("&amp;", 300_000),
        many("<br>", 300_000),
        many("<img src=/a.jpg>", 100_000),
        many("<sup><a href=#x id=y>1</a></sup>", 10_000)
            + "<ol>"
            + &many("<li id=x>n<a href=#y>b</a>", 10_000),
        format!("<img src=/a.jpg srcset='{}'>", widths.concat()),
        // The parser opens it again in every paragraph.
        format!("<p><b lang='{}'>a{}", many("x", 5_000_000), many("<p>a", 20_000)),
    ] {
        in_time(html);
    }
}

#[test]
fn what_many_paragraphs_are_in_is_not_kept_for_each_without_end() {
    let many = |part: &str, times| part.repeat(times);
    let long = many("a", 64 * 1024);
    let address = many("a", 4_000);
    let paragraphs = many("<p>a", 2_000);
    for html in [
        format!("<abbr title='{long}'>{paragraphs}"),
        format!("<time datetime='{long}'>{paragraphs}"),
        format!("<a data-document='{long}'>{paragraphs}"),
        format!("<div lang='vi{}'>{paragraphs}", many("-aaaaaaaa", 7_000)),
        many(&format!("<a href='/{address}'><object>"), 12) + &paragraphs,
        many(&format!("<a href='/{address}'><object>"), 12) + "<ul>" + &many("<li>a", 2_000),
        format!("<a href='/{address}'>") + &many("<img src=/a.jpg>", 10_000),
    ] {
        let kept = format!("{:?}", in_time(html.clone()).blocks).len();
        assert!(kept < 3 * MAX_TEXT, "{kept} bytes of {html:.40}");
    }
}

#[test]
fn problems_are_told_but_not_without_end() {
    let content = from_html(&"<a href=javascript:x>y</a>".repeat(1_000));
    assert_eq!(content.problems.len(), 20);
    assert_eq!(content.problems[0], "refused address \"javascript:x\"");
}

#[test]
fn demo_bodies_are_read_without_problems() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/demo/articles");
    let mut seen = 0;
    for work in std::fs::read_dir(folder).expect("the demo content").flatten() {
        for file in std::fs::read_dir(work.path()).expect("a work").flatten() {
            let path = file.path();
            if path.extension().is_some_and(|kind| kind == "html") {
                let html = std::fs::read_to_string(&path).expect("a body");
                // These stand for addresses that the server knows.
                let html = html.replace("media:", "/media/").replace("article:", "/vi/article/");
                let content = from_html(&html);
                assert_eq!(content.problems, [""; 0], "{}", path.display());
                let notes =
                    content.blocks.iter().any(|b| matches!(b.kind, BlockKind::Footnotes(_)));
                assert_eq!(notes, html.contains("footnotes"), "{}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} bodies");
}

/// Every address in `blocks`, as the notation prints it.
fn addresses(blocks: &[Block]) -> Vec<String> {
    fn of_line(line: &[Inline], out: &mut Vec<String>) {
        for inline in line {
            match inline {
                Inline::Link { href: Href::External(url) | Href::Relative(url), .. } => {
                    out.push(url.clone());
                }
                Inline::Image(image) => out.push(image.url.clone()),
                _ => {}
            }
            of_line(inline.children(), out);
        }
    }
    let mut out = Vec::new();
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(line) | BlockKind::Heading { inlines: line, .. } => {
                of_line(line, &mut out);
            }
            BlockKind::Figure(figure) => out.push(figure.image.url.clone()),
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| out.extend(addresses(item)));
            }
            BlockKind::Quote { blocks, .. } => out.extend(addresses(blocks)),
            BlockKind::Embed(embed) => out.push(embed.url.clone()),
            BlockKind::Media(media) => out.extend(media.sources.iter().map(|(url, _)| url.clone())),
            _ => {}
        }
    }
    out
}

fn has_other_scheme(url: &str) -> bool {
    // As browsers read it: ends stripped, tabs and newlines gone.
    let url: String =
        url.trim_matches(|c| c <= ' ').chars().filter(|c| !"\t\r\n".contains(*c)).collect();
    let scheme = url.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let scheme = scheme.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| !["http", "https", "mailto", "tel"].contains(&scheme.as_str()))
}

/// Tags, attributes and addresses, whole and torn.
fn html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "<(/)?(p|b|a|i|ul|li|table|tr|td|th|div|figure|figcaption|img|pre|svg|math|mi|style|script|template|ruby|rt|h[1-6]|blockquote|cite|details|summary|br|hr|iframe|video|noscript|select|ol|sup|mtext|title|xmp)( [a-z]{2,4}=\"[a-z:/#]{0,9}\"){0,2}>",
        "<(a href|img src|iframe src|source src|video src)=[ \"']?(java\t?script:|data:|https://a.b/|/c|#d|//e|\u{1}javascript:)",
        "<(p|li|sup|a) (id|href)=[#]?x>",
        "[a-zà-ỹ <>&;\"'/!-]{0,12}",
        "&(lt|gt|amp|#x0|#106|Tab|colon|nbsp);?",
        "\\PC{0,6}",
        "[\u{0}-\u{20}]{0,3}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_sent_becomes_blocks_with_safe_addresses(html in html()) {
        let content = from_html(&html);
        for url in addresses(&content.blocks) {
            prop_assert!(!has_other_scheme(&url), "{}", url);
        }
        let has_null = text(&content.blocks).contains('\0');
        prop_assert!(!has_null);
    }

    #[test]
    fn the_text_of_a_paragraph_stays_as_it_is(words in prop::collection::vec("[a-zàảãạăđêôơưỹ0-9,.!海港がン]{1,9}", 1..12)) {
        let words = words.join(" ");
        let content = from_html(&format!("<p>{words}</p>"));
        prop_assert_eq!(text(&content.blocks), haidang_engine::fold::nfc(&words));
        prop_assert_eq!(content.blocks.len(), 1);
    }

    #[test]
    fn a_tag_more_or_less_changes_no_letter(words in prop::collection::vec("[a-z]{1,6}", 1..9), tag in "(b|i|span|font|x-y|u|code|q|mark)", at in 0usize..9) {
        let mut tagged = words.clone();
        let at = at % tagged.len();
        tagged[at] = format!("<{tag}>{}</{tag}>", tagged[at]);
        let content = from_html(&tagged.join(" "));
        prop_assert_eq!(text(&content.blocks), words.join(" "));
    }
}
