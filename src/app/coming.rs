//! From a step to the page it leads to: asked for, waited for, shown.

use std::{pin::Pin, sync::Arc, time::Duration};

use futures::future::{LocalBoxFuture, MaybeDone, join, maybe_done, pending, select};
use gloo_timers::future::TimeoutFuture;
use haidang_engine::{
    lang::Lang,
    model::{Notice, NoticeLevel},
    route::{Route, Target},
};
use leptos::{prelude::*, task::spawn_local};
use web_sys::{AbortController, AbortSignal};

use super::{App, Way};
use crate::{
    backend::{Loader, Mode, warn},
    boot,
    browser::{breathe, say_stopped, yield_to_printed},
    head,
    i18n::Messages,
    navigation::{Kind, Step, lay_out_text, scroll_to},
    pages::{self, Loaded},
    ui,
};

/// Milliseconds after which a load shows that it is on.
const PATIENCE: Duration = Duration::from_millis(200);

/// A page on its way: it has been asked for.
pub struct Coming {
    step: Step,
    page: OnTheWay<Loaded>,
    words: OnTheWay<Result<Arc<Messages>, String>>,
    notices: Notices,
    abort: AbortSignal,
}

/// What comes, or has come and was not taken yet.
type OnTheWay<T> = MaybeDone<LocalBoxFuture<'static, T>>;

/// `None` if they could not be had.
type Notices = OnTheWay<Option<Told>>;

/// Notices, and whether they are of an earlier visit: there may be others by now.
struct Told {
    notices: Vec<Notice>,
    is_stale: bool,
}

impl Told {
    async fn ask(loader: Loader) -> Option<Self> {
        let notices = pages::notices(&loader).await?;
        let memory = loader.memory();
        Some(Self { notices, is_stale: memory.is_stale || memory.since.is_some() })
    }
}

/// Leaves a step to the browser.
fn leave(step: &Step) {
    let Target::Route(route) = &step.target else { return };
    let mark = if step.fragment.is_empty() { "" } else { "#" };
    // Fails only for an address that is none.
    let _ = window().location().assign(&[&*route.href(), mark, &*step.fragment].concat());
}

fn on_the_way<T>(coming: impl Future<Output = T> + 'static) -> OnTheWay<T> {
    maybe_done(Box::pin(coming))
}

/// What has come, if it has.
fn taken<T>(coming: &mut OnTheWay<T>) -> Option<T> {
    Pin::new(coming).take_output()
}

impl App {
    /// Asks for the first page, waits until the words of its language are here, without which nothing
    /// can be shown, and for the page itself as long as it is not slow.
    pub async fn begin(self, step: Step) -> Result<Coming, String> {
        const PATIENCE: u32 = 1000;
        let mut coming = self.ask(step).ok_or("the address is none of the portal's")?;
        yield_to_printed().await;
        let page = join(&mut coming.page, &mut coming.notices);
        let page = select(page, TimeoutFuture::new(PATIENCE));
        join(&mut coming.words, page).await;
        match &coming.words {
            MaybeDone::Done(Ok(words)) => self.i18n.speak(words.clone()),
            MaybeDone::Done(Err(cause)) => return Err(cause.clone()),
            _ => {}
        }
        Ok(coming)
    }

    /// Goes there: loads, and shows when loaded. A step taken before the last one is done ends it.
    pub fn go(self, step: Step) {
        if let Kind::Within(y) = step.kind {
            self.end_pending(None);
            self.is_waiting.set(false);
            lay_out_text();
            return scroll_to(y);
        }
        if self.with_way(|way| way.is_given_up) {
            return leave(&step);
        }
        if let Some(coming) = self.ask(step) {
            self.follow(coming);
        }
    }

    /// Waits for a page, and shows it.
    pub fn follow(self, coming: Coming) {
        let abort = coming.abort.clone();
        let waiting = set_timeout_with_handle(move || self.is_waiting.set(true), PATIENCE).ok();
        spawn_local(async move {
            self.arrive(coming).await;
            if let Some(waiting) = waiting {
                waiting.clear();
            }
            // Left in the meantime: the bar is the next page's.
            if !abort.aborted() {
                self.is_waiting.set(false);
            }
        });
    }

    /// Ends what is on its way; `next` will end what comes now.
    fn end_pending(self, next: Option<AbortController>) {
        self.with_way(|way| {
            if let Some(left) = std::mem::replace(&mut way.pending, next) {
                left.abort();
            }
        });
    }

    /// Asks for the page of a step; ends what was on its way.
    fn ask(self, step: Step) -> Option<Coming> {
        let Target::Route(route) = &step.target else { return None };
        let route = route.clone();
        let controller = AbortController::new().ok()?;
        let abort = controller.signal();
        self.end_pending(Some(controller));
        let mode = if step.kind == Kind::Again { Mode::Network } else { Mode::Cached };
        let loader = self.loader(&route, mode, &abort);
        let words = on_the_way(self.words(route.lang.clone()));
        // By a loader of their own: how old they are says nothing of the page, and the other way round.
        let notices = on_the_way(Told::ask(self.loader(&route, mode, &abort)));
        let page = on_the_way(async move { pages::load(&loader, &route).await });
        Some(Coming { step, page, words, notices, abort })
    }

