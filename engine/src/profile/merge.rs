//! One list out of several sources': the newest first, page by page, nothing lost and nothing twice,
//! whatever the sizes of their pages and whichever of them fails for a while.
//!
//! A [`Merge`] is one page of the merged list in the making. A driver asks the sources for what it
//! [`wants`](Merge::wants), gives it what came, and takes the page when it wants no more. Between pages
//! everything there is to know is in the cursor: for each source the page it stands in and how many items
//! of that page have been shown.

use std::{cmp::Reverse, collections::VecDeque};

use crate::model::{Headline, Page};

/// A page of a merged list in the making.
pub struct Merge {
    parts: Vec<Part>,
    limit: usize,
    items: Vec<Headline>,
}

/// Where one source stands.
#[derive(Default)]
struct Part {
    /// The page it stands in; `None` is the first.
    cursor: Option<String>,
    /// How many items of that page are shown already.
    used: usize,
    /// The rest of that page, once it is here.
    waiting: Option<VecDeque<Headline>>,
    /// The page after it.
    next: Option<String>,
    is_done: bool,
    has_failed: bool,
}

impl Merge {
    /// The page of `limit` items at `cursor` (`None`: the first) of `sources` lists.
    ///
    /// A cursor that is none of ours, or of another number of sources, is the beginning.
    pub fn new(sources: usize, cursor: Option<&str>, limit: usize) -> Self {
        let parts = cursor.and_then(|cursor| read(cursor, sources));
        let parts = parts.unwrap_or_else(|| (0..sources).map(|_| Part::default()).collect());
        Self { parts, limit, items: Vec::new() }
    }

    /// The pages to ask next: the source's index, and its cursor. Empty when the page is made.
    pub fn wants(&mut self) -> Vec<(usize, Option<String>)> {
        self.take_what_is_sure();
        if self.items.len() >= self.limit {
            return Vec::new();
        }
        let missing = self.parts.iter().enumerate().filter(|(_, part)| part.is_missing());
        missing.map(|(index, part)| (index, part.cursor.clone())).collect()
    }

    /// Takes in what a source answered; `None` if it failed.
    pub fn give(&mut self, index: usize, page: Option<Page<Headline>>) {
        let Some(part) = self.parts.get_mut(index) else { return };
        let Some(page) = page else {
            part.has_failed = true;
            return;
        };
        let used = part.used;
        part.waiting = Some(page.items.into_iter().skip(used).collect());
        // A page that follows itself would never end.
        part.next = page.next.filter(|next| part.cursor.as_ref() != Some(next));
        part.turn();
    }

    /// The merged page. Its `next` is there while a source that answered has more; what a source that
    /// failed has is asked for again with the next page.
    pub fn finish(self) -> Page<Headline> {
        let has_more = self.parts.iter().any(|part| !part.is_done && !part.has_failed);
        Page { next: has_more.then(|| print(&self.parts)), items: self.items, ..Page::default() }
    }

    /// Moves items over as long as it is sure which comes next: no source may have a newer one that is not
    /// here yet.
    fn take_what_is_sure(&mut self) {
        while self.items.len() < self.limit && !self.parts.iter().any(Part::is_missing) {
            let heads = self.parts.iter_mut().filter_map(|part| {
                let head = part.waiting.as_ref()?.front()?;
                // The first source wins where two are of the same instant.
                Some((Reverse(head.published), part))
            });
            let Some((_, part)) = heads.min_by_key(|(published, _)| *published) else { return };
            self.items.extend(part.waiting.as_mut().and_then(VecDeque::pop_front));
            part.used += 1;
            part.turn();
        }
    }
}

impl Part {
    /// Whether its page must be asked for before anything can be said.
    fn is_missing(&self) -> bool {
        self.waiting.is_none() && !self.is_done && !self.has_failed
    }

    /// Goes on to the next page where this one is used up.
    fn turn(&mut self) {
        if self.waiting.as_ref().is_some_and(VecDeque::is_empty) {
            self.waiting = None;
            self.used = 0;
            self.cursor = self.next.take();
            self.is_done = self.cursor.is_none();
        }
    }
}

/// A source each: `-` when it is done, else how many are used and the cursor, escaped.
fn print(parts: &[Part]) -> String {
    let part = |part: &Part| match &part.cursor {
        _ if part.is_done => "-".to_owned(),
        None => part.used.to_string(),
        Some(cursor) => {
            let cursor: String = form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
            format!("{}.{cursor}", part.used)
        }
    };
    parts.iter().map(part).collect::<Vec<_>>().join("!")
}

