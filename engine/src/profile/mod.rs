//! The portal's configuration, and what is asked of its backends.
//!
//! Data flows one way: an [`Operation`] is planned into a [`Request`], a driver sends it, and what came
//! back is either JSON for [`crate::read`] or a [`Failure`].
//!
//! ```text
//!                 Operation ──plan──▶ Request ──(driver)──▶ Response
//! native API:      plan()                                    classify() ─────────────▶ Value ─▶ read
//! with a profile:  Profile::plan                             Profile::decode ────────▶ Value ─▶ read
//!                                                            = receive ─▶ map, step, finish
//! ```
//!
//! The native API needs no profile: its answers are in the model's shape. Any other backend is described
//! by a [`Profile`], a JSON file; nothing here knows the name of one.
//!
//! - `config`, `source`: portal.json. `declare`: how both kinds of files are declared and read.
//! - `file`, `check`: what a profile may say, and that it makes sense. `expression`, `template`: its
//!   languages.
//! - `ask`: out. `answer`, `jsonapi`: in, as far as expressions can read it.
//! - `map`: item by item into the model; `decode`, `shapes`, `fields`: which field is what, and how it is
//!   read; `zone`, `html`, `blocks`, `markdown`, `pictures`: dates, titles, bodies. `front`: a front page
//!   for backends without one.
//! - `merge`, `fronts`: one list, one front page out of several sources'.
//! - `circles`, `paging`: threads and lists that do not end. `capabilities`: what is offered. `routes`: whose
//!   links are ours.

mod answer;
mod ask;
mod blocks;
mod capabilities;
mod check;
mod circles;
mod config;
mod declare;
mod decode;
mod expression;
mod failure;
mod fields;
mod file;
mod front;
mod fronts;
mod html;
mod jsonapi;
mod map;
mod markdown;
mod merge;
mod operation;
mod paging;
mod pictures;
mod routes;
mod shapes;
mod source;
mod template;
mod thread_place;
mod threads;
mod zone;

pub use answer::{Answer, Response};
pub use capabilities::Capabilities;
pub use config::{
    Comments, Early, Features, Language, Legal, Localized, NavigationItem, Portal, Theme,
};
pub use declare::Named;
pub use expression::{Expression, Mistake};
pub use failure::{Failure, Refused, classify};
pub use file::{Encoding, Endpoint, Param, Profile, Routes, Shape, Table, Thread};
pub use fronts::fronts;
pub use map::Mapper;
pub use merge::Merge;
pub use operation::{Headlines, Method, Operation, Request, Session, plan};
pub use paging::{MAX_PAGES, Paging};
pub use routes::{OwnLinks, OwnPage};
pub use source::{Auth, Served, Source};
pub use template::{Template, expand};
pub use thread_place::{ThreadPlace, thread_of};
pub use threads::{Reader, Write};
pub use zone::{Rules, Zone};
