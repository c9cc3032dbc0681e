//! Where things are: the project, what is built from it, what is kept for all projects.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result};

use crate::step::Step;

/// The folders that commands read and write.
pub struct Workspace {
    /// The project's root.
    pub root: PathBuf,
    /// Cargo's target folder (`CARGO_TARGET_DIR` is respected).
    pub target: PathBuf,
    /// The built site.
    pub dist: PathBuf,
    /// Tools installed by xtask, per user, shared between clones: `NAME-VERSION/`.
    pub cache: PathBuf,
}

impl Workspace {
    /// Finds the project around the current folder.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .with_context(|| format!("{} is not inside the project", here.display()))?
            .to_owned();
        let metadata = Step::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .dir(&root)
            .capture()?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).context("cargo metadata is not JSON")?;
        let target = metadata
            .get("target_directory")
            .and_then(|path| path.as_str())
            .context("cargo metadata names no target_directory")?
            .into();
        Ok(Self { target, dist: root.join("dist"), cache: cache_folder()?, root })
    }

    /// A command run in the project's root.
    pub fn step(&self, program: impl AsRef<OsStr>) -> Step {
        Step::new(program).dir(&self.root)
    }

    /// The version that `Cargo.lock` holds of a crate.
    pub fn locked_version(&self, name: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        locked_version(&lock, name)
            .map(str::to_owned)
            .with_context(|| format!("{} names no crate `{name}`", path.display()))
    }
}

fn cache_folder() -> Result<PathBuf> {
    let var = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = var("XDG_CACHE_HOME")
        .or_else(|| var("LOCALAPPDATA"))
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .context("there is no home folder to keep tools in: set XDG_CACHE_HOME")?;
    Ok(caches.join("haidang/tools"))
}

fn locked_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| value_of(line, "name") == Some(name))?;
    value_of(lines.next()?, "version")
}

fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.trim().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')
}

/// When anything under `paths` last changed; folders count, so that a deleted file does too.
/// A path that does not exist is passed over.
pub fn last_change(paths: &[PathBuf]) -> Option<SystemTime> {
    paths.iter().filter_map(|path| changed(path)).max()
}

fn changed(path: &Path) -> Option<SystemTime> {
    let own = path.metadata().and_then(|meta| meta.modified()).ok()?;
    Some(files_of(path).iter().filter_map(|child| changed(child)).fold(own, SystemTime::max))
}

/// What a folder holds, sorted; nothing for a file or an unreadable folder.
pub fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    paths
}

/// Every file under a folder at any depth, sorted.
pub fn all_files(folder: &Path) -> Vec<PathBuf> {
    files_of(folder)
        .into_iter()
        .flat_map(|path| if path.is_dir() { all_files(&path) } else { vec![path] })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";

    #[test]
    fn the_locked_version_is_of_the_crate_with_exactly_that_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
    }

    #[test]
    fn a_crate_that_is_not_locked_has_no_version() {
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }
}
