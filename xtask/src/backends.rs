//! `cargo xtask backends`: the walk through a portal on each real backend, also on those that take minutes
//! to install.

use std::{process::ExitCode, time::Instant};

use anyhow::Result;
use clap::{ValueEnum, builder::PossibleValue};

use crate::{
    step::say,
    test::{Journeys, Tally},
    workspace::Workspace,
};

/// Those that `test` leaves out, for the time that installing them takes.
pub const SLOW: [&str; 2] = ["a_portal_on_ghost", "a_portal_on_directus"];

/// Which backends.
#[derive(clap::Args)]
pub struct Args {
    /// All of them if none is named
    names: Vec<Backend>,
}

/// A backend of `tests/backends`.
#[derive(Clone, Copy)]
enum Backend {
    WordPress,
    Isso,
    Wagtail,
    Ghost,
    Directus,
}

impl Backend {
    /// Its folder's name.
    fn name(self) -> &'static str {
        match self {
            Self::WordPress => "wordpress",
            Self::Isso => "isso",
            Self::Wagtail => "wagtail",
            Self::Ghost => "ghost",
            Self::Directus => "directus",
        }
    }

    /// About how long it takes.
    fn takes(self) -> &'static str {
        match self {
            Self::WordPress | Self::Isso | Self::Wagtail => "a minute the first time, then seconds",
            Self::Ghost | Self::Directus => "7 minutes the first time, then seconds",
        }
    }
}

impl ValueEnum for Backend {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::WordPress, Self::Isso, Self::Wagtail, Self::Ghost, Self::Directus]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Opens a portal on one after the other and says how long each took.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    let journeys = Journeys::ready(workspace, Some("backends"))?;
    let mut tally = Tally::default();
    let mut times = Vec::new();
    let names = args.names.as_slice();
    for backend in if names.is_empty() { Backend::value_variants() } else { names } {
        let name = backend.name();
        say(&format!("{name}: opening a portal on it"), backend.takes());
        let began = Instant::now();
        let test = format!("backends::open::a_portal_on_{name}");
        if let Err(error) = journeys.run([&*test, "--", "--exact", "--include-ignored"], &mut tally)
        {
            tally.broken(name, &error);
        }
        times.push(format!("  {name:<10} {:>6.1} s", began.elapsed().as_secs_f64()));
    }
    println!("\n{}\n\n{tally}", times.join("\n"));
    Ok(if tally.is_green() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
