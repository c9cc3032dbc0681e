//! Comments that answer each other in a circle. A thread shows them below the oldest; whoever looks after
//! the backend should know.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// The circles among `items`, each as `1 → 3 → 2 → 1`.
pub(super) fn of(items: &[Value]) -> Vec<String> {
    let text = |item, key| Value::get(item, key).and_then(Value::as_str);
    let linked = |item| Some((text(item, "id")?, text(item, "parent")?));
    let parents: HashMap<&str, &str> = items.iter().filter_map(linked).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut circles = Vec::new();
    for (start, _) in items.iter().filter_map(linked) {
        let mut walk = Vec::new();
        let mut here = start;
        while seen.insert(here) {
            walk.push(here);
            match parents.get(here) {
                Some(parent) => here = parent,
                None => break,
            }
        }
        // A walk that ends where it has been itself has closed a circle.
        let closes = walk.last().is_some_and(|last| parents.get(last) == Some(&here));
        if let Some(at) = walk.iter().position(|id| *id == here).filter(|_| closes) {
            let mut circle = walk.split_off(at);
            circle.push(here);
            circles.push(circle.join(" → "));
        }
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn there_is_a_circle_if_some_walk_does_not_end(parents in prop::collection::vec(0usize..9, 1..9)) {
            let items: Vec<_> = parents.iter().enumerate()
                .map(|(id, parent)| json!({ "id": id.to_string(), "parent": parent.to_string() }))
                .collect();
            let endless = (0..parents.len()).any(|start| {
                let mut here = Some(start);
                for _ in 0..=parents.len() {
                    here = here.and_then(|here| parents.get(here).copied());
                }
                here.is_some_and(|here| here < parents.len())
            });
            prop_assert_eq!(!of(&items).is_empty(), endless);
        }
    }
}
