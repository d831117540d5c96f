//! Inputs, in the file and from data files.

use super::{HEAD, scenarios, told};

#[test]
fn no_inputs() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = []
expect = { label = "travel" }
"#
    ));
}

#[test]
fn an_empty_input() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly", " ", { text = "" }]
expect = { label = "travel" }
"#
    ));
}

#[test]
fn the_same_input_twice() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = [
  "fly me to Rome",
  { text = "fly me to Rome" },
]
expect = { label = "travel" }
"#
    ));
}

#[test]
fn the_same_id_twice() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = [{ text = "a", id = "one" }, { text = "b", id = "one" }]
expect = { label = "travel" }
"#
    ));
}

#[test]
fn a_missing_data_file() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/request.csv" }
expect = { label = "travel" }
"#
    ));
}

#[test]
fn a_file_of_another_kind() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "demo.toml" }
expect = { label = "travel" }
"#
    ));
}

#[test]
fn a_column_that_is_not_there() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/requests.csv", input = "qery", id = "item_id", where = { splt = "test" } }
expect = { label = "travel" }
"#
    ));
}

#[test]
fn no_input_column_named() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/requests.csv" }
expect = { label = "travel" }
"#
    ));
}

#[test]
fn a_where_that_selects_nothing() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/requests.csv", input = "query", where = { split = "tests" } }
expect = { label = "travel" }
"#
    ));
}

#[test]
fn conditions_that_no_row_meets_together() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/requests.csv", input = "query", where = { split = "oos_test", domain = "work" } }
expect = { label = "travel" }
"#
    ));
}

#[test]
fn uneven_rows() {
    insta::assert_snapshot!(told(&[
        (
            "suites/demo.toml",
            &format!(
                "{HEAD}[[scenario]]\nname = \"n\"\ninputs = {{ file = \"d.csv\", input = \"q\" }}\nexpect = {{ label = \"work\" }}\n"
            )
        ),
        ("suites/d.csv", "q,l\none,two\nhello, world, x\n")
    ]));
}

#[test]
fn json_lines_that_are_none() {
    insta::assert_snapshot!(told(&[
        (
            "suites/demo.toml",
            &format!(
                "{HEAD}[[scenario]]\nname = \"n\"\ninputs = {{ file = \"d.jsonl\" }}\nexpect = {{ label = \"work\" }}\n"
            )
        ),
        ("suites/d.jsonl", "{\"input\": \"a\"}\n{\"input\": \"b\",}\n\"c\"\n")
    ]));
}

#[test]
fn rows_without_an_input() {
    insta::assert_snapshot!(told(&[
        (
            "suites/demo.toml",
            &format!(
                "{HEAD}[[scenario]]\nname = \"n\"\ninputs = {{ file = \"d.csv\", input = \"q\", id = \"id\" }}\nexpect = {{ label = \"work\" }}\n"
            )
        ),
        ("suites/d.csv", "id,q\n1,\n,b\n1,c\n1,d\n")
    ]));
}

#[test]
fn cells_that_are_not_separated_by_commas() {
    let suite = format!(
        "{HEAD}[[scenario]]\nname = \"n\"\ninputs = {{ file = \"a.csv\" }}\nexpect = {{ equals = \"b\" }}\n"
    );
    let told = told(&[("suites/demo.toml", &suite), ("suites/a.csv", "id;input\n1;a\n")]);
    assert!(told.contains("no column `input`") && told.contains("separated by commas"), "{told}");
}

#[test]
fn tags_of_inputs_without_expectations_of_their_own() {
    let told = scenarios(
        "[[scenario]]\nname = \"n\"\ninputs = [{ text = \"a\", tags = [\"\", \"b\\tc\"] }]\nexpect = { equals = \"b\" }\n",
    );
    assert!(told.contains("suites/demo.toml:9:33") && told.contains("this tag is empty"), "{told}");
    assert!(told.contains("suites/demo.toml:9:37") && told.contains("control character"), "{told}");
}
