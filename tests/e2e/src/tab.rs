//! The tab of a reader: it dies and is opened again, it loses the network.

use anyhow::Result;
use serde_json::json;
use thirtyfour::WindowHandle;

use crate::{Browser, Reader};

impl Reader {
    /// Ends the tab at once, in the middle of whatever it does. Another one of the same browser, which
    /// shows nothing yet, takes its place.
    pub async fn lose_tab(&self) -> Result<()> {
        let next = self.browser.new_tab().await?;
        self.browser.close_window().await?;
        self.browser.switch_to_window(next).await?;
        self.prepare().await
    }

    /// Opens another tab and goes on there; gives what goes back to the one before.
    pub async fn another_tab(&self) -> Result<WindowHandle> {
        let before = self.browser.window().await?;
        let next = self.browser.new_tab().await?;
        self.browser.switch_to_window(next).await?;
        self.prepare().await?;
        Ok(before)
    }

    /// Closes the tab and goes on in another.
    pub async fn close_for(&self, tab: WindowHandle) -> Result<()> {
        self.browser.close_window().await?;
        Ok(self.browser.switch_to_window(tab).await?)
    }

    /// Goes on in another tab.
    pub async fn turn_to(&self, tab: WindowHandle) -> Result<()> {
        Ok(self.browser.switch_to_window(tab).await?)
    }

    /// Takes the network away from the tab, or gives it back; in Firefox, from every tab.
    pub async fn connect(&self, is_connected: bool) -> Result<()> {
        let is_offline = !is_connected;
        match self.setup.browser {
            Browser::Chromium => {
                self.devtools("Network.enable", json!({})).await?;
                let conditions = json!({
                    "offline": is_offline, "latency": 0,
                    "downloadThroughput": -1, "uploadThroughput": -1,
                });
                self.devtools("Network.emulateNetworkConditions", conditions).await?;
            }
            Browser::Firefox => {
                let script = format!("Services.io.offline = {is_offline};");
                self.within_firefox::<()>(&script).await?;
            }
        }
        Ok(())
    }

    /// Gives the page its size: the window of a headless browser has a least width, Chromium's page itself has
    /// none.
    pub(crate) async fn size(&self) -> Result<()> {
        let (width, height) = self.setup.window;
        match self.setup.browser {
            Browser::Chromium => {
                let metrics = json!({
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
                });
                self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
            }
            Browser::Firefox => {
                let around = "[outerWidth - innerWidth, outerHeight - innerHeight]";
                let (beside, above): (u32, u32) = self.evaluate(around).await?;
                self.browser.set_window_rect(0, 0, width + beside, height + above).await?;
            }
        }
        Ok(())
    }
}
