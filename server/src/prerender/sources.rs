//! Who answers while pages are printed: this server itself below the portal's own base, the network elsewhere.

use std::{ffi::OsString, sync::Arc};

use anyhow::{Context, bail, ensure};
use axum::Router;
use clap::Parser;
use haidang_engine::profile::{Portal, Source};
use tokio::runtime::Handle;
use url::Url;

use crate::{
    app::{self, App},
    config::{Cli, Prerender},
    demo::Content,
    outbound::{Cache, Outbound},
    print::{Network, Sources},
};

/// The sources of a portal.
pub struct Answering {
    /// Ready to be asked.
    pub sources: Sources,
    /// This server, if it answers any.
    pub app: Option<Arc<App>>,
}

/// Where the portal will be: an address of the web whose path ends with `/`.
pub fn home(url: &Url) -> anyhow::Result<Url> {
    ensure!(
        matches!(url.scheme(), "http" | "https"),
        "--home: expected an address of the web, found {url}"
    );
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    let is_plain =
        url.path().chars().all(plain) && url.query().is_none() && url.fragment().is_none();
    ensure!(is_plain, "--home: expected a path of plain letters, found {url}");
    let mut home = url.clone();
    home.set_path(&[url.path().trim_end_matches('/'), "/"].concat());
    Ok(home)
}

/// Opens the sources of `portal`, which will be at `home`.
pub async fn open(options: &Prerender, home: &Url, portal: Portal) -> anyhow::Result<Answering> {
    let relative = portal.sources.iter().find(|source| is_relative(source));
    let app = match (&options.data, relative) {
        (Some(_), _) => Some(own(options, home).await?),
        (None, None) => None,
        (None, Some(source)) => bail!(
            "source {} is at {}, below the portal itself, where nothing answers yet: say --data and the folder of \
             its database, or give a portal.json with its absolute address",
            source.id,
            source.base,
        ),
    };
    let network = Network {
        own: app.clone().map(app::routes).unwrap_or_else(Router::new),
        base: home.path().to_owned(),
        others: Outbound::new(true)?,
        kept: options.watch.map(|_| Cache::default()),
        runtime: Handle::current(),
    };
    let (sources, wrong) = Sources::open(portal, &options.site, Arc::new(network));
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(Answering { sources, app })
}

/// This server over its database, as it would be started.
async fn own(options: &Prerender, home: &Url) -> anyhow::Result<Arc<App>> {
    let data = options.data.as_deref().context("--data")?;
    // A start would make it, and fill it with the demo.
    ensure!(
        data.join("haidang.db").is_file(),
        "--data: there is no database in {}",
        data.display()
    );
    let mut arguments: Vec<OsString> =
        ["haidang-server", "--base", home.path(), "--pages", "app"].map(Into::into).into();
    arguments.extend(["--site".into(), options.site.clone().into()]);
    arguments.extend(["--data".into(), data.into()]);
    if let Some(portal) = &options.portal {
        arguments.extend(["--portal".into(), portal.into()]);
    }
    if let Some(proxy) = &options.proxy {
        arguments.extend(["--proxy".into(), proxy.into()]);
    }
    let config = Cli::try_parse_from(arguments)?.serve;
    let app = App::start(&config, &Content::embedded(), app::machine_clock).await?;
    Ok(Arc::new(app))
}

fn is_relative(source: &Source) -> bool {
    let bases = source.languages.iter().flat_map(|served| &served.bases.0);
    let mut all = bases.map(|(_, base)| base).chain([&source.base]);
    all.any(|base| Url::parse(base).is_err())
}
