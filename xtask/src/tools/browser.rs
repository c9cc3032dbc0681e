//! Browsers for tests: Chromium with the driver of the same major version, and Firefox, whose driver takes any.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use super::{Installed, npm, on_path, that_run, version};
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

/// Installs it: from the system where we may, else for this user.
pub fn get(workspace: &Workspace, part: Part) -> Result<()> {
    if may_use_apt() {
        let [update, install] = apt(workspace, part);
        return update.run().and_then(|()| install.run());
    }
    if on_path("npx").is_none() {
        let by_hand = by_hand(workspace, part);
        bail!("it comes through npx, which is not on PATH. By hand:\n\n    {by_hand}\n");
    }
    download(workspace, part).run()
}

/// What a person would type.
pub fn by_hand(workspace: &Workspace, part: Part) -> String {
    if on_path("apt-get").is_some() {
        let [update, install] = apt(workspace, part);
        let sudo = if may_use_apt() { "" } else { "sudo " };
        return format!("{sudo}{update} && {sudo}{install}");
    }
    npm::after_node(&download(workspace, part))
}

/// What is wrong between Chromium and its driver, if anything.
pub fn mismatch(browser: &Installed, driver: &Installed) -> Option<String> {
    let differ = version::major(&browser.version) != version::major(&driver.version);
    differ.then(|| {
        format!(
            "{} is version {} and {} is version {}: the first numbers must be equal",
            browser.path.display(),
            browser.version,
            driver.path.display(),
            driver.version
        )
    })
}

fn may_use_apt() -> bool {
    let root = Step::new("id").args(["-u"]).capture().is_ok_and(|id| id.trim() == "0");
    root && on_path("apt-get").is_some()
}

fn apt(workspace: &Workspace, part: Part) -> [Step; 2] {
    let step = || workspace.step("apt-get");
    [step().args(["update"]), step().args(["install", "--yes"]).args(part.packages())]
}

fn download(workspace: &Workspace, part: Part) -> Step {
    // A driver must fit the browser that is already here.
    let chromium = || find(workspace, Part::Chromium).into_iter().next();
    let wanted = match part {
        Part::Chromium => "chrome-headless-shell@stable".to_owned(),
        Part::Chromedriver => {
            let chromium = chromium();
            let version = chromium.as_ref().and_then(|it| version::major(&it.version));
            format!("chromedriver@{}", version.unwrap_or("stable"))
        }
        Part::Firefox => "firefox@stable".to_owned(),
    };
    let step = workspace.step("npx").args(["--yes", "@puppeteer/browsers", "install", &wanted]);
    step.args(["--path"]).args([folder(workspace)])
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.cache.join("browsers")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(version: &str) -> Installed {
        Installed { path: "program".into(), version: version.to_owned() }
    }

    #[test]
    fn browser_and_driver_fit_when_their_major_versions_are_equal() {
        assert_eq!(mismatch(&installed("156.0.8078.79"), &installed("156.0.1.2")), None);
        assert!(mismatch(&installed("156.0.8078.79"), &installed("155.0.8078.79")).is_some());
    }
}
