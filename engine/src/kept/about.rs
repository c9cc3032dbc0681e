//! What is known of a kept answer without reading it, and which answers go when they are too many.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::VERSION;
use crate::{
    lang::Lang,
    model::{Key, Withdrawn},
    read::{Node, Read, ReadError},
    time::Timestamp,
};

/// Milliseconds by which the reader's clock and the server's may differ.
pub const SKEW: i64 = 24 * 60 * 60 * 1_000;

/// What is known of a kept answer.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Names the answer: its request.
    pub key: String,
    /// Bytes, as JSON.
    pub size: u64,
    /// When the backend gave it, by the reader's clock.
    pub fetched: Timestamp,
    /// The higher, the later it was read: a count and no time, because clocks are set back.
    pub turn: u64,
    /// The article it holds, if it is one, and the language it was asked for in.
    pub article: Option<(Key, Lang)>,
    /// What tells one text of an article from another: see [`print`].
    pub print: String,
    /// Whether the backend wants it kept nowhere: it is here only as long as something that the reader wants kept
    /// holds it.
    pub no_store: bool,
    /// When the backend said that there is no such thing any more. The answer itself has gone.
    pub gone: Option<Timestamp>,
}

impl About {
    /// The record to keep.
    pub fn to_json(&self) -> Value {
        json!({
            "version": VERSION,
            "key": self.key,
            "size": self.size,
            "fetched": self.fetched.0,
            "turn": self.turn,
            "source": self.article.as_ref().map(|(key, _)| &key.source),
            "id": self.article.as_ref().map(|(key, _)| &key.id),
            "lang": self.article.as_ref().map(|(_, lang)| lang.as_str()),
            "print": self.print,
            "no_store": self.no_store,
            "gone": self.gone.map(|gone| gone.0),
        })
    }
}

impl About {
    /// Whether it may hold a version that was taken back since, or shortly before: clocks differ. What is named in
    /// vain is only asked for again.
    pub fn is_named_by(&self, withdrawn: &Withdrawn) -> bool {
        let Some((key, lang)) = &self.article else { return false };
        let is_asked_for = *lang == withdrawn.lang && withdrawn.versions.contains(&key.id);
        let is_older = self.fetched.0 < withdrawn.date.0.saturating_add(SKEW);
        is_older && self.gone.is_none() && (is_asked_for || key.id == withdrawn.id)
    }
}

impl Read for About {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        let article = match object.opt_field("id") {
            Some(id) => {
                Some((Key { source: object.field_or_default("source"), id }, object.field("lang")?))
            }
            None => None,
        };
        Ok(Self {
            key: object.field("key")?,
            size: object.field("size")?,
            fetched: Timestamp(object.field("fetched")?),
            turn: object.field("turn")?,
            article,
            print: object.field_or_default("print"),
            no_store: object.field_or_default("no_store"),
            gone: object.opt_field("gone").map(Timestamp),
        })
    }
}

/// How much is kept beside what is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Answers.
    pub count: usize,
    /// Bytes of them all.
    pub size: u64,
    /// Milliseconds since an answer was fetched.
    pub age: i64,
}

/// Milliseconds since `then`; never negative: a clock that was set back makes nothing old and nothing young.
pub fn age(then: Timestamp, now: Timestamp) -> i64 {
    now.0.saturating_sub(then.0).max(0)
}

/// Whether what was asked for `then` is to be asked for again, so many milliseconds after. Of the future is
/// what a clock says that was set back since: nobody knows how old that is, so it is asked for.
pub fn is_due(then: Timestamp, now: Timestamp, after: i64) -> bool {
    !(0..after).contains(&now.0.saturating_sub(then.0))
}

/// The keys of what has to go: what is too old, then what was read longest ago, until the rest is within the
/// limits. What is `held` stays, and does not count.
pub fn surplus<'a>(
    all: impl Iterator<Item = &'a About>,
    held: &HashSet<String>,
    limits: Limits,
    now: Timestamp,
) -> Vec<String> {
    let mut free: Vec<&About> = all.filter(|about| !held.contains(&about.key)).collect();
    free.sort_by_key(|about| std::cmp::Reverse(about.turn));
    let (mut count, mut size) = (0, 0_u64);
    let mut surplus = Vec::new();
    for about in free {
        let is_old = age(about.fetched, now) > limits.age;
        let larger = size.saturating_add(about.size);
        if is_old || count >= limits.count || larger > limits.size {
            surplus.push(about.key.clone());
        } else {
            (count, size) = (count + 1, larger);
        }
    }
    surplus
}

