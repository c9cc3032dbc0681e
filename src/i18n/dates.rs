//! Dates as a newspaper of the language prints them, in the portal's time zone.
//!
//! The pattern and the names of the days are messages (`date.*`); only the fields come from `Intl`
//! (ECMA-402 `formatToParts`), for its own patterns are not what a newspaper prints.

use haidang_engine::time::{Date, Timestamp};

use super::{Messages, Msg, fill, msg};
#[cfg(target_arch = "wasm32")]
use {super::intl, wasm_bindgen::JsCast};

/// A time zone, with what is costly to make kept.
pub struct Zone {
    #[cfg(target_arch = "wasm32")]
    format: send_wrapper::SendWrapper<Option<js_sys::Intl::DateTimeFormat>>,
    #[cfg(not(target_arch = "wasm32"))]
    zone: jiff::tz::TimeZone,
}

/// An instant on the clocks of a zone.
struct Fields {
    date: Date,
    hour: u32,
    minute: u32,
    /// E.g. `GMT+7`.
    offset: String,
}

const WEEKDAYS: [Msg; 7] = [
    msg::DATE_THURSDAY,
    msg::DATE_FRIDAY,
    msg::DATE_SATURDAY,
    msg::DATE_SUNDAY,
    msg::DATE_MONDAY,
    msg::DATE_TUESDAY,
    msg::DATE_WEDNESDAY,
];

/// `{weekday}, {day}/{month}/{year}, {time} [{offset}]`, or as the language has it.
pub fn instant(messages: &Messages, zone: &Zone, at: Timestamp) -> String {
    let fields = zone.fields(at);
    let time = time(&fields);
    print(messages, msg::DATE_INSTANT, fields.date, &time, &fields.offset)
}

/// The day of an instant.
pub fn day_of(messages: &Messages, zone: &Zone, at: Timestamp) -> String {
    day(messages, zone.fields(at).date)
}

/// A calendar day.
pub fn day(messages: &Messages, date: Date) -> String {
    print(messages, msg::DATE_DAY, date, "", "")
}

/// Hours and minutes.
pub fn clock(zone: &Zone, at: Timestamp) -> String {
    time(&zone.fields(at))
}

fn time(fields: &Fields) -> String {
    format!("{:02}:{:02}", fields.hour, fields.minute)
}

fn print(messages: &Messages, pattern: Msg, date: Date, time: &str, offset: &str) -> String {
    // Day 0 was a Thursday.
    let weekday = usize::try_from(date.days().rem_euclid(7)).unwrap_or_default();
    let weekday = WEEKDAYS.get(weekday).map(|msg| messages.text(*msg)).unwrap_or_default();
    let values = [
        ("weekday", weekday),
        ("day", &date.day.to_string()),
        ("dd", &format!("{:02}", date.day)),
        ("month", &date.month.to_string()),
        ("mm", &format!("{:02}", date.month)),
        ("name", month(messages, date.month)),
        ("year", &date.year.to_string()),
        ("time", time),
        ("offset", offset),
    ];
    fill(messages.text(pattern), &values)
}

/// The names of the months, parted by `|`; empty where the language counts them.
fn month(messages: &Messages, month: u32) -> &str {
    let index = usize::try_from(month).unwrap_or_default().saturating_sub(1);
    messages.text(msg::DATE_MONTHS).split('|').nth(index).unwrap_or_default()
}

impl Zone {
    /// The zone of an IANA name; UTC if it is not known here.
    pub fn new(name: &str) -> Self {
        Self::known(name).unwrap_or_else(Self::utc)
    }

    /// Minutes east of UTC at an instant.
    pub fn offset(&self, at: Timestamp) -> i32 {
        let Fields { date, hour, minute, .. } = self.fields(at);
        let local = date.days() * 1440 + i64::from(hour * 60 + minute);
        i32::try_from(local - at.0.div_euclid(60_000)).unwrap_or_default()
    }
}

