//! `@` and the beginning of a name: the people of the thread to choose from, below the text field.
//!
//! The field keeps the focus and stays a text field; the list is told to screen readers as what the field
//! has at hand (`aria-controls`, `aria-activedescendant`). Nothing happens while an input method is at work.

use std::collections::HashSet;

use haidang_engine::fold::fold;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::discussion::Discussion;
use crate::{
    i18n::msg,
    view::{Element, View, el, live},
};

/// Names that are offered at once.
const MOST: usize = 6;
/// Characters between the `@` and the caret.
const LONGEST: usize = 40;

/// The people on offer in one form.
#[derive(Clone, Copy)]
pub struct Mentions {
    discussion: Discussion,
    /// The `id` of the list.
    id: StoredValue<String>,
    offered: RwSignal<Vec<String>>,
    /// Which of them is chosen.
    chosen: RwSignal<usize>,
}

impl Mentions {
    /// Nobody yet; `form` tells the forms of a page apart.
    pub fn new(discussion: Discussion, form: &str) -> Self {
        Self {
            discussion,
            id: StoredValue::new(format!("people-{form}")),
            offered: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
        }
    }

    /// Tells the field that it has a list at hand.
    pub fn describe(self, field: Element) -> Element {
        let id = self.id.get_value();
        let active = move || {
            let is_open = self.offered.try_with(Vec::is_empty) == Some(false);
            is_open.then(|| self.option_id(self.chosen.get()))
        };
        field
            .attr("aria-autocomplete", "list")
            .attr("aria-controls", id)
            .live_attr("aria-activedescendant", active)
    }

    /// The list, and how many are in it for who does not see it.
    pub fn view(self) -> View {
        let i18n = self.discussion.i18n;
        let options = live(move || {
            let offered = self.offered.try_get().unwrap_or_default();
            let one = |(index, name): (usize, String)| {
                let chosen = move || (self.chosen.get() == index).to_string();
                el("li")
                    .attr("id", self.option_id(index))
                    .attr("role", "option")
                    .attr("dir", "auto")
                    .attr("data-name", name.clone())
                    .live_attr("aria-selected", chosen)
                    .child(name)
            };
            offered.into_iter().enumerate().map(one).collect::<View>()
        });
        let count = live(move || {
            let count = self.offered.try_with(Vec::len).unwrap_or_default();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            (count > 0).then(|| i18n.plural(msg::WRITING_PEOPLE_FOUND, count))
        });
        let list = el("ul")
            .class("people")
            .attr("id", self.id.get_value())
            .attr("role", "listbox")
            .live_attr("aria-label", i18n.t(msg::WRITING_PEOPLE))
            .live_attr("hidden", move || {
                (self.offered.try_with(Vec::is_empty) != Some(false)).then(String::new)
            })
            .child(options);
        let said = el("span").class("visually-hidden").attr("role", "status").child(count);
        View::from([list, said])
    }

    fn option_id(self, index: usize) -> String {
        self.id.with_value(|id| format!("{id}-{index}"))
    }

    /// Looks whether a name is begun at the caret.
    pub fn look(self, field: &HtmlTextAreaElement) {
        let offered = begun(field).map(|(_, name)| self.find(&name)).unwrap_or_default();
        if self.offered.with_untracked(|now| *now != offered) {
            self.chosen.set(0);
            self.offered.set(offered);
        }
    }

    /// Offers nobody.
    pub fn close(self) {
        // A field that leaves the page loses the focus, too.
        if self.offered.try_with_untracked(Vec::is_empty) == Some(false) {
            self.offered.set(Vec::new());
        }
    }

    fn find(self, begun: &str) -> Vec<String> {
        let begun = fold(begun);
        self.discussion.store.with_untracked(|store| {
            let mut seen = HashSet::new();
            let rows = store.rows().iter();
            let names = rows.filter_map(|row| Some(store.comment(row.node)?.author.as_str()));
            let fits = |name: &&str| {
                let name = fold(name);
                // The family name is first in one language and last in another.
                !name.is_empty()
                    && (name.starts_with(&begun)
                        || name.split_whitespace().any(|part| part.starts_with(&begun)))
            };
            let fresh = names.filter(|name| seen.insert(*name));
            fresh.filter(fits).take(MOST).map(ToOwned::to_owned).collect()
        })
    }

    /// Takes a key that is meant for the list; `true` if it was.
    pub fn key(self, event: &KeyboardEvent, field: &HtmlTextAreaElement) -> bool {
        let count = self.offered.with_untracked(Vec::len);
        if count == 0 {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => self.chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" | "Tab" => {
                let chosen = self.chosen.get_untracked();
                let name = self.offered.with_untracked(|names| names.get(chosen).cloned());
                self.take(field, &name.unwrap_or_default());
            }
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    /// Puts a name in the place of what is begun.
    pub fn take(self, field: &HtmlTextAreaElement, name: &str) {
        self.close();
        let (Some((start, _)), Ok(Some(end))) = (begun(field), field.selection_end()) else {
            return;
        };
        let text = format!("@{name} ");
        // As typing would: the browser's undo knows of it.
        let _ = field.set_range_text_with_start_and_end_and_mode(&text, start, end, "end");
        let options = web_sys::CustomEventInit::new();
        options.set_bubbles(true);
        if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict("input", &options) {
            let _ = field.dispatch_event(&event);
        }
    }

    /// The name an option stands for, if an event came from one.
    pub fn pointed(event: &web_sys::Event) -> Option<String> {
        let target: web_sys::Element = event.target()?.dyn_into().ok()?;
        target.closest("[role=option]").ok()??.get_attribute("data-name")
    }
}

/// Where the `@` before the caret stands, in UTF-16, and what follows it.
fn begun(field: &HtmlTextAreaElement) -> Option<(u32, String)> {
    let caret = usize::try_from(field.selection_start().ok()??).ok()?;
    let units: Vec<u16> = field.value().encode_utf16().take(caret).collect();
    let before = String::from_utf16_lossy(&units);
    let (rest, name) = before.rsplit_once('@')?;
    let fits = name.chars().count() <= LONGEST
        && !name.contains('\n')
        && !name.starts_with(' ')
        && !rest.ends_with(|c: char| c.is_ascii_alphanumeric());
    let start = u32::try_from(rest.encode_utf16().count()).ok()?;
    fits.then(|| (start, name.to_owned()))
}
