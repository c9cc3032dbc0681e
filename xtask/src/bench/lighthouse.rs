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
/// Characters of a place that are printed.
const WIDTH: usize = 100;

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
    for place in items.into_iter().flatten().filter_map(place).take(PLACES) {
        println!("{:>12}    {place}", "");
    }
    Ok(())
}

/// What an audit points at, with what it costs there, in a line.
fn place(item: &Value) -> Option<String> {
    let names = ["/node/snippet", "/url", "/source/url", "/groupLabel"];
    let name = names.iter().find_map(|pointer| item.pointer(pointer)?.as_str())?;
    let name: String = name.replace('\n', " ").chars().take(WIDTH).collect();
    let costs = [("duration", "ms"), ("wastedMs", "ms"), ("wastedBytes", "bytes"), ("score", "")];
    let cost = costs.iter().find_map(|(key, unit)| Some((item.get(key)?.as_f64()?, unit)));
    Some(match cost {
        Some((cost, &"")) => format!("{name}: {cost:.3}"),
        Some((cost, unit)) => format!("{name}: {cost:.0} {unit}"),
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_says_what_it_costs_there() {
        let task = json!({ "url": "app.js", "duration": 404.2, "startTime": 1.0 });
        assert_eq!(place(&task).unwrap(), "app.js: 404 ms");
        let shift = json!({ "node": { "snippet": "<main\nid=x>" }, "score": 0.3974 });
        assert_eq!(place(&shift).unwrap(), "<main id=x>: 0.397");
        assert_eq!(place(&json!({ "url": "main.css" })).unwrap(), "main.css");
    }

    #[test]
    fn what_names_no_place_is_passed_over() {
        assert_eq!(place(&json!({ "description": "a hint in general" })), None);
    }
}
