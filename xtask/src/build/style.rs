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

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::workspace::Workspace;

    /// Whether a selector goes by what stands beside something that it does not name by its class.
    fn goes_by_anything(selector: &str) -> bool {
        selector.split(" + ").skip(1).zip(selector.split(" + ")).any(|(after, before)| {
            let last = before.rsplit([' ', '>', '(']).next().unwrap_or_default();
            !last.starts_with('.') || last.ends_with(')') || !after.starts_with('.')
        })
    }

    #[test]
    fn what_stands_beside_anything_decides_no_style() {
        // Whatever came into the page, anywhere, would have all that is beside it looked through.
        assert!(goes_by_anything(".body > hr + .notes"));
        assert!(goes_by_anything(".by > span:not(.a, .b) + .author::before"));
        assert!(goes_by_anything("* + *"));
        assert!(!goes_by_anything(".lead + .second"));
        let folder = Workspace::find().expect("a workspace").root.join("style");
        for file in fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            let text = fs::read_to_string(&path).expect("a style sheet");
            // Not comments, and not the sums within `:nth-child()`.
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("/*"));
            let selectors = lines.filter(|line| line.ends_with(" {") || line.ends_with(','));
            for line in selectors.filter(|line| !line.contains(": ")) {
                let line = line.trim().replace("n + ", "n+");
                assert!(!line.contains(" ~ "), "{}: {line}", path.display());
                assert!(!goes_by_anything(&line), "{}: {line}", path.display());
            }
        }
    }
}
