//! In the browser: what is kept of what was read, what is saved, and what of it stays.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use haidang::{
    backend::{Loader, Mode, News, disk::Shelf, now, prime},
    database::{Database, Store},
    i18n::msg,
    offline::{
        Trouble, packs,
        pictures::{Pictures, absolute},
        saved,
    },
    pages::{Row, SavedData},
};
use haidang_engine::{
    kept::{Holding, Pack, Progress, Saved, State},
    model::{Article, Headline, Key, ThreadPage},
    profile::{Failure, Operation, Portal, Reader},
    route::{List, ListKind, Page, Route},
    thread::Order,
};
use js_sys::{Function, Object, Promise, Reflect, eval};
use leptos::prelude::{GetUntracked, Set, untrack};
use serde_json::{Value, json};
use support::{
    PORTAL, Stage,
    backend::Backend,
    followed, lang,
    samples::{article, comment, headline, of, version, with},
    until,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{AbortController, HtmlElement, Response, ResponseInit};

wasm_bindgen_test_configure!(run_in_browser);

/// A portal of its own: what it keeps in the browser is nobody else's.
fn portal(id: &str) -> Arc<Portal> {
    let json = PORTAL.replace(r#""id": "test""#, &format!(r#""id": "{id}""#));
    Arc::new(Portal::parse(&json).0.expect("a portal"))
}

fn loader(portal: &Arc<Portal>, mode: Mode) -> Loader {
    let abort = AbortController::new().expect("a controller").signal();
    Loader::new(portal.clone(), lang("vi"), Vec::new(), mode, abort)
}

async fn ask(portal: &Arc<Portal>, id: &str, mode: Mode) -> Result<Article, Failure> {
    loader(portal, mode).ask("", &Operation::Article(id.to_owned())).await
}

/// The key of an article's answer.
fn key(id: &str) -> String {
    format!("api/v1/articles/{id}?lang=vi")
}

/// Waits until the disk has something under the key, or nothing.
async fn until_on_disk(portal: &Arc<Portal>, key: &str, is_there: bool) {
    let shelf = Shelf::of(&portal.id).await;
    let begun = js_sys::Date::now();
    while shelf.find(key).await.is_some() != is_there {
        assert!(js_sys::Date::now() - begun < 20_000.0, "in vain for {key}: {is_there}");
    }
}

/// Asks for so much else that memory has let go of everything before it.
async fn crowd_out(portal: &Arc<Portal>) {
    let _backend = Backend::answering(|_| (200, json!({ "items": [] })));
    for number in 0..200 {
        let section = Some(format!("s{number}"));
        let list = haidang_engine::profile::Headlines { section, ..Default::default() };
        let asked = loader(portal, Mode::Network);
        asked.headlines("", &list, &lang("vi")).await.expect("a list");
    }
}

/// Milliseconds.
const DAY: i32 = 86_400_000;

/// The browser's clock, set on or back by so many milliseconds until it is dropped.
struct Clock;

impl Clock {
    fn moved(by: i32) -> Self {
        let moved =
            format!("globalThis.haidangNow = Date.now; Date.now = () => haidangNow() + {by}");
        eval(&moved).expect("a clock");
        Self
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        eval("Date.now = globalThis.haidangNow").expect("the clock");
    }
}

fn with_body(id: &str, text: &str) -> Value {
    let body = json!({"format": "html", "value": format!("<p>{text}</p>")});
    with(article(id, json!({})), json!({ "body": body }))
}

#[wasm_bindgen_test]
async fn what_was_read_is_there_when_memory_and_network_have_gone() {
    let portal = portal("kept-read");
    let backend = Backend::answering(|_| (200, with_body("9", "Bão")));
    ask(&portal, "9", Mode::Cached).await.expect("an article");
    until_on_disk(&portal, &key("9"), true).await;
    drop(backend);
    crowd_out(&portal).await;
    let _away = Backend::answering(|_| (503, json!({})));
    // At once, without the network; and from the network in vain, saying since when.
    let cached = loader(&portal, Mode::Cached);
    let article: Article = cached.ask("", &Operation::Article("9".into())).await.expect("kept");
    assert_eq!(article.body.expect("a body").value, "<p>Bão</p>");
    assert_eq!(cached.memory().since, None);
    crowd_out(&portal).await;
    let asked = loader(&portal, Mode::Network);
    asked.ask::<Article>("", &Operation::Article("9".into())).await.expect("kept");
    assert!(asked.memory().since.is_some());
}

#[wasm_bindgen_test]
async fn what_came_with_an_old_page_takes_the_place_of_nothing_later() {
    let portal = portal("kept-brought");
    let backend = Backend::answering(|_| (200, with_body("9", "Mới")));
    ask(&portal, "9", Mode::Network).await.expect("an article");
    until_on_disk(&portal, &key("9"), true).await;
    drop(backend);
    crowd_out(&portal).await;
    let yesterday = now().0 - i64::from(DAY);
    for (id, text) in [("9", "Cũ"), ("8", "Xưa")] {
        prime(vec![json!({ "key": key(id), "fetched": yesterday, "value": with_body(id, text) })]);
    }
    let _away = Backend::answering(|_| (503, json!({})));
    for (id, text) in [("9", "<p>Cũ</p>"), ("8", "<p>Xưa</p>")] {
        let article = ask(&portal, id, Mode::Cached).await.expect("what came with the page");
        assert_eq!(article.body.expect("a body").value, text);
    }
    until_on_disk(&portal, &key("8"), true).await;
    let kept = Shelf::of(&portal.id).await.find(&key("9")).await.expect("an article");
    assert_eq!(kept.value["body"]["value"], "<p>Mới</p>");
}

#[wasm_bindgen_test]
async fn what_one_reader_is_told_is_not_kept() {
    let portal = portal("kept-personal");
    let thread = |token: Option<&str>, id: &str| Operation::Comments {
        thread: id.to_owned(),
        order: Order::Oldest,
        cursor: None,
        reader: Reader { token: token.map(str::to_owned), assertion: None },
    };
    let _backend = Backend::answering(|_| (200, json!({"items": [comment("1", None, "An")]})));
    let asked = loader(&portal, Mode::Network);
    asked.ask::<ThreadPage>("", &thread(Some("secret"), "a")).await.expect("a thread");
    asked.ask::<ThreadPage>("", &thread(None, "b")).await.expect("a thread");
    until_on_disk(&portal, "api/v1/articles/b/comments", true).await;
    let shelf = Shelf::of(&portal.id).await;
    assert!(shelf.find("api/v1/articles/a/comments").await.is_none());
}

#[wasm_bindgen_test]
async fn an_error_page_and_what_makes_no_sense_are_not_kept() {
    let portal = portal("kept-nonsense");
    let _backend = Backend::responding(|asked| {
        let html = "<!doctype html><title>Log in</title>";
        let text = match &*asked.url {
            url if url.contains("/html") => html.to_owned(),
            url if url.contains("/odd") => json!({"headline": 3}).to_string(),
            _ => with_body("9", "Bão").to_string(),
        };
        Some(Response::new_with_opt_str(Some(&text)).expect("a response"))
    });
    for id in ["html", "odd"] {
        let asked = ask(&portal, id, Mode::Network).await;
        assert!(matches!(asked, Err(Failure::Unreadable { .. })), "{id}");
    }
    ask(&portal, "9", Mode::Network).await.expect("an article");
    until_on_disk(&portal, &key("9"), true).await;
    let shelf = Shelf::of(&portal.id).await;
    for id in ["html", "odd"] {
        assert!(shelf.find(&key(id)).await.is_none(), "{id}");
    }
}

#[wasm_bindgen_test]
async fn a_login_page_in_the_place_of_an_article_shows_what_is_kept() {
    let portal = portal("kept-login");
    let backend = Backend::answering(|_| (200, with_body("9", "Bão")));
    ask(&portal, "9", Mode::Network).await.expect("an article");
    drop(backend);
    let _login = Backend::responding(|_| {
        Some(Response::new_with_opt_str(Some("<title>Wi-Fi</title>")).expect("a response"))
    });
    let asked = loader(&portal, Mode::Network);
    asked.ask::<Article>("", &Operation::Article("9".into())).await.expect("kept");
    assert!(asked.memory().since.is_some());
}

#[wasm_bindgen_test]
async fn what_has_been_withdrawn_leaves_the_disk() {
    let portal = portal("kept-withdrawn");
    let backend = Backend::answering(|_| (200, with_body("9", "Bão")));
    ask(&portal, "9", Mode::Network).await.expect("an article");
    until_on_disk(&portal, &key("9"), true).await;
    drop(backend);
    let _gone = Backend::answering(|_| (410, json!({})));
    assert!(matches!(ask(&portal, "9", Mode::Network).await, Err(Failure::NotFound)));
    until_on_disk(&portal, &key("9"), false).await;
    assert!(!Shelf::of(&portal.id).await.abouts().await.contains_key(&key("9")));
}

#[wasm_bindgen_test]
async fn a_clock_that_was_set_back_asks_the_network_again() {
    let portal = portal("kept-clock");
    let _backend = Backend::answering(|_| (200, with_body("9", "Bão")));
    let moved = Clock::moved(DAY);
    ask(&portal, "9", Mode::Network).await.expect("an article");
    drop(moved);
    let asked = loader(&portal, Mode::Cached);
    asked.ask::<Article>("", &Operation::Article("9".into())).await.expect("kept");
    assert!(asked.memory().is_stale);
}

#[wasm_bindgen_test]
async fn a_record_of_a_newer_app_is_left_alone() {
    let portal = portal("kept-newer");
    let _backend = Backend::answering(|_| (200, with_body("9", "Bão")));
    let database = Database::open(&portal.id).await.expect("a database");
    let place = Saved::place("", "work-1");
    let newer = json!({"version": 99, "place": place, "answers": [key("1")], "pictures": []});
    database.put(Store::Holdings, &place, &newer.to_string()).await.expect("kept");
    let answer = json!({"version": 99, "fetched": 0, "value": {}});
    database.put(Store::Answers, &key("1"), &answer.to_string()).await.expect("kept");
    assert!(Shelf::of(&portal.id).await.find(&key("1")).await.is_none());
    assert!(states(&portal).await.is_empty());
    saved::tidy(portal.id.clone()).await;
    let records = database.all(Store::Holdings).await.expect("records");
    assert_eq!(records, [newer.to_string()]);
}

/// What the reader saved and took along, as it is written down.
async fn records(portal: &Arc<Portal>) -> Vec<String> {
    let database = Database::open(&portal.id).await.expect("a database");
    database.all(Store::Holdings).await.expect("records")
}

/// Lets go of what a page that has been closed since let go of.
async fn let_go_for_good(portal: &Arc<Portal>, place: &str) {
    let database = Database::open(&portal.id).await.expect("a database");
    database.delete(Store::Holdings, place).await.expect("let go");
}

/// A backend with one article in two languages, with a thread and pictures; its text can be changed.
struct City {
    _backend: Backend,
    text: Rc<RefCell<String>>,
    status: Rc<Cell<u16>>,
}

impl City {
    fn new() -> Self {
        let text = Rc::new(RefCell::new("Một".to_owned()));
        let status = Rc::new(Cell::new(200));
        let backend = Backend::responding({
            let (text, status) = (text.clone(), status.clone());
            move |asked| Some(answer(&asked.url, &text.borrow(), status.get()))
        });
        Self { _backend: backend, text, status }
    }
}

fn answer(url: &str, text: &str, status: u16) -> Response {
    let options = ResponseInit::new();
    options.set_status(status);
    if url.contains("/pictures/") {
        let headers = Object::new();
        Reflect::set(&headers, &"content-type".into(), &"image/svg+xml".into()).expect("set");
        options.set_headers(&headers);
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
        return Response::new_with_opt_str_and_init(Some(svg), &options).expect("a response");
    }
    let value = if url.contains("/comments") {
        json!({"items": [comment("1", None, "An")], "next": null})
    } else {
        let (id, code) = if url.contains("/e9") { ("e9", "en") } else { ("9", "vi") };
        let image = json!({"url": "/pictures/lead.svg", "alt": ""});
        let body = format!("<p>{text}</p><figure><img src=\"/pictures/text.svg\"></figure>");
        let changes = json!({"key": {"id": id}, "work": "w9", "lang": code, "image": image});
        let versions = json!([version("9", "vi", "original"), version("e9", "en", "translation")]);
        with(
            article("9", changes),
            json!({
                "versions": versions, "body": {"format": "html", "value": body},
            }),
        )
    };
    Response::new_with_opt_str_and_init(Some(&value.to_string()), &options).expect("a response")
}

fn shown() -> Headline {
    of(with(headline("9"), json!({"work": "w9"})))
}

async fn save(portal: &Arc<Portal>) -> Result<Saved, Trouble> {
    saved::save(portal.clone(), vec![lang("vi"), lang("en")], shown()).await
}

async fn states(portal: &Arc<Portal>) -> Vec<State> {
    let all = saved::all(&portal.id).await.expect("records");
    all.into_iter().map(|(_, state)| state).collect()
}

async fn pictures(portal: &Arc<Portal>) -> usize {
    Pictures::open(&portal.id).await.expect("a cache").all().await.len()
}

#[wasm_bindgen_test]
async fn an_article_is_saved_with_its_translations_its_thread_and_its_pictures() {
    let portal = portal("saved-whole");
    let _city = City::new();
    let saved = save(&portal).await.expect("saved");
    assert_eq!(saved.langs, [lang("vi"), lang("en")]);
    assert_eq!(saved.lacking, 0);
    assert!(saved.size > 0);
    let shelf = Shelf::of(&portal.id).await;
    for key in [&key("9"), "api/v1/articles/e9?lang=en", "api/v1/articles/w9/comments"] {
        assert!(saved.holding.answers.iter().any(|known| known == key), "{key}");
        assert!(shelf.find(key).await.is_some(), "{key}");
    }
    let cache = Pictures::open(&portal.id).await.expect("a cache");
    for name in ["lead", "text"] {
        assert!(cache.has(&absolute(&format!("/pictures/{name}.svg"))).await, "{name}");
    }
    assert_eq!(states(&portal).await, [State::Same]);
    let place = Saved::place("", "w9");
    assert!(haidang::backend::kept::is_held(&place));
    // Let go, brought back, let go for good.
    assert!(saved::remove(&portal.id, &place).await);
    assert!(states(&portal).await.is_empty());
    saved::tidy(portal.id.clone()).await;
    saved::restore(&portal.id, &saved).await.expect("brought back");
    assert_eq!(states(&portal).await, [State::Same]);
    let_go_for_good(&portal, &place).await;
    saved::tidy(portal.id.clone()).await;
    assert_eq!(pictures(&portal).await, 0);
}

#[wasm_bindgen_test]
async fn a_saved_article_says_that_it_has_changed_and_that_it_was_withdrawn() {
    let portal = portal("saved-states");
    let city = City::new();
    save(&portal).await.expect("saved");
    city.text.replace("Hai".to_owned());
    ask(&portal, "9", Mode::Network).await.expect("an article");
    let begun = js_sys::Date::now();
    while states(&portal).await != [State::Changed] {
        assert!(js_sys::Date::now() - begun < 20_000.0, "in vain until it has changed");
    }
    city.status.set(410);
    assert!(ask(&portal, "9", Mode::Network).await.is_err());
    until_on_disk(&portal, &key("9"), false).await;
    assert_eq!(states(&portal).await, [State::Withdrawn]);
}

#[wasm_bindgen_test]
async fn what_the_browser_has_thrown_away_is_not_called_saved() {
    let portal = portal("saved-lost");
    let _city = City::new();
    save(&portal).await.expect("saved");
    let cache = Pictures::open(&portal.id).await.expect("a cache");
    cache.forget(&cache.all().await).await;
    assert_eq!(states(&portal).await, [State::Lost]);
    save(&portal).await.expect("saved again");
    assert_eq!(states(&portal).await, [State::Same]);
    Shelf::of(&portal.id).await.drop_all(&[key("9")]).await;
    assert_eq!(states(&portal).await, [State::Lost]);
}

/// Puts a function in the place of a method until it is dropped.
struct Instead(&'static str, &'static str, Function);

impl Instead {
    fn of(prototype: &'static str, method: &'static str, function: &str) -> Self {
        let object = eval(prototype).expect("a prototype");
        let known = Reflect::get(&object, &method.into()).expect("a method");
        let function = eval(&format!("({function})")).expect("a function");
        Reflect::set(&object, &method.into(), &function).expect("set");
        Self(prototype, method, known.into())
    }
}

impl Drop for Instead {
    fn drop(&mut self) {
        let object = eval(self.0).expect("a prototype");
        Reflect::set(&object, &self.1.into(), &self.2).expect("set");
    }
}

#[wasm_bindgen_test]
async fn nothing_half_saved_is_called_saved_when_the_device_is_full() {
    let portal = portal("saved-full");
    let _city = City::new();
    let full = "() => Promise.reject(new DOMException('', 'QuotaExceededError'))";
    let second = format!(
        "((put, count) => function (...all) {{
        return ++count > 1 ? ({full})() : put.apply(this, all);
    }})(Cache.prototype.put, 0)"
    );
    let no_room = Instead::of("Cache.prototype", "put", &second);
    assert_eq!(save(&portal).await, Err(Trouble::Full));
    drop(no_room);
    assert!(states(&portal).await.is_empty());
    assert_eq!(pictures(&portal).await, 0, "what came before it was full has gone");
    let no_room = Instead::of(
        "IDBObjectStore.prototype",
        "put",
        "() => { throw new DOMException('', 'QuotaExceededError') }",
    );
    assert_eq!(save(&portal).await, Err(Trouble::Full));
    drop(no_room);
    assert!(states(&portal).await.is_empty());
    save(&portal).await.expect("there is room again");
    assert_eq!(states(&portal).await, [State::Same]);
}

