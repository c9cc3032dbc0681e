//! What stands around all that moderators see: the frame, with the way to the other pages, and the sign-in.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    html::{Escaped, hidden},
    visit::Visit,
    words::Words,
};
use crate::{
    app::App,
    store::{
        moderation::Queue,
        moderators::{Role, Session},
    },
};

/// Nothing but the one stylesheet, and forms to this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One of the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Comments to look through.
    Queue(Queue),
    /// What is open and closed.
    Threads,
    /// Who did what.
    Log,
}

impl Page {
    const ALL: [Self; 5] = [
        Page::Queue(Queue::Held),
        Page::Queue(Queue::Reported),
        Page::Queue(Queue::Recent),
        Page::Threads,
        Page::Log,
    ];

    /// The page of an address.
    pub fn of(part: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.part() == part)
    }

    /// Its part of the address.
    pub(super) fn part(self) -> &'static str {
        match self {
            Page::Queue(Queue::Held) => "held",
            Page::Queue(Queue::Reported) => "reported",
            Page::Queue(Queue::Recent) => "recent",
            Page::Threads => "threads",
            Page::Log => "log",
        }
    }

    fn title(self, words: &Words) -> &str {
        match self {
            Page::Queue(Queue::Held) => &words.held,
            Page::Queue(Queue::Reported) => &words.reported,
            Page::Queue(Queue::Recent) => &words.recent,
            Page::Threads => &words.threads,
            Page::Log => &words.log,
        }
    }

    /// Who may see it.
    pub fn needs(self) -> Role {
        match self {
            Page::Queue(_) => Role::Moderator,
            Page::Threads | Page::Log => Role::Editor,
        }
    }
}

/// What a form led to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It was done.
    Done,
    /// There is no such comment any more.
    Gone,
    /// The role does not allow it.
    NotAllowed,
    /// The form was not of this session.
    Stale,
    /// A reason is missing.
    WhyNeeded,
    /// Name or password are wrong.
    SignInFailed,
    /// Tried too often.
    Wait,
}

impl Said {
    const ALL: [Self; 5] = [Said::Done, Said::Gone, Said::NotAllowed, Said::Stale, Said::WhyNeeded];

    /// As in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Said::Done => "done",
            Said::Gone => "gone",
            Said::NotAllowed => "not-allowed",
            Said::Stale => "stale",
            Said::WhyNeeded => "why-needed",
            Said::SignInFailed => "sign-in-failed",
            Said::Wait => "wait",
        }
    }

    /// By its name in an address.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.name() == name)
    }

    fn markup(self, words: &Words) -> String {
        let (role, text) = match self {
            Said::Done => ("status", &words.done),
            Said::Gone => ("alert", &words.gone),
            Said::NotAllowed => ("alert", &words.not_allowed),
            Said::Stale => ("alert", &words.stale),
            Said::WhyNeeded => ("alert", &words.why_needed),
            Said::SignInFailed => ("alert", &words.sign_in_failed),
            Said::Wait => ("alert", &words.wait),
        };
        format!("<p role=\"{role}\">{}</p>", Escaped(text))
    }
}

/// The form to sign in with.
pub fn sign_in(app: &App, visit: &Visit, status: StatusCode, said: Option<Said>) -> Response {
    let words = &visit.locale().words;
    let body = format!(
        "<header><p>{title}</p>{languages}</header><main><h1>{sign_in}</h1>{said}
        <form method=\"post\" action=\"{base}moderate/sign-in\">
        <label for=\"name\">{name}</label>
        <input type=\"text\" id=\"name\" name=\"name\" autocomplete=\"username\" required>
        <label for=\"password\">{password}</label>
        <input type=\"password\" id=\"password\" name=\"password\" autocomplete=\"current-password\" required>
        <button>{sign_in}</button></form></main>",
        title = Escaped(&words.title),
        languages = languages(app, visit, ""),
        sign_in = Escaped(&words.sign_in),
        said = said.map(|said| said.markup(words)).unwrap_or_default(),
        base = app.site.base(),
        name = Escaped(&words.name),
        password = Escaped(&words.password),
    );
    whole(app, visit, status, &words.sign_in, &body)
}

/// A page around its `body`; `waiting` is how many comments wait and are reported.
pub fn page(
    app: &App,
    visit: &Visit,
    session: &Session,
    page: Page,
    waiting: (u32, u32),
    body: &str,
) -> Response {
    let words = &visit.locale().words;
    let base = app.site.base();
    let link = |one: &Page| {
        let current = if *one == page { " aria-current=\"page\"" } else { "" };
        let count = match one {
            Page::Queue(Queue::Held) => format!(" ({})", waiting.0),
            Page::Queue(Queue::Reported) => format!(" ({})", waiting.1),
            _ => String::new(),
        };
        let (part, title) = (one.part(), Escaped(one.title(words)));
        format!("<li><a href=\"{base}moderate/{part}\"{current}>{title}{count}</a></li>")
    };
    let may = |page: &&Page| page.needs() <= session.moderator.role;
    let links: String = Page::ALL.iter().filter(may).map(link).collect();
    let body = format!(
        "<header><nav aria-label=\"{parts}\"><ul>{links}</ul></nav>{languages}
        <form method=\"post\" action=\"{base}moderate/sign-out\">{csrf}
        <button>{sign_out}: {name}</button></form></header>
        <main><h1>{title}</h1>{said}{body}</main>",
        parts = Escaped(&words.sections_of_this),
        languages = languages(app, visit, page.part()),
        csrf = hidden("csrf", &session.csrf),
        sign_out = Escaped(&words.sign_out),
        name = Escaped(&session.moderator.name),
        title = Escaped(page.title(words)),
        said = visit.said.map(|said| said.markup(words)).unwrap_or_default(),
    );
    whole(app, visit, StatusCode::OK, page.title(words), &body)
}

fn languages(app: &App, visit: &Visit, part: &str) -> String {
    let words = &visit.locale().words;
    let base = app.site.base();
    let path = if part.is_empty() { String::new() } else { format!("/{part}") };
    let link = |(code, name): (&str, &str)| {
        let current =
            if code == visit.locale().lang.as_str() { " aria-current=\"true\"" } else { "" };
        format!(
            "<li><a href=\"{base}moderate{path}?lang={code}\" lang=\"{code}\" hreflang=\"{code}\"{current}>{name}</a></li>"
        )
    };
    let all = app.locales.all().iter().map(|locale| (locale.lang.as_str(), locale.name));
    let links: String = all.map(link).collect();
    format!("<nav aria-label=\"{}\"><ul>{links}</ul></nav>", Escaped(&words.languages))
}

fn whole(app: &App, visit: &Visit, status: StatusCode, title: &str, body: &str) -> Response {
    let locale = visit.locale();
    let html = format!(
        "<!doctype html>
<html lang=\"{lang}\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"robots\" content=\"noindex\">
<title>{title} – {product}</title>
<link rel=\"stylesheet\" href=\"{base}moderate/moderate.css\">
</head>
<body>
{body}
</body>
</html>
",
        lang = locale.lang.as_str(),
        title = Escaped(title),
        product = Escaped(&locale.words.title),
        base = app.site.base(),
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut response = (status, headers, html).into_response();
    visit.remember(app, &mut response);
    response
}
