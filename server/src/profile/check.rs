//! `profile check`: asks everything a profile maps, one thing after the other, and says what came of it.

use std::fs;

use anyhow::{Context, anyhow};
use haidang_engine::{
    lang::Lang,
    model::{
        Article, Author, Comment, CommentCount, Document, DocumentEntry, Front, Headline,
        NewComment, Notice, Organisation, Page, Press, Register, Term,
    },
    profile::{Failure, Headlines, Operation, Portal, Profile, Reader, Rules, Source, Write},
    read::{Origin, Read, read_from},
    route::DocumentFilter,
};
use serde::Serialize;
use serde_json::Value;

use super::{
    answers::Answers,
    recorded::Recordings,
    report::{Report, words},
    zones,
};
use crate::{config::Check, outbound::Outbound};

/// Checks the profile in a file; the error is about the arguments, what is wrong with the profile or its
/// backend is in the report.
pub async fn check(args: &Check) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let Some(profile) = profile(args, &mut report)? else { return Ok(report) };
    let answers = match (&args.live, &args.sample) {
        (Some(_), _) => Answers::Live(Outbound::new(true)?),
        (None, Some(folder)) => Answers::Recorded(Recordings::read(folder)?),
        (None, None) => return Err(anyhow!("expected --live URL or --sample DIR")),
    };
    let (source, spoken) = source(args, &profile, &answers)?;
    let lang = match &args.lang {
        Some(code) => Lang::parse(code).with_context(|| format!("--lang: no language {code}"))?,
        None => spoken,
    };
    report.say(format_args!("{}: {}", profile.name, profile.about));
    let seen =
        Seen { thread: args.thread.clone(), article: args.article.clone(), ..Seen::default() };
    let mut walk = Walk { profile: &profile, source: &source, lang, answers, report, seen };
    Box::pin(walk.through()).await;
    let mut report = walk.report;
    report.not_offered(&profile.capabilities());
    report.sum_up();
    Ok(report)
}

/// The profile, if it reads. It is large.
fn profile(args: &Check, report: &mut Report) -> anyhow::Result<Option<Box<Profile>>> {
    let text = fs::read_to_string(&args.file).with_context(|| args.file.display().to_string())?;
    let (profile, warnings) = Profile::parse(&text);
    report.notes(&warnings);
    let profile = profile.and_then(|profile| profile.with_zones(Rules(zones::offset)));
    Ok(profile.map(Box::new).map_err(|error| report.complain(error)).ok())
}

/// The source to ask, and the language to ask in if none is said.
fn source(args: &Check, profile: &Profile, answers: &Answers) -> anyhow::Result<(Source, Lang)> {
    let mut source = Source { id: "checked".to_owned(), ..Source::default() };
    let mut lang = Lang::ENGLISH;
    if let Some(file) = &args.portal {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let portal = Portal::parse(&text).0.map_err(anyhow::Error::msg)?;
        let is_it = |source: &&Source| match &args.source {
            Some(id) => source.id == *id,
            None => named(source) == Some(profile.name.as_str()),
        };
        let found = portal.sources.iter().find(is_it);
        source =
            found.context("--portal: expected a source with this profile, found none")?.clone();
        lang = portal.default;
    }
    for param in &args.param {
        let (name, value) = param.split_once('=').context("--param: expected NAME=VALUE")?;
        source.params.0.retain(|(known, _)| known != name);
        // Tables and lists are JSON.
        let json = value.starts_with(['{', '[']).then(|| serde_json::from_str(value)).transpose();
        let value = json.with_context(|| param.clone())?.unwrap_or_else(|| value.into());
        source.params.0.push((name.to_owned(), value));
    }
    source.base = match (&args.live, answers) {
        (Some(base), _) => base.clone(),
        (None, Answers::Recorded(recordings)) => {
            args.base.clone().unwrap_or_else(|| recordings.origin())
        }
        _ => source.base,
    };
    Ok((source, lang))
}

