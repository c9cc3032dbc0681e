//! What went wrong, as a sentence for the reader.

use haidang_engine::profile::Failure;

use crate::i18n::{I18n, msg};

/// The sentence for a failure.
pub fn failure_text(i18n: I18n, failure: &Failure) -> String {
    match failure {
        Failure::Unreachable | Failure::Aborted => i18n.text(msg::FAILURE_UNREACHABLE),
        Failure::TimedOut => i18n.text(msg::FAILURE_TIMED_OUT),
        Failure::Forbidden | Failure::Unvouched { status: ..404 } | Failure::Challenged { .. } => {
            i18n.text(msg::FAILURE_FORBIDDEN)
        }
        Failure::NotFound | Failure::Unvouched { .. } | Failure::NotOffered => {
            i18n.text(msg::FAILURE_NOT_FOUND)
        }
        Failure::Busy { retry_after: 0 } => i18n.text(msg::FAILURE_BUSY),
        Failure::Busy { retry_after } => i18n.plural(msg::FAILURE_BUSY_SECONDS, *retry_after),
        // The reasons of the native API are for developers.
        Failure::Refused(refused) => match refused.kind.as_deref() {
            Some("invalid" | "bad-request") => i18n.text(msg::FAILURE_INVALID),
            _ => i18n.fill(msg::FAILURE_REFUSED, &[("reason", &refused.reason)]),
        },
        Failure::Duplicate { reason } => i18n.fill(msg::FAILURE_REFUSED, &[("reason", reason)]),
        Failure::Broken { status } => {
            i18n.fill(msg::FAILURE_BROKEN, &[("status", &status.to_string())])
        }
        Failure::Unreadable { .. } => i18n.text(msg::FAILURE_UNREADABLE),
    }
}
