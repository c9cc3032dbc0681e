//! `profile detect`: what stands at an address, and a first portal.json for it.

use anyhow::{Context, anyhow};
use haidang_engine::{lang::Lang, profile::Portal};
use url::Url;

use super::{
    draft,
    marks::{Found, Site},
    report::Report,
};
use crate::{config::Detect, outbound::Outbound};

/// What was found.
pub struct Detected {
    /// What to know of it, for people.
    pub report: Report,
    /// A portal.json that reads; `None` if nothing was found.
    pub portal: Option<String>,
}

/// Looks at an address.
pub async fn detect(args: &Detect) -> anyhow::Result<Detected> {
    let url =
        if args.url.contains("://") { args.url.clone() } else { format!("https://{}", args.url) };
    let url = Url::parse(&url).with_context(|| args.url.clone())?;
    let outbound = Outbound::new(true)?;
    let mut report = Report::default();
    let site = match Site::open(&outbound, &url).await {
        Ok(site) => site,
        Err(trouble) => {
            report.complain(format_args!("{url}: {trouble}"));
            return Ok(Detected { report, portal: None });
        }
    };
    let found = site.backends().await;
    if found.is_empty() {
        report.complain(format_args!(
            "{url}: none of WordPress, Ghost, Drupal, RealWorld, JSON Feed and Isso was found. Any other JSON API \
             needs a profile of its own: docs/backends.md"
        ));
        return Ok(Detected { report, portal: None });
    }
    let lang = site.lang().unwrap_or(Lang::ENGLISH);
    for Found { profile, base, .. } in &found {
        report.say(format_args!("found {profile}: {base}"));
    }
    let portal = draft::portal(&found, &url, &lang);
    Portal::parse(&portal).0.map_err(|error| anyhow!("the portal.json that was made: {error}"))?;
    report.say("\nLeft to fill in");
    for what in draft::left(&found, &lang) {
        report.say(format_args!("  {what}"));
    }
    Ok(Detected { report, portal: Some(portal) })
}
