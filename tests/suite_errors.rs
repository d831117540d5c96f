//! What people read when a suite file has mistakes in it.

use holdline::suite::{load, load_folder};
use std::fs;
use std::path::Path;

const HEAD: &str = "feature = \"Routes requests\"\nlabels = [\"travel\", \"work\"]\n\n[target]\nhttp = \"http://127.0.0.1:8080/route\"\nreply = { label = \"/a\", retrieved = \"/r\", calls = \"/c\", usage = \"/u\" }\n";

/// Writes files into a fresh folder, loads `suites/demo.toml`, and returns what is told.
fn told(files: &[(&str, &str)]) -> String {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    match load(root.path(), Path::new("suites/demo.toml")) {
        Ok(_) => "no mistakes".to_owned(),
        Err(mistakes) => mistakes.render(100, false),
    }
}

/// What is told of a suite with these scenarios.
fn scenarios(text: &str) -> String {
    told(&[("suites/demo.toml", &format!("{HEAD}{text}")), ("suites/data/requests.csv", REQUESTS)])
}

/// What is told of a suite whose one scenario expects this.
fn expecting(expect: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {expect}\n"
    ))
}

/// What is told of a suite with this target.
fn target(text: &str) -> String {
    told(&[(
        "suites/demo.toml",
        &format!(
            "feature = \"Routes requests\"\n\n{text}\n\n[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ contains = \"Rome\" }}\n"
        ),
    )])
}

/// What is told of a suite with this gate.
fn gate(text: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ label = \"travel\" }}\n\n[gate.metrics]\n{text}\n"
    ))
}

const REQUESTS: &str = "item_id,domain,split,query\n\
    t-0,travel,test,how would you say fly in italian\n\
    t-1,work,test,i want to switch to direct deposit\n\
    t-2,banking,oos_test,\"what is\nmy balance\"\n";

fn not_utf8() -> String {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("suites")).unwrap();
    fs::write(root.path().join("suites/demo.toml"), b"feature = \"Routes\"\nlabels = [\"caf\xe9\"]\n")
        .unwrap();
    load(root.path(), Path::new("suites/demo.toml")).unwrap_err().render(100, false)
}

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
fn an_operator_before_there_are_any() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
expand = ["typing"]
repeats = 3
"#
    ));
}

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
fn no_way_to_reach_the_application() {
    insta::assert_snapshot!(target("[target]\nreply = { output = \"message\" }"));
}

#[test]
fn two_ways_to_reach_the_application() {
    insta::assert_snapshot!(target("[target]\nhttp = \"http://x\"\nchat = \"http://y\""));
}

#[test]
fn keys_that_this_target_would_ignore() {
    insta::assert_snapshot!(target(
        "[target]\nchat = \"http://x\"\nbody = { a = \"{{ input }}\" }\nformat = \"json\""
    ));
}

#[test]
fn a_target_without_a_program_or_an_address() {
    insta::assert_snapshot!(target(
        "[target]\nhttp = \"127.0.0.1/route\"\nraw = \"x\"\nform = { a = \"b\" }\n[target.serve]\ncommand = []\nready = \"http://127.0.0.1:{{ serve.port }}/\""
    ));
}

#[test]
fn serve_beside_a_command() {
    insta::assert_snapshot!(target(
        "[target]\ncommand = [\"app\"]\n[target.serve]\ncommand = [\"app\"]\nready = \"http://x\""
    ));
}

#[test]
fn a_missing_recording() {
    insta::assert_snapshot!(target("[target]\nrecorded = \"answers.jsonl\""));
}

#[test]
fn an_unknown_metric() {
    insta::assert_snapshot!(gate(
        "acuracy = {}\nmacro_f1 = { floor = 80 }\nlatency_p95 = { tolerance = \"5pt\" }\ncost = {}\nbleu = {}"
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
fn syntax_errors() {
    insta::assert_snapshot!(told(&[(
        "suites/demo.toml",
        "feature = Routes\n[target\nhttp = \"x\"\n\n[[scenario]]\nname = \"unclosed\n"
    )]));
}

#[test]
fn a_key_given_twice() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
inputs = ["fly me to Oslo"]

"#
    ));
}

#[test]
fn text_that_is_not_utf8() {
    insta::assert_snapshot!(not_utf8());
}

