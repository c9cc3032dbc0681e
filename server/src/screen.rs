//! What a machine finds suspicious in a comment. It holds, with a cause, and never refuses: a moderator
//! decides. Where a portal wants it, a question is asked first.

use std::path::Path;

use anyhow::Context;
use haidang_engine::fold::{fold, tokens};
use serde::Deserialize;

use crate::texts::{Texts, Wanted};

/// What is held, from a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Words and phrases, whatever their case and marks.
    #[serde(default)]
    words: Vec<String>,
    /// Links a comment may have; absent is any number.
    #[serde(default)]
    links: Option<usize>,
    /// One of these is asked before a comment is taken; none asks nothing.
    #[serde(default)]
    questions: Vec<Question>,
    /// Nobody types a comment faster, in milliseconds.
    #[serde(skip)]
    fastest: u32,
}

/// Something that every reader knows and few machines do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// By language.
    ask: Texts,
    /// Whatever their case and marks.
    answers: Vec<String>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looked<'a> {
    /// As signed.
    pub author: &'a str,
    /// What it says.
    pub text: &'a str,
    /// The field that no person sees.
    pub trap: Option<&'a str>,
    /// Milliseconds of typing, if that is said.
    pub typed: Option<u32>,
}

impl Screen {
    /// Reads the file, if there is one; what was typed in less than `fastest` milliseconds is held.
    pub fn open(file: Option<&Path>, fastest: u32) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self { fastest, ..Self::default() }) };
        let json = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let read: Self = serde_json::from_str(&json).with_context(|| file.display().to_string())?;
        Ok(Self { fastest, ..read })
    }

    /// What to ask of who wrote `text`, if anything is asked and `answer` does not answer it. The same text
    /// is asked the same.
    pub fn question(&self, answer: Option<&str>, text: &str, wanted: &Wanted) -> Option<String> {
        let answer = fold(answer.unwrap_or_default().trim());
        let mut known = self.questions.iter().flat_map(|question| &question.answers);
        if known.any(|known| fold(known) == answer) {
            return None;
        }
        let number = text.bytes().fold(0_usize, |sum, byte| sum.wrapping_add(byte.into()));
        let question = self.questions.get(number.checked_rem(self.questions.len())?)?;
        Some(question.ask.text(wanted))
    }

    /// Why it is held, if it is: `trap`, `fast`, `words` or `links`.
    pub fn cause(&self, looked: Looked<'_>) -> Option<&'static str> {
        if looked.trap.is_some_and(|trap| !trap.is_empty()) {
            return Some("trap");
        }
        if looked.typed.is_some_and(|typed| typed < self.fastest) {
            return Some("fast");
        }
        let said = format!("{} {}", looked.author, looked.text);
        let (folded, padded) = (fold(&said), padded(&said));
        let is_said = |word: &String| match word.chars().any(is_unspaced) {
            true => folded.contains(&fold(word)),
            false => says(&padded, word),
        };
        if self.words.iter().any(is_said) {
            return Some("words");
        }
        self.links.is_some_and(|most| links(looked.text) > most).then_some("links")
    }
}

/// The folded words of a text between spaces.
fn padded(text: &str) -> String {
    format!(" {} ", tokens(text).join(" "))
}

fn says(said: &str, word: &str) -> bool {
    let word = padded(word);
    !word.trim().is_empty() && said.contains(&word)
}

/// Of a script that puts no spaces between words: Han, kana, hangul with its endings.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn links(text: &str) -> usize {
    let text = text.to_lowercase();
    let bare = text.replace("://www.", "://");
    bare.matches("://").count() + bare.matches("www.").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Looked<'_> {
        Looked { author: "An", text, ..Looked::default() }
    }

    fn screen() -> Screen {
        serde_json::from_str(r#"{"words": ["Cá độ", "赌场"], "links": 1}"#).unwrap()
    }

    #[test]
    fn words_are_found_whatever_their_marks_and_only_as_words() {
        for said in ["chơi CÁ ĐỘ ngay", "ca do!", "去赌场吧"] {
            assert_eq!(screen().cause(text(said)), Some("words"), "{said}");
        }
        assert_eq!(screen().cause(text("ca dong")), None);
        let name = Looked { author: "Cá Độ", text: "x", ..Looked::default() };
        assert_eq!(screen().cause(name), Some("words"));
    }

    #[test]
    fn a_question_is_asked_until_it_is_answered_in_the_language_of_who_writes() {
        let screen: Screen = serde_json::from_str(
            r#"{"questions": [{"ask": {"vi": "Hoa nào đỏ?", "en": "Which flower?"}, "answers": ["Phượng"]}]}"#,
        )
        .unwrap();
        let wanted = |code| Wanted(vec![haidang_engine::lang::Lang::parse(code).unwrap()]);
        assert_eq!(screen.question(None, "x", &wanted("en")).as_deref(), Some("Which flower?"));
        assert_eq!(
            screen.question(Some("hồng"), "x", &wanted("vi")).as_deref(),
            Some("Hoa nào đỏ?")
        );
        assert_eq!(screen.question(Some(" phuong "), "x", &wanted("vi")), None);
        assert_eq!(Screen::default().question(None, "x", &wanted("vi")), None);
    }

    #[test]
    fn links_are_counted_and_none_twice() {
        assert_eq!(screen().cause(text("xem https://www.a.test")), None);
        assert_eq!(screen().cause(text("https://a.test http://b.test")), Some("links"));
        assert_eq!(screen().cause(text("www.a.test www.b.test")), Some("links"));
        assert_eq!(Screen::default().cause(text("www.a.test www.b.test")), None);
    }

    #[test]
    fn a_machine_is_seen_by_the_trap_and_by_its_haste() {
        let screen = Screen::open(None, 2_000).unwrap();
        let cause = |trap, typed| screen.cause(Looked { trap, typed, ..text("x") });
        assert_eq!(cause(Some("x"), None), Some("trap"));
        assert_eq!(cause(Some(""), Some(1_999)), Some("fast"));
        assert_eq!(cause(None, Some(2_000)), None);
        assert_eq!(cause(None, None), None);
        let hasty = Looked { typed: Some(0), ..text("x") };
        assert_eq!(Screen::default().cause(hasty), None);
    }
}
