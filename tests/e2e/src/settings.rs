//! What `cargo xtask test e2e` tells the journeys.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};

/// The path in an environment variable.
pub fn path(name: &str) -> Result<PathBuf> {
    let value = env::var_os(name);
    let value = value.with_context(|| format!("{name} is not set: run `cargo xtask test e2e`"))?;
    Ok(PathBuf::from(value))
}

/// A file of the project.
pub fn project_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
