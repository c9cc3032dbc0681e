//! `cargo xtask bench lighthouse`: its scores for an article, and what each lost point is for.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::browser::text;
use crate::{
    step::say,
    tools::{self, Need},
    workspace::Workspace,
};

/// How many of the places an audit names are printed.
const PLACES: usize = 3;

/// Runs Lighthouse, as on a phone, on `url` and prints what it says; the whole report goes to `path`.
pub fn run(workspace: &Workspace, args: &[String], url: &str, path: &Path) -> Result<()> {
    let tools = tools::ensure(workspace, Need::Lighthouse)?;
    say("Asking Lighthouse", "about a minute");
    let step = workspace.step(tools.path("lighthouse")?).args([url, "--quiet"]);
    let step = step.args(["--output=json", "--output-path"]).args([path]);
    let step = step.args([format!("--chrome-flags={}", args.join(" "))]);
    step.env("CHROME_PATH", tools.path("chromium")?).run()?;
    let report = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    print(&serde_json::from_slice(&report)?)
}

fn print(report: &Value) -> Result<()> {
    let categories = report.get("categories").and_then(Value::as_object);
    for category in categories.context("the report has no categories")?.values() {
        let score = category.get("score").and_then(Value::as_f64).unwrap_or_default();
        println!("\n{:>5.0}  {}", score * 100.0, text(category, "/title")?);
        let references = category.get("auditRefs").and_then(Value::as_array);
        let references = references.context("a category without audits")?;
        let weight = |reference: &Value| reference.get("weight").and_then(Value::as_f64);
        let all: f64 = references.iter().filter_map(weight).sum();
        for reference in references {
            let id = text(reference, "/id")?;
            let audit = report.get("audits").and_then(|audits| audits.get(id));
            let audit = audit.with_context(|| format!("no audit {id}"))?;
            // Without a score it does not apply here, or is for a person to judge.
            let score = audit.get("score").and_then(Value::as_f64).unwrap_or(1.0);
            if score < 1.0 {
                let lost = weight(reference).unwrap_or_default() * (1.0 - score) / all * 100.0;
                print_audit(lost, id, audit)?;
            }
        }
    }
    Ok(())
}

fn print_audit(lost: f64, id: &str, audit: &Value) -> Result<()> {
    let value = audit.get("displayValue").and_then(Value::as_str).unwrap_or_default();
    let points = if lost > 0.0 { format!("-{lost:.1}") } else { "hint".to_owned() };
    println!("{points:>12}  {}: {value} ({id})", text(audit, "/title")?);
    let items = audit.pointer("/details/items").and_then(Value::as_array);
    for item in items.into_iter().flatten().take(PLACES) {
        let place = ["/node/snippet", "/url", "/source/url", "/description", "/label"];
        let place = place.iter().find_map(|pointer| item.pointer(pointer)?.as_str());
        if let Some(place) = place {
            println!("{:>12}    {}", "", place.replace('\n', " "));
        }
    }
    Ok(())
}
