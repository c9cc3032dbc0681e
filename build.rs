//! Turns `locales/*.json` into constants, so that a message that does not exist does not compile and
//! a locale that lacks one, or names other placeholders, fails the build.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write,
    fs,
    path::Path,
};

use serde_json::Value;

/// The locale whose keys and comments the others follow.
const REFERENCE: &str = "en";
/// Messages that must be there when no locale could be loaded.
const BOOT: &str = "boot.";
/// Patterns, of whose fields each language takes what it prints.
const PATTERNS: &str = "date.";

type Locale = BTreeMap<String, Value>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=locales");
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // What refers to what, which is where the wasm is cut along.
        for binary in ["haidang", "haidang-embed"] {
            println!("cargo:rustc-link-arg-bin={binary}=--emit-relocs");
        }
    }
    let mut locales = BTreeMap::new();
    for entry in fs::read_dir("locales")? {
        let path = entry?.path();
        let Some(code) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let text = fs::read_to_string(&path)?;
        let locale: Locale =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        if let Some(key) = twice(&text) {
            return Err(format!("{}: \"{key}\" stands twice", path.display()).into());
        }
        locales.insert(code.to_owned(), locale);
    }
    let reference = locales.get(REFERENCE).ok_or("locales/en.json is missing")?;
    let problems: Vec<String> =
        locales.iter().flat_map(|(code, locale)| compare(code, locale, reference)).collect();
    if !problems.is_empty() {
        return Err(problems.join("\n").into());
    }
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("messages.rs"), generate(&locales, reference)?)?;
    Ok(())
}

/// A key that stands twice, each beginning a line: the last would win in silence.
fn twice(text: &str) -> Option<&str> {
    let mut seen = BTreeSet::new();
    let keys =
        text.lines().filter_map(|line| line.trim_start().strip_prefix('"')?.split('"').next());
    keys.into_iter().find(|key| !seen.insert(*key))
}

/// What is wrong with a locale, a line each.
fn compare(code: &str, locale: &Locale, reference: &Locale) -> Vec<String> {
    let missing = reference.keys().filter(|key| !locale.contains_key(*key));
    let mut problems: Vec<String> =
        missing.map(|key| format!("locales/{code}.json lacks \"{key}\"")).collect();
    for (key, message) in locale {
        let Some(expected) = reference.get(key) else {
            problems.push(format!("locales/{code}.json: \"{key}\" is not in {REFERENCE}.json"));
            continue;
        };
        if !key.starts_with(PATTERNS) && placeholders(message) != placeholders(expected) {
            problems.push(format!("locales/{code}.json: \"{key}\" names other placeholders"));
        }
        if expected.is_object() && message.get("other").is_none() {
            problems.push(format!("locales/{code}.json: \"{key}\" lacks the plural \"other\""));
        }
    }
    problems
}

/// The `{names}` in a message, whatever its plural forms.
fn placeholders(message: &Value) -> BTreeSet<String> {
    let forms: Vec<&str> = match message {
        Value::Object(forms) => forms.values().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    forms
        .iter()
        .flat_map(|form| form.split('{').skip(1))
        .filter_map(|tail| tail.split_once('}').map(|(name, _)| name.to_owned()))
        .collect()
}

fn generate(
    locales: &BTreeMap<String, Locale>,
    reference: &Locale,
) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for (index, (key, message)) in reference.iter().enumerate() {
        let text = message.as_str().or_else(|| message.get("other")?.as_str()).unwrap_or_default();
        let name = key.replace(['.', '-'], "_").to_uppercase();
        writeln!(out, "/// {}\npub const {name}: Msg = Msg({index});", text.replace('\n', " "))?;
    }
    // One text, not a list of texts: where each of hundreds is, and how long, would weigh as much as the keys.
    let keys = reference.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    writeln!(out, "pub(super) const KEYS: &str = {keys:?};")?;
    writeln!(out, "pub(super) const BOOT: &[(&str, &[(&str, &str)])] = &[")?;
    for (code, locale) in locales {
        let boot = locale.iter().filter(|(key, _)| key.starts_with(BOOT));
        let texts: Vec<(&String, &str)> =
            boot.map(|(key, text)| (key, text.as_str().unwrap_or_default())).collect();
        writeln!(out, "    ({code:?}, &{texts:?}),")?;
    }
    writeln!(out, "];")?;
    Ok(out)
}
