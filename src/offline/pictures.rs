//! Pictures of what is saved and taken along: `haidang:{portal}:kept` of the Cache API, which the service
//! worker answers from first.

use std::pin::pin;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use haidang_engine::model::Image;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, HtmlImageElement, Request, RequestInit, Response};

use crate::database::{Denied, is_full};

/// How wide the lead picture of an article is shown (HTML, source size list).
pub const LEAD: &str = "(min-width: 48rem) 46rem, 100vw";
/// How wide pictures in a text are shown.
pub const TEXT: &str = "(min-width: 48rem) 44rem, 100vw";

/// Milliseconds that a picture may take: others wait for the lock under which it comes.
const LIMIT: u32 = 20_000;

/// What comes in time.
async fn within<T>(coming: impl Future<Output = T>) -> Option<T> {
    match select(pin!(coming), TimeoutFuture::new(LIMIT)).await {
        Either::Left((came, _)) => Some(came),
        Either::Right(_) => None,
    }
}

/// The pictures kept of a portal.
pub struct Pictures {
    kept: Cache,
    /// What the service worker keeps of pictures that were shown.
    shown: Option<Cache>,
}

/// What came of keeping a picture.
pub enum Picture {
    /// It is kept, and has so many bytes.
    Kept(u64),
    /// It could not be had.
    Missing,
}

impl Pictures {
    /// Those of a portal; `None` where the browser keeps none for us.
    pub async fn open(portal: &str) -> Option<Self> {
        // Not there on an insecure origin, whatever the type says.
        let caches = Reflect::get(&window(), &"caches".into()).ok()?;
        let caches: CacheStorage = caches.dyn_into().ok()?;
        let open = async |name: &str| {
            let opened = caches.open(&format!("haidang:{portal}:{name}"));
            JsFuture::from(opened).await.ok()?.dyn_into::<Cache>().ok()
        };
        Some(Self { kept: open("kept").await?, shown: open("pictures").await })
    }

    /// Keeps the picture at this address.
    pub async fn keep(&self, url: &str) -> Result<Picture, Denied> {
        let came = async {
            let response = match fetch(url).await {
                Some(response) => response,
                // The page may show it and not ask for it: the policy names those whom scripts may ask.
                None => self.as_shown(url).await?,
            };
            // With the whole of it: a server may begin and never end.
            Some((size(&response).await, response))
        };
        let Some((size, response)) = within(came).await.flatten() else {
            return Ok(Picture::Missing);
        };
        let put = JsFuture::from(self.kept.put_with_str(url, &response)).await;
        match put {
            Ok(_) => Ok(Picture::Kept(size)),
            Err(error) if is_full(&error) => Err(Denied::Full),
            Err(_) => Ok(Picture::Missing),
        }
    }

    /// What the service worker has kept of a picture when it was shown.
    async fn as_shown(&self, url: &str) -> Option<Response> {
        let element = HtmlImageElement::new().ok()?;
        element.set_src(url);
        JsFuture::from(element.decode()).await.ok()?;
        let found = JsFuture::from(self.shown.as_ref()?.match_with_str(url)).await;
        found.ok()?.dyn_into().ok()
    }

    /// Whether the picture at this address is still there.
    pub async fn has(&self, url: &str) -> bool {
        let found = JsFuture::from(self.kept.match_with_str(url)).await;
        found.is_ok_and(|found| found.is_instance_of::<Response>())
    }

    /// Forgets pictures.
    pub async fn forget(&self, urls: &[String]) {
        for url in urls {
            // What is not there is forgotten.
            let _ = JsFuture::from(self.kept.delete_with_str(url)).await;
        }
    }

    /// The addresses of all of them, absolute.
    pub async fn all(&self) -> Vec<String> {
        let keys = JsFuture::from(self.kept.keys()).await.ok();
        let keys = keys.and_then(|keys| keys.dyn_into::<Array>().ok()).unwrap_or_default();
        keys.iter().filter_map(|key| Some(key.dyn_into::<Request>().ok()?.url())).collect()
    }
}

/// An address as the browser resolves it.
pub fn absolute(url: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.href())
}

/// The rendition of a picture that this screen would show in that place: the browser chooses.
pub async fn chosen(image: &Image, sizes: &str) -> String {
    if image.sizes.is_empty() {
        return image.url.clone();
    }
    choice(image, sizes).await.unwrap_or_else(|| image.url.clone())
}

async fn choice(image: &Image, sizes: &str) -> Option<String> {
    let element = HtmlImageElement::new().ok()?;
    let all = image.sizes.iter();
    let set: Vec<String> =
        all.map(|size| format!("{} {}w", size.url.replace(' ', "%20"), size.width)).collect();
    element.set_sizes(sizes);
    element.set_srcset(&set.join(", "));
    element.set_src(&image.url);
    // Chosen by the time it is loaded; what does not load has been chosen as well.
    let _ = within(JsFuture::from(element.decode())).await;
    let current = element.current_src();
    let all = image.sizes.iter().map(|size| &size.url).chain([&image.url]);
    all.into_iter().find(|url| absolute(url) == current).cloned()
}

/// The picture, if it is one: a login page where the network begins is none, and what nobody may read may be one.
async fn fetch(url: &str) -> Option<Response> {
    let asked = Request::new_with_str(url).ok()?;
    let response = JsFuture::from(window().fetch_with_request(&asked)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    (response.ok() && response.status() != 206 && kind.starts_with("image/")).then_some(response)
}

/// Bytes of the picture at this address, as its server says without sending it.
pub async fn weigh(url: &str) -> Option<u64> {
    let options = RequestInit::new();
    options.set_method("HEAD");
    let head = Request::new_with_str_and_init(url, &options).ok()?;
    let response = JsFuture::from(window().fetch_with_request(&head)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    response.headers().get("content-length").ok().flatten()?.parse().ok()
}

/// Bytes of a response; 0 where it cannot be read.
async fn size(response: &Response) -> u64 {
    let bytes = async {
        let copy = response.clone().ok()?;
        let bytes: Promise = copy.array_buffer().ok()?;
        Some(Uint8Array::new(&JsFuture::from(bytes).await.ok()?).length())
    };
    bytes.await.map(u64::from).unwrap_or_default()
}
