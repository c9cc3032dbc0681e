//! The body by the browser's parser and an allow-list, as the hand-written page does it.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Element, Node, SupportedType, Url};

/// Where relative addresses of the portal begin.
const ROOT: &str = "/";
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];
const EVERYWHERE: [&str; 3] = ["id", "lang", "dir"];

/// What may pass of an HTML fragment, as nodes.
pub fn nodes(document: &Document, html: &str) -> Result<Node, JsValue> {
    let parsed = DomParser::new()?.parse_from_string(html, SupportedType::TextHtml)?;
    let fragment = document.create_document_fragment();
    if let Some(body) = parsed.body() {
        copy(document, &body, &fragment)?;
    }
    Ok(fragment.into())
}

/// The address as it is if it is a place on this page, made absolute if its scheme may pass.
pub fn address(document: &Document, raw: &str) -> Option<String> {
    if raw.starts_with('#') {
        return Some(raw.to_owned());
    }
    let root = Url::new_with_base(ROOT, &document.base_uri().ok()??).ok()?;
    let url = Url::new_with_base(raw, &root.href()).ok()?;
    SCHEMES.contains(&&*url.protocol()).then(|| url.href())
}

fn copy(document: &Document, from: &Node, to: &Node) -> Result<(), JsValue> {
    let mut next = from.first_child();
    while let Some(node) = next {
        next = node.next_sibling();
        if node.node_type() == Node::TEXT_NODE {
            let text = document.create_text_node(&node.node_value().unwrap_or_default());
            to.append_child(&text)?;
        } else if let Some(element) = node.dyn_ref::<Element>() {
            let tag = element.local_name();
            match rule(&tag) {
                Rule::Drop => {}
                Rule::Inside => copy(document, element, to)?,
                Rule::Keep(attributes) => {
                    let kept = document.create_element(&tag)?;
                    if tag == "img" {
                        kept.set_attribute("loading", "lazy")?;
                    }
                    for name in attributes.iter().chain(&EVERYWHERE) {
                        let value = element.get_attribute(name);
                        if let Some(value) = value.and_then(|raw| value_of(document, name, raw)) {
                            kept.set_attribute(name, &value)?;
                        }
                    }
                    to.append_child(&kept)?;
                    copy(document, element, &kept)?;
                }
            }
        }
    }
    Ok(())
}

fn value_of(document: &Document, name: &str, raw: String) -> Option<String> {
    match name {
        "href" | "src" => address(document, &raw),
        "srcset" => {
            let candidates = raw.split(',').filter_map(|candidate| {
                let (url, width) = candidate.trim().split_once(' ')?;
                Some(format!("{} {width}", address(document, url)?))
            });
            Some(candidates.collect::<Vec<_>>().join(", "))
        }
        _ => Some(raw),
    }
}

/// What becomes of an element.
enum Rule {
    /// Stays, with these attributes.
    Keep(&'static [&'static str]),
    /// Goes with all it holds.
    Drop,
    /// Its text stays.
    Inside,
}

fn rule(tag: &str) -> Rule {
    match tag {
        "a" => Rule::Keep(&["href", "hreflang"]),
        "abbr" => Rule::Keep(&["title"]),
        "img" => Rule::Keep(&["alt", "width", "height", "src", "srcset"]),
        "ol" => Rule::Keep(&["start", "type"]),
        "td" => Rule::Keep(&["colspan", "rowspan"]),
        "th" => Rule::Keep(&["colspan", "rowspan", "scope"]),
        "time" => Rule::Keep(&["datetime"]),
        "b" | "bdi" | "blockquote" | "br" | "caption" | "cite" | "code" | "del" | "em"
        | "figcaption" | "figure" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "i" | "li"
        | "mark" | "p" | "pre" | "q" | "rp" | "rt" | "ruby" | "s" | "small" | "span" | "strong"
        | "sub" | "sup" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul" => Rule::Keep(&[]),
        "script" | "style" | "template" | "iframe" | "object" | "svg" | "math" | "form" => {
            Rule::Drop
        }
        _ => Rule::Inside,
    }
}
