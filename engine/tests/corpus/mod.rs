//! Odd and hostile bodies with the blocks each must become, whoever parses it: `engine/tests/
//! content.rs` has html5ever parse them, the app's browser tests have `DOMParser`.
//!
//! A case is `== name`, the HTML, `--`, and the blocks in the notation of [`notation`]. In both parts
//! `⟦U+0000⟧` is a character and `⟦1000×text⟧` the text so many times.

pub mod notation;

/// One body.
pub struct Case {
    /// What it is about: file and name.
    pub name: String,
    /// What a backend sends.
    pub html: String,
    /// What becomes of it, in notation.
    pub blocks: String,
}

impl Case {
    /// The base of the source it comes from: the cases of `elsewhere.txt` come from another host, all
    /// others from the portal itself.
    pub fn base(&self) -> &'static str {
        if self.name.starts_with("elsewhere:") { "https://agency.example/api" } else { "" }
    }
}

const FILES: [(&str, &str); 9] = [
    ("blocks", include_str!("blocks.txt")),
    ("inlines", include_str!("inlines.txt")),
    ("pictures", include_str!("pictures.txt")),
    ("tables", include_str!("tables.txt")),
    ("links", include_str!("links.txt")),
    ("hostile", include_str!("hostile.txt")),
    ("broken", include_str!("broken.txt")),
    ("elsewhere", include_str!("elsewhere.txt")),
    ("languages", include_str!("languages.txt")),
];

/// Every case.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (file, text) in FILES {
        for case in text.split("== ").skip(1) {
            let (name, case) = case.split_once('\n').expect("a name");
            let (html, blocks) = case.split_once("--\n").expect("html, `--`, blocks");
            cases.push(Case {
                name: format!("{file}: {name}"),
                html: expand(html.strip_suffix('\n').unwrap_or(html)),
                blocks: expand(blocks.trim()),
            });
        }
    }
    cases
}

fn expand(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟦') {
        let (what, after) = after.split_once('⟧').expect("⟧");
        out.push_str(before);
        if let Some(code) = what.strip_prefix("U+") {
            let code = u32::from_str_radix(code, 16).expect("a code point");
            out.push(char::from_u32(code).expect("a character"));
        } else {
            let (times, what) = what.split_once('×').expect("a number of times");
            out.push_str(&what.repeat(times.parse().expect("a number")));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
