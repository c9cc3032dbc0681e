//! `haidang-server`: see `--help`.

use std::{path::Path, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use clap::Parser;
use haidang_engine::{
    model::NoticeLevel,
    profile::{Portal, Profile},
};
use haidang_server::{
    app::{self, App},
    config::{
        Cli, Command, ModeratorCommand, NoticeCommand, ProfileCommand, Seed, Serve, ThreadCommand,
    },
    connections,
    demo::{Content, Shape},
    manifest, moderate,
    outbound::Outbound,
    prerender, profile,
    push::{self, Push},
    site,
    store::{Store, notices::Bulletin},
};
use tokio::{net::TcpListener, signal, time::sleep};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

/// How long what has begun may take once the server is told to stop.
const MAY_LINGER: Duration = Duration::from_secs(20);

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    match cli.command {
        None => serve(cli.serve).await?,
        Some(Command::Serve(config)) => serve(*config).await?,
        Some(Command::Seed(seed)) => add_comments(seed).await?,
        Some(Command::Moderator(command)) => moderator(command).await?,
        Some(Command::Notice(command)) => notice(command).await?,
        Some(Command::Thread(command)) => thread(command).await?,
        Some(Command::Csp(csp)) => {
            println!("{}", site::policy(&csp.site, csp.portal.as_deref())?);
        }
        Some(Command::Manifest(of)) => {
            let beside = of.site.join("portal.json");
            manifest::write(&of.site, of.portal.as_deref().unwrap_or(&beside))?;
        }
        Some(Command::Prerender(options)) if options.watch.is_some() => {
            let tell = |report: &prerender::Report| println!("{report}");
            prerender::watch(&options, app::machine_clock, tell, told_to_stop()).await?;
        }
        Some(Command::Prerender(options)) => {
            let report = prerender::run(&options, app::machine_clock(), told_to_stop()).await?;
            println!("{report}");
            if !report.is_whole() {
                return Ok(ExitCode::FAILURE);
            }
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
    tokio::spawn(Arc::clone(&app).forget_daily());
    let mut stopping = app.stopping.subscribe();
    let stopping = async move {
        // It cannot be gone: the app has it.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    tokio::select! {
        () = connections::serve(listener, router, connections::HEAD, stopping) => {}
        () = stop(&app) => {}
    }
    app.store.close().await;
    Ok(())
}

/// Begins to stop when told to, and returns once no more is waited for.
async fn stop(app: &App) {
    told_to_stop().await;
    app.stopping.send_replace(true);
    // Who never ends a request would keep it for ever.
    tokio::select! {
        () = told() => tracing::info!("stopped: told again"),
        () = sleep(MAY_LINGER) => {
            tracing::warn!("stopped: what has not ended in {MAY_LINGER:?} is cut off");
        }
    }
}

async fn add_comments(seed: Seed) -> anyhow::Result<()> {
    let now = app::machine_clock();
    let store = open(&seed.data).await?;
    let article = seed.article.as_deref();
    let work = app::seed_comments(&store, (seed.comments, seed.shape), article, now).await?;
    store.close().await;
    println!("{} comments more under {work}", seed.comments);
    Ok(())
}

async fn open(data: &Path) -> anyhow::Result<Store> {
    app::open(data, &Content::embedded(), (0, Shape::Tree), app::machine_clock()).await
}

async fn moderator(command: ModeratorCommand) -> anyhow::Result<()> {
    match command {
        ModeratorCommand::Add { name, role, password_stdin, data } => {
            let store = open(&data).await?;
            let given = password_stdin.then(|| std::io::stdin().lines().next()).flatten();
            let given = given.transpose().context("standard input")?;
            let made = moderate::add(&store, &name, role, given, app::machine_clock()).await?;
            store.close().await;
            match made {
                Some(password) => println!("{name} signs in with {password}"),
                None => println!("{name} signs in with the password given"),
            }
        }
        ModeratorCommand::Retire { name, data } => {
            let store = open(&data).await?;
            let was_there = store.retire_moderator(&name, app::machine_clock()).await?;
            store.close().await;
            anyhow::ensure!(was_there, "there is no moderator {name}");
        }
        ModeratorCommand::List { data } => {
            let store = open(&data).await?;
            for moderator in store.moderators().await? {
                let role = if moderator.active { moderator.role.name() } else { "retired" };
                println!("{role:9}  {}", moderator.name);
            }
            store.close().await;
        }
    }
    Ok(())
}

async fn notice(command: NoticeCommand) -> anyhow::Result<()> {
    match command {
        NoticeCommand::Publish { file, push_contact, push_private, data } => {
            let json =
                std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let notice: Bulletin =
                serde_json::from_str(&json).with_context(|| file.display().to_string())?;
            let (store, now) = (open(&data).await?, app::machine_clock());
            store.publish(&notice).await?;
            println!("{} is published", notice.id);
            let push = Push::open(&store, push_contact.as_deref()).await?;
            if let Some(push) = push.filter(|_| notice.level == NoticeLevel::Emergency) {
                let outbound = Arc::new(Outbound::new(push_private)?);
                let told = push.tell(&store, &outbound, &notice, now).await?;
                let push::Told { taken, gone, failed } = told;
                println!("sent to {taken} browsers; {gone} no longer ask for it, {failed} failed");
            }
            store.close().await;
        }
        NoticeCommand::Withdraw { id, data } => {
            let store = open(&data).await?;
            let was_there = store.withdraw(&id).await?;
            store.close().await;
            anyhow::ensure!(was_there, "there is no notice {id}");
        }
    }
    Ok(())
}

async fn thread(command: ThreadCommand) -> anyhow::Result<()> {
    let (ThreadCommand::Export { article, data } | ThreadCommand::Import { article, data, .. }) =
        &command;
    let store = open(data).await?;
    let thread = store.thread(article).await?;
    let work = thread.with_context(|| format!("there is no article {article}"))?.id.work;
    if let ThreadCommand::Import { file, .. } = &command {
        let json = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let kept = serde_json::from_str(&json).with_context(|| file.display().to_string())?;
        let came = store.import(&work, &kept).await?;
        println!("{came} comments more under {work}");
    } else {
        println!("{:#}", serde_json::to_value(store.export(&work).await?)?);
    }
    store.close().await;
    Ok(())
}

fn log(config: &Serve) -> anyhow::Result<()> {
    let levels: Targets = config.log.parse().context("--log")?;
    let lines = tracing_subscriber::fmt::layer();
    let lines = if config.log_json { lines.json().boxed() } else { lines.boxed() };
    tracing_subscriber::registry().with(lines.with_filter(levels)).try_init()?;
    Ok(())
}

/// Is [`told`] to, and says so.
async fn told_to_stop() {
    told().await;
    tracing::info!("stopping: what has begun is finished");
}

/// Ctrl-C, or what a service manager sends.
async fn told() {
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
}
