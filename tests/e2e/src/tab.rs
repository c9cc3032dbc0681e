//! The tab of a reader: it dies and is opened again, it loses the network.

use anyhow::Result;
use serde_json::json;

use crate::Reader;

impl Reader {
    /// Ends the tab at once, in the middle of whatever it does. Another one of the same browser, which
    /// shows nothing yet, takes its place.
    pub async fn lose_tab(&self) -> Result<()> {
        let next = self.browser.new_tab().await?;
        self.browser.close_window().await?;
        self.browser.switch_to_window(next).await?;
        self.size().await
    }

    /// Takes the network away from the tab, or gives it back.
    pub async fn connect(&self, is_connected: bool) -> Result<()> {
        self.devtools("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": !is_connected, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.emulateNetworkConditions", conditions).await?;
        Ok(())
    }

    /// Gives the page its size: the window of a headless browser has a least width, the page's own has none.
    pub(crate) async fn size(&self) -> Result<()> {
        let (width, height) = self.window;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }
}
