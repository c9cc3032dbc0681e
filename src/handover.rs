//! From a printed page to the app: the app is made beside the page and takes its place in one go, with what
//! the reader has done by then.
//!
//! Nothing of the printed page is adopted. Extensions and translators may have changed it, and an app that
//! relies on nodes it has not made would stop there. What the reader selected, focused, opened and typed is
//! found again by its place, and what they pressed is pressed: both pages come from the same views, so the way
//! from a landmark down to an element is the same in both.

mod hand;

use haidang_engine::json;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{
    Element, EventTarget, HtmlDetailsElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, Node,
};

use hand::Hand;

use crate::{
    backend::{prime, warn},
    browser::{PRINTED, breathe, yield_to_printed},
    i18n::I18n,
    navigation::{Place, lay_out_text, lay_out_text_in_tasks, lay_out_whole, pixels, scroll_to},
    view::{View, mount_in_tasks},
};

const DATA: &str = "printed-data";
/// Where ways to elements begin, each once on a page.
const LANDMARKS: [&str; 6] =
    ["[data-body]", "main", ".site-header", ".site-footer", ".notices", ".skip"];

/// A printed page that the reader sees.
pub struct Printed {
    page: Element,
    hand: Hand,
}

/// A printed page, and beside it what will take its place.
pub struct TakeOver {
    printed: Element,
    /// What the app is made in, not on the page yet.
    made: Element,
    hand: Hand,
}

impl Printed {
    /// The page, if it was printed. From now on what the reader presses is seen.
    pub fn find() -> Option<Self> {
        let page = document().get_element_by_id(PRINTED)?;
        Some(Self { page, hand: Hand::watch() })
    }

    /// Takes in what came with the page: the answers it was made of, and what the clocks show at its dates.
    pub async fn take_data(&self, i18n: I18n) {
        let Some(block) = document().get_element_by_id(DATA) else { return };
        let text = block.text_content().unwrap_or_default();
        yield_to_printed().await;
        let data = json::parse(&text);
        yield_to_printed().await;
        match data {
            Ok(mut data) => {
                if let Some(Value::Array(answers)) = data.get_mut("answers").map(Value::take) {
                    prime(answers);
                }
                if let Some(clocks) = data.get("clocks") {
                    i18n.learn_clocks(clocks);
                }
            }
            // They are asked for.
            Err(error) => warn(&format!("the data of the printed page: {error}")),
        }
        block.remove();
    }

    /// Makes the app beside the page.
    pub async fn prepare(self, view: impl FnOnce() -> View) -> TakeOver {
        let Self { page, hand } = self;
        let made = document().create_element("div").unwrap_or_else(|_| page.clone());
        // For the life of the page.
        std::mem::forget(mount_in_tasks(&made, view).await);
        TakeOver { printed: page, made, hand }
    }
}

impl TakeOver {
    /// Puts the app in the place of the page, once the reader is neither typing nor pressing anything; whether
    /// the reader has been somewhere on it and is there again. `is_whole` says that they will be put somewhere else
    /// than at the top.
    pub async fn swap(self, is_whole: bool) -> bool {
        let Self { printed, made, hand } = self;
        let mut closed = None;
        loop {
            // The focus is on its way to where it goes, the click follows the release: both within this task.
            breathe().await;
            // An input method that is at work would lose what it is making, and a list that is open would close.
            if let Some(field) = writing().filter(|field| Some(field) != closed.as_ref()) {
                happens(&field, &["blur", "change"]).await;
                closed = field.is_instance_of::<HtmlSelectElement>().then_some(field);
            } else if hand.is_down() {
                happens(&window(), &Hand::SIGNS).await;
            } else {
                break;
            }
        }
        hand.forget();
        let y = window().scroll_y().unwrap_or_default();
        let held = Held::of(&printed);
        let has_place = y > 0.0 || held.is_something();
        lay_out_whole(is_whole || has_place);
        if is_whole || has_place {
            lay_out_text();
        }
        let place = Place::now();
        keep_pictures(&printed, &made);
        keep_comments(&printed, &made);
        while let Some(node) = made.first_child() {
            if printed.before_with_node_1(&node).is_err() {
                break;
            }
        }
        printed.remove();
        if has_place && !place.restore() {
            scroll_to(pixels(y));
        }
        held.restore();
        spawn_local(lay_out_text_in_tasks());
        has_place
    }
}

