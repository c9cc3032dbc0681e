//! Browsers for tests: Chromium with the driver of the same major version, and Firefox, whose driver takes any.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use super::{Installed, npm, on_path, that_run};
use crate::{
    step::Step,
    workspace::{Workspace, all_files},
};

/// Which program.
#[derive(Clone, Copy)]
pub enum Part {
    Chromium,
    /// What drives Chromium.
    Chromedriver,
    Firefox,
}

impl Part {
    /// The variable by which a person can name the program.
    fn variable(self) -> &'static str {
        match self {
            Self::Chromium => "HAIDANG_CHROMIUM",
            Self::Chromedriver => "CHROMEDRIVER",
            Self::Firefox => "HAIDANG_FIREFOX",
        }
    }

    /// What the program is called, by system and packager; the last is what we install.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
                "chrome",
                "chrome-headless-shell",
            ],
            Self::Chromedriver => &["chromedriver"],
            Self::Firefox => &["firefox-esr", "firefox"],
        }
    }

    /// The packages of the system that bring it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium | Self::Chromedriver => &["chromium", "chromium-driver"],
            Self::Firefox => &["firefox-esr"],
        }
    }
}

/// Every copy: the one that the environment names, those on `PATH`, then ours.
pub fn find(workspace: &Workspace, part: Part) -> Vec<Installed> {
    let named = env::var_os(part.variable()).map(PathBuf::from);
    let on_path = part.names().iter().filter_map(|name| on_path(name));
    let ours = all_files(&folder(workspace)).into_iter().filter(|path| {
        let name = path.file_stem().and_then(|name| name.to_str());
        name.is_some_and(|name| part.names().last() == Some(&name))
    });
    that_run(named.into_iter().chain(on_path).chain(ours))
}

/// Installs it from the system, where we may.
pub fn install(workspace: &Workspace, part: Part) -> Result<()> {
    ensure!(may_use_apt(), "the system's packages are installed by root, with apt-get");
    let [update, install] = apt(workspace, part);
    update.run().and_then(|()| install.run())
}

/// Installs it for this user, in the version `wanted`.
pub fn get(workspace: &Workspace, part: Part, wanted: Option<&str>) -> Result<()> {
    if on_path("npx").is_none() {
        let by_hand = by_hand(workspace, part, wanted);
        bail!("it comes through npx, which is not on PATH. By hand:\n\n    {by_hand}\n");
    }
    let package = package(part, wanted);
    let (beside, folder) =
        (workspace.cache.join(format!("{package}.part")), folder(workspace).join(&package));
    whole(&beside, &folder, || {
        let by_hand = || format!("By hand:\n\n    {}\n", download(workspace, &package, &folder));
        download(workspace, &package, &beside).run().ok().with_context(by_hand)
    })
}

/// What a person would type.
pub fn by_hand(workspace: &Workspace, part: Part, wanted: Option<&str>) -> String {
    if on_path("apt-get").is_some() {
        let [update, install] = apt(workspace, part);
        let sudo = if may_use_apt() { "" } else { "sudo " };
        return format!("{sudo}{update} && {sudo}{install}");
    }
    let package = package(part, wanted);
    npm::after_node(&download(workspace, &package, &folder(workspace).join(&package)))
}

fn may_use_apt() -> bool {
    let root = Step::new("id").args(["-u"]).capture().is_ok_and(|id| id.trim() == "0");
    root && on_path("apt-get").is_some()
}

fn apt(workspace: &Workspace, part: Part) -> [Step; 2] {
    let step = || workspace.step("apt-get");
    [step().args(["update"]), step().args(["install", "--yes"]).args(part.packages())]
}

/// As `@puppeteer/browsers` names it.
fn package(part: Part, wanted: Option<&str>) -> String {
    match part {
        Part::Chromium => "chrome-headless-shell@stable".to_owned(),
        Part::Chromedriver => format!("chromedriver@{}", wanted.unwrap_or("stable")),
        Part::Firefox => "firefox@stable".to_owned(),
    }
}

fn download(workspace: &Workspace, package: &str, into: &Path) -> Step {
    let step = workspace.step("npx").args(["--yes", "@puppeteer/browsers", "install", package]);
    step.args(["--path"]).args([into])
}

/// Has a folder made `beside` where it shall be, so that it is there whole or not at all.
fn whole(beside: &Path, folder: &Path, make: impl FnOnce() -> Result<()>) -> Result<()> {
    let clear = |old: &Path| if old.exists() { fs::remove_dir_all(old) } else { Ok(()) };
    clear(beside)?;
    make()?;
    clear(folder)?;
    folder.parent().map(fs::create_dir_all).transpose()?;
    Ok(fs::rename(beside, folder)?)
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("browsers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_unpacked_in_part_is_not_there() {
        let cache = env::temp_dir().join(format!("haidang-browsers-{}", std::process::id()));
        let (beside, folder) =
            (cache.join("chromedriver.part"), cache.join("browsers/chromedriver"));
        let unpack = |file: &str| {
            fs::create_dir_all(&beside)?;
            Ok(fs::write(beside.join(file), "x")?)
        };
        let interrupted = || unpack("half").and_then(|()| bail!("interrupted"));
        whole(&beside, &folder, interrupted).unwrap_err();
        assert!(!folder.exists());
        for _ in 0..2 {
            whole(&beside, &folder, || unpack("all")).unwrap();
            let files: Vec<_> = all_files(&cache);
            assert_eq!(files, [folder.join("all")]);
        }
        fs::remove_dir_all(&cache).unwrap();
    }
}
