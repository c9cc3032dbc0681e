//! Journeys that a machine cannot take: counted as skipped, with the reason, and never as passed.

use std::{fmt, fs::OpenOptions, io::Write};

use anyhow::Result;

use crate::settings::path;

/// Why this machine cannot take a journey.
#[derive(Debug)]
pub struct Skipped(pub String);

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "skipped: {}", self.0)
    }
}

impl std::error::Error for Skipped {}

/// Writes the reason of a journey that was skipped, a line, into the file that counts them: the test
/// program itself knows only of tests that passed or failed.
pub fn noted(error: anyhow::Error) -> Result<()> {
    let Skipped(reason) = error.downcast()?;
    let file = path("HAIDANG_SKIPPED")?;
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    // In one piece: others write too.
    Ok(file.write_all(format!("{reason}\n").as_bytes())?)
}
