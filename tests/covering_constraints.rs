//! Constraints over knobs: how their text is read, and what is told of one that cannot be.

use holdline::expand::covering::{Constraint, Expr, Factor};
use proptest::prelude::*;

fn knobs() -> Vec<Factor> {
    vec![
        Factor::new("persona", ["new user", "admin"]),
        Factor::new("feature", ["admin export", "search", "a \"quoted\" one"]),
        Factor::new("reply in", ["it's", "back\\slash", "not"]),
        Factor::new("not", ["1", "2"]),
    ]
}

#[test]
fn a_constraint_reads_as_it_is_meant() {
    let is = Expr::Is;
    for (text, expr) in [
        (
            "not (persona = \"new user\" and feature = \"admin export\")",
            Expr::Not(Box::new(Expr::And(vec![is(0, 0), is(1, 0)]))),
        ),
        (
            "persona = admin or feature = search and 'reply in' != 'not'",
            Expr::Or(vec![is(0, 1), Expr::And(vec![is(1, 1), Expr::IsNot(2, 2)])]),
        ),
        (
            "IF persona = admin THEN feature IN [search, 'admin export']",
            Expr::Implies(Box::new(is(0, 1)), Box::new(Expr::In(1, vec![1, 0]))),
        ),
        (
            "persona=admin=>feature=search=>\"not\"=1",
            Expr::Implies(
                Box::new(is(0, 1)),
                Box::new(Expr::Implies(Box::new(is(1, 1)), Box::new(is(3, 0)))),
            ),
        ),
        (
            "not not persona not in [admin]",
            Expr::Not(Box::new(Expr::Not(Box::new(Expr::Not(Box::new(Expr::In(0, vec![1]))))))),
        ),
        (
            r#""reply in" = "back\\slash" and feature = 'a "quoted" one' and 'reply in' = 'it\'s'"#,
            Expr::And(vec![is(2, 1), is(1, 2), is(2, 0)]),
        ),
    ] {
        assert_eq!(Constraint::parse(text, &knobs()).unwrap().expr, expr, "{text}");
    }
}

#[test]
fn a_constraint_that_cannot_be_read_says_where_and_how_to_mend_it() {
    for (text, part, message) in [
        ("pesona = admin", "pesona", "no knob is called `pesona`: did you mean `persona`?"),
        ("persona = admn", "admn", "no value of `persona` is called `admn`: did you mean `admin`?"),
        (
            "persona = manager",
            "manager",
            "no value of `persona` is called `manager`: its values are `new user`, `admin`",
        ),
        (
            "colour = red",
            "colour",
            "no knob is called `colour`: the knobs are `persona`, `feature`, `reply in`, `not`",
        ),
        (
            "persona = new user",
            "new",
            "no value of `persona` is called `new`: its values are `new user`, `admin`",
        ),
        (
            "persona = admin feature = search",
            "feature",
            "`feature` is not expected here: join comparisons with `and` or `or`",
        ),
        ("persona = admin and", "", "the name of a knob is expected where the constraint ends"),
        ("(persona = admin", "", "`)` is expected where the constraint ends"),
        ("if persona = admin", "", "`then` is expected where the constraint ends"),
        ("persona in (admin)", "(", "`[` is expected here, not `(`"),
        (
            "persona in [admin; search]",
            "admin;",
            "no value of `persona` is called `admin;`: did you mean `admin`?",
        ),
        ("persona is admin", "is", "`=`, `!=` or `in` is expected here, not `is`"),
        ("persona == admin", "=", "a value is expected here, not `=`"),
        ("persona = admin && feature = search", "&", "`&` means nothing here: write `and`"),
        ("persona > admin", ">", "`>` means nothing here: values are compared with `=`, `!=` and `in [..]`"),
        ("persona = \"admin", "\"admin", "the text in quotes does not end: close it with \""),
        ("", "", "the name of a knob is expected where the constraint ends"),
    ] {
        let error = Constraint::parse(text, &knobs()).unwrap_err();
        assert_eq!((error.to_string().as_str(), &text[error.span.clone()]), (message, part), "{text}");
    }
}

#[test]
fn hostile_constraints_are_refused_and_not_followed_down() {
    for text in [
        "(".repeat(9_000),
        "not ".repeat(2_000),
        "if ".repeat(3_000),
        "persona = admin => ".repeat(400),
        "\"".repeat(9_999),
        format!("{}persona = admin{}", "(".repeat(60), ")".repeat(60)),
        "x".repeat(1_000_000),
    ] {
        assert!(Constraint::parse(&text, &knobs()).is_err());
    }
    let flat = vec!["persona = admin"; 500].join(" or ");
    assert!(Constraint::parse(&flat, &knobs()).is_ok());
}

fn expressions() -> impl Strategy<Value = Expr> {
    let cell = (0..4_usize).prop_flat_map(|factor| {
        let levels = knobs()[factor].values.len();
        (Just(factor), 0..levels, prop::collection::vec(0..levels, 1..4))
    });
    let leaf = prop_oneof![
        cell.clone().prop_map(|(factor, value, _)| Expr::Is(factor, value)),
        cell.clone().prop_map(|(factor, value, _)| Expr::IsNot(factor, value)),
        cell.prop_map(|(factor, _, values)| Expr::In(factor, values)),
    ];
    leaf.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|expr| Expr::Not(Box::new(expr))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
            (inner.clone(), inner).prop_map(|(given, then)| Expr::Implies(Box::new(given), Box::new(then))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same(expr in expressions()) {
        let knobs = knobs();
        let text = expr.display(&knobs).to_string();
        prop_assert_eq!(Constraint::parse(&text, &knobs).map(|read| read.expr), Ok(expr), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        if let Err(error) = Constraint::parse(&text, &knobs()) {
            prop_assert!(text.get(error.span).is_some());
        }
    }

    #[test]
    fn nor_does_text_made_of_its_own_words(words in prop::collection::vec(
        prop::sample::select(vec![
            "persona", "admin", "not", "and", "or", "if", "then", "in", "=", "!=", "=>", "(", ")", "[",
            "]", ",", "\"", "'", "'not'", "\\", "é", "new user",
        ]),
        0..30,
    )) {
        let text = words.join(" ");
        if let Err(error) = Constraint::parse(&text, &knobs()) {
            prop_assert!(text.get(error.span).is_some());
        }
    }
}
