//! Dates as backends write them, into instants.

use std::sync::Arc;

use serde_json::Value;

use super::expression::Decimal;
use crate::{
    read::{Node, Read, ReadError},
    time::{Date, Timestamp},
};

/// The rules of named zones: minutes east of UTC in the zone of an IANA name at an instant; `None` if
/// there is no such zone. The engine has none of its own: browser and server have theirs.
#[derive(Debug, Clone, Copy)]
pub struct Rules(pub fn(&str, Timestamp) -> Option<i32>);

/// Whose they are makes no difference: they are the same rules.
impl PartialEq for Rules {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The zone of dates that have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zone {
    /// Always so many minutes east of UTC.
    Fixed(i32),
    /// By the rules of a place, e.g. `Europe/Paris`.
    Named(Arc<str>),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Fixed(0)
    }
}

impl Zone {
    /// Parses `UTC`, `Z`, an offset such as `+07:00`, or an IANA name such as `Europe/Paris`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(minutes) = offset(text) {
            return Some(Self::Fixed(minutes));
        }
        let (area, place) = text.split_once('/')?;
        let is_name = |part: &str, more: &[char]| {
            part.starts_with(|c: char| c.is_ascii_uppercase())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(&c))
        };
        let is_zone = is_name(area, &[]) && is_name(place, &['_', '-', '+', '/']);
        is_zone.then(|| Self::Named(text.into()))
    }
}

/// A zone with its rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock {
    pub zone: Zone,
    pub rules: Option<Rules>,
}

impl Clock {
    /// The instant at which the clocks there show `local`; where they show it twice the first, where
    /// never (they leap over it) the one they would have shown it at. `None` without rules.
    fn instant(&self, local: Timestamp) -> Option<Timestamp> {
        let ahead = |minutes: i32| Timestamp(local.0 - i64::from(minutes) * 60_000);
        match &self.zone {
            Zone::Fixed(minutes) => Some(ahead(*minutes)),
            Zone::Named(_) => {
                // Zones are less than a day from UTC: the offsets of the days around are all there can be.
                let before = self.offset(Timestamp(local.0 - DAY))?;
                let after = self.offset(Timestamp(local.0 + DAY))?;
                let candidates = [before, after].map(|minutes| (minutes, ahead(minutes)));
                let fits = |(minutes, at): &(i32, Timestamp)| self.offset(*at) == Some(*minutes);
                let fitting = candidates.into_iter().filter(fits).map(|(_, at)| at);
                fitting.min().or(Some(ahead(before)))
            }
        }
    }

    /// Minutes east of UTC at an instant.
    fn offset(&self, at: Timestamp) -> Option<i32> {
        match &self.zone {
            Zone::Fixed(minutes) => Some(*minutes),
            Zone::Named(name) => self.rules?.0(name, at),
        }
    }
}

/// Minutes east of UTC of `UTC`, `GMT`, `Z` or `+07:00`, `+0700`.
fn offset(text: &str) -> Option<i32> {
    if matches!(text, "UTC" | "Z" | "z" | "GMT" | "UT") {
        return Some(0);
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    let two = |text: &str, most: i32| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|value| digits && *value <= most)
    };
    Some(sign * (two(hours, 14)? * 60 + two(minutes, 59)?))
}

impl Read for Zone {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        const EXPECTED: &str =
            "UTC, an offset such as \"+07:00\" or a name such as \"Europe/Paris\"";
        let Some(Value::String(text)) = node.value() else { return Err(node.error(EXPECTED)) };
        Self::parse(text).ok_or_else(|| node.mistake(EXPECTED.to_owned(), format!("\"{text}\"")))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Zone {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^(UTC|UT|GMT|Z|z|[-+][0-9]{2}:?[0-9]{2}|[A-Z][A-Za-z0-9]*/[A-Z][A-Za-z0-9_+/-]*)$",
            "description": "UTC, an offset (+07:00) or an IANA name (Europe/Paris)"
        })
    }
}

const DAY: i64 = 86_400_000;

