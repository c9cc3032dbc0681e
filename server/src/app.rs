//! The whole as one service: state, routes, and the layers around them.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{
    Extension, Router,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::Redirect,
    routing::{any, get, post},
};
use haidang_engine::time::Timestamp;
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
};
use tower::util::option_layer;
use tower_http::{
    CompressionLevel,
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::{DefaultMakeSpan, DefaultOnResponse, TraceLayer},
};
use tracing::Level;

use crate::{
    api::{
        self,
        client::{Limiter, Limits},
        reader::TOKEN,
    },
    assets,
    conditional::conditional,
    config::{Pages, Serve, Threads, Who},
    demo::{Content, Shape, generate_comments, import},
    embed, hooks,
    moderate::{self, Locales},
    outbound::Outbound,
    portal::Editions,
    print::{self, Network, Press},
    problem::explain,
    proxy::{self, Proxy},
    publish::{self, Sitemaps},
    push::Push,
    screen::Screen,
    site::{self, Site},
    sso::Sso,
    store::{
        Store,
        threads::{Scope, Thread},
    },
    webhook::Webhook,
};

/// What every request can use.
pub struct App {
    /// The database.
    pub store: Store,
    /// The portal's languages.
    pub editions: Editions,
    /// How threads are kept.
    pub threads: Threads,
    /// What is suspicious in a comment.
    pub screen: Screen,
    /// Whom to believe who a reader is.
    pub sso: Option<Sso>,
    /// Who tells readers of emergencies.
    pub push: Option<Push>,
    /// Who is told of what is held.
    pub webhook: Option<Arc<Webhook>>,
    /// How often a client may do what.
    pub limits: Limits,
    /// A place for each reader who follows a thread.
    pub streams: Arc<Semaphore>,
    /// What the pages of moderators say.
    pub locales: Locales,
    /// Whether cookies go by HTTPS alone.
    pub secure_cookies: bool,
    /// Turns true when the server stops: streams end.
    pub stopping: watch::Sender<bool>,
    /// Bytes of a request body at most.
    pub body_limit: usize,
    /// The header in which a proxy in front names the client.
    pub client_header: Option<HeaderName>,
    /// The built site and its portal.json.
    pub site: Site,
    /// What is shown by who says that something was published.
    pub publish_secret: Option<String>,
    /// The sitemaps as they were last made.
    pub sitemaps: Sitemaps,
    /// The backends that are asked through here.
    pub proxy: Option<Proxy>,
    clock: Clock,
}

/// What time it is; tests have their own.
pub type Clock = fn() -> Timestamp;

