//! `cargo xtask test`: every layer of checks, ending with one line that counts them all.

mod journeys;
mod layers;
mod tally;

use std::process::ExitCode;

use anyhow::Result;

use crate::{lint, step::say, workspace::Workspace};
use layers::Layer;

pub use journeys::Journeys;
pub use tally::Tally;

/// What to test.
#[derive(clap::Args)]
pub struct Args {
    /// One layer only, without lints
    layer: Option<Layer>,
    /// Only tests whose name contains this
    filter: Option<String>,
}

/// Runs the layers one after the other, whatever the earlier ones gave.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let mut tally = Tally::default();
    if args.layer.is_none()
        && let Err(error) = lint::check(workspace)
    {
        tally.broken("lint", &error);
    }
    let layers = args.layer.as_slice();
    for layer in if layers.is_empty() { Layer::ALL } else { layers } {
        say(layer.title(), layer.takes());
        if let Err(error) = layer.run(workspace, args.filter.as_deref(), &mut tally) {
            tally.broken(layer.name(), &error);
        }
    }
    if let Some(filter) = &args.filter {
        tally.require_some(filter);
    }
    print!("\n{tally}");
    Ok(if tally.is_green() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
