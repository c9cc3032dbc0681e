//! The server as its clients meet it: requests in, answers out, over a database of its own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod articles;
mod binary;
mod cms;
mod comments;
mod delivery;
mod demo;
mod description;
mod documentation;
mod documents;
mod embed;
mod front;
mod hooks;
mod identity;
mod live;
mod moderation;
mod prerender;
mod prerender_changes;
mod prerender_together;
mod press;
mod printed;
mod printed_elements;
mod profile;
mod proxy;
mod publish;
mod push;
mod schema;
mod search;
mod service;
mod site;
mod threads;
mod transfer;
mod upstream;
mod validity;
mod writing;
mod xml;
