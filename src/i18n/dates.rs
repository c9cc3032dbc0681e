//! Dates as a newspaper of the language prints them, in the portal's time zone.
//!
//! The pattern and the names of the days are messages (`date.*`): those of `Intl` are not what a newspaper
//! prints.

use haidang_engine::time::{Date, Timestamp};

use super::{Messages, Msg, Zone, fill, msg};

/// An instant on the clocks of a zone.
struct Fields {
    date: Date,
    hour: i64,
    minute: i64,
    /// Minutes east of UTC.
    offset: i32,
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
    let fields = Fields::of(zone, at);
    let time = time(&fields);
    print(messages, msg::DATE_INSTANT, fields.date, &time, &fields.zone())
}

/// The day of an instant.
pub fn day_of(messages: &Messages, zone: &Zone, at: Timestamp) -> String {
    day(messages, Fields::of(zone, at).date)
}

/// A calendar day.
pub fn day(messages: &Messages, date: Date) -> String {
    print(messages, msg::DATE_DAY, date, "", "")
}

/// Hours and minutes.
pub fn clock(zone: &Zone, at: Timestamp) -> String {
    time(&Fields::of(zone, at))
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

impl Fields {
    fn of(zone: &Zone, at: Timestamp) -> Self {
        let offset = zone.offset(at);
        let minutes = at.0.div_euclid(60_000) + i64::from(offset);
        let of_day = minutes.rem_euclid(1_440);
        let date = Date::from_days(minutes.div_euclid(1_440));
        Self { date, hour: of_day / 60, minute: of_day % 60, offset }
    }

    /// E.g. `GMT+7`.
    fn zone(&self) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        match (self.offset.abs() / 60, self.offset.abs() % 60) {
            (0, 0) => "GMT".to_owned(),
            (hours, 0) => format!("GMT{sign}{hours}"),
            (hours, rest) => format!("GMT{sign}{hours}:{rest:02}"),
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
    fn an_unknown_zone_is_utc() {
        assert_eq!(printed("en", "Mars/Base"), "Friday, 9 December 2016, 01:32 [GMT]");
    }
}
