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
/// What Lighthouse's own measure of the machine must be at least for its factor of four to make a phone of it
/// (<https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-the-cpu-slowdown>).
const FAST_ENOUGH: f64 = 1_500.0;

/// What came of one run.
struct Run {
    /// Its performance, from 0 to 1.
    score: f64,
    /// How fast the machine was.
    machine: f64,
    report: Value,
}

/// Asks Lighthouse, as on a phone, so many times about `url`, and prints what it says in the run whose performance is
/// the median, as its authors advise (<https://github.com/GoogleChrome/lighthouse/blob/main/docs/variability.md>);
/// the whole report of that goes to `path`. A run for which the machine was too slow is made again, but not for ever.
pub fn run(
    workspace: &Workspace,
    args: &[String],
    url: &str,
    (path, rounds): (&Path, u32),
) -> Result<()> {
    let tools = tools::ensure(workspace, Need::Lighthouse)?;
    let rounds = rounds.max(1);
    let most = 2 * rounds;
    say("Asking Lighthouse", &format!("{rounds} to {most} times, a quarter of a minute each"));
    let is_fair = |run: &Run| run.machine >= FAST_ENOUGH;
    let mut runs: Vec<Run> = Vec::new();
    for made in 0..most {
        let fair = runs.iter().filter(|run| is_fair(run)).count();
        if made >= rounds && fair >= usize::try_from(rounds)? {
            break;
        }
        let step = workspace.step(tools.path("lighthouse")?).args([url, "--quiet"]);
        let step = step.args(["--output=json", "--output-path"]).args([path]);
        let step = step.args([format!("--chrome-flags={}", args.join(" "))]);
        // It goes wrong by itself at times; the others tell.
        if let Err(error) = step.env("CHROME_PATH", tools.path("chromium")?).run() {
            println!("{error:#}");
            continue;
        }
        let report = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let report: Value = serde_json::from_slice(&report)?;
        let number = |place: &str| report.pointer(place).and_then(Value::as_f64);
        let score = number("/categories/performance/score").context("the report has no score")?;
        let machine = number("/environment/benchmarkIndex").unwrap_or_default();
        runs.push(Run { score, machine, report });
    }
    runs.sort_by(|a, b| a.score.total_cmp(&b.score));
    let (fair, slow): (Vec<Run>, Vec<Run>) = runs.into_iter().partition(is_fair);
    println!("\nPerformance (speed of the machine): {}", scores(&fair));
    let used = if fair.is_empty() { "there are no others" } else { "left aside" };
    if !slow.is_empty() {
        println!("On a machine slower than {FAST_ENOUGH}, {used}: {}", scores(&slow));
    }
    let runs = if fair.is_empty() { slow } else { fair };
    let median = runs.get(runs.len() / 2).context("no run went well")?;
    fs::write(path, serde_json::to_vec_pretty(&median.report)?)?;
    print(&median.report)
}

fn scores(runs: &[Run]) -> String {
    let each = |run: &Run| format!("{:.0} ({:.0})", run.score * 100.0, run.machine);
    runs.iter().map(each).collect::<Vec<_>>().join(", ")
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
