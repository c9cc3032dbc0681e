//! What is open and closed, with forms to change it.

use super::{
    html::{Escaped, hidden},
    visit::Visit,
};
use crate::{
    app::App,
    store::{
        moderators::Session,
        threads::{Opening, Section, Thread},
    },
};

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
