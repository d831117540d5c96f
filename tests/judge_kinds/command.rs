//! What `holdline judge` and `holdline check` say of them.

use crate::model::{Model, run, text, verdict};
use crate::project;
use crate::world::*;
use serde_json::{Value, json};

fn label(id: usize, label: &str) -> String {
    json!({
        "id": format!("l{id}"), "input": "Where is it?", "output": format!("It is red, number {id}."), "label": label,
        "labeller": "Ana", "date": "2026-03-02", "contexts": CONTEXTS,
    })
    .to_string()
        + "\n"
}

#[test]
fn every_request_of_a_judge_is_shown_and_nothing_is_asked() {
    let model = Model::start(in_turn(&[]));
    let mut files = panel("");
    files.extend([("pair", COMPARE.to_owned()), ("faith", CLAIMS.to_owned())]);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, file)| (*name, file.as_str())).collect();
    let project = project_of(model.port, &files);
    project.write("suites/judges/panel.labels.jsonl", &label(1, "good"));
    let mut bare: Value = serde_json::from_str(&label(1, "pass")).unwrap();
    bare["contexts"] = json!([]);
    project.write("suites/judges/faith.labels.jsonl", &bare.to_string());
    let (code, shown) = run(&project, &["judge", "show", "panel"]);
    assert_eq!(code, 0, "{shown}");
    for name in ["a", "b", "c"] {
        assert!(shown.contains(&format!("##### judge `{name}` #####")), "{shown}");
        assert!(shown.contains(&format!("Question {name}?")), "{shown}");
    }
    assert_eq!(shown.matches(r#""output":"It is red, number 1.""#).count(), 3, "{shown}");
    let (code, shown) = run(&project, &["judge", "show", "pair"]);
    assert_eq!(code, 0, "{shown}");
    for part in [
        r#""first":"what it answers","second":"what was accepted as its answer""#,
        r#""first":"what was accepted as its answer","second":"what it answers""#,
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert_eq!(run(&project, &["judge", "show", "pair", "l1"]).0, 2);
    let (code, shown) = run(&project, &["judge", "show", "faith"]);
    assert_eq!(
        (code, shown.as_str()),
        (0, "The judge is not asked: no passages came with the answer (cannot judge).\n")
    );
    assert_eq!(model.sent().len(), 0);
}

#[test]
fn judges_of_every_kind_but_compare_are_held_to_labels() {
    // The judge fails the first answer and passes the others, as people do.
    let is_first = |body: &Value| data(body)["output"] == "It is red, number 1.";
    let model = Model::start(move |_, body| {
        let system = body["messages"][0]["content"].as_str().unwrap();
        let first = is_first(body);
        if system.contains("`claims`") {
            let word = if first { "unsupported" } else { "supported" };
            text(&claims(&[("It is red", if first { "" } else { "is red" }, word)]))
        } else if system.contains("`principles`") {
            let word = if first { "broken" } else { "held" };
            text(&principles(&[("honest", word), ("kind", "held")]))
        } else {
            verdict(if first { "fail" } else { "pass" })
        }
    });
    let mut files = panel("");
    files.extend([
        ("faith", CLAIMS.to_owned()),
        ("rules", PRINCIPLES.to_owned()),
        ("pair", COMPARE.to_owned()),
    ]);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, file)| (*name, file.as_str())).collect();
    let project = project_of(model.port, &files);
    for name in ["panel", "faith", "rules"] {
        let labels = label(1, "fail") + &label(2, "pass") + &label(3, "pass");
        project.write(&format!("suites/judges/{name}.labels.jsonl"), &labels);
        let (code, said) = run(&project, &["judge", "check", name]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("3 of 3 labelled answers graded"), "{said}");
        assert!(said.contains("accuracy      100.0 %"), "{said}");
        assert!(!said.contains("with a quote that is not in"), "{said}");
    }
    for command in ["check", "attack"] {
        let (code, said) = run(&project, &["judge", command, "pair"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("judge `pair` compares an answer with the accepted one"), "{said}");
    }
}

#[test]
fn an_attack_on_claims_leaves_out_what_claims_nothing() {
    let obeys = |_, body: &Value| {
        let output = data(body)["output"].as_str().unwrap().to_owned();
        if !output.contains("number 1") {
            return text(r#"{"claims": []}"#);
        }
        let is_told = output.contains("Verdict: pass");
        text(&claims(&[(
            "It is free",
            if is_told { "is red" } else { "" },
            if is_told { "supported" } else { "unsupported" },
        )]))
    };
    let withstands = |_, body: &Value| {
        let output = data(body)["output"].as_str().unwrap().to_owned();
        if output.contains("number 1") {
            text(&claims(&[("It is free", "", "unsupported")]))
        } else {
            text(r#"{"claims": []}"#)
        }
    };
    let attack = |script: Box<Script>| {
        let model = Model::start(script);
        let project = project_of(model.port, &[("faith", CLAIMS)]);
        project.write("suites/judges/faith.labels.jsonl", &(label(1, "fail") + &label(2, "pass")));
        run(&project, &["judge", "attack", "faith", "--most", "1000"])
    };
    let (code, said) = attack(Box::new(obeys));
    assert_eq!(code, 3, "{said}");
    let (code, said) = attack(Box::new(withstands));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("24 wrong answers are not what the judge decides about, and left out"), "{said}");
    assert!(said.contains("It withstood all"), "{said}");
}

#[test]
fn mistakes_in_the_new_keys_are_told_with_their_place_and_the_mend() {
    let model = Model::start(in_turn(&[]));
    let project = project_of(model.port, &[("a", RUBRIC), ("b", RUBRIC), ("tone", RUBRIC)]);
    project.write("suites/talk.toml", &project::suite(model.port));
    let panel = |rest: &str| format!("kind = \"panel\"\npositive = \"fail\"\n{rest}");
    for (file, wanted) in [
        (CLAIMS.replace("positive = \"fail\"", ""), &["`positive` is missing"][..]),
        (
            format!(
                "{CLAIMS}levels = [\"bad\", \"good\"]\nexamples = {{ file = \"x.jsonl\" }}\nleast = \"0%\"\n"
            ),
            &[
                "a judge of the kind `claims` has no `levels`",
                "j.toml:4:10",
                "take it out; it belongs to `score`",
                "a judge of the kind `claims` has no `examples`",
                "every answer would pass",
                "j.toml:6:9",
            ],
        ),
        (
            format!("{CLAIMS}most_claims = 0\n"),
            &["`most_claims` cannot be 0", "write a number from 1 to 500"],
        ),
        (PRINCIPLES.replace("kind\", text", "honest\", text"), &["the principles need names of their own"]),
        (
            "kind = \"principles\"\npositive = \"fail\"\n".into(),
            &["there are no principles", "[[principles]]"],
        ),
        (PRINCIPLES.replace("It is friendly", " "), &["a principle says nothing"]),
        (format!("{COMPARE}positive = \"fail\"\n"), &["a judge of the kind `compare` has no `positive`"]),
        (format!("{COMPARE}inconsistent = \"fail\"\n"), &["j.toml:2:16"]),
        (format!("{RUBRIC}principles = []\n"), &["a judge of the kind `rubric` has no `principles`"]),
        (
            format!("{RUBRIC}samples = 0\nconfirm = 21\ndecide = \"majority\"\nstrong = \"judge\"\n"),
            &[
                "`samples` cannot be 0",
                "`confirm` cannot be 21",
                "write a number from 1 to 20",
                "`judge` is the model that is asked first",
            ],
        ),
        (format!("{RUBRIC}decide = \"majority\"\n"), &["there is only one verdict", "as in `samples = 3`"]),
        (panel("judges = [\"a\"]\n"), &["a panel needs several judges"]),
        (panel("judges = [\"a\", \"a\"]\n"), &["a panel needs several judges"]),
        (
            panel("judges = [\"a\", \"bb\", \"j\"]\nmodel = \"judge\"\n"),
            &[
                "a judge of the kind `panel` has no `model`",
                "there is no judge `bb`",
                "`j` is a panel itself",
            ],
        ),
        (
            panel("judges = [\"a\", \"tonne\", \"nobody\", \"j\"]\n"),
            &[
                "there is no judge `tonne`",
                "j.toml:3:16",
                "write `tone`",
                "there is no judge `nobody`",
                "`j` is a panel itself",
            ],
        ),
    ] {
        project.write("suites/judges/j.toml", &file);
        let (code, said) = run(&project, &["check"]);
        assert_eq!(code, 2, "{file}\n{said}");
        for part in wanted {
            assert!(said.contains(part), "{part}\n{file}\n{said}");
        }
    }
    for good in [
        CLAIMS.to_owned(),
        format!("{CLAIMS}least = \"90%\"\nmost_claims = 20\nsamples = 3\ndecide = \"any_fail\"\n"),
        PRINCIPLES.to_owned(),
        COMPARE.to_owned(),
        format!("{COMPARE}question = \"Which is clearer?\"\ninconsistent = \"pass\"\nstrong = \"large\"\n"),
        panel("judges = [\"a\", \"b\"]\ndecide = \"unanimous\"\nconfirm = 3\nstrong = \"large\"\n"),
    ] {
        project.write("suites/judges/j.toml", &good);
        let (code, said) = run(&project, &["check"]);
        assert_eq!(code, 0, "{good}\n{said}");
    }
    // Mistakes in a judge of a panel are told with the panel's.
    project.write("suites/judges/b.toml", &RUBRIC.replace("fail_when", "fails_when"));
    let (code, said) = run(&project, &["judge", "show", "j"]);
    assert!(code == 2 && said.contains("suites/judges/b.toml:5:1"), "{said}");
    assert_eq!(model.sent().len(), 0);
}
