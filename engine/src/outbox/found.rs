//! Whether a comment of a thread is what the reader has sent.

use super::Entry;
use crate::{
    content::{from_markdown, text},
    fold::nfc,
    model::Comment,
    profile::Write,
};

/// Milliseconds that the backend's clock may be behind the reader's.
const SKEW: i64 = 120_000;

/// Whether `comment`, whose body reads `shown`, is what `entry` has sent: parent, author, body and time
/// are. When in doubt it is not, and the reader is asked.
pub fn is_it(entry: &Entry, comment: &Comment, shown: &str) -> bool {
    match &entry.write {
        Write::Post(sent) => {
            let is_after = comment.created.is_some_and(|at| at.0 >= entry.made.0 - SKEW);
            let written = text(&from_markdown(&sent.text).blocks);
            is_after
                && top(comment.parent.as_deref()) == top(sent.parent.as_deref())
                && nfc(comment.author.trim()) == nfc(sent.author.trim())
                && [key(&sent.text), key(&written)].contains(&key(shown))
        }
        Write::Vote { comment: id, vote } => comment.id == *id && comment.voted == i32::from(*vote),
        // They may be repeated, or leave no trace.
        Write::Edit { .. } | Write::Delete { .. } | Write::Report { .. } => false,
    }
}

/// The parent, as backends say that there is none.
fn top(parent: Option<&str>) -> Option<&str> {
    parent.filter(|parent| !matches!(*parent, "" | "0"))
}

/// A text without what backends change in it: spaces, quotation marks, dashes, marks of Markdown.
fn key(text: &str) -> String {
    let text = nfc(text);
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() {
        return text.chars().filter(|c| !c.is_whitespace()).collect();
    }
    letters
}
