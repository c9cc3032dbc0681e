//! The command line and its environment variables.

mod prerender;
mod publish;
mod threads;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::{demo::Shape, store::moderators::Role};

pub use prerender::Prerender;
pub use publish::Publish;
pub use threads::{Moderation, Threads, Votes, Who};

/// The reference server of Hải Đăng: the native API over SQLite, and the site.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; `serve` if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Serve,
}

/// What the server's binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API and the site until told to stop.
    Serve(Box<Serve>),
    /// Add generated comments to one thread, and end.
    Seed(Seed),
    /// Who may moderate at `/moderate`.
    #[command(subcommand)]
    Moderator(ModeratorCommand),
    /// Announcements to every reader.
    #[command(subcommand)]
    Notice(NoticeCommand),
    /// A whole thread as a file.
    #[command(subcommand)]
    Thread(ThreadCommand),
    /// Print the Content-Security-Policy of a site, for a static host to send, and end.
    Csp(Csp),
    /// Write the web app manifests of a portal into a site, for a static host, and end.
    Manifest(Manifest),
    /// Write every page of a portal as HTML into its site, for a static host; exit code 1 if some failed.
    Prerender(Box<Prerender>),
    /// Print the JSON Schema of portal.json, or of profiles, and end.
    Schema(Schema),
    /// Try a profile, or find out what stands at an address.
    #[command(subcommand)]
    Profile(ProfileCommand),
}

/// Which portal to describe, and where.
#[derive(Debug, Args)]
pub struct Manifest {
    /// Folder of the site.
    #[arg(long)]
    pub site: PathBuf,
    /// A portal.json other than the site's.
    #[arg(long)]
    pub portal: Option<PathBuf>,
}

/// Which schema to print.
#[derive(Debug, Args)]
pub struct Schema {
    /// That of profiles.
    #[arg(long)]
    pub profile: bool,
}

/// What is done for a profile.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Ask all that a profile maps, and say what came of it; exit code 1 if something is wrong.
    Check(Box<Check>),
    /// Find out what backend stands at an address, and print a first portal.json.
    Detect(Detect),
}

/// Which profile to check, and against what.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("backend").required(true).args(["sample", "live"]))]
pub struct Check {
    /// The profile's file.
    pub file: PathBuf,
    /// A folder of recorded answers: `{request, status, headers, body}` in a JSON file each.
    #[arg(long, value_name = "DIR")]
    pub sample: Option<PathBuf>,
    /// The backend itself, by the base of its API. Nothing is written to it.
    #[arg(long, value_name = "URL")]
    pub live: Option<String>,
    /// The base that answers were recorded with, if it is not just their host.
    #[arg(long, value_name = "URL", conflicts_with = "live")]
    pub base: Option<String>,
    /// A portal.json whose source with this profile says more: params, languages, auth.
    #[arg(long, value_name = "FILE")]
    pub portal: Option<PathBuf>,
    /// With --portal: the source, by id.
    #[arg(long, value_name = "ID", requires = "portal")]
    pub source: Option<String>,
    /// What the profile asks of a source, e.g. `per_page=5`; tables and lists are JSON.
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// The language to ask in; the portal's default, else English.
    #[arg(long, value_name = "CODE")]
    pub lang: Option<String>,
    /// The article to ask for; the first of the list if absent.
    #[arg(long, value_name = "ID")]
    pub article: Option<String>,
    /// The thread to ask for; the article's if absent.
    #[arg(long, value_name = "KEY")]
    pub thread: Option<String>,
}

