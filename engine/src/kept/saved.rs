//! A saved article, and how it stands.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{About, Holding, VERSION};
use crate::{
    lang::Lang,
    model::Key,
    read::{Node, Read, ReadError},
    time::Timestamp,
};

/// A saved article. The record is written last: what has one is whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The version that was on the screen, or in the list.
    pub key: Key,
    /// What it is a version of.
    pub work: String,
    /// The language it was saved in.
    pub lang: Lang,
    /// The languages that came with it.
    pub langs: Vec<Lang>,
    /// As lists show it, in the shape of the native API.
    pub headline: Value,
    /// What has to stay for it.
    pub holding: Holding,
    /// The answers that hold its text, each with the print it had when it was saved.
    pub prints: Vec<(String, String)>,
    /// Bytes of all of it.
    pub size: u64,
    /// When, by the reader's clock.
    pub made: Timestamp,
    /// Pictures that could not be kept.
    pub lacking: u32,
}

/// How a saved article stands against what the backend has said since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it was saved.
    Same,
    /// The text is another one since.
    Changed,
    /// Its publisher has taken it back: there is no text any more.
    Withdrawn,
    /// The browser has thrown it away.
    Lost,
}

impl Saved {
    /// The beginning of the keys of such records.
    pub const PREFIX: &'static str = "saved ";

    /// The record's own key: all versions of a work are one.
    pub fn place(source: &str, work: &str) -> String {
        [Self::PREFIX, source, " ", work].concat()
    }

    /// The record to keep.
    pub fn to_json(&self) -> Value {
        let prints: Vec<Value> = self
            .prints
            .iter()
            .map(|(answer, print)| json!({ "answer": answer, "print": print }))
            .collect();
        json!({
            "version": VERSION,
            "place": self.holding.place,
            "source": self.key.source,
            "id": self.key.id,
            "work": self.work,
            "lang": self.lang.as_str(),
            "langs": self.langs.iter().map(Lang::as_str).collect::<Vec<_>>(),
            "headline": self.headline,
            "answers": self.holding.answers,
            "pictures": self.holding.pictures,
            "prints": prints,
            "size": self.size,
            "made": self.made.0,
            "lacking": self.lacking,
        })
    }

    /// How it stands by what is known of the answers.
    pub fn state(&self, known: &HashMap<String, About>) -> State {
        let mut state = State::Same;
        for (answer, print) in &self.prints {
            let Some(about) = known.get(answer) else { return State::Lost };
            if about.gone.is_some() || about.print != *print {
                state = State::Changed;
            }
        }
        let is_gone = |about: &About| about.gone.is_some();
        if self.is_withdrawn(known, is_gone) { State::Withdrawn } else { state }
    }

    /// Holds these answers of its thread in the place of those it held: where a thread has grown, its pages have
    /// other keys.
    pub fn hold_thread(&mut self, thread: &[String], known: &HashMap<String, About>) {
        let is_text = |key: &String| {
            let is_print = self.prints.iter().any(|(answer, _)| answer == key);
            is_print || known.get(key).is_some_and(|about| about.article.is_some())
        };
        let texts = self.holding.answers.iter().filter(|key| is_text(key) && !thread.contains(key));
        self.holding.answers = texts.chain(thread).cloned().collect();
    }

    /// Whether it was taken back, when `is_gone` says so of one text: if that is the one that was saved, or all
    /// are. A translation that was taken away is not the work.
    pub fn is_withdrawn(
        &self,
        known: &HashMap<String, About>,
        is_gone: impl Fn(&About) -> bool,
    ) -> bool {
        let mut texts = self.prints.iter().filter_map(|(answer, _)| known.get(answer)).peekable();
        let is_own = |about: &About| {
            about.article.as_ref().is_some_and(|(key, lang)| *key == self.key && *lang == self.lang)
        };
        let all = texts.clone().all(&is_gone);
        texts.peek().is_some() && (all || texts.any(|about| is_own(about) && is_gone(about)))
    }
}

