//! What the build is held to.

use super::{gate, scenarios, told};

#[test]
fn an_unknown_metric() {
    insta::assert_snapshot!(gate(
        "acuracy = {}\nmacro_f1 = { floor = 80 }\nlatency_p95 = { tolerance = \"5pt\" }\ncost = {}\nperplexity = {}"
    ));
}

#[test]
fn a_metric_that_cannot_gate_as_it_says() {
    insta::assert_snapshot!(gate(
        "mcc = { min_effect = \"1pt\", floor = 0.5 }\ncost_mean = {}\ninput_tokens = { floor = 1000 }"
    ));
}

#[test]
fn a_metric_over_a_part_that_it_is_not_taken_over() {
    insta::assert_snapshot!(gate(
        "recall = {}\n\"pass_rate[travel]\" = {}\n\"accuracy#core\" = {}\n\"macro_pass_rate@books-a-flight\" = { floor = 0.5 }\n\"recall[travel]@books-a-flight\" = {}"
    ));
}

#[test]
fn a_metric_over_a_part_that_is_not_there() {
    insta::assert_snapshot!(gate(
        "\"recall[travle]\" = {}\n\"pass_rate#core\" = {}\n\"error_rate@\" = {}\n\"accuracy@books\" = {}"
    ));
    insta::assert_snapshot!(
        "a_metric_over_a_tag_that_is_not_there",
        scenarios(
            "[[scenario]]\nname = \"books a flight\"\ntags = [\"typing\"]\ninputs = [{ text = \"a\", tags = [\"core\"] }]\nexpect = { label = \"travel\" }\n\n[gate.metrics]\n\"pass_rate#typng\" = {}\n\"pass_rate#long\" = {}\n\"pass_rate#core\" = {}\n"
        )
    );
}

#[test]
fn a_metric_that_no_run_could_give_a_value() {
    insta::assert_snapshot!(gate(
        "turns_to_success = { floor = 3 }\nmacro_pass_rate = { floor = 0.5 }\n\"macro_f1@books-a-flight\" = {}\n\"accuracy@books-a-flight\" = {}"
    ));
}

#[test]
fn a_metric_over_numbers_that_cannot_be() {
    insta::assert_snapshot!(scenarios(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"a\"]\nexpect = { label = \"travel\" }\n\n\
         [[scenario]]\nname = \"tells a price\"\ninputs = [\"b\"]\nexpect = { number = { value = 3 } }\n\n\
         [[scenario]]\nname = \"tells two\"\ninputs = [\"c\"]\n\
         expect = [{ number = { value = 3 } }, { number = { value = 4, pointer = \"/b\" } }]\n\n\
         [gate.metrics]\nmae = { floor = -1.0 }\nr2 = { floor = 1.5, tolerance = \"100%\" }\n\
         \"rmse@tells-a-price\" = {}\n\"rmse@books-a-flight\" = {}\n\"mae@tells-two\" = {}\n\"mae#core\" = {}\n"
    ));
}

#[test]
fn what_must_pass_in_a_suite_that_never_blocks() {
    insta::assert_snapshot!(told(&[(
        "suites/demo.toml",
        "feature = \"f\"\nkind = \"capability\"\n[target]\nin_process = \"x\"\n[[scenario]]\nname = \"n\"\nmust_pass = true\ninputs = [\"a\"]\nexpect = { equals = \"b\" }\n"
    )]));
}

#[test]
fn metrics_of_scenarios() {
    insta::assert_snapshot!(gate("\"pass_rate@books-a-fligt\" = {}\n\"macro_f1@books-a-flight\" = {}"));
}

#[test]
fn a_metric_over_labels_that_are_not_declared() {
    insta::assert_snapshot!(told(&[(
        "suites/demo.toml",
        "feature = \"f\"\n[target]\nin_process = \"x\"\n[gate.metrics]\nmacro_f1 = { floor = inf }\n[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { label = \"b\" }\n"
    )]));
}

#[test]
fn a_metric_over_repeats_of_a_suite_without_any() {
    insta::assert_snapshot!(told(&[(
        "suites/demo.toml",
        "feature = \"f\"\n[target]\nin_process = \"x\"\n[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { equals = \"b\" }\n[[scenario]]\nname = \"m\"\ninputs = [\"a\"]\nexpect = { equals = \"b\" }\nrepeats = 3\n[gate.metrics]\npass_hat_k = { floor = 0.9 }\n\"pass_hat_k@n\" = { floor = 0.9 }\n"
    )]));
}

#[test]
fn a_metric_over_references_that_no_case_has() {
    insta::assert_snapshot!(gate("exact_match = {}\nrecall_at_5 = { floor = 80 }\n\"mrr#core\" = {}"));
}