    async fn arrive(self, coming: Coming) {
        // What comes later would push the page away from under the reader's eye.
        const HARDLY: u32 = 150;
        let Coming { step, mut page, mut words, mut notices, abort } = coming;
        // All are asked for at once; notices are waited for hardly longer than the rest.
        let rest = join(&mut page, &mut words);
        select(rest, join(&mut notices, pending::<()>())).await;
        select(&mut notices, TimeoutFuture::new(HARDLY)).await;
        if abort.aborted() {
            return self.uncover().await;
        }
        if self.with_way(|way| way.is_given_up) {
            return leave(&step);
        }
        let (Some(loaded), Some(words)) = (taken(&mut page), taken(&mut words)) else { return };
        let words = match words {
            Ok(words) => words,
            Err(cause) => {
                warn(&cause);
                if matches!(step.kind, Kind::Link | Kind::Language) {
                    // The reader stays where they can read the words.
                    return self.miss(step);
                }
                self.i18n.messages()
            }
        };
        let route = loaded.route.clone();
        let is_stale = loaded.memory.is_stale && step.kind != Kind::Again;
        let in_time = taken(&mut notices).flatten();
        let is_over = in_time.as_ref().is_some_and(|told| !told.is_stale);
        let has_told = in_time.is_some();
        if let Some(told) = in_time {
            self.announce(told.notices);
        }
        let is_printed = self.with_way(|way| way.printed.is_some());
        let takes_over = step.kind == Kind::Start && is_printed;
        let stays_printed = takes_over && loaded.data.is_failure();
        if takes_over && !stays_printed {
            // As it was printed, but for what has changed since; in a task before the one that shows.
            head::apply(self.site, self.i18n, &loaded);
        }
        if is_printed {
            breathe().await;
            // What is shown from here on is shown in one task: no later step comes in between.
            if abort.aborted() {
                return self.uncover().await;
            }
        }
        if stays_printed {
            // What was printed is there to be read, and its links lead on: the app takes over with the next step.
            self.commit(&route, &step.fragment, step.kind);
            say_stopped();
        } else {
            self.show(loaded, words, &step.fragment, step.kind).await;
        }
        if !is_over {
            // Beside the page: neither is to wait for the other.
            spawn_local(self.warn_late(notices, has_told, route.clone(), abort.clone()));
        }
        if is_stale {
            // What is shown may be painted first.
            breathe().await;
            let loader = self.loader(&route, Mode::Network, &abort);
            let newer = pages::load(&loader, &route).await;
            if !abort.aborted() && !newer.data.is_failure() {
                self.refresh(newer).await;
            }
        }
    }

    /// Announces what came after the page, if anything of it is urgent; the rest waits for the next page. A
    /// storm must not be missed because one request failed, or because what was kept was `told` already: it
    /// is asked for again while the page is read. What was told and is over goes.
    async fn warn_late(self, mut notices: Notices, told: bool, route: Route, abort: AbortSignal) {
        const PAUSES: [u32; 3] = [0, 5_000, 30_000];
        let is_over = |late: Option<Told>| {
            let Some(Told { notices: late, is_stale }) = late else { return false };
            let is_urgent = late.iter().any(|notice| notice.level == NoticeLevel::Emergency);
            if (is_urgent || told) && !abort.aborted() {
                let known = self.notices.get_untracked();
                let titles = ui::new_emergencies(self.site, &known, &late);
                self.announce(late);
                // It is above what the reader is at.
                if !titles.is_empty() {
                    self.say(titles);
                }
            }
            !is_stale
        };
        // What has come and failed is gone, and not waited for.
        if let MaybeDone::Future(_) = &notices {
            (&mut notices).await;
        }
        if is_over(taken(&mut notices).flatten()) {
            return;
        }
        // What failed just now would fail again.
        for pause in PAUSES.into_iter().skip(usize::from(!told)) {
            TimeoutFuture::new(pause).await;
            if abort.aborted() {
                return;
            }
            if is_over(Told::ask(self.loader(&route, Mode::Network, &abort)).await) {
                return;
            }
        }
    }

    pub(super) fn loader(self, route: &Route, mode: Mode, abort: &AbortSignal) -> Loader {
        let reads = self.site.preferences.with_untracked(|preferences| preferences.reads.clone());
        Loader::new(self.site.portal(), route.lang.clone(), reads, mode, abort.clone())
    }

    /// The words of a language, loaded once.
    async fn words(self, lang: Lang) -> Result<Arc<Messages>, String> {
        let known =
            |way: &mut Way| way.messages.iter().find(|words| *words.lang() == lang).cloned();
        if let Some(known) = self.with_way(known) {
            return Ok(known);
        }
        let words = boot::messages(&lang).await?;
        self.with_way(|way| way.messages.push(words.clone()));
        Ok(words)
    }
}