#[wasm_bindgen_test]
async fn a_browser_that_keeps_nothing_says_so_and_shows_the_article() {
    let portal = portal("saved-denied");
    let _city = City::new();
    eval(
        "Object.defineProperty(window, 'indexedDB', { configurable: true,
            get() { throw new DOMException('', 'SecurityError'); } })",
    )
    .expect("denied");
    let outcome = save(&portal).await;
    let read = ask(&portal, "9", Mode::Cached).await;
    eval("delete window.indexedDB").expect("allowed");
    assert_eq!(outcome, Err(Trouble::Denied));
    read.expect("an article");
}

#[wasm_bindgen_test]
async fn an_article_is_saved_where_locks_are_denied_and_before_the_reader_has_answered() {
    let portal = portal("saved-lockless");
    let _city = City::new();
    let denied = "() => Promise.reject(new DOMException('', 'SecurityError'))";
    let _locks = Instead::of("LockManager.prototype", "request", denied);
    // As where the browser asks the reader whether it may keep things.
    let _asks = Instead::of("StorageManager.prototype", "persist", "() => new Promise(() => {})");
    save(&portal).await.expect("saved");
    assert_eq!(states(&portal).await, [State::Same]);
}

#[wasm_bindgen_test]
async fn a_save_that_was_interrupted_leaves_nothing_behind() {
    let portal = portal("saved-interrupted");
    let _city = City::new();
    // The tab dies after the pictures and before the record.
    let cache = Pictures::open(&portal.id).await.expect("a cache");
    let url = absolute("/pictures/lead.svg");
    assert!(cache.keep(&url).await.is_ok());
    assert_eq!(pictures(&portal).await, 1);
    assert!(states(&portal).await.is_empty());
    saved::tidy(portal.id.clone()).await;
    assert_eq!(pictures(&portal).await, 0);
}

