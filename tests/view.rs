//! In the browser: what views do to the nodes of the page.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::rc::Rc;

use haidang::view::{Item, View, build_whole, el, keyed, later, live};
use leptos::prelude::*;
use support::{Stage, followed, send, until};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

/// A list of inputs, one a key, in the order of the keys.
fn inputs(keys: RwSignal<Vec<u64>>) -> View {
    let item = |key: u64| Item::new(key, move || el("input").attr("id", key.to_string()).into());
    keyed(move || keys.get().into_iter().map(item).collect())
}

#[wasm_bindgen_test]
async fn live_text_changes_in_place_and_keeps_its_node() {
    let stage = Stage::new("en");
    let name = RwSignal::new("Cảng".to_owned());
    let _shown = stage.show(|| el("p").child("a ").child(live(move || name.get())).child(" z"));
    let paragraph: Element = stage.one("p");
    let nodes = paragraph.child_nodes();
    let node = (0..nodes.length())
        .filter_map(|index| nodes.get(index))
        .find(|node| node.text_content().as_deref() == Some("Cảng"))
        .expect("the text");
    name.set("Bến".to_owned());
    until("the text is new", || stage.text("p") == "a Bến z").await;
    assert_eq!(node.text_content().as_deref(), Some("Bến"));
    assert!(paragraph.contains(Some(&node)));
}

#[wasm_bindgen_test]
async fn what_is_around_a_live_view_stays_while_it_comes_and_goes() {
    let stage = Stage::new("en");
    let is_there = RwSignal::new(false);
    let _shown = stage.show(|| {
        View::from([
            el("i").child("before").into(),
            live(move || is_there.get().then(|| View::from([el("b"), el("b")]))),
            el("u").child("after").into(),
        ])
    });
    let (before, after): (Element, Element) = (stage.one("i"), stage.one("u"));
    assert_eq!(stage.html(), "<i>before</i><u>after</u>");
    is_there.set(true);
    until("it is there", || stage.html() == "<i>before</i><b></b><b></b><u>after</u>").await;
    is_there.set(false);
    until("it is gone", || stage.html() == "<i>before</i><u>after</u>").await;
    assert!(stage.one::<Element>("i") == before && stage.one::<Element>("u") == after);
}

#[wasm_bindgen_test]
async fn a_live_view_goes_from_text_to_elements_and_back() {
    let stage = Stage::new("en");
    let step = RwSignal::new(0);
    let _shown = stage.show(|| {
        live(move || match step.get() {
            0 => View::from("one"),
            1 => el("b").child("two").into(),
            2 => View::from("three"),
            _ => View::Nothing,
        })
    });
    for (next, html) in [(0, "one"), (1, "<b>two</b>"), (2, "three"), (3, "")] {
        step.set(next);
        until(html, || stage.html() == html).await;
    }
}

#[wasm_bindgen_test]
async fn a_keyed_list_keeps_the_nodes_of_the_items_it_keeps() {
    let stage = Stage::new("en");
    let keys = RwSignal::new(vec![1, 2, 3]);
    let _shown = stage.show(|| View::from([el("hr").into(), inputs(keys), el("br").into()]));
    let two: HtmlInputElement = stage.one("input:nth-of-type(2)");
    two.set_value("typed");
    let orders: [&[u64]; 8] = [
        &[3, 2, 1],
        &[4, 3, 2, 1, 5],
        &[2, 5],
        &[6, 7, 2, 8, 9],
        &[2],
        &[2, 1, 3],
        &[1, 3, 2],
        &[3, 1, 2],
    ];
    for order in orders {
        keys.set(order.to_vec());
        let ids: Vec<String> = order.iter().map(u64::to_string).collect();
        until("the list follows", || stage.attrs("input", "id") == ids).await;
        let shown: HtmlInputElement = stage.one("input[id='2']");
        assert!(shown == two && shown.value() == "typed", "{order:?}");
        let html = stage.html();
        assert!(html.starts_with("<hr>") && html.ends_with("<br>"), "{html}");
    }
    keys.set(Vec::new());
    until("the list is empty", || stage.html() == "<hr><br>").await;
}

