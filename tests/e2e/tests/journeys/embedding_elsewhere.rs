//! Elements in pages that make it hard.
