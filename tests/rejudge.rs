//! Judging the accepted answers anew: with the judges of today, and without asking the application.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, runs, suite, well};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

const TRANSCRIPTS: &str = "baselines/talk.transcripts.jsonl";
const PENDING: &str = "baselines/talk.snap.new";

/// A suite over the application whose rows have ids of their own, so that a case stays what it is when what is
/// expected of it changes.
fn rows(port: u16, rows: usize, expect: &str) -> [(&'static str, String); 2] {
    let suite = format!(
        "feature = \"Says hello\"\nlabels = [\"hello\", \"bye\", \"other\"]\n\n[target]\n\
         http = \"http://127.0.0.1:{port}/ask\"\nbody = {{ text = \"{{{{ input }}}}\" }}\n\
         reply = {{ output = \"/message\", label = \"/label\" }}\n\n[[scenario]]\nname = \"greets\"\n\
         inputs = {{ file = \"rows.jsonl\", id = \"id\" }}\nexpect = {{ {expect} }}\n"
    );
    let mut data = String::new();
    for n in 0..rows {
        writeln!(data, "{{\"id\": \"r{n}\", \"input\": \"hello number {n}\"}}").unwrap();
    }
    [("suites/talk.toml", suite), ("suites/rows.jsonl", data)]
}

fn write(project: &Project, files: &[(&str, String)]) {
    for (name, text) in files {
        project.write(name, text);
    }
}

/// A project with these files, and its run accepted.
fn accepted(files: &[(&str, String)]) -> Project {
    let project = Project::new(&[]);
    write(&project, files);
    project.accept_everything();
    project
}

/// The lines of a baseline that begin with a word, as their fields.
fn lines(snap: &str, word: &str) -> Vec<Vec<String>> {
    let fields = snap.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    fields.filter(|fields| fields[0] == word).collect()
}

/// Replaces the line of the stored answers that holds a text.
fn edit(project: &Project, holds: &str, edited: impl Fn(&str) -> Option<String>) {
    let text = project.read(TRANSCRIPTS);
    assert_eq!(text.lines().filter(|line| line.contains(holds)).count(), 1, "{holds}");
    let edit = |line: &str| if line.contains(holds) { edited(line) } else { Some(line.to_owned()) };
    let lines: Vec<String> = text.lines().filter_map(edit).collect();
    project.write(TRANSCRIPTS, &(lines.join("\n") + "\n"));
}

/// What is told, without what differs from run to run.
fn settled(ran: &Ran, project: &Project) -> String {
    let mut out = ran.out.clone();
    for (at, run) in runs(project.folder.path()).iter().enumerate() {
        let id = run.file_name().unwrap().to_string_lossy().into_owned();
        out = out.replace(&id, &format!("<run {at}>"));
    }
    out
}

#[test]
fn a_changed_check_is_judged_on_stored_answers_accepted_and_paired_with() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 25, "label = \"hello\", contains = \"Hello\""));
    let timings = project.read("baselines/talk.timings.json");
    // The scenario has become stricter than the application is, which cannot be asked: nobody listens.
    let port = app.port;
    drop(app);
    write(&project, &rows(port, 25, "label = \"hello\", contains = \"Good day\""));
    let ran = project.holdline(&["rejudge", "talk"]).expect(0);
    insta::assert_snapshot!(settled(&ran, &project));
    let before = project.read("baselines/talk.snap");
    project
        .holdline(&["accept", "talk", "--reason", "greetings are formal now"])
        .expect(0)
        .says(&["rejudged run"]);

    let snap = project.read("baselines/talk.snap");
    let (accepted, cases) = (lines(&snap, "accepted"), lines(&snap, "case"));
    let run = &lines(&before, "run")[0][1];
    assert_eq!(accepted.len(), 2);
    assert_eq!(accepted[1][4], "greetings are formal now");
    assert!(accepted[1][5].starts_with(&format!("rejudged run {run}: pass_rate 1.0000 -> 0.0000")), "{snap}");
    assert!(cases.len() == 25 && cases.iter().all(|case| case[2] == "F"), "{snap}");
    assert_eq!(lines(&snap, "fingerprint")[2], ["fingerprint", "target", "http"]);

    // Nothing was timed: the times are those accepted, with the host that they are of.
    let of = |text: &str| {
        let timings: Value = serde_json::from_str(text).unwrap();
        let times = timings["latency_ms"].as_object().unwrap().values();
        let mut times: Vec<f64> = times.map(|ms| ms.as_f64().unwrap()).collect();
        times.sort_by(f64::total_cmp);
        (timings["host"].clone(), times)
    };
    assert_eq!(of(&project.read("baselines/talk.timings.json")), of(&timings));

    // The application is back and answers as before: nothing has got worse, and all cases are paired.
    let app = App::start(well);
    write(&project, &rows(app.port, 25, "label = \"hello\", contains = \"Good day\""));
    let ran = project.holdline(&["run", "--json", "run.json"]).expect(0);
    ran.says(&["talk: unchanged"]);
    let record: Value = serde_json::from_str(&project.read("run.json")).unwrap();
    let suite = &record["suites"][0];
    assert_eq!((&suite["added"], &suite["removed"]), (&json!([]), &json!([])));
    assert_eq!(app.asked(), 25);
}

