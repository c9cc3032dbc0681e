//! Search over what is kept, by the rules of the server: marks, case and width do not matter, every word
//! must be there, the last one perhaps unfinished; what holds the words as they were typed comes first.

use serde_json::{Value, json};

use super::VERSION;
use crate::{
    fold::{self, Phrase},
    lang::Lang,
    model::Key,
    read::{Node, Read, ReadError},
    time::Timestamp,
};

/// What search and lists know of a kept article.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The version.
    pub key: Key,
    /// What it is a version of.
    pub work: String,
    /// Its language.
    pub lang: Lang,
    /// As lists show it, in the shape of the native API.
    pub headline: Value,
    /// The title with its marks, as [`fold::plain`] writes it.
    pub title: String,
    /// Title, lead and text as [`fold::index`] writes them, a space before and behind.
    pub words: String,
    /// For the newest first.
    pub published: Timestamp,
}

impl Card {
    /// The card of an article with this headline, in the shape of the native API, and this text.
    pub fn new(key: Key, headline: Value, lang: Lang, text: &str) -> Self {
        let member = |name| headline.get(name).and_then(Value::as_str).unwrap_or_default();
        let (title, standfirst) = (member("title"), member("standfirst"));
        let words = fold::index(&[title, "\n", standfirst, "\n", text].concat());
        let work = match headline.get("work") {
            Some(Value::Number(number)) => number.to_string(),
            _ => member("work").to_owned(),
        };
        let published = Timestamp::parse(member("published")).unwrap_or(Timestamp(0));
        Self {
            work,
            lang: Lang::parse(member("lang")).unwrap_or(lang),
            title: fold::plain(title),
            words: [" ", &words, " "].concat(),
            published,
            headline,
            key,
        }
    }

    /// The record to keep.
    pub fn to_json(&self) -> Value {
        json!({
            "version": VERSION,
            "source": self.key.source,
            "id": self.key.id,
            "work": self.work,
            "lang": self.lang.as_str(),
            "headline": self.headline,
            "title": self.title,
            "words": self.words,
            "published": self.published.0,
        })
    }
}

impl Read for Card {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self {
            key: Key { source: object.field_or_default("source"), id: object.field("id")? },
            work: object.field("work")?,
            lang: object.field("lang")?,
            headline: object.field("headline")?,
            title: object.field("title")?,
            words: object.field("words")?,
            published: Timestamp(object.field("published")?),
        })
    }
}

/// The cards of everything that is kept.
#[derive(Default)]
pub struct Finder {
    cards: Vec<Card>,
}

impl Finder {
    /// Over these.
    pub fn new(cards: Vec<Card>) -> Self {
        Self { cards }
    }

