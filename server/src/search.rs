//! From what a reader typed to what SQLite's full-text index is asked.
//!
//! Both sides go through [`haidang_engine::fold`], so marks, case and width do not matter; the index
//! holds the tokens, already cut, and its own tokenizer only splits them at spaces.

use haidang_engine::fold::{nfc, terms, tokens};
use sqlx::{QueryBuilder, Sqlite};

/// What to look for.
#[derive(Debug)]
pub struct Words {
    /// For `MATCH`: every word, the last one perhaps unfinished; words side by side rank higher.
    pub expression: String,
    /// As typed, as [`plain`] writes it, to rank what has the same marks first.
    typed: String,
}

impl Words {
    /// The words of a query; `None` if it has none.
    pub fn parse(query: &str) -> Option<Self> {
        let mut words: Vec<(String, bool)> = query.split_whitespace().filter_map(word).collect();
        // The reader may still be typing the last word.
        words.last_mut()?.1 = true;
        let phrase = |(text, prefix): &(String, bool)| {
            format!("\"{text}\"{}", if *prefix { " *" } else { "" })
        };
        let each = words.iter().map(phrase).collect::<Vec<_>>().join(" AND ");
        let texts: Vec<&str> = words.iter().map(|(text, _)| text.as_str()).collect();
        let together = phrase(&(texts.join(" "), true));
        let several = words.len() > 1;
        Some(Self {
            expression: if several { format!("({each}) OR {together}") } else { each },
            typed: plain(query),
        })
    }
}

impl Words {
    /// Begins the order of a query: what begins exactly as typed (a title, the number of a document),
    /// then what holds it exactly as typed, then the rest. `column` is what [`plain`] wrote.
    pub fn push_marks(&self, sql: &mut QueryBuilder<Sqlite>, column: &str) {
        sql.push(format_args!(" ORDER BY instr({column}, ")).push_bind(self.typed.clone());
        sql.push(format_args!(") = 1 DESC, instr({column}, ")).push_bind(self.typed.clone());
        sql.push(") > 0 DESC");
    }
}

/// The tokens of one typed word, to be found side by side (`10-NQ/TU` is `10 nq tu`), and whether the
/// last one stands for all that begin with it.
fn word(text: &str) -> Option<(String, bool)> {
    let terms = terms(text);
    let prefix = terms.last()?.prefix;
    let texts: Vec<String> = terms.into_iter().map(|term| term.text.replace('"', "")).collect();
    Some((texts.join(" "), prefix))
}

/// What the index holds of `text`.
pub fn index(text: &str) -> String {
    tokens(text).join(" ")
}

/// `text` with its marks, in small letters and single spaces.
pub fn plain(text: &str) -> String {
    let small = nfc(text).to_lowercase();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(query: &str) -> Option<String> {
        Words::parse(query).map(|words| words.expression)
    }

    #[test]
    fn what_is_typed_never_becomes_syntax() {
        assert_eq!(expression("10-NQ/TU").as_deref(), Some("\"10 nq tu\" *"));
        assert_eq!(
            expression("\"a\" OR NEAR(").as_deref(),
            Some("(\"a\" AND \"or\" AND \"near\" *) OR \"a or near\" *")
        );
        assert_eq!(expression(" - \" * "), None);
    }

    #[test]
    fn the_last_word_may_be_unfinished() {
        let words = Words::parse("Hải  Ph").unwrap();
        assert_eq!(words.expression, "(\"hai\" AND \"ph\" *) OR \"hai ph\" *");
        assert_eq!(words.typed, "hải ph");
    }
}