/// The name of a source's profile, or its own.
fn named(source: &Source) -> Option<&str> {
    let profile = source.profile.as_ref()?;
    profile.as_str().or_else(|| profile.get("name")?.as_str())
}

/// What earlier answers gave, for later questions.
#[derive(Default)]
struct Seen {
    article: Option<String>,
    thread: Option<String>,
    section: Option<String>,
    word: Option<String>,
    document: Option<String>,
    comment: Option<String>,
}

struct Walk<'a> {
    profile: &'a Profile,
    source: &'a Source,
    lang: Lang,
    answers: Answers,
    report: Report,
    seen: Seen,
}

impl Walk<'_> {
    async fn through(&mut self) {
        if self.profile.endpoint("front").is_some() {
            self.ask::<Front>("front", Operation::Front).await;
        }
        self.lists().await;
        if let Some(id) = self.known("article", |seen| seen.article.clone()) {
            let article = self.ask::<Article>("article", Operation::Article(id.clone())).await;
            let work = article.as_ref().and_then(|article| text(article, "/headline/work"));
            self.seen.thread = self.seen.thread.take().or(work);
            self.together(&id).await;
            self.ask::<Page<Headline>>("related", Operation::Related(id)).await;
        }
        self.register().await;
        self.ask::<Press>("press", Operation::Press).await;
        self.ask::<Page<Notice>>("notices", Operation::Notices).await;
        self.thread().await;
    }

    async fn lists(&mut self) {
        let newest = Headlines::default();
        let list = self.ask::<Page<Headline>>("list", Operation::Headlines(newest.clone())).await;
        if let Some(list) = list {
            let first = |pointer: &str| text(&list, &format!("/items/0/{pointer}"));
            self.seen.article = self.seen.article.take().or(first("key/id"));
            self.seen.thread = self.seen.thread.take().or(first("work"));
            self.seen.section = first("section/id");
            self.seen.word = first("title").and_then(|title| longest(&title));
            // What was recorded is one page: asked for the next, it would be there again.
            if let (Some(next), true) = (text(&list, "/next"), self.answers.are_live()) {
                let next = Headlines { cursor: Some(next), ..newest };
                let next = self.ask::<Page<Headline>>("list", Operation::Headlines(next)).await;
                self.compare(&list, &next.unwrap_or_default());
            }
        }
        let sections = Operation::Sections { cursor: None };
        let sections = self.ask::<Page<Term>>("sections", sections).await;
        let section = sections.and_then(|sections| text(&sections, "/items/0/id"));
        if let (Some(section), true) =
            (section.or(self.seen.section.take()), self.answers.are_live())
        {
            self.section(section).await;
        }
        self.ask::<Page<Author>>("authors", Operation::Authors { cursor: None }).await;
        let organisations = Operation::Organisations { cursor: None };
        self.ask::<Page<Organisation>>("organisations", organisations).await;
        let word = self.seen.word.clone().unwrap_or_else(|| "a".to_owned());
        let words = Headlines { query: Some(word), ..Headlines::default() };
        self.ask::<Page<Headline>>("search", Operation::Headlines(words)).await;
    }

    /// A section's list, which must be asked for by the section.
    async fn section(&mut self, section: String) {
        let of = Headlines { section: Some(section), ..Headlines::default() };
        let url = |list: &Headlines| {
            let operation = Operation::Headlines(list.clone());
            self.profile.plan(&operation, self.source, &self.lang).ok()
        };
        let is_all = url(&of) == url(&Headlines::default());
        let operation = Operation::Headlines(of);
        if is_all && self.profile.endpoint("list").is_some() {
            self.report.say(format_args!("\n{}", title("list", &operation)));
            self.report
                .complain("`section` changes nothing in the request: a section would show all");
        } else {
            self.ask::<Page<Headline>>("list", operation).await;
        }
    }

    /// That a second page does not begin again.
    fn compare(&mut self, first: &Value, second: &Value) {
        let ids = |page: &Value| -> Vec<String> {
            let items = page.get("items").and_then(Value::as_array);
            items.into_iter().flatten().filter_map(|item| text(item, "/key/id")).collect()
        };
        let before = ids(first);
        if let Some(again) = ids(second).into_iter().find(|id| before.contains(id)) {
            self.report
                .complain(format_args!("`next`: \"{again}\" was on the page before as well"));
        }
    }

    /// Several articles at once, which must be those that were asked for.
    async fn together(&mut self, id: &str) {
        let operation = Operation::Articles { ids: vec![id.to_owned()] };
        let Some(page) = self.ask::<Page<Article>>("articles", operation).await else { return };
        let is_it = |item: &Value| text(item, "/headline/key/id").as_deref() == Some(id);
        let is_there = page
            .get("items")
            .and_then(Value::as_array)
            .is_some_and(|items| items.iter().any(is_it));
        if self.answers.are_live() && !is_there {
            self.report.complain(format_args!("\"{id}\" was asked for, and is not among them"));
        }
    }

    async fn register(&mut self) {
        let all = Operation::Documents(DocumentFilter::default());
        let documents = self.ask::<Page<DocumentEntry>>("documents", all).await;
        self.seen.document = documents.and_then(|page| text(&page, "/items/0/key/id"));
        if let Some(id) = self.known("document", |seen| seen.document.clone()) {
            self.ask::<Document>("document", Operation::Document(id)).await;
        }
        self.ask::<Register>("register", Operation::Register).await;
    }

    async fn thread(&mut self) {
        let Some(thread) = self.known("comments.list", |seen| seen.thread.clone()) else { return };
        let list = Operation::comments(thread.clone());
        let comments = self.ask::<Page<Comment>>("comments.list", list).await;
        self.seen.comment = comments.and_then(|page| text(&page, "/items/0/id"));
        let comment = self.seen.comment.clone().unwrap_or_else(|| "1".to_owned());
        let new = NewComment {
            author: "An".to_owned(),
            text: "A comment".to_owned(),
            lang: Some(self.lang.clone()),
            ..NewComment::default()
        };
        let (text, reason) = ("A comment".to_owned(), "spam".to_owned());
        for write in [
            Write::Post(Box::new(new)),
            Write::Edit { comment: comment.clone(), text },
            Write::Vote { comment: comment.clone(), vote: 1 },
            Write::Report { comment: comment.clone(), reason, detail: String::new() },
            Write::Delete { comment },
        ] {
            let path = write.endpoint();
            let (key, reader) = ("checked".to_owned(), Reader::default());
            let operation = Operation::Write { thread: thread.clone(), write, key, reader };
            self.ask::<Comment>(path, operation).await;
        }
        let counts = Operation::Counts { threads: vec![thread.clone()] };
        self.ask::<Page<CommentCount>>("comments.counts", counts).await;
        self.ask::<Comment>("comments.live", Operation::Live { thread, after: None }).await;
    }

    /// The id that an endpoint needs. What was recorded answers for any.
    fn known(&mut self, path: &str, of: impl Fn(&Seen) -> Option<String>) -> Option<String> {
        self.profile.endpoint(path)?;
        let found = of(&self.seen);
        if found.is_none() && !self.answers.are_live() {
            return Some("1".to_owned());
        }
        if found.is_none() {
            let option = if path == "article" { "--article ID" } else { "--thread KEY" };
            self.report
                .say(format_args!("\n{path}\n  not asked: nothing to ask for, see {option}"));
        }
        found
    }

    /// Asks one thing, if the profile maps it, and gives it in the model's shape.
    async fn ask<T: Read + Serialize>(
        &mut self,
        path: &str,
        operation: Operation,
    ) -> Option<Value> {
        self.profile.endpoint(path)?;
        self.report.say(format_args!("\n{}", title(path, &operation)));
        let request = match self.profile.plan(&operation, self.source, &self.lang) {
            Ok(request) => request,
            Err(failure) => {
                self.report.complain(words(&failure));
                return None;
            }
        };
        self.report.say(format_args!("  {} {}", request.method.as_str(), request.url));
        if let Some(body) = &request.body {
            self.report.say(format_args!("  {body}"));
        }
        let unsent = match path {
            "comments.live" => Some("it would not end"),
            "comments.post" | "comments.edit" | "comments.delete" | "comments.vote"
            | "comments.report"
                if self.answers.are_live() =>
            {
                Some("it would write")
            }
            _ => None,
        };
        if let Some(why) = unsent {
            self.report.say(format_args!("  not sent: {why}"));
            return None;
        }
        let ids = ids(&operation);
        let answered = match self.answers.to(&request, path, &ids).await {
            Ok(Some(answered)) => answered,
            Ok(None) => {
                self.report.say("  not asked: no answer to such a request was recorded");
                return None;
            }
            Err(trouble) => {
                self.report.complain(trouble);
                return None;
            }
        };
        self.report.answer(answered.response.status, &answered.how);
        let decoded =
            self.profile.decode(&operation, &request, &answered.response, self.source, &self.lang);
        let (value, notes) = match decoded {
            Ok(decoded) => decoded,
            Err(failure) => {
                self.report.complain(words(&failure));
                return None;
            }
        };
        self.report.notes(&notes);
        // Something was done to a comment, and the backend says no more.
        if value.is_null() {
            return None;
        }
        let value = self.model::<T>(path, &value)?;
        let is_list = value.get("items").is_some();
        self.report.value(&value, is_list);
        let is_bare = value.pointer("/items").and_then(Value::as_array).is_some_and(Vec::is_empty);
        if is_bare && path == "list" {
            self.report
                .complain("a list without items: is `items` right, or is there nothing yet?");
        }
        Some(value)
    }

    fn model<T: Read + Serialize>(&mut self, path: &str, value: &Value) -> Option<Value> {
        let base = self.source.pages();
        let origin = Origin { source: "", base, lang: Some(&self.lang) };
        let (model, notes) = read_from::<T>(value, path, origin);
        self.report.notes(&notes);
        match model.map(|model| serde_json::to_value(model)) {
            Ok(Ok(value)) => Some(value),
            Ok(Err(error)) => {
                self.report.complain(error);
                None
            }
            Err(error) => {
                self.report.complain(words(&Failure::Unreadable { cause: error.to_string() }));
                None
            }
        }
    }
}

