//! One front page out of several sources'.

use std::cmp::Reverse;

use crate::model::{Front, FrontSection, Headline};

/// Articles that lead: at least, if there are as many, and at most.
const LEAD: (usize, usize) = (3, 5);
/// The newest below them.
const LATEST: usize = 8;

/// What editors ranked leads, by rank, then by date, filled up with the newest of what sources lead with. The rest is by date, sections of the same id are one, and nothing is lost but the oldest of
/// what is latest.
pub fn fronts(parts: Vec<Front>) -> Front {
    let mut whole =
        Front { lead: Vec::new(), latest: Vec::new(), sections: Vec::new(), notices: Vec::new() };
    for part in parts {
        whole.lead.extend(part.lead);
        whole.latest.extend(part.latest);
        whole.notices.extend(part.notices);
        for FrontSection { section, items } in part.sections {
            match whole.sections.iter_mut().find(|known| known.section.id == section.id) {
                Some(known) => known.items.extend(items),
                None => whole.sections.push(FrontSection { section, items }),
            }
        }
    }
    whole.lead.sort_by_key(|item| (item.rank.unwrap_or(u32::MAX), Reverse(item.published)));
    let ranked = whole.lead.iter().filter(|item| item.rank.is_some()).count();
    let leads = ranked.clamp(LEAD.0, LEAD.1);
    let others = whole.lead.split_off(leads.min(whole.lead.len()));
    whole.latest.extend(others);
    let newest = |items: &mut Vec<Headline>| items.sort_by_key(|item| Reverse(item.published));
    newest(&mut whole.latest);
    whole.latest.truncate(LATEST);
    whole.sections.iter_mut().for_each(|section| newest(&mut section.items));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use serde_json::{Value, json};

    fn headline(id: &str, published: &str, rank: Option<u32>) -> Value {
        json!({
            "key": { "id": id }, "work": id, "lang": "vi", "title": id, "rank": rank,
            "published": format!("2026-11-{published}T00:00:00Z"),
        })
    }

    fn front(lead: Vec<Value>, latest: Vec<Value>, news: Vec<Value>) -> Front {
        let sections = json!([{ "section": { "id": "news", "name": "Tin" }, "items": news }]);
        let front = json!({ "lead": lead, "latest": latest, "sections": sections });
        read::<Front>(&front, "front", "").0.unwrap()
    }

    fn ids(items: &[Headline]) -> Vec<&str> {
        items.iter().map(|item| item.key.id.as_str()).collect()
    }

    #[test]
    fn ranks_lead_dates_follow_and_sections_of_one_id_are_one() {
        let a = front(
            vec![headline("a1", "02", Some(2)), headline("a2", "01", Some(1))],
            vec![headline("a3", "09", None)],
            vec![headline("a4", "03", None)],
        );
        let b = front(
            vec![headline("b1", "20", None)],
            vec![headline("b2", "10", None)],
            vec![headline("b3", "04", None)],
        );
        let whole = fronts(vec![a, b]);
        assert_eq!(ids(&whole.lead), ["a2", "a1", "b1"]);
        assert_eq!(ids(&whole.latest), ["b2", "a3"]);
        assert_eq!(whole.sections.len(), 1);
        assert_eq!(ids(&whole.sections[0].items), ["b3", "a4"]);
    }

    #[test]
    fn without_ranks_the_newest_leads() {
        let a = front(vec![headline("a", "01", None)], vec![], vec![]);
        let b = front(vec![headline("b", "02", None)], vec![], vec![]);
        let whole = fronts(vec![a, b]);
        assert_eq!((ids(&whole.lead), ids(&whole.latest)), (vec!["b", "a"], vec![]));
        assert!(fronts(Vec::new()).lead.is_empty());
    }
}
