//! Another server, on this machine, that the one under test asks.

use axum::{
    Router,
    http::HeaderName,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// A server with these routes, and where it is, e.g. `http://127.0.0.1:40001`.
pub async fn upstream(routes: impl FnOnce(&str) -> Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let routes = routes(&base);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    base
}

/// Routes that answer with JSON.
pub fn jsons(all: &[(&str, Value)]) -> Router {
    all.iter().fold(Router::new(), |routes, (path, json)| {
        let body = json.to_string();
        routes.route(path, get(move || async move { json_of(&body, &[]) }))
    })
}

/// JSON with these headers.
pub fn json_of(body: &str, headers: &[(&'static str, &str)]) -> Response {
    let mut response = body.to_owned().into_response();
    let all = headers.iter().copied().chain([("content-type", "application/json")]);
    for (name, value) in all {
        response.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    response
}
