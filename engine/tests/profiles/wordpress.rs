//! WordPress.

use haidang_engine::{
    model::{
        Article, Author, Comment, CommentState, Document, DocumentEntry, DocumentKind,
        DocumentStatus, Front, Headline, Page, Register, Term, VersionKind,
    },
    profile::{Failure, Headlines, Method, Operation, OwnPage, Refused},
    route::DocumentFilter,
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, lang, post, recorded, shipped};

fn wordpress() -> Backend {
    with(&json!({ "email": "reader@portal.test" }))
}

fn with(params: &Value) -> Backend {
    Backend::new(shipped("wordpress"), "https://x.test/wp-json/wp/v2", &json!({ "params": params }))
}

fn list(cursor: Option<&str>) -> Operation {
    Operation::Headlines(Headlines { cursor: cursor.map(str::to_owned), ..Headlines::default() })
}

#[test]
fn a_list_is_asked_for_by_page_section_and_language() {
    let narrowed = Headlines {
        section: Some("11".into()),
        limit: Some(5),
        cursor: Some("2".into()),
        ..Headlines::default()
    };
    assert_eq!(
        wordpress().url(&Operation::Headlines(narrowed)),
        "https://x.test/wp-json/wp/v2/posts?_embed=author,wp:featuredmedia,wp:term\
         &per_page=5&page=2&categories=11&lang=en"
    );
}

#[test]
fn a_list_can_begin_with_what_was_changed_last() {
    let changed = Headlines { changed: true, limit: Some(100), ..Headlines::default() };
    let url = wordpress().url(&Operation::Headlines(changed));
    assert!(url.ends_with("&per_page=100&orderby=modified&lang=en"), "{url}");
    assert!(shipped("wordpress").capabilities().changed);
    assert!(!shipped("ghost").capabilities().changed);
}

#[test]
fn a_list_has_pictures_sections_and_a_way_on() {
    let page: Page<Headline> = wordpress().read(&list(None), &recorded("wordpress", "list_embed"));
    let first = &page.items[0];
    assert_eq!(first.key.id, "11");
    assert_eq!(first.work, "5");
    assert_eq!((first.lang.as_str(), first.kind), ("ko", VersionKind::Translation));
    assert!(first.slug.starts_with("홍수"), "{}", first.slug);
    assert_eq!(first.published.unwrap().to_string(), "2026-03-29T00:30:00Z");
    assert_eq!(first.updated.unwrap().to_string(), "2026-03-29T03:30:00Z");
    let image = first.image.as_ref().unwrap();
    assert_eq!(image.alt, "Alt text for picture 0");
    assert_eq!(image.caption.as_deref(), Some("Caption 0 / Photo: A. N. Other"));
    let widths: Vec<u32> = image.sizes.iter().map(|size| size.width).collect();
    assert_eq!(widths, [300, 768, 1024, 1536, 1600]);
    assert_eq!(page.next.as_deref(), Some("2"));
    assert_eq!(page.previous, None);
    assert_eq!(page.total, Some(70));
}

