//! Real backends behind a portal: started by their `tests/backends/NAME/start.sh` on ports of their own,
//! and read by the portal.json that lies beside it.

use std::{
    fs::{self, File},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::{Portal, settings::project_file, skipped::Skipped};

/// How long a start may take: the first one installs the backend, perhaps after others have.
const DEADLINE: Duration = Duration::from_secs(30 * 60);
/// What start.sh ends with where the machine cannot have the backend.
const SKIPPED: i32 = 77;
/// The backends, and the ports that their files `portal.json` name.
const PORTS: [(&str, u16); 5] =
    [("wordpress", 8101), ("isso", 8102), ("wagtail", 8103), ("ghost", 8104), ("directus", 8105)];

/// Running backends; each ends with this.
pub struct Backends(Vec<Backend>);

/// A running backend.
struct Backend {
    name: &'static str,
    port: u16,
    process: Child,
    folder: TempDir,
}

impl Backends {
    /// Starts backends that the pages of `portal` may ask.
    ///
    /// The error is [`Skipped`] where this machine cannot have one of them.
    pub async fn start(names: &[&'static str], portal: &Portal) -> Result<Self> {
        let mut running = Vec::new();
        for name in names {
            running.push(Backend::start(name, portal).await?);
        }
        Ok(Self(running))
    }

    /// Starts backends and gives the portal the portal.json of the last of them: nothing else makes it
    /// theirs.
    pub async fn behind(names: &[&'static str], portal: &Portal) -> Result<Self> {
        let backends = Self::start(names, portal).await?;
        let last = names.last().context("a portal needs a backend")?;
        portal.configure(&backends.portal_json(last)?)?;
        Ok(backends)
    }

    /// The portal.json beside a backend, with the addresses of those that run.
    pub fn portal_json(&self, name: &str) -> Result<String> {
        let mut text = fs::read_to_string(file(name, "portal.json"))?;
        for backend in &self.0 {
            let usual = PORTS.iter().find(|(name, _)| *name == backend.name);
            let (_, usual) = usual.with_context(|| format!("no backend {}", backend.name))?;
            text = text.replace(&format!("127.0.0.1:{usual}"), &backend.host());
            for (name, value) in backend.said("given ") {
                text = text.replace(&name, &value);
            }
        }
        Ok(text)
    }

    /// The address of a backend, without a slash at its end.
    pub fn origin(&self, name: &str) -> Result<String> {
        let backend = self.0.iter().find(|backend| backend.name == name);
        Ok(format!("http://{}", backend.with_context(|| format!("{name} is not running"))?.host()))
    }

    /// Stops one of them, as an outage would.
    pub fn stop(&mut self, name: &str) {
        self.0.retain(|backend| backend.name != name);
    }
}

impl Backend {
    async fn start(name: &'static str, portal: &Portal) -> Result<Self> {
        let folder = TempDir::with_prefix("haidang-")?;
        let port = free_port()?;
        let output = File::create(folder.path().join("log"))?;
        let reader = portal.address();
        let reader = reader.trim_end_matches('/');
        let script = file(name, "start.sh");
        let process = Command::new("bash")
            .arg(&script)
            .arg(port.to_string())
            // It ends with us, whatever ends us.
            .env("ONCE", "1")
            // The pages that may ask, as each of them wants to be told.
            .envs(["ORIGINS", "CORS", "CORS_ORIGIN"].map(|name| (name, reader)))
            // Where it shows the portal's elements.
            .env("EMBED", portal.address())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("starting {}", script.display()))?;
        let mut backend = Self { name, port, process, folder };
        let Ok(ready) = timeout(DEADLINE, backend.ready()).await else {
            backend.kill();
            bail!("{name} did not start: {}", backend.log());
        };
        ready?;
        Ok(backend)
    }

    /// Waits for the line that says so.
    async fn ready(&mut self) -> Result<()> {
        let mut again = interval(Duration::from_millis(50));
        loop {
            again.tick().await;
            // Before the log is read: what it said last is then in it.
            let ended = self.process.try_wait()?;
            let log = self.log();
            if log.lines().any(|line| line.starts_with("ready ")) {
                return Ok(());
            }
            if let Some(status) = ended {
                return Err(self.ended(status, &log));
            }
        }
    }

    fn ended(&self, status: ExitStatus, log: &str) -> anyhow::Error {
        let last = log.lines().last().unwrap_or_default();
        match status.code() {
            Some(SKIPPED) => Skipped(last.trim_start_matches("skipped: ").to_owned()).into(),
            _ => anyhow::anyhow!("{} did not start ({status}): {log}", self.name),
        }
    }

    /// What it said beside that it is ready: lines of a word, a name and a value.
    fn said(&self, word: &str) -> Vec<(String, String)> {
        let log = self.log();
        let lines = log.lines().filter_map(|line| line.strip_prefix(word)?.split_once(' '));
        lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends the script with all it has started, at once: it may be installing.
    fn kill(&self) {
        let group = format!("-{}", self.process.id());
        // Fails only if all have ended already.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // The script stops the server when its input ends.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A port of its own: a backend cannot be told to take any. It is none of those that systems give to whoever
/// takes any, as others do before the backend is there.
fn free_port() -> Result<u16> {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 1_000)? * 10;
    let mut ports = (first..32_000).map(|_| first + TAKEN.fetch_add(1, Ordering::Relaxed));
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    ports.find(free).context("no port is free")
}

fn file(backend: &str, name: &str) -> PathBuf {
    project_file(&format!("tests/backends/{backend}/{name}"))
}