#[test]
fn cases_whose_identity_changed_with_their_check_are_found_by_their_input() {
    let app = App::start(well);
    let project = accepted(&[("suites/talk.toml", suite(app.port))]);
    let asked = app.asked();
    let changed = suite(app.port).replace("contains = \"Good\"", "contains = \"bye\", excludes = \"Good\"");
    project.write("suites/talk.toml", &changed);
    let ran = project.holdline(&["rejudge", "talk"]).expect(0);
    ran.says(&["25 of 25 stored answers", "12 verdicts flipped: 12 passed before", "pass → fail (12)"]);
    assert_eq!(app.asked(), asked, "nothing is asked");
    project.holdline(&["accept", "--reason", "no Good any more"]).expect(0);
    let ran = project.holdline(&["run", "--json", "run.json"]).expect(0);
    ran.says(&["talk: unchanged"]);
    let record: Value = serde_json::from_str(&project.read("run.json")).unwrap();
    assert_eq!(record["suites"][0]["added"], json!([]));
}

#[test]
fn where_nothing_flips_nothing_is_offered() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 25, "label = \"hello\""));
    let ran = project.holdline(&["rejudge", "talk"]).expect(0);
    ran.says(&["25 of 25 stored answers", "No verdict flipped: nothing is offered"]);
    assert!(!project.path(PENDING).exists());

    // What an earlier change of mind offered is out of date once it is taken back.
    write(&project, &rows(app.port, 25, "label = \"bye\""));
    project.holdline(&["rejudge", "talk"]).expect(0);
    assert!(project.path(PENDING).exists());
    write(&project, &rows(app.port, 25, "label = \"hello\""));
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["nothing is offered"]);
    assert!(!project.path(PENDING).exists());
    assert_eq!(app.asked(), 25);
}

#[test]
fn runs_kept_before_are_dropped_since_todays_judges_have_not_seen_them() {
    let app = App::start(well);
    let project = Project::new(&[]);
    write(&project, &rows(app.port, 25, "contains = \"Hello\""));
    project.holdline(&["run", "--baseline-runs", "5"]).expect(0);
    project.holdline(&["accept", "--reason", "first"]).expect(0);
    assert_eq!(lines(&project.read("baselines/talk.snap"), "runs")[0][1], "5");
    // Nothing flips: the five runs stay.
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["nothing is offered"]);
    assert!(!project.path(PENDING).exists());
    write(&project, &rows(app.port, 25, "excludes = \"Hello\""));
    project.holdline(&["rejudge", "talk"]).expect(0);
    project
        .holdline(&["review"])
        .expect(0)
        .says(&["starts anew with 1 run: the 5 accepted before would be dropped"]);
    project.holdline(&["accept", "--reason", "no Hello"]).expect(0);
    let snap = project.read("baselines/talk.snap");
    assert_eq!(lines(&snap, "runs")[0][1], "1");
    assert!(lines(&snap, "case").iter().all(|case| case[2] == "F"), "{snap}");
}

