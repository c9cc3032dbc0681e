//! How a portal is written as static pages.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use url::Url;

use super::Publish;

/// Which portal to write as pages, and where.
#[derive(Debug, Clone, Args)]
pub struct Prerender {
    /// Folder of the built site; the pages go into it.
    #[arg(long, env = "HAIDANG_SITE")]
    pub site: PathBuf,
    /// A portal.json to take the place of the site's.
    #[arg(long, env = "HAIDANG_PORTAL")]
    pub portal: Option<PathBuf>,
    /// Where the portal will be, e.g. `https://portal.example/`: search engines and feed readers want
    /// absolute addresses.
    #[arg(long, value_name = "URL")]
    pub home: Url,
    /// Pages printed at once, and requests under way at once to all backends together.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: u16,
    /// Folder of the database that answers sources below the portal's own base, e.g. `api/v1`.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// With --data: a file that names the backends behind `proxy/{source}`.
    #[arg(long, value_name = "FILE", requires = "data")]
    pub proxy: Option<PathBuf>,
    /// Look at every page, also at those that no list says have changed; done daily without it.
    #[arg(long)]
    pub whole: bool,
    /// Go on when all is written: look every so many seconds, and refresh what an edit touches.
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "5",
        value_parser = clap::value_parser!(u16).range(1..),
    )]
    pub watch: Option<u16>,
    /// With --watch: address and port to be told of edits at, `POST /hooks/publish`.
    #[arg(long, value_name = "ADDRESS", requires_all = ["watch", "publish_secret"])]
    pub listen: Option<SocketAddr>,
    /// Who may tell.
    #[command(flatten)]
    pub publish: Publish,
}
