//! The allow-list: what each element of an untrusted body is to us.
//!
//! What is not named here loses its tag and keeps its text. Attributes are read by name, so event
//! handlers, styles and the like are never seen at all.

use super::{
    attributes,
    blocks::{BlockKind, Dir, Marker, Media},
    builder::Builder,
    frame::{Close, Context, Kind, Mode, Row, Rows},
    inlines::{Inline, Style},
    line::Wrap,
    tree::Element,
};
use crate::lang::Lang;

/// What an element of HTML means.
#[derive(Clone, Copy)]
enum Meaning {
    Drop,
    Inside,
    Boundary,
    Style(Style),
    Cite,
    Small,
    Abbr,
    Time,
    Ruby,
    Reading,
    Link,
    Break,
    Image,
    Heading(u8),
    List,
    OrderedList,
    Item,
    Quote,
    Footer,
    Figure,
    FigureCaption,
    Details,
    Summary,
    Table,
    TableCaption,
    Head,
    RowGroup,
    Row,
    Cell,
    Term,
    Code,
    Rule,
    Embed,
    Media,
}

/// The allow-list: names by what they mean.
const ELEMENTS: &[(Meaning, &str)] = &[
    (Meaning::Boundary, "p div section article main header aside nav center form fieldset legend"),
    (Meaning::Boundary, "address hgroup search dl dd optgroup"),
    (Meaning::Link, "a"),
    (Meaning::Image, "img"),
    (Meaning::Break, "br"),
    (Meaning::Style(Style::Strong), "b strong"),
    (Meaning::Style(Style::Emphasis), "em i dfn var"),
    (Meaning::Style(Style::Code), "code kbd samp tt"),
    (Meaning::Style(Style::Sub), "sub"),
    (Meaning::Style(Style::Sup), "sup"),
    (Meaning::Style(Style::Mark), "mark"),
    (Meaning::Style(Style::Deleted), "del s strike"),
    (Meaning::Style(Style::Quote), "q"),
    (Meaning::Style(Style::Isolate), "bdi"),
    (Meaning::Cite, "cite"),
    (Meaning::Small, "small"),
    (Meaning::Abbr, "abbr acronym"),
    (Meaning::Time, "time"),
    (Meaning::Ruby, "ruby"),
    (Meaning::Reading, "rt"),
    (Meaning::Heading(1), "h1"),
    (Meaning::Heading(2), "h2"),
    (Meaning::Heading(3), "h3"),
    (Meaning::Heading(4), "h4"),
    (Meaning::Heading(5), "h5"),
    (Meaning::Heading(6), "h6"),
    (Meaning::List, "ul menu dir"),
    (Meaning::OrderedList, "ol"),
    (Meaning::Item, "li"),
    (Meaning::Quote, "blockquote"),
    (Meaning::Footer, "footer"),
    (Meaning::Figure, "figure"),
    (Meaning::FigureCaption, "figcaption"),
    (Meaning::Details, "details"),
    (Meaning::Summary, "summary"),
    (Meaning::Table, "table"),
    (Meaning::TableCaption, "caption"),
    (Meaning::Head, "thead"),
    (Meaning::RowGroup, "tbody tfoot"),
    (Meaning::Row, "tr"),
    (Meaning::Cell, "td th"),
    (Meaning::Term, "dt"),
    (Meaning::Code, "pre xmp listing plaintext"),
    (Meaning::Rule, "hr"),
    (Meaning::Embed, "iframe"),
    (Meaning::Media, "video audio"),
    (Meaning::Drop, "script style template title canvas input select textarea button datalist"),
    (Meaning::Drop, "option progress meter dialog embed noembed noframes frameset frame rp"),
];

fn meaning(name: &str) -> Meaning {
    let named = |(_, names): &&(Meaning, &str)| names.split(' ').any(|known| known == name);
    ELEMENTS.iter().find(named).map_or(Meaning::Inside, |(meaning, _)| *meaning)
}