#[test]
fn the_last_page_is_the_last_and_the_one_after_it_is_empty() {
    let page: Page<Headline> = wordpress().read(&list(Some("2")), &recorded("wordpress", "list"));
    assert_eq!((page.items.len(), page.next.as_deref()), (5, Some("3")));
    assert_eq!(page.previous.as_deref(), Some("1"));
    let page: Page<Headline> = wordpress().read(&list(Some("14")), &recorded("wordpress", "list"));
    assert_eq!(page.next, None);
    let beyond = recorded("wordpress", "list_beyond_last_page");
    let page: Page<Headline> = wordpress().read(&list(Some("99")), &beyond);
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn an_article_has_its_versions_and_its_byline() {
    let operation = Operation::Article("floods-the-new-map-of-the-delta".into());
    assert_eq!(
        wordpress().url(&operation),
        "https://x.test/wp-json/wp/v2/posts?_embed=author,wp:featuredmedia,wp:term\
         &slug=floods-the-new-map-of-the-delta"
    );
    assert!(wordpress().url(&Operation::Article("5".into())).ends_with("&include=5"));
    let article: Article = wordpress().read(&operation, &recorded("wordpress", "article_by_slug"));
    assert_eq!(article.headline.title, "Floods & the new map of the delta");
    assert_eq!(
        article.headline.standfirst.as_deref(),
        Some("Summary of story 0: it’s short & plain.")
    );
    assert_eq!(article.headline.section.as_ref().unwrap().name, "World");
    assert_eq!(article.authors[0].name, "Amina Diallo");
    let versions: Vec<_> =
        article.versions.iter().map(|version| (version.lang.as_str(), &*version.key.id)).collect();
    assert_eq!(
        versions,
        [
            ("ar", "7"),
            ("en", "5"),
            ("fr", "6"),
            ("ja", "10"),
            ("ko", "11"),
            ("vi", "8"),
            ("zh", "9"),
        ]
    );
    assert_eq!(article.headline.kind, VersionKind::Original);
    assert!(article.body.unwrap().value.contains("<h2>Background</h2>"));
    assert!(article.comments_open);
}

#[test]
fn several_articles_are_asked_for_at_once() {
    // A slug would make WordPress refuse them all.
    let operation = Operation::Articles { ids: ["11", "a-slug", "12"].map(str::to_owned).into() };
    assert_eq!(
        wordpress().url(&operation),
        "https://x.test/wp-json/wp/v2/posts?_embed=author,wp:featuredmedia,wp:term\
         &per_page=100&include=0%2C11%2C12"
    );
    // Without any id it would give its newest.
    let slugs = Operation::Articles { ids: vec!["a-slug".to_owned()] };
    assert!(wordpress().url(&slugs).ends_with("&include=0"));
    let response = recorded("wordpress", "list_embed");
    let page: Page<Article> = wordpress().read(&operation, &response);
    assert_eq!(page.items.len(), 3);
    for article in &page.items {
        assert!(article.body.as_ref().is_some_and(|body| body.value.contains("<p>")));
        // As it is alone.
        let id = article.headline.key.id.clone();
        let mut alone = response.clone();
        let items: Vec<Value> = serde_json::from_str(&alone.body).unwrap();
        let is_it = |item: &&Value| item["id"].as_u64() == id.parse().ok();
        alone.body = json!([items.iter().find(is_it).unwrap()]).to_string();
        assert_eq!(*article, wordpress().read(&Operation::Article(id), &alone));
    }
}

#[test]
fn an_article_that_is_not_there_is_not_found() {
    let nothing = answered(&json!([]));
    let operation = Operation::Article("x".into());
    assert_eq!(wordpress().failure(&operation, &nothing), Failure::NotFound);
    let missing = recorded("wordpress", "article_404");
    assert_eq!(wordpress().failure(&operation, &missing), Failure::NotFound);
}

#[test]
fn a_section_is_named_by_what_is_in_it() {
    let response = recorded("wordpress", "article_by_slug");
    let section = Headlines { section: Some("9".into()), ..Headlines::default() };
    let page: Page<Headline> = wordpress().read(&Operation::Headlines(section), &response);
    assert_eq!(page.about.unwrap().name, "World");
    let author = page.items[0].key.id.clone();
    assert_eq!(author, "5");
    let by = Headlines { author: Some("2".into()), ..Headlines::default() };
    let page: Page<Headline> = wordpress().read(&Operation::Headlines(by), &response);
    assert_eq!(page.about.unwrap().name, "Amina Diallo");
}

#[test]
fn sections_and_authors_are_lists() {
    let operation = Operation::Sections { cursor: None };
    let page: Page<Term> = wordpress().read(&operation, &recorded("wordpress", "categories"));
    assert_eq!((page.items[0].id.as_str(), page.items[0].name.as_str()), ("44", "Africa"));
    let operation = Operation::Authors { cursor: None };
    let page: Page<Author> = wordpress().read(&operation, &recorded("wordpress", "users"));
    assert!(page.items.iter().any(|author| author.name == "Amina Diallo"));
}

#[test]
fn search_is_a_list() {
    let query = Headlines { query: Some("vaccine".into()), ..Headlines::default() };
    let operation = Operation::Headlines(query);
    assert!(wordpress().url(&operation).contains("&search=vaccine&orderby=relevance&"));
    let page: Page<Headline> = wordpress().read(&operation, &recorded("wordpress", "search"));
    assert_eq!(page.items[0].title, "Malaria vaccine reaches the north");
}

#[test]
fn the_front_is_made_of_the_newest() {
    let front: Front = wordpress().read(&Operation::Front, &recorded("wordpress", "list_embed"));
    assert_eq!((front.lead.len(), front.latest.len()), (3, 0));
    assert!(wordpress().profile.capabilities().front);
}

#[test]
fn a_thread_is_flat_with_parents() {
    let operation = Operation::comments("5");
    assert_eq!(
        wordpress().url(&operation),
        "https://x.test/wp-json/wp/v2/comments?per_page=100&order=asc&post=5"
    );
    let page: Page<Comment> = wordpress().read(&operation, &recorded("wordpress", "comments"));
    assert_eq!(page.items.len(), 7);
    assert_eq!(page.items[0].parent, None);
    assert_eq!(page.items[1].parent.as_deref(), Some("2"));
    assert_eq!(page.items[0].created.unwrap().to_string(), "2026-03-29T00:35:00Z");
}

#[test]
fn a_comment_is_published_or_held() {
    let operation = post("5", Some("37"));
    let request = wordpress().request(&operation);
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.url, "https://x.test/wp-json/wp/v2/comments");
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "post": 5, "parent": 37, "author_name": "Moussa",
            "author_email": "reader@portal.test", "content": "A reply",
        })
    );
    let response = recorded("wordpress", "comment_post_ok_approved");
    let comment: Comment = wordpress().read(&operation, &response);
    assert_eq!((comment.id.as_str(), comment.state), ("54", CommentState::Published));
    let response = recorded("wordpress", "comment_post_ok_held_first_time");
    let comment: Comment = wordpress().read(&post("5", None), &response);
    assert_eq!((comment.id.as_str(), comment.state), ("52", CommentState::Held));
}

