//! Lists that a backend hands out in pages, and backends that do not come to an end.

use std::collections::HashSet;

/// Pages asked for of one list. More is a list that never ends, or a reader who should search.
pub const MAX_PAGES: usize = 1000;

/// The pages of one list that were asked for. Whoever follows `next` asks here before every request.
///
/// ```
/// use haidang_engine::profile::Paging;
/// let mut pages = Paging::default();
/// assert_eq!(pages.follow("2"), Ok(()));
/// assert_eq!(pages.follow("2"), Err("the cursor \"2\" came twice: the list ends here".to_owned()));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Paging {
    seen: HashSet<String>,
}

impl Paging {
    /// Whether the page at `cursor` may be asked for; if not, why the list ends before it.
    pub fn follow(&mut self, cursor: &str) -> Result<(), String> {
        if self.seen.len() >= MAX_PAGES {
            return Err(format!("{MAX_PAGES} pages and no end: the list ends here"));
        }
        if self.seen.insert(cursor.to_owned()) {
            return Ok(());
        }
        Err(format!("the cursor \"{cursor}\" came twice: the list ends here"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_end_ends() {
        let mut pages = Paging::default();
        let followed = (0..).take_while(|page| pages.follow(&page.to_string()).is_ok()).count();
        assert_eq!(followed, MAX_PAGES);
        assert_eq!(pages.follow("again").unwrap_err(), "1000 pages and no end: the list ends here");
    }
}
