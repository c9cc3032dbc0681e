//! The rules of the specification, and ours.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Expression, Scope, Tables, scope::MAX_PART_DEPTH};

fn yields(expression: &str, given: &Value) -> Value {
    let members = given.as_object().unwrap();
    let names: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let compiled = Expression::compile(expression).unwrap_or_else(|mistake| panic!("{mistake}"));
    compiled.evaluate(&names).unwrap_or_else(|error| panic!("{expression}: {error}"))
}

fn fails(expression: &str, given: &Value) -> String {
    let members = given.as_object().unwrap();
    let names: Vec<_> = members.iter().map(|(name, value)| (name.as_str(), value)).collect();
    Expression::compile(expression).unwrap().evaluate(&names).unwrap_err()
}

fn all(given: Value, cases: &[(&str, Value)]) {
    for (expression, expected) in cases {
        assert_eq!(yields(expression, &given), *expected, "{expression}");
    }
}

#[test]
fn names_and_paths() {
    all(
        json!({ "a": { "b": { "c": 1 } }, "x-y": { "z w": 2 }, "n": null, "t": "text" }),
        &[
            ("a", json!({ "b": { "c": 1 } })),
            ("a.b.c", json!(1)),
            ("a . b\n.c", json!(1)),
            ("\"x-y\".\"z w\"", json!(2)),
            ("a.missing.c", json!(null)),
            ("n.c", json!(null)),
            ("t.c", json!(null)),
            ("@.a.b", json!({ "c": 1 })),
            ("a | b | c", json!(1)),
            ("\"\\u0061\".b.c", json!(1)),
        ],
    );
}

#[test]
fn places_and_slices() {
    all(
        json!({ "l": [0, 1, 2, 3, 4], "m": [[1, 2], [3]], "t": "text" }),
        &[
            ("l[0]", json!(0)),
            ("l[-1]", json!(4)),
            ("l[9]", json!(null)),
            ("l[-9]", json!(null)),
            ("t[0]", json!(null)),
            ("m[0][1]", json!(2)),
            ("l[1:3]", json!([1, 2])),
            ("l[:2]", json!([0, 1])),
            ("l[::2]", json!([0, 2, 4])),
            ("l[::-1]", json!([4, 3, 2, 1, 0])),
            ("l[-2:]", json!([3, 4])),
            ("l[3:-9:-1]", json!([3, 2, 1, 0])),
            ("l[8:]", json!([])),
            ("t[:1]", json!(null)),
            ("m[:1][0]", json!([1])),
        ],
    );
}

#[test]
fn projections() {
    let given = json!({
        "p": [
            { "n": "a", "age": 30, "tags": ["x", "y"], "s": { "id": 1 } },
            { "n": "b", "age": 20, "tags": ["z"] },
            { "age": 40, "tags": [] },
        ],
        "o": { "a": { "v": 1 }, "b": { "v": 2 }, "c": 3 },
        "nested": [[1, [2]], 3, [4]],
    });
    all(
        given,
        &[
            ("p[*].n", json!(["a", "b"])),
            ("p[*].s.id", json!([1])),
            ("p[*].tags[0]", json!(["x", "z"])),
            ("p[*].tags | [0]", json!(["x", "y"])),
            ("p[*].n | [0]", json!("a")),
            ("(p[*].n)[0]", json!("a")),
            ("p[].tags[]", json!(["x", "y", "z"])),
            ("o.*.v", json!([1, 2])),
            ("o.*", json!([{ "v": 1 }, { "v": 2 }, 3])),
            ("nested[]", json!([1, [2], 3, 4])),
            ("nested[][]", json!([1, 2, 3, 4])),
            ("p[?age > `25`].n", json!(["a"])),
            ("p[?n == 'b'].age | [0]", json!(20)),
            ("p[?s].n", json!(["a"])),
            ("p[?!s].age", json!([20, 40])),
            ("p[?contains(tags, 'z')].n", json!(["b"])),
            (
                "p[*].{name: n, first: tags[0]}",
                json!([
                    { "name": "a", "first": "x" }, { "name": "b", "first": "z" },
                    { "name": null, "first": null },
                ]),
            ),
            ("p[*].[n, age] | [1]", json!(["b", 20])),
            ("o[*]", json!(null)),
            ("p.*", json!(null)),
            ("nested[?@ == `3`]", json!([3])),
            ("[p[0].n, o.c]", json!(["a", 3])),
            ("missing.{a: b}", json!(null)),
            ("missing[?a]", json!(null)),
        ],
    );
}

