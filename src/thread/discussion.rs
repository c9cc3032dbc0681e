//! The thread itself: the engine's store, what the rows, forms and tools around it share, and how they are
//! put together.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use haidang_engine::{
    model::ThreadRules,
    thread::{NodeId, Order, Store},
    time::Timestamp,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::{AbortController, AbortSignal, Element as Node};

use super::{
    Place,
    arrivals::arrivals,
    clock,
    composer::composer,
    feed, keys, line,
    list::List,
    loading::{Loading, Then},
    look::Look,
    muted::Muted,
    named, pressed, seen, signature,
    toolbar::toolbar,
    writing::{self, Writing},
};
use crate::{
    backend::{Loader, Mode},
    host::{Host, Told, Wish},
    i18n::{I18n, msg},
    site::{Site, use_site},
    ui::saved_copy,
    view::{Element, View, el, live},
};

/// What the rows and forms of a thread share.
#[derive(Clone, Copy)]
pub struct Discussion {
    pub(super) site: Site,
    pub(super) i18n: I18n,
    pub(super) source: StoredValue<String>,
    pub(super) id: StoredValue<String>,
    pub(super) store: RwSignal<Store>,
    /// See [`Store::edition`].
    edition: Memo<u64>,
    /// How many there are in all, loaded or not, as far as the backend says.
    pub(super) total: RwSignal<u32>,
    pub(super) loading: RwSignal<Loading>,
    /// The network was asked in vain: what is shown is from memory, and was fetched then.
    pub(super) kept: RwSignal<Option<Timestamp>>,
    /// The comment that is being answered.
    pub(super) replying: RwSignal<Option<String>>,
    /// Read out by screen readers, and shown below the form.
    pub(super) said: RwSignal<String>,
    pub(super) is_open: bool,
    /// What is written in it.
    pub(super) writing: Writing,
    /// What goes in the thread, as the backend said last.
    pub(super) rules: RwSignal<Option<ThreadRules>>,
    /// Where the stream of changes stood when the thread was loaded.
    pub(super) at: StoredValue<Option<String>>,
    /// The cursors of the pages that are loaded; the first page has none.
    pub(super) pages: StoredValue<Vec<Option<String>>>,
    /// What the reader looks at.
    pub(super) look: RwSignal<Look>,
    pub(super) muted: Muted,
    /// When the reader was here last.
    pub(super) since: StoredValue<Option<Timestamp>>,
    /// Whether the reader has been in the thread: nothing is said and nothing loads by itself before.
    pub(super) entered: RwSignal<bool>,
    pub(super) feed: feed::Feed,
    pub(super) list: StoredValue<SendWrapper<Option<Rc<List>>>>,
    /// The comment that was gone to last.
    marked: StoredValue<SendWrapper<Option<Node>>>,
    /// The comment to go to once what is on its way is there.
    pub(super) sought: StoredValue<Option<String>>,
    /// Ends what is asked for when the reader leaves the page.
    pub(super) leaving: StoredValue<SendWrapper<Option<AbortController>>>,
}

/// The thread at `place`: comments, and a form if it is open.
pub fn discussion(place: Place) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let discussion = Discussion::new(site, i18n, place);
    discussion.leaving.set_value(SendWrapper::new(AbortController::new().ok()));
    on_cleanup({
        let leaving = discussion.leaving.get_value();
        move || {
            if let Some(leaving) = &*leaving {
                leaving.abort();
            }
        }
    });
    discussion.load(None, named().map_or(Then::Read, Then::Show));
    discussion.follow_address();
    discussion.obey_host();
    discussion.tell_host();
    line::start(discussion);
    writing::follow(discussion);
    let rows = |rows: Element| {
        rows.bind(move |place| discussion.begin(place))
            .on("click", move |event| pressed::press(discussion, &event))
            .on("beforematch", move |event| pressed::found(discussion, &event))
    };
    let thread = discussion.view(rows);
    thread
        .on("keydown", move |event| keys::press(discussion, event))
        .on("focusin", move |_| discussion.enter())
        .on("pointerdown", move |_| discussion.enter())
        .into()
}

impl Discussion {
    /// A thread that has just begun.
    pub(super) fn new(site: Site, i18n: I18n, place: Place) -> Self {
        let portal = site.portal().id.clone();
        let since = seen::visit(&portal, &place.source, &place.id);
        let store = RwSignal::new(Store::new(Order::Oldest));
        Self {
            site,
            i18n,
            source: StoredValue::new(place.source),
            id: StoredValue::new(place.id),
            store,
            edition: Memo::new(move |_| store.with(Store::edition)),
            total: RwSignal::new(0),
            loading: RwSignal::new(Loading::Busy),
            kept: RwSignal::new(None),
            replying: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            is_open: place.is_open,
            writing: Writing::new(site),
            rules: RwSignal::new(None),
            at: StoredValue::new(None),
            pages: StoredValue::default(),
            look: RwSignal::new(Look::default()),
            muted: Muted::load(&portal),
            since: StoredValue::new(since),
            entered: RwSignal::new(false),
            feed: feed::Feed::default(),
            list: StoredValue::new(SendWrapper::new(None)),
            marked: StoredValue::new(SendWrapper::new(None)),
            sought: StoredValue::new(None),
            leaving: StoredValue::new(SendWrapper::new(None)),
        }
    }

