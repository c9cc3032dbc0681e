//! The service worker of a reader's browser.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::time::interval;

use crate::{
    Reader,
    reader::{DEADLINE, GLANCE},
};

impl Reader {
    /// Makes the tab one of a browser without service workers.
    pub(crate) async fn without_workers(&self) -> Result<()> {
        let script = json!({ "source": "delete Navigator.prototype.serviceWorker;" });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        Ok(())
    }

    /// Waits until everything the app needs to open is kept, and the page is in the worker's hands.
    pub async fn until_app_kept(&self) -> Result<()> {
        let kept = self
            .until(
                "caches.keys().then(async (names) => {
                for (const name of names) if (name.includes(':shell:') &&
                    await (await caches.open(name)).match(new URL('complete', document.baseURI))) return true;
            }).then((complete) => complete && navigator.serviceWorker.controller)",
            )
            .await;
        if let Err(error) = kept {
            let workers: String = self
                .evaluate(
                    "navigator.serviceWorker.getRegistrations().then(async (all) => JSON.stringify([
                    all.map(({ installing, waiting, active }) => [installing, waiting, active].map((it) => it?.state)),
                    await Promise.all((await caches.keys()).map(async (name) =>
                        [name, (await (await caches.open(name)).keys()).length]))]))",
                )
                .await?;
            return Err(error.context(format!("workers and what is kept: {workers}")));
        }
        self.until_started().await
    }

    /// Waits until the worker knows that the build of this page has started.
    pub async fn until_started(&self) -> Result<()> {
        self.until(
            "caches.keys().then(async (names) => {
                for (const name of names.filter((name) => name.endsWith(':state'))) {
                    const kept = await (await caches.open(name)).match(new URL('state', document.baseURI));
                    if (kept && (await kept.json()).good === document.documentElement.dataset.build) return true;
                }
            })",
        )
        .await
    }

    /// The names of the caches, in order.
    pub async fn caches(&self) -> Result<Vec<String>> {
        self.evaluate("caches.keys().then((names) => names.sort())").await
    }

    /// The version of the app that the page is of.
    pub async fn version(&self) -> Result<String> {
        self.evaluate("document.documentElement.dataset.build").await
    }

    /// Wakes the worker as the browser does once there is a network, until something holds. The tool does so once;
    /// a browser comes again when the worker could do nothing, since a page that has just been closed was still there.
    pub async fn dispatch_sync_until(
        &self,
        tag: &str,
        holds: impl Fn() -> Result<bool>,
    ) -> Result<()> {
        self.devtools("ServiceWorker.enable", json!({})).await?;
        // The browser has one registration.
        let sync = json!({
            "origin": self.origin(), "registrationId": "0", "tag": tag, "lastChance": false,
        });
        let deadline = Instant::now() + DEADLINE;
        let mut again = interval(GLANCE);
        while !holds()? {
            ensure!(Instant::now() < deadline, "woken in vain: {tag}");
            self.devtools("ServiceWorker.dispatchSyncEvent", sync.clone()).await?;
            again.tick().await;
        }
        Ok(())
    }

    /// Delivers a message as a push service does, until a JavaScript expression is truthy or what it promises
    /// is. The tool tells nobody that a worker was too busy to take one; a browser's own service tries again.
    pub async fn deliver_push_until(&self, data: &str, shown: &str) -> Result<()> {
        self.devtools("ServiceWorker.enable", json!({})).await?;
        let message = json!({ "origin": self.origin(), "registrationId": "0", "data": data });
        let condition = format!("Promise.resolve({shown}).then(Boolean)");
        let deadline = Instant::now() + DEADLINE;
        let mut again = interval(GLANCE);
        while !self.evaluate::<bool>(&condition).await? {
            ensure!(Instant::now() < deadline, "delivered in vain: {shown}");
            self.devtools("ServiceWorker.deliverPushMessage", message.clone()).await?;
            again.tick().await;
        }
        Ok(())
    }

    /// The origin of the portal.
    pub fn origin(&self) -> String {
        self.portal.address().split('/').take(3).collect::<Vec<_>>().join("/")
    }

    /// Lets the browser look for a newer worker, as it does by itself now and then.
    pub async fn look_for_update(&self) -> Result<()> {
        self.evaluate(
            "navigator.serviceWorker.getRegistration().then((it) => it.update()).then(() => null)",
        )
        .await
    }
}
