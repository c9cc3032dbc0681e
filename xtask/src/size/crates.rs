//! Which crate each function of a wasm came from, by its name.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// What no crate's name is on: the allocator's entry points, memory routines, shims.
const NO_CRATE: &str = "(no crate)";

/// Bytes by crate, and by section for what is not code; the largest first.
///
/// Generic code counts for the crate that wrote it, not for the one that asked for it. The
/// section with the names themselves is left out: what is shipped has none.
pub fn weigh(wasm: &[u8]) -> Result<Vec<(String, u64)>> {
    let mut names = BTreeMap::new();
    let mut bodies = Vec::new();
    let mut imported = 0_u32;
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(length(&body.range())),
            Payload::DataSection(data) => {
                parts.insert("(data: texts and tables)".to_owned(), length(&data.range()));
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(sections) = section.as_known() {
                    for subsection in sections {
                        if let Name::Function(map) = subsection? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionStart { .. } | Payload::Version { .. } | Payload::End(_) => {}
            other => {
                if let Some((_, range)) = other.as_section() {
                    *parts.entry("(types, tables, exports)".to_owned()).or_default() +=
                        length(&range);
                }
            }
        }
    }
    for (index, size) in (imported..).zip(bodies) {
        let name = names.get(&index).copied().unwrap_or_default();
        *parts.entry(crate_of(name)).or_default() += size;
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(name, size)| (Reverse(*size), name.clone()));
    Ok(parts)
}

fn length(range: &Range<u64>) -> u64 {
    range.end - range.start
}

/// The crate that a function's symbol names.
///
/// In `<A as B>::f` that is the crate of `A`, or of `B` where `A` is built into the language.
fn crate_of(symbol: &str) -> String {
    let path = format!("{:#}", rustc_demangle::demangle(symbol));
    let words = path.split(|c: char| !(c.is_alphanumeric() || "_:[]".contains(c)));
    let owner = words
        .filter_map(|word| word.trim_start_matches(':').split_once("::"))
        .map(|(name, _)| name.split('[').next().unwrap_or(name))
        .find(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    owner.unwrap_or(NO_CRATE).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_its_path_begins_with() {
        assert_eq!(crate_of("_ZN6leptos5mount4body17h0123456789abcdefE"), "leptos");
        assert_eq!(crate_of("haidang_engine::route::parse::h0123456789abcdef"), "haidang_engine");
    }

    #[test]
    fn both_ways_of_mangling_are_read() {
        assert_eq!(crate_of("_RNvNtCs1234_7mycrate3foo3bar"), "mycrate");
    }

    #[test]
    fn a_method_belongs_to_the_crate_of_its_type_else_of_its_trait() {
        assert_eq!(crate_of("<haidang::app::App as leptos::View>::build"), "haidang");
        assert_eq!(crate_of("<&mut serde_json::Value as core::fmt::Debug>::fmt"), "serde_json");
        assert_eq!(crate_of("<str as core::fmt::Display>::fmt"), "core");
        assert_eq!(crate_of("<[T] as alloc::slice::Concat>::concat"), "alloc");
    }

    #[test]
    fn what_has_no_path_belongs_to_no_crate() {
        assert_eq!(crate_of("memcpy"), NO_CRATE);
        assert_eq!(crate_of(""), NO_CRATE);
    }

    #[test]
    fn a_wasm_with_one_named_function_is_weighed() {
        // A module with the function `a::b`, whose body is one byte longer than empty.
        let wasm = [
            &b"\0asm\x01\0\0\0"[..],
            &[1, 4, 1, 0x60, 0, 0],
            &[3, 2, 1, 0],
            &[10, 5, 1, 3, 0, 1, 0x0b],
            &[0, 14, 4, b'n', b'a', b'm', b'e', 1, 7, 1, 0, 4, b'a', b':', b':', b'b'],
        ]
        .concat();
        let parts = weigh(&wasm).unwrap();
        assert!(parts.contains(&("a".to_owned(), 3)), "{parts:?}");
    }
}
