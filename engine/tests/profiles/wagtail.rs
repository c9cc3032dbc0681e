//! Wagtail.

use haidang_engine::{
    content::{BlockKind, from_html},
    model::{
        Article, Author, Comment, CommentState, Document, DocumentEntry, DocumentKind, Headline,
        Page, Register, Term, VersionKind,
    },
    profile::{Failure, Headlines, Operation, OwnPage, Refused},
    route::DocumentFilter,
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, lang, post, recorded, shipped, thread_from};

const FLOODS: &str = "59.a8244637-0193-4322-8203-6e6f43c13183";

fn wagtail() -> Backend {
    let more = json!({ "params": {
        "type": "news.ArticlePage", "sections": "news.SectionPage", "documents": "news.DocumentPage",
        "order": "-date", "email": "reader@portal.test",
    }});
    Backend::new(shipped("wagtail"), "http://127.0.0.1:8103/api/v2/", &more)
}

fn list(cursor: Option<&str>) -> Operation {
    Operation::Headlines(Headlines { cursor: cursor.map(str::to_owned), ..Headlines::default() })
}

#[test]
fn a_list_is_asked_for_by_type_locale_and_section() {
    assert_eq!(
        wagtail().url(&list(None)),
        "http://127.0.0.1:8103/api/v2/pages/?type=news.ArticlePage&fields=%2A&locale=en&order=-date\
         &limit=20&offset=0"
    );
    let narrowed = Headlines {
        section: Some("17".into()),
        tag: Some("climate".into()),
        query: Some("vaccine".into()),
        limit: Some(500),
        ..Headlines::default()
    };
    // What is found comes by relevance; more than the site allows would be refused.
    assert_eq!(
        wagtail().url(&Operation::Headlines(narrowed)),
        "http://127.0.0.1:8103/api/v2/pages/?type=news.ArticlePage&fields=%2A&locale=en\
         &limit=20&offset=0&descendant_of=17&tags=climate&search=vaccine"
    );
}

#[test]
fn a_list_has_pictures_and_a_way_on() {
    let three = |cursor: &str| {
        let list =
            Headlines { limit: Some(3), cursor: Some(cursor.into()), ..Headlines::default() };
        let page: Page<Headline> =
            wagtail().read(&Operation::Headlines(list), &recorded("wagtail", "list"));
        page
    };
    let page = three("3");
    let first = &page.items[0];
    assert_eq!(first.key.id, "68.b372fa5a-cf41-4f82-9d93-c8cae3eac428");
    assert_eq!(first.work, "b372fa5a-cf41-4f82-9d93-c8cae3eac428");
    assert_eq!(first.published.unwrap().to_string(), "2026-03-28T10:04:00Z");
    let image = first.image.as_ref().unwrap();
    assert_eq!(image.alt, "Alt text for picture 2");
    assert_eq!(image.caption.as_deref(), Some("Caption 2 / Photo: A. N. Other"));
    let widths: Vec<u32> = image.sizes.iter().map(|size| size.width).collect();
    assert_eq!((widths, image.width), (vec![400, 900], Some(900)));
    assert_eq!((page.next.as_deref(), page.previous.as_deref()), (Some("6"), Some("0")));
    assert_eq!(page.total, Some(30));
    assert_eq!(three("27").next, None);
    let page: Page<Headline> =
        wagtail().read(&list(Some("500")), &recorded("wagtail", "list_beyond"));
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn a_tree_of_a_locale_is_an_edition() {
    let vietnamese = Backend { lang: lang("vi"), ..wagtail() };
    let page: Page<Headline> = vietnamese.read(&list(None), &recorded("wagtail", "list_vi"));
    assert!(page.items.iter().all(|item| item.lang == lang("vi")));
    let sections = Operation::Sections { cursor: None };
    assert_eq!(
        vietnamese.url(&sections),
        "http://127.0.0.1:8103/api/v2/pages/?type=news.SectionPage&locale=vi&limit=20&offset=0"
    );
    let page: Page<Term> = vietnamese.read(&sections, &recorded("wagtail", "sections_vi"));
    assert_eq!((page.items[0].id.as_str(), page.items[0].name.as_str()), ("13", "Thế giới"));
}

#[test]
fn blocks_become_content() {
    let operation = Operation::Article("59".into());
    assert_eq!(
        wagtail().url(&operation),
        "http://127.0.0.1:8103/api/v2/pages/59/?rich_text_format=html&fields=%2A"
    );
    let article: Article = wagtail().read(&operation, &recorded("wagtail", "article_html"));
    assert_eq!(article.headline.title, "Floods & the new map of the delta");
    assert_eq!(article.headline.section.as_ref().unwrap().name, "World");
    let names: Vec<_> = article.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["Amina Diallo", "Jean-Luc O’Neill"]);
    let content = from_html(&article.body.unwrap().value);
    assert!(content.problems.is_empty(), "{:?}", content.problems);
    let kinds: Vec<_> = content.blocks.iter().map(|block| &block.kind).collect();
    assert!(matches!(kinds[4], BlockKind::Heading { .. }), "{kinds:?}");
    assert!(matches!(kinds[5], BlockKind::List { items, .. } if items.len() == 2), "{kinds:?}");
    assert!(matches!(kinds[6], BlockKind::Quote { .. }), "{kinds:?}");
    assert!(matches!(kinds[8], BlockKind::Table { .. }), "{kinds:?}");
}

