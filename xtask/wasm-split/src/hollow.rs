//! Classes that libraries export for scripts, and that no script here uses (Leptos brings those of streams).
//!
//! wasm-bindgen wants their exports to be there, and whatever is behind an export stays. So the exports stay as well, and
//! what is behind them goes: the functions are emptied before the wasm is cut along what refers to what. The glue's part
//! of them is taken off by [`crate::slim`].

use std::{collections::HashSet, ops::Range};

use eyre::{Result, ensure};
use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{
    BinaryReader, Export, ExternalKind, Parser, Payload, RelocSectionReader, TypeRef,
};

/// How wasm-bindgen names the function that frees an object of a class: `__wbg_stream_free_58a9338f50bce61c`.
const PREFIX: &str = "__wbg_";
const FREE: &str = "_free";
/// The relocations of the functions, see
/// <https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#relocation-sections>.
const RELOCATIONS: &str = "reloc.CODE";

/// The module with the functions of classes emptied. All else stays as it is, byte for byte: relocations count them.
pub fn without_classes(wasm: &[u8]) -> Result<Vec<u8>> {
    let emptied = functions_of_classes(wasm)?;
    let mut bytes = wasm.to_vec();
    for body in &emptied {
        // No locals, never returns, nothing more up to the end that is there already.
        if let Some([locals, first, rest @ .., _end]) = bytes.get_mut(body.clone()) {
            (*locals, *first) = (0, 0);
            rest.fill(1);
        }
    }
    let mut code = 0;
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::CodeSectionStart { range, .. } = &payload {
            code = position(range.start)?;
        }
        if let Payload::CustomSection(custom) = &payload
            && custom.name() == RELOCATIONS
        {
            let reader = BinaryReader::new(custom.data(), 0);
            let reader = RelocSectionReader::new(reader)?;
            let is_left = |offset| emptied.iter().all(|body| !body.contains(&(code + offset)));
            let data = relocations(custom.data(), &reader, is_left)?;
            module.section(&CustomSection { name: RELOCATIONS.into(), data: data.into() });
        } else if let Some((id, range)) = payload.as_section() {
            let data = bytes.get(position(range.start)?..position(range.end)?);
            module.section(&RawSection { id, data: data.unwrap_or_default() });
        }
    }
    Ok(module.finish())
}

fn position(offset: u64) -> Result<usize> {
    Ok(usize::try_from(offset)?)
}

/// Where the bodies of their functions are.
fn functions_of_classes(wasm: &[u8]) -> Result<Vec<Range<usize>>> {
    let mut function = 0;
    let mut wanted = HashSet::new();
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    function += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::ExportSection(exports) => {
                wanted = of_classes(&exports.into_iter().collect::<Result<Vec<_>, _>>()?)?;
            }
            Payload::CodeSectionEntry(body) => {
                if wanted.contains(&function) {
                    bodies.push(position(body.range().start)?..position(body.range().end)?);
                }
                function += 1;
            }
            _ => {}
        }
    }
    Ok(bodies)
}

/// The functions that are exported for a class: what frees it names it, and its name begins those of the others.
fn of_classes(exports: &[Export<'_>]) -> Result<HashSet<u32>> {
    let class = |export: &Export<'_>| {
        let (class, hash) = export.name.strip_prefix(PREFIX)?.split_once(FREE)?;
        (hash.is_empty() || hash.starts_with('_')).then(|| class.to_owned())
    };
    let classes: Vec<String> = exports.iter().filter_map(class).collect();
    let is_of_class = |export: &&Export<'_>| {
        let name = export.name.strip_prefix(PREFIX).unwrap_or(export.name);
        let mut rests = classes.iter().filter_map(|class| name.strip_prefix(&**class));
        export.kind == ExternalKind::Func && rests.any(|rest| rest.starts_with('_'))
    };
    let (theirs, others): (Vec<&Export<'_>>, Vec<&Export<'_>>) =
        exports.iter().partition(is_of_class);
    let theirs: HashSet<u32> = theirs.iter().map(|export| export.index).collect();
    // The linker may make one of functions that do the same.
    for export in others.iter().filter(|export| export.kind == ExternalKind::Func) {
        ensure!(!theirs.contains(&export.index), "{} is also of a class", export.name);
    }
    Ok(theirs)
}

/// The relocations at offsets that are left.
fn relocations(
    section: &[u8],
    reader: &RelocSectionReader<'_>,
    is_left: impl Fn(usize) -> bool,
) -> Result<Vec<u8>> {
    let mut entries = reader.entries().into_iter_with_offsets().collect::<Result<Vec<_>, _>>()?;
    let mut end = section.len();
    let (mut count, mut data) = (0_u32, Vec::new());
    while let Some((start, entry)) = entries.pop() {
        let start = position(start)?;
        if is_left(position(entry.offset.into())?) {
            count += 1;
            data.push(section.get(start..end).unwrap_or_default());
        }
        end = start;
    }
    let mut left = Vec::new();
    reader.section_index().encode(&mut left);
    count.encode(&mut left);
    left.extend(data.into_iter().rev().flatten());
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, TypeSection,
    };
    use wasmparser::Validator;

    /// An import, which three functions call twice each, and the relocations of these calls.
    fn module(exported: [&str; 3]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("p", "log", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0).function(0);
        let mut exports = ExportSection::new();
        for (index, name) in (1..).zip(exported) {
            exports.export(name, ExportKind::Func, index);
        }
        let mut code = CodeSection::new();
        for _ in 0..3 {
            let mut body = Function::new([]);
            body.instructions().call(0).call(0).end();
            code.function(&body);
        }
        // Of section 4, six of functions: a body is its length, locals, two calls of two bytes, the end.
        let mut relocations = vec![4, 6];
        for body in [1, 8, 15] {
            relocations.extend([0, body + 3, 0, 0, body + 5, 0]);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code);
        module.section(&CustomSection { name: RELOCATIONS.into(), data: relocations.into() });
        module.finish()
    }

    /// The offsets of the relocations that a module has.
    fn relocated(wasm: &[u8]) -> Vec<u32> {
        let mut offsets = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CustomSection(custom) = payload.unwrap() {
                let reader = RelocSectionReader::new(BinaryReader::new(custom.data(), 0)).unwrap();
                assert_eq!(reader.section_index(), 4);
                offsets.extend(reader.entries().into_iter().map(|entry| entry.unwrap().offset));
            }
        }
        offsets
    }

    #[test]
    fn what_is_exported_for_a_class_refers_to_nothing() {
        let whole = module(["__wbg_stream_free_58a9", "main", "stream_pull_58a9"]);
        assert_eq!(relocated(&whole), [4, 6, 11, 13, 18, 20]);
        let hollow = without_classes(&whole).unwrap();
        Validator::new().validate_all(&hollow).unwrap();
        assert_eq!(relocated(&hollow), [11, 13]);
    }

    #[test]
    fn what_is_of_no_class_stays_byte_for_byte() {
        let whole = module(["stream_pull_58a9", "main", "__wbg_stream_freely"]);
        assert_eq!(without_classes(&whole).unwrap(), whole);
    }
}