#[wasm_bindgen_test]
async fn pictures_that_cannot_be_had_are_counted_and_the_article_is_saved() {
    let portal = portal("saved-lacking");
    let _backend = Backend::responding(|asked| {
        let status = if asked.url.contains("/pictures/text") { 404 } else { 200 };
        Some(answer(&asked.url, "Một", status))
    });
    let saved = save(&portal).await.expect("saved");
    assert_eq!((saved.lacking, saved.holding.pictures.len()), (1, 1));
}

#[wasm_bindgen_test]
async fn at_a_start_what_was_taken_back_leaves_saved_copies_with_their_pictures() {
    let portal = portal("saved-upkeep");
    let city = City::new();
    save(&portal).await.expect("saved");
    city.status.set(410);
    // Long after: what was saved is due.
    let moved = Clock::moved(DAY);
    let keeper = haidang::offline::keeper().await.expect("a part");
    (keeper.upkeep)(portal.clone()).await;
    drop(moved);
    assert_eq!(states(&portal).await, [State::Withdrawn]);
    let shelf = Shelf::of(&portal.id).await;
    for key in [&key("9"), "api/v1/articles/e9?lang=en"] {
        assert!(shelf.find(key).await.is_none(), "{key}");
    }
    assert_eq!(pictures(&portal).await, 0);
}

