//! Success as JSON. What is absent is left out rather than sent as `null`.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;

use crate::problem::Problem;

/// A value answered as JSON without nulls.
pub struct Answer<T>(pub T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match without_nulls(&self.0) {
            Ok(value) => {
                let json = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, json)], value.to_string()).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "answer");
                Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
            }
        }
    }
}

/// A value as JSON without nulls.
pub fn without_nulls(value: &impl Serialize) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(value)?;
    strip(&mut value);
    Ok(value)
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_left_out_at_any_depth() {
        let mut value =
            serde_json::json!({"a": null, "b": [{"c": null, "d": 0}], "e": {"f": null}});
        strip(&mut value);
        assert_eq!(value, serde_json::json!({"b": [{"d": 0}], "e": {}}));
    }
}
