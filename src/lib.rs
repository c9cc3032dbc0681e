//! Hải Đăng: the reader of a multilingual public portal, over any JSON API.
//!
//! Data flows one way: [`backend`] asks and keeps, a page of [`pages`] loads and shows, [`ui`] and
//! [`thread`] are the views they share, [`offline`] keeps what a reader writes, [`app`] decides which page a route shows. What needs no
//! browser is in the `haidang-engine` crate. `docs/architecture.md` draws the layers.

pub mod app;
pub mod backend;
pub mod boot;
pub mod browser;
pub mod chunk;
pub mod database;
pub mod elements;
pub mod handover;
pub mod head;
pub mod host;
pub mod i18n;
pub mod navigation;
pub mod offline;
pub mod pages;
pub mod preferences;
#[cfg(not(target_arch = "wasm32"))]
pub mod printed;
pub mod site;
pub mod thread;
pub mod ui;
pub mod view;
