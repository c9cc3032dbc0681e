//! The site that pages are written into: what is there from earlier runs, and how something gets there.
//!
//! What is written appears at once and whole: it is written beside, then takes the place of what was there.
//! `.haidang/prerender.json` knows what was written, each page with a digest; what a run has done is added to
//! `.haidang/journal`, line by line, so that one that is interrupted goes on where it was.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, Write},
    ops::Bound,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{known::Known, place, printer::Page};

/// Where this command keeps what it has to know, below the site.
pub const OWN: &str = ".haidang";
/// What lists gave, see `lists`.
pub const LISTS: &str = ".haidang/lists";
const STATE: &str = ".haidang/prerender.json";
const JOURNAL: &str = ".haidang/journal";
const BESIDE: &str = ".haidang/beside";
/// After so long an interrupted run begins anew: what it has printed may have changed since.
const RESUMED: Duration = Duration::from_secs(3_600);

/// A site that is being written into.
pub struct Site {
    folder: PathBuf,
    state: State,
    journal: File,
    /// Whatever the pages are made by; the journal begins with it.
    by: String,
    /// The pages that an interrupted run has done.
    done: HashSet<String>,
    was_resumed: bool,
}

/// What was written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct State {
    /// Pages by their files, with the digests of what they say.
    pages: BTreeMap<String, String>,
    /// Those of them that say that their article was taken back.
    withdrawn: BTreeSet<String>,
    /// Feeds and the like.
    files: BTreeSet<String>,
    /// Addresses of articles that once were.
    gone: BTreeSet<String>,
    /// What lists said when all pages were as they say.
    known: Option<Known>,
}

/// What came of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is new, or has changed.
    Written,
    /// It is there already.
    Unchanged,
}

impl Site {
    /// The site in `folder`. What an interrupted run has done counts if it was done `by` the same app and
    /// portal.json, and lately.
    pub fn open(folder: &Path, by: String) -> anyhow::Result<Self> {
        fs::create_dir_all(folder.join(OWN))
            .with_context(|| folder.join(OWN).display().to_string())?;
        let file = folder.join(STATE);
        let mut state: State = match fs::read(&file) {
            Ok(json) => {
                serde_json::from_slice(&json).with_context(|| file.display().to_string())?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error).context(file.display().to_string()),
        };
        let at = folder.join(JOURNAL);
        let options = OpenOptions::new().create(true).append(true).read(true).clone();
        let journal = options.open(&at).with_context(|| at.display().to_string())?;
        ensure!(journal.try_lock().is_ok(), "{}: another run is at work", at.display());
        let text = fs::read_to_string(&at).with_context(|| at.display().to_string())?;
        let begun = journal.metadata().and_then(|file| file.modified()).ok();
        let is_late =
            begun.and_then(|then| SystemTime::now().duration_since(then).ok()) < Some(RESUMED);
        let (first, lines) = text.split_once('\n').unwrap_or_default();
        let mut done = HashSet::new();
        // A line may be cut off, its page is printed once more.
        let whole = lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        for (digest, file, is_withdrawn) in whole.filter_map(entry) {
            state.note(file, digest, is_withdrawn);
            if first == by && is_late {
                done.insert(file.to_owned());
            }
        }
        let was_resumed = !done.is_empty();
        let mut site = Self { folder: folder.to_owned(), state, journal, by, done, was_resumed };
        if site.done.is_empty() {
            // What it knew is kept before it is begun anew.
            site.finish()?;
        } else if !text.ends_with('\n') {
            writeln!(site.journal)?;
        }
        Ok(site)
    }

    /// Whether an interrupted run has done the page in `file`, and it is still there.
    pub fn is_done(&self, file: &str) -> bool {
        self.done.contains(file) && self.folder.join(file).is_file()
    }

    /// Whether this run went on where an interrupted one was.
    pub fn was_resumed(&self) -> bool {
        self.was_resumed
    }

    /// Has what an interrupted run has done be done again.
    pub fn forget_done(&mut self) {
        self.done.clear();
    }

    /// Whether there is such a file.
    pub fn has_file(&self, file: &str) -> bool {
        self.folder.join(file).is_file()
    }

    /// What stands in a file.
    pub fn read(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(self.folder.join(file))
    }

    /// The files of all pages there are.
    pub fn pages(&self) -> impl Iterator<Item = &String> {
        self.state.pages.keys()
    }

    /// The files of the pages at an address, and of those whose addresses go on from there.
    pub fn pages_at<'a>(&'a self, address: &'a str) -> impl Iterator<Item = &'a String> {
        let all = self.state.pages.range::<str, _>((Bound::Included(address), Bound::Unbounded));
        let begin = all.map(|(file, _)| file).take_while(move |file| file.starts_with(address));
        // `article/70` does not go on from `article/7`.
        begin.filter(move |file| {
            file.strip_prefix(address).is_some_and(|rest| rest.starts_with(['/', '.']))
        })
    }

    /// Whether there is a page in `file`.
    pub fn has(&self, file: &str) -> bool {
        self.state.pages.contains_key(file)
    }

    /// Writes a page, if it says something else than before; and its card, if it has one.
    pub fn put_page(&mut self, file: &str, page: &Page) -> io::Result<Put> {
        let Page { html, card, digest, is_withdrawn, .. } = page;
        let is_same = self.state.pages.get(file) == Some(digest);
        match card {
            Some(card) => {
                self.put(&place::card(file), card, is_same)?;
            }
            None if is_same => {}
            None => self.remove(&place::card(file))?,
        }
        // The page names its card, so it comes last.
        let put = self.put(file, html, is_same)?;
        self.written(file, digest, *is_withdrawn)?;
        Ok(put)
    }

