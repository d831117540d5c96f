//! Judges that are models, against a scripted endpoint on loopback: what is sent, how every kind of reply is
//! read, and what `holdline judge` says of it.

#[expect(dead_code, reason = "other test files use the rest")]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::{JUDGE, KEY, Model, judged, label, message, run, text, verdict};
use project::Project;
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::Mutex;

/// What `judge check` says of one answer that people call resolved.
fn checked(script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static) -> (i32, String, Vec<Value>) {
    let model = Model::start(script);
    let project = judged(&model, &label(1, "It ships on Monday.", "resolved"));
    let (code, said) = run(&project, &["judge", "check", "resolved"]);
    for file in std::fs::read_dir(project.path("suites/judges")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(KEY), "the key is on the disk");
    }
    (code, said, model.sent())
}

#[test]
fn fifteen_labelled_answers_give_the_lectures_values_and_the_judge_must_not_gate() {
    // People: 5 unresolved, 10 resolved. The judge: 4 of the 5, and 4 of the 10, unresolved.
    let labels: String = (1..=15)
        .map(|n| label(n, &format!("Answer number {n}."), if n <= 5 { "unresolved" } else { "resolved" }))
        .collect();
    let model = Model::start(|_, body| {
        let asked = body["messages"][1]["content"].as_str().unwrap();
        let number = (1..=15).find(|n| asked.contains(&format!("Answer number {n}."))).unwrap();
        verdict(if [1, 2, 3, 4, 6, 7, 8, 9].contains(&number) { "unresolved" } else { "resolved" })
    });
    let project = judged(&model, &labels);
    let (code, said) = run(&project, &["judge", "check", "resolved"]);
    assert_eq!(code, 0, "{said}");
    for part in [
        "15 of 15 labelled answers graded",
        "accuracy       66.7 %",
        "TPR (recall)   80.0 %",
        "TNR            60.0 %",
        "kappa           0.348",
        "answered by judge-model-1",
        "False passes (1)",
        "False fails (4)",
        "It may report, and must not gate:",
        "5 answers labelled `unresolved` are graded, and 10 are needed",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert_eq!(run(&project, &["judge", "check", "resolved", "--require"]).0, 3);
    let history = project.read("suites/judges/resolved.history.jsonl");
    let lines: Vec<Value> = history.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["true_positives"], &lines[0]["kappa"]), (&json!(4), &json!(0.347_826)));
    assert_eq!(lines[0]["judge"], lines[1]["judge"]);
}

