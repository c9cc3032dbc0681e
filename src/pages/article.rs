//! An article: the best version for the reader, its text, and the thread below.

use std::{ops::Range, sync::Arc};

use haidang_engine::{
    content::{self, Content},
    lang::{Lang, best},
    model::{Article, Body, File, Headline, Key, Version, VersionKind},
    profile::{Failure, Operation, ThreadPlace, thread_of},
    route::{List, ListKind, Page},
};
use leptos::prelude::*;

use super::{Loaded, PageData, Shown};
use crate::{
    backend::{Loader, Origin, parse_article, remember, remembered},
    browser::yield_to_printed,
    i18n::{I18n, msg},
    offline::pictures::LEAD,
    site::{Site, use_site},
    thread::thread,
    ui::{self, Look, headlines, instant, picture, unveiled},
    view::{Element, View, el, later, live},
};

/// An article and its text as blocks.
pub struct ArticleData {
    /// As the backend gave it, the body taken out.
    pub article: Article,
    /// The body, safe to show; `None` if the backend sent none.
    pub content: Option<Arc<Content>>,
    /// Where its thread lives; `None` if the portal has no comments.
    pub thread: Option<ThreadPlace>,
}

impl PageData for ArticleData {
    fn identity(&self) -> String {
        let headline = &self.article.headline;
        format!("article:{}:{}", headline.key.source, headline.work)
    }

    fn title(&self, i18n: I18n) -> String {
        ui::title(i18n, &self.article.headline)
    }

    fn description(&self, _: I18n) -> Option<String> {
        self.article.headline.standfirst.clone()
    }

    fn headline(&self) -> Option<&Headline> {
        Some(&self.article.headline)
    }

    fn canonical(&self) -> Option<&str> {
        self.article.canonical.as_deref()
    }

    fn version(&self, lang: &Lang) -> Option<(Page, bool)> {
        let shown = &self.article.headline;
        let version = self.article.versions.iter().find(|version| version.lang == *lang);
        let page = match version {
            Some(version) => version_page(version),
            None => Page::Article { key: shown.key.clone(), slug: shown.slug.clone() },
        };
        Some((page, version.is_some() || shown.lang == *lang))
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }
}

/// Asks for the article; if another version suits the reader better, for that one.
pub async fn load(loader: &Loader, key: &Key) -> Result<ArticleData, Failure> {
    let mut article: Article = loader.ask(&key.source, &Operation::Article(key.id.clone())).await?;
    if let Some(better) = better_version(loader, &article) {
        article = loader.ask(&key.source, &Operation::Article(better.id)).await?;
    }
    let content = match article.body.take() {
        Some(body) => Some(read(loader, key, &article, &body).await?),
        None => None,
    };
    let thread = thread_of(&loader.portal, &article);
    Ok(ArticleData { article, content, thread })
}

/// What the body of the article says that was just asked for.
async fn read(
    loader: &Loader,
    key: &Key,
    article: &Article,
    body: &Body,
) -> Result<Arc<Content>, Failure> {
    let origin = Origin::last(loader, &key.source);
    if let Some(content) = origin.as_ref().and_then(remembered) {
        return Ok(content);
    }
    yield_to_printed().await;
    let mut content = parse_article(body, loader.base(&key.source)).await?;
    yield_to_printed().await;
    content::link_citations(&mut content.blocks, &article.citations);
    loader.own_links(&key.source, &mut content.blocks).await;
    let content = Arc::new(content);
    if let Some(origin) = origin {
        remember(origin, &content);
    }
    Ok(content)
}

/// Asks for an article only to know where its thread lives; `None` if it has none. Of this version, whichever
/// suits the reader.
pub async fn find_thread(loader: &Loader, key: &Key) -> Result<Option<ThreadPlace>, Failure> {
    let article: Article = loader.ask(&key.source, &Operation::Article(key.id.clone())).await?;
    Ok(thread_of(&loader.portal, &article))
}