#[test]
fn plain_text_in_blocks_stays_plain_and_blocks_nest() {
    let response = answered(&json!({
        "id": 1, "meta": { "locale": "en" }, "title": "t", "body": [
            { "type": "list", "value": ["<p>rich</p>", "two <b>"] },
            { "type": "columns", "value": [{ "type": "heading", "value": { "text": "A", "level": 3 } }] },
            { "type": "table", "value": { "data": [["a", "1 < 2"], ["b", null]], "first_row_is_table_header": true } },
            { "type": "image", "value": { "url": "/m/1.jpg", "alt": "a" } },
            { "type": "embed", "value": "https://video.test/1" },
        ],
    }));
    let article: Article = wagtail().read(&Operation::Article("1".into()), &response);
    assert_eq!(
        article.body.unwrap().value,
        "<ul><li><p>rich</p></li><li><p>two &lt;b&gt;</p></li></ul><h3>A</h3>\
         <table><tr><th><p>a</p></th><th><p>1 &lt; 2</p></th></tr><tr><td><p>b</p></td><td></td></tr></table>\
         <figure><img src=\"/m/1.jpg\" alt=\"a\"></figure>\
         <figure><iframe src=\"https://video.test/1\"></iframe></figure>"
    );
}

#[test]
fn a_picture_that_is_only_a_number_is_said_to_be_missing() {
    let response = recorded("wagtail", "article_with_image_block");
    let (value, notes) = wagtail().decode(&Operation::Article("66".into()), &response).unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].ends_with("article.body[4].url: expected text, found null"), "{notes:?}");
    assert!(value["body"]["value"].as_str().unwrap().contains("Inline:"));
}

#[test]
fn versions_are_what_has_the_same_key() {
    let operation = Operation::Article(FLOODS.into());
    assert_eq!(
        wagtail().url(&operation),
        "http://127.0.0.1:8103/api/v2/pages/?rich_text_format=html&type=news.ArticlePage\
         &translation_key=a8244637-0193-4322-8203-6e6f43c13183&fields=%2A"
    );
    // One version each, as it is recorded, in the list that a key yields.
    let sample = |name: &str| serde_json::from_str(&recorded("wagtail", name).body).unwrap();
    let [english, mut vietnamese]: [Value; 2] = [sample("article_html"), sample("article_vi")];
    vietnamese["translation_key"] = english["translation_key"].clone();
    let both = answered(&json!({ "meta": { "total_count": 2 }, "items": [english, vietnamese] }));
    let article: Article = wagtail().read(&operation, &both);
    let versions: Vec<_> =
        article.versions.iter().map(|one| (one.lang.as_str(), &*one.title)).collect();
    assert_eq!(
        versions,
        [("en", "Floods & the new map of the delta"), ("vi", "Phà Cát Hải chạy thêm chuyến đêm"),]
    );
    assert_eq!(article.headline.key.id, FLOODS);
    let in_vietnamese = Backend { lang: lang("vi"), ..wagtail() };
    let article: Article = in_vietnamese.read(&operation, &both);
    assert_eq!(article.headline.lang, lang("vi"));
    // There is none in Korean: it is the one that was named.
    let in_korean = Backend { lang: lang("ko"), ..wagtail() };
    let article: Article = in_korean.read(&operation, &both);
    assert_eq!(article.headline.lang, lang("en"));
}