    /// Notes what a page says that has just been written.
    fn written(&mut self, file: &str, digest: &str, is_withdrawn: bool) -> io::Result<()> {
        let flag = if is_withdrawn { "withdrawn" } else { "-" };
        writeln!(self.journal, "{digest} {flag} {file}")?;
        self.state.note(file, digest, is_withdrawn);
        Ok(())
    }

    /// Writes the page that stands in the file `from` at another of its addresses, too.
    pub fn copy_page(&mut self, from: &str, file: &str) -> io::Result<Put> {
        let digest = self.state.pages.get(from).cloned().unwrap_or_default();
        let is_withdrawn = self.state.withdrawn.contains(from);
        let is_same = self.state.pages.get(file) == Some(&digest);
        let put = match is_same && self.has_file(file) {
            true => Put::Unchanged,
            false => {
                // It has that of the page.
                self.remove(&place::card(file))?;
                self.put(file, &self.read(from)?, false)?
            }
        };
        self.written(file, &digest, is_withdrawn)?;
        Ok(put)
    }

    /// Writes a file that is no page, if it has changed.
    pub fn put_file(&mut self, file: &str, text: &str) -> io::Result<Put> {
        // There are few of them, and others may write them too, as a build does index.html.
        let is_same = self.read(file).is_ok_and(|there| there == text);
        let put = self.put(file, text, is_same)?;
        self.state.files.insert(file.to_owned());
        Ok(put)
    }

    /// Whether `file` stands in the site and was not written by this command.
    pub fn is_anothers(&self, file: &str) -> bool {
        !self.state.files.contains(file) && self.folder.join(file).is_file()
    }

    /// Takes a page away.
    pub fn remove_page(&mut self, file: &str) -> io::Result<()> {
        self.remove(&place::card(file))?;
        self.remove(file)?;
        self.state.pages.remove(file);
        self.state.withdrawn.remove(file);
        Ok(())
    }

    /// Takes away the files that are no pages and that `is_kept` does not know.
    pub fn keep_files(&mut self, is_kept: impl Fn(&str) -> bool) -> io::Result<()> {
        let old: Vec<_> = self.state.files.iter().filter(|file| !is_kept(file)).cloned().collect();
        for file in old {
            self.remove(&file)?;
            self.state.files.remove(&file);
        }
        Ok(())
    }

    /// The files of pages that say that their article was taken back.
    pub fn withdrawn(&self) -> &BTreeSet<String> {
        &self.state.withdrawn
    }

    /// The addresses of articles that once were.
    pub fn gone(&mut self) -> &mut BTreeSet<String> {
        &mut self.state.gone
    }

    /// Whatever the pages are made by.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// What lists said when all pages were as they say.
    pub fn known(&self) -> Option<&Known> {
        self.state.known.as_ref()
    }

    /// Notes what lists say now.
    pub fn know(&mut self, known: Option<Known>) {
        self.state.known = known;
    }

    /// Notes that everything is done: the next run begins anew.
    pub fn finish(&mut self) -> anyhow::Result<()> {
        let json = serde_json::to_string(&self.state)?;
        self.replace(STATE, &json).context(STATE)?;
        self.done.clear();
        self.was_resumed = false;
        self.journal.set_len(0).context(JOURNAL)?;
        writeln!(self.journal, "{}", self.by).context(JOURNAL)
    }

    fn put(&self, file: &str, text: &str, is_same: bool) -> io::Result<Put> {
        if is_same && self.folder.join(file).is_file() {
            return Ok(Put::Unchanged);
        }
        self.replace(file, text)?;
        Ok(Put::Written)
    }

    fn replace(&self, file: &str, text: &str) -> io::Result<()> {
        let (to, beside) = (self.folder.join(file), self.folder.join(BESIDE));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        let write = || {
            let mut made = File::create(&beside)?;
            made.write_all(text.as_bytes())?;
            fs::rename(&beside, &to)
        };
        if let Err(error) = write() {
            let _ = fs::remove_file(&beside);
            return Err(error);
        }
        forget_packed(&to)
    }

    fn remove(&self, file: &str) -> io::Result<()> {
        let at = self.folder.join(file);
        match fs::remove_file(&at) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => forget_packed(&at)?,
        }
        // A folder that still holds something stays.
        let above = at.ancestors().skip(1).take_while(|folder| **folder != self.folder);
        let _ = above.map(fs::remove_dir).take_while(Result::is_ok).count();
        Ok(())
    }
}

impl State {
    /// Notes what stands in the page in `file`.
    fn note(&mut self, file: &str, digest: &str, is_withdrawn: bool) {
        self.pages.insert(file.to_owned(), digest.to_owned());
        self.gone.remove(super::place::address(file));
        if is_withdrawn {
            self.withdrawn.insert(file.to_owned());
        } else {
            self.withdrawn.remove(file);
        }
    }
}

/// The packed copies of a file, as the build makes them, are of what it was before.
fn forget_packed(file: &Path) -> io::Result<()> {
    for ending in [".br", ".gz"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn entry(line: &str) -> Option<(&str, &str, bool)> {
    let (digest, rest) = line.split_once(' ')?;
    let (flag, file) = rest.split_once(' ')?;
    Some((digest, file, flag == "withdrawn"))
}

/// A digest of texts, one after the other.
pub fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
