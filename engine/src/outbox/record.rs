//! How an entry is kept: JSON with a version. A newer one is left alone.

use serde_json::{Value, json};

use super::{Entry, Refusal, State};
use crate::{
    lang::Lang,
    model::NewComment,
    profile::{Method, Request, Session, Write},
    read::{Node, Read, ReadError},
    time::Timestamp,
};

/// The version of the record.
const VERSION: u32 = 1;

impl Entry {
    /// The record to keep.
    pub fn to_json(&self) -> Value {
        let refusal = match &self.state {
            State::Refused(refusal) => Some(refusal),
            _ => None,
        };
        json!({
            "version": VERSION,
            "key": self.key,
            "source": self.source,
            "thread": self.thread,
            "lang": self.lang.as_str(),
            "write": write(&self.write),
            "token": self.token,
            "request": self.request.as_ref().map(request),
            "exactly_once": self.exactly_once,
            "made": self.made.0,
            "state": self.state.word(),
            "refusal": refusal.map(|refusal| json!({
                "kind": refusal.kind,
                "reason": refusal.reason,
                "field": refusal.field,
                "challenge": refusal.challenge,
            })),
            "tries": self.tries,
            "due": self.due.0,
        })
    }
}

fn write(write: &Write) -> Value {
    match write {
        Write::Post(comment) => {
            let mut record = comment.to_json();
            if let Value::Object(members) = &mut record {
                members.insert("do".to_owned(), "post".into());
            }
            record
        }
        Write::Edit { comment, text } => json!({ "do": "edit", "comment": comment, "text": text }),
        Write::Delete { comment } => json!({ "do": "delete", "comment": comment }),
        Write::Vote { comment, vote } => json!({ "do": "vote", "comment": comment, "vote": vote }),
        Write::Report { comment, reason, detail } => {
            json!({ "do": "report", "comment": comment, "reason": reason, "detail": detail })
        }
    }
}

fn request(request: &Request) -> Value {
    let headers: Vec<Value> = request
        .headers
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let csrf = request.session.as_ref().and_then(|session| session.csrf.as_ref());
    json!({
        "method": request.method.as_str(),
        "url": request.url,
        "headers": headers,
        "body": request.body,
        "timeout": request.timeout,
        "session": request.session.is_some(),
        "csrf": csrf.map(|(cookie, header)| json!({ "name": cookie, "value": header })),
    })
}

impl Read for Entry {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        let state = match object.field::<String>("state")?.as_str() {
            "ready" => State::Ready,
            "sending" => State::Sending,
            "unsure" => State::Unsure,
            "asking" => State::Asking,
            "refused" => State::Refused(object.field_or_default("refusal")),
            _ => State::Queued,
        };
        Ok(Self {
            key: object.field("key")?,
            source: object.field_or_default("source"),
            thread: object.field("thread")?,
            lang: object.field("lang")?,
            write: object.field("write")?,
            token: object.opt_field("token"),
            request: object.opt_field("request"),
            exactly_once: object.field("exactly_once")?,
            made: object.field::<Moment>("made")?.0,
            state,
            tries: object.field_or_default("tries"),
            due: object.field::<Moment>("due")?.0,
        })
    }
}

/// Milliseconds since 1970.
struct Moment(Timestamp);

impl Read for Moment {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let number = node.value().and_then(Value::as_i64);
        number.map(|number| Self(Timestamp(number))).ok_or_else(|| node.error("milliseconds"))
    }
}

impl Read for Refusal {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self {
            kind: object.opt_field("kind"),
            reason: object.field_or_default("reason"),
            field: object.opt_field("field"),
            challenge: object.opt_field("challenge"),
        })
    }
}

impl Read for Write {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        let comment = || object.field::<String>("comment");
        Ok(match object.field::<String>("do")?.as_str() {
            "post" => Write::Post(Box::new(NewComment {
                parent: object.opt_field("parent"),
                author: object.field_or_default("author"),
                text: object.field("text")?,
                email: object.opt_field("email"),
                trap: object.opt_field("trap"),
                typed: object.opt_field("typed"),
                challenge: object.opt_field("challenge"),
                lang: object.opt_field::<Lang>("lang"),
            })),
            "edit" => Write::Edit { comment: comment()?, text: object.field("text")? },
            "delete" => Write::Delete { comment: comment()? },
            "vote" => {
                let vote = object.field::<i32>("vote")?;
                Write::Vote { comment: comment()?, vote: i8::try_from(vote).unwrap_or_default() }
            }
            "report" => Write::Report {
                comment: comment()?,
                reason: object.field("reason")?,
                detail: object.field_or_default("detail"),
            },
            _ => return Err(node.error("post, edit, delete, vote or report")),
        })
    }
}

/// A name and a value.
struct Pair(String, String);

impl Read for Pair {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self(object.field("name")?, object.field("value")?))
    }
}

impl Read for Request {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        let csrf = object.opt_field::<Pair>("csrf").map(|pair| (pair.0, pair.1));
        let has_session = object.field_or_default::<bool>("session");
        let headers = object.strict_list::<Pair>("headers")?;
        Ok(Self {
            method: object.field::<Method>("method")?,
            url: object.field("url")?,
            headers: headers.into_iter().map(|pair| (pair.0, pair.1)).collect(),
            body: object.opt_field("body"),
            timeout: object.field("timeout")?,
            session: has_session.then_some(Session { csrf }),
        })
    }
}
