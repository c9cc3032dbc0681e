//! What belongs to the Rust toolchain that `rust-toolchain.toml` names.

use std::path::PathBuf;

use super::{Installed, version};
use crate::{step::Step, workspace::Workspace};

/// The browser, as the compiler calls it.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The target's libraries, wherever the toolchain came from.
pub fn find_target(workspace: &Workspace) -> Vec<Installed> {
    let ask = |args: &[&str]| workspace.step("rustc").args(args).capture().ok();
    let find = || {
        let folder = ask(&["--print", "target-libdir", "--target", WASM_TARGET])?;
        let path = PathBuf::from(folder.trim());
        let version = version::said(&ask(&["--version"])?)?.to_owned();
        path.is_dir().then_some(Installed { path, version })
    };
    find().into_iter().collect()
}

/// The source of the standard library, if the toolchain has it.
pub fn find_library(workspace: &Workspace) -> Vec<Installed> {
    let ask = |args: &[&str]| workspace.step("rustc").args(args).capture().ok();
    let find = || {
        let sysroot = ask(&["--print", "sysroot"])?;
        let path = PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust/library");
        let version = version::said(&ask(&["--version"])?)?.to_owned();
        path.is_dir().then_some(Installed { path, version })
    };
    find().into_iter().collect()
}

/// Adds the target.
pub fn get_target(workspace: &Workspace) -> Step {
    workspace.step("rustup").args(["target", "add", WASM_TARGET])
}

/// A component that `cargo` calls, if the toolchain has it.
pub fn find_component(workspace: &Workspace, subcommand: &str) -> Vec<Installed> {
    let find = || {
        let said = workspace.step("cargo").args([subcommand, "--version"]).capture().ok()?;
        Some(Installed {
            path: PathBuf::from(format!("cargo {subcommand}")),
            version: version::said(&said)?.to_owned(),
        })
    };
    find().into_iter().collect()
}

/// Adds a component.
pub fn get_component(workspace: &Workspace, name: &str) -> Step {
    workspace.step("rustup").args(["component", "add", name])
}
