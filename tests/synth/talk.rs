//! Simulated users: a scripted model plays them, a real application on loopback answers, and what they said is
//! replayed from then on.

use crate::model::{KEY, Model, text};
use crate::project::{App, Project, Ran};
use crate::world::{candidates, described};
use serde_json::{Value, json};

fn suite(port: u16) -> String {
    format!(
        r#"
feature = "Answers customers of a shop for bird feeders"

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/output" }}

[[scenario]]
name = "refunds"
inputs = ["I want my money back for PL-1"]
expect = {{ contains = "refund" }}
"#
    )
}

fn app() -> App {
    App::start(|said| match said {
        said if said.contains("PL-") => json!({ "output": "Your refund is on its way." }),
        _ => json!({ "output": "Which order is it?" }),
    })
}

/// A user who wants a refund, tells the order when asked, and is glad; one who is a hermit gives up at once.
fn says(body: &Value) -> (&'static str, &'static str) {
    let system = body["messages"][0]["content"].as_str().unwrap();
    let data = body["messages"][1]["content"].as_str().unwrap().lines().nth(1).unwrap().to_owned();
    let said = serde_json::from_str::<Value>(&data).unwrap();
    let turns = said["conversation"].as_array().map_or(0, Vec::len);
    match (system.contains("a hermit"), turns) {
        (false, 0) => ("go_on", "hello, I would like to give my feeder back"),
        (false, 1) => ("go_on", "it is PL-7"),
        (true, 0) => ("go_on", "money back, now"),
        (true, _) => ("gave_up", ""),
        (false, _) => ("served", ""),
    }
}

fn user() -> Model {
    Model::start(|_, body| {
        let (state, said) = says(body);
        text(&json!({ "approach": "a", "state": state, "text": said }).to_string())
    })
}

fn project(app: &App, model: &Model) -> Project {
    Project::new(&[
        ("holdline.toml", &described("writer", model.port, "")),
        ("suites/shop.toml", &suite(app.port)),
    ])
}

fn talk(project: &Project, arguments: &[&str]) -> Ran {
    let all = [&["synth", "talk", "shop", "--goal", "the money back for order PL-7"], arguments].concat();
    let ran = Ran::of(project.command(&all).env("WRITER_KEY", KEY).output().unwrap());
    assert!(!(ran.out.clone() + &ran.err).contains(KEY));
    ran
}

#[test]
fn a_user_talks_until_served_and_what_they_said_is_a_case_from_then_on() {
    let (app, model) = (app(), user());
    let project = project(&app, &model);
    let ran = talk(&project, &["--persona", "a retired teacher", "--persona", "a hermit"]).expect(0);
    insta::assert_snapshot!("talk", ran.out);
    let waiting = candidates(&project);
    let of = |at: usize| waiting[at]["variant"].clone();
    assert_eq!(of(0)["input"], "hello, I would like to give my feeder back");
    assert_eq!(of(0)["turns"], json!(["it is PL-7"]));
    assert_eq!(of(0)["knobs"]["ended"], "served");
    assert_eq!(of(0)["made"]["generator"], json!({ "name": "user", "version": 1 }));
    assert_eq!((&of(1)["input"], &of(1)["knobs"]["ended"]), (&json!("money back, now"), &json!("gave_up")));
    assert_eq!((app.asked(), model.sent().len()), (3, 5));

    // The same again takes what the users said from the disk; only the application is asked.
    talk(&project, &["--persona", "a retired teacher", "--persona", "a hermit"])
        .expect(0)
        .says(&["0 of them new"]);
    assert_eq!((app.asked(), model.sent().len()), (6, 5));

    // Reviewed, it is replayed word for word, without any model.
    let mut accepted = of(0);
    accepted["review"] = json!({ "by": "Ada", "date": "2026-11-28", "approved": "evaluation" });
    project.write("suites/shop.variants.jsonl", &format!("{accepted}\n"));
    project.holdline(&["run"]).expect(0);
    assert_eq!(model.sent().len(), 5);
    assert_eq!(app.asked(), 6 + 1 + 2);
}

#[test]
fn a_user_has_so_many_turns_and_no_more() {
    let (app, model) = (app(), user());
    let project = project(&app, &model);
    talk(&project, &["--turns", "1"])
        .expect(0)
        .says(&["wanted more after 1 message", "1 after the last turn"]);
    assert_eq!(app.asked(), 1);
}

#[test]
fn what_goes_wrong_is_told_and_nothing_of_it_is_put_aside() {
    let (app, model) = (app(), user());
    let project = project(&app, &model);
    talk(&project, &["--patience", "lo"]).expect(2).says(&["did you mean `low`?"]);
    talk(&project, &["--scenario", "refund"]).expect(2).says(&["did you mean `refunds`?"]);
    project.holdline(&["synth", "talk", "shop"]).expect(2).says(&["--goal"]);
    let in_ci = project.holdline_in_ci(&["synth", "talk", "shop", "--goal", "x"]).expect(2);
    in_ci.says(&["CI replays what was reviewed"]);
    assert_eq!((app.asked(), model.sent().len()), (0, 0));
    project.write("suites/shop.toml", &suite(1));
    let ran = talk(&project, &[]).expect(3);
    ran.says(&["0 of 1 conversations led", "in turn 1 the application gave no answer: connection refused"]);
    assert!(candidates(&project).is_empty());

    let mute = Model::start(|_, _| text("I am a user."));
    let project = Project::new(&[
        ("holdline.toml", &described("writer", mute.port, "")),
        ("suites/shop.toml", &suite(app.port)),
    ]);
    talk(&project, &[]).expect(3).says(&["in turn 1 the user said nothing: unreadable"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_budget_ends_it_with_4() {
    let (app, model) = (app(), user());
    let project = project(&app, &model);
    talk(&project, &["--count", "3", "--max-tokens", "20"]).expect(4).says(&["No more was asked"]);
}
