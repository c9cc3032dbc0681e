//! Programs and files from npm packages.

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};

use super::{Installed, on_path, that_run};
use crate::{step::Step, workspace::Workspace};

/// Every copy of the program: those on `PATH`, then ours.
pub fn find_program(
    workspace: &Workspace,
    program: &str,
    package: &str,
    version: &str,
) -> Vec<Installed> {
    let ours = folder(workspace, package, version).join("node_modules/.bin").join(program);
    that_run(on_path(program).into_iter().chain([ours]))
}

/// A file of the package, once it is in our cache.
pub fn find_file(
    workspace: &Workspace,
    package: &str,
    version: &str,
    file: &str,
) -> Vec<Installed> {
    let module = folder(workspace, package, version).join("node_modules").join(package);
    let find = || {
        let manifest = fs::read_to_string(module.join("package.json")).ok()?;
        let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
        let path = module.join(file);
        let version = manifest.get("version")?.as_str()?.to_owned();
        path.is_file().then_some(Installed { path, version })
    };
    find().into_iter().collect()
}

/// Installs the package into our cache.
pub fn get(workspace: &Workspace, package: &str, version: &str) -> Result<()> {
    if on_path("npm").is_none() {
        let by_hand = by_hand(workspace, package, version);
        bail!("it comes from npm, which is not on PATH. By hand:\n\n    {by_hand}\n");
    }
    fs::create_dir_all(folder(workspace, package, version))?;
    install(workspace, package, version).run()
}

/// What a person would type.
pub fn by_hand(workspace: &Workspace, package: &str, version: &str) -> String {
    after_node(&install(workspace, package, version))
}

/// A command of npm as a person would type it, with how to get npm where it is missing.
pub fn after_node(step: &Step) -> String {
    if on_path("npm").is_some() {
        return step.to_string();
    }
    format!("(Node.js first: https://nodejs.org, or `apt-get install npm`) {step}")
}

fn install(workspace: &Workspace, package: &str, version: &str) -> Step {
    let step = workspace.step("npm").args(["install", "--no-audit", "--no-fund", "--prefix"]);
    step.args([folder(workspace, package, version)]).args([format!("{package}@{version}")])
}

fn folder(workspace: &Workspace, package: &str, version: &str) -> PathBuf {
    workspace.cache.join(format!("{package}-{version}"))
}
