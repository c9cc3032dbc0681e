//! What the tests of this room share: a portal, headlines, and XML read back.

use quick_xml::{Reader, events::Event};
use serde_json::{Value, json};

use crate::{
    lang::Lang,
    model::{Article, Headline, Key, Term},
    profile::Portal,
    read::read,
    time::Timestamp,
};

pub(super) fn lang(code: &str) -> Lang {
    Lang::parse(code).unwrap()
}

/// In Vietnamese and Chinese.
pub(super) fn portal() -> Portal {
    let json = r#"{"version": 1, "id": "p", "name": {"vi": "Cổng", "zh": "门户"}, "description": {"vi": "Tin & bài"},
        "timezone": "Asia/Ho_Chi_Minh", "default": "vi", "fallback": ["vi"],
        "languages": [{"code": "vi", "name": "Tiếng Việt"}, {"code": "zh", "tag": "zh-Hans", "name": "中文"}],
        "sources": [{"id": "city", "base": "api/v1"}, {"id": "port", "base": "https://port.example"}]}"#;
    Portal::parse(json).0.unwrap()
}

/// A headline of the section `news` with everything that must be there, and a date.
pub(super) fn headline(code: &str, id: &str) -> Headline {
    Headline {
        key: Key::of(id),
        work: id.to_owned(),
        lang: lang(code),
        kind: Default::default(),
        slug: "slug".into(),
        title: format!("Title {id}"),
        kicker: None,
        standfirst: None,
        section: Some(Term { id: "news".into(), name: "Tin tức".into(), summary: None }),
        organisation: None,
        image: None,
        published: Timestamp::parse("2026-11-13T09:00:00+07:00"),
        updated: None,
        rank: None,
        withdrawn: false,
        comments: None,
    }
}

/// An article of a headline, with what else it has, as a backend would give it.
pub(super) fn article(headline: Headline, rest: &Value) -> Article {
    let mut json =
        serde_json::to_value(headline).map(|headline| json!({ "headline": headline })).unwrap();
    let members = json.as_object_mut().unwrap();
    members.extend(rest.as_object().unwrap().clone());
    read::<Article>(&json, "article", "").0.unwrap()
}

/// An element as read back.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// Without that of the elements within.
    pub(super) text: String,
    pub(super) children: Vec<Tree>,
}

impl Tree {
    /// Every element of a name below this one.
    pub(super) fn all(&self, name: &str) -> Vec<&Tree> {
        let mut found = Vec::new();
        for child in &self.children {
            found.extend((child.name == name).then_some(child));
            found.extend(child.all(name));
        }
        found
    }

    /// The text of the child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name).map(|child| child.text.as_str())
    }

    /// An attribute; empty if there is none.
    pub(super) fn attribute(&self, name: &str) -> String {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// The root of a document, which must be well-formed.
pub(super) fn parsed(xml: &str) -> Tree {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Tree::default()];
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}\n{xml}"));
        let last = open.last_mut().unwrap();
        match event {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => last.children.push(element(&start)),
            Event::End(_) => {
                let mut done = open.pop().unwrap();
                if !done.children.is_empty() {
                    done.text.clear();
                }
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => last.text.push_str(&text.decode().unwrap()),
            Event::GeneralRef(entity) => {
                let character = entity.resolve_char_ref().unwrap().map(String::from);
                let named =
                    || quick_xml::escape::resolve_predefined_entity(&entity.decode().unwrap());
                last.text.push_str(&character.or_else(|| named().map(str::to_owned)).unwrap());
            }
            Event::Eof => break,
            Event::Decl(_) => {}
            other => panic!("{other:?}"),
        }
    }
    let mut document = open.pop().unwrap();
    assert!(open.is_empty() && document.children.len() == 1, "{xml}");
    document.children.remove(0)
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> Tree {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        (
            text(attribute.key.as_ref()),
            attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned(),
        )
    });
    Tree { name: text(start.name().as_ref()), attributes: attributes.collect(), ..Tree::default() }
}
