//! Ghost.

use haidang_engine::{
    model::{Article, Author, Comment, CommentState, Headline, Page, Term},
    profile::{Failure, Headlines, Operation, OwnPage, Refused},
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, lang, post, recorded, shipped, thread_from};

const FERRY: &str = "hash-work-26.6b07420da271502b3402af7e";

fn ghost() -> Backend {
    let more = json!({
        "auth": { "query": "key", "value": "k" },
        "params": { "languages": ["en", "fr", "ar", "vi", "zh", "ja", "ko"] },
    });
    Backend::new(shipped("ghost"), "https://x.test/ghost/api/content/", &more)
}

fn vietnamese() -> Backend {
    Backend { lang: lang("vi"), ..ghost() }
}

fn list() -> Operation {
    Operation::Headlines(Headlines::default())
}

#[test]
fn a_list_is_narrowed_by_one_filter() {
    assert_eq!(
        ghost().url(&list()),
        "https://x.test/ghost/api/content/posts/?include=tags,authors&limit=20\
         &filter=tag%3Ahash-en&key=k"
    );
    let narrowed = Headlines {
        section: Some("city".into()),
        author: Some("an".into()),
        query: Some("the port's".into()),
        cursor: Some("2".into()),
        limit: Some(5),
        ..Headlines::default()
    };
    assert_eq!(
        ghost().url(&Operation::Headlines(narrowed)),
        "https://x.test/ghost/api/content/posts/?include=tags,authors&limit=5&page=2\
         &filter=tag%3Ahash-en%2Btag%3Acity%2Bauthor%3Aan%2Btitle%3A~%27the%20port%5C%27s%27&key=k"
    );
    let plain = json!({ "auth": { "query": "key", "value": "k" } });
    let plain = Backend::new(shipped("ghost"), "https://x.test/ghost/api/content", &plain);
    assert!(plain.url(&list()).ends_with("?include=tags,authors&limit=20&key=k"));
}

#[test]
fn a_list_has_pictures_sections_and_a_way_on() {
    let page: Page<Headline> = ghost().read(&list(), &recorded("ghost", "list"));
    let ferry = &page.items[2];
    assert_eq!((ferry.key.id.as_str(), ferry.work.as_str()), (FERRY, "hash-work-26"));
    assert_eq!((ferry.lang.as_str(), ferry.rank), ("vi", Some(1)));
    assert_eq!(ferry.section.as_ref().unwrap().name, "Thành phố");
    assert_eq!(ferry.published.unwrap().to_string(), "2026-03-28T22:45:00Z");
    let image = page.items[0].image.as_ref().unwrap();
    assert_eq!(image.caption.as_deref(), Some("Caption 0 / Photo: A. N. Other"));
    assert_eq!(
        image.sizes[1].url,
        "http://127.0.0.1:8104/content/images/size/w600/2026/11/img00.jpg"
    );
    assert_eq!((page.next.as_deref(), page.previous.as_deref()), (Some("3"), Some("1")));
    assert_eq!(page.total, Some(70));
    let page: Page<Headline> = ghost().read(&list(), &recorded("ghost", "list_beyond"));
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn an_article_has_its_byline_and_its_body() {
    let operation = Operation::Article("floods-the-new-map-of-the-delta".into());
    assert!(ghost().url(&operation).contains(
        "&filter=id%3A%27floods-the-new-map-of-the-delta%27\
         %2Cslug%3A%27floods-the-new-map-of-the-delta%27&"
    ));
    let article: Article = ghost().read(&operation, &recorded("ghost", "article_by_slug"));
    assert_eq!(article.headline.title, "Floods & the new map of the delta");
    let names: Vec<_> = article.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["Amina Diallo", "Jean-Luc O’Neill"]);
    assert!(article.body.unwrap().value.contains("<h2 id=\"background\">"));
    assert!(article.comments_open);
    let article: Article =
        vietnamese().read(&Operation::Article(FERRY.into()), &recorded("ghost", "article_vi"));
    let tags: Vec<_> = article.tags.iter().map(|tag| tag.id.as_str()).collect();
    assert_eq!(tags, ["pha", "dao"]);
}

