//! What a reader does at the portal, and what must not spoil it.

mod opening;
