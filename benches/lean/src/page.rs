//! The page: the answer that is already on its way, then the views of it.

use js_sys::{Date, JsString, Object, Promise, Reflect};
use leptos::{html::Div, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use crate::{
    article::{Article, Image},
    body,
};

const SIZES: &str = "(min-width: 48rem) 46rem, 100vw";

/// Shows the article that index.html has asked for, or why there is none.
pub fn start() {
    spawn_local(async {
        match article().await {
            Ok(article) => mount_to_body(move || view! { <main><Text article/></main> }),
            Err(error) => {
                let error = format!("{error:?}");
                mount_to_body(move || view! { <main><p role="alert">{error}</p></main> });
            }
        }
    });
}

async fn article() -> Result<Article, JsValue> {
    let early: Promise = Reflect::get(&window(), &"early".into())?.dyn_into()?;
    let response: Response = JsFuture::from(early).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    let text = text.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| error.to_string().into())
}

/// The article.
#[component]
fn Text(
    /// As the API gave it.
    article: Article,
) -> impl IntoView {
    let Article { headline, dateline, authors, body } = article;
    let place = NodeRef::<Div>::new();
    place.on_load(move |place| {
        // Fails only for a document without a parser, and then there is nothing to show.
        if let Ok(nodes) = body::nodes(&document(), &body.value) {
            let _ = place.append_child(&nodes);
        }
    });
    let names: Vec<_> = authors.into_iter().map(|author| author.name).collect();
    let names = names.join(", ");
    let date = date(&headline.published, &headline.lang);
    let kicker = headline.kicker.map(|text| view! { <p class="kicker">{text}</p> });
    let standfirst = headline.standfirst.map(|text| view! { <p class="standfirst">{text}</p> });
    view! {
        <article class="article" lang=headline.lang>
            <header class="article-head">
                {kicker}
                <h1>{headline.title}</h1>
                {standfirst}
                <div class="article-meta">
                    <p class="byline">{dateline}" "{names}</p>
                    <p class="dates"><time datetime=headline.published>{date}</time></p>
                </div>
            </header>
            {headline.image.map(|image| view! { <Lead image/> })}
            <div class="body" node_ref=place></div>
        </article>
    }
}

/// The lead picture with its words.
#[component]
fn Lead(
    /// The picture.
    image: Image,
) -> impl IntoView {
    let absolute = |url: &str| body::address(&document(), url).unwrap_or_default();
    let sizes = image.sizes.iter().map(|size| format!("{} {}w", absolute(&size.url), size.width));
    let sizes = sizes.collect::<Vec<_>>().join(", ");
    let credit = image.credit.map(|credit| view! { <small>{credit}</small> });
    view! {
        <figure class="lead">
            <img
                decoding="async"
                fetchpriority="high"
                width=image.width
                height=image.height
                alt=image.alt
                sizes=SIZES
                srcset=sizes
                src=absolute(&image.url)
            />
            <figcaption>{image.caption}" "{credit}</figcaption>
        </figure>
    }
}

/// An instant in the words of a language, in the portal's zone.
fn date(published: &str, lang: &str) -> String {
    let options = Object::new();
    let wanted = [("dateStyle", "full"), ("timeStyle", "short"), ("timeZone", "Asia/Ho_Chi_Minh")];
    for (name, value) in wanted {
        // A new object takes any property.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let date: JsString = Date::new(&published.into()).to_locale_string(lang, &options);
    date.into()
}
