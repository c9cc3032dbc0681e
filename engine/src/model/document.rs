//! The register of documents that articles cite.

use super::{File, Key, Term, record, wire_enum};
use crate::{lang::Lang, time::Date};

wire_enum! {
    /// What kind of act a document is.
    DocumentKind {
        /// Quyết định.
        #[default]
        Decision = "decision",
        /// Nghị quyết.
        Resolution = "resolution",
        /// Chỉ thị.
        Directive = "directive",
        /// Thông báo.
        Notice = "notice",
        /// Kế hoạch.
        Plan = "plan",
        /// Thông tư.
        Circular = "circular",
    }
}

wire_enum! {
    /// Whether a document binds.
    DocumentStatus {
        /// It binds.
        #[default]
        InForce = "in-force",
        /// It binds as another document changed it.
        Amended = "amended",
        /// Another document took its place.
        Replaced = "replaced",
        /// Its time is over.
        Expired = "expired",
        /// It will bind from its effective date.
        NotYet = "not-yet",
    }
}

record! {
    /// Another document, named.
    DocumentRef {
        /// Its id in the register.
        req id: String,
        /// Its number.
        req number: String,
        /// Its title.
        or title: String,
    }
}

record! {
    /// A document as the register's list shows it.
    DocumentEntry {
        /// Names it.
        req key: Key,
        /// As printed, e.g. `10-NQ/TU`.
        req number: String,
        /// What kind of act.
        or kind: DocumentKind,
        /// In the language `lang`.
        req title: String,
        /// The language of title and summary.
        req lang: Lang,
        /// Who issued it; the id is empty when the issuer is not one of the portal's organisations.
        opt issuer: Option<Term>,
        /// Day of issue.
        opt issued: Option<Date>,
        /// Whether it binds.
        or status: DocumentStatus,
        /// The field of government.
        opt field: Option<Term>,
    }
}

record! {
    /// A document in full.
    Document {
        /// What the list shows of it too.
        req entry: DocumentEntry,
        /// What it says, plain text.
        opt summary: Option<String>,
        /// The office of who signed, e.g. "Chairman of the People's Committee".
        opt signer: Option<String>,
        /// The day it begins to bind.
        opt effective: Option<Date>,
        /// The day it ceases to bind.
        opt expires: Option<Date>,
        /// The documents it changes.
        list amends: Vec<DocumentRef>,
        /// The documents it replaces.
        list replaces: Vec<DocumentRef>,
        /// The documents that change it.
        list amended_by: Vec<DocumentRef>,
        /// The documents that replace it.
        list replaced_by: Vec<DocumentRef>,
        /// Its files.
        list files: Vec<File>,
    }
}

record! {
    /// What the register can be filtered by: only values that some document has.
    Register {
        /// Issuing bodies.
        list issuers: Vec<Term>,
        /// Fields of government.
        list fields: Vec<Term>,
        /// Kinds of act.
        list kinds: Vec<DocumentKind>,
        /// Years of issue, newest first.
        list years: Vec<u32>,
    }
}