#[test]
fn a_comment_is_refused_with_a_reason() {
    let failure = |name: &str| wordpress().failure(&post("5", None), &recorded("wordpress", name));
    let refused = |reason: &str, field: Option<&str>| {
        Failure::from(Refused {
            reason: reason.into(),
            field: field.map(str::to_owned),
            kind: None,
        })
    };
    assert_eq!(
        failure("comment_post_duplicate"),
        Failure::Duplicate {
            reason: "Duplicate comment detected; it looks as though you’ve already said that!"
                .into()
        }
    );
    assert_eq!(
        failure("comment_post_closed"),
        Failure::from(Refused {
            reason: "Sorry, comments are closed for this item.".into(),
            field: None,
            kind: Some("closed".into()),
        })
    );
    assert_eq!(
        failure("comment_post_bad_email"),
        refused("Invalid parameter(s): author_email", Some("email"))
    );
    assert_eq!(failure("comment_post_empty"), refused("Invalid comment content.", Some("text")));
}

#[test]
fn links_to_its_own_articles_are_ours() {
    let Backend { profile, source, .. } = wordpress();
    assert_eq!(
        profile.route_of("https://x.test/2026/03/floods/", &source),
        Some(OwnPage::Article("floods".into()))
    );
    assert_eq!(
        profile.route_of("https://x.test/?p=5", &source),
        Some(OwnPage::Article("5".into()))
    );
    assert_eq!(profile.route_of("https://x.test/wp-content/a.pdf", &source), None);
}

#[test]
fn a_comment_in_the_bin_was_refused_whatever_the_status() {
    let trashed = recorded("wordpress", "comment_post_trashed");
    assert_eq!(trashed.status, 201);
    let refused =
        Failure::from(Refused { reason: String::new(), field: None, kind: Some("spam".into()) });
    assert_eq!(wordpress().failure(&post("5", None), &trashed), refused);
}

#[test]
fn a_name_is_enough_where_the_site_says_so() {
    let request = with(&json!({})).request(&post("5", None));
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(body, json!({ "post": 5, "author_name": "Moussa", "content": "A reply" }));
    assert_eq!(
        wordpress().failure(&post("5", None), &recorded("wordpress", "comment_post_missing_name")),
        Failure::from(Refused {
            reason: "Creating a comment requires valid author name and email values.".into(),
            field: Some("author".into()),
            kind: None
        })
    );
}