#[cfg(not(feature = "json-schema"))]
#[test]
fn a_schema_for_answers_that_cannot_be_used() {
    insta::assert_snapshot!(told(&[
        (
            "suites/demo.toml",
            &format!(
                "{HEAD}[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = [{{ json_schema = \"s.json\" }}, {{ json_schema = \"t.json\" }}]\n"
            )
        ),
        ("suites/s.json", "{ \"type\": }")
    ]));
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

#[test]
fn folders_without_suites_and_unknown_names() {
    let root = tempfile::tempdir().unwrap();
    let told = |only: &[&str]| {
        let only: Vec<_> = only.iter().map(|name| (*name).to_owned()).collect();
        load_folder(root.path(), Path::new("suites"), &only).unwrap_err().render(100, false)
    };
    let mut all = told(&[]);
    fs::create_dir(root.path().join("suites")).unwrap();
    all = all + "\n\n" + &told(&[]);
    fs::write(root.path().join("suites/routing.toml"), "feature = 1\n").unwrap();
    fs::write(root.path().join("suites/search.toml"), "feature = 1\n").unwrap();
    insta::assert_snapshot!(all + "\n\n" + &told(&["routng", "billing", "search"]));
}

#[cfg(feature = "json-schema")]
#[test]
fn a_schema_that_is_none_is_told() {
    let told = expecting(r#"[{ json_schema = { type = "text" } }, { json_schema = { type = "object" } }]"#);
    assert_eq!(told.matches("error[bad-json-schema]").count(), 1, "{told}");
    assert!(told.contains("suites/demo.toml:10:27"), "{told}");
}

#[test]
fn a_missing_suite_and_keys_that_come_twice_in_some_form() {
    let missing = told(&[("suites/demos.toml", "")]);
    let twice = scenarios(
        "[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { equals = \"b\" }\nexpects = { equals = \"c\" }\n\n[target]\nhttp = \"http://y\"\n",
    );
    insta::assert_snapshot!(missing + "\n\n" + &twice);
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
fn parts_of_answers_that_no_answer_has() {
    let expect = r#"[{ label = "a" }, { not = { label = "b" }, cites = {}, calls = { name = "f" }, cost = { max = 1.0 } }]"#;
    let suite = |target: &str| {
        told(&[(
            "suites/demo.toml",
            &format!(
                "feature = \"x\"\n[target]\n{target}\n[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = {expect}\n"
            ),
        )])
    };
    let http = suite("http = \"http://x\"\nreply = { output = \"/o\" }");
    let chat = suite("chat = \"http://x\"\nmodel = \"m\"");
    insta::assert_snapshot!(http + "\n\n" + &chat);
    assert!(suite("command = [\"cat\"]\nformat = \"text\"").matches("error[never-supplied]").count() == 4);
    for whole in [
        "http = \"http://x\"\nreply = { label = \"/l\", retrieved = \"/r\", calls = \"/c\", usage = \"/u\" }",
        "chat = \"http://x\"\nreply = { label = \"/l\", retrieved = \"/r\" }",
        "command = [\"cat\"]",
        "in_process = \"app\"",
    ] {
        assert_eq!(suite(whole), "no mistakes", "{whole}");
    }
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
fn tags_of_inputs_without_expectations_of_their_own() {
    let told = scenarios(
        "[[scenario]]\nname = \"n\"\ninputs = [{ text = \"a\", tags = [\"\", \"b\\tc\"] }]\nexpect = { equals = \"b\" }\n",
    );
    assert!(told.contains("suites/demo.toml:9:33") && told.contains("this tag is empty"), "{told}");
    assert!(told.contains("suites/demo.toml:9:37") && told.contains("control character"), "{told}");
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

#[test]
fn targets_that_nothing_could_be_asked_of() {
    let http = target(
        r#"[target]
http = "http://127.0.0.1:99999/ask"
headers = { "X Key" = "a", Accept = "a\nb" }
max_answer = "0B"

[target.serve]
command = ["app"]
port = 0
ready = "http://[::1/health"
ready_timeout = "0s"
env = { PORT = "80" }"#,
    );
    let chat = target(
        "[target]\nchat = \"http://\"\nmodel = \"\"\napi_key = \" \"\ntemperature = -0.5\nmax_tokens = 0\n\n[run]\nconcurrency = 100000\nrequest_timeout = \"0s\"\ncase_timeout = \"0ms\"\nmax_time = \"0h\"",
    );
    insta::assert_snapshot!(http + "\n\n" + &chat);
}