/// The field that the reader is writing in or choosing from.
fn writing() -> Option<Element> {
    let focused = document().active_element()?;
    let is_field = match focused.dyn_ref::<HtmlInputElement>() {
        Some(input) => !matches!(&*input.type_(), "checkbox" | "radio" | "button" | "submit"),
        None => {
            focused.is_instance_of::<HtmlTextAreaElement>()
                || focused.is_instance_of::<HtmlSelectElement>()
        }
    };
    is_field.then_some(focused)
}

/// Waits for one of these events.
async fn happens(target: &EventTarget, names: &[&str]) {
    let (told, happens) = futures::channel::oneshot::channel::<()>();
    let mut told = Some(told);
    let hear = Closure::<dyn FnMut()>::new(move || drop(told.take()));
    let listener = hear.as_ref().unchecked_ref();
    for name in names {
        // Fails only for a listener that is none.
        let _ = target.add_event_listener_with_callback(name, listener);
    }
    let _ = happens.await;
    for name in names {
        let _ = target.remove_event_listener_with_callback(name, listener);
    }
}

/// Pictures that have come are not to come again: not even from memory, for that takes a frame.
fn keep_pictures(printed: &Element, made: &Element) {
    let (olds, news) = (all(printed, "img"), all(made, "img"));
    for new in news {
        let source = new.get_attribute("src");
        let same = olds
            .iter()
            .find(|old| printed.contains(Some(old)) && old.get_attribute("src") == source);
        if let Some(old) = same {
            let _ = new.replace_with_with_node_1(old);
        }
    }
}

/// What has been said below an article stays until the thread comes, which then takes its place.
fn keep_comments(printed: &Element, made: &Element) {
    let comments = printed.query_selector("#comments > .comments").ok().flatten();
    let waiting = made.query_selector("#comments > .hint").ok().flatten();
    if let (Some(comments), Some(waiting)) = (comments, waiting) {
        let _ = waiting.replace_with_with_node_1(&comments);
    }
}

/// What the reader has done on a page.
struct Held {
    focus: Option<Way>,
    /// From where to where, as it was drawn.
    selection: Option<(Spot, Spot)>,
    fields: Vec<(Way, String)>,
    opened: Vec<Way>,
    /// Buttons that were pressed and had nobody to hear it (index.html), with what is said of them.
    pressed: Vec<(Way, [String; 2])>,
}

/// The way to an element: a landmark, and which child each time.
struct Way(&'static str, Vec<u32>);

/// A place in the text of an element, in UTF-16 units.
struct Spot(Way, usize);

impl Held {
    fn of(page: &Element) -> Self {
        let focused = document().active_element().filter(|element| page.contains(Some(element)));
        let typed = all(page, "input, textarea, select").into_iter().filter_map(|field| {
            let (value, before) = values(&field)?;
            (value != before).then_some((Way::to(&field)?, value))
        });
        let opened = all(page, "details[open]");
        let pressed = all(page, "button[aria-busy]").into_iter();
        Self {
            focus: focused.as_ref().and_then(Way::to),
            selection: selected(page),
            fields: typed.collect(),
            opened: opened.iter().filter_map(Way::to).collect(),
            pressed: pressed
                .filter_map(|button| Some((Way::to(&button)?, said(&button))))
                .collect(),
        }
    }

    fn is_something(&self) -> bool {
        self.focus.is_some() || self.selection.is_some()
    }

    fn restore(self) {
        for (way, value) in self.fields {
            if let Some(field) = way.follow() {
                set_value(&field, &value);
            }
        }
        let details = self.opened.iter().filter_map(Way::follow);
        for details in details.filter_map(|details| details.dyn_into::<HtmlDetailsElement>().ok()) {
            details.set_open(true);
        }
        let focus = self.focus.and_then(|way| way.follow()?.dyn_into::<HtmlElement>().ok());
        if let Some(element) = focus {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
        }
        if let Some((from, to)) = self.selection
            && let (Some((from, start)), Some((to, end))) = (from.find(), to.find())
            && let Ok(Some(selection)) = window().get_selection()
        {
            // Fails for a place that is none: then nothing is selected.
            let _ = selection.set_base_and_extent(&from, start, &to, end);
        }
        for (way, what) in self.pressed {
            let button = way.follow().filter(|button| said(button) == what);
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                button.click();
            }
        }
    }
}

