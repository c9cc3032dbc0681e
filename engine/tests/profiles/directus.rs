//! Directus, with collections of a portal.

use haidang_engine::{
    content::{BlockKind, from_html},
    model::{
        Article, Author, Comment, CommentState, Document, DocumentEntry, DocumentStatus, Headline,
        Page, Register, Term, VersionKind,
    },
    profile::{Failure, Headlines, Operation, OwnPage, Refused},
    route::DocumentFilter,
};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::support::{Backend, answered, lang, post, recorded, shipped};

const FERRY: &str = "19728e03-4522-472d-8123-1979272e3ba6";

fn directus_with(params: &Value) -> Backend {
    let more = json!({
        "languages": {
            "codes": ["en", "fr", "ar", "vi", "zh", "ja", "ko"],
            "names": {
                "en": "en-US", "fr": "fr-FR", "ar": "ar-SA", "vi": "vi-VN", "zh": "zh-CN",
                "ja": "ja-JP", "ko": "ko-KR",
            },
        },
        "params": params,
    });
    Backend::new(shipped("directus"), "https://x.test/", &more)
}

fn directus() -> Backend {
    directus_with(&json!({ "email": "reader@portal.test" }))
}

fn vietnamese() -> Backend {
    Backend { lang: lang("vi"), ..directus() }
}

fn list(cursor: Option<&str>, limit: u32) -> Operation {
    Operation::Headlines(Headlines {
        cursor: cursor.map(str::to_owned),
        limit: Some(limit),
        ..Headlines::default()
    })
}

/// The parameter `name` of what is asked, a JSON value.
fn asked(operation: &Operation, name: &str) -> Value {
    let url = vietnamese().url(operation);
    let (_, value) = url.split_once(&format!("&{name}=")).unwrap_or_else(|| panic!("{url}"));
    let value = percent_decode_str(value.split('&').next().unwrap()).decode_utf8().unwrap();
    serde_json::from_str(&value).unwrap()
}

#[test]
fn a_list_is_of_what_has_a_version_in_the_language() {
    let version = json!({ "languages_code": { "_eq": "vi-VN" } });
    assert_eq!(asked(&list(None, 5), "filter"), json!({ "_and": [{ "translations": version }] }));
    assert_eq!(asked(&list(None, 5), "deep"), json!({ "translations": { "_filter": version } }));
    assert!(directus().url(&list(None, 5)).ends_with("&sort=-date_published&limit=5&offset=0"));
    let narrowed = Headlines {
        section: Some("city".into()),
        query: Some("phà".into()),
        missing: Some(lang("en")),
        ..Headlines::default()
    };
    assert_eq!(
        asked(&Operation::Headlines(narrowed), "filter"),
        json!({ "_and": [
            { "translations": { "_none": { "languages_code": { "_eq": "en-US" } } } },
            { "translations": { "languages_code": { "_eq": "vi-VN" }, "_or": [
                { "title": { "_icontains": "phà" } }, { "summary": { "_icontains": "phà" } },
            ]}},
            { "section": { "slug": { "_eq": "city" } } },
        ]})
    );
}

#[test]
fn a_list_is_in_the_language_asked_for() {
    let page: Page<Headline> =
        vietnamese().read(&list(None, 3), &recorded("directus", "list_only_vi"));
    let ferry = &page.items[1];
    assert_eq!((ferry.key.id.as_str(), ferry.work.as_str()), (FERRY, FERRY));
    assert_eq!((ferry.lang.as_str(), ferry.kind), ("vi", VersionKind::Original));
    assert_eq!(ferry.title, "Phà Cát Hải chạy thêm chuyến đêm");
    assert_eq!(page.items[0].kind, VersionKind::Translation);
    assert_eq!(page.items[0].slug, "lu-lut-va-tam-ban-do-moi-cua-vung-chau-tho");
}

