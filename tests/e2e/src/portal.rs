//! A portal of one's own: the reference server with fresh demo content, and a portal.json that can be
//! changed while it runs.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::{
    Setup, build,
    settings::{path, project_file},
};

/// How long a server may take to start.
const DEADLINE: Duration = Duration::from_secs(30);

/// A running portal; it and its data end with this.
pub struct Portal {
    folder: TempDir,
    site: PathBuf,
    base: &'static str,
    printed: bool,
    options: &'static [&'static str],
    server: Mutex<Server>,
}

#[derive(Default)]
struct Server {
    process: Option<Child>,
    /// 0, which is any, until it has started once.
    port: u16,
}

impl Portal {
    /// Starts a portal.
    pub async fn open(setup: &Setup) -> Result<Self> {
        let folder = TempDir::with_prefix("haidang-")?;
        let mut site = path("HAIDANG_SITE")?;
        if setup.own_site {
            let own = folder.path().join("site");
            build::copy(&site, &own)?;
            site = own;
        }
        let Setup { base, printed, server: options, .. } = *setup;
        let portal = Self { folder, site, base, printed, options, server: Mutex::default() };
        portal.configure(&fs::read_to_string(portal.site.join("portal.json"))?)?;
        portal.start().await?;
        Ok(portal)
    }

    /// The folder of its site.
    pub fn site(&self) -> &Path {
        &self.site
    }

    /// The portal's address, ending with `/`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.server().port, self.base)
    }

    /// Starts the server, on the same port and data as before.
    pub async fn start(&self) -> Result<()> {
        let program = path("HAIDANG_SERVER")?;
        let log = self.folder.path().join("server.log");
        let output = File::create(&log)?;
        let process = Command::new(&program)
            .args(["--listen", &format!("127.0.0.1:{}", self.server().port)])
            .args(["--base", self.base, "--rate", "0"])
            // An option of the journey goes before it.
            .env("HAIDANG_MODERATION", "published")
            // Journeys type faster than readers do.
            .env("HAIDANG_FASTEST", "0")
            .env("HAIDANG_PAGES", if self.printed { "printed" } else { "app" })
            .arg("--site")
            .arg(&self.site)
            .arg("--portal")
            .arg(self.configuration())
            .arg("--data")
            .arg(self.data())
            .args(self.options)
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        self.server().process = Some(process);
        let port = timeout(DEADLINE, self.listening(&log)).await;
        let port = port.map_err(anyhow::Error::from).flatten();
        let said = || fs::read_to_string(&log).unwrap_or_default();
        self.server().port = port.with_context(|| format!("the server: {}", said()))?;
        Ok(())
    }

    /// Ends the server, as a crash would.
    pub fn stop(&self) {
        if let Some(mut process) = self.server().process.take() {
            // Fails only if it has ended already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// What `haidang-server` prints with these arguments about the portal's data. It may be running.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        let program = path("HAIDANG_SERVER")?;
        let output =
            Command::new(&program).args(arguments).arg("--data").arg(self.data()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{}: {said}", arguments.join(" "));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Gives the portal another portal.json; the next page that starts reads it.
    pub fn configure(&self, json: &str) -> Result<()> {
        Ok(fs::write(self.configuration(), json)?)
    }

    /// Puts another build in the place of the portal's own site; gives its version. `digest` is what its files
    /// have in their names, 16 hexadecimal digits.
    pub fn renew(&self, digest: &str, broken: bool) -> Result<String> {
        build::renew(&self.site, digest, broken)
    }

    /// Puts a build that starts in the place of one that does not; gives its version.
    pub fn mend(&self, digest: &str) -> Result<String> {
        build::copy(&path("HAIDANG_SITE")?, &self.site)?;
        build::renew(&self.site, digest, false)
    }

    /// Lets the portal's own site say that its server prints pages.
    pub fn mark_as_printing(&self) -> Result<()> {
        let index = self.site.join("index.html");
        let html = fs::read_to_string(&index)?;
        Ok(fs::write(index, html.replacen("<html ", "<html data-prints-pages ", 1))?)
    }

    /// Makes the portal's own site one without a service worker.
    pub fn give_up_worker(&self) -> Result<()> {
        let index = self.site.join("index.html");
        let html = fs::read_to_string(&index)?.replacen("data-build=", "data-built=", 1);
        fs::write(index, html)?;
        fs::copy(project_file("worker/none.js"), self.site.join("worker.js"))?;
        Ok(())
    }

    /// Takes a file from the portal's own site.
    pub fn lose_file(&self, name: &str) -> Result<()> {
        Ok(fs::remove_file(self.site.join(name))?)
    }

    /// The portal.json in force.
    pub fn configured(&self) -> Result<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(self.configuration())?)?)
    }

    /// What a language is called in itself.
    pub fn language(&self, code: &str) -> Result<String> {
        let portal = self.configured()?;
        let field = |known: &Value, key: &str| known.get(key)?.as_str().map(str::to_owned);
        let known = portal.get("languages").and_then(Value::as_array).into_iter().flatten();
        let known = known.filter(|known| field(known, "code").as_deref() == Some(code));
        let name = known.filter_map(|known| field(known, "name")).next();
        name.with_context(|| format!("the portal has no language {code}"))
    }

    /// What the API answers, e.g. to `articles/bao-so-9?lang=vi`.
    pub async fn api(&self, path: &str) -> Result<Value> {
        let address = format!("{}api/v1/{path}", self.address());
        let response = reqwest::get(&address).await?.error_for_status()?;
        serde_json::from_str(&response.text().await?).with_context(|| address)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("portal.json")
    }

    /// The port that the server says it listens on.
    async fn listening(&self, log: &Path) -> Result<u16> {
        let mut again = interval(Duration::from_millis(20));
        loop {
            again.tick().await;
            let said = fs::read_to_string(log)?;
            if let Some((_, address)) = said.split_once("http://127.0.0.1:")
                && let Some((port, _)) = address.split_once('/')
            {
                return Ok(port.parse()?);
            }
            let ended = self.server().process.as_mut().map(Child::try_wait).transpose()?;
            if let Some(Some(status)) = ended {
                bail!("{status}");
            }
        }
    }

    fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.stop();
    }
}
