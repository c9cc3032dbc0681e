//! Functions in the order in which they compress best.
//!
//! wasm-opt puts those first that are called most, so that their numbers are short. With hundreds of imports before them
//! none is, and Brotli, which says of what it has seen before how far back that is, finds like beside like cheaper:
//! a part becomes smaller by a fortieth.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    convert::Infallible,
    fs,
    path::Path,
};

use eyre::{Result, WrapErr, ensure, eyre};
use wasm_encoder::{
    CodeSection, FunctionSection, Module,
    reencode::{self, Reencode, utils},
};
use wasmparser::{FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

type Error = reencode::Error<Infallible>;

/// Puts the functions of a module in order, in place.
pub fn file(module: &Path) -> Result<()> {
    let wasm = fs::read(module).wrap_err_with(|| format!("reading {}", module.display()))?;
    fs::write(module, ordered(&wasm)?).wrap_err_with(|| format!("writing {}", module.display()))
}

fn ordered(wasm: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(functions) => {
                types = functions.into_iter().collect::<Result<Vec<u32>, _>>()?;
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    ensure!(types.len() == bodies.len(), "{} types of {} functions", types.len(), bodies.len());
    let order = like_beside_like(&bodies.iter().map(FunctionBody::as_bytes).collect::<Vec<_>>());
    let mut places = vec![0; order.len()];
    for (place, function) in (imported..).zip(&order) {
        *places.get_mut(*function).ok_or_else(|| eyre!("there is no function {function}"))? = place;
    }
    let mut functions = types.into_iter().zip(bodies).map(Some).collect::<Vec<_>>();
    let functions = order.iter().filter_map(|function| functions.get_mut(*function)?.take());
    let (types, bodies) = functions.unzip();
    let mut sorted = Sorted { imported, places, types, bodies };
    let mut module = Module::new();
    sorted.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// How many bytes in a row are alike by more than chance.
const RUN: usize = 6;
/// What more functions have in common than this says nothing of any.
const COMMON: usize = 200;
/// How many of those that stand already the next one should resemble.
const BEFORE: usize = 3;

/// The numbers of functions, each followed by the one that has most in common with it and those before it.
fn like_beside_like(functions: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<HashSet<&[u8]>> =
        functions.iter().map(|function| function.windows(RUN).collect()).collect();
    let mut having: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for run in runs {
            having.entry(run).or_default().push(function);
        }
    }
    having.retain(|_, functions| functions.len() < COMMON);
    let size = |function: usize| runs.get(function).map_or(0, HashSet::len);

    let mut left: BTreeSet<usize> = (0..functions.len()).collect();
    let mut order: Vec<usize> = Vec::new();
    while !left.is_empty() {
        let mut shared = HashMap::new();
        for before in order.iter().rev().take(BEFORE).filter_map(|before| runs.get(*before)) {
            let alike = before.iter().filter_map(|run| having.get(run)).flatten();
            for function in alike.filter(|function| left.contains(function)) {
                *shared.entry(*function).or_insert(0) += 1;
            }
        }
        // By how much of it is known; the size of nothing in particular keeps the smallest from coming first.
        let known = |function: usize, shared: usize| 1000 * shared / (size(function) + 20);
        let like = shared
            .into_iter()
            .max_by_key(|(function, shared)| (known(*function, *shared), *function));
        let largest = || left.iter().copied().max_by_key(|function| size(*function));
        let Some(next) = like.map(|(function, _)| function).or_else(largest) else { break };
        left.remove(&next);
        order.push(next);
    }
    order
}

/// A module with its functions in another order.
struct Sorted<'a> {
    imported: u32,
    /// What each function is called now, by its number among those that are not imported.
    places: Vec<u32>,
    /// The types and bodies, in the new order.
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
}

impl Reencode for Sorted<'_> {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        let own = index.checked_sub(self.imported).and_then(|own| usize::try_from(own).ok());
        Ok(own.and_then(|own| self.places.get(own)).copied().unwrap_or(index))
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for index in &self.types {
            section.function(*index);
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        _: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let place = usize::try_from(code.len()).unwrap_or(usize::MAX);
        match self.bodies.get(place).cloned() {
            Some(body) => utils::parse_function_body(self, code, body),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{ExportKind, ExportSection, Function, TypeSection, ValType};
    use wasmparser::{Operator, Validator};

    #[test]
    fn like_functions_stand_beside_each_other_whatever_their_numbers() {
        let order = like_beside_like(&[b"abcdefgh1234", b"zyxwvuts", b"abcdefgh56", b"_zyxwvuts_"]);
        assert_eq!(order, [0, 2, 3, 1]);
    }

    #[test]
    fn too_small_or_too_common_a_function_is_not_lost() {
        let mut functions: Vec<&[u8]> = vec![b"the same in all"; COMMON + 1];
        functions.extend([&b""[..], b"a"]);
        let mut order = like_beside_like(&functions);
        order.sort_unstable();
        assert_eq!(order, (0..functions.len()).collect::<Vec<_>>());
    }

    /// The constants that the functions of a module push, and what each calls after them.
    fn calls(wasm: &[u8]) -> Vec<(Vec<i32>, Vec<u32>)> {
        let mut all = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
            let (mut pushed, mut called) = (Vec::new(), Vec::new());
            for operator in body.get_operators_reader().unwrap() {
                match operator.unwrap() {
                    Operator::I32Const { value } => pushed.push(value),
                    Operator::Call { function_index } => called.push(function_index),
                    _ => {}
                }
            }
            all.push((pushed, called));
        }
        all
    }

    #[test]
    fn a_function_is_called_and_exported_wherever_it_stands() {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I32]);
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        // Two kinds by turns; each calls the next one.
        for number in 0..6_u32 {
            functions.function(number % 2);
            exports.export(&format!("f{number}"), ExportKind::Func, number);
            let kind = i32::try_from(number % 2).unwrap() + 1;
            let mut body = Function::new([]);
            for turn in 0..8 {
                body.instructions().i32_const(kind * (turn + 1)).drop();
            }
            body.instructions().i32_const(i32::try_from(number).unwrap()).drop();
            body.instructions().call((number + 2) % 6);
            body.instructions().end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        let wasm = module.finish();
        Validator::new().validate_all(&wasm).unwrap();
        let sorted = ordered(&wasm).unwrap();
        Validator::new().validate_all(&sorted).unwrap();

        let calls = calls(&sorted);
        let number = |place: usize| *calls[place].0.last().unwrap();
        let kinds: Vec<_> = (0..6).map(|place| number(place) % 2).collect();
        assert!(kinds.is_sorted() || kinds.is_sorted_by(|a, b| a >= b), "{kinds:?}");
        for (place, (_, called)) in calls.iter().enumerate() {
            let callee = usize::try_from(called[0]).unwrap();
            assert_eq!(number(callee), (number(place) + 2) % 6);
        }
        for payload in Parser::new(0).parse_all(&sorted) {
            let Payload::ExportSection(exports) = payload.unwrap() else { continue };
            for export in exports {
                let export = export.unwrap();
                let place = usize::try_from(export.index).unwrap();
                assert_eq!(export.name, format!("f{}", number(place)));
            }
        }
    }
}
