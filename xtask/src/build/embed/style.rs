//! The portal's style for a shadow root in somebody else's page.
//!
//! There `:root` is not ours, a `rem` may be anything, and the width of the window says nothing of the room
//! that an element has.

use anyhow::{Result, ensure};

/// CSS pixels of a `rem` in the condition of a media query (Media Queries 4, "units": the initial font size).
const REM: f64 = 16.0;

/// What stands for the root, by what it says of itself. The first that fits counts.
const ROOTS: &[(&str, &str)] = &[
    // A reader who wants contrast gets it unless the page has chosen a theme; darkness is the page's matter.
    (
        "@media(prefers-contrast:more){:root:not([data-theme])",
        "@media(prefers-contrast:more){:host(:not([theme=light],[theme=dark],[theme=contrast]))",
    ),
    (":root:not([data-theme])", ":host([theme=auto])"),
    (":root[data-theme=dark]", ":host([theme=dark])"),
    (":root[data-theme=contrast]", ":host([theme=contrast])"),
    (":root:not([data-whole])", ".hd"),
    (":root,", ":host,"),
    (":root{", ":host{"),
];

/// Rules of the page, and of sizes that the reader has chosen on the portal.
const GONE: &[&str] = &["html{", "body{", ":root[data-size=", ":root[data-first-screen]"];

/// `css`, bundled and minified, for the shadow roots of elements.
pub fn for_shadow_root(css: &str) -> Result<String> {
    let mut css = without(css, GONE);
    for (root, host) in ROOTS {
        css = css.replace(root, host);
    }
    ensure!(!css.contains(":root"), "style/embed.css: `:root` in a form that is not known here");
    Ok(with_lengths(&css))
}

/// Without the rules whose selectors begin so.
fn without(css: &str, selectors: &[&str]) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    loop {
        let starts = |selector: &&str| {
            let found = rest.match_indices(*selector).map(|(at, _)| at);
            found
                .into_iter()
                .find(|at| rest[..*at].chars().next_back().is_none_or(|c| "{}".contains(c)))
        };
        let Some(start) = selectors.iter().filter_map(starts).min() else { break };
        let (before, rule) = rest.split_at(start);
        kept.push_str(before);
        rest = rule.split_once('}').map_or("", |(_, after)| after);
    }
    kept + rest
}

/// With the width of the element for that of the window, and a length of our own for `rem`.
fn with_lengths(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("@media") {
        let (before, query) = rest.split_at(at);
        out.push_str(&lengths(before, |rem| format!("calc({rem}*var(--hd-rem))")));
        let (condition, block) = query.split_at(query.find('{').unwrap_or(query.len()));
        let condition = lengths(condition, |rem| {
            format!("{}px", (rem.parse::<f64>().unwrap_or_default() * REM * 100.0).round() / 100.0)
        });
        let condition = match condition.contains("-width:") {
            true => condition.replace("@media(", "@container (").replace(")and ", ") and "),
            false => condition,
        };
        out.push_str(&condition);
        rest = block;
    }
    out + &lengths(rest, |rem| format!("calc({rem}*var(--hd-rem))"))
}

/// With every `…rem` replaced by what `length` makes of its number.
fn lengths(css: &str, length: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("rem") {
        let (before, after) = rest.split_at(at);
        let start =
            before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-').len();
        let (before, number) = before.split_at(start);
        out.push_str(before);
        let is_length = number.contains(|c: char| c.is_ascii_digit())
            && !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if is_length {
            out.push_str(&length(number));
        } else {
            out.push_str(number);
            out.push_str("rem");
        }
        rest = after.trim_start_matches("rem");
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(css: &str) -> String {
        for_shadow_root(css).unwrap()
    }

    #[test]
    fn the_root_is_the_element() {
        assert_eq!(made(":root{--a:1}:root,[lang]{--b:2}"), ":host{--a:1}:host,[lang]{--b:2}");
        assert_eq!(made(":root[data-theme=dark]{a:b}"), ":host([theme=dark]){a:b}");
        assert!(for_shadow_root(":root[data-new]{a:b}").is_err());
    }

    #[test]
    fn rules_of_the_page_are_gone() {
        assert_eq!(made("html{a:b}p{c:d}body{e:f}"), "p{c:d}");
        assert_eq!(made(":root[data-first-screen] p{a:b}p{c:d}"), "p{c:d}");
        assert_eq!(made("@media print{body{e:f}.body{g:h}}"), "@media print{.body{g:h}}");
    }

    #[test]
    fn a_rem_follows_the_text_of_the_page() {
        assert_eq!(
            made("p{margin:-.5rem 2rem}"),
            "p{margin:calc(-.5*var(--hd-rem)) calc(2*var(--hd-rem))}"
        );
        assert_eq!(made(".remark{--hd-remx:1}"), ".remark{--hd-remx:1}");
    }

    #[test]
    fn the_width_that_counts_is_that_of_the_element() {
        assert_eq!(
            made("@media(min-width:40rem)and (max-width:59.99rem){p{a:1rem}}"),
            "@container (min-width:640px) and (max-width:959.84px){p{a:calc(1*var(--hd-rem))}}"
        );
        assert_eq!(made("@media(pointer:coarse){p{a:b}}"), "@media(pointer:coarse){p{a:b}}");
    }
}
