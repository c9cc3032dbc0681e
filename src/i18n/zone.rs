//! What the clocks of a time zone show.
//!
//! The rules are the browser's (`Intl`, ECMA-402; natively jiff's), which takes a tenth of a second of a weak
//! phone to find them at the first question. What it has said is kept, and a printed page brings what its own
//! dates need: no reader waits for the rules who sees none but those.

use std::sync::{Mutex, MutexGuard, PoisonError};

use haidang_engine::time::Timestamp;
use serde_json::Value;

/// As far as `Date` goes to either side (ECMA-262, 21.4.1.1), in milliseconds.
const FAR: i64 = 8_640_000_000_000_000;

/// A time zone. What is costly to make is made at the first question that needs it.
pub struct Zone {
    name: String,
    /// By when they begin.
    known: Mutex<Vec<Span>>,
    rules: Rules,
}

/// For so long the clocks are not changed (Unix time in milliseconds).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    begin: i64,
    /// Where it is over.
    end: i64,
    /// Minutes east of UTC.
    offset: i32,
}

impl Zone {
    /// The zone of an IANA name; UTC if it is not known here.
    pub fn new(name: &str) -> Self {
        Self::by(Rules::new(name), name)
    }

    /// The zone of an IANA name, if it is known here.
    pub fn known_as(name: &str) -> Option<Self> {
        Rules::known_as(name).map(|rules| Self::by(rules, name))
    }

    fn by(rules: Rules, name: &str) -> Self {
        Self { name: name.to_owned(), known: Mutex::default(), rules }
    }

    /// Minutes east of UTC at an instant.
    pub fn offset(&self, at: Timestamp) -> i32 {
        let mut known = self.known();
        let after = known.partition_point(|span| span.begin <= at.0);
        let before = after.checked_sub(1).and_then(|index| known.get(index));
        if let Some(span) = before.filter(|span| at.0 < span.end) {
            return span.offset;
        }
        let span = self.rules.span(at);
        if span.begin < span.end {
            keep(&mut known, span);
        }
        span.offset
    }

    /// What has been asked so far, for [`Zone::learn`]: `{"zone": NAME, "spans": [[BEGIN, END, OFFSET]]}`.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn learned(&self) -> Value {
        let known = self.known();
        let spans = known.iter().map(|span| serde_json::json!([span.begin, span.end, span.offset]));
        serde_json::json!({ "zone": self.name, "spans": spans.collect::<Vec<_>>() })
    }

    /// Takes in what another has [`learned`](Zone::learned), if it is of this zone.
    pub fn learn(&self, learned: &Value) {
        if learned.get("zone").and_then(Value::as_str) != Some(&self.name) {
            return;
        }
        let spans = learned.get("spans").and_then(Value::as_array);
        let read = |span: &Value| {
            let number = |index| span.get(index).and_then(Value::as_i64);
            let offset = i32::try_from(number(2)?).ok()?;
            Some(Span { begin: number(0)?, end: number(1)?, offset })
        };
        let mut known = self.known();
        spans.into_iter().flatten().filter_map(read).for_each(|span| keep(&mut known, span));
    }

    fn known(&self) -> MutexGuard<'_, Vec<Span>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a span where it begins, in the place of one that begins there.
fn keep(known: &mut Vec<Span>, span: Span) {
    let place = known.partition_point(|other| other.begin < span.begin);
    match known.get_mut(place) {
        Some(other) if other.begin == span.begin => *other = span,
        _ => known.insert(place, span),
    }
}

