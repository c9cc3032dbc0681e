//! The settings of threads: who may write, what is read before it appears, what is kept how long.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use haidang_engine::model::{CommentState, Identity};

/// How threads are kept.
#[derive(Debug, Clone, Args)]
pub struct Threads {
    /// Whether a moderator reads new comments before everybody does (`/moderate`), or they appear at once.
    #[arg(long, env = "HAIDANG_MODERATION", alias = "comments-moderation", default_value = "held")]
    pub moderation: Moderation,
    /// Who may write: anybody, anybody and by their own name who is known to the portal, or only those.
    #[arg(long, env = "HAIDANG_IDENTITY", default_value = "anonymous")]
    pub identity: Who,
    /// The portal's public keys, PEM (Ed25519 or RSA, one after the other): who is known shows a JWT
    /// signed by one of them.
    #[arg(long, env = "HAIDANG_SSO_KEYS", value_name = "FILE")]
    pub sso_keys: Option<PathBuf>,
    /// The audience (`aud`) those JWTs are for.
    #[arg(long, env = "HAIDANG_SSO_AUDIENCE", value_name = "NAME", default_value = "haidang")]
    pub sso_audience: String,
    /// Seconds in which its author may change a comment or take it away; 0 is never.
    #[arg(long, env = "HAIDANG_EDIT_WINDOW", value_name = "SECONDS", default_value_t = 900)]
    pub edit_window: u32,
    /// Days after publication until a thread closes, unless its section or article says otherwise;
    /// 0 is never.
    #[arg(long, env = "HAIDANG_CLOSE_AFTER", value_name = "DAYS", default_value_t = 0)]
    pub close_after: u32,
    /// Whether there are votes against, too.
    #[arg(long, env = "HAIDANG_VOTES", default_value = "both")]
    pub votes: Votes,
    /// So many readers' reports hold a comment until a moderator has read it; 0 is never.
    #[arg(long, env = "HAIDANG_HOLD_REPORTS", value_name = "N", default_value_t = 5)]
    pub hold_reports: u32,
    /// A file that says what is held, `{"words": ["…"], "links": 2}`, and what is asked first,
    /// `"questions": [{"ask": {"vi": "…"}, "answers": ["…"]}]`.
    #[arg(long, env = "HAIDANG_SPAM", value_name = "FILE")]
    pub spam: Option<PathBuf>,
    /// Milliseconds in which nobody types a comment: what comes faster is held; 0 is never.
    #[arg(long, env = "HAIDANG_FASTEST", value_name = "MILLISECONDS", default_value_t = 2_000)]
    pub fastest: u32,
    /// Address to tell of each comment that is held.
    #[arg(long, env = "HAIDANG_WEBHOOK", value_name = "URL")]
    pub webhook: Option<url::Url>,
    /// Signs what the webhook is told (HMAC-SHA-256).
    #[arg(long, env = "HAIDANG_WEBHOOK_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub webhook_secret: Option<String>,
    /// The webhook is on this machine or network.
    #[arg(long, env = "HAIDANG_WEBHOOK_PRIVATE")]
    pub webhook_private: bool,
    /// Days until it is forgotten who wrote, voted and reported; 0 is never.
    #[arg(long, env = "HAIDANG_RETENTION", value_name = "DAYS", default_value_t = 90)]
    pub retention: u32,
    /// How many readers may follow threads live at a time.
    #[arg(long, env = "HAIDANG_STREAMS", value_name = "N", default_value_t = 4096)]
    pub streams: u16,
}

/// What happens to a new comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Moderation {
    /// Everybody sees it at once.
    Published,
    /// It waits for a moderator.
    Held,
}

impl Moderation {
    /// The state of a new comment.
    pub fn state(self) -> CommentState {
        match self {
            Moderation::Published => CommentState::Published,
            Moderation::Held => CommentState::Held,
        }
    }
}

/// Who may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Who {
    /// Anybody, under any name.
    Anonymous,
    /// Anybody; who is known to the portal under their own name.
    Sso,
    /// Only who is known to the portal.
    Required,
}

impl Who {
    /// As readers are told.
    pub fn identity(self) -> Identity {
        match self {
            Who::Anonymous => Identity::Anonymous,
            Who::Sso => Identity::Sso,
            Who::Required => Identity::Required,
        }
    }
}

/// Which votes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Votes {
    /// For and against.
    Both,
    /// For alone.
    Up,
}
