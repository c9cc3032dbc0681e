//! The three layers: on the host, in a browser, site and server together.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use super::{journeys::Journeys, tally::Tally};
use crate::{
    backends,
    step::Step,
    tools::{self, Need, Toolbox},
    workspace::Workspace,
};

/// One layer.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Layer {
    /// Engine, server, the app's library and xtask, on the host
    Unit,
    /// The app's views in a real browser
    Web,
    /// The release site with the server in a real browser
    E2e,
}

impl Layer {
    /// From the quickest to the slowest.
    pub const ALL: &[Self] = &[Self::Unit, Self::Web, Self::E2e];

    /// As typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Web => "web",
            Self::E2e => "e2e",
        }
    }

    /// As announced.
    pub fn title(self) -> &'static str {
        match self {
            Self::Unit => "unit: testing on this machine",
            Self::Web => "web: testing views in a browser",
            Self::E2e => "e2e: testing site and server in a browser",
        }
    }

    /// About how long it takes.
    pub fn takes(self) -> &'static str {
        match self {
            Self::Unit => "about 5 minutes the first time, then under one",
            Self::Web => "about 3 minutes the first time, then under one",
            Self::E2e => {
                "about 25 minutes the first time, then 18; 3 more while WordPress, Isso and Wagtail \
                 are not installed"
            }
        }
    }

    fn count(self, step: Step, tally: &mut Tally) -> Result<()> {
        tally.run(self.name(), step)
    }

    /// Runs its tests and adds them to the tally; an error where they could not all run.
    pub fn run(self, workspace: &Workspace, filter: Option<&str>, tally: &mut Tally) -> Result<()> {
        let cargo = || workspace.step("cargo").args(["test", "--no-fail-fast"]);
        match self {
            Self::Unit => {
                let rest = ["haidang-engine", "haidang-server", "xtask", "wasm-split"];
                let rest = rest.map(|package| ["--package", package]).concat();
                // The app alone: its other targets are the browser's.
                let app = ["--package", "haidang", "--lib"];
                let rest = self.count(cargo().args(rest).args(filter), tally);
                rest.and(self.count(cargo().args(app).args(filter), tally))
            }
            Self::Web => {
                let tools = tools::ensure(workspace, Need::Web)?;
                // Browsers that are ended leave 20 MB each: those of the last run make room.
                let leftovers = workspace.target.join("browsers");
                if leftovers.exists() {
                    fs::remove_dir_all(&leftovers)?;
                }
                fs::create_dir_all(&leftovers)?;
                let step = cargo()
                    .env("TMPDIR", &leftovers)
                    .path(&tools.folders(workspace))
                    .env("CHROMEDRIVER", tools.path("chromedriver")?)
                    .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
                    // Longer than a test waits: what it waited for in vain is to be read.
                    .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
                    .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver_json(workspace, &tools)?)
                    .args(["--package", "haidang", "--target", tools::WASM_TARGET, "--tests"]);
                self.count(step.args(filter), tally)
            }
            Self::E2e => {
                let journeys = Journeys::ready(workspace, filter)?;
                let quick = backends::SLOW.iter().flat_map(|name| ["--skip", name]);
                journeys.run(filter.into_iter().chain(["--"]).chain(quick), tally)
            }
        }
    }
}

/// `webdriver.json` with the browser that we found, which the driver might not find by itself.
fn webdriver_json(workspace: &Workspace, tools: &Toolbox) -> Result<PathBuf> {
    let from = workspace.root.join("webdriver.json");
    let text = fs::read_to_string(&from).with_context(|| format!("reading {}", from.display()))?;
    let mut capabilities: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("reading {}", from.display()))?;
    let options =
        capabilities.get_mut("goog:chromeOptions").and_then(|value| value.as_object_mut());
    let options =
        options.with_context(|| format!("no goog:chromeOptions in {}", from.display()))?;
    options.insert("binary".into(), json!(tools.path("chromium")?));
    let to = workspace.target.join("webdriver.json");
    fs::write(&to, capabilities.to_string())?;
    Ok(to)
}