#[cfg(unix)]
#[test]
fn a_judge_that_is_a_program_and_has_changed_flips_verdicts_of_the_same_cases() {
    let app = App::start(well);
    let judge = |pass: bool| {
        format!("cat > /dev/null\necho '{{\"pass\": {pass}, \"reason\": \"by the new rules\"}}'\n")
    };
    let project = Project::new(&[]);
    project.write("judge.sh", &judge(true));
    write(&project, &rows(app.port, 5, "command = { run = [\"sh\", \"judge.sh\"] }"));
    project.accept_everything();
    let cases = |project: &Project| lines(&project.read("baselines/talk.snap"), "case");
    let before = cases(&project);
    project.write("judge.sh", &judge(false));
    let ran = project.holdline(&["rejudge", "talk"]).expect(0);
    ran.says(&["5 verdicts flipped: 5 passed before", "got fail: by the new rules"]);
    let ran = project.holdline(&["review", "talk"]).expect(0);
    ran.says(&["Broke (5)", "the answer is the same as the one accepted"]);
    project.holdline(&["accept", "--reason", "new rules"]).expect(0);
    let after = cases(&project);
    assert!(before.iter().zip(&after).all(|(old, new)| old[1] == new[1] && old[2] == "P" && new[2] == "F"));
    project.holdline(&["run"]).expect(0).says(&["talk: unchanged"]);
    assert_eq!(app.asked(), 10);
}

/// An application that takes its time to answer in full: passages, ids, tool calls, tokens, and a question back.
fn in_full(input: &str) -> Value {
    let what = if input.starts_with("when") { "ask" } else { "done" };
    json!({
        "message": "It is paid within 5 days [refunds-2].",
        "label": what,
        "passages": ["Refunds are paid within 5 days."],
        "found": [{ "id": "refunds-2", "score": 0.9 }, { "id": "returns-1" }],
        "tools": [{ "name": "look_up", "arguments": { "order": 7 } }],
        "usage": { "prompt_tokens": 10, "completion_tokens": 5 },
        "model": "small-3",
    })
}

const PRICES: &str = "[prices.\"small-3\"]\ninput = 1.0\noutput = 2.0\n";

fn talk_in_full(port: u16, expect: &str) -> [(&'static str, String); 2] {
    let inputs = (1..=12).map(|n| format!("\"when is it paid {n}\"")).collect::<Vec<_>>().join(", ");
    let suite = format!(
        r#"feature = "Says when it is paid"
labels = ["ask", "done"]

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}

[target.reply]
output = "/message"
label = "/label"
contexts = "/passages"
retrieved = "/found"
calls = "/tools"
usage = "/usage"
model = "/model"

[[scenario]]
name = "asks back"
inputs = [{inputs}]
conversation = [{{ when = {{ label = "ask" }}, user = "order 7" }}]
expect = {{ {expect} }}
"#
    );
    [("suites/talk.toml", suite), ("holdline.toml", PRICES.to_owned())]
}

/// What looks at everything that an application may answer. A conversation of two turns costs 2 × (10 + 2 × 5)
/// millionths.
const EVERYTHING: &str = "label = \"done\", cites = {}, calls = { name = \"look_up\", arguments = { order = 7 } }, \
    turns = { min = 2, max = 2 }, cost = { min = 0.00004, max = 0.00004 }, relevant = [\"refunds-2\"]";

