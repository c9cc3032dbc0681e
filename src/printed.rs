//! Pages as HTML, natively: the same loading and the same views as in the browser, printed instead of mounted.
//!
//! A printed page is read before the app is there, and without it. The answers it was made of go with it, so
//! that the app has them when it takes the page over (`src/handover.rs`) and asks for nothing twice.

use std::sync::Arc;

use futures::future::join;
use haidang_engine::{
    model::ThreadPage,
    profile::{Failure, Operation, Portal},
    publish::{
        FeedFormat, Frame, Home, breadcrumbs, card, discussion, in_script, news_article, trail,
    },
    read::resolve,
    route::{ListKind, Page, Route},
};
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::{
    app::App,
    backend::{Backend, Kept, Loader},
    head::{Head, MARK},
    i18n::Messages,
    pages::{self, ArticleData, Failed, Loaded, NotFound},
    thread::printed::FirstPage,
    view::{View, el},
};

/// A page of the portal, printed.
pub struct Printed {
    /// The address of what is shown: that of the best version.
    pub route: Route,
    /// Whether there is such a page.
    pub is_found: bool,
    /// Whether it says that its article was taken back.
    pub is_withdrawn: bool,
    /// What goes into `lang` of the document.
    pub lang: String,
    /// Its title.
    pub title: String,
    /// What else belongs into the `<head>`.
    pub head: String,
    /// What belongs into the `<body>`.
    pub body: String,
    /// What becomes of a link to it that is pasted elsewhere, from files alone (oEmbed): of an article.
    pub card: Option<Value>,
    /// What the app takes over: the answers it was made of, `{"answers": [{"key", "fetched", "no_store", "value"}]}`,
    /// and under `clocks` what the clocks of the portal's time zone show at its dates.
    pub data: Value,
}

/// Prints the page at `route` as `messages` has its words; `backend` answers what it asks, `home` is where
/// the portal lies. Fails for a page that cannot be had now; one that is nobody's but the reader's is not offered.
pub async fn print(
    portal: Arc<Portal>,
    messages: Arc<Messages>,
    route: &Route,
    home: &str,
    backend: Arc<dyn Backend>,
) -> Result<Printed, Failure> {
    if !pages::is_for_everybody(&route.page) {
        return Err(Failure::NotOffered);
    }
    // As in the browser, where each has a loader of its own.
    let loader = || Loader::native(portal.clone(), route.lang.clone(), backend.clone());
    let (page, announced) = (loader(), loader());
    let (loaded, notices) = join(pages::load(&page, route), pages::notices(&announced)).await;
    if let Some(failed) = loaded.of::<Failed>() {
        return Err(failed.0.clone());
    }
    let answers = page.answers().into_iter().chain(announced.answers());
    let answers: Vec<Value> = answers.map(|kept| entry(&kept)).collect();
    let (route, is_found) = (loaded.route.clone(), loaded.of::<NotFound>().is_none());
    let is_withdrawn = loaded
        .of::<ArticleData>()
        .is_some_and(|data| data.article.headline.withdrawn || data.article.withdrawal.is_some());
    let thread = first_page(&loader(), &loaded).await;
    let home = &Home::new(&portal, home);
    let beside = beside(home, &loaded, &thread, &*backend);
    let card = loaded.of::<ArticleData>().and_then(|data| {
        let frame = Frame::of_file(home, &data.article, &route.lang);
        card(home, &data.article, &frame)
    });
    let owner = Owner::new();
    let (head, body, clocks) = owner.with(|| {
        provide_context(thread);
        let app = App::printed(portal.clone(), messages, loaded, notices.unwrap_or_default());
        let head = app.head(&|href| resolve(home.base(), href));
        (head, app.view().to_html(), app.i18n.clocks())
    });
    owner.cleanup();
    let Head { title, lang, .. } = &head;
    let (title, lang) = (title.clone(), lang.clone());
    let head = head.to_html() + &beside;
    let data = json!({ "answers": answers, "clocks": clocks });
    Ok(Printed { route, is_found, is_withdrawn, lang, title, head, body, card, data })
}

/// What has been said below an article so far. It does not go with the page: the app asks for what is said by
/// the time that it shows the thread.
async fn first_page(loader: &Loader, loaded: &Loaded) -> FirstPage {
    let place = loaded.of::<ArticleData>().and_then(|data| data.thread.clone());
    let page = match place {
        Some(place) => {
            let operation = Operation::comments(&place.id);
            loader.ask::<ThreadPage>(&place.source, &operation).await.ok()
        }
        None => None,
    };
    FirstPage(page.map(|page| page.items).unwrap_or_default())
}

/// What the app does not put into the head of a page: feeds and what the page is about, as
/// [schema.org](https://schema.org) has it, which only those read who do not run it; the portal's own style.
fn beside(home: &Home<'_>, loaded: &Loaded, thread: &FirstPage, backend: &dyn Backend) -> String {
    let lang = &loaded.route.lang;
    let section = match &loaded.route.page {
        Page::List(list) if list.kind == ListKind::Section => Some(&list.key),
        _ => None,
    };
    let is_found = loaded.of::<NotFound>().is_none();
    let has_feed = is_found && backend.has_feed(home.base(), section);
    let feeds = FeedFormat::ALL.iter().filter(|_| has_feed).map(|format| {
        el("link")
            .attr(MARK, true)
            .attr("rel", "alternate")
            .attr("type", format.media_type())
            .attr("href", home.feed(lang, section, *format))
    });
    let article = loaded.of::<ArticleData>();
    let article = article.as_ref().map(|data| &data.article);
    let about = article.and_then(|article| news_article(home, article));
    let place = article.map(|article| breadcrumbs(home, lang, &trail(&article.headline)));
    let said = article.and_then(|article| discussion(home, article, &thread.0));
    // The text of a script is taken as it stands: it is no view, which would escape it.
    let about = about.into_iter().chain(place).chain(said).map(|value| {
        format!("<script {MARK} type=\"application/ld+json\">{}</script>", in_script(&value))
    });
    // The app leaves it where it is: it is no page's own.
    let stylesheet = home.portal().theme.stylesheet.clone();
    let stylesheet = stylesheet.map(|href| el("link").attr("rel", "stylesheet").attr("href", href));
    View::from([feeds.collect::<View>(), stylesheet.into()]).to_html() + &about.collect::<String>()
}

fn entry(kept: &Kept) -> Value {
    let Kept { key, value, fetched, no_store, .. } = kept;
    json!({ "key": key, "fetched": fetched.0, "no_store": no_store, "value": **value })
}