    /// What a query finds, the best first, no work twice: of its versions the one whose language comes first
    /// in `reads`.
    pub fn find(&self, query: &str, reads: &[Lang]) -> Vec<&Card> {
        let Some(phrases) = fold::phrases(query) else { return Vec::new() };
        let typed = fold::plain(query);
        let needles: Vec<String> = phrases.iter().map(needle).collect();
        let together = phrases.iter().map(|phrase| phrase.text.as_str()).collect::<Vec<_>>();
        let together = [" ", &together.join(" ")].concat();
        let mut found: Vec<((u8, usize, i64), &Card)> = self
            .cards
            .iter()
            .filter(|card| needles.iter().all(|needle| card.words.contains(needle.as_str())))
            .map(|card| {
                let place = match card.title.find(&typed) {
                    Some(0) => 0,
                    Some(_) => 1,
                    None if card.words.contains(&together) => 2,
                    None => 3,
                };
                let lang = reads.iter().position(|lang| *lang == card.lang);
                let newest = card.published.0.saturating_neg();
                ((place, lang.unwrap_or(reads.len()), newest), card)
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        self.once(found.into_iter().map(|(_, card)| card).collect(), reads)
    }

    /// The newest of what is kept, no work twice.
    pub fn newest(&self, reads: &[Lang]) -> Vec<&Card> {
        let mut all: Vec<&Card> = self.cards.iter().collect();
        all.sort_by_key(|card| card.published.0.saturating_neg());
        self.once(all, reads)
    }

    /// Each work at its first place, in the version the reader would rather have.
    fn once<'a>(&'a self, cards: Vec<&'a Card>, reads: &[Lang]) -> Vec<&'a Card> {
        let rank = |card: &Card| {
            let place = reads.iter().position(|lang| *lang == card.lang);
            place.unwrap_or(reads.len())
        };
        let mut at = std::collections::HashMap::new();
        let mut once: Vec<&Card> = Vec::new();
        for card in cards {
            let work = (&card.key.source, &card.work);
            match at.get(&work).and_then(|at: &usize| once.get_mut(*at)) {
                Some(known) if rank(card) < rank(known) => *known = card,
                Some(_) => {}
                None => {
                    at.insert(work, once.len());
                    once.push(card);
                }
            }
        }
        once
    }
}

/// A phrase as it stands in [`Card::words`].
fn needle(phrase: &Phrase) -> String {
    [" ", &phrase.text, if phrase.prefix { "" } else { " " }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use proptest::prelude::*;

    fn lang(code: &str) -> Lang {
        Lang::parse(code).unwrap()
    }

    fn card(id: &str, code: &str, title: &str, text: &str) -> Card {
        let headline = json!({
            "key": {"id": id}, "work": format!("w{id}"), "lang": code, "title": title,
            "published": "2016-12-09T01:32:00Z",
        });
        Card::new(Key::of(id), headline, lang(code), text)
    }

    fn ids(found: Vec<&Card>) -> Vec<&str> {
        found.into_iter().map(|card| card.key.id.as_str()).collect()
    }

    #[test]
    fn a_record_reads_back() {
        let card = card("9", "vi", "Bão số 9", "Đổ bộ");
        assert_eq!(read::<Card>(&card.to_json(), "card", "").0.unwrap(), card);
    }

    #[test]
    fn marks_do_not_matter_and_those_that_were_typed_come_first() {
        let finder = Finder::new(vec![
            card("1", "vi", "Cang thẳng ở Hai Phong", ""),
            card("2", "vi", "Tin", "Ở cảng Hải Phòng"),
            card("3", "vi", "Về Hải Phòng", ""),
            card("4", "vi", "Hải Phòng mở cảng", ""),
            card("5", "vi", "Đồ Sơn", "Uỷ ban"),
        ]);
        assert_eq!(ids(finder.find("Hải Phòng", &[lang("vi")])), ["4", "3", "1", "2"]);
        assert_eq!(ids(finder.find("hai phong", &[])), ["1", "2", "3", "4"]);
        assert_eq!(ids(finder.find("do son", &[])), ["5"]);
        assert_eq!(ids(finder.find("ủy ban", &[])), ["5"]);
        assert_eq!(ids(finder.find("phong c", &[])), ["1", "2", "4"]);
        assert!(finder.find("phong xyz", &[]).is_empty() && finder.find(" - ", &[]).is_empty());
    }

    #[test]
    fn scripts_without_spaces_are_found_by_any_of_their_characters() {
        let finder = Finder::new(vec![
            card("1", "zh", "越南海防市", "港口"),
            card("2", "ko", "항구 도시", "하이퐁에서"),
        ]);
        for (query, id) in [("海防", "1"), ("港", "1"), ("하이퐁", "2"), ("항구", "2")] {
            assert_eq!(ids(finder.find(query, &[])), [id], "{query}");
        }
        assert!(finder.find("海市", &[]).is_empty());
    }

    #[test]
    fn a_work_is_found_once_in_the_language_that_is_read() {
        let mut english = card("e1", "en", "Hai Phong", "");
        english.work = "w1".into();
        let finder = Finder::new(vec![card("1", "vi", "Hải Phòng", ""), english]);
        assert_eq!(ids(finder.find("hai phong", &[lang("en"), lang("vi")])), ["e1"]);
        assert_eq!(ids(finder.find("hai phong", &[lang("vi")])), ["1"]);
        assert_eq!(finder.newest(&[lang("en")]).len(), 1);
    }

    proptest! {
        #[test]
        fn an_article_is_found_by_every_word_of_it(
            text in "[a-zà-ỹ0-9 一-龥ぁ-んァ-ヶ가-힣/-]{1,60}", title in "[a-zà-ỹ ]{0,20}",
        ) {
            let finder = Finder::new(vec![card("1", "vi", &title, &text), card("2", "vi", "", "")]);
            for word in text.split_whitespace().filter(|word| fold::phrases(word).is_some()) {
                let found = ids(finder.find(word, &[]));
                prop_assert_eq!(found, vec!["1"], "{}", word);
            }
        }

        #[test]
        fn an_unfinished_word_is_found_and_no_other(word in "[a-z]{2,9}", other in "[0-9]{2,9}") {
            let finder = Finder::new(vec![card("1", "vi", "", &word)]);
            let half = word.chars().take(word.len() / 2 + 1).collect::<String>();
            prop_assert_eq!(finder.find(&half, &[]).len(), 1);
            prop_assert_eq!(finder.find(&other, &[]).len(), 0);
        }
    }
}
