//! What moderators see.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use haidang_engine::model::CommentState;

use super::{
    html::{Escaped, hidden, pair},
    labels,
    visit::Visit,
    words::Words,
};
use crate::{
    app::App,
    store::{
        audit::Logged,
        moderation::{Case, Queue, Verdict},
        moderators::{Role, Session},
        threads::{Opening, Section, Thread},
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

    fn part(self) -> &'static str {
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

/// Comments with what can be done with each.
pub fn cases(app: &App, visit: &Visit, session: &Session, page: Page, cases: &[Case]) -> String {
    let words = &visit.locale().words;
    if cases.is_empty() {
        return format!("<p>{}</p>", Escaped(&words.nothing));
    }
    cases.iter().map(|case| self::case(app, words, session, page, case)).collect()
}

fn case(app: &App, words: &Words, session: &Session, page: Page, case: &Case) -> String {
    let id = Escaped(&case.id);
    let mut facts = pair(&words.under, &case.title);
    facts += &pair(&words.written, &labels::moment(case.created));
    facts += &pair(&words.state, labels::state(words, case.state));
    if case.state == CommentState::Held {
        facts += &pair(&words.cause, labels::cause(words, case.cause.as_deref()));
    }
    for (name, value) in [(&words.email, &case.email), (&words.why, &case.reason)] {
        facts += &value.as_ref().map(|value| pair(name, value)).unwrap_or_default();
    }
    let report = |(reason, detail): &(String, String)| {
        let reason = labels::reason(words, reason);
        if detail.is_empty() { reason.to_owned() } else { format!("{reason}: {detail}") }
    };
    if !case.reports.is_empty() {
        let reports: Vec<String> = case.reports.iter().map(report).collect();
        facts += &pair(&words.reports, &reports.join("; "));
    }
    let author = words.by.replace("{name}", &case.author);
    let forms = match case.state {
        CommentState::Deleted => String::new(),
        _ => forms(app, words, session, page, case),
    };
    format!(
        "<article aria-labelledby=\"by-{id}\"><h2 id=\"by-{id}\" dir=\"auto\">{author}</h2>
        <dl>{facts}</dl><blockquote dir=\"auto\">{text}</blockquote>{forms}</article>",
        author = Escaped(&author),
        text = Escaped(&case.text),
    )
}

/// What can be done: at once, or with a reason, where Enter rejects.
fn forms(app: &App, words: &Words, session: &Session, page: Page, case: &Case) -> String {
    let id = Escaped(&case.id);
    let button = |verdict: Verdict| {
        let (value, label) = (verdict.name(), Escaped(labels::label(words, verdict)));
        format!(
            "<button name=\"verdict\" value=\"{value}\" aria-describedby=\"by-{id}\">{label}</button>"
        )
    };
    let form = |inside: &str| {
        format!(
            "<form method=\"post\" action=\"{base}moderate/judge\">{csrf}{comment}{from}{inside}</form>",
            base = app.site.base(),
            csrf = hidden("csrf", &session.csrf),
            comment = hidden("comment", &case.id),
            from = hidden("from", page.part()),
        )
    };
    let may = |verdict: &Verdict| verdict.needs() <= session.moderator.role;
    let at_once: String = at_once(case).into_iter().filter(may).map(button).collect();
    let with_reason = format!(
        "<label for=\"why-{id}\">{why}</label>
        <input type=\"text\" id=\"why-{id}\" name=\"why\" maxlength=\"1000\" aria-describedby=\"hint-{id}\">
        <p id=\"hint-{id}\">{hint}</p>{reject}{delete}",
        why = Escaped(&words.why),
        hint = Escaped(&words.why_hint),
        reject = button(Verdict::Reject),
        delete = button(Verdict::Delete),
    );
    let at_once = if at_once.is_empty() { at_once } else { form(&at_once) };
    at_once + &form(&with_reason)
}

/// What needs no reason and makes sense now.
fn at_once(case: &Case) -> Vec<Verdict> {
    let is_published = case.state == CommentState::Published;
    let mut all = Vec::new();
    if !is_published || !case.reports.is_empty() {
        all.push(Verdict::Approve);
    }
    if is_published {
        all.push(if case.pinned { Verdict::Unpin } else { Verdict::Pin });
        all.push(if case.featured { Verdict::Unfeature } else { Verdict::Feature });
    }
    all
}

/// What is open, by section and by article.
pub fn threads(
    app: &App,
    visit: &Visit,
    session: &Session,
    sections: &[Section],
    threads: &[Thread],
) -> String {
    let words = &visit.locale().words;
    let form = |kind: &str, id: &str, opening: Opening, note: &str| {
        let (field, name) = (format!("{kind}-{}", Escaped(id)), Escaped(id));
        format!(
            "<form method=\"post\" action=\"{base}moderate/open\"><fieldset><legend>{name}</legend>{note}
            {csrf}{which}<label><input type=\"checkbox\" name=\"open\" value=\"yes\"{checked}> {open}</label>
            <label for=\"days-{field}\">{close_after}</label>
            <input type=\"number\" min=\"0\" id=\"days-{field}\" name=\"close_after\" value=\"{days}\">
            <label for=\"why-{field}\">{why}</label>
            <input type=\"text\" id=\"why-{field}\" name=\"why\" maxlength=\"1000\">
            <button>{save}: {name}</button></fieldset></form>",
            base = app.site.base(),
            csrf = hidden("csrf", &session.csrf),
            which = hidden(kind, id),
            checked = if opening.open { " checked" } else { "" },
            open = Escaped(&words.open),
            close_after = Escaped(&words.close_after),
            days = opening.close_after.map(|days| days.to_string()).unwrap_or_default(),
            why = Escaped(&words.why),
            save = Escaped(&words.save),
        )
    };
    let sections: String =
        sections.iter().map(|section| form("section", &section.id, section.opening, "")).collect();
    let article = |thread: &Thread| {
        let note = match app.takes_comments(thread) {
            true => String::new(),
            false => format!("<p>{}</p>", Escaped(&words.closed_now)),
        };
        let opening = Opening { open: thread.open, close_after: thread.close_after };
        form("article", &thread.id.work, opening, &note)
    };
    let articles: String = threads.iter().map(article).collect();
    format!(
        "<h2>{by_section}</h2>{sections}<h2>{by_article}</h2>
        <form action=\"{base}moderate/threads\"><label for=\"find\">{find}</label>
        <input type=\"text\" id=\"find\" name=\"article\"> <button>{show}</button></form>{articles}",
        by_section = Escaped(&words.by_section),
        by_article = Escaped(&words.by_article),
        base = app.site.base(),
        find = Escaped(&words.find),
        show = Escaped(&words.show),
    )
}

/// Who did what.
pub fn log(app: &App, visit: &Visit, lines: &[Logged]) -> String {
    let words = &visit.locale().words;
    let cell = |text: &str| format!("<td dir=\"auto\">{}</td>", Escaped(text));
    let row = |line: &Logged| {
        let place: Vec<&str> =
            [&line.thread, &line.comment].into_iter().filter_map(Option::as_deref).collect();
        let cells = [
            labels::moment(line.at),
            line.who.clone(),
            labels::what(words, &line.what).to_owned(),
            place.join(" · "),
            line.why.clone().unwrap_or_default(),
        ];
        let cells: String = cells.iter().map(|text| cell(text)).collect();
        format!("<tr>{cells}</tr>")
    };
    let head: String = [&words.when, &words.who, &words.what, &words.r#where, &words.why]
        .into_iter()
        .map(|name| format!("<th scope=\"col\">{}</th>", Escaped(name)))
        .collect();
    let rows: String = lines.iter().map(row).collect();
    let older = lines.last().filter(|line| line.seq > 1).map(|line| {
        let (base, seq, older) = (app.site.base(), line.seq, Escaped(&words.older));
        format!("<p><a href=\"{base}moderate/log?before={seq}\">{older}</a></p>")
    });
    format!(
        "<table tabindex=\"0\" aria-label=\"{}\"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{}",
        Escaped(&words.log),
        older.unwrap_or_default(),
    )
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
