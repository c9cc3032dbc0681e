//! What the app may ask of a backend, and the request that asks it.

use super::{
    Source,
    template::expand,
    threads::{self, Reader, Write},
};
use crate::{
    lang::Lang,
    read::{Node, Read, ReadError},
    route::DocumentFilter,
    thread::Order,
    time::Timestamp,
};

/// A list of articles to ask for; every field narrows.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Headlines {
    /// Of this section.
    pub section: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// By this author.
    pub author: Option<String>,
    /// Of this organisation.
    pub organisation: Option<String>,
    /// That these words find.
    pub query: Option<String>,
    /// Only works that have no version in this language.
    pub missing: Option<Lang>,
    /// Those first that were changed last, where a source can be asked so ([`super::Capabilities::changed`]).
    pub changed: bool,
    /// At most so many.
    pub limit: Option<u32>,
    /// From here on.
    pub cursor: Option<String>,
}

/// One question to one backend. The answer's type is the one named.
#[derive(Clone, PartialEq, Eq)]
pub enum Operation {
    /// [`crate::model::Front`].
    Front,
    /// [`crate::model::Page`] of [`crate::model::Headline`].
    Headlines(Headlines),
    /// [`crate::model::Article`]: the version in the language asked for if there is one, else the one named.
    Article(String),
    /// [`crate::model::Page`] of [`crate::model::Article`]: those with these ids, for who prints a whole portal.
    Articles {
        /// Not more than [`Operation::TOGETHER`].
        ids: Vec<String>,
    },
    /// [`crate::model::Page`] of [`crate::model::DocumentEntry`].
    Documents(DocumentFilter),
    /// [`crate::model::Register`].
    Register,
    /// [`crate::model::Document`].
    Document(String),
    /// [`crate::model::Press`].
    Press,
    /// A list of [`crate::model::Notice`] in `items`.
    Notices,
    /// [`crate::model::ThreadPage`].
    Comments {
        /// The article's or the work's id.
        thread: String,
        /// Which comments at the top come first, where the backend can sort.
        order: Order,
        /// From here on.
        cursor: Option<String>,
        /// Who asks.
        reader: Reader,
    },
    /// [`crate::model::Page`] of [`crate::model::Term`].
    Sections {
        /// From here on.
        cursor: Option<String>,
    },
    /// [`crate::model::Page`] of [`crate::model::Author`].
    Authors {
        /// From here on.
        cursor: Option<String>,
    },
    /// [`crate::model::Page`] of [`crate::model::Organisation`].
    Organisations {
        /// From here on.
        cursor: Option<String>,
    },
    /// [`crate::model::Page`] of [`crate::model::Headline`]: what to read after this article.
    Related(String),
    /// The address of a stream of what is new in a thread (server-sent events); the data of an event
    /// is an answer, a [`crate::model::Comment`] as it is now, or with the name `rules` a
    /// [`crate::model::ThreadRules`].
    Live {
        /// The article's or the work's id.
        thread: String,
        /// From here on: [`crate::model::ThreadPage::at`], or the last event's id.
        after: Option<String>,
    },
    /// What was taken, a [`crate::model::Comment`]; of a report nothing.
    Write {
        /// The article's or the work's id.
        thread: String,
        /// What to do.
        write: Write,
        /// Says that two requests are one (draft-ietf-httpapi-idempotency-key-header).
        key: String,
        /// Who does it.
        reader: Reader,
    },
    /// A list of [`crate::model::Withdrawn`] in `items`: what was taken back.
    Withdrawn {
        /// From this moment on.
        since: Timestamp,
    },
    /// A list of [`crate::model::CommentCount`] in `items`.
    Counts {
        /// The articles' or the works' ids.
        threads: Vec<String>,
    },
}

/// How a request is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
pub enum Method {
    /// Safe to repeat.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "GET"))]
    Get,
    /// Not safe to repeat.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "POST"))]
    Post,
    /// Not safe to repeat here: what it replaces may have changed.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "PUT"))]
    Put,
    /// Not safe to repeat here.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "DELETE"))]
    Delete,
}

impl Method {
    /// As HTTP names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

impl Read for Method {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let all = [Method::Get, Method::Post, Method::Put, Method::Delete];
        let name = node.value().and_then(serde_json::Value::as_str);
        let found = all.into_iter().find(|method| name == Some(method.as_str()));
        found.ok_or_else(|| node.error("GET, POST, PUT or DELETE"))
    }
}

/// A request to send as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Absolute, or relative to the portal's base.
    pub url: String,
    /// Beside those the driver sets.
    pub headers: Vec<(String, String)>,
    /// JSON, unless a header says otherwise.
    pub body: Option<String>,
    /// Milliseconds to wait.
    pub timeout: u32,
    /// The reader's session at the backend, if the source uses it.
    pub session: Option<Session>,
}

