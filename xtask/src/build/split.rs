//! The wasm of a binary, cut into the part that is always needed and the parts that come on demand.
//!
//! Cargo has built it in one piece (with the feature `split`, see `src/chunk.rs`). Here it is cut up, slimmed,
//! optimised and minified. All parts carry one digest of them all in their names: parts of two builds never
//! meet. What Trunk has put into the site is replaced by the parts.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

use anyhow::{Context, Result, ensure};

use super::{FLOOR, digest, small};

use crate::{
    step::{Step, say},
    tools::{self, Need, Toolbox},
    workspace::{Workspace, all_files},
};

/// The site's binary.
pub const SITE: &str = "haidang";

/// How wasm-opt makes a part small: once, and twice more with the control flow made anew, which saves a hundredth.
/// Nothing lives in the first kilobyte, the far end of the stack: what is added to a pointer may become the offset of
/// the access. What tools have said of themselves is of no use to a browser.
pub const OPTIMISE: [&str; 8] = [
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--low-memory-unused",
    "--strip-target-features",
    "--strip-producers",
];

/// A binary in parts, and the script that starts it.
pub struct Parts {
    /// Each as the glue names it, and where it is.
    files: Vec<(String, PathBuf)>,
    script: String,
}

/// Replaces the wasm and its glue in `dist` by their parts, and names them in index.html.
pub fn run(workspace: &Workspace, dist: &Path) -> Result<()> {
    let name = parts(workspace, SITE)?.put(dist)?;
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?;
    let trunks = html
        .split(['/', '\'', '"'])
        .find_map(|word| word.strip_suffix(".js").filter(|stem| stem.starts_with("haidang-")));
    let trunks = trunks.context("Trunk's script is not in index.html")?.to_owned();
    for ending in [".js", "_bg.wasm"] {
        fs::remove_file(dist.join(format!("{trunks}{ending}")))?;
    }
    fs::write(&index, html.replace(&trunks, &name)).context("index.html cannot be written")
}

/// Cuts the binary `bin`.
pub fn parts(workspace: &Workspace, bin: &str) -> Result<Parts> {
    say(&format!("Cutting {bin} into parts"), "about a minute");
    let tools = tools::ensure(workspace, Need::Site)?;
    let folder = workspace.target.join("parts").join(bin);
    let files = cut(workspace, &tools, bin, &folder)?;
    let optimiser = workspace.step(tools.path("wasm-opt")?).args(OPTIMISE).args(["--output"]);
    optimise(&optimiser, &files)?;
    let order = split(workspace).args(["order"]);
    files.iter().try_for_each(|(_, part)| order.clone().args([part]).run())?;
    let bundle = workspace.step(tools.path("esbuild")?).args([folder.join("bound/haidang.js")]);
    let bundle = bundle.args(["--bundle", "--format=esm", "--minify", "--log-level=warning"]);
    let script = bundle.args([FLOOR]).capture()?;
    Ok(Parts { files, script })
}

/// Optimises the parts, as many at a time as there are processors.
fn optimise(optimiser: &Step, parts: &[(String, PathBuf)]) -> Result<()> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let queue = Mutex::new(parts.iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || -> Result<()> {
        while let Some((_, part)) = next() {
            optimiser.clone().args([part, part]).run()?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(outcome) => outcome,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

impl Parts {
    /// Puts the parts and the script into `folder`; gives what their names begin with.
    pub fn put(&self, folder: &Path) -> Result<String> {
        let mut contents = vec![self.script.as_bytes().to_vec()];
        for (_, part) in &self.files {
            contents.push(fs::read(part)?);
        }
        let name = format!("haidang-{}", digest(contents.iter().map(Vec::as_slice)));
        for (file, path) in &self.files {
            let part = file.trim_start_matches("haidang_").trim_start_matches("split_");
            fs::copy(path, folder.join(format!("{name}_{part}.wasm")))?;
        }
        // The first part by its name, the others by what their names begin with.
        let mut script = self.script.clone();
        for (known, end) in [("haidang", "_bg.wasm"), ("./haidang", "_${")] {
            let known = [known, end].concat();
            ensure!(script.contains(&known), "the script does not name {known}");
            script = script.replace(&known, &known.replace("haidang", &name));
        }
        fs::write(folder.join(format!("{name}.js")), script)?;
        Ok(name)
    }
}

/// Our tool for modules, which [`cut`] builds.
fn split(workspace: &Workspace) -> Step {
    workspace.step(workspace.target.join("debug/wasm-split"))
}

/// Cuts what Rust's linker has left into `folder`: each part as the glue names it and where it is, slimmed
/// but not optimised, with the names of its functions.
pub fn cut(
    workspace: &Workspace,
    tools: &Toolbox,
    bin: &str,
    folder: &Path,
) -> Result<Vec<(String, PathBuf)>> {
    let linked = small::linked(workspace, bin);
    if folder.exists() {
        fs::remove_dir_all(folder).context("the last parts cannot be removed")?;
    }
    let (cut, bound) = (folder.join("cut"), folder.join("bound"));
    workspace.step("cargo").args(["build", "--package", "wasm-split"]).run()?;
    split(workspace).args(["cut"]).args([&linked, &cut]).run()?;
    let bindgen = workspace.step(tools.path("wasm-bindgen")?);
    let bindgen = bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
    bindgen.args(["--out-dir"]).args([&bound]).args([cut.join("haidang.wasm")]).run()?;
    let (main, glue) = (bound.join("haidang_bg.wasm"), bound.join("haidang.js"));
    split(workspace).args(["slim"]).args([&main, &glue, &cut.join("parts.js")]).run()?;
    fs::rename(cut.join("parts.js"), bound.join("parts.js"))?;
    let own = fs::read_to_string(&glue)?;
    fs::write(&glue, own + "export { early } from \"./parts.js\";\n")?;

    let mut parts = vec![("haidang_bg".to_owned(), main)];
    for path in all_files(&cut).into_iter().filter(|path| !path.ends_with("haidang.wasm")) {
        parts.push((path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path));
    }
    Ok(parts)
}
