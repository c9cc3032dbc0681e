//! URI templates (RFC 6570), as far as requests to a JSON API use them: levels 1 to 3 without
//! `{#…}` and `{.…}`, every variable a single text.

/// Expands `template`; a variable that has no value is left out, as the RFC asks.
///
/// ```
/// use haidang_engine::profile::expand;
/// let vars = [("base", "https://x.test/api"), ("id", "a/b"), ("lang", "vi")];
/// assert_eq!(
///     expand("{+base}/articles/{id}{?lang,page}", &vars),
///     "https://x.test/api/articles/a%2Fb?lang=vi"
/// );
/// ```
pub fn expand(template: &str, vars: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((literal, tail)) = rest.split_once('{') {
        out.push_str(literal);
        let Some((expression, after)) = tail.split_once('}') else {
            // An unclosed brace is no expression.
            out.push('{');
            rest = tail;
            continue;
        };
        expression_into(&mut out, expression, vars);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn expression_into(out: &mut String, expression: &str, vars: &[(&str, &str)]) {
    // (before the first, between, named, keep reserved characters)
    let (names, first, between, named, reserved) = match expression.split_at_checked(1) {
        Some(("+", names)) => (names, "", ",", false, true),
        Some(("/", names)) => (names, "/", "/", false, false),
        Some(("?", names)) => (names, "?", "&", true, false),
        Some(("&", names)) => (names, "&", "&", true, false),
        _ => (expression, "", ",", false, false),
    };
    let mut separator = first;
    for name in names.split(',') {
        let Some((_, value)) = vars.iter().find(|(var, _)| *var == name) else { continue };
        out.push_str(separator);
        separator = between;
        if named {
            out.push_str(name);
            out.push('=');
        }
        encode_into(out, value, reserved);
    }
}

fn encode_into(out: &mut String, value: &str, reserved: bool) {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || (reserved && b":/?#[]@!$&'()*+,;=%".contains(&byte)) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variables of RFC 6570, section 3.2, that are single texts.
    const VARS: [(&str, &str); 7] = [
        ("var", "value"),
        ("hello", "Hello World!"),
        ("path", "/foo/bar"),
        ("empty", ""),
        ("x", "1024"),
        ("y", "768"),
        ("half", "50%"),
    ];

    #[test]
    fn the_examples_of_the_rfc() {
        for (template, expanded) in [
            ("{var}", "value"),
            ("{hello}", "Hello%20World%21"),
            ("{half}", "50%25"),
            ("O{empty}X", "OX"),
            ("O{undef}X", "OX"),
            ("map?{x,y}", "map?1024,768"),
            ("{+hello}", "Hello%20World!"),
            ("{+path}/here", "/foo/bar/here"),
            ("{/var,x}/here", "/value/1024/here"),
            ("{?x,y}", "?x=1024&y=768"),
            ("{?x,y,empty}", "?x=1024&y=768&empty="),
            ("{?x,y,undef}", "?x=1024&y=768"),
            ("?fixed=yes{&x}", "?fixed=yes&x=1024"),
        ] {
            assert_eq!(expand(template, &VARS), expanded, "{template}");
        }
    }

    #[test]
    fn an_unclosed_brace_is_kept() {
        assert_eq!(expand("a{b", &VARS), "a{b");
    }
}