#[test]
fn all_that_can_be_checked_is_stored() {
    let app = App::start(in_full);
    let project = accepted(&talk_in_full(app.port, EVERYTHING));
    let metrics = lines(&project.read("baselines/talk.snap"), "metric");
    assert!(metrics.iter().any(|metric| metric[1] == "pass_rate" && metric[2] == "1.000000"), "{metrics:?}");
    let asked = app.asked();
    assert_eq!(asked, 24, "two turns each");
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["No verdict flipped: nothing is offered"]);

    // Judged by what they do not hold, every one of them tells.
    for (changed, reason) in [
        ("cites = { ids = [\"returns-1\"] }", "returns-1"),
        ("calls = { name = \"look_up\", arguments = { order = 8 } }", "look_up"),
        ("turns = { max = 1 }", "at most 1"),
        ("cost = { max = 0.00003 }", "0.00003"),
        ("at = \"every\", label = \"done\"", "expected label `done`, got `ask`"),
    ] {
        write(&project, &talk_in_full(app.port, changed));
        let ran = project.holdline(&["rejudge", "talk"]).expect(0);
        ran.says(&["12 of 12 stored answers", "12 verdicts flipped: 12 passed before", reason]);
    }
    assert_eq!(app.asked(), asked);

    // All that is measured is had again, what was retrieved, used and paid for as well.
    write(&project, &talk_in_full(app.port, &EVERYTHING.replace("max = 0.00004", "max = 1")));
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["No verdict flipped", "Offered for review"]);
    assert_eq!(lines(&project.read(PENDING), "metric"), metrics);
    for name in ["mrr", "cost", "turns_to_success"] {
        assert!(metrics.iter().any(|metric| metric[1].starts_with(name)), "{name} in {metrics:?}");
    }
}

#[test]
fn a_script_that_goes_another_way_has_no_stored_answers() {
    let app = App::start(in_full);
    let project = accepted(&talk_in_full(app.port, "label = \"done\""));
    let [(name, text), _] = talk_in_full(app.port, "label = \"done\", words = { max = 1 }");
    project.write(name, &text.replace("user = \"order 7\"", "user = \"it is order 7\""));
    let ran = project.holdline(&["rejudge", "talk"]).expect(3);
    ran.says(&[
        "left out  12: the stored conversation goes another way",
        "12 of 12 cases cannot be judged anew",
    ]);
    assert!(!project.path(PENDING).exists());
    assert_eq!(app.asked(), 24);
}

#[test]
fn too_many_answers_that_are_gone_or_cut_are_no_ground_for_a_baseline() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 49, "contains = \"Hello\""));
    write(&project, &rows(app.port, 49, "excludes = \"Hello\""));
    edit(&project, "\"input\":\"hello number 7\"", |_| None);
    let ran = project.holdline(&["rejudge", "talk"]).expect(3);
    ran.says(&[
        "48 of 49 stored answers",
        "left out  1: no answer to it is stored",
        "1 of 49 cases cannot be judged",
    ]);
    assert!(!project.path(PENDING).exists());
    assert_eq!(runs(project.folder.path()).len(), 1, "nothing is judged that could not be offered");
}

#[test]
fn a_few_answers_that_were_cut_are_left_out_and_kept_on() {
    let app = App::start(|input| {
        let mut answer = well(input);
        if input == "hello number 7" {
            answer["message"] = ("Hello ".to_owned() + &"x".repeat(20 << 10)).into();
        }
        answer
    });
    let project = accepted(&rows(app.port, 50, "contains = \"Hello\""));
    let holds = "\"input\":\"hello number 7\"";
    let line = |text: &str| text.lines().find(|line| line.contains(holds)).map(str::to_owned).unwrap();
    let before: Value = serde_json::from_str(&line(&project.read(TRANSCRIPTS))).unwrap();
    assert_eq!(before["extent"], "cut");
    write(&project, &rows(app.port, 50, "excludes = \"Hello\""));
    let ran = project.holdline(&["rejudge", "talk"]).expect(0);
    ran.says(&["49 of 50 stored answers", "left out  1: its stored answer was cut", "49 verdicts flipped"]);
    project.holdline(&["accept", "--reason", "no Hello"]).expect(0);
    // It is neither passed nor failed, and what is stored of it stays.
    let snap = project.read("baselines/talk.snap");
    let after: Value = serde_json::from_str(&line(&project.read(TRANSCRIPTS))).unwrap();
    let id = after["id"].as_str().unwrap();
    let cases = lines(&snap, "case");
    assert!(cases.iter().all(|case| case[2] == if case[1] == id { "-" } else { "F" }), "{snap}");
    assert_eq!((&after["output"], &after["extent"]), (&before["output"], &before["extent"]));
}

