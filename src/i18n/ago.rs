//! How long ago something was, in words: `5 phút trước`, `yesterday`.

use haidang_engine::lang::Lang;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::intl;

/// Seconds for which a time is said by its distance: a week.
const LONGEST: i64 = 7 * 24 * 3600;

thread_local! {
    /// What is costly to make, for the language it is for.
    static FORMAT: std::cell::RefCell<Option<(Lang, JsValue)>> = const { std::cell::RefCell::new(None) };
}

/// The distance from `now` in seconds, negative in the past, by `Intl.RelativeTimeFormat` (ECMA-402);
/// `None` where a date says more.
pub fn ago(lang: &Lang, seconds: i64) -> Option<String> {
    if seconds.abs() >= LONGEST {
        return None;
    }
    // A clock that is a little off does not tell of the future.
    let seconds = seconds.min(0);
    let (value, unit) = match seconds.abs() {
        0..60 => (0, "minute"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let format = FORMAT.with_borrow_mut(|known| {
        if known.as_ref().is_none_or(|(of, _)| of != lang) {
            let options = [("numeric", "auto")];
            let made = intl::make("RelativeTimeFormat", lang.as_str(), &options).ok()?;
            *known = Some((lang.clone(), made));
        }
        known.as_ref().map(|(_, format)| format.clone())
    })?;
    let method: Function = Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
    let value = i32::try_from(value).unwrap_or_default();
    method.call2(&format, &value.into(), &unit.into()).ok()?.as_string()
}
