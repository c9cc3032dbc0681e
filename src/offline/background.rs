//! Background Sync, where a browser has it: the service worker is woken once there is a network, even if no
//! page of the portal is open by then (`worker/outbox.js`).

use js_sys::Reflect;
use leptos::prelude::{document, window};

use super::unbound::call;

/// By this name the worker knows what it is woken for.
const TAG: &str = "outbox";

/// Asks for the worker to be woken. Where there is none, or the reader has forbidden it, a page sends what waits
/// when it is next opened.
pub async fn wake_later() -> Option<()> {
    // In a page of others the worker is theirs, and knows nothing of our outbox.
    document().document_element().filter(|root| root.has_attribute("data-build"))?;
    let workers = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    let registration = call(&workers, "getRegistration", None).await?;
    let sync = Reflect::get(&registration, &"sync".into()).ok()?;
    call(&sync, "register", Some(&TAG.into())).await.map(|_| ())
}
