//! What the demo's files look like. Strict: a key that is not known is an error.

use std::collections::BTreeMap;

use haidang_engine::{
    lang::Lang,
    model::{Badge, DocumentKind, DocumentStatus, OrganisationKind, VersionKind},
    time::{Date, Timestamp},
};
use serde::Deserialize;

use crate::texts::Texts;

/// sections.json, tags.json, and `fields` of documents.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub id: String,
    pub names: Texts,
    #[serde(default)]
    pub summaries: Texts,
}

/// organisations.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub id: String,
    pub kind: OrganisationKind,
    pub names: Texts,
    pub summaries: Texts,
    pub addresses: Texts,
    pub site: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// authors.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    pub id: String,
    pub names: Texts,
    pub roles: Texts,
}

/// media.json: the pictures in media/.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub id: String,
    pub width: u32,
    pub height: u32,
    pub sizes: Vec<Rendition>,
}

/// One file of a picture.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rendition {
    pub file: String,
    pub width: u32,
}

/// article.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub section: String,
    pub organisation: Option<String>,
    pub authors: Vec<String>,
    pub tags: Vec<String>,
    pub rank: Option<u32>,
    pub image: Option<String>,
    pub related: Vec<String>,
    pub comments: CommentsAre,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    pub versions: BTreeMap<Lang, Version>,
}

/// Whether a thread takes comments.
#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum CommentsAre {
    Open,
    Closed,
}

/// A file in files/.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    pub file: String,
    pub title: Texts,
}

/// A version of a work; its body is beside article.json, `{lang}.html`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    pub kind: VersionKind,
    pub slug: String,
    pub title: String,
    pub kicker: Option<String>,
    pub standfirst: Option<String>,
    pub dateline: Option<String>,
    pub published: Timestamp,
    pub updated: Option<Timestamp>,
    pub caption: Option<String>,
    pub alt: Option<String>,
    pub credit: Option<String>,
    pub correction: Option<Remark>,
    pub withdrawn: Option<Remark>,
}

/// When and why a version was corrected or withdrawn.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    pub date: Timestamp,
    pub text: String,
}

/// documents.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    pub fields: Vec<Term>,
    pub documents: Vec<Document>,
}

/// A document of the register.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub id: String,
    pub number: String,
    pub kind: DocumentKind,
    pub titles: Texts,
    pub abstracts: Texts,
    pub issuer: Option<String>,
    #[serde(default)]
    pub issuer_names: Texts,
    pub signer: Texts,
    pub issued: Date,
    pub effective: Option<Date>,
    pub expires: Option<Date>,
    pub status: DocumentStatus,
    pub field: Option<String>,
    pub amends: Vec<String>,
    pub replaces: Vec<String>,
    pub files: Vec<Attachment>,
}

/// press.json.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {
    pub spokespersons: Vec<Spokesperson>,
    pub briefings: Vec<Briefing>,
}

/// Who answers the press.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spokesperson {
    pub id: String,
    pub organisation: String,
    pub roles: Texts,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub languages: Vec<Lang>,
}

/// A press briefing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Briefing {
    pub id: String,
    pub organisation: String,
    pub starts: Timestamp,
    pub ends: Option<Timestamp>,
    pub places: Texts,
    pub titles: Texts,
    pub summaries: Texts,
    pub article: Option<String>,
}

/// comments.json: threads by work.
pub type Threads = BTreeMap<String, Vec<Comment>>;

/// A comment; a reply stands after what it answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    pub id: u64,
    pub parent: Option<u64>,
    pub author: String,
    pub lang: Option<Lang>,
    pub body: String,
    pub created: Timestamp,
    pub votes: i32,
    #[serde(default)]
    pub badge: Badge,
}
