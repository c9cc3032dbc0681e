//! Whom to name as the author.

use super::Home;
use crate::{
    model::{Author, Headline, Key},
    route::{List, ListKind, Page},
};

/// Somebody, or a body, that wrote an article.
pub(super) struct Credit<'a> {
    /// As printed.
    pub(super) name: &'a str,
    /// The page of what else they wrote.
    pub(super) url: Option<String>,
    /// Whether it is a person.
    pub(super) is_person: bool,
}

/// Who wrote it: the authors that are known, else the organisation whose it is; else nobody.
pub(super) fn byline<'a>(
    home: &Home<'_>,
    headline: &'a Headline,
    authors: &'a [Author],
) -> Vec<Credit<'a>> {
    let person = |author: &'a Author| Credit {
        name: &author.name,
        url: (!author.id.is_empty()).then(|| {
            let key = Key { source: headline.key.source.clone(), id: author.id.clone() };
            let list = List { kind: ListKind::Author, key, organisation: None, cursor: None };
            home.page(&headline.lang, Page::List(list))
        }),
        is_person: true,
    };
    let named = authors.iter().filter(|author| !author.name.trim().is_empty());
    let credits: Vec<_> = named.map(person).collect();
    let organisation = headline.organisation.as_ref().filter(|_| credits.is_empty());
    let organisation =
        organisation.map(|term| Credit { name: &term.name, url: None, is_person: false });
    credits.into_iter().chain(organisation).collect()
}
