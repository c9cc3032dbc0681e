//! The browsers that a reader may have: their programs, and what each is opened with.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::{
    Capabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
};

use crate::{
    Setup, Skipped,
    settings::{path, project_file},
};

/// A browser. Both are driven by WebDriver; what goes over Chromium's DevTools protocol is Chromium's only
/// ([`Reader::devtools`](crate::Reader::devtools) and what is made of it).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Browser {
    /// Driven by chromedriver.
    #[default]
    Chromium,
    /// Driven by geckodriver. Machines may be without them.
    Firefox,
}

impl Browser {
    /// The error is [`Skipped`] where this machine may be without the browser, and is.
    pub(crate) fn require(self) -> Result<()> {
        let is_missing = |name| env::var_os(name).is_none();
        if self == Self::Firefox && (is_missing("HAIDANG_FIREFOX") || is_missing("GECKODRIVER")) {
            let reason = "no Firefox with geckodriver: `cargo xtask doctor` says how to get them";
            return Err(Skipped(reason.to_owned()).into());
        }
        Ok(())
    }

    /// The program that drives it.
    pub(crate) fn driver(self) -> Result<PathBuf> {
        match self {
            Self::Chromium => path("CHROMEDRIVER"),
            Self::Firefox => path("GECKODRIVER"),
        }
    }

    /// Makes the driver listen on a port of its choice and leave its files in `folder`, the browser's too.
    pub(crate) fn prepare(self, driver: &mut Command, folder: &Path) {
        driver.env("TMPDIR", folder);
        match self {
            Self::Chromium => driver.arg("--port=0"),
            // The console is read in a context that it gives access to only if told so.
            Self::Firefox => driver.args(["--port=0", "--allow-system-access"]).env("HOME", folder),
        };
    }

    /// What the driver says just before its port.
    pub(crate) fn announces(self) -> &'static str {
        match self {
            Self::Chromium => "successfully on port ",
            Self::Firefox => "Listening on 127.0.0.1:",
        }
    }

    /// How it is to be opened.
    pub(crate) fn capabilities(self, setup: &Setup) -> Result<Capabilities> {
        let mut capabilities = match self {
            Self::Chromium => chromium(setup)?,
            Self::Firefox => firefox(setup)?,
        };
        // Going to a page that never ends loading must not hold up what the journey waits for.
        capabilities.set("pageLoadStrategy", "eager")?;
        Ok(capabilities)
    }
}

fn chromium(setup: &Setup) -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&path("HAIDANG_CHROMIUM")?.to_string_lossy())?;
    for argument in arguments()? {
        capabilities.add_arg(&argument)?;
    }
    let preferences = json!({ "intl.accept_languages": setup.languages });
    capabilities.add_experimental_option("prefs", preferences)?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities.into())
}

/// Chromium's arguments, the same as for the tests of views.
fn arguments() -> Result<Vec<String>> {
    let file = project_file("webdriver.json");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut capabilities: Value =
        serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    let arguments = capabilities.pointer_mut("/goog:chromeOptions/args").map(Value::take);
    let arguments = arguments.with_context(|| format!("no args in {}", file.display()))?;
    Ok(serde_json::from_value(arguments)?)
}

fn firefox(setup: &Setup) -> Result<Capabilities> {
    let mut capabilities = Capabilities::from(DesiredCapabilities::firefox());
    let preferences = json!({
        "intl.accept_languages": setup.languages,
        "dom.serviceWorkers.enabled": setup.worker,
        // Without a network there is no portal, which is on this machine.
        "network.disable-localhost-when-offline": true,
        // Its sandbox wants what root in a container does not have.
        "security.sandbox.content.level": 0,
    });
    let options = json!({
        "binary": path("HAIDANG_FIREFOX")?, "args": ["-headless"], "prefs": preferences,
    });
    capabilities.set("moz:firefoxOptions", options)?;
    Ok(capabilities)
}
