//! Who the portal speaks for: agencies and the press office.

use super::{Key, Term, record, wire_enum};
use crate::{lang::Lang, time::Timestamp};

wire_enum! {
    /// What kind of body an organisation is.
    OrganisationKind {
        /// A department of the city.
        #[default]
        Department = "department",
        /// An authority: a committee or council.
        Authority = "authority",
        /// An agency with a task of its own.
        Agency = "agency",
    }
}

record! {
    /// A body of the city.
    Organisation {
        /// The backend's id.
        req id: String,
        /// What kind.
        or kind: OrganisationKind,
        /// In the language asked for.
        req name: String,
        /// What it does, plain text.
        opt summary: Option<String>,
        /// The language of name and summary.
        req lang: Lang,
        /// Its own site.
        opt site: Option<String>,
        /// One line.
        opt address: Option<String>,
        /// International format.
        opt phone: Option<String>,
        /// For the public.
        opt email: Option<String>,
    }
}

record! {
    /// Who answers the press for an organisation; by office, not by name.
    Spokesperson {
        /// The backend's id.
        req id: String,
        /// The office.
        req role: String,
        /// Whom they speak for.
        opt organisation: Option<Term>,
        /// International format.
        opt phone: Option<String>,
        /// For the press.
        opt email: Option<String>,
        /// Languages they answer in.
        list languages: Vec<Lang>,
    }
}

record! {
    /// A press briefing.
    Briefing {
        /// The backend's id.
        req id: String,
        /// What about.
        req title: String,
        /// One or two sentences.
        opt summary: Option<String>,
        /// The language of title and summary.
        req lang: Lang,
        /// Who invites.
        opt organisation: Option<Term>,
        /// Begins.
        req starts: Timestamp,
        /// Ends.
        opt ends: Option<Timestamp>,
        /// Where.
        opt place: Option<String>,
        /// The calendar entry (RFC 5545), absolute or relative to the source's base.
        opt_url calendar: Option<String>,
        /// The article about it.
        opt article: Option<Key>,
    }
}

record! {
    /// The press office.
    Press {
        /// By organisation.
        list spokespersons: Vec<Spokesperson>,
        /// Upcoming first by date, then the past ones, newest first.
        list briefings: Vec<Briefing>,
    }
}
