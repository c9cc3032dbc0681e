//! The register of documents, filtered by what the address says.

use futures::future::join;
use haidang_engine::{
    model::{DocumentEntry, DocumentKind, DocumentStatus, Page as Slice, Register, Term},
    profile::{Failure, Operation},
    route::{DocumentFilter, Page, Route},
};
use leptos::prelude::*;
use web_sys::Event;

use super::{
    Loaded, PageData, Shown,
    document::{kind_name, status_label, status_name, title},
    search::query_field,
};
use crate::{
    app::Navigate,
    backend::Loader,
    i18n::{I18n, Msg, msg},
    site::{Site, use_site},
    ui::{self, paging},
    view::{Element, View, el, live},
};

/// A page of the register and what it can be filtered by.
pub struct DocumentsData {
    /// The filter in force.
    pub filter: DocumentFilter,
    /// The documents.
    pub page: Slice<DocumentEntry>,
    /// What there is to choose from; `None` if that could not be had.
    pub register: Option<Register>,
}

impl PageData for DocumentsData {
    fn identity(&self) -> String {
        "documents".to_owned()
    }

    fn title(&self, i18n: I18n) -> String {
        i18n.text(msg::DOCUMENTS_TITLE)
    }

    fn description(&self, i18n: I18n) -> Option<String> {
        Some(i18n.text(msg::DOCUMENTS_SUMMARY))
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }
}

/// Asks for the documents and for what the register holds, at once.
pub async fn load(loader: &Loader, filter: &DocumentFilter) -> Result<DocumentsData, Failure> {
    let documents = Operation::Documents(filter.clone());
    let register = Operation::Register;
    let (page, register) = join(loader.ask("", &documents), loader.ask("", &register)).await;
    // Without it the list is still there.
    Ok(DocumentsData { filter: filter.clone(), page: page?, register: register.ok() })
}

/// The register.
fn view(data: Shown<DocumentsData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let summary = el("p").class("standfirst").child(live(i18n.t(msg::DOCUMENTS_SUMMARY)));
    let head = el("header")
        .class("page-head")
        .child(el("h1").child(live(i18n.t(msg::DOCUMENTS_TITLE))))
        .child(summary);
    View::from([
        View::from(head),
        filters(site, i18n, data).into(),
        live(move || data.get().map(|data| page(site, i18n, &data))),
    ])
}

fn page(site: Site, i18n: I18n, data: &DocumentsData) -> View {
    let count = data.page.total.map(|total| i18n.plural(msg::DOCUMENTS_COUNT, total));
    let none = data.page.items.is_empty().then(|| i18n.text(msg::DOCUMENTS_NONE));
    let at = |cursor| Page::Documents(DocumentFilter { cursor, ..data.filter.clone() });
    let said = el("p").class("count").attr("role", "status").child(none.or(count));
    View::from([
        View::from(said),
        entries(site, i18n, &data.page.items).into(),
        paging(site, i18n, &data.page, at).into(),
    ])
}

/// Documents as a list; nothing if there are none.
pub fn entries(site: Site, i18n: I18n, items: &[DocumentEntry]) -> Option<View> {
    let rows = items.iter().map(|item| entry(site, i18n, item));
    (!items.is_empty()).then(|| {
        el("ul").class("document-list").attr("role", "list").child(rows.collect::<View>()).into()
    })
}

fn entry(site: Site, i18n: I18n, entry: &DocumentEntry) -> Element {
    let lang = i18n.lang();
    let foreign = (entry.lang != lang).then(|| site.language(&entry.lang).0);
    let href = site.href(lang, Page::Document(entry.key.clone()));
    let link = el("a").attr("href", href).attr("lang", foreign).child(entry.title.clone());
    let issued = entry.issued.map(|day| i18n.day(day));
    let issuer = entry.issuer.as_ref().map(|issuer| issuer.name.clone());
    let about: Vec<String> = issued.into_iter().chain(issuer).collect();
    let meta = el("p")
        .class("meta")
        .child(about.join(" · "))
        .child(" ")
        .child(status_label(i18n, entry.status));
    el("li")
        .class("document-entry")
        .child(el("p").class("document-number").child(title(i18n, entry)))
        .child(el("h2").child(link))
        .child(meta)
}

