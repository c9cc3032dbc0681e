//! A browser under remote control: chromedriver, and a fresh profile of Chromium in it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
    WebDriver,
};

use crate::{
    Setup,
    settings::{path, project_file},
};

/// A running chromedriver; it ends with this.
pub struct Driver {
    process: Child,
    port: u16,
    /// Kept open: a driver that cannot write ends.
    _output: BufReader<ChildStdout>,
    /// Where it and its browser put their files, some 20 MB: it leaves them behind when it is ended.
    _folder: TempDir,
}

impl Driver {
    /// Starts one on a port of its choice. It takes a port of IPv6 and wants the same of IPv4, which
    /// somebody else may have: then it ends, and another is started.
    pub fn start() -> Result<Self> {
        const ATTEMPTS: usize = 5;
        let mut started = Self::try_to_start();
        for _ in 1..ATTEMPTS {
            started = started.or_else(|_| Self::try_to_start());
        }
        started
    }

    fn try_to_start() -> Result<Self> {
        let program = path("CHROMEDRIVER")?;
        let folder = TempDir::with_prefix("haidang-")?;
        let mut process = Command::new(&program)
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let output = process.stdout.take().context("chromedriver has no output")?;
        let mut output = BufReader::new(output);
        let port = port(&mut output)?;
        Ok(Self { process, port, _output: output, _folder: folder })
    }

    /// Opens a browser that knows nothing yet.
    pub async fn open(&self, setup: &Setup) -> Result<WebDriver> {
        let mut capabilities = DesiredCapabilities::chrome();
        let browser = path("HAIDANG_CHROMIUM")?;
        capabilities.set_binary(&browser.to_string_lossy())?;
        for argument in arguments()? {
            capabilities.add_arg(&argument)?;
        }
        let preferences = json!({ "intl.accept_languages": setup.languages });
        capabilities.add_experimental_option("prefs", preferences)?;
        capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        // Going to a page that never ends loading must not hold up what the journey waits for.
        capabilities.set("pageLoadStrategy", "eager")?;
        let address = format!("http://127.0.0.1:{}", self.port);
        WebDriver::new(&address, capabilities).await.context("opening a browser")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port that chromedriver says it listens on.
fn port(output: &mut impl BufRead) -> Result<u16> {
    let mut said = String::new();
    while output.read_line(&mut said)? > 0 {
        let port = said
            .rsplit_once("successfully on port ")
            .and_then(|(_, port)| port.trim_end().trim_end_matches('.').parse().ok());
        if let Some(port) = port {
            return Ok(port);
        }
    }
    anyhow::bail!("chromedriver did not start: {said}")
}

/// The browser's arguments, the same as for the tests of views.
fn arguments() -> Result<Vec<String>> {
    let file = project_file("webdriver.json");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut capabilities: Value =
        serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    let arguments = capabilities.pointer_mut("/goog:chromeOptions/args").map(Value::take);
    let arguments = arguments.with_context(|| format!("no args in {}", file.display()))?;
    Ok(serde_json::from_value(arguments)?)
}
