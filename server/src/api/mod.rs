//! The native API, `/api/v1`: one file a subject; each handler reads its request, asks the store and
//! answers in the engine's model.

mod articles;
pub mod client;
mod comments;
mod documents;
mod front;
mod notices;
mod press;
mod push;
pub mod reader;
mod request;
mod terms;

use std::sync::Arc;

use axum::{Router, http::Method, routing::get};
use haidang_engine::model::{
    Article, Author, Comment, CommentCount, Document, DocumentEntry, Front, Headline, NewComment,
    Notice, Organisation, Page, Press, Register, Term, ThreadPage, Withdrawn,
};

use crate::{
    answer::Answer,
    app::App,
    openapi::{Api, Nothing, Says},
    problem::Problem,
};
use request::{LangQuery, NoQuery};
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
        .get::<articles::WithdrawnQuery, Items<Withdrawn>, _, _>(
            "/withdrawn",
            says("withdrawn", "Versions that were taken back, the last first; 500 at most"),
            articles::withdrawn,
        )
        .get_as::<comments::ListQuery, ThreadPage, _, _>(
            "/articles/{id}/comments",
            says("comments", "The thread of an article, flat, every comment after its parent"),
            comments::list,
        )
        .get_file::<comments::LiveQuery, _, _>(
            ("/articles/{id}/comments/live", "/articles/{id}/comments/live"),
            says("liveComments", "Changes of a thread as they come, resumed by `Last-Event-ID`"),
            "text/event-stream",
            comments::live,
        )
        .write::<NewComment, Comment, _, _>(
            (Method::POST, "/articles/{id}/comments"),
            says("postComment", "Publishes a comment, or hands it to a moderator"),
            201,
            comments::post,
        )
        .write::<comments::NewText, Comment, _, _>(
            (Method::PUT, "/articles/{id}/comments/{comment}"),
            says("editComment", "Changes one's own comment, as long as that is allowed"),
            200,
            comments::edit,
        )
        .write::<Nothing, Comment, _, _>(
            (Method::DELETE, "/articles/{id}/comments/{comment}"),
            says("deleteComment", "Takes one's own comment away; its replies stay"),
            200,
            comments::delete,
        )
        .write::<comments::Ballot, Comment, _, _>(
            (Method::POST, "/articles/{id}/comments/{comment}/vote"),
            says("voteComment", "Votes, once for each reader"),
            200,
            comments::vote,
        )
        .write::<comments::Complaint, Nothing, _, _>(
            (Method::POST, "/articles/{id}/comments/{comment}/report"),
            says("reportComment", "Tells the moderators"),
            204,
            comments::report,
        )
        .get::<comments::CountQuery, Items<CommentCount>, _, _>(
            "/comments/counts",
            says("commentCounts", "How many comments several articles have"),
            comments::counts,
        )
        .get_as::<NoQuery, Items<comments::Mine>, _, _>(
            "/me/comments",
            says("myComments", "Everything the reader wrote"),
            comments::mine,
        )
        .write::<Nothing, Nothing, _, _>(
            (Method::DELETE, "/me/comments"),
            says("eraseMyComments", "Takes away everything the reader wrote, whenever that was"),
            204,
            comments::erase,
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
        .get::<NoQuery, push::Offer, _, _>(
            "/push",
            says("pushOffer", "By which key to subscribe to emergency notices, if they are sent"),
            push::offer,
        )
        .write::<push::New, Nothing, _, _>(
            (Method::POST, "/push"),
            says("subscribe", "Tells a browser of emergencies from now on"),
            204,
            push::subscribe,
        )
        .write::<push::Old, Nothing, _, _>(
            (Method::POST, "/push/forget"),
            says("unsubscribe", "Tells a browser no more"),
            204,
            push::unsubscribe,
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
