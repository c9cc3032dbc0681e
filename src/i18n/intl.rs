//! Making objects of `Intl` (ECMA-402). Its constructors throw for what they do not know, which the
//! bindings would turn into a panic.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// `new Intl[class](locale, options)`; the error is what it threw.
pub fn make(class: &str, locale: &str, options: &[(&str, &str)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (key, value) in options {
        Reflect::set(&object, &(*key).into(), &(*value).into())?;
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let class: Function = Reflect::get(&intl, &class.into())?.dyn_into()?;
    Reflect::construct(&class, &Array::of2(&locale.into(), &object))
}

/// What a language is called in another within a sentence, e.g. `ベトナム語` for `vi` in `ja`; `None` if the
/// browser does not know.
pub fn language_name(of: &str, locale: &str) -> Option<String> {
    let names = make("DisplayNames", locale, &[("type", "language"), ("fallback", "none")]).ok()?;
    let method: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
    let name = method.call1(&names, &of.into()).ok()?.as_string()?;
    // Browsers say it as it stands alone; of the languages that have another way within a sentence, this is ours.
    Some(match name.strip_prefix("Tiếng ") {
        Some(rest) => ["tiếng ", rest].concat(),
        None => name,
    })
}
