//! Sitemaps (<https://www.sitemaps.org/protocol.html>, 0.9), each page with its other languages.

use super::{Home, Location, Variant, xml::Xml};
use crate::{lang::Lang, time::Timestamp};

pub(super) const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// A file of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitemap {
    /// It stands at `sitemaps/{name}.xml`.
    pub name: String,
    /// What stands there.
    pub xml: String,
    /// Last change of a page in it, if that is known.
    pub updated: Option<Timestamp>,
}

impl Sitemap {
    /// Whether an index may lead to it: a sitemap lists one page at least, and there is not always news.
    pub fn has_pages(&self) -> bool {
        self.xml.contains("<url>")
    }
}

/// What one file may hold.
#[derive(Clone, Copy)]
struct Limits {
    addresses: usize,
    bytes: usize,
}

/// Far fewer than the protocol allows, which is 50,000: whoever writes or reads one has all of it in memory.
const LIMITS: Limits = Limits { addresses: 10_000, bytes: 50 * 1024 * 1024 - 1024 };

/// The sitemaps of each language: `vi-1`, `vi-2` … where it is more than one file shall hold. One is made
/// after the other.
pub fn sitemaps(home: &Home<'_>, locations: &[Location<'_>]) -> impl Iterator<Item = Sitemap> {
    let editions = home.portal().languages.iter();
    editions.flat_map(move |language| edition(home, &language.code, locations, LIMITS))
}

/// The index that leads to sitemaps, by their names and last changes.
pub fn index<'s>(
    home: &Home<'_>,
    sitemaps: impl IntoIterator<Item = (&'s str, Option<Timestamp>)>,
) -> String {
    Xml::document("sitemapindex", &[("xmlns", NAMESPACE)], |xml| {
        for (name, updated) in sitemaps {
            xml.element("sitemap", &[], |xml| {
                let address = [home.base(), "sitemaps/", name, ".xml"].concat();
                xml.text("loc", &[], &address);
                changed(xml, updated);
            });
        }
    })
}