#[test]
fn conditions() {
    all(
        json!({ "t": true, "f": false, "z": 0, "e": "", "l": [], "o": {}, "s": "x", "one": 1.0 }),
        &[
            ("z && 'yes'", json!("yes")),
            ("e || 'empty'", json!("empty")),
            ("l || o || n || f || 'last'", json!("last")),
            ("f && 'no'", json!(false)),
            ("t && f || s", json!("x")),
            ("!e", json!(true)),
            ("!s.t", json!(true)),
            ("!!s", json!(true)),
            ("one == `1`", json!(true)),
            ("z < one", json!(true)),
            ("z >= one", json!(false)),
            ("s < 'y'", json!(null)),
            ("s != 'y'", json!(true)),
            ("l == `[]`", json!(true)),
            ("o == `{\"a\": 1}`", json!(false)),
            ("t && (f || s)", json!("x")),
        ],
    );
}

#[test]
fn literals() {
    all(
        json!({}),
        &[
            ("`{\"a\": [1, \"\\`\"]}`", json!({ "a": [1, "`"] })),
            ("'it\\'s \\n'", json!("it's \\n")),
            ("'Hải'", json!("Hải")),
            ("`null`", json!(null)),
        ],
    );
}

#[test]
fn standard_functions() {
    all(
        json!({
            "n": [3, 1, 2], "w": ["b", "a"], "o": { "a": 1, "b": 2 }, "neg": -1.5,
            "p": [{ "k": 2, "v": "x" }, { "k": 1, "v": "y" }],
        }),
        &[
            ("abs(neg)", json!(1.5)),
            ("avg(n)", json!(2)),
            ("avg(`[]`)", json!(null)),
            ("ceil(neg)", json!(-1)),
            ("floor(neg)", json!(-2)),
            ("contains('Hải Phòng', 'Phòng')", json!(true)),
            ("ends_with('abc', 'bc')", json!(true)),
            ("starts_with('abc', 'b')", json!(false)),
            ("join(', ', w)", json!("b, a")),
            ("keys(o)", json!(["a", "b"])),
            ("values(o)", json!([1, 2])),
            ("length('Hải')", json!(3)),
            ("length(o)", json!(2)),
            ("map(&k, p)", json!([2, 1])),
            ("map(&missing, p)", json!([null, null])),
            ("max(n)", json!(3)),
            ("min(w)", json!("a")),
            ("max(`[]`)", json!(null)),
            ("max_by(p, &k).v", json!("x")),
            ("min_by(p, &k).v", json!("y")),
            ("merge(o, `{\"b\": 3}`)", json!({ "a": 1, "b": 3 })),
            ("not_null(missing, n[0])", json!(3)),
            ("reverse(n)", json!([2, 1, 3])),
            ("reverse('abc')", json!("cba")),
            ("sort(n)", json!([1, 2, 3])),
            ("sort_by(p, &v)[0].k", json!(2)),
            ("sum(n)", json!(6)),
            ("sum(`[0.1, 0.2]`) == `0.3`", json!(true)),
            ("to_array('a')", json!(["a"])),
            ("to_array(n)", json!([3, 1, 2])),
            ("to_number('12')", json!(12)),
            ("to_number('x')", json!(null)),
            ("to_string(o)", json!("{\"a\":1,\"b\":2}")),
            ("to_string('a')", json!("a")),
            ("type(n)", json!("array")),
            ("type(missing)", json!("null")),
        ],
    );
}

