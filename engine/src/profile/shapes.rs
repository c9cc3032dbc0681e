//! Which field of the model is what: the shapes of the native API, as far as a mapped item must be put
//! right to be of them. What is not named here passes as it is.

use super::decode::Kind;

/// The fields of a thing, in the order they are read.
pub(super) type Shape = &'static [(&'static str, How)];

/// What a field is.
pub(super) enum How {
    /// The thing's own name: `key: {id}`, or `id` without `key` around it. It cannot do without.
    Key,
    /// The thing's own id. It cannot do without.
    Id,
    /// As [`How::Id`], of a section.
    Section,
    /// The id of something else, to become `{id}`.
    OtherKey,
    /// The id of something else.
    OtherId,
    /// The id of the work; the thing's own where there are no versions.
    Work,
    /// The id of what it answers; not itself.
    Parent,
    /// A text it cannot do without.
    Needed,
    /// A text.
    Text,
    /// A piece of an address.
    Slug,
    /// An instant.
    Date,
    /// An instant; nothing if it is that of `published`.
    Updated,
    /// A day.
    Day,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
    /// The language; the one asked for if it is not said.
    Lang,
    /// The language, if it is said.
    SaidLang,
    /// A name to link to.
    Term(Ids),
    /// Names to link to.
    Terms(Ids),
    /// Who wrote it.
    People,
    /// A picture.
    Image,
    /// A body.
    Body,
    /// Things of a shape, or one.
    Each(Shape),
    /// A thing of a shape, whose members may stand beside those of what it is in.
    Gathered(&'static [&'static str], Shape),
    /// Versions of a shape.
    Versions(Shape),
}

/// Whose ids they are.
#[derive(Clone, Copy)]
pub(super) enum Ids {
    /// Of sections: the portal may have its own.
    Section,
    /// Of tags: the portal may have its own.
    Tag,
    /// The source's.
    Own,
}

/// The shape of what is of a kind.
pub(super) fn of(kind: Kind) -> Shape {
    match kind {
        Kind::Headline => HEADLINE,
        Kind::Article | Kind::Together => ARTICLE,
        Kind::Term => &[("id", How::Section), ("name", How::Needed), ("summary", How::Text)],
        Kind::Author => &[("name", How::Needed), ("role", How::Text), ("id", How::OtherId)],
        Kind::Organisation => ORGANISATION,
        Kind::Entry => ENTRY,
        Kind::Document => DOCUMENT,
        Kind::Notice => NOTICE,
        Kind::Comment | Kind::Live | Kind::Posted => COMMENT,
        Kind::Count => COUNT,
        Kind::Front => FRONT,
        Kind::Press => PRESS,
        Kind::Whole => &[],
    }
}

const HEADLINE: Shape = &[
    ("key", How::Key),
    ("work", How::Work),
    ("lang", How::Lang),
    ("title", How::Text),
    ("kicker", How::Text),
    ("standfirst", How::Text),
    ("slug", How::Slug),
    ("section", How::Term(Ids::Section)),
    ("organisation", How::Term(Ids::Own)),
    ("image", How::Image),
    ("published", How::Date),
    ("updated", How::Updated),
    ("rank", How::Number),
    ("comments", How::Number),
    ("withdrawn", How::Flag),
];

/// What of an article is its headline.
const OF_HEADLINE: &[&str] = &[
    "key",
    "id",
    "work",
    "lang",
    "kind",
    "slug",
    "title",
    "kicker",
    "standfirst",
    "section",
    "organisation",
    "image",
    "published",
    "updated",
    "rank",
    "withdrawn",
    "comments",
];

const ARTICLE: Shape = &[
    ("headline", How::Gathered(OF_HEADLINE, HEADLINE)),
    ("dateline", How::Text),
    ("canonical", How::Text),
    ("authors", How::People),
    ("tags", How::Terms(Ids::Tag)),
    ("body", How::Body),
    ("versions", How::Versions(VERSION)),
    ("related", How::Each(HEADLINE)),
    ("attachments", How::Each(FILE)),
    ("corrections", How::Each(SAID)),
    ("withdrawal", How::Each(SAID)),
    ("comments_open", How::Flag),
];

