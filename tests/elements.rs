//! In the browser: the views of the portal in shadow roots of a page that is somebody else's.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{cell::RefCell, rc::Rc};

use haidang::elements::{self, Asked, Kind};
use js_sys::{Function, Object, Reflect};
use serde_json::{Value, json};
use support::{
    PORTAL,
    backend::Backend,
    followed, lang,
    samples::{article, comment, headline, with},
    until,
};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, Response, ShadowRootInit, ShadowRootMode};

wasm_bindgen_test_configure!(run_in_browser);

fn document() -> Document {
    web_sys::window().and_then(|window| window.document()).expect("a document")
}

/// A place in a shadow root; it goes with this.
struct Place {
    host: Element,
    place: Element,
    told: Rc<RefCell<Vec<String>>>,
    tell: Closure<dyn Fn(String, String)>,
}

impl Place {
    fn new() -> Self {
        let _ = any_spawner::Executor::init_wasm_bindgen();
        let make = || document().create_element("div").expect("an element");
        let (host, place) = (make(), make());
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).expect("a root");
        root.append_child(&place).expect("a place");
        document().body().expect("a body").append_child(&host).expect("a host");
        let told: Rc<RefCell<Vec<String>>> = Rc::default();
        let telling = told.clone();
        let tell = Closure::new(move |what: String, _| telling.borrow_mut().push(what));
        Self { host, place, told, tell }
    }

    fn mount(&self, asked: Value) -> u32 {
        let tell: &Function = self.tell.as_ref().unchecked_ref();
        elements::mount(self.place.clone(), read(asked), tell.clone())
    }

    fn all(&self, css: &str) -> Vec<Element> {
        let found = self.place.query_selector_all(css).expect("a selector");
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
    }

    async fn until_told(&self, what: &str) {
        until(what, || self.told.borrow().iter().any(|told| told == what)).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.host.remove();
    }
}

/// As the script hands it over: texts in an object.
fn read(asked: Value) -> Asked {
    let object = Object::new();
    for (name, value) in asked.as_object().expect("an object") {
        let value = JsValue::from(value.as_str().expect("a text"));
        Reflect::set(&object, &name.as_str().into(), &value).expect("a property");
    }
    Asked::read(&object)
}

/// A portal at an address of its own.
fn portal(address: &'static str) -> Backend {
    Backend::answering(move |asked| {
        let url = asked.url.strip_prefix(address).unwrap_or(&asked.url);
        match url.split(['/', '?']).collect::<Vec<_>>().as_slice() {
            [.., "portal.json"] => (200, serde_json::from_str(PORTAL).expect("a portal")),
            [.., "locales", file] => {
                let words = if *file == "ja.json" {
                    include_str!("../locales/ja.json")
                } else {
                    include_str!("../locales/vi.json")
                };
                (200, serde_json::from_str(words).expect("words"))
            }
            ["api", "v1", "articles", "7", "comments", ..] => {
                (200, json!({ "items": [comment("1", None, "An"), comment("2", None, "Bình")] }))
            }
            ["api", "v1", "articles", "7", ..] => (200, article("7", json!({}))),
            ["api", "v1", "articles", ..] => {
                (200, json!({ "items": [headline("1"), headline("2"), headline("3")] }))
            }
            _ => (404, json!({})),
        }
    })
}

/// A response whose text comes when the function is called.
fn held(value: &Value) -> (Response, Function) {
    let make = Function::new_with_args(
        "text",
        "let go;
         const start = (to) => {
             go = () => { to.enqueue(new TextEncoder().encode(text)); to.close(); };
         };
         return [new Response(new ReadableStream({ start })), go];",
    );
    let made = make.call1(&JsValue::NULL, &value.to_string().into()).expect("a response");
    let made: js_sys::Array = made.unchecked_into();
    (made.get(0).unchecked_into(), made.get(1).unchecked_into())
}

