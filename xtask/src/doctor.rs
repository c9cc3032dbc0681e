//! `cargo xtask doctor`: what is here, what is missing, how to get it.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    tools::{Need, TOOLS},
    workspace::Workspace,
};

/// Prints a line a tool; fails if `serve` could not run without installing something.
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut can_serve = true;
    println!("{:<24} {:<16} {:<16} for", "", "wanted", "found");
    let cargo = workspace.step("cargo").args(["--version"]).capture()?;
    println!("{:<24} {:<16} {:<16} everything", "cargo", "", word(&cargo));
    for tool in TOOLS {
        let found = tool.find(workspace)?;
        let ready = tool.ready(workspace)?.is_some();
        let wanted = tool.accepts.to_text(workspace)?;
        let version = found.as_ref().map_or("missing", |tool| &tool.version);
        let needs: Vec<_> = tool.needed_for.iter().map(|need| need.command()).collect();
        println!("{:<24} {wanted:<16} {version:<16} {}", tool.name, needs.join(", "));
        match found {
            Some(found) if ready => println!("    {}", found.path.display()),
            _ => {
                can_serve &= !tool.needed_for.contains(&Need::Site);
                println!("    installed when needed ({}), or by hand:", tool.takes);
                println!("    {}", tool.by_hand(workspace)?);
            }
        }
    }
    println!("\n{}", if can_serve { "Ready for cargo xtask serve." } else { NOT_READY });
    Ok(if can_serve { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const NOT_READY: &str =
    "Something is missing for cargo xtask serve, which installs it when you start it.";

/// The second word: `1.95.0` of `cargo 1.95.0 (…)`.
fn word(said: &str) -> &str {
    said.split_whitespace().nth(1).unwrap_or_default()
}