#[cfg(target_arch = "wasm32")]
impl Zone {
    /// The zone of an IANA name, if the browser knows it.
    pub fn known(name: &str) -> Option<Self> {
        let options = [
            ("timeZone", name),
            ("year", "numeric"),
            ("month", "numeric"),
            ("day", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("hourCycle", "h23"),
            ("timeZoneName", "shortOffset"),
        ];
        let format = intl::make("DateTimeFormat", "en-u-ca-gregory", &options).ok()?;
        Some(Self { format: send_wrapper::SendWrapper::new(Some(format.unchecked_into())) })
    }

    fn utc() -> Self {
        Self::known("UTC").unwrap_or(Self { format: send_wrapper::SendWrapper::new(None) })
    }

    fn fields(&self, at: Timestamp) -> Fields {
        use js_sys::Reflect;

        let mut fields = Fields {
            date: Date::from_days(at.0.div_euclid(86_400_000)),
            hour: 0,
            minute: 0,
            offset: String::new(),
        };
        let Some(format) = self.format.as_ref() else { return fields };
        // An instant beyond what a float holds exactly is beyond what `Date` takes.
        #[expect(clippy::as_conversions, reason = "exact below 2^53, NaN-free")]
        let date = js_sys::Date::new(&(at.0 as f64).into());
        for part in format.format_to_parts(&date).iter() {
            let text = |key: &str| Reflect::get(&part, &key.into()).ok()?.as_string();
            let (Some(kind), Some(value)) = (text("type"), text("value")) else { continue };
            let number = || value.parse::<u32>().unwrap_or_default();
            match kind.as_str() {
                "year" => fields.date.year = value.parse().unwrap_or_default(),
                "month" => fields.date.month = number(),
                "day" => fields.date.day = number(),
                "hour" => fields.hour = number(),
                "minute" => fields.minute = number(),
                // Browsers differ on whether no offset is `GMT` or `GMT+0`.
                "timeZoneName" => {
                    fields.offset = value.strip_suffix("+0").unwrap_or(&value).to_owned();
                }
                _ => {}
            }
        }
        fields
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Zone {
    /// The zone of an IANA name, if the system knows it.
    pub fn known(name: &str) -> Option<Self> {
        jiff::tz::TimeZone::get(name).ok().map(|zone| Self { zone })
    }

    fn utc() -> Self {
        Self { zone: jiff::tz::TimeZone::UTC }
    }

    fn fields(&self, at: Timestamp) -> Fields {
        let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        let there = instant.to_zoned(self.zone.clone());
        let minutes = there.offset().seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let offset = match (hours, rest) {
            (0, 0) => "GMT".to_owned(),
            (_, 0) => format!("GMT{sign}{hours}"),
            _ => format!("GMT{sign}{hours}:{rest:02}"),
        };
        let small = |value: i8| u32::try_from(value).unwrap_or_default();
        Fields {
            date: Date {
                year: i32::from(there.year()),
                month: small(there.month()),
                day: small(there.day()),
            },
            hour: small(there.hour()),
            minute: small(there.minute()),
            offset,
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use super::*;
    use haidang_engine::lang::Lang;

    fn printed(code: &str, zone: &str) -> String {
        let json = std::fs::read_to_string(format!("locales/{code}.json")).unwrap();
        let messages = Messages::parse(Lang::parse(code).unwrap(), &json).unwrap();
        let at = Timestamp::parse("2016-12-09T01:32:00Z").unwrap();
        instant(&messages, &Zone::new(zone), at)
    }

    #[test]
    fn each_language_prints_its_own_way() {
        assert_eq!(printed("vi", "Asia/Ho_Chi_Minh"), "Thứ Sáu, 09/12/2016, 08:32 [GMT+7]");
        assert_eq!(printed("en", "Asia/Ho_Chi_Minh"), "Friday, 9 December 2016, 08:32 [GMT+7]");
        assert_eq!(printed("zh", "Asia/Ho_Chi_Minh"), "2016年12月9日 星期五 08:32 [GMT+7]");
        assert_eq!(printed("ja", "Asia/Ho_Chi_Minh"), "2016年12月9日（金）08:32 [GMT+7]");
        assert_eq!(printed("ko", "Asia/Ho_Chi_Minh"), "2016년 12월 9일 금요일 08:32 [GMT+7]");
    }

    #[test]
    fn a_zone_is_east_of_utc_by_its_rules() {
        let offset = |zone: &str, at: &str| Zone::new(zone).offset(Timestamp::parse(at).unwrap());
        assert_eq!(offset("Asia/Ho_Chi_Minh", "2016-12-09T01:32:00Z"), 420);
        assert_eq!(offset("Europe/Paris", "2024-07-15T22:30:00Z"), 120);
        assert_eq!(offset("America/St_Johns", "1969-12-31T23:59:59Z"), -210);
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(printed("en", "Mars/Base"), "Friday, 9 December 2016, 01:32 [GMT]");
    }
}
