//! Who the reader is to a thread: the token that this browser made up, and the portal's own word.
//!
//! The token is a secret kept under `haidang:{portal}:author`. It is made when something is first
//! written, not before: whoever only reads stays nobody, and gets the answers that everybody gets.

use std::{cell::RefCell, sync::Arc};

use haidang_engine::{
    json,
    profile::{Portal, Reader},
    read::{Node, Read, ReadError, read},
};
use leptos::prelude::window;
use serde_json::json;

use crate::{
    backend::told,
    preferences::{keep, storage},
};

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

thread_local! {
    /// The token where the browser keeps nothing: as long as the page.
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
    /// What elements were told, and of which portal.
    static ASSERTIONS: RefCell<Vec<(Arc<Portal>, String)>> = const { RefCell::new(Vec::new()) };
}

/// What is kept.
struct Author(String);

impl Read for Author {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self(object.field("token")?))
    }
}

/// Who asks, as far as anything is known of them.
pub fn reader(portal: &Portal) -> Reader {
    Reader { token: token(&portal.id), assertion: assertion(portal) }
}

/// Who writes: from now on they have a token.
pub fn author(portal: &Portal) -> Reader {
    let known = reader(portal);
    if known.token.is_some() {
        return known;
    }
    let token = random();
    if !keep(&place(&portal.id), &json!({ "version": VERSION, "token": token })) {
        TOKEN.set(Some(token.clone()));
    }
    Reader { token: Some(token), ..known }
}

fn token(portal: &str) -> Option<String> {
    let kept = storage().and_then(|storage| storage.get_item(&place(portal)).ok().flatten());
    let kept = kept.and_then(|text| json::parse(&text).ok());
    let kept = kept.and_then(|value| read::<Author>(&value, "author", "").0.ok());
    kept.map(|author| author.0).or_else(|| TOKEN.with_borrow(Clone::clone))
}

fn place(portal: &str) -> String {
    format!("haidang:{portal}:author")
}

/// What the page around an element says to a portal of who is signed in, from now on: a JWT, kept nowhere; empty
/// if nobody is any more.
pub fn assert(portal: &Arc<Portal>, assertion: String) {
    ASSERTIONS.with_borrow_mut(|all| {
        all.retain(|(known, _)| !is_same(known, portal));
        all.push((portal.clone(), assertion));
    });
}

/// Whether what is meant for one portal may be told to the other: an id alone is what anybody may claim.
fn is_same(one: &Portal, other: &Portal) -> bool {
    one.id == other.id && one.sources == other.sources
}

/// What the page around the app says of who is signed in: to an element, or as `window.haidang.assertion`, a
/// JWT.
pub fn assertion(portal: &Portal) -> Option<String> {
    let asserted = ASSERTIONS.with_borrow(|all| {
        let known = all.iter().find(|(known, _)| is_same(known, portal));
        known.map(|(_, assertion)| assertion.clone())
    });
    let asserted = asserted.or_else(|| told("assertion")?.as_string());
    asserted.filter(|assertion| !assertion.is_empty())
}

/// 160 random bits, as letters and digits.
pub fn random() -> String {
    let mut bytes = [0_u8; 20];
    let filled =
        window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        // Every browser of the floor has it; without it, keys still must not repeat.
        for byte in &mut bytes {
            #[expect(clippy::as_conversions, reason = "within 0 to 255")]
            {
                *byte = (js_sys::Math::random() * 256.0) as u8;
            }
        }
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
