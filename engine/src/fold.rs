//! One key for comparing and searching text, whatever was typed: case, width, Vietnamese marks.
//!
//! [`fold`] makes the key: `Hải Phòng`, `HAI PHONG` and `ｈａｉ ｐｈｏｎｇ` are one, and so are the old
//! and the new placement of a tone (`uỷ`, `ủy`), since marks go. [`tokens`] cuts a text for an index
//! and [`phrases`] cuts a query for it:
//!
//! - words in scripts that write spaces, so `10-NQ/TU` is `10 nq tu`, typed in any way;
//! - in Chinese, Japanese and Korean two overlapping characters at a time (`海防市` is `海防 防市 市`;
//!   the last one alone, so that a query of one character finds every place it stands).
//!
//! An index keeps the tokens joined by spaces ([`index`]) in a column of their own; the tokens of a word are
//! looked up side by side, the last one, if [`Phrase::prefix`], as the beginning of a token. A query matches
//! where all its words do. Which of the matches comes first is the caller's: this key cannot tell `cảng` from `cang`,
//! [`plain`] can. The server's search and the one over what is kept offline both go by these.

use std::borrow::Cow;

/// Unicode Normalization Form C (UAX #15): what one letter looks like is one sequence of characters.
///
/// Text that is plainly in this form, as most is, is handed back as it came.
pub fn nfc(text: &str) -> Cow<'_, str> {
    // Below U+0300 nothing combines; the two ranges hold Vietnamese letters and ideographs.
    let composed = |c| matches!(c, ..'\u{300}' | '\u{1E00}'..='\u{1EFF}' | '\u{4E00}'..='\u{9FFF}');
    if text.chars().all(composed) { Cow::Borrowed(text) } else { Cow::Owned(normal::nfc(text)) }
}

/// The key of `text`: texts that a reader would take for the same have the same key.
///
/// Compatibility forms become plain ones (UAX #15, NFKD), capitals small letters, letters lose the
/// marks above, below and through them, and what is not seen (soft hyphens, joiners) goes. Kana keep
/// their voicing, and Hangul and ideographs stay.
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in normal::small(text).chars() {
        match c {
            // Combining marks of Latin, Greek and Cyrillic; those of other scripts are letters.
            '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' => {}
            '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2060}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' => {}
            'đ' | 'ð' => key.push('d'),
            'ł' => key.push('l'),
            'ø' => key.push('o'),
            'ı' => key.push('i'),
            'ς' => key.push('σ'),
            'ß' => key.push_str("ss"),
            'æ' => key.push_str("ae"),
            'œ' => key.push_str("oe"),
            c => key.push(c),
        }
    }
    normal::nfc(&key)
}

/// The tokens of `text` for an index, in order.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    runs(&fold(text), &mut |run| match run {
        Run::Word(word) => tokens.push(word.to_owned()),
        Run::Ideographs(run) => tokens.extend(pairs(run).map(str::to_owned)),
    });
    tokens
}

/// One typed word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Its tokens joined by spaces, to be found side by side: `10-NQ/TU` is `10 nq tu`.
    pub text: String,
    /// Whether the last token stands for all that begin with it.
    pub prefix: bool,
}

/// The words of a query, each of which must be found; the last one perhaps unfinished. `None` if it has none.
pub fn phrases(query: &str) -> Option<Vec<Phrase>> {
    let mut phrases: Vec<Phrase> = query.split_whitespace().filter_map(phrase).collect();
    // The reader may still be typing the last word.
    phrases.last_mut()?.prefix = true;
    Some(phrases)
}

fn phrase(word: &str) -> Option<Phrase> {
    let folded = fold(word);
    let mut parts = Vec::new();
    runs(&folded, &mut |run| parts.push(run));
    let last = parts.pop()?;
    let mut texts: Vec<&str> = Vec::new();
    // Whatever follows stands behind the last character, which the index has alone.
    for part in parts {
        match part {
            Run::Word(word) => texts.push(word),
            Run::Ideographs(run) => texts.extend(pairs(run)),
        }
    }
    let prefix = match last {
        Run::Word(word) => {
            texts.push(word);
            false
        }
        Run::Ideographs(run) => {
            let alone = run.chars().nth(1).is_none();
            texts.extend(pairs(run).filter(|pair| alone || pair.chars().nth(1).is_some()));
            alone
        }
    };
    Some(Phrase { text: texts.join(" "), prefix })
}

/// What an index holds of `text`.
pub fn index(text: &str) -> String {
    tokens(text).join(" ")
}