#[wasm_bindgen_test]
async fn what_is_let_go_while_it_is_asked_for_again_is_not_brought_back() {
    let portal = portal("saved-let-go");
    let is_gone = Rc::new(Cell::new(false));
    let _backend = Backend::responding({
        let (portal, is_gone) = (portal.clone(), is_gone.clone());
        move |asked| {
            // Its text has gone by the time its translation is asked for.
            if is_gone.get() && asked.url.contains("articles/e9") {
                let id = portal.id.clone();
                spawn_local(async move {
                    assert!(saved::remove(&id, &Saved::place("", "w9")).await);
                });
            }
            Some(answer(&asked.url, "Một", if is_gone.get() { 410 } else { 200 }))
        }
    });
    save(&portal).await.expect("saved");
    is_gone.set(true);
    let moved = Clock::moved(DAY);
    let keeper = haidang::offline::keeper().await.expect("a part");
    (keeper.upkeep)(portal.clone()).await;
    drop(moved);
    assert_eq!(records(&portal).await, [""; 0]);
}

#[wasm_bindgen_test]
async fn a_thread_that_has_grown_does_not_bring_back_what_is_let_go_meanwhile() {
    let portal = portal("saved-grown");
    let has_grown = Rc::new(Cell::new(false));
    let backend = Backend::responding({
        let has_grown = has_grown.clone();
        move |asked| {
            if !asked.url.contains("/comments") || !has_grown.get() {
                return Some(answer(&asked.url, "Một", 200));
            }
            let next = (!asked.url.contains("cursor=")).then_some("2");
            let page = json!({"items": [comment("1", None, "An")], "next": next}).to_string();
            Some(Response::new_with_opt_str(Some(&page)).expect("a response"))
        }
    });
    let saved = save(&portal).await.expect("saved");
    // What was told about it is on disk, and nothing else is on its way there.
    ask(&portal, "other", Mode::Network).await.expect("an article");
    until_on_disk(&portal, &key("other"), true).await;
    has_grown.set(true);
    // As another tab would: once the thread is kept, and while it is looked what else is.
    let put = "(put => function (...all) {
        globalThis.haidangIsKept ||= this.name === 'answers' && all[1].includes('cursor=');
        return put.apply(this, all);
    })(IDBObjectStore.prototype.put)";
    let get_all = format!(
        "(getAll => function (...all) {{
            if (this.name === 'abouts' && globalThis.haidangIsKept) {{
                globalThis.haidangIsKept = false;
                const change = this.transaction.db.transaction('holdings', 'readwrite');
                change.objectStore('holdings').delete('{}');
            }}
            return getAll.apply(this, all);
        }})(IDBObjectStore.prototype.getAll)",
        saved.holding.place
    );
    let put = Instead::of("IDBObjectStore.prototype", "put", put);
    let get_all = Instead::of("IDBObjectStore.prototype", "getAll", &get_all);
    let moved = Clock::moved(DAY);
    let keeper = haidang::offline::keeper().await.expect("a part");
    (keeper.upkeep)(portal.clone()).await;
    drop((moved, put, get_all));
    assert!(backend.addresses().iter().any(|url| url.contains("cursor=")));
    assert_eq!(records(&portal).await, [""; 0]);
}

