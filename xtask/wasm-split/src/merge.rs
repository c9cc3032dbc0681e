//! What several parts share, merged into one of them.
//!
//! Whatever two parts or more need is cut into files by who needs it, and a part comes in a dozen files, each with a
//! journey of its own. A part that most readers come to first takes in what it shares, and the others come after it.

use std::{
    collections::HashMap,
    convert::Infallible,
    fs,
    mem::{self, Discriminant},
    path::Path,
};

use eyre::{Result, WrapErr, ensure};
use wasm_encoder::{
    CodeSection, CustomSection, DataCountSection, DataSection, ElementSection, FunctionSection,
    ImportSection, Module, NameMap, NameSection, SectionId, TypeSection, reencode::Reencode,
};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// What a module needs of a browser, for wasm-opt.
const FEATURES: &str = "target_features";

type Error = wasm_encoder::reencode::Error<Infallible>;

/// Merges the files of `part`, in the folder `out`, into its own. `files` are those of each part, its own last.
pub fn into(part: &str, files: &mut HashMap<String, Vec<String>>, out: &Path) -> Result<()> {
    let Some(own) = files.get_mut(part).map(|files| files.split_off(files.len().saturating_sub(1)))
    else {
        return Ok(());
    };
    let shared = files.insert(part.to_owned(), own.clone()).unwrap_or_default();
    let path = |file: &String| out.join(format!("{file}.wasm"));
    let read = |file| fs::read(path(file)).wrap_err_with(|| format!("reading {file}"));
    let modules = shared.iter().chain(&own).map(read).collect::<Result<Vec<_>>>()?;
    let merged = merged(&modules)?;
    for file in &shared {
        fs::remove_file(path(file)).wrap_err_with(|| format!("removing {file}"))?;
    }
    for file in &own {
        fs::write(path(file), &merged).wrap_err_with(|| format!("writing {file}"))?;
    }
    for others in files.values_mut() {
        let before = others.len();
        others.retain(|file| !shared.contains(file));
        if others.len() < before {
            others.splice(..0, own.iter().cloned());
        }
    }
    Ok(())
}

/// One module that does what `modules` do, which have nothing to do with one another: they lend nothing, borrow the same
/// memory, table and stack, and find what they call of others in the table.
fn merged(modules: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut sections = Sections::default();
    for module in modules {
        sections.take(module)?;
    }
    Ok(sections.finish())
}

/// What the module that is made consists of.
#[derive(Default)]
struct Sections<'a> {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
    names: NameMap,
    features: Option<&'a [u8]>,
    /// What is imported: each the only one of its kind, so that all modules number it alike.
    borrowed: HashMap<Discriminant<TypeRef>, &'a str>,
}

impl<'a> Sections<'a> {
    /// Adds a module to those before it.
    fn take(&mut self, module: &'a [u8]) -> Result<()> {
        let mut behind = Behind {
            types: self.types.len(),
            functions: self.functions.len(),
            elements: self.elements.len(),
            data: self.data.len(),
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(types) => behind.parse_type_section(&mut self.types, types)?,
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        let kind = mem::discriminant(&import.ty);
                        let is_function = matches!(import.ty, TypeRef::Func(_));
                        ensure!(!is_function, "a part imports {}", import.name);
                        match self.borrowed.insert(kind, import.name) {
                            Some(known) => {
                                ensure!(known == import.name, "{known}, {}", import.name)
                            }
                            None => behind.parse_import(&mut self.imports, import)?,
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    behind.parse_function_section(&mut self.functions, functions)?;
                }
                Payload::ElementSection(elements) => {
                    behind.parse_element_section(&mut self.elements, elements)?;
                }
                Payload::CodeSectionEntry(body) => {
                    behind.parse_function_body(&mut self.code, body)?
                }
                Payload::DataSection(data) => behind.parse_data_section(&mut self.data, data)?,
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(names) => {
                        for names in names {
                            let Name::Function(functions) = names? else { continue };
                            for name in functions {
                                let name = name?;
                                self.names.append(behind.functions + name.index, name.name);
                            }
                        }
                    }
                    _ if custom.name() == FEATURES => self.features = Some(custom.data()),
                    _ => {}
                },
                // What is borrowed is all there is of these.
                Payload::TableSection(tables) => ensure!(tables.count() == 0, "a part has a table"),
                Payload::GlobalSection(globals) => {
                    ensure!(globals.count() == 0, "a part has globals")
                }
                Payload::ExportSection(exports) => {
                    ensure!(exports.count() == 0, "a part lends something")
                }
                payload => {
                    let known = [SectionId::Code, SectionId::DataCount].map(u8::from);
                    let is_known = |id| known.contains(&id);
                    ensure!(
                        payload.as_section().is_none_or(|(id, _)| is_known(id)),
                        "a part has {payload:?}"
                    );
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Vec<u8> {
        let mut names = NameSection::new();
        names.functions(&self.names);
        let mut module = Module::new();
        module.section(&self.types).section(&self.imports).section(&self.functions);
        module.section(&self.elements).section(&DataCountSection { count: self.data.len() });
        module.section(&self.code).section(&self.data).section(&names);
        if let Some(data) = self.features {
            module.section(&CustomSection { name: FEATURES.into(), data: data.into() });
        }
        module.finish()
    }
}

/// Numbers what a module has of its own behind what is there already.
struct Behind {
    types: u32,
    functions: u32,
    elements: u32,
    data: u32,
}

impl Reencode for Behind {
    type Error = Infallible;

    fn type_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(self.types + index)
    }

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(self.functions + index)
    }