#[wasm_bindgen_test]
async fn an_item_that_stays_in_place_keeps_the_focus() {
    let stage = Stage::new("en");
    let keys = RwSignal::new(vec![1, 2]);
    let _shown = stage.show(|| inputs(keys));
    stage.one::<HtmlInputElement>("input[id='1']").focus().expect("focus");
    keys.set(vec![0, 1, 3, 2, 4]);
    until("the list follows", || stage.attrs("input", "id") == ["0", "1", "3", "2", "4"]).await;
    assert!(stage.has_focus("input[id='1']"));
}

#[wasm_bindgen_test]
async fn what_an_item_reads_while_it_is_made_does_not_make_the_list_anew() {
    let stage = Stage::new("en");
    let (keys, word) = (RwSignal::new(vec![1]), RwSignal::new("a"));
    let asked = StoredValue::new(0);
    let item = move |key| {
        Item::new(key, move || el("li").child(word.get()).child(live(move || word.get())).into())
    };
    let _shown = stage.show(|| {
        keyed(move || {
            asked.update_value(|times| *times += 1);
            keys.get().into_iter().map(item).collect()
        })
    });
    word.set("b");
    until("the live part follows", || stage.text("li") == "ab").await;
    followed().await;
    assert_eq!(asked.get_value(), 1);
    keys.set(vec![1, 2]);
    until("the new item is there", || stage.texts("li") == ["ab", "bb"]).await;
    assert_eq!(asked.get_value(), 2);
}

#[wasm_bindgen_test]
async fn an_item_that_goes_ends_its_effects_and_one_that_stays_does_not() {
    let stage = Stage::new("en");
    let (keys, beat) = (RwSignal::new(vec![1, 2]), RwSignal::new(0));
    let heard = StoredValue::new(Vec::new());
    let item = move |key: u64| {
        Item::new(key, move || {
            live(move || {
                heard.update_value(|heard| heard.push((key, beat.get())));
                el("li").child(beat.get().to_string())
            })
        })
    };
    let _shown = stage.show(|| keyed(move || keys.get().into_iter().map(item).collect()));
    keys.set(vec![2]);
    until("the item is gone", || stage.texts("li") == ["0"]).await;
    beat.set(7);
    until("the other follows", || stage.texts("li") == ["7"]).await;
    followed().await;
    assert_eq!(heard.get_value(), [(1, 0), (2, 0), (2, 7)]);
}

