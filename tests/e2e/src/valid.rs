//! Pages as files, held against the standards that they follow.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{Portal, Skipped, settings::path};

/// A program or file that a machine may do without.
fn wanted(name: &str) -> Result<PathBuf> {
    path(name).map_err(|_| Skipped(format!("what {name} names is not on this machine")).into())
}

/// Whether what looks at pages is on this machine.
pub fn can_validate() -> Result<()> {
    ["HAIDANG_JAVA", "HAIDANG_VNU", "HAIDANG_TSC", "HAIDANG_SCHEMA_DTS"]
        .into_iter()
        .try_for_each(|name| wanted(name).map(drop))
}

/// Writes every page of a portal into its site, as they will be at `home`; gives the site.
pub fn prerendered(portal: &Portal, home: &str) -> Result<PathBuf> {
    let site = portal.site().to_owned();
    let to = site.to_str().context("a path that is no text")?;
    portal.command(&["prerender", "--home", home, "--site", to])?;
    Ok(site)
}

/// What the Nu checker (<https://validator.github.io/validator/>) finds wrong in the HTML files of a folder.
pub fn html_errors(folder: &Path) -> Result<String> {
    let mut checker = Command::new(wanted("HAIDANG_JAVA")?);
    let checker = checker.arg("-jar").arg(wanted("HAIDANG_VNU")?);
    let checker = checker.args(["--errors-only", "--skip-non-html", "--format", "gnu"]);
    // Java says what it finds there.
    let checker = checker.env_remove("JAVA_TOOL_OPTIONS");
    said(checker.arg(folder).output()?)
}

/// Where these descriptions are not what schema.org has (<https://schema.org>), by the types that Google makes
/// of it for TypeScript.
pub fn schema_errors<'v>(
    said_by: impl IntoIterator<Item = &'v Value>,
    folder: &Path,
) -> Result<String> {
    let types = wanted("HAIDANG_SCHEMA_DTS")?;
    let types = types.to_str().and_then(|path| path.strip_suffix(".d.ts")).context("not types")?;
    let mut script = format!("import type * as schema from {:?};\n", format!("{types}.js"));
    for (number, value) in said_by.into_iter().enumerate() {
        let kind = value.get("@type").and_then(Value::as_str).context("a thing of no type")?;
        script +=
            &format!("export const value{number}: schema.WithContext<schema.{kind}> = {value};\n");
    }
    let file = folder.join("described.ts");
    fs::write(&file, script)?;
    let mut compiler = Command::new(wanted("HAIDANG_TSC")?);
    let compiler = compiler.args(["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"]);
    let compiler = compiler.args(["--module", "esnext", "--moduleResolution", "bundler"]);
    said(compiler.arg(&file).output()?)
}

/// All that a program has printed.
fn said(output: Output) -> Result<String> {
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    // A program that could not do its work says so.
    if said.is_empty() && !output.status.success() {
        anyhow::bail!("it ended with {}", output.status);
    }
    Ok(said)
}
