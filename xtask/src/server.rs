//! The reference server's binary, as the other commands need it.

use std::path::PathBuf;

use anyhow::Result;

use crate::{step::say, workspace::Workspace};

/// Compiles the server and returns the path of its binary.
///
/// In the `dev` profile: it starts minutes earlier than an optimised one on a fresh machine, and
/// nothing here asks more of it.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    say("Compiling the reference server", "2 to 4 minutes the first time, then seconds");
    workspace.step("cargo").args(["build", "--package", "haidang-server"]).run()?;
    Ok(binary(workspace))
}

/// Where the compiled server is.
pub fn binary(workspace: &Workspace) -> PathBuf {
    let file = format!("haidang-server{}", std::env::consts::EXE_SUFFIX);
    workspace.target.join("debug").join(file)
}
