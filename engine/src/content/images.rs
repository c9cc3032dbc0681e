//! The pictures of a text.

use super::{Block, BlockKind, Inline};
use crate::model::Image;

/// Every picture of the text, in order, those in lines, lists, tables, notes, quotes and what is folded included.
pub fn images(blocks: &[Block]) -> Vec<&Image> {
    let mut images = Vec::new();
    collect(blocks, &mut images);
    images
}

fn collect<'a>(blocks: &'a [Block], images: &mut Vec<&'a Image>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading { inlines, .. } => {
                line(inlines, images);
            }
            BlockKind::Figure(figure) => {
                images.push(&figure.image);
                line(&figure.caption, images);
                line(&figure.credit, images);
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| collect(item, images)),
            BlockKind::Quote { blocks, cite } => {
                collect(blocks, images);
                line(cite, images);
            }
            BlockKind::Table(table) => {
                line(&table.caption, images);
                for cell in table.head.iter().chain(&table.body).flatten() {
                    collect(&cell.blocks, images);
                }
            }
            BlockKind::Embed(embed) => line(&embed.caption, images),
            BlockKind::Media(media) => line(&media.caption, images),
            BlockKind::Details { summary, blocks } => {
                line(summary, images);
                collect(blocks, images);
            }
            BlockKind::Footnotes(notes) => {
                notes.iter().for_each(|note| collect(&note.blocks, images));
            }
            BlockKind::Code { .. } | BlockKind::Rule | BlockKind::Truncated => {}
        }
    }
}

fn line<'a>(inlines: &'a [Inline], images: &mut Vec<&'a Image>) {
    for inline in inlines {
        match inline {
            Inline::Image(image) => images.push(image),
            inline => line(inline.children(), images),
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
            <details><summary>z <img src=d.jpg></summary><img src=e.jpg></details>
            <p>in <a href=/><b><img src=f.jpg></b></a> a line</p>
            <table><caption>t <img src=g.jpg></caption><tr><th>h <img src=h.jpg><tr><td>x<td><img src=i.jpg></table>
            <figure><img src=j.jpg><figcaption>k <img src=k.jpg><cite>l <img src=l.jpg></cite></figcaption></figure>
            <h2>m <img src=m.jpg></h2><blockquote>q<cite>n <img src=n.jpg></cite></blockquote>
            <p>1<sup><a href=#note id=back>1</a></sup></p>
            <ol><li id=note>o <img src=o.jpg> <a href=#back>back</a></ol>";
        let content = from_html_at(html, "https://x.test/");
        let urls: Vec<&str> =
            images(&content.blocks).into_iter().map(|it| it.url.as_str()).collect();
        let expected = ('a'..='o').map(|name| format!("https://x.test/{name}.jpg"));
        assert_eq!(urls, expected.collect::<Vec<_>>());
    }
}