#[test]
fn versions_are_linked_by_whatever_plugin_there_is() {
    let item = json!({
        "id": 12, "title": { "rendered": "A" }, "wpml_current_locale": "en_US",
        "wpml_translations": [{ "locale": "vi_VN", "id": 11, "slug": "a", "post_title": "B &amp; C" }],
    });
    let article: Article =
        wordpress().read(&Operation::Article("12".into()), &answered(&json!([item])));
    assert_eq!(article.headline.work, "11");
    let versions: Vec<_> =
        article.versions.iter().map(|one| (one.lang.as_str(), &*one.key.id, &*one.title)).collect();
    assert_eq!(versions, [("en-US", "12", "A"), ("vi-VN", "11", "B & C")]);
    // A site in one language.
    let item = json!({ "id": 12, "title": { "rendered": "A" }, "meta": [] });
    let article: Article =
        wordpress().read(&Operation::Article("12".into()), &answered(&json!([item])));
    assert_eq!((article.headline.work.as_str(), article.versions.len()), ("12", 1));
}

#[test]
fn a_type_of_its_own_may_be_a_register() {
    let names = json!({
        "kinds": [
            ["resolution", "nghi-quyet"], ["circular", "thong-tu"], ["notice", "thong-bao"],
            ["decision", "quyet-dinh"], ["plan", "ke-hoach"],
        ],
        "statuses": [
            ["in-force", "con-hieu-luc"], ["not-yet", "chua-co-hieu-luc"],
            ["replaced", "bi-thay-the"], ["amended", "da-sua-doi"],
        ],
    });
    let backend = Backend { lang: lang("vi"), ..with(&names) };
    let asked = |filter| backend.url(&Operation::Documents(filter));
    assert_eq!(
        asked(DocumentFilter { kind: Some("resolution".into()), ..DocumentFilter::default() }),
        "https://x.test/wp-json/wp/v2/documents?per_page=20&kind=nghi-quyet&lang=vi"
    );
    let all = DocumentFilter { cursor: Some("2".into()), ..DocumentFilter::default() };
    assert_eq!(asked(all), "https://x.test/wp-json/wp/v2/documents?per_page=20&page=2&lang=vi");
    let operation = Operation::Documents(DocumentFilter::default());
    let page: Page<DocumentEntry> = backend.read(&operation, &recorded("wordpress", "documents"));
    let entry = &page.items[0];
    assert_eq!((entry.number.as_str(), entry.kind), ("02/2027/TT-SGTVT", DocumentKind::Circular));
    assert_eq!(entry.status, DocumentStatus::NotYet);
    assert_eq!(entry.issuer.as_ref().unwrap().name, "Sở Giao thông vận tải");
    assert_eq!((page.next.as_deref(), page.total), (Some("2"), Some(8)));
    let operation = Operation::Document("07-2026-nq-hdnd".into());
    assert!(backend.url(&operation).ends_with("/documents?slug=07-2026-nq-hdnd"));
    let document: Document = backend.read(&operation, &recorded("wordpress", "document"));
    assert_eq!(document.effective.unwrap().to_string(), "2026-04-01");
    assert_eq!(document.files[0].size, Some(592));
    assert_eq!(document.files[0].title, "07/2026/NQ-HĐND");
}

#[test]
fn what_the_edition_has_is_not_among_what_it_lacks() {
    let lacks = Headlines { missing: Some(lang("vi")), ..Headlines::default() };
    let korean = Backend { lang: lang("ko"), ..wordpress() };
    let all: Page<Headline> = korean.read(&list(None), &recorded("wordpress", "list_ko"));
    let rest: Page<Headline> =
        korean.read(&Operation::Headlines(lacks), &recorded("wordpress", "list_ko"));
    let has = |article: &Headline| article.work == "58";
    assert!(all.items.iter().any(has) && !rest.items.iter().any(has));
}

#[test]
fn the_register_says_what_it_can_be_filtered_by() {
    let names = json!({ "kinds": [
        ["resolution", "nghi-quyet"], ["circular", "thong-tu"], ["notice", "thong-bao"],
        ["decision", "quyet-dinh"], ["plan", "ke-hoach"],
    ]});
    let register: Register =
        with(&names).read(&Operation::Register, &recorded("wordpress", "documents"));
    assert_eq!(register.kinds.len(), 5);
    assert_eq!(
        register.issuers.iter().filter(|one| one.name == "Sở Giao thông vận tải").count(),
        1
    );
}
