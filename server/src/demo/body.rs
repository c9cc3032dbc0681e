//! Bodies of the demo as the API sends them.
//!
//! `media:`, `article:` and `document:` stand for a picture, a work and a document of the demo; they
//! become addresses relative to the portal's base, and attributes by which a reader knows its own.

use std::cell::RefCell;

use haidang_engine::{
    lang::Lang,
    model::{ImageSize, Key},
    route::{Page, Route},
};
use html5ever::{
    Attribute, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment,
    serialize::{SerializeOpts, TraversalScope, serialize},
    tendril::TendrilSink,
};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};

/// A picture that a body may show.
pub struct Picture {
    /// Pixels of the largest rendition.
    pub width: u32,
    /// Pixels, as `width`.
    pub height: u32,
    /// Ascending; never empty.
    pub sizes: Vec<ImageSize>,
}

/// What a body may refer to.
pub trait References {
    /// A picture by its stem.
    fn picture(&self, stem: &str) -> Option<&Picture>;
    /// The version of a work to link to from a text in `lang`.
    fn article(&self, work: &str, lang: &Lang) -> Option<String>;
    /// Whether the register has a document.
    fn has_document(&self, id: &str) -> bool;
}

/// A body in `lang` as the API sends it; an error says which element is wrong.
pub fn prepare(html: &str, lang: &Lang, references: &dyn References) -> Result<String, String> {
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), context, Vec::new(), false)
        .one(html);
    let children = dom.document.children.borrow();
    let root = children.first().ok_or("no content")?;
    resolve(root, lang, references)?;
    let mut out = Vec::new();
    let options =
        SerializeOpts { traversal_scope: TraversalScope::ChildrenOnly(None), ..Default::default() };
    serialize(&mut out, &SerializableHandle::from(root.clone()), options)
        .map_err(|error| error.to_string())?;
    String::from_utf8(out).map_err(|error| error.to_string())
}

fn resolve(node: &Handle, lang: &Lang, references: &dyn References) -> Result<(), String> {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        match name.local {
            local_name!("img") => picture(attrs, references)?,
            local_name!("a") => link(attrs, lang, references)?,
            _ => {}
        }
    }
    node.children.borrow().iter().try_for_each(|child| resolve(child, lang, references))
}

fn picture(attrs: &RefCell<Vec<Attribute>>, references: &dyn References) -> Result<(), String> {
    let src = attribute(attrs, "src").unwrap_or_default();
    let Some(stem) = src.strip_prefix("media:") else {
        return Err(format!(
            "<img src=\"{src}\">: expected \"media:\" and a picture of media.json"
        ));
    };
    let picture = references.picture(stem);
    let picture = picture.ok_or_else(|| format!("<img src=\"{src}\">: not in media.json"))?;
    let largest = picture.sizes.last().map(|size| size.url.clone()).unwrap_or_default();
    let srcset: Vec<String> =
        picture.sizes.iter().map(|size| format!("{} {}w", size.url, size.width)).collect();
    set(attrs, "src", largest);
    if srcset.len() > 1 {
        set(attrs, "srcset", srcset.join(", "));
    }
    set(attrs, "width", picture.width.to_string());
    set(attrs, "height", picture.height.to_string());
    Ok(())
}

fn link(
    attrs: &RefCell<Vec<Attribute>>,
    lang: &Lang,
    references: &dyn References,
) -> Result<(), String> {
    let href = attribute(attrs, "href").unwrap_or_default();
    let to = |page| Route { lang: lang.clone(), page }.href();
    if let Some(work) = href.strip_prefix("article:") {
        let id = references.article(work, lang);
        let id = id.ok_or_else(|| format!("<a href=\"{href}\">: no such work"))?;
        set(attrs, "href", to(Page::Article { key: Key::of(&id), slug: String::new() }));
        set(attrs, "data-article", id);
    } else if let Some(id) = href.strip_prefix("document:") {
        if !references.has_document(id) {
            return Err(format!("<a href=\"{href}\">: not in documents.json"));
        }
        set(attrs, "href", to(Page::Document(Key::of(id))));
        set(attrs, "data-document", id.to_owned());
    } else if !["#", "https:", "mailto:", "tel:"].iter().any(|start| href.starts_with(start)) {
        return Err(format!("<a href=\"{href}\">: expected an absolute address"));
    }
    Ok(())
}

fn attribute(attrs: &RefCell<Vec<Attribute>>, name: &str) -> Option<String> {
    let attrs = attrs.borrow();
    attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string())
}

fn set(attrs: &RefCell<Vec<Attribute>>, name: &str, value: String) {
    let mut attrs = attrs.borrow_mut();
    match attrs.iter_mut().find(|attr| &*attr.name.local == name) {
        Some(attr) => attr.value = value.into(),
        None => attrs.push(Attribute {
            name: QualName::new(None, ns!(), LocalName::from(name)),
            value: value.into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Demo(Picture);

    impl References for Demo {
        fn picture(&self, stem: &str) -> Option<&Picture> {
            Some(&self.0).filter(|_| stem == "song-cam")
        }

        fn article(&self, work: &str, lang: &Lang) -> Option<String> {
            (work == "bao-so-9").then(|| format!("{work}.{lang}"))
        }

        fn has_document(&self, id: &str) -> bool {
            id == "nq-10-2013"
        }
    }

    fn ready(html: &str) -> Result<String, String> {
        let size = |width: u32| ImageSize { url: format!("media/song-cam-{width}.webp"), width };
        let picture = Picture { width: 1600, height: 900, sizes: vec![size(480), size(1600)] };
        prepare(html, &Lang::parse("en").unwrap(), &Demo(picture))
    }

    #[test]
    fn pictures_come_in_every_size_there_is() {
        let body = ready("<p><img alt=\"River\" src=\"media:song-cam\"></p>").unwrap();
        assert_eq!(
            body,
            "<p><img alt=\"River\" src=\"media/song-cam-1600.webp\" \
             srcset=\"media/song-cam-480.webp 480w, media/song-cam-1600.webp 1600w\" \
             width=\"1600\" height=\"900\"></p>"
        );
    }

    #[test]
    fn links_lead_to_the_portals_own_pages() {
        let body = ready("<a href=\"article:bao-so-9\">1</a><a href=\"document:nq-10-2013\">2</a>");
        assert_eq!(
            body.unwrap(),
            "<a href=\"en/article/bao-so-9.en\" data-article=\"bao-so-9.en\">1</a>\
             <a href=\"en/documents/nq-10-2013\" data-document=\"nq-10-2013\">2</a>"
        );
    }

    #[test]
    fn what_leads_nowhere_is_an_error() {
        for html in [
            "<img src=\"media:x\">",
            "<img src=\"x.png\">",
            "<a href=\"article:x\">x</a>",
            "<a href=\"document:x\">x</a>",
            "<a href=\"x.html\">x</a>",
            "<a>x</a>",
        ] {
            assert!(ready(html).is_err(), "{html}");
        }
    }
}