#[test]
fn what_was_translated_says_so() {
    let article: Article = wagtail()
        .read(&Operation::Article("1".into()), &recorded("wagtail", "article_older_translation"));
    assert_eq!(article.headline.kind, VersionKind::Translation);
    let article: Article =
        wagtail().read(&Operation::Article("105".into()), &recorded("wagtail", "article_vi"));
    assert_eq!(article.headline.kind, VersionKind::Original);
}

#[test]
fn an_article_is_found_by_its_slug_and_by_links_to_it() {
    let operation = Operation::Article("floods-the-new-map-of-the-delta".into());
    assert!(wagtail().url(&operation).contains("&slug=floods-the-new-map-of-the-delta&"));
    let article: Article = wagtail().read(&operation, &recorded("wagtail", "article_by_slug"));
    assert_eq!(article.headline.key.id, FLOODS);
    let own = wagtail().profile.route_of("/en/culture/the-door/", &wagtail().source);
    assert_eq!(own, Some(OwnPage::Article("the-door".into())));
}

#[test]
fn what_is_not_there_is_not_found() {
    let failure = |id: &str, name: &str| {
        wagtail().failure(&Operation::Article(id.into()), &recorded("wagtail", name))
    };
    assert_eq!(failure("999999", "article_404"), Failure::NotFound);
    assert_eq!(failure("999999", "route_404"), Failure::Unvouched { status: 404 });
    assert_eq!(failure("nope", "list_beyond"), Failure::NotFound);
    let refused = wagtail().failure(&list(None), &recorded("wagtail", "list_bad_param"));
    assert_eq!(
        refused,
        Failure::from(Refused {
            reason: "query parameter is not an operation or a recognised field: nonsense".into(),
            field: None,
            kind: None
        })
    );
}

#[test]
fn search_and_authors_are_lists() {
    let query = Headlines { query: Some("vaccine".into()), ..Headlines::default() };
    let page: Page<Headline> =
        wagtail().read(&Operation::Headlines(query), &recorded("wagtail", "search"));
    assert_eq!(page.items[0].title, "Malaria vaccine reaches the north");
    let authors = Operation::Authors { cursor: None };
    assert_eq!(wagtail().url(&authors), "http://127.0.0.1:8103/api/authors/");
    let page: Page<Author> = wagtail().read(&authors, &recorded("wagtail", "authors"));
    assert_eq!(page.items[4].name, "Nguyễn Thị Hải Yến");
}

#[test]
fn pages_may_be_a_register() {
    let filter = DocumentFilter { kind: Some("resolution".into()), ..DocumentFilter::default() };
    let operation = Operation::Documents(filter);
    assert!(
        wagtail().url(&operation).ends_with("&order=-issued&limit=20&offset=0&kind=resolution")
    );
    let page: Page<DocumentEntry> = wagtail().read(&operation, &recorded("wagtail", "documents"));
    assert_eq!(page.items[0].number, "02/2027/TT-SGTVT");
    assert_eq!(page.items[0].issuer.as_ref().unwrap().name, "Sở Giao thông vận tải");
    let document: Document =
        wagtail().read(&Operation::Document("132".into()), &recorded("wagtail", "document"));
    assert_eq!(document.entry.kind, DocumentKind::Resolution);
    assert_eq!(document.effective.unwrap().to_string(), "2026-04-01");
    assert_eq!(document.files[0].url, "http://127.0.0.1:8103/documents/1/07-2026-nq-hdnd.pdf");
}