/// The version the reader would rather have than the one at hand.
fn better_version(loader: &Loader, article: &Article) -> Option<Key> {
    let shown = &article.headline;
    let chosen = best(&loader.preference(), &article.versions, |version| &version.lang)?;
    (chosen.key != shown.key && chosen.lang != shown.lang).then(|| chosen.key.clone())
}

/// The article, what to read next, and the thread.
fn view(data: Shown<ArticleData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let place = Memo::new(move |_| data.get()?.thread.clone());
    View::from([
        live(move || data.get().map(|data| article(site, i18n, data))),
        live(move || data.get().map(|data| later(move || related(site, i18n, &data)))),
        later(move || live(move || place.get().map(|place| untrack(|| thread(place))))),
    ])
}

fn related(site: Site, i18n: I18n, data: &ArticleData) -> Option<Element> {
    let related = headlines(site, i18n, &data.article.related, Look::Card)?;
    let title = el("h2").child(i18n.text(msg::ARTICLE_RELATED));
    Some(el("section").class("related").child(title).child(related))
}

/// The article by itself.
pub fn article(site: Site, i18n: I18n, data: Arc<ArticleData>) -> View {
    let article = &data.article;
    let headline = &article.headline;
    let (tag, own) = languages(site, i18n, article);
    let body = match &data.content {
        Some(content) => {
            let has_lead = article.headline.image.is_some() && article.withdrawal.is_none();
            let mut screens = ui::screens(&content.blocks, has_lead).into_iter();
            let seen = screens.next().map(|screen| body(site, i18n, &data, screen));
            let rest = screens.map(|screen| {
                let data = data.clone();
                later(move || body(site, i18n, &data, screen.clone()))
            });
            let rest: View = rest.collect();
            el("div").class("body").attr("data-body", true).child(seen).child(rest)
        }
        None => {
            el("p").class("empty").attr("lang", own.clone()).child(i18n.text(msg::ARTICLE_NO_BODY))
        }
    };
    let kicker = headline.kicker.clone().map(|text| el("p").class("kicker").child(text));
    let standfirst =
        headline.standfirst.clone().map(|text| el("p").class("standfirst").child(text));
    // In somebody else's page there is another address to share, and nothing of ours to save to.
    let share = site
        .is_own()
        .then(|| ui::share(headline.title.clone()).child(ui::save(site, i18n, headline)));
    let meta = el("div")
        .class("article-meta")
        .attr("lang", own.clone())
        .child(labels(site, i18n, article))
        .child(corrections(site, i18n, article))
        .child(byline(site, i18n, article))
        .child(dates(i18n, article))
        .child(share);
    let head = el("header")
        .class("article-head")
        .child(kicker)
        .child(el("h1").attr("aria-level", site.level(1)).child(ui::title(i18n, headline)))
        .child(standfirst)
        .child(meta);
    let foot = {
        let data = data.clone();
        later(move || foot(site, i18n, &data))
    };
    let foot = el("footer").class("article-foot").attr("lang", own.clone()).child(foot);
    el("article")
        .class("article")
        .attr("lang", tag)
        .child(head)
        .child(lead(site, i18n, article))
        .child(data.content.as_ref().and_then(|content| contents(site, i18n, content, own)))
        .child(body)
        .child(foot)
        .into()
}

/// Some of the blocks of the text.
fn body(site: Site, i18n: I18n, data: &ArticleData, some: Range<usize>) -> View {
    let headline = &data.article.headline;
    let blocks = data.content.as_ref().and_then(|content| content.blocks.get(some));
    let (source, lang) = (&headline.key.source, Some(&headline.lang));
    ui::blocks(site, i18n, source, lang, blocks.unwrap_or_default())
}

