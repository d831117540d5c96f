//! Keys, types and words that the file cannot have.

use super::{expecting, scenarios, told};

#[test]
fn an_unknown_key_is_told_with_what_was_meant() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expct = { label = "travel" }
"#
    ));
}

#[test]
fn a_key_of_another_table_is_sent_there() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
concurrency = 4
"#
    ));
}

#[test]
fn a_text_where_a_list_belongs() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = "fly me to Rome"
expect = { label = "travel" }
"#
    ));
}

#[test]
fn a_text_where_a_number_belongs() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
max_turns = "3"
"#
    ));
}

#[test]
fn a_number_where_a_text_belongs() {
    insta::assert_snapshot!(expecting(r"{ contains = 3 }"));
}

#[test]
fn a_missing_key() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
expect = { label = "travel" }
"#
    ));
}

#[test]
fn an_unknown_word() {
    insta::assert_snapshot!(told(&[(
        "suites/demo.toml",
        "feature = \"f\"\nkind = \"regresion\"\n[target]\nin_process = \"x\"\n[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { equals = \"b\" }\n[run]\nrequest_timeout = \"30\"\n[gate]\nmin_effect = \"five\"\n"
    )]));
}

#[test]
fn a_scenario_given_twice() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }

[[scenario]]
name = "Books a flight!"
inputs = ["to Paris"]
expect = { label = "travel" }
"#
    ));
}

#[test]
fn repeats_that_cannot_be() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
repeats = 0
[[scenario]]
name = "books a train"
inputs = ["take me to Rome"]
expect = { label = "travel" }
must_pass = "majority"
repeats = 2
[run]
repeats = 101
"#
    ));
}

#[test]
fn repeats_that_do_not_go_together() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
repeats = 7
[[scenario]]
name = "books a train"
inputs = ["take me to Rome"]
expect = { label = "travel" }
repeats = 10
[[scenario]]
name = "books a bus"
inputs = ["drive me to Rome"]
expect = { label = "travel" }
repeats = 4
"#
    ));
}

#[test]
fn an_early_stop_of_what_is_repeated() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
must_pass = "majority"
[run]
stop = "early"
"#
    ));
}

#[test]
fn names_that_cannot_be() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "a::b"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
[[scenario]]
name = "Gate"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
[[scenario]]
name = "?!"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
[[scenario]]
name = "fine"
id = "Not Fine"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
"#
    ));
}

#[test]
fn hostile_text_is_shown_safely() {
    insta::assert_snapshot!(scenarios(
        "[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\n\"\\u001b[31mexpect\" = { label = \"\u{202e}x\" }\n"
    ));
}

#[test]
fn many_mistakes_of_a_file_are_told_at_once() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
input = ["fly me to Rome"]
expect = { lable = "travle", matches = "(" }

[[scenario]]
name = "books a flight"
inputs = []

[[scenario]]
name = "pays"
inputs = ["what is my balance", 7]
expect = { label = "banking", words = { max = "40" } }
must_pas = true

[gate]
min_effect = 1
tolerance = "5 points"
"#
    ));
}
