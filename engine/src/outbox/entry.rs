//! One write on its way, and what may be done with it next.

use crate::{
    lang::Lang,
    profile::{Failure, Request, Write},
    time::Timestamp,
};

/// Milliseconds before the first repeat; each further one waits twice as long.
const BACKOFF: i64 = 2_000;
/// Milliseconds that are waited at most.
const MOST: i64 = 300_000;
/// Milliseconds for which the network is taken to be as it was when the reader wrote.
const FRESH: i64 = 30_000;

/// One write on its way.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Names it here, and says to the backend that two sendings are one.
    pub key: String,
    /// The source's id; empty is the first.
    pub source: String,
    /// The article's or the work's id.
    pub thread: String,
    /// The language of the interface it was written in.
    pub lang: Lang,
    /// What to do.
    pub write: Write,
    /// The secret of the reader who wrote it.
    pub token: Option<String>,
    /// How to send it, resolved when it was written; `None` where that could not be done yet.
    pub request: Option<Request>,
    /// Whether the backend takes the same key twice as one.
    pub exactly_once: bool,
    /// When it was written, by the reader's clock.
    pub made: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Not to be touched before.
    pub due: Timestamp,
}

/// Where a write stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Waits, and has not been sent.
    Queued,
    /// Has not been sent, and the backend was there a moment ago.
    Ready,
    /// Is being sent, or was when the sender died.
    Sending,
    /// Was sent, and what became of it is not known.
    Unsure,
    /// That could not be found out: the reader is asked whether to send it again.
    Asking,
    /// Was not taken.
    Refused(Refusal),
}

impl State {
    /// The state in a word, as it is kept and styled.
    pub fn word(&self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Ready => "ready",
            State::Sending => "sending",
            State::Unsure => "unsure",
            State::Asking => "asking",
            State::Refused(_) => "refused",
        }
    }
}

/// Why a write was not taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Refusal {
    /// What kind of problem, for which the app may have words of its own.
    pub kind: Option<String>,
    /// The server's reason, in its words.
    pub reason: String,
    /// The field that is wrong, if it said so.
    pub field: Option<String>,
    /// What the backend wants answered first: JSON, its `kind` first of all.
    pub challenge: Option<String>,
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Nothing before this moment.
    Wait(Timestamp),
    /// [`Entry::begin`], keep it, send it, [`Entry::end`].
    Send,
    /// Read the thread and look for it, [`Entry::reread`].
    Reread,
    /// Nothing until the reader does something.
    Nothing,
}

/// Whether it is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is with the backend: to be forgotten here.
    Done,
    /// Its state is to be kept.
    Kept,
}

impl Entry {
    /// What to do at `now`, for whoever alone may send.
    pub fn step(&self, now: Timestamp) -> Step {
        match self.state {
            State::Asking | State::Refused(_) => Step::Nothing,
            _ if self.due > now => Step::Wait(self.due),
            _ if self.may_repeat() => Step::Send,
            State::Ready => Step::Send,
            // What has waited meets a network that may have gone: asking for the thread first costs
            // nothing, sending into the dark costs the reader a question.
            State::Queued if self.tries == 0 && now.0 - self.made.0 < FRESH => Step::Send,
            State::Queued | State::Sending | State::Unsure => Step::Reread,
        }
    }

    /// It is about to be sent: to be kept before it is. Where nothing else keeps a second sender away,
    /// `lease` is for how many milliseconds it is to keep off.
    pub fn begin(&mut self, now: Timestamp, lease: i64) {
        self.state = State::Sending;
        self.due = Timestamp(now.0.saturating_add(lease));
    }

    /// It was sent, and this came of it.
    pub fn end(&mut self, outcome: Result<(), &Failure>, now: Timestamp) -> Fate {
        let failure = match outcome {
            Ok(()) | Err(Failure::Duplicate { .. }) => return Fate::Done,
            // What is to be taken away is away.
            Err(Failure::NotFound) if matches!(self.write, Write::Delete { .. }) => {
                return Fate::Done;
            }
            Err(failure) => failure,
        };
        match failure {
            // Turned away at the door.
            Failure::Busy { retry_after } => {
                self.state = State::Queued;
                self.later(now, i64::from(*retry_after) * 1000);
            }
            Failure::Broken { status: 400..500 }
            | Failure::Refused(_)
            | Failure::Challenged { .. }
            | Failure::Forbidden
            | Failure::Unvouched { status: ..404 }
            | Failure::NotFound
            | Failure::NotOffered => self.state = State::Refused(Refusal::of(failure)),
            Failure::Unreachable
            | Failure::TimedOut
            | Failure::Aborted
            | Failure::Broken { .. }
            | Failure::Unreadable { .. }
            | Failure::Unvouched { .. }
            | Failure::Duplicate { .. } => {
                self.state = if self.may_repeat() { State::Queued } else { State::Unsure };
                self.later(now, 0);
            }
        }
        Fate::Kept
    }