/// A portal that says where a thread is with the article. The first answer to a request whose address has one of
/// the `held` in it comes when the function is called that is put there.
fn portal_of_threads(held_back: &'static [&str], go: Rc<RefCell<Vec<Function>>>) -> Backend {
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    Backend::responding(move |asked| {
        let url = asked.url.split('?').next().unwrap_or_default();
        let answer = match url.rsplit('/').take(2).collect::<Vec<_>>().as_slice() {
            ["portal.json", ..] => {
                with(json(PORTAL), json!({ "comments": { "source": "city", "scope": "version" } }))
            }
            ["ja.json", ..] => json(include_str!("../locales/ja.json")),
            ["vi.json", ..] => json(include_str!("../locales/vi.json")),
            ["comments", id] => json!({ "items": [comment(id, None, "An")] }),
            [id, ..] => article(id, json!({})),
            [] => json!({}),
        };
        let at = go.borrow().len();
        if held_back.get(at).is_some_and(|held| url.ends_with(held)) {
            let (response, release) = held(&answer);
            go.borrow_mut().push(release);
            return Some(response);
        }
        Response::new_with_opt_str(Some(&answer.to_string())).ok()
    })
}

#[wasm_bindgen_test]
async fn headlines_lead_to_the_portal_and_leave_nothing_behind() {
    let address = "https://one.example/sub/";
    let _backend = portal(address);
    let place = Place::new();
    let id = place.mount(json!({ "kind": "headlines", "portal": address, "limit": "2" }));
    place.until_told("ready").await;
    let hrefs: Vec<_> =
        place.all("h2 a").iter().filter_map(|link| link.get_attribute("href")).collect();
    assert_eq!(hrefs.len(), 2);
    assert!(hrefs.iter().all(|href| href.starts_with(address)), "{hrefs:?}");
    elements::unmount(id);
    assert_eq!(place.place.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn an_article_comes_whole_since_what_is_below_it_is_somebody_elses() {
    let _backend = portal("https://whole.example/");
    let place = Place::new();
    let asked = json!({ "kind": "article", "portal": "https://whole.example/", "article": "7", "lang": "vi" });
    let id = place.mount(asked);
    place.until_told("ready").await;
    assert_eq!(place.all("article").len(), 1);
    assert_eq!(place.all(".later").len(), 0);
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn headings_are_as_deep_as_the_page_wants() {
    let address = "https://two.example/";
    let _backend = portal(address);
    let place = Place::new();
    let asked = json!({ "kind": "article", "portal": address, "article": "7", "level": "3" });
    let id = place.mount(asked);
    place.until_told("ready").await;
    assert_eq!(place.all("h1")[0].get_attribute("aria-level").as_deref(), Some("3"));
    assert_eq!(place.all(".share").len(), 0);
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn a_thread_knows_its_focus_and_its_places_in_a_shadow_root() {
    let address = "https://three.example/";
    let _backend = portal(address);
    let place = Place::new();
    let id = place.mount(json!({ "kind": "comments", "portal": address, "article": "7" }));
    elements::show_comment(id, "2".to_owned());
    let focused = || {
        let root = place.host.shadow_root().expect("a root");
        root.active_element().map(|element| element.id())
    };
    until("the comment has the focus", || focused().as_deref() == Some("comment-2")).await;
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn the_same_thread_twice_on_a_page_shows_twice() {
    let address = "https://twice.example/";
    let _backend = portal(address);
    let (one, two) = (Place::new(), Place::new());
    let asked = || json!({ "kind": "comments", "portal": address, "article": "7" });
    let ids = [one.mount(asked()), two.mount(asked())];
    until("both have comments", || {
        [&one, &two].iter().all(|place| place.all("article.comment").len() == 2)
    })
    .await;
    // One goes, the other stays what it is.
    elements::unmount(ids[0]);
    assert_eq!(two.all("article.comment").len(), 2);
    let late = Place::new();
    let id = late.mount(asked());
    until("there are comments", || late.all("article.comment").len() == 2).await;
    elements::unmount(ids[1]);
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn another_language_keeps_what_is_typed_in_a_thread() {
    let address = "https://four.example/";
    let _backend = portal(address);
    let place = Place::new();
    let asked =
        |lang: &str| json!({ "kind": "comments", "portal": address, "article": "7", "lang": lang });
    let id = place.mount(asked("vi"));
    until("there are comments", || place.all("article.comment").len() == 2).await;
    let field = place.all("textarea")[0].clone();
    elements::update(id, read(asked("ja")));
    until("it is Japanese", || place.place.get_attribute("lang").as_deref() == Some("ja")).await;
    assert!(place.all("textarea")[0].is_same_node(Some(&field)));
    elements::unmount(id);
}

/// Another thread is asked for and has not come; then another language is wanted.
async fn between_threads(
    address: &'static str,
    held_back: &'static [&str],
) -> (Place, u32, Backend, Vec<Function>) {
    let go: Rc<RefCell<Vec<Function>>> = Rc::default();
    let backend = portal_of_threads(held_back, go.clone());
    let place = Place::new();
    let asked = |id: &str, lang: &str| {
        read(json!({ "kind": "comments", "portal": address, "article": id, "lang": lang }))
    };
    let tell: &Function = place.tell.as_ref().unchecked_ref();
    let id = elements::mount(place.place.clone(), asked("7", "vi"), tell.clone());
    until("thread 7 is there", || place.all("#comment-7").len() == 1).await;
    elements::update(id, asked("8", "vi"));
    until("thread 8 is asked for", || go.borrow().len() == 1).await;
    elements::update(id, asked("8", "ja"));
    until("Japanese is asked for", || {
        backend.addresses().iter().any(|url| url.ends_with("ja.json"))
    })
    .await;
    followed().await;
    let go = go.borrow().clone();
    (place, id, backend, go)
}

#[wasm_bindgen_test]
async fn a_language_that_is_wanted_while_a_thread_comes_is_that_of_the_thread() {
    let address = "https://ten.example/";
    let (place, id, _backend, go) = between_threads(address, &["articles/8"]).await;
    until("Japanese is there", || place.place.get_attribute("lang").as_deref() == Some("ja")).await;
    go[0].call0(&JsValue::NULL).expect("an answer");
    until("thread 8 is there", || place.all("#comment-8").len() == 1).await;
    assert_eq!(place.place.get_attribute("lang").as_deref(), Some("ja"));
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn a_thread_that_comes_before_the_words_of_another_language_is_shown_with_them() {
    let address = "https://eleven.example/";
    let (place, id, backend, go) = between_threads(address, &["articles/8", "ja.json"]).await;
    go[0].call0(&JsValue::NULL).expect("an answer");
    until("it has come, unless nobody waits for it any more", || {
        place.all("#comment-8").len() == 1 || backend.given_up().contains(&true)
    })
    .await;
    go[1].call0(&JsValue::NULL).expect("an answer");
    until("thread 8 is there", || place.all("#comment-8").len() == 1).await;
    until("it is Japanese", || place.place.get_attribute("lang").as_deref() == Some("ja")).await;
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn who_the_reader_is_is_told_by_threads_to_their_portal_alone() {
    let address = "https://six.example/";
    let backend = portal(address);
    let of = |address: &str| json!({ "kind": "comments", "portal": address, "article": "7" });
    let told = with(of(address), json!({ "assertion": "jwt" }));
    let words = || {
        let asked = backend.asked().into_iter().filter(|asked| asked.url.contains("/comments"));
        asked.map(|asked| asked.authorization).collect::<Vec<_>>()
    };
    let thread = async |asked: Value| {
        let place = Place::new();
        let before = words().len();
        let id = place.mount(asked);
        until("there are comments", || place.all("article.comment").len() == 2).await;
        elements::unmount(id);
        words()[before..].to_vec()
    };
    assert_eq!(thread(told.clone()).await, ["Bearer jwt"]);
    // An element that is told nothing says nothing of the reader.
    let headlines = Place::new();
    let id = headlines.mount(json!({ "kind": "headlines", "portal": address }));
    headlines.until_told("ready").await;
    elements::unmount(id);
    assert_eq!(thread(of(address)).await, ["Bearer jwt"]);
    // Another portal that says it was this one.
    assert_eq!(thread(of("https://thief.example/")).await, [""]);
    // Nobody any more.
    assert_eq!(thread(with(told, json!({ "assertion": "" }))).await, [""]);
}

#[wasm_bindgen_test]
async fn a_renewed_token_keeps_the_thread() {
    let address = "https://seven.example/";
    let backend = portal(address);
    let place = Place::new();
    let asked = |assertion: &str| json!({ "kind": "comments", "portal": address, "article": "7", "assertion": assertion });
    let id = place.mount(asked("old"));
    until("there are comments", || place.all("article.comment").len() == 2).await;
    let field = place.all("textarea")[0].clone();
    elements::update(id, read(asked("new")));
    followed().await;
    elements::refresh(id);
    until("it is asked with the new one", || {
        backend.asked().iter().any(|asked| asked.authorization == "Bearer new")
    })
    .await;
    assert!(place.all("textarea")[0].is_same_node(Some(&field)));
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn what_was_shown_goes_when_something_else_is_wanted_and_does_not_come() {
    let address = "https://eight.example/";
    let _backend = portal(address);
    let place = Place::new();
    let asked = |id: &str| json!({ "kind": "article", "portal": address, "article": id });
    let id = place.mount(asked("7"));
    until("there is an article", || !place.all("h1").is_empty()).await;
    elements::update(id, read(asked("nope")));
    place.until_told("failed").await;
    assert_eq!(place.place.child_element_count(), 0);
    elements::update(id, read(asked("7")));
    until("there is an article", || !place.all("h1").is_empty()).await;
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn a_thread_that_did_not_come_is_asked_for_again_when_the_page_wants_what_is_new() {
    let address = "https://nine.example/";
    let is_away = Rc::new(std::cell::Cell::new(true));
    let _backend = Backend::answering({
        let is_away = is_away.clone();
        move |asked| match asked.url.rsplit('/').next() {
            Some("portal.json") => (200, serde_json::from_str(PORTAL).expect("a portal")),
            Some("vi.json") => {
                let words = include_str!("../locales/vi.json");
                (200, serde_json::from_str(words).expect("words"))
            }
            _ if is_away.get() => (404, json!({})),
            _ => (200, json!({ "items": [comment("1", None, "An")] })),
        }
    });
    let place = Place::new();
    let id = place.mount(json!({ "kind": "comments", "portal": address, "article": "7" }));
    until("it says that it failed", || !place.all(".alert button").is_empty()).await;
    is_away.set(false);
    elements::refresh(id);
    until("there is a comment", || place.all("article.comment").len() == 1).await;
    elements::unmount(id);
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_told_and_what_is_gone_is_not_shown() {
    let address = "https://five.example/";
    let backend = portal(address);
    let place = Place::new();
    let id = place.mount(json!({ "kind": "article", "portal": address, "article": "nope" }));
    place.until_told("failed").await;
    elements::unmount(id);
    // Taken away while it is on its way.
    let gone = place.mount(json!({ "kind": "article", "portal": address, "article": "7" }));
    elements::unmount(gone);
    let after = place.mount(json!({ "kind": "headlines", "portal": address }));
    until("the headlines are there", || !place.all("h2").is_empty()).await;
    assert_eq!(place.all("h1").len(), 0);
    let portals = backend.addresses().iter().filter(|url| url.ends_with("portal.json")).count();
    assert_eq!(portals, 1);
    elements::unmount(after);
}

#[wasm_bindgen_test]
fn junk_is_as_if_it_was_not_there() {
    let junk = json!({ "kind": "comments", "level": "9", "limit": "-1", "lang": "!", "article": "  ", "reads": "ja xx-!! ko" });
    let asked = read(junk);
    assert_eq!((asked.kind, asked.level, asked.limit), (Kind::Comments, 2, 10));
    assert_eq!((asked.lang, asked.article), (None, None));
    assert_eq!(asked.reads.first(), Some(&lang("ja")));
}
