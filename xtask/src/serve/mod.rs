//! `cargo xtask serve`: the portal, open in a browser, from one command.

pub mod running;
mod watch;

use std::{
    net::TcpListener,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, Result, bail};

use crate::{build, server, workspace::Workspace};
use running::Running;

/// Where and with what to serve.
#[derive(clap::Args)]
pub struct Args {
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the server keeps its database [default: haidang-data in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Serve what was built before
    #[arg(long)]
    no_build: bool,
    /// Seed this many comments under the much-discussed article
    #[arg(long, value_name = "N")]
    comments: Option<u32>,
    /// With --comments, what answers what: tree, flat, chain or branch
    #[arg(long, default_value = "tree")]
    shape: String,
    /// Let a moderator read comments before they appear, as a portal in the open does
    #[arg(long)]
    held: bool,
    /// Build unoptimised, and build and reload again whenever a file changes
    #[arg(long, conflicts_with = "no_build")]
    dev: bool,
}

/// Builds, serves, and stays until Ctrl-C.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    // Before minutes of building.
    if let Err(error) = TcpListener::bind(("127.0.0.1", args.port)) {
        bail!("port {} cannot be used ({error}); choose another with --port", args.port);
    }
    let site = if args.dev { workspace.target.join("site-dev") } else { workspace.dist.clone() };
    if args.dev {
        watch::build_site(workspace, &site)?;
    } else if !args.no_build {
        build::release_if_changed(workspace)?;
    }
    let binary = if args.no_build { server::binary(workspace) } else { server::build(workspace)? };

    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    ctrlc::set_handler(move || handler.store(true, Ordering::Relaxed))
        .context("Ctrl-C cannot be caught")?;

    let step = command(workspace, args, &binary, &site)?;
    let mut running = Running::start(&step, args.port, &stop)?;
    if !stop.load(Ordering::Relaxed) {
        println!("\n    Hải Đăng is open at http://127.0.0.1:{}/ (Ctrl-C closes it)\n", args.port);
    }
    if args.dev {
        watch::until_stopped(workspace, &site, &mut running, &stop)?;
    } else {
        running.until_stopped(&stop)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn command(
    workspace: &Workspace,
    args: &Args,
    binary: &PathBuf,
    site: &PathBuf,
) -> Result<crate::step::Step> {
    let data = match &args.data {
        Some(data) => std::path::absolute(data)?,
        None => workspace.target.join("haidang-data"),
    };
    let listen = format!("127.0.0.1:{}", args.port);
    let step = workspace.step(binary).args(["--listen", &listen]);
    let step = step.args(["--site"]).args([site]).args(["--data"]).args([data]);
    let step = step.args(["--moderation", if args.held { "held" } else { "published" }]);
    Ok(match args.comments {
        Some(count) => step.args(["--comments", &count.to_string(), "--shape", &args.shape]),
        None => step,
    })
}
