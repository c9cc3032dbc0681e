//! Programs from packages of PyPI.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Installed, on_path, that_run};
use crate::{step::Step, workspace::Workspace};

/// Every copy of the program: those on `PATH`, then ours, which is `file` of the package.
pub fn find(
    workspace: &Workspace,
    program: &str,
    (package, version): (&str, &str),
    file: &str,
) -> Vec<Installed> {
    let ours = folder(workspace, package, version).join(file);
    that_run(on_path(program).into_iter().chain([ours]))
}

/// Installs the package into our cache.
pub fn get(workspace: &Workspace, package: &str, version: &str) -> Result<()> {
    if on_path("python3").is_none() {
        let by_hand = by_hand(workspace, package, version);
        bail!("it comes from PyPI, and python3 is not on PATH. By hand:\n\n    {by_hand}\n");
    }
    install(workspace, package, version).run()
}

/// What a person would type.
pub fn by_hand(workspace: &Workspace, package: &str, version: &str) -> String {
    install(workspace, package, version).to_string()
}

fn install(workspace: &Workspace, package: &str, version: &str) -> Step {
    let step = workspace.step("python3").args(["-m", "pip", "install", "--quiet", "--no-deps"]);
    step.args(["--target"])
        .args([folder(workspace, package, version)])
        .args([format!("{package}=={version}")])
}

fn folder(workspace: &Workspace, package: &str, version: &str) -> PathBuf {
    workspace.cache.join(format!("{package}-{version}"))
}