fn read(cursor: &str, sources: usize) -> Option<Vec<Part>> {
    let part = |text: &str| {
        if text == "-" {
            return Some(Part { is_done: true, ..Part::default() });
        }
        let (used, cursor) = match text.split_once('.') {
            Some((used, cursor)) => (used, Some(cursor)),
            None => (text, None),
        };
        let cursor = cursor.map(|cursor| {
            let plain = percent_encoding::percent_decode_str(cursor).decode_utf8_lossy();
            plain.replace('+', " ")
        });
        Some(Part { cursor, used: used.parse().ok()?, ..Part::default() })
    };
    let parts: Option<Vec<Part>> = cursor.split('!').map(part).collect();
    parts.filter(|parts| parts.len() == sources)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::{read::read as read_json, time::Timestamp};

    fn headline(source: usize, index: usize, published: i64) -> Headline {
        let json = serde_json::json!({
            "key": { "id": format!("{source}-{index}") }, "work": "w", "lang": "vi", "title": "T",
        });
        let headline: Headline = read_json(&json, "headline", "").0.unwrap();
        Headline { published: Some(Timestamp(published)), ..headline }
    }

    /// A list, the newest first, in pages of `size`; its cursors are offsets.
    #[derive(Debug)]
    struct List {
        items: Vec<Headline>,
        size: usize,
    }

    impl List {
        fn page(&self, cursor: Option<&str>) -> Page<Headline> {
            let from: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            let to = (from + self.size).min(self.items.len());
            Page {
                items: self.items[from..to].to_vec(),
                next: (to < self.items.len()).then(|| to.to_string()),
                ..Page::default()
            }
        }
    }

    fn lists() -> impl Strategy<Value = Vec<List>> {
        let list = (prop::collection::vec(0_i64..50, 0..25), 1_usize..7);
        prop::collection::vec(list, 1..4).prop_map(|lists| {
            let list = |(source, (mut times, size)): (usize, (Vec<i64>, usize))| {
                times.sort_unstable_by_key(|time| Reverse(*time));
                let items = times.iter().enumerate();
                let items = items.map(|(index, time)| headline(source, index, *time)).collect();
                List { items, size }
            };
            lists.into_iter().enumerate().map(list).collect()
        })
    }

    /// One page, for which source `down` does not answer.
    fn page(
        lists: &[List],
        cursor: Option<&str>,
        limit: usize,
        down: Option<usize>,
    ) -> Page<Headline> {
        let mut merge = Merge::new(lists.len(), cursor, limit);
        loop {
            let wanted = merge.wants();
            if wanted.is_empty() {
                return merge.finish();
            }
            for (index, cursor) in wanted {
                let is_up = down != Some(index);
                merge.give(index, is_up.then(|| lists[index].page(cursor.as_deref())));
            }
        }
    }

    proptest! {
        #[test]
        fn every_item_comes_once_and_the_newest_first(lists in lists(), limit in 1_usize..9) {
            let mut all: Vec<Headline> = Vec::new();
            let mut cursor = None;
            loop {
                let page = page(&lists, cursor.as_deref(), limit, None);
                all.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            let total: usize = lists.iter().map(|list| list.items.len()).sum();
            prop_assert_eq!(all.len(), total);
            prop_assert!(all.is_sorted_by_key(|item| Reverse(item.published)));
        }

        #[test]
        fn a_source_that_fails_for_a_page_loses_nothing(
            lists in lists(),
            limit in 1_usize..9,
            down in 0_usize..4,
            at in 0_usize..4,
        ) {
            let mut seen = HashSet::new();
            let mut cursor = None;
            for turn in 0.. {
                let is_down = (turn == at).then_some(down);
                let page = page(&lists, cursor.as_deref(), limit, is_down);
                for item in page.items {
                    prop_assert!(seen.insert(item.key.id.clone()), "{} twice", item.key.id);
                }
                let Some(next) = page.next else { break };
                prop_assert!(turn < 200, "it never ends");
                cursor = Some(next);
            }
            // What the others have is all there, even if the list ended while one was down.
            for (index, list) in lists.iter().enumerate().filter(|(index, _)| *index != down) {
                for item in &list.items {
                    prop_assert!(seen.contains(&item.key.id), "{} of {index} is lost", item.key.id);
                }
            }
        }
    }

    #[test]
    fn a_cursor_of_somebody_elses_is_the_beginning() {
        let lists = [List { items: vec![headline(0, 0, 1)], size: 5 }];
        for cursor in ["", "x", "1!1", "-3"] {
            assert_eq!(page(&lists, Some(cursor), 5, None).items.len(), 1, "{cursor}");
        }
    }
}
