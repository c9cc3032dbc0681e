//! What an element shall show: its attributes and properties, as `embed/embed.js` hands them over.

use haidang_engine::lang::Lang;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// What kind of element it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// An article.
    Article,
    /// The thread of an article.
    Comments,
    /// The newest articles, of a section or of all.
    Headlines,
}

impl Kind {
    /// The level of its first heading on the portal.
    fn level(self) -> i8 {
        match self {
            Kind::Article => 1,
            Kind::Comments | Kind::Headlines => 2,
        }
    }
}

/// What an element shall show.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Asked {
    /// What kind of element it is.
    pub kind: Kind,
    /// The portal's address, absolute, with a slash at its end.
    pub portal: String,
    /// A source of the portal; empty is the first.
    pub source: String,
    /// The article's id; for comments also the id of any other thread.
    pub article: Option<String>,
    /// A section's id.
    pub section: Option<String>,
    /// The language of the page around it.
    pub lang: Option<Lang>,
    /// The languages of the browser, best first.
    pub reads: Vec<Lang>,
    /// The level of the first heading, 1 to 6.
    pub level: i8,
    /// At most so many headlines.
    pub limit: u32,
    /// Who the page around says the reader is: a JWT, empty for nobody any more; `None` if it never said.
    pub assertion: Option<String>,
}

impl Asked {
    /// Reads it from an object of JavaScript, see [`Self::of`].
    pub fn read(object: &JsValue) -> Self {
        let said = |name: &str| Reflect::get(object, &name.into()).ok()?.as_string();
        Self { assertion: said("assertion"), ..Self::of(said) }
    }

    /// What it says, by name, but for who the reader is; what is junk is as if it was not there.
    pub fn of(said: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| {
            let value = said(name)?;
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let number = |name: &str, most: u32| {
            let number = text(name)?.parse::<u32>().ok()?;
            (1..=most).contains(&number).then_some(number)
        };
        let reads = text("reads").unwrap_or_default();
        Self {
            kind: match text("kind").as_deref() {
                Some("article") => Kind::Article,
                Some("comments") => Kind::Comments,
                _ => Kind::Headlines,
            },
            portal: text("portal").unwrap_or_default(),
            source: text("source").unwrap_or_default(),
            article: text("article"),
            section: text("section"),
            lang: text("lang").and_then(|lang| Lang::parse(&lang)),
            reads: reads.split(' ').filter_map(Lang::parse).collect(),
            level: number("level", 6).and_then(|level| i8::try_from(level).ok()).unwrap_or(2),
            limit: number("limit", 50).unwrap_or(10),
            assertion: None,
        }
    }

    /// Whether both are of the same thing, however it is shown.
    pub fn is_about(&self, other: &Self) -> bool {
        let subject = |asked: &Self| {
            let Self { portal, source, article, section, .. } = asked.clone();
            (asked.kind, portal, source, article, section)
        };
        subject(self) == subject(other)
    }

    /// Whether the page around says who the reader is.
    pub fn is_known(&self) -> bool {
        self.assertion.as_ref().is_some_and(|assertion| !assertion.is_empty())
    }

    /// How much deeper than on the portal its headings are.
    pub fn deeper(&self) -> i8 {
        self.level - self.kind.level()
    }
}