#[test]
fn an_article_comes_with_its_versions_and_in_the_language_asked_for() {
    let operation = Operation::Article(FERRY.into());
    assert!(ghost().url(&operation).contains("&filter=tag%3Ahash-work-26&"));
    let response = recorded("ghost", "article_versions");
    let article: Article = ghost().read(&operation, &response);
    assert_eq!(article.headline.title, "Late boats for the Cát Hải ferry");
    let versions: Vec<_> = article.versions.iter().map(|one| one.lang.as_str()).collect();
    assert_eq!(versions, ["vi", "en", "zh", "ja", "ko"]);
    assert_eq!(article.versions[0].key.id, FERRY);
    // There is none in French: it is the one that was named.
    let french = Backend { lang: lang("fr"), ..ghost() };
    let article: Article = french.read(&operation, &response);
    assert_eq!(article.headline.lang, lang("vi"));
}

#[test]
fn what_members_only_may_read_has_no_body() {
    let operation = Operation::Article("trains-again-why-the-line-matters".into());
    let article: Article = ghost().read(&operation, &recorded("ghost", "article_members_only"));
    assert!(article.body.is_none() && !article.comments_open);
    assert_eq!(
        article.headline.standfirst.as_deref(),
        Some("Summary of story 5: it’s short & plain.")
    );
}

#[test]
fn a_picture_may_be_absent_and_an_article_too() {
    let operation = Operation::Article("moi-phuong-mot-vuon-cay".into());
    let article: Article = ghost().read(&operation, &recorded("ghost", "article_no_image"));
    assert_eq!(article.headline.image, None);
    let none = recorded("ghost", "list_beyond");
    assert_eq!(ghost().failure(&operation, &none), Failure::NotFound);
    assert_eq!(ghost().failure(&operation, &recorded("ghost", "article_404")), Failure::NotFound);
}

#[test]
fn a_wrong_key_is_a_failure() {
    let failure = |name: &str| ghost().failure(&list(), &recorded("ghost", name));
    assert_eq!(failure("auth_bad_key"), Failure::Forbidden);
    assert_eq!(failure("auth_no_key"), Failure::Forbidden);
}

#[test]
fn tags_are_sections_and_what_a_list_is_of() {
    let sections = Operation::Sections { cursor: None };
    assert!(ghost().url(&sections).contains("/tags/?limit=100&filter=visibility%3Apublic&"));
    let page: Page<Term> = ghost().read(&sections, &recorded("ghost", "tags_public"));
    assert_eq!(
        (page.items[1].id.as_str(), &*page.items[1].name),
        ("business", "Business & Markets")
    );
    let section = Headlines { section: Some("politics".into()), ..Headlines::default() };
    let page: Page<Headline> =
        ghost().read(&Operation::Headlines(section), &recorded("ghost", "by_tag"));
    assert_eq!(page.about.unwrap().name, "Politics");
}

#[test]
fn authors_and_search_are_lists() {
    let operation = Operation::Authors { cursor: None };
    let page: Page<Author> = ghost().read(&operation, &recorded("ghost", "authors"));
    assert_eq!((page.items[0].id.as_str(), &*page.items[0].name), ("amina-diallo", "Amina Diallo"));
    let query = Headlines { query: Some("vaccine".into()), ..Headlines::default() };
    let page: Page<Headline> =
        ghost().read(&Operation::Headlines(query), &recorded("ghost", "search_no_fulltext"));
    assert_eq!(page.items[0].title, "Malaria vaccine reaches the north");
}

#[test]
fn replies_are_followed_down() {
    let operation = thread_from(FERRY, Some("2"));
    assert_eq!(
        ghost().url(&operation),
        "https://x.test/members/api/comments/post/6b07420da271502b3402af7e/\
         ?limit=100&order=created_at%20asc&page=2&key=k"
    );
    let operation = Operation::comments(FERRY);
    let page: Page<Comment> = ghost().read(&operation, &recorded("ghost", "comments"));
    assert_eq!(page.items[1].author, "سارة");
    assert_eq!(page.items[2].parent.as_ref(), Some(&page.items[1].id));
    assert_eq!(page.next, None);
    let page: Page<Comment> = ghost().read(&operation, &recorded("ghost", "comments_page2"));
    assert_eq!((page.next.as_deref(), page.total), (Some("3"), Some(23)));
}

