//! `cargo xtask`: everything one does with the project, each command in its own module.

mod backends;
mod bench;
mod build;
mod csp;
mod doctor;
mod lint;
mod manifest;
mod profile;
mod schema;
mod serve;
mod server;
mod size;
mod step;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use workspace::Workspace;

/// Build, serve, test and measure Hải Đăng. What is missing on this machine is installed on the way.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site and open it, with demo content, at an address of this machine
    Serve(serve::Args),
    /// Build the site into dist/, compressed for any static host
    Build(build::Args),
    /// Run every check and test, or one layer of them
    Test(test::Args),
    /// Open a portal on every real backend, also on those that take minutes to install
    Backends(backends::Args),
    /// Check formatting and lints, natively and for the browser
    Lint,
    /// Show what each file of the site weighs, and what the wasm holds by crate
    Size,
    /// Measure first visit, cold start and changes of language and page; or ask Lighthouse
    Bench(bench::Args),
    /// Show a thread for half an hour while five changes a second come: none missed, memory flat
    Soak {
        /// For how long
        #[arg(long, default_value_t = 30)]
        minutes: u32,
    },
    /// Show what is installed, what is missing and how to get it
    Doctor,
    /// Print the Content-Security-Policy that a static host must send
    Csp(csp::Args),
    /// Write the web app manifests of a portal, after a change of its portal.json
    Manifest(manifest::Args),
    /// Write the JSON Schemas of portal.json and of profiles, after a change of their types
    Schema,
    /// Try a profile on a backend or on recorded answers; or find out what stands at an address
    Profile(profile::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = Workspace::find().and_then(|workspace| match cli.command {
        Command::Serve(args) => serve::run(&workspace, &args),
        Command::Build(args) => build::run(&workspace, &args),
        Command::Test(args) => test::run(&workspace, &args),
        Command::Backends(args) => backends::run(&workspace, &args),
        Command::Lint => lint::run(&workspace),
        Command::Size => size::run(&workspace),
        Command::Bench(args) => bench::run(&workspace, &args),
        Command::Soak { minutes } => bench::soak(&workspace, minutes),
        Command::Doctor => doctor::run(&workspace),
        Command::Csp(args) => csp::run(&workspace, &args),
        Command::Manifest(args) => manifest::run(&workspace, &args),
        Command::Schema => schema::run(&workspace),
        Command::Profile(args) => profile::run(&workspace, &args),
    });
    outcome.unwrap_or_else(|error| {
        eprintln!("\nerror: {error:#}");
        ExitCode::FAILURE
    })
}
