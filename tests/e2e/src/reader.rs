//! A reader at a portal: opens, clicks, types, and looks at what is there.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{By, Key, WebDriver, WebElement};
use tokio::time::{Instant, interval};

use crate::{Browser, Portal, Setup, driver::Driver};

/// How long a condition may take to come true.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
/// How often it is looked at.
pub(crate) const GLANCE: Duration = Duration::from_millis(40);

/// Short names for what expressions need most.
const NAMES: &str = r#"
    const all = (css) => [...document.querySelectorAll(css)];
    const one = (css) => document.querySelector(css);
    const inside = (host, css) => one(host)?.shadowRoot?.querySelector(css) ?? null;
    const words = (element) => element?.textContent.replace(/[ \t\r\n]+/g, " ").trim() ?? null;
"#;

/// A reader with a browser of their own.
pub struct Reader {
    /// The portal.
    pub portal: Arc<Portal>,
    pub(crate) browser: WebDriver,
    pub(crate) setup: Setup,
    /// What the console has said so far: the driver tells it once.
    pub(crate) console: Mutex<Vec<String>>,
    /// After the browser, which it closes.
    _driver: Driver,
}

impl Reader {
    /// Starts a browser.
    pub async fn arrive(portal: Arc<Portal>, setup: &Setup) -> Result<Self> {
        let driver = Driver::start(setup.browser)?;
        let browser = driver.open(setup).await?;
        let (setup, console) = (setup.clone(), Mutex::default());
        let reader = Self { portal, browser, setup, console, _driver: driver };
        reader.prepare().await?;
        Ok(reader)
    }

    /// Makes a new tab what the reader has.
    pub(crate) async fn prepare(&self) -> Result<()> {
        // Firefox has a preference for it.
        if !self.setup.worker && self.setup.browser == Browser::Chromium {
            self.without_workers().await?;
        }
        self.size().await
    }

    /// Closes the browser.
    pub async fn leave(self) -> Result<()> {
        Ok(self.browser.quit().await?)
    }

    /// Where the reader is and what they see, for a journey that failed.
    pub async fn describe(&self) -> String {
        let address: Option<String> = self.evaluate("location.href").await.ok();
        let main: Option<String> = self.evaluate("one('main')?.innerText ?? ''").await.ok();
        let console = self.console().await.unwrap_or_default();
        format!(
            "address: {}\nconsole:\n  {}\nmain:\n{}",
            address.unwrap_or_default(),
            console.join("\n  "),
            main.unwrap_or_default()
        )
    }

    /// Goes to an address relative to the portal's, as by the address bar, and waits for the page.
    pub async fn open(&self, path: &str) -> Result<()> {
        self.go(path).await?;
        self.until("one('main h1')").await?;
        self.call_app().await
    }

    /// Calls the app, if the page was printed, and waits until it is there.
    pub async fn call_app(&self) -> Result<()> {
        self.go_for_a_link().await?;
        self.until("one('main h1') && !one('#printed')").await
    }

    /// Goes for a link of a page that was printed, as with a pointer, which calls the app.
    pub async fn go_for_a_link(&self) -> Result<()> {
        let goes = "new PointerEvent('pointermove', { bubbles: true })";
        self.run(&format!("one('#printed a')?.dispatchEvent({goes})")).await
    }

    /// Goes to an address relative to the portal's, whatever comes.
    pub async fn go(&self, path: &str) -> Result<()> {
        Ok(self.browser.goto(format!("{}{path}", self.portal.address())).await?)
    }

    /// Goes to an address elsewhere, whatever comes.
    pub async fn visit(&self, address: &str) -> Result<()> {
        Ok(self.browser.goto(address).await?)
    }

    /// Waits until an expression is truthy in the first frame of the page; from now on everything is about
    /// that frame.
    pub async fn until_in_frame(&self, expression: &str) -> Result<()> {
        self.browser.enter_frame(0).await?;
        self.until(expression).await
    }

    /// Loads the page again and waits for it.
    pub async fn reload(&self) -> Result<()> {
        // Not the driver's way, which in Firefox goes past the service worker.
        self.run("window.isLeft = true; location.reload()").await?;
        self.until("!window.isLeft && one('main h1') && !one('#printed')").await
    }

    /// The browser's Back button.
    pub async fn back(&self) -> Result<()> {
        Ok(self.browser.back().await?)
    }

    /// The address relative to the portal's.
    pub async fn address(&self) -> Result<String> {
        self.evaluate("location.href.slice(document.baseURI.length)").await
    }

    /// Waits for an address relative to the portal's.
    pub async fn until_address(&self, path: &str) -> Result<()> {
        self.until(&format!("location.href === document.baseURI + {}", json!(path))).await
    }

