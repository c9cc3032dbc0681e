//! The pages that are compared: the portal, and beside it in a copy of its site the same article made
//! in other ways. All come from the same server, compressed alike, and ask the same API.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::{browser::Browser, visit};
use crate::{
    build::{self, precompress},
    step::say,
    workspace::{Workspace, all_files},
};

const ID: &str = Page::ID;
const LANG: &str = "vi";
/// Where the other pages are below the site.
const FOLDER: &str = "bench";
/// What the template of the plain page has in the place of the article.
const PLACE: &str = "<!-- article -->";
const ARTICLE: &str = "document.querySelector('article').outerHTML";
const FIRST_PARAGRAPH: &str = "document.querySelector('.body p').textContent";

/// One way to make the page.
#[derive(Clone, Copy, PartialEq)]
pub enum Page {
    /// The text in the HTML.
    Plain,
    /// What one writes by hand in JavaScript: a script that asks, cleans and shows.
    Script,
    /// The same, asked for by an inline script before the other has come.
    ScriptEarly,
    /// Leptos and nothing else, asked for early.
    Lean,
    /// Hải Đăng, client-side alone.
    App,
    /// Hải Đăng, printed, which the app takes over.
    Portal,
}

/// Where the pages are: the same site twice.
pub struct Origins {
    /// Where the server prints pages; the others are there, too.
    pub printed: String,
    /// Where it sends the app alone.
    pub app: String,
}

impl Origins {
    /// The address of a page.
    pub fn url(&self, page: Page) -> String {
        page.url(if page == Page::App { &self.app } else { &self.printed })
    }
}

impl Page {
    /// The article of all pages: a long one with a picture and a table.
    pub const ID: &str = "muoi-nam-so-thong-tin-va-truyen-thong";
    /// In the order in which they are measured.
    pub const ALL: [Self; 6] =
        [Self::Plain, Self::Script, Self::ScriptEarly, Self::Lean, Self::App, Self::Portal];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain HTML",
            Self::Script => "hand-written JavaScript",
            Self::ScriptEarly => "hand-written JavaScript, data asked for early",
            Self::Lean => "lean Leptos, data asked for early",
            Self::App => "Hải Đăng, client-side alone",
            Self::Portal => "Hải Đăng, printed",
        }
    }

    /// Its address below the server's `origin`.
    pub fn url(self, origin: &str) -> String {
        let query = format!("id={ID}&lang={LANG}");
        match self {
            Self::Plain => format!("{origin}/{FOLDER}/plain/index.html"),
            Self::Script => format!("{origin}/{FOLDER}/script/index.html?{query}"),
            Self::ScriptEarly => format!("{origin}/{FOLDER}/script/early.html?{query}"),
            Self::Lean => format!("{origin}/{FOLDER}/lean/index.html?{query}"),
            Self::App | Self::Portal => format!("{origin}/{LANG}/article/{ID}"),
        }
    }
}

/// Builds the lean page, as the portal is built.
pub fn build_lean(workspace: &Workspace) -> Result<()> {
    say("Building the lean Leptos page", "about 2 minutes the first time, then seconds");
    let trunk = build::trunk(workspace)?.dir(&workspace.root.join("benches/lean"));
    let trunk = trunk.args(["--release", "--dist"]).args([lean(workspace)]);
    build::small::with_settings(workspace, trunk).run()
}

/// Copies the site to `site` and puts the other pages, all but the plain one, beside it.
pub fn assemble(workspace: &Workspace, site: &Path) -> Result<()> {
    let sources = workspace.root.join("benches");
    copy(&workspace.dist, site)?;
    let folder = site.join(FOLDER);
    copy(&lean(workspace), &folder.join("lean"))?;
    copy(&sources.join("script"), &folder.join("script"))?;
    add_stylesheet(workspace, site)?;
    precompress::all(&folder)?;
    Ok(())
}

/// Puts the portal's style sheet where the other pages look for it.
pub fn add_stylesheet(workspace: &Workspace, site: &Path) -> Result<()> {
    let index = read(&workspace.dist.join("index.html"))?;
    let style = index.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let (style, _) = style.context("no style in index.html")?;
    fs::write(site.join(FOLDER).join("main.css"), style)
        .context("the style sheet cannot be written")
}

/// Writes the plain page: what the hand-written one shows, as HTML.
pub fn print_plain(
    workspace: &Workspace,
    browser: &mut Browser,
    origin: &str,
    site: &Path,
) -> Result<()> {
    let template = read(&workspace.root.join("benches/plain/index.html"))?;
    let article = visit::evaluate(browser, &Page::Script.url(origin), ARTICLE)?;
    let folder = site.join(FOLDER).join("plain");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), template.replace(PLACE, &article))?;
    precompress::all(&folder)?;
    Ok(())
}

/// Fails unless all pages show the same text.
pub fn check_alike(browser: &mut Browser, origins: &Origins) -> Result<()> {
    let mut first = None;
    for page in Page::ALL {
        let text = visit::evaluate(browser, &origins.url(page), FIRST_PARAGRAPH)?;
        let expected = first.get_or_insert_with(|| text.clone());
        ensure!(text == *expected, "{} shows \"{text}\" and not \"{expected}\"", page.name());
    }
    Ok(())
}

/// Where the lean page is built.
fn lean(workspace: &Workspace) -> PathBuf {
    workspace.target.join("bench-lean")
}

/// Copies all files of a folder.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    for path in all_files(from) {
        let target: PathBuf = to.join(path.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&path, target).with_context(|| format!("copying {}", path.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
