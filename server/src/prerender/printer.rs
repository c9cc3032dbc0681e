//! Prints one page after the other, on threads of its own.

use std::{collections::HashMap, sync::Arc};

use haidang::{
    head::MARK,
    i18n::Messages,
    printed::{self, Printed},
};
use haidang_engine::{
    lang::Lang,
    profile::{Failure, Portal},
    route::{Route, Scope},
};
use serde_json::Value;
use tokio_util::task::LocalPoolHandle;

use super::{
    links::links,
    patient::{Asking, Patient, Trouble},
    place,
    site::digest,
};
use crate::{print::document, shell::escape};

/// What pages are printed from.
pub struct Printer {
    /// Where the portal will be; ends with `/`.
    pub home: String,
    /// index.html, below the portal's base.
    pub index: String,
    /// What the app says, by language.
    pub words: HashMap<Lang, Arc<Messages>>,
    /// Who answers.
    pub patient: Arc<Patient>,
    /// Views stay on the thread they are made on.
    pub threads: LocalPoolHandle,
    /// The portal's languages.
    pub languages: Vec<Lang>,
    /// The ids of its sources.
    pub sources: Vec<String>,
}

/// A printed page.
pub struct Page {
    /// The address it should have: that of the version shown, with the words at its end as they are now.
    pub shown: Route,
    /// Whether there is such a page.
    pub is_found: bool,
    /// Whether it says that its article was taken back.
    pub is_withdrawn: bool,
    /// The document.
    pub html: String,
    /// What becomes of a link to it that is pasted elsewhere, in a file of its own.
    pub card: Option<String>,
    /// Of what it says, whenever that was asked.
    pub digest: String,
    /// The pages it leads to.
    pub links: Vec<Route>,
}

impl Printer {
    /// The portal, offering what is there.
    pub fn portal(&self) -> &Arc<Portal> {
        self.patient.portal()
    }

    /// What addresses of the portal are read by.
    pub fn scope(&self) -> Scope<'_> {
        Scope { languages: &self.languages, sources: &self.sources }
    }

    /// Prints the page at `route`. A page that lacks what a backend should have given has failed.
    pub async fn print(self: Arc<Self>, route: Route) -> Result<Page, Trouble> {
        let own = |cause: &str| Trouble { cause: cause.to_owned(), is_away: false };
        let printer = self.clone();
        let printing = self.threads.spawn_pinned(move || async move {
            let Some(words) = printer.words.get(&route.lang).cloned() else {
                return Err(own("there are no words in this language"));
            };
            let asking = Arc::new(Asking::new(printer.patient.clone()));
            let portal = printer.portal().clone();
            let printed =
                printed::print(portal, words, &route, &printer.home, asking.clone()).await;
            if let Some(trouble) = asking.trouble() {
                return Err(trouble);
            }
            let printed = printed.map_err(|failure| of(&failure))?;
            printer
                .page(&route, printed)
                .ok_or_else(|| own("index.html is not the document that the build makes"))
        });
        printing.await.unwrap_or_else(|error| Err(own(&format!("it cannot be printed: {error}"))))
    }

    /// The page that was asked for as `route`.
    fn page(&self, route: &Route, mut printed: Printed) -> Option<Page> {
        // Whatever address it has, it is one page with one card.
        let card = printed.card.take().zip(place::file(&printed.route));
        let card = card.map(|(card, file)| {
            let href = escape(&[self.home.as_str(), &place::card(&file)].concat());
            printed.head += &format!(
                "<link {MARK} rel=\"alternate\" type=\"application/json+oembed\" href=\"{href}\">"
            );
            card.to_string()
        });
        let html = document(&self.index, &printed)?;
        let Printed { title, lang, head, body, data, .. } = &printed;
        let said = timeless(data).to_string();
        let all = [&self.index, title, lang, head, body, &said].map(String::as_str);
        let digest = digest(all.into_iter().chain(card.as_deref()));
        let links = links(body, &self.scope());
        let card = card.filter(|_| printed.route == *route);
        let Printed { route, is_found, is_withdrawn, .. } = printed;
        Some(Page { shown: route, is_found, is_withdrawn, html, card, digest, links })
    }
}

fn of(failure: &Failure) -> Trouble {
    Trouble { cause: failure.to_string(), is_away: failure.is_transient() }
}

/// What the data of a page says, whenever it was fetched and in whatever order it came.
fn timeless(data: &Value) -> Value {
    let answers = data.get("answers").and_then(Value::as_array).into_iter().flatten();
    let mut said: Vec<(&str, &Value)> = answers
        .filter_map(|answer| Some((answer.get("key")?.as_str()?, answer.get("value")?)))
        .collect();
    said.sort_by_key(|(key, _)| *key);
    said.into_iter().map(|(key, value)| Value::from(vec![key.into(), value.clone()])).collect()
}
