//! How requests are repeated and paced.

use super::{scenarios, target};

/// What is told of a suite whose `[run]` says this.
fn run(text: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ label = \"travel\" }}\n\n[run]\n{text}\n"
    ))
}

#[test]
fn rates_and_retries_that_can_be() {
    for right in ["rate = \"20/s\"", "rate = \"600 / min\"\nretries = 0", "retries = 10\nrate = \"0.5/h\""] {
        assert_eq!(run(right), "no mistakes");
    }
}

#[test]
fn rates_and_retries_that_cannot_be() {
    insta::assert_snapshot!(run("rate = \"20/m\"\nretries = 11"));
}

#[test]
fn a_rate_that_is_a_number() {
    insta::assert_snapshot!(run("rate = 20\nretries = -1"));
}

#[test]
fn a_rate_of_nothing() {
    insta::assert_snapshot!(run("rate = \"0/s\""));
}

#[test]
fn a_rate_where_there_is_no_host() {
    insta::assert_snapshot!(target("[run]\nrate = \"20/s\"\n\n[target]\ncommand = [\"./answer\"]"));
}