/// What is said of a button: another one, or one that would do the opposite by now, is not pressed for it.
fn said(button: &Element) -> [String; 2] {
    let label = button.get_attribute("aria-label").or_else(|| button.text_content());
    [label, button.get_attribute("aria-pressed")].map(Option::unwrap_or_default)
}

/// What a field holds, and what it was printed with.
fn values(field: &Element) -> Option<(String, String)> {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return Some((input.value(), input.default_value()));
    }
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        return Some((area.value(), area.text_content().unwrap_or_default()));
    }
    let select = field.dyn_ref::<HtmlSelectElement>()?;
    // The first, if none is.
    let chosen = ["option[selected]", "option"].into_iter();
    let chosen = chosen.filter_map(|css| select.query_selector(css).ok()?).next();
    let before = chosen.and_then(|option| option.get_attribute("value"));
    Some((select.value(), before.unwrap_or_default()))
}

fn set_value(field: &Element, value: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
    }
}

/// What is selected on a page.
fn selected(page: &Element) -> Option<(Spot, Spot)> {
    let selection = window().get_selection().ok()??;
    let spot = |node: Option<Node>, offset: u32| {
        let node = node.filter(|node| page.contains(Some(node)))?;
        let element = match node.dyn_ref::<Element>() {
            Some(element) => element.clone(),
            None => node.parent_element()?,
        };
        let range = document().create_range().ok()?;
        range.set_start(&element, 0).ok()?;
        range.set_end(&node, offset).ok()?;
        let before = String::from(range.to_string());
        Some(Spot(Way::to(&element)?, before.encode_utf16().count()))
    };
    let from = spot(selection.anchor_node(), selection.anchor_offset())?;
    let to = spot(selection.focus_node(), selection.focus_offset())?;
    (!selection.is_collapsed()).then_some((from, to))
}

impl Way {
    fn to(element: &Element) -> Option<Self> {
        let is_of = |landmark: &&str| element.closest(landmark).ok().flatten().is_some();
        let landmark = LANDMARKS.into_iter().find(is_of)?;
        let top = element.closest(landmark).ok()??;
        let mut steps = Vec::new();
        let mut at = element.clone();
        while at != top {
            let mut index = 0;
            let mut before = at.previous_element_sibling();
            while let Some(sibling) = before {
                index += 1;
                before = sibling.previous_element_sibling();
            }
            steps.push(index);
            at = at.parent_element()?;
        }
        steps.reverse();
        Some(Self(landmark, steps))
    }

    fn follow(&self) -> Option<Element> {
        let mut at = document().query_selector(self.0).ok()??;
        for index in &self.1 {
            at = at.children().item(*index)?;
        }
        Some(at)
    }
}

impl Spot {
    fn find(&self) -> Option<(Node, u32)> {
        let element = self.0.follow()?;
        let mut left = self.1;
        within(&element, &mut left)
    }
}

/// The text node of `node` so many units into its text, and how far into that.
fn within(node: &Node, left: &mut usize) -> Option<(Node, u32)> {
    if node.node_type() == Node::TEXT_NODE {
        let length = node.node_value().unwrap_or_default().encode_utf16().count();
        if *left <= length && length > 0 {
            return Some((node.clone(), u32::try_from(*left).ok()?));
        }
        *left -= length;
    }
    let mut child = node.first_child();
    while let Some(node) = child {
        if let Some(found) = within(&node, left) {
            return Some(found);
        }
        child = node.next_sibling();
    }
    None
}

fn all(page: &Element, css: &str) -> Vec<Element> {
    let Ok(nodes) = page.query_selector_all(css) else { return Vec::new() };
    let nodes = (0..nodes.length()).filter_map(|index| nodes.get(index)?.dyn_into().ok());
    nodes.collect()
}
