//! The frame: which page a route shows, and what happens when the reader goes from one to the next.

mod coming;
mod shown;

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use haidang_engine::{
    lang::Lang,
    model::Notice,
    profile::Portal,
    route::{Page, Route, Target},
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use web_sys::AbortController;

use crate::{
    backend::kept,
    handover::TakeOver,
    i18n::{I18n, Messages, msg},
    navigation::{History, Kind, Step},
    offline::keeper,
    pages::{self, Loaded},
    preferences::Preferences,
    site::Site,
    ui,
    view::{View, build_whole, el, live, next_frame},
};

/// How long what is kept waits for the page.
const LATER: Duration = Duration::from_secs(4);

/// The running portal.
#[derive(Clone, Copy)]
pub struct App {
    /// The words in force.
    pub i18n: I18n,
    site: Site,
    /// What is shown.
    shown: RwSignal<Loaded>,
    /// In force now.
    notices: RwSignal<Vec<Notice>>,
    /// A page has been on its way for a while.
    is_waiting: RwSignal<bool>,
    /// A step into a language whose words did not come.
    missed: RwSignal<Option<Step>>,
    /// Read out by screen readers.
    status: RwSignal<String>,
    way: StoredValue<SendWrapper<Rc<RefCell<Way>>>>,
}

/// The reader's way: where from, and the page that is coming; and the words learnt on it.
#[derive(Default)]
struct Way {
    history: Option<History>,
    /// The printed page in whose place the first page comes.
    printed: Option<TakeOver>,
    /// Whether a page has been shown.
    has_shown: bool,
    /// Whether none will be.
    is_given_up: bool,
    pending: Option<AbortController>,
    messages: Vec<Arc<Messages>>,
    /// How often something was to be said.
    said: usize,
}

/// Lets a view go to another page, e.g. by a form.
#[derive(Clone, Copy)]
pub struct Navigate(pub Callback<Route>);

impl Navigate {
    /// Goes there as by a link.
    pub fn to(self, route: Route) {
        self.0.run(route);
    }
}

/// Lets a view ask for the shown page again, e.g. after a failure.
#[derive(Clone, Copy)]
pub struct Reload(pub Callback<()>);

impl Reload {
    /// Loads the page again from the network.
    pub fn run(self) {
        self.0.run(());
    }
}

impl App {
    /// A portal that shows nothing yet.
    pub fn new(portal: Arc<Portal>, preferences: Preferences) -> Self {
        let i18n = I18n::new(Arc::default(), &portal.timezone);
        let nowhere = Route { lang: portal.default.clone(), page: Page::Front };
        Self {
            i18n,
            site: Site::new(portal, String::new(), preferences),
            shown: RwSignal::new(Loaded::nothing(nowhere)),
            notices: RwSignal::new(Vec::new()),
            is_waiting: RwSignal::new(false),
            missed: RwSignal::new(None),
            status: RwSignal::new(String::new()),
            way: StoredValue::new(SendWrapper::new(Rc::default())),
        }
    }

    /// A portal that shows `loaded`, to be printed.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn printed(
        portal: Arc<Portal>,
        messages: Arc<Messages>,
        loaded: Loaded,
        notices: Vec<Notice>,
    ) -> Self {
        let app = Self::new(portal, Preferences::default());
        app.i18n.speak(messages);
        let route = &loaded.route;
        app.site.address.set(app.site.href(route.lang.clone(), route.page.clone()));
        app.notices.set(notices);
        app.shown.set(loaded);
        app
    }

    /// What the shown page says of itself; `absolute` as in [`crate::head::Head::new`].
    #[cfg(not(target_arch = "wasm32"))]
    pub fn head(self, absolute: &dyn Fn(&str) -> String) -> crate::head::Head {
        self.shown
            .with_untracked(|shown| crate::head::Head::new(self.site, self.i18n, shown, absolute))
    }

    /// Begins to follow the reader; the first step is the address the page was opened at, with the
    /// root already sent to the best of the `wanted` languages.
    pub fn start(self, wanted: &[Lang]) -> Step {
        let portal = self.site.portal();
        let history = History::follow(portal.clone(), move |step| self.go(step));
        let start = history.start();
        self.with_way(|way| way.history = Some(history));
        // For the life of the page. Paper has no first screen.
        let _ = window_event_listener_untyped("beforeprint", |_| build_whole(true));
        let lang = portal.best_language(wanted);
        let step = start.unwrap_or(Step {
            target: Target::Root,
            fragment: String::new(),
            kind: Kind::Start,
        });
        let page = match step.target {
            Target::Route(route) => return Step { target: Target::Route(route), ..step },
            Target::Root => Page::Front,
            Target::Unknown(path) => Page::NotFound(path),
        };
        Step { target: Target::Route(Route { lang, page }), ..step }
    }

    /// Nothing can be shown: where there is a printed page, its links lead on as links.
    pub fn give_up(self) {
        let has_gone_on = self.with_way(|way| {
            way.is_given_up = true;
            way.has_shown
        });
        if has_gone_on {
            // To where nobody sees it: the printed page of that address is to be seen.
            let _ = window().location().reload();
        }
    }

    /// The first page will take the place of a printed one.
    pub fn take_over(self, printed: TakeOver) {
        self.with_way(|way| way.printed = Some(printed));
    }

    /// Says that the words of a step's language did not come.
    fn miss(self, step: Step) {
        self.say(self.missed_text(&step));
        if self.missed.with_untracked(|missed| missed.as_ref() != Some(&step)) {
            self.missed.set(Some(step));
        }
    }

    fn missed_text(self, step: &Step) -> String {
        let Target::Route(route) = &step.target else { return String::new() };
        let (tag, own) = self.site.language(&route.lang);
        let language = self.i18n.language_name(&tag, &own);
        self.i18n.fill(msg::LANG_FAILED, &[("language", &language)])
    }

    /// Tells who hears the page, unless something else is to be said by then. What is said again must first be gone;
    /// neither is in the frame that the reader waits for.
    fn say(self, text: String) {
        let number = self.with_way(|way| {
            way.said += 1;
            way.said
        });
        spawn_local(async move {
            for text in [String::new(), text] {
                next_frame().await;
                if self.with_way(|way| way.said) != number {
                    return;
                }
                self.status.set(text);
            }
        });
    }

    fn announce(self, notices: Vec<Notice>) {
        if self.notices.with_untracked(|known| *known != notices) {
            self.notices.set(notices);
        }
    }

    /// The same page again, from the network.
    fn reload(self) {
        let route = self.shown.with_untracked(|shown| shown.route.clone());
        let target = Target::Route(route);
        self.go(Step { target, fragment: String::new(), kind: Kind::Again });
    }

    fn with_way<T>(self, f: impl FnOnce(&mut Way) -> T) -> T {
        self.way.with_value(|way| f(&mut way.borrow_mut()))
    }

    /// Registers what keeps the portal when there is no network, and follows its updates.
    pub fn watch_updates(self) {
        ui::watch_updates(self.site, self.i18n);
    }

    /// Once the page is there, sees to what is kept: it follows its publisher.
    fn keep_up(self) {
        let portal = self.site.portal();
        if !kept::is_marked(&portal.id) || self.site.saves_data() {
            return;
        }
        set_timeout(
            move || {
                spawn_local(async move {
                    // A part that does not come leaves what is kept as it is.
                    if let Ok(keeper) = keeper().await {
                        (keeper.upkeep)(portal).await;
                    }
                });
            },
            LATER,
        );
    }

    /// The portal: header, page, footer.
    pub fn view(self) -> View {
        provide_context(self.i18n);
        provide_context(self.site);
        provide_context(Reload(Callback::new(move |()| self.reload())));
        provide_context(Navigate(Callback::new(move |route| {
            let target = Target::Route(route);
            self.go(Step { target, fragment: String::new(), kind: Kind::Link });
        })));
        let i18n = self.i18n;
        // A page of the same identity is kept and follows its data; another one takes its place.
        let identity = Memo::new(move |_| self.shown.with(|shown| shown.data.identity()));
        let page = live(move || {
            // Read, not only tracked: a memo nobody reads follows nothing.
            identity.with(String::len);
            pages::view(self.shown)
        });
        let site = self.site;
        let skip = el("a").class("skip").live_attr("href", move || site.fragment("content"));
        let main = el("main").attr("id", "content").attr("tabindex", "-1");
        let missed = live(move || {
            let step = self.missed.get()?;
            let text = self.missed_text(&step);
            let again = el("button")
                .attr("type", "button")
                .class("link")
                .on("click", move |_| self.go(step.clone()))
                .child(i18n.text(msg::BOOT_RETRY));
            Some(el("p").class("stale missed").child(text).child(" ").child(again))
        });
        self.keep_up();
        let status = el("p").class("visually-hidden").attr("role", "status");
        View::from([
            skip.child(live(i18n.t(msg::NAV_SKIP))).into(),
            ui::progress(self.is_waiting),
            ui::header(self.shown),
            ui::notices(self.shown, self.notices),
            ui::waiting(),
            main.child(missed).child(ui::staleness(self.shown)).child(page).into(),
            ui::footer(),
            status.child(live(move || self.status.get())).into(),
        ])
    }
}
