//! The form to write a comment or an answer with.
//!
//! Its fields are the browser's: their values are never set while somebody types, which would break
//! Telex and every other input method. What is typed is kept as a draft until it has been taken.

use haidang_engine::{
    model::{Comment, CommentState, NewComment},
    profile::{Failure, Operation, Reader, Write},
    thread::Store,
};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;
use web_sys::{
    AbortController, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement,
};

use super::{discussion::Discussion, drafts::Draft};
use crate::{
    i18n::{I18n, Msg, msg},
    navigation::focus_fragment,
    ui::failure_text,
    view::{Element, el, live},
};

/// The native API takes this many characters of text, and of a name.
const TEXT: usize = 5_000;
const NAME: u32 = 80;

/// What stands below the fields.
#[derive(Clone, PartialEq)]
enum State {
    Writing,
    Posting,
    /// A field is to be filled in or shortened.
    Incomplete(Msg),
    /// Not taken: the text is still there.
    Failed(Failure),
}

/// A form at the top of the thread, or below the comment `parent`.
pub fn composer(discussion: Discussion, parent: Option<String>) -> Element {
    let i18n = discussion.i18n;
    let state = RwSignal::new(State::Writing);
    let draft = Draft::new(discussion, parent.as_deref());
    let kept = draft.read();
    let answered = parent.as_ref().and_then(|id| {
        let author = |store: &Store| Some(store.comment(store.find(id)?)?.author.clone());
        discussion.store.with_untracked(author)
    });
    let is_answer = parent.is_some();
    let title = move || match &answered {
        Some(name) => i18n.fill(msg::COMMENTS_REPLYING, &[("name", name)]),
        None => i18n.text(msg::COMMENTS_WRITE),
    };
    let keep = {
        let draft = draft.clone();
        move |event: Event| {
            if let Some(fields) = Fields::of(&event) {
                draft.write(&fields.name.value(), &fields.text.value());
            }
        }
    };
    let submit = move |event: Event| {
        event.prevent_default();
        let Some(fields) = Fields::of(&event) else { return };
        if state.get_untracked() == State::Posting {
            return;
        }
        let comment = NewComment {
            parent: parent.clone(),
            author: fields.name.value().trim().to_owned(),
            text: fields.text.value().trim().to_owned(),
            lang: Some(i18n.lang()),
            ..NewComment::default()
        };
        if let Some(wrong) = incomplete(&comment) {
            state.set(State::Incomplete(wrong));
            fields.focus(wrong == msg::COMMENTS_NAME_MISSING);
            return;
        }
        state.set(State::Posting);
        let draft = draft.clone();
        let sending = post(discussion, comment, draft.key());
        spawn_local(async move {
            match sending.await {
                Ok(taken) => {
                    draft.clear();
                    fields.text.set_value("");
                    state.try_set(State::Writing);
                    show(discussion, taken).await;
                }
                Err(failure) => {
                    state.try_set(State::Failed(failure));
                }
            }
        });
    };
    let error = move || match state.get() {
        State::Writing | State::Posting => String::new(),
        State::Incomplete(wrong) => i18n.fill(wrong, &[("max", &TEXT.to_string())]),
        State::Failed(Failure::Refused { kind, reason, field }) => {
            match refusal(kind.as_deref(), field.as_deref()) {
                Some(known) => i18n.fill(known, &[("max", &TEXT.to_string())]),
                // A backend that says no more.
                None if reason.is_empty() => i18n.text(msg::FAILURE_INVALID),
                None => i18n.fill(msg::COMMENTS_REFUSED, &[("reason", &reason)]),
            }
        }
        State::Failed(failure) => {
            format!("{} {}", i18n.text(msg::COMMENTS_FAILED), failure_text(i18n, &failure))
        }
    };
    let name = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("autocomplete", "nickname")
        .attr("maxlength", NAME)
        .attr("value", kept.name);
    let text = el("textarea")
        .attr("name", "text")
        .attr("rows", "4")
        .attr("dir", "auto")
        .bind(move |text| {
            // A form that was asked for takes the focus, once it is on the page.
            if is_answer && let Ok(text) = text.dyn_into::<HtmlElement>() {
                spawn_local(async move {
                    tick().await;
                    let _ = text.focus();
                });
            }
        })
        .child(kept.text);
    let hint = el("small").child(live(i18n.t(msg::COMMENTS_NAME_HINT)));
    el("form")
        .class("composer")
        .attr("novalidate", true)
        .on("submit", submit)
        .on("input", keep)
        .child(el("p").class("composer-title").child(live(title)))
        .child(label(i18n, msg::COMMENTS_NAME).child(name).child(hint))
        .child(label(i18n, msg::COMMENTS_TEXT).child(text))
        .child(el("p").class("composer-error").attr("role", "alert").child(live(error)))
        .child(actions(discussion, state, is_answer))
}