#[wasm_bindgen_test]
async fn what_its_backend_wants_kept_nowhere_is_kept_by_what_the_reader_saves_alone() {
    for (name, said) in [("no-store", "max-age=0, no-store"), ("private", "private, max-age=60")] {
        let portal = portal(&format!("kept-{name}"));
        let (text, is_said) = (Rc::new(RefCell::new("Một")), Rc::new(Cell::new(false)));
        let _backend = Backend::responding({
            let (text, is_said) = (text.clone(), is_said.clone());
            move |asked| {
                let response = answer(&asked.url, &text.borrow(), 200);
                let is_meant = is_said.get() && !asked.url.contains("articles/other");
                let said = if is_meant { said } else { "no-cache" };
                response.headers().set("cache-control", said).expect("a header");
                Some(response)
            }
        });
        let read = async |id: &str| ask(&portal, id, Mode::Network).await.expect("an article");
        // What comes after it is on disk: it would be, too.
        let until_written = async |round: u32| {
            let id = format!("other{round}");
            read(&id).await;
            until_on_disk(&portal, &key(&id), true).await;
        };
        let shelf = Shelf::of(&portal.id).await;
        read("9").await;
        until_on_disk(&portal, &key("9"), true).await;
        is_said.set(true);
        read("9").await;
        until_written(1).await;
        assert!(shelf.find(&key("9")).await.is_none(), "{said}");
        // The reader's own act.
        let saved = save(&portal).await.expect("saved");
        assert_eq!(states(&portal).await, [State::Same]);
        text.replace("Hai");
        read("9").await;
        until_written(2).await;
        assert_eq!(states(&portal).await, [State::Changed]);
        let_go_for_good(&portal, &saved.holding.place).await;
        let _later = Clock::moved(DAY);
        saved::tidy(portal.id.clone()).await;
        for answer in &saved.holding.answers {
            assert!(shelf.find(answer).await.is_none(), "{answer}");
        }
    }
}

#[wasm_bindgen_test]
async fn what_its_backend_wants_kept_nowhere_is_saved_however_late_its_pictures_come() {
    let portal = portal("kept-late-pictures");
    let _backend = Backend::responding(|asked| {
        let response = answer(&asked.url, "Một", 200);
        let said = if asked.url.contains("articles/other") { "no-cache" } else { "no-store" };
        response.headers().set("cache-control", said).expect("a header");
        Some(response)
    });
    let until_written = async |id: &str| {
        ask(&portal, id, Mode::Network).await.expect("an article");
        until_on_disk(&portal, &key(id), true).await;
    };
    until_written("other1").await;
    let late = Instead::of(
        "Cache.prototype",
        "put",
        "((put, come) => function (...all) {
            globalThis.haidangWaits = true;
            return come.then(() => put.apply(this, all));
        })(Cache.prototype.put, new Promise(come => { globalThis.haidangCome = come }))",
    );
    let outcome = Rc::new(RefCell::new(None));
    spawn_local({
        let (portal, outcome) = (portal.clone(), outcome.clone());
        async move {
            let saved = save(&portal).await;
            outcome.replace(Some(saved));
        }
    });
    let is_true = |it: &str| eval(it).is_ok_and(|value| value.is_truthy());
    until("a picture is on its way", || is_true("globalThis.haidangWaits")).await;
    // What comes after the texts is on disk: whatever was to be done with them is done.
    until_written("other2").await;
    eval("haidangCome()").expect("they come");
    until("there is an outcome", || outcome.borrow().is_some()).await;
    drop(late);
    let saved = outcome.take().expect("an outcome").expect("saved");
    assert_eq!(saved.lacking, 0);
    assert_eq!(states(&portal).await, [State::Same]);
}

#[wasm_bindgen_test]
async fn at_a_start_what_was_taken_back_leaves_though_nobody_opens_it_again() {
    let portal = portal("withdrawn-unseen");
    let is_gone = Rc::new(Cell::new(false));
    let backend = Backend::responding({
        let is_gone = is_gone.clone();
        move |asked| {
            if !asked.url.contains("/withdrawn") {
                return Some(answer(&asked.url, "Một", 200));
            }
            let item = |id: &str| {
                let date = "2999-01-01T00:00:00Z";
                json!({"id": id, "lang": "vi", "date": date, "versions": [id, "e9"]})
            };
            let items = if is_gone.get() { vec![item("9"), item("8")] } else { Vec::new() };
            let list = json!({ "items": items }).to_string();
            Some(Response::new_with_opt_str(Some(&list)).expect("a response"))
        }
    });
    let shelf = Shelf::of(&portal.id).await;
    save(&portal).await.expect("saved");
    for id in ["7", "8"] {
        ask(&portal, id, Mode::Network).await.expect("an article");
        until_on_disk(&portal, &key(id), true).await;
    }
    let keeper = haidang::offline::keeper().await.expect("a part");
    let asked = async || {
        let before = backend.asked().len();
        (keeper.upkeep)(portal.clone()).await;
        backend.addresses().split_off(before)
    };
    // Nothing was: one request says so for all of them.
    assert!(matches!(&*asked().await, [only] if only.starts_with("api/v1/withdrawn?since=")));
    assert!(shelf.find(&key("8")).await.is_some());
    is_gone.set(true);
    // What is held is asked for again, by itself.
    assert!(asked().await.contains(&key("9")));
    assert!(shelf.find(&key("8")).await.is_none());
    assert!(shelf.find(&key("7")).await.is_some() && shelf.find(&key("9")).await.is_some());
}

