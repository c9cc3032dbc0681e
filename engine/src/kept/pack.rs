//! A section taken along, and how far it has come.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{About, Holding, VERSION};
use crate::{
    lang::Lang,
    model::Key,
    read::{Node, Read, ReadError},
    time::Timestamp,
};

/// How far a pack has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    /// On its way; found at a start, it was interrupted and goes on.
    #[default]
    Loading,
    /// The reader has stopped it.
    Paused,
    /// All of it is here.
    Whole,
    /// The browser had no room for more.
    Full,
}

impl Progress {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Loading, "loading"),
        (Self::Paused, "paused"),
        (Self::Whole, "whole"),
        (Self::Full, "full"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("loading", |(_, word)| word)
    }
}

/// A section taken along in a language.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// The section and its source.
    pub section: Key,
    /// What it is called in that language.
    pub name: String,
    /// The language.
    pub lang: Lang,
    /// What has to stay for it: lists, articles, pictures.
    pub holding: Holding,
    /// Articles that are here.
    pub articles: Vec<Packed>,
    /// How many there are to be.
    pub total: u32,
    /// How far it is.
    pub progress: Progress,
    /// Bytes of all of it.
    pub size: u64,
    /// When its list was asked for last, by the reader's clock.
    pub fresh: Timestamp,
}

impl Pack {
    /// The beginning of the keys of such records.
    pub const PREFIX: &'static str = "pack ";

    /// The record's own key.
    pub fn place(section: &Key, lang: &Lang) -> String {
        [Self::PREFIX, lang.as_str(), " ", &section.source, " ", &section.id].concat()
    }

    /// The record to keep.
    pub fn to_json(&self) -> Value {
        let articles: Vec<Value> = self
            .articles
            .iter()
            .map(|packed| {
                json!({
                    "source": packed.key.source,
                    "id": packed.key.id,
                    "answer": packed.answer,
                    "updated": packed.updated.map(|updated| updated.0),
                    "withdrawn": packed.is_withdrawn,
                })
            })
            .collect();
        json!({
            "version": VERSION,
            "place": self.holding.place,
            "source": self.section.source,
            "id": self.section.id,
            "name": self.name,
            "lang": self.lang.as_str(),
            "answers": self.holding.answers,
            "pictures": self.holding.pictures,
            "articles": articles,
            "total": self.total,
            "progress": self.progress.word(),
            "size": self.size,
            "fresh": self.fresh.0,
        })
    }

    /// How many of its articles are here, by what is known of the answers: the browser may have thrown some
    /// away, their publisher may have taken some back.
    pub fn here(&self, known: &HashMap<String, About>) -> usize {
        let is_here = |answer: &String| known.get(answer).is_some_and(|about| about.gone.is_none());
        self.articles.iter().filter(|packed| is_here(&packed.answer)).count()
    }
}

/// An article of a pack, and what the section's list said of it when it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Packed {
    /// The version; lists may mix sources.
    pub key: Key,
    /// The key of its answer.
    pub answer: String,
    /// When it was changed, by its server's clock.
    pub updated: Option<Timestamp>,
    /// Whether it was taken back by then.
    pub is_withdrawn: bool,
}

impl Read for Packed {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self {
            key: Key { source: object.field_or_default("source"), id: object.field("id")? },
            answer: object.field("answer")?,
            updated: object.opt_field("updated").map(Timestamp),
            is_withdrawn: object.field_or_default("withdrawn"),
        })
    }
}

impl Read for Pack {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        let holding = Holding::read_in(object)?;
        let word: String = object.field_or_default("progress");
        let progress = Progress::ALL.iter().find(|(_, known)| *known == word);
        Ok(Self {
            section: Key { source: object.field_or_default("source"), id: object.field("id")? },
            name: object.field_or_default("name"),
            lang: object.field("lang")?,
            holding,
            articles: object.list_field("articles"),
            total: object.field_or_default("total"),
            progress: progress.map(|(progress, _)| *progress).unwrap_or_default(),
            size: object.field_or_default("size"),
            fresh: Timestamp(object.field("fresh")?),
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

    fn pack() -> Pack {
        Pack {
            section: Key::of("news"),
            name: "Tin".into(),
            lang: lang(),
            holding: Holding {
                place: Pack::place(&Key::of("news"), &lang()),
                answers: vec!["a".into()],
                pictures: Vec::new(),
            },
            articles: vec![Packed {
                key: Key { source: "cms".into(), id: "9".into() },
                answer: "a".into(),
                updated: Some(Timestamp(5)),
                is_withdrawn: true,
            }],
            total: 100,
            progress: Progress::Paused,
            size: 3,
            fresh: Timestamp(7),
        }
    }

    fn known(gone: Option<i64>) -> HashMap<String, About> {
        let about = About {
            key: "a".into(),
            size: 1,
            fetched: Timestamp(0),
            turn: 0,
            article: None,
            print: String::new(),
            no_store: false,
            gone: gone.map(Timestamp),
        };
        HashMap::from([("a".to_owned(), about)])
    }

    #[test]
    fn a_record_reads_back_however_far_it_is() {
        for (progress, _) in Progress::ALL {
            let pack = Pack { progress, ..pack() };
            assert_eq!(read::<Pack>(&pack.to_json(), "pack", "").0.unwrap(), pack);
        }
    }

    #[test]
    fn a_pack_counts_what_is_there() {
        assert_eq!(pack().here(&known(None)), 1);
        assert_eq!(pack().here(&known(Some(1))), 0);
        assert_eq!(pack().here(&HashMap::new()), 0);
    }
}
