//! Instants as readers see them, with the machine's form beside.

use haidang_engine::time::Timestamp;

use crate::{
    i18n::I18n,
    view::{Element, el},
};

/// The day of an instant, short.
pub fn day(i18n: I18n, at: Timestamp) -> Element {
    time(at, i18n.day_of(at))
}

/// An instant in full.
pub fn instant(i18n: I18n, at: Timestamp) -> Element {
    time(at, i18n.instant(at))
}

fn time(at: Timestamp, text: String) -> Element {
    el("time").attr("datetime", at.to_string()).child(text)
}
