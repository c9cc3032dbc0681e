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
        if node.field::<u32>("version")? > VERSION {
            return Err(node.error("a record of this version"));
        }
        let state = match node.field::<String>("state")?.as_str() {
            "ready" => State::Ready,
            "sending" => State::Sending,
            "unsure" => State::Unsure,
            "asking" => State::Asking,
            "refused" => State::Refused(node.field_or_default("refusal")?),
            _ => State::Queued,
        };
        Ok(Self {
            key: node.field("key")?,
            source: node.field_or_default("source")?,
            thread: node.field("thread")?,
            lang: node.field("lang")?,
            write: node.field("write")?,
            token: node.opt_field("token")?,
            request: node.opt_field("request")?,
            exactly_once: node.field("exactly_once")?,
            made: node.field::<Moment>("made")?.0,
            state,
            tries: node.field_or_default("tries")?,
            due: node.field::<Moment>("due")?.0,
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
        Ok(Self {
            kind: node.opt_field("kind")?,
            reason: node.field_or_default("reason")?,
            field: node.opt_field("field")?,
            challenge: node.opt_field("challenge")?,
        })
    }
}

impl Read for Write {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let comment = || node.field::<String>("comment");
        Ok(match node.field::<String>("do")?.as_str() {
            "post" => Write::Post(Box::new(NewComment {
                parent: node.opt_field("parent")?,
                author: node.field_or_default("author")?,
                text: node.field("text")?,
                email: node.opt_field("email")?,
                trap: node.opt_field("trap")?,
                typed: node.opt_field("typed")?,
                challenge: node.opt_field("challenge")?,
                lang: node.opt_field::<Lang>("lang")?,
            })),
            "edit" => Write::Edit { comment: comment()?, text: node.field("text")? },
            "delete" => Write::Delete { comment: comment()? },
            "vote" => {
                let vote = node.field::<i32>("vote")?;
                Write::Vote { comment: comment()?, vote: i8::try_from(vote).unwrap_or_default() }
            }
            "report" => Write::Report {
                comment: comment()?,
                reason: node.field("reason")?,
                detail: node.field_or_default("detail")?,
            },
            _ => return Err(node.error("post, edit, delete, vote or report")),
        })
    }
}

/// A name and a value.
struct Pair(String, String);

impl Read for Pair {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        Ok(Self(node.field("name")?, node.field("value")?))
    }
}

impl Read for Request {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let csrf = node.opt_field::<Pair>("csrf")?.map(|pair| (pair.0, pair.1));
        let has_session = node.field_or_default::<bool>("session")?;
        let headers = node.strict_list::<Pair>("headers")?;
        Ok(Self {
            method: node.field::<Method>("method")?,
            url: node.field("url")?,
            headers: headers.into_iter().map(|pair| (pair.0, pair.1)).collect(),
            body: node.opt_field("body")?,
            timeout: node.field("timeout")?,
            session: has_session.then_some(Session { csrf }),
        })
    }
}
