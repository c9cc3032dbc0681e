//! A source with a profile, and what servers answered it.

use std::{fs, path::PathBuf};

use haidang_engine::{
    lang::Lang,
    model::NewComment,
    profile::{Failure, Operation, Portal, Profile, Reader, Request, Response, Source, Write},
    read::{Origin, Read, read_from},
    thread::Order,
};
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A profile of `profiles/`, which must be without warnings.
pub fn shipped(name: &str) -> Profile {
    let file = fs::read_to_string(root().join(format!("profiles/{name}.json"))).unwrap();
    let (profile, notes) = Profile::parse(&file);
    assert!(notes.is_empty(), "{notes:?}");
    profile.unwrap_or_else(|error| panic!("{error}"))
}

/// A profile that is written out.
pub fn written(profile: &Value) -> Profile {
    let (profile, notes) = Profile::from_value(profile);
    assert!(notes.is_empty(), "{notes:?}");
    profile.unwrap_or_else(|error| panic!("{error}"))
}

/// What a real server answered.
pub fn recorded(backend: &str, name: &str) -> Response {
    let path = root().join(format!("tests/backends/{backend}/samples/{name}.json"));
    let file = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let sample: Value = serde_json::from_str(&file).unwrap();
    let body = match sample["body"].get("_not_json") {
        Some(text) => text.as_str().unwrap().to_owned(),
        None => sample["body"].to_string(),
    };
    let headers = sample["headers"].as_object().unwrap().iter();
    Response {
        status: u16::try_from(sample["status"].as_u64().unwrap()).unwrap(),
        headers: headers
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        body,
        url: String::new(),
    }
}

/// A success with this JSON.
pub fn answered(body: &Value) -> Response {
    Response { status: 200, body: body.to_string(), ..Response::default() }
}

pub fn lang(code: &str) -> Lang {
    Lang::parse(code).unwrap()
}

/// A backend that is asked through a profile.
pub struct Backend {
    pub profile: Profile,
    pub source: Source,
    pub lang: Lang,
}

impl Backend {
    /// With what portal.json says of the source beside `id` and `base`.
    pub fn new(profile: Profile, base: &str, more: &Value) -> Self {
        let mut source = json!({ "id": "s", "base": base });
        source.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let portal = json!({
            "version": 1, "id": "p", "name": { "en": "P" }, "timezone": "UTC", "default": "en",
            "languages": [{ "code": "en", "name": "English" }], "sources": [source],
        });
        let (portal, notes) = Portal::parse(&portal.to_string());
        assert!(notes.is_empty(), "{notes:?}");
        let source = portal.unwrap().sources.remove(0);
        Self { profile, source, lang: lang("en") }
    }

    pub fn request(&self, operation: &Operation) -> Request {
        self.profile.plan(operation, &self.source, &self.lang).unwrap()
    }

    pub fn url(&self, operation: &Operation) -> String {
        self.request(operation).url
    }

    /// What the answer is in the native shape, with notes.
    pub fn decode(
        &self,
        operation: &Operation,
        response: &Response,
    ) -> Result<(Value, Vec<String>), Failure> {
        let request = self.request(operation);
        self.profile.decode(operation, &request, response, &self.source, &self.lang)
    }

    /// What the answer is in the model; nothing in it may be unreadable.
    pub fn read<T: Read>(&self, operation: &Operation, response: &Response) -> T {
        let (value, notes) = self.decode(operation, response).unwrap();
        assert!(notes.is_empty(), "{notes:#?}");
        let origin = Origin { source: "", base: &self.source.base, lang: Some(&self.lang) };
        let (read, notes) = read_from::<T>(&value, "answer", origin);
        assert!(notes.is_empty(), "{notes:#?}");
        read.unwrap()
    }

    /// What the answer fails with.
    pub fn failure(&self, operation: &Operation, response: &Response) -> Failure {
        match self.decode(operation, response) {
            Ok((value, _)) => panic!("expected a failure, found {value}"),
            Err(failure) => failure,
        }
    }
}

/// A comment to post.
pub fn post(thread: &str, parent: Option<&str>) -> Operation {
    write(
        thread,
        Write::Post(Box::new(NewComment {
            parent: parent.map(str::to_owned),
            author: "Moussa".into(),
            text: "A reply".into(),
            lang: Some(lang("en")),
            ..NewComment::default()
        })),
    )
}

/// A vote on a comment.
pub fn vote(thread: &str, comment: &str, vote: i8) -> Operation {
    write(thread, Write::Vote { comment: comment.into(), vote })
}

/// Something to do in a thread.
pub fn write(thread: &str, write: Write) -> Operation {
    let (thread, key) = (thread.into(), "key-1".into());
    Operation::Write { thread, write, key, reader: Reader::default() }
}

/// A thread from a cursor on.
pub fn thread_from(thread: &str, cursor: Option<&str>) -> Operation {
    Operation::Comments {
        thread: thread.into(),
        order: Order::Oldest,
        cursor: cursor.map(str::to_owned),
        reader: Reader::default(),
    }
}
