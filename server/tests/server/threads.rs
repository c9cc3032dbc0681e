//! Reading a thread: every comment once, parents first, in any order, whatever the size of a page.

use std::collections::HashSet;

use haidang_engine::{
    lang::Lang,
    model::{Badge, CommentState},
    time::Timestamp,
};
use haidang_server::store::{
    Store,
    comments::{Entry, Place, ThreadOrder, Viewer},
    threads::ThreadId,
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::Service;

const ORDERS: [ThreadOrder; 4] =
    [ThreadOrder::Oldest, ThreadOrder::Newest, ThreadOrder::Best, ThreadOrder::Discussed];

fn entry(index: usize, parent: Option<usize>, votes: i32, created: i64) -> Entry {
    Entry {
        id: format!("c{index}"),
        thread: ThreadId::of_work("banh-da-cua"),
        parent: parent.map(|parent| format!("c{parent}")),
        author: "An".into(),
        badge: Badge::Reader,
        lang: Lang::parse("vi"),
        body: "x".into(),
        created: Timestamp(created),
        votes,
        state: CommentState::Published,
        token: None,
        email: None,
        cause: None,
    }
}

/// All comments of a thread, in pages of `limit`.
async fn paged(
    store: &Store,
    order: ThreadOrder,
    limit: u32,
) -> Vec<haidang_engine::model::Comment> {
    let (mut items, mut place) = (Vec::new(), None);
    loop {
        let slice = store
            .comments(&ThreadId::of_work("banh-da-cua"), order, place, limit, &Viewer::default())
            .await;
        let slice = slice.unwrap();
        assert!(slice.items.len() <= usize::try_from(limit).unwrap());
        items.extend(slice.items);
        let Some(next) = slice.next else { return items };
        place = Some(Place::try_from(next).unwrap());
    }
}

/// A store with an empty thread.
async fn empty() -> (TempDir, Store) {
    let service = Service::start().await;
    let (data, store) = service.into_store();
    sqlx::query("DELETE FROM comments").execute(store.pool()).await.unwrap();
    (data, store)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_comment_comes_once_after_its_parent_in_every_order(
        made in vec((any::<prop::sample::Index>(), 0..4u8, -2..3i32, 0..6i64), 1..60),
        limit in 1..9u32,
    ) {
        let entries: Vec<Entry> = made
            .iter()
            .enumerate()
            .map(|(index, (parent, top, votes, created))| {
                let parent = (index > 0 && *top > 0).then(|| parent.index(index));
                entry(index, parent, *votes, *created)
            })
            .collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let (_data, store) = empty().await;
            store.write_all(&entries).await.unwrap();
            for order in ORDERS {
                let items = paged(&store, order, limit).await;
                let mut seen = HashSet::new();
                for item in &items {
                    assert!(item.parent.as_ref().is_none_or(|parent| seen.contains(parent)));
                    assert!(seen.insert(item.id.clone()), "{} twice", item.id);
                }
                assert_eq!(seen.len(), entries.len(), "{order:?}");
                let tops: Vec<_> = items.iter().filter(|item| item.parent.is_none()).collect();
                let below = |top: &str| {
                    let from = items.iter().position(|item| item.id == top).unwrap() + 1;
                    items[from..].iter().take_while(|item| item.parent.is_some()).count()
                };
                assert!(match order {
                    ThreadOrder::Oldest => tops.is_sorted_by_key(|top| top.created),
                    ThreadOrder::Newest => {
                        tops.is_sorted_by_key(|top| std::cmp::Reverse(top.created))
                    }
                    ThreadOrder::Best => tops.is_sorted_by_key(|top| -top.votes),
                    ThreadOrder::Discussed => {
                        tops.is_sorted_by_key(|top| std::cmp::Reverse(below(&top.id)))
                    }
                }, "{order:?}");
            }
        });
    }
}