#[test]
fn a_list_has_pictures_sections_and_a_way_on() {
    let page: Page<Headline> =
        vietnamese().read(&list(Some("5"), 5), &recorded("directus", "list"));
    let first = &page.items[0];
    assert_eq!(first.section.as_ref().unwrap().name, "Văn hóa");
    assert_eq!(first.image, None);
    assert_eq!(first.published.unwrap().to_string(), "2026-03-27T19:38:00Z");
    let image = page.items.iter().find_map(|item| item.image.as_ref()).unwrap();
    assert!(image.url.starts_with("https://x.test/assets/"), "{}", image.url);
    assert!(image.sizes[0].url.ends_with("?width=400"), "{}", image.sizes[0].url);
    assert_eq!((page.next.as_deref(), page.total), (Some("10"), Some(36)));
    let last: Page<Headline> =
        vietnamese().read(&list(Some("31"), 5), &recorded("directus", "list"));
    assert_eq!(last.next, None);
    let beyond = recorded("directus", "list_beyond");
    let page: Page<Headline> = vietnamese().read(&list(Some("495"), 5), &beyond);
    assert!(page.items.is_empty());
    let section = Headlines { section: Some("culture".into()), ..Headlines::default() };
    let page: Page<Headline> =
        vietnamese().read(&Operation::Headlines(section), &recorded("directus", "list"));
    assert_eq!(page.about.unwrap().name, "Văn hóa");
}

#[test]
fn an_article_is_found_by_id_or_slug() {
    let by = |id: &str| asked(&Operation::Article(id.into()), "filter");
    assert_eq!(by(FERRY), json!({ "id": { "_eq": FERRY } }));
    assert_eq!(by("17"), json!({ "id": { "_eq": "17" } }));
    assert_eq!(
        by("pha-cat-hai"),
        json!({ "_or": [
            { "slug": { "_eq": "pha-cat-hai" } },
            { "translations": { "slug": { "_eq": "pha-cat-hai" } } },
        ]})
    );
    let own = directus().profile.route_of("/articles/pha-cat-hai", &directus().source);
    assert_eq!(own, Some(OwnPage::Article("pha-cat-hai".into())));
}

#[test]
fn rows_between_collections_are_passed_through() {
    let operation = Operation::Article("floods-the-new-map-of-the-delta".into());
    let article: Article = directus().read(&operation, &recorded("directus", "article_by_slug"));
    let names: Vec<_> = article.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["Amina Diallo", "Jean-Luc O’Neill"]);
    assert_eq!(article.headline.section.as_ref().unwrap().name, "World");
    let image = article.headline.image.as_ref().unwrap();
    assert_eq!((image.alt.as_str(), image.width), ("Alt text for picture 0", Some(1600)));
    assert_eq!(image.caption.as_deref(), Some("Caption 0 / Photo: A. N. Other"));
    assert_eq!(article.headline.rank, Some(1));
    assert!(article.comments_open);
    let tags: Vec<_> = {
        let article: Article = vietnamese()
            .read(&Operation::Article(FERRY.into()), &recorded("directus", "article_vi"));
        article.tags.into_iter().map(|tag| (tag.id, tag.name)).collect()
    };
    assert_eq!(tags, [("11".into(), "phà".into()), ("12".into(), "đảo".to_owned())]);
}

#[test]
fn versions_are_rows_of_one_item() {
    let operation = Operation::Article(FERRY.into());
    let response = recorded("directus", "article_vi");
    let article: Article = vietnamese().read(&operation, &response);
    assert_eq!(article.headline.title, "Phà Cát Hải chạy thêm chuyến đêm");
    let versions: Vec<_> =
        article.versions.iter().map(|one| (one.lang.as_str(), one.kind)).collect();
    assert_eq!(versions[0], ("vi", VersionKind::Original));
    assert_eq!(versions[4], ("ko", VersionKind::Translation));
    assert!(article.versions.iter().all(|one| one.key.id == FERRY));
    let korean = Backend { lang: lang("ko"), ..directus() };
    let article: Article = korean.read(&operation, &response);
    assert_eq!(article.headline.title, "깟하이 페리, 밤배를 늘린다");
    // There is none in French: it is the original.
    let french = Backend { lang: lang("fr"), ..directus() };
    let article: Article = french.read(&operation, &response);
    assert_eq!(article.headline.lang, lang("vi"));
}

