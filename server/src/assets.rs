//! Pictures and files of the demo portal, from within the binary.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{demo, problem::Problem};

/// `media/…`
pub async fn media(Path(path): Path<String>) -> Response {
    embedded("media", &path)
}

/// `files/…`
pub async fn files(Path(path): Path<String>) -> Response {
    embedded("files", &path)
}

fn embedded(folder: &str, path: &str) -> Response {
    let Some(bytes) = demo::asset(&format!("{folder}/{path}")) else {
        return Problem::not_found("such file").into_response();
    };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    // A picture keeps its name when it changes, so it is asked for again after a day.
    let headers =
        [(header::CONTENT_TYPE, kind.as_ref()), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, bytes).into_response()
}
