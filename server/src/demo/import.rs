//! From the demo's files to rows: everything is checked first, then written in one transaction.
//!
//! An error names the file and the field, e.g. `articles/05-x/article.json: tags[1]: …`.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use anyhow::{Context, anyhow, bail, ensure};
use haidang_engine::{
    lang::Lang,
    model::{ImageSize, VersionKind},
    time::Timestamp,
};
use serde::de::DeserializeOwned;

use super::{
    Content,
    body::{Picture, References},
    dates, insert, shapes,
};
use crate::store::{Store, notices::Bulletin};

/// Everything there is to import, read and checked.
pub(super) struct Portal {
    pub sections: Vec<shapes::Term>,
    pub tags: Vec<shapes::Term>,
    pub organisations: Vec<shapes::Organisation>,
    pub authors: Vec<shapes::Author>,
    pub register: shapes::Documents,
    pub press: shapes::Press,
    pub notices: Vec<Bulletin>,
    pub threads: shapes::Threads,
    pub pictures: BTreeMap<String, Picture>,
    pub works: BTreeMap<String, Work>,
}

/// A work with the bodies of its versions.
pub(super) struct Work {
    /// Where its files are, e.g. `articles/05-x`.
    pub folder: String,
    pub shape: shapes::Work,
    pub bodies: BTreeMap<Lang, String>,
}

/// Fills an empty database with `content`. `now` is when; what is announced is moved to it.
pub async fn import(store: &Store, content: &Content, now: Timestamp) -> anyhow::Result<()> {
    let mut portal = Portal::read(content)?;
    portal.check(content)?;
    dates::bring_to(now, &mut portal.press, &mut portal.notices);
    insert::insert(store, &portal, content, now).await
}

fn read<T: DeserializeOwned>(content: &Content, path: &str) -> anyhow::Result<T> {
    let bytes = content.get(path).with_context(|| format!("{path}: there is no such file"))?;
    let json = &mut serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(json)
        .map_err(|error| anyhow!("{path}: {}: {}", error.path(), error.inner()))
}

impl Portal {
    fn read(content: &Content) -> anyhow::Result<Self> {
        Ok(Self {
            sections: read(content, "sections.json")?,
            tags: read(content, "tags.json")?,
            organisations: read(content, "organisations.json")?,
            authors: read(content, "authors.json")?,
            register: read(content, "documents.json")?,
            press: read(content, "press.json")?,
            notices: read(content, "notices.json")?,
            threads: read(content, "comments.json")?,
            pictures: pictures(content)?,
            works: works(content)?,
        })
    }

    /// That whatever is named is there.
    fn check(&self, content: &Content) -> anyhow::Result<()> {
        let names = Names {
            sections: self.sections.iter().map(|term| term.id.as_str()).collect(),
            tags: self.tags.iter().map(|term| term.id.as_str()).collect(),
            authors: self.authors.iter().map(|author| author.id.as_str()).collect(),
            organisations: self.organisations.iter().map(|body| body.id.as_str()).collect(),
            fields: self.register.fields.iter().map(|term| term.id.as_str()).collect(),
            documents: self.register.documents.iter().map(|one| one.id.as_str()).collect(),
            works: self.works.keys().map(String::as_str).collect(),
        };
        for work in self.works.values() {
            self.check_work(work, &names, content)
                .with_context(|| format!("{}/article.json", work.folder))?;
        }
        for document in &self.register.documents {
            check_document(document, &names, content)
                .with_context(|| format!("documents.json: {}", document.id))?;
        }
        for person in &self.press.spokespersons {
            known(&names.organisations, Some(&person.organisation), "organisation")
                .with_context(|| format!("press.json: {}", person.id))?;
        }
        for briefing in &self.press.briefings {
            known(&names.organisations, Some(&briefing.organisation), "organisation")
                .and_then(|()| known(&names.works, briefing.article.as_ref(), "article"))
                .with_context(|| format!("press.json: {}", briefing.id))?;
        }
        for notice in &self.notices {
            known(&names.works, notice.article.as_ref(), "article")
                .with_context(|| format!("notices.json: {}", notice.id))?;
        }
        for (work, thread) in &self.threads {
            known(&names.works, Some(work), work).context("comments.json")?;
            check_thread(thread).with_context(|| format!("comments.json: {work}"))?;
        }
        Ok(())
    }

    fn check_work(&self, work: &Work, names: &Names<'_>, content: &Content) -> anyhow::Result<()> {
        let shape = &work.shape;
        known(&names.sections, Some(&shape.section), "section")?;
        known(&names.organisations, shape.organisation.as_ref(), "organisation")?;
        known(&names.authors, &shape.authors, "authors")?;
        known(&names.tags, &shape.tags, "tags")?;
        known(&names.works, &shape.related, "related")?;
        attached(content, &shape.attachments, "attachments")?;
        if let Some(stem) = &shape.image {
            ensure!(self.pictures.contains_key(stem), "image: \"{stem}\" is not in media.json");
        }
        let is_original = |version: &&shapes::Version| version.kind == VersionKind::Original;
        let originals = shape.versions.values().filter(is_original).count();
        ensure!(originals == 1, "versions: expected one original, found {originals}");
        for (lang, version) in &shape.versions {
            check_version(version, shape.image.is_some())
                .with_context(|| format!("versions.{lang}"))?;
        }
        Ok(())
    }
}

