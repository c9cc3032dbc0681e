//! What the button does that saves an article; behind a door (see [`super::save`]).

use futures::future::LocalBoxFuture;
use haidang_engine::{kept::Saved, model::Headline};
use leptos::prelude::*;

use super::failure_text;
use crate::{
    i18n::{I18n, msg},
    offline::{Trouble, saved},
    site::Site,
};

/// How the part is entered: saves an article, or lets it go; gives what is to be said of it.
pub type Press = fn(Site, I18n, Headline, bool) -> LocalBoxFuture<'static, String>;

/// Saves the article, or lets it go if the reader saw that it `was_saved`; nothing is to be said if that worked.
pub fn press(
    site: Site,
    i18n: I18n,
    headline: Headline,
    was_saved: bool,
) -> LocalBoxFuture<'static, String> {
    let portal = site.portal();
    let langs = untrack(|| site.reads(i18n.lang()));
    Box::pin(async move {
        let done = if was_saved {
            let place = Saved::place(&headline.key.source, &headline.work);
            let is_gone = saved::remove(&portal.id, &place).await;
            if is_gone { Ok(()) } else { Err(Trouble::Denied) }
        } else {
            saved::save(portal, langs, headline).await.map(drop)
        };
        done.err().map(|trouble| trouble_text(i18n, &trouble)).unwrap_or_default()
    })
}

/// Why something is not kept, as a sentence.
pub fn trouble_text(i18n: I18n, trouble: &Trouble) -> String {
    match trouble {
        Trouble::Full => i18n.text(msg::SAVED_FULL),
        Trouble::Denied => i18n.text(msg::SAVED_DENIED),
        Trouble::Failed(failure) => {
            [&i18n.text(msg::SAVED_FAILED), " ", &failure_text(i18n, failure)].concat()
        }
    }
}
