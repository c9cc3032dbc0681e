//! `cargo xtask manifest`: the web app manifests of a portal, as the reference server would send them.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;

use crate::{server, workspace::Workspace};

/// What to describe, and where.
#[derive(clap::Args)]
pub struct Args {
    /// The folder of the site; public/, from which sites are built, if absent
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// The portal's own configuration, when it is not the one in that folder
    #[arg(long, value_name = "FILE")]
    portal: Option<PathBuf>,
}

/// Writes `manifest/` of the site.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let server = server::build(workspace)?;
    let site = args.site.clone().unwrap_or_else(|| workspace.root.join("public"));
    let mut step = workspace.step(&server).args(["manifest", "--site"]);
    step = step.args([std::path::absolute(site)?]);
    if let Some(portal) = &args.portal {
        step = step.args(["--portal"]).args([std::path::absolute(portal)?]);
    }
    step.run()?;
    Ok(ExitCode::SUCCESS)
}
