//! Keeps the demo alive: whenever it is imported, there are briefings to come and notices in force.
//!
//! Their dates are written for one day and moved with it, by whole weeks, so that each keeps its day of
//! the week. Articles and documents keep theirs: their texts speak of them.

use haidang_engine::time::Timestamp;

use super::shapes::Press;
use crate::store::notices::Bulletin;

/// The day the dates are written for: 2026-11-13 in Hải Phòng.
const WRITTEN_FOR: Timestamp = Timestamp(1_794_502_800_000);
const WEEK: i64 = 7 * 86_400_000;

/// Moves what is announced to `now`.
pub(super) fn bring_to(now: Timestamp, press: &mut Press, notices: &mut [Bulletin]) {
    let shift = (now.0 - WRITTEN_FOR.0).div_euclid(WEEK) * WEEK;
    let move_on = |time: &mut Timestamp| time.0 += shift;
    for briefing in &mut press.briefings {
        move_on(&mut briefing.starts);
        briefing.ends.as_mut().map(move_on);
    }
    for notice in notices {
        move_on(&mut notice.issued);
        notice.expires.as_mut().map(move_on);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Content, *};

    fn at(now: Timestamp) -> (Press, Vec<Bulletin>) {
        let content = Content::embedded();
        let json = |path| content.get(path).unwrap();
        let mut press = serde_json::from_slice(json("press.json")).unwrap();
        let mut notices: Vec<Bulletin> = serde_json::from_slice(json("notices.json")).unwrap();
        bring_to(now, &mut press, &mut notices);
        (press, notices)
    }

    #[test]
    fn the_day_it_is_written_for_changes_nothing() {
        let now = Timestamp::parse("2026-11-13T00:00:00+07:00").unwrap();
        assert_eq!(now, WRITTEN_FOR);
        let starts = at(now).0.briefings.remove(0).starts;
        assert_eq!(starts, Timestamp::parse("2026-11-11T16:30:00+07:00").unwrap());
    }

    #[test]
    fn on_any_day_briefings_are_to_come_and_every_notice_is_in_force() {
        let first = Timestamp::parse("2024-02-26T12:00:00Z").unwrap();
        for day in (0..21).chain((21..4000).step_by(97)) {
            let now = Timestamp(first.0 + day * 86_400_000);
            let (press, notices) = at(now);
            let coming = press.briefings.iter().filter(|one| one.starts > now).count();
            assert!((2..press.briefings.len()).contains(&coming), "{now}: {coming}");
            let in_force = |one: &&Bulletin| one.issued <= now && one.expires > Some(now);
            assert_eq!(notices.iter().filter(in_force).count(), notices.len(), "{now}");
        }
    }
}
