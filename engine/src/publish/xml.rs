//! XML, well-formed by construction: elements close themselves, and text is escaped.

/// A document as it is written.
pub(super) struct Xml(String);

type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// A document of one element.
    pub(super) fn document(
        name: &str,
        attributes: Attributes<'_>,
        within: impl FnOnce(&mut Self),
    ) -> String {
        let mut xml = Self("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned());
        xml.element(name, attributes, within);
        xml.0
    }

    /// A piece to be put into documents by [`Xml::raw`].
    pub(super) fn piece(write: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self(String::new());
        write(&mut xml);
        xml.0
    }

    /// What [`Xml::piece`] has made.
    pub(super) fn raw(&mut self, piece: &str) {
        self.0.push_str(piece);
    }

    /// An element with others within.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        within: impl FnOnce(&mut Self),
    ) {
        self.start(name, attributes);
        self.0.push_str(">\n");
        within(self);
        self.end(name);
    }

    /// An element with text within.
    pub(super) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.0.push('>');
        self.escaped(text);
        self.end(name);
    }

    /// An element with nothing within.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.0.push_str("/>\n");
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            self.0.extend([" ", name, "=\""]);
            self.escaped(value);
            self.0.push('"');
        }
    }

    fn end(&mut self, name: &str) {
        self.0.extend(["</", name, ">\n"]);
    }

    /// Text for between tags, or for an attribute in double quotes.
    fn escaped(&mut self, text: &str) {
        for c in text.chars().filter(|c| is_allowed(*c)) {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                // Who reads XML makes others of these, were they written as they are (sections 2.11, 3.3.3).
                '\t' => self.0.push_str("&#9;"),
                '\n' => self.0.push_str("&#10;"),
                '\r' => self.0.push_str("&#13;"),
                c => self.0.push(c),
            }
        }
    }
}

/// Whether XML 1.0 knows the character at all, escaped or not: its production `Char`.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::test::{Tree, parsed};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_reads_back_without_what_xml_forbids(text in "(\\PC|[\u{0}-\u{20}<>&\"'\u{FFFE}\u{FFFF}]){0,40}") {
            let xml = Xml::document("a", &[("b", &text)], |xml| xml.text("c", &[], &text));
            let kept: String = text.chars().filter(|c| is_allowed(*c)).collect();
            let Tree { attributes, children, .. } = parsed(&xml);
            prop_assert_eq!(&attributes, &[("b".to_owned(), kept.clone())]);
            prop_assert_eq!(&children[0].text, &kept);
        }
    }

    #[test]
    fn nothing_stays_of_what_xml_forbids() {
        let xml = Xml::piece(|xml| xml.text("a", &[], "x\u{0}\u{8}\u{B}\u{1F}\u{FFFE}\u{FFFF}y"));
        assert_eq!(xml, "<a>xy</a>\n");
    }
}