#[test]
fn blocks_become_content() {
    let operation = Operation::Article("floods-the-new-map-of-the-delta".into());
    let response = recorded("directus", "article_by_slug");
    let article: Article = directus().read(&operation, &response);
    let content = from_html(&article.body.unwrap().value);
    assert!(content.problems.is_empty(), "{:?}", content.problems);
    let kinds: Vec<_> = content.blocks.iter().map(|block| &block.kind).collect();
    assert!(matches!(kinds[4], BlockKind::Heading { .. }), "{kinds:?}");
    assert!(matches!(kinds[5], BlockKind::List { items, .. } if items.len() == 2), "{kinds:?}");
    assert!(matches!(kinds[6], BlockKind::Quote { .. }), "{kinds:?}");
    assert_eq!(kinds.len(), 8);
    // This one has a table in its HTML alone.
    let article: Article = directus_with(&json!({ "blocks": false })).read(&operation, &response);
    assert!(article.body.unwrap().value.contains("<table>"));
}

#[test]
fn every_block_of_the_editor_is_known_and_lists_nest() {
    let blocks = json!({ "blocks": [
        { "type": "list", "data": { "style": "ordered", "items": [
            { "content": "one", "items": [{ "content": "deep", "items": [] }] },
        ]}},
        { "type": "checklist", "data": { "items": [{ "text": "done", "checked": true }] } },
        { "type": "image", "data": { "file": { "url": "/assets/1" }, "caption": "c" } },
        { "type": "code", "data": { "code": "a < b" } },
        { "type": "table", "data": { "withHeadings": true, "content": [["a"], ["1"]] } },
        { "type": "delimiter", "data": {} },
        { "type": "linkTool", "data": { "link": "https://y.test/?a=\"", "meta": { "title": "Y" } } },
    ]});
    let item = json!({
        "id": 1, "translations": [{ "languages_code": "en-US", "title": "t", "blocks": blocks }],
    });
    let article: Article =
        directus().read(&Operation::Article("1".into()), &answered(&json!({ "data": [item] })));
    assert_eq!(
        article.body.unwrap().value,
        "<ol><li>one<ul><li>deep</li></ul></li></ol><ul><li>done</li></ul>\
         <figure><img src=\"/assets/1\"><figcaption>c</figcaption></figure>\
         <pre><code>a &lt; b</code></pre><table><tr><th>a</th></tr><tr><td>1</td></tr></table><hr>\
         <p><a href=\"https://y.test/?a=%22\">Y</a></p>"
    );
}

#[test]
fn what_is_not_there_or_not_allowed_is_said() {
    let operation = Operation::Article(FERRY.into());
    let none = recorded("directus", "list_beyond");
    assert_eq!(directus().failure(&operation, &none), Failure::NotFound);
    let failure = |name: &str| directus().failure(&list(None, 5), &recorded("directus", name));
    assert_eq!(failure("collection_missing_403"), Failure::Forbidden);
    assert_eq!(failure("auth_bad_token"), Failure::Forbidden);
}

#[test]
fn sections_authors_and_search_are_lists() {
    let sections = Operation::Sections { cursor: None };
    let page: Page<Term> = vietnamese().read(&sections, &recorded("directus", "sections"));
    assert_eq!((page.items[0].id.as_str(), page.items[0].name.as_str()), ("world", "Thế giới"));
    let authors = Operation::Authors { cursor: None };
    let page: Page<Author> = directus().read(&authors, &recorded("directus", "authors"));
    assert_eq!(page.items[0].name, "Amina Diallo");
    let query = Headlines { query: Some("vaccine".into()), ..Headlines::default() };
    let page: Page<Headline> =
        directus().read(&Operation::Headlines(query), &recorded("directus", "search"));
    assert_eq!(page.items[0].title, "Malaria vaccine reaches the north");
}

