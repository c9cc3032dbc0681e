//! A stream of events (HTML, "server-sent events"), closed when it is dropped. The browser connects again by
//! itself with the id of the last event, unless it was refused.

use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

use super::line::Told;

/// The names of the events that are listened for.
const NAMES: [&str; 3] = ["message", "rules", "reset"];

/// What happens to a stream.
pub enum Event {
    /// It is there.
    Opened,
    /// It broke off; with `is_over` the browser does not try again.
    Lost {
        /// Whether it must be opened anew.
        is_over: bool,
    },
    /// It says something.
    Told(Told),
}

/// What the browser calls.
type Listener = Closure<dyn Fn(web_sys::Event)>;

/// A stream that is open.
pub struct Stream {
    source: EventSource,
    _kept: SendWrapper<Vec<Listener>>,
}

impl Stream {
    /// Opens the stream at `address`; `None` if it is none.
    pub fn open(address: &str, call: impl Fn(Event) + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(address).ok()?;
        let mut kept = Vec::new();
        let mut listen = |name: &str, listener: Listener| {
            let function = listener.as_ref().unchecked_ref();
            // Fails only for what is no function.
            let _ = source.add_event_listener_with_callback(name, function);
            kept.push(listener);
        };
        for name in NAMES {
            let call = call.clone();
            let listener = Listener::new(move |event: web_sys::Event| {
                let Ok(event) = event.dyn_into::<MessageEvent>() else { return };
                call(Event::Told(Told {
                    id: event.last_event_id(),
                    kind: event.type_(),
                    data: event.data().as_string().unwrap_or_default(),
                    after: String::new(),
                }));
            });
            listen(name, listener);
        }
        listen(
            "open",
            Closure::new({
                let call = call.clone();
                move |_| call(Event::Opened)
            }),
        );
        listen(
            "error",
            Closure::new(move |event: web_sys::Event| {
                let source = event.target().and_then(|it| it.dyn_into::<EventSource>().ok());
                let is_over =
                    source.is_none_or(|source| source.ready_state() == EventSource::CLOSED);
                call(Event::Lost { is_over });
            }),
        );
        Some(Self { source, _kept: SendWrapper::new(kept) })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}