/// Takes a section along; the key of its record.
async fn take_along(portal: &Arc<Portal>) -> String {
    let section = Key::of("news");
    let place = Pack::place(&section, &lang("vi"));
    let begun = packs::begin(portal.clone(), section, "Tin".into(), lang("vi")).await;
    begun.expect("begun");
    place
}

fn list(is_listed: bool) -> Response {
    list_of(if is_listed { &[("9", "lead")] } else { &[] })
}

/// Articles, each with the name of its picture.
fn list_of(articles: &[(&str, &str)]) -> Response {
    let items = articles.iter().map(|(id, picture)| {
        let image = json!({"url": format!("/pictures/{picture}.svg"), "alt": ""});
        with(headline(id), json!({"work": format!("w{id}"), "image": image}))
    });
    let list = json!({"items": items.collect::<Vec<Value>>(), "next": null}).to_string();
    Response::new_with_opt_str(Some(&list)).expect("a response")
}

fn is_of_section(url: &str) -> bool {
    url.contains("section=news")
}

/// Waits until all of the section, which is so many articles, is here.
async fn until_whole(portal: &Arc<Portal>, articles: u32) {
    let is_whole =
        |known: &packs::Standing| known.pack.progress == Progress::Whole && known.here == articles;
    let begun = js_sys::Date::now();
    packs::look(&portal.id).await;
    while !untrack(packs::all).iter().any(is_whole) {
        assert!(js_sys::Date::now() - begun < 20_000.0, "in vain until it is whole");
        packs::look(&portal.id).await;
    }
}

#[wasm_bindgen_test]
async fn a_section_let_go_while_a_picture_is_on_its_way_stays_away() {
    let portal = portal("pack-removed");
    let is_removed = Rc::new(Cell::new(false));
    let _backend = Backend::responding({
        let (portal, is_removed) = (portal.clone(), is_removed.clone());
        move |asked| {
            if asked.url.contains("/pictures/") {
                let (portal, is_removed) = (portal.clone(), is_removed.clone());
                let place = Pack::place(&Key::of("news"), &lang("vi"));
                spawn_local(async move {
                    packs::remove(portal, place).await;
                    is_removed.set(true);
                });
            }
            if is_of_section(&asked.url) {
                return Some(list(true));
            }
            Some(answer(&asked.url, "Một", 200))
        }
    });
    take_along(&portal).await;
    until("it is let go", || is_removed.get()).await;
    let database = Database::open(&portal.id).await.expect("a database");
    assert!(database.all(Store::Holdings).await.expect("records").is_empty());
    assert_eq!(pictures(&portal).await, 0);
}

#[wasm_bindgen_test]
async fn a_page_that_says_404_or_403_takes_nothing_away() {
    let portal = portal("kept-beside-a-page");
    let said = Rc::new(Cell::new(200));
    let _backend = Backend::responding({
        let said = said.clone();
        move |asked| {
            if is_of_section(&asked.url) {
                return Some(list(true));
            }
            if said.get() == 200 {
                return Some(answer(&asked.url, "Một", 200));
            }
            let options = ResponseInit::new();
            options.set_status(said.get());
            let page = Some("<!doctype html><title>Wi-Fi</title>");
            Some(Response::new_with_opt_str_and_init(page, &options).expect("a response"))
        }
    });
    save(&portal).await.expect("saved");
    take_along(&portal).await;
    until_whole(&portal, 1).await;
    let keeper = haidang::offline::keeper().await.expect("a part");
    for status in [404, 403] {
        said.set(status);
        let asked = ask(&portal, "9", Mode::Network).await;
        // What is forbidden is said to be, whoever says it.
        assert_eq!(asked.err(), (status == 403).then_some(Failure::Unvouched { status }));
        let _later = Clock::moved(2 * DAY);
        (keeper.upkeep)(portal.clone()).await;
    }
    assert!(Shelf::of(&portal.id).await.find(&key("9")).await.is_some());
    assert_eq!(states(&portal).await, [State::Same]);
    packs::look(&portal.id).await;
    let standing = untrack(packs::all);
    assert_eq!(standing.first().map(|known| (known.here, known.gone)), Some((1, 0)));
}

#[wasm_bindgen_test]
async fn what_was_taken_back_leaves_a_section_that_is_paused_too() {
    let portal = portal("pack-paused");
    let is_gone = Rc::new(Cell::new(false));
    let backend = Backend::responding({
        let is_gone = is_gone.clone();
        move |asked| {
            let status = if is_gone.get() { 410 } else { 200 };
            let is_list = is_of_section(&asked.url);
            Some(if is_list { list(!is_gone.get()) } else { answer(&asked.url, "Một", status) })
        }
    });
    let place = take_along(&portal).await;
    until_whole(&portal, 1).await;
    packs::set_paused(portal.clone(), place, true).await;
    // Nothing is asked for before it is due.
    let asked = backend.asked().len();
    packs::follow(&portal).await;
    assert_eq!(backend.asked().len(), asked);
    is_gone.set(true);
    let shelf = Shelf::of(&portal.id).await;
    assert!(shelf.find(&key("9")).await.is_some());
    let moved = Clock::moved(-DAY);
    packs::follow(&portal).await;
    drop(moved);
    assert!(shelf.find(&key("9")).await.is_none());
    let standing = untrack(packs::all);
    assert_eq!(standing.first().map(|known| known.gone), Some(1));
    assert_eq!(standing.first().map(|known| known.pack.progress), Some(Progress::Paused));
}