#[tokio::test]
async fn no_order_sorts_the_whole_thread_to_show_a_page() {
    let service = Service::first(&["--comments", "3000"]).await;
    let work = service.app.store.newest_open_thread().await.unwrap().unwrap();
    for column in ["created", "recent", "best", "discussed"] {
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "EXPLAIN QUERY PLAN SELECT c.id FROM comments r CROSS JOIN comments c ON c.root = r.seq
             LEFT JOIN votes v ON v.comment = c.seq AND v.reader = NULL
             WHERE r.parent IS NULL AND r.thread = 'w' AND (r.unpinned, r.{column}, r.seq) > (0, 1, 2)
             AND (c.shown = 1) ORDER BY r.unpinned, r.{column}, r.seq, c.seq LIMIT 101"
        )))
        .fetch_all(service.app.store.pool())
        .await
        .unwrap();
        let plan: Vec<String> = plan.into_iter().map(|(.., step)| step).collect();
        assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{plan:#?}");
        assert!(plan[0].contains("INDEX comments_"), "{plan:#?}");
    }
    assert_eq!(
        service.api(&format!("articles/{work}/comments?limit=5")).await["items"]
            .as_array()
            .unwrap()
            .len(),
        5
    );
}

#[tokio::test]
async fn what_goes_in_a_thread_is_said_with_it() {
    let service = Service::with(&["--votes", "up", "--edit-window", "60"]).await;
    let page = service.api("articles/banh-da-cua/comments?order=best").await;
    assert_eq!(
        page["rules"],
        json!({"open": true, "held": false, "identity": "anonymous", "longest": 5000, "down": false, "window": 60})
    );
    assert_eq!(page["at"], "0");
    let closed = service.api("articles/khu-cong-nghiep-sinh-thai/comments").await;
    assert_eq!(closed["rules"]["open"], false);
    let wrong = service.get("/api/v1/articles/banh-da-cua/comments?order=worst").await;
    assert_eq!((wrong.status.as_u16(), &wrong.json()["field"]), (400, &json!("order")));
}

#[tokio::test]
async fn a_thread_closes_by_the_age_of_its_article() {
    let service = Service::with(&["--close-after", "1"]).await;
    let open = async |article: &str| {
        service.api(&format!("articles/{article}/comments")).await["rules"]["open"] == true
    };
    // A day after the storm of the demo, an article of 2016 is old.
    assert!(open("bao-so-9").await);
    assert!(!open("muoi-nam-so-thong-tin-va-truyen-thong").await);
    let article = service.api("articles/muoi-nam-so-thong-tin-va-truyen-thong").await;
    assert_eq!(article["comments_open"], false);
    let post = json!({"author": "An", "text": "Muộn rồi."});
    let late = service.post("muoi-nam-so-thong-tin-va-truyen-thong", None, &post).await;
    assert_eq!(late.json()["type"], "urn:haidang:problem:closed");
}

#[tokio::test]
async fn several_articles_are_counted_in_one_request_as_their_headlines_are() {
    let service = Service::start().await;
    let counts = service.api("comments/counts?ids=bao-so-9,banh-da-cua.en,nope").await;
    let counts = counts["items"].as_array().unwrap();
    assert_eq!(counts.len(), 2);
    let count = |id: &str| counts.iter().find(|item| item["id"] == id).unwrap()["count"].clone();
    assert_eq!(count("bao-so-9"), 300);
    let headline = &service.api("articles/banh-da-cua").await["headline"];
    assert_eq!(count("banh-da-cua.en"), headline["comments"]);
    let many = vec!["x"; 101].join(",");
    assert_eq!(service.get(&format!("/api/v1/comments/counts?ids={many}")).await.status, 400);
    service.post("banh-da-cua", None, &json!({"author": "An", "text": "x"})).await;
    let after = service.api("comments/counts?ids=banh-da-cua").await["items"][0]["count"].clone();
    assert_eq!(after, headline["comments"].as_u64().unwrap() + 1);
}

#[tokio::test]
async fn a_version_that_is_added_later_counts_what_stands_under_it() {
    let service = Service::start().await;
    sqlx::query(
        "INSERT INTO versions (id, work, lang, kind, slug, title, body, published, plain)
         SELECT 'bao-so-9.late', work, 'fr', kind, slug, title, body, published, plain
         FROM versions WHERE id = 'bao-so-9'",
    )
    .execute(service.app.store.pool())
    .await
    .unwrap();
    let counts = service.api("comments/counts?ids=bao-so-9.late").await;
    assert_eq!(counts["items"][0]["count"], 300);
}

