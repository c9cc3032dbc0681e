//! The tools that commands call: a table of what is wanted ([`TOOLS`]), and a file for each way to get it.
//!
//! A tool on `PATH` in a right version is taken; else it is installed for this user, prebuilt
//! where that exists, into the cache folder. Nothing on `PATH` is ever replaced.

mod browser;
mod crates;
mod npm;
mod python;
mod rust;
mod table;
mod version;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{step::say, workspace::Workspace};
pub use rust::WASM_TARGET;
pub use table::TOOLS;
pub use version::Accepts;

/// What a tool is needed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Building the site, and so `serve`.
    Site,
    /// `lint`.
    Lint,
    /// `test web`: the app's tests in a browser.
    Web,
    /// `test e2e`: site and server in a browser.
    E2e,
    /// `test e2e firefox`: likewise, in Firefox. Wanted, not required: where it cannot be had, this is skipped.
    Firefox,
    /// `test e2e`: what holds printed pages against their standards. Wanted, not required, likewise.
    Validity,
    /// `bench`.
    Bench,
    /// `bench lighthouse`.
    Lighthouse,
}

impl Need {
    /// The command that has this need.
    pub fn command(self) -> &'static str {
        match self {
            Self::Site => "serve",
            Self::Lint => "lint",
            Self::Web => "test web",
            Self::E2e => "test e2e",
            Self::Firefox => "test e2e firefox",
            Self::Validity => "test e2e valid",
            Self::Bench => "bench",
            Self::Lighthouse => "bench lighthouse",
        }
    }
}

