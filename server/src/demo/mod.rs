//! The demo portal, embedded: what a first start fills the database with, and its pictures and files.

mod body;
mod dates;
mod generate;
mod import;
mod insert;
mod insert_documents;
mod insert_works;
mod shapes;

use std::{borrow::Cow, collections::BTreeMap};

use include_dir::{Dir, include_dir};

pub use generate::{Shape, generate_comments};
pub use import::import;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// Content to import: files by their path.
#[derive(Debug, Clone, Default)]
pub struct Content(pub BTreeMap<String, Cow<'static, [u8]>>);

impl Content {
    /// The demo portal.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Self(files)
    }

    /// A file, if there is one.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(|bytes| bytes.as_ref())
    }
}

fn collect(dir: &Dir<'static>, files: &mut BTreeMap<String, Cow<'static, [u8]>>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.insert(path, Cow::Borrowed(file.contents()));
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}

/// A picture (`media/…`) or a file (`files/…`) of the demo portal.
pub fn asset(path: &str) -> Option<&'static [u8]> {
    EMBEDDED.get_file(path).map(|file| file.contents())
}
