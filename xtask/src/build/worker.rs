//! The service worker of the release site: one script, with the list of the site's files before it.
//!
//! The list is what makes a new version: whatever file changes, the script does, and browsers see that. Each
//! file is named with its digest, by which the worker knows that it has got that one and no other. The page
//! is not in the list, since a server writes into it: it carries the version instead.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    step::say,
    tools::{self, Need},
    workspace::{Workspace, all_files},
};

const ENTRY: &str = "worker/main.js";
const NONE: &str = "worker/none.js";
/// In the name of the part that every reader comes to (`FIRST` of `xtask/wasm-split`): kept with the first.
const LISTS: &str = "_lists.";
/// What the page's first tag becomes the carrier of the version by.
const TAG: &str = "<html ";

/// Writes the worker of the site in `dist`, and its version into index.html.
pub fn run(workspace: &Workspace, dist: &Path) -> Result<()> {
    say("Bundling the service worker", "seconds");
    let tools = tools::ensure(workspace, Need::Site)?;
    let bundle = workspace.step(tools.path("esbuild")?).args([ENTRY, "--bundle", "--minify"]);
    // A classic script: not every browser of the floor takes a module for a worker.
    let bundle = bundle.args(["--format=iife", "--target=chrome96,firefox100,safari15.4"]);
    let script = bundle.args(["--log-level=warning"]).capture()?;
    let files = files(dist)?;
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context("index.html cannot be read")?;
    let is_first = |path: &&String| html.contains(*path) || path.contains(LISTS);
    let first: BTreeSet<&String> = files.keys().filter(is_first).collect();
    let version = hex(&serde_json::to_vec(&(&files, &html))?);
    let build = json!({ "version": version, "first": first, "files": files });
    ensure!(html.contains(TAG), "index.html does not begin with {TAG:?}");
    fs::write(dist.join("worker.js"), format!("self.BUILD={build};\n{script}"))?;
    let stamped = html.replacen(TAG, &format!("{TAG}data-build={version} "), 1);
    fs::write(&index, stamped).context("index.html cannot be written")
}

/// Writes the worker of a site without one, in place of one that an earlier site at the same address had.
pub fn none(workspace: &Workspace, dist: &Path) -> Result<()> {
    let from = workspace.root.join(NONE);
    fs::copy(&from, dist.join("worker.js")).with_context(|| from.display().to_string())?;
    Ok(())
}

/// The digest of each file that pages of this version load.
fn files(dist: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for file in all_files(dist) {
        let path = file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
        if is_of_app(&path) {
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            files.insert(path, hex(&bytes));
        }
    }
    Ok(files)
}

/// Scripts and wasm, and the words: what a version cannot do with another's.
fn is_of_app(path: &str) -> bool {
    let is_code = [".js", ".wasm"].iter().any(|ending| path.ends_with(ending));
    (is_code && !path.contains('/')) || path.starts_with("locales/")
}

/// The first 64 bits of SHA-256, as the worker computes them.
fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_its_code_and_its_words() {
        for path in ["haidang-0123456789abcdef_bg.wasm", "locales/vi.json"] {
            assert!(is_of_app(path), "{path}");
        }
        for path in ["portal.json", "profiles/ghost.json", "icons/icon-192.png", "index.html"] {
            assert!(!is_of_app(path), "{path}");
        }
    }

    #[test]
    fn digests_are_those_that_everybody_computes() {
        // `printf abc | sha256sum`
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea");
    }
}
