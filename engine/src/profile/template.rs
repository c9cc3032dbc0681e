//! URI templates (RFC 6570), as far as requests to a JSON API use them: without prefixes (`{a:3}`) and
//! without objects as values.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// A template, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Expression(Operator, Vec<Variable>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Variable {
    name: String,
    /// `{list*}`: each item for itself.
    explode: bool,
}

/// How an expression is written out (RFC 6570, appendix A).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Operator {
    first: &'static str,
    between: &'static str,
    /// Each value is preceded by its name.
    named: bool,
    /// Reserved characters stay.
    reserved: bool,
}

impl Operator {
    const fn of(first: &'static str, between: &'static str, named: bool, reserved: bool) -> Self {
        Self { first, between, named, reserved }
    }

    /// The operator an expression begins with, and the rest.
    fn read(expression: &str) -> (Self, &str) {
        let operator = match expression.as_bytes().first() {
            Some(b'+') => Self::of("", ",", false, true),
            Some(b'#') => Self::of("#", ",", false, true),
            Some(b'/') => Self::of("/", "/", false, false),
            Some(b'.') => Self::of(".", ".", false, false),
            Some(b'?') => Self::of("?", "&", true, false),
            Some(b'&') => Self::of("&", "&", true, false),
            _ => return (Self::of("", ",", false, false), expression),
        };
        (operator, expression.get(1..).unwrap_or_default())
    }
}

impl Template {
    /// Reads a template; the error says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            let at = text.len() - tail.len() - 1;
            let Some((expression, after)) = tail.split_once('}') else {
                return Err(format!("an unclosed brace at byte {at} of \"{text}\""));
            };
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let (operator, names) = Operator::read(expression);
            let variables = names.split(',').map(|name| {
                let (name, explode) =
                    name.strip_suffix('*').map_or((name, false), |name| (name, true));
                Variable { name: name.to_owned(), explode }
            });
            let variables: Vec<_> = variables.collect();
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '%');
            if let Some(odd) = variables
                .iter()
                .find(|variable| variable.name.is_empty() || !variable.name.chars().all(is_name))
            {
                return Err(format!("no name \"{}\" at byte {at} of \"{text}\"", odd.name));
            }
            pieces.push(Piece::Expression(operator, variables));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Ok(Self { text: text.to_owned(), pieces })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The variables it names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces
            .iter()
            .flat_map(|piece| match piece {
                Piece::Literal(_) => [].as_slice(),
                Piece::Expression(_, variables) => variables,
            })
            .map(|variable| variable.name.as_str())
    }

    /// Fills it in: what is null or absent is left out, as the RFC asks.
    pub fn expand(&self, values: &Map<String, Value>) -> String {
        self.expand_with(&|name| values.get(name).map(texts).unwrap_or_default())
    }

    fn expand_with(&self, value: &dyn Fn(&str) -> Vec<String>) -> String {
        let mut out = String::with_capacity(self.text.len() + 32);
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => encode_into(&mut out, text, true),
                Piece::Expression(operator, variables) => {
                    let mut separator = operator.first;
                    for variable in variables {
                        let texts = value(&variable.name);
                        if texts.is_empty() {
                            continue;
                        }
                        let between = if variable.explode { operator.between } else { "," };
                        for (index, text) in texts.iter().enumerate() {
                            let starts = index == 0 || variable.explode;
                            out.push_str(if index == 0 { separator } else { between });
                            if operator.named && starts {
                                out.push_str(&variable.name);
                                out.push('=');
                            }
                            encode_into(&mut out, text, operator.reserved);
                        }
                        separator = operator.between;
                    }
                }
            }
        }
        out
    }
}

/// What a value is in an address: none for null, several for a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Object(_) => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
    }
}

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
    let value = |name: &str| {
        let found = vars.iter().find(|(var, _)| *var == name);
        found.map(|(_, value)| vec![(*value).to_owned()]).unwrap_or_default()
    };
    match Template::parse(template) {
        Ok(template) => template.expand_with(&value),
        // What is no template stands for itself.
        Err(_) => template.to_owned(),
    }
}

/// Adds `value`, percent-encoded; reserved characters and what is encoded already may stay.
fn encode_into(out: &mut String, value: &str, reserved: bool) {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let bytes = value.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let encoded = byte == b'%'
            && bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        if unreserved || (reserved && (encoded || b":/?#[]@!$&'()*+,;=".contains(&byte))) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
}

/// A value in a query string or a form (`application/x-www-form-urlencoded`).
pub fn form(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// How a template stands in a file.
pub(super) fn read(node: &crate::read::Node<'_>) -> Result<Template, crate::read::ReadError> {
    let text: Cow<'_, str> = match node.value().and_then(Value::as_str) {
        Some(text) => text.into(),
        None => return Err(node.error("a URI template")),
    };
    Template::parse(&text).map_err(|found| node.mistake("a URI template".to_owned(), found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The variables of RFC 6570, section 3.2.
    fn vars() -> Map<String, Value> {
        let vars = json!({
            "var": "value", "hello": "Hello World!", "path": "/foo/bar", "empty": "", "x": "1024",
            "y": 768, "half": "50%", "list": ["red", "green", "blue"], "undef": null, "none": [],
        });
        vars.as_object().unwrap().clone()
    }

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
            ("{+half}", "50%25"),
            ("{+path}/here", "/foo/bar/here"),
            ("{/var,x}/here", "/value/1024/here"),
            ("X{.var}", "X.value"),
            ("X{#var}", "X#value"),
            ("{?x,y}", "?x=1024&y=768"),
            ("{?x,y,empty}", "?x=1024&y=768&empty="),
            ("{?x,y,undef}", "?x=1024&y=768"),
            ("?fixed=yes{&x}", "?fixed=yes&x=1024"),
            ("{list}", "red,green,blue"),
            ("{?list}", "?list=red,green,blue"),
            ("{?list*}", "?list=red&list=green&list=blue"),
            ("{/list*}", "/red/green/blue"),
            ("{?none}", ""),
            ("{undef}{?var}", "?var=value"),
        ] {
            assert_eq!(Template::parse(template).unwrap().expand(&vars()), expanded, "{template}");
        }
    }

    #[test]
    fn what_is_no_template_is_said() {
        let error = |text| Template::parse(text).unwrap_err();
        assert_eq!(error("a{b"), "an unclosed brace at byte 1 of \"a{b\"");
        assert_eq!(error("/{a b}"), "no name \"a b\" at byte 1 of \"/{a b}\"");
        assert_eq!(error("{?}"), "no name \"\" at byte 0 of \"{?}\"");
        assert_eq!(expand("a{b", &[]), "a{b");
    }

    #[test]
    fn a_template_says_which_variables_it_names() {
        let template = Template::parse("{+base}/posts{?page,tags*}").unwrap();
        assert_eq!(template.names().collect::<Vec<_>>(), ["base", "page", "tags"]);
    }
}
