//! In the browser: what the blocks of a body are on the page.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use haidang::{
    backend::parse_html,
    i18n::msg,
    ui,
    view::{Mounted, live},
};
use haidang_engine::content::{Block, BlockKind};
use leptos::prelude::{Set, Update};
use support::{Stage, lang, messages, until};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlIFrameElement;

wasm_bindgen_test_configure!(run_in_browser);

/// Shows a body as an article does.
fn show(stage: &Stage, html: &'static str) -> Mounted {
    stage.site.address.set("vi/article/9".to_owned());
    let Stage { site, i18n, .. } = *stage;
    stage.show(|| live(move || ui::blocks(site, i18n, "", None, &parse_html(html, "").blocks)))
}

/// What a body is on a Vietnamese page.
fn printed(html: &'static str) -> String {
    let stage = Stage::new("vi");
    let _shown = show(&stage, html);
    stage.html()
}

#[wasm_bindgen_test]
fn paragraphs_headings_and_rules_are_what_they_are() {
    assert_eq!(
        printed("<p>Một <b>hai</b> ba<br>bốn</p><hr><p dir=rtl lang=en>four</p>"),
        r#"<p>Một <strong>hai</strong> ba<br>bốn</p><hr><p lang="en" dir="rtl">four</p>"#
    );
    let stage = Stage::new("vi");
    let _shown = show(&stage, "<h2 id=a>Một</h2><h3>Hai</h3><h6>Sáu</h6>");
    assert_eq!(stage.texts("h2, h3, h6"), ["Một", "Hai", "Sáu"]);
    assert_eq!(stage.attrs("h2, h3, h6", "id"), ["part-1", "part-2", "part-3"]);
}

#[wasm_bindgen_test]
fn styles_that_mean_something_stay() {
    assert_eq!(
        printed(
            "<p><code>c</code><sub>1</sub><sup>2</sup><mark>m</mark><del>d</del><q>q</q>\
             <bdi>b</bdi><abbr title='Ủy ban'>UB</abbr><time datetime=2016-12-09>nay</time></p>"
        ),
        "<p><code>c</code><sub>1</sub><sup>2</sup><mark>m</mark><del>d</del><q>q</q>\
         <bdi>b</bdi><abbr title=\"Ủy ban\">UB</abbr>\
         <time datetime=\"2016-12-09\">nay</time></p>"
    );
}

#[wasm_bindgen_test]
fn lists_keep_their_marks_and_numbers() {
    assert_eq!(
        printed("<ul><li>a<li><p>b</p><p>c</p></ul><ol start=3 type=a><li>x</ol>"),
        "<ul><li>a</li><li><p>b</p><p>c</p></li></ul><ol start=\"3\" type=\"a\"><li>x</li></ol>"
    );
}

#[wasm_bindgen_test]
fn a_quote_says_whose_it_is() {
    assert_eq!(
        printed("<blockquote><p>Lời</p><footer><cite>Ai</cite></footer></blockquote>"),
        "<blockquote><p>Lời</p><p class=\"cite\"><cite>Ai</cite></p></blockquote>"
    );
}

#[wasm_bindgen_test]
fn code_keeps_its_spaces_and_can_be_scrolled_by_keyboard_to_a_name() {
    assert_eq!(
        printed("<pre><code class=language-rust>fn a() {\n    b\n}</code></pre>"),
        "<pre role=\"group\" tabindex=\"0\" aria-label=\"Mã nguồn\" data-code=\"rust\">\
         <code>fn a() {\n    b\n}</code></pre>"
    );
}

#[wasm_bindgen_test]
fn details_fold() {
    assert_eq!(
        printed("<details><summary>Thêm</summary><p>Trong</p></details>"),
        "<details><summary>Thêm</summary><p>Trong</p></details>"
    );
}

#[wasm_bindgen_test]
fn a_table_has_headers_with_scope_and_can_be_scrolled_by_keyboard() {
    let stage = Stage::new("vi");
    let _shown = show(
        &stage,
        "<table><caption>Tàu</caption><thead><tr><th>Tên<th colspan=2>Giờ</thead>
         <tbody><tr><th>A<td>1<td rowspan=2>2<tr><th>B<td>3</tbody></table>",
    );
    let attr = |name| stage.attr("div.table", name);
    assert_eq!((attr("tabindex").as_deref(), attr("role").as_deref()), (Some("0"), Some("group")));
    assert_eq!(attr("aria-label").as_deref(), Some("Tàu"));
    assert_eq!(stage.text("table > caption"), "Tàu");
    assert_eq!(stage.attrs("thead th", "scope"), ["col", "col"]);
    assert_eq!(stage.attrs("thead th", "colspan"), ["", "2"]);
    assert_eq!(stage.attrs("tbody th", "scope"), ["row", "row"]);
    assert_eq!(stage.attrs("tbody td", "rowspan"), ["", "2", ""]);
    assert_eq!(stage.texts("tbody td"), ["1", "2", "3"]);
}

