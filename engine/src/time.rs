//! Instants and days, without a calendar library: RFC 3339 in, RFC 3339 out.
//!
//! Days are counted with the algorithms of Howard Hinnant's "chrono-compatible low-level date
//! algorithms" (public domain). How a date looks to a reader is the app's `i18n`.

use std::fmt;

use crate::read::{Node, Read, ReadError};

const DAY: i64 = 86_400_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. On the wire RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Parses RFC 3339, e.g. `2016-12-09T08:32:00+07:00`; seconds may be left out.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, zone) = Self::parse_local(text)?;
        let offset = match zone {
            "Z" | "z" => 0,
            _ => {
                let (sign, rest) = zone.split_at_checked(1)?;
                let (hours, rest) = number(rest, 23)?;
                let (minutes, rest) = number(rest.strip_prefix(':')?, 59)?;
                let minutes = hours * 60 + minutes;
                match (sign, rest) {
                    ("+", "") => minutes,
                    ("-", "") => -minutes,
                    _ => return None,
                }
            }
        };
        Some(Self(local.0 - offset * 60_000))
    }

    /// The date and time of day at the beginning of a text, as if they were in UTC, and what follows: a
    /// zone, if anything.
    pub(crate) fn parse_local(text: &str) -> Option<(Self, &str)> {
        let (date, time) = text.split_at_checked(10)?;
        let days = Date::parse(date)?.days();
        let (hour, rest) = number(time.strip_prefix(['T', 't', ' '])?, 23)?;
        let (minute, mut rest) = number(rest.strip_prefix(':')?, 59)?;
        let mut millis = 0;
        if let Some(seconds) = rest.strip_prefix(':') {
            let (whole, after) = number(seconds, 60)?;
            millis = whole * 1000;
            rest = after;
            if let Some(fraction) = after.strip_prefix('.') {
                rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                let mut unit = 100;
                for digit in fraction.bytes().take_while(u8::is_ascii_digit) {
                    millis += i64::from(digit - b'0') * unit;
                    unit /= 10;
                }
            }
        }
        Some((Self(days * DAY + (hour * 60 + minute) * 60_000 + millis), rest))
    }
}

/// The number of one or two digits at the beginning of a text, and what follows.
fn number(text: &str, max: i64) -> Option<(i64, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    let value = number.bytes().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    (digits > 0 && value <= max).then_some((value, rest))
}

/// RFC 3339 in UTC, to the second.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = Date::from_days(self.0.div_euclid(DAY));
        let seconds = self.0.rem_euclid(DAY) / 1000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A day of the Gregorian calendar. On the wire `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// E.g. 2013.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl Date {
    /// Parses `YYYY-MM-DD`; `None` if there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4)?;
        let month = parts.next().filter(|month| month.len() == 2)?;
        let day = parts.next().filter(|day| day.len() == 2)?;
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day, if there is such a day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = Self { year, month, day };
        let exists = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && Self::from_days(date.days()) == date;
        exists.then_some(date)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day that is `days` after 1970-01-01.
    pub fn from_days(days: i64) -> Self {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_index = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_index + 2) / 5 + 1;
        let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or_default(),
            month: u32::try_from(month).unwrap_or_default(),
            day: u32::try_from(day).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Read for Timestamp {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let text: String = node.opt()?.ok_or_else(|| node.error("a date and time (RFC 3339)"))?;
        Self::parse(&text).ok_or_else(|| node.error("a date and time (RFC 3339)"))
    }
}

impl Read for Date {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let text: String = node.opt()?.ok_or_else(|| node.error("a day (YYYY-MM-DD)"))?;
        Self::parse(&text).ok_or_else(|| node.error("a day (YYYY-MM-DD)"))
    }
}

/// On the wire both are strings with a format.
#[cfg(not(target_arch = "wasm32"))]
mod wire {
    use super::{Date, Timestamp};

    macro_rules! as_string {
        ($ty:ident, $format:literal) => {
            impl serde::Serialize for $ty {
                fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                    out.collect_str(self)
                }
            }

            impl<'de> serde::Deserialize<'de> for $ty {
                fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let text = <String as serde::Deserialize>::deserialize(from)?;
                    Self::parse(&text)
                        .ok_or_else(|| serde::de::Error::custom(concat!("not a ", $format)))
                }
            }

            impl schemars::JsonSchema for $ty {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($ty).into()
                }

                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    schemars::json_schema!({ "type": "string", "format": $format })
                }
            }
        };
    }

    as_string!(Timestamp, "date-time");
    as_string!(Date, "date");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_zone() {
        let parsed = Timestamp::parse("2016-12-09T08:32:00+07:00").unwrap();
        assert_eq!(parsed.to_string(), "2016-12-09T01:32:00Z");
        assert_eq!(Timestamp::parse("2016-12-09T01:32Z"), Some(parsed));
        assert_eq!(Timestamp::parse("2016-12-08T20:32:00.000-05:00"), Some(parsed));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "yesterday",
            "2016-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2016-12-09",
            "2016-12-09T25:00:00Z",
            "2016-12-09T08:32:00",
            "2016-12-09T-1:00:00Z",
            "９:00",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_instant_survives_printing(seconds in -60_000_000_000i64..60_000_000_000) {
            let instant = Timestamp(seconds * 1000);
            prop_assert_eq!(Timestamp::parse(&instant.to_string()), Some(instant));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,40}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