/// The reader's own session at a backend: the driver sends its cookies along.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// The cookie whose value is sent as this header: its name, the header's name.
    pub csrf: Option<(String, String)>,
}

impl Operation {
    /// How many articles are asked for at once: no backend that is known takes fewer.
    pub const TOGETHER: usize = 50;

    /// The kind of question, in a word: keys of what is kept begin with it.
    pub fn kind(&self) -> &'static str {
        match self {
            Operation::Front => "front",
            Operation::Headlines(_) => "headlines",
            Operation::Article(_) => "article",
            Operation::Articles { .. } => "articles",
            Operation::Documents(_) => "documents",
            Operation::Register => "register",
            Operation::Document(_) => "document",
            Operation::Press => "press",
            Operation::Notices => "notices",
            Operation::Sections { .. } => "sections",
            Operation::Authors { .. } => "authors",
            Operation::Organisations { .. } => "organisations",
            Operation::Related(_) => "related",
            Operation::Counts { .. } => "counts",
            Operation::Withdrawn { .. } => "withdrawn",
            // Whatever writes to a thread makes what is kept of it old.
            Operation::Comments { .. } | Operation::Write { .. } | Operation::Live { .. } => {
                "comments"
            }
        }
    }

    /// Whether the answer is for the reader who asks and nobody else.
    pub fn is_personal(&self) -> bool {
        match self {
            Self::Comments { reader, .. } => reader.token.is_some() || reader.assertion.is_some(),
            Self::Write { .. } => true,
            _ => false,
        }
    }

    /// The beginning of a thread, oldest comments first, for nobody in particular.
    pub fn comments(thread: impl Into<String>) -> Self {
        Self::Comments {
            thread: thread.into(),
            order: Order::Oldest,
            cursor: None,
            reader: Reader::default(),
        }
    }
}

impl Request {
    /// For messages: how and where.
    pub fn describe(&self) -> String {
        [self.method.as_str(), " ", &self.url].concat()
    }

    /// Why a page at `page` may not send it, if a browser will forbid it as mixed content.
    pub fn mixed_content(&self, page: &str) -> Option<String> {
        let local = ["http://localhost", "http://127.", "http://[::1]"];
        let mixed = page.starts_with("https://")
            && self.url.starts_with("http://")
            && !local.iter().any(|host| self.url.starts_with(host));
        mixed
            .then(|| format!("{}: a page on https may not ask an address on http", self.describe()))
    }
}

/// Milliseconds to wait for a source that says nothing about it.
pub(super) const TIMEOUT: u32 = 10_000;

/// The request that asks `operation` of `source` in `lang`.
pub fn plan(operation: &Operation, source: &Source, lang: &Lang) -> Request {
    let limit;
    let moment;
    let together;
    let base = source.base.trim_end_matches('/');
    let timeout = source.timeout.unwrap_or(TIMEOUT);
    let get = |url| {
        let mut request = Request {
            method: Method::Get,
            url,
            headers: Vec::new(),
            body: None,
            timeout,
            session: None,
        };
        if let Operation::Comments { reader, .. } = operation {
            threads::sign(&mut request, reader);
        }
        request
    };
    let mut vars = Vars(vec![("base", base), ("lang", lang.as_str())]);
    let template = match operation {
        Operation::Front => "{+base}/front{?lang}",
        Operation::Headlines(list) => {
            limit = list.limit.map(|limit| limit.to_string());
            vars.put("section", list.section.as_deref());
            vars.put("tag", list.tag.as_deref());
            vars.put("author", list.author.as_deref());
            vars.put("organisation", list.organisation.as_deref());
            vars.put("q", list.query.as_deref());
            vars.put("missing", list.missing.as_ref().map(Lang::as_str));
            vars.put("limit", limit.as_deref());
            vars.put("cursor", list.cursor.as_deref());
            "{+base}/articles{?lang,section,tag,author,organisation,q,missing,limit,cursor}"
        }
        Operation::Article(id) => {
            vars.put("id", Some(id));
            "{+base}/articles/{id}{?lang}"
        }
        Operation::Articles { ids } => {
            together = ids.join(",");
            vars.put("ids", Some(&together));
            "{+base}/articles{?lang,ids}"
        }
        Operation::Documents(filter) => {
            vars.put("q", Some(&filter.query));
            vars.put("kind", filter.kind.as_deref());
            vars.put("issuer", filter.issuer.as_deref());
            vars.put("field", filter.field.as_deref());
            vars.put("year", filter.year.as_deref());
            vars.put("status", filter.status.as_deref());
            vars.put("cursor", filter.cursor.as_deref());
            "{+base}/documents{?lang,q,kind,issuer,field,year,status,cursor}"
        }
        Operation::Register => "{+base}/register{?lang}",
        Operation::Document(id) => {
            vars.put("id", Some(id));
            "{+base}/documents/{id}{?lang}"
        }
        Operation::Press => "{+base}/press{?lang}",
        Operation::Notices => "{+base}/notices{?lang}",
        Operation::Sections { cursor } => {
            vars.put("cursor", cursor.as_deref());
            "{+base}/sections{?lang,cursor}"
        }
        Operation::Authors { cursor } => {
            vars.put("cursor", cursor.as_deref());
            "{+base}/authors{?lang,cursor}"
        }
        Operation::Organisations { cursor } => {
            vars.put("cursor", cursor.as_deref());
            "{+base}/organisations{?lang,cursor}"
        }
        Operation::Related(id) => {
            vars.put("id", Some(id));
            "{+base}/articles/{id}/related{?lang}"
        }
        Operation::Withdrawn { since } => {
            moment = since.to_string();
            vars.put("since", Some(&moment));
            "{+base}/withdrawn{?since}"
        }
        Operation::Comments { thread, order, cursor, .. } => {
            return get(threads::list(base, thread, *order, cursor.as_deref()));
        }
        Operation::Live { thread, after } => {
            return get(threads::live(base, thread, after.as_deref()));
        }
        Operation::Counts { threads } => return get(threads::counts(base, threads)),
        Operation::Write { thread, write, key, reader } => {
            let mut request = threads::write(source, timeout, thread, write, key);
            threads::sign(&mut request, reader);
            return request;
        }
    };
    get(expand(template, &vars.0))
}