#[test]
fn replies_are_followed_down_and_pages_to_the_end() {
    let operation = |cursor: Option<&str>| thread_from(FLOODS, cursor);
    assert_eq!(
        wagtail().url(&operation(Some("2"))),
        "http://127.0.0.1:8103/api/comments/?article=59&page=2"
    );
    let page: Page<Comment> = wagtail().read(&operation(None), &recorded("wagtail", "comments"));
    let tree: Vec<_> =
        page.items.iter().map(|item| (item.id.as_str(), item.parent.as_deref())).collect();
    assert_eq!(
        tree,
        [
            ("1", None),
            ("2", Some("1")),
            ("3", Some("2")),
            ("4", Some("3")),
            ("5", None),
            ("7", Some("5")),
            ("6", None),
        ]
    );
    assert_eq!(page.items[6].body.as_ref().unwrap().format.wire(), "text");
    let page: Page<Comment> =
        wagtail().read(&operation(Some("2")), &recorded("wagtail", "comments_page2"));
    assert_eq!((page.next.as_deref(), page.total), (Some("3"), Some(23)));
    let page: Page<Comment> =
        wagtail().read(&operation(Some("9")), &recorded("wagtail", "comments_page_beyond"));
    assert!(page.items.is_empty());
}

#[test]
fn a_comment_is_published_held_or_refused() {
    let operation = post(FLOODS, Some("1"));
    let body: Value = serde_json::from_str(&wagtail().request(&operation).body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "article": 59, "parent": 1, "name": "Moussa", "email": "reader@portal.test",
            "text": "A reply",
        })
    );
    let comment: Comment = wagtail().read(&operation, &recorded("wagtail", "comment_post_ok"));
    assert_eq!((comment.id.as_str(), comment.state), ("51", CommentState::Published));
    let comment: Comment = wagtail().read(&operation, &recorded("wagtail", "comment_post_held"));
    assert_eq!((comment.id.as_str(), comment.state), ("52", CommentState::Held));
    assert_eq!(comment.body.unwrap().value, "A reply");
    let refused = |name: &str| wagtail().failure(&operation, &recorded("wagtail", name));
    assert_eq!(
        refused("comment_post_closed"),
        Failure::from(Refused {
            reason: "Comments on this article are closed.".into(),
            field: None,
            kind: Some("closed".into()),
        })
    );
    let Failure::Refused(invalid) = refused("comment_post_invalid") else { panic!() };
    assert!(invalid.reason.ends_with('.') && invalid.field.is_some(), "{invalid:?}");
}

#[test]
fn the_register_says_what_it_can_be_filtered_by() {
    assert_eq!(
        wagtail().url(&Operation::Register),
        "http://127.0.0.1:8103/api/v2/pages/?fields=number,issuer,kind&type=news.DocumentPage\
         &locale=en&limit=20"
    );
    let register: Register =
        wagtail().read(&Operation::Register, &recorded("wagtail", "documents"));
    assert!(register.kinds.contains(&DocumentKind::Circular), "{:?}", register.kinds);
    assert_eq!(
        register.issuers.iter().filter(|one| one.name == "Sở Giao thông vận tải").count(),
        1
    );
}

#[test]
fn a_section_is_named_by_where_its_articles_are() {
    let section = Headlines { section: Some("17".into()), ..Headlines::default() };
    let page: Page<Headline> =
        wagtail().read(&Operation::Headlines(section), &recorded("wagtail", "by_section"));
    assert_eq!(page.about.unwrap().name, "politics");
    let tag = Headlines { tag: Some("climate".into()), ..Headlines::default() };
    let page: Page<Headline> =
        wagtail().read(&Operation::Headlines(tag), &recorded("wagtail", "by_tag"));
    assert_eq!(page.about.unwrap().name, "climate");
}
