//! `cargo xtask build`: the site in dist/, ready for any static host.

mod embed;
pub mod precompress;
pub mod small;
pub mod split;
mod style;
mod worker;

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::Path,
    process::ExitCode,
    time::SystemTime,
};

use anyhow::{Context, Result};

use crate::{
    step::{Step, say},
    tools::{self, Need},
    workspace::{Workspace, last_change},
};

/// What the site is built from; a change in any of it makes dist/ out of date.
pub const INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "Trunk.toml",
    "build.rs",
    "index.html",
    "src",
    "embed",
    "engine",
    "locales",
    "profiles",
    "style",
    "public",
    "worker",
    "xtask/src/build",
    "xtask/wasm-split",
];

/// The browser floor, so that nothing newer is written and no prefix is missing.
const FLOOR: &str = "--target=chrome96,firefox100,safari15.4";

/// How to build.
#[derive(clap::Args)]
pub struct Args {
    /// Quickly and unoptimised, without compressed copies
    #[arg(long)]
    dev: bool,
}

/// Builds into dist/.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    if args.dev {
        forget_release(workspace)?;
        dev(workspace, &workspace.dist)?;
    } else {
        release(workspace)?;
    }
    println!("\nThe site is in {}", workspace.dist.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds the release site, unless dist/ holds it already.
pub fn release_if_changed(workspace: &Workspace) -> Result<()> {
    let inputs: Vec<_> = INPUTS.iter().map(|input| workspace.root.join(input)).collect();
    let built = fs::metadata(stamp(workspace)).and_then(|stamp| stamp.modified()).ok();
    let complete = workspace.dist.join("index.html").is_file();
    if complete && built.is_some() && last_change(&inputs) <= built {
        return Ok(());
    }
    release(workspace)
}

/// Builds into `dist` without optimisation.
pub fn dev(workspace: &Workspace, dist: &Path) -> Result<()> {
    say("Building the site for development", "about 2 minutes the first time, then seconds");
    trunk(workspace)?.args(["--dist"]).args([dist]).run()?;
    worker::none(workspace, dist)
}

fn release(workspace: &Workspace) -> Result<()> {
    forget_release(workspace)?;
    let started = SystemTime::now();
    let trunk = trunk(workspace)?.args(["--release", "--features", "split"]);
    say("Building the site and the elements", "about 5 minutes the first time, then about two");
    // Both at once: each is linked by one processor. Trunk finds its own done.
    let both = workspace.step("cargo").args(["build", "--release", "--features", "split"]);
    let both = both.args(["--target", tools::WASM_TARGET, "--package", "haidang", "--bins"]);
    small::with_settings(workspace, both).run()?;
    small::with_settings(workspace, trunk).run()?;
    style::run(workspace, &workspace.dist)?;
    split::run(workspace, &workspace.dist)?;
    embed::run(workspace, &workspace.dist)?;
    worker::run(workspace, &workspace.dist)?;
    say("Compressing the site", "seconds");
    println!("  {}", precompress::all(&workspace.dist)?);
    let stamp = fs::File::create(stamp(workspace))?;
    // As of the start: what changed while we were building is not in the site.
    stamp.set_modified(started).context("the time of the build cannot be kept")
}

/// Trunk about to build, with the tools it calls.
pub fn trunk(workspace: &Workspace) -> Result<Step> {
    let tools = tools::ensure(workspace, Need::Site)?;
    // Offline, Trunk keeps cargo from downloading too.
    workspace.step("cargo").args(["fetch"]).run()?;
    let step = workspace.step("trunk").path(&tools.folders(workspace)).args(["build"]);
    // Trunk takes `NO_COLOR` for a switch of its own and refuses the usual `NO_COLOR=1`.
    Ok(match std::env::var_os("NO_COLOR") {
        Some(_) => step.env("NO_COLOR", "true"),
        None => step,
    })
}

/// Sixteen hexadecimal digits that change with the content, for names that may be cached for ever.
fn digest<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = DefaultHasher::new();
    contents.into_iter().for_each(|content| hasher.write(content));
    format!("{:016x}", hasher.finish())
}

/// Says when dist/ last became a complete release build.
fn stamp(workspace: &Workspace) -> std::path::PathBuf {
    workspace.target.join("site-release.stamp")
}

fn forget_release(workspace: &Workspace) -> Result<()> {
    match fs::remove_file(stamp(workspace)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("the mark of the last build cannot be removed")
        }
        _ => Ok(()),
    }
}
