//! A printed page in the document that starts the app, index.html.

use haidang::printed::Printed;
use haidang_engine::publish::in_script;

use crate::shell::escape;

/// Says on `<html>` that pages are printed here: the service worker then asks the network first.
const PRINTS: &str = " data-prints-pages";
/// Says on `<html>` that this page is printed.
const PRINTED: &str = " data-printed";
/// Where the script begins that starts the app, in what the build leaves; then comes what it fetches.
const APP: &str = "<script type=module>";

/// index.html of a server that prints pages.
pub fn shell(index: &str) -> String {
    on_root(index, PRINTS)
}

/// `index`, index.html, with a printed page in the place of what waits for the app; `None` if it is not the
/// document that the build makes.
///
/// The reader's text comes first: the page's data and what starts the app go last, where their bytes keep neither
/// the text waiting. What the portal adds to the head comes after what is there, as the app
/// has it.
pub fn document(index: &str, printed: &Printed) -> Option<String> {
    let (before, rest) = index.split_once("<body>")?;
    let (_, after) = rest.rsplit_once("</body>")?;
    let (head, after_title) = before.split_once("<title>")?;
    let (_, rest_of_head) = after_title.split_once("</title>")?;
    let rest_of_head = rest_of_head.trim_end_matches("</head>");
    let (before_app, app) =
        rest_of_head.split_at(rest_of_head.find(APP).unwrap_or(rest_of_head.len()));
    let app = app.split_inclusive("</script>").next().unwrap_or_default();
    let after_app = rest_of_head.get(before_app.len() + app.len()..)?;
    // What the app needs it fetches itself, once the text is painted.
    let rest_of_head = [before_app, &without_preloads(after_app)].concat();
    let head = with_lang(&on_root(head, PRINTED), &printed.lang)?;
    let title = escape(&printed.title);
    let data = in_script(&printed.data);
    Some(format!(
        "{head}<title>{title}</title>{rest_of_head}{}</head><body><div id=\"printed\">{}</div>\
         <script type=\"application/json\" id=\"printed-data\">{data}</script>{app}</body>{after}",
        printed.head, printed.body,
    ))
}

/// Without the links by which browsers fetch something at once.
fn without_preloads(head: &str) -> String {
    let mut kept = String::new();
    for (index, piece) in head.split("<link ").enumerate() {
        match piece.split_once('>') {
            Some((tag, rest)) if index > 0 && tag.contains("preload") => kept += rest,
            _ if index > 0 => kept.extend(["<link ", piece]),
            _ => kept += piece,
        }
    }
    kept
}

fn on_root(html: &str, attribute: &str) -> String {
    html.replacen("<html", &format!("<html{attribute}"), 1)
}

/// With another language of the document.
fn with_lang(head: &str, lang: &str) -> Option<String> {
    let at = head.find("<html")?;
    let (before, root) = head.split_at(at);
    let (root, after) = root.split_once('>')?;
    let attributes = root.split(' ').filter(|attribute| !attribute.starts_with("lang="));
    let root = attributes.collect::<Vec<_>>().join(" ");
    Some(format!("{before}{root} lang=\"{}\">{after}", escape(lang)))
}

#[cfg(test)]
mod tests {
    use haidang_engine::{
        lang::Lang,
        route::{Page, Route},
    };
    use serde_json::json;

    use super::*;

    fn printed(data: &str) -> Printed {
        Printed {
            route: Route { lang: Lang::ENGLISH, page: Page::Front },
            is_found: true,
            is_withdrawn: false,
            lang: "zh-Hans".to_owned(),
            title: "a < b".to_owned(),
            head: "<meta name=\"description\" content=\"x\">".to_owned(),
            body: "<main>text</main>".to_owned(),
            card: None,
            data: json!({ "answers": [data] }),
        }
    }

    #[test]
    fn a_page_takes_the_place_of_what_waits_and_keeps_the_scripts() {
        let index = "<!doctype html><html data-build=1 id=top lang=vi><meta charset=utf-8><title>x</title>\
                     <script>1</script><link href=main.css><script type=module>2</script><link href=app.wasm rel=preload>\
                     <meta name=theirs><link rel=modulepreload href=app.js><link rel=me href=them></head>\
                     <body><div id=boot>wait</div></body></html>";
        let made = document(index, &printed("")).unwrap();
        assert!(
            made.contains("<html data-printed data-build=1 id=top lang=\"zh-Hans\"><meta"),
            "{made}"
        );
        // The portal's head goes by ours, what starts the app by nothing.
        assert!(
            made.contains(
                "<title>a &lt; b</title><script>1</script><link href=main.css>\
                 <meta name=theirs><link rel=me href=them><meta name=\"description\" content=\"x\"></head><body><div id=\"printed\"><main>text</main></div>"
            ),
            "{made}"
        );
        assert!(made.ends_with("</script><script type=module>2</script></body></html>"), "{made}");
        assert!(!made.contains("boot"));
        assert!(shell(index).starts_with("<!doctype html><html data-prints-pages data-build=1"));
    }

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let index = "<html><title></title><body></body></html>";
        let hostile = "</script><script>alert(1)</script><!-- \u{2028}";
        let made = document(index, &printed(hostile)).unwrap();
        assert_eq!(made.matches("<script").count(), 1);
        assert_eq!(made.matches("</script").count(), 1);
        assert!(!made.contains("<!--") && !made.contains('\u{2028}'));
        let (_, data) = made.split_once("id=\"printed-data\">").unwrap();
        let (data, _) = data.split_once("</script>").unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["answers"][0], hostile);
    }

    #[test]
    fn another_document_is_left_alone() {
        assert!(document("<p>something else", &printed("")).is_none());
    }
}
