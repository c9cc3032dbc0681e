//! What readers say about an article, for search engines: JSON-LD in the words of <https://schema.org>.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    Home,
    json_ld::{CONTEXT, author, kept_address, present},
};
use crate::{
    content::{from_html, from_markdown, from_text, text},
    model::{Article, Body, BodyFormat, Comment, CommentState},
};

/// How much of a thread is told.
const TOP: usize = 20;
/// What of a comment's id goes as it is behind a `#`.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The thread of an article as `DiscussionForumPosting`; `None` if the article is withdrawn, or nobody has
/// said anything.
pub fn discussion(home: &Home<'_>, article: &Article, thread: &[Comment]) -> Option<Value> {
    let headline = &article.headline;
    let comments = comments(home, article, thread);
    if headline.withdrawn || article.withdrawal.is_some() || comments.is_empty() {
        return None;
    }
    Some(present(json!({
        "@context": CONTEXT,
        "@type": "DiscussionForumPosting",
        "@id": format!("{}#comments", home.id(&headline.lang, &headline.key)),
        "url": format!("{}#comments", kept_address(home, article)),
        "headline": headline.title,
        "text": headline.standfirst.as_ref().unwrap_or(&headline.title),
        "author": author(home, headline, &article.authors),
        "datePublished": headline.published.map(|at| at.to_string()),
        "inLanguage": home.tag(&headline.lang),
        "about": { "@id": home.id(&headline.lang, &headline.key) },
        "commentCount": headline.comments,
        "comment": comments,
    })))
}

/// The comments at the top of a thread that everybody sees, each as `Comment`, in their order. They stay flat, as
/// a thread is: an answer names what it answers.
pub fn comments(home: &Home<'_>, article: &Article, thread: &[Comment]) -> Vec<Value> {
    let page = kept_address(home, article);
    let address = |id: &str| format!("{page}#comment-{}", utf8_percent_encode(id, FRAGMENT));
    let shown = thread.iter().filter(|comment| comment.state == CommentState::Published);
    let shown = shown.filter_map(|comment| Some((comment, said(comment.body.as_ref()?)?)));
    let shown: Vec<_> = shown.take(TOP).collect();
    let there: HashSet<&str> = shown.iter().map(|(comment, _)| comment.id.as_str()).collect();
    let told = shown.iter().map(|(comment, text)| {
        let parent = comment.parent.as_deref().filter(|parent| there.contains(parent));
        let votes = u32::try_from(comment.votes).ok().filter(|votes| *votes > 0);
        present(json!({
            "@type": "Comment",
            "@id": address(&comment.id),
            "url": address(&comment.id),
            "text": text,
            "author": { "@type": "Person", "name": comment.author },
            "datePublished": comment.created.map(|at| at.to_string()),
            "dateModified": comment.edited.map(|at| at.to_string()),
            "inLanguage": comment.lang.as_ref().map(|lang| home.tag(lang)),
            "parentItem": parent.map(|parent| json!({ "@id": address(parent) })),
            "interactionStatistic": votes.map(|votes| json!({
                "@type": "InteractionCounter",
                "interactionType": { "@type": "LikeAction" },
                "userInteractionCount": votes,
            })),
        }))
    });
    told.collect()
}

/// The words of a body, if there are any.
fn said(body: &Body) -> Option<String> {
    let content = match body.format {
        BodyFormat::Html => from_html(&body.value),
        BodyFormat::Text => from_text(&body.value),
        BodyFormat::Markdown => from_markdown(&body.value),
    };
    Some(text(&content.blocks)).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::ThreadPage,
        publish::test::{headline, portal},
        read::read,
    };

    fn thread(comments: Value) -> (Article, Vec<Comment>) {
        let headline = serde_json::to_value(headline("vi", "7")).unwrap();
        let article = read::<Article>(&json!({ "headline": headline }), "article", "").0.unwrap();
        let page = json!({ "items": comments });
        (article, read::<ThreadPage>(&page, "thread", "").0.unwrap().items)
    }

    #[test]
    fn a_thread_tells_its_comments_and_who_answers_whom() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let (article, comments) = thread(json!([
            { "id": "a/1", "author": "An", "votes": 2, "lang": "zh", "created": "2026-11-13T02:00:00Z",
              "body": { "format": "markdown", "value": "Một *từ* <b>" } },
            { "id": "b", "parent": "a/1", "author": "Chi", "votes": -1, "body": { "value": "<p>Hai</p>" } },
            { "id": "c", "parent": "gone", "author": "Em", "body": { "format": "text", "value": "Ba" } },
        ]));
        let told = discussion(&home, &article, &comments).unwrap();
        assert_eq!(told["@type"], "DiscussionForumPosting");
        assert_eq!(told["url"], "https://p.example/vi/article/7/slug#comments");
        assert_eq!(told["author"][0]["name"], "Cổng");
        let address = |id: &str| format!("https://p.example/vi/article/7/slug#comment-{id}");
        let [first, second, third] = told["comment"].as_array().unwrap().as_slice() else {
            panic!("{told:#}")
        };
        assert_eq!(
            (&first["url"], &first["text"]),
            (&address("a%2F1").into(), &"Một từ <b>".into())
        );
        assert_eq!(first["interactionStatistic"]["userInteractionCount"], 2);
        assert_eq!(first["inLanguage"], "zh-Hans");
        assert_eq!(second["parentItem"]["@id"], first["@id"]);
        assert_eq!((&second["text"], second.get("interactionStatistic")), (&"Hai".into(), None));
        assert_eq!(third.get("parentItem"), None);
    }

    #[test]
    fn what_not_everybody_sees_is_not_told() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let body = json!({ "format": "text", "value": "Một" });
        let (article, comments) = thread(json!([
            { "id": "a", "state": "held", "body": body },
            { "id": "b", "state": "rejected", "body": body },
            { "id": "c", "state": "deleted" },
            { "id": "d", "body": { "value": " " } },
        ]));
        assert_eq!(discussion(&home, &article, &comments), None);
    }

    #[test]
    fn the_top_of_a_long_thread_is_told() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let many = (0..500).map(|id| json!({ "id": id.to_string(), "body": { "value": "x" } }));
        let (article, comments) = thread(many.collect());
        let told = super::comments(&home, &article, &comments);
        assert_eq!(told.len(), TOP);
    }
}