#[wasm_bindgen_test]
async fn a_section_whose_renewal_is_interrupted_has_what_it_had() {
    let portal = portal("pack-interrupted");
    let is_away = Rc::new(Cell::new(false));
    let _backend = Backend::responding({
        let is_away = is_away.clone();
        move |asked| {
            if is_of_section(&asked.url) {
                return Some(list_of(&[("1", "a"), ("2", "b"), ("3", "c")]));
            }
            // After the first article the network is away.
            let is_missed = is_away.get() && !asked.url.contains("articles/1?");
            Some(answer(&asked.url, "Một", if is_missed { 503 } else { 200 }))
        }
    });
    let place = take_along(&portal).await;
    until_whole(&portal, 3).await;
    let whole = untrack(packs::all).remove(0);
    is_away.set(true);
    let renewed = async |later: i32| {
        let moved = Clock::moved(later);
        packs::follow(&portal).await;
        drop(moved);
        untrack(packs::all).remove(0)
    };
    let interrupted = renewed(DAY).await;
    assert!(interrupted.pack.fresh > whole.pack.fresh);
    assert_eq!((interrupted.here, interrupted.pack.size), (3, whole.pack.size));
    // Paused it gets nothing more, and all it has stays held.
    packs::set_paused(portal.clone(), place, true).await;
    is_away.set(false);
    let paused = renewed(2 * DAY).await;
    assert_eq!((paused.here, paused.pack.progress), (3, Progress::Paused));
    for id in ["1", "2", "3"] {
        assert!(paused.pack.holding.answers.contains(&key(id)), "{id}");
    }
}

#[wasm_bindgen_test]
async fn an_article_that_was_let_go_comes_back_whole_after_a_section_was_let_go_too() {
    let portal = portal("pack-undo");
    let _backend = Backend::responding(|asked| {
        let is_list = is_of_section(&asked.url);
        let list = || list_of(&[("9", "lead"), ("8", "other")]);
        Some(if is_list { list() } else { answer(&asked.url, "Một", 200) })
    });
    let saved = save(&portal).await.expect("saved");
    let place = take_along(&portal).await;
    until_whole(&portal, 2).await;
    assert_eq!(pictures(&portal).await, 3);
    assert!(saved::remove(&portal.id, &saved.holding.place).await);
    packs::remove(portal.clone(), place).await;
    assert_eq!(pictures(&portal).await, 2, "what the section alone had is gone");
    saved::restore(&portal.id, &saved).await.expect("brought back");
    assert_eq!(states(&portal).await, [State::Same]);
}

#[wasm_bindgen_test]
async fn what_can_be_done_with_a_section_stays_where_it_is_while_articles_come() {
    let portal = portal("pack-shown");
    let is_listed = Rc::new(Cell::new(false));
    let _backend = Backend::responding({
        let is_listed = is_listed.clone();
        move |asked| {
            let is_list = is_of_section(&asked.url);
            Some(if is_list { list(is_listed.get()) } else { answer(&asked.url, "Một", 200) })
        }
    });
    let place = take_along(&portal).await;
    let until_here = async |here: u32| {
        let begun = js_sys::Date::now();
        let is_so = || {
            let known = untrack(packs::all);
            let it = known.iter().find(|known| known.pack.holding.place == place);
            it.is_some_and(|it| it.here == here && it.pack.progress == Progress::Whole)
        };
        while !is_so() {
            assert!(js_sys::Date::now() - begun < 20_000.0, "in vain until {here} are here");
            packs::look(&portal.id).await;
        }
    };
    until_here(0).await;
    let stage = Stage::apart(&portal.id, "vi");
    let shown = Arc::new(SavedData { saved: Some(Vec::new()), recent: Vec::new() });
    let _shown = stage.show_page(Page::Saved, shown);
    until("it is shown", || stage.find(".pack[data-progress=whole] button").is_some()).await;
    let remove = stage.one::<HtmlElement>(".pack button");
    remove.focus().expect("focus");
    is_listed.set(true);
    let moved = Clock::moved(DAY);
    packs::follow(&portal).await;
    drop(moved);
    until_here(1).await;
    until("it is counted", || stage.text(".pack .meta").starts_with("1 bài")).await;
    assert!(stage.has_focus(".pack button"));
    stage.click(".pack button");
    until("it is let go", || stage.find(".pack").is_none()).await;
}

#[wasm_bindgen_test]
async fn who_takes_a_section_along_keeps_the_focus_on_the_way() {
    let portal = portal("pack-focus");
    let _backend = Backend::responding(|asked| {
        let is_list = is_of_section(&asked.url);
        Some(if is_list { list(true) } else { answer(&asked.url, "Một", 200) })
    });
    let stage = Stage::apart(&portal.id, "vi");
    let section =
        List { kind: ListKind::Section, key: Key::of("news"), organisation: None, cursor: None };
    let asked = loader(&portal, Mode::Network);
    let route = Route { lang: lang("vi"), page: Page::List(section) };
    let loaded = haidang::pages::load(&asked, &route).await;
    let _shown = stage.show_page(route.page, loaded.data);
    let has_panel = || stage.has_focus("section.pack");
    stage.click("p.pack button");
    until("the focus is where the button was", has_panel).await;
    until("it is offered", || stage.find(".pack .actions button").is_some()).await;
    assert!(has_panel());
    stage.one::<HtmlElement>(".pack .actions button").focus().expect("focus");
    stage.click(".pack .actions button");
    until("it is here", || stage.find(".pack [data-progress=whole]").is_some()).await;
    assert!(has_panel());
}

#[wasm_bindgen_test]
async fn what_is_let_go_and_brought_back_keeps_the_focus() {
    let portal = portal("saved-focus");
    let _city = City::new();
    let saved = save(&portal).await.expect("saved");
    let stage = Stage::apart(&portal.id, "vi");
    let row = Row { saved, headline: shown(), state: State::Same };
    let page = Arc::new(SavedData { saved: Some(vec![row]), recent: Vec::new() });
    let _shown = stage.show_page(Page::Saved, page);
    let remove = ".saved-list .actions button";
    until("it is shown", || stage.find(remove).is_some()).await;
    stage.click(remove);
    until("the way back has the focus", || stage.has_focus(".let-go button")).await;
    stage.click(".let-go button");
    until("it has the focus again", || stage.has_focus(remove)).await;
}