/// The lead picture with caption and credit; a withdrawn article has lost it.
fn lead(site: Site, i18n: I18n, article: &Article) -> Option<Element> {
    let image = article.headline.image.as_ref().filter(|_| article.withdrawal.is_none())?;
    let has_words = image.caption.is_some() || image.credit.is_some();
    let words = has_words.then(|| {
        el("figcaption")
            .child(image.caption.clone())
            .child(" ")
            .child(image.credit.clone().map(|credit| el("small").child(credit)))
    });
    let picture = unveiled(site, i18n, image, |image| picture(image, LEAD, true));
    Some(el("figure").class("lead").child(picture).child(words))
}

/// What a reader must know of this version: withdrawn, in another language, translated, behind.
fn labels(site: Site, i18n: I18n, article: &Article) -> View {
    let headline = &article.headline;
    let name = |lang| {
        let (tag, own) = site.language(lang);
        i18n.language_name(&tag, &own)
    };
    let withdrawn = article.withdrawal.as_ref().map(|withdrawal| {
        let tag = site.language(&headline.lang).0;
        el("p")
            .class("alert")
            .child(el("strong").child(i18n.text(msg::ARTICLE_WITHDRAWN)))
            .child(" ")
            .child(instant(i18n, withdrawal.date))
            .child(" ")
            .child(el("span").attr("lang", tag).child(withdrawal.text.clone()))
    });
    let fallback = (headline.lang != i18n.lang()).then(|| {
        let text = i18n.fill(msg::ARTICLE_FALLBACK, &[("language", &name(&headline.lang))]);
        el("p").class("note").child(text)
    });
    let original = article.versions.iter().find(|version| version.kind == VersionKind::Original);
    let original = original.filter(|original| original.key != headline.key);
    let translation = original.map(|original| {
        let from = [("language", &*name(&original.lang))];
        let text = i18n.fill(
            match headline.kind {
                VersionKind::Machine => msg::ARTICLE_MACHINE,
                _ => msg::ARTICLE_TRANSLATION,
            },
            &from,
        );
        let is_behind = matches!(
            (original.updated, headline.updated.or(headline.published)),
            (Some(original), Some(own)) if own < original
        );
        let behind = is_behind.then(|| el("strong").child(i18n.text(msg::ARTICLE_OUTDATED)));
        let link = el("a")
            .attr("href", version_href(site, original))
            .attr("hreflang", site.language(&original.lang).0)
            .child(i18n.text(msg::ARTICLE_ORIGINAL));
        let behind = behind.map(|behind| View::from([View::from(" · "), behind.into()]));
        el("p").class("note").child(text).child(behind).child(" · ").child(link)
    });
    View::from([withdrawn, fallback, translation])
}

fn version_page(version: &Version) -> Page {
    Page::Article { key: version.key.clone(), slug: version.slug.clone() }
}

fn version_href(site: Site, version: &Version) -> String {
    site.href(version.lang.clone(), version_page(version))
}

fn byline(site: Site, i18n: I18n, article: &Article) -> Option<Element> {
    if article.authors.is_empty() && article.dateline.is_none() {
        return None;
    }
    let dateline = article.dateline.clone().map(|place| {
        let tag = site.language(&article.headline.lang).0;
        el("span").class("dateline").attr("lang", tag).child(place)
    });
    let by = (!article.authors.is_empty()).then(|| i18n.text(msg::ARTICLE_BY));
    let authors = article.authors.iter().map(|author| {
        let role = author.role.as_ref().map(|role| format!(" · {role}"));
        let name = author.name.clone();
        let name = if author.id.is_empty() {
            el("span").child(name)
        } else {
            let href = list_href(site, i18n, ListKind::Author, article, &author.id);
            el("a").attr("href", href).attr("rel", "author").child(name)
        };
        let role = role.map(|role| el("span").class("role").child(role));
        el("span").class("author").child(name).child(role)
    });
    let authors: View = authors.collect();
    Some(
        el("p")
            .class("byline")
            .child(dateline)
            .child(by.map(|by| el("span").class("by").child(by)))
            .child(" ")
            .child(authors),
    )
}