/// What becomes of an element.
enum Rule {
    /// Left out with all it holds.
    Drop,
    /// Its tag is left out.
    Inside,
    /// Parts paragraphs.
    Boundary,
    /// Around inlines.
    Wrap(Wrap),
    /// A paragraph in a style.
    Term(Style),
    /// A block that holds others, or one line.
    Frame(Kind),
    /// The rows of a table that head it.
    Head,
    /// A row of a table.
    Row,
    /// Spaces count.
    Code,
    /// Stands alone in the line.
    Inline(Inline),
    /// Ends the line.
    Break,
    /// Stands alone between paragraphs.
    Block(BlockKind),
    /// Sound or moving pictures.
    Media(Media),
}

/// Begins an element; false if what it holds is left out, and then it does not end either.
pub(super) fn open(builder: &mut Builder, element: &Element<'_>) -> bool {
    match &mut builder.mode {
        Mode::Flow => {}
        Mode::Code(..) => return in_code(builder, element),
        Mode::Media(media) => {
            attributes::in_media(media, element, &builder.base);
            return false;
        }
    }
    if element.attribute("hidden").is_some() {
        return false;
    }
    let rule = if element.foreign { foreign(element) } else { rule(builder, element) };
    apply(builder, element, rule)
}

/// What an element of HTML is where it stands.
fn rule(builder: &mut Builder, element: &Element<'_>) -> Rule {
    let nests = builder.may_nest();
    let at_start = !builder.top().line.started;
    let frame = |kind| if nests { Rule::Frame(kind) } else { Rule::Boundary };
    let list = |marker, start| frame(Kind::List { marker, start, items: Vec::new() });
    let attribute = |name| attributes::label(&element.attribute(name).unwrap_or_default());
    let titled = |name, wrap: fn(String) -> Wrap| {
        let text = attributes::title(&element.attribute(name).unwrap_or_default());
        if text.is_empty() { Rule::Inside } else { Rule::Wrap(wrap(text)) }
    };
    match (meaning(element.name), builder.within()) {
        (Meaning::Drop, _) => Rule::Drop,
        (Meaning::Inside, _) | (Meaning::RowGroup, Kind::Table(_)) => Rule::Inside,
        (Meaning::Style(style), _) => Rule::Wrap(Wrap::Styled(style)),
        (Meaning::Cite | Meaning::Small, Kind::Caption) => {
            if builder.is_figure_caption() {
                Rule::Wrap(Wrap::Cite)
            } else {
                Rule::Inside
            }
        }
        (Meaning::Cite, Kind::Quote) if at_start => Rule::Wrap(Wrap::Cite),
        (Meaning::Cite, _) => Rule::Wrap(Wrap::Styled(Style::Emphasis)),
        (Meaning::Small, _) => Rule::Inside,
        (Meaning::Abbr, _) => titled("title", Wrap::Abbr),
        (Meaning::Time, _) => titled("datetime", Wrap::Time),
        (Meaning::Ruby, _) => Rule::Wrap(Wrap::Ruby(Vec::new())),
        (Meaning::Reading, _) => Rule::Wrap(Wrap::Reading),
        (Meaning::Link, _) => attributes::link(builder, element).map_or(Rule::Inside, Rule::Wrap),
        (Meaning::Break, _) => Rule::Break,
        (Meaning::Image, _) => attributes::image(builder, element).map_or(Rule::Drop, Rule::Inline),
        (Meaning::Heading(level), _) => frame(Kind::Heading(level)),
        (Meaning::List, _) => list(Marker::Bullet, 1),
        (Meaning::OrderedList, _) => {
            let start = attribute("start").parse().unwrap_or(1);
            list(Marker::ordered(element.attribute("type").as_deref()), start)
        }
        (Meaning::Item, Kind::List { .. }) => frame(Kind::Item),
        (Meaning::Quote, _) => frame(Kind::Quote),
        (Meaning::Figure, _) => frame(Kind::Figure),
        (Meaning::Details, _) => frame(Kind::Details),
        (Meaning::Footer, Kind::Quote)
        | (Meaning::FigureCaption, Kind::Figure)
        | (Meaning::Summary, Kind::Details)
        | (Meaning::TableCaption, Kind::Table(_)) => frame(Kind::Caption),
        (Meaning::Table, _) => {
            let layout = matches!(&*attribute("role"), "presentation" | "none");
            frame(Kind::Table(Rows { layout, ..Rows::default() }))
        }
        (Meaning::Head, Kind::Table(_)) => Rule::Head,
        (Meaning::Row, Kind::Table(_)) => Rule::Row,
        (Meaning::Cell, Kind::Table(_)) => frame(attributes::cell(element)),
        (Meaning::Term, _) => Rule::Term(Style::Strong),
        (Meaning::Code, _) if nests => Rule::Code,
        (Meaning::Rule, _) => Rule::Block(BlockKind::Rule),
        (Meaning::Embed, _) => attributes::embed(builder, element).map_or(Rule::Drop, Rule::Block),
        (Meaning::Media, _) => Rule::Media(attributes::media(element, &builder.base)),
        // Out of place, they part paragraphs as browsers show them.
        _ => Rule::Boundary,
    }
}

