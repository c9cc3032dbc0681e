//! Bodies that are lists of blocks: our own block JSON, which profiles make of a backend's by expressions
//! and parts, into HTML — which then goes the way of all HTML, through the policy of
//! [`crate::content`]. So blocks cannot hold what HTML may not.
//!
//! | block | members |
//! |---|---|
//! | `paragraph` | `html` or `text` |
//! | `heading` | `html` or `text`, `level` (2 to 6; 2 if absent) |
//! | `list` | `items`, `ordered`, `start` |
//! | `quote` | `html`, `text` or `blocks`; `cite` |
//! | `image` | `url`, `alt`, `caption`, `credit`, `width`, `height`, `link` |
//! | `gallery`, `group` | `blocks` |
//! | `code` | `text`, `language` |
//! | `table` | `rows` (lists of cells), `head` (how many rows head it), `caption` |
//! | `details` | `summary`, `blocks` |
//! | `embed` | `url`, `title`, `caption` |
//! | `video`, `audio` | `url`, `caption` |
//! | `rule` | |
//! | `html` | `html` |
//!
//! Items and cells are HTML as text, a block, or a list of blocks. `lang` and `id` may stand on any.

use serde_json::Value;

use super::{expression::describe, html::escape};
use crate::content::MAX_DEPTH;

/// The HTML of a list of blocks; `problems` gets the place and what was left out there.
pub(super) fn html(blocks: &Value, problems: &mut Vec<String>) -> String {
    let mut writer = Writer { out: String::new(), problems, depth: 0 };
    writer.blocks(blocks, "");
    writer.out
}

struct Writer<'p> {
    out: String,
    problems: &'p mut Vec<String>,
    depth: usize,
}

