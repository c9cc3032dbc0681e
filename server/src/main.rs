//! `haidang-server`: see `--help`.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::Parser;
use haidang_engine::profile::{Portal, Profile};
use haidang_server::{
    app::{self, App},
    config::{Cli, Command, ProfileCommand, Seed, Serve},
    demo::Content,
    profile, site,
};
use tokio::{net::TcpListener, signal};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    match cli.command {
        None => serve(cli.serve).await?,
        Some(Command::Serve(config)) => serve(*config).await?,
        Some(Command::Seed(seed)) => add_comments(seed).await?,
        Some(Command::Csp(csp)) => {
            println!("{}", site::policy(&csp.site, csp.portal.as_deref())?);
        }
        Some(Command::Schema(schema)) => {
            println!("{:#}", if schema.profile { Profile::schema() } else { Portal::schema() });
        }
        Some(Command::Profile(command)) => {
            let report = match command {
                ProfileCommand::Check(check) => {
                    let report = profile::check(&check).await?;
                    print!("{}", report.text());
                    report
                }
                ProfileCommand::Detect(detect) => {
                    let profile::Detected { report, portal } = profile::detect(&detect).await?;
                    // Apart, so that the portal can be written into a file.
                    eprintln!("{}", report.text());
                    portal.iter().for_each(|portal| println!("{portal}"));
                    report
                }
            };
            if report.wrong() > 0 {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Serve) -> anyhow::Result<()> {
    log(&config)?;
    let app = Arc::new(App::start(&config, &Content::embedded(), app::machine_clock).await?);
    let router = app::router(Arc::clone(&app), &config)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    tracing::info!("http://{}{}", listener.local_addr()?, app.site.base());
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(told_to_stop())
        .await?;
    app.store.close().await;
    Ok(())
}

async fn add_comments(seed: Seed) -> anyhow::Result<()> {
    let now = app::machine_clock();
    let store = app::open(&seed.data, &Content::embedded(), 0, now).await?;
    let article = seed.article.as_deref();
    let work = app::seed_comments(&store, seed.comments, article, now).await?;
    store.close().await;
    println!("{} comments more under {work}", seed.comments);
    Ok(())
}

fn log(config: &Serve) -> anyhow::Result<()> {
    let levels: Targets = config.log.parse().context("--log")?;
    let lines = tracing_subscriber::fmt::layer();
    let lines = if config.log_json { lines.json().boxed() } else { lines.boxed() };
    tracing_subscriber::registry().with(lines.with_filter(levels)).try_init()?;
    Ok(())
}

/// Ctrl-C, or what a service manager sends.
async fn told_to_stop() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("stopping: what has begun is finished");
}
