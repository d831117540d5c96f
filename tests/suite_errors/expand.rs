//! Variants that cannot be made as they are asked for.

use super::{REQUESTS, gate, scenarios, told};

/// What is told of a scenario with this `expand`, and lines after it.
fn expanding(expand: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ label = \"travel\" }}\nexpand = {expand}\n"
    ))
}

#[test]
fn an_unknown_operator_or_family() {
    insta::assert_snapshot!(expanding(
        "[\"typng\", \"negatoin\", { op = \"droped_letter\" }, { family = \"unicod\" }, { op = \"xyz\" }, { family = \"typing\", except = [\"homophne\", \"case\"] }]"
    ));
}

#[test]
fn an_operator_where_a_family_belongs_and_a_family_where_an_operator_does() {
    insta::assert_snapshot!(expanding("[{ op = \"typing\" }, { family = \"negation\", label = \"work\" }]"));
}

#[test]
fn an_unknown_option() {
    insta::assert_snapshot!(expanding(
        "[{ op = \"neighbouring_key\", layuot = \"qwertz\" }, { family = \"typing\", letters = 3 }, { op = \"emoji\", per_sed = 3 }, { op = \"homophone\", except = [\"case\"] }]"
    ));
}

#[test]
fn an_option_of_the_wrong_type() {
    insta::assert_snapshot!(expanding(
        "[{ op = \"neighbouring_key\", layout = \"dvorak\", slips = 9 }, { op = \"case\", forms = [] }, { op = \"joined_issues\", with = \"call me\", label = \"work\" }, { op = \"quantity_over_limit\", limit = \"ten\", label = \"work\" }]"
    ));
}

#[test]
fn an_option_that_is_missing() {
    insta::assert_snapshot!(expanding(
        "[{ op = \"quantity_over_limit\", label = \"work\" }, \"correct_answer\"]"
    ));
}

#[test]
fn variants_of_which_nothing_is_expected() {
    insta::assert_snapshot!(expanding(
        "[\"negation\", { op = \"empty\" }, \"meaning\", { chain = [\"typing\", \"negation\"] }]"
    ));
}

#[test]
fn a_statement_of_variants_that_keep_what_their_seed_expects() {
    insta::assert_snapshot!(expanding(
        "[{ op = \"homophone\", label = \"work\" }, { family = \"typing\", label = \"work\" }, { op = \"negation\", label = \"work\", expect = \"seed\" }]"
    ));
}

#[test]
fn a_statement_that_makes_no_sense() {
    insta::assert_snapshot!(expanding(
        "[{ op = \"negation\", label = \"wrok\" }, { op = \"negation\", expect = { contians = \"not\" } }, { op = \"negation\", expect = { contains = \"{{ row.who }}\" } }, { op = \"negation\", expect = \"sead\" }]"
    ));
}

#[test]
fn an_entry_of_two_minds() {
    insta::assert_snapshot!(expanding(
        "[{ op = \"case\", family = \"typing\" }, { family = \"typing\", chain = [\"typing\", \"surface\"] }, { per_seed = 3 }, 7]"
    ));
}

#[test]
fn a_chain_that_is_none() {
    insta::assert_snapshot!(expanding(
        "[{ chain = [\"typing\"] }, { chain = [\"typing\", \"surfase\"] }, { chain = [\"typing\", \"surface\"], slips = 2 }, { chain = [\"typing\", { op = \"case\", slips = 2 }] }]"
    ));
}

#[test]
fn numbers_of_variants_that_cannot_be() {
    insta::assert_snapshot!(expanding(
        "[{ family = \"typing\", per_seed = 0 }, { family = \"surface\", per_seed = 10001 }]\nper_seed = 0\ntotal = 0"
    ));
    insta::assert_snapshot!(
        "numbers_of_variants_of_a_suite_that_cannot_be",
        told(&[(
            "suites/demo.toml",
            "feature = \"f\"\n[target]\nin_process = \"x\"\n[expand]\nper_seed = 0\ntotal = 0\nmax_edit = \"120%\"\ncanary = \"a\"\nprotect = ['(', 'ORD-\\d+']\n[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { contains = \"b\" }\nexpand = [\"typing\"]\n"
        )])
    );
}

#[test]
fn a_protected_pattern_that_is_none() {
    insta::assert_snapshot!(expanding("[\"typing\"]\nprotect = ['ORD-(\\d+', '(?<=a)b']"));
}

#[test]
fn keys_of_variants_where_none_are_made() {
    insta::assert_snapshot!(told(&[
        (
            "suites/demo.toml",
            &format!(
                "{}[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ label = \"travel\" }}\nper_seed = 3\nprotect = ['Rome']\n",
                super::HEAD
            )
        ),
        ("suites/data/requests.csv", REQUESTS),
    ]));
}

#[test]
fn a_metric_over_a_family_of_operators_that_is_not_there() {
    insta::assert_snapshot!(expanding(
        "[\"typing\", { chain = [\"typing\", \"surface\"] }]\n[gate.metrics]\n\"invariance_rate~typng\" = {}\n\"invariance_rate~unicode\" = {}\n\"invariance_rate~typing+surface\" = {}\n\"macro_f1~typing\" = {}"
    ));
    insta::assert_snapshot!(
        "a_metric_over_a_family_of_operators_without_any",
        gate("\"invariance_rate~typing\" = {}\nleak_rate = { ceiling = 0.1 }")
    );
}
