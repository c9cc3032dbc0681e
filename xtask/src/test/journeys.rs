//! The journeys of `tests/e2e`: what they need is built and found, and those that this machine cannot take
//! are counted as skipped.

use std::{fs, path::PathBuf};

use anyhow::Result;

use super::{layers::Layer, tally::Tally};
use crate::{
    build, server,
    step::Step,
    tools::{self, Need},
    workspace::Workspace,
};

/// Journeys that can be taken.
pub struct Journeys {
    step: Step,
    /// Where they write why they were skipped, a line each.
    skipped: PathBuf,
}

impl Journeys {
    /// Builds site and server, and finds what those that `filter` selects need: Firefox only if it names it, because its
    /// driver takes minutes to compile where there is none.
    pub fn ready(workspace: &Workspace, filter: Option<&str>) -> Result<Self> {
        build::release_if_changed(workspace)?;
        let server = server::build(workspace)?;
        let tools = tools::ensure(workspace, Need::E2e)?;
        let firefox = filter.filter(|filter| filter.contains("firefox"));
        let firefox = firefox.map(|_| tools::ensure(workspace, Need::Firefox));
        let validity = filter.is_none_or(|filter| filter.contains("valid"));
        let validity = validity.then(|| tools::ensure(workspace, Need::Validity));
        let skipped = workspace.target.join("skipped");
        let mut step = workspace
            .step("cargo")
            .args(["test", "--no-fail-fast"])
            .env("HAIDANG_SITE", &workspace.dist)
            .env("HAIDANG_SERVER", server)
            .env("CHROMEDRIVER", tools.path("chromedriver")?)
            .env("HAIDANG_CHROMIUM", tools.path("chromium")?)
            .env("HAIDANG_AXE", tools.path("axe-core")?)
            .env("HAIDANG_ESBUILD", tools.path("esbuild")?)
            .env("HAIDANG_REACT", tools.path("react")?)
            .env("HAIDANG_REACT_DOM", tools.path("react-dom")?)
            .env("HAIDANG_VUE", tools.path("vue")?)
            .env("HAIDANG_SKIPPED", &skipped)
            .args(["--package", "haidang-e2e"]);
        match validity {
            Some(Ok(tools)) => {
                step = step
                    .env("HAIDANG_JAVA", tools.path("java")?)
                    .env("HAIDANG_VNU", tools.path("vnu")?)
                    .env("HAIDANG_TSC", tools.path("tsc")?)
                    .env("HAIDANG_SCHEMA_DTS", tools.path("schema-dts")?);
            }
            Some(Err(error)) => {
                eprintln!("\nPages are not held against their standards: {error:#}");
            }
            None => {}
        }
        match firefox {
            Some(Ok(tools)) => {
                step = step
                    .env("HAIDANG_FIREFOX", tools.path("firefox")?)
                    .env("GECKODRIVER", tools.path("geckodriver")?);
            }
            Some(Err(error)) => eprintln!("\nNothing is tested in Firefox: {error:#}"),
            // Its journeys are skipped.
            None => {}
        }
        Ok(Self { step, skipped })
    }

    /// Takes those that `args` of `cargo test` select and adds them to the tally.
    pub fn run<'a>(
        &self,
        args: impl IntoIterator<Item = &'a str>,
        tally: &mut Tally,
    ) -> Result<()> {
        fs::write(&self.skipped, "")?;
        let outcome = tally.run(Layer::E2e.name(), self.step.clone().args(args));
        tally.skip(Layer::E2e.name(), &fs::read_to_string(&self.skipped)?);
        outcome
    }
}
