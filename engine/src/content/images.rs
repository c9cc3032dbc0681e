//! The pictures of a text.

use super::{Block, BlockKind};
use crate::model::Image;

/// Every picture of the text, in order, those in lists, quotes and what is folded included.
pub fn images(blocks: &[Block]) -> Vec<&Image> {
    let mut images = Vec::new();
    collect(blocks, &mut images);
    images
}

fn collect<'a>(blocks: &'a [Block], images: &mut Vec<&'a Image>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Figure(figure) => images.push(&figure.image),
            BlockKind::List { items, .. } => items.iter().for_each(|item| collect(item, images)),
            BlockKind::Quote { blocks, .. } | BlockKind::Details { blocks, .. } => {
                collect(blocks, images);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::from_html_at;

    #[test]
    fn pictures_are_found_wherever_they_stand() {
        let html = "<img src=a.jpg><ul><li><p>x</p><img src=b.jpg></ul>
            <blockquote><img src=c.jpg><p>y</p></blockquote>
            <details><summary>z</summary><img src=d.jpg></details>";
        let content = from_html_at(html, "https://x.test/");
        let urls: Vec<&str> =
            images(&content.blocks).into_iter().map(|it| it.url.as_str()).collect();
        assert_eq!(urls, ["a", "b", "c", "d"].map(|name| format!("https://x.test/{name}.jpg")));
    }
}