#[wasm_bindgen_test]
fn a_figure_has_its_words_and_loads_when_it_is_near() {
    let stage = Stage::new("vi");
    let _shown = show(
        &stage,
        "<figure><img src=/a.jpg alt='Cảng' width=800 height=600>
         <figcaption>Cảng chiều <small>Ảnh: An</small></figcaption></figure>",
    );
    assert_eq!(stage.attr("figure img", "alt").as_deref(), Some("Cảng"));
    assert_eq!(stage.attr("figure img", "loading").as_deref(), Some("lazy"));
    assert_eq!(stage.attr("figure img", "width").as_deref(), Some("800"));
    assert!(stage.text("figcaption").starts_with("Cảng chiều"));
}

#[wasm_bindgen_test]
async fn a_picture_that_the_reader_asks_for_has_the_focus_of_what_was_pressed() {
    let stage = Stage::apart("veiled", "vi");
    stage.site.preferences.update(|preferences| preferences.saves_data = true);
    let _shown = show(
        &stage,
        "<figure><img src='https://x.example/a.jpg' alt='Cảng'></figure>\
         <figure><a href='https://x.example/b'><img src='https://x.example/b.jpg' alt='Tàu'></a></figure>",
    );
    stage.click("figure:first-child .veiled");
    until("the picture has it", || stage.has_focus("figure:first-child img")).await;
    stage.click(".veiled");
    until("the link that it is in has it", || stage.has_focus("figure > a")).await;
}

#[wasm_bindgen_test]
fn ruby_shows_each_reading_over_its_ideographs() {
    assert_eq!(
        printed("<p><ruby>海<rt>はい</rt>防<rt>ふぉん</rt></ruby></p>"),
        "<p><ruby>海<rp>(</rp><rt>はい</rt><rp>)</rp>防<rp>(</rp><rt>ふぉん</rt><rp>)</rp></ruby></p>"
    );
}

#[wasm_bindgen_test]
fn words_in_another_language_say_so_by_the_portals_tag() {
    assert_eq!(
        printed("<p>Tên là <span lang=zh>海防</span>.</p>"),
        "<p>Tên là <span lang=\"zh-Hans\">海防</span>.</p>"
    );
}

#[wasm_bindgen_test]
fn links_lead_where_they_should_on_this_page() {
    let stage = Stage::new("vi");
    let _shown = show(
        &stage,
        "<p><a href='https://x.example/' hreflang=zh>ra</a> <a href='#muc'>mục</a>
         <a href='mailto:a@x.example'>thư</a></p><h2 id=muc>Mục</h2>",
    );
    assert_eq!(
        stage.attrs("p a", "href"),
        ["https://x.example/", "vi/article/9#body-muc", "mailto:a@x.example"]
    );
    assert_eq!(stage.attr("p a", "hreflang").as_deref(), Some("zh-Hans"));
    assert_eq!(stage.attr("p a", "rel").as_deref(), Some("noopener"));
    assert_eq!(stage.attr("h2", "id").as_deref(), Some("body-muc"));
}

#[wasm_bindgen_test]
fn footnotes_lead_there_and_back() {
    let stage = Stage::new("en");
    let _shown = show(
        &stage,
        "<p>Đây<sup id=r1><a href=#n1>1</a></sup>.</p>
         <ol><li id=n1>Chú thích <a href=#r1>↩</a></li></ol>",
    );
    let note = stage.attr("section.footnotes li", "id").expect("an id");
    let place = stage.attr("sup", "id").expect("an id");
    assert_eq!(stage.attr("sup a", "href"), Some(format!("vi/article/9#{note}")));
    assert_eq!(stage.attr("sup a", "role").as_deref(), Some("doc-noteref"));
    assert_eq!(stage.attr("li a", "href"), Some(format!("vi/article/9#{place}")));
    assert_eq!(stage.attr("li a", "aria-label"), Some(stage.words(msg::ARTICLE_FOOTNOTE_BACK)));
    assert_eq!(stage.attr("section", "aria-label"), Some(stage.words(msg::ARTICLE_FOOTNOTES)));
    assert_eq!(stage.text("li"), "Chú thích ↩");
}

#[wasm_bindgen_test]
async fn an_embed_that_the_portal_does_not_name_is_a_link() {
    let stage = Stage::new("en");
    let _shown = show(&stage, "<iframe src='https://other.example/9' title='Film'></iframe>");
    assert!(stage.find("figure.embed button").is_none());
    assert_eq!(stage.attr("figure.embed a", "href").as_deref(), Some("https://other.example/9"));
}

