//! Languages of the interface: the messages in force, plurals, numbers and dates.

#[cfg(target_arch = "wasm32")]
mod ago;
mod dates;
#[cfg(target_arch = "wasm32")]
mod intl;
mod messages;
#[cfg(not(target_arch = "wasm32"))]
mod names;
mod numbers;
mod zone;

use std::sync::Arc;

use haidang_engine::{
    lang::Lang,
    time::{Date, Timestamp},
};
use leptos::prelude::*;
use serde_json::Value;

pub use messages::{Messages, Msg, msg};
pub use zone::Zone;

/// What the interface speaks now. Every view reads its words through it and follows when it changes.
#[derive(Clone, Copy)]
pub struct I18n {
    messages: RwSignal<Arc<Messages>>,
    zone: StoredValue<Zone>,
}

impl I18n {
    /// Speaks `messages`; dates are those of `timezone` (an IANA name).
    pub fn new(messages: Arc<Messages>, timezone: &str) -> Self {
        Self { messages: RwSignal::new(messages), zone: StoredValue::new(Zone::new(timezone)) }
    }

    /// What its clocks show was known where a page was printed ([`Zone::learned`]).
    pub fn learn_clocks(self, learned: &Value) {
        self.zone.with_value(|zone| zone.learn(learned));
    }

    /// What its clocks have been asked for so far.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn clocks(self) -> Value {
        self.zone.with_value(Zone::learned)
    }

    /// From here on speaks `messages`.
    pub fn speak(self, messages: Arc<Messages>) {
        // Said in the same words, nothing is said anew.
        if !self.messages.with_untracked(|known| Arc::ptr_eq(known, &messages)) {
            self.messages.set(messages);
        }
    }

    /// The words in force.
    pub fn messages(self) -> Arc<Messages> {
        self.messages.get_untracked()
    }

    /// The language of the interface.
    pub fn lang(self) -> Lang {
        self.messages.with(|messages| messages.lang().clone())
    }

    /// A message, now. Tracks the language.
    pub fn text(self, msg: Msg) -> String {
        self.messages.with(|messages| messages.text(msg).to_owned())
    }

    /// A message, as a view that follows the language.
    pub fn t(self, msg: Msg) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || self.text(msg)
    }

    /// A message with `{name}`s filled in.
    pub fn fill(self, msg: Msg, values: &[(&str, &str)]) -> String {
        self.messages.with(|messages| fill(messages.text(msg), values))
    }

    /// A message in the plural form of `count`, whose number replaces `{n}`.
    pub fn plural(self, msg: Msg, count: u32) -> String {
        self.messages.with(|messages| {
            let category = numbers::plural(messages.lang(), count);
            let number = numbers::format(messages.lang(), f64::from(count));
            fill(messages.plural(msg, &category), &[("n", &number)])
        })
    }

    /// What the language `tag` is called in a sentence in the language of the interface; `own`, its name in
    /// itself, where that is not known.
    pub fn language_name(self, tag: &str, own: &str) -> String {
        #[cfg(target_arch = "wasm32")]
        use intl::language_name;
        #[cfg(not(target_arch = "wasm32"))]
        use names::language_name;

        let name = self.messages.with(|words| language_name(tag, words.lang().as_str()));
        name.unwrap_or_else(|| own.to_owned())
    }

    /// A file's size, e.g. `1,4 MB`.
    pub fn size(self, bytes: u64) -> String {
        self.messages.with(|messages| numbers::size(messages.lang(), bytes))
    }

    /// An instant in full, as a newspaper of the language prints it.
    pub fn instant(self, at: Timestamp) -> String {
        self.zone
            .with_value(|zone| self.messages.with(|messages| dates::instant(messages, zone, at)))
    }

    /// How long before `now` an instant was, in words, if that was within a week; natively never.
    pub fn ago(self, at: Timestamp, now: Timestamp) -> Option<String> {
        #[cfg(target_arch = "wasm32")]
        let ago = self.messages.with(|messages| ago::ago(messages.lang(), (at.0 - now.0) / 1_000));
        #[cfg(not(target_arch = "wasm32"))]
        let ago = None::<String>.filter(|_| at == now);
        ago
    }

    /// The day of an instant, short.
    pub fn day_of(self, at: Timestamp) -> String {
        self.zone
            .with_value(|zone| self.messages.with(|messages| dates::day_of(messages, zone, at)))
    }

    /// A calendar day, short.
    pub fn day(self, date: Date) -> String {
        self.messages.with(|messages| dates::day(messages, date))
    }

    /// The clock time of an instant, e.g. `14:30`.
    pub fn clock(self, at: Timestamp) -> String {
        self.zone.with_value(|zone| dates::clock(zone, at))
    }
}

/// The [`I18n`] of the surrounding app or element.
pub fn use_i18n() -> I18n {
    use_context().unwrap_or_else(|| I18n::new(Arc::default(), "UTC"))
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let named = tail.split_once('}').and_then(|(name, after)| {
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value, after))
        });
        match named {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn names_are_filled_in_any_order() {
        assert_eq!(fill("{b} of {a}", &[("a", "12"), ("b", "3")]), "3 of 12");
        assert_eq!(fill("a {brace} and { and {a", &[("a", "x")]), "a {brace} and { and {a");
    }
}
