//! From what a reader typed to what SQLite's full-text index is asked.
//!
//! Both sides go through [`haidang_engine::fold`], so marks, case and width do not matter; the index
//! holds the tokens, already cut, and its own tokenizer only splits them at spaces.

use haidang_engine::fold::{Phrase, phrases};
pub use haidang_engine::fold::{index, plain};
use sqlx::{QueryBuilder, Sqlite};

/// Characters of a query that count.
const LONGEST: usize = 200;
/// Words of a query that count.
const MOST: usize = 16;

/// What to look for.
#[derive(Debug)]
pub struct Words {
    /// For `MATCH`: every word, the last one perhaps unfinished; words side by side rank higher.
    pub expression: String,
    /// As typed, as [`plain`] writes it, to rank what has the same marks first.
    typed: String,
}

impl Words {
    /// The words of a query; `None` if it has none. A long one is cut: each word costs the database a look-up.
    pub fn parse(query: &str) -> Option<Self> {
        let query: String = query.chars().take(LONGEST).collect();
        let mut words = phrases(&query)?;
        words.truncate(MOST);
        for word in &mut words {
            word.text.retain(|c| c != '"');
        }
        let phrase =
            |word: &Phrase| format!("\"{}\"{}", word.text, if word.prefix { " *" } else { "" });
        let each = words.iter().map(phrase).collect::<Vec<_>>().join(" AND ");
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let together = phrase(&Phrase { text: texts.join(" "), prefix: true });
        let several = words.len() > 1;
        Some(Self {
            expression: if several { format!("({each}) OR {together}") } else { each },
            typed: plain(&query),
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
    fn a_query_has_an_end() {
        let many = "a ".repeat(30_000);
        assert_eq!(expression(&many).unwrap().matches("AND").count(), MOST - 1);
        let long = Words::parse(&"港".repeat(30_000)).unwrap();
        assert_eq!(long.typed.chars().count(), LONGEST);
        assert!(long.expression.len() < 10 * LONGEST);
    }

    #[test]
    fn the_last_word_may_be_unfinished() {
        let words = Words::parse("Hải  Ph").unwrap();
        assert_eq!(words.expression, "(\"hai\" AND \"ph\" *) OR \"hai ph\" *");
        assert_eq!(words.typed, "hải ph");
    }
}