/// What tells one text of an article from another: what a reader would see changed changes it, and counts,
/// neighbours and the like do not. FNV-1a over those members of the answer, in hexadecimal.
pub fn print(article: &Value) -> String {
    const SEEN: [&str; 8] = [
        "/headline/title",
        "/headline/kicker",
        "/headline/standfirst",
        "/headline/image/url",
        "/body/value",
        "/corrections",
        "/withdrawal",
        "/attachments",
    ];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for place in SEEN {
        // Missing and empty are the same to a reader.
        let member = article.pointer(place).filter(|member| !is_empty(member));
        let text = member.map(Value::to_string).unwrap_or_default();
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

fn is_empty(member: &Value) -> bool {
    match member {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use proptest::prelude::*;

    fn about(key: &str, size: u64, fetched: i64, turn: u64) -> About {
        About {
            key: key.to_owned(),
            size,
            fetched: Timestamp(fetched),
            turn,
            article: None,
            print: String::new(),
            no_store: false,
            gone: None,
        }
    }

    #[test]
    fn what_was_taken_back_names_what_may_hold_it() {
        let lang = |code: &str| Lang::parse(code).unwrap();
        let withdrawn = Withdrawn {
            id: "e9".into(),
            lang: lang("en"),
            date: Timestamp(5),
            versions: vec!["9".into(), "e9".into()],
        };
        let is_named = |id: &str, code: &str, fetched: i64| {
            let article = Some((Key::of(id), lang(code)));
            About { article, ..about("k", 1, fetched, 0) }.is_named_by(&withdrawn)
        };
        // By its own address, and by that of another version, asked for in its language.
        assert!(is_named("e9", "en", 0) && is_named("9", "en", 0) && is_named("e9", "ja", 0));
        assert!(!is_named("9", "vi", 0) && !is_named("8", "en", 0));
        assert!(is_named("e9", "en", 6), "clocks differ");
        assert!(!is_named("e9", "en", 5 + SKEW));
        assert!(!about("k", 1, 0, 0).is_named_by(&withdrawn));
    }

    #[test]
    fn a_record_reads_back_and_a_newer_one_is_left_alone() {
        let article = Some((Key::of("9"), Lang::parse("vi").unwrap()));
        let about =
            About { article, no_store: true, gone: Some(Timestamp(5)), ..about("k", 3, -7, 9) };
        let mut record = about.to_json();
        assert_eq!(read::<About>(&record, "about", "").0.unwrap(), about);
        record["version"] = json!(VERSION + 1);
        assert!(read::<About>(&record, "about", "").0.is_err());
    }

    #[test]
    fn what_was_read_longest_ago_goes_first() {
        let all = [about("old", 10, 0, 1), about("new", 10, 0, 3), about("mid", 10, 0, 2)];
        let limits = Limits { count: 2, size: 1_000, age: 1_000 };
        assert_eq!(surplus(all.iter(), &HashSet::new(), limits, Timestamp(0)), ["old"]);
        let small = Limits { size: 10, ..limits };
        assert_eq!(surplus(all.iter(), &HashSet::new(), small, Timestamp(0)), ["mid", "old"]);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_old() {
        let all = [about("a", 10, 5_000_000, 1)];
        let limits = Limits { count: 2, size: 1_000, age: 1_000 };
        assert!(surplus(all.iter(), &HashSet::new(), limits, Timestamp(0)).is_empty());
        assert_eq!(age(Timestamp(10), Timestamp(3)), 0);
        assert_eq!(age(Timestamp(i64::MIN), Timestamp(i64::MAX)), i64::MAX);
    }

    #[test]
    fn what_is_old_is_due_and_so_is_what_comes_from_the_future() {
        assert!(!is_due(Timestamp(7), Timestamp(7), 10));
        assert!(!is_due(Timestamp(7), Timestamp(16), 10));
        assert!(is_due(Timestamp(7), Timestamp(17), 10));
        assert!(is_due(Timestamp(7), Timestamp(6), 10));
        assert!(is_due(Timestamp(i64::MAX), Timestamp(i64::MIN), 10));
    }

    #[test]
    fn the_print_of_an_article_changes_with_what_is_read() {
        let article =
            json!({"headline": {"title": "Bão", "comments": 3}, "body": {"value": "Một"}});
        let mut same = article.clone();
        same["headline"]["comments"] = json!(4);
        same["related"] = json!([{"title": "x"}]);
        same["corrections"] = json!([]);
        assert_eq!(print(&same), print(&article));
        let mut other = article.clone();
        other["body"]["value"] = json!("Hai");
        assert_ne!(print(&other), print(&article));
        let moved = json!({"headline": {"title": "", "kicker": "Bão"}, "body": {"value": "Một"}});
        assert_ne!(print(&moved), print(&article));
    }

    proptest! {
        #[test]
        fn what_is_held_stays_and_the_rest_is_within_the_limits(
            all in proptest::collection::vec((0_u64..100, -50_i64..50, 0_u64..9, any::<bool>()), 0..40),
            count in 0_usize..20, size in 0_u64..500, limit in 0_i64..60, now in -50_i64..50,
        ) {
            let abouts: Vec<About> = all.iter().enumerate().map(|(index, (size, fetched, turn, _))| {
                about(&index.to_string(), *size, *fetched, *turn)
            }).collect();
            let held: HashSet<String> = all.iter().enumerate()
                .filter(|(_, (.., held))| *held).map(|(index, _)| index.to_string()).collect();
            let (limits, now) = (Limits { count, size, age: limit }, Timestamp(now));
            let gone = surplus(abouts.iter(), &held, limits, now);
            prop_assert!(gone.iter().all(|key| !held.contains(key)));
            let left: Vec<&About> = abouts.iter()
                .filter(|about| !held.contains(&about.key) && !gone.contains(&about.key)).collect();
            prop_assert!(left.len() <= count);
            prop_assert!(left.iter().map(|about| about.size).sum::<u64>() <= size);
            prop_assert!(left.iter().all(|about| age(about.fetched, now) <= limits.age));
            // Once is enough.
            let rest: Vec<About> = abouts.iter().filter(|about| !gone.contains(&about.key)).cloned().collect();
            prop_assert!(surplus(rest.iter(), &held, limits, now).is_empty());
        }
    }
}
