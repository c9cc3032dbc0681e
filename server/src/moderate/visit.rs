//! Who comes to the pages of moderators: by a cookie that only this server reads, and in which language.

use std::sync::Arc;

use axum::{
    Extension,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use haidang_engine::time::Timestamp;
use sha2::{Digest, Sha256};

use super::{pages::Said, password, words::Locale};
use crate::{
    app::App,
    print::Unchanged,
    problem::{Problem, Result},
    store::moderators::Session,
};

const COOKIE: &str = "haidang-moderator";
const LANGUAGE: &str = "haidang-moderate-lang";
/// How long a session lasts.
const HOURS: i64 = 12;

/// A request to one of the pages.
pub struct Visit {
    /// Whose, if signed in.
    pub session: Option<Session>,
    /// What the last form led to.
    pub said: Option<Said>,
    /// The article whose thread is looked for.
    pub article: Option<String>,
    /// The line of the log before which it goes on.
    pub before: Option<i64>,
    token: Option<String>,
    is_chosen: bool,
    locale: Arc<Locale>,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let chosen = asked("lang");
        let token = cookie(&parts.headers, COOKIE).map(|cookie| digest(&cookie));
        let session = match &token {
            Some(token) => app.store.session(token, app.now()).await?,
            None => None,
        };
        let remembered = chosen.clone().or_else(|| cookie(&parts.headers, LANGUAGE));
        let default = app.editions.edition(None);
        let locale = app.locales.choose(remembered.as_deref(), &parts.headers, default);
        Ok(Self {
            session,
            article: asked("article").filter(|id| !id.is_empty()),
            before: asked("before").and_then(|before| before.parse().ok()),
            said: asked("said").and_then(|said| Said::of(&said)),
            token,
            is_chosen: chosen.is_some(),
            locale: Arc::clone(locale),
        })
    }
}

impl Visit {
    /// What the pages say to who comes.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The session, if a form carries its secret: nobody else can have made that form.
    pub fn owner(&self, csrf: &str) -> Option<&Session> {
        let same = |session: &&Session| digest(&session.csrf) == digest(csrf);
        self.session.as_ref().filter(same)
    }

    /// Leads on to another of the pages; only what is done has changed anything that readers see.
    pub fn to(&self, app: &App, part: &str, said: Option<Said>) -> Response {
        let is_plain = part.bytes().all(|byte| byte.is_ascii_lowercase());
        let part = if is_plain { part } else { "held" };
        let query = said.map(|said| format!("?said={}", said.name())).unwrap_or_default();
        let response = Redirect::to(&format!("{}moderate/{part}{query}", app.site.base()));
        match said {
            Some(Said::Done) => response.into_response(),
            _ => (Extension(Unchanged), response).into_response(),
        }
    }

    /// Remembers a language that was chosen by a link.
    pub fn remember(&self, app: &App, response: &mut Response) {
        if self.is_chosen {
            let code = self.locale().lang.as_str();
            set_cookie(response, &format!("{LANGUAGE}={code}; Max-Age=31536000"), app);
        }
    }

    /// Signs `name` in, with a cookie that scripts and other sites do not get.
    pub async fn begin(&self, app: &App, name: &str) -> Result<Response> {
        let internal = |_| Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR);
        let (secret, csrf) = (password::secret(), password::secret());
        let (secret, csrf) = (secret.map_err(internal)?, csrf.map_err(internal)?);
        let now = app.now();
        let expires = Timestamp(now.0.saturating_add(HOURS * 3_600_000));
        app.store.sign_in(name, (&digest(&secret), &csrf), now, expires).await?;
        let mut response = self.to(app, "held", None);
        set_cookie(&mut response, &format!("{COOKIE}={secret}; Max-Age={}", HOURS * 3600), app);
        Ok(response)
    }

    /// Signs out.
    pub async fn end(&self, app: &App) -> Result<Response> {
        if let Some(token) = &self.token {
            app.store.sign_out(token).await?;
        }
        let home = format!("{}moderate", app.site.base());
        let mut response = (Extension(Unchanged), Redirect::to(&home)).into_response();
        set_cookie(&mut response, &format!("{COOKIE}=; Max-Age=0"), app);
        Ok(response)
    }
}

/// Whether a form was sent by a page of ours, as far as the browser says.
pub fn is_from_here(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    from.is_none_or(|from| matches!(from, b"same-origin" | b"none"))
}

fn set_cookie(response: &mut Response, pair: &str, app: &App) {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    let base = app.site.base();
    let cookie = format!("{pair}; Path={base}moderate; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        all.flat_map(|all| all.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn digest(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}
