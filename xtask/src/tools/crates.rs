//! Programs from crates.io: prebuilt by `cargo binstall` where that exists, else compiled.

use std::path::PathBuf;

use anyhow::Result;

use super::{Installed, on_path, that_run};
use crate::{step::Step, workspace::Workspace};

/// Every copy of the program: those on `PATH`, then ours.
pub fn find(
    workspace: &Workspace,
    program: &str,
    package: &str,
    version: Option<&str>,
) -> Vec<Installed> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let ours = version.map(|version| folder(workspace, package, version).join("bin").join(file));
    that_run(on_path(program).into_iter().chain(ours))
}

/// Installs the program into our cache.
pub fn get(workspace: &Workspace, package: &str, version: &str, args: &[&str]) -> Result<()> {
    let binstall = workspace.step("cargo").args(["binstall", "-V"]);
    if binstall.capture().is_ok() && prebuilt(workspace, package, version).run().is_ok() {
        return Ok(());
    }
    let compile = compile(workspace, package, version, args);
    // `--locked` is what the authors tried; a mirror may lack one of those exact versions.
    compile.clone().args(["--locked"]).run().or_else(|_| compile.run())
}

/// Compiles the program.
pub fn compile(workspace: &Workspace, package: &str, version: &str, args: &[&str]) -> Step {
    let root = folder(workspace, package, version);
    let step = workspace.step("cargo").args(["install", package, "--version", version]);
    step.args(args).args(["--root"]).args([root])
}

fn prebuilt(workspace: &Workspace, package: &str, version: &str) -> Step {
    let root = folder(workspace, package, version);
    let exact = format!("{package}@={version}");
    // Not `compile`: then we would wait for a second compilation when the first fails.
    let step = workspace.step("cargo").args(["binstall", "--no-confirm", &exact]);
    step.args(["--disable-strategies", "compile", "--root"]).args([root])
}

fn folder(workspace: &Workspace, package: &str, version: &str) -> PathBuf {
    workspace.cache.join(format!("{package}-{version}"))
}
