//! The reader that is measured for: a weak phone on a slow line.

use anyhow::Result;
use serde_json::{Value, json};

use super::browser::Tab;

/// How many times slower than this machine the reader's is.
pub const CPU: u32 = 4;
/// Megabits per second down, and milliseconds each answer takes before it begins.
pub const LINE: (f64, u32) = (1.6, 150);

const MEGABIT: f64 = 1_000_000.0 / 8.0;

/// The screen of a phone.
pub fn phone(tab: &mut Tab<'_>) -> Result<Value> {
    let screen = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
    tab.call("Emulation.setDeviceMetricsOverride", screen)
}

/// The slow processor.
pub fn slow_cpu(tab: &mut Tab<'_>) -> Result<Value> {
    tab.call("Emulation.setCPUThrottlingRate", json!({ "rate": CPU }))
}

/// What connects the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// [`LINE`].
    Slow,
    /// Nothing.
    None,
}

impl Line {
    /// As the protocol wants it.
    pub fn to_json(self) -> Value {
        let (down, latency) = LINE;
        json!({
            "offline": self == Self::None,
            "latency": latency,
            "downloadThroughput": down * MEGABIT,
            "uploadThroughput": down * MEGABIT / 2.0,
        })
    }
}

/// The slow line, and no cache.
pub fn slow_line(tab: &mut Tab<'_>) -> Result<Value> {
    tab.call("Network.enable", json!({}))?;
    tab.call("Network.setCacheDisabled", json!({ "cacheDisabled": true }))?;
    line(tab, Line::Slow)
}

/// A line, and what the browser has kept.
pub fn line(tab: &mut Tab<'_>, line: Line) -> Result<Value> {
    tab.call("Network.enable", json!({}))?;
    tab.call("Network.emulateNetworkConditions", line.to_json())
}
