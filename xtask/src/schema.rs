//! `cargo xtask schema`: the JSON Schema of portal.json, written beside it from the types.

use std::{fs, process::ExitCode};

use anyhow::{Context, Result};

use crate::{server, workspace::Workspace};

/// Writes public/portal.schema.json.
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let server = server::build(workspace)?;
    let schema = workspace.step(&server).args(["schema"]).capture()?;
    let file = workspace.root.join("public/portal.schema.json");
    fs::write(&file, schema).with_context(|| format!("writing {}", file.display()))?;
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}
