//! One list, one front page out of several sources. What a source cannot give costs its part only.

use futures::future::join_all;
use haidang_engine::{
    lang::Lang,
    model::{Front, Headline, Page as Slice},
    profile::{Failure, Headlines, Merge, Operation, fronts},
};

use crate::backend::Loader;

/// Rounds of requests for one page of a list: more is a source whose pages are empty.
const ROUNDS: usize = 10;
/// Articles on a page where the page does not say.
const LIMIT: u32 = 20;

/// A page of the lists of `sources`, the newest first.
pub async fn headlines(
    loader: &Loader,
    sources: &[&str],
    query: &Headlines,
    lang: &Lang,
) -> Result<Slice<Headline>, Failure> {
    let limit = usize::try_from(query.limit.unwrap_or(LIMIT)).unwrap_or(usize::MAX);
    let mut merge = Merge::new(sources.len(), query.cursor.as_deref(), limit);
    let mut trouble = Trouble::default();
    for _ in 0..ROUNDS {
        let wanted = merge.wants();
        if wanted.is_empty() {
            break;
        }
        let asked = wanted.into_iter().map(|(index, cursor)| async move {
            let source = sources.get(index).copied().unwrap_or_default();
            let operation = Operation::Headlines(Headlines { cursor, ..query.clone() });
            (index, source, loader.ask_in::<Slice<Headline>>(source, &operation, lang).await)
        });
        for (index, source, page) in join_all(asked).await {
            merge.give(index, trouble.part(loader, source, page));
        }
    }
    trouble.or(merge.finish())
}

/// The front pages of `sources` as one.
pub async fn front(loader: &Loader, sources: &[&str]) -> Result<Front, Failure> {
    let asked = sources.iter().map(|source| async move {
        (*source, loader.ask::<Front>(source, &Operation::Front).await)
    });
    let mut trouble = Trouble::default();
    let answers = join_all(asked).await.into_iter();
    let parts = answers.filter_map(|(source, front)| trouble.part(loader, source, front)).collect();
    trouble.or(fronts(parts))
}

/// What went wrong on the way to a whole.
#[derive(Default)]
struct Trouble {
    first: Option<Failure>,
    has_part: bool,
}

impl Trouble {
    /// A source's part, if it came; a source without such a part is none that failed.
    fn part<T>(&mut self, loader: &Loader, source: &str, part: Result<T, Failure>) -> Option<T> {
        match part {
            Ok(part) => {
                self.has_part = true;
                Some(part)
            }
            Err(failure) => {
                if failure != Failure::NotOffered && failure != Failure::NotFound {
                    loader.miss(source);
                }
                self.first.get_or_insert(failure);
                None
            }
        }
    }

    /// The whole, unless nothing of it came.
    fn or<T>(self, whole: T) -> Result<T, Failure> {
        match self.first {
            Some(failure) if !self.has_part => Err(failure),
            _ => Ok(whole),
        }
    }
}
