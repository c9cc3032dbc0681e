//! What wasm-bindgen makes, without what no reader needs.
//!
//! - Imports get short names, in module and glue alike: `__wbg_setAttribute_6fdd4098562efd98` is a name
//!   for people, and there are hundreds, none of which compresses.
//! - Classes that libraries export for others and that nothing here uses go; what was behind them is gone already, see
//!   [`crate::hollow`].

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use eyre::{Result, WrapErr};
use wasm_encoder::{
    ExportSection, ImportSection, Module,
    reencode::{self, Reencode},
};
use wasmparser::{ExportSectionReader, ImportSectionReader, Parser, Payload};

/// Slims module and glue in place; `parts` is the script that fetches the other parts.
pub fn files(module: &Path, glue: &Path, parts: &Path) -> Result<()> {
    let wasm = fs::read(module).wrap_err_with(|| format!("reading {}", module.display()))?;
    let read = |path: &Path| {
        fs::read_to_string(path).wrap_err_with(|| format!("reading {}", path.display()))
    };
    let (wasm, script) = slim(&wasm, &read(glue)?, &read(parts)?)?;
    fs::write(module, wasm).wrap_err_with(|| format!("writing {}", module.display()))?;
    fs::write(glue, script).wrap_err_with(|| format!("writing {}", glue.display()))
}

fn slim(wasm: &[u8], script: &str, parts: &str) -> Result<(Vec<u8>, String)> {
    let script = without_classes(script);
    let mut slimmer = Slimmer { used: words(&script).collect(), ..Slimmer::default() };
    slimmer.survey(wasm)?;
    slimmer.used.extend(words(parts));
    let script = rename(&script, &slimmer.short);
    let mut module = Module::new();
    slimmer.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok((module.finish(), script))
}

/// The glue without its exported classes and what cleans up after them.
fn without_classes(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut gone: Option<&str> = None;
    for line in script.split_inclusive('\n') {
        let text = line.trim_end();
        let end = match text.strip_prefix("export class ") {
            Some(_) => Some("if (Symbol.dispose)"),
            None if text.starts_with("const ") && text.contains("Finalization =") => Some("    :"),
            None => None,
        };
        gone = gone.or(end);
        match gone {
            Some(end) if text.starts_with(end) => gone = None,
            Some(_) => {}
            None => kept.push_str(line),
        }
    }
    kept
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

fn words(script: &str) -> impl Iterator<Item = String> + '_ {
    script.split(|c| !is_word(c)).map(str::to_owned)
}

/// Every whole word that has a short name, by it.
fn rename(script: &str, short: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(short.get(word).map_or(word, String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Rewrites the module, section by section.
#[derive(Default)]
struct Slimmer {
    /// The words of the glue: an export that is none of them is used by nobody.
    used: HashSet<String>,
    /// The short names of imports.
    short: HashMap<String, String>,
}

impl Slimmer {
    /// Finds out what is to be changed.
    fn survey(&mut self, wasm: &[u8]) -> Result<()> {
        for payload in Parser::new(0).parse_all(wasm) {
            let Payload::ImportSection(imports) = payload? else { continue };
            for import in imports.into_imports() {
                let name = import?.name;
                if self.used.contains(name) {
                    let short = format!("_{:x}", self.short.len());
                    self.short.insert(name.to_owned(), short);
                }
            }
        }
        Ok(())
    }
}

impl Reencode for Slimmer {
    type Error = std::convert::Infallible;

    fn parse_import_section(
        &mut self,
        section: &mut ImportSection,
        imports: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for import in imports.into_imports() {
            let import = import?;
            let name = self.short.get(import.name).map_or(import.name, String::as_str).to_owned();
            let ty = self.entity_type(import.ty)?;
            section.import(import.module, &name, ty);
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        section: &mut ExportSection,
        exports: ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for export in exports {
            let export = export?;
            if self.used.contains(export.name) {
                self.parse_export(section, export)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, Function, FunctionSection, TypeSection,
    };
    use wasmparser::Validator;

    /// One import, and two functions that are exported.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./haidang_bg.js", "__wbg_log_0123456789abcdef", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 1).export("stream_free", ExportKind::Func, 2);
        let mut code = CodeSection::new();
        for _ in 0..2 {
            let mut body = Function::new([]);
            body.instructions().call(0).end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code);
        module.finish()
    }

    const GLUE: &str = "export class Stream {
    free() { wasm.stream_free(); }
}
if (Symbol.dispose) Stream.prototype[Symbol.dispose] = Stream.prototype.free;
const imports = { __wbg_log_0123456789abcdef: () => {}, __wbg_log: 1 };
wasm.start();
";

    #[test]
    fn a_slim_module_is_valid_and_asks_for_short_names_that_the_glue_gives() {
        let (wasm, glue) = slim(&module(), GLUE, "").unwrap();
        Validator::new().validate_all(&wasm).unwrap();
        assert!(glue.contains("{ _0: () => {}, __wbg_log: 1 }"), "{glue}");
        let has = |name: &str| wasm.windows(name.len()).any(|part| part == name.as_bytes());
        assert!(has("_0") && !has("__wbg_log_0123456789abcdef"));
    }

    #[test]
    fn what_nobody_uses_is_no_longer_exported() {
        let (wasm, glue) = slim(&module(), GLUE, "").unwrap();
        assert!(!glue.contains("Stream"), "{glue}");
        let exports = |wasm: &[u8]| {
            let sections = Parser::new(0).parse_all(wasm).map(Result::unwrap);
            let exports = sections.filter_map(|payload| match payload {
                Payload::ExportSection(exports) => Some(exports.into_iter().map(Result::unwrap)),
                _ => None,
            });
            exports.flatten().map(|export| export.name.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(exports(&wasm), ["start"]);
        // The script that fetches the parts counts too.
        let (wasm, _) = slim(&module(), GLUE, "wasm.stream_free").unwrap();
        assert_eq!(exports(&wasm), ["start", "stream_free"]);
    }
}
