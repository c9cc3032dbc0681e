//! What a reader does at the portal, and what must not spoil it.

mod accessibility;
mod accessibility_beyond_axe;
mod backends;
mod bad_answers;
mod bad_articles;
mod citations;
mod comments;
mod configuration;
mod fallback;
mod head;
mod keyboard;
mod languages;
mod loading;
mod not_found;
mod opening;
mod outage;
mod paging;
mod press;
mod reading;
mod register;
mod search;
mod security;
mod settings;
mod sub_path;