/// The member `key`, a text.
fn text<'b>(block: &'b Value, key: &str) -> &'b str {
    block.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Writer<'_> {
    fn push(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn problem(&mut self, place: &str, expected: &str, found: &Value) {
        self.problems.push(format!("{place}: expected {expected}, found {}", describe(found)));
    }

    /// Blocks, one block, or HTML as text.
    fn blocks(&mut self, value: &Value, place: &str) {
        match value {
            Value::Array(list) => {
                for (index, block) in list.iter().enumerate() {
                    self.blocks(block, &format!("{place}[{index}]"));
                }
            }
            Value::Object(_) if self.depth < MAX_DEPTH => {
                self.depth += 1;
                self.block(value, place);
                self.depth -= 1;
            }
            Value::Object(_) => self.problems.push(format!("{place}: left out, it nests too deep")),
            Value::String(html) => self.push(html),
            Value::Number(_) | Value::Bool(_) => self.push(&value.to_string()),
            Value::Null => {}
        }
    }

    fn open(&mut self, name: &str, block: &Value, attributes: &[(&str, &str)]) {
        self.push("<");
        self.push(name);
        let own = [("lang", text(block, "lang")), ("id", text(block, "id"))];
        for (key, value) in own.iter().chain(attributes) {
            if !value.is_empty() {
                let value = escape(value);
                self.out.extend([" ", key, "=\"", &value, "\""]);
            }
        }
        self.push(">");
    }

    fn close(&mut self, name: &str) {
        self.out.extend(["</", name, ">"]);
    }

    /// What a block says: HTML, else plain text.
    fn words(&mut self, block: &Value) {
        let html = text(block, "html");
        if html.is_empty() {
            let plain = escape(text(block, "text")).replace('\n', "<br>");
            self.push(&plain);
        } else {
            self.push(html);
        }
    }

    fn wrapped(&mut self, name: &str, block: &Value, attributes: &[(&str, &str)]) {
        self.open(name, block, attributes);
        self.words(block);
        self.close(name);
    }

    fn figure(&mut self, block: &Value, inner: impl FnOnce(&mut Self)) {
        self.open("figure", block, &[]);
        inner(self);
        let (caption, credit) = (text(block, "caption"), text(block, "credit"));
        if !caption.is_empty() || !credit.is_empty() {
            self.push("<figcaption>");
            self.push(caption);
            if !credit.is_empty() {
                self.out.extend([" <cite>", credit, "</cite>"]);
            }
            self.push("</figcaption>");
        }
        self.close("figure");
    }

    fn block(&mut self, block: &Value, place: &str) {
        let nothing = Value::Null;
        let member = |key: &str| block.get(key).unwrap_or(&nothing);
        let number = |key: &str| match member(key) {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            _ => String::new(),
        };
        match text(block, "type") {
            "paragraph" => self.wrapped("p", block, &[]),
            "heading" => {
                let level = member("level").as_i64().unwrap_or(2).clamp(2, 6);
                self.wrapped(&format!("h{level}"), block, &[]);
            }
            "list" => {
                let ordered = member("ordered").as_bool().unwrap_or_default();
                let name = if ordered { "ol" } else { "ul" };
                self.open(name, block, &[("start", &number("start"))]);
                for (index, item) in member("items").as_array().into_iter().flatten().enumerate() {
                    self.push("<li>");
                    self.blocks(item, &format!("{place}.items[{index}]"));
                    self.push("</li>");
                }
                self.close(name);
            }
            "quote" => {
                self.open("blockquote", block, &[]);
                match member("blocks") {
                    Value::Null => {
                        self.push("<p>");
                        self.words(block);
                        self.push("</p>");
                    }
                    inner => self.blocks(inner, &format!("{place}.blocks")),
                }
                let cite = text(block, "cite");
                if !cite.is_empty() {
                    self.out.extend(["<footer><cite>", cite, "</cite></footer>"]);
                }
                self.close("blockquote");
            }
            "image" if text(block, "url").is_empty() => {
                self.problem(&format!("{place}.url"), "text", member("url"));
            }
            "image" => self.figure(block, |out| {
                let link = text(block, "link");
                if !link.is_empty() {
                    out.open("a", &nothing, &[("href", link)]);
                }
                let (width, height) = (number("width"), number("height"));
                let alt = text(block, "alt");
                out.open(
                    "img",
                    &nothing,
                    &[
                        ("src", text(block, "url")),
                        ("alt", alt),
                        ("width", &width),
                        ("height", &height),
                    ],
                );
                if !link.is_empty() {
                    out.close("a");
                }
            }),
            "gallery" | "group" => self.blocks(member("blocks"), &format!("{place}.blocks")),
            "code" => {
                let language = text(block, "language");
                let class = if language.is_empty() {
                    String::new()
                } else {
                    ["language-", language].concat()
                };
                self.open("pre", block, &[]);
                self.open("code", &nothing, &[("class", &class)]);
                let code = escape(text(block, "text"));
                self.push(&code);
                self.push("</code></pre>");
            }
            "table" => self.table(block, place),
            "details" => {
                self.open("details", block, &[]);
                self.out.extend(["<summary>", text(block, "summary"), "</summary>"]);
                self.blocks(member("blocks"), &format!("{place}.blocks"));
                self.close("details");
            }
            "embed" => self.figure(block, |out| {
                let (url, title) = (text(block, "url"), text(block, "title"));
                out.open("iframe", &nothing, &[("src", url), ("title", title)]);
                out.close("iframe");
            }),
            name @ ("video" | "audio") => self.figure(block, |out| {
                out.open(name, &nothing, &[("src", text(block, "url"))]);
                out.close(name);
            }),
            "rule" => self.push("<hr>"),
            "html" => self.push(text(block, "html")),
            _ => {
                // Its words shall not be lost with it.
                self.problem(&format!("{place}.type"), "the type of a block", member("type"));
                self.wrapped("p", block, &[]);
            }
        }
    }

    fn table(&mut self, block: &Value, place: &str) {
        let rows = block.get("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let head = block.get("head").and_then(Value::as_u64).unwrap_or_default();
        let head = usize::try_from(head).unwrap_or_default();
        self.open("table", block, &[]);
        let caption = text(block, "caption");
        if !caption.is_empty() {
            self.out.extend(["<caption>", caption, "</caption>"]);
        }
        for (index, row) in rows.iter().enumerate() {
            let cell = if index < head { "th" } else { "td" };
            self.push("<tr>");
            for (column, value) in row.as_array().into_iter().flatten().enumerate() {
                self.open(cell, &Value::Null, &[]);
                self.blocks(value, &format!("{place}.rows[{index}][{column}]"));
                self.close(cell);
            }
            self.push("</tr>");
        }
        self.close("table");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(blocks: &Value) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        (html(blocks, &mut problems), problems)
    }

    #[test]
    fn blocks_become_the_html_that_means_the_same() {
        let blocks = json!([
            { "type": "heading", "level": 3, "text": "A < B", "id": "ab" },
            { "type": "paragraph", "html": "See <b>this</b>", "lang": "en" },
            { "type": "list", "ordered": true, "start": 3, "items": [
                "one", { "type": "list", "items": [[{ "type": "paragraph", "text": "deep" }]] },
            ]},
            { "type": "quote", "text": "words", "cite": "An" },
            { "type": "image", "url": "/a.jpg?x=1&y=2", "alt": "\"a\"", "caption": "c", "width": 800 },
            { "type": "code", "text": "a\n  <b>", "language": "rust" },
            { "type": "table", "head": 1, "rows": [["a"], [1]] },
            { "type": "rule" },
        ]);
        let (html, problems) = written(&blocks);
        assert_eq!(
            html,
            "<h3 id=\"ab\">A &lt; B</h3><p lang=\"en\">See <b>this</b></p>\
             <ol start=\"3\"><li>one</li><li><ul><li><p>deep</p></li></ul></li></ol>\
             <blockquote><p>words</p><footer><cite>An</cite></footer></blockquote>\
             <figure><img src=\"/a.jpg?x=1&amp;y=2\" alt=\"&quot;a&quot;\" width=\"800\">\
             <figcaption>c</figcaption></figure>\
             <pre><code class=\"language-rust\">a\n  &lt;b&gt;</code></pre>\
             <table><tr><th>a</th></tr><tr><td>1</td></tr></table><hr>"
        );
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn what_is_not_known_keeps_its_words_and_says_where() {
        let (html, problems) = written(&json!([
            { "type": "group", "blocks": [{ "type": "poll", "text": "Yes?" }] },
            { "type": "image" },
        ]));
        assert_eq!(html, "<p>Yes?</p>");
        assert_eq!(
            problems,
            [
                "[0].blocks[0].type: expected the type of a block, found \"poll\"",
                "[1].url: expected text, found null"
            ]
        );
    }

    #[test]
    fn blocks_within_blocks_end() {
        let mut block = json!({ "type": "paragraph", "text": "deep" });
        for _ in 0..40 {
            block = json!({ "type": "group", "blocks": [block] });
        }
        let (html, problems) = written(&json!([block]));
        assert_eq!(html, "");
        assert!(problems[0].ends_with("left out, it nests too deep"), "{problems:?}");
    }
}
