//! What is said of a profile: text for a terminal, and how much of it is wrong.

use std::fmt::{Display, Write};

use haidang_engine::profile::{Capabilities, Failure};
use serde_json::{Map, Value};

/// Notes shown of one answer.
const MAX_NOTES: usize = 10;

/// Text to print, and whether all is well.
#[derive(Debug, Default)]
pub struct Report {
    text: String,
    answers: usize,
    wrong: usize,
}

impl Report {
    /// The whole, to be printed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many things are wrong.
    pub fn wrong(&self) -> usize {
        self.wrong
    }

    /// A line.
    pub fn say(&mut self, line: impl Display) {
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// A line about something that is wrong.
    pub fn complain(&mut self, line: impl Display) {
        self.wrong += 1;
        self.say(format_args!("  WRONG: {line}"));
    }

    /// The status of an answer, and how one came to it.
    pub fn answer(&mut self, status: u16, how: &str) {
        self.answers += 1;
        self.say(format_args!("  {status}{how}"));
    }

    /// The last line.
    pub fn sum_up(&mut self) {
        self.text.push('\n');
        if self.answers == 0 {
            self.complain("nothing was answered: is the base right?");
        }
        match self.wrong {
            0 => self.say("Nothing is wrong."),
            1 => self.say("1 thing is wrong."),
            count => self.say(format_args!("{count} things are wrong.")),
        }
    }

    /// What could not be read, each wrong.
    pub fn notes(&mut self, notes: &[String]) {
        for note in notes.iter().take(MAX_NOTES) {
            self.complain(note);
        }
        if let Some(more @ 1..) = notes.len().checked_sub(MAX_NOTES) {
            self.wrong += more;
            self.say(format_args!("  … and {more} like these"));
        }
    }

    /// What a value of the model holds: how many, the first in brief, what it lacks.
    pub fn value(&mut self, value: &Value, is_list: bool) {
        let Some(members) = value.as_object() else { return };
        if !is_list {
            let lists =
                members.iter().filter_map(|(key, value)| Some((key, value.as_array()?.len())));
            let lists = lists.filter(|(_, count)| *count > 0);
            let lists: Vec<_> = lists.map(|(key, count)| format!("{key} {count}")).collect();
            self.first("it is", &flat(members));
            if !lists.is_empty() {
                self.say(format_args!("  in it: {}", lists.join(", ")));
            }
            return;
        }
        let items = members.get("items").and_then(Value::as_array);
        let items = items.map(Vec::as_slice).unwrap_or_default();
        let mut line = match items.len() {
            1 => "1 item".to_owned(),
            count => format!("{count} items"),
        };
        if let Some(total) = members.get("total").and_then(Value::as_u64) {
            let _ = write!(line, " of {total}");
        }
        if let Some(next) = members.get("next").and_then(Value::as_str) {
            let _ = write!(line, ", more from \"{next}\" on");
        }
        self.say(format_args!("  {line}"));
        if let Some(Value::Object(first)) = items.first() {
            self.first("first", &flat(first));
        }
    }

    fn first(&mut self, what: &str, members: &Map<String, Value>) {
        let shown: Vec<_> = BRIEF.iter().filter_map(|key| brief(key, members.get(*key)?)).collect();
        if !shown.is_empty() {
            self.say(format_args!("  {what}: {}", shown.join(", ")));
        }
        let empty: Vec<_> = members
            .iter()
            .filter(|(_, value)| is_empty(value))
            .map(|(key, _)| key.as_str())
            .collect();
        if !empty.is_empty() {
            self.say(format_args!("  empty: {}", empty.join(", ")));
        }
    }

    /// What the app will not offer, and why.
    pub fn not_offered(&mut self, offers: &Capabilities) {
        let all = [
            (offers.front, "no front page: neither `front` nor `list` is mapped"),
            (offers.list, "no lists of sections, tags or authors: `list` is not mapped"),
            (offers.article, "no articles: `article` is not mapped"),
            (offers.sections, "no sections to choose from: `sections` is not mapped"),
            (offers.authors, "no list of authors: `authors` is not mapped"),
            (offers.organisations, "no organisations: `organisations` is not mapped"),
            (offers.search, "no search box: `search` is not mapped"),
            (offers.related, "nothing to read next: `related` is not mapped"),
            (offers.documents, "no register: `documents` is not mapped"),
            (offers.press, "no press office: `press` is not mapped"),
            (offers.notices, "no notices: `notices` is not mapped"),
            (offers.comments, "no threads: `comments.list` is not mapped"),
            (
                offers.post || !offers.comments,
                "threads to read only: `comments.post` is not mapped",
            ),
            (offers.edit || !offers.comments, "no second thoughts: `comments.edit` is not mapped"),
            (offers.delete || !offers.comments, "no taking back: `comments.delete` is not mapped"),
            (offers.vote || !offers.comments, "no votes: `comments.vote` is not mapped"),
            (
                offers.report || !offers.comments,
                "no reports to moderators: `comments.report` is not mapped",
            ),
            (
                offers.live || !offers.comments,
                "no new comments as they come: `comments.live` is not mapped",
            ),
            (
                offers.counts || !offers.comments,
                "no numbers of comments in lists: `comments.counts` is not mapped",
            ),
        ];
        let missing: Vec<_> = all.iter().filter(|(offered, _)| !offered).collect();
        if missing.is_empty() {
            return;
        }
        self.say("\nThe app will not offer");
        for (_, what) in missing {
            self.say(format_args!("  {what}"));
        }
    }
}

/// What is shown of an item, in this order.
const BRIEF: [&str; 14] = [
    "key",
    "id",
    "number",
    "title",
    "name",
    "author",
    "role",
    "lang",
    "published",
    "issued",
    "created",
    "section",
    "state",
    "body",
];

/// An article with its headline's fields, a document with its entry's.
fn flat(members: &Map<String, Value>) -> Map<String, Value> {
    let mut all = members.clone();
    for key in ["headline", "entry"] {
        if let Some(Value::Object(inner)) = all.remove(key) {
            all.extend(inner);
        }
    }
    all
}

fn brief(key: &str, value: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).or(Some(value.to_string()));
    let shown = match (key, value) {
        (_, Value::Null) => return None,
        ("key", _) => format!("id {}", value.get("id")?.as_str()?),
        ("id", _) => format!("id {}", text(value)?),
        ("title" | "name", Value::String(text)) => format!("\"{}\"", cut(text)),
        ("section", _) => format!("section {}", value.get("name")?.as_str()?),
        ("body", _) => {
            let length = value.get("value")?.as_str()?.chars().count();
            format!("body of {length} characters ({})", value.get("format")?.as_str()?)
        }
        ("author", Value::String(text)) if !text.is_empty() => format!("by {}", cut(text)),
        _ => text(value)?,
    };
    Some(shown).filter(|shown| !shown.is_empty())
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A failure, for people.
pub fn words(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable => "nobody answers".to_owned(),
        Failure::TimedOut => "no answer in time".to_owned(),
        Failure::Aborted => "broken off".to_owned(),
        Failure::Forbidden => "not allowed (401 or 403): does it need a key or a token?".to_owned(),
        Failure::NotFound => "there is no such thing".to_owned(),
        Failure::Unvouched { status } => {
            format!("{status} without JSON: is it the backend that answers?")
        }
        Failure::Busy { retry_after } => format!("too busy, again in {retry_after} s"),
        Failure::Refused(refused) => match &refused.field {
            Some(field) => format!("refused: {} ({field})", refused.reason),
            None => format!("refused: {}", refused.reason),
        },
        Failure::Duplicate { reason } => format!("it is there already: {reason}"),
        Failure::Broken { status } => {
            format!("the backend is broken or was asked badly ({status})")
        }
        Failure::Unreadable { cause } => cause.clone(),
        Failure::Challenged { .. } => "the backend wants a challenge answered first".to_owned(),
        Failure::NotOffered => "the profile does not offer it in this language".to_owned(),
    }
}
