//! Everything an article needs to be read without a network: its versions, its thread, its pictures.

use std::{collections::HashSet, rc::Rc, sync::Arc};

use haidang_engine::{
    content::{self, Content},
    lang::Lang,
    model::{Article, Image, Key, ThreadPage},
    profile::{Failure, Operation, Portal, Reader, ThreadPlace, thread_of},
    thread::Order,
};
use web_sys::{AbortController, AbortSignal};

use super::pictures::{LEAD, TEXT};
use crate::backend::{Kept, Loader, Mode, parse_article};

/// Pages of a thread that come along.
const THREAD_PAGES: usize = 3;

/// What an article needs.
pub struct Gathered {
    /// The answers that hold it: its texts, its thread.
    pub answers: Vec<Rc<Kept>>,
    /// Its pictures, each with the room it has on the page.
    pub images: Vec<(Image, &'static str)>,
    /// The languages it came in.
    pub langs: Vec<Lang>,
}

/// How an article is asked for.
pub struct Wish<'a> {
    /// The portal in force.
    pub portal: &'a Arc<Portal>,
    /// Any version of the work.
    pub key: &'a Key,
    /// The language of the interface, then what else the reader reads.
    pub langs: &'a [Lang],
    /// Whether the thread comes along.
    pub with_thread: bool,
    /// Where answers may come from.
    pub mode: Mode,
}

/// Asks for all of it. Without the text it fails; a thread or a translation that cannot be had is left out.
pub async fn gather(wish: Wish<'_>) -> Result<Gathered, Failure> {
    let Wish { portal, key, langs, mode, .. } = wish;
    let abort = signal().ok_or(Failure::Aborted)?;
    let lang = langs.first().ok_or(Failure::NotOffered)?;
    let loader =
        |lang: &Lang| Loader::new(portal.clone(), lang.clone(), Vec::new(), mode, abort.clone());
    let asked = |id: &str| Operation::Article(id.to_owned());
    let first = loader(lang);
    let article: Article = first.ask(&key.source, &asked(&key.id)).await?;
    let mut answers = first.answers();
    let mut images = images(&first, &article).await;
    let mut came = vec![article.headline.lang.clone()];
    for lang in langs {
        let version = article.versions.iter().find(|version| version.lang == *lang);
        let Some(version) = version else { continue };
        let loader = loader(lang);
        // By its own address, and by the one it is saved under.
        for id in [&version.key.id, &key.id] {
            let is_here = *lang == article.headline.lang && *id == key.id;
            if is_here {
                continue;
            }
            let Ok(text) = loader.ask::<Article>(&key.source, &asked(id)).await else { continue };
            images.extend(self::images(&loader, &text).await);
            if text.headline.lang == *lang && !came.contains(lang) {
                came.push(lang.clone());
            }
        }
        answers.extend(loader.answers());
    }
    if let Some(place) = thread_of(portal, &article).filter(|_| wish.with_thread) {
        let loader = loader(lang);
        thread(&loader, &place).await;
        answers.extend(loader.answers());
    }
    answers.retain(|kept| !kept.is_personal);
    let mut seen = HashSet::new();
    images.retain(|(image, _)| seen.insert(image.url.clone()));
    Ok(Gathered { answers, images, langs: came })
}

/// The beginning of a thread, as anybody gets it.
async fn thread(loader: &Loader, place: &ThreadPlace) {
    let mut cursor = None;
    for _ in 0..THREAD_PAGES {
        let page = Operation::Comments {
            thread: place.id.clone(),
            order: Order::Oldest,
            cursor,
            reader: Reader::default(),
        };
        match loader.ask::<ThreadPage>(&place.source, &page).await {
            Ok(page) if page.next.is_some() => cursor = page.next,
            _ => return,
        }
    }
}

/// The pictures an article shows. Its body is read as the page reads it, so that what reads it is kept, too.
async fn images(loader: &Loader, article: &Article) -> Vec<(Image, &'static str)> {
    if article.withdrawal.is_some() {
        return Vec::new();
    }
    let lead = article.headline.image.iter().map(|image| (image.clone(), LEAD));
    let base = loader.base(&article.headline.key.source);
    let text = match &article.body {
        // Without what reads it there is no text, and so no pictures either.
        Some(body) => parse_article(body, base).await.unwrap_or_default(),
        None => Content::default(),
    };
    let text: Vec<(Image, &str)> =
        content::images(&text.blocks).into_iter().map(|image| (image.clone(), TEXT)).collect();
    lead.chain(text).collect()
}

/// Nobody ends what is kept on the way.
pub fn signal() -> Option<AbortSignal> {
    Some(AbortController::new().ok()?.signal())
}
