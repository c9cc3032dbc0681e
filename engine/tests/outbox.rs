//! What a reader writes: kept, recognised, and sent exactly once, whatever happens in between.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects")]

use haidang_engine::{
    lang::Lang,
    model::{Comment, NewComment},
    outbox::{Entry, Fate, Refusal, State, Step, is_it},
    profile::{Failure, Method, Refused, Request, Session, Write},
    read::read,
    time::Timestamp,
};
use proptest::prelude::*;
use serde_json::json;

fn post(text: &str) -> Write {
    Write::Post(Box::new(NewComment {
        author: "An".into(),
        text: text.into(),
        ..NewComment::default()
    }))
}

fn entry(write: Write, exactly_once: bool) -> Entry {
    Entry {
        key: "k".into(),
        source: String::new(),
        thread: "9".into(),
        lang: Lang::parse("vi").unwrap(),
        write,
        token: None,
        request: None,
        exactly_once,
        made: Timestamp(0),
        state: State::Queued,
        tries: 0,
        due: Timestamp(0),
    }
}

/// A backend in the world below.
#[derive(Default)]
struct Backend {
    exactly_once: bool,
    has: u32,
    keys: Vec<String>,
}

impl Backend {
    fn take(&mut self, key: &str) {
        if !(self.exactly_once && self.keys.iter().any(|known| known == key)) {
            self.has += 1;
            self.keys.push(key.to_owned());
        }
    }
}

/// What happens when somebody may send.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// All goes well.
    Well,
    /// The network is away: nothing arrives.
    Away,
    /// It arrives, and its answer does not.
    LostAnswer,
    /// It arrives, and the sender dies before the answer.
    CrashAfter,
    /// The sender dies before it arrives.
    CrashBefore,
    /// The backend is busy and takes nothing.
    Busy,
    /// The backend fails after taking it.
    Broken,
    /// Time passes.
    Hours,
    /// The thread that is read shows the comment only to its author.
    Hidden,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Well),
        Just(Event::Away),
        Just(Event::LostAnswer),
        Just(Event::CrashAfter),
        Just(Event::CrashBefore),
        Just(Event::Busy),
        Just(Event::Broken),
        Just(Event::Hours),
        Just(Event::Hidden),
    ]
}

/// What is kept: as JSON, as tabs find it; `None` once it is done.
struct World {
    backend: Backend,
    kept: Option<String>,
    now: Timestamp,
    /// How often the reader said to send it again.
    said_again: u32,
}

impl World {
    fn new(write: Write, exactly_once: bool) -> Self {
        let kept = Some(entry(write, exactly_once).to_json().to_string());
        let backend = Backend { exactly_once, ..Backend::default() };
        Self { backend, kept, now: Timestamp(0), said_again: 0 }
    }

    fn entry(&self) -> Option<Entry> {
        let value = serde_json::from_str(self.kept.as_ref()?).unwrap();
        Some(read::<Entry>(&value, "entry", "").0.unwrap())
    }

    fn keep(&mut self, entry: &Entry, fate: Fate) {
        self.kept = (fate == Fate::Kept).then(|| entry.to_json().to_string());
    }

    /// A tab that holds the lock does one step, and meets `event`.
    fn tab(&mut self, event: Event) {
        if matches!(event, Event::Hours) {
            self.now.0 += 3_600_000;
        }
        let Some(mut entry) = self.entry() else { return };
        match entry.step(self.now) {
            Step::Wait(until) => self.now = until.max(self.now),
            Step::Nothing => {}
            Step::Send => {
                entry.begin(self.now, 0);
                self.keep(&entry, Fate::Kept);
                let outcome = match event {
                    Event::CrashBefore => return,
                    Event::CrashAfter => {
                        self.backend.take(&entry.key);
                        return;
                    }
                    Event::Away => Err(Failure::Unreachable),
                    Event::Busy => Err(Failure::Busy { retry_after: 3 }),
                    Event::LostAnswer => {
                        self.backend.take(&entry.key);
                        Err(Failure::TimedOut)
                    }
                    Event::Broken => {
                        self.backend.take(&entry.key);
                        Err(Failure::Broken { status: 502 })
                    }
                    Event::Well | Event::Hours | Event::Hidden => {
                        self.backend.take(&entry.key);
                        Ok(())
                    }
                };
                let fate = entry.end(outcome.as_ref().copied(), self.now);
                self.keep(&entry, fate);
            }
            Step::Reread => {
                let found = match event {
                    Event::Away | Event::LostAnswer => Err(Failure::Unreachable),
                    Event::CrashAfter | Event::CrashBefore => return,
                    Event::Hidden => Ok(false),
                    _ => Ok(self.backend.has > 0),
                };
                let fate = entry.reread(found.as_ref().copied(), self.now);
                self.keep(&entry, fate);
            }
        }
    }

