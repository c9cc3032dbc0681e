//! `cargo xtask lint`: formatting and lints, for the host and for the browser.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    step::say,
    tools::{self, Need},
    workspace::Workspace,
};

/// Checks the whole project; the first thing found wrong is the error.
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    check(workspace)?;
    Ok(ExitCode::SUCCESS)
}

/// The same, for other commands.
pub fn check(workspace: &Workspace) -> Result<()> {
    tools::ensure(workspace, Need::Lint)?;
    say("Checking format and lints", "about 5 minutes the first time, then seconds");
    let cargo = |args: &[&str]| workspace.step("cargo").args(args).run();
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    // The app is a different program in the browser: other dependencies, other `cfg`s.
    let browser = ["clippy", "--package", "haidang", "--target", tools::WASM_TARGET];
    cargo(&[&browser[..], &["--all-targets", "--", "-D", "warnings"]].concat())
}