/// The form stays in place while the list changes; without script it is a plain GET form.
fn filters(site: Site, i18n: I18n, data: Shown<DocumentsData>) -> Element {
    let navigate = use_context::<Navigate>();
    let all = move || site.href(i18n.lang(), Page::Documents(DocumentFilter::default()));
    let submit = move |event: Event| {
        event.prevent_default();
        let value = |name| ui::field(&event, name).filter(|value| !value.is_empty());
        let filter = DocumentFilter {
            query: value("q").unwrap_or_default(),
            kind: value("kind"),
            issuer: value("issuer"),
            field: value("field"),
            year: value("year"),
            status: value("status"),
            cursor: None,
        };
        if let Some(navigate) = navigate {
            navigate.to(Route { lang: i18n.lang(), page: Page::Documents(filter) });
        }
    };
    let query =
        Memo::new(move |_| data.get().map(|data| data.filter.query.clone()).unwrap_or_default());
    let label = el("label")
        .class("wide")
        .child(el("span").child(live(i18n.t(msg::DOCUMENTS_QUERY))))
        .child(query_field(query));
    let apply = el("button").attr("type", "submit").child(live(i18n.t(msg::DOCUMENTS_APPLY)));
    let missing = live(move || {
        let is_missing = data.get()?.register.is_none();
        is_missing.then(|| el("p").class("wide hint").child(i18n.text(msg::FAILURE_PART)))
    });
    let reset = el("a").live_attr("href", all).child(live(i18n.t(msg::DOCUMENTS_RESET)));
    el("form")
        .class("filters")
        .live_attr("action", all)
        .attr("method", "get")
        .on("submit", submit)
        .child(label)
        .child(CHOICES.iter().map(|choice| choose(i18n, data, choice)).collect::<View>())
        .child(missing)
        .child(el("p").class("actions").child(apply).child(reset))
}

/// A filter of which one value, or none, is chosen.
struct Choice {
    /// The field of the form.
    name: &'static str,
    label: Msg,
    chosen: fn(&DocumentFilter) -> Option<&str>,
    /// What there is to choose from: value and words.
    options: fn(I18n, &Register) -> Vec<(String, String)>,
}

const CHOICES: [Choice; 5] = [
    Choice {
        name: "kind",
        label: msg::DOCUMENTS_KIND,
        chosen: |filter| filter.kind.as_deref(),
        options: |i18n, register| {
            let option =
                |kind: &DocumentKind| (kind.wire().to_owned(), i18n.text(kind_name(*kind)));
            register.kinds.iter().map(option).collect()
        },
    },
    Choice {
        name: "issuer",
        label: msg::DOCUMENTS_ISSUER,
        chosen: |filter| filter.issuer.as_deref(),
        options: |_, register| terms(&register.issuers),
    },
    Choice {
        name: "field",
        label: msg::DOCUMENTS_FIELD,
        chosen: |filter| filter.field.as_deref(),
        options: |_, register| terms(&register.fields),
    },
    Choice {
        name: "year",
        label: msg::DOCUMENTS_YEAR,
        chosen: |filter| filter.year.as_deref(),
        options: |_, register| {
            register.years.iter().map(|year| (year.to_string(), year.to_string())).collect()
        },
    },
    Choice {
        name: "status",
        label: msg::DOCUMENTS_STATUS,
        chosen: |filter| filter.status.as_deref(),
        options: |i18n, _| {
            let option = |status: &DocumentStatus| {
                (status.wire().to_owned(), i18n.text(status_name(*status)))
            };
            DocumentStatus::ALL.iter().map(option).collect()
        },
    },
];

fn terms(terms: &[Term]) -> Vec<(String, String)> {
    terms.iter().map(|term| (term.id.clone(), term.name.clone())).collect()
}

fn choose(i18n: I18n, data: Shown<DocumentsData>, choice: &'static Choice) -> Element {
    let options = move || {
        let register = data.get();
        let register = register.as_ref().and_then(|data| data.register.as_ref());
        register.map(|register| (choice.options)(i18n, register)).unwrap_or_default()
    };
    // Without the words: another language must not undo what the reader has chosen but not applied.
    let values = Memo::new(move |_| {
        let chosen = data.get();
        let chosen = chosen.and_then(|data| (choice.chosen)(&data.filter).map(str::to_owned));
        let values = options().into_iter().map(|(value, _)| value);
        let mut values: Vec<_> =
            values.map(|value| (chosen.as_ref() == Some(&value), value)).collect();
        // What the address asks for stays in force, known or not.
        if let Some(chosen) = chosen
            && !values.iter().any(|(is_chosen, _)| *is_chosen)
        {
            values.push((true, chosen));
        }
        values
    });
    let options = live(move || {
        let items = values.get().into_iter().map(|(is_chosen, value)| {
            let option = el("option").attr("value", value.clone()).attr("selected", is_chosen);
            let words = move || {
                let known = options().into_iter().find(|(other, _)| *other == value);
                known.map_or_else(|| value.clone(), |(_, words)| words)
            };
            option.child(live(words))
        });
        items.collect::<View>()
    });
    let any = el("option").attr("value", "").child(live(i18n.t(msg::DOCUMENTS_ANY)));
    let select = el("select").attr("name", choice.name).child(any).child(options);
    el("label").child(el("span").child(live(i18n.t(choice.label)))).child(select)
}
