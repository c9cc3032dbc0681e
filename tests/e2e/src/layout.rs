//! How the page that is shown is laid out: what axe does not look at.

use anyhow::Result;
use serde_json::json;

use crate::Reader;

/// WCAG 2.2, 1.4.12: every reader may have text this far apart.
const SPACING: &str = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; \
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }";

/// Says what an element is, to find it by.
const NAME: &str = r#"(element) => element.outerHTML.slice(0, element.outerHTML.indexOf(">") + 1)
    + " " + words(element).slice(0, 40)"#;

impl Reader {
    /// By how many pixels the page is wider than the window (WCAG 2.2, 1.4.10), and what sticks out.
    pub async fn overflow(&self) -> Result<Vec<String>> {
        let expression = format!(
            r#"(() => {{
                const name = {NAME};
                const width = document.documentElement.clientWidth;
                const over = document.documentElement.scrollWidth - width;
                if (over <= 0) return [];
                const wide = all("body *").filter((e) => e.getBoundingClientRect().right > width + 1);
                return [`${{over}} px too wide`, ...wide.slice(0, 5).map(name)];
            }})()"#
        );
        self.evaluate(&expression).await
    }

    /// What can be pressed and is smaller than `least` by `least` pixels (24 in WCAG 2.2, 2.5.8), other
    /// than links in a line of text. A label is pressed for its field.
    pub async fn small_targets(&self, least: u32) -> Result<Vec<String>> {
        let expression = format!(
            r#"(() => {{
                const name = {NAME};
                const isInline = (e) => getComputedStyle(e).display === "inline";
                const line = (e) => isInline(e) ? line(e.parentElement) : e;
                const inText = (e) => words(line(e)).length > words(e).length;
                const hidden = (e) => !e.checkVisibility({{ visibilityProperty: true }})
                    || e.closest(".skip, .visually-hidden, .trap");
                return all("a[href], button, input, select, textarea, summary").filter((e) => {{
                    if (hidden(e) || inText(e)) return false;
                    const {{ width, height }} = (e.closest("label") ?? e).getBoundingClientRect();
                    return width < {least} - 0.1 || height < {least} - 0.1;
                }}).map(name);
            }})()"#
        );
        self.evaluate(&expression).await
    }

    /// What is cut off once the reader sets text as far apart as WCAG 2.2, 1.4.12 lets them.
    pub async fn clipped_when_spaced(&self) -> Result<Vec<String>> {
        let expression = format!(
            r#"(() => {{
                const name = {NAME};
                const spaced = new CSSStyleSheet();
                spaced.replaceSync({});
                document.adoptedStyleSheets = [...document.adoptedStyleSheets, spaced];
                const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
                const cut = all("body *").filter((e) => {{
                    if (!e.checkVisibility() || !words(e) || e.closest(".visually-hidden, .trap")) return false;
                    const style = getComputedStyle(e);
                    return (cuts(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
                        || (cuts(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
                }}).map(name);
                document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1);
                return cut;
            }})()"#,
            json!(SPACING)
        );
        self.evaluate(&expression).await
    }

    /// The sum of all layout shifts since the page was opened (Layout Instability API), other than
    /// those that the reader caused.
    pub async fn layout_shift(&self) -> Result<f64> {
        self.evaluate(
            r#"new Promise((done) => {
                let sum = 0;
                const add = (shifts) => shifts.filter((shift) => !shift.hadRecentInput)
                    .forEach((shift) => { sum += shift.value; });
                const observer = new PerformanceObserver((list) => add(list.getEntries()));
                observer.observe({ type: "layout-shift", buffered: true });
                requestAnimationFrame(() => requestAnimationFrame(() => {
                    add(observer.takeRecords());
                    done(sum);
                }));
            })"#,
        )
        .await
    }
}
