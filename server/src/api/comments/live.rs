//! A thread as it changes: server-sent events, resumed by the number of the last one.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream::unfold};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{OwnedSemaphorePermit, broadcast, watch},
    time::sleep,
};

use super::{list::mark, rules, thread};
use crate::{
    answer::without_nulls,
    api::request::Query,
    app::App,
    problem::{Problem, Result},
    store::{
        comments::{Change, Missed},
        threads::ThreadId,
    },
};

/// A line that says nothing keeps the connection open.
const BEAT: Duration = Duration::from_secs(15);
/// What another process wrote (an import, a seed) is found by looking.
const LOOK: Duration = Duration::from_secs(10);

/// From where on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LiveQuery {
    /// The `at` of a page, or the id of the last event; absent is from now on.
    after: Option<String>,
}

pub async fn live(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<LiveQuery>,
    headers: HeaderMap,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    let permit = Arc::clone(&app.streams).try_acquire_owned();
    let permit = permit.map_err(|_| Problem::busy(BEAT.as_secs()))?;
    // Before the first look, so that nothing falls between.
    let news = app.store.news();
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let known = known.map(str::to_owned).or(query.after);
    let after = match known {
        // What is no number is none of ours: the follower is told to read anew.
        Some(known) => known.trim().parse().unwrap_or(i64::MAX),
        None => app.store.last_change(&thread.id).await?,
    };
    let stopping = app.stopping.subscribe();
    let follower = Follower {
        app,
        id,
        thread: thread.id,
        after,
        news,
        stopping,
        waiting: VecDeque::new(),
        _permit: permit,
    };
    let beat = KeepAlive::new().interval(BEAT);
    let mut response = Sse::new(events(follower)).keep_alive(beat).into_response();
    mark(response.headers_mut(), true);
    // Proxies that collect answers are asked not to.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}

/// Who follows a thread.
struct Follower {
    app: Arc<App>,
    /// As asked for.
    id: String,
    thread: ThreadId,
    after: i64,
    news: broadcast::Receiver<Arc<str>>,
    stopping: watch::Receiver<bool>,
    waiting: VecDeque<Event>,
    _permit: OwnedSemaphorePermit,
}

fn events(follower: Follower) -> impl Stream<Item = std::result::Result<Event, Infallible>> {
    unfold(follower, |mut follower| async move {
        loop {
            if let Some(event) = follower.waiting.pop_front() {
                return Some((Ok(event), follower));
            }
            if let Err(problem) = follower.look().await {
                tracing::error!(?problem, "live");
                return None;
            }
            if follower.waiting.is_empty() && !follower.wake().await {
                return None;
            }
        }
    })
}

impl Follower {
    /// Takes in what changed.
    async fn look(&mut self) -> Result<()> {
        match self.app.store.changes(&self.thread, self.after).await? {
            Missed::Reset(at) => {
                self.after = at;
                self.waiting
                    .push_back(Event::default().id(at.to_string()).event("reset").data("{}"));
            }
            Missed::Changes(changes) => {
                for change in changes {
                    self.after = change.id;
                    let event = self.event(change).await?;
                    self.waiting.push_back(event);
                }
            }
        }
        Ok(())
    }

    async fn event(&self, Change { id, comment }: Change) -> Result<Event> {
        let event = Event::default().id(id.to_string());
        Ok(match comment {
            Some(comment) => event.data(json(&comment)),
            None => {
                let thread = thread(&self.app, &self.id).await?;
                event.event("rules").data(json(&rules(&self.app, &thread)))
            }
        })
    }

    /// Waits until there may be something new; false when the server stops.
    async fn wake(&mut self) -> bool {
        let (news, work) = (&mut self.news, self.thread.work.as_str());
        let changed = async {
            loop {
                match news.recv().await {
                    Ok(changed) if &*changed != work => {}
                    // This thread, or more than could wait: look.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = changed => true,
            () = sleep(LOOK) => true,
            _ = self.stopping.wait_for(|stopping| *stopping) => false,
        }
    }
}

fn json(value: &impl Serialize) -> String {
    without_nulls(value).map(|value| value.to_string()).unwrap_or_default()
}