#[test]
fn replies_that_a_list_leaves_out_are_asked_for_comment_by_comment() {
    let thread = |cursor: Option<&str>| thread_from(FERRY, cursor);
    let comment = |id: &str, replies: Value, count: u32| {
        json!({ "id": id, "html": "<p>…</p>",
        "status": "published", "member": { "name": "An" }, "replies": replies,
        "count": { "replies": count, "likes": 0 } })
    };
    let reply = |id: &str| {
        json!({ "id": id, "html": "<p>…</p>", "status": "published",
        "member": { "name": "Bình" } })
    };
    let paged = |comments: Value, next: Value| {
        let meta = json!({ "pagination": { "total": 140, "next": next } });
        json!({ "comments": comments, "meta": meta })
    };
    let first =
        json!([comment("a", json!([reply("b")]), 1), comment("c", json!([reply("d")]), 120)]);
    let page: Page<Comment> = ghost().read(&thread(None), &answered(&paged(first, json!(2))));
    assert_eq!((page.items.len(), page.total), (4, Some(261)));
    assert_eq!(page.next.as_deref(), Some("c.1 2"));
    assert_eq!(
        ghost().url(&thread(Some("c.1 2"))),
        "https://x.test/members/api/comments/c/replies/?limit=100&order=created_at%20asc&page=1&key=k"
    );
    let replies = paged(json!([reply("d"), reply("e")]), json!(2));
    let page: Page<Comment> = ghost().read(&thread(Some("c.1 2")), &answered(&replies));
    assert_eq!(page.items[1].parent.as_deref(), Some("c"));
    assert_eq!(page.next.as_deref(), Some("c.2 2"));
    let page: Page<Comment> =
        ghost().read(&thread(Some("c.2 2")), &answered(&paged(json!([reply("f")]), json!(null))));
    assert_eq!(page.next.as_deref(), Some("2"));
}

#[test]
fn a_member_writes_and_nobody_else() {
    let operation = post(FERRY, Some("c1"));
    let request = ghost().request(&operation);
    assert_eq!(request.url, "https://x.test/members/api/comments/?key=k");
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({ "comments": [
            { "post_id": "6b07420da271502b3402af7e", "parent_id": "c1", "html": "<p>A reply</p>" },
        ]})
    );
    let comment: Comment = ghost().read(&operation, &recorded("ghost", "comment_post_reply_ok"));
    assert_eq!((comment.author.as_str(), comment.state), ("Moussa", CommentState::Published));
    assert_eq!(comment.parent.as_deref(), Some("c1"));
    let failure = |name: &str| ghost().failure(&operation, &recorded("ghost", name));
    assert_eq!(failure("comment_post_anonymous_refused"), Failure::Forbidden);
    assert_eq!(
        failure("comment_post_empty"),
        Failure::from(Refused {
            reason: "The body of a comment cannot be empty".into(),
            field: None,
            kind: None
        })
    );
}

#[test]
fn links_to_its_own_pages_are_ours() {
    let own = |url: &str| ghost().profile.route_of(url, &ghost().source);
    assert_eq!(own("https://x.test/floods/"), Some(OwnPage::Article("floods".into())));
    assert_eq!(own("https://x.test/tag/city-vi/"), Some(OwnPage::Tag("city-vi".into())));
    assert_eq!(own("https://x.test/author/an/"), Some(OwnPage::Author("an".into())));
}

#[test]
fn it_offers_no_register_and_no_votes() {
    let offered = ghost().profile.capabilities();
    assert!(offered.list && offered.search && offered.sections && offered.authors && offered.post);
    assert!(!(offered.documents || offered.press || offered.notices || offered.vote));
}

#[test]
fn what_may_have_a_version_is_not_among_what_an_edition_lacks() {
    let lacks = Headlines { missing: Some(lang("en")), ..Headlines::default() };
    let page: Page<Headline> =
        vietnamese().read(&Operation::Headlines(lacks), &recorded("ghost", "list"));
    assert!(page.items.is_empty());
    let by = Headlines { author: Some("amina-diallo".into()), ..Headlines::default() };
    let page: Page<Headline> =
        ghost().read(&Operation::Headlines(by), &recorded("ghost", "by_author"));
    assert_eq!(page.about.unwrap().name, "Amina Diallo");
}