    /// The reader, asked, says to send it again.
    fn say_again(&mut self) {
        let Some(mut entry) = self.entry() else { return };
        if entry.state == State::Asking {
            entry.again(self.now);
            self.said_again += 1;
            self.keep(&entry, Fate::Kept);
        }
    }
}

proptest! {
    #[test]
    fn a_backend_that_knows_the_key_ends_with_exactly_one(
        events in prop::collection::vec(event(), 0..40)
    ) {
        let mut world = World::new(post("Lời"), true);
        for event in events {
            world.tab(event);
            prop_assert!(world.backend.has <= 1);
        }
        // At last the network is there.
        for _ in 0..3 {
            world.tab(Event::Well);
        }
        prop_assert_eq!((world.backend.has, &world.kept), (1, &None));
    }

    #[test]
    fn another_backend_never_has_it_twice_unless_the_reader_said_so(
        events in prop::collection::vec((event(), prop::bool::weighted(0.2)), 0..40)
    ) {
        let mut world = World::new(post("Lời"), false);
        for (event, says_again) in events {
            world.tab(event);
            if says_again {
                world.say_again();
            }
            prop_assert!(world.backend.has <= 1 + world.said_again);
            // Nor is it lost: it is there, or here.
            prop_assert!(world.backend.has > 0 || world.kept.is_some());
        }
        for _ in 0..4 {
            world.tab(Event::Well);
        }
        // Sent, or the reader is asked.
        let asked = world.entry().is_some_and(|entry| entry.state == State::Asking);
        prop_assert!(world.backend.has > 0 && world.kept.is_none() || asked);
    }

    #[test]
    fn an_edit_may_be_repeated_anywhere(events in prop::collection::vec(event(), 0..20)) {
        let edit = Write::Edit { comment: "1".into(), text: "b".into() };
        let mut world = World::new(edit, false);
        for event in events {
            world.tab(event);
        }
        for _ in 0..3 {
            world.tab(Event::Well);
        }
        prop_assert!(world.backend.has > 0 && world.kept.is_none());
    }

    #[test]
    fn what_is_kept_reads_back(
        text in "\\PC{0,20}", tries in 0u32..9, due in 0i64..1 << 50, which in 0usize..6, what in 0usize..5
    ) {
        let refusal = Refusal {
            kind: Some("closed".into()), reason: text.clone(), field: None, challenge: Some("{}".into()),
        };
        let states = [
            State::Queued, State::Ready, State::Sending, State::Unsure, State::Asking, State::Refused(refusal),
        ];
        let comment = "1".to_owned();
        let writes = [
            post(&text),
            Write::Edit { comment: comment.clone(), text: text.clone() },
            Write::Delete { comment: comment.clone() },
            Write::Vote { comment: comment.clone(), vote: -1 },
            Write::Report { comment, reason: "spam".into(), detail: text },
        ];
        let mut entry = entry(writes[what].clone(), true);
        entry.state = states[which].clone();
        entry.tries = tries;
        entry.due = Timestamp(due);
        entry.request = Some(Request {
            method: Method::Post,
            url: "api".into(),
            headers: vec![("A".into(), "b".into())],
            body: Some("{}".into()),
            timeout: 7,
            session: Some(Session { csrf: Some(("c".into(), "h".into())) }),
        });
        let (back, notes) = read::<Entry>(&entry.to_json(), "entry", "");
        prop_assert!(notes.is_empty());
        prop_assert_eq!(back.unwrap(), entry);
    }
}

#[test]
fn the_record_of_a_newer_app_is_left_alone() {
    let mut record = entry(post("a"), true).to_json();
    record["version"] = 2.into();
    assert!(read::<Entry>(&record, "entry", "").0.is_err());
}

