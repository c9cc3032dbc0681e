//! Everything goes wrong at once, at points that chance chooses (`HAIDANG_SEED` repeats them): the server
//! dies and comes back, tabs die, the network goes, answers are lost. What readers have written arrives,
//! each text once.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use haidang_e2e::{Backends, Fault, Faulty, Reader, Seed, Setup, demo::NOODLES, together};

use crate::backends::lighthouse_thread;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, interval};

const TEXT: &str = ".composer textarea";
/// How long it may take until everything has arrived once nothing is wrong any more.
const DEADLINE: Duration = Duration::from_secs(120);
/// How often what has a while to wait is told that the network is back.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where the comments go.
enum Place {
    /// The portal's own server, which can be killed.
    Native,
    /// Another backend.
    Elsewhere {
        /// What lists the thread.
        address: String,
        /// Where the comments are in that answer.
        list: &'static str,
        /// Where their texts are in them.
        text: &'static str,
    },
}

impl Place {
    /// Every text it has, held ones too where it tells of them, and how often.
    async fn texts(&self, reader: &Reader) -> Result<BTreeMap<String, usize>> {
        let texts = match self {
            Place::Native => {
                let thread = reader.portal.command(&["thread", "export", NOODLES])?;
                bodies(&serde_json::from_str(&thread)?, "/comments", "/text")
            }
            Place::Elsewhere { address, list, text } => {
                let answer = reqwest::get(address).await?.error_for_status()?.text().await?;
                bodies(&serde_json::from_str(&answer)?, list, text)
            }
        };
        let mut counts = BTreeMap::new();
        for text in texts {
            *counts.entry(text).or_default() += 1;
        }
        Ok(counts)
    }

    async fn has(&self, reader: &Reader, text: &str) -> Result<bool> {
        Ok(self.texts(reader).await?.contains_key(text))
    }
}

/// What the comments at `list` say, without markup around it.
fn bodies(value: &Value, list: &str, body: &str) -> Vec<String> {
    let items = value.pointer(list).and_then(Value::as_array).into_iter().flatten();
    let said = |item: &Value| item.pointer(body).and_then(Value::as_str).map(str::to_owned);
    let plain = |text: String| text.replace("<p>", "").replace("</p>", "").trim().to_owned();
    items.filter_map(said).map(plain).collect()
}

/// What is wrong now, and until which comment.
#[derive(Default)]
struct Wrong {
    server: Option<usize>,
    answers: Option<usize>,
    network: [Option<usize>; 3],
}

struct Trouble<'a> {
    readers: &'a [Reader; 3],
    faulty: &'a Faulty,
    place: Place,
    /// The article's address.
    article: String,
    /// How the API's addresses of what is posted begin.
    posts: &'a str,
    /// Who signs, where not anybody may.
    name: &'a str,
    seed: Seed,
    wrong: Wrong,
    /// The texts of which readers were asked whether they had been sent.
    asked: Vec<String>,
    /// How often what went wrong, for who reads the output.
    happened: BTreeMap<&'static str, usize>,
}

