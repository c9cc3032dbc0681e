//! What a reader's browser says on its console.

use std::sync::PoisonError;

use anyhow::{Result, bail};
use tokio::time::{Instant, interval};

use crate::{
    Browser, Reader,
    reader::{DEADLINE, GLANCE},
};

/// What Firefox logs about pages, oldest first, and not about itself. Warnings are no errors; a script's own
/// words on the console stay in its process.
const LOG: &str = r#"
    const entries = Services.console.getMessageArray()
        .filter((entry) => entry instanceof Ci.nsIScriptError && /^https?:/.test(entry.sourceName))
        .map(({ flags, errorMessage, sourceName, lineNumber }) => {
            const level = flags & Ci.nsIScriptError.warningFlag ? "WARNING" : "SEVERE";
            return `${level}: ${sourceName}:${lineNumber} ${errorMessage}`;
        });
    Services.console.reset();
    return entries;
"#;

impl Reader {
    /// What the console has said since the browser was opened.
    pub async fn console(&self) -> Result<Vec<String>> {
        let new: Vec<String> = match self.setup.browser {
            Browser::Chromium => {
                let new = self.browser.browser_log().await?;
                new.into_iter().map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
            }
            Browser::Firefox => self.within_firefox(LOG).await?,
        };
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        console.extend(new);
        Ok(console.clone())
    }

    /// What the console has said that is about an error of the page: refused by its policy, thrown
    /// and not caught. What the network failed to bring is not.
    pub async fn errors(&self) -> Result<Vec<String>> {
        let mut said = self.console().await?;
        said.retain(|entry| {
            entry.starts_with("SEVERE") && !entry.contains("Failed to load resource")
        });
        Ok(said)
    }

    /// Waits until the console has said this.
    pub async fn until_console(&self, said: &str) -> Result<()> {
        let deadline = Instant::now() + DEADLINE;
        let mut again = interval(GLANCE);
        loop {
            again.tick().await;
            // The driver gives messages as JavaScript strings.
            let console = self.console().await?;
            if console.iter().any(|entry| entry.replace("\\\"", "\"").contains(said)) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("waited in vain for the console to say: {said}");
            }
        }
    }
}