/// Where to look.
#[derive(Debug, Args)]
pub struct Detect {
    /// The address of a site, of a page on it or of its API.
    pub url: String,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Address and port.
    #[arg(long, env = "HAIDANG_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder of the built site; without it only the API is served.
    #[arg(long, env = "HAIDANG_SITE")]
    pub site: Option<PathBuf>,
    /// Folder of the database; made and filled with the demo portal at the first start.
    #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
    pub data: PathBuf,
    /// A portal.json to serve instead of the site's.
    #[arg(long, env = "HAIDANG_PORTAL")]
    pub portal: Option<PathBuf>,
    /// Path that everything is served below.
    #[arg(long, env = "HAIDANG_BASE", default_value = "/")]
    pub base: String,
    /// What pages are sent as.
    #[arg(long, env = "HAIDANG_PAGES", default_value = "printed")]
    pub pages: Pages,
    /// Generated comments to add at the first start.
    #[arg(long, env = "HAIDANG_COMMENTS", default_value_t = 0)]
    pub comments: u32,
    /// With --comments: what answers what.
    #[arg(long, default_value = "tree")]
    pub shape: Shape,
    /// How often one client may write in a minute, and vote and report as often; 0 is any number.
    #[arg(long, env = "HAIDANG_RATE", default_value_t = 30)]
    pub rate: u32,
    /// Header in which a proxy in front names the client, e.g. `x-forwarded-for`. Only set it behind one.
    #[arg(long, env = "HAIDANG_CLIENT_HEADER")]
    pub client_header: Option<String>,
    /// Origins whose pages may ask; `*` is all.
    #[arg(long, env = "HAIDANG_CORS", value_delimiter = ',')]
    pub cors: Vec<String>,
    /// A file that names the backends to be asked through `/proxy/{source}/…`.
    #[arg(long, env = "HAIDANG_PROXY", value_name = "FILE")]
    pub proxy: Option<PathBuf>,
    /// Bytes of a request body at most.
    #[arg(long, env = "HAIDANG_BODY_LIMIT", default_value_t = 256 * 1024)]
    pub body_limit: usize,
    /// Seconds a request may take.
    #[arg(long, env = "HAIDANG_TIMEOUT", default_value_t = 10)]
    pub timeout: u64,
    /// Seconds browsers shall remember to come by HTTPS only; 0 says nothing.
    #[arg(long, env = "HAIDANG_HSTS", default_value_t = 0)]
    pub hsts: u32,
    /// Offers to tell readers of emergencies by Web Push; whom the makers of browsers may write to about it,
    /// `mailto:…` or `https://…`.
    #[arg(long, env = "HAIDANG_PUSH_CONTACT", value_name = "URL")]
    pub push_contact: Option<String>,
    /// How much to log: error, warn, info, debug or trace, also per target (`info,sqlx=debug`).
    #[arg(long, env = "HAIDANG_LOG", default_value = "info")]
    pub log: String,
    /// Log lines as JSON.
    #[arg(long, env = "HAIDANG_LOG_JSON")]
    pub log_json: bool,
    /// Who may say that something was published.
    #[command(flatten)]
    pub publish: Publish,
    /// How threads are kept.
    #[command(flatten)]
    pub threads: Threads,
}

/// What goes out for an address of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Pages {
    /// The page with its text, as the app shows it, which the app then takes over.
    Printed,
    /// The app alone.
    App,
}

/// What is done with moderators.
#[derive(Debug, Subcommand)]
pub enum ModeratorCommand {
    /// Let somebody moderate, or give them a new password: read from standard input, or made and printed.
    Add {
        /// As it stands in the log.
        name: String,
        /// What they may do.
        #[arg(long, default_value = "moderator")]
        role: Role,
        /// Read the password from standard input, one line.
        #[arg(long)]
        password_stdin: bool,
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// Let somebody in no more.
    Retire {
        /// As it stands in the log.
        name: String,
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// List them.
    List {
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
}

/// What is done with announcements.
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Publish a notice, or change one; an emergency is also sent to those who asked to be told.
    Publish {
        /// A JSON file: id, level (info, warning, emergency), titles and texts by language, issued, expires,
        /// dismissible, article.
        file: PathBuf,
        /// Whom the makers of browsers may write to about it; without it nobody is sent anything.
        #[arg(long, env = "HAIDANG_PUSH_CONTACT", value_name = "URL")]
        push_contact: Option<String>,
        /// Send also to addresses that are not of the public internet.
        #[arg(long)]
        push_private: bool,
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// End a notice.
    Withdraw {
        /// Its id.
        id: String,
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
}

/// What is done with a thread.
#[derive(Debug, Subcommand)]
pub enum ThreadCommand {
    /// Print a thread as JSON.
    Export {
        /// The article, by any version's id.
        article: String,
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
    /// Add the comments of such a file to the thread of an article; those it has already stay as they are.
    Import {
        /// The article, by any version's id.
        article: String,
        /// The file.
        file: PathBuf,
        /// Folder of the database.
        #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
        data: PathBuf,
    },
}

/// Which comments to generate.
#[derive(Debug, Args)]
pub struct Seed {
    /// How many.
    #[arg(long)]
    pub comments: u32,
    /// Folder of the database.
    #[arg(long, env = "HAIDANG_DATA", default_value = "data")]
    pub data: PathBuf,
    /// The article, by any version's id; without it the newest that takes comments.
    #[arg(long)]
    pub article: Option<String>,
    /// What answers what.
    #[arg(long, default_value = "tree")]
    pub shape: Shape,
}

/// Which site's policy to print.
#[derive(Debug, Args)]
pub struct Csp {
    /// Folder of the built site.
    #[arg(long, env = "HAIDANG_SITE")]
    pub site: PathBuf,
    /// A portal.json to read instead of the site's.
    #[arg(long, env = "HAIDANG_PORTAL")]
    pub portal: Option<PathBuf>,
}
