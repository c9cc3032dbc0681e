//! The page as assistive technology gets it: the browser's accessibility tree.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::Reader;

/// A node of the tree.
#[derive(Debug)]
pub struct Node {
    /// As the browser calls it, e.g. `heading`.
    pub role: String,
    /// What is read out.
    pub name: String,
    /// States and properties, e.g. `level`, `expanded`.
    pub properties: BTreeMap<String, Value>,
}

impl Reader {
    /// What is within the first of the elements, it first, without what the tree leaves out.
    pub async fn tree(&self, css: &str) -> Result<Vec<Node>> {
        let document = self.devtools("DOM.getDocument", json!({ "depth": 0 })).await?;
        let root = document.pointer("/root/nodeId").context("a document without id")?;
        let asked = json!({ "nodeId": root, "selector": css });
        let found = self.devtools("DOM.querySelector", asked).await?;
        let node = found.get("nodeId").context("an element without id")?;
        let answer = self.devtools("Accessibility.queryAXTree", json!({ "nodeId": node })).await?;
        let nodes = answer.get("nodes").and_then(Value::as_array).into_iter().flatten();
        let is_there = |node: &&Value| node.get("ignored").and_then(Value::as_bool) != Some(true);
        Ok(nodes.filter(is_there).map(Node::of).collect())
    }
}

impl Node {
    fn of(node: &Value) -> Self {
        let text =
            |at: &str| node.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        let properties = node.get("properties").and_then(Value::as_array).into_iter().flatten();
        let property = |property: &Value| {
            let name = property.get("name")?.as_str()?.to_owned();
            Some((name, property.pointer("/value/value")?.clone()))
        };
        Self {
            role: text("/role/value"),
            name: text("/name/value"),
            properties: properties.filter_map(property).collect(),
        }
    }
}
