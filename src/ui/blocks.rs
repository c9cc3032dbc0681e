//! Typed blocks as elements: the only way a body gets on the page. What stands in a line is in `inlines`.

mod inlines;

use haidang_engine::{
    content::{
        Block, BlockKind, Cell, CellKind, Embed, Figure, Inline, Marker, Media, Note, Table,
        line_text, only_line,
    },
    lang::Lang,
};
use leptos::prelude::*;

use super::{picture, unveiled};
use crate::{
    i18n::{I18n, Msg, msg},
    navigation::focus_soon,
    offline::pictures::TEXT,
    site::Site,
    view::{Element, View, el, live},
};

/// The elements of a body in the language `lang` (`None`: not known) from the source `source`.
pub fn blocks(site: Site, i18n: I18n, source: &str, lang: Option<&Lang>, blocks: &[Block]) -> View {
    Writer { site, i18n, source, lang, rel: "noopener" }.blocks(blocks)
}

/// As [`blocks`], of a text that any reader may have written: its links are not the portal's word.
pub fn readers_blocks(
    site: Site,
    i18n: I18n,
    source: &str,
    lang: Option<&Lang>,
    blocks: &[Block],
) -> View {
    Writer { site, i18n, source, lang, rel: "nofollow ugc noopener" }.blocks(blocks)
}

#[derive(Clone, Copy)]
struct Writer<'a> {
    site: Site,
    i18n: I18n,
    source: &'a str,
    lang: Option<&'a Lang>,
    /// What links that lead elsewhere are.
    rel: &'static str,
}

