//! The portal's configuration, and what is asked of its backends.
//!
//! Data flows one way: an [`Operation`] is planned into a [`Request`], a driver sends it, and what came
//! back is either JSON for [`crate::read`] or a [`Failure`].

mod config;
mod failure;
mod operation;
mod template;

pub use config::{
    Comments, Early, Features, Language, Legal, Localized, NavigationItem, Portal, Source, Theme,
};
pub use failure::{Failure, classify};
pub use operation::{Headlines, Method, Operation, Request, plan};
pub use template::expand;
