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
// It prints pages by the views of the app.
const SERVER_INPUTS: &[&str] =
    &["Cargo.toml", "Cargo.lock", "build.rs", "src", "locales", "server", "engine"];

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
    let site_inputs = under(&workspace.root, build::INPUTS);
    let server_inputs = under(&workspace.root, SERVER_INPUTS);
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

fn under(root: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| root.join(name)).collect()
}

fn with_reload(html: &str) -> String {
    let script = r#"<script src="reload.js" defer></script>"#;
    html.replacen("</body>", &format!("{script}</body>"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_of_the_app_changes_the_site_and_the_server_that_prints_it() {
        let root = std::env::temp_dir().join(format!("haidang-saved-{}", std::process::id()));
        for file in ["src/app.rs", "locales/en.json", "build.rs", "engine/src/lib.rs"] {
            let file = root.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let inputs = [build::INPUTS, SERVER_INPUTS].map(|names| under(&root, names));
            let seen = inputs.each_ref().map(|inputs| last_change(inputs));
            let saved = fs::File::create(&file).unwrap();
            // Clocks of file systems are coarse.
            saved.set_modified(SystemTime::now() + Duration::from_secs(9)).unwrap();
            for (inputs, seen) in inputs.iter().zip(seen) {
                assert_ne!(last_change(inputs), seen, "{}", file.display());
            }
            fs::remove_dir_all(&root).unwrap();
        }
    }

    #[test]
    fn the_reload_script_is_the_last_thing_of_the_page() {
        assert_eq!(
            with_reload("<body><main></main></body></html>"),
            r#"<body><main></main><script src="reload.js" defer></script></body></html>"#
        );
    }
}