#[test]
fn our_functions() {
    all(
        json!({ "t": "a/b/c", "h": "<p>Nguyễn &amp; <b>con</b></p>", "f": false, "o": { "w": 300 } }),
        &[
            ("split(t, '/')[1]", json!("b")),
            ("split(missing, '/')", json!(null)),
            ("replace(t, '/', '-')", json!("a-b-c")),
            ("replace(t, '', '-')", json!("a/b/c")),
            ("default(f, 'x')", json!(false)),
            ("default(missing, 'x')", json!("x")),
            ("html_text(h)", json!("Nguyễn & con")),
            ("html_text(missing)", json!(null)),
            ("template('/i/{w}.jpg', o)", json!("/i/300.jpg")),
            ("to_json(o)", json!("{\"w\":300}")),
            ("from_json('[1]')[0]", json!(1)),
            ("from_json('[')", json!(null)),
        ],
    );
}

#[test]
fn a_part_follows_a_tree_down_but_not_for_ever() {
    let parts = [
        ("node".to_owned(), "{n: item.n, c: map(&part('node', @), item.c || `[]`)}"),
        ("loop".to_owned(), "part('loop', item)"),
    ]
    .map(|(name, text)| (name, Expression::compile(text).unwrap()));
    let tree = json!({ "n": 1, "c": [{ "n": 2, "c": [{ "n": 3 }] }] });
    let mut chain = json!({ "n": 0, "c": [] });
    for n in 1..MAX_PART_DEPTH {
        chain = json!({ "n": n, "c": [chain] });
    }
    let mut scope = Scope::new(&parts);
    scope.set("body", &tree);
    scope.set("chain", &chain);
    let search = |text: &str| Expression::compile(text).unwrap().search(&scope);
    assert_eq!(
        search("part('node', body)").unwrap(),
        json!({ "n": 1, "c": [{ "n": 2, "c": [{ "n": 3, "c": [] }] }] })
    );
    assert_eq!(search("part('node', chain)"), Ok(chain.clone()));
    assert_eq!(search("part('video', body)"), Ok(Value::Null));
    assert_eq!(search("part('loop', body)"), Ok(Value::Null));
    assert_eq!(
        scope.take_notes(),
        ["no part \"video\"", "part \"loop\" is left out where it nests too deep"]
    );
}

#[test]
fn a_name_of_let_is_seen_from_within() {
    all(
        json!({ "p": { "id": 2 }, "l": [{ "id": 1, "n": "a" }, { "id": 2, "n": "b" }] }),
        &[
            ("let $id = p.id in l[?id == $id].n | [0]", json!("b")),
            ("let $a = p.id, $b = l[0].id in [$a, $b]", json!([2, 1])),
            ("let $a = p in let $b = $a.id in l[*].[id, $b]", json!([[1, 2], [2, 2]])),
            ("let $a = `1` in (let $a = `2` in $a)", json!(2)),
            ("l[*].(let $n = n in {m: $n})", json!([{ "m": "a" }, { "m": "b" }])),
            ("let", json!(null)),
        ],
    );
    let given = json!({ "a": 1 });
    assert_eq!(fails("[$x]", &given), "$x is not defined here");
    assert_eq!(fails("[(let $x = a in $x), $x]", &given), "$x is not defined here");
}

#[test]
fn a_table_is_looked_into_by_text_or_number() {
    let an = json!({ "name": "An" });
    let item = json!({ "author": 7, "editor": "7", "none": null });
    let tables = Tables::new(|name, _| {
        Ok((name == "users").then(|| [("7".to_owned(), Cow::Borrowed(&an))].into()))
    });
    let mut scope = Scope::default();
    scope.set_tables(tables);
    scope.set("item", &item);
    for (text, expected) in [
        ("lookup('users', item.author).name", json!("An")),
        ("lookup('users', item.editor).name", json!("An")),
        ("lookup('users', item.none).name", json!(null)),
        ("lookup('missing', item.author)", json!(null)),
    ] {
        assert_eq!(Expression::compile(text).unwrap().search(&scope), Ok(expected), "{text}");
    }
}

