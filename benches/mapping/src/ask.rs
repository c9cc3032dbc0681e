//! What the page's script calls.

use std::sync::Arc;

use haidang::backend::{Loader, Mode, learn_offers};
use haidang_engine::{
    model::ThreadPage,
    profile::{Operation, Portal},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::AbortController;

/// A portal whose threads a profile reads; made ready once.
#[wasm_bindgen]
pub struct Asking(Arc<Portal>);

#[wasm_bindgen]
impl Asking {
    /// Reads `portal` (JSON) and the profile it names.
    #[wasm_bindgen(js_name = of)]
    pub async fn of(portal: String) -> Result<Self, JsValue> {
        let mut portal = Portal::parse(&portal).0.map_err(JsValue::from)?;
        learn_offers(&mut portal).await.map_err(JsValue::from)?;
        Ok(Self(Arc::new(portal)))
    }

    /// Asks for a thread; gives how many comments came.
    pub async fn thread(&self) -> Result<usize, JsValue> {
        let abort = AbortController::new()?.signal();
        let lang = self.0.default.clone();
        let loader = Loader::new(self.0.clone(), lang, Vec::new(), Mode::Network, abort);
        let page = loader.ask::<ThreadPage>("", &Operation::comments("1")).await;
        let page = page.map_err(|failure| JsValue::from(failure.to_string()))?;
        Ok(page.items.len())
    }
}