#[tokio::test]
async fn where_threads_belong_to_versions_each_language_has_its_own() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("portal.json");
    let portal = include_str!("../../../public/portal.json");
    let mut portal: Value = serde_json::from_str(portal).unwrap();
    portal["comments"]["scope"] = json!("version");
    std::fs::write(&file, portal.to_string()).unwrap();
    let service = Service::with(&["--portal", file.to_str().unwrap()]).await;
    let (vi, en) = ("banh-da-cua", "banh-da-cua.en");
    let before = service.api(&format!("articles/{vi}/comments")).await;
    let old = before["items"].as_array().unwrap().len();
    let write = async |version: &str, text: &str, parent: Option<&str>| {
        let new = json!({"author": "An", "text": text, "parent": parent});
        service.post(version, None, &new).await
    };
    let english = write(en, "Only in English", None).await.json();
    let english = english["id"].as_str().unwrap();
    assert_eq!(write(en, "An answer", Some(english)).await.status, 201);
    assert_eq!(write(vi, "Chỉ bằng tiếng Việt", None).await.status, 201);
    // Nothing is answered, changed or voted for across threads.
    assert_eq!(write(vi, "Lạc", Some(english)).await.status, 422);
    let vote = async |version: &str| {
        let path = format!("articles/{version}/comments/{english}/vote");
        let token = [("author-token", "0123456789abcdef")];
        service.ask("POST", &path, &token, &json!({"vote": 1})).await.status.as_u16()
    };
    assert_eq!((vote(vi).await, vote(en).await), (404, 200));
    // What was written under the work stands under each of its versions.
    let texts = async |version: &str| {
        let page = service.api(&format!("articles/{version}/comments")).await;
        let items = page["items"].as_array().unwrap().clone();
        let total = page["total"].as_u64().unwrap();
        assert_eq!(usize::try_from(total).unwrap(), items.len());
        items.iter().map(|item| item["body"]["value"].to_string()).collect::<Vec<_>>()
    };
    let (in_vi, in_en) = (texts(vi).await, texts(en).await);
    assert_eq!((in_vi.len(), in_en.len()), (old + 1, old + 2));
    assert!(!in_vi.concat().contains("English") && !in_en.concat().contains("Việt"));
    let counts = service.api(&format!("comments/counts?ids={vi},{en}")).await;
    let count = |id: &str| {
        let counts = counts["items"].as_array().unwrap();
        counts.iter().find(|item| item["id"] == id).unwrap()["count"].as_u64().unwrap()
    };
    let count = |id| usize::try_from(count(id)).unwrap();
    assert_eq!((count(vi), count(en)), (in_vi.len(), in_en.len()));
    let headline = &service.api(&format!("articles/{en}?lang=en")).await["headline"];
    assert_eq!(headline["comments"], in_en.len());
}

#[tokio::test]
async fn a_comment_for_one_reader_is_kept_by_nobody_between() {
    let service = Service::start().await;
    let own = service
        .ask(
            "GET",
            "articles/banh-da-cua/comments",
            &[("author-token", "0123456789abcdef")],
            &Value::Null,
        )
        .await;
    assert_eq!(own.header("cache-control"), "private, no-store");
    let signed = [("author-token", "0123456789abcdef")];
    let said = json!({"author": "An", "text": "Bánh đa."});
    for (method, path, body) in
        [("POST", "articles/banh-da-cua/comments", said), ("GET", "me/comments", Value::Null)]
    {
        let answer = service.ask(method, path, &signed, &body).await;
        assert_eq!(answer.header("cache-control"), "private, no-store", "{method} {path}");
    }
    let vary = |answer: &crate::service::Answer| {
        let all = answer.headers.get_all("vary").iter();
        all.map(|value| value.to_str().unwrap().to_lowercase()).collect::<Vec<_>>().join(",")
    };
    assert!(vary(&own).contains("author-token, authorization"), "{}", vary(&own));
    let all = service.get("/api/v1/articles/banh-da-cua/comments").await;
    assert!(vary(&all).contains("author-token, authorization"));
    assert_eq!(all.header("cache-control"), "no-cache");
}