    /// The value of a JavaScript expression; a promise is waited for.
    pub async fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let script = format!("{NAMES} return ({expression});");
        let value = self.browser.execute(script, Vec::new()).await;
        Ok(value.with_context(|| expression.to_owned())?.convert()?)
    }

    /// Runs JavaScript for what it does.
    pub async fn run(&self, script: &str) -> Result<()> {
        let script = format!("{NAMES} {script}");
        self.browser.execute(script, Vec::new()).await?;
        Ok(())
    }

    /// Waits until a JavaScript expression is truthy; or what it promises is.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let condition = format!("Promise.resolve({expression}).then(Boolean)");
        let deadline = Instant::now() + DEADLINE;
        let mut again = interval(GLANCE);
        loop {
            again.tick().await;
            // A page that is just being left answers with an error.
            let holds = self.evaluate::<bool>(&condition).await;
            if matches!(holds, Ok(true)) {
                return Ok(());
            }
            if Instant::now() > deadline {
                holds?;
                bail!("waited in vain for: {expression}");
            }
        }
    }

    /// Waits until a request whose address contains `part` has ended, and what came of it is drawn.
    pub async fn until_answered(&self, part: &str) -> Result<()> {
        let part = json!(part);
        let asked = "performance.getEntriesByType('resource')";
        self.until(&format!("{asked}.some((r) => r.name.includes({part}) && r.responseEnd > 0)"))
            .await?;
        self.settle().await
    }

    /// Waits until what has changed is drawn.
    pub async fn settle(&self) -> Result<()> {
        self.evaluate::<()>("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))")
            .await
    }

    /// Waits until one of the elements says `words`, perhaps among other words.
    pub async fn until_says(&self, css: &str, said: &str) -> Result<()> {
        let (css, said) = (json!(css), json!(said));
        self.until(&format!("all({css}).some((element) => words(element).includes({said}))")).await
    }

    /// The words of each of the elements.
    pub async fn texts(&self, css: &str) -> Result<Vec<String>> {
        self.evaluate(&format!("all({}).map(words)", json!(css))).await
    }

    /// The words of the first of the elements.
    pub async fn text(&self, css: &str) -> Result<String> {
        let text: Option<String> = self.evaluate(&format!("words(one({}))", json!(css))).await?;
        text.with_context(|| format!("there is no {css}"))
    }

    /// An attribute of the first of the elements, as written.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        let (css, name) = (json!(css), json!(name));
        self.evaluate(&format!("one({css})?.getAttribute({name}) ?? null")).await
    }

    /// How many of the elements there are.
    pub async fn count(&self, css: &str) -> Result<usize> {
        self.evaluate(&format!("all({}).length", json!(css))).await
    }

    /// Waits for the element, scrolls to it and clicks it, as with a mouse.
    pub async fn click(&self, css: &str) -> Result<()> {
        loop {
            let found = self.find(css).await?;
            // A page that is being left says so by the click.
            let _ = self.until_it_stands(css).await;
            let clicked = found.click().await;
            // What was made anew in between is found anew.
            if !clicked.as_ref().is_err_and(|error| error.to_string().contains("stale element")) {
                return clicked.with_context(|| format!("clicking {css}"));
            }
        }
    }

    /// Scrolls to the element and waits until it stands where it is: rows that come near the screen get their real
    /// heights, and the driver would click where it has been. Not for long: some things always move.
    async fn until_it_stands(&self, css: &str) -> Result<()> {
        // As the driver scrolls; and without anything that a page without scripts would not do.
        let place = format!(
            r#"((element) => {{
                const {{ top, bottom }} = element.getBoundingClientRect();
                const isSeen = top >= 0 && bottom <= innerHeight;
                if (!isSeen) element.scrollIntoView({{ block: "end", inline: "nearest", behavior: "instant" }});
                const {{ x, y }} = element.getBoundingClientRect();
                return [x, y].join();
            }})(one({}))"#,
            json!(css)
        );
        let mut places = Vec::<String>::new();
        let mut again = interval(GLANCE);
        while places.len() < 100 {
            again.tick().await;
            places.push(self.evaluate(&place).await?);
            if let [.., first, second, third] = places.as_slice()
                && first == second
                && second == third
            {
                break;
            }
        }
        Ok(())
    }

    /// Puts the pointer on an element.
    pub async fn point(&self, css: &str) -> Result<()> {
        let element = self.find(css).await?;
        element.scroll_into_view().await?;
        Ok(self.browser.action_chain().move_to_element_center(&element).perform().await?)
    }

    /// Presses an element and holds it down, until [`Reader::let_go`].
    pub async fn hold_down(&self, css: &str) -> Result<()> {
        self.point(css).await?;
        Ok(self.browser.action_chain().click_and_hold().perform().await?)
    }

    /// Holds a key down, until [`Reader::let_go`].
    pub async fn hold_key(&self, key: char) -> Result<()> {
        Ok(self.browser.action_chain().key_down(key).perform().await?)
    }

    /// Lets go what is held down.
    pub async fn let_go(&self) -> Result<()> {
        Ok(self.browser.action_chain().reset_actions().await?)
    }

    /// Waits for the field and types into it.
    pub async fn type_into(&self, css: &str, text: &str) -> Result<()> {
        loop {
            let typed = self.find(css).await?.send_keys(text).await;
            // As in [`Reader::click`].
            if !typed.as_ref().is_err_and(|error| error.to_string().contains("stale element")) {
                return typed.with_context(|| format!("typing into {css}"));
            }
        }
    }

    /// What stands in a field.
    pub async fn value(&self, css: &str) -> Result<String> {
        self.evaluate(&format!("one({}).value", json!(css))).await
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        Ok(self.browser.action_chain().send_keys(keys).perform().await?)
    }

    /// Presses a key while another one is held.
    pub async fn press_with(&self, held: Key, key: Key) -> Result<()> {
        let keys = self.browser.action_chain().key_down(held.clone()).send_keys(key).key_up(held);
        Ok(keys.perform().await?)
    }

    /// Waits until what has focus matches `css`.
    pub async fn until_focus(&self, css: &str) -> Result<()> {
        self.until(&format!("document.activeElement?.matches({})", json!(css))).await
    }

    /// Scrolls the first of the elements into view, as a reader would with the wheel.
    pub async fn scroll_to(&self, css: &str) -> Result<()> {
        self.until(&format!("one({})", json!(css))).await?;
        self.run(&format!("one({}).scrollIntoView({{behavior: 'instant'}})", json!(css))).await
    }

    /// What the language `tag` is called in a sentence in the language `locale`: the browser knows.
    pub async fn language_name(&self, tag: &str, locale: &str) -> Result<String> {
        let (tag, locale) = (json!(tag), json!(locale));
        let name = format!("new Intl.DisplayNames({locale}, {{ type: 'language' }}).of({tag})");
        self.evaluate(&format!("{name}.replace(/^T(?=iếng )/, 't')")).await
    }

    /// Sends a command of the Chrome DevTools Protocol, which only Chromium has; gives its result.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        self.browser.cdp().send_raw(method, parameters).await.with_context(|| method.to_owned())
    }

    /// From now on no request whose address matches a pattern (`*` is anything) is answered.
    pub async fn block(&self, patterns: &[&str]) -> Result<()> {
        self.devtools("Network.enable", json!({})).await?;
        self.devtools("Network.setBlockedURLs", json!({ "urls": patterns })).await?;
        Ok(())
    }

    /// From now on a request whose address matches the pattern is held and never sent.
    pub async fn hold(&self, pattern: &str) -> Result<()> {
        // Paused for somebody to decide, which nobody does.
        let patterns = json!({ "patterns": [{ "urlPattern": pattern }] });
        self.devtools("Fetch.enable", patterns).await?;
        Ok(())
    }

    /// Makes a media feature of CSS have a value, e.g. `prefers-color-scheme` be `dark`.
    pub async fn prefer(&self, feature: &str, value: &str) -> Result<()> {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Scrolls down with a finger, which begins on an element.
    pub async fn swipe(&self, css: &str) -> Result<()> {
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
        self.find(css).await?.scroll_into_view().await?;
        let corner = format!("one({}).getClientRects()[0]", json!(css));
        let (x, y): (f64, f64) =
            self.evaluate(&format!("(({{ x, y }}) => [x + 5, y + 5])({corner})")).await?;
        let at = |up: f64| json!([{ "x": x, "y": y - up }]);
        let way = (1..20).map(|step| ("touchMove", at(20.0 * f64::from(step))));
        let touches = std::iter::once(("touchStart", at(0.0))).chain(way);
        for (what, points) in touches.chain([("touchEnd", json!([]))]) {
            let touch = json!({ "type": what, "touchPoints": points });
            self.devtools("Input.dispatchTouchEvent", touch).await?;
        }
        Ok(())
    }

    /// Scrolls down with a wheel.
    pub async fn turn_wheel(&self) -> Result<()> {
        let gesture =
            json!({ "x": 200, "y": 200, "yDistance": -400, "gestureSourceType": "mouse" });
        self.devtools("Input.synthesizeScrollGesture", gesture).await.map(drop)
    }

    /// Has a script run in every page before its own.
    pub async fn before_each_page(&self, script: &str) -> Result<()> {
        let script = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script).await.map(drop)
    }

    async fn find(&self, css: &str) -> Result<WebElement> {
        // Shown, not just there.
        self.until(&format!("one({})?.checkVisibility()", json!(css))).await?;
        Ok(self.browser.find(By::Css(css)).await?)
    }
}
