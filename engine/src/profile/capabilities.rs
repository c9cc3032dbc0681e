//! What a source offers: what its profile says nothing of is not offered to a reader.

use super::Profile;

/// What can be asked of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// A front page, its own or made of its newest articles.
    pub front: bool,
    /// Lists of articles.
    pub list: bool,
    /// Single articles.
    pub article: bool,
    /// Its sections.
    pub sections: bool,
    /// Who writes.
    pub authors: bool,
    /// Its organisations.
    pub organisations: bool,
    /// Search.
    pub search: bool,
    /// What to read after an article.
    pub related: bool,
    /// The register of documents.
    pub documents: bool,
    /// The press office.
    pub press: bool,
    /// Notices.
    pub notices: bool,
    /// Threads to read.
    pub comments: bool,
    /// Threads to write in.
    pub post: bool,
    /// Votes on comments.
    pub vote: bool,
    /// Threads that tell what is new as it comes.
    pub live: bool,
}

impl Capabilities {
    /// Of the native API.
    pub const NATIVE: Self = Self {
        front: true,
        list: true,
        article: true,
        sections: true,
        authors: true,
        organisations: true,
        search: true,
        related: false,
        documents: true,
        press: true,
        notices: true,
        comments: true,
        post: true,
        vote: false,
        live: false,
    };
}

impl Profile {
    /// What a source with this profile offers.
    pub fn capabilities(&self) -> Capabilities {
        let has = |path: &str| self.endpoint(path).is_some();
        Capabilities {
            front: has("front") || has("list"),
            list: has("list"),
            article: has("article"),
            sections: has("sections"),
            authors: has("authors"),
            organisations: has("organisations"),
            search: has("search"),
            related: has("related"),
            documents: has("documents"),
            press: has("press"),
            notices: has("notices"),
            comments: has("comments.list"),
            post: has("comments.post"),
            vote: has("comments.vote"),
            live: has("comments.live"),
        }
    }
}
