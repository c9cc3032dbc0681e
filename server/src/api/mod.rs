//! The native API, `/api/v1`: one file a subject; each handler reads its request, asks the store and
//! answers in the engine's model.

mod articles;
pub mod client;
mod comments;
mod documents;
mod front;
mod notices;
mod press;
mod request;
mod terms;

use std::sync::Arc;

use axum::{Router, routing::get};
use haidang_engine::model::{
    Article, Author, Comment, Document, DocumentEntry, Front, Headline, NewComment, Notice,
    Organisation, Page, Press, Register, Term,
};

use crate::{
    answer::Answer,
    app::App,
    openapi::{Api, Says},
    problem::Problem,
};
use request::LangQuery;
use terms::Items;

/// Every route with its description.
fn routes() -> Api {
    let says = |id, summary| Says { id, summary };
    Api::new()
        .get::<LangQuery, Front, _, _>(
            "/front",
            says("front", "The front page of an edition"),
            front::front,
        )
        .get::<articles::ListQuery, Page<Headline>, _, _>(
            "/articles",
            says(
                "articles",
                "Articles of an edition, newest first; those that words find, best first",
            ),
            articles::list,
        )
        .get::<LangQuery, Article, _, _>(
            "/articles/{id}",
            says(
                "article",
                "The version in the language asked for if there is one, else the one named",
            ),
            articles::one,
        )
        .get::<comments::ListQuery, Page<Comment>, _, _>(
            "/articles/{id}/comments",
            says("comments", "The thread of an article, flat, oldest first"),
            comments::list,
        )
        .post::<NewComment, Comment, _, _>(
            "/articles/{id}/comments",
            says("postComment", "Publishes a comment, or hands it to a moderator"),
            comments::post,
        )
        .get::<documents::ListQuery, Page<DocumentEntry>, _, _>(
            "/documents",
            says("documents", "The register, newest first; documents that words find, best first"),
            documents::list,
        )
        .get::<LangQuery, Document, _, _>(
            "/documents/{id}",
            says("document", "One document of the register"),
            documents::one,
        )
        .get::<LangQuery, Register, _, _>(
            "/register",
            says("register", "What the register can be filtered by"),
            documents::register,
        )
        .get::<LangQuery, Press, _, _>(
            "/press",
            says("press", "Spokespersons and briefings"),
            press::press,
        )
        .get_file::<LangQuery, _, _>(
            ("/press/briefings/{id}.ics", "/press/briefings/{file}"),
            says("briefingCalendar", "A briefing as a calendar entry"),
            "text/calendar",
            press::calendar,
        )
        .get::<LangQuery, Items<Notice>, _, _>(
            "/notices",
            says("notices", "Announcements in force"),
            notices::notices,
        )
        .get::<LangQuery, Items<Term>, _, _>(
            "/sections",
            says("sections", "Sections, in the portal's order"),
            terms::sections,
        )
        .get::<LangQuery, Items<Term>, _, _>(
            "/tags",
            says("tags", "Tags, in the portal's order"),
            terms::tags,
        )
        .get::<LangQuery, Items<Author>, _, _>(
            "/authors",
            says("authors", "Authors, in the portal's order"),
            terms::authors,
        )
        .get::<LangQuery, Author, _, _>(
            "/authors/{id}",
            says("author", "One author"),
            terms::author,
        )
        .get::<LangQuery, Items<Organisation>, _, _>(
            "/organisations",
            says("organisations", "Organisations, in the portal's order"),
            terms::organisations,
        )
        .get::<LangQuery, Organisation, _, _>(
            "/organisations/{id}",
            says("organisation", "One organisation"),
            terms::organisation,
        )
}

/// The API, to be nested below its version.
pub fn router() -> Router<Arc<App>> {
    let (router, document) = routes().finish();
    let document = Arc::new(document);
    let describe = move || {
        let document = Arc::clone(&document);
        async move { Answer(document.as_ref().clone()) }
    };
    router
        .route("/openapi.json", get(describe))
        .fallback(|| async { Problem::not_found("such address of the API") })
}
