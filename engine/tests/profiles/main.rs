//! Profiles over answers that real servers gave (`tests/backends`), and over APIs nobody has heard of.

mod bad;
mod invented;
mod isso;
mod support;
mod wordpress;
