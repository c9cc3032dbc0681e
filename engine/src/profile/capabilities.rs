//! What a source offers: what its profile says nothing of is not offered to a reader.

use super::{Headlines, Operation, Portal, Profile, Source, Write};

/// What can be asked of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// A front page, its own or made of its newest articles.
    pub front: bool,
    /// Lists of articles.
    pub list: bool,
    /// What of them was changed last.
    pub changed: bool,
    /// Single articles.
    pub article: bool,
    /// Several at once.
    pub articles: bool,
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
    /// Comments said otherwise by their authors.
    pub edit: bool,
    /// Comments taken away by their authors.
    pub delete: bool,
    /// Votes on comments.
    pub vote: bool,
    /// Comments reported to moderators.
    pub report: bool,
    /// Threads that tell what is new as it comes.
    pub live: bool,
    /// Threads in any order, a part at a time.
    pub sort: bool,
    /// Numbers of comments of several threads at once.
    pub counts: bool,
    /// What was taken back, all at once.
    pub withdrawn: bool,
}

impl Capabilities {
    /// Of a source that cannot be used.
    pub const NOTHING: Self = Self {
        front: false,
        list: false,
        changed: false,
        article: false,
        articles: false,
        sections: false,
        authors: false,
        organisations: false,
        search: false,
        related: false,
        documents: false,
        press: false,
        notices: false,
        comments: false,
        post: false,
        edit: false,
        delete: false,
        vote: false,
        report: false,
        live: false,
        sort: false,
        counts: false,
        withdrawn: false,
    };

    /// Of the native API.
    pub const NATIVE: Self = Self {
        front: true,
        list: true,
        changed: false,
        article: true,
        articles: false,
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
        edit: true,
        delete: true,
        vote: true,
        report: true,
        live: true,
        sort: true,
        counts: true,
        withdrawn: true,
    };
}

impl Default for Capabilities {
    fn default() -> Self {
        Self::NATIVE
    }
}

impl Portal {
    /// Switches off what no source offers.
    pub fn offer_what_is_there(&mut self) {
        let any = |offers: fn(&Capabilities) -> bool| {
            self.sources.iter().any(|source| offers(&source.offers))
        };
        let (search, documents, press) = (
            any(|offers| offers.search),
            any(|offers| offers.documents),
            any(|offers| offers.press),
        );
        let (notices, comments) = (any(|offers| offers.notices), any(|offers| offers.comments));
        let features = &mut self.features;
        features.search &= search;
        features.documents &= documents;
        features.press &= press;
        features.notices &= notices;
        features.comments &= comments;
    }

    /// The id, as keys have it, of the first source that can answer `operation`; the first one's is empty.
    pub fn answering(&self, operation: &Operation) -> &str {
        let found = self.sources.iter().position(|source| source.offers.answers(operation));
        match found {
            Some(index) if index > 0 => self.sources.get(index).map_or("", |source| &source.id),
            _ => "",
        }
    }
}

impl Portal {
    /// The ids, as keys have them, of the sources whose articles a list is made of.
    ///
    /// A section is fed by the sources that name it in their `sections`, and, as its own, by the first
    /// source unless that names others only. Authors and tags are of the source that has them: theirs are
    /// asked of `source`.
    pub fn feeding<'a>(&'a self, source: &'a str, list: &Headlines) -> Vec<&'a str> {
        if list.tag.is_some() || list.author.is_some() || !source.is_empty() {
            return vec![source];
        }
        let is_fed = |index: usize, source: &Source| match &list.section {
            None => true,
            Some(section) if source.sections.get(section).is_some() => true,
            Some(_) => index == 0 && source.sections.0.is_empty(),
        };
        let operation = Operation::Headlines(list.clone());
        let all = self.sources.iter().enumerate();
        let feeding = all
            .filter(|(index, source)| is_fed(*index, source) && source.offers.answers(&operation));
        let ids: Vec<&str> =
            feeding.map(|(index, source)| if index == 0 { "" } else { &*source.id }).collect();
        // Nobody: the first one says so.
        if ids.is_empty() { vec![""] } else { ids }
    }
}

impl Capabilities {
    /// Whether an operation is offered.
    pub fn answers(&self, operation: &Operation) -> bool {
        match operation {
            Operation::Front => self.front,
            Operation::Headlines(list) if list.query.is_some() => self.search,
            Operation::Headlines(_) => self.list,
            Operation::Article(_) => self.article,
            Operation::Articles { .. } => self.articles,
            Operation::Documents(_) | Operation::Register | Operation::Document(_) => {
                self.documents
            }
            Operation::Press => self.press,
            Operation::Notices => self.notices,
            Operation::Sections { .. } => self.sections,
            Operation::Authors { .. } => self.authors,
            Operation::Organisations { .. } => self.organisations,
            Operation::Related(_) => self.related,
            Operation::Comments { .. } => self.comments,
            Operation::Write { write, .. } => self.allows(write),
            Operation::Live { .. } => self.live,
            Operation::Counts { .. } => self.counts,
            Operation::Withdrawn { .. } => self.withdrawn,
        }
    }
}

impl Capabilities {
    /// Whether this can be done in its threads.
    pub fn allows(&self, write: &Write) -> bool {
        match write {
            Write::Post(_) => self.post,
            Write::Edit { .. } => self.edit,
            Write::Delete { .. } => self.delete,
            Write::Vote { .. } => self.vote,
            Write::Report { .. } => self.report,
        }
    }
}

impl Profile {
    /// What a source with this profile offers.
    pub fn capabilities(&self) -> Capabilities {
        let has = |path: &str| self.endpoint(path).is_some();
        Capabilities {
            front: has("front") || has("list"),
            list: has("list"),
            changed: self.endpoint("list").is_some_and(|list| list.names("changed")),
            article: has("article"),
            articles: has("articles"),
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
            edit: has("comments.edit"),
            delete: has("comments.delete"),
            vote: has("comments.vote"),
            report: has("comments.report"),
            live: has("comments.live"),
            sort: self.endpoint("comments.list").is_some_and(|list| list.names("order")),
            counts: has("comments.counts"),
            withdrawn: has("withdrawn"),
        }
    }
}
