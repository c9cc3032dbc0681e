//! Cuts and slims the app's wasm: what `cargo xtask build` does between Rust's linker and wasm-opt.
//!
//! - `wasm-split cut IN.wasm OUT` cuts along the doors of `src/chunk.rs`: `OUT/haidang.wasm` is the part
//!   of a first visit, for wasm-bindgen to go on with; `OUT/split_*.wasm` and `OUT/chunk_*.wasm` come on
//!   demand, `OUT/parts.js` fetches them. The work is that of
//!   <https://docs.rs/wasm_split_cli_support>; what is behind the doors of another binary and behind classes that
//!   nobody uses goes first, see [`doors`] and [`hollow`], and the script is ours, see [`parts`].
//! - `wasm-split slim MODULE.wasm GLUE.js PARTS.js` takes from what wasm-bindgen has made what no reader needs:
//!   see [`slim`].
//! - `wasm-split order MODULE.wasm` puts functions that are alike beside each other, after wasm-opt: see [`order`].

mod doors;
mod hollow;
mod merge;
mod order;
mod parts;
mod slim;

use std::{env, ffi::OsString, fs, path::Path};

use eyre::{Result, WrapErr, bail};
use wasm_split_cli_support::{Options, transform};

/// The part that most readers come to first: the others come after it.
const FIRST: &str = "lists";

fn main() -> Result<()> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    match args.as_slice() {
        [verb, input, out] if verb == "cut" => cut(Path::new(input), Path::new(out)),
        [verb, module, glue, parts] if verb == "slim" => {
            slim::files(Path::new(module), Path::new(glue), Path::new(parts))
        }
        [verb, module] if verb == "order" => order::file(Path::new(module)),
        _ => bail!(
            "usage: wasm-split cut IN.wasm OUT | slim MODULE.wasm GLUE.js PARTS.js | order MODULE.wasm"
        ),
    }
}

fn cut(input: &Path, out: &Path) -> Result<()> {
    let wasm = fs::read(input).wrap_err_with(|| format!("reading {}", input.display()))?;
    let wasm = hollow::without_classes(&doors::without_walls(&wasm)?)?;
    let main = out.join("haidang.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = out;
    options.main_out_path = &main;
    options.main_module = "./haidang.js";
    options.link_name = "./parts.js";
    let mut files = transform(options)?.prefetch_map;
    merge::into(FIRST, &mut files, out)?;
    let script = out.join("parts.js");
    let theirs =
        fs::read_to_string(&script).wrap_err_with(|| format!("reading {}", script.display()))?;
    fs::write(&script, parts::script(files, &theirs)?)
        .wrap_err_with(|| format!("writing {}", script.display()))
}
