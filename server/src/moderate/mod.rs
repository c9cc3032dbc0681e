//! `/moderate`: forms for those who answer for what appears, made here, without script.
//!
//! - `visit`: who comes, in which language, and whether a form is theirs.
//! - `pages`: what stands around all they see; `cases`, `openings`, `log`: what stands in it. `html`, `labels`, `words`:
//!   what it is made of.
//! - `password`: what they sign in with.

mod cases;
mod html;
mod labels;
mod log;
mod openings;
mod pages;
mod password;
mod visit;
mod words;

use std::sync::Arc;

use anyhow::ensure;
use axum::{
    Router,
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use haidang_engine::time::Timestamp;
use serde::Deserialize;

pub use words::Locales;

use crate::{
    api::client::Client,
    app::App,
    clean::{clean, is_visible},
    problem::{Problem, Result},
    store::{
        Store,
        moderation::Verdict,
        moderators::{Role, Session},
        threads::Opening,
    },
};
use pages::{Page, Said};
use visit::Visit;

/// Characters of a password that is given.
const SHORTEST: usize = 12;
/// Characters of a reason.
const LONGEST_REASON: usize = 1_000;
/// Lines and comments on a page.
const ON_A_PAGE: u32 = 100;

/// Makes a moderator, or gives one a new password; without one given, one is made and returned.
pub async fn add(
    store: &Store,
    name: &str,
    role: Role,
    given: Option<String>,
    now: Timestamp,
) -> anyhow::Result<Option<String>> {
    let name = name.trim();
    ensure!(is_visible(name), "a moderator needs a name");
    let long_enough = |given: &String| given.chars().count() >= SHORTEST;
    ensure!(given.as_ref().is_none_or(long_enough), "the password needs {SHORTEST} characters");
    let made = if given.is_none() { Some(password::password()?) } else { None };
    let hash = password::hash(given.as_ref().or(made.as_ref()).map_or("", String::as_str))?;
    store.set_moderator(name, role, &hash, now).await?;
    Ok(made)
}

/// The pages, to be merged below the base.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/moderate", get(home))
        .route("/moderate/", get(home))
        .route("/moderate/moderate.css", get(style))
        .route("/moderate/sign-in", post(sign_in))
        .route("/moderate/sign-out", post(sign_out))
        .route("/moderate/judge", post(judge))
        .route("/moderate/open", post(open))
        .route("/moderate/{part}", get(part))
}

