//! The pages that a page leads to.

use haidang_engine::route::{Page, Route, Scope, Target};

use super::place;

/// The pages that links in `html`, which the app's views have printed, lead to and that have files of their own.
pub fn links(html: &str, scope: &Scope<'_>) -> Vec<Route> {
    let values = html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    values
        .filter_map(|href| route(href, scope))
        .filter(|route| place::file(route).is_some())
        .collect()
}

/// The page at an address that is relative to the portal's base, if it is one of everybody's.
pub fn route(href: &str, scope: &Scope<'_>) -> Option<Route> {
    // A place on the page is none of its own; a query has no file.
    let path =
        href.split('#').next().filter(|path| !path.contains('?') && !path.starts_with('/'))?;
    match scope.parse(path, "") {
        Target::Route(route) if !is_readers(&route.page) => Some(route),
        _ => None,
    }
}

/// Whether a page is each reader's own, so that there is nothing to print.
fn is_readers(page: &Page) -> bool {
    !haidang::pages::is_for_everybody(page) || matches!(page, Page::NotFound(_))
}

#[cfg(test)]
mod tests {
    use haidang_engine::lang::Lang;

    use super::*;

    #[test]
    fn only_pages_with_files_are_followed() {
        let html = r##"<a href="en/article/7/storm#c1">1</a><a href="en/section/news?page=2">2</a>
            <a class="x" href="https://other.example/en/">3</a><a href="en/search">4</a><a href="en/nonsense">5</a>
            <a href="fr/">6</a><a href="/en/">7</a><a href="en/tag/a~2Fb">8</a><a href="en/">9</a>"##;
        let scope = Scope { languages: &[Lang::ENGLISH], sources: &[] };
        let found: Vec<_> = links(html, &scope).iter().map(Route::href).collect();
        assert_eq!(found, ["en/article/7/storm", "en/tag/a~2Fb", "en/"]);
    }
}
