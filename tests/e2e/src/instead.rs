//! What answers in the place of a portal's server that was stopped: one page to whatever is asked for, with
//! status 200, as the network of a café does, or a server that prints pages.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::{Router, extract::State, response::Html};
use futures::future::pending;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::Portal;

/// A server with one page; it ends with this.
pub struct Instead {
    page: watch::Sender<Option<String>>,
    served: JoinHandle<()>,
}

impl Instead {
    /// Answers at the address of `portal` with `page`.
    pub async fn of(portal: &Portal, page: &str) -> Result<Self> {
        let address = portal.address();
        let host = address.split('/').nth(2).context("an address")?;
        let listener = TcpListener::bind(host).await?;
        let (page, asked) = watch::channel(Some(page.to_owned()));
        let router = Router::new().fallback(answer).with_state(Arc::new(asked));
        let served = tokio::spawn(async move {
            // Ends only with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { page, served })
    }

    /// From now on answers with another page, or does not answer at all.
    pub fn say(&self, page: Option<&str>) {
        self.page.send_replace(page.map(str::to_owned));
    }

    /// Ends, so that its port is free.
    pub async fn end(self) {
        self.served.abort();
        // That it was ended is what it says.
        let _ = self.served.await;
    }
}

async fn answer(State(page): State<Arc<watch::Receiver<Option<String>>>>) -> Html<String> {
    let page = page.borrow().clone();
    match page {
        Some(page) => Html(page),
        None => pending().await,
    }
}
