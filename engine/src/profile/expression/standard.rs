//! The functions of the specification.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    eval::{Call, Declared},
    number::Decimal,
    value::{Val, copy},
};

const fn declared(
    name: &'static str,
    least: usize,
    most: usize,
    run: for<'n, 'a, 's> fn(Call<'n, 'a, 's>) -> Result<Val<'a>, String>,
) -> Declared {
    Declared { name, least, most, run }
}

/// Every function of the specification.
pub static FUNCTIONS: &[Declared] = &[
    declared("abs", 1, 1, |call| Ok(Val::number(call.number(0)?.abs()))),
    declared("avg", 1, 1, |call| {
        let numbers = numbers(&call)?;
        if numbers.is_empty() {
            return Ok(Val::null());
        }
        Ok(Val::number(sum(&numbers).over(numbers.len())))
    }),
    declared("ceil", 1, 1, |call| Ok(Val::number(call.number(0)?.ceil()))),
    declared("contains", 2, 2, |call| {
        let subject = call.value(0)?;
        if let Some(text) = subject.as_text() {
            let part = call.value(1)?.as_text();
            return Ok(Val::truth(part.is_some_and(|part| text.contains(part))));
        }
        let items = subject.items().ok_or_else(|| call.wrong(0, "text or a list"))?;
        let wanted = call.value(1)?;
        Ok(Val::truth(items.iter().any(|item| item.equals(wanted))))
    }),
    declared("ends_with", 2, 2, |call| Ok(Val::truth(call.text(0)?.ends_with(call.text(1)?)))),
    declared("floor", 1, 1, |call| Ok(Val::number(call.number(0)?.floor()))),
    declared("join", 2, 2, |call| {
        let items = call.list(1)?;
        let texts: Option<Vec<&str>> = items.iter().map(Val::as_text).collect();
        let texts = texts.ok_or_else(|| call.wrong(1, "a list of texts"))?;
        Ok(Val::text(texts.join(call.text(0)?)))
    }),
    declared("keys", 1, 1, |call| {
        let members = call.value(0)?.members().ok_or_else(|| call.wrong(0, "an object"))?;
        Ok(Val::List(members.keys().map(Val::text).collect()))
    }),
    declared("length", 1, 1, |call| {
        let value = call.value(0)?;
        let length = match (value.as_text(), value.members()) {
            (Some(text), _) => Some(text.chars().count()),
            (None, Some(members)) => Some(members.len()),
            (None, None) => value.items().map(|items| items.len()),
        };
        let length = length.ok_or_else(|| call.wrong(0, "text, a list or an object"))?;
        Ok(Val::number(Decimal::count(length)))
    }),
    declared("map", 2, 2, |call| {
        let items = call.list(1)?;
        let mapped = items.iter().map(|item| call.apply(0, item));
        Ok(Val::List(mapped.collect::<Result<_, _>>()?))
    }),
    declared("max", 1, 1, |call| extreme(&call, Ordering::Greater)),
    declared("max_by", 2, 2, |call| extreme_by(&call, Ordering::Greater)),
    declared("merge", 0, usize::MAX, |call| {
        let mut all = serde_json::Map::new();
        for index in 0..call.arguments.len() {
            let members = call.value(index)?.members();
            let members = members.ok_or_else(|| call.wrong(index, "an object"))?;
            all.extend(members.iter().map(|(key, value)| (key.clone(), copy(value))));
        }
        Ok(Val::Own(Value::Object(all)))
    }),
    declared("min", 1, 1, |call| extreme(&call, Ordering::Less)),
    declared("min_by", 2, 2, |call| extreme_by(&call, Ordering::Less)),
    declared("not_null", 1, usize::MAX, |call| {
        for index in 0..call.arguments.len() {
            let value = call.value(index)?;
            if !value.is_null() {
                return Ok(value.clone());
            }
        }
        Ok(Val::null())
    }),
    declared("reverse", 1, 1, |call| {
        let value = call.value(0)?;
        if let Some(text) = value.as_text() {
            return Ok(Val::text(text.chars().rev().collect::<String>()));
        }
        let mut items = value.items().ok_or_else(|| call.wrong(0, "text or a list"))?;
        items.reverse();
        Ok(Val::List(items))
    }),
    declared("sort", 1, 1, |call| {
        let items = call.list(0)?;
        ordered(&call, &items)?;
        Ok(sorted(items.clone(), items))
    }),
    declared("sort_by", 2, 2, |call| {
        let items = call.list(0)?;
        let keys = keys(&call, &items)?;
        Ok(sorted(keys, items))
    }),
    declared("starts_with", 2, 2, |call| Ok(Val::truth(call.text(0)?.starts_with(call.text(1)?)))),
    declared("sum", 1, 1, |call| Ok(Val::number(sum(&numbers(&call)?)))),
    declared("to_array", 1, 1, |call| {
        let value = call.value(0)?;
        Ok(if value.items().is_some() { value.clone() } else { Val::List(vec![value.clone()]) })
    }),
    declared("to_number", 1, 1, |call| {
        let value = call.value(0)?;
        if value.as_number().is_some() {
            return Ok(value.clone());
        }
        let number = value.as_text().and_then(Decimal::parse);
        Ok(number.map_or_else(Val::null, Val::number))
    }),
    declared("to_string", 1, 1, |call| {
        let value = call.value(0)?;
        Ok(match value.as_text() {
            Some(_) => value.clone(),
            None => Val::text(value.clone().into_value().to_string()),
        })
    }),
    declared("type", 1, 1, |call| Ok(Val::text(call.value(0)?.type_name()))),
    declared("values", 1, 1, |call| {
        let value = call.value(0)?;
        if let Val::Ref(Value::Object(members)) = value {
            return Ok(Val::List(members.values().map(Val::Ref).collect()));
        }
        let members = value.members().ok_or_else(|| call.wrong(0, "an object"))?;
        Ok(Val::List(members.values().cloned().map(Val::Own).collect()))
    }),
];