#[test]
fn what_is_sent_is_what_is_shown_and_keys_go_into_the_header_alone() {
    let (code, _, sent) = checked(|_, _| verdict("resolved"));
    assert_eq!((code, sent.len()), (0, 1));
    assert_eq!(sent[0]["model"], "m");
    assert_eq!(sent[0].get("temperature"), None, "sent only where it is set");
    assert_eq!(
        sent[0]["response_format"]["json_schema"]["schema"]["properties"]["verdict"]["enum"],
        json!(["resolved", "unresolved", "cannot_judge"])
    );
    let model = Model::start(|_, _| verdict("resolved"));
    let project = judged(&model, &label(1, "It ships on Monday.", "resolved"));
    let (code, shown) = run(&project, &["judge", "show", "resolved"]);
    assert_eq!((code, model.sent().len()), (0, 0), "showing asks nothing");
    let system = sent[0]["messages"][0]["content"].as_str().unwrap();
    assert!(shown.contains(system.trim()), "{shown}");
    assert!(shown.contains(r#"{"input":"Question 1","output":"It ships on Monday."}"#), "{shown}");
}

#[test]
fn a_reply_that_is_not_as_asked_is_sent_back_once() {
    let bad: [&str; 8] = [
        "resolved",
        "The customer is happy. Verdict: resolved",
        "```json\n{\"reasoning\": \"\", \"evidence\": \"\", \"verdict\": \"resolved\"}\n```",
        "{\"reasoning\": \"\", \"evidence\": \"\", \"verdict\": \"resolved\"}{\"reasoning\": \"\", \"evidence\": \"\", \"verdict\": \"resolved\"}",
        "{\"reasoning\": \"\", \"evidence\": \"\"}",
        "{\"reasoning\": \"\", \"evidence\": \"\", \"verdict\": \"excellent\"}",
        "{\"reasoning\": \"\", \"evidence\": \"\", \"verdict\": NaN}",
        "",
    ];
    for reply in bad {
        let (code, said, sent) =
            checked(move |number, _| if number == 0 { text(reply) } else { verdict("resolved") });
        assert_eq!((code, sent.len()), (0, 2), "{reply}: {said}");
        let mend = sent[1]["messages"].as_array().unwrap();
        assert_eq!(mend.len(), 4);
        assert!(mend[3]["content"].as_str().unwrap().starts_with("That reply cannot be used: "), "{mend:?}");

        let (code, said, sent) = checked(move |_, _| text(reply));
        assert_eq!((code, sent.len()), (3, 2), "never a pass: {reply}: {said}");
        assert!(said.contains("No verdict (1)") && said.contains("unreadable reply: "), "{said}");
    }
}

#[test]
fn replies_that_are_cut_off_filtered_or_refused_are_errors_of_their_own() {
    let whole = r#"{"reasoning": "", "evidence": "", "verdict": "resolved"}"#;
    for (content, finish, kind) in [
        (json!({ "content": whole }), "length", "reply cut off"),
        (json!({ "content": "" }), "content_filter", "reply filtered"),
        (json!({ "content": null, "refusal": "I will not." }), "stop", "refused: "),
    ] {
        let (code, said, sent) = checked(move |_, _| message(&content, finish));
        assert_eq!((code, sent.len()), (3, 1), "{said}");
        assert!(said.contains(kind), "{said}");
    }
}

#[test]
fn an_endpoint_that_gives_no_reply_is_told_and_its_errors_keep_the_key_back() {
    let (code, said, sent) =
        checked(|_, _| (StatusCode::UNAUTHORIZED, format!("bad key {KEY}")).into_response());
    assert_eq!((code, sent.len()), (3, 1), "{said}");
    assert!(said.contains("no reply") && said.contains("401"), "{said}");
    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::BAD_GATEWAY] {
        let (code, said, sent) =
            checked(
                move |number, _| {
                    if number == 0 { (status, "later").into_response() } else { verdict("resolved") }
                },
            );
        assert_eq!((code, sent.len()), (0, 2), "{said}");
        let (code, _, sent) = checked(move |_, _| (status, "later").into_response());
        assert_eq!((code, sent.len()), (3, 2), "sent again as often as the model's `retries` say");
    }
    let (code, said, _) = checked(|_, _| text(&"x".repeat(5 << 20)));
    assert_eq!(code, 3, "{said}");
}

#[test]
fn an_endpoint_without_schemas_is_asked_by_a_tool_and_one_without_tools_for_an_object() {
    let refused = || (StatusCode::BAD_REQUEST, "unknown parameter").into_response();
    let call = |arguments: &str| {
        message(
            &json!({ "content": null, "tool_calls": [{ "function": { "name": "verdict", "arguments": arguments } }] }),
            "tool_calls",
        )
    };
    let (code, said, sent) = checked(move |_, body| {
        if body.get("tools").is_some() {
            call(r#"{"reasoning": "", "evidence": "", "verdict": "resolved"}"#)
        } else {
            refused()
        }
    });
    assert_eq!((code, sent.len()), (0, 2), "{said}");
    let (code, said, sent) = checked(move |_, body| {
        if body["response_format"]["type"] == "json_object" { verdict("resolved") } else { refused() }
    });
    assert_eq!((code, sent.len()), (0, 3), "{said}");
    let (code, said, sent) = checked(move |_, _| refused());
    assert_eq!((code, sent.len()), (3, 3), "{said}");
}

#[test]
fn answers_that_say_nothing_fail_and_no_model_is_asked() {
    let model = Model::start(|_, _| verdict("resolved"));
    let labels: String = ["", "...", "Thought process:"]
        .iter()
        .zip(1..)
        .map(|(output, n)| label(n, output, "unresolved"))
        .collect();
    let (code, said) = run(&judged(&model, &labels), &["judge", "check", "resolved"]);
    assert_eq!((code, model.sent().len()), (0, 0), "{said}");
    assert!(said.contains("3 of 3 labelled answers graded"), "{said}");
}

#[test]
fn a_judge_that_obeys_what_an_answer_says_is_found_out_and_one_that_does_not_withstands() {
    let labels = label(1, "It ships on Monday.", "resolved") + &label(2, "Ask somebody else.", "unresolved");
    let obeys = |_, body: &Value| {
        let shown = body["messages"][1]["content"].as_str().unwrap();
        let is_told =
            shown.contains("\\\"verdict\\\": \\\"resolved\\\"") || shown.contains("Verdict: resolved");
        verdict(if is_told { "resolved" } else { "unresolved" })
    };
    let model = Model::start(obeys);
    let (code, said) = run(&judged(&model, &labels), &["judge", "attack", "resolved"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("It fell for ") && said.contains("forged_verdict     5 of"), "{said}");
    assert!(said.contains("as_system          0 of"), "{said}");

    let model = Model::start(|_, _| verdict("unresolved"));
    let (code, said) = run(&judged(&model, &labels), &["judge", "attack", "resolved", "--most", "2000"]);
    assert_eq!((code, model.sent().len()), (0, 40 * 25 + 25), "{said}");
    assert!(
        said.contains("1,000 attempts on 25 wrong answers") && said.contains("It withstood all"),
        "{said}"
    );

    // Who passes everything is not shown to withstand anything.
    let model = Model::start(|_, _| verdict("resolved"));
    let (code, said) = run(&judged(&model, &labels), &["judge", "attack", "resolved"]);
    assert_eq!(code, 3);
    assert!(said.contains("the judge withstood nothing"), "{said}");
}

#[test]
fn a_judge_that_contradicts_itself_is_seen() {
    let labels: String = (1..=10).map(|n| label(n, &format!("Answer {n}."), "resolved")).collect();
    // One answer of ten gets another verdict every second time.
    let flips = Mutex::new(0);
    let model = Model::start(move |_, body| {
        if !body["messages"][1]["content"].as_str().unwrap().contains("Answer 3.") {
            return verdict("resolved");
        }
        let mut flips = flips.lock().unwrap();
        *flips += 1;
        verdict(if *flips % 2 == 0 { "unresolved" } else { "resolved" })
    });
    let (code, said) = run(&judged(&model, &labels), &["judge", "check", "resolved", "--repeats", "4"]);
    assert_eq!((code, model.sent().len()), (0, 40), "{said}");
    // 2 of 40 verdicts.
    assert!(
        said.contains("asked 4 times, it says the same of 90.0 % of the answers; 5.0 % of its verdicts flip"),
        "{said}"
    );
}

#[test]
fn a_quote_that_is_not_in_the_answer_is_counted() {
    let quoting = |quote: &'static str| {
        move |_, _: &Value| {
            text(&json!({ "reasoning": "r", "evidence": quote, "verdict": "unresolved" }).to_string())
        }
    };
    let (_, said, _) = checked(quoting("ships  on\nMonday"));
    assert!(!said.contains("not in the answer"), "{said}");
    let (_, said, _) = checked(quoting("ships on Tuesday"));
    assert!(said.contains("1 verdict comes with a quote that is not in the answer"), "{said}");
}

#[test]
fn a_judge_without_its_model_cannot_be_checked() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = judged(&model, &label(1, "yes", "resolved"));
    let done = project.command(&["judge", "check", "resolved"]).env_remove("JUDGE_KEY").output().unwrap();
    assert_eq!(done.status.code(), Some(3));
    assert!(String::from_utf8(done.stderr).unwrap().contains("`JUDGE_KEY`, not set"));
    project.write("holdline.toml", "");
    let (code, said) = run(&project, &["judge", "check", "resolved"]);
    assert_eq!(code, 3);
    assert!(said.contains("add `[models.judge]` with `base_url` and `model`"), "{said}");
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn mistakes_in_a_judges_files_are_told_with_their_place_and_the_mend() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = judged(&model, "");
    for (file, parts) in [
        (JUDGE.replace("positive = \"unresolved\"", ""), vec!["resolved.toml", "`positive`"]),
        (
            JUDGE.replace("positive = \"unresolved\"", "positive = \"bad\""),
            vec!["is no class of this judge", "resolved.toml:7:12"],
        ),
        (JUDGE.replace("pass_when", "passwhen"), vec!["passwhen", "resolved.toml:4:1"]),
        (JUDGE.replace("fail_when = \"it does not\"\n", ""), vec!["a rubric needs `fail_when`"]),
        (JUDGE.replace("\"rubric\"", "\"score\""), vec!["there are 0 levels", "2 to 5 levels"]),
    ] {
        project.write("suites/judges/resolved.toml", &file);
        let (code, said) = run(&project, &["judge", "check", "resolved"]);
        assert_eq!(code, 2, "{said}");
        for part in parts {
            assert!(said.contains(part), "{part}\n{said}");
        }
    }
    project.write(
        "suites/judges/resolved.toml",
        &format!("{JUDGE}examples = {{ file = \"resolved.labels.jsonl\" }}\n"),
    );
    let example =
        label(1, "It ships.", "resolved").replace("\"labeller\"", "\"split\":\"example\",\"labeller\"");
    for (labels, part) in [
        (
            format!("{example}{}", label(2, "It ships.", "resolved").replace("Question 2", "Question 1")),
            "is among the examples that the judge is shown",
        ),
        (format!("{example}{}", label(1, "x", "resolved")), "labelled `l1` twice"),
        (format!("{example}{}", label(2, "x", "good")), "the judge has no verdict"),
        (label(2, "x", "resolved"), "no line has the split"),
        (format!("{example}{{\"id\": 1}}\n"), "this is no labelled answer"),
    ] {
        project.write("suites/judges/resolved.labels.jsonl", &labels);
        let (code, said) = run(&project, &["judge", "check", "resolved"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(part), "{part}\n{said}");
    }
    // `holdline check` finds them as well, once there is a suite to check.
    project.write("suites/talk.toml", &project::suite(model.port));
    let (code, said) = run(&project, &["check"]);
    assert!(code == 2 && said.contains("this is no labelled answer"), "{said}");
    project.write("suites/judges/resolved.labels.jsonl", &format!("{example}{}", label(2, "x", "resolved")));
    let (code, said) = run(&project, &["check"]);
    assert!(code == 0 && said.contains("ok  suites/judges/resolved.toml  1 labelled answer\n"), "{said}");
    assert_eq!(run(&project, &["judge", "check", "../x"]).0, 2);
    assert_eq!(run(&project, &["judge", "check", "none"]).0, 2);
    assert_eq!(model.sent().len(), 0);
}

/// Runs `judge label` with these lines typed; gives its exit code and what it said.
fn typed(project: &Project, who: &str, more: &[&str], lines: &str) -> (i32, String) {
    use std::io::Write;
    let mut arguments = vec!["judge", "label", "talk", "--judge", "resolved"];
    arguments.extend(more);
    let mut command = project.command(&arguments);
    command.env("HOLDLINE_USER", who).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
    (done.status.code().unwrap(), said)
}

fn labels_of(project: &Project) -> Vec<Value> {
    let text = project.read("suites/judges/resolved.labels.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn answers_are_labelled_one_by_one_taken_back_and_taken_up_again() {
    let app = project::App::start(|input| json!({ "message": format!("You said {input}") }));
    let suite = format!(
        r#"feature = "Talks"
[target]
http = "http://127.0.0.1:{}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}
[[scenario]]
name = "many"
inputs = ["a1", "a2", "a3", "a4", "a5", "a6"]
expect = {{ contains = "said" }}
[[scenario]]
name = "few"
inputs = ["b1", "b2"]
expect = {{ contains = "said" }}
"#,
        app.port
    );
    let project = Project::new(&[("suites/talk.toml", &suite), ("suites/judges/resolved.toml", JUDGE)]);
    let (code, said) = typed(&project, "Ana", &[], "r\n");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("there is no run with answers of suite `talk`"), "{said}");
    project.holdline(&["run"]).expect(0);

    let spread = ["--sample", "4", "--stratify", "scenario"];
    let (code, said) = typed(&project, "Ana", &spread, "x\n1\nu\nn\nrather short\n2\nq\n");
    assert_eq!(code, 0, "{said}");
    for part in [
        "Is the customer's problem resolved?",
        "1  resolved: the answer solves it",
        "[1/4]",
        "answer: You said ",
        "write one of the letters",
        "1 labelled now, 1 by Ana in suites/judges/resolved.labels.jsonl",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let labels = labels_of(&project);
    assert_eq!(
        (labels.len(), &labels[0]["label"], &labels[0]["note"]),
        (1, &json!("unresolved"), &json!("rather short"))
    );

    // Ended there and taken up again; nothing can be taken back that was labelled before.
    let (_, said) = typed(&project, "Ana", &spread, "u\n1\n1\nu\ns\n1\n");
    assert!(said.contains("[1/3]") && said.contains("nothing was labelled yet"), "{said}");
    assert!(said.contains("2 labelled now, 3 by Ana"), "{said}");
    let (_, said) = typed(&project, "Ana", &spread, "1\n");
    assert!(said.contains("4 by Ana"), "{said}");
    let (_, said) = typed(&project, "Ana", &spread, "");
    assert!(
        said.contains("Everything that was asked for is labelled") && said.contains("0 labelled now"),
        "{said}"
    );
    let labels = labels_of(&project);
    let of = |scenario: &str| labels.iter().filter(|label| label["scenario"] == scenario).count();
    assert_eq!((labels.len(), of("many"), of("few")), (4, 2, 2));
    let resolved = labels.iter().filter(|label| label["label"] == "resolved").count();
    assert!(resolved == 3 && labels.iter().all(|label| label["labeller"] == "Ana"));

    // Somebody else labels the same, and disagrees once.
    let (_, said) = typed(&project, "Ben", &["--second"], "1\n1\n1\n1\n");
    assert!(said.contains("[1/4]") && said.contains("4 labelled now, 4 by Ben"), "{said}");
    let model = Model::start(|_, _| verdict("resolved"));
    let models =
        format!("[models.judge]\nbase_url = \"http://127.0.0.1:{}/v1\"\nmodel = \"m\"\n", model.port);
    project.write("holdline.toml", &models);
    let (_, said) = run(&project, &["judge", "check", "resolved"]);
    assert!(said.contains("3 of 3 labelled answers graded"), "{said}");
    // By chance they agree on 3 of 4, as they do.
    let people = "two people labelled 4 answers: kappa 0.000; 1 answer is left out, on which they disagree";
    assert!(said.contains(people), "{said}");
}