    /// How it looks; `rows` makes the comments of what they are in.
    pub(super) fn view(self, rows: impl FnOnce(Element) -> Element) -> Element {
        let i18n = self.i18n;
        let count = Memo::new(move |_| {
            // Others are not counted by the backend either.
            let public = |store: &Store| {
                let rows = store.rows().iter().filter_map(|row| store.comment(row.node));
                rows.filter(|comment| feed::is_public(comment)).count()
            };
            let here = u32::try_from(self.said(public)).unwrap_or(u32::MAX);
            here.max(self.total.get())
        });
        let title = move || match count.get() {
            0 => i18n.text(msg::COMMENTS_TITLE),
            count => i18n.plural(msg::COMMENTS_COUNT, count),
        };
        let may_write = move || {
            self.is_open && self.rules.with(|rules| rules.as_ref().is_none_or(|rules| rules.open))
        };
        let may_write = Memo::new(move |_| may_write());
        // The form is another one for whom the portal knows, which is told with the rules.
        let is_known = Memo::new(move |_| signature::is_known(self));
        let form = live(move || {
            is_known.track();
            if may_write.get() {
                untrack(|| composer(self, None))
            } else {
                el("p").class("note").child(live(i18n.t(msg::COMMENTS_CLOSED)))
            }
        });
        let said = el("p")
            .class("thread-said")
            .attr("role", "status")
            .child(live(move || self.said.get()));
        let title = el("h2")
            .attr("id", "comments-title")
            .attr("aria-level", self.site.level(2))
            .child(live(title));
        el("section")
            .class("thread")
            .attr("id", "comments")
            .attr("aria-labelledby", "comments-title")
            .live_attr("aria-busy", move || {
                (self.loading.get() == Loading::Busy).then(|| "true".to_owned())
            })
            .child(title)
            .child(form)
            .child(said)
            .child(live(move || {
                let retry = Some(move || self.reload());
                Some(saved_copy(i18n, self.kept.get()?, retry))
            }))
            .child(toolbar(self))
            .child(arrivals(self))
            .child(rows(el("div").class("comments").attr("role", "list")))
            .child(live(move || self.state()))
    }

    /// Puts the rows on the page.
    fn begin(self, place: Node) {
        let list = List::new(self, place);
        self.list.set_value(SendWrapper::new(Some(list.clone())));
        clock::run({
            let list = Rc::downgrade(&list);
            move || {
                if let Some(list) = list.upgrade() {
                    list.tick();
                }
            }
        });
        let list = Rc::downgrade(&list);
        let effect = RenderEffect::new(move |_| {
            if let Some(list) = list.upgrade() {
                list.follow();
            }
        });
        on_cleanup({
            let effect = SendWrapper::new(effect);
            move || drop(effect)
        });
    }

    /// The reader is in the thread.
    fn enter(self) {
        if !self.entered.get_untracked() {
            self.entered.set(true);
        }
    }

    /// Reads what was said. Tracks that, and not what is folded away.
    pub(super) fn said<T>(self, read: impl FnOnce(&Store) -> T) -> T {
        self.edition.get();
        self.store.with_untracked(read)
    }

    /// What the rows are in.
    pub(super) fn place(self) -> Option<Node> {
        self.list.try_with_value(|list| list.as_ref().map(|list| list.place().clone())).flatten()
    }

    /// Changes when what every row depends on does. Tracks.
    pub(super) fn age(self) -> u64 {
        let mut key = DefaultHasher::new();
        (self.i18n.lang(), self.muted.names()).hash(&mut key);
        key.finish()
    }

    /// Marks the comment that is gone to.
    pub(super) fn mark(self, article: &Node) {
        // Fails only for a name that is none.
        let _ = article.set_attribute("data-found", "");
        let before = self.marked.with_value(|marked| (**marked).clone());
        if let Some(before) = before.filter(|before| before != article) {
            let _ = before.remove_attribute("data-found");
        }
        self.marked.set_value(SendWrapper::new(Some(article.clone())));
    }

    /// The comment that was gone to last.
    pub(super) fn last(self) -> Option<NodeId> {
        let marked = self.marked.with_value(|marked| (**marked).clone())?;
        super::pressed::node_of(self, &marked)
    }

    /// Asks on behalf of the thread, until `abort`.
    pub(super) fn loader(self, abort: AbortSignal) -> Loader {
        Loader::new(self.site.portal(), self.i18n.lang(), Vec::new(), Mode::Network, abort)
    }

    /// Goes to the comment that the address names from now on.
    fn follow_address(self) {
        let listening = window_event_listener_untyped("hashchange", move |_| {
            if let Some(named) = named().filter(|named| named.starts_with("comment-")) {
                self.seek(named);
            }
        });
        on_cleanup(move || listening.remove());
    }

    /// Goes to the comment `named`, which may have to be loaded.
    fn seek(self, named: String) {
        if self.show(&named) {
            return;
        }
        match self.loading.try_get_untracked() {
            Some(Loading::Done(Some(next))) => self.load(Some(next), Then::Show(named)),
            Some(Loading::Busy) => self.sought.set_value(Some(named)),
            _ => {}
        }
    }

    /// Tells the page around the element when the first comments are there, and when they did not come.
    fn tell_host(self) {
        let Some(host) = use_context::<Host>() else { return };
        let effect = RenderEffect::new(move |_| {
            let came = match self.loading.get() {
                Loading::Busy => return,
                Loading::Done(_) => true,
                Loading::Failed(..) => false,
            };
            untrack(|| host.tell(Told::Here { came }));
        });
        on_cleanup({
            let effect = SendWrapper::new(effect);
            move || drop(effect)
        });
    }

    /// Does what the page around the element wishes, if the thread is in one.
    fn obey_host(self) {
        let Some(host) = use_context::<Host>() else { return };
        host.obey(move |wish| match wish {
            Wish::Refresh => match self.loading.try_get_untracked() {
                Some(Loading::Failed(_, cursor)) => self.load(cursor, Then::Read),
                _ => self.reload(),
            },
            Wish::Show(id) => self.seek(format!("comment-{id}")),
        });
    }
}
