//! What has come takes its place: on the page, in the head and in the address, with the reader where the step meant.

use std::sync::Arc;

use haidang_engine::route::Route;
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};

use super::{App, Way};
use crate::{
    head,
    i18n::{Messages, msg},
    navigation::{
        History, Kind, Place, focus_fragment, focus_heading, focus_in_place, focus_link, focused,
        lay_out_text, lay_out_whole, scroll_to, unfocus,
    },
    pages::Loaded,
    view::{build_rest, build_whole, next_frame},
};

impl App {
    /// Puts a loaded page in place, and the reader where the step meant. The head is there where
    /// the page takes the place of the printed one.
    pub(super) async fn show(
        self,
        loaded: Loaded,
        messages: Arc<Messages>,
        fragment: &str,
        kind: Kind,
    ) {
        let place = matches!(kind, Kind::Language | Kind::Again).then(Place::now);
        let route = loaded.route.clone();
        let name = self.site.language(&route.lang).1;
        if kind == Kind::Language {
            self.site.prefer(|preferences| preferences.lang = Some(route.lang.clone()));
        }
        let unfocused = match kind {
            Kind::Link | Kind::Back(_) | Kind::Language => unfocus(),
            // The printed page goes by itself; what is pressed again stays, as a rule.
            Kind::Start | Kind::Again | Kind::Within(_) => None,
        };
        self.i18n.speak(messages);
        self.missed.set(None);
        self.commit(&route, fragment, kind);
        let title = loaded.data.title(self.i18n);
        let headline = loaded.data.headline();
        let other =
            headline.map(|headline| headline.lang.clone()).filter(|lang| *lang != route.lang);
        let (is_failure, memory) = (loaded.data.is_failure(), loaded.memory);
        let scrolled = self.with_way(|way| way.history.as_ref().map(History::scrolled));
        let scrolled = scrolled.unwrap_or_default();
        let printed = self.with_way(|way| {
            way.has_shown = true;
            way.printed.take()
        });
        let takes_over = kind == Kind::Start && printed.is_some();
        match kind {
            // Its parts come one after the other, below.
            Kind::Start if takes_over => {}
            Kind::Start => lay_out_whole(!fragment.is_empty() || scrolled > 0),
            Kind::Link => lay_out_whole(!fragment.is_empty()),
            Kind::Back(y) => lay_out_whole(y > 0),
            // The reader stays where they are.
            Kind::Language | Kind::Again | Kind::Within(_) => {
                build_whole(place.as_ref().is_some_and(Place::is_past_the_start));
            }
        }
        if !takes_over {
            lay_out_text();
            head::name(self.site, self.i18n, &loaded);
        }
        self.shown.set(loaded);
        // The views follow in the next microtask.
        tick().await;
        let has_place = match printed {
            Some(printed) => {
                // It takes the place of a page that is there whole.
                build_rest().await;
                printed.swap(!fragment.is_empty() || scrolled > 0).await
            }
            None => false,
        };
        let said = match kind {
            // The reader stays where they are.
            Kind::Start if has_place => None,
            Kind::Start if focus_fragment(fragment) => None,
            // It is at its top, and to ask for that would lay it out.
            Kind::Start if scrolled == 0 => None,
            Kind::Start => {
                scroll_to(scrolled);
                None
            }
            Kind::Link => {
                if !focus_fragment(fragment) {
                    scroll_to(0);
                    focus_heading();
                }
                Some(self.i18n.fill(msg::STATUS_LOADED, &[("title", &title)]))
            }
            Kind::Back(y) => {
                let left_by = self.with_way(|way| way.history.as_ref()?.left_by());
                // It may be one of those that would come a frame later.
                let focus = |href: String| {
                    focus_link(&href) || {
                        build_whole(true);
                        focus_link(&href)
                    }
                };
                if !left_by.is_some_and(focus) {
                    focus_heading();
                }
                scroll_to(y);
                None
            }
            Kind::Language => {
                if let Some(place) = place {
                    place.restore();
                }
                Some(match other {
                    Some(lang) => {
                        let (tag, own) = self.site.language(&lang);
                        let language = self.i18n.language_name(&tag, &own);
                        self.i18n.fill(msg::LANG_SWITCHED_FALLBACK, &[("language", &language)])
                    }
                    None => self.i18n.fill(msg::LANG_SWITCHED, &[("language", &name)]),
                })
            }
            Kind::Again => match memory.since {
                Some(since) => {
                    let time = self.i18n.instant(since);
                    Some(self.i18n.fill(msg::FAILURE_STALE, &[("time", &time)]))
                }
                None if is_failure => Some(title),
                None => {
                    focus_heading();
                    Some(self.i18n.fill(msg::STATUS_LOADED, &[("title", &title)]))
                }
            },
            // Does not load, see `go`.
            Kind::Within(_) => None,
        };
        // What was pressed may be gone, with the focus on it.
        if matches!(kind, Kind::Language | Kind::Again) && focused().is_none() {
            match unfocused.filter(|element| element.is_connected()) {
                Some(element) => focus_in_place(&element),
                None => focus_heading(),
            }
        }
        if kind != Kind::Start {
            self.say(said.unwrap_or_default());
        }
        if !takes_over {
            spawn_local(async move {
                next_frame().await;
                // Of what is shown by then.
                self.shown.with_untracked(|shown| head::describe(self.site, self.i18n, shown));
            });
        }
    }

    /// Makes the route the address of what is shown.
    pub(super) fn commit(self, route: &Route, fragment: &str, kind: Kind) {
        self.with_way(|way| {
            if let Some(history) = &way.history {
                history.commit(&route.href(), fragment, kind);
            }
        });
        self.site.address.set(self.site.href(route.lang.clone(), route.page.clone()));
    }

    /// A reader who was quicker than the first page, which they left with it, has been shown the next one behind
    /// the printed one: it gives way.
    pub(super) async fn uncover(self) {
        let take = |way: &mut Way| way.has_shown.then(|| way.printed.take()).flatten();
        if let Some(printed) = self.with_way(take) {
            build_rest().await;
            printed.swap(false).await;
        }
    }

    /// Puts what the network has answered in the place of the same page from memory, if it says
    /// anything else; the reader stays where they are.
    pub(super) async fn refresh(self, newer: Loaded) {
        let (since, route, identity) = self.shown.with_untracked(|shown| {
            (shown.memory.since, shown.route.clone(), shown.data.identity())
        });
        // What has been withdrawn is another page, which says so.
        let is_same = newer.data.identity() == identity;
        if is_same && !newer.memory.is_new && newer.memory.since == since {
            return;
        }
        let place = Place::now();
        let link = focused().and_then(|element| element.get_attribute("href"));
        // Perhaps there is a better version by now.
        if newer.route != route {
            self.commit(&newer.route, "", Kind::Again);
        }
        head::apply(self.site, self.i18n, &newer);
        lay_out_text();
        build_whole(true);
        self.shown.set(newer);
        tick().await;
        if focused().is_none()
            && let Some(href) = link
        {
            focus_link(&href);
        }
        place.restore();
    }
}
