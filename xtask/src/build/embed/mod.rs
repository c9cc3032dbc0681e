//! `dist/embed`: the elements for other people's pages. `v1/embed.js` keeps its name and loads the rest, whose
//! names carry digests.

mod style;

use std::{fs, path::Path};

use anyhow::{Result, ensure};

use super::{FLOOR, digest, precompress::brotli, split, style::bundle};
use crate::{
    tools::{self, Need, Toolbox},
    workspace::Workspace,
};

/// The binary of the elements.
pub const BIN: &str = "haidang-embed";
/// What is used as it is, and where.
const COPIED: &[(&str, &str)] = &[
    ("embed.d.ts", "v1/embed.d.ts"),
    ("page.css", "v1/page.css"),
    ("frame.html", "frame.html"),
    ("builder.html", "builder.html"),
];
/// Bytes that the script which every page with an element loads may have, compressed: 4 KB.
const BUDGET: usize = 4_096;

/// Puts the elements, which cargo has built, into `dist`.
pub fn run(workspace: &Workspace, dist: &Path) -> Result<()> {
    let tools = tools::ensure(workspace, Need::Site)?;
    let folder = dist.join("embed");
    fs::create_dir_all(folder.join("v1"))?;
    let app = split::parts(workspace, BIN)?.put(&folder)?;
    let sheet = style::for_shadow_root(&bundle(workspace, "style/embed.css")?)?;
    let sheet = put(&folder, "elements", "css", &sheet)?;
    let on_demand = |name: &str| {
        let script = script(workspace, &tools, &format!("embed/{name}.js"), &[])?;
        put(&folder, name, "js", &script)
    };
    let (count, seldom) = (on_demand("count")?, on_demand("seldom")?);
    let printed = on_demand("printed")?;
    // The server gives the second one out under the name of the first, if it prints.
    for (file, printed) in [("embed.js", ""), ("embed.printed.js", printed.as_str())] {
        let names = [
            ("APP", app.as_str()),
            ("STYLE", &sheet),
            ("COUNT", &count),
            ("SELDOM", &seldom),
            ("PRINTED", printed),
        ];
        let names = names.map(|(name, value)| format!("--define:{name}=\"{value}\""));
        let script = script(workspace, &tools, "embed/embed.js", &names)?;
        let size = brotli(script.as_bytes())?.len();
        ensure!(size <= BUDGET, "{file} has {size} bytes, compressed; {BUDGET} are its budget");
        fs::write(folder.join("v1").join(file), script)?;
    }
    for name in ["frame", "resize", "builder"] {
        let script = self::script(workspace, &tools, &format!("embed/{name}.js"), &[])?;
        fs::write(folder.join(format!("v1/{name}.js")), script)?;
    }
    for (file, place) in COPIED {
        fs::copy(workspace.root.join("embed").join(file), folder.join(place))?;
    }
    Ok(())
}

/// Writes a file whose name says what is in it; gives the name.
fn put(folder: &Path, stem: &str, ending: &str, content: &str) -> Result<String> {
    let name = format!("{stem}-{}.{ending}", digest([content.as_bytes()]));
    fs::write(folder.join(&name), content)?;
    Ok(name)
}

fn script(workspace: &Workspace, tools: &Toolbox, entry: &str, names: &[String]) -> Result<String> {
    let bundle = workspace.step(tools.path("esbuild")?).args([entry, "--bundle", "--format=esm"]);
    // Modules are UTF-8 wherever they come from: letters need no escapes.
    let bundle = bundle.args(["--minify", "--charset=utf8", "--log-level=warning", FLOOR]);
    bundle.args(names).capture()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value};

    #[test]
    fn the_builder_says_the_same_in_every_language() {
        let words = include_str!("../../../../embed/builder.json");
        let words: Map<String, Value> = serde_json::from_str(words).unwrap();
        let keys =
            |lang: &Value| lang.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        let all: BTreeSet<_> = words.values().map(keys).collect();
        assert_eq!((words.len(), all.len()), (5, 1));
    }
}
