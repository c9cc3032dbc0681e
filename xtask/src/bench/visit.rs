//! A visit with nothing at hand: how long until the text shows, and what it took.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    browser::{Browser, Tab, number, text},
    conditions,
};

const SHOWN: &str = include_str!("shown.js");
/// What shows when the article's text does.
const TEXT: &str = ".body p";
/// What shows when the thread can be typed into. Of a printed page nothing can.
const FIELD: &str = "#comments textarea:not(#printed *)";
/// A reader goes for a link, which calls the app. Ends once it has the page and has been quiet for a while; gives the
/// milliseconds until it had the page.
const CALL: &str = "(async () => {
    const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
    const asked = () => performance.getEntriesByType('resource').length;
    const begun = performance.now();
    document.querySelector('a').dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
    while (document.getElementById('printed')) await pause(10);
    const took = performance.now() - begun;
    for (let before = -1; before < asked(); await pause(500)) before = asked();
    return took;
})()";
/// How much has moved by itself, as browsers score it (Layout Instability API).
const SHIFT: &str = "new Promise((done) => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((shift) => (sum += shift.hadRecentInput ? 0 : shift.value));
    new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(sum), 500);
})";

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

impl Transfer {
    /// For a program.
    pub fn to_json(&self) -> Value {
        json!({
            "address": self.address, "encoding": self.encoding,
            "body_bytes": self.body, "header_bytes": self.header,
        })
    }
}

/// Milliseconds from a cold start at `url` to the text on the screen.
pub fn cold_start(browser: &mut Browser, url: &str) -> Result<f64> {
    let mut tab = slow(browser)?;
    open(&mut tab, url).map(|(milliseconds, _)| milliseconds)
}

/// Milliseconds from a cold start at the article `url` until its thread can be typed into, and how much has moved
/// by itself until then.
pub fn until_typable(browser: &mut Browser, url: &str) -> Result<(f64, f64)> {
    let mut tab = slow(browser)?;
    let (milliseconds, _) = open_until(&mut tab, &format!("{url}#comments"), FIELD)?;
    let moved = tab.evaluate(SHIFT)?;
    Ok((milliseconds, moved.as_f64().with_context(|| format!("no number but {moved}"))?))
}

/// A phone on a slow line.
fn slow(browser: &mut Browser) -> Result<Tab<'_>> {
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    conditions::slow_line(&mut tab)?;
    conditions::slow_cpu(&mut tab)?;
    Ok(tab)
}

/// What an expression gives in the page at `url` once its article shows.
pub fn evaluate(browser: &mut Browser, url: &str, expression: &str) -> Result<String> {
    let mut tab = browser.tab()?;
    open(&mut tab, url)?;
    let value = tab.evaluate(expression)?;
    value.as_str().map(str::to_owned).with_context(|| format!("no text at {url}: {value}"))
}

/// Everything but pictures that a first visit to `url` transfers: until the network is quiet, and from then on
/// once the reader goes for something on the page, until the app has taken it over.
pub fn transfers(browser: &mut Browser, url: &str) -> Result<[Vec<Transfer>; 2]> {
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    tab.call("Network.enable", json!({}))?;
    tab.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true }))?;
    let (_, loader) = open(&mut tab, url)?;
    tab.event("Page.lifecycleEvent", |event| {
        event.get("name").and_then(Value::as_str) == Some("networkIdle")
            && event.get("loaderId").and_then(Value::as_str) == Some(loader.as_str())
    })?;
    let read = transferred(&mut tab)?;
    call_app(&mut tab)?;
    let called = transferred(&mut tab)?.split_off(read.len());
    Ok([read, called])
}

/// What has been transferred so far, in the order in which it began to come.
fn transferred(tab: &mut Tab<'_>) -> Result<Vec<Transfer>> {
    let finished = tab.events("Network.loadingFinished");
    let responses = tab.events("Network.responseReceived");
    let is_picture = |event: &&Value| {
        text(event, "/response/mimeType").is_ok_and(|kind| kind.starts_with("image/"))
    };
    let responses = responses.iter().filter(|event| !is_picture(event));
    responses.filter_map(|response| transfer(response, &finished).transpose()).collect()
}

/// Goes for something on a page, and waits until the app is there and has what it asks for; how many milliseconds
/// it took to be there.
pub fn call_app(tab: &mut Tab<'_>) -> Result<f64> {
    let milliseconds = tab.evaluate(CALL)?;
    milliseconds.as_f64().with_context(|| format!("no number but {milliseconds}"))
}

/// The same at the printed article `url` after a cold start, on the slow line.
pub fn until_called(browser: &mut Browser, url: &str) -> Result<f64> {
    let mut tab = slow(browser)?;
    open(&mut tab, url)?;
    call_app(&mut tab)
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
    open_until(tab, url, TEXT)
}

/// The same for `what`, a selector.
fn open_until(tab: &mut Tab<'_>, url: &str, what: &str) -> Result<(f64, String)> {
    tab.call("Page.enable", json!({}))?;
    tab.call("Runtime.enable", json!({}))?;
    tab.call("Runtime.addBinding", json!({ "name": "articleShown" }))?;
    tab.call(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": SHOWN.replace("__WHAT__", what) }),
    )?;
    let loader = tab.call("Page.navigate", json!({ "url": url }))?;
    let shown = tab.event("Runtime.bindingCalled", |_| true);
    let shown = shown.with_context(|| format!("no {what} shows at {url}, but {}", state(tab)))?;
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