    fn element_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(self.elements + index)
    }

    fn data_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(self.data + index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, process};
    use wasm_encoder::{
        ConstExpr, Elements, EntityType, Function, GlobalType, MemoryType, RefType, TableType,
        ValType,
    };
    use wasmparser::Validator;

    /// Puts its one function, which calls itself, at a place of the table, and a byte at the same of memory.
    fn part(place: i32, imports_stack: bool) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], []);
        let mut imports = ImportSection::new();
        let table = TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 9,
            maximum: None,
            shared: false,
        };
        let memory = MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        imports.import("parts", "table", EntityType::Table(table));
        imports.import("parts", "memory", EntityType::Memory(memory));
        if imports_stack {
            let stack = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
            imports.import("parts", "stack", EntityType::Global(stack));
        }
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut elements = ElementSection::new();
        elements.active(
            None,
            &ConstExpr::i32_const(place),
            Elements::Functions([0].as_slice().into()),
        );
        let mut code = CodeSection::new();
        let mut body = Function::new([]);
        body.instructions().local_get(0).call(0).end();
        code.function(&body);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(place), [7]);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&elements);
        module.section(&code).section(&data);
        module.finish()
    }

    #[test]
    fn a_merged_module_has_each_function_and_borrows_everything_once() {
        let wasm = merged(&[part(3, false), part(5, true), part(6, true)]).unwrap();
        Validator::new().validate_all(&wasm).unwrap();
        let (mut borrowed, mut calls, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(&wasm) {
            match payload.unwrap() {
                Payload::ImportSection(imports) => {
                    borrowed.extend(
                        imports.into_imports().map(|import| import.unwrap().name.to_owned()),
                    );
                }
                Payload::CodeSectionEntry(body) => {
                    let mut operators = body.get_operators_reader().unwrap().into_iter();
                    calls.extend(operators.find_map(|operator| match operator.unwrap() {
                        wasmparser::Operator::Call { function_index } => Some(function_index),
                        _ => None,
                    }));
                }
                Payload::DataSection(data) => places.push(data.count()),
                Payload::ElementSection(elements) => places.push(elements.count()),
                _ => {}
            }
        }
        assert_eq!(borrowed, ["table", "memory", "stack"]);
        assert_eq!(calls, [0, 1, 2]);
        assert_eq!(places, [3, 3]);
    }

    #[test]
    fn the_others_come_after_the_part_that_has_taken_in_what_they_share() {
        let out = env::temp_dir().join(format!("haidang-merge-{}", process::id()));
        fs::create_dir_all(&out).unwrap();
        for (place, file) in (1..).zip(["chunk_1", "chunk_2", "chunk_3", "split_a", "split_b"]) {
            fs::write(out.join(format!("{file}.wasm")), part(place, true)).unwrap();
        }
        let list = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>();
        let mut files = HashMap::from([
            ("a".to_owned(), list(&["chunk_1", "chunk_2", "split_a"])),
            ("b".to_owned(), list(&["chunk_2", "chunk_3", "split_b"])),
            ("c".to_owned(), list(&["chunk_3", "split_c"])),
        ]);
        into("a", &mut files, &out).unwrap();
        assert_eq!(files["a"], ["split_a"]);
        assert_eq!(files["b"], ["split_a", "chunk_3", "split_b"]);
        assert_eq!(files["c"], ["chunk_3", "split_c"]);
        let mut left: Vec<_> =
            fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["chunk_3.wasm", "split_a.wasm", "split_b.wasm"]);
        // A binary without the part stays as it is.
        let before = files.clone();
        into("none", &mut files, &out).unwrap();
        assert_eq!(files, before);
        fs::remove_dir_all(&out).unwrap();
    }
}
