//! JSON within a page.

use serde_json::Value;

/// `value` as the text of a `<script>` that holds data (`application/json`, `application/ld+json`): nothing
/// in it ends the element or opens a comment, and it reads back as the same value.
pub fn in_script(value: &Value) -> String {
    let json = value.to_string();
    let mut out = String::with_capacity(json.len());
    // All of these stand within strings alone, where JSON takes an escape for the character.
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            // Ends of lines to older JavaScript.
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// Text with much of what is dangerous in it.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("</script".to_owned()),
            Just("</SCRIPT>".to_owned()),
            Just("<!--".to_owned()),
            Just("-->".to_owned()),
            Just("\\".to_owned()),
            Just("\u{2028}\u{2029}".to_owned()),
            "[<>&!/\"'\\\\-]{1,6}",
            ".{0,6}",
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_ends_the_element_or_opens_a_comment(key in text(), value in text()) {
            let value = json!({ key.as_str(): [value, { "in": key }] });
            let printed = in_script(&value);
            let lower = printed.to_ascii_lowercase();
            prop_assert!(!lower.contains("</script") && !lower.contains("<!--"), "{}", printed);
            prop_assert!(!printed.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{}", printed);
            prop_assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), value);
        }
    }
}