#[cfg(target_arch = "wasm32")]
use browser::Rules;
#[cfg(not(target_arch = "wasm32"))]
use native::Rules;

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::cell::OnceCell;

    use js_sys::{Intl::DateTimeFormat, Reflect};
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;

    use super::{FAR, Span, Timestamp};
    use crate::i18n::intl;

    const DAY: i64 = 86_400_000;

    /// The browser's, once they are asked.
    pub struct Rules {
        name: String,
        /// `None` if the browser has none, not even of UTC.
        format: SendWrapper<OnceCell<Option<DateTimeFormat>>>,
    }

    impl Rules {
        pub fn new(name: &str) -> Self {
            Self { name: name.to_owned(), format: SendWrapper::new(OnceCell::new()) }
        }

        pub fn known_as(name: &str) -> Option<Self> {
            let format = SendWrapper::new(OnceCell::from(Some(format(name)?)));
            Some(Self { name: name.to_owned(), format })
        }

        /// The day of an instant; nothing but the instant where the clocks are changed on that day.
        pub fn span(&self, at: Timestamp) -> Span {
            let begin = at.0.div_euclid(DAY).saturating_mul(DAY);
            let end = begin.saturating_add(DAY);
            let offset = self.offset(begin);
            if self.offset(end) == offset {
                Span { begin, end, offset }
            } else {
                Span { begin: at.0, end: at.0, offset: self.offset(at.0) }
            }
        }

        fn offset(&self, at: i64) -> i32 {
            let made = || format(&self.name).or_else(|| format("UTC"));
            let Some(format) = self.format.get_or_init(made) else { return 0 };
            // To print what is no date throws.
            let at = at.clamp(-FAR, FAR);
            #[expect(clippy::as_conversions, reason = "exact below 2^53, NaN-free")]
            let date = js_sys::Date::new(&(at as f64).into());
            let parts = format.format_to_parts(&date);
            let text = |part: &_, key: &str| {
                Reflect::get(part, &key.into()).ok().and_then(|v| v.as_string())
            };
            let is_name = |part: &_| text(part, "type").as_deref() == Some("timeZoneName");
            let name = parts.iter().find(is_name).and_then(|part| text(&part, "value"));
            name.and_then(|name| minutes(&name)).unwrap_or_default()
        }
    }

    fn format(zone: &str) -> Option<DateTimeFormat> {
        let options = [("timeZone", zone), ("timeZoneName", "shortOffset")];
        intl::make("DateTimeFormat", "en", &options).ok().map(JsCast::unchecked_into)
    }

    /// `GMT`, `GMT+7`, `GMT-3:30`: browsers differ on whether no offset is `GMT` or `GMT+0`.
    fn minutes(offset: &str) -> Option<i32> {
        let offset = offset.strip_prefix("GMT")?;
        let (sign, size) = match offset.strip_prefix(['-', '\u{2212}']) {
            Some(size) => (-1, size),
            None => (1, offset.strip_prefix('+')?),
        };
        let mut parts = size.split(':');
        let hours: i32 = parts.next()?.parse().ok()?;
        let rest = parts.next().and_then(|rest| rest.parse::<i32>().ok()).unwrap_or_default();
        Some(sign * (hours * 60 + rest))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use jiff::{Timestamp as Instant, tz::TimeZone};

    use super::{FAR, Span, Timestamp};

    /// The system's; `None` where it has none of the zone.
    pub struct Rules(Option<TimeZone>);

    impl Rules {
        pub fn new(name: &str) -> Self {
            Self(TimeZone::get(name).ok())
        }

        pub fn known_as(name: &str) -> Option<Self> {
            TimeZone::get(name).ok().map(|zone| Self(Some(zone)))
        }

        /// From one change of the clocks to the next.
        pub fn span(&self, at: Timestamp) -> Span {
            // A browser may know better: that it is UTC is not to be learned.
            let Some(zone) = &self.0 else { return Span { begin: at.0, end: at.0, offset: 0 } };
            let instant = Instant::from_millisecond(at.0).unwrap_or_default();
            // The clocks may be changed right then: that is no change before.
            let just_after = instant.checked_add(jiff::Span::new().nanoseconds(1));
            let begin = zone.preceding(just_after.unwrap_or(instant)).next();
            let end = zone.following(instant).next();
            Span {
                begin: begin.map_or(-FAR, |change| change.timestamp().as_millisecond()),
                end: end.map_or(FAR, |change| change.timestamp().as_millisecond()),
                offset: zone.to_offset(instant).seconds() / 60,
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_zone_is_east_of_utc_by_its_rules() {
        let offset = |zone: &str, text: &str| Zone::new(zone).offset(at(text));
        assert_eq!(offset("Asia/Ho_Chi_Minh", "2016-12-09T01:32:00Z"), 420);
        assert_eq!(offset("Europe/Paris", "2024-07-15T22:30:00Z"), 120);
        assert_eq!(offset("America/St_Johns", "1969-12-31T23:59:59Z"), -210);
        assert_eq!(offset("America/St_Johns", "1920-01-01T00:00:00Z"), -210);
    }

    #[test]
    fn a_zone_that_is_not_known_is_utc_and_teaches_nothing() {
        let mars = Zone::new("Mars/Base");
        assert_eq!(mars.offset(at("2024-07-15T22:30:00Z")), 0);
        assert_eq!(mars.learned(), json!({ "zone": "Mars/Base", "spans": [] }));
    }

    #[test]
    fn clocks_are_changed_at_the_second() {
        let paris = Zone::new("Europe/Paris");
        for (text, offset) in [
            ("2024-03-31T00:59:59Z", 60),
            ("2024-03-31T01:00:00Z", 120),
            ("2024-10-27T00:59:59Z", 120),
            ("2024-10-27T01:00:00Z", 60),
        ] {
            // Asked for, and known by then.
            assert_eq!([paris.offset(at(text)), paris.offset(at(text))], [offset; 2], "{text}");
        }
    }

    #[test]
    fn what_is_learned_needs_no_rules() {
        let paris = Zone::new("Europe/Paris");
        paris.offset(at("2024-07-15T22:30:00Z"));
        let learned = paris.learned();
        // A zone that is not known here has no rules but UTC's: what it says else, it has learned.
        let learner = Zone { name: "Europe/Paris".to_owned(), ..Zone::new("Mars/Base") };
        learner.learn(&learned);
        assert_eq!(learner.offset(at("2024-04-01T00:00:00Z")), 120);
        assert_eq!(learner.offset(at("2024-12-01T00:00:00Z")), 0);
        // Nor is it taken from another zone, or for what it is not.
        let other = Zone::new("Mars/Base");
        other.learn(&learned);
        other.learn(&json!({ "zone": "Mars/Base", "spans": [[0, "x", 5], 7, [0]] }));
        assert_eq!(other.offset(at("2024-04-01T00:00:00Z")), 0);
    }
}