/// Seconds from here on are milliseconds: it is the year 5138, and in milliseconds 1973.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The instant that a date of a backend is: RFC 3339, RFC 2822, a day, seconds or milliseconds since 1970
/// (with a fraction too, as number or text); what has no zone is of `clock`.
pub(super) fn instant(value: &Value, clock: &Clock) -> Option<Timestamp> {
    match value {
        Value::Number(number) => epoch(Decimal::from_json(number)?),
        Value::String(text) => {
            let text = text.trim();
            calendar(text, clock)
                .or_else(|| epoch(Decimal::parse(text)?))
                .or_else(|| mail(text, clock))
        }
        _ => None,
    }
}

/// RFC 3339 in UTC, with milliseconds where there are any: they order what was written in one second.
pub fn written(instant: Timestamp) -> String {
    let text = instant.to_string();
    match instant.0.rem_euclid(1000) {
        0 => text,
        millis => format!("{}.{millis:03}Z", text.trim_end_matches('Z')),
    }
}

/// The day that a date of a backend is, there where the clock is.
pub(super) fn day(value: &Value, clock: &Clock) -> Option<Date> {
    if let Some(day) = value.as_str().and_then(|text| Date::parse(text.trim().get(..10)?)) {
        return Some(day);
    }
    let instant = instant(value, clock)?;
    let local = instant.0 + i64::from(clock.offset(instant)?) * 60_000;
    Some(Date::from_days(local.div_euclid(DAY)))
}

fn epoch(number: Decimal) -> Option<Timestamp> {
    let whole = number.floor().whole()?;
    if whole.abs() >= MILLISECONDS_FROM {
        return Some(Timestamp(whole));
    }
    // A year alone is no instant.
    let is_year = number.whole().is_some_and(|year| (1000..3000).contains(&year));
    number.thousandths().filter(|_| !is_year).map(Timestamp)
}

/// RFC 3339, also without a zone, with `+0700` for one, or a day alone.
fn calendar(text: &str, clock: &Clock) -> Option<Timestamp> {
    let (local, rest) = match text.len() {
        10 => (Timestamp(Date::parse(text)?.days() * DAY), ""),
        _ => Timestamp::parse_local(text)?,
    };
    match rest {
        "" => clock.instant(local),
        zone => Some(Timestamp(local.0 - i64::from(offset(zone)?) * 60_000)),
    }
}