fn edition(
    home: &Home<'_>,
    lang: &Lang,
    locations: &[Location<'_>],
    limits: Limits,
) -> impl Iterator<Item = Sitemap> {
    let ours = locations.iter().filter(move |location| location.is_in(lang));
    let mut pieces = ours.filter_map(move |location| {
        let all = location.variants();
        let variant = all.iter().find(|variant| variant.route.lang == *lang)?;
        Some((Xml::piece(|xml| address(xml, home, variant, &all)), variant.updated))
    });
    let (mut number, mut next) = (0, pieces.next());
    std::iter::from_fn(move || {
        let mut file = File::default();
        while let Some((piece, updated)) =
            next.take_if(|(piece, _)| file.addresses == 0 || file.has_room(piece, limits))
        {
            file.add(&piece, updated);
            next = pieces.next();
        }
        number += 1;
        (file.addresses > 0).then(|| file.finish(format!("{lang}-{number}")))
    })
}

/// A file that is being filled.
#[derive(Default)]
struct File {
    addresses: usize,
    body: String,
    updated: Option<Timestamp>,
}

impl File {
    fn has_room(&self, piece: &str, limits: Limits) -> bool {
        self.addresses < limits.addresses && self.body.len() + piece.len() <= limits.bytes
    }

    fn add(&mut self, piece: &str, updated: Option<Timestamp>) {
        self.addresses += 1;
        self.body.push_str(piece);
        self.updated = self.updated.max(updated);
    }

    fn finish(self, name: String) -> Sitemap {
        let attributes = [("xmlns", NAMESPACE), ("xmlns:xhtml", XHTML)];
        let xml = Xml::document("urlset", &attributes, |xml| xml.raw(&self.body));
        Sitemap { name, xml, updated: self.updated }
    }
}

fn address(xml: &mut Xml, home: &Home<'_>, variant: &Variant, all: &[Variant]) {
    let at = |variant: &Variant| home.page(&variant.route.lang, variant.route.page.clone());
    xml.element("url", &[], |xml| {
        xml.text("loc", &[], &at(variant));
        changed(xml, variant.updated);
        if all.len() < 2 {
            return;
        }
        for other in all {
            let (lang, href) = (&other.route.lang, at(other));
            let mut link = |hreflang: &str| {
                let attributes = [("rel", "alternate"), ("hreflang", hreflang), ("href", &href)];
                xml.empty("xhtml:link", &attributes);
            };
            link(home.tag(lang));
            if *lang == home.portal().default {
                link("x-default");
            }
        }
    });
}

fn changed(xml: &mut Xml, updated: Option<Timestamp>) {
    if let Some(updated) = updated {
        xml.text("lastmod", &[], &updated.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::Headline,
        publish::{
            Listed, locations,
            test::{Tree, headline, lang, parsed, portal},
        },
        route::Page,
    };

    fn all(headlines: &[Headline]) -> Vec<Listed> {
        headlines.iter().filter_map(Listed::of).collect()
    }

    fn made(home: &Home<'_>, headlines: &[Headline]) -> Vec<Sitemap> {
        sitemaps(home, &locations(home.portal(), &all(headlines))).collect()
    }

    fn of<'s>(sitemaps: &'s [Sitemap], name: &str) -> &'s Sitemap {
        sitemaps.iter().find(|sitemap| sitemap.name == name).unwrap()
    }

    fn addresses(sitemap: &Sitemap) -> Vec<String> {
        parsed(&sitemap.xml).all("loc").into_iter().map(|loc| loc.text.clone()).collect()
    }

    fn alternates(url: &Tree) -> Vec<(String, String)> {
        let links = url.all("xhtml:link").into_iter();
        links.map(|link| (link.attribute("hreflang"), link.attribute("href"))).collect()
    }

    #[test]
    fn a_page_names_the_languages_it_is_there_in() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let [mut vi, mut zh] = [headline("vi", "7"), headline("zh", "7.zh")];
        vi.work = "7".into();
        zh.work = "7".into();
        let made = made(&home, &[vi, zh, headline("vi", "8")]);
        let vi = of(&made, "vi-1");
        assert_eq!(
            addresses(vi),
            [
                "https://p.example/vi/",
                "https://p.example/vi/section/news",
                "https://p.example/vi/article/7/slug",
                "https://p.example/vi/article/8/slug",
            ]
        );
        let tree = parsed(&vi.xml);
        let pair = |tag: &str, href: &str| (tag.to_owned(), format!("https://p.example/{href}"));
        assert_eq!(
            alternates(&tree.children[2]),
            [
                pair("vi", "vi/article/7/slug"),
                pair("x-default", "vi/article/7/slug"),
                pair("zh-Hans", "zh/article/7.zh/slug"),
            ]
        );
        assert_eq!(alternates(&tree.children[3]), []);
        assert_eq!(tree.children[3].all("lastmod")[0].text, "2026-11-13T02:00:00Z");
        // The other one says the same of both.
        let zh = parsed(&of(&made, "zh-1").xml);
        assert_eq!(alternates(&zh.children[2]), alternates(&tree.children[2]));
    }

    #[test]
    fn what_is_withdrawn_and_what_is_in_no_language_of_the_portal_is_in_none() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let withdrawn = Headline { withdrawn: true, ..headline("vi", "7") };
        assert_eq!(made(&home, &[withdrawn, headline("fr", "8")]), []);
    }

    #[test]
    fn works_of_two_sources_are_two_works() {
        let [here, mut there] = [headline("vi", "7"), headline("zh", "7")];
        there.key.source = "port".into();
        let both = all(&[here, there]);
        let both = locations(&portal(), &both);
        let articles = both.iter().filter(|location| matches!(location, Location::Article(_)));
        assert_eq!(articles.count(), 2);
    }

    #[test]
    fn a_file_that_is_full_is_followed_by_another() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let headlines: Vec<_> = (0..5).map(|id| headline("vi", &id.to_string())).collect();
        let listed = all(&headlines);
        let locations = locations(&portal, &listed);
        let vi = lang("vi");
        let edition = |limits| edition(&home, &vi, &locations, limits).collect::<Vec<_>>();
        let everything =
            |sitemaps: &[Sitemap]| sitemaps.iter().flat_map(addresses).collect::<Vec<_>>();
        let whole = edition(LIMITS);
        assert_eq!(whole.len(), 1);
        let by_number = Limits { addresses: 3, ..LIMITS };
        let parts = edition(by_number);
        let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["vi-1", "vi-2", "vi-3"]);
        assert_eq!(everything(&parts), everything(&whole));
        let by_size = edition(Limits { bytes: 300, ..LIMITS });
        assert!(by_size.len() > 2);
        assert_eq!(everything(&by_size), everything(&whole));
        let limit = 300 + 200;
        assert!(by_size.iter().all(|part| part.xml.len() <= limit));
    }

    #[test]
    fn the_index_leads_to_all_of_them() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example/sub");
        let listed = all(&[headline("vi", "7")]);
        let mut locations = locations(&portal, &listed);
        locations.push(Location::new([lang("vi"), lang("zh")], Page::Press));
        let made: Vec<_> = sitemaps(&home, &locations).collect();
        let tree = parsed(&index(&home, made.iter().map(|map| (map.name.as_str(), map.updated))));
        let found: Vec<_> = tree.all("loc").into_iter().map(|loc| loc.text.as_str()).collect();
        assert_eq!(
            found,
            ["https://p.example/sub/sitemaps/vi-1.xml", "https://p.example/sub/sitemaps/zh-1.xml"]
        );
        // Nobody knows since when the second is as it is.
        assert_eq!(tree.all("lastmod").len(), 1);
    }
}
