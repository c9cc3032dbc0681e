//! The examples of `docs/embedding.md`, and the libraries they are written for.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::settings::{path, project_file};

/// The example whose block says `mark` behind its language.
pub fn example(mark: &str) -> Result<String> {
    let file = project_file("docs/embedding.md");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let blocks = text.split("```");
    let found = blocks
        .filter_map(|block| block.split_once('\n'))
        .find(|(info, _)| info.split_once(' ').is_some_and(|(_, named)| named == mark));
    let (_, code) = found.with_context(|| format!("docs/embedding.md has no example {mark}"))?;
    Ok(code.to_owned())
}

/// A library, as its file is: `HAIDANG_{name}` says where that is.
pub fn library(name: &str) -> Result<String> {
    let file = path(&format!("HAIDANG_{name}"))?;
    fs::read_to_string(&file).with_context(|| file.display().to_string())
}

/// JSX as JavaScript.
pub fn javascript(jsx: &str) -> Result<String> {
    let program = path("HAIDANG_ESBUILD")?;
    let mut process = Command::new(&program)
        .arg("--loader=jsx")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| program.display().to_string())?;
    process.stdin.take().context("esbuild takes no input")?.write_all(jsx.as_bytes())?;
    let output = process.wait_with_output()?;
    ensure!(output.status.success(), "esbuild: {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}
