//! What moderators have done.

use super::{html::Escaped, labels, visit::Visit};
use crate::{app::App, store::audit::Logged};

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
