//! `cargo xtask schema`: the JSON Schemas of portal.json and of profiles, written from the types.

use std::{fs, process::ExitCode};

use anyhow::{Context, Result};

use crate::{server, workspace::Workspace};

/// Which schema each file holds, by what the server is asked.
const SCHEMAS: [(&str, &[&str]); 2] = [
    ("public/portal.schema.json", &["schema"]),
    ("public/profile.schema.json", &["schema", "--profile"]),
];

/// Writes public/portal.schema.json and public/profile.schema.json.
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let server = server::build(workspace)?;
    for (name, args) in SCHEMAS {
        let schema = workspace.step(&server).args(args).capture()?;
        let file = workspace.root.join(name);
        fs::write(&file, schema).with_context(|| format!("writing {}", file.display()))?;
        println!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}
