//! What the lists of a source gave, kept beside the site: where a source says what was changed last, that is asked
//! for, and the rest is as it was.
//!
//! A file a source and language: a line about all, then a headline a line, in the order of the list.

use std::{
    cmp::Reverse,
    collections::HashSet,
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::PathBuf,
};

use haidang_engine::{
    lang::Lang,
    model::{Headline, Key, Page as Slice},
    profile::Source,
    read::{Origin, read_from},
};
use serde::{Deserialize, Serialize};

use super::walk::{Said, Seen};

/// Where such lists are kept.
#[derive(Debug, Clone)]
pub struct Lists {
    folder: PathBuf,
    /// Of which app and portal.json.
    by: String,
}

/// The list of a source in a language.
pub struct List<'l> {
    file: PathBuf,
    by: &'l str,
    /// The source, as keys name it.
    source: &'l str,
    base: &'l str,
    lang: &'l Lang,
}

/// What is said of a list as a whole.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    by: String,
    /// How many articles the source says there are.
    total: u32,
}

/// What was kept of a list.
pub struct Known {
    /// What was said of each article.
    pub said: Seen,
    /// How many the source said there were.
    pub total: u32,
}

/// What has changed of a list since.
pub struct Changes {
    /// The articles as they are now, each once.
    pub edited: Vec<Headline>,
    /// How many the source says there are.
    pub total: u32,
}

impl Lists {
    /// Those kept in `folder` for what was made `by` an app and a portal.json; others are of no use.
    pub fn new(folder: PathBuf, by: &str) -> Self {
        Self { folder, by: by.to_owned() }
    }

    /// The list of a source, `key` in keys of articles.
    pub fn of<'l>(&'l self, source: &'l Source, key: &'l str, lang: &'l Lang) -> List<'l> {
        // What an id may hold, a name of a file may not.
        let id: String = source.id.bytes().map(|byte| format!("{byte:02x}")).collect();
        let file = self.folder.join(format!("{id}.{lang}"));
        List { file, by: &self.by, source: key, base: source.pages(), lang }
    }
}

impl List<'_> {
    /// What is kept; `None` if nothing is.
    pub fn known(&self) -> Option<Known> {
        let (about, lines) = self.open()?;
        let said = lines.map(|line| {
            let mut headline = self.headline(&line.ok()?)?;
            Some((headline.key.clone(), Said::of(&mut headline)))
        });
        Some(Known { said: said.collect::<Option<_>>()?, total: about.total })
    }

    /// Keeps the list anew, slice by slice.
    pub fn keep(&self) -> Keeping<'_> {
        Keeping { list: self, writing: None, total: None }
    }

    /// Gives `take` the whole list in its order, what has changed in its place, and keeps it so.
    pub fn renew(&self, changes: Changes, mut take: impl FnMut(Headline)) -> io::Result<()> {
        let Changes { mut edited, total } = changes;
        edited.sort_by_key(|headline| Reverse(headline.published));
        let keys: HashSet<Key> = edited.iter().map(|headline| headline.key.clone()).collect();
        let mut edited = edited.into_iter().peekable();
        let mut keeping = self.keep();
        keeping.begin(Some(total));
        let mut put = |headline: Headline| {
            keeping.add(&headline);
            take(headline);
        };
        let wrong = || io::Error::from(io::ErrorKind::InvalidData);
        let (_, lines) = self.open().ok_or_else(wrong)?;
        for line in lines {
            let before = self.headline(&line?).ok_or_else(wrong)?;
            if keys.contains(&before.key) {
                continue;
            }
            while let Some(headline) = edited.next_if(|next| next.published >= before.published) {
                put(headline);
            }
            put(before);
        }
        edited.for_each(put);
        keeping.end();
        Ok(())
    }

    fn beside(&self) -> PathBuf {
        self.file.with_added_extension("beside")
    }

    fn open(&self) -> Option<(About, io::Lines<BufReader<File>>)> {
        let mut lines = BufReader::new(File::open(&self.file).ok()?).lines();
        let about: About = serde_json::from_str(&lines.next()?.ok()?).ok()?;
        (about.by == self.by).then_some((about, lines))
    }

    fn headline(&self, line: &str) -> Option<Headline> {
        let origin = Origin { source: self.source, base: self.base, lang: Some(self.lang) };
        read_from(&serde_json::from_str(line).ok()?, "", origin).0.ok()
    }
}

/// A list that is being kept: beside what was kept until then, whose place it takes at the end. Where it cannot be
/// kept, the next run goes through the whole list again.
pub struct Keeping<'l> {
    list: &'l List<'l>,
    /// `None` if it cannot be kept.
    writing: Option<BufWriter<File>>,
    total: Option<u32>,
}

impl Keeping<'_> {
    /// Keeps one slice more.
    pub fn add_slice(&mut self, slice: &Slice<Headline>, is_first: bool) {
        if is_first {
            self.begin(slice.total);
        }
        // What came or went meanwhile may be in none of the slices, or in two.
        if slice.total != self.total {
            self.writing = None;
        }
        slice.items.iter().for_each(|headline| self.add(headline));
    }

    /// It is whole.
    pub fn end(self) {
        let Some(writing) = self.writing else { return };
        let end = || {
            writing.into_inner()?;
            fs::rename(self.list.beside(), &self.list.file)
        };
        let _: io::Result<()> = end();
    }

    fn begin(&mut self, total: Option<u32>) {
        self.total = total;
        let begin = |total| {
            if let Some(folder) = self.list.file.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut writing = BufWriter::new(File::create(self.list.beside())?);
            let about = About { by: self.list.by.to_owned(), total };
            writeln!(writing, "{}", serde_json::to_string(&about)?)?;
            io::Result::Ok(writing)
        };
        self.writing = total.and_then(|total| begin(total).ok());
    }

    fn add(&mut self, headline: &Headline) {
        let Some(writing) = &mut self.writing else { return };
        let added = serde_json::to_string(headline).map_err(io::Error::from);
        if added.and_then(|line| writeln!(writing, "{line}")).is_err() {
            self.writing = None;
        }
    }
}
