//! What the model's values are called on the pages of moderators.

use haidang_engine::{model::CommentState, time::Timestamp};

use super::words::Words;
use crate::store::moderation::Verdict;

/// An instant, to the minute.
pub fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or_default())
}

/// Where a comment stands.
pub fn state(words: &Words, state: CommentState) -> &str {
    match state {
        CommentState::Published => &words.published,
        CommentState::Held => &words.waiting,
        CommentState::Rejected => &words.rejected,
        CommentState::Deleted => &words.deleted,
    }
}

/// Why the machine held it; else the rule that every comment is read first.
pub fn cause<'a>(words: &'a Words, cause: Option<&str>) -> &'a str {
    match cause {
        Some("trap") => &words.cause_trap,
        Some("fast") => &words.cause_fast,
        Some("words") => &words.cause_words,
        Some("links") => &words.cause_links,
        Some("reports") => &words.cause_reports,
        Some("edited") => &words.cause_edited,
        _ => &words.cause_rule,
    }
}

/// What a reader found wrong with it.
pub fn reason<'a>(words: &'a Words, reason: &str) -> &'a str {
    match reason {
        "spam" => &words.report_spam,
        "abuse" => &words.report_abuse,
        "false" => &words.report_false,
        "private" => &words.report_private,
        _ => &words.report_other,
    }
}

/// What a verdict's button says.
pub fn label(words: &Words, verdict: Verdict) -> &str {
    match verdict {
        Verdict::Approve => &words.approve,
        Verdict::Reject => &words.reject,
        Verdict::Delete => &words.delete,
        Verdict::Pin => &words.pin,
        Verdict::Unpin => &words.unpin,
        Verdict::Feature => &words.feature,
        Verdict::Unfeature => &words.unfeature,
    }
}

/// What a line of the log says was done.
pub fn what<'a>(words: &'a Words, name: &'a str) -> &'a str {
    match name {
        "approve" => &words.approve,
        "reject" => &words.reject,
        "delete" => &words.delete,
        "pin" => &words.pin,
        "unpin" => &words.unpin,
        "feature" => &words.feature,
        "unfeature" => &words.unfeature,
        "open" => &words.what_open,
        "close" => &words.what_close,
        "sign-in" => &words.what_sign_in,
        "moderator" => &words.what_moderator,
        "editor" => &words.what_editor,
        "retire" => &words.what_retire,
        other => other,
    }
}
