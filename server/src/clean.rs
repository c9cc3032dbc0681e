//! What a reader typed, made fit to be shown among what others wrote.
//!
//! What shows as it should stays: joiners within words, Vietnamese stacked marks, right-to-left text. What
//! reaches out of its own line goes: overrides of direction, floods of marks and of what is invisible.

use haidang_engine::fold::nfc;
use unicode_normalization::char::is_combining_mark;

/// Marks one letter may carry; the most any script needs are five or six.
const MOST_MARKS: usize = 8;

/// The text, without what is not text, within its ends.
pub fn clean(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut kept = String::with_capacity(typed.len());
    let mut marks = 0;
    let mut was_joiner = false;
    for c in nfc(&typed).chars() {
        if is_never_text(c) {
            continue;
        }
        // One joiner between two letters has a use, a second never.
        let (is_mark, is_joiner) = (is_combining_mark(c), is_joiner(c));
        if is_joiner && was_joiner || is_mark && marks == MOST_MARKS {
            continue;
        }
        marks = if is_mark {
            marks + 1
        } else if is_joiner {
            marks
        } else {
            0
        };
        was_joiner = is_joiner;
        kept.push(c);
    }
    kept.trim().to_owned()
}

/// Whether anything of `text` can be seen.
pub fn is_visible(text: &str) -> bool {
    let is_seen = |c: char| {
        !(c.is_whitespace()
            || c.is_control()
            || is_combining_mark(c)
            || is_joiner(c)
            || is_blank(c))
    };
    text.chars().any(is_seen)
}

/// Controls, and what turns the direction of all that follows.
fn is_never_text(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(
            c,
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{206A}'..='\u{206F}'
                | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0001}'
        )
}

/// Joins or parts letters, or says which way they run, and is not seen itself.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{061C}' | '\u{00AD}' | '\u{034F}' | '\u{180E}')
}

/// Looks like nothing, though it counts as a letter or a symbol.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_any_script_stays() {
        for text in [
            "Nguyễn ườ ệ ẵ Ế",
            "می\u{200C}خواهم",
            "👩\u{200D}🌾 ok",
            "하이퐁",
            "שלום\u{200F}!",
            "a\n\tb",
        ] {
            assert_eq!(clean(text), text);
            assert!(is_visible(text));
        }
    }

    #[test]
    fn marks_stop_at_what_a_letter_can_carry() {
        let flood = format!("a{}b", "\u{0336}".repeat(500));
        assert_eq!(clean(&flood), format!("a{}b", "\u{0336}".repeat(MOST_MARKS)));
        let between = "a".to_owned() + &"\u{0336}\u{200D}".repeat(100);
        assert!(clean(&between).chars().filter(|c| is_combining_mark(*c)).count() <= MOST_MARKS);
    }

    #[test]
    fn nothing_turns_what_follows_around_and_nothing_invisible_piles_up() {
        assert_eq!(clean("abc\u{202E}def\u{2066}x"), "abcdefx");
        assert_eq!(clean(&format!("a{}b", "\u{200B}\u{FEFF}".repeat(99))), "ab");
        assert_eq!(clean(&format!("a{}b", "\u{200D}".repeat(99))), "a\u{200D}b");
        assert_eq!(clean(" \u{7}a\r\nb\rc "), "a\nb\nc");
    }

    #[test]
    fn a_name_of_nothing_is_seen_to_be_none() {
        for name in ["", " ", "\u{3164}", "\u{2800}\u{200D}", "\u{0301}", "\u{00AD}\u{FE0F}"] {
            assert!(!is_visible(&clean(name)), "{name:?}");
        }
    }
}
