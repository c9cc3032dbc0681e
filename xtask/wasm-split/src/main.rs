//! Cuts a linked wasm along the doors of `src/chunk.rs`: `wasm-split IN.wasm OUT`.
//!
//! `OUT/haidang.wasm` is the part of a first visit, for wasm-bindgen to go on with; `OUT/split_*.wasm`
//! and `OUT/chunk_*.wasm` are the parts that come on demand, `OUT/parts.js` fetches them.
//! The work is that of <https://docs.rs/wasm_split_cli_support>.

use std::{env, fs, path::PathBuf};

use eyre::{OptionExt, Result, WrapErr};
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let (input, out) = args.next().zip(args.next()).ok_or_eyre("usage: wasm-split IN.wasm OUT")?;
    let wasm = fs::read(&input).wrap_err_with(|| format!("reading {}", input.display()))?;
    let main = out.join("haidang.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = &out;
    options.main_out_path = &main;
    options.main_module = "./haidang.js";
    options.link_name = "./parts.js";
    let split = transform(options)?;
    for part in split.split_modules {
        println!("{}", part.display());
    }
    Ok(())
}
