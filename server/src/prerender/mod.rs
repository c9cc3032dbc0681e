//! Every page of a portal as HTML in its site, for a static host.
//!
//! - `sources`: who answers, this server itself or the network; `patient` asks as they like it.
//! - `walk`: which articles and documents there are, by the lists.
//! - `crawl`: prints pages by `printer` and follows their `links`; `place` is where a page lies.
//! - `site`: writes what has changed, and knows what was written.
//! - `published`, `gone`: feeds and sitemaps; rules for what was taken back.
//! - `report`: how far it is, and what came of it.
//!
//! Pages that readers make by a query (further pages of lists, filters, search) stay the app's own.

mod crawl;
mod gone;
mod links;
mod patient;
mod place;
mod printer;
mod published;
mod report;
mod site;
mod sources;
mod walk;

use std::{fs, path::Path, pin::pin, sync::Arc, thread::available_parallelism};

use anyhow::Context;
use futures_util::future::join_all;
use haidang_engine::{
    lang::Lang,
    model::Key,
    publish::Home,
    route::{List, ListKind, Page, Route},
    time::Timestamp,
};
use tokio_util::task::LocalPoolHandle;

use crate::{
    config::Prerender,
    portal, print,
    print::words,
    shell::{with_base, with_languages},
};
use crawl::Crawl;
use patient::Patient;
use printer::Printer;
use report::Progress;
pub use report::Report;
use site::{OWN, Put, Site, digest};
use sources::Answering;

/// By this the app's page is known that has been written into by an earlier run.
const PRINTS: &str = "data-prints-pages";

