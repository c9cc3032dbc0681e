//! The words of an expression.

use serde_json::Value;

use super::{Mistake, ast::Compare};
use crate::json;

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// `name` or `"name"`; whether it was quoted (then it names no function).
    Name(String, bool),
    Number(i64),
    /// `$name`
    Variable(String),
    /// `'text'`, `` `json` ``
    Literal(Value),
    Compare(Compare),
    /// A sign of one or two characters, e.g. `.`, `[*]` is three.
    Sign(&'static str),
    End,
}

impl Token {
    /// In words.
    pub fn describe(&self) -> String {
        match self {
            Token::Name(name, _) => format!("\"{name}\""),
            Token::Number(number) => number.to_string(),
            Token::Variable(name) => format!("\"${name}\""),
            Token::Literal(value) => value.to_string(),
            Token::Compare(_) => "a comparison".to_owned(),
            Token::Sign(sign) => format!("\"{sign}\""),
            Token::End => "the end".to_owned(),
        }
    }
}

/// Longest first.
const SIGNS: [&str; 19] = [
    "=", "||", "&&", "[?", "[]", ".", "*", "@", "&", "|", "!", "(", ")", "[", "]", "{", "}", ",",
    ":",
];

const COMPARISONS: [(&str, Compare); 6] = [
    ("==", Compare::Equal),
    ("!=", Compare::NotEqual),
    ("<=", Compare::LessOrEqual),
    (">=", Compare::GreaterOrEqual),
    ("<", Compare::Less),
    (">", Compare::Greater),
];

/// The words of `text`, each with the byte it begins at; the last is [`Token::End`].
pub fn words(text: &str) -> Result<Vec<(Token, usize)>, Mistake> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            words.push((Token::End, at));
            return Ok(words);
        };
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let (name, _) = rest.split_at(end.unwrap_or(rest.len()));
                (Token::Name(name.to_owned(), false), name.len())
            }
            '$' if rest.get(1..).is_some_and(|rest| rest.starts_with(is_name_start)) => {
                let name = rest.get(1..).unwrap_or_default();
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let (name, _) = name.split_at(end.unwrap_or(name.len()));
                (Token::Variable(name.to_owned()), name.len() + 1)
            }
            '0'..='9' | '-' => number(rest).ok_or_else(|| Mistake {
                expected: "a whole number".to_owned(),
                found: format!("\"{}\"", rest.chars().take(20).collect::<String>()),
                at,
                text: text.to_owned(),
            })?,
            '"' | '\'' | '`' => quoted(text, rest, first, at)?,
            _ => {
                let compare = COMPARISONS.iter().find(|(sign, _)| rest.starts_with(sign));
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                match (compare, sign) {
                    (Some((sign, compare)), _) => (Token::Compare(*compare), sign.len()),
                    (None, Some(sign)) => (Token::Sign(sign), sign.len()),
                    (None, None) => {
                        return Err(Mistake {
                            expected: "an expression".to_owned(),
                            found: format!("\"{first}\""),
                            at,
                            text: text.to_owned(),
                        });
                    }
                }
            }
        };
        words.push((token, at));
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let length = rest.len() - digits.len() + end;
    Some((Token::Number(rest.get(..length)?.parse().ok()?), length))
}

/// A quoted word: its token and its length with quotes.
fn quoted(text: &str, rest: &str, quote: char, at: usize) -> Result<(Token, usize), Mistake> {
    let mistake = |expected: &str, found: String| Mistake {
        expected: expected.to_owned(),
        found,
        at,
        text: text.to_owned(),
    };
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let Some((end, _)) = end else {
        return Err(mistake(&format!("a closing {quote}"), "the end".to_owned()));
    };
    let inner = rest.get(1..end).unwrap_or_default();
    let token = match quote {
        '\'' => Token::Literal(Value::String(raw(inner))),
        '"' => {
            let json = rest.get(..=end).unwrap_or_default();
            match json::parse(json) {
                Ok(Value::String(name)) => Token::Name(name, true),
                _ => return Err(mistake("a name", json.to_owned())),
            }
        }
        _ => {
            let json = inner.replace("\\`", "`");
            let value = json::parse(&json);
            Token::Literal(value.map_err(|_| mistake("JSON in backquotes", format!("`{json}`")))?)
        }
    };
    Ok((token, end + 1))
}

/// Raw text: `\'` is a quote and `\\` a backslash, any other backslash is one.
fn raw(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('\'' | '\\')) => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text
}
