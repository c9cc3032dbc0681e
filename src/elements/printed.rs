//! What an element shows, as HTML: printed natively by the views that the app has, and put in place by the element's
//! script before the app is there, or where none is needed.

use std::sync::Arc;

use haidang_engine::{
    lang::Lang,
    model::ThreadPage,
    profile::{Operation, Portal},
};
use leptos::prelude::*;

use super::{
    asked::{Asked, Kind},
    content::{Shows, load_list, place},
};
use crate::{
    backend::{Backend, Loader},
    i18n::{I18n, Messages},
    preferences::Preferences,
    site::Site,
    thread,
    view::{View, el},
};

/// The language that an element is printed in: what the page around says, then what the browser does. What a reader
/// has chosen only their browser knows.
pub fn language(asked: &Asked, portal: &Portal) -> Lang {
    let wanted: Vec<Lang> = asked.lang.iter().chain(&asked.reads).cloned().collect();
    portal.best_language(&wanted)
}

/// Prints what is asked for; `backend` answers. The error says what is wrong, also of what is not printed.
pub async fn print(
    portal: Arc<Portal>,
    messages: Arc<Messages>,
    asked: &Asked,
    backend: Arc<dyn Backend>,
) -> Result<String, String> {
    let lang = messages.lang().clone();
    let loader = Loader::native(portal.clone(), lang.clone(), backend);
    let shows: Shows = match asked.kind {
        Kind::Article => return Err("an article's text needs the app".to_owned()),
        Kind::Headlines => load_list(asked, &loader).await?,
        Kind::Comments => {
            let place = place(asked, &loader).await?;
            let operation = Operation::comments(&place.id);
            let page = loader.ask::<ThreadPage>(&place.source, &operation).await;
            let page = page.map_err(|failure| format!("the comments: {failure}"))?;
            Box::new(move |site, i18n| thread::printed::thread(site, i18n, place, page).into())
        }
    };
    let accents = [&portal.theme.accent, &portal.theme.accent_dark];
    let accents = accents.map(|accent| accent.as_deref().unwrap_or_default()).join(" ");
    let owner = Owner::new();
    let html = owner.with(|| {
        let i18n = I18n::new(messages, &portal.timezone);
        let site = Site::new(portal.clone(), asked.portal.clone(), Preferences::default());
        let site = site.deeper(asked.deeper());
        provide_context(site);
        provide_context(i18n);
        let content = el("div")
            .class("hd")
            .attr("part", "content")
            .attr("lang", Site::tag(&portal, &lang))
            .attr("data-accents", accents)
            .child(shows(site, i18n));
        View::from(content).to_html()
    });
    owner.cleanup();
    Ok(html)
}
