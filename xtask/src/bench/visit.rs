//! A visit with nothing at hand: how long until the text shows, and what it took.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    browser::{Browser, Tab, number, text},
    conditions,
};

const SHOWN: &str = include_str!("shown.js");

/// A file of a visit.
pub struct Transfer {
    /// Path and query.
    pub address: String,
    /// How it was compressed; empty if it was not.
    pub encoding: String,
    /// Bytes of the body as transferred.
    pub body: f64,
    /// Bytes of the header.
    pub header: f64,
}

/// Milliseconds from a cold start at `url` to the text on the screen.
pub fn cold_start(browser: &mut Browser, url: &str) -> Result<f64> {
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    conditions::slow_line(&mut tab)?;
    conditions::slow_cpu(&mut tab)?;
    open(&mut tab, url).map(|(milliseconds, _)| milliseconds)
}

/// What an expression gives in the page at `url` once its article shows.
pub fn evaluate(browser: &mut Browser, url: &str, expression: &str) -> Result<String> {
    let mut tab = browser.tab()?;
    open(&mut tab, url)?;
    let value = tab.evaluate(expression)?;
    value.as_str().map(str::to_owned).with_context(|| format!("no text at {url}: {value}"))
}

/// Everything but pictures that a first visit to `url` transfers until the network is quiet.
pub fn transfers(browser: &mut Browser, url: &str) -> Result<Vec<Transfer>> {
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    tab.call("Network.enable", json!({}))?;
    tab.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true }))?;
    let (_, loader) = open(&mut tab, url)?;
    tab.event("Page.lifecycleEvent", |event| {
        event.get("name").and_then(Value::as_str) == Some("networkIdle")
            && event.get("loaderId").and_then(Value::as_str) == Some(loader.as_str())
    })?;
    let finished = tab.events("Network.loadingFinished");
    let responses = tab.events("Network.responseReceived");
    let is_picture = |event: &&Value| {
        text(event, "/response/mimeType").is_ok_and(|kind| kind.starts_with("image/"))
    };
    let responses = responses.iter().filter(|event| !is_picture(event));
    responses.filter_map(|response| transfer(response, &finished).transpose()).collect()
}

/// `None` for what took no transfer of its own: a file the browser has from a preload.
fn transfer(event: &Value, finished: &[Value]) -> Result<Option<Transfer>> {
    let id = text(event, "/requestId")?;
    let end = finished.iter().find(|end| text(end, "/requestId").ok() == Some(id));
    let Some(end) = end else { return Ok(None) };
    let url = text(event, "/response/url")?;
    let header = number(event, "/response/encodedDataLength")?;
    let headers = event.pointer("/response/headers").and_then(Value::as_object);
    let encoding = headers
        .into_iter()
        .flatten()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
        .and_then(|(_, value)| value.as_str());
    Ok(Some(Transfer {
        address: url.splitn(4, '/').last().unwrap_or(url).to_owned(),
        encoding: encoding.unwrap_or_default().to_owned(),
        body: number(end, "/encodedDataLength")? - header,
        header,
    }))
}

/// Opens `url`; returns when the text shows, with the milliseconds it took and the loader's id.
pub fn open(tab: &mut Tab<'_>, url: &str) -> Result<(f64, String)> {
    tab.call("Page.enable", json!({}))?;
    tab.call("Runtime.enable", json!({}))?;
    tab.call("Runtime.addBinding", json!({ "name": "articleShown" }))?;
    tab.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": SHOWN }))?;
    let loader = tab.call("Page.navigate", json!({ "url": url }))?;
    let shown = tab.event("Runtime.bindingCalled", |_| true);
    let shown = shown.with_context(|| format!("no article shows at {url}, but {}", state(tab)))?;
    let milliseconds = text(&shown, "/payload")?.parse()?;
    Ok((milliseconds, text(&loader, "/loaderId")?.to_owned()))
}

/// What the page says and what it threw, for who looks for why there is no article.
fn state(tab: &mut Tab<'_>) -> String {
    let said = tab.evaluate("document.body.innerText").unwrap_or_default();
    let thrown = tab.events("Runtime.exceptionThrown");
    let thrown: Vec<_> = thrown
        .iter()
        .filter_map(|event| text(event, "/exceptionDetails/exception/description").ok())
        .collect();
    format!("{said}; thrown: {thrown:?}")
}