/// What is asked, in a few words.
fn title(path: &str, operation: &Operation) -> String {
    let Operation::Headlines(Headlines { section, query, cursor, .. }) = operation else {
        return path.to_owned();
    };
    match (section, query, cursor) {
        (Some(section), ..) => format!("{path} of the section \"{section}\""),
        (_, Some(words), _) => format!("{path} for \"{words}\""),
        (.., Some(cursor)) => format!("{path} from \"{cursor}\" on"),
        _ => path.to_owned(),
    }
}

/// Those pieces of an address that name something.
fn ids(operation: &Operation) -> Vec<&str> {
    match operation {
        Operation::Article(id) | Operation::Document(id) | Operation::Related(id) => vec![id],
        Operation::Articles { ids } => ids.iter().map(String::as_str).collect(),
        Operation::Comments { thread, .. } | Operation::Live { thread, .. } => vec![thread],
        Operation::Write { thread, write, .. } => {
            std::iter::once(thread.as_str()).chain(write.comment()).collect()
        }
        _ => Vec::new(),
    }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

/// The word that is most likely to find something.
fn longest(title: &str) -> Option<String> {
    let words = title.split(|c: char| !c.is_alphanumeric());
    words.max_by_key(|word| word.chars().count()).filter(|word| !word.is_empty()).map(str::to_owned)
}