/// What is saved and taken along cannot be read until it is dropped.
fn unreadable() -> Instead {
    Instead::of(
        "IDBObjectStore.prototype",
        "getAll",
        "(getAll => function (...all) {
            if (this.name === 'holdings') throw new DOMException('', 'InvalidStateError');
            return getAll.apply(this, all);
        })(IDBObjectStore.prototype.getAll)",
    )
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_is_thrown_away_by_nobody() {
    let portal = portal("kept-unreadable");
    let _backend = Backend::responding(|asked| {
        let response = answer(&asked.url, "Một", 200);
        response.headers().set("cache-control", "no-store").expect("a header");
        Some(response)
    });
    save(&portal).await.expect("saved");
    let shelf = Shelf::of(&portal.id).await;
    let kept = shelf.find(&key("9")).await.expect("an article");
    let _later = Clock::moved(DAY);
    let unreadable = unreadable();
    assert!(shelf.take(vec![News::Fresh(kept)]).await.is_err());
    assert_eq!(save(&portal).await, Err(Trouble::Denied));
    drop(unreadable);
    assert_eq!(states(&portal).await, [State::Same]);
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_is_not_called_nothing() {
    let portal = portal("saved-unreadable");
    let _city = City::new();
    save(&portal).await.expect("saved");
    let stage = Stage::apart(&portal.id, "vi");
    let load = async || {
        let route = Route { lang: lang("vi"), page: Page::Saved };
        haidang::pages::load(&loader(&portal, Mode::Cached), &route).await.data
    };
    let unreadable = unreadable();
    let data = load().await;
    drop(unreadable);
    let (_mounted, shown) = stage.show_page(Page::Saved, data);
    until("it is said", || stage.find(".alert").is_some()).await;
    assert!(stage.text(".alert").contains(&stage.words(msg::FAILURE_PART)));
    assert!(stage.find(".empty").is_none());
    stage.click(".alert button");
    assert_eq!(stage.reloads.get_untracked(), 1);
    shown.set(stage.loaded(Page::Saved, load().await));
    until("it is shown", || stage.find(".saved-list").is_some()).await;
    assert!(stage.find(".alert").is_none());
}

#[wasm_bindgen_test]
async fn the_page_of_what_is_saved_looks_again_once_a_late_database_has_come() {
    let stage = Stage::apart("saved-late", "vi");
    // Another page makes it, and does not come to an end.
    let hold = "new Promise(held => {
        const open = indexedDB.open('haidang:saved-late', 1);
        open.onupgradeneeded = () => {
            const store = open.result.createObjectStore('outbox');
            let isHeld = true;
            const again = () => { if (isHeld) store.count().onsuccess = again; };
            again();
            globalThis.haidangLetGo = () => { isHeld = false; };
            held();
        };
        open.onsuccess = () => open.result.close();
    })";
    let held: Promise = eval(hold).expect("a promise").unchecked_into();
    JsFuture::from(held).await.expect("held");
    let route = Route { lang: lang("vi"), page: Page::Saved };
    let asked = loader(&portal("saved-late"), Mode::Cached);
    let loaded = haidang::pages::load(&asked, &route).await;
    let _shown = stage.show_page(Page::Saved, loaded.data);
    until("it is said", || stage.find(".alert").is_some()).await;
    assert_eq!(stage.reloads.get_untracked(), 0);
    eval("haidangLetGo()").expect("let go");
    until("it looks again", || stage.reloads.get_untracked() == 1).await;
}

#[wasm_bindgen_test]
async fn sections_that_could_not_be_read_are_shown_once_it_is_looked_again() {
    let portal = portal("pack-unreadable");
    let (section, lang) = (Key::of("news"), lang("vi"));
    let place = Pack::place(&section, &lang);
    let pack = Pack {
        section,
        name: "Tin chưa đọc được".into(),
        lang,
        holding: Holding { place: place.clone(), ..Holding::default() },
        articles: Vec::new(),
        total: 0,
        progress: Progress::Whole,
        size: 0,
        fresh: now(),
    };
    let database = Database::open(&portal.id).await.expect("a database");
    database.put(Store::Holdings, &place, &pack.to_json().to_string()).await.expect("kept");
    let stage = Stage::apart(&portal.id, "vi");
    let unreadable = unreadable();
    let data = Arc::new(SavedData { saved: None, recent: Vec::new() });
    let _shown = stage.show_page(Page::Saved, data);
    // It is looked as the page comes.
    packs::look(&portal.id).await;
    followed().await;
    let is_listed = || stage.html().contains(&pack.name);
    assert!(!is_listed());
    drop(unreadable);
    stage.click(".alert button");
    until("it is listed", is_listed).await;
}

#[wasm_bindgen_test]
async fn search_finds_what_is_kept_and_nothing_that_was_taken_back() {
    let portal = portal("kept-search");
    let backend = Backend::answering(|_| (200, with_body("9", "Cảng Hải Phòng")));
    ask(&portal, "9", Mode::Network).await.expect("an article");
    until_on_disk(&portal, &key("9"), true).await;
    let keeper = haidang::offline::keeper().await.expect("a part");
    let find = async |query: &str| {
        (keeper.find)(portal.clone(), query.to_owned(), vec![lang("vi")]).await.len()
    };
    assert_eq!((find("cang hai").await, find("khong co").await), (1, 0));
    drop(backend);
    let _gone = Backend::answering(|_| (404, json!({})));
    assert!(ask(&portal, "9", Mode::Network).await.is_err());
    until_on_disk(&portal, &key("9"), false).await;
    assert_eq!(find("cang hai").await, 0);
}
