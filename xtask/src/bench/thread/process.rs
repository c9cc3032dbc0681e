//! The process that a page lives in: its memory and its time, as the system counts them.

use std::{fs, thread, time::Duration};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::bench::browser::{Tab, number};

/// Bytes a page of memory has on the systems Chromium's process is read on.
const BYTES: f64 = 4096.0;

/// Bytes in memory, what is no longer needed cleared away.
pub fn memory(tab: &mut Tab<'_>) -> Result<f64> {
    tab.call("HeapProfiler.collectGarbage", json!({}))?;
    let id = renderer(tab)?.0;
    let path = format!("/proc/{id}/statm");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    let pages: f64 = text.split(' ').nth(1).unwrap_or_default().parse()?;
    Ok(pages * BYTES)
}

/// The part of one processor that a page takes which nobody touches, after it has come to rest.
pub fn share(tab: &mut Tab<'_>, duration: Duration) -> Result<f64> {
    thread::sleep(Duration::from_secs(2));
    let (id, before) = renderer(tab)?;
    thread::sleep(duration);
    let after = processes(tab)?.into_iter().find(|(other, _)| *other == id);
    let (_, after) = after.context("the page's process has ended")?;
    Ok((after - before) / duration.as_secs_f64())
}

/// The process that has worked most: the page's, for the browser has one tab at a time.
fn renderer(tab: &mut Tab<'_>) -> Result<(u64, f64)> {
    let busiest = processes(tab)?.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b));
    busiest.context("the browser has no page")
}

/// The pages' processes, each with the seconds it has worked.
fn processes(tab: &mut Tab<'_>) -> Result<Vec<(u64, f64)>> {
    let info = tab.browser("SystemInfo.getProcessInfo", json!({}))?;
    let all = info.pointer("/processInfo").and_then(Value::as_array).context("no processes")?;
    let pages = all.iter().filter(|one| one.get("type").is_some_and(|kind| kind == "renderer"));
    pages
        .map(|page| {
            let id = page.get("id").and_then(Value::as_u64).context("no id")?;
            Ok((id, number(page, "/cpuTime")?))
        })
        .collect()
}