/// The stored answers as the first format had them.
fn in_the_first_format(project: &Project) {
    let mut old = String::new();
    for line in project.read(TRANSCRIPTS).lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let fields = line.as_object_mut().unwrap();
        if fields.contains_key("format") {
            fields["format"] = 1.into();
        } else {
            fields.retain(|key, _| {
                ["id", "name", "input", "output", "label", "outcome", "reason"].contains(&key.as_str())
            });
        }
        writeln!(old, "{line}").unwrap();
    }
    project.write(TRANSCRIPTS, &old);
}

#[test]
fn a_file_of_the_first_format_is_judged_as_far_as_it_goes() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 25, "contains = \"Hello\""));
    in_the_first_format(&project);
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["25 of 25 stored answers", "No verdict flipped"]);
    write(&project, &rows(app.port, 25, "words = { max = 2 }"));
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["25 verdicts flipped"]);
    write(&project, &rows(app.port, 25, "latency = { max = \"1m\" }"));
    let ran = project.holdline(&["rejudge", "talk"]).expect(3);
    ran.says(&["left out  25: only output and label of its answer are stored, and more is expected of it"]);

    let full = App::start(in_full);
    let project = accepted(&talk_in_full(full.port, "label = \"done\""));
    in_the_first_format(&project);
    let ran = project.holdline(&["rejudge", "talk"]).expect(3);
    ran.says(&["only output and label of its answer are stored"]);
}

#[test]
fn where_there_is_nothing_to_judge_it_says_what_is_missing() {
    let app = App::start(well);
    let project = Project::new(&[]);
    write(&project, &rows(app.port, 25, "contains = \"Hello\""));
    project
        .holdline(&["rejudge", "talk"])
        .expect(3)
        .says(&["talk: nothing was judged anew", "it has no baseline"]);
    project.accept_everything();
    let stored = project.read(TRANSCRIPTS);
    std::fs::remove_file(project.path(TRANSCRIPTS)).unwrap();
    project.holdline(&["rejudge", "talk"]).expect(3).says(&["no answers are stored beside its baseline"]);
    let (_, rest) = stored.split_once('\n').unwrap();
    project.write(TRANSCRIPTS, &format!("{{\"format\":2,\"suite\":\"talk\",\"run\":\"another\"}}\n{rest}"));
    project.holdline(&["rejudge", "talk"]).expect(3).says(&["belongs to another run"]);
    project.holdline(&["rejudge", "tlk"]).expect(2).says(&["did you mean `talk`?"]);
    project.holdline(&["rejudge"]).expect(2).says(&["<SUITE>..."]);
    assert_eq!(app.asked(), 25);
}

#[test]
fn in_ci_it_shows_and_writes_nothing() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 25, "contains = \"Hello\""));
    let names = |folder: &Path| {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut all: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        all.sort();
        all
    };
    let before = names(&project.path("baselines"));
    project.holdline_in_ci(&["rejudge", "talk"]).expect(0).says(&["No verdict flipped"]);
    write(&project, &rows(app.port, 25, "excludes = \"Hello\""));
    let ran = project.holdline_in_ci(&["rejudge", "talk"]).expect(3);
    ran.says(&["25 verdicts flipped", "Nothing is offered: in CI no baseline is written"]);
    assert_eq!(names(&project.path("baselines")), before);
}

#[test]
fn no_key_of_the_application_is_needed_and_no_program_is_started() {
    let app = App::start(well);
    let started = |port: u16, expect: &str| {
        let [(_, suite), data] = rows(port, 25, expect);
        let suite = suite
            .replace("body =", "headers = { authorization = \"Bearer ${env:HOLDLINE_TEST_REJUDGE_KEY}\" }\nbody =")
            .replace("[[scenario]]", "[target.serve]\ncommand = [\"touch\", \"started\"]\nready = \"http://127.0.0.1:1/health\"\n\n[[scenario]]");
        [("suites/live/talk.toml", suite), ("suites/live/rows.jsonl", data.1)]
    };
    let project = Project::new(&[]);
    let [(name, suite), data] = started(app.port, "contains = \"Hello\"");
    // The first run finds the application there.
    let (before, after) = suite.split_once("[target.serve]").unwrap();
    let (_, after) = after.split_once("[[scenario]]").unwrap();
    write(&project, &[(name, format!("{before}[[scenario]]{after}")), data]);
    let with_key = |arguments: &[&str]| {
        Ran::of(project.command(arguments).env("HOLDLINE_TEST_REJUDGE_KEY", "k-123456789").output().unwrap())
    };
    with_key(&["run", "talk"]).expect(0);
    project.holdline(&["accept", "--reason", "first"]).expect(0);
    write(&project, &started(app.port, "excludes = \"Hello\""));
    project.holdline(&["rejudge", "live/talk"]).expect(0).says(&["25 verdicts flipped"]);
    assert!(!project.path("started").exists());
    assert_eq!(app.asked(), 25);
}

