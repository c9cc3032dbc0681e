//! Dates as backends write them, into instants.

use serde_json::Value;

use super::expression::Decimal;
use crate::{
    read::{Node, Read, ReadError},
    time::{Date, Timestamp},
};

/// The zone of dates that have none: minutes east of UTC.
///
/// Names of zones (`Europe/Paris`) would need a database of their rules, which a browser does not hand to
/// WebAssembly. Most backends have a field in UTC beside the local one (`date_gmt`); map that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Zone(pub i32);

impl Zone {
    /// Parses `UTC`, `Z` or an offset such as `+07:00`.
    pub fn parse(text: &str) -> Option<Self> {
        if matches!(text, "UTC" | "Z" | "GMT") {
            return Some(Self(0));
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
        Some(Self(sign * (two(hours, 14)? * 60 + two(minutes, 59)?)))
    }
}

impl Read for Zone {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        const EXPECTED: &str = "UTC or an offset such as \"+07:00\"";
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
            "pattern": "^(UTC|GMT|Z|[-+][0-9]{2}:?[0-9]{2})$",
            "description": "UTC or an offset, e.g. +07:00"
        })
    }
}

/// Seconds from here on are milliseconds: it is the year 5138, and in milliseconds 1973.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The instant that a date of a backend is: RFC 3339, RFC 2822, a day, seconds or milliseconds since 1970
/// (with a fraction too, as number or text); what has no zone is of `zone`.
pub fn instant(value: &Value, zone: Zone) -> Option<Timestamp> {
    match value {
        Value::Number(number) => epoch(Decimal::from_json(number)?),
        Value::String(text) => {
            let text = text.trim();
            calendar(text, zone)
                .or_else(|| epoch(Decimal::parse(text)?))
                .or_else(|| mail(text, zone))
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

/// The day that a date of a backend is, there where it is of `zone`.
pub fn day(value: &Value, zone: Zone) -> Option<Date> {
    if let Some(day) = value.as_str().and_then(|text| Date::parse(text.trim().get(..10)?)) {
        return Some(day);
    }
    let Timestamp(instant) = instant(value, zone)?;
    Some(Date::from_days((instant + i64::from(zone.0) * 60_000).div_euclid(86_400_000)))
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
fn calendar(text: &str, zone: Zone) -> Option<Timestamp> {
    let (local, rest) = match text.len() {
        10 => (Timestamp(Date::parse(text)?.days() * 86_400_000), ""),
        _ => Timestamp::parse_local(text)?,
    };
    let zone = match rest {
        "" => zone,
        "Z" | "z" => Zone(0),
        offset => Zone::parse(offset)?,
    };
    Some(Timestamp(local.0 - i64::from(zone.0) * 60_000))
}

/// RFC 2822, e.g. `Fri, 09 Dec 2016 08:32:00 +0700`.
fn mail(text: &str, zone: Zone) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = text.split_whitespace();
    let day = words.next()?.parse().ok()?;
    let month = words.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|known| month.starts_with(known))?;
    let year = words.next()?.parse().ok()?;
    let clock = words.next()?;
    let zone = match words.next() {
        None => zone,
        Some("UT") => Zone(0),
        Some(name) => Zone::parse(name)?,
    };
    let date = Date::new(year, u32::try_from(month).ok()? + 1, day)?;
    let Timestamp(instant) = Timestamp::parse(&format!("{date}T{clock}Z"))?;
    Some(Timestamp(instant - i64::from(zone.0) * 60_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn dates_are_read_however_they_are_written() {
        let hanoi = Zone(420);
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
        assert_eq!(instant(&json!("1999-12-31T23:59:59"), Zone(0)).unwrap().0, 946_684_799_000);
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
            assert_eq!(instant(&value, Zone(0)), None, "{value}");
        }
    }

    #[test]
    fn a_day_is_that_of_the_zone() {
        assert_eq!(day(&json!("2013-12-27T23:00:00"), Zone(0)).unwrap().to_string(), "2013-12-27");
        assert_eq!(day(&json!(1388163600), Zone(420)).unwrap().to_string(), "2013-12-28");
    }

    #[test]
    fn zones_are_offsets() {
        assert_eq!(Zone::parse("+07:00"), Some(Zone(420)));
        assert_eq!(Zone::parse("-0330"), Some(Zone(-210)));
        assert_eq!(Zone::parse("UTC"), Some(Zone(0)));
        for text in ["", "Europe/Paris", "7", "+7", "+15:00", "+07:60"] {
            assert_eq!(Zone::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_instant_is_the_same_in_every_notation(seconds in 3_000i64..4_000_000_000) {
            let expected = Some(Timestamp(seconds * 1000));
            let text = Timestamp(seconds * 1000).to_string();
            prop_assert_eq!(instant(&json!(text), Zone(60)), expected);
            prop_assert_eq!(instant(&json!(text.trim_end_matches('Z')), Zone(0)), expected);
            prop_assert_eq!(instant(&json!(seconds), Zone(0)), expected);
            let later = Timestamp(seconds * 1000 + seconds % 1000);
            prop_assert_eq!(Timestamp::parse(&written(later)), Some(later));
        }

        #[test]
        fn any_text_is_read_without_panic(text in "[-+0-9:TZa-z., ế]{0,30}") {
            let _ = instant(&json!(text), Zone(0));
            let _ = day(&json!(text), Zone(0));
        }
    }
}
