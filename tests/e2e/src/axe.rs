//! axe-core on the page that is shown.

use std::fs;

use anyhow::{Context, Result};

use crate::{Reader, settings::path};

impl Reader {
    /// Every violation that axe finds on the page: rule, help, and the elements. All its rules run,
    /// best practices too, and `target-size`, which it leaves out by itself. The page is laid out whole for
    /// it: what is far from the screen has a supposed height (`style/adapt.css`), and its parts seem to lie
    /// over each other.
    pub async fn axe(&self) -> Result<Vec<String>> {
        if self.evaluate("typeof axe === 'undefined'").await? {
            let file = path("HAIDANG_AXE")?;
            let source = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            self.run(&source).await?;
        }
        let told = r#"(() => {
            const root = document.documentElement;
            const whole = root.toggleAttribute.bind(root, "data-whole", root.hasAttribute("data-whole"));
            root.toggleAttribute("data-whole", true);
            return axe
                .run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })
                .finally(whole)
                .then(({ violations }) => violations.map(({ id, help, nodes }) =>
                    [`${id}: ${help}`, ...nodes.map((node) => node.html + " " + node.failureSummary)].join("\n    ")));
        })()"#;
        self.evaluate(told).await
    }
}
