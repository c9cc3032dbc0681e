//! `cargo xtask bench`: what a first visit weighs, how long a reader waits for the text, the first time and
//! when coming back, and how long for the next language or page; beside the same article made in other ways.

mod at_hand;
mod browser;
mod conditions;
mod embed;
mod figures;
mod kept;
mod lighthouse;
mod mapping;
mod pages;
mod repeat;
mod report;
mod soak;
mod thread;
mod visit;

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::AtomicBool,
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    build,
    serve::running::Running,
    server,
    step::say,
    tools::{self, Need},
    workspace::Workspace,
};
use browser::Browser;
use figures::Sample;
use pages::{Origins, Page};
use repeat::Repeats;
use report::Report;

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// How often each thing is measured
    #[arg(long, global = true, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Measure what was built before
    #[arg(long, global = true)]
    no_build: bool,
}

#[derive(clap::Subcommand)]
enum What {
    /// Ask Lighthouse for its scores of an article, and what each lost point is for
    Lighthouse,
    /// Map a large answer through a profile, beside the same by hand
    Mapping,
    /// Search over 2,000 kept articles without a network
    Kept,
    /// Show threads of 100 to 10,000 comments, beside a page written by hand
    Thread,
    /// Show a thread of 1,000 comments in somebody else's page, beside Waline, Artalk and Isso
    Embed,
}

/// Measures and prints; fails only if it could not measure.
pub fn run(workspace: &Workspace, args: &Args) -> Result<ExitCode> {
    if !args.no_build {
        build::release_if_changed(workspace)?;
        server::build(workspace)?;
    }
    let server = server::binary(workspace);
    let chromium = tools::ensure(workspace, Need::Bench)?.path("chromium")?.clone();
    let chromium_args = chromium_args(workspace)?;
    let folder = empty(workspace.target.join("bench"))?;

    match args.what {
        Some(What::Lighthouse) => {
            let (_running, origin) = serve(workspace, &server, &workspace.dist, &folder)?;
            let path = workspace.target.join("lighthouse.json");
            let to = (&*path, args.rounds);
            lighthouse::run(workspace, &chromium_args, &Page::Portal.url(&origin), to)?;
            println!("\nThe whole report: {}", path.display());
            return Ok(ExitCode::SUCCESS);
        }
        Some(What::Mapping) => {
            if !args.no_build {
                mapping::build(workspace)?;
            }
            let site = folder.join("site");
            mapping::assemble(workspace, &site)?;
            let (_running, origin) = serve(workspace, &server, &site, &folder)?;
            let mut browser = Browser::start(&chromium, &chromium_args, &folder)?;
            let measured = mapping::measure(&mut browser, &origin, args.rounds)?;
            measured.print();
            return written(workspace, "bench-mapping.json", &measured.to_json());
        }
        Some(What::Embed) => {
            let site = folder.join("site");
            embed::assemble(workspace, &site)?;
            // Its first start fills the database.
            drop(serve(workspace, &server, &site, &folder)?);
            embed::fill(workspace, &server, &folder.join("data"))?;
            let (_running, origin) = serve(workspace, &server, &site, &folder)?;
            let mut browser = Browser::start(&chromium, &chromium_args, &folder)?;
            say("Measuring", &format!("about {} minutes", 1 + args.rounds / 2));
            let measured = embed::measure(&mut browser, &origin, args.rounds)?;
            measured.print();
            return written(workspace, "bench-embed.json", &measured.to_json());
        }
        Some(What::Kept) => {
            let (_running, origin) = serve(workspace, &server, &workspace.dist, &folder)?;
            let mut browser = Browser::start(&chromium, &chromium_args, &folder)?;
            let measured = kept::measure(&mut browser, &origin, args.rounds)?;
            measured.print();
            return written(workspace, "bench-kept.json", &measured.to_json());
        }
        Some(What::Thread) => {
            let site = folder.join("site");
            thread::assemble(workspace, &site)?;
            let (_running, origin) = serve(workspace, &server, &site, &folder)?;
            let mut browser = Browser::start(&chromium, &chromium_args, &folder)?;
            say("Measuring", &format!("about {} minutes", 1 + args.rounds));
            let measured = thread::measure(&mut browser, &origin, args.rounds)?;
            measured.print();
            return written(workspace, "bench-thread.json", &measured.to_json());
        }
        None => {}
    }

    if !args.no_build {
        pages::build_lean(workspace)?;
    }
    let site = folder.join("site");
    pages::assemble(workspace, &site)?;
    let (_printing, printed) = serve(workspace, &server, &site, &folder)?;
    let alone = empty(folder.join("alone"))?;
    let (_running, app) = serve_as(workspace, "app", &server, &site, &alone)?;
    let origins = Origins { printed, app };
    let mut browser = Browser::start(&chromium, &chromium_args, &folder)?;
    pages::print_plain(workspace, &mut browser, &origins.printed, &site)?;
    pages::check_alike(&mut browser, &origins)?;

    let url = origins.url(Page::Portal);
    say("Measuring", &format!("about {} minutes", 1 + args.rounds / 3));
    let report = Report {
        browser: browser.version()?,
        transfers: visit::transfers(&mut browser, &url)?,
        cold: cold_starts(&mut browser, &origins, args.rounds)?,
        typable: typable(&mut browser, &origins, args.rounds)?,
        called: called(&mut browser, &url, args.rounds)?,
        repeats: Repeats::measure(&mut browser, &origins, args.rounds)?,
        changes: at_hand::changes(&mut browser, &url, args.rounds)?,
    };
    report.print();
    let path = workspace.target.join("bench.json");
    report.write(&path)?;
    println!("\nThe same, with every measurement: {}", path.display());
    Ok(ExitCode::SUCCESS)
}

