//! What a reader does at the portal, and what must not spoil it.
//!
//! The steps of a journey that is taken in Firefox too are a function of their own, and `firefox` names it.

// For clippy: such a function is a test's.
#![cfg(test)]

mod accessibility;
mod accessibility_beyond_axe;
mod backends;
mod bad_answers;
mod bad_articles;
mod called;
mod citations;
mod comments;
mod configuration;
mod embedding;
mod embedding_elsewhere;
mod embedding_examples;
mod embedding_printed;
mod fallback;
mod faults;
mod firefox;
mod head;
mod held;
mod kept;
mod keyboard;
mod languages;
mod live;
mod loading;
mod not_found;
mod offline_shell;
mod opening;
mod outage;
mod paging;
mod press;
mod printed;
mod reading;
mod register;
mod search;
mod security;
mod settings;
mod static_host;
mod sub_path;
mod thread;
mod thread_accessibility;
mod updates;
mod valid;
mod writing_offline;
