//! Another build of the site a portal serves: the same app under other names, as a newer one would be.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What stands before the worker's script.
const BUILD: &str = "self.BUILD=";

/// The list of a build's files.
#[derive(serde::Deserialize)]
struct Build {
    version: String,
    files: BTreeMap<String, String>,
}

/// Copies all files of a folder, without their compressed copies: those would have to be made again.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a name")?);
        if path.is_dir() {
            copy(&path, &target)?;
        } else if !matches!(path.extension().and_then(|kind| kind.to_str()), Some("br" | "gz")) {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Makes the site in `site` that of another build, whose files have `digest` in their names; gives its
/// version. The files of the build before are gone. A `broken` one does not start.
pub fn renew(site: &Path, digest: &str, broken: bool) -> Result<String> {
    let script = fs::read_to_string(site.join("worker.js"))?;
    let (first, code) = script.split_once('\n').context("worker.js has no list of files")?;
    let json = first.strip_prefix(BUILD).context("worker.js does not begin with the list")?;
    let old: Build = serde_json::from_str(json.trim_end_matches(';'))?;
    let (version, files) = (old.version.as_str(), old.files);
    let known = files.keys().find_map(|path| path.strip_prefix("haidang-")?.strip_suffix(".js"));
    let known = known.context("no haidang-*.js in the list")?;

    let mut renewed = BTreeMap::new();
    for path in files.keys() {
        let name = path.replace(known, digest);
        let mut bytes = fs::read(site.join(path))?;
        if path.ends_with(".js") {
            let text = String::from_utf8(bytes)?.replace(known, digest);
            let text = if broken { "throw new Error('a broken build')".to_owned() } else { text };
            bytes = text.into_bytes();
        }
        fs::remove_file(site.join(path))?;
        fs::write(site.join(&name), &bytes)?;
        renewed.insert(name, hex(&bytes));
    }
    let next = hex(json!([renewed, digest]).to_string().as_bytes());
    let index = fs::read_to_string(site.join("index.html"))?;
    ensure!(index.contains(version), "index.html does not carry its version");
    let index = index.replace(known, digest).replace(version, &next);
    let first: Vec<&String> = renewed.keys().filter(|path| index.contains(*path)).collect();
    let build = json!({ "version": next, "first": first, "files": renewed });
    fs::write(site.join("worker.js"), format!("{BUILD}{build};\n{code}"))?;
    fs::write(site.join("index.html"), index)?;
    Ok(next)
}

/// The first 64 bits of SHA-256.
fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