/// An answer and the print it had.
struct Printed(String, String);

impl Read for Printed {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self(object.field("answer")?, object.field("print")?))
    }
}

impl Read for Saved {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        let holding = Holding::read_in(object)?;
        let prints: Vec<Printed> = object.list_field("prints");
        Ok(Self {
            key: Key { source: object.field_or_default("source"), id: object.field("id")? },
            work: object.field("work")?,
            lang: object.field("lang")?,
            langs: object.list_field("langs"),
            headline: object.field("headline")?,
            holding,
            prints: prints.into_iter().map(|Printed(answer, print)| (answer, print)).collect(),
            size: object.field_or_default("size"),
            made: Timestamp(object.field("made")?),
            lacking: object.field_or_default("lacking"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;

    fn lang() -> Lang {
        Lang::parse("vi").unwrap()
    }

    fn saved() -> Saved {
        Saved {
            key: Key { source: "cms".into(), id: "9".into() },
            work: "w".into(),
            lang: lang(),
            langs: vec![lang()],
            headline: json!({"title": "Bão"}),
            holding: Holding {
                place: Saved::place("cms", "w"),
                answers: vec!["a".into()],
                pictures: vec!["p".into()],
            },
            prints: vec![("a".into(), "1".into())],
            size: 12,
            made: Timestamp(-4),
            lacking: 2,
        }
    }

    fn known(print: &str, gone: Option<i64>) -> HashMap<String, About> {
        let about = About {
            key: "a".into(),
            size: 1,
            fetched: Timestamp(0),
            turn: 0,
            article: None,
            print: print.into(),
            no_store: false,
            gone: gone.map(Timestamp),
        };
        HashMap::from([("a".to_owned(), about)])
    }

    #[test]
    fn a_record_reads_back_and_a_newer_one_is_left_alone() {
        let mut record = saved().to_json();
        assert_eq!(read::<Saved>(&record, "saved", "").0.unwrap(), saved());
        assert_eq!(read::<Holding>(&record, "saved", "").0.unwrap(), saved().holding);
        record["version"] = json!(VERSION + 1);
        assert!(read::<Saved>(&record, "saved", "").0.is_err());
        // What it holds is held all the same.
        assert_eq!(read::<Holding>(&record, "saved", "").0.unwrap(), saved().holding);
    }

    #[test]
    fn a_saved_article_says_how_it_stands() {
        assert_eq!(saved().state(&known("1", None)), State::Same);
        assert_eq!(saved().state(&known("2", None)), State::Changed);
        assert_eq!(saved().state(&known("1", Some(3))), State::Withdrawn);
        assert_eq!(saved().state(&HashMap::new()), State::Lost);
    }

    #[test]
    fn a_translation_that_was_taken_away_is_not_the_work() {
        let mut saved = saved();
        saved.prints.push(("b".into(), "1".into()));
        let about = |answer: &str, code: &str, gone: bool| {
            let mut about = known("1", gone.then_some(3)).remove("a").unwrap();
            about.key = answer.into();
            about.article = Some((saved.key.clone(), Lang::parse(code).unwrap()));
            (answer.to_owned(), about)
        };
        let both = |own: bool, other: bool| {
            saved.state(&HashMap::from([about("a", "vi", own), about("b", "en", other)]))
        };
        assert_eq!(both(false, false), State::Same);
        assert_eq!(both(false, true), State::Changed);
        assert_eq!(both(true, false), State::Withdrawn);
        assert_eq!(both(true, true), State::Withdrawn);
    }

    #[test]
    fn a_thread_that_has_grown_is_held_as_it_is_now() {
        let mut saved = saved();
        saved.holding.answers.extend(["first".into(), "second".into()]);
        let now = ["first".to_owned(), "other".to_owned()];
        saved.hold_thread(&now, &known("1", None));
        assert_eq!(saved.holding.answers, ["a", "first", "other"]);
    }
}
