//! `cargo xtask size`: what a reader downloads, and what it is made of.

mod crates;

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result};

use crate::{
    build::{self, precompress},
    tools::{self, Need},
    workspace::{Workspace, all_files},
};

/// Crates with less than this are summed up in one line, in bytes.
const SMALL_CRATE: u64 = 1000;

/// The bytes of one file, as it is and as it travels.
#[derive(Clone, Copy, Default)]
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Weight {
    fn of(bytes: &[u8]) -> Result<Self> {
        // As served: the smallest of what is there.
        let smallest = |small: Vec<u8>| small.len().min(bytes.len());
        let gzip = smallest(precompress::gzip(bytes)?);
        Ok(Self { raw: bytes.len(), gzip, brotli: smallest(precompress::brotli(bytes)?) })
    }

    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }

    fn print(self, name: &str) {
        let [raw, gzip, brotli] = [self.raw, self.gzip, self.brotli].map(grouped);
        println!("{raw:>12} {gzip:>12} {brotli:>12}  {name}");
    }
}

/// Prints both tables.
pub fn run(workspace: &Workspace) -> Result<ExitCode> {
    build::release_if_changed(workspace)?;
    print_files(&workspace.dist)?;
    print_crates(workspace)?;
    Ok(ExitCode::SUCCESS)
}

fn print_files(dist: &Path) -> Result<()> {
    let index = fs::read_to_string(dist.join("index.html"))?;
    let mut visit = Weight::default();
    let mut locale_counted = false;
    println!("\n{:>12} {:>12} {:>12}  bytes (* the app with a page)", "raw", "gzip", "brotli");
    for path in all_files(dist) {
        let name = path.strip_prefix(dist)?.to_string_lossy().replace('\\', "/");
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let weight = Weight::of(&bytes)?;
        // A reader takes one language, the first in the list stands for it.
        let locale = name.starts_with("locales/") && !locale_counted;
        locale_counted |= locale;
        let first = locale || is_loaded_first(&name, &index);
        if first {
            visit = visit.plus(weight);
        }
        weight.print(&format!("{name}{}", if first { " *" } else { "" }));
    }
    visit.print("the app with a page, without pictures and the article itself");
    Ok(())
}

/// The page itself with its style, the scripts and wasm that it names, and the portal's configuration.
fn is_loaded_first(name: &str, index: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let kind = file.rsplit('.').next().unwrap_or_default();
    matches!(name, "index.html" | "portal.json")
        || (matches!(kind, "js" | "wasm") && index.contains(file))
}

/// The parts of the wasm once more, made as for the site but with the functions' names kept.
fn print_crates(workspace: &Workspace) -> Result<()> {
    let tools = tools::ensure(workspace, Need::Site)?;
    let folder = workspace.target.join("size");
    for (name, part) in build::split::cut(workspace, &tools, build::split::SITE, &folder)? {
        let optimise = workspace.step(tools.path("wasm-opt")?);
        let optimise = optimise.args(build::split::OPTIMISE).args(["--debuginfo", "--output"]);
        optimise.args([&part, &part]).capture()?;
        print_part(&name, &crates::weigh(&fs::read(part)?)?);
    }
    Ok(())
}

fn print_part(name: &str, parts: &[(String, u64)]) {
    let total: u64 = parts.iter().map(|(_, size)| size).sum::<u64>().max(1);
    println!("\n{:>12} {:>12}  of {name}.wasm", "bytes", "share");
    let share = |size: u64| format!("{:>9}.{} %", size * 100 / total, size * 1000 / total % 10);
    let (large, small): (Vec<_>, Vec<_>) = parts.iter().partition(|(_, size)| *size >= SMALL_CRATE);
    for (name, size) in &large {
        println!("{:>12} {}  {name}", grouped(*size), share(*size));
    }
    let rest: u64 = small.iter().map(|(_, size)| size).sum();
    println!("{:>12} {}  {} smaller crates", grouped(rest), share(rest), small.len());
    println!("{:>12}               together", grouped(total));
}

/// `1 234 567`
fn grouped(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three_from_the_right() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1 000", "1 234 567"]);
    }

    #[test]
    fn a_first_visit_takes_what_the_page_names_and_the_configuration() {
        let index = r#"<style></style><script src="./app-2a.js">"#;
        let first = |name| is_loaded_first(name, index);
        assert!(first("index.html") && first("portal.json"));
        assert!(first("app-2a.js") && !first("app-2b.js"));
        assert!(!first("embed.js") && !first("icons/lead.svg"));
    }
}
