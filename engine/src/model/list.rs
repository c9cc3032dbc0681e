//! Lists and the front page.

use super::{Headline, Notice, Term, record};
use crate::read::{Node, Read, ReadError};

/// A slice of a longer list, with the way to its neighbours.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)
)]
pub struct Page<T> {
    /// In the order to show.
    pub items: Vec<T>,
    /// Asks for what follows; `None` at the end. Opaque.
    pub next: Option<String>,
    /// Asks for what goes before; `None` at the beginning. Opaque.
    pub previous: Option<String>,
    /// How many there are in all, if the backend counts.
    pub total: Option<u32>,
    /// What the list is of: the section, tag, author or organisation asked for.
    pub about: Option<Term>,
    /// Whose articles a section holds, for narrowing it down (`organisation=`), whatever organisation
    /// was asked for; empty for other lists.
    pub organisations: Vec<Term>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
            previous: None,
            total: None,
            about: None,
            organisations: Vec::new(),
        }
    }
}

impl<T: Read> Read for Page<T> {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self {
            items: object.list_field("items"),
            next: object.opt_field("next"),
            previous: object.opt_field("previous"),
            total: object.opt_field("total"),
            about: object.opt_field("about"),
            organisations: object.list_field("organisations"),
        })
    }
}

record! {
    /// A section's part of the front page.
    FrontSection {
        /// The section.
        req section: Term,
        /// Its newest articles that do not lead the page.
        list items: Vec<Headline>,
    }
}

record! {
    /// The front page of one edition, no article twice.
    Front {
        /// What the editor put first, by rank; at least the newest article if there is any.
        list lead: Vec<Headline>,
        /// The newest of the rest.
        list latest: Vec<Headline>,
        /// By section, in the portal's order; sections without articles are left out.
        list sections: Vec<FrontSection>,
        /// In force now.
        list notices: Vec<Notice>,
    }
}
