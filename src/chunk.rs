//! Parts of the app that come as files of their own when they are first needed.
//!
//! A first visit downloads what it uses and nothing else. [`chunk!`] declares a door into such a part:
//! an `async` function that gives the part's entry, a function pointer. In the release site
//! (`--features split`) `cargo xtask build` cuts the wasm along these doors with
//! [wasm-split](https://docs.rs/wasm_split_cli_support): what is reached only through a door goes into
//! the part's file, and calling the door fetches it, once. Everywhere else, in tests and development,
//! there is one wasm and a door is open.
//!
//! What is called through a door must not be called directly from elsewhere: it would be linked into
//! the first file again. `cargo xtask size` prints what each file holds.

/// The part could not be fetched: no network, or the site has been replaced by a newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        // The loader has written the cause to the console.
        Self
    }
}

/// Declares `async fn $door() -> Result<$entry, Missing>`, which opens the part `$part`.
///
/// All doors into one part share its file. `$entry` is a function pointer type, `$value` the function.
macro_rules! chunk {
    ($part:ident, $(#[$meta:meta])* $door:ident: $entry:ty = $value:expr) => {
        $(#[$meta])*
        #[cfg(feature = "split")]
        #[allow(unsafe_code, reason = "the macro declares the import and export it is cut at")]
        #[wasm_split_helpers::wasm_split($part, fallible)]
        fn $door() -> Result<$entry, $crate::chunk::Missing> {
            Ok($value)
        }

        $(#[$meta])*
        #[cfg(not(feature = "split"))]
        async fn $door() -> Result<$entry, $crate::chunk::Missing> {
            Ok($value)
        }
    };
}
pub(crate) use chunk;