/// RFC 2822, e.g. `Fri, 09 Dec 2016 08:32:00 +0700`.
fn mail(text: &str, clock: &Clock) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = text.split_whitespace();
    let day = words.next()?.parse().ok()?;
    let month = words.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|known| month.starts_with(known))?;
    let year = words.next()?.parse().ok()?;
    let time = words.next()?;
    let date = Date::new(year, u32::try_from(month).ok()? + 1, day)?;
    let local = Timestamp::parse(&format!("{date}T{time}Z"))?;
    match words.next() {
        None => clock.instant(local),
        Some(zone) => Some(Timestamp(local.0 - i64::from(offset(zone)?) * 60_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn fixed(minutes: i32) -> Clock {
        Clock { zone: Zone::Fixed(minutes), rules: None }
    }

    #[test]
    fn dates_are_read_however_they_are_written() {
        let hanoi = &fixed(420);
        for value in [
            json!("2016-12-09T08:32:00+07:00"),
            json!("2016-12-09T01:32:00Z"),
            json!("2016-12-09T08:32:00"),
            json!("2016-12-09 08:32:00"),
            json!("2016-12-09T08:32:00+0700"),
            json!("Fri, 09 Dec 2016 08:32:00 +0700"),
            json!("9 Dec 2016 01:32:00 GMT"),
            json!(" 1481247120 "),
            json!(1481247120),
            json!(1481247120.75),
            json!(1481247120000i64),
            json!("1481247120000"),
        ] {
            let read = instant(&value, hanoi).map(|instant| instant.to_string());
            assert_eq!(read.as_deref(), Some("2016-12-09T01:32:00Z"), "{value}");
        }
        assert_eq!(
            instant(&json!("2016-12-09"), hanoi).unwrap().to_string(),
            "2016-12-08T17:00:00Z"
        );
        assert_eq!(instant(&json!("1999-12-31T23:59:59"), &fixed(0)).unwrap().0, 946_684_799_000);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for value in [
            json!("soon"),
            json!(""),
            json!("2016"),
            json!(2016),
            json!("0000-00-00 00:00:00"),
            json!("2016-13-40"),
            json!(true),
            json!("Fri, 09 Xyz 2016 08:32:00 +0700"),
        ] {
            assert_eq!(instant(&value, &fixed(0)), None, "{value}");
        }
    }

    #[test]
    fn a_day_is_that_of_the_zone() {
        assert_eq!(
            day(&json!("2013-12-27T23:00:00"), &fixed(0)).unwrap().to_string(),
            "2013-12-27"
        );
        assert_eq!(day(&json!(1388163600), &fixed(420)).unwrap().to_string(), "2013-12-28");
    }

    #[test]
    fn zones_are_offsets_or_names() {
        assert_eq!(Zone::parse("+07:00"), Some(Zone::Fixed(420)));
        assert_eq!(Zone::parse("-0330"), Some(Zone::Fixed(-210)));
        assert_eq!(Zone::parse("UTC"), Some(Zone::Fixed(0)));
        for name in ["Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+7"] {
            assert_eq!(Zone::parse(name), Some(Zone::Named(name.into())));
        }
        for text in ["", "7", "+7", "+15:00", "+07:60", "Paris", "europe/paris", "A/", "A/B C"] {
            assert_eq!(Zone::parse(text), None, "{text}");
        }
    }

    /// Clocks that go from +60 to +120 on 2024-03-31 at 01:00 UTC and back on 2024-10-27 at 01:00 UTC.
    fn summer(name: &str, at: Timestamp) -> Option<i32> {
        let [begins, ends] = ["2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z"]
            .map(|text| Timestamp::parse(text).unwrap());
        (name == "Europe/Paris").then_some(if (begins..ends).contains(&at) { 120 } else { 60 })
    }

    #[test]
    fn a_named_zone_has_a_summer() {
        let read = |zone: &str, text: &str| {
            let clock = Clock { zone: Zone::parse(zone).unwrap(), rules: Some(Rules(summer)) };
            instant(&json!(text), &clock).map(|instant| instant.to_string())
        };
        for (local, expected) in [
            ("2024-01-15 12:00:00", "2024-01-15T11:00:00Z"),
            ("2024-07-15 12:00:00", "2024-07-15T10:00:00Z"),
            ("2024-03-31 01:59:59", "2024-03-31T00:59:59Z"),
            // The clocks never show it.
            ("2024-03-31 02:30:00", "2024-03-31T01:30:00Z"),
            ("2024-03-31 03:00:00", "2024-03-31T01:00:00Z"),
            // They show it twice.
            ("2024-10-27 02:30:00", "2024-10-27T00:30:00Z"),
            ("2024-10-27 03:00:00", "2024-10-27T02:00:00Z"),
            ("Mon, 15 Jul 2024 12:00:00", "2024-07-15T10:00:00Z"),
            ("2024-07-15T12:00:00Z", "2024-07-15T12:00:00Z"),
        ] {
            assert_eq!(read("Europe/Paris", local).as_deref(), Some(expected), "{local}");
        }
        assert_eq!(read("Mars/Base", "2024-01-15 12:00:00"), None);
        let paris =
            Clock { zone: Zone::parse("Europe/Paris").unwrap(), rules: Some(Rules(summer)) };
        assert_eq!(day(&json!(1_721_080_800), &paris).unwrap().to_string(), "2024-07-16");
    }

    proptest! {
        #[test]
        fn an_instant_is_the_same_in_every_notation(seconds in 3_000i64..4_000_000_000) {
            let expected = Some(Timestamp(seconds * 1000));
            let text = Timestamp(seconds * 1000).to_string();
            prop_assert_eq!(instant(&json!(text), &fixed(60)), expected);
            prop_assert_eq!(instant(&json!(text.trim_end_matches('Z')), &fixed(0)), expected);
            prop_assert_eq!(instant(&json!(seconds), &fixed(0)), expected);
            let later = Timestamp(seconds * 1000 + seconds % 1000);
            prop_assert_eq!(Timestamp::parse(&written(later)), Some(later));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[-+0-9:TZa-z., ế]{0,30}") {
            let _ = instant(&json!(text), &fixed(0));
            let _ = day(&json!(text), &fixed(0));
        }
    }
}