    /// The thread was read again: whether it is there.
    pub fn reread(&mut self, found: Result<bool, &Failure>, now: Timestamp) -> Fate {
        let was_sent = !matches!(self.state, State::Queued | State::Ready);
        match found {
            Ok(true) if was_sent => return Fate::Done,
            Err(failure) if failure.is_transient() || *failure == Failure::Aborted => {
                if was_sent {
                    self.state = State::Unsure;
                }
                self.later(now, 0);
            }
            // A held comment is not in the thread for everybody to find: so not finding it says nothing.
            Ok(_) | Err(_) if was_sent => self.state = State::Asking,
            Ok(_) | Err(_) => {
                self.state = State::Ready;
                self.due = now;
            }
        }
        Fate::Kept
    }

    /// The reader says: send it again, or try now.
    pub fn again(&mut self, now: Timestamp) {
        match self.state {
            State::Sending => {}
            // Still not known: it will be looked for first.
            State::Unsure | State::Queued | State::Ready => self.due = now,
            State::Asking | State::Refused(_) => {
                self.state = State::Ready;
                self.tries = 0;
                self.due = now;
            }
        }
    }

    /// The network is back: what waits for it waits no more.
    pub fn wake(&mut self, now: Timestamp) {
        if matches!(self.state, State::Queued | State::Ready | State::Unsure) {
            self.due = now;
        }
    }

    /// Whether it may be taken back or changed: nobody can have it.
    pub fn is_here(&self) -> bool {
        match self.state {
            State::Queued => self.tries == 0 || !self.exactly_once,
            State::Ready | State::Refused(_) => true,
            State::Sending | State::Unsure | State::Asking => false,
        }
    }

    /// Whether sending it twice does what sending it once does.
    pub fn may_repeat(&self) -> bool {
        self.exactly_once || matches!(self.write, Write::Edit { .. } | Write::Delete { .. })
    }

    /// Whether an older one need not be sent any more: of what is said or voted the last holds.
    pub fn replaces(&self, older: &Entry) -> bool {
        let is_same_kind = match self.write {
            Write::Edit { .. } => matches!(older.write, Write::Edit { .. }),
            Write::Vote { .. } => matches!(older.write, Write::Vote { .. }),
            Write::Post(_) | Write::Delete { .. } | Write::Report { .. } => false,
        };
        is_same_kind && older.state != State::Sending && self.is_done_where(older)
    }

    /// Whether a later one waits for it: what is done to a comment is done in the order it was said.
    pub fn holds_up(&self, later: &Entry) -> bool {
        !matches!(self.state, State::Asking | State::Refused(_)) && self.is_done_where(later)
    }

    /// Whether both are done to the same comment.
    fn is_done_where(&self, other: &Entry) -> bool {
        self.write.comment().is_some()
            && self.write.comment() == other.write.comment()
            && (&self.source, &self.thread) == (&other.source, &other.thread)
    }

    fn later(&mut self, now: Timestamp, at_least: i64) {
        let wait = BACKOFF.checked_shl(self.tries.min(16)).unwrap_or(MOST).min(MOST);
        self.tries = self.tries.saturating_add(1);
        self.due = Timestamp(now.0.saturating_add(wait.max(at_least)));
    }
}

impl Refusal {
    /// What a failure that is none of the network's says.
    fn of(failure: &Failure) -> Self {
        let named = |kind: &str| Self { kind: Some(kind.to_owned()), ..Self::default() };
        match failure {
            Failure::Refused(refused) => Self {
                kind: refused.kind.clone(),
                reason: refused.reason.clone(),
                field: refused.field.clone(),
                challenge: None,
            },
            Failure::Challenged { challenge } => {
                Self { challenge: Some(challenge.clone()), ..named("challenge") }
            }
            Failure::Forbidden | Failure::Unvouched { .. } => named("forbidden"),
            Failure::NotFound => named("gone"),
            Failure::NotOffered => named("not-offered"),
            other => Self { reason: other.to_string(), ..Self::default() },
        }
    }
}
