//! A front page for backends that have none: made of their newest articles.

use serde_json::{Value, json};

/// What leads the page: one large, two beside it.
const LEAD: usize = 3;
/// The newest that do not lead the page.
const LATEST: usize = 6;

/// What the editor ranked leads, filled up with the newest; then the newest of the rest; then what remains, by
/// section, in the order of the sections' newest articles.
pub(super) fn compose(mut page: Value) -> Value {
    let items = page.get_mut("items").map(Value::take).unwrap_or_default();
    let Value::Array(items) = items else { return json!({}) };
    let rank = |item: &Value| item.get("rank").and_then(Value::as_u64);
    let (mut lead, mut rest): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for item in items {
        match rank(&item) {
            None => rest.push(item),
            own => lead.insert(lead.partition_point(|other| rank(other) <= own), item),
        }
    }
    let missing = LEAD.saturating_sub(lead.len()).min(rest.len());
    lead.extend(rest.drain(..missing));
    let others = rest.split_off(rest.len().min(LATEST));
    let mut sections: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in others {
        let section = item.get("section").cloned().unwrap_or_default();
        match sections.iter_mut().find(|(known, _)| known.get("id") == section.get("id")) {
            Some((_, items)) => items.push(item),
            None => sections.push((section, vec![item])),
        }
    }
    // What has no section is among the newest after all.
    for (_, items) in sections.iter_mut().filter(|(section, _)| section.is_null()) {
        rest.append(items);
    }
    let sections: Vec<Value> = sections
        .into_iter()
        .filter(|(section, _)| !section.is_null())
        .map(|(section, items)| json!({ "section": section, "items": items }))
        .collect();
    json!({ "lead": lead, "latest": rest, "sections": sections, "notices": [] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ranked_leads_and_nothing_is_lost() {
        let item = |id: usize| json!({ "id": id, "section": { "id": id % 2, "name": "s" } });
        let mut items: Vec<_> = (0..12).map(item).collect();
        items[3]["rank"] = json!(2);
        items[5]["rank"] = json!(1);
        let front = compose(json!({ "items": items }));
        let ids = |list: &Value| -> Vec<u64> {
            list.as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
        };
        assert_eq!(ids(&front["lead"]), [5, 3, 0]);
        assert_eq!(ids(&front["latest"]), [1, 2, 4, 6, 7, 8]);
        assert_eq!(ids(&front["sections"][0]["items"]), [9, 11]);
        assert_eq!(ids(&front["sections"][1]["items"]), [10]);
    }

    #[test]
    fn an_empty_list_is_an_empty_front() {
        let front = compose(json!({ "items": [] }));
        assert_eq!(front, json!({ "lead": [], "latest": [], "sections": [], "notices": [] }));
    }
}
