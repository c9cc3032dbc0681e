//! What a reader has written and no server has taken yet: never lost, never doubled.
//!
//! An [`Entry`] is one write. It is kept before anything is sent, and says at every moment what may be
//! done with it next: a crash, a lost answer or a second tab finds it as it was left. What does I/O asks
//! [`Entry::step`], does that, and tells what came of it:
//!
//! ```text
//!            ┌────────── busy, or no answer where a key makes two sendings one ──────────┐
//!            ▼                                                                            │
//! add ──▶ queued ──(waited: reread)──▶ ready ──begin──▶ sending ──end──▶ done, refused ◀──┘
//!                                        ▲                 │
//!                        the reader says │                 │ no answer, or a crash, elsewhere
//!                                        │                 ▼
//!                                     asking ◀──not found── unsure ──reread: found──▶ done
//! ```
//!
//! The native API takes the same key twice as one ([`Entry::exactly_once`]); elsewhere nothing is sent
//! again unless the reader has said so. What is done to one comment goes out in the order it was said
//! ([`Entry::holds_up`]), and of several edits or votes the last alone ([`Entry::replaces`]). `record` is how an
//! entry is kept, `found` how one is recognised.

mod entry;
mod found;
mod record;

pub use entry::{Entry, Fate, Refusal, State, Step};
pub use found::is_it;
