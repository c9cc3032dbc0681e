//! axe-core on the page that is shown.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{Reader, settings::path};

/// Rules that look at colours.
const COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

impl Reader {
    /// Every violation that axe finds on the page: rule, help, and the elements. All its rules run,
    /// best practices too, and `target-size`, which it leaves out by itself.
    pub async fn axe(&self) -> Result<Vec<String>> {
        self.violations(json!({ "rules": { "target-size": { "enabled": true } } })).await
    }

    /// What axe finds in the light, and what those of its rules that look at colours find in the dark and in
    /// high contrast besides: nothing else changes with the theme.
    pub async fn axe_in_every_theme(&self) -> Result<Vec<String>> {
        self.prefer("prefers-color-scheme", "light").await?;
        self.settle().await?;
        let mut found = self.axe().await?;
        self.prefer("prefers-color-scheme", "dark").await?;
        found.extend(self.axe_on_colours("dark").await?);
        self.prefer("prefers-color-scheme", "light").await?;
        // As the reader's own choice has it.
        self.run("document.documentElement.dataset.theme = 'contrast'").await?;
        found.extend(self.axe_on_colours("contrast").await?);
        self.run("delete document.documentElement.dataset.theme").await?;
        Ok(found)
    }

    async fn axe_on_colours(&self, theme: &str) -> Result<Vec<String>> {
        self.settle().await?;
        let violations = self.violations(json!({ "runOnly": COLOURS })).await?;
        Ok(violations.into_iter().map(|violation| format!("{theme}: {violation}")).collect())
    }

    /// The page is laid out whole for it, and the elements in it: what is far from the screen has a supposed height
    /// (`style/adapt.css`, and the rows of a thread), and its parts seem to lie over each other. More of it may
    /// come near the screen by that, and get its buttons: axe begins when nothing changes any more.
    async fn violations(&self, options: Value) -> Result<Vec<String>> {
        if self.evaluate("typeof axe === 'undefined'").await? {
            let file = path("HAIDANG_AXE")?;
            let source = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            self.run(&source).await?;
        }
        self.evaluate(&format!(
            r#"(async () => {{
                const roots = [document, ...all("*").map((it) => it.shadowRoot).filter(Boolean)];
                const changes = async () => {{
                    let has = false;
                    const watch = new MutationObserver(() => (has = true));
                    for (const root of roots) watch.observe(root, {{ subtree: true, childList: true, attributes: true }});
                    for (let turn = 0; turn < 3; turn += 1) {{
                        await new Promise(requestAnimationFrame);
                        await new Promise((idle) => requestIdleCallback(idle));
                    }}
                    watch.disconnect();
                    return has;
                }};
                const whole = new CSSStyleSheet();
                whole.replaceSync(":not([hidden]) {{ content-visibility: visible !important }}");
                for (const root of roots) root.adoptedStyleSheets.push(whole);
                try {{
                    while (await changes());
                    const {{ violations }} = await axe.run(document, {{ resultTypes: ["violations"], ...{options} }});
                    return violations.map(({{ id, help, nodes }}) =>
                        [`${{id}}: ${{help}}`, ...nodes.map((node) => node.html + " " + node.failureSummary)].join("\n    "));
                }} finally {{
                    for (const root of roots) {{
                        root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== whole);
                    }}
                }}
            }})()"#
        ))
        .await
    }
}
