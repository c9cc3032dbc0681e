//! The portal's views as elements of somebody else's page.
//!
//! Here there are no custom elements: the script `embed/embed.js` defines those, and hands over a place in a
//! shadow root and what is wanted there ([`Asked`]). One instance of the app serves all elements of a page;
//! each has an owner of its own for its signals, and leaves nothing behind.
//!
//! - `asked`: what an element shall show
//! - `portal`: the portals and words that elements of a page share; `once`: what is asked for once
//! - `content`: what an element loads, and how that looks: the views of the site; `printed`: the same as HTML, natively

mod asked;
mod content;
mod once;
mod portal;
#[cfg(not(target_arch = "wasm32"))]
pub mod printed;

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use js_sys::Function;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, Element};

pub use asked::{Asked, Kind};
use content::Content;

use crate::{
    host::{Host, Told, Wish},
    i18n::I18n,
    preferences::Preferences,
    site::Site,
    thread,
    view::{Mounted, build_whole, mount as put},
};

/// Says to the page around what became of an element: `ready`, `here`, `failed` or `posted`, and more about it.
type Tell = Function;

/// An element on the page.
struct Placed {
    place: Element,
    tell: Tell,
    asked: Asked,
    host: Host,
    /// Ends what is asked for when something else is wanted.
    asking: Option<AbortController>,
    /// What it shows.
    shown: Option<Shown>,
}

struct Shown {
    asked: Asked,
    i18n: I18n,
    mounted: Option<Mounted>,
    owner: Owner,
}

impl Drop for Shown {
    fn drop(&mut self) {
        // First what follows signals, then the signals.
        self.mounted = None;
        self.owner.cleanup();
    }
}

impl Placed {
    /// The words of what is shown, if other words are all it takes to show what is asked for: that of a thread, to the
    /// same reader, while nothing else is on its way.
    fn spoken(&mut self) -> Option<I18n> {
        let Self { asked, asking: None, shown: Some(shown), .. } = self else { return None };
        let Asked { lang, assertion, .. } = asked.clone();
        let is_known = shown.asked.is_known() == asked.is_known();
        let is_same = is_known && Asked { lang, assertion, ..shown.asked.clone() } == *asked;
        (is_same && asked.kind == Kind::Comments).then_some(shown.i18n)
    }
}

thread_local! {
    static ALL: RefCell<HashMap<u32, Placed>> = RefCell::default();
    static LAST: RefCell<u32> = const { RefCell::new(0) };
}

/// Shows in `place` what is asked for; gives the number that the others go by.
pub fn mount(place: Element, asked: Asked, tell: Function) -> u32 {
    // What is below an element is the page's: it moves once.
    build_whole(true);
    let id = LAST.with_borrow_mut(|last| {
        *last += 1;
        *last
    });
    let told = tell.clone();
    let host = Host::new(move |what| match what {
        Told::Here { came } => say(&told, "here", if came { "came" } else { "" }),
        Told::Posted(comment) => say(&told, "posted", comment),
    });
    let placed = Placed { place, tell, asked, host, asking: None, shown: None };
    ALL.with_borrow_mut(|all| all.insert(id, placed));
    load(id);
    id
}

/// Shows what is asked for now in the place of what was. Of a thread whose language changes alone, or the token
/// of a reader who is known anyway, what is typed stays.
pub fn update(id: u32, asked: Asked) {
    let before = with(id, |placed| std::mem::replace(&mut placed.asked, asked.clone()));
    if before.is_none_or(|before| before == asked) {
        return;
    }
    // What the page wishes from now on is meant for what comes.
    with(id, |placed| {
        if placed.shown.as_ref().is_some_and(|shown| !shown.asked.is_about(&asked)) {
            placed.host.rest();
        }
    });
    match with(id, Placed::spoken).flatten() {
        Some(_) => spawn_local(speak(id, asked)),
        None => load(id),
    }
}

/// Asks for what is new.
pub fn refresh(id: u32) {
    let is_thread = with(id, |placed| {
        let is_thread = placed.shown.is_some() && placed.asked.kind == Kind::Comments;
        is_thread.then(|| placed.host.clone())
    });
    match is_thread.flatten() {
        Some(host) => host.wish(Wish::Refresh),
        None => load(id),
    }
}

