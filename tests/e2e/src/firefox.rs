//! What Firefox lets its driver do with the browser itself, in the place of Chromium's DevTools protocol.

use anyhow::Result;
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::json;
use thirtyfour::{RequestData, SessionId, common::command::FormatRequestData};

use crate::Reader;

/// Where scripts run from now on: in the page, or where Firefox's own do.
#[derive(Debug)]
enum Context {
    Page,
    Browser,
}

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let name = match self {
            Self::Page => "content",
            Self::Browser => "chrome",
        };
        let request = RequestData::new(Method::POST, format!("/session/{session}/moz/context"));
        request.add_body(json!({ "context": name }))
    }
}

impl Reader {
    /// Runs JavaScript where Firefox's own runs; gives what it returns.
    pub(crate) async fn within_firefox<T: DeserializeOwned>(&self, script: &str) -> Result<T> {
        self.browser.cmd(Context::Browser).await?;
        let value = self.browser.execute(script, Vec::new()).await;
        self.browser.cmd(Context::Page).await?;
        Ok(value?.convert()?)
    }
}