/// How a tool is looked for and installed.
enum Source {
    /// A compilation target of the Rust toolchain.
    Target,
    /// The source of the standard library, a component of the Rust toolchain.
    Library,
    /// A `cargo` subcommand that is a component of the Rust toolchain.
    Component { subcommand: &'static str },
    /// A program on crates.io; `args` go to `cargo install` where no prebuilt one is to be had.
    Crate { package: &'static str, args: &'static [&'static str] },
    /// A program in an npm package.
    NpmProgram { package: &'static str, version: &'static str },
    /// A file in an npm package.
    NpmFile { package: &'static str, version: &'static str, file: &'static str },
    /// A program in a package of PyPI.
    Python { package: &'static str, version: &'static str, file: &'static str },
    /// A browser, or the driver that goes with it.
    Browser(browser::Part),
}

/// One line of the table.
pub struct Tool {
    /// The program's name, as typed.
    pub name: &'static str,
    /// What it is needed for.
    pub needed_for: &'static [Need],
    /// Which versions will do.
    pub accepts: Accepts,
    source: Source,
    /// About how long getting it takes, on two cores and a usual line.
    pub takes: &'static str,
}

/// A tool as found on this machine.
pub struct Installed {
    /// The program or file.
    pub path: PathBuf,
    /// What it says of its version.
    pub version: String,
}

impl Tool {
    /// The tool as it is on this machine: one that is accepted if there is any, else whatever
    /// was found under its name.
    pub fn find(&self, workspace: &Workspace) -> Result<Option<Installed>> {
        let wanted = self.accepts.version(workspace)?;
        let mut found = match &self.source {
            Source::Target => rust::find_target(workspace),
            Source::Library => rust::find_library(workspace),
            Source::Component { subcommand } => rust::find_component(workspace, subcommand),
            Source::Crate { package, .. } => {
                crates::find(workspace, self.name, package, wanted.as_deref())
            }
            Source::NpmProgram { package, version } => {
                npm::find_program(workspace, self.name, package, version)
            }
            Source::NpmFile { package, version, file } => {
                npm::find_file(workspace, package, version, file)
            }
            Source::Python { package, version, file } => {
                python::find(workspace, self.name, (package, version), file)
            }
            Source::Browser(part) => browser::find(workspace, *part),
        };
        let accepted = |tool: &Installed| self.accepts.matches(&tool.version, wanted.as_deref());
        let best = found.iter().position(accepted).unwrap_or(0);
        Ok((best < found.len()).then(|| found.swap_remove(best)))
    }

    /// The tool, if it is here in a version that will do.
    pub fn ready(&self, workspace: &Workspace) -> Result<Option<Installed>> {
        let wanted = self.accepts.version(workspace)?;
        let found = self.find(workspace)?;
        Ok(found.filter(|tool| self.accepts.matches(&tool.version, wanted.as_deref())))
    }

    /// What a person would type to get it.
    pub fn by_hand(&self, workspace: &Workspace) -> Result<String> {
        let wanted = self.accepts.version(workspace)?;
        Ok(match &self.source {
            Source::Target => rust::get_target(workspace).to_string(),
            Source::Component { .. } | Source::Library => {
                rust::get_component(workspace, self.name).to_string()
            }
            Source::Crate { package, args } => {
                let wanted = wanted.unwrap_or_default();
                crates::compile(workspace, package, &wanted, args).to_string()
            }
            Source::NpmProgram { package, version } | Source::NpmFile { package, version, .. } => {
                npm::by_hand(workspace, package, version)
            }
            Source::Python { package, version, .. } => python::by_hand(workspace, package, version),
            Source::Browser(part) => browser::by_hand(workspace, *part, wanted.as_deref()),
        })
    }

    fn get(&self, workspace: &Workspace) -> Result<()> {
        let wanted = self.accepts.version(workspace)?;
        match &self.source {
            Source::Target => rust::get_target(workspace).run(),
            Source::Component { .. } | Source::Library => {
                rust::get_component(workspace, self.name).run()
            }
            Source::Crate { package, args } => {
                crates::get(workspace, package, &wanted.unwrap_or_default(), args)
            }
            Source::NpmProgram { package, version } | Source::NpmFile { package, version, .. } => {
                npm::get(workspace, package, version)
            }
            Source::Python { package, version, .. } => python::get(workspace, package, version),
            Source::Browser(part) => {
                // Not every system has the package, nor always the version that will do.
                if browser::install(workspace, *part).is_ok() && self.ready(workspace)?.is_some() {
                    return Ok(());
                }
                browser::get(workspace, *part, wanted.as_deref())
            }
        }
    }

    fn ensure(&self, workspace: &Workspace) -> Result<Installed> {
        if let Some(installed) = self.ready(workspace)? {
            return Ok(installed);
        }
        say(&format!("Getting {}", self.name), self.takes);
        self.get(workspace).with_context(|| format!("{} could not be installed", self.name))?;
        match self.ready(workspace)? {
            Some(installed) => Ok(installed),
            None => bail!(
                "{} was installed but does not run. By hand:\n\n    {}\n",
                self.name,
                self.by_hand(workspace)?
            ),
        }
    }
}

/// The tools for one need, each present and in a right version.
pub struct Toolbox(Vec<(&'static str, PathBuf)>);

impl Toolbox {
    /// Where a tool of this need is.
    pub fn path(&self, name: &str) -> Result<&PathBuf> {
        let tool = self.0.iter().find(|(tool, _)| *tool == name);
        tool.map(|(_, path)| path).with_context(|| format!("no `{name}` among the tools"))
    }

    /// The folders that go before `PATH`: those of tools that we installed ourselves.
    pub fn folders(&self, workspace: &Workspace) -> Vec<PathBuf> {
        let ours = self.0.iter().filter(|(_, path)| path.starts_with(&workspace.cache));
        ours.filter_map(|(_, path)| path.parent().map(PathBuf::from)).collect()
    }
}

/// Installs what is missing for a need.
pub fn ensure(workspace: &Workspace, need: Need) -> Result<Toolbox> {
    let needed = TOOLS.iter().filter(|tool| tool.needed_for.contains(&need));
    needed
        .map(|tool| Ok((tool.name, tool.ensure(workspace)?.path)))
        .collect::<Result<_>>()
        .map(Toolbox)
}

/// The program that this name means, by `PATH`.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|dir| dir.join(&file)).find(|path| path.is_file())
}

/// The programs among `paths` that run and say their version.
fn that_run(paths: impl IntoIterator<Item = PathBuf>) -> Vec<Installed> {
    let ask = |path: PathBuf| {
        let said = crate::step::Step::new(&path).args(["--version"]).capture().ok()?;
        Some(Installed { version: version::said(&said)?.to_owned(), path })
    };
    paths.into_iter().filter_map(ask).collect()
}