impl Trouble<'_> {
    /// Writes so many comments, come what may; gives their texts.
    async fn write(&mut self, count: usize) -> Result<Vec<String>> {
        for reader in self.readers {
            self.open(reader).await?;
        }
        let mut texts = Vec::new();
        for number in 0..count {
            self.heal(number).await?;
            let text = format!("Câu số {number} trong ngày giông bão.");
            let who = self.seed.below(self.readers.len());
            let reader = &self.readers[who];
            let dies = self.strike(number, who).await?;
            post(reader, self.name, &text).await?;
            if dies {
                self.reopen(who, &text).await?;
            } else {
                until_kept(reader, &text).await?;
            }
            texts.push(text);
        }
        Ok(texts)
    }

    /// Perhaps something goes wrong before the comment `number` by the reader `who` is written; gives
    /// whether the tab is to die as soon as it is.
    async fn strike(&mut self, number: usize, who: usize) -> Result<bool> {
        let until = number + 1 + self.seed.below(6);
        let what = match self.seed.below(12) {
            0 => {
                self.wrong.server = Some(until);
                match self.place {
                    Place::Native => self.readers[0].portal.stop(),
                    _ => self.spoil(),
                }
                "the server died"
            }
            1 => {
                self.wrong.answers = Some(until);
                self.spoil();
                "answers were lost"
            }
            2 => {
                self.wrong.network[who] = Some(until);
                self.readers[who].connect(false).await?;
                "the network went"
            }
            3 => {
                *self.happened.entry("a tab died").or_default() += 1;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        *self.happened.entry(what).or_default() += 1;
        Ok(false)
    }

    /// Spoils what is to be spoilt now, and nothing else.
    fn spoil(&self) {
        self.faulty.lift();
        if self.wrong.server.is_some() && !matches!(self.place, Place::Native) {
            self.faulty.spoil("", Fault::Status(503));
            self.faulty.spoil_post("", Fault::Status(503));
        }
        if self.wrong.answers.is_some() {
            let is_native = matches!(self.place, Place::Native);
            // Where no key makes two sendings one, what browsers send again by themselves is two.
            let fault = if is_native { Fault::Lost } else { Fault::Torn };
            self.faulty.spoil_post(self.posts, fault);
        }
    }

    /// Ends what was to be wrong until the comment `number`.
    async fn heal(&mut self, number: usize) -> Result<()> {
        let is_over = |until: &Option<usize>| until.is_some_and(|until| until <= number);
        if is_over(&self.wrong.server) {
            self.restart().await?;
        }
        if is_over(&self.wrong.answers) {
            self.wrong.answers = None;
            self.spoil();
        }
        for (who, reader) in self.readers.iter().enumerate() {
            if is_over(&self.wrong.network[who]) {
                self.wrong.network[who] = None;
                reader.connect(true).await?;
            }
        }
        Ok(())
    }

    async fn restart(&mut self) -> Result<()> {
        if self.wrong.server.take().is_some() {
            match self.place {
                Place::Native => self.readers[0].portal.start().await?,
                _ => self.spoil(),
            }
        }
        Ok(())
    }

    async fn open(&self, reader: &Reader) -> Result<()> {
        reader.open(&self.article).await?;
        reader.scroll_to("#comments").await?;
        reader.until(&format!("one('{TEXT}')")).await
    }

    /// The tab dies in which `text` was just written; the reader opens another and looks what became of it.
    async fn reopen(&mut self, who: usize, text: &str) -> Result<()> {
        let reader = &self.readers[who];
        reader.lose_tab().await?;
        // The new one has the network; a page can be had only from a server that is there.
        self.wrong.network[who] = None;
        self.restart().await?;
        self.open(reader).await?;
        let draft = reader.value(TEXT).await?;
        let is_kept = reader.waiting_texts().await?.iter().any(|kept| kept == text)
            || self.place.has(reader, text).await?;
        ensure!(is_kept || draft == text, "lost with the tab: {text}");
        if draft.is_empty() {
            return Ok(());
        }
        if is_kept {
            *self.happened.entry("a draft stayed").or_default() += 1;
            return reader.run(&format!("one('{TEXT}').value = ''")).await;
        }
        *self.happened.entry("a draft was sent").or_default() += 1;
        post(reader, self.name, text).await?;
        until_kept(reader, text).await
    }

    /// Nothing is wrong any more: waits until all outboxes are empty, and answers what readers are asked.
    async fn arrive(&mut self) -> Result<()> {
        self.heal(usize::MAX).await?;
        let deadline = Instant::now() + DEADLINE;
        for reader in self.readers {
            let mut again = interval(PATIENCE);
            loop {
                again.tick().await;
                self.answer(reader).await?;
                let waiting = reader.outbox().await?;
                if waiting.is_empty() {
                    break;
                }
                ensure!(Instant::now() < deadline, "never sent: {}", json!(waiting));
                // What waits for better times is told that they are here.
                reader.run("dispatchEvent(new Event('online'))").await?;
            }
        }
        Ok(())
    }

    /// Was this sent? The reader looks, and goes to where it is asked: what is far from the screen says nothing. What
    /// is not asked yet, or no more, is looked at again.
    async fn answer(&mut self, reader: &Reader) -> Result<()> {
        for record in reader.outbox().await? {
            if record["state"] != "asking" {
                continue;
            }
            let text = record.pointer("/write/text").and_then(Value::as_str).context("a text")?;
            let which =
                if self.place.has(reader, text).await? { "last-child" } else { "first-child" };
            let body = format!("all('.comment-body').find((it) => words(it) === {})", json!(text));
            reader.run(&format!("{body}?.scrollIntoView({{ block: 'center' }})")).await?;
            reader.settle().await?;
            let status = format!(
                "{body}?.closest('article').querySelector('.comment-status[data-state=asking]')"
            );
            let press = format!(
                "((button) => (button?.click(), !!button))({status}?.querySelector('button:{which}'))"
            );
            if reader.evaluate::<bool>(&press).await? {
                *self.happened.entry("the reader was asked").or_default() += 1;
                self.asked.push(text.to_owned());
                reader.until(&format!("!{status}")).await?;
            }
        }
        Ok(())
    }
}

/// Writes in the form and sends it, as fast as a page can take it.
async fn post(reader: &Reader, name: &str, text: &str) -> Result<()> {
    let (name, text) = (json!(name), json!(text));
    reader
        .run(&format!(
            "const form = one('{TEXT}').form;
            const type = (field, text) => {{
                field.value = text;
                field.dispatchEvent(new Event('input', {{ bubbles: true }}));
            }};
            type(form.elements.name, {name});
            type(form.elements.text, {text});
            form.querySelector('[type=submit]').click();"
        ))
        .await
}

/// Waits until what was written needs its draft no more.
async fn until_kept(reader: &Reader, text: &str) -> Result<()> {
    let text = json!(text);
    let drafts = "Object.keys(localStorage).filter((key) => key.includes(':draft:'))";
    reader.until(&format!("!{drafts}.some((key) => localStorage[key].includes({text}))")).await
}

/// Writes `count` comments at `place` and looks what came of them.
async fn survive(mut trouble: Trouble<'_>, count: usize) -> Result<()> {
    let began = Instant::now();
    let texts = trouble.write(count).await?;
    trouble.arrive().await?;
    eprintln!("{count} comments in {:?}: {:?}", began.elapsed(), trouble.happened);
    let came = trouble.place.texts(&trouble.readers[0]).await?;
    let lost: Vec<&String> = texts.iter().filter(|text| !came.contains_key(*text)).collect();
    ensure!(lost.is_empty(), "lost: {lost:?}");
    let twice: Vec<_> =
        came.iter().filter(|(text, count)| texts.contains(text) && **count > 1).collect();
    eprintln!("arrived twice: {twice:?}; readers were asked about: {:?}", trouble.asked);
    // What was still under way when the reader looked may come after it was sent again.
    let unasked: Vec<_> = twice.iter().filter(|(text, _)| !trouble.asked.contains(text)).collect();
    ensure!(unasked.is_empty(), "doubled: {unasked:?}");
    Ok(())
}

#[tokio::test]
async fn two_hundred_comments_arrive_once_whatever_dies() -> Result<()> {
    together(Setup::default(), async |readers| {
        let faulty = Faulty::before(&readers[0].portal).await?;
        let before = Place::Native.texts(&readers[0]).await?.values().sum::<usize>();
        let trouble = Trouble {
            readers,
            faulty: &faulty,
            place: Place::Native,
            article: format!("vi/article/{NOODLES}"),
            posts: "articles/",
            name: "Người viết",
            seed: Seed::chosen()?,
            wrong: Wrong::default(),
            asked: Vec::new(),
            happened: BTreeMap::new(),
        };
        survive(trouble, 200).await?;
        let after = Place::Native.texts(&readers[0]).await?.values().sum::<usize>();
        assert_eq!(after - before, 200);
        Ok(())
    })
    .await
}

/// Thirty comments to the thread of one of the portal's `sources` on these backends.
async fn elsewhere(
    backends: &'static [&'static str],
    source: usize,
    (posts, list, text): (&'static str, &'static str, &'static str),
    name: &'static str,
) -> Result<()> {
    together(Setup { languages: "en", ..Setup::default() }, async |readers| {
        let reader = &readers[0];
        let _running = Backends::behind(backends, &reader.portal).await?;
        let faulty = Faulty::before_source(&reader.portal, source).await?;
        lighthouse_thread(reader, 5).await?;
        // The page has asked for the thread: its address, but at the backend itself.
        let asked = "performance.getEntriesByType('resource').map((it) => new URL(it.name))
            .findLast((it) => /[?&](post|uri)=/.test(it.search))";
        let asked: String = reader.evaluate(&format!("(({asked}))?.href ?? ''")).await?;
        let (_, path) = asked
            .split_once("//")
            .and_then(|(_, rest)| rest.split_once('/'))
            .context(asked.clone())?;
        let trouble = Trouble {
            readers,
            faulty: &faulty,
            place: Place::Elsewhere { address: format!("{}/{path}", faulty.api()), list, text },
            article: reader.address().await?,
            posts,
            name,
            seed: Seed::chosen()?,
            wrong: Wrong::default(),
            asked: Vec::new(),
            happened: BTreeMap::new(),
        };
        survive(trouble, 30).await
    })
    .await
}

#[tokio::test]
async fn thirty_comments_arrive_once_in_wordpress_unless_the_reader_is_asked() -> Result<()> {
    let api = ("comments", "", "/content/rendered");
    // Was published before.
    elsewhere(&["wordpress"], 0, api, "Moussa").await
}

#[tokio::test]
async fn thirty_comments_arrive_once_in_isso_unless_the_reader_is_asked() -> Result<()> {
    elsewhere(&["wordpress", "isso"], 1, ("new", "/replies", "/text"), "Bạn đọc").await
}