/// The values a template may name; what is absent or empty is left out.
struct Vars<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Vars<'a> {
    fn put(&mut self, name: &'static str, value: Option<&'a str>) {
        self.0.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NewComment;

    fn url(operation: Operation) -> String {
        let source = Source {
            id: "city".into(),
            base: "https://x.test/api/v1/".into(),
            ..Source::default()
        };
        plan(&operation, &source, &Lang::parse("vi").unwrap()).url
    }

    #[test]
    fn ids_and_words_are_encoded() {
        assert_eq!(
            url(Operation::Article("a/b?c".into())),
            "https://x.test/api/v1/articles/a%2Fb%3Fc?lang=vi"
        );
        let words = Headlines { query: Some("Đồ Sơn & biển".into()), ..Headlines::default() };
        assert_eq!(
            url(Operation::Headlines(words)),
            "https://x.test/api/v1/articles?lang=vi&q=%C4%90%E1%BB%93%20S%C6%A1n%20%26%20bi%E1%BB%83n"
        );
    }

    #[test]
    fn what_is_asked_by_somebody_is_for_them() {
        assert!(!Operation::comments("t").is_personal());
        let reader = Reader { token: Some("t".into()), assertion: None };
        let Operation::Comments { thread, order, cursor, .. } = Operation::comments("t") else {
            panic!("comments")
        };
        assert!(Operation::Comments { thread, order, cursor, reader }.is_personal());
    }

    #[test]
    fn a_browser_forbids_mixed_content() {
        let ask = |base: &str| {
            let source = Source { base: base.into(), ..Source::default() };
            plan(&Operation::Press, &source, &Lang::parse("vi").unwrap())
        };
        let mixed = |base| ask(base).mixed_content("https://portal.test/vi/");
        assert_eq!(
            mixed("http://x.test").unwrap(),
            "GET http://x.test/press?lang=vi: a page on https may not ask an address on http"
        );
        assert_eq!(mixed("https://x.test"), None);
        assert_eq!(mixed("http://127.0.0.1:8080"), None);
        assert_eq!(mixed("api"), None);
        assert_eq!(ask("http://x.test").mixed_content("http://portal.test"), None);
    }

    #[test]
    fn a_comment_is_posted_once() {
        let comment = NewComment {
            author: "An".into(),
            text: "Chào".into(),
            lang: Lang::parse("vi"),
            ..NewComment::default()
        };
        let operation = Operation::Write {
            thread: "w".into(),
            write: Write::Post(Box::new(comment)),
            key: "k".into(),
            reader: Reader { token: Some("t".into()), assertion: None },
        };
        let source =
            Source { id: "c".into(), base: "api/v1".into(), timeout: Some(5), ..Source::default() };
        let request = plan(&operation, &source, &Lang::parse("vi").unwrap());
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.url, "api/v1/articles/w/comments");
        assert_eq!(request.timeout, 5);
        let sent = [("Idempotency-Key", "k"), ("Author-Token", "t")];
        assert_eq!(request.headers, sent.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let body: serde_json::Value = serde_json::from_str(&request.body.unwrap()).unwrap();
        assert_eq!(body["text"], "Chào");
    }
}
