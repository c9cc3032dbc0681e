//! What the reader wants kept, whatever else has to go: by a saved article or a section taken along.

use std::collections::HashSet;

use crate::read::{Node, Object, Read, ReadError};

/// What a record holds, whatever it is of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Holding {
    /// The record's own key.
    pub place: String,
    /// The keys of answers.
    pub answers: Vec<String>,
    /// The addresses of pictures.
    pub pictures: Vec<String>,
}

impl Read for Holding {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        Self::read_in(node.object()?)
    }
}

impl Holding {
    /// Whatever version the record is of: what a newer app holds stays as well.
    pub(super) fn read_in(object: Object<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            place: object.field("place")?,
            answers: object.list_field("answers"),
            pictures: object.list_field("pictures"),
        })
    }

    /// The pictures that this one holds and nothing of the `rest` does.
    pub fn alone(&self, rest: &[Self]) -> Vec<String> {
        let held: HashSet<&String> = rest.iter().flat_map(|holding| &holding.pictures).collect();
        self.pictures.iter().filter(|picture| !held.contains(picture)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stay_as_long_as_anything_holds_them() {
        let of = |pictures: &[&str]| Holding {
            pictures: pictures.iter().map(|picture| (*picture).to_owned()).collect(),
            ..Holding::default()
        };
        assert_eq!(of(&["p", "q"]).alone(&[of(&["q"]), of(&[])]), ["p"]);
    }
}
