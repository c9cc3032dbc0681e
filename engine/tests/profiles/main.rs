//! Profiles over answers that real servers gave (`tests/backends`), and over APIs nobody has heard of.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod artalk;
mod bad;
mod directus;
mod discourse;
mod drupal;
mod ghost;
mod hackernews;
mod invented;
mod isso;
mod jsonfeed;
mod presets;
mod realworld;
mod remark42;
mod sources;
mod support;
mod wagtail;
mod wordpress;
