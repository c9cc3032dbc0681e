//! Who signs what is written: the fields for it, and what is kept of them.

use haidang_engine::model::{Identity, ThreadRules};
use leptos::prelude::*;

use super::{composer::label, discussion::Discussion, drafts::Signature, fields::Fields};
use crate::{
    i18n::msg,
    offline::reader::assertion,
    view::{View, el, live},
};

/// Characters a name may have.
const NAME: u32 = 80;

/// Whether the portal says itself who writes.
pub fn is_known(discussion: Discussion) -> bool {
    let is_asked = |rules: &Option<ThreadRules>| {
        rules.as_ref().is_some_and(|rules| rules.identity != Identity::Anonymous)
    };
    assertion(&discussion.site.portal()).is_some() && discussion.rules.with_untracked(is_asked)
}

/// Says that only those may write whom the portal knows, to somebody it does not.
pub fn identity(discussion: Discussion) -> View {
    let is_required = |rules: &Option<ThreadRules>| {
        rules.as_ref().is_some_and(|rules| rules.identity == Identity::Required)
    };
    let portal = discussion.site.portal();
    live(move || {
        let is_missing =
            discussion.rules.try_with(is_required) == Some(true) && assertion(&portal).is_none();
        is_missing.then(|| el("p").class("note").child(discussion.i18n.text(msg::WRITING_IDENTITY)))
    })
}

/// The fields that say who writes, and the one that nobody fills in; `before` is who did.
pub fn signature(discussion: Discussion, before: Option<Signature>) -> View {
    let i18n = discussion.i18n;
    let portal = discussion.site.portal();
    let kept = Signature::kept(&portal.id);
    let is_remembered = kept.is_some();
    let (name, email) = discussion.writing.signature.get_value();
    let typed = Some(Signature { name, email }).filter(|typed| !typed.name.is_empty());
    let Signature { name, email } = before.or(typed).or(kept).unwrap_or_default();
    let hint = |text| el("small").child(live(i18n.t(text)));
    let name = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("autocomplete", "nickname")
        .attr("maxlength", NAME)
        .attr("value", name);
    let asks_email = portal.comments.as_ref().is_some_and(|comments| comments.email);
    let email = asks_email.then(|| {
        let field = el("input")
            .attr("type", "email")
            .attr("name", "email")
            .attr("autocomplete", "email")
            .attr("value", email);
        label(i18n, msg::WRITING_EMAIL).child(field).child(hint(msg::WRITING_EMAIL_HINT))
    });
    let remember = el("input")
        .attr("type", "checkbox")
        .attr("name", "remember")
        .attr("checked", is_remembered);
    let remember = el("label")
        .class("choice")
        .child(remember)
        .child(" ")
        .child(el("span").child(live(i18n.t(msg::WRITING_REMEMBER))));
    let trap = el("input")
        .attr("type", "text")
        .attr("name", "link")
        .attr("tabindex", "-1")
        .attr("autocomplete", "off");
    let trap = el("div")
        .class("trap")
        .attr("aria-hidden", "true")
        .child(label(i18n, msg::WRITING_TRAP).child(trap));
    let name = label(i18n, msg::COMMENTS_NAME).child(name).child(hint(msg::COMMENTS_NAME_HINT));
    View::from([name.into(), View::from(email), remember.into(), trap.into()])
}

/// Keeps who signs: as long as the page, and on the device if the reader wants it.
pub fn remember(discussion: Discussion, fields: &Fields) {
    let Some(remember) = &fields.remember else { return };
    let signature = fields.signature();
    let portal = discussion.site.portal();
    if remember.checked() {
        signature.keep(&portal.id);
    } else if Signature::kept(&portal.id).is_some() {
        Signature::forget(&portal.id);
    }
    discussion.writing.signature.set_value((signature.name, signature.email));
}