/// `text` with its marks, in small letters and single spaces: to rank what has the marks that were typed.
pub fn plain(text: &str) -> String {
    normal::nfc_small(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

enum Run<'a> {
    Word(&'a str),
    Ideographs(&'a str),
}

/// Hands over the words of `text` and its runs of characters that are written without spaces.
fn runs<'a>(text: &'a str, found: &mut dyn FnMut(Run<'a>)) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = kind(first);
        let end = rest.find(|c| self::kind(c) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        match kind {
            Kind::Word => found(Run::Word(run)),
            Kind::Ideograph => found(Run::Ideographs(run)),
            Kind::Between => {}
        }
        rest = after;
    }
}

/// Each character with the one after it, the last one alone.
fn pairs(run: &str) -> impl Iterator<Item = &str> {
    run.char_indices().filter_map(move |(start, _)| {
        let tail = run.get(start..)?;
        let end = tail.char_indices().nth(2).map_or(tail.len(), |(end, _)| end);
        tail.get(..end)
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Ideograph,
    Between,
}

fn kind(c: char) -> Kind {
    if is_ideograph(c) || is_hangul(c) {
        Kind::Ideograph
    } else if c.is_alphanumeric() {
        Kind::Word
    } else {
        Kind::Between
    }
}

/// Han, kana and bopomofo: written without spaces between words.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{312F}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// Hangul syllables and letters.
pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}')
}

/// Where Unicode's tables come from: a crate natively, the language itself in the browser.
#[cfg(not(target_arch = "wasm32"))]
mod normal {
    use unicode_normalization::UnicodeNormalization;

    pub fn nfc(text: &str) -> String {
        text.nfc().collect()
    }

    /// NFC, then small letters.
    pub fn nfc_small(text: &str) -> String {
        nfc(text).to_lowercase()
    }

    /// NFKD, then small letters.
    pub fn small(text: &str) -> String {
        text.nfkd().flat_map(char::to_lowercase).collect()
    }
}

#[cfg(target_arch = "wasm32")]
mod normal {
    use js_sys::JsString;

    pub fn nfc(text: &str) -> String {
        JsString::from(text).normalize("NFC").into()
    }

    /// NFC, then small letters.
    pub fn nfc_small(text: &str) -> String {
        JsString::from(text).normalize("NFC").to_lower_case().into()
    }

    /// NFKD, then small letters.
    pub fn small(text: &str) -> String {
        JsString::from(text).normalize("NFKD").to_lower_case().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(query: &str, text: &str) -> bool {
        let words = [" ", &index(text), " "].concat();
        phrases(query).is_some_and(|phrases| {
            phrases.iter().all(|Phrase { text, prefix }| {
                words.contains(&[" ", text, if *prefix { "" } else { " " }].concat())
            })
        })
    }

    #[test]
    fn marks_case_and_width_do_not_matter() {
        for same in ["Hải Phòng", "HAI PHONG", "hải phòng", "ｈａｉ　ｐｈｏｎｇ"] {
            assert_eq!(fold(same), "hai phong", "{same}");
        }
        assert_eq!(fold("Đồ Sơn"), "do son");
        assert_eq!(fold("QÐ-UBND"), fold("QĐ-UBND"), "an Icelandic letter in old documents");
    }

    #[test]
    fn old_and_new_placement_of_a_tone_are_equal() {
        for (old, new) in [("uỷ ban", "ủy ban"), ("hoà bình", "hòa bình"), ("thuý", "thúy")]
        {
            assert_eq!(fold(old), fold(new));
        }
    }

    #[test]
    fn kana_keep_their_voicing_and_hangul_stays_whole() {
        assert_eq!(fold("ガイド"), "ガイド");
        assert_ne!(fold("か"), fold("が"));
        assert_eq!(fold("ﾊﾟｽﾎﾟｰﾄ"), "パスポート");
        assert_eq!(fold("항구"), "항구");
    }

    #[test]
    fn what_is_not_seen_is_not_compared() {
        assert_eq!(fold("ha\u{AD}i\u{200B} pho\u{301}\u{323}ng"), "hai phong");
    }

    #[test]
    fn numbers_of_documents_are_words() {
        assert_eq!(index("10-NQ/TU"), "10 nq tu");
        assert_eq!(index("2517/QĐ-UBND"), "2517 qd ubnd");
        assert_eq!(index("nq 10 / tu"), "nq 10 tu");
    }

    #[test]
    fn scripts_without_spaces_are_cut_in_twos() {
        assert_eq!(index("海防市は港"), "海防 防市 市は は港 港");
        assert_eq!(index("Hải Phòng海防"), "hai phong 海防 防");
        assert_eq!(index("항구 도시"), "항구 구 도시 시");
    }

    #[test]
    fn a_query_finds_its_words() {
        assert!(finds("hai phong", "Cảng Hải Phòng"));
        assert!(finds("QD-UBND", "Quyết định số 2517/QĐ-UBND"));
        assert!(finds("海防", "越南海防市"));
        assert!(finds("海防市", "越南海防市"));
        assert!(finds("港", "海港") && finds("港", "港口") && finds("港", "港"));
        assert!(finds("항구", "항구에서"));
        assert!(!finds("海市", "越南海防市"));
        assert!(!finds("", "Cảng") && !finds("- /", "Cảng"));
    }

    #[test]
    fn a_word_of_two_scripts_is_one_phrase() {
        let phrase = |query| phrases(query).unwrap().remove(0);
        assert_eq!(phrase("海防2024 x").text, "海防 防 2024");
        assert_eq!(phrase("10-NQ/TU x").text, "10 nq tu");
        assert_eq!(phrase("港 x"), Phrase { text: "港".into(), prefix: true });
        assert_eq!(phrase("海防 x"), Phrase { text: "海防".into(), prefix: false });
        assert_eq!(phrases(" / - "), None);
    }

    #[test]
    fn text_that_is_composed_is_not_copied() {
        assert!(matches!(nfc("Nguyễn Thị Ếch, 海防"), Cow::Borrowed(_)));
        assert_eq!(nfc("Hải Phòng"), "Hải Phòng");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "\\PC{0,40}") {
            let key = fold(&text);
            prop_assert_eq!(fold(&key), key);
        }

        #[test]
        fn composed_and_decomposed_text_have_one_key(text in "[a-zà-ỹđÀ-ỸĐ가-힣ぁ-ヿ ]{0,40}") {
            let apart: String = unicode_normalization::UnicodeNormalization::nfd(text.as_str()).collect();
            prop_assert_eq!(fold(&apart), fold(&text));
            prop_assert_eq!(nfc(&apart), nfc(&text));
        }

        #[test]
        fn every_text_finds_itself(text in "[a-zà-ỹ0-9 一-龥ぁ-んァ-ヶ가-힣/-]{1,30}") {
            prop_assert!(phrases(&text).is_none() || finds(&text, &text));
        }
    }
}
