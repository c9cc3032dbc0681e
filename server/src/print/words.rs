//! The words of the app in a language, as the site has them.

use std::path::Path;

use haidang::i18n::Messages;
use haidang_engine::lang::Lang;

/// The words in `lang` of the site in `folder`; the error names the file.
pub fn words(folder: &Path, lang: &Lang) -> Result<Messages, String> {
    let file = folder.join("locales").join(format!("{lang}.json"));
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let json = std::fs::read_to_string(&file).map_err(|error| wrong(&error))?;
    Messages::parse(lang.clone(), &json).map_err(|error| wrong(&error))
}
