//! The style sheets of the release site, made one file.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::{FLOOR, digest};
use crate::{
    step::say,
    tools::{self, Need},
    workspace::Workspace,
};

/// What index.html names, and style/main.css imports the rest.
const ENTRY: &str = "style/main.css";

/// The style sheet `entry` with what it imports, minified.
pub fn bundle(workspace: &Workspace, entry: &str) -> Result<String> {
    let tools = tools::ensure(workspace, Need::Site)?;
    let bundle = workspace.step(tools.path("esbuild")?).args([entry, "--bundle", "--minify"]);
    bundle.args([FLOOR, "--log-level=warning"]).capture()
}

/// Replaces the folder of style sheets in `dist` by one minified file.
pub fn run(workspace: &Workspace, dist: &Path) -> Result<()> {
    say("Bundling the style sheets", "seconds");
    let style = bundle(workspace, ENTRY)?;
    let name = format!("main-{}.css", digest([style.as_bytes()]));
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context("index.html cannot be read")?;
    fs::write(dist.join(&name), style)?;
    fs::write(&index, html.replace(ENTRY, &name)).context("index.html cannot be written")?;
    fs::remove_dir_all(dist.join("style")).context("dist/style cannot be removed")
}
