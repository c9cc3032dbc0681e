//! One article in Leptos and nothing else: no router, no `Suspense`, no resource. What is left is
//! what the WebAssembly of any Leptos page costs.

#[cfg(target_arch = "wasm32")]
mod article;
#[cfg(target_arch = "wasm32")]
mod body;
#[cfg(target_arch = "wasm32")]
mod page;

fn main() {
    #[cfg(target_arch = "wasm32")]
    page::start();
}
