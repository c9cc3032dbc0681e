//! The fields of the form to write with, as the browser holds them, and what may be wrong in them.

use haidang_engine::model::NewComment;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

use super::drafts::Signature;
use crate::i18n::{Msg, msg};

/// The fields of a form. Those it does not have are absent.
pub struct Fields {
    pub name: Option<HtmlInputElement>,
    pub email: Option<HtmlInputElement>,
    pub remember: Option<HtmlInputElement>,
    /// No person sees it: what is in it was written by a program.
    pub trap: Option<HtmlInputElement>,
    pub text: HtmlTextAreaElement,
}

impl Fields {
    /// Those of the form an event came from.
    pub fn of(event: &Event) -> Option<Self> {
        let form: HtmlFormElement = event.current_target()?.dyn_into().ok()?;
        let field = |name: &str| form.elements().named_item(name);
        let input = |name: &str| field(name)?.dyn_into::<HtmlInputElement>().ok();
        Some(Self {
            name: input("name"),
            email: input("email"),
            remember: input("remember"),
            trap: input("link"),
            text: field("text")?.dyn_into().ok()?,
        })
    }

    /// Who signs.
    pub fn signature(&self) -> Signature {
        let value = |field: &Option<HtmlInputElement>| {
            field.as_ref().map(|field| field.value().trim().to_owned()).unwrap_or_default()
        };
        Signature { name: value(&self.name), email: value(&self.email) }
    }

    /// The comment that they make.
    pub fn comment(&self) -> NewComment {
        let Signature { name, email } = self.signature();
        let trap = self.trap.as_ref().map(HtmlInputElement::value);
        NewComment {
            author: name,
            email: Some(email).filter(|email| !email.is_empty()),
            text: self.text.value().trim().to_owned(),
            trap: trap.filter(|trap| !trap.is_empty()),
            ..NewComment::default()
        }
    }

    /// Puts the focus where something is wrong.
    pub fn focus(&self, wrong: Msg) {
        // Fails only for a field that is not shown.
        let _ = match &self.name {
            Some(name) if wrong == msg::COMMENTS_NAME_MISSING => name.focus(),
            _ => self.text.focus(),
        };
    }
}

/// What is wrong with a comment, if anything is, before anybody is asked.
pub fn incomplete(comment: &NewComment, is_signed: bool, longest: u32) -> Option<Msg> {
    if is_signed && comment.author.is_empty() {
        Some(msg::COMMENTS_NAME_MISSING)
    } else if comment.text.is_empty() {
        Some(msg::COMMENTS_TEXT_MISSING)
    } else if length(&comment.text) > longest {
        Some(msg::COMMENTS_TEXT_LONG)
    } else {
        None
    }
}

/// Characters of a text.
pub fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