/// Formulas keep their text, or what their author wrote for those who do not see them.
fn foreign(element: &Element<'_>) -> Rule {
    match element.name {
        "math" => match attributes::label(&element.attribute("alttext").unwrap_or_default()) {
            text if text.is_empty() => Rule::Inside,
            text => Rule::Inline(Inline::Styled(Style::Code, vec![Inline::Text(text)])),
        },
        "svg" | "script" | "style" | "annotation" | "annotation-xml" => Rule::Drop,
        _ => Rule::Inside,
    }
}

fn apply(builder: &mut Builder, element: &Element<'_>, rule: Rule) -> bool {
    let own = Context {
        lang: element.attribute("lang").as_deref().and_then(Lang::parse),
        dir: element.attribute("dir").as_deref().and_then(Dir::parse),
    };
    let id = element.attribute("id");
    let name = if element.name == "a" { element.attribute("name") } else { None };
    let id = id.or(name);
    let mark = |builder: &mut Builder, inline| {
        if let Some(id) = &id {
            builder.id(id, inline);
        }
    };
    match rule {
        Rule::Drop => false,
        Rule::Inside | Rule::Wrap(_) => {
            mark(builder, true);
            let mut wraps = 0;
            if own != Context::default() {
                wraps += builder.wrap(Wrap::Lang { lang: own.lang, dir: own.dir });
            }
            if let Rule::Wrap(wrap) = rule {
                wraps += builder.wrap(wrap);
            }
            builder.enter(Close::Wraps(wraps), None);
            true
        }
        Rule::Inline(inline) => {
            mark(builder, true);
            builder.inline(inline);
            false
        }
        Rule::Break => {
            builder.brk();
            false
        }
        Rule::Block(kind) => {
            builder.boundary();
            mark(builder, false);
            builder.block(kind);
            false
        }
        Rule::Boundary
        | Rule::Term(_)
        | Rule::Frame(_)
        | Rule::Head
        | Rule::Row
        | Rule::Code
        | Rule::Media(_) => {
            builder.boundary();
            mark(builder, false);
            let outer = builder.change(own);
            let close = begin(builder, rule);
            builder.enter(close, outer);
            true
        }
    }
}

/// Begins what stands between paragraphs and holds something.
fn begin(builder: &mut Builder, rule: Rule) -> Close {
    match rule {
        Rule::Term(style) => Close::Paragraph(builder.wrap(Wrap::Styled(style))),
        Rule::Frame(kind) => {
            builder.frame(kind);
            Close::Frame
        }
        Rule::Code => {
            builder.mode = Mode::Code(None, String::new());
            Close::Code
        }
        Rule::Media(media) => {
            builder.mode = Mode::Media(media);
            Close::Media
        }
        rule => {
            if let Kind::Table(table) = &mut builder.top().kind {
                match rule {
                    Rule::Head => {
                        table.head = true;
                        return Close::Head;
                    }
                    Rule::Row => {
                        let head = table.head;
                        table.rows.push(Row { head, cells: Vec::new() });
                    }
                    _ => {}
                }
            }
            Close::Paragraph(0)
        }
    }
}

/// Within text where spaces count, only the text counts.
fn in_code(builder: &mut Builder, element: &Element<'_>) -> bool {
    match element.name {
        "br" => builder.brk(),
        "script" | "style" | "template" | "svg" | "textarea" | "select" | "iframe" => {}
        _ => {
            if element.name == "code"
                && let Mode::Code(lang @ None, _) = &mut builder.mode
            {
                *lang = element.attribute("class").as_deref().and_then(attributes::code_language);
            }
            builder.enter(Close::Wraps(0), None);
            return true;
        }
    }
    false
}