/// Writes the pages of a portal, until it is done or told to `stop`.
pub async fn run(
    options: &Prerender,
    now: Timestamp,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Report> {
    let mut stop = pin!(stop);
    let (mut report, mut progress) = (Report::default(), Progress::begin());
    let home = sources::home(&options.home)?;
    let file = options.portal.clone().unwrap_or_else(|| options.site.join("portal.json"));
    let json = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let portal = portal::read(&file).0.map_err(anyhow::Error::msg);
    let portal = portal.with_context(|| file.display().to_string())?;
    let index = with_base(&index(&options.site)?, home.path());
    let mut site = Site::open(&options.site, &digest([&*index, &*json, home.as_str()]))?;
    let Answering { sources, app } = sources::open(options, &home, portal.clone()).await?;
    let jobs = usize::from(options.jobs);
    let printer = Arc::new(Printer {
        home: home.to_string(),
        index: index.clone(),
        words: words_of(&options.site, &portal.codes())?,
        languages: portal.codes(),
        sources: portal.sources.iter().map(|source| source.id.clone()).collect(),
        patient: Arc::new(Patient::new(sources, jobs)),
        threads: LocalPoolHandle::new(jobs.min(available_parallelism().map_or(1, Into::into))),
    });
    put(&mut site, &mut report, "portal.json", &json, options.portal.is_some());
    let shell = print::shell(&with_languages(&index, Some(&portal)));
    put(&mut site, &mut report, "index.html", &shell, true);
    for file in readers_own(&portal.codes()) {
        put(&mut site, &mut report, &file, &shell, true);
    }

    let walking = walk_all(&printer, now);
    let mut editions = tokio::select! {
        () = &mut stop => {
            report.ended = Some(("It was stopped".to_owned(), 0));
            Vec::new()
        }
        editions = walking => editions,
    };
    for (what, trouble) in editions.iter().flat_map(|(_, edition)| &edition.failed) {
        report.fail(what, &trouble.cause);
    }
    let is_known = report.is_whole();
    let begin = editions.iter_mut().flat_map(|(lang, edition)| {
        let (lang, listed) = (&*lang, std::mem::take(&mut edition.routes));
        let fixed = [Page::Front, Page::Documents(Default::default()), Page::Press];
        let fixed = fixed.into_iter().map(|page| Route { lang: lang.clone(), page });
        // The navigation need not name a section for it to be in sitemaps.
        let sections = edition.sections.keys().map(|key| section(lang, key));
        fixed.chain(sections).chain(listed).collect::<Vec<_>>()
    });
    let begin: Vec<Route> = begin.collect();
    let mut crawl = Crawl::of(printer.clone(), &mut site, (&mut report, &mut progress), begin);
    crawl.run(jobs, stop).await;
    progress.end();

    if report.ended.is_none() {
        missing_page(&printer, &mut site, &mut report).await;
        let (withdrawn, gone) = (site.withdrawn().clone(), site.gone().clone());
        let rules = gone::nginx(home.path(), &withdrawn, &gone);
        put(&mut site, &mut report, &format!("{OWN}/withdrawn.conf"), &rules, true);
        let list = gone::list(home.path(), &withdrawn, &gone);
        put(&mut site, &mut report, &format!("{OWN}/withdrawn.txt"), &list, true);
        // Of lists whose end was not reached the last whole files stay.
        if is_known {
            publish(&printer, &editions, now, &mut site, &mut report);
        }
        site.finish()?;
    }
    if let Some(app) = app {
        app.store.close().await;
    }
    report.time = progress.time();
    Ok(report)
}

/// The page of a section, from its beginning.
fn section(lang: &Lang, key: &Key) -> Route {
    let (kind, key) = (ListKind::Section, key.clone());
    let list = List { kind, key, organisation: None, cursor: None };
    Route { lang: lang.clone(), page: Page::List(list) }
}

/// index.html as the build has made it: kept aside, since the site's own is written into.
fn index(site: &Path) -> anyhow::Result<String> {
    let (own, kept) = (site.join("index.html"), site.join(OWN).join("index.html"));
    let html = fs::read_to_string(&own).with_context(|| own.display().to_string())?;
    if html.contains(PRINTS) {
        return fs::read_to_string(&kept).with_context(|| kept.display().to_string());
    }
    fs::create_dir_all(site.join(OWN)).with_context(|| kept.display().to_string())?;
    fs::write(&kept, &html).with_context(|| kept.display().to_string())?;
    Ok(html)
}

fn words_of(
    site: &Path,
    languages: &[Lang],
) -> anyhow::Result<std::collections::HashMap<Lang, Arc<haidang::i18n::Messages>>> {
    let read = |lang: &Lang| {
        let words = words(site, lang).map_err(anyhow::Error::msg)?;
        Ok((lang.clone(), Arc::new(words)))
    };
    languages.iter().map(read).collect()
}

/// The files of pages that are each reader's own: they go out as the app.
fn readers_own(languages: &[Lang]) -> impl Iterator<Item = String> {
    let search = Page::Search { query: String::new(), cursor: None };
    let pages = [search, Page::Saved, Page::Settings];
    languages.iter().flat_map(move |lang| {
        let routes = pages.clone().into_iter().map(|page| Route { lang: lang.clone(), page });
        routes.filter_map(|route| place::file(&route)).collect::<Vec<_>>()
    })
}

async fn walk_all(printer: &Arc<Printer>, now: Timestamp) -> Vec<(Lang, walk::Edition)> {
    let walks = printer.languages.iter().cloned().map(|lang| {
        let (of, printer) = (lang.clone(), printer.clone());
        let walking = printer.clone().threads.spawn_pinned(move || walk::walk(printer, of, now));
        async move { (lang, walking.await) }
    });
    let walked = join_all(walks).await.into_iter().map(|(lang, walked)| {
        let edition = walked.unwrap_or_else(|error| walk::Edition::failed(&lang, &error));
        (lang, edition)
    });
    walked.collect()
}

/// Writes the page of addresses that there is no file for, in the portal's own language.
async fn missing_page(printer: &Arc<Printer>, site: &mut Site, report: &mut Report) {
    let page = Page::NotFound(place::MISSING.to_owned());
    let route = Route { lang: printer.portal().default.clone(), page };
    let printed = printer.clone().print(route).await.map_err(|trouble| trouble.cause);
    let put = printed.and_then(|page| {
        let put = site.put_page(place::MISSING, &page.html, &page.digest, false);
        put.map_err(|error| error.to_string())
    });
    match put {
        Ok(Put::Written) => report.written += 1,
        Ok(Put::Unchanged) => report.unchanged += 1,
        Err(cause) => report.fail(place::MISSING, cause),
    }
}

/// Writes feeds, sitemaps and robots.txt, and takes away those that are of nothing any more.
fn publish(
    printer: &Printer,
    editions: &[(Lang, walk::Edition)],
    now: Timestamp,
    site: &mut Site,
    report: &mut Report,
) {
    let home = Home::new(printer.portal(), &printer.home);
    let is_there = |route: &Route| place::file(route).is_some_and(|file| site.has(&file));
    let files = published::files(&home, editions, now, is_there);
    for (file, text) in &files {
        // A site may have its own.
        let is_ours = file != "robots.txt" || !site.is_anothers(file);
        put(site, report, file, text, is_ours);
    }
    let is_published = |file: &str| file.starts_with("sitemaps/") || file.contains("/feed.");
    let is_kept =
        |file: &str| !is_published(file) || files.iter().any(|(published, _)| published == file);
    if let Err(error) = site.keep_files(is_kept) {
        report.fail("feeds and sitemaps of what is no more", error);
    }
}

fn put(site: &mut Site, report: &mut Report, file: &str, text: &str, is_wanted: bool) {
    if !is_wanted {
        return;
    }
    match site.put_file(file, text) {
        Ok(Put::Written) => report.files += 1,
        Ok(Put::Unchanged) => {}
        Err(error) => report.fail(file, error),
    }
}

impl walk::Edition {
    fn failed(lang: &Lang, error: &tokio::task::JoinError) -> Self {
        let trouble = patient::Trouble { cause: error.to_string(), is_away: false };
        Self { failed: vec![(format!("the lists in {lang}"), trouble)], ..Self::default() }
    }
}