#[test]
fn a_mistake_shows_its_place() {
    let mistake = |text: &str| Expression::compile(text).unwrap_err().to_string();
    assert_eq!(
        mistake("{id: item.id,\n title: item..rendered}"),
        "expected a name, \"{\" or \"[\" after the dot, found \".\" (line 2, column 14)\n     \
         title: item..rendered}\n                 ^"
    );
    for (text, expected) in [
        ("", "expected an expression, found the end"),
        ("a b", "expected the end or an operator, found \"b\""),
        ("'abc", "expected a closing ', found the end"),
        ("`[1`", "expected JSON in backquotes, found `[1`"),
        ("a ? b", "expected an expression, found \"?\""),
        ("{a}", "expected \":\", found \"}\""),
        ("{a: b, }", "expected the name of a member, found \"}\""),
        ("l[a]", "expected a number, \":\" or \"*\", found \"a\""),
        ("l[1 2]", "expected \":\" or \"]\", found 2"),
        ("l[::0]", "expected a step other than 0, found \"]\""),
        ("a - b", "expected a whole number, found \"- b\""),
        ("lenght(a)", "expected a function (did you mean \"length\"?), found \"lenght\""),
        ("length()", "expected 1 arguments of length(), found 0"),
        ("merge(a", "expected \")\", found the end"),
    ] {
        assert!(mistake(text).starts_with(expected), "{text}: {}", mistake(text));
    }
    let deep = "(".repeat(10_000);
    assert!(mistake(&deep).starts_with("expected at most 60 expressions within each other"));
    let chain = "a.".repeat(10_000);
    assert!(mistake(&chain).starts_with("expected at most 60 expressions within each other"));
}

#[test]
fn a_function_says_what_it_got() {
    let given = json!({ "n": 7, "l": [1, "a"] });
    for (text, error) in [
        ("length(n)", "length(), argument 1: expected text, a list or an object, found 7"),
        ("sort(l)", "sort(), argument 1: expected a list of numbers or of texts, found a list"),
        ("join(',', l)", "join(), argument 2: expected a list of texts, found a list"),
        ("split(n, ',')", "split(), argument 1: expected text, found 7"),
        ("map('a', l)", "map(), argument 1: expected an expression (&…), found \"a\""),
        ("sum(l)", "sum(), argument 1: expected a list of numbers, found a list"),
        ("template('{a', `{}`)", "an unclosed brace at byte 0 of \"{a\""),
    ] {
        assert_eq!(fails(text, &given), error, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "[a-z0-9 .,:*@&|!()\\[\\]{}?<>='\"`\\\\-]{0,40}") {
        if let Ok(expression) = Expression::compile(&text) {
            let _ = expression.evaluate(&[("a", &json!([{ "b": 1 }, "c"]))]);
        }
    }

    #[test]
    fn slices_hold_what_their_bounds_say(
        start in -9i64..9, stop in -9i64..9, step in 1i64..4, length in 0usize..7
    ) {
        let list: Vec<usize> = (0..length).collect();
        let at = |bound: i64| {
            let from_end = i64::try_from(length).unwrap();
            let bound = if bound < 0 { bound + from_end } else { bound };
            usize::try_from(bound.clamp(0, from_end)).unwrap()
        };
        let (from, to) = (at(start), at(stop));
        let expected: Vec<_> = list.get(from..to.max(from)).unwrap().iter()
            .step_by(usize::try_from(step).unwrap()).copied().collect();
        prop_assert_eq!(
            yields(&format!("l[{start}:{stop}:{step}]"), &json!({ "l": list })),
            json!(expected)
        );
    }
}
