//! Blocks as text, short enough to write by hand.
//!
//! A block is a line: its name, then `#id`, `@language`, `:direction` if it has them, then its words;
//! what it holds is below it, indented. An inline is `{name words}` or `{name value|words}`.

use haidang_engine::content::{Block, BlockKind, Cell, CellKind, Href, Inline, Style, only_line};
use haidang_engine::model::Image;

/// The notation of `blocks`.
pub fn write(blocks: &[Block]) -> String {
    let mut out = String::new();
    all(blocks, 0, &mut out);
    out.trim_end().to_owned()
}

fn all(blocks: &[Block], depth: usize, out: &mut String) {
    for block in blocks {
        one(block, depth, out);
    }
}

fn put(depth: usize, words: &str, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(words.trim_end());
    out.push('\n');
}

fn named(name: &str, words: &[Inline], depth: usize, out: &mut String) {
    if !words.is_empty() {
        put(depth, &format!("{name} {}", line(words)), out);
    }
}

fn one(block: &Block, depth: usize, out: &mut String) {
    let mut marks = String::new();
    if let Some(id) = &block.id {
        marks.push_str(&format!("#{id}"));
    }
    if let Some(lang) = &block.lang {
        marks.push_str(&format!("@{lang}"));
    }
    if let Some(dir) = block.dir {
        marks.push_str(&format!(":{}", dir.as_str()));
    }
    let put = |name: &str, words: &str, out: &mut String| {
        put(depth, &format!("{name}{marks} {words}"), out);
    };
    match &block.kind {
        BlockKind::Paragraph(words) => put("p", &line(words), out),
        BlockKind::Heading { level, inlines } => put(&format!("h{level}"), &line(inlines), out),
        BlockKind::Figure(figure) => {
            let link = figure.link.as_ref().map(|to| format!(" -> {}", href(to)));
            put("figure", &(image(&figure.image) + &link.unwrap_or_default()), out);
            named("caption", &figure.caption, depth + 1, out);
            named("credit", &figure.credit, depth + 1, out);
        }
        BlockKind::List { marker, start, items } => {
            let start = if *start == 1 { String::new() } else { format!("from {start}") };
            let name = marker.ordered_type().map_or("ul".to_owned(), |of| format!("ol-{of}"));
            put(&name, &start, out);
            items.iter().for_each(|item| holder("-", item, depth + 1, out));
        }
        BlockKind::Quote { blocks, cite } => {
            put("quote", "", out);
            all(blocks, depth + 1, out);
            named("cite", cite, depth + 1, out);
        }
        BlockKind::Table(table) => {
            put("table", "", out);
            named("caption", &table.caption, depth + 1, out);
            for (name, rows) in [("head", &table.head), ("row", &table.body)] {
                for row in rows {
                    self::put(depth + 1, name, out);
                    row.iter().for_each(|found| cell(found, depth + 2, out));
                }
            }
        }
        BlockKind::Code { lang, text } => {
            put("code", lang.as_deref().unwrap_or_default(), out);
            text.lines().for_each(|line| self::put(depth + 1, &format!(".{line}"), out));
        }
        BlockKind::Rule => put("rule", "", out),
        BlockKind::Embed(embed) => {
            put("embed", &format!("{} ({}) {}", embed.url, embed.host, embed.title), out);
            named("caption", &embed.caption, depth + 1, out);
        }
        BlockKind::Media(media) => {
            let poster = media.poster.as_deref().unwrap_or_default();
            put(if media.video { "video" } else { "audio" }, poster, out);
            for (url, kind) in &media.sources {
                let kind = kind.as_deref().unwrap_or_default();
                self::put(depth + 1, &format!("source {url} {kind}"), out);
            }
            for track in &media.tracks {
                let kind = if track.captions { "captions" } else { "subtitles" };
                let lang = track.lang.as_ref().map(ToString::to_string).unwrap_or_default();
                self::put(depth + 1, &format!("{kind} {} {lang} {}", track.url, track.label), out);
            }
            named("caption", &media.caption, depth + 1, out);
        }
        BlockKind::Details { summary, blocks } => {
            put("details", &line(summary), out);
            all(blocks, depth + 1, out);
        }
        BlockKind::Footnotes(notes) => {
            put("footnotes", "", out);
            for note in notes {
                let name = format!("- #{} <- {}:", note.id, note.back.join(" "));
                holder(&name, &note.blocks, depth + 1, out);
            }
        }
        BlockKind::Truncated => put("truncated", "", out),
    }
}