/// Shows a thread for so many minutes while five changes a second come.
pub fn soak(workspace: &Workspace, minutes: u32) -> Result<ExitCode> {
    build::release_if_changed(workspace)?;
    server::build(workspace)?;
    let server = server::binary(workspace);
    let chromium = tools::ensure(workspace, Need::Bench)?.path("chromium")?.clone();
    let folder = empty(workspace.target.join("bench"))?;
    let (_running, origin) = serve(workspace, &server, &workspace.dist, &folder)?;
    let mut browser = Browser::start(&chromium, &chromium_args(workspace)?, &folder)?;
    say("Watching a thread", &format!("{minutes} minutes"));
    let soak = soak::run(&mut browser, &origin, minutes)?;
    soak.print()?;
    written(workspace, "soak.json", &soak.to_json())
}

/// Keeps every measurement for a program.
fn written(workspace: &Workspace, name: &str, report: &Value) -> Result<ExitCode> {
    let path = workspace.target.join(name);
    let text = serde_json::to_string_pretty(report)?;
    fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    println!("\nThe same, with every measurement: {}", path.display());
    Ok(ExitCode::SUCCESS)
}

/// One page after the other in each round: what slows the machine for a while slows all alike.
fn cold_starts(
    browser: &mut Browser,
    origins: &Origins,
    rounds: u32,
) -> Result<Vec<(Page, Sample)>> {
    let mut samples = Page::ALL.map(|page| (page, Sample::new(page.name())));
    // Round 0 warms the machine.
    for round in 0..=rounds {
        for (page, sample) in &mut samples {
            let milliseconds = visit::cold_start(browser, &origins.url(*page))?;
            if round > 0 {
                sample.take(milliseconds);
            }
        }
    }
    Ok(samples.into())
}

/// Until the thread can be typed into, client-side alone and printed by turns; and the most that has moved on the
/// printed page.
fn typable(browser: &mut Browser, origins: &Origins, rounds: u32) -> Result<([Sample; 2], f64)> {
    let pages = [Page::App, Page::Portal];
    let (mut samples, mut moved) = (pages.map(|page| Sample::new(page.name())), 0.0_f64);
    for round in 0..=rounds {
        for (page, sample) in pages.iter().zip(&mut samples) {
            let (milliseconds, shift) = visit::until_typable(browser, &origins.url(*page))?;
            if round > 0 {
                sample.take(milliseconds);
            }
            if *page == Page::Portal {
                moved = moved.max(shift);
            }
        }
    }
    Ok((samples, moved))
}

/// Until the app is there that a reader of the printed page has called.
fn called(browser: &mut Browser, url: &str, rounds: u32) -> Result<Sample> {
    let mut sample = Sample::new("Hải Đăng, printed, from going for a link");
    for round in 0..=rounds {
        let milliseconds = visit::until_called(browser, url)?;
        if round > 0 {
            sample.take(milliseconds);
        }
    }
    Ok(sample)
}

/// A server of the demo content and `site`, which prints pages; also its origin.
fn serve(
    workspace: &Workspace,
    server: &Path,
    site: &Path,
    folder: &Path,
) -> Result<(Running, String)> {
    serve_as(workspace, "printed", server, site, folder)
}

/// The same with its pages sent as `pages`.
fn serve_as(
    workspace: &Workspace,
    pages: &str,
    server: &Path,
    site: &Path,
    folder: &Path,
) -> Result<(Running, String)> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let listen = format!("127.0.0.1:{port}");
    let step = workspace.step(server).args(["--listen", &listen, "--log", "warn", "--site"]);
    let step = step.args([site]).args(["--data"]).args([folder.join("data")]);
    let step = step.args(["--rate", "0", "--moderation", "published", "--pages", pages]);
    let running = Running::start(&step, port, &AtomicBool::new(false))?;
    Ok((running, format!("http://{listen}")))
}

/// How every browser of ours is started: see webdriver.json.
fn chromium_args(workspace: &Workspace) -> Result<Vec<String>> {
    let path = workspace.root.join("webdriver.json");
    let reading = || format!("reading {}", path.display());
    let json: Value =
        serde_json::from_slice(&fs::read(&path).with_context(reading)?).with_context(reading)?;
    let args = json.pointer("/goog:chromeOptions/args").and_then(Value::as_array);
    let args = args.with_context(reading)?.iter();
    Ok(args.filter_map(|arg| arg.as_str().map(str::to_owned)).collect())
}

/// The folder, with nothing in it.
fn empty(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
