//! Comments to look through, each with what can be done to it.

use haidang_engine::model::CommentState;

use super::{
    html::{Escaped, hidden, pair},
    labels,
    pages::Page,
    visit::Visit,
    words::Words,
};
use crate::{
    app::App,
    store::{
        moderation::{Case, Verdict},
        moderators::Session,
    },
};

/// Comments with what can be done with each.
pub fn cases(app: &App, visit: &Visit, session: &Session, page: Page, cases: &[Case]) -> String {
    let words = &visit.locale().words;
    if cases.is_empty() {
        return format!("<p>{}</p>", Escaped(&words.nothing));
    }
    cases.iter().map(|case| self::case(app, words, session, page, case)).collect()
}

fn case(app: &App, words: &Words, session: &Session, page: Page, case: &Case) -> String {
    let id = Escaped(&case.id);
    let mut facts = pair(&words.under, &case.title);
    facts += &pair(&words.written, &labels::moment(case.created));
    facts += &pair(&words.state, labels::state(words, case.state));
    if case.state == CommentState::Held {
        facts += &pair(&words.cause, labels::cause(words, case.cause.as_deref()));
    }
    for (name, value) in [(&words.email, &case.email), (&words.why, &case.reason)] {
        facts += &value.as_ref().map(|value| pair(name, value)).unwrap_or_default();
    }
    let report = |(reason, detail): &(String, String)| {
        let reason = labels::reason(words, reason);
        if detail.is_empty() { reason.to_owned() } else { format!("{reason}: {detail}") }
    };
    if !case.reports.is_empty() {
        let reports: Vec<String> = case.reports.iter().map(report).collect();
        facts += &pair(&words.reports, &reports.join("; "));
    }
    let author = words.by.replace("{name}", &case.author);
    let forms = match case.state {
        CommentState::Deleted => String::new(),
        _ => forms(app, words, session, page, case),
    };
    format!(
        "<article aria-labelledby=\"by-{id}\"><h2 id=\"by-{id}\" dir=\"auto\">{author}</h2>
        <dl>{facts}</dl><blockquote dir=\"auto\">{text}</blockquote>{forms}</article>",
        author = Escaped(&author),
        text = Escaped(&case.text),
    )
}

/// What can be done: at once, or with a reason, where Enter rejects.
fn forms(app: &App, words: &Words, session: &Session, page: Page, case: &Case) -> String {
    let id = Escaped(&case.id);
    let button = |verdict: Verdict| {
        let (value, label) = (verdict.name(), Escaped(labels::label(words, verdict)));
        format!(
            "<button name=\"verdict\" value=\"{value}\" aria-describedby=\"by-{id}\">{label}</button>"
        )
    };
    let form = |inside: &str| {
        format!(
            "<form method=\"post\" action=\"{base}moderate/judge\">{csrf}{comment}{from}{inside}</form>",
            base = app.site.base(),
            csrf = hidden("csrf", &session.csrf),
            comment = hidden("comment", &case.id),
            from = hidden("from", page.part()),
        )
    };
    let may = |verdict: &Verdict| verdict.needs() <= session.moderator.role;
    let at_once: String = at_once(case).into_iter().filter(may).map(button).collect();
    let with_reason = format!(
        "<label for=\"why-{id}\">{why}</label>
        <input type=\"text\" id=\"why-{id}\" name=\"why\" maxlength=\"1000\" aria-describedby=\"hint-{id}\">
        <p id=\"hint-{id}\">{hint}</p>{reject}{delete}",
        why = Escaped(&words.why),
        hint = Escaped(&words.why_hint),
        reject = button(Verdict::Reject),
        delete = button(Verdict::Delete),
    );
    let at_once = if at_once.is_empty() { at_once } else { form(&at_once) };
    at_once + &form(&with_reason)
}

/// What needs no reason and makes sense now.
fn at_once(case: &Case) -> Vec<Verdict> {
    let is_published = case.state == CommentState::Published;
    let mut all = Vec::new();
    if !is_published || !case.reports.is_empty() {
        all.push(Verdict::Approve);
    }
    if is_published {
        all.push(if case.pinned { Verdict::Unpin } else { Verdict::Pin });
        all.push(if case.featured { Verdict::Unfeature } else { Verdict::Feature });
    }
    all
}
