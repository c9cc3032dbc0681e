//! XML as a tree, for what is to be found in it.

use quick_xml::{
    NsReader, XmlVersion,
    events::{BytesStart, Event},
    name::ResolveResult,
};

/// An element, by its namespace and its name.
#[derive(Debug, Default)]
pub struct Element {
    pub name: (String, String),
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn all(&self, name: &str) -> Vec<&Element> {
        self.children.iter().filter(|child| child.name.1 == name).collect()
    }

    /// The child of a name, which must be there once.
    pub fn one(&self, name: &str) -> &Element {
        match self.all(name)[..] {
            [one] => one,
            ref found => panic!("{} of {name} in {self:?}", found.len()),
        }
    }

    pub fn at_most_one(&self, names: &[&str]) {
        names.iter().for_each(|name| assert!(self.all(name).len() <= 1, "{name} in {self:?}"));
    }

    pub fn only(&self, names: &[&str]) {
        let strange = self.children.iter().find(|child| !names.contains(&child.name.1.as_str()));
        assert!(strange.is_none(), "{strange:?}");
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A well-formed document, with its namespaces resolved.
pub fn parse(xml: &str) -> Element {
    let mut reader = NsReader::from_reader(xml.as_bytes());
    let (mut open, mut buffer) = (vec![Element::default()], Vec::new());
    loop {
        let (space, event) = reader.read_resolved_event_into(&mut buffer).unwrap();
        let space = match space {
            ResolveResult::Bound(space) => String::from_utf8(space.into_inner().to_vec()).unwrap(),
            ResolveResult::Unbound => String::new(),
            unknown => panic!("{unknown:?}"),
        };
        match event {
            Event::Start(start) => open.push(element(space, &start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(element(space, &start)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => {
                open.last_mut().unwrap().text +=
                    &text.xml_content(XmlVersion::Explicit1_0).unwrap();
            }
            Event::GeneralRef(named) => {
                let named = named.decode().unwrap();
                let text = quick_xml::escape::unescape(&format!("&{named};")).unwrap().into_owned();
                open.last_mut().unwrap().text += &text;
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    assert_eq!(open.len(), 1);
    open.pop().unwrap().children.pop().unwrap()
}

fn element(space: String, start: &BytesStart<'_>) -> Element {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = quick_xml::escape::unescape(&text(&attribute.value)).unwrap().into_owned();
        (text(attribute.key.as_ref()), value)
    });
    Element {
        name: (space, text(start.local_name().as_ref())),
        attributes: attributes.collect(),
        ..Element::default()
    }
}
