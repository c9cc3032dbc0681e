//! A thread as text, for what is printed: read by those who have no script or before it is there, and by search
//! engines. The app's own thread comes in its place.

use haidang_engine::{
    model::{Comment, CommentState, ThreadPage},
    profile::ThreadPlace,
    thread::{NodeId, Order, Store, lang_of},
};
use leptos::prelude::*;

use super::{
    actions::actions,
    body::{Ground, people},
    comment::{Facts, Fold, INDENT, fold_toggle, mute, rest_button},
    discussion::Discussion,
    header::header,
    loading::Loading,
    look::Look,
};
use crate::{
    backend::now,
    i18n::{I18n, msg},
    site::Site,
    view::{Element, View, el},
};

/// Rows in a chunk of a whole thread, as `.chunk[data-printed]` of the style has it: few, for what is not near the
/// screen is not laid out, and the first screen comes with one layout.
const ROWS: usize = 8;

/// A context: the comments of the page that is printed.
#[derive(Clone)]
pub struct FirstPage(pub Vec<Comment>);

/// The comments, if there are any on this page: nothing that only the app can do.
pub fn comments(site: Site, i18n: I18n, place: &ThreadPlace) -> Option<View> {
    let FirstPage(comments) = use_context()?;
    if comments.is_empty() {
        return None;
    }
    let mut store = Store::new(Order::Oldest);
    store.merge(comments);
    let ground = Ground { site, i18n, source: &place.source, people: &|| people(&store) };
    let rows = store.rows().iter().filter_map(|row| {
        let comment = store.comment(row.node)?;
        let facts = facts(&store, row.node, row.depth, comment);
        Some(item(&facts).child(article(&ground, &facts)))
    });
    let list = el("ol").class("chunk").attr("role", "list").child(rows.collect::<View>());
    let wanted = el("noscript").child(el("p").class("note").child(i18n.text(msg::COMMENTS_SCRIPT)));
    Some(View::from([el("div").class("comments").child(list), wanted]))
}

/// The whole thread as the app will show it once `page`, its first one, is there: for an element, in which the app
/// is on its way.
pub fn thread(site: Site, i18n: I18n, place: ThreadPlace, page: ThreadPage) -> Element {
    let discussion = Discussion::new(site, i18n, place);
    discussion.loading.set(Loading::Done(page.next.clone()));
    discussion.take(page);
    discussion.view(|rows| rows.child(chunks(discussion)))
}

/// The rows that show, as `list` has them.
fn chunks(discussion: Discussion) -> View {
    let scene = discussion.scene(&Look::default());
    let rows: Vec<Element> = discussion.store.with_untracked(|store| {
        let rows = scene.rows(store).filter_map(|row| {
            let fold = Fold {
                below: row.below,
                is_collapsed: store.is_collapsed(row.node),
                rest: scene.rests.get(&row.node).copied(),
                indent: row.depth,
            };
            let facts = discussion.facts(row.node, fold)?;
            Some(row_of(discussion, &facts))
        });
        rows.collect()
    });
    let mut chunks: Vec<Vec<View>> = Vec::new();
    for row in rows {
        match chunks.last_mut().filter(|chunk| chunk.len() < ROWS) {
            Some(chunk) => chunk.push(row.into()),
            None => chunks.push(vec![row.into()]),
        }
    }
    let chunk = |rows: Vec<View>| {
        let list = el("ol").class("chunk").attr("role", "presentation").attr("data-printed", true);
        list.child(rows.into_iter().collect::<View>())
    };
    chunks.into_iter().map(chunk).collect()
}

/// A row with its buttons, as `comment` makes one in the browser.
fn row_of(discussion: Discussion, facts: &Facts) -> Element {
    let Facts { comment, fold, .. } = facts;
    let (i18n, source) = (discussion.i18n, discussion.source.get_value());
    let people = move || discussion.store.with_untracked(people);
    let ground = Ground { site: discussion.site, i18n, source: &source, people: &people };
    let toggle = fold_toggle(i18n, comment, *fold);
    let below = View::from([View::from(toggle), View::from(mute(i18n, comment))]);
    let rest = fold.rest.map(|rest| rest_button(i18n, rest));
    item(facts)
        .attr("role", "listitem")
        .child(
            article(&ground, facts)
                .child(el("div").class("comment-tools").child(actions(discussion, comment)))
                .child(el("div").class("comment-below").child(below)),
        )
        .child(el("div").class("comment-rest").child(rest))
}

fn facts(store: &Store, node: NodeId, depth: usize, comment: &Comment) -> Facts {
    let answered = store.parent(node).and_then(|parent| store.comment(parent));
    Facts {
        comment: comment.clone(),
        answered: answered.map(|comment| comment.author.clone()),
        depth,
        is_new: false,
        is_muted: false,
        fold: Fold::default(),
        now: now(),
    }
}

fn item(facts: &Facts) -> Element {
    el("li").attr("data-depth", facts.depth.min(INDENT).to_string())
}

/// What was said, as `comment` makes it in the browser.
fn article(ground: &Ground<'_>, facts: &Facts) -> Element {
    let Facts { comment, .. } = facts;
    let heading = format!("by-{}", comment.id);
    let is_gone = comment.state == CommentState::Deleted;
    let lang = lang_of(comment).filter(|_| !is_gone);
    let text = if is_gone {
        el("p").class("hint").child(ground.i18n.text(msg::COMMENTS_DELETED)).into()
    } else {
        ground.body(comment)
    };
    let body = el("div")
        .class("comment-body")
        .attr("dir", "auto")
        .attr("lang", lang.map(|lang| ground.site.language(&lang).0))
        .child(text);
    el("article")
        .class("comment")
        .attr("id", format!("comment-{}", comment.id))
        .attr("aria-labelledby", heading.clone())
        .attr("tabindex", "-1")
        .child(el("header").child(header(ground.site, ground.i18n, facts, heading)))
        .child(body)
}
