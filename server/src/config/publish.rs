//! Who may say that something was published.

use clap::Args;

/// Who may say that something was published.
#[derive(Debug, Clone, Args)]
pub struct Publish {
    /// What is shown, as `Authorization: Bearer …`, by who tells `hooks/publish` that something was published;
    /// without it nobody is believed.
    #[arg(long, env = "HAIDANG_PUBLISH_SECRET", hide_env_values = true)]
    pub publish_secret: Option<String>,
}
