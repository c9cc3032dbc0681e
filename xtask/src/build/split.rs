//! The wasm of the release site, cut into the part of a first visit and the parts that come on demand.
//!
//! Trunk has built the app in one piece (with the feature `split`, see `src/chunk.rs`). What it put into
//! the site is replaced by the same cut up, slimmed, optimised and minified. All parts carry one digest
//! of them all in their names: parts of two builds never meet.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::digest;

use crate::{
    step::say,
    tools::{self, Need, Toolbox},
    workspace::{Workspace, all_files},
};

/// Replaces the wasm and its glue in `dist` by their parts.
pub fn run(workspace: &Workspace, dist: &Path) -> Result<()> {
    say("Cutting the app into parts", "about a minute the first time, then half");
    let tools = tools::ensure(workspace, Need::Site)?;
    let folder = workspace.target.join("parts");
    let parts = cut(workspace, &tools, &folder)?;
    for (_, part) in &parts {
        let optimise = workspace.step(tools.path("wasm-opt")?).args(["-Oz", "--output"]);
        optimise.args([part, part]).run()?;
    }
    let bundle = workspace.step(tools.path("esbuild")?).args([folder.join("bound/haidang.js")]);
    let bundle = bundle.args(["--bundle", "--format=esm", "--minify", "--log-level=warning"]);
    let script = bundle.args(["--target=chrome96,firefox100,safari15.4"]).capture()?;
    place(dist, &parts, &script)
}

/// Cuts what Rust's linker has left into `folder`: each part as the glue names it and where it is, slimmed
/// but not optimised, with the names of its functions.
pub fn cut(
    workspace: &Workspace,
    tools: &Toolbox,
    folder: &Path,
) -> Result<Vec<(String, PathBuf)>> {
    let linked = workspace.target.join(tools::WASM_TARGET).join("release/haidang.wasm");
    if folder.exists() {
        fs::remove_dir_all(folder).context("the last parts cannot be removed")?;
    }
    let (cut, bound) = (folder.join("cut"), folder.join("bound"));
    workspace.step("cargo").args(["build", "--package", "wasm-split"]).run()?;
    let split = || workspace.step(workspace.target.join("debug/wasm-split"));
    split().args(["cut"]).args([&linked, &cut]).run()?;
    let bindgen = workspace.step(tools.path("wasm-bindgen")?);
    let bindgen = bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
    bindgen.args(["--out-dir"]).args([&bound]).args([cut.join("haidang.wasm")]).run()?;
    let (main, glue) = (bound.join("haidang_bg.wasm"), bound.join("haidang.js"));
    split().args(["slim"]).args([&main, &glue, &cut.join("parts.js")]).run()?;
    fs::rename(cut.join("parts.js"), bound.join("parts.js"))?;

    let mut parts = vec![("haidang_bg".to_owned(), main)];
    for path in all_files(&cut).into_iter().filter(|path| !path.ends_with("haidang.wasm")) {
        parts.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path));
    }
    Ok(parts)
}

/// Puts the parts into `dist` and names them in index.html.
fn place(dist: &Path, parts: &[(String, PathBuf)], script: &str) -> Result<()> {
    let mut contents = vec![script.as_bytes().to_vec()];
    for (_, part) in parts {
        contents.push(fs::read(part)?);
    }
    let name = format!("haidang-{}", digest(contents.iter().map(Vec::as_slice)));

    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?;
    let trunks = html
        .split(['/', '\'', '"'])
        .find_map(|word| word.strip_suffix(".js").filter(|stem| stem.starts_with("haidang-")));
    let trunks = trunks.context("Trunk's script is not in index.html")?.to_owned();
    for ending in [".js", "_bg.wasm"] {
        fs::remove_file(dist.join(format!("{trunks}{ending}")))?;
    }
    let mut script = script.to_owned();
    for (file, path) in parts {
        let part = file.trim_start_matches("haidang_").trim_start_matches("split_");
        fs::copy(path, dist.join(format!("{name}_{part}.wasm")))?;
        script = script.replace(&format!("{file}.wasm"), &format!("{name}_{part}.wasm"));
    }
    fs::write(dist.join(format!("{name}.js")), script)?;
    fs::write(&index, html.replace(&trunks, &name)).context("index.html cannot be written")
}
