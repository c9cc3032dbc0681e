//! The network of a café: whatever is asked for, it answers with its page to sign in, and status 200.

use anyhow::{Context, Result};
use axum::{Router, response::Html};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::Portal;

/// What the page says.
pub const SAID: &str = "Welcome to our wifi, please sign in";

/// Such a network, in the place of a portal's server that was stopped; it ends with this.
pub struct LoginPage(JoinHandle<()>);

impl LoginPage {
    /// Answers at the address of `portal`.
    pub async fn instead_of(portal: &Portal) -> Result<Self> {
        let address = portal.address();
        let host = address.split('/').nth(2).context("an address")?;
        let listener = TcpListener::bind(host).await?;
        let page = || async { Html(format!("<!doctype html><h1>{SAID}</h1>")) };
        let served = axum::serve(listener, Router::new().fallback(page));
        Ok(Self(tokio::spawn(async move {
            // Ends only with the task.
            let _ = served.await;
        })))
    }

    /// Ends, so that its port is free.
    pub async fn end(self) {
        self.0.abort();
        // That it was ended is what it says.
        let _ = self.0.await;
    }
}
