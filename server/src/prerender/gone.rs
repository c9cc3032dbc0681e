//! Rules by which a static host says of withdrawn articles that they are gone (410).

use std::collections::BTreeSet;

use super::place;

/// For nginx, to be included in a `server` block: what was taken back and has a page that says so goes out with
/// that, what is no more without.
pub fn nginx<'a>(
    base: &str,
    withdrawn: impl IntoIterator<Item = &'a String>,
    gone: &BTreeSet<String>,
) -> String {
    // Addresses are letters, digits and `-_.~:/`: nothing of them means anything to nginx.
    let withdrawn = withdrawn.into_iter().map(|file| {
        let address = place::address(file);
        format!("location = {base}{address} {{ error_page 410 {base}{file}; return 410; }}\n")
    });
    let gone = gone.iter().map(|address| format!("location = {base}{address} {{ return 410; }}\n"));
    withdrawn.chain(gone).collect()
}

/// The addresses, one a line, for any other host.
pub fn list<'a>(
    base: &str,
    withdrawn: impl IntoIterator<Item = &'a String>,
    gone: &BTreeSet<String>,
) -> String {
    let withdrawn = withdrawn.into_iter().map(|file| place::address(file));
    let all: BTreeSet<&str> = withdrawn.chain(gone.iter().map(String::as_str)).collect();
    all.into_iter().map(|address| format!("{base}{address}\n")).collect()
}