#[test]
fn what_an_application_did_not_answer_stays_unanswered() {
    let app = App::start(|input| if input == "hello number 7" { json!({}) } else { well(input) });
    let project = accepted(&rows(app.port, 50, "contains = \"Hello\""));
    write(&project, &rows(app.port, 50, "excludes = \"Hello\""));
    let ran = project.holdline(&["rejudge", "talk"]).expect(0);
    ran.says(&["50 of 50 stored answers", "49 verdicts flipped"]);
    project.holdline(&["accept", "--reason", "no Hello"]).expect(0);
    let errors =
        lines(&project.read("baselines/talk.snap"), "case").into_iter().filter(|case| case[2] == "E");
    assert_eq!(errors.count(), 1);
    assert!(project.read(TRANSCRIPTS).contains("\"error\":{\"kind\":\"missing_pointer\""));

    // Where errors count otherwise, no verdict flips, and yet what is measured is another.
    let [(name, text), _] = rows(app.port, 50, "excludes = \"Hello\"");
    project.write(name, &(text + "\n[gate]\ntarget_errors = \"exclude\"\n"));
    project.holdline(&["rejudge", "talk"]).expect(0).says(&["No verdict flipped", "Offered for review"]);
    assert_eq!(app.asked(), 50);
}

#[test]
fn its_record_gates_nothing_and_is_no_run_to_take_up_or_explain() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 25, "contains = \"Hello\""));
    write(&project, &rows(app.port, 25, "excludes = \"Hello\""));
    project.holdline(&["rejudge", "talk"]).expect(0);
    let folder = runs(project.folder.path()).pop().unwrap();
    let record: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("report.json")).unwrap()).unwrap();
    assert_eq!((&record["decision"], &record["exit_code"]), (&json!("measured"), &json!(0)));
    assert_eq!(record["suites"][0]["rejudged"]["changes"], true);
    assert_eq!(record["suites"][0]["findings"], json!([]));
    // The first run, which asked, is the one that is explained.
    let first = runs(project.folder.path())[0].file_name().unwrap().to_string_lossy().into_owned();
    let explained = project.holdline(&["explain", "talk", "--json"]).expect(0).out;
    assert_eq!(serde_json::from_str::<Value>(&explained).unwrap()["run"], json!(first));

    // As if it had been killed before its end.
    let journal = folder.join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let cut: Vec<&str> = text.lines().collect();
    std::fs::write(&journal, cut[..cut.len() - 1].join("\n") + "\n").unwrap();
    let ran = project.holdline(&["run", "--resume"]).expect(2);
    ran.says(&["judged stored answers anew; `holdline rejudge` does it again"]);
    assert_eq!(app.asked(), 25);
}

#[test]
fn several_suites_are_judged_at_once_and_one_that_cannot_be_spoils_no_other() {
    let app = App::start(well);
    let project = accepted(&rows(app.port, 25, "contains = \"Hello\""));
    project.write("suites/more.toml", &suite(app.port));
    write(&project, &rows(app.port, 25, "excludes = \"Hello\""));
    let ran = project.holdline(&["rejudge", "talk", "more"]).expect(3);
    ran.says(&[
        "more: nothing was judged anew",
        "it has no baseline",
        "talk: 25 of 25",
        "Offered for review: rejudged run",
    ]);
    assert!(project.path(PENDING).exists());
}