#[wasm_bindgen_test]
async fn attributes_follow_and_none_takes_them_away() {
    let stage = Stage::new("en");
    let lang = RwSignal::new(Some("vi".to_owned()));
    let none: Option<&'static str> = None;
    let _shown = stage.show(|| {
        el("input")
            .live_attr("lang", move || lang.get())
            .attr("checked", true)
            .attr("hidden", false)
            .attr("title", none)
            .attr("maxlength", 80)
    });
    assert_eq!(stage.html(), r#"<input lang="vi" checked="" maxlength="80">"#);
    lang.set(None);
    until("it is gone", || stage.attr("input", "lang").is_none()).await;
    lang.set(Some("ko".to_owned()));
    until("it is back", || stage.attr("input", "lang").as_deref() == Some("ko")).await;
}

#[wasm_bindgen_test]
async fn an_attribute_is_not_set_again_to_what_it_is() {
    let stage = Stage::new("en");
    let number = RwSignal::new(1);
    let runs = StoredValue::new(0);
    let _shown = stage.show(|| {
        el("details").live_attr("open", move || {
            runs.update_value(|runs| *runs += 1);
            (number.get() > 0).then(String::new)
        })
    });
    // The reader folds it: as long as the value is the same, it stays folded.
    stage.one::<Element>("details").remove_attribute("open").expect("an attribute");
    number.set(2);
    until("it has been asked", || runs.get_value() == 2).await;
    assert_eq!(stage.attr("details", "open"), None);
}

#[wasm_bindgen_test]
async fn listeners_are_called_and_go_with_their_element() {
    let stage = Stage::new("en");
    let (pressed, round) = (RwSignal::new(0), RwSignal::new(0));
    let held = Rc::new(());
    let listener = {
        let held = held.clone();
        move || {
            let held = held.clone();
            move |_| {
                let _ = &held;
                pressed.update(|times| *times += 1);
            }
        }
    };
    let shown = stage.show(|| {
        live(move || {
            el("p").attr("id", round.get().to_string()).child(live({
                let listener = listener.clone();
                move || el("button").on("click", listener())
            }))
        })
    });
    stage.click("button");
    assert_eq!(pressed.get_untracked(), 1);
    let once = Rc::strong_count(&held);
    for next in 1..20 {
        round.set(next);
        until("it is made anew", || stage.attr("p", "id") == Some(next.to_string())).await;
    }
    until("the old listeners are gone", || Rc::strong_count(&held) == once).await;
    stage.click("button");
    assert_eq!(pressed.get_untracked(), 2);
    drop(shown);
    until("all of it is gone", || Rc::strong_count(&held) == 1).await;
}

#[wasm_bindgen_test]
async fn a_nested_live_view_follows_once_however_often_the_outer_one_was_made() {
    let stage = Stage::new("en");
    let (outer, inner) = (RwSignal::new(0), RwSignal::new(0));
    let runs = StoredValue::new(0);
    let _shown = stage.show(|| {
        live(move || {
            let here = outer.get();
            el("p").child(live(move || {
                runs.update_value(|runs| *runs += 1);
                format!("{here} {}", inner.get())
            }))
        })
    });
    for next in 1..10 {
        outer.set(next);
        until("the outer one is new", || stage.text("p") == format!("{next} 0")).await;
    }
    let before = runs.get_value();
    inner.set(1);
    until("the inner one is new", || stage.text("p") == "9 1").await;
    followed().await;
    assert_eq!(runs.get_value(), before + 1);
}

#[wasm_bindgen_test]
async fn signals_made_in_a_live_view_may_go_while_what_read_them_is_still_to_run() {
    let stage = Stage::new("en");
    let round = RwSignal::new(0);
    let _shown = stage.show(|| {
        live(move || {
            let own = RwSignal::new(round.get());
            let double = Memo::new(move |_| own.get() * 2 + round.get());
            el("p")
                .live_attr("title", move || double.get().to_string())
                .child(live(move || format!("{} {}", round.get(), double.get())))
        })
    });
    for next in 1..5 {
        round.set(next);
        let text = format!("{next} {}", next * 3);
        until(&text, || stage.texts("p") == [text.clone()]).await;
    }
}

#[wasm_bindgen_test]
async fn dropping_what_was_mounted_ends_its_effects_and_leaves_its_nodes() {
    let stage = Stage::new("en");
    let word = RwSignal::new("one");
    let view = |id| move || el("p").attr("id", id).child(live(move || word.get()));
    let left = stage.show(view("left"));
    let _kept = stage.show(view("kept"));
    drop(left);
    word.set("two");
    until("the other follows", || stage.text("[id=kept]") == "two").await;
    followed().await;
    assert_eq!(stage.text("[id=left]"), "one");
}

#[wasm_bindgen_test]
async fn what_is_mounted_has_signals_and_contexts_of_its_own() {
    let stage = Stage::new("en");
    let heard = StoredValue::new(0);
    let shown = stage.show(|| {
        provide_context(7_u8);
        on_cleanup(move || heard.set_value(1));
        el("p").child(live(|| use_context::<u8>().map(|number| number.to_string())))
    });
    assert_eq!(stage.text("p"), "7");
    assert_eq!(use_context::<u8>(), None);
    drop(shown);
    assert_eq!(heard.get_value(), 1);
}

#[wasm_bindgen_test]
async fn an_element_is_handed_over_before_it_is_on_the_page() {
    let stage = Stage::new("en");
    let bound = RwSignal::new(None);
    let _shown = stage.show(|| {
        el("div").child(el("input").attr("name", "q").bind(move |input| {
            let name = input.get_attribute("name").unwrap_or_default();
            bound.set(Some((name, input.is_connected())));
        }))
    });
    assert_eq!(bound.get_untracked(), Some(("q".to_owned(), false)));
    assert!(stage.one::<Element>("input").is_connected());
}

#[wasm_bindgen_test]
async fn text_is_never_markup() {
    let stage = Stage::new("en");
    let _shown = stage.show(|| {
        let evil = "<img src=x onerror=alert(1)>";
        el("p").attr("title", evil).child(evil).child(live(move || evil.to_owned()))
    });
    assert_eq!(stage.all("p *").len(), 0);
    assert!(stage.text("p").starts_with("<img src=x"));
}

#[wasm_bindgen_test]
async fn a_listener_hears_events_of_the_elements_inside() {
    let stage = Stage::new("en");
    let heard = RwSignal::new(String::new());
    let _shown = stage.show(|| {
        let hear = move |event: web_sys::Event| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            heard.set(target.map(|target| target.tag_name()).unwrap_or_default());
        };
        el("form").on("input", hear).child(el("label").child(el("textarea")))
    });
    send(&stage.one("textarea"), "input");
    assert_eq!(heard.get_untracked(), "TEXTAREA");
}

