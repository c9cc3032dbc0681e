//! `cargo xtask profile`: a profile tried, a backend found out, by the reference server's own commands.

use std::{ffi::OsString, process::ExitCode};

use anyhow::Result;

use crate::{server, workspace::Workspace};

/// What to do, see `haidang-server profile --help`.
#[derive(clap::Args)]
pub struct Args {
    /// check FILE (--sample DIR | --live URL), or detect URL
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    arguments: Vec<OsString>,
}

/// Hands over to the server; its exit code is ours.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let server = server::build(workspace)?;
    // Where the caller stands, so that relative paths mean what they say.
    let status =
        std::process::Command::new(server).arg("profile").args(&args.arguments).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
