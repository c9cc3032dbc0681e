//! Search over articles and documents.

use futures::future::join;
use haidang_engine::{
    lang::Lang,
    model::{DocumentEntry, Headline, Page as Slice},
    profile::{Failure, Headlines, Operation},
    read::{Origin, read_from},
    route::{DocumentFilter, Page, Route},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::{Loaded, PageData, Shown, documents::entries, list::more_in};
use crate::{
    app::Navigate,
    backend::{Loader, kept},
    i18n::{I18n, msg},
    offline::keeper,
    site::{Site, use_site},
    ui::{self, Look, headlines, paging},
    view::{Element, View, el, live},
};

/// Articles on a page.
const PAGE: u32 = 20;
/// Documents shown above them.
const DOCUMENTS: usize = 5;

/// What was found.
#[derive(Default)]
pub struct SearchData {
    /// What the reader typed.
    pub query: String,
    /// Articles of the edition.
    pub articles: Slice<Headline>,
    /// Articles the edition lacks, in the reader's next languages.
    pub more: Vec<(Lang, Vec<Headline>)>,
    /// Documents of the register.
    pub documents: Slice<DocumentEntry>,
    /// The network is away: the articles are what is kept on the device and fits.
    pub is_kept: bool,
}

impl PageData for SearchData {
    fn identity(&self) -> String {
        "search".to_owned()
    }

    fn title(&self, i18n: I18n) -> String {
        let title = i18n.text(msg::SEARCH_TITLE);
        if self.query.is_empty() { title } else { format!("{} · {title}", self.query) }
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }

    fn is_indexed(&self) -> bool {
        false
    }
}

/// Asks for articles and documents at once; for nothing if nothing was typed.
pub async fn load(
    loader: &Loader,
    query: &str,
    cursor: Option<&str>,
) -> Result<SearchData, Failure> {
    if query.is_empty() {
        return Ok(SearchData::default());
    }
    let list = Headlines {
        query: Some(query.to_owned()),
        limit: Some(PAGE),
        cursor: cursor.map(str::to_owned),
        ..Headlines::default()
    };
    let documents = Operation::Documents(DocumentFilter {
        query: query.to_owned(),
        ..DocumentFilter::default()
    });
    let documents = async {
        if cursor.is_some() || !loader.portal.features.documents {
            return Slice::default();
        }
        // The register is an extra here: without it the articles are still found.
        loader.ask::<Slice<DocumentEntry>>("", &documents).await.unwrap_or_default()
    };
    let (articles, documents) = join(loader.headlines("", &list, &loader.lang), documents).await;
    let articles = match articles {
        Err(failure) if failure.is_away() && kept::is_marked(&loader.portal.id) => {
            return on_device(loader, query).await.ok_or(failure);
        }
        articles => articles?,
    };
    let more = if articles.next.is_none() {
        super::list::more(loader, "", Headlines { cursor: None, ..list }, &articles.items).await
    } else {
        Vec::new()
    };
    Ok(SearchData { query: query.to_owned(), articles, more, documents, is_kept: false })
}

/// What of everything kept fits, by the same rules.
async fn on_device(loader: &Loader, query: &str) -> Option<SearchData> {
    let keeper = keeper().await.ok()?;
    let found = (keeper.find)(loader.portal.clone(), query.to_owned(), loader.preference()).await;
    let headlines = found.iter().filter_map(|(source, headline)| {
        let origin = Origin { source, base: loader.base(source), lang: Some(&loader.lang) };
        read_from::<Headline>(headline, "headline", origin).0.ok()
    });
    let articles = Slice { items: headlines.collect(), ..Slice::default() };
    Some(SearchData { query: query.to_owned(), articles, is_kept: true, ..SearchData::default() })
}

/// The form and what was found.
fn view(data: Shown<SearchData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let title = el("h1").child(live(i18n.t(msg::SEARCH_TITLE)));
    View::from([
        View::from(el("header").class("page-head").child(title)),
        form(site, i18n, data).into(),
        live(move || data.get().map(|data| found(site, i18n, &data))),
    ])
}

/// The form stays in place while the results change.
fn form(site: Site, i18n: I18n, data: Shown<SearchData>) -> Element {
    let navigate = use_context::<Navigate>();
    let page = |query| Page::Search { query, cursor: None };
    let action = move || site.href(i18n.lang(), page(String::new()));
    let submit = move |event: Event| {
        event.prevent_default();
        if let (Some(navigate), Some(query)) = (navigate, ui::field(&event, "q")) {
            navigate.to(Route { lang: i18n.lang(), page: page(query) });
        }
    };
    let query = Memo::new(move |_| data.get().map(|data| data.query.clone()).unwrap_or_default());
    let label = el("label")
        .child(el("span").child(live(i18n.t(msg::SEARCH_LABEL))))
        .child(query_field(query).attr("autocomplete", "off"));
    let button = el("button").attr("type", "submit").child(live(i18n.t(msg::SEARCH_SUBMIT)));
    el("form")
        .class("search-form")
        .live_attr("action", action)
        .attr("method", "get")
        .on("submit", submit)
        .child(label)
        .child(button)
}

/// The field `q` of a form: shows the query of the address whenever that changes, and between
/// changes what the reader types.
pub fn query_field(query: Memo<String>) -> Element {
    let follow = move |element: web_sys::Element| {
        let Ok(input) = element.dyn_into::<HtmlInputElement>() else { return };
        Effect::new(move || {
            let query = query.get();
            if input.value() != query {
                input.set_value(&query);
            }
        });
    };
    el("input")
        .attr("type", "search")
        .attr("name", "q")
        .attr("value", query.get_untracked())
        .bind(follow)
}

fn found(site: Site, i18n: I18n, data: &SearchData) -> View {
    if data.query.is_empty() {
        return el("p").class("hint").child(i18n.text(msg::SEARCH_HINT)).into();
    }
    let at = |cursor| Page::Search { query: data.query.clone(), cursor };
    let more = data.more.iter().map(|(lang, items)| more_in(site, i18n, lang, items));
    let count = el("p").class("count").attr("role", "status").child(count(i18n, data));
    let kept = data.is_kept.then(|| {
        let text = i18n.fill(msg::KEPT_SEARCHED, &[("query", &data.query)]);
        el("p").class("stale").attr("role", "status").child(text)
    });
    View::from([
        View::from(kept),
        View::from(count),
        register(site, i18n, data).into(),
        headlines(site, i18n, &data.articles.items, Look::Row).into(),
        paging(site, i18n, &data.articles, at).into(),
        more.collect(),
    ])
}

/// How much was found, in words.
fn count(i18n: I18n, data: &SearchData) -> String {
    let articles = data.articles.total.filter(|total| *total > 0);
    let documents = data.documents.total.filter(|total| *total > 0);
    let is_none = articles.is_none()
        && documents.is_none()
        && data.articles.items.is_empty()
        && data.documents.items.is_empty()
        && data.more.is_empty();
    if is_none {
        return i18n.fill(msg::SEARCH_NONE, &[("query", &data.query)]);
    }
    let articles = articles.map(|count| i18n.plural(msg::SEARCH_RESULTS, count));
    let documents = documents.map(|count| i18n.plural(msg::SEARCH_DOCUMENTS, count));
    articles.into_iter().chain(documents).collect::<Vec<_>>().join(" · ")
}

/// The first of the documents found, and the way to all of them.
fn register(site: Site, i18n: I18n, data: &SearchData) -> Option<Element> {
    let items = &data.documents.items;
    let some = entries(site, i18n, items.get(..DOCUMENTS).unwrap_or(items))?;
    let all = (items.len() > DOCUMENTS).then(|| {
        let filter = DocumentFilter { query: data.query.clone(), ..DocumentFilter::default() };
        let href = site.href(i18n.lang(), Page::Documents(filter));
        let link = el("a").attr("href", href).child(i18n.text(msg::SEARCH_ALL_DOCUMENTS));
        el("p").class("more").child(link)
    });
    Some(el("section").class("search-documents").child(some).child(all))
}
