//! The router of the API and its description (OpenAPI 3.1), made together so that they cannot differ.

use std::{any::TypeId, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{delete, get, post, put},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{app::App, problem::Problem};

/// The licence of the project (SPDX).
const LICENSE: &str = env!("CARGO_PKG_LICENSE");

/// Routes, and what they say of themselves.
pub struct Api {
    router: Router<Arc<App>>,
    paths: Map<String, Value>,
    schemas: SchemaGenerator,
}

/// No body, or no answer.
#[derive(JsonSchema)]
pub struct Nothing;

/// What one route says of itself beside its types.
#[derive(Clone, Copy)]
pub struct Says {
    /// The name clients generate from.
    pub id: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

impl Api {
    /// No routes yet.
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12()
            .with(|settings| settings.definitions_path = "/components/schemas".into());
        let schemas = settings.into_generator();
        Self { router: Router::new(), paths: Map::new(), schemas }
    }

    /// Answers GET `path` with JSON of type `A`; the query is `Q`.
    pub fn get<Q, A, H, T>(mut self, path: &'static str, says: Says, handler: H) -> Self
    where
        Q: JsonSchema,
        A: JsonSchema,
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let schema = self.schemas.subschema_for::<A>();
        let content = json!({ "application/json": { "schema": schema } });
        self.answer::<Q, H, T>((path, path), says, &content, handler)
    }

    /// Answers GET with something else than JSON, of the media type `kind`. `paths` are the path as it
    /// is described, and as the router can match it.
    pub fn get_file<Q, H, T>(
        self,
        paths: (&'static str, &'static str),
        says: Says,
        kind: &str,
        handler: H,
    ) -> Self
    where
        Q: JsonSchema,
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let content = json!({ kind: { "schema": { "type": "string" } } });
        self.answer::<Q, H, T>(paths, says, &content, handler)
    }

    /// Answers GET with `content`, by media type.
    fn answer<Q, H, T>(
        mut self,
        (path, route): (&'static str, &'static str),
        says: Says,
        content: &Value,
        handler: H,
    ) -> Self
    where
        Q: JsonSchema,
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let mut parameters = path_parameters(path);
        parameters.extend(self.query_parameters::<Q>());
        let operation = json!({
            "operationId": says.id,
            "summary": says.summary,
            "parameters": parameters,
            "responses": {
                "200": {
                    "description": "As asked",
                    "content": content,
                    "headers": etag(),
                },
                "304": { "description": "What the client has is still right" },
                "default": why_not(),
            },
        });
        self.describe(path, "get", operation);
        self.router = self.router.route(route, get(handler));
        self
    }

    /// Answers GET for a reader: who asks is a matter of two headers.
    pub fn get_as<Q, A, H, T>(mut self, path: &'static str, says: Says, handler: H) -> Self
    where
        Q: JsonSchema,
        A: JsonSchema,
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self = self.get::<Q, A, H, T>(path, says, handler);
        let parameters = self.paths.get_mut(path).and_then(|it| it.pointer_mut("/get/parameters"));
        if let Some(Value::Array(parameters)) = parameters {
            parameters.extend(reader_parameters());
        }
        self
    }

    /// Writes: takes JSON of type `B`, unless that is [`Nothing`], and answers `status` with JSON of type
    /// `A`, unless that is [`Nothing`]; done once for each `Idempotency-Key`.
    pub fn write<B, A, H, T>(
        mut self,
        (method, path): (Method, &'static str),
        says: Says,
        status: u16,
        handler: H,
    ) -> Self
    where
        B: JsonSchema + 'static,
        A: JsonSchema + 'static,
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let mut parameters = path_parameters(path);
        parameters.extend(reader_parameters());
        parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Says that two requests are one: \
                the second changes nothing and is answered as the first",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        }));
        let mut operation = json!({
            "operationId": says.id,
            "summary": says.summary,
            "parameters": parameters,
            "responses": { status.to_string(): { "description": "Done" }, "default": why_not() },
        });
        if let Some(content) = self.content::<A>()
            && let Some(Value::Object(done)) =
                operation.pointer_mut(&format!("/responses/{status}"))
        {
            done.insert("content".to_owned(), content);
        }
        if let (Some(content), Value::Object(operation)) = (self.content::<B>(), &mut operation) {
            let body = json!({ "required": true, "content": content });
            operation.insert("requestBody".to_owned(), body);
        }
        let (name, route) = match method {
            Method::PUT => ("put", put(handler)),
            Method::DELETE => ("delete", delete(handler)),
            _ => ("post", post(handler)),
        };
        self.describe(path, name, operation);
        self.router = self.router.route(path, route);
        self
    }

    /// JSON of type `T`; none of [`Nothing`].
    fn content<T: JsonSchema + 'static>(&mut self) -> Option<Value> {
        let is_nothing = TypeId::of::<T>() == TypeId::of::<Nothing>();
        (!is_nothing)
            .then(|| json!({ "application/json": { "schema": self.schemas.subschema_for::<T>() } }))
    }

    /// The router, and the description of all its routes.
    pub fn finish(mut self) -> (Router<Arc<App>>, Value) {
        self.schemas.subschema_for::<Problem>();
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Hải Đăng native API",
                "description": "What a portal publishes, in the reader's own model. Members that are absent have no value; ids are opaque text. Addresses in answers may be relative to the base of the API.",
                "version": env!("CARGO_PKG_VERSION"),
                "license": { "name": LICENSE, "identifier": LICENSE },
            },
            "servers": [{ "url": "." }],
            "paths": self.paths,
            "components": { "schemas": self.schemas.take_definitions(true) },
        });
        (self.router, document)
    }

    fn describe(&mut self, path: &str, method: &str, operation: Value) {
        let item = self.paths.entry(path).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(operations) = item {
            operations.insert(method.to_owned(), operation);
        }
    }

    /// The members of `Q` as parameters in the query; all may be left out.
    fn query_parameters<Q: JsonSchema>(&mut self) -> Vec<Value> {
        let schema = Q::json_schema(&mut self.schemas).to_value();
        let Some(Value::Object(properties)) = schema.get("properties").cloned() else {
            return Vec::new();
        };
        let parameter = |(name, mut schema): (String, Value)| {
            let description =
                schema.as_object_mut().and_then(|schema| schema.remove("description"));
            json!({ "name": name, "in": "query", "schema": schema, "description": description })
        };
        properties.into_iter().map(parameter).collect()
    }
}

impl Default for Api {
    fn default() -> Self {
        Self::new()
    }
}

/// The `{names}` in a path.
fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameter = |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    names.map(parameter).collect()
}

/// What a reader may show.
fn reader_parameters() -> [Value; 2] {
    [
        json!({
            "name": "Author-Token",
            "in": "header",
            "description": "A secret of the reader's own making: who shows it wrote what was sent \
                with it. Only its digest is kept",
            "schema": { "type": "string", "minLength": 16, "maxLength": 255 },
        }),
        json!({
            "name": "Authorization",
            "in": "header",
            "description": "`Bearer` and the portal's word for who the reader is, a JWT",
            "schema": { "type": "string" },
        }),
    ]
}

fn etag() -> Value {
    json!({ "ETag": { "description": "For `If-None-Match`", "schema": { "type": "string" } } })
}

fn why_not() -> Value {
    json!({
        "description": "Why not",
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
        } },
    })
}
