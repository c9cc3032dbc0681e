//! Asks for a thread through a profile, as the portal does, and nothing else: what the bench measures of it
//! is the way from an answer of a backend to comments of ours.

#[cfg(target_arch = "wasm32")]
mod ask;

fn main() {}
