//! What is written in a thread, from the moment it is written: shown at once, sent by the outbox, put
//! in its place when a server has taken it.

use std::rc::Rc;

use haidang_engine::{
    model::{Body, BodyFormat, Comment, CommentState},
    outbox::Entry,
    profile::Write,
    read::read,
    thread::Store,
};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use send_wrapper::SendWrapper;
use serde_json::json;

use super::discussion::Discussion;
use crate::{
    backend::now,
    host::{Host, Told},
    i18n::msg,
    offline::{News, Outbox, reader::author},
    site::Site,
    view::{focused_beside, named_beside},
};

/// Ids of comments that only this browser has begin so.
const LOCAL: &str = "local-";
/// Characters a text may have where nobody says otherwise.
const LONGEST: u32 = 5_000;

/// What the forms and rows of a thread share for writing.
#[derive(Clone, Copy)]
pub struct Writing {
    outbox: StoredValue<SendWrapper<Rc<Outbox>>>,
    /// What waits there. Rows follow this and not the outbox, which outlives the thread and would remember
    /// each of them.
    pub waiting: Memo<Vec<Entry>>,
    /// The form that is open, and at which comment.
    pub open: RwSignal<Option<(String, Act)>>,
    /// The name and the e-mail address written last, as long as the page.
    pub signature: StoredValue<(String, String)>,
}

/// A form at a comment of the thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// To say it otherwise.
    Edit,
    /// To say otherwise what has not been taken.
    Again,
    /// To be sure that it shall go.
    Delete,
    /// To tell the moderators.
    Report,
}

impl Writing {
    /// For a thread of this portal.
    pub fn new(site: Site) -> Self {
        let outbox = SendWrapper::new(Outbox::of(&site.portal()));
        Self {
            outbox: StoredValue::new(outbox.clone()),
            waiting: Memo::new(move |_| outbox.entries()),
            open: RwSignal::new(None),
            signature: StoredValue::default(),
        }
    }

    /// Where everything that is written goes.
    pub fn outbox(self) -> Rc<Outbox> {
        self.outbox.with_value(|outbox| (**outbox).clone())
    }

    /// Opens a form at a comment, or closes it.
    pub fn toggle(self, comment: &str, act: Act) {
        let wanted = Some((comment.to_owned(), act));
        self.open.update(|open| *open = if *open == wanted { None } else { wanted });
    }

    /// Closes whatever form is open.
    pub fn close(self) {
        self.open.set(None);
    }
}

/// The id under which what waits is shown.
pub fn local_id(key: &str) -> String {
    [LOCAL, key].concat()
}

/// The key of what waits, of the id it is shown under.
pub fn local_key(id: &str) -> Option<&str> {
    id.strip_prefix(LOCAL)
}

/// Shows what waits for this thread, and what becomes of it, as long as the thread is shown.
pub fn follow(discussion: Discussion) {
    let outbox = discussion.writing.outbox();
    let shown: StoredValue<Vec<String>> = StoredValue::default();
    let entries = RenderEffect::new({
        let outbox = outbox.clone();
        move |_| {
            let entries = outbox.entries();
            untrack(|| discussion.show_waiting(&entries, shown));
        }
    });
    let host = use_context::<Host>();
    let listener = outbox.on_news(move |news| {
        if discussion.is_here(&news.entry) {
            if let (Some(host), Write::Post(_)) = (&host, &news.entry.write) {
                host.tell(Told::Posted(news.comment.as_ref().map_or("", |comment| &comment.id)));
            }
            discussion.hear_news(news);
        }
    });
    let kept = SendWrapper::new((entries, outbox));
    on_cleanup(move || {
        let (entries, outbox) = kept.take();
        outbox.forget(listener);
        drop(entries);
    });
}

impl Discussion {
    /// Takes something to send; gives its key. `kept` is called once it outlives the page.
    pub(super) fn send(self, write: Write, kept: impl FnOnce() + 'static) -> String {
        let reader = author(&self.site.portal());
        let (source, thread) = (self.source.get_value(), self.id.get_value());
        let lang = untrack(|| self.i18n.lang());
        self.writing.outbox().add((&source, &thread), lang, reader, write, kept)
    }

    /// Characters a text may have. Tracks it.
    pub(super) fn longest(self) -> u32 {
        // The reader may have left.
        self.rules.try_with(|rules| rules.as_ref()?.longest).flatten().unwrap_or(LONGEST)
    }

    /// Whether its backend speaks the native API: then the same parser reads a text at both ends.
    pub(super) fn is_native(self) -> bool {
        let portal = self.site.portal();
        self.source.with_value(|source| {
            portal.source(source).is_some_and(|source| source.profile.is_none())
        })
    }

    /// What waits to be done to a comment, of the kind that `is` accepts. Tracks it.
    pub(super) fn waiting(self, comment: &str, is: fn(&Write) -> bool) -> Option<Entry> {
        // The cheapest question first: every row that is awake asks them.
        let is_it = |entry: &&Entry| {
            entry.write.comment() == Some(comment) && is(&entry.write) && self.is_here(entry)
        };
        let waiting = self.writing.waiting;
        waiting.try_with(|entries| entries.iter().rev().find(is_it).cloned()).flatten()
    }

    fn is_here(self, entry: &Entry) -> bool {
        // `None` once the reader has left.
        let is = |value: StoredValue<String>, id: &str| value.try_with_value(|value| value == id);
        is(self.source, &entry.source) == Some(true) && is(self.id, &entry.thread) == Some(true)
    }