impl Writer<'_> {
    fn blocks(self, blocks: &[Block]) -> View {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(self, block: &Block) -> View {
        let id = block.id.clone();
        // With all that any block can have.
        let whole = |tag| {
            el(tag)
                .attr("id", block.id.clone())
                .attr("lang", self.tag(block.lang.as_ref()))
                .attr("dir", block.dir.map(|dir| dir.as_str()))
        };
        let element = match &block.kind {
            BlockKind::Paragraph(inlines) => whole("p").child(self.line(inlines)),
            BlockKind::Heading { level, inlines } => {
                let tag = match level {
                    2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                };
                whole(tag).attr("aria-level", self.site.level(*level)).child(self.line(inlines))
            }
            BlockKind::Figure(figure) => self.figure(figure, whole("figure")),
            BlockKind::List { marker, start, items } => {
                let list = match marker {
                    Marker::Bullet => whole("ul"),
                    _ => whole("ol")
                        .attr("start", (*start != 1).then(|| start.to_string()))
                        .attr("type", marker.ordered_type()),
                };
                let items = items.iter().map(|item| el("li").child(self.item(item)));
                list.child(items.collect::<View>())
            }
            BlockKind::Quote { blocks, cite } => {
                let cite = (!cite.is_empty())
                    .then(|| el("p").class("cite").child(el("cite").child(self.line(cite))));
                whole("blockquote").child(self.blocks(blocks)).child(cite)
            }
            BlockKind::Table(table) => {
                let lang = block.lang.as_ref().or(self.lang);
                self.table(table, whole("table").attr("lang", self.tag(lang)))
            }
            BlockKind::Code { lang, text } => self
                .scroller(el("pre"), "", msg::ARTICLE_CODE)
                .attr("id", id)
                .attr("data-code", lang.clone())
                .child(el("code").attr("lang", self.tag(self.lang)).child(text.clone())),
            BlockKind::Rule => el("hr").attr("id", id),
            BlockKind::Embed(embed) => self.embed(embed),
            BlockKind::Media(media) => self.media(media),
            BlockKind::Details { summary, blocks } => whole("details")
                .child(el("summary").child(self.line(summary)))
                .child(self.blocks(blocks)),
            BlockKind::Footnotes(notes) => self.footnotes(notes),
            BlockKind::Truncated => {
                let words = live(self.i18n.t(msg::ARTICLE_TRUNCATED));
                el("p").class("note").live_attr("lang", self.own()).child(words)
            }
        };
        element.into()
    }

    /// The language of the interface, where that of the body is another: for words of ours within it.
    fn own(self) -> impl Fn() -> Option<String> + 'static {
        let Self { site, i18n, .. } = self;
        let lang = self.lang.cloned();
        move || {
            let interface = i18n.lang();
            lang.as_ref().filter(|lang| **lang != interface).map(|_| site.language(&interface).0)
        }
    }

    /// What scrolls by itself if it is wide, which the keyboard can only do to what has focus; so it is
    /// named, by `name` or by what it is. Not a region: landmarks are for what readers jump to.
    fn scroller(self, element: Element, name: &str, what: Msg) -> Element {
        let element = element.attr("role", "group").attr("tabindex", "0");
        if !name.is_empty() {
            return element.attr("aria-label", name.to_owned());
        }
        let i18n = self.i18n;
        element.live_attr("lang", self.own()).live_attr("aria-label", i18n.t(what))
    }

    /// An item, cell or note: a single line needs no paragraph.
    fn item(self, blocks: &[Block]) -> View {
        match only_line(blocks) {
            Some(inlines) => self.line(inlines),
            None => self.blocks(blocks),
        }
    }

    /// What is printed under a picture or a player; nothing if there is nothing to print.
    fn caption(self, inlines: &[Inline]) -> Option<Element> {
        (!inlines.is_empty()).then(|| el("figcaption").child(self.line(inlines)))
    }

    fn figure(self, figure: &Figure, whole: Element) -> Element {
        let href = figure.link.as_ref().map(|href| self.href(href));
        let image = unveiled(self.site, self.i18n, &figure.image, move |image| {
            let image = picture(image, TEXT, false);
            match &href {
                Some(href) => el("a").attr("href", href.clone()).child(image),
                None => image,
            }
        });
        let has_words = !(figure.caption.is_empty() && figure.credit.is_empty());
        let words = has_words.then(|| {
            let credit =
                (!figure.credit.is_empty()).then(|| el("small").child(self.line(&figure.credit)));
            el("figcaption").child(self.line(&figure.caption)).child(" ").child(credit)
        });
        whole.child(image).child(words)
    }

    fn table(self, table: &Table, whole: Element) -> Element {
        let rows = |rows: &[Vec<Cell>]| {
            let row = |row: &Vec<Cell>| {
                el("tr").child(row.iter().map(|cell| self.cell(cell)).collect::<View>())
            };
            rows.iter().map(row).collect::<View>()
        };
        let caption =
            (!table.caption.is_empty()).then(|| el("caption").child(self.line(&table.caption)));
        let head = (!table.head.is_empty()).then(|| el("thead").child(rows(&table.head)));
        let body = el("tbody").child(rows(&table.body));
        let name = line_text(&table.caption);
        self.scroller(el("div").class("table"), &name, msg::ARTICLE_TABLE)
            .child(whole.child(caption).child(head).child(body))
    }

    fn cell(self, cell: &Cell) -> Element {
        let span = |span: u16| (span > 1).then(|| span.to_string());
        let element = match cell.kind {
            CellKind::Data => el("td"),
            CellKind::ColumnHeader => el("th").attr("scope", "col"),
            CellKind::RowHeader => el("th").attr("scope", "row"),
        };
        element
            .attr("colspan", span(cell.colspan))
            .attr("rowspan", span(cell.rowspan))
            .child(self.item(&cell.blocks))
    }

    /// Loaded only when the reader asks: until then the other site learns nothing.
    fn embed(self, embed: &Embed) -> Element {
        let i18n = self.i18n;
        let is_open = RwSignal::new(false);
        let own = self.own();
        let (url, host) = (embed.url.clone(), embed.host.clone());
        let title = if embed.title.is_empty() { host.clone() } else { embed.title.clone() };
        if !self.site.portal().allows_embed(&url) {
            // The policy of the portal would refuse the frame.
            let link = el("a")
                .attr("href", url)
                .attr("rel", "noopener")
                .attr("lang", own())
                .child(i18n.fill(msg::ARTICLE_EMBED_LINK, &[("host", &host)]));
            let content = el("p").child(title).child(" ").child(link);
            return el("figure").class("embed").child(content).child(self.caption(&embed.caption));
        }
        let content = live(move || {
            if is_open.get() {
                // What was pressed is gone: the focus is on what came.
                return View::from(frame(url.clone(), title.clone()).bind(focus_soon));
            }
            let ask = el("button")
                .attr("type", "button")
                .attr("lang", own())
                .on("click", move |_| is_open.set(true))
                .child(i18n.fill(msg::ARTICLE_EMBED, &[("host", &host)]));
            View::from([
                el("p").child(title.clone()),
                el("p").child(ask),
                el("p").class("hint").attr("lang", own()).child(i18n.text(msg::ARTICLE_EMBED_NOTE)),
            ])
        });
        el("figure").class("embed").child(content).child(self.caption(&embed.caption))
    }

    fn media(self, media: &Media) -> Element {
        let sources = media
            .sources
            .iter()
            .map(|(url, kind)| el("source").attr("src", url.clone()).attr("type", kind.clone()));
        let tracks = media.tracks.iter().map(|track| {
            el("track")
                .attr("kind", if track.captions { "captions" } else { "subtitles" })
                .attr("src", track.url.clone())
                .attr("srclang", self.tag(track.lang.as_ref()))
                .attr("label", (!track.label.is_empty()).then(|| track.label.clone()))
        });
        let player = if media.video {
            el("video").attr("poster", media.poster.clone())
        } else {
            el("audio")
        };
        let player = player
            .attr("controls", true)
            .attr("preload", "none")
            .child(sources.collect::<View>())
            .child(tracks.collect::<View>());
        el("figure").child(player).child(self.caption(&media.caption))
    }

    fn footnotes(self, notes: &[Note]) -> Element {
        let i18n = self.i18n;
        let items = notes.iter().map(|note| {
            let back = note.back.iter().map(|back| {
                let link = el("a")
                    .attr("href", self.site.fragment(back))
                    .live_attr("lang", self.own())
                    .live_attr("aria-label", i18n.t(msg::ARTICLE_FOOTNOTE_BACK))
                    .child("↩");
                View::from([View::from(" "), link.into()])
            });
            el("li")
                .attr("id", note.id.clone())
                .child(self.item(&note.blocks))
                .child(back.collect::<View>())
        });
        el("section")
            .class("footnotes")
            .live_attr("lang", self.own())
            .live_attr("aria-label", i18n.t(msg::ARTICLE_FOOTNOTES))
            .child(el("ol").attr("lang", self.tag(self.lang)).child(items.collect::<View>()))
    }
}

