//! Views as HTML text, natively: what a live view shows now.

use std::fmt::Write;

use super::{Attribute, Element, View};

/// Elements that have no content and no end tag (HTML, "void elements").
const VOID: [&str; 9] = ["br", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

impl View {
    /// The HTML of the view, escaped throughout.
    pub fn to_html(&self) -> String {
        let mut out = String::new();
        print(self, &mut out);
        out
    }
}

fn print(view: &View, out: &mut String) {
    match view {
        View::Nothing => {}
        View::Text(text) => escape(text, out),
        View::Element(element) => print_element(element, out),
        View::Many(views) => views.iter().for_each(|view| print(view, out)),
        View::Live(view) | View::Later(view) => print(&view(), out),
        View::Keyed(keyed) => {
            (keyed.items)().into_iter().for_each(|item| print(&(item.view)(), out))
        }
    }
}

fn print_element(element: &Element, out: &mut String) {
    let element = element.parts();
    out.push('<');
    out.push_str(element.tag);
    for (name, value) in &element.attributes {
        let value = match value {
            Attribute::Absent => None,
            Attribute::Fixed(value) => Some(value.clone().into_owned()),
            Attribute::Live(value) => value(),
        };
        let Some(value) = value else { continue };
        // Writing to a `String` does not fail.
        let _ = write!(out, " {name}");
        if !value.is_empty() {
            out.push_str("=\"");
            escape(&value, out);
            out.push('"');
        }
    }
    out.push('>');
    if VOID.contains(&element.tag) {
        return;
    }
    element.children.iter().for_each(|child| print(child, out));
    let _ = write!(out, "</{}>", element.tag);
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{el, live};

    #[test]
    fn text_and_attributes_are_escaped() {
        let view =
            View::from(el("a").attr("href", "?a=1&b=\"2\"".to_owned()).child("<b>".to_owned()));
        assert_eq!(view.to_html(), "<a href=\"?a=1&amp;b=&quot;2&quot;\">&lt;b&gt;</a>");
    }

    #[test]
    fn what_is_absent_is_left_out() {
        let none: Option<&'static str> = None;
        let view =
            View::from(el("input").attr("value", none).attr("checked", true).attr("hidden", false));
        assert_eq!(view.to_html(), "<input checked>");
    }

    #[test]
    fn live_views_show_what_is_now() {
        let view =
            View::from(el("p").live_attr("lang", || Some("vi".to_owned())).child(live(|| "x")));
        assert_eq!(view.to_html(), "<p lang=\"vi\">x</p>");
    }
}
