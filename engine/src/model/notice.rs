//! Announcements shown on every page.

use super::{Key, record, wire_enum};
use crate::{lang::Lang, time::Timestamp};

wire_enum! {
    /// How urgent a notice is.
    NoticeLevel {
        /// Good to know.
        #[default]
        Info = "info",
        /// Plans may have to change.
        Warning = "warning",
        /// Life or property is at risk.
        Emergency = "emergency",
    }
}

record! {
    /// An announcement: storm, water works, the portal itself.
    Notice {
        /// The backend's id.
        req id: String,
        /// How urgent.
        or level: NoticeLevel,
        /// A few words.
        req title: String,
        /// One to three sentences of plain text.
        or text: String,
        /// The language of title and text.
        req lang: Lang,
        /// When it was issued.
        opt issued: Option<Timestamp>,
        /// When it ends.
        opt expires: Option<Timestamp>,
        /// Whether a reader may put it away.
        or dismissible: bool,
        /// The article that says more.
        opt article: Option<Key>,
    }
}
