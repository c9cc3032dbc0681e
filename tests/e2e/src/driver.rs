//! A browser under remote control: its driver, and a fresh profile in it.

use std::{
    io::{self, BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result};
use tempfile::TempDir;
use thirtyfour::WebDriver;

use crate::{Browser, Setup};

/// A running driver; it ends with this.
pub struct Driver {
    browser: Browser,
    process: Child,
    port: u16,
    /// Where it and its browser put their files, some 20 MB: it leaves them behind when it is ended.
    _folder: TempDir,
}

impl Driver {
    /// Starts one on a port of its choice. chromedriver takes a port of IPv6 and wants the same of IPv4, which
    /// somebody else may have: then it ends, and another is started.
    pub fn start(browser: Browser) -> Result<Self> {
        const ATTEMPTS: usize = 5;
        let mut started = Self::try_to_start(browser);
        for _ in 1..ATTEMPTS {
            started = started.or_else(|_| Self::try_to_start(browser));
        }
        started
    }

    fn try_to_start(browser: Browser) -> Result<Self> {
        let program = browser.driver()?;
        let folder = TempDir::with_prefix("haidang-")?;
        let mut command = Command::new(&program);
        browser.prepare(&mut command, folder.path());
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let output = process.stdout.take().context("the driver has no output")?;
        let mut output = BufReader::new(output);
        let port = port(&mut output, browser.announces())?;
        // A driver that cannot write ends, and one whose output nobody takes waits, its browser with it.
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        Ok(Self { browser, process, port, _folder: folder })
    }

    /// Opens a browser that knows nothing yet.
    pub async fn open(&self, setup: &Setup) -> Result<WebDriver> {
        let capabilities = self.browser.capabilities(setup)?;
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

/// The port that the driver says it listens on, behind `announces`.
fn port(output: &mut impl BufRead, announces: &str) -> Result<u16> {
    let mut said = String::new();
    while output.read_line(&mut said)? > 0 {
        let port = said
            .rsplit_once(announces)
            .and_then(|(_, port)| port.trim_end().trim_end_matches('.').parse().ok());
        if let Some(port) = port {
            return Ok(port);
        }
    }
    anyhow::bail!("the driver did not start: {said}")
}