/// Goes to a comment, as soon as there is a thread.
pub fn show_comment(id: u32, comment: String) {
    if let Some(host) = with(id, |placed| placed.host.clone()) {
        host.wish(Wish::Show(comment));
    }
}

/// Takes an element away, with all that it has begun.
pub fn unmount(id: u32) {
    // Out of the table first: what is dropped may call back.
    let placed = ALL.with_borrow_mut(|all| all.remove(&id));
    let Some(placed) = placed else { return };
    if let Some(asking) = &placed.asking {
        asking.abort();
    }
    drop(placed.shown);
    placed.place.set_text_content(None);
}

fn with<T>(id: u32, f: impl FnOnce(&mut Placed) -> T) -> Option<T> {
    ALL.with_borrow_mut(|all| all.get_mut(&id).map(f))
}

/// Loads what is asked for, and shows it when it is there. Until then what was shown stays; if it does not come,
/// only what is of the same thing.
fn load(id: u32) {
    let Ok(asking) = AbortController::new() else { return };
    let begun = with(id, |placed| {
        let before = placed.asking.replace(asking.clone());
        (before, placed.asked.clone())
    });
    let Some((before, asked)) = begun else { return };
    if let Some(before) = before {
        before.abort();
    }
    if asked.kind == Kind::Comments {
        thread::prefetch();
    }
    spawn_local(async move {
        let signal = asking.signal();
        let content = content::load(&asked, &signal).await;
        // Something else may be wanted by now, or nothing.
        if !signal.aborted() {
            show(id, content);
        }
    });
}

/// Puts what has come in its place.
fn show(id: u32, content: Result<Content, String>) {
    let Some((place, tell, asked, host)) = with(id, |placed| {
        placed.asking = None;
        let host = placed.host.clone();
        (placed.place.clone(), placed.tell.clone(), placed.asked.clone(), host)
    }) else {
        return;
    };
    let content = match content {
        Ok(content) => content,
        Err(cause) => {
            let is_other = |shown: &mut Shown| !shown.asked.is_about(&asked);
            let before = with(id, |placed| placed.shown.take_if(is_other)).flatten();
            if before.is_some() {
                host.rest();
                drop(before);
                place.set_text_content(None);
            }
            return say(&tell, "failed", &cause);
        }
    };
    let portal = content.portal.clone();
    // A name that is one can be set.
    let _ = place.set_attribute("lang", &content.tag());
    let owner = Owner::new();
    host.rest();
    let before = with(id, |placed| placed.shown.take());
    drop(before);
    place.set_text_content(None);
    let shown = owner.with(|| {
        let i18n = I18n::new(content.messages.clone(), &portal.timezone);
        let site = Site::new(portal.clone(), asked.portal.clone(), Preferences::default());
        let site = site.deeper(asked.deeper());
        site.address.set(address_of_page());
        let mounted = put(&place, || {
            provide_context(site);
            provide_context(i18n);
            provide_context(host);
            content.view(site, i18n)
        });
        Shown { asked, i18n, mounted: Some(mounted), owner: owner.clone() }
    });
    with(id, |placed| placed.shown = Some(shown));
    let accents = [&portal.theme.accent, &portal.theme.accent_dark];
    let accents = accents.map(|accent| accent.as_deref().unwrap_or_default()).join(" ");
    say(&tell, "ready", &accents);
}

/// Says the same in another language, or to the same reader.
async fn speak(id: u32, asked: Asked) {
    let Ok(portal) = portal::portal(&asked.portal).await else { return };
    content::identify(&asked, &portal);
    let Ok(messages) = portal::words(&asked, &portal).await else { return };
    // Something else may be wanted by now, or shown.
    let spoken = with(id, |placed| {
        let i18n = placed.spoken().filter(|_| placed.asked == asked)?;
        Some((placed.place.clone(), i18n))
    });
    let Some((place, i18n)) = spoken.flatten() else { return };
    let tag = Site::tag(&portal, messages.lang());
    i18n.speak(Arc::clone(&messages));
    let _ = place.set_attribute("lang", &tag);
}

fn say(tell: &Tell, what: &str, more: &str) {
    // What the page's script does with it is caught there.
    let _ = tell.call2(&JsValue::NULL, &what.into(), &more.into());
}

/// The address of the page around, without its fragment: links to places of an element begin so.
fn address_of_page() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}
