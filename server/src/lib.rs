//! The reference server of Hải Đăng: what a portal publishes, from SQLite, in the reader's own model.
//!
//! Data flows one way: [`demo`] fills the [`store`], [`api`] answers from it, [`site`] gives the app to
//! those who come with a browser, [`publish`] feeds and sitemaps to those who come without;
//! [`app`] puts them together, [`prerender`] writes it all for a static host. [`outbound`] is the one way out: for [`proxy`],
//! which asks backends for the app, and for [`profile`], which tries them before.

pub mod answer;
pub mod api;
pub mod app;
mod assets;
mod calendar;
mod clean;
mod conditional;
pub mod config;
pub mod connections;
mod csp;
pub mod demo;
mod embed;
mod home;
pub mod hooks;
pub mod manifest;
pub mod moderate;
pub mod openapi;
pub mod outbound;
pub mod portal;
pub mod prerender;
mod print;
pub mod problem;
pub mod profile;
pub mod proxy;
pub mod publish;
pub mod push;
mod screen;
mod search;
mod shell;
pub mod site;
mod sso;
pub mod store;
mod texts;
mod webhook;
