//! The doors of a binary that it never opens.
//!
//! The library has the doors of all binaries, and the linker keeps what is behind each, because it is exported.
//! A door that nobody goes through is a wall: its export goes, and with it what is reached by it alone.

use std::collections::HashSet;

use eyre::Result;
use wasm_encoder::{
    ExportSection, Module, RawSection,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmparser::{Parser, Payload};

/// How `wasm_split_helpers` names the two sides of a door.
const DOOR: &str = "__wasm_split_00";
const INSIDE: &str = "00_export_";
const OUTSIDE: &str = "00_import_";

/// The module without the exports behind doors that it does not import. All else stays as it is, byte for byte:
/// relocations count them.
pub fn without_walls(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut opened = HashSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let name = import?.name;
                if name.starts_with(DOOR) {
                    opened.insert(name.replacen(OUTSIDE, INSIDE, 1));
                }
            }
        }
    }
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::ExportSection(exports) = payload {
            let mut kept = ExportSection::new();
            for export in exports {
                let export = export?;
                if !export.name.starts_with(DOOR) || opened.contains(export.name) {
                    RoundtripReencoder.parse_export(&mut kept, export)?;
                }
            }
            module.section(&kept);
        } else if let Some((id, range)) = payload.as_section() {
            let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
            let data = wasm.get(start..end).unwrap_or_default();
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, Function, FunctionSection, ImportSection, TypeSection,
    };

    #[test]
    fn only_doors_that_are_opened_lead_somewhere() {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("p", "__wasm_split_00a00_import_1_open", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        for name in ["__wasm_split_00a00_export_1_open", "__wasm_split_00b00_export_2_open", "main"]
        {
            exports.export(name, ExportKind::Func, 1);
        }
        let mut code = CodeSection::new();
        let mut body = Function::new([]);
        body.instructions().end();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        let wasm = without_walls(&module.section(&code).clone().finish()).unwrap();
        let sections = Parser::new(0).parse_all(&wasm).map(Result::unwrap);
        let exports = sections.filter_map(|payload| match payload {
            Payload::ExportSection(exports) => Some(exports.into_iter().map(Result::unwrap)),
            _ => None,
        });
        let names: Vec<_> = exports.flatten().map(|export| export.name.to_owned()).collect();
        assert_eq!(names, ["__wasm_split_00a00_export_1_open", "main"]);
    }
}
