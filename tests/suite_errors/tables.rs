//! Table specifications, and the scenarios that draw from them.

use super::{HEAD, told};

/// What is told of a suite with these inputs, drawn from this specification.
fn drawing(inputs: &str, spec: &str) -> String {
    let suite = format!(
        "{HEAD}[[scenario]]\nname = \"books a flight\"\ninputs = {inputs}\nexpect = {{ label = \"travel\" }}\n"
    );
    told(&[
        ("suites/demo.toml", &suite),
        ("suites/tables/trips.toml", spec),
        ("suites/tables/cities.csv", "city,fare,rank\nRome,80,1\nOslo,120,x\n"),
    ])
}

/// What is told of a specification.
fn spec(text: &str) -> String {
    drawing("{ table = \"tables/trips.toml\", rows = 5 }", text)
}

const GOOD: &str = "[[column]]\nname = \"trip\"\nsequence = {}\n[[column]]\nname = \"city\"\ncategory = [\"Rome\", \"Oslo\"]\n";

#[test]
fn columns_that_refer_to_themselves() {
    insta::assert_snapshot!(spec(
        r#"[[column]]
name = "self"
formula = "self + 1"

[[column]]
name = "fare"
formula = "1.2 * tax + 5"

[[column]]
name = "tax"
text = "{total} per cent"

[[column]]
name = "total"
category = { values = ["a", "b"], by = "fare", weights = { "1" = [1, 2] }, otherwise = [1, 1] }
"#
    ));
}

#[test]
fn formulas_that_cannot_be_read_or_whose_types_do_not_fit() {
    insta::assert_snapshot!(spec(
        r#"[[column]]
name = "city"
category = ["Rome", "Oslo"]

[[column]]
name = "day"
date = { from = "2026-01-01", to = "2026-12-31" }

[[column]]
name = "fare"
formula = "if(city = 'Rome', 80, 120)"

[[column]]
name = "open"
formula = "(1 + 2 * 3"

[[column]]
name = "total"
formula = "city * 2 + day + max(1) + monht(day) + fares"

[[column]]
name = "mixed"
formula = "if(city == 1, 1, 'a')"

[[column]]
name = "rush"
formula = "season('easter', day)"
"#
    ));
}

#[test]
fn references_to_what_is_not_there() {
    insta::assert_snapshot!(spec(
        r#"[tables.cities]
file = "cities.csv"

[tables.towns]
file = "towns.csv"

[tables.none]
seed = 3

[[column]]
name = "city"
reference = { table = "cites", column = "city" }

[[column]]
name = "town"
reference = { table = "cities", column = "town", weights = "rank" }

[[column]]
name = "other"
reference = { table = "cities", column = "city" }

[[column]]
name = "fare"
lookup = "other.fares"

[[column]]
name = "plain"
lookup = "other"

[[column]]
name = "told"
text = "{other:03} for {fare} {plain.fare}"
"#
    ));
}

#[test]
fn bounds_that_leave_nothing() {
    insta::assert_snapshot!(spec(
        r#"[[column]]
name = "fare"
range = { from = 100, to = 50 }

[[column]]
name = "bags"
range = { from = 0, to = 3, shape = "normal", sd = 9, skew = 2 }

[[column]]
name = "day"
date = { from = "2026-02-30", to = "2026-01-01" }

[[column]]
name = "weekend"
date = { from = "2026-01-05", to = "2026-01-09", weekdays = ["sat", "sun"] }

[[column]]
name = "at"
time = { from = "22:00", to = "6:00", step = "0s" }

[[column]]
name = "seat"
category = { values = ["window", "aisle"], weights = [0, 0] }
"#
    ));
}

#[test]
fn columns_that_say_too_much_or_too_little() {
    insta::assert_snapshot!(spec(
        r#"[[column]]
name = "first class"
boolean = {}

[[column]]
name = "fare"
range = { from = 1, to = 2 }
formula = "1 + 1"

[[column]]
name = "fare"
unique = true

[[column]]
name = "note"
text = "none"
unique = true
decimals = 2
outliers = { share = "1%" }

[[column]]
name = "seat"
catgory = ["window", "aisle"]
missing = 20
"#
    ));
}

#[test]
fn weights_that_hang_on_another_column() {
    insta::assert_snapshot!(spec(
        r#"[[column]]
name = "class"
category = ["first", "second", "third"]

[[column]]
name = "meal"
category = { values = ["meat", "fish"], by = "class", weights = { frist = [1, 1], second = [1] } }

[[column]]
name = "drink"
category = { values = ["tea", "wine"], by = "note", weights = { x = [1, 1] } }

[[column]]
name = "note"
text = "class {class}"
"#
    ));
}

#[test]
fn more_rows_than_there_are_values() {
    insta::assert_snapshot!(spec(
        "[[column]]\nname = \"seat\"\nrange = { from = 1, to = 3 }\nunique = true\n"
    ));
}

#[test]
fn a_formula_that_fails_in_a_row() {
    insta::assert_snapshot!(spec(
        "[[column]]\nname = \"n\"\nsequence = { start = -1 }\n[[column]]\nname = \"x\"\nformula = \"5 / n\"\n"
    ));
}

#[test]
fn a_scenario_that_names_what_the_table_does_not_have() {
    insta::assert_snapshot!(drawing(
        "{ table = \"tables/trips.toml\", rows = 0, id = \"trips\", hide = [\"town\"], where = { city = \"Rome\" } }",
        GOOD
    ));
}

#[test]
fn rows_that_cannot_be_told_apart() {
    let same = drawing("{ table = \"tables/trips.toml\", rows = 5, hide = [\"trip\"] }", GOOD);
    let ids = drawing("{ table = \"tables/trips.toml\", rows = 5, id = \"city\" }", GOOD);
    let empty = drawing(
        "{ table = \"tables/trips.toml\", rows = 40, id = \"trip\" }",
        &GOOD.replace("sequence = {}", "sequence = {}\nmissing = 0.95"),
    );
    insta::assert_snapshot!(format!("{same}\n\n{ids}\n\n{empty}"));
}

#[test]
fn specifications_that_are_none() {
    let absent = drawing("{ table = \"tables/trip.toml\", rows = 5 }", GOOD);
    let other = drawing("{ table = \"tables/cities.csv\", rows = 5 }", GOOD);
    let hidden = drawing("{ table = \"tables/trips.toml\", rows = 5, hide = [\"trip\", \"city\"] }", GOOD);
    let broken = spec("[[column]\nname = \n");
    let empty = spec("about = \"nothing\"\n");
    insta::assert_snapshot!([absent, other, hidden, broken, empty].join("\n\n"));
}

#[test]
fn rows_are_columns_for_templates() {
    let told = drawing("{ table = \"tables/trips.toml\", rows = 5, id = \"trip\" }", GOOD);
    assert_eq!(told, "no mistakes");
    let suite = format!(
        "{HEAD}[[scenario]]\nname = \"n\"\ninputs = {{ table = \"t.toml\", rows = 5, id = \"trip\", hide = [\"city\"] }}\nexpect = {{ contains = \"{{{{ row.city }}}} {{{{ row.town }}}}\" }}\n"
    );
    let told = super::told(&[("suites/demo.toml", &suite), ("suites/t.toml", GOOD)]);
    assert!(told.contains("have no column `town`") && !told.contains("no column `city`"), "{told}");
}