fn dates(i18n: I18n, article: &Article) -> Element {
    let headline = &article.headline;
    let line = |label, at| el("span").child(i18n.text(label)).child(" ").child(instant(i18n, at));
    let published = headline.published.map(|at| line(msg::ARTICLE_PUBLISHED, at));
    let updated = headline.updated.filter(|at| Some(*at) > headline.published);
    let updated = updated.map(|at| line(msg::ARTICLE_UPDATED, at));
    el("p").class("dates").child(published).child(" ").child(updated)
}

/// The headings of a long article.
fn contents(site: Site, i18n: I18n, content: &Content, own: Option<String>) -> Option<Element> {
    const LONG: usize = 4;
    let outline = content::outline(&content.blocks);
    if outline.len() < LONG {
        return None;
    }
    let items = outline.into_iter().map(|entry| {
        let link = el("a").attr("href", site.fragment(&entry.id)).child(entry.text);
        el("li").attr("data-sub", entry.level > 2).child(link)
    });
    let title = el("h2")
        .attr("id", "contents-title")
        .attr("aria-level", site.level(2))
        .attr("lang", own)
        .child(i18n.text(msg::ARTICLE_CONTENTS));
    Some(
        el("nav")
            .class("contents")
            .attr("aria-labelledby", "contents-title")
            .child(title)
            .child(el("ol").child(items.collect::<View>())),
    )
}

/// What was wrong and has been put right, said before the text.
fn corrections(site: Site, i18n: I18n, article: &Article) -> View {
    let tag = site.language(&article.headline.lang).0;
    let items = article.corrections.iter().map(|correction| {
        el("p")
            .class("correction")
            .child(el("strong").child(i18n.text(msg::ARTICLE_CORRECTION)))
            .child(" ")
            .child(instant(i18n, correction.date))
            .child(" ")
            .child(el("span").attr("lang", tag.clone()).child(correction.text.clone()))
    });
    items.collect()
}

/// What is below the text.
fn foot(site: Site, i18n: I18n, data: &ArticleData) -> View {
    let article = &data.article;
    let (tag, own) = languages(site, i18n, article);
    let files = attachments(site, i18n, &article.attachments, own.is_some().then_some(tag));
    View::from([files, tags(site, i18n, article)])
}

/// The tag of the article's language; that of the interface where it is another: what that says inside the
/// article is in its own language.
fn languages(site: Site, i18n: I18n, article: &Article) -> (String, Option<String>) {
    let (tag, _) = site.language(&article.headline.lang);
    let (interface, _) = site.language(&i18n.lang());
    let own = (tag != interface).then_some(interface);
    (tag, own)
}

/// Files to download, their titles in the language `lang` where that is not the interface's.
fn attachments(site: Site, i18n: I18n, files: &[File], lang: Option<String>) -> Option<Element> {
    if files.is_empty() {
        return None;
    }
    let title =
        el("h2").attr("aria-level", site.level(2)).child(i18n.text(msg::ARTICLE_ATTACHMENTS));
    Some(el("section").class("files").child(title).child(ui::files(i18n, files, lang)))
}

fn tags(site: Site, i18n: I18n, article: &Article) -> Option<Element> {
    if article.tags.is_empty() {
        return None;
    }
    let items = article.tags.iter().map(|tag| {
        let href = list_href(site, i18n, ListKind::Tag, article, &tag.id);
        el("li").child(el("a").attr("href", href).attr("rel", "tag").child(tag.name.clone()))
    });
    let list = el("ul").attr("role", "list").child(items.collect::<View>());
    let title = el("h2").attr("aria-level", site.level(2)).child(i18n.text(msg::ARTICLE_TAGS));
    Some(el("section").class("tags").child(title).child(list))
}

/// A list of the article's own source.
fn list_href(site: Site, i18n: I18n, kind: ListKind, article: &Article, id: &str) -> String {
    let key = Key { source: article.headline.key.source.clone(), id: id.to_owned() };
    let list = List { kind, key, organisation: None, cursor: None };
    site.href(i18n.lang(), Page::List(list))
}
