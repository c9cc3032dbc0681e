//! The headings of a body, for a table of contents.

use super::{
    blocks::{Block, BlockKind},
    text,
};

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// 2 to 6.
    pub level: u8,
    /// The `id` to link to.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// The headings of `blocks` in order; those within quotes, lists and tables belong to these.
pub fn outline(blocks: &[Block]) -> Vec<Entry> {
    let heading = |block: &Block| match (&block.kind, &block.id) {
        (BlockKind::Heading { level, inlines }, Some(id)) => {
            Some(Entry { level: *level, id: id.clone(), text: text::line_text(inlines) })
        }
        _ => None,
    };
    blocks.iter().filter_map(heading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::from_html;

    #[test]
    fn headings_are_listed_with_an_id_each() {
        let body = "<h1>Cảng</h1><p>a</p><h2>Bến<br><em>mới</em></h2><blockquote><h2>Không</h2><p>b\
                    </blockquote><h1 id=x>Cầu</h1><p><a href=#x>xem</a></p>";
        let found = outline(&from_html(body).blocks);
        let found: Vec<_> = found.iter().map(|e| (e.level, &*e.id, &*e.text)).collect();
        assert_eq!(found, [(2, "part-1", "Cảng"), (3, "part-2", "Bến mới"), (2, "body-x", "Cầu")]);
    }
}