/// A paragraph, and one that may wait.
fn two_paragraphs(name: RwSignal<String>) -> View {
    let second = later(move || el("p").child(live(move || name.get())));
    View::from([el("p").child("first").into(), second, el("hr").into()])
}

#[wasm_bindgen_test]
async fn what_may_wait_comes_after_the_next_frame_in_its_place() {
    let stage = Stage::new("en");
    let name = RwSignal::new("second".to_owned());
    let _shown = stage.show(|| {
        build_whole(false);
        two_paragraphs(name)
    });
    assert_eq!(stage.html(), "<p>first</p><div class=\"later\"></div><hr>");
    until("it has come", || stage.html() == "<p>first</p><p>second</p><hr>").await;
    name.set("changed".to_owned());
    until("it follows", || stage.html() == "<p>first</p><p>changed</p><hr>").await;
}

#[wasm_bindgen_test]
async fn what_may_wait_lets_go_first_who_waits_for_the_frame() {
    // As one measures when a frame was there: by a message that is sent in it.
    let script = "new Promise((seen) => requestAnimationFrame(() => {
        const count = () => document.querySelector('hr').parentElement.querySelectorAll('p').length;
        const before = count();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen([before, count()].join());
        port2.postMessage(null);
    }))";
    for _ in 0..20 {
        let stage = Stage::new("en");
        let _shown = stage.show(|| {
            build_whole(false);
            two_paragraphs(RwSignal::new("second".to_owned()))
        });
        let seen = js_sys::eval(script).expect("a script").unchecked_into::<js_sys::Promise>();
        let seen = wasm_bindgen_futures::JsFuture::from(seen).await.expect("two numbers");
        until("it has come", || stage.html() == "<p>first</p><p>second</p><hr>").await;
        match seen.as_string().as_deref() {
            Some("1,1") => return,
            // The frame was so late that nothing waited for it.
            Some("2,2") => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("no frame was in time");
}

#[wasm_bindgen_test]
async fn what_waits_is_there_as_soon_as_the_whole_page_is_wanted() {
    let stage = Stage::new("en");
    let _shown = stage.show(|| {
        build_whole(false);
        two_paragraphs(RwSignal::new("second".to_owned()))
    });
    build_whole(true);
    assert_eq!(stage.html(), "<p>first</p><p>second</p><hr>");
}

#[wasm_bindgen_test]
async fn what_waits_for_a_page_that_is_left_never_comes() {
    let stage = Stage::new("en");
    let is_there = RwSignal::new(true);
    let built = RwSignal::new(0);
    let _shown = stage.show(|| {
        build_whole(false);
        live(move || {
            is_there.get().then(|| {
                later(move || {
                    built.update(|times| *times += 1);
                    el("p")
                })
            })
        })
    });
    is_there.set(false);
    followed().await;
    build_whole(true);
    assert_eq!((built.get_untracked(), stage.html()), (0, String::new()));
}
