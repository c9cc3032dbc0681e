//! A briefing as a calendar entry (iCalendar, RFC 5545).

use haidang_engine::{model::Briefing, time::Timestamp};

/// The calendar with this one entry; `changed` is when the briefing was last changed.
pub fn calendar(briefing: &Briefing, changed: Timestamp) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Hai Dang//reference server//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@haidang", escape(&briefing.id)),
        format!("DTSTAMP:{}", instant(changed)),
        format!("DTSTART:{}", instant(briefing.starts)),
    ];
    lines.extend(briefing.ends.map(|ends| format!("DTEND:{}", instant(ends))));
    let lang = briefing.lang.as_str();
    let mut text = |name: &str, value: Option<&String>| {
        lines.extend(value.map(|value| format!("{name};LANGUAGE={lang}:{}", escape(value))));
    };
    text("SUMMARY", Some(&briefing.title));
    text("DESCRIPTION", briefing.summary.as_ref());
    text("LOCATION", briefing.place.as_ref());
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    lines.iter().map(|line| folded(line)).collect()
}

/// Form 2 of section 3.3.5, in UTC: `20161209T013200Z`.
fn instant(time: Timestamp) -> String {
    time.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

/// Section 3.3.11.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Section 3.1: no line is longer than 75 bytes; a longer one goes on after a space.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use haidang_engine::lang::Lang;

    use super::*;

    fn briefing() -> Briefing {
        Briefing {
            id: "b-1".into(),
            title:
                "Họp báo; tháng 11, về bến cảng số 7 và số 8 ở khu bến Lạch Huyện, huyện Cát Hải"
                    .into(),
            summary: Some("Dòng một\nDòng hai".into()),
            lang: Lang::parse("vi").unwrap(),
            organisation: None,
            starts: Timestamp::parse("2026-11-19T15:00:00+07:00").unwrap(),
            ends: None,
            place: None,
            calendar: None,
            article: None,
        }
    }

    #[test]
    fn lines_are_folded_between_characters_and_unfold_to_the_text() {
        let calendar = calendar(&briefing(), Timestamp(0));
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75));
        let unfolded = calendar.replace("\r\n ", "");
        assert!(unfolded.contains(
            "SUMMARY;LANGUAGE=vi:Họp báo\\; tháng 11\\, về bến cảng số 7 và số 8 ở khu bến Lạch Huyện\\, huyện Cát Hải\r\n"
        ));
        assert!(unfolded.contains("DESCRIPTION;LANGUAGE=vi:Dòng một\\nDòng hai\r\n"));
        assert!(unfolded.contains("DTSTART:20261119T080000Z\r\n") && !unfolded.contains("DTEND"));
    }
}
