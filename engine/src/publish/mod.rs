//! What a portal tells those who do not open it: search engines, feed readers, previews of links.
//!
//! From the model to text, without I/O and without a clock. The server answers with it, and whoever writes
//! pages for a static host writes the same files. Nothing in the browser needs it.
//!
//! - `home`: where the portal is; routes and files as absolute addresses.
//! - `feed`: a list of headlines, as Atom by `atom` and as JSON Feed by `json_feed`.
//! - `listed`, `sitemap`, `news`: which pages there are in which languages, and what is new.
//! - `card`: what becomes of a link that is pasted elsewhere (oEmbed).
//! - `robots`: where crawlers need not go.
//! - `json_ld`, `discussion`: what a page is about, in the words of schema.org; `script` prints it.
//! - `byline`, `xml`: what several of them share.
//!
//! What is withdrawn is told to nobody, and neither is a page in a language that shows another language's text.

mod atom;
mod byline;
mod card;
mod discussion;
mod feed;
mod home;
mod json_feed;
mod json_ld;
mod listed;
mod news;
mod robots;
mod script;
mod sitemap;
#[cfg(test)]
mod test;
mod xml;

pub use card::{Frame, card};
pub use discussion::{comments, discussion};
pub use feed::{Entry, Feed, FeedFormat};
pub use home::Home;
pub use json_ld::{breadcrumbs, news_article, trail};
pub use listed::{Listed, Location, Variant, locations};
pub use news::{NEWS_MOST, NEWS_WINDOW, news};
pub use robots::robots;
pub use script::in_script;
pub use sitemap::{Sitemap, index, sitemaps};
