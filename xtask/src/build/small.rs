//! How cargo makes the release's wasm as small as it gets.
//!
//! The standard library comes built for speed, with a message and a place in the source for each of its panics.
//! In a browser a panic ends in a trap and nobody reads the message. So the site's own build of it is for size, and a
//! panic is a trap and nothing else: a sixteenth of all bytes less. Both settings are unstable
//! (<https://doc.rust-lang.org/cargo/reference/unstable.html#build-std>,
//! <https://doc.rust-lang.org/rustc/codegen-options/index.html#panic>), which is why the compiler is told to take them
//! and why rust-toolchain.toml names one version of it.

use std::path::PathBuf;

use crate::{step::Step, tools::WASM_TARGET, workspace::Workspace};

const SETTINGS: &[(&str, &str)] = &[
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    // Before all other flags that cargo knows of; `\x1f` parts them.
    ("CARGO_ENCODED_RUSTFLAGS", "-Zunstable-options\x1f-Cpanic=immediate-abort"),
];

/// `step`, which calls cargo, with the settings. It has a target folder of its own: what the settings change would
/// be built again with every other call of cargo.
pub fn with_settings(workspace: &Workspace, step: Step) -> Step {
    let step = step.env("CARGO_TARGET_DIR", folder(workspace));
    SETTINGS.iter().fold(step, |step, (name, value)| step.env(name, value))
}

/// What the linker has left of the binary `bin`.
pub fn linked(workspace: &Workspace, bin: &str) -> PathBuf {
    folder(workspace).join(WASM_TARGET).join(format!("release/{bin}.wasm"))
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("site")
}
