//! What the lists of a source gave, kept beside the site: where a source says what was changed last, that is asked
//! for, and the rest is as it was.
//!
//! A file a source and language: a line about all, then a headline a line, in the order of the list, and at the end
//! how many they are.

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

/// What the last line begins with.
const END: &str = "end ";

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
        let mut said = Seen::new();
        for headline in lines {
            let mut headline = headline.ok()?;
            said.insert(headline.key.clone(), Said::of(&mut headline));
        }
        Some(Known { said, total: about.total })
    }

    /// Keeps the list anew, slice by slice.
    pub fn keep(&self) -> Keeping<'_> {
        Keeping { list: self, lines: None, total: None, count: 0 }
    }

    /// Gives `take` the whole list in its order, what has changed in its place, and keeps it so.
    pub fn renew(&self, changes: Changes, mut take: impl FnMut(Headline)) -> io::Result<()> {
        let Changes { mut edited, total } = changes;
        edited.sort_by_key(|headline| Reverse(headline.published));
        let keys: HashSet<Key> = edited.iter().map(|headline| headline.key.clone()).collect();
        let mut edited = edited.into_iter().peekable();
        let mut keeping = self.keep();
        // As it is, it stays.
        keeping.begin((!keys.is_empty()).then_some(total));
        let mut put = |headline: Headline| {
            keeping.add(&headline);
            take(headline);
        };
        let (_, lines) = self.open().ok_or_else(wrong)?;
        for before in lines {
            let before = before?;
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

    /// What is said of the list, and its headlines; one of them is an error if the file is not whole.
    fn open(&self) -> Option<(About, impl Iterator<Item = io::Result<Headline>>)> {
        let mut lines = BufReader::new(File::open(&self.file).ok()?).lines();
        let about: About = serde_json::from_str(&lines.next()?.ok()?).ok()?;
        let mut count = 0_usize;
        let headlines = lines.chain([Ok(String::new())]).map_while(move |line| {
            let line = match line {
                Ok(line) => line,
                Err(error) => return Some(Err(error)),
            };
            if let Some(end) = line.strip_prefix(END) {
                return (end != count.to_string()).then(|| Err(wrong()));
            }
            count += 1;
            Some(self.headline(&line).ok_or_else(wrong))
        });
        (about.by == self.by).then_some((about, headlines))
    }

    fn headline(&self, line: &str) -> Option<Headline> {
        let origin = Origin { source: self.source, base: self.base, lang: Some(self.lang) };
        read_from(&serde_json::from_str(line).ok()?, "", origin).0.ok()
    }
}

fn wrong() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

/// A list that is being kept: beside what was kept until then, whose place it takes at the end. Where it cannot be
/// kept, the next run goes through the whole list again.
pub struct Keeping<'l> {
    list: &'l List<'l>,
    /// `None` if it cannot be kept.
    lines: Option<BufWriter<File>>,
    total: Option<u32>,
    count: usize,
}

impl Keeping<'_> {
    /// Keeps one slice more.
    pub fn add_slice(&mut self, slice: &Slice<Headline>, is_first: bool) {
        if is_first {
            self.begin(slice.total);
        }
        // What came or went meanwhile may be in none of the slices, or in two.
        if slice.total != self.total {
            self.give_up();
        }
        slice.items.iter().for_each(|headline| self.add(headline));
    }

    /// It is whole.
    pub fn end(mut self) {
        let count = self.count;
        self.write(|lines| writeln!(lines, "{END}{count}"));
        let Some(lines) = self.lines.take() else { return };
        let end = || {
            lines.into_inner()?.sync_all()?;
            fs::rename(self.list.beside(), &self.list.file)
        };
        if end().is_err() {
            self.give_up();
        }
    }

    fn begin(&mut self, total: Option<u32>) {
        self.total = total;
        let Some(total) = total else { return };
        let open = || {
            if let Some(folder) = self.list.file.parent() {
                fs::create_dir_all(folder)?;
            }
            File::create(self.list.beside())
        };
        self.lines = open().ok().map(BufWriter::new);
        let about = About { by: self.list.by.to_owned(), total };
        self.write(|lines| writeln!(lines, "{}", serde_json::to_string(&about)?));
    }

    fn add(&mut self, headline: &Headline) {
        self.count += 1;
        self.write(|lines| writeln!(lines, "{}", serde_json::to_string(headline)?));
    }

    fn write(&mut self, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
        if self.lines.as_mut().is_some_and(|lines| write(lines).is_err()) {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.lines = None;
        // There need not be one.
        let _ = fs::remove_file(self.list.beside());
    }
}