/// The page of another site.
fn frame(url: String, title: String) -> Element {
    el("iframe")
        .attr("src", url)
        .attr("title", title)
        .attr("allowfullscreen", true)
        .attr("referrerpolicy", "strict-origin-when-cross-origin")
        .attr("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation")
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use haidang_engine::{content::from_html, profile::Portal};

    use super::*;
    use crate::{i18n::Messages, preferences::Preferences};

    fn printed(html: &str) -> String {
        let words = Messages::parse(Lang::ENGLISH, include_str!("../../locales/en.json")).unwrap();
        let mut portal = Portal::parse(include_str!("../../public/portal.json")).0.unwrap();
        portal.embeds.push("https://video.example".to_owned());
        Owner::new().with(|| {
            let i18n = I18n::new(Arc::new(words), &portal.timezone);
            let site = Site::new(Arc::new(portal), String::new(), Preferences::default());
            site.address.set("en/article/9".to_owned());
            blocks(site, i18n, "", None, &from_html(html).blocks).to_html()
        })
    }

    #[test]
    fn a_body_prints_as_html() {
        assert_eq!(
            printed(
                "<p lang=zh>海防 <b>&lt;1&gt;</b></p><p><a href='#a'>xuống</a></p><h2 id=a>A</h2>"
            ),
            "<p lang=\"zh-Hans\">海防 <strong>&lt;1&gt;</strong></p>\
             <p><a href=\"en/article/9#body-a\">xuống</a></p><h2 id=\"body-a\">A</h2>"
        );
    }

    #[test]
    fn footnotes_print_with_the_ways_there_and_back() {
        let html = printed(
            "<p>Đây<sup id=r1><a href=#n1>1</a></sup>.</p><ol><li id=n1>Chú <a href=#r1>↩</a></ol>",
        );
        for link in ["href=\"en/article/9#body-n1\"", "href=\"en/article/9#body-r1\""] {
            assert!(html.contains(link), "{html}");
        }
        assert!(html.contains("aria-label=\"Back to the text\""), "{html}");
    }

    #[test]
    fn an_embed_prints_as_the_question_whether_to_load_it() {
        let html = printed("<iframe src='https://video.example/9' title=Phim></iframe>");
        assert!(html.contains("Show content from video.example"), "{html}");
        assert!(!html.contains("<iframe"), "{html}");
    }

    #[test]
    fn nothing_that_runs_is_printed() {
        let html = printed(
            "<script>x()</script><p onclick=x() style=a>a</p><a href='java\nscript:x()'>b</a>\
             <img src=x onerror=x()><svg onload=x()><style>*{}</style></svg>",
        );
        for bad in ["x()", "script", "style", " on"] {
            assert!(!html.contains(bad), "{bad}: {html}");
        }
    }
}