#[wasm_bindgen_test]
async fn an_embed_is_loaded_only_when_the_reader_asks() {
    let stage = Stage::new("en");
    let _shown =
        show(&stage, "<iframe src='https://video.example/embed/9' title='Phim cảng'></iframe>");
    assert!(stage.find("iframe").is_none());
    let ask = stage.filled(msg::ARTICLE_EMBED, &[("host", "video.example")]);
    assert_eq!(stage.text("figure.embed button"), ask);
    assert!(stage.text("figure.embed").contains("Phim cảng"));
    stage.click("figure.embed button");
    until("it is there", || stage.find("iframe").is_some()).await;
    // What was pressed is gone.
    until("it has the focus", || stage.has_focus("iframe")).await;
    assert!(stage.find("figure.embed button").is_none());
    let frame: HtmlIFrameElement = stage.one("iframe");
    assert_eq!(frame.get_attribute("src").as_deref(), Some("https://video.example/embed/9"));
    assert_eq!(frame.get_attribute("title").as_deref(), Some("Phim cảng"));
    let sandbox = frame.get_attribute("sandbox").expect("a sandbox");
    assert!(!sandbox.contains("allow-top-navigation") && !sandbox.contains("allow-forms"));
}

#[wasm_bindgen_test]
fn a_film_has_its_captions_and_does_not_load_by_itself() {
    let stage = Stage::new("vi");
    let _shown = show(
        &stage,
        "<figure><video controls poster=/p.jpg autoplay><source src=/a.mp4 type=video/mp4>
         <track kind=captions src=/a.vtt srclang=zh label=中文></video>
         <figcaption>Phim</figcaption></figure>",
    );
    let attr = |name| stage.attr("video", name);
    assert_eq!((attr("preload").as_deref(), attr("autoplay")), (Some("none"), None));
    assert_eq!((attr("controls").as_deref(), attr("poster").is_some()), (Some(""), true));
    assert_eq!(stage.attr("source", "type").as_deref(), Some("video/mp4"));
    assert_eq!(stage.attr("track", "kind").as_deref(), Some("captions"));
    assert_eq!(stage.attr("track", "srclang").as_deref(), Some("zh-Hans"));
    assert_eq!(stage.text("figcaption"), "Phim");
    assert_eq!(printed("<audio src=/a.mp3></audio>").matches("<audio").count(), 1);
}

#[wasm_bindgen_test]
async fn a_body_that_was_cut_says_so_in_the_language_of_the_page() {
    let stage = Stage::new("en");
    let (site, i18n) = (stage.site, stage.i18n);
    let cut = [Block::from(BlockKind::Truncated)];
    let _shown = stage.show(|| ui::blocks(site, i18n, "", None, &cut));
    assert_eq!(stage.text("p.note"), stage.words(msg::ARTICLE_TRUNCATED));
    i18n.speak(messages("vi"));
    let sentence = messages("vi").text(msg::ARTICLE_TRUNCATED).to_owned();
    until("it speaks Vietnamese", || stage.text("p.note") == sentence).await;
}

#[wasm_bindgen_test]
fn words_of_the_interface_within_a_body_say_their_language() {
    let html = "<table><tr><th>A<th>B<tr><td>1<td>2</table><pre>x</pre>
        <iframe src='https://video.example/9'></iframe>
        <p>Đây<sup id=r1><a href=#n1>1</a></sup>.</p>
        <ol><li id=n1>Chú <a href=#r1>↩</a></ol>";
    let ours = "div.table, pre, .embed button, .embed .hint, .footnotes, .footnotes li a";
    for (code, interface) in [("en", "en"), ("vi", "")] {
        let stage = Stage::new(code);
        let (site, i18n) = (stage.site, stage.i18n);
        let _shown = stage.show(|| {
            let lang = lang("vi");
            // As in an article, whose element bears the language of the body.
            live(move || ui::blocks(site, i18n, "", Some(&lang), &parse_html(html, "").blocks))
        });
        assert_eq!(stage.attrs(ours, "lang"), [interface; 6]);
        assert_eq!(stage.attrs("table, pre code, .footnotes ol", "lang"), ["vi"; 3]);
        let named = [msg::ARTICLE_TABLE, msg::ARTICLE_CODE].map(|name| stage.words(name));
        assert_eq!(stage.attrs("[role=group]", "aria-label"), named);
    }
}

#[wasm_bindgen_test]
fn documents_and_articles_of_a_body_are_of_its_source() {
    let stage = Stage::new("vi");
    let (site, i18n) = (stage.site, stage.i18n);
    let html = "<a data-document=d1>một</a> <a data-article=a1>hai</a>";
    let _shown = stage.show(|| ui::blocks(site, i18n, "port", None, &parse_html(html, "").blocks));
    assert_eq!(stage.attrs("a", "href"), ["vi/documents/port:d1", "vi/article/port:a1"]);
}

#[wasm_bindgen_test]
fn nothing_of_a_hostile_body_gets_on_the_page() {
    let html = printed(
        "<script>alert(1)</script><p onclick=alert(1) style='position:fixed' class=site-header>a</p>
         <a href='java\nscript:alert(1)'>b</a><img src=x onerror=alert(1)><svg onload=alert(1)></svg>
         <form action=/x><input name=q autofocus onfocus=alert(1)></form>
         <p id=content>c</p><style>*{display:none}</style><base href=//evil.example>",
    );
    for bad in
        ["alert", "script", "style", "class=", "<form", "<input", "<svg", "evil", "\"content"]
    {
        assert!(!html.contains(bad), "{bad}: {html}");
    }
    assert!(html.contains('a') && html.contains('b') && html.contains('c'));
}
