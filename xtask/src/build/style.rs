//! The style sheets of the release site, made one and put into index.html.
//!
//! A sheet of its own would come a round trip behind the page, and no text shows before it: on a slow line a sixth of
//! the time to a printed article. The policy (CSP) names it by its digest.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::FLOOR;
use crate::{
    step::say,
    tools::{self, Need},
    workspace::Workspace,
};

/// What index.html names; it imports the rest.
const ENTRY: &str = "style/main.css";

/// The style sheet `entry` with what it imports, minified.
pub fn bundle(workspace: &Workspace, entry: &str) -> Result<String> {
    let tools = tools::ensure(workspace, Need::Site)?;
    let bundle = workspace.step(tools.path("esbuild")?).args([entry, "--bundle", "--minify"]);
    bundle.args([FLOOR, "--log-level=warning"]).capture()
}

/// Puts the style sheets in `dist` into index.html, minified, in the place of the link to them.
pub fn run(workspace: &Workspace, dist: &Path) -> Result<()> {
    say("Bundling the style sheets", "seconds");
    let style = bundle(workspace, ENTRY)?;
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).context("index.html cannot be read")?;
    // What reads the page by its tags must not find them in the style.
    let tags = ["</", "<body", "<head", "<link", "<script", "<style", "<title"];
    ensure!(!tags.iter().any(|tag| style.contains(tag)), "the style has a tag in it");
    let html = within(&html, style.trim_end()).context("index.html links no style sheet")?;
    fs::write(&index, html).context("index.html cannot be written")?;
    fs::remove_dir_all(dist.join("style")).context("dist/style cannot be removed")
}

/// `html` with `style` in the place of the link to it.
fn within(html: &str, style: &str) -> Option<String> {
    let (before, after) = html.split_once(ENTRY)?;
    let (before, _) = before.rsplit_once('<')?;
    let (_, after) = after.split_once('>')?;
    Some([before, "<style>", style, "</style>", after].concat())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::within;
    use crate::workspace::Workspace;

    #[test]
    fn the_style_takes_the_place_of_the_link_to_it() {
        let html = "<title>a</title><link href=style/main.css rel=stylesheet><script>b</script>";
        let made = within(html, "p{margin:0}").expect("a link");
        assert_eq!(made, "<title>a</title><style>p{margin:0}</style><script>b</script>");
        assert!(within("<title>a</title>", "").is_none());
    }

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
