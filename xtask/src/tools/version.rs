//! Which versions of a tool will do.

use std::cmp::Ordering;

use anyhow::Result;

use super::TOOLS;
use crate::workspace::Workspace;

/// The versions that are accepted.
pub enum Accepts {
    /// Whatever is there: the Rust toolchain fixes it.
    Any,
    /// One only.
    Exactly(&'static str),
    /// The version of this crate in `Cargo.lock` only.
    Locked(&'static str),
    /// This one and newer.
    AtLeast(&'static str),
    /// Of the same major version as this tool, if that is here.
    LikeTool(&'static str),
}

impl Accepts {
    /// The version that the rule turns on, if it turns on one.
    pub fn version(&self, workspace: &Workspace) -> Result<Option<String>> {
        Ok(match self {
            Self::Any => None,
            Self::Exactly(version) | Self::AtLeast(version) => Some((*version).to_owned()),
            Self::Locked(name) => Some(workspace.locked_version(name)?),
            Self::LikeTool(name) => {
                let tool = TOOLS.iter().find(|tool| tool.name == *name);
                let tool = tool.map(|tool| tool.ready(workspace)).transpose()?.flatten();
                tool.and_then(|tool| major(&tool.version).map(str::to_owned))
            }
        })
    }

    /// The rule in a word or two.
    pub fn to_text(&self, workspace: &Workspace) -> Result<String> {
        let version = self.version(workspace)?.unwrap_or_default();
        Ok(match self {
            Self::AtLeast(_) => format!("{version} or newer"),
            _ => version,
        })
    }

    /// Whether `found` will do where the rule turns on `wanted`.
    pub fn matches(&self, found: &str, wanted: Option<&str>) -> bool {
        let Some(wanted) = wanted else { return true };
        match self {
            Self::Any => true,
            Self::Exactly(_) | Self::Locked(_) => found == wanted,
            Self::AtLeast(_) => compare(found, wanted) != Ordering::Less,
            Self::LikeTool(_) => major(found) == Some(wanted),
        }
    }
}

/// The version in what a program prints for `--version`: its first word that starts with a digit.
pub fn said(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The number before the first dot.
fn major(version: &str) -> Option<&str> {
    version.split('.').next()
}

fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |version: &str| -> Vec<u64> {
        version.split('.').map_while(|part| part.parse().ok()).collect()
    };
    numbers(a).cmp(&numbers(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_programs_say() {
        assert_eq!(said("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(said("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(said("Chromium 156.0.8078.79 built on Debian"), Some("156.0.8078.79"));
        assert_eq!(said("no number here"), None);
    }

    #[test]
    fn versions_compare_by_number_and_not_by_letter() {
        let at_least = |found| Accepts::AtLeast("96").matches(found, Some("96"));
        assert!(at_least("132"));
        assert!(at_least("96.0.1"));
        assert!(!at_least("95.9"));
    }

    #[test]
    fn an_exact_version_accepts_no_other() {
        let rule = Accepts::Exactly("0.21.14");
        assert!(rule.matches("0.21.14", Some("0.21.14")));
        assert!(!rule.matches("0.21.15", Some("0.21.14")));
    }
}