#[test]
fn a_collection_may_be_a_register() {
    let filter = DocumentFilter {
        kind: Some("resolution".into()),
        year: Some("2026".into()),
        ..DocumentFilter::default()
    };
    let operation = Operation::Documents(filter);
    assert_eq!(
        asked(&operation, "filter"),
        json!({ "_and": [{ "kind": { "_eq": "resolution" } }, { "year(issued)": { "_eq": 2026 } }] })
    );
    let all = Operation::Documents(DocumentFilter::default());
    assert!(!directus().url(&all).contains("filter="));
    let page: Page<DocumentEntry> = vietnamese().read(&all, &recorded("directus", "documents"));
    let entry = &page.items[0];
    assert_eq!((entry.number.as_str(), entry.status), ("02/2027/TT-SGTVT", DocumentStatus::NotYet));
    assert_eq!(entry.issuer.as_ref().unwrap().name, "Sở Giao thông vận tải");
    let operation = Operation::Document("07-2026-nq-hdnd".into());
    let response = recorded("directus", "document");
    let document: Document = directus().read(&operation, &response);
    assert_eq!(document.entry.title, "On public gardens in the wards, 2026–2030");
    assert_eq!(document.entry.lang, lang("en"));
    assert_eq!(document.effective.unwrap().to_string(), "2026-04-01");
    let file = &document.files[0];
    assert_eq!(file.url, "https://x.test/assets/74590b27-51aa-436b-b405-582da5a2ae65");
    assert_eq!((file.title.as_str(), file.size), ("07-2026-nq-hdnd.pdf", Some(592)));
    let document: Document = vietnamese().read(&operation, &response);
    assert_eq!(document.entry.lang, lang("vi"));
}

#[test]
fn a_thread_is_flat_with_parents_and_languages() {
    let operation = Operation::comments(FERRY);
    assert_eq!(asked(&operation, "filter"), json!({ "article": { "_eq": FERRY } }));
    let page: Page<Comment> = directus().read(&operation, &recorded("directus", "comments"));
    assert_eq!((page.items.len(), page.total, page.next), (7, Some(7), None));
    assert_eq!(page.items[3].parent.as_deref(), Some("3"));
    let page: Page<Comment> =
        directus().read(&operation, &recorded("directus", "comments_languages"));
    assert_eq!(page.items[0].lang, Some(lang("vi")));
}

#[test]
fn a_comment_is_published_held_or_refused() {
    let operation = post(FERRY, Some("34"));
    let body: Value = serde_json::from_str(&directus().request(&operation).body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "article": FERRY, "parent": 34, "language": "en-US", "author_name": "Moussa",
            "author_email": "reader@portal.test", "body": "A reply",
        })
    );
    let comment: Comment = directus().read(&operation, &recorded("directus", "comment_post_admin"));
    assert_eq!((comment.id.as_str(), comment.state), ("52", CommentState::Published));
    // Whoever may not read what waits gets an answer without content.
    let held = recorded("directus", "comment_post_held_204");
    let comment: Comment = directus().read(&operation, &held);
    assert_eq!((comment.author.as_str(), comment.state), ("Moussa", CommentState::Held));
    assert_eq!(comment.body.unwrap().value, "A reply");
    let failure = |name: &str| directus().failure(&operation, &recorded("directus", name));
    assert_eq!(
        failure("comment_post_invalid"),
        Failure::from(Refused {
            reason: "Validation failed for field \"author_name\". Value can't be empty.".into(),
            field: Some("author".into()),
            kind: None
        })
    );
    assert_eq!(failure("comment_post_forbidden_field"), Failure::Forbidden);
}

#[test]
fn the_register_says_what_it_can_be_filtered_by() {
    let register: Register =
        directus().read(&Operation::Register, &recorded("directus", "documents"));
    assert_eq!(register.years, [2026]);
    assert_eq!(
        register.issuers.iter().filter(|one| one.name == "Sở Giao thông vận tải").count(),
        1
    );
}

#[test]
fn lists_are_named_by_what_is_in_them() {
    let response = recorded("directus", "article_by_slug");
    let named = |list: Headlines| {
        let page: Page<Headline> = directus().read(&Operation::Headlines(list), &response);
        page.about.unwrap().name
    };
    let author = Some("18f99078-1622-4970-85dc-eb62eb431270".into());
    assert_eq!(named(Headlines { author, ..Headlines::default() }), "Amina Diallo");
    let section = Some("world".into());
    assert_eq!(named(Headlines { section, ..Headlines::default() }), "World");
}
