//! One document of the register.

use haidang_engine::{
    lang::Lang,
    model::{Document, DocumentEntry, DocumentKind, DocumentRef, DocumentStatus, Key},
    profile::{Failure, Operation},
    route::Page,
};
use leptos::prelude::*;

use super::{Loaded, PageData, Shown};
use crate::{
    backend::Loader,
    i18n::{I18n, Msg, msg},
    site::{Site, use_site},
    ui,
    view::{Element, View, el, live},
};

/// A document.
pub struct DocumentData {
    /// As the backend gave it.
    pub document: Document,
    /// The language it was asked for in.
    pub asked: Lang,
}

impl PageData for DocumentData {
    fn identity(&self) -> String {
        format!("document:{}", self.document.entry.key.id)
    }

    fn title(&self, i18n: I18n) -> String {
        title(i18n, &self.document.entry)
    }

    fn description(&self, _: I18n) -> Option<String> {
        self.document.summary.clone()
    }

    /// A title in another language than the one asked for says that it lacks that one; of others
    /// nothing is known.
    fn version(&self, lang: &Lang) -> Option<(Page, bool)> {
        let entry = &self.document.entry;
        let is_missing = *lang == self.asked && *lang != entry.lang;
        Some((Page::Document(entry.key.clone()), !is_missing))
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }
}

/// Asks for the document.
pub async fn load(loader: &Loader, key: &Key) -> Result<DocumentData, Failure> {
    let document = loader.ask(&key.source, &Operation::Document(key.id.clone())).await?;
    Ok(DocumentData { document, asked: loader.lang.clone() })
}

/// Kind and number, as a document is called.
pub fn title(i18n: I18n, entry: &DocumentEntry) -> String {
    format!("{} {}", i18n.text(kind_name(entry.kind)), entry.number)
}

/// The name of a kind of act.
pub fn kind_name(kind: DocumentKind) -> Msg {
    match kind {
        DocumentKind::Decision => msg::DOCUMENTS_KIND_DECISION,
        DocumentKind::Resolution => msg::DOCUMENTS_KIND_RESOLUTION,
        DocumentKind::Directive => msg::DOCUMENTS_KIND_DIRECTIVE,
        DocumentKind::Notice => msg::DOCUMENTS_KIND_NOTICE,
        DocumentKind::Plan => msg::DOCUMENTS_KIND_PLAN,
        DocumentKind::Circular => msg::DOCUMENTS_KIND_CIRCULAR,
    }
}

/// The name of a status.
pub fn status_name(status: DocumentStatus) -> Msg {
    match status {
        DocumentStatus::InForce => msg::DOCUMENTS_STATUS_IN_FORCE,
        DocumentStatus::Amended => msg::DOCUMENTS_STATUS_AMENDED,
        DocumentStatus::Replaced => msg::DOCUMENTS_STATUS_REPLACED,
        DocumentStatus::Expired => msg::DOCUMENTS_STATUS_EXPIRED,
        DocumentStatus::NotYet => msg::DOCUMENTS_STATUS_NOT_YET,
    }
}

/// The status, marked for its colour.
pub fn status_label(i18n: I18n, status: DocumentStatus) -> Element {
    let text = i18n.text(status_name(status));
    el("span").class("label").attr("data-status", status.wire()).child(text)
}

/// The document's particulars, its summary and files.
fn view(data: Shown<DocumentData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    live(move || data.get().map(|data| document(site, i18n, &data.document)))
}

fn document(site: Site, i18n: I18n, document: &Document) -> Element {
    let entry = &document.entry;
    let foreign = (entry.lang != i18n.lang()).then(|| site.language(&entry.lang).0);
    let head = el("header")
        .class("page-head")
        .child(el("p").class("document-number").child(title(i18n, entry)))
        .child(el("h1").attr("lang", foreign.clone()).child(entry.title.clone()))
        .child(el("p").child(status_label(i18n, entry.status)));
    let facts =
        el("dl").class("facts").child(facts(i18n, document)).child(links(site, i18n, document));
    let summary = document.summary.clone().map(|text| {
        let title = el("h2").child(i18n.text(msg::DOCUMENTS_ABSTRACT));
        el("section").child(title).child(el("p").attr("lang", foreign.clone()).child(text))
    });
    let files = (!document.files.is_empty()).then(|| {
        let title = el("h2").child(i18n.text(msg::DOCUMENTS_FILES));
        el("section").class("files").child(title).child(ui::files(i18n, &document.files, foreign))
    });
    el("article").class("document").child(head).child(facts).child(summary).child(files)
}

fn facts(i18n: I18n, document: &Document) -> View {
    let entry = &document.entry;
    let facts = [
        (msg::DOCUMENTS_ISSUER, entry.issuer.as_ref().map(|issuer| issuer.name.clone())),
        (msg::DOCUMENTS_SIGNER, document.signer.clone()),
        (msg::DOCUMENTS_ISSUED, entry.issued.map(|day| i18n.day(day))),
        (msg::DOCUMENTS_EFFECTIVE, document.effective.map(|day| i18n.day(day))),
        (msg::DOCUMENTS_EXPIRES, document.expires.map(|day| i18n.day(day))),
        (msg::DOCUMENTS_FIELD, entry.field.as_ref().map(|field| field.name.clone())),
    ];
    let facts = facts.into_iter().filter_map(|(label, fact)| {
        Some(el("div").child(el("dt").child(i18n.text(label))).child(el("dd").child(fact?)))
    });
    facts.collect()
}

/// What the document does to others, and others to it.
fn links(site: Site, i18n: I18n, document: &Document) -> View {
    let links = [
        (msg::DOCUMENTS_AMENDS, &document.amends),
        (msg::DOCUMENTS_REPLACES, &document.replaces),
        (msg::DOCUMENTS_AMENDED_BY, &document.amended_by),
        (msg::DOCUMENTS_REPLACED_BY, &document.replaced_by),
    ];
    let links = links.into_iter().filter(|(_, to)| !to.is_empty()).map(|(label, to)| {
        let items = to.iter().map(|other| reference(site, i18n, &document.entry, other));
        el("div").child(el("dt").child(i18n.text(label))).child(items.collect::<View>())
    });
    links.collect()
}

/// Another document of the register of `of`, in whose language it is named.
fn reference(site: Site, i18n: I18n, of: &DocumentEntry, document: &DocumentRef) -> Element {
    let href = site.document(i18n.lang(), &of.key.source, &document.id);
    let link = el("a").attr("href", href).child(document.number.clone());
    let foreign = (of.lang != i18n.lang()).then(|| site.language(&of.lang).0);
    let title = el("span").attr("lang", foreign).child(document.title.clone());
    el("dd").child(link).child(" ").child(title)
}
