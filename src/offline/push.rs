//! Being told of emergencies while no page of the portal is open: Web Push, where the portal's server offers
//! it and the browser can (<https://www.w3.org/TR/push-api/>).

use haidang_engine::{json, lang::Lang, profile::Portal};
use js_sys::{JSON, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;

use super::unbound::call;
use crate::backend::{fetch_text, send_text};

/// Whether this browser is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// There is nothing to be told by.
    Nothing,
    /// It could be, by the server's key.
    Off(String),
    /// It is.
    On,
    /// The reader has forbidden it, in the browser.
    Denied,
}

/// How it stands with the portal's first source that speaks the native API.
pub async fn state(portal: &Portal) -> State {
    let Some(manager) = manager().await else { return State::Nothing };
    let Some(base) = base(portal) else { return State::Nothing };
    let offer = fetch_text(&format!("{base}/push")).await.ok();
    let offer = offer.and_then(|offer| json::parse(&offer).ok());
    let key = offer.as_ref().and_then(|offer| offer.get("key")?.as_str());
    let Some(key) = key else { return State::Nothing };
    let permission = Reflect::get(&window(), &"Notification".into())
        .and_then(|notification| Reflect::get(&notification, &"permission".into()));
    if permission.is_ok_and(|permission| permission.as_string().as_deref() == Some("denied")) {
        return State::Denied;
    }
    match call(&manager, "getSubscription", None).await {
        Some(subscription) if subscription.is_object() && is_by(&subscription, key) => State::On,
        _ => State::Off(key.to_owned()),
    }
}

/// Asks the browser, and with it the reader, and then the server; `false` if one of them did not want.
pub async fn subscribe(portal: &Portal, key: &str, lang: &Lang) -> bool {
    let options = Object::new();
    // Properties of a plain object.
    let _ = Reflect::set(&options, &"userVisibleOnly".into(), &true.into());
    let _ = Reflect::set(&options, &"applicationServerKey".into(), &key.into());
    let subscribed = async {
        // Browsers refuse a second one by another key.
        unsubscribe(portal).await;
        let made = call(&manager().await?, "subscribe", Some(&options)).await?;
        let text = JSON::stringify(&made).ok()?.as_string()?;
        let made: Value = json::parse(&text).ok()?;
        let text = |at: &str| Some(made.pointer(at)?.as_str()?.to_owned());
        let body = json!({
            "endpoint": text("/endpoint")?,
            "p256dh": text("/keys/p256dh")?,
            "auth": text("/keys/auth")?,
            "lang": lang.as_str(),
        });
        send_text(&format!("{}/push", base(portal)?), body.to_string()).await.ok()
    };
    if subscribed.await.is_some() {
        return true;
    }
    // A browser that waits for nobody is not to stay subscribed.
    unsubscribe(portal).await;
    false
}

/// Ends it, with the browser and with the server.
pub async fn unsubscribe(portal: &Portal) -> Option<()> {
    let subscription = call(&manager().await?, "getSubscription", None).await?;
    let endpoint = Reflect::get(&subscription, &"endpoint".into()).ok()?.as_string()?;
    call(&subscription, "unsubscribe", None).await?;
    let body = json::written(&json!({ "endpoint": endpoint }));
    // Else it forgets when the browser's maker says that nobody is there.
    send_text(&format!("{}/push/forget", base(portal)?), body).await.ok()
}

/// Whether a subscription is by the server's key, as far as the browser says: by another it is void.
fn is_by(subscription: &JsValue, key: &str) -> bool {
    let at =
        |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok().filter(JsValue::is_object);
    let by = at(subscription, "options").and_then(|said| at(&said, "applicationServerKey"));
    let Some(by) = by else { return true };
    let bytes: String = Uint8Array::new(&by).to_vec().into_iter().map(char::from).collect();
    let text = window().btoa(&bytes).unwrap_or_default().replace('+', "-").replace('/', "_");
    text.trim_end_matches('=') == key.trim_end_matches('=')
}

fn base(portal: &Portal) -> Option<&str> {
    let native = portal.sources.iter().find(|source| source.profile.is_none())?;
    Some(native.base.trim_end_matches('/'))
}

/// The registration's `pushManager`; the worker must be there.
async fn manager() -> Option<JsValue> {
    let workers = Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?;
    let registration = call(&workers, "getRegistration", None).await?;
    Reflect::get(&registration, &"pushManager".into()).ok().filter(JsValue::is_object)
}