const VERSION: Shape = &[
    ("key", How::Key),
    ("lang", How::Lang),
    ("title", How::Text),
    ("slug", How::Slug),
    ("updated", How::Date),
];

const FILE: Shape = &[
    ("url", How::Needed),
    ("title", How::Needed),
    ("media_type", How::Text),
    ("size", How::Number),
];

/// What was said at some time: a correction, a withdrawal.
const SAID: Shape = &[("date", How::Date), ("text", How::Needed)];

const ORGANISATION: Shape = &[
    ("id", How::Id),
    ("name", How::Needed),
    ("summary", How::Text),
    ("site", How::Text),
    ("address", How::Text),
    ("phone", How::Text),
    ("email", How::Text),
    ("lang", How::Lang),
];

const ENTRY: Shape = &[
    ("key", How::Key),
    ("number", How::Needed),
    ("title", How::Needed),
    ("lang", How::Lang),
    ("issuer", How::Term(Ids::Own)),
    ("field", How::Term(Ids::Own)),
    ("issued", How::Day),
];

/// What of a document is its entry.
const OF_ENTRY: &[&str] =
    &["key", "id", "number", "kind", "title", "lang", "issuer", "issued", "status", "field"];

const DOCUMENT: Shape = &[
    ("entry", How::Gathered(OF_ENTRY, ENTRY)),
    ("summary", How::Text),
    ("signer", How::Text),
    ("effective", How::Day),
    ("expires", How::Day),
    ("amends", How::Each(REFERENCE)),
    ("replaces", How::Each(REFERENCE)),
    ("amended_by", How::Each(REFERENCE)),
    ("replaced_by", How::Each(REFERENCE)),
    ("files", How::Each(FILE)),
];

const REFERENCE: Shape = &[("id", How::Id), ("number", How::Needed), ("title", How::Text)];

const NOTICE: Shape = &[
    ("id", How::Id),
    ("title", How::Needed),
    ("text", How::Text),
    ("issued", How::Date),
    ("expires", How::Date),
    ("dismissible", How::Flag),
    ("lang", How::Lang),
    ("article", How::OtherKey),
];

const COMMENT: Shape = &[
    ("id", How::Id),
    ("parent", How::Parent),
    ("author", How::Text),
    ("body", How::Body),
    ("created", How::Date),
    ("edited", How::Date),
    ("votes", How::Number),
    ("voted", How::Number),
    ("pinned", How::Flag),
    ("featured", How::Flag),
    ("editable", How::Date),
    ("reason", How::Text),
    ("lang", How::SaidLang),
];

const COUNT: Shape = &[("id", How::Id), ("count", How::Number)];

const FRONT: Shape = &[
    ("lead", How::Each(HEADLINE)),
    ("latest", How::Each(HEADLINE)),
    ("sections", How::Each(FRONT_SECTION)),
    ("notices", How::Each(NOTICE)),
];

const FRONT_SECTION: Shape =
    &[("section", How::Term(Ids::Section)), ("items", How::Each(HEADLINE))];

const PRESS: Shape = &[("spokespersons", How::Each(PERSON)), ("briefings", How::Each(BRIEFING))];

const PERSON: Shape = &[
    ("id", How::Id),
    ("role", How::Needed),
    ("phone", How::Text),
    ("email", How::Text),
    ("organisation", How::Term(Ids::Own)),
];

const BRIEFING: Shape = &[
    ("id", How::Id),
    ("title", How::Needed),
    ("summary", How::Text),
    ("place", How::Text),
    ("calendar", How::Text),
    ("organisation", How::Term(Ids::Own)),
    ("starts", How::Date),
    ("ends", How::Date),
    ("article", How::OtherKey),
    ("lang", How::Lang),
];
