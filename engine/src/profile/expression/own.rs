//! The functions that real backends need and the specification lacks. Each yields null for null, so
//! that what an answer leaves out needs no care.
//!
//! | function | yields |
//! |---|---|
//! | `default(a, b)` | `a`, or `b` if `a` is null; unlike `a \|\| b` it keeps `false`, `0` and what is empty |
//! | `html_text(html)` | the text of a piece of HTML: entities read, tags taken out, spaces made one |
//! | `lookup(table, key)` | what the profile's table of this name has for the key |
//! | `part(name, value)` | what the profile's part of this name yields with `item` = value; parts may call parts, so a tree is followed down |
//! | `replace(text, from, to)` | the text with every `from` made `to` |
//! | `split(text, separator)` | the pieces of a text |
//! | `template(template, object)` | a URI template (RFC 6570) filled from an object |
//! | `to_json(value)` | the value as JSON text, quotes and all |
//! | `from_json(text)` | the value a JSON text holds, null if it is none |

use std::borrow::Cow;

use serde_json::Value;

use super::{
    eval::{Call, Declared, eval},
    value::Val,
};
use crate::{
    json,
    profile::{html, template::Template},
};

/// Every function of ours.
pub static FUNCTIONS: &[Declared] = &[
    Declared {
        name: "default",
        least: 2,
        most: 2,
        run: |call| {
            let value = call.value(0)?;
            Ok(if value.is_null() { call.value(1)?.clone() } else { value.clone() })
        },
    },
    Declared {
        name: "html_text",
        least: 1,
        most: 1,
        run: |call| unless_null(&call, |call| Ok(Val::text(html::text(call.text(0)?)))),
    },
    Declared {
        name: "lookup",
        least: 2,
        most: 2,
        run: |call| {
            let table = match (&call.scope.tables, call.text(0)) {
                (Some(tables), Ok(name)) => tables.get(name, call.scope)?,
                _ => None,
            };
            let key = match call.value(1)?.plain() {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                Some(Value::Bool(truth)) => truth.to_string(),
                _ => return Ok(Val::null()),
            };
            Ok(match table.as_ref().and_then(|table| table.get(&key)) {
                Some(Cow::Borrowed(value)) => Val::Ref(value),
                Some(Cow::Owned(value)) => Val::Own(value.clone()),
                None => Val::null(),
            })
        },
    },
    Declared { name: "part", least: 2, most: 2, run: part },
    Declared {
        name: "replace",
        least: 3,
        most: 3,
        run: |call| {
            unless_null(&call, |call| {
                let (from, to) = (call.text(1)?, call.text(2)?);
                let text = call.text(0)?;
                Ok(Val::text(if from.is_empty() {
                    text.to_owned()
                } else {
                    text.replace(from, to)
                }))
            })
        },
    },
    Declared {
        name: "split",
        least: 2,
        most: 2,
        run: |call| {
            unless_null(&call, |call| {
                let pieces = call.text(0)?.split(call.text(1)?);
                Ok(Val::List(pieces.map(Val::text).collect()))
            })
        },
    },
    Declared {
        name: "template",
        least: 2,
        most: 2,
        run: |call| {
            unless_null(&call, |call| {
                let template = Template::parse(call.text(0)?)?;
                let members = call.value(1)?.members();
                let members = members.ok_or_else(|| call.wrong(1, "an object"))?;
                Ok(Val::text(template.expand(members)))
            })
        },
    },
    Declared {
        name: "to_json",
        least: 1,
        most: 1,
        run: |call| {
            unless_null(&call, |call| {
                Ok(Val::text(call.value(0)?.clone().into_value().to_string()))
            })
        },
    },
    Declared {
        name: "from_json",
        least: 1,
        most: 1,
        run: |call| {
            unless_null(&call, |call| Ok(Val::Own(json::parse(call.text(0)?).unwrap_or_default())))
        },
    },
];

fn unless_null<'n, 'a, 's>(
    call: &Call<'n, 'a, 's>,
    run: impl FnOnce(&Call<'n, 'a, 's>) -> Result<Val<'a>, String>,
) -> Result<Val<'a>, String> {
    if call.value(0)?.is_null() { Ok(Val::null()) } else { run(call) }
}

fn part<'a>(call: Call<'_, 'a, '_>) -> Result<Val<'a>, String> {
    if call.value(0)?.is_null() || call.value(1)?.is_null() {
        return Ok(Val::null());
    }
    let name = call.text(0)?;
    let Some((_, expression)) = call.scope.parts.iter().find(|(known, _)| known == name) else {
        call.scope.note(format!("no part \"{name}\""));
        return Ok(Val::null());
    };
    let Some(inner) = call.scope.within(call.value(1)?.clone()) else {
        call.scope.note(format!("part \"{name}\" is left out where it nests too deep"));
        return Ok(Val::null());
    };
    let value = eval(&expression.root, None, &inner);
    inner.take_notes().into_iter().for_each(|note| call.scope.note(note));
    value
}
