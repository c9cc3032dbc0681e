//! What stands in a line: runs of text, links, emphasis, ruby, notes.

use haidang_engine::{
    content::{Href, Inline, Style},
    lang::Lang,
    model::Key,
    route::Page,
};

use super::Writer;
use crate::{
    ui::picture,
    view::{View, el},
};

impl Writer<'_> {
    pub(super) fn line(self, inlines: &[Inline]) -> View {
        // A line is most often one run of text.
        match inlines {
            [Inline::Text(text)] => text.clone().into(),
            _ => inlines.iter().map(|inline| self.inline(inline)).collect(),
        }
    }

    fn inline(self, inline: &Inline) -> View {
        let inside = self.line(inline.children());
        let element = match inline {
            Inline::Text(text) => return text.clone().into(),
            Inline::Break => el("br"),
            Inline::Styled(style, _) => {
                let tag = match style {
                    Style::Emphasis => "em",
                    Style::Strong => "strong",
                    Style::Code => "code",
                    Style::Sub => "sub",
                    Style::Sup => "sup",
                    Style::Mark => "mark",
                    Style::Deleted => "del",
                    Style::Quote => "q",
                    Style::Isolate => "bdi",
                };
                el(tag).child(inside)
            }
            Inline::Link { href, hreflang, .. } => el("a")
                .attr("href", self.href(href))
                .attr("hreflang", self.tag(hreflang.as_ref()))
                .attr("rel", matches!(href, Href::External(_)).then_some(self.rel))
                .attr("data-document", matches!(href, Href::Document(_)))
                .child(inside),
            Inline::Lang { lang, dir, .. } => el("span")
                .attr("lang", self.tag(lang.as_ref()))
                .attr("dir", dir.map(|dir| dir.as_str()))
                .child(inside),
            Inline::Ruby(pairs) => {
                let pairs = pairs.iter().map(|pair| {
                    View::from([
                        View::from(pair.base.clone()),
                        el("rp").child("(").into(),
                        el("rt").child(pair.reading.clone()).into(),
                        el("rp").child(")").into(),
                    ])
                });
                el("ruby").child(pairs.collect::<View>())
            }
            Inline::Abbr { title, .. } => el("abbr").attr("title", title.clone()).child(inside),
            Inline::Time { datetime, .. } => {
                el("time").attr("datetime", datetime.clone()).child(inside)
            }
            Inline::Image(image) => picture(image, "10rem", false),
            Inline::Anchor(id) => el("span").attr("id", id.clone()),
            Inline::FootnoteRef { id, note, label } => {
                let link = el("a")
                    .attr("href", self.site.fragment(note))
                    .attr("role", "doc-noteref")
                    .child(label.clone());
                el("sup").attr("id", id.clone()).child(link)
            }
        };
        element.into()
    }

    pub(super) fn href(self, href: &Href) -> String {
        let lang = self.i18n.lang();
        match href {
            Href::External(url) | Href::Relative(url) => url.clone(),
            Href::Anchor(id) => self.site.fragment(id),
            Href::Document(id) => self.site.document(lang, self.source, id),
            Href::Article(id) => {
                let key = Key { source: self.source.to_owned(), id: id.clone() };
                let page = Page::Article { key, slug: String::new() };
                self.site.href(lang, page)
            }
        }
    }

    pub(super) fn tag(self, lang: Option<&Lang>) -> Option<String> {
        lang.map(|lang| self.site.language(lang).0)
    }
}