    /// Puts what waits among the comments, and takes away what waits no more.
    fn show_waiting(self, entries: &[Entry], shown: StoredValue<Vec<String>>) {
        let format = if self.is_native() { BodyFormat::Markdown } else { BodyFormat::Text };
        let posts = entries.iter().filter(|entry| self.is_here(entry));
        let posts: Vec<Comment> =
            posts.filter_map(|entry| waiting_comment(entry, format)).collect();
        let ids: Vec<String> = posts.iter().map(|comment| comment.id.clone()).collect();
        let before = shown.get_value();
        let (gone, new) = self.store.with(|store| {
            let is_there = |id: &&String| store.find(id).is_some();
            let gone: Vec<String> =
                before.iter().filter(|id| !ids.contains(id)).filter(is_there).cloned().collect();
            let new: Vec<Comment> =
                posts.into_iter().filter(|comment| store.find(&comment.id).is_none()).collect();
            (gone, new)
        });
        shown.set_value(ids);
        if gone.is_empty() && new.is_empty() {
            return;
        }
        self.store.update(|store| {
            gone.iter().for_each(|id| store.withdraw(id));
            store.merge(new);
        });
    }

    /// A server has taken something.
    fn hear_news(self, news: &News) {
        let id = news.entry.write.comment();
        // An answer that names another comment says nothing of this one.
        let answer =
            news.comment.as_ref().filter(|answer| id.is_none_or(|known| known == answer.id));
        let comment = match (answer, &news.entry.write) {
            // Some backends answer with nothing but the number of votes.
            (Some(answer), Write::Vote { .. }) => self.as_done(&news.entry).map(|known| Comment {
                votes: answer.votes,
                revision: answer.revision.max(known.revision),
                ..known
            }),
            (Some(answer), Write::Edit { .. } | Write::Delete { .. }) if answer.body.is_none() => {
                self.as_done(&news.entry).or_else(|| Some(answer.clone()))
            }
            (Some(answer), Write::Post(_) | Write::Edit { .. } | Write::Delete { .. }) => {
                Some(answer.clone())
            }
            (Some(_), Write::Report { .. }) | (None, _) => self.as_done(&news.entry),
        };
        let Some(comment) = comment else {
            return self.hear_unseen(&news.entry);
        };
        let said = match &news.entry.write {
            Write::Post(_) if comment.state == CommentState::Held => Some(msg::COMMENTS_HELD),
            Write::Post(_) => Some(msg::COMMENTS_POSTED),
            Write::Edit { .. } => Some(msg::WRITING_SAVED),
            Write::Delete { .. } | Write::Vote { .. } | Write::Report { .. } => None,
        };
        match &news.entry.write {
            Write::Post(_) => {
                let local = local_id(&news.entry.key);
                let place = format!("comment-{}", comment.id);
                let had_focus = has_focus(self, &local);
                self.remember(&comment.id);
                self.store.update(|store| {
                    store.settle(&local, comment);
                });
                // It may have been heard of before it was answered.
                let id = place.trim_start_matches("comment-");
                self.feed.waiting.update(|waiting| waiting.retain(|comment| comment.id != id));
                if had_focus {
                    spawn_local(async move {
                        tick().await;
                        self.show(&place);
                    });
                }
            }
            _ => self.store.update(|store| {
                store.merge([comment]);
            }),
        }
        if let Some(said) = said {
            self.said.set(untrack(|| self.i18n.text(said)));
        }
    }

    /// What was done to a comment, where the backend does not answer with the comment.
    fn as_done(self, entry: &Entry) -> Option<Comment> {
        let known = entry.write.comment()?;
        let known = |store: &Store| store.comment(store.find(known)?).cloned();
        let mut comment = self.store.with_untracked(known)?;
        match &entry.write {
            Write::Edit { text, .. } => {
                comment.edited = Some(now());
                comment.body = Some(Body { format: BodyFormat::Text, value: text.clone() });
            }
            Write::Delete { .. } => comment.state = CommentState::Deleted,
            Write::Vote { vote, .. } => {
                let vote = i32::from(*vote);
                comment.votes += vote - comment.voted;
                comment.voted = vote;
            }
            Write::Post(_) | Write::Report { .. } => return None,
        }
        Some(comment)
    }

    /// A server has taken something that cannot be shown from here: the thread says.
    fn hear_unseen(self, entry: &Entry) {
        let said = match &entry.write {
            Write::Post(_) => msg::COMMENTS_POSTED,
            Write::Report { .. } => msg::WRITING_REPORTED,
            _ => return,
        };
        self.said.set(untrack(|| self.i18n.text(said)));
        if matches!(entry.write, Write::Post(_)) {
            self.store.update(|store| store.withdraw(&local_id(&entry.key)));
            self.reload();
        }
    }
}

/// What waits, as a comment of the thread.
fn waiting_comment(entry: &Entry, format: BodyFormat) -> Option<Comment> {
    let Write::Post(new) = &entry.write else { return None };
    let plain = json!({ "id": local_id(&entry.key), "parent": new.parent, "author": new.author });
    let comment = read::<Comment>(&plain, "waiting", "").0.ok()?;
    let body = Some(Body { format, value: new.text.clone() });
    Some(Comment { body, created: Some(entry.made), ..comment })
}

/// Whether the focus is on or in the comment with this id.
fn has_focus(discussion: Discussion, id: &str) -> bool {
    let Some(rows) = discussion.place() else { return false };
    let place = named_beside(&rows, &format!("comment-{id}"));
    place.is_some_and(|place| place.contains(focused_beside(&rows).as_deref()))
}
