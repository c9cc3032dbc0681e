//! The script that fetches the parts: ours, `parts.js`, in place of the one that is generated.
//!
//! The generated one begins to fetch a part when it is wanted. Who knows that before the first part has even come,
//! an element for comments, asks early.

use std::collections::{BTreeMap, HashMap};

use eyre::{OptionExt, Result, ensure};

const SCRIPT: &str = include_str!("parts.js");

/// The script for parts and the files of each, its own last; `theirs` is the generated script, which alone says
/// what the first part lends to the others.
pub fn script(files: HashMap<String, Vec<String>>, theirs: &str) -> Result<String> {
    let shared =
        theirs.split_once("const { ").and_then(|(_, rest)| rest.split_once("} = initSync("));
    let (shared, _) = shared.ok_or_eyre("the generated script does not say what is shared")?;
    let shared = shared.split(',').map(str::trim).filter(|name| !name.is_empty()).map(quoted);
    let files: BTreeMap<_, _> = files.into_iter().collect();
    for (part, files) in &files {
        let own = format!("split_{part}");
        ensure!(files.last() == Some(&own), "the part {part} has nothing of its own");
    }
    let parts = files.iter().map(|(part, files)| {
        let files = files.iter().map(|file| quoted(file.trim_start_matches("split_")));
        format!("{part}: [{}]", list(files))
    });
    let doors = files.keys().map(|part| {
        // As wasm_split_macros names it.
        format!("export const __wasm_split_load_{part} = door(\"{part}\");\n")
    });
    let (parts, shared, doors) = (list(parts), list(shared), doors.collect::<String>());
    Ok(format!("const PARTS = {{{parts}}};\nconst SHARED = [{shared}];\n\n{SCRIPT}\n{doors}"))
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_knows_the_files_of_each_part_and_what_is_lent() {
        let files = HashMap::from([
            ("thread".to_owned(), vec!["chunk_7".to_owned(), "split_thread".to_owned()]),
            ("disk".to_owned(), vec!["split_disk".to_owned()]),
        ]);
        let theirs =
            "const { __indirect_function_table, memory,  } = initSync(undefined, undefined);";
        let script = script(files, theirs).unwrap();
        assert!(
            script.contains(r#"const PARTS = {disk: ["disk"], thread: ["chunk_7", "thread"]};"#)
        );
        assert!(script.contains(r#"const SHARED = ["__indirect_function_table", "memory"];"#));
        assert!(script.contains(r#"export const __wasm_split_load_thread = door("thread");"#));
    }
}
