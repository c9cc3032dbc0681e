//! `serve --dev`: builds again what changed, and makes open pages reload.
//!
//! Files are looked at twice a second rather than watched: that works alike on every system and
//! in containers, and takes a few milliseconds for a project of this size.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};

use super::running::Running;
use crate::{
    build, server,
    workspace::{Workspace, last_change},
};

const LOOK_AGAIN: Duration = Duration::from_millis(500);
const SERVER_INPUTS: &[&str] = &["Cargo.toml", "Cargo.lock", "server", "engine"];

/// Builds the site for development, with the script that reloads open pages.
pub fn build_site(workspace: &Workspace, site: &Path) -> Result<()> {
    fs::create_dir_all(site)?;
    build::dev(workspace, site)?;
    let index = site.join("index.html");
    let html =
        fs::read_to_string(&index).with_context(|| format!("reading {}", index.display()))?;
    fs::write(index, with_reload(&html))?;
    fs::write(site.join("reload.js"), include_str!("reload.js"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    fs::write(site.join("reload.txt"), now.as_millis().to_string())?;
    Ok(())
}

/// Builds and restarts until `stop`. What does not compile leaves the last good version open.
pub fn until_stopped(
    workspace: &Workspace,
    site: &Path,
    running: &mut Running,
    stop: &AtomicBool,
) -> Result<()> {
    let under_root = |names: &[&str]| -> Vec<PathBuf> {
        names.iter().map(|name| workspace.root.join(name)).collect()
    };
    let (site_inputs, server_inputs) = (under_root(build::INPUTS), under_root(SERVER_INPUTS));
    let mut site_seen = last_change(&site_inputs);
    let mut server_seen = last_change(&server_inputs);
    while !stop.load(Ordering::Relaxed) {
        sleep(LOOK_AGAIN);
        let (site_now, server_now) = (last_change(&site_inputs), last_change(&server_inputs));
        let (site_changed, server_changed) = (site_now != site_seen, server_now != server_seen);
        (site_seen, server_seen) = (site_now, server_now);
        if !site_changed && !server_changed {
            continue;
        }
        let built = || -> Result<()> {
            if server_changed {
                server::build(workspace)?;
            }
            if site_changed {
                build_site(workspace, site)?;
            }
            Ok(())
        };
        // The server reads the site when it starts.
        let outcome = built().and_then(|()| running.restart(stop));
        if let Err(error) = outcome
            && !stop.load(Ordering::Relaxed)
        {
            eprintln!("\nerror: {error:#}\nWaiting for the next change.");
        }
    }
    Ok(())
}

fn with_reload(html: &str) -> String {
    let script = r#"<script src="reload.js" defer></script>"#;
    html.replacen("</body>", &format!("{script}</body>"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reload_script_is_the_last_thing_of_the_page() {
        assert_eq!(
            with_reload("<body><main></main></body></html>"),
            r#"<body><main></main><script src="reload.js" defer></script></body></html>"#
        );
    }
}
