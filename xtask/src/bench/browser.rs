//! Chromium over its DevTools protocol (<https://chromedevtools.github.io/devtools-protocol/>),
//! through a pipe: each message is JSON and a zero byte. It needs neither a driver nor a socket.

use std::{
    collections::VecDeque,
    ffi::OsString,
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// The longest silence that is waited through.
const PATIENCE: Duration = Duration::from_secs(60);
/// Chromium reads messages from file 3 and writes them to file 4.
const PIPED: &str = r#"exec "$@" 3<&0 4>&1 0</dev/null 1>&2"#;

/// A browser of ours; dropping it closes it.
pub struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    events: VecDeque<Value>,
    last_id: u64,
}

impl Browser {
    /// Starts `program` with a new profile in `folder`, where it also writes what it has to say.
    pub fn start(program: &Path, args: &[String], folder: &Path) -> Result<Self> {
        let mut profile = OsString::from("--user-data-dir=");
        profile.push(folder.join("profile"));
        let log = folder.join("browser.log");
        let mut child = Command::new("sh")
            .args(["-c", PIPED, "sh"])
            .arg(program)
            .args(args)
            .arg("--remote-debugging-pipe")
            .arg(profile)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .context("`sh`, which starts the browser, cannot be started")?;
        let input = child.stdin.take().context("the browser has no standard input")?;
        let output = child.stdout.take().context("the browser has no standard output")?;
        let messages = read(output);
        let mut browser = Self { child, input, messages, events: VecDeque::new(), last_id: 0 };
        match browser.version() {
            Ok(_) => Ok(browser),
            Err(error) => Err(error.context(format!(
                "{} does not answer; what it says is in {}",
                program.display(),
                log.display()
            ))),
        }
    }

    /// Its name and version.
    pub fn version(&mut self) -> Result<String> {
        let version = self.call(None, "Browser.getVersion", json!({}))?;
        text(&version, "/product").map(str::to_owned)
    }

    /// A tab that knows nothing of earlier ones: no cache, no storage, no connections.
    pub fn tab(&mut self) -> Result<Tab<'_>> {
        let context = self.call(None, "Target.createBrowserContext", json!({}))?;
        let context = text(&context, "/browserContextId")?.to_owned();
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let target = self.call(None, "Target.createTarget", target)?;
        let target = json!({ "targetId": text(&target, "/targetId")?, "flatten": true });
        let session = self.call(None, "Target.attachToTarget", target)?;
        let session = text(&session, "/sessionId")?.to_owned();
        Ok(Tab { browser: self, context, session })
    }

    fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Result<Value> {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let (Some(session), Some(message)) = (session, message.as_object_mut()) {
            message.insert("sessionId".into(), session.into());
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.input.write_all(&bytes).context("the browser has ended")?;
        loop {
            let mut message = self.next(method)?;
            if message.get("id").and_then(Value::as_u64) != Some(id) {
                self.events.push_back(message);
                continue;
            }
            if let Some(error) = message.get("error") {
                bail!("the browser refuses {method}: {error}");
            }
            return Ok(message.get_mut("result").map(Value::take).unwrap_or_default());
        }
    }

    fn next(&self, wanted: &str) -> Result<Value> {
        let message = self.messages.recv_timeout(PATIENCE);
        message.with_context(|| {
            format!("the browser said nothing for {} s; wanted: {wanted}", PATIENCE.as_secs())
        })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.call(None, "Browser.close", json!({}));
        let _ = self.child.wait();
    }
}

/// A tab; dropping it closes it.
pub struct Tab<'b> {
    browser: &'b mut Browser,
    context: String,
    session: String,
}

impl Tab<'_> {
    /// Sends a command and returns its result.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        self.browser.call(Some(&self.session), method, params)
    }

    /// Sends a command to the browser itself and returns its result.
    pub fn browser(&mut self, method: &str, params: Value) -> Result<Value> {
        self.browser.call(None, method, params)
    }

    /// Sends a command to what another session leads to, and returns its result.
    pub fn call_in(&mut self, session: &str, method: &str, params: Value) -> Result<Value> {
        self.browser.call(Some(session), method, params)
    }

    /// A session with each service worker that has the tab's storage.
    pub fn workers(&mut self) -> Result<Vec<String>> {
        let targets = self.browser("Target.getTargets", json!({}))?;
        let targets = targets.pointer("/targetInfos").and_then(Value::as_array).cloned();
        let is_ours = |target: &&Value| {
            text(target, "/type").is_ok_and(|kind| kind == "service_worker")
                && text(target, "/browserContextId").is_ok_and(|of| of == self.context)
        };
        let targets = targets.unwrap_or_default();
        let ids: Vec<String> = targets
            .iter()
            .filter(is_ours)
            .filter_map(|target| Some(text(target, "/targetId").ok()?.to_owned()))
            .collect();
        let attach = |id| {
            let target = json!({ "targetId": id, "flatten": true });
            let session = self.browser("Target.attachToTarget", target)?;
            text(&session, "/sessionId").map(str::to_owned)
        };
        ids.into_iter().map(attach).collect()
    }

    /// The parameters of the next event `method` that `fits`; it may have come already.
    pub fn event(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        let session = Some(self.session.as_str());
        let is_it = |message: &Value| {
            message.get("sessionId").and_then(Value::as_str) == session
                && message.get("method").and_then(Value::as_str) == Some(method)
                && message.get("params").is_some_and(&fits)
        };
        let params = |mut message: Value| message.get_mut("params").map(Value::take);
        let events = &mut self.browser.events;
        if let Some(event) = events.iter().position(is_it).and_then(|at| events.remove(at)) {
            return Ok(params(event).unwrap_or_default());
        }
        loop {
            let message = self.browser.next(method)?;
            if is_it(&message) {
                return Ok(params(message).unwrap_or_default());
            }
            self.browser.events.push_back(message);
        }
    }

    /// The parameters of every event `method` that has come and was not taken yet.
    pub fn events(&mut self, method: &str) -> Vec<Value> {
        let session = Some(self.session.as_str());
        let is_it = |message: &&Value| {
            message.get("sessionId").and_then(Value::as_str) == session
                && message.get("method").and_then(Value::as_str) == Some(method)
        };
        let events = self.browser.events.iter().filter(is_it);
        events.filter_map(|message| message.get("params").cloned()).collect()
    }

    /// The value of an expression, awaited if it is a promise.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let params =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", params)?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let said = thrown.pointer("/exception/description").unwrap_or(thrown);
            bail!("the page threw {said}");
        }
        Ok(answer.pointer_mut("/result/value").map(Value::take).unwrap_or_default())
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.context });
        // The browser may have ended.
        let _ = self.browser.call(None, "Target.disposeBrowserContext", context);
        self.browser.events.clear();
    }
}

/// The text at a JSON pointer (RFC 6901).
pub fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.with_context(|| format!("no text at {pointer} in {value}"))
}

/// The number at a JSON pointer (RFC 6901).
pub fn number(value: &Value, pointer: &str) -> Result<f64> {
    let number = value.pointer(pointer).and_then(Value::as_f64);
    number.with_context(|| format!("no number at {pointer} in {value}"))
}

/// Reads beside us, so that we can stop waiting.
fn read(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(output).split(0).map_while(Result::ok) {
            let Ok(message) = serde_json::from_slice(&message) else { break };
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    receiver
}
