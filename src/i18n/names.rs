//! What languages are called in each other, natively: those of the demo portal, as CLDR has them
//! (<https://cldr.unicode.org>) and browsers say them, within a sentence, so that a printed page says the same.

/// A language's tag, and what it is called in the languages of [`TAGS`].
type Row = (&'static str, [&'static str; 5]);

const TAGS: [&str; 5] = ["vi", "en", "zh", "ja", "ko"];

const NAMES: [Row; 5] = [
    ("vi", ["tiếng Việt", "Vietnamese", "越南语", "ベトナム語", "베트남어"]),
    ("en", ["tiếng Anh", "English", "英语", "英語", "영어"]),
    (
        "zh-Hans",
        ["tiếng Trung (Giản thể)", "Simplified Chinese", "简体中文", "簡体中国語", "중국어(간체)"],
    ),
    ("ja", ["tiếng Nhật", "Japanese", "日语", "日本語", "일본어"]),
    ("ko", ["tiếng Hàn", "Korean", "韩语", "韓国語", "한국어"]),
];

/// What the language `of` is called in another within a sentence, e.g. `ベトナム語` for `vi` in `ja`; `None` if that is not
/// known here.
pub fn language_name(of: &str, locale: &str) -> Option<String> {
    let column = TAGS.iter().position(|tag| *tag == locale)?;
    let (_, names) = NAMES.iter().find(|(tag, _)| *tag == of)?;
    names.get(column).map(|name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_a_name_in_each_and_another_none() {
        assert_eq!(language_name("zh-Hans", "en").as_deref(), Some("Simplified Chinese"));
        assert_eq!(language_name("vi", "ja").as_deref(), Some("ベトナム語"));
        assert_eq!(language_name("fr", "vi"), None);
        assert_eq!(language_name("vi", "fr"), None);
    }
}