#[test]
fn a_refusal_is_kept_with_its_reason_and_sent_again_only_if_the_reader_says_so() {
    let mut entry = entry(post("a"), true);
    entry.begin(Timestamp(1), 0);
    let closed =
        Failure::from(Refused { kind: Some("closed".into()), reason: "No".into(), field: None });
    assert_eq!(entry.end(Err(&closed), Timestamp(1)), Fate::Kept);
    assert!(matches!(&entry.state, State::Refused(why) if why.kind.as_deref() == Some("closed")));
    assert_eq!(entry.step(Timestamp(1 << 50)), Step::Nothing);
    assert!(entry.is_here());
    entry.again(Timestamp(2));
    assert_eq!(entry.step(Timestamp(2)), Step::Send);
}

#[test]
fn a_duplicate_is_a_success_and_so_is_taking_away_what_is_away() {
    let mut sent = entry(post("a"), false);
    let duplicate = Failure::Duplicate { reason: String::new() };
    assert_eq!(sent.end(Err(&duplicate), Timestamp(1)), Fate::Done);
    let mut gone = entry(Write::Delete { comment: "1".into() }, false);
    // Of a page it is not known whose word it is: it is sent again.
    let page = Failure::Unvouched { status: 404 };
    assert_eq!(gone.end(Err(&page), Timestamp(1)), Fate::Kept);
    assert_eq!(gone.state, State::Queued);
    assert_eq!(gone.end(Err(&Failure::NotFound), Timestamp(1)), Fate::Done);
    let mut barred = entry(post("a"), true);
    barred.end(Err(&Failure::Unvouched { status: 403 }), Timestamp(1));
    assert_eq!(barred.step(Timestamp(1 << 50)), Step::Nothing);
}

#[test]
fn waiting_doubles_up_to_minutes_and_a_network_that_is_back_ends_it() {
    let mut entry = entry(post("a"), true);
    let waits: Vec<i64> = (0..12)
        .map(|_| {
            entry.end(Err(&Failure::Unreachable), Timestamp(0));
            entry.due.0
        })
        .collect();
    assert_eq!(waits[..3], [2_000, 4_000, 8_000]);
    assert_eq!(waits[11], 300_000);
    entry.end(Err(&Failure::Busy { retry_after: 900 }), Timestamp(0));
    assert_eq!(entry.step(Timestamp(5)), Step::Wait(Timestamp(900_000)));
    entry.wake(Timestamp(5));
    assert_eq!(entry.step(Timestamp(5)), Step::Send);
}

#[test]
fn a_second_sender_keeps_off_where_nothing_else_keeps_it_away() {
    let mut entry = entry(post("a"), false);
    entry.begin(Timestamp(10), 40_000);
    assert_eq!(entry.step(Timestamp(20)), Step::Wait(Timestamp(40_010)));
    assert_eq!(entry.step(Timestamp(40_010)), Step::Reread);
}

fn comment(changes: serde_json::Value) -> Comment {
    let mut value = json!({
        "id": "5", "author": "An", "created": "1970-01-01T00:00:10Z",
        "body": {"format": "html", "value": "…"}
    });
    value.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    read::<Comment>(&value, "comment", "").0.unwrap()
}

#[test]
fn a_comment_is_recognised_by_parent_author_body_and_time() {
    let sent = entry(post("**Đúng**, \"vậy\" -- [xem](https://x.test)"), false);
    let shown = "Đúng, “vậy” – xem";
    assert!(is_it(&sent, &comment(json!({})), shown));
    assert!(is_it(&sent, &comment(json!({"parent": "0"})), shown));
    assert!(!is_it(&sent, &comment(json!({"parent": "1"})), shown));
    assert!(!is_it(&sent, &comment(json!({"author": "Anh"})), shown));
    assert!(!is_it(&sent, &comment(json!({})), "Đúng"));
    assert!(!is_it(&sent, &comment(json!({"created": null})), shown));
    assert!(!is_it(&sent, &comment(json!({"created": "1969-12-31T23:00:00Z"})), shown));
    let smile = entry(post(":-) :-)"), false);
    assert!(is_it(&smile, &comment(json!({})), ":-):-)"));
    assert!(!is_it(&smile, &comment(json!({})), ":-("));
    let vote = entry(Write::Vote { comment: "5".into(), vote: 1 }, false);
    assert!(is_it(&vote, &comment(json!({"voted": 1})), ""));
    assert!(!is_it(&vote, &comment(json!({})), ""));
}
