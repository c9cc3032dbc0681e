//! `cargo xtask csp`: the policy for a static host, as the reference server would send it.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;

use crate::{build, server, workspace::Workspace};

/// What to derive the policy from.
#[derive(clap::Args)]
pub struct Args {
    /// The portal's own configuration, when it is not the one in dist/
    #[arg(long, value_name = "FILE")]
    portal: Option<PathBuf>,
}

/// Prints the policy.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    build::release_if_changed(workspace)?;
    let server = server::build(workspace)?;
    let mut step = workspace.step(&server).args(["csp", "--site"]).args([&workspace.dist]);
    if let Some(portal) = &args.portal {
        step = step.args(["--portal"]).args([std::path::absolute(portal)?]);
    }
    step.run()?;
    Ok(ExitCode::SUCCESS)
}