async fn style() -> Response {
    let css = include_str!("moderate.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

async fn home(State(app): State<Arc<App>>, visit: Visit) -> Response {
    match visit.session {
        Some(_) => visit.to(&app, "held", None),
        None => pages::sign_in(&app, &visit, StatusCode::OK, None),
    }
}

async fn part(
    State(app): State<Arc<App>>,
    Path(part): Path<String>,
    visit: Visit,
) -> Result<Response> {
    let Some(page) = Page::of(&part) else { return Err(Problem::not_found("such page")) };
    let Some(session) = &visit.session else {
        return Ok(pages::sign_in(&app, &visit, StatusCode::FORBIDDEN, None));
    };
    if page.needs() > session.moderator.role {
        return Ok(visit.to(&app, "held", Some(Said::NotAllowed)));
    }
    show(&app, &visit, session, page).await
}

async fn show(app: &App, visit: &Visit, session: &Session, page: Page) -> Result<Response> {
    let body = match page {
        Page::Queue(queue) => {
            let cases = app.store.queue(queue, ON_A_PAGE).await?;
            cases::cases(app, visit, session, page, &cases)
        }
        Page::Threads => {
            let sections = app.store.thread_sections().await?;
            let threads = match &visit.article {
                Some(id) => app.store.thread(id).await?.into_iter().collect(),
                None => app.store.threads(ON_A_PAGE).await?,
            };
            openings::threads(app, visit, session, &sections, &threads)
        }
        Page::Log => log::log(app, visit, &app.store.log(visit.before, ON_A_PAGE).await?),
    };
    let waiting = app.store.waiting().await?;
    Ok(pages::page(app, visit, session, page, waiting, &body))
}

#[derive(Deserialize)]
struct Credentials {
    name: String,
    password: String,
}

async fn sign_in(
    State(app): State<Arc<App>>,
    client: Client,
    visit: Visit,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Result<Response> {
    if !visit::is_from_here(&headers) || app.limits.signing_in.admit(client).is_err() {
        let said = Some(Said::Wait);
        return Ok(pages::sign_in(&app, &visit, StatusCode::TOO_MANY_REQUESTS, said));
    }
    let stored = app.store.password(&form.name).await?;
    let verify = move || password::verify(&form.password, stored.as_deref());
    // It is meant to take long: not on a thread that answers.
    let is_right = tokio::task::spawn_blocking(verify).await.unwrap_or(false);
    if !is_right {
        let said = Some(Said::SignInFailed);
        return Ok(pages::sign_in(&app, &visit, StatusCode::FORBIDDEN, said));
    }
    visit.begin(&app, &form.name).await
}

#[derive(Deserialize)]
struct Leaving {
    csrf: String,
}

async fn sign_out(
    State(app): State<Arc<App>>,
    visit: Visit,
    Form(form): Form<Leaving>,
) -> Result<Response> {
    match visit.owner(&form.csrf) {
        Some(_) => visit.end(&app).await,
        None => Ok(visit.to(&app, "held", Some(Said::Stale))),
    }
}

#[derive(Deserialize)]
struct Judgement {
    csrf: String,
    comment: String,
    verdict: Verdict,
    #[serde(default)]
    why: String,
    /// The page to go back to.
    from: String,
}

async fn judge(
    State(app): State<Arc<App>>,
    visit: Visit,
    Form(form): Form<Judgement>,
) -> Result<Response> {
    let back = |said| visit.to(&app, &form.from, Some(said));
    let Some(session) = visit.owner(&form.csrf) else { return Ok(back(Said::Stale)) };
    if form.verdict.needs() > session.moderator.role {
        return Ok(back(Said::NotAllowed));
    }
    let why = reason(&form.why);
    if form.verdict == Verdict::Reject && why.is_none() {
        return Ok(back(Said::WhyNeeded));
    }
    let by = (session.moderator.name.as_str(), why.as_deref());
    let is_done = app.store.judge(&form.comment, form.verdict, by, app.now()).await?;
    Ok(back(if is_done { Said::Done } else { Said::Gone }))
}

#[derive(Deserialize)]
struct Decision {
    csrf: String,
    /// One of both.
    #[serde(default)]
    section: String,
    #[serde(default)]
    article: String,
    /// `yes` if ticked.
    #[serde(default)]
    open: String,
    #[serde(default)]
    close_after: String,
    #[serde(default)]
    why: String,
}

async fn open(
    State(app): State<Arc<App>>,
    visit: Visit,
    Form(form): Form<Decision>,
) -> Result<Response> {
    let back = |said| visit.to(&app, "threads", Some(said));
    let Some(session) = visit.owner(&form.csrf) else { return Ok(back(Said::Stale)) };
    if session.moderator.role < Role::Editor {
        return Ok(back(Said::NotAllowed));
    }
    let days = form.close_after.trim();
    let close_after = days.parse().ok();
    if close_after.is_none() && !days.is_empty() {
        return Err(Problem::invalid("close_after", "Expected a number of days"));
    }
    let opening = Opening { open: form.open == "yes", close_after };
    let why = reason(&form.why);
    let by = (session.moderator.name.as_str(), why.as_deref());
    let is_done = match form.section.as_str() {
        "" => app.store.open_thread(&form.article, opening, by, app.now()).await?,
        section => app.store.open_section(section, opening, by, app.now()).await?,
    };
    Ok(back(if is_done { Said::Done } else { Said::Gone }))
}

fn reason(typed: &str) -> Option<String> {
    let why: String = clean(typed).chars().take(LONGEST_REASON).collect();
    is_visible(&why).then_some(why)
}
