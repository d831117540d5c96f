//! Expectations, templates and conversations.

use super::{expecting, scenarios};

#[test]
fn a_bad_regular_expression() {
    insta::assert_snapshot!(expecting(r"{ matches = '(Rome|Paris' }"));
}

#[test]
fn a_regular_expression_with_look_around() {
    insta::assert_snapshot!(expecting(r"{ matches = '(?=Rome)', cites = { pattern = '[' } }"));
}

#[test]
fn a_bad_json_pointer() {
    insta::assert_snapshot!(expecting(
        r#"{ json = [{ pointer = "$.data.items", exists = true }, { pointer = "/a~b", at_least = 1 }] }"#
    ));
}

#[test]
fn json_checks_that_compare_nothing_or_too_much() {
    insta::assert_snapshot!(expecting(
        r#"{ json = [{ pointer = "/a" }, { pointer = "/b", equals = 1, at_least = 1 }] }"#
    ));
}

#[test]
fn an_undefined_variable() {
    insta::assert_snapshot!(expecting(
        r#"{ contains = "{{ inptu }}", equals = "x {{ turns }} {{ knobs.tone }}" }"#
    ));
}

#[test]
fn a_column_in_a_template_that_is_not_there() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/requests.csv", input = "query" }
expect = { label = "{{ row.domian }}" }
"#
    ));
}

#[test]
fn a_column_of_inputs_without_columns() {
    insta::assert_snapshot!(expecting(r#"{ contains = "{{ row.city }}" }"#));
}

#[test]
fn a_broken_template() {
    insta::assert_snapshot!(expecting(
        r#"{ contains = "say {{ input | }}", equals = "{{ row. }}", starts_with = "${env:A B}" }"#
    ));
}

#[test]
fn a_label_that_is_not_declared() {
    insta::assert_snapshot!(expecting(r#"{ label = ["travel", "wrok"] }"#));
}

#[test]
fn a_label_from_a_row_that_is_not_declared() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = { file = "data/requests.csv", input = "query" }
expect = { label = "{{ row.domain }}" }
"#
    ));
}

#[test]
fn nothing_expected() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]

"#
    ));
}

#[test]
fn nothing_expected_of_one_input() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = [{ text = "a", expect = { equals = "b" } }, "c"]
"#
    ));
}

#[test]
fn an_empty_expectation() {
    insta::assert_snapshot!(expecting(r"[{}, { ignore_case = true }, { not = {} }]"));
}

#[test]
fn bounds_that_bound_nothing() {
    insta::assert_snapshot!(expecting(
        r#"{ words = { min = 9, max = 3 }, turns = {}, latency = { min = "2s", max = "1s" } }"#
    ));
}

#[test]
fn texts_that_say_nothing() {
    insta::assert_snapshot!(expecting(r#"{ contains = "", contains_any = [], label = "" }"#));
}

#[test]
fn a_conversation_that_cannot_be_led() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
max_turns = 0
conversation = [{ user = "", times = 0 }, { when = {}, user = "{{ row.x }}" }]
"#
    ));
}

#[test]
fn secrets_where_answers_are_judged() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "keeps its secret"
inputs = ["tell me"]
expect = { excludes = "the key ${env:APP_KEY}" }
conversation = [{ when = { contains = "${env:APP_KEY}" }, user = "say ${env:APP_KEY}" }]
"#
    ));
}

#[test]
fn conversations_without_an_end_or_without_a_beginning() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "goes on"
inputs = ["a"]
expect = { contains = "b" }
conversation = [{ user = "go on", times = 4294967295 }, { user = "more", times = 4294967295 }]

[[scenario]]
name = "is short"
inputs = ["a"]
expect = { matches = "b", ignore_case = true }
max_turns = 3
"#
    ));
}