fn label(i18n: I18n, msg: Msg) -> Element {
    el("label").child(el("span").child(live(i18n.t(msg))))
}

fn actions(discussion: Discussion, state: RwSignal<State>, is_answer: bool) -> Element {
    let i18n = discussion.i18n;
    let is_posting = move || state.with(|state| *state == State::Posting);
    let post = el("button")
        .attr("type", "submit")
        .live_attr("aria-disabled", move || is_posting().to_string())
        .child(live(move || {
            i18n.text(if is_posting() { msg::COMMENTS_POSTING } else { msg::COMMENTS_POST })
        }));
    let cancel = is_answer.then(|| {
        el("button")
            .attr("type", "button")
            .class("plain")
            .on("click", move |_| discussion.replying.set(None))
            .child(live(i18n.t(msg::COMMENTS_CANCEL)))
    });
    el("p").class("actions").child(post).child(" ").child(cancel)
}

/// The fields of the form an event came from.
struct Fields {
    name: HtmlInputElement,
    text: HtmlTextAreaElement,
}

impl Fields {
    fn of(event: &Event) -> Option<Self> {
        let form: HtmlFormElement = event.current_target()?.dyn_into().ok()?;
        let field = |name: &str| form.elements().named_item(name);
        Some(Self { name: field("name")?.dyn_into().ok()?, text: field("text")?.dyn_into().ok()? })
    }

    fn focus(&self, name: bool) {
        // Fails only for a field that is not shown.
        let _ = if name { self.name.focus() } else { self.text.focus() };
    }
}

/// What the native API refuses a comment for, in our words; other backends' reasons are shown as they are.
fn refusal(kind: Option<&str>, field: Option<&str>) -> Option<Msg> {
    match (kind?, field) {
        ("closed", _) => Some(msg::COMMENTS_CLOSED),
        ("spam", _) => Some(msg::COMMENTS_SPAM),
        ("invalid", Some("author")) => Some(msg::COMMENTS_NAME_MISSING),
        ("invalid", Some("text")) => Some(msg::COMMENTS_TEXT_LONG),
        ("invalid", Some("parent")) => Some(msg::COMMENTS_PARENT_GONE),
        _ => None,
    }
}

fn incomplete(comment: &NewComment) -> Option<Msg> {
    if comment.author.is_empty() {
        Some(msg::COMMENTS_NAME_MISSING)
    } else if comment.text.is_empty() {
        Some(msg::COMMENTS_TEXT_MISSING)
    } else if comment.text.chars().count() > TEXT {
        Some(msg::COMMENTS_TEXT_LONG)
    } else {
        None
    }
}

/// The sending of a comment. What it needs of the thread is taken at once: the reader may leave.
fn post(
    discussion: Discussion,
    comment: NewComment,
    idempotency_key: String,
) -> impl Future<Output = Result<Comment, Failure>> {
    // Leaving the page does not end it: the comment has been handed in.
    let abort = AbortController::new().ok().map(|controller| controller.signal());
    let loader = abort.map(|abort| discussion.loader(abort));
    let source = discussion.source.get_value();
    let operation = Operation::Write {
        thread: discussion.id.get_value(),
        write: Write::Post(Box::new(comment)),
        key: idempotency_key,
        reader: Reader::default(),
    };
    async move { loader.ok_or(Failure::Unreachable)?.post(&source, &operation).await }
}

/// Puts the reader's own comment in its place and says what became of it.
async fn show(discussion: Discussion, comment: Comment) {
    let i18n = discussion.i18n;
    let is_held = comment.state == CommentState::Held;
    let place = format!("comment-{}", comment.id);
    let shown = discussion.store.try_update(|store| store.merge([comment]));
    if shown.is_none() {
        // The reader has left; the comment is with the server.
        return;
    }
    discussion.replying.set(None);
    discussion.said.set(i18n.text(if is_held { msg::COMMENTS_HELD } else { msg::COMMENTS_POSTED }));
    tick().await;
    focus_fragment(&place);
}