/// The items in the order of their keys.
fn sorted<'a>(keys: Vec<Val<'a>>, items: Vec<Val<'a>>) -> Val<'a> {
    let mut pairs: Vec<_> = keys.into_iter().zip(items).collect();
    pairs.sort_by(|(a, _), (b, _)| a.order(b).unwrap_or(Ordering::Equal));
    Val::List(pairs.into_iter().map(|(_, item)| item).collect())
}

fn numbers(call: &Call<'_, '_, '_>) -> Result<Vec<Decimal>, String> {
    let items = call.list(0)?;
    let numbers: Option<Vec<_>> = items.iter().map(Val::as_number).collect();
    numbers.ok_or_else(|| call.wrong(0, "a list of numbers"))
}

fn sum(numbers: &[Decimal]) -> Decimal {
    numbers.iter().fold(Decimal::of(0), |sum, number| sum.plus(*number))
}

/// That all can be ordered among each other.
fn ordered(call: &Call<'_, '_, '_>, items: &[Val<'_>]) -> Result<(), String> {
    let first = items.first();
    let all = items.iter().all(|item| first.is_some_and(|first| first.order(item).is_some()));
    if all { Ok(()) } else { Err(call.wrong(0, "a list of numbers or of texts")) }
}

fn keys<'a>(call: &Call<'_, 'a, '_>, items: &[Val<'a>]) -> Result<Vec<Val<'a>>, String> {
    let keys = items.iter().map(|item| call.apply(1, item)).collect::<Result<Vec<_>, _>>()?;
    ordered(call, &keys).map_err(|_| call.wrong(1, "an expression for numbers or for texts"))?;
    Ok(keys)
}

fn extreme<'a>(call: &Call<'_, 'a, '_>, wanted: Ordering) -> Result<Val<'a>, String> {
    let items = call.list(0)?;
    ordered(call, &items)?;
    let best = items
        .into_iter()
        .reduce(|best, item| if item.order(&best) == Some(wanted) { item } else { best });
    Ok(best.unwrap_or_else(Val::null))
}

fn extreme_by<'a>(call: &Call<'_, 'a, '_>, wanted: Ordering) -> Result<Val<'a>, String> {
    let items = call.list(0)?;
    let keys = keys(call, &items)?;
    let best = keys
        .into_iter()
        .zip(items)
        .reduce(|best, next| if next.0.order(&best.0) == Some(wanted) { next } else { best });
    Ok(best.map_or_else(Val::null, |(_, item)| item))
}