fn holder(name: &str, blocks: &[Block], depth: usize, out: &mut String) {
    match only_line(blocks) {
        Some(words) => put(depth, &format!("{name} {}", line(words)), out),
        None => {
            put(depth, name, out);
            all(blocks, depth + 1, out);
        }
    }
}

fn cell(cell: &Cell, depth: usize, out: &mut String) {
    let name = match cell.kind {
        CellKind::Data => "td",
        CellKind::ColumnHeader => "th-col",
        CellKind::RowHeader => "th-row",
    };
    let span = match (cell.colspan, cell.rowspan) {
        (1, 1) => String::new(),
        (columns, rows) => format!(" {columns}x{rows}"),
    };
    holder(&format!("{name}{span}"), &cell.blocks, depth, out);
}

fn image(image: &Image) -> String {
    let size = |edge: Option<u32>| edge.map_or("?".to_owned(), |edge| edge.to_string());
    let mut out = image.url.clone();
    if image.width.or(image.height).is_some() {
        out.push_str(&format!(" {}x{}", size(image.width), size(image.height)));
    }
    for rendition in &image.sizes {
        out.push_str(&format!(" [{} {}]", rendition.url, rendition.width));
    }
    format!("{out} \"{}\"", image.alt)
}

fn href(href: &Href) -> String {
    match href {
        Href::External(url) => url.clone(),
        Href::Relative(url) => format!("relative:{url}"),
        Href::Anchor(id) => format!("#{id}"),
        Href::Document(id) => format!("document:{id}"),
        Href::Article(id) => format!("article:{id}"),
    }
}

fn line(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    let inside = line(inline.children());
    match inline {
        Inline::Text(text) => text.replace('{', "\\{").replace('\u{A0}', "⍽"),
        Inline::Break => "{br}".to_owned(),
        Inline::Styled(style, _) => {
            let name = match style {
                Style::Emphasis => "em",
                Style::Strong => "strong",
                Style::Code => "code",
                Style::Sub => "sub",
                Style::Sup => "sup",
                Style::Mark => "mark",
                Style::Deleted => "del",
                Style::Quote => "q",
                Style::Isolate => "bdi",
            };
            format!("{{{name} {inside}}}")
        }
        Inline::Link { href: to, hreflang, .. } => {
            let lang = hreflang.as_ref().map(|lang| format!(" @{lang}")).unwrap_or_default();
            format!("{{a {}{lang}|{inside}}}", href(to))
        }
        Inline::Lang { lang, dir, .. } => {
            let lang = lang.as_ref().map(|lang| format!("@{lang}")).unwrap_or_default();
            let dir = dir.map(|dir| format!(":{}", dir.as_str())).unwrap_or_default();
            format!("{{{lang}{dir}|{inside}}}")
        }
        Inline::Ruby(pairs) => {
            let pairs = pairs.iter().map(|pair| format!(" {}={}", pair.base, pair.reading));
            format!("{{ruby{}}}", pairs.collect::<String>())
        }
        Inline::Abbr { title, .. } => format!("{{abbr {title}|{inside}}}"),
        Inline::Time { datetime, .. } => format!("{{time {datetime}|{inside}}}"),
        Inline::Image(found) => format!("{{img {}}}", image(found)),
        Inline::Anchor(id) => format!("{{#{id}}}"),
        Inline::FootnoteRef { id, note, label } => {
            format!("{{fn {} -> {note}|{label}}}", id.as_deref().unwrap_or_default())
        }
    }
}
