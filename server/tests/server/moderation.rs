//! Moderators: their pages, what they may do, and the log of it.

use axum::{body::Body, http::StatusCode};
use haidang_server::{
    moderate,
    store::{moderation::Queue, moderators::Role},
};
use serde_json::{Value, json};

use crate::{
    cms::{Cms, article},
    service::{Answer, Service, request},
};

const PASSWORD: &str = "ngọn đèn biển Long Châu";

/// A server whose moderators are Lan, who moderates, and Minh, who edits.
async fn staffed(arguments: &[&str]) -> Service {
    let service = Service::with(arguments).await;
    let (store, now) = (&service.app.store, service.app.now());
    for (name, role) in [("Lan", Role::Moderator), ("Minh", Role::Editor)] {
        moderate::add(store, name, role, Some(PASSWORD.to_owned()), now).await.unwrap();
    }
    service
}

/// Somebody with a browser that keeps cookies.
struct Person<'a> {
    service: &'a Service,
    cookie: String,
    csrf: String,
}

impl<'a> Person<'a> {
    async fn signed_in(service: &'a Service, name: &str) -> Self {
        let mut person = Self { service, cookie: String::new(), csrf: String::new() };
        let answer = person.send("sign-in", &[("name", name), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let cookie = answer.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/moderate"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        person.cookie = cookie.split(';').next().unwrap().to_owned();
        let page = person.page("held").await.text();
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        person.csrf = rest.split('"').next().unwrap().to_owned();
        person
    }

    async fn page(&self, part: &str) -> Answer {
        let asked = request(&format!("/moderate/{part}")).header("cookie", &self.cookie);
        self.service.send(asked.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as it is.
    async fn send(&self, form: &str, members: &[(&str, &str)]) -> Answer {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(members).finish();
        let asked = request(&format!("/moderate/{form}"))
            .method("POST")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", &self.cookie);
        self.service.send(asked.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form of one's own; where it led to.
    async fn does(&self, form: &str, members: &[(&str, &str)]) -> String {
        let members = [&[("csrf", self.csrf.as_str())], members].concat();
        let answer = self.send(form, &members).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        answer.header("location").to_owned()
    }

    async fn judges(&self, comment: &str, verdict: &str, why: &str) -> String {
        let members = [("comment", comment), ("verdict", verdict), ("why", why), ("from", "held")];
        self.does("judge", &members).await
    }
}

async fn say(service: &Service, text: &str) -> String {
    let body = json!({"author": "<b>An</b>", "text": text, "email": "an@example.org"});
    let answer = service.post("banh-da-cua", None, &body).await;
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn seen(service: &Service, comment: &str) -> Option<Value> {
    let page = service.api("articles/banh-da-cua/comments?limit=500").await;
    let items = page["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == comment).cloned()
}

#[tokio::test]
async fn a_comment_is_held_until_a_moderator_has_read_it() {
    // As a portal in the open starts: nothing said about moderation.
    let service = staffed(&["--moderation", "held"]).await;
    let (good, bad) =
        (say(&service, "<script>alert(1)</script> hay").await, say(&service, "Tệ.").await);
    assert!(seen(&service, &good).await.is_none());
    let lan = Person::signed_in(&service, "Lan").await;
    let queue = lan.page("held").await.text();
    assert!(
        queue.contains("&lt;script&gt;alert(1)&lt;/script&gt; hay") && !queue.contains("<script")
    );
    assert!(queue.contains("&lt;b&gt;An&lt;/b&gt;") && queue.contains("an@example.org"));
    assert_eq!(lan.judges(&good, "approve", "").await, "/moderate/held?said=done");
    assert_eq!(seen(&service, &good).await.unwrap()["state"], "published");
    assert_eq!(lan.judges(&bad, "reject", "").await, "/moderate/held?said=why-needed");
    assert_eq!(lan.judges(&bad, "reject", "Không phải chỗ này").await, "/moderate/held?said=done");
    assert!(seen(&service, &bad).await.is_none());
    assert!(lan.page("held?said=done").await.text().contains("role=\"status\""));
    assert_eq!(lan.judges(&bad, "delete", "").await, "/moderate/held?said=done");
    assert_eq!(lan.judges(&bad, "approve", "").await, "/moderate/held?said=gone");
}

#[tokio::test]
async fn the_author_reads_why_it_was_rejected_and_nobody_else_sees_it() {
    let service = staffed(&["--moderation", "held"]).await;
    let headers = [("author-token", "token-of-an-0123456789")];
    let path = "articles/banh-da-cua/comments";
    let body = json!({"author": "An", "text": "Tệ."});
    let comment = service.ask("POST", path, &headers, &body).await.json();
    let id = comment["id"].as_str().unwrap();
    Person::signed_in(&service, "Lan").await.judges(id, "reject", "Xúc phạm người khác").await;
    let page = service.ask("GET", path, &headers, &Value::Null).await.json();
    let own = page["items"].as_array().unwrap().iter().find(|item| item["id"] == id).cloned();
    let own = own.unwrap();
    assert_eq!(
        (&own["state"], &own["reason"]),
        (&json!("rejected"), &json!("Xúc phạm người khác"))
    );
    assert!(seen(&service, id).await.is_none());
}

#[tokio::test]
async fn what_was_approved_and_then_changed_is_read_again() {
    let service = staffed(&["--moderation", "held"]).await;
    let headers = [("author-token", "token-of-an-0123456789")];
    let path = "articles/banh-da-cua/comments";
    let body = json!({"author": "An", "text": "Hay."});
    let id = service.ask("POST", path, &headers, &body).await.json()["id"].clone();
    let id = id.as_str().unwrap();
    let lan = Person::signed_in(&service, "Lan").await;
    lan.judges(id, "approve", "").await;
    let path = format!("{path}/{id}");
    let edited = service.ask("PUT", &path, &headers, &json!({"text": "Quảng cáo."})).await.json();
    assert_eq!(edited["state"], "held");
    assert_eq!(seen(&service, id).await.unwrap()["state"], "deleted", "its place stays");
    lan.judges(id, "approve", "").await;
    assert_eq!(seen(&service, id).await.unwrap()["body"]["value"], "Quảng cáo.");
}

#[tokio::test]
async fn changing_what_waits_does_not_hide_why_it_does() {
    let service = staffed(&["--moderation", "held"]).await;
    let headers = [("author-token", "token-of-an-0123456789")];
    let path = "articles/banh-da-cua/comments";
    let body = json!({"author": "An", "text": "Hay.", "trap": "x"});
    let id = service.ask("POST", path, &headers, &body).await.json()["id"].clone();
    let path = format!("{path}/{}", id.as_str().unwrap());
    service.ask("PUT", &path, &headers, &json!({"text": "Hay quá."})).await;
    let case = &service.app.store.queue(Queue::Held, 1).await.unwrap()[0];
    assert_eq!((case.text.as_str(), case.cause.as_deref()), ("Hay quá.", Some("trap")));
}

#[tokio::test]
async fn editors_pin_and_close_and_moderators_do_not() {
    let service = staffed(&[]).await;
    let comment = say(&service, "Hay.").await;
    let lan = Person::signed_in(&service, "Lan").await;
    let minh = Person::signed_in(&service, "Minh").await;
    assert_eq!(lan.judges(&comment, "pin", "").await, "/moderate/held?said=not-allowed");
    assert!(!lan.page("recent").await.text().contains("value=\"pin\""));
    for page in ["threads", "log"] {
        assert_eq!(lan.page(page).await.header("location"), "/moderate/held?said=not-allowed");
    }
    assert_eq!(
        lan.does("open", &[("article", "banh-da-cua")]).await,
        "/moderate/threads?said=not-allowed"
    );
    minh.judges(&comment, "pin", "").await;
    minh.judges(&comment, "feature", "").await;
    let first = service.api("articles/banh-da-cua/comments").await["items"][0].clone();
    assert_eq!(
        (&first["id"], &first["pinned"], &first["featured"]),
        (&json!(comment), &json!(true), &json!(true))
    );
    minh.judges(&comment, "unpin", "").await;
    assert_eq!(seen(&service, &comment).await.unwrap()["pinned"], false);

    let open = async || service.api("articles/banh-da-cua/comments").await["rules"]["open"] == true;
    minh.does("open", &[("article", "banh-da-cua"), ("why", "Hết hạn góp ý")]).await;
    assert!(!open().await);
    minh.does("open", &[("article", "banh-da-cua"), ("open", "yes")]).await;
    assert!(open().await);
    let section = service.api("articles/banh-da-cua").await["headline"]["section"]["id"].clone();
    let section = section.as_str().unwrap().to_owned();
    minh.does("open", &[("section", &section)]).await;
    assert!(!open().await);
    minh.does("open", &[("section", &section), ("open", "yes"), ("close_after", "1")]).await;
    assert!(!open().await, "the article is older than a day");
    minh.does("open", &[("article", "banh-da-cua"), ("open", "yes"), ("close_after", "0")]).await;
    assert!(open().await, "the article's own rule goes before that of its section");
    assert_eq!(minh.does("open", &[("section", "nope")]).await, "/moderate/threads?said=gone");
    assert!(minh.page("threads").await.text().contains("value=\"banh-da-cua\""));
    let found = minh.page("threads?article=banh-da-cua.en").await.text();
    assert!(found.contains("value=\"banh-da-cua\"") && !found.contains("value=\"bao-so-9\""));
}

#[tokio::test]
async fn every_decision_stands_in_a_log_that_cannot_be_changed() {
    let service = staffed(&[]).await;
    let comment = say(&service, "Tệ.").await;
    let minh = Person::signed_in(&service, "Minh").await;
    minh.judges(&comment, "reject", "Bịa đặt").await;
    let line = &service.app.store.log(None, 1).await.unwrap()[0];
    assert_eq!((line.who.as_str(), line.what.as_str()), ("Minh", "reject"));
    assert_eq!(
        (line.comment.as_deref(), line.why.as_deref()),
        (Some(comment.as_str()), Some("Bịa đặt"))
    );
    assert_eq!(line.thread.as_deref(), Some("banh-da-cua"));
    assert!(minh.page("log").await.text().contains("Bịa đặt"));
    let older = minh.page(&format!("log?before={}", line.seq)).await.text();
    assert!(older.contains("Minh") && !older.contains("Bịa đặt"));
    for sql in ["UPDATE audit SET who = 'x'", "DELETE FROM audit"] {
        assert!(sqlx::query(sql).execute(service.app.store.pool()).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn only_who_has_signed_in_sees_anything_and_only_their_own_forms_count() {
    let service = staffed(&[]).await;
    let comment = say(&service, "Bí mật của hàng đợi.").await;
    for part in ["held", "reported", "recent", "threads", "log"] {
        let page = service.get(&format!("/moderate/{part}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{part}");
        assert!(page.text().contains("name=\"password\"") && !page.text().contains("Bí mật"));
    }
    let nobody = Person { service: &service, cookie: String::new(), csrf: "x".into() };
    assert_eq!(nobody.judges(&comment, "delete", "").await, "/moderate/held?said=stale");
    let mut lan = Person::signed_in(&service, "Lan").await;
    let csrf = std::mem::replace(&mut lan.csrf, "somebody's".to_owned());
    assert_eq!(lan.judges(&comment, "delete", "").await, "/moderate/held?said=stale");
    assert_eq!(seen(&service, &comment).await.unwrap()["state"], "published");
    lan.csrf = csrf;
    assert_eq!(lan.does("sign-out", &[]).await, "/moderate");
    assert_eq!(lan.page("held").await.status, StatusCode::FORBIDDEN);
    let minh = Person::signed_in(&service, "Minh").await;
    service.app.store.retire_moderator("Minh", service.app.now()).await.unwrap();
    assert_eq!(minh.page("held").await.status, StatusCode::FORBIDDEN);
    assert_eq!(service.get("/moderate/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn passwords_cannot_be_tried_without_end() {
    let service = staffed(&[]).await;
    let nobody = Person { service: &service, cookie: String::new(), csrf: String::new() };
    for name in ["Lan", "nobody"] {
        let wrong = nobody.send("sign-in", &[("name", name), ("password", "sai")]).await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN);
        assert!(wrong.text().contains("role=\"alert\"") && wrong.header("set-cookie").is_empty());
    }
    for _ in 0..8 {
        nobody.send("sign-in", &[("name", "Lan"), ("password", "sai")]).await;
    }
    let right = nobody.send("sign-in", &[("name", "Lan"), ("password", PASSWORD)]).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_pages_speak_the_language_of_who_reads_them_and_run_nothing() {
    let service = staffed(&[]).await;
    for (lang, word) in [
        ("vi", "Mật khẩu"),
        ("en", "Password"),
        ("zh", "密码"),
        ("ja", "パスワード"),
        ("ko", "비밀번호"),
    ] {
        let asked =
            request("/moderate").header("accept-language", lang).body(Body::empty()).unwrap();
        let page = service.send(asked).await;
        assert!(
            page.text().contains(word) && page.text().contains(&format!("<html lang=\"{lang}\"")),
            "{lang}"
        );
        let linked = service.get(&format!("/moderate?lang={lang}")).await;
        assert!(
            linked.text().contains(word) && linked.header("set-cookie").contains(lang),
            "{lang}"
        );
        for forbidden in ["<script", "style=", " on"] {
            let tags = page.text();
            let mut tags = tags.split('<').map(|tag| tag.split('>').next().unwrap());
            assert!(!tags.any(|tag| format!("<{tag}").contains(forbidden)), "{forbidden}");
        }
    }
    let page = service.get("/moderate").await;
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'self'; ")
    );
    assert_eq!(page.header("cache-control"), "no-store");
    let style = service.get("/moderate/moderate.css").await;
    assert!(style.header("content-type").starts_with("text/css"));
}

#[tokio::test]
async fn reported_comments_come_first_by_number_and_approving_settles_them() {
    let service = staffed(&[]).await;
    let comment = say(&service, "Bị báo cáo.").await;
    let report = json!({"reason": "abuse", "detail": "Xúc phạm <tôi>"});
    let path = format!("articles/banh-da-cua/comments/{comment}/report");
    assert_eq!(service.ask("POST", &path, &[], &report).await.status, 204);
    let lan = Person::signed_in(&service, "Lan").await;
    let page = lan.page("reported").await.text();
    assert!(page.contains("Xúc phạm &lt;tôi&gt;"), "{page}");
    lan.judges(&comment, "approve", "").await;
    assert_eq!(service.app.store.waiting().await.unwrap(), (0, 0));
}

#[tokio::test]
async fn pages_are_printed_anew_once_a_moderator_has_decided_and_not_because_somebody_tried() {
    let (cms, site) = Cms::start(vec![article("1", "one", "<p>before</p>")]).await;
    let folder = site.path().to_str().unwrap();
    let service = staffed(&["--moderation", "held", "--site", folder]).await;
    let comment = say(&service, "Hay.").await;
    let lan = Person::signed_in(&service, "Lan").await;
    let page = async || {
        let asked = request("/en/article/1/one").header("host", "portal.example");
        service.send(asked.body(Body::empty()).unwrap()).await.text()
    };
    assert!(page().await.contains("<p>before</p>"));
    *cms.articles.lock().unwrap() = vec![article("1", "one", "<p>after</p>")];
    let nobody = Person { service: &service, cookie: String::new(), csrf: "x".into() };
    assert_eq!(nobody.judges(&comment, "approve", "").await, "/moderate/held?said=stale");
    assert_eq!(nobody.does("sign-out", &[]).await, "/moderate/held?said=stale");
    assert_eq!(nobody.does("open", &[]).await, "/moderate/threads?said=stale");
    assert_eq!(lan.judges(&comment, "reject", "").await, "/moderate/held?said=why-needed");
    Person::signed_in(&service, "Minh").await.does("sign-out", &[]).await;
    assert!(page().await.contains("<p>before</p>"));
    lan.judges(&comment, "approve", "").await;
    assert!(page().await.contains("<p>after</p>"));
}