/// The time of the machine.
pub fn machine_clock() -> Timestamp {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Opens the database in the folder `data`; at the first start fills it with `content`, and adds
/// `comments` generated comments of a shape.
pub async fn open(
    data: &Path,
    content: &Content,
    (comments, shape): (u32, Shape),
    now: Timestamp,
) -> anyhow::Result<Store> {
    let store = Store::open(data).await?;
    if store.is_empty().await? {
        tracing::info!(data = %data.display(), "first start: filling the database");
        import(&store, content, now).await.context("the demo portal cannot be imported")?;
        if comments > 0 {
            seed_comments(&store, (comments, shape), None, now).await?;
        }
    }
    Ok(store)
}

impl App {
    /// Opens the database and reads the portal.
    pub async fn start(config: &Serve, content: &Content, clock: Clock) -> anyhow::Result<Self> {
        let store = open(&config.data, content, (config.comments, config.shape), clock()).await?;
        let site = Site::new(config)?;
        let portal = site.portal();
        let store = store.scoped(Scope::of(portal.as_ref()));
        let editions = Editions::new(portal.as_ref(), store.languages().await?)
            .context("there is neither a portal.json nor any article to tell the languages from")?;
        let client_header = config.client_header.as_deref().map(HeaderName::try_from).transpose();
        Ok(Self {
            editions,
            screen: Screen::open(config.threads.spam.as_deref(), config.threads.fastest)
                .context("--spam")?,
            sso: sso(&config.threads)?,
            push: Push::open(&store, config.push_contact.as_deref()).await?,
            webhook: Webhook::new(&config.threads).context("--webhook")?,
            store,
            streams: Arc::new(Semaphore::new(config.threads.streams.into())),
            stopping: watch::Sender::new(false),
            locales: Locales::new()?,
            // Whoever listens to the machine alone and promises no HTTPS is being tried out.
            secure_cookies: config.hsts > 0 || !config.listen.ip().is_loopback(),
            threads: config.threads.clone(),
            limits: Limits {
                writing: Limiter::per_minute(config.rate),
                marking: Limiter::per_minute(config.rate),
                signing_in: Limiter::per_minute(10),
            },
            body_limit: config.body_limit,
            client_header: client_header
                .context("--client-header: expected the name of a header")?,
            site,
            publish_secret: config.publish.publish_secret.clone(),
            sitemaps: Sitemaps::default(),
            proxy: config.proxy.as_deref().map(Proxy::open).transpose().context("--proxy")?,
            clock,
        })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Whether a thread takes new comments now.
    pub fn takes_comments(&self, thread: &Thread) -> bool {
        thread.is_open(self.now(), self.threads.close_after)
    }

    /// Forgets who wrote what, after the time for which that is kept; now, and every day from now on.
    pub async fn forget_daily(self: Arc<Self>) {
        let days = i64::from(self.threads.retention);
        if days == 0 {
            return;
        }
        loop {
            let before = Timestamp(self.now().0.saturating_sub(days * DAY_MILLIS));
            match self.store.forget(before).await {
                Ok(forgotten) => tracing::info!(
                    comments = forgotten.comments,
                    traces = forgotten.traces,
                    "forgotten who wrote more than {days} days ago"
                ),
                Err(error) => tracing::error!(%error, "retention"),
            }
            tokio::time::sleep(A_DAY).await;
        }
    }
}

const DAY_MILLIS: i64 = 86_400_000;
const A_DAY: Duration = Duration::from_secs(86_400);

fn sso(threads: &Threads) -> anyhow::Result<Option<Sso>> {
    match (threads.identity, &threads.sso_keys) {
        (Who::Anonymous, _) => Ok(None),
        (_, Some(file)) => Sso::open(file, &threads.sso_audience).context("--sso-keys").map(Some),
        (_, None) => {
            anyhow::bail!("--identity: who is known is told by --sso-keys, which is missing")
        }
    }
}

/// Adds `count` generated comments to the thread of `article`, any version's id; without one to the
/// newest that takes comments. Says which.
pub async fn seed_comments(
    store: &Store,
    (count, shape): (u32, Shape),
    article: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<String> {
    let work = match article {
        Some(id) => store.thread(id).await?.map(|thread| thread.id.work),
        None => store.newest_open_thread().await?,
    };
    let work = work.context("there is no such article to comment")?;
    store.write_all(&generate_comments(&work, count, shape, now)).await?;
    Ok(work)
}

/// Every route below the configured base.
pub fn routes(app: Arc<App>) -> Router {
    let files = Router::new()
        .route("/media/{*path}", get(assets::media))
        .route("/files/{*path}", get(assets::files));
    // Addresses in answers are relative: whether a reader resolves them against the API's base or
    // the portal's, they lead to the same files.
    let api = api::router().merge(files.clone());
    let mut routes = Router::new()
        .nest("/api/v1", api)
        .merge(files)
        .merge(moderate::router())
        .merge(publish::router())
        .route(&format!("{}{{*path}}", proxy::PREFIX), any(proxy::serve))
        .route("/embed/oembed", get(embed::oembed))
        .route("/embed/printed", get(embed::printed))
        .route("/hooks/publish", post(hooks::publish))
        .route("/healthz", get(healthz))
        .fallback(site::serve);
    let base = app.site.base().to_owned();
    if base != "/" {
        let prefix = base.trim_end_matches('/').to_owned();
        let home = base.clone();
        routes = Router::new()
            .route(&prefix, get(move || async move { Redirect::permanent(&home) }))
            .route("/healthz", get(healthz))
            // Crawlers look for it there alone.
            .route("/robots.txt", get(publish::robots))
            .nest(&base, routes);
    }
    routes.with_state(app)
}

/// The routes with their layers.
pub fn router(app: Arc<App>, config: &Serve) -> anyhow::Result<Router> {
    let base = app.site.base().to_owned();
    let mut routes = routes(app);
    if config.pages == Pages::Printed {
        let press = Arc::new(Press::new(Network {
            own: routes.clone(),
            base,
            others: Outbound::new(true)?,
            kept: None,
            runtime: Handle::current(),
        }));
        routes =
            routes.layer(from_fn_with_state(press.clone(), print::follow)).layer(Extension(press));
    }
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let hsts = match config.hsts {
        0 => None,
        seconds => Some(HeaderValue::try_from(format!("max-age={seconds}; includeSubDomains"))?),
    };
    let timeout = Duration::from_secs(config.timeout);
    Ok(routes
        .layer(fixed(header::CACHE_CONTROL, "no-cache"))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout))
        .layer(map_response(explain))
        .layer(from_fn(conditional))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(5)))
        .layer(option_layer((!config.cors.is_empty()).then(|| cors(&config.cors)).transpose()?))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "strict-origin-when-cross-origin"))
        .layer(fixed(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, hsts))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(DefaultMakeSpan::new().level(Level::INFO))
                .on_response(DefaultOnResponse::new().level(Level::INFO)),
        ))
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// Lets the pages of `origins` ask.
fn cors(origins: &[String]) -> anyhow::Result<CorsLayer> {
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let values = origins.iter().map(|origin| HeaderValue::try_from(origin.as_str()));
        AllowOrigin::list(values.collect::<Result<Vec<_>, _>>().context("--cors")?)
    };
    Ok(CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::CONTENT_TYPE,
            header::AUTHORIZATION,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static(TOKEN),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER])
        .max_age(Duration::from_secs(600)))
}