struct Names<'a> {
    sections: HashSet<&'a str>,
    tags: HashSet<&'a str>,
    authors: HashSet<&'a str>,
    organisations: HashSet<&'a str>,
    fields: HashSet<&'a str>,
    documents: HashSet<&'a str>,
    works: HashSet<&'a str>,
}

fn known<'a>(
    names: &HashSet<&str>,
    ids: impl IntoIterator<Item = &'a String>,
    field: &str,
) -> anyhow::Result<()> {
    match ids.into_iter().find(|id| !names.contains(id.as_str())) {
        Some(id) => bail!("{field}: there is no \"{id}\""),
        None => Ok(()),
    }
}

fn attached(content: &Content, files: &[shapes::Attachment], field: &str) -> anyhow::Result<()> {
    for attachment in files {
        let path = format!("files/{}", attachment.file);
        ensure!(content.get(&path).is_some(), "{field}: there is no file {path}");
        ensure!(!attachment.title.0.is_empty(), "{field}: {path} has no title");
    }
    Ok(())
}

fn check_version(version: &shapes::Version, pictured: bool) -> anyhow::Result<()> {
    ensure!(!version.title.trim().is_empty(), "title: expected text");
    ensure!(
        version.updated >= Some(version.published) || version.updated.is_none(),
        "updated: before it was published"
    );
    if pictured {
        let alt = version.alt.as_deref().map(str::trim).unwrap_or_default();
        ensure!(!alt.is_empty(), "alt: expected what the picture shows");
        ensure!(version.caption.as_deref().map(str::trim) != Some(alt), "alt: repeats the caption");
    }
    Ok(())
}

fn check_document(
    document: &shapes::Document,
    names: &Names<'_>,
    content: &Content,
) -> anyhow::Result<()> {
    known(&names.organisations, document.issuer.as_ref(), "issuer")?;
    known(&names.fields, document.field.as_ref(), "field")?;
    known(&names.documents, &document.amends, "amends")?;
    known(&names.documents, &document.replaces, "replaces")?;
    attached(content, &document.files, "files")?;
    let named = document.issuer.is_some() || !document.issuer_names.0.is_empty();
    ensure!(named, "issuer_names: expected the name of who issued it");
    ensure!(!document.titles.0.is_empty(), "titles: expected at least one");
    Ok(())
}

fn check_thread(thread: &[shapes::Comment]) -> anyhow::Result<()> {
    let mut seen = HashSet::new();
    for comment in thread {
        if let Some(parent) = comment.parent {
            ensure!(
                seen.contains(&parent),
                "{}: parent: {parent} does not come before",
                comment.id
            );
        }
        ensure!(seen.insert(comment.id), "{}: id: used twice", comment.id);
    }
    Ok(())
}

fn pictures(content: &Content) -> anyhow::Result<BTreeMap<String, Picture>> {
    let shapes: Vec<shapes::Picture> = read(content, "media.json")?;
    let picture = |shape: shapes::Picture| {
        let mut sizes = Vec::new();
        for size in shape.sizes {
            let url = format!("media/{}", size.file);
            ensure!(content.get(&url).is_some(), "media.json: {}: there is no {url}", shape.id);
            sizes.push(ImageSize { url, width: size.width });
        }
        ensure!(!sizes.is_empty(), "media.json: {}: sizes: expected at least one", shape.id);
        sizes.sort_by_key(|size| size.width);
        Ok((shape.id, Picture { width: shape.width, height: shape.height, sizes }))
    };
    shapes.into_iter().map(picture).collect()
}

fn works(content: &Content) -> anyhow::Result<BTreeMap<String, Work>> {
    let mut works = BTreeMap::new();
    for path in content.0.keys() {
        let Some(folder) = path.strip_suffix("/article.json") else { continue };
        let shape: shapes::Work = read(content, path)?;
        let mut bodies = BTreeMap::new();
        for lang in shape.versions.keys() {
            let path = format!("{folder}/{lang}.html");
            let bytes =
                content.get(&path).with_context(|| format!("{path}: there is no such file"))?;
            let html = std::str::from_utf8(bytes).with_context(|| path.clone())?;
            ensure!(!html.trim().is_empty(), "{path}: is empty");
            bodies.insert(lang.clone(), html.to_owned());
        }
        let work = Work { folder: folder.to_owned(), shape, bodies };
        works.insert(slug(folder), work);
    }
    Ok(works)
}

/// The id of a work: its folder's name without the number that keeps folders in order.
fn slug(folder: &str) -> String {
    let name = Path::new(folder).file_name().unwrap_or_default().to_string_lossy();
    name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-').to_owned()
}

impl Work {
    /// The id of a version: the work's own for the original, else with the language.
    pub(super) fn id(&self, work: &str, lang: &Lang) -> String {
        match self.shape.versions.get(lang) {
            Some(version) if version.kind != VersionKind::Original => format!("{work}.{lang}"),
            _ => work.to_owned(),
        }
    }
}

impl References for Portal {
    fn picture(&self, stem: &str) -> Option<&Picture> {
        self.pictures.get(stem)
    }

    fn article(&self, work: &str, lang: &Lang) -> Option<String> {
        self.works.get(work).map(|found| found.id(work, lang))
    }

    fn has_document(&self, id: &str) -> bool {
        self.register.documents.iter().any(|document| document.id == id)
    }
}
