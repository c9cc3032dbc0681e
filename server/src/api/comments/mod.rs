//! Threads: read, written to, followed.

mod list;
mod live;
mod mine;
mod write;

use haidang_engine::model::ThreadRules;

use crate::{
    app::App,
    config::{Moderation, Votes},
    problem::{Problem, Result},
    store::threads::Thread,
};

pub use list::{CountQuery, ListQuery, counts, list};
pub use live::{LiveQuery, live};
pub use mine::{Mine, erase, mine};
pub use write::{Ballot, Complaint, NewText, delete, edit, post, report, vote};

/// Characters of a name.
const LONGEST_NAME: usize = 80;
/// Characters of a text.
const LONGEST_TEXT: usize = 5_000;

async fn thread(app: &App, id: &str) -> Result<Thread> {
    app.store.thread(id).await?.ok_or(Problem::not_found("such article"))
}

/// What goes in a thread now.
fn rules(app: &App, thread: &Thread) -> ThreadRules {
    let settings = &app.threads;
    ThreadRules {
        open: app.takes_comments(thread),
        held: settings.moderation == Moderation::Held,
        identity: settings.identity.identity(),
        longest: u32::try_from(LONGEST_TEXT).ok(),
        down: settings.votes == Votes::Both,
        window: settings.edit_window,
    }
}
