//! The command over every kind of target, asked for real: what is told, what it exits with, what stays
//! behind.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, runs, suite, well};
use serde_json::{Value, json};

/// A suite of one scenario over a target.
fn over(target: &str, inputs: &str, expect: &str) -> String {
    format!(
        "feature = \"x\"\n[target]\n{target}\n[[scenario]]\nname = \"answers\"\ninputs = {inputs}\nexpect = {expect}\n"
    )
}

#[test]
fn the_root_is_found_from_a_folder_below_it_and_by_a_relative_name() {
    let app = App::start(well);
    let project = Project::new(&[("inner/suites/talk.toml", &suite(app.port)), ("inner/deep/er/x", "")]);
    let below = project.path("inner/deep/er");
    let check = |mut command: std::process::Command| Ran::of(command.output().unwrap()).expect(0);
    let mut upwards = project.command(&["check"]);
    upwards.current_dir(&below);
    check(upwards).says(&["ok  suites/talk.toml  3 scenarios, 25 cases"]);
    let mut run = project.command(&["--root", "../..", "run"]);
    run.current_dir(&below);
    check(run).says(&["Graded 25 of 25"]);
    assert!(project.path("inner/baselines/talk.snap.new").exists());
    project.holdline(&["--root", "inner", "list"]).expect(0).says(&["25 of 25 cases"]);
}

#[test]
fn mistakes_end_with_a_line_end() {
    let project = Project::new(&[("suites/a.toml", "feature = 1\n")]);
    let told = project.holdline(&["check"]).expect(2).err;
    assert!(told.ends_with('\n') && !told.ends_with("\n\n"), "{told:?}");
}

#[test]
fn rows_that_an_expectation_cannot_be_made_of_are_told_together_and_before_anything_is_asked() {
    let app = App::start(well);
    let target = format!("http = \"http://127.0.0.1:{}/ask\"", app.port);
    let inputs = r#"[{ text = "a", n = "abc", p = "(" }, { text = "b", n = "2", p = "x" }, { text = "c", n = "3", p = "[" }]"#;
    let project = Project::new(&[(
        "suites/rows.toml",
        &over(&target, inputs, r#"{ number = { value = "{{ row.n }}" }, matches = "{{ row.p }}" }"#),
    )]);
    for command in ["check", "run"] {
        let ran = project.holdline(&[command]).expect(2);
        assert_eq!(ran.err.matches("error[bad-case]").count(), 2, "{}", ran.err);
        ran.says(&[
            "`(` is not a regular expression",
            "`[` is not a regular expression",
            "suites/rows.toml:6",
        ]);
    }
    project.write(
        "suites/data.jsonl",
        "{\"input\": \"a\", \"n\": 1}\n{\"input\": \"b\", \"n\": \"two\"}\n{\"input\": \"c\", \"n\": 3}\n",
    );
    let rows = over(&target, "{ file = \"data.jsonl\" }", r#"{ contains = "{{ row.n }}" }"#);
    project.write("suites/rows.toml", &rows);
    let ran = project.holdline(&["check"]).expect(2);
    assert_eq!(ran.err.matches("error[bad-case]").count(), 2, "{}", ran.err);
    ran.says(&[
        "`contains` is filled in with `1`",
        "`contains` is filled in with `3`",
        "suites/data.jsonl:1:1",
        "suites/data.jsonl:3:1",
        "| string",
    ]);
    project.write("suites/rows.toml", &rows.replace("row.n", "row.n | string"));
    project.holdline(&["check"]).expect(0);
    assert_eq!(app.asked(), 0);
    assert!(runs(project.folder.path()).is_empty(), "a run that cannot be begun leaves no folder");
}

#[test]
fn faulty_recordings_are_told_with_all_their_lines() {
    let project = Project::new(&[
        ("suites/old.toml", &over("recorded = \"answers.jsonl\"", "[\"hi\"]", "{ contains = \"there\" }")),
        ("suites/answers.jsonl", "nonsense\n{\"input\":\"hi\",\"output\":\"hi there\"}\n[1]\n"),
    ]);
    for command in ["check", "run"] {
        let told = project.holdline(&[command]).expect(2);
        told.says(&["suites/answers.jsonl:1:1", "not JSON", "suites/answers.jsonl:3:1", "not an object"]);
    }
    project.write("suites/answers.jsonl", "");
    project.holdline(&["check"]).expect(2).says(&["there is no answer in this file"]);
    project.write("suites/answers.jsonl", "{\"input\":\"hi\",\"output\":\"hi there\"}\n");
    project.holdline(&["check"]).expect(0);
    project.holdline(&["run"]).expect(0).says(&["Graded 1 of 1"]);
}

#[test]
fn a_secret_that_is_not_set_is_named_and_nothing_is_asked() {
    let app = App::start(well);
    let target = format!(
        "http = \"http://127.0.0.1:{}/ask\"\nheaders = {{ a = \"${{env:HOLDLINE_TEST_A}}\", b = \"${{env:HOLDLINE_TEST_B}}\" }}",
        app.port
    );
    let project =
        Project::new(&[("suites/keys.toml", &over(&target, "[\"hi\"]", "{ contains = \"there\" }"))]);
    let mut command = project.command(&["run"]);
    command.env("HOLDLINE_TEST_A", "sesame-open");
    Ran::of(command.output().unwrap())
        .expect(3)
        .says(&["`HOLDLINE_TEST_B`, which is not set"])
        .keeps_quiet(&["HOLDLINE_TEST_A"]);
    project.holdline(&["run"]).expect(3).says(&["`HOLDLINE_TEST_A`, `HOLDLINE_TEST_B`, which are not"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_secret_that_the_user_says_reaches_the_application_and_no_file() {
    const SECRET: &str = "sesame-open-wide";
    let app = App::start(|input| {
        let known = if input.contains(SECRET) { "welcome" } else { "who is there?" };
        json!({ "message": format!("{known} ({input})") })
    });
    let target = format!(
        "http = \"http://127.0.0.1:{}/ask\"\nbody = {{ text = \"{{{{ input }}}}\" }}\nreply = {{ output = \"/message\" }}",
        app.port
    );
    let text = over(&target, "[\"hello\"]", "{ contains = \"welcome\" }")
        + "conversation = [{ user = \"it is ${env:HOLDLINE_TEST_WORD}\" }]\n";
    let project = Project::new(&[("suites/door.toml", &text)]);
    let mut command = project.command(&["run", "--json", "out.json", "--junit", "out.xml"]);
    command.env("HOLDLINE_TEST_WORD", SECRET);
    Ran::of(command.output().unwrap()).expect(0).keeps_quiet(&[SECRET]);
    let record: Value = serde_json::from_str(&project.read("out.json")).unwrap();
    let graded = &record["suites"][0]["cases"][0]["graded"];
    assert_eq!(graded["outcome"], json!("pass"), "the application was told the word itself");
    assert_eq!(graded["transcript"]["turns"][1]["user"], json!("it is [redacted:HOLDLINE_TEST_WORD]"));
    let mut folders = vec![project.folder.path().to_owned()];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                read += 1;
                let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
                assert!(!text.contains(SECRET), "{}", entry.path().display());
            }
        }
    }
    assert!(read > 4, "the run has files to look into");
}

#[cfg(unix)]
mod signals {
    use super::*;
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    fn wait_for(what: &str, until: impl Fn() -> bool) {
        let begun = Instant::now();
        while !until() {
            assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_alive(pid: &str) -> bool {
        // Signal 0 asks whether there is such a process, and does nothing to it.
        let mut kill = std::process::Command::new("kill");
        kill.args(["-0", pid]).stderr(Stdio::null()).status().unwrap().success()
    }

    #[test]
    fn a_second_signal_ends_an_application_that_will_not_end() {
        let app = App::slow(Duration::from_secs(40), well);
        let serve = format!(
            "[target.serve]\ncommand = [\"sh\", \"-c\", \"trap '' TERM; echo $$ > pid; while true; do sleep 1; done\"]\nready = \"http://0.0.0.0:{}/health\"",
            app.port
        );
        // The application that answers is another one, which keeps the one that is served busy.
        let target =
            format!("http = \"http://127.0.0.1:{}/ask\"\nbody = {{ text = \"x\" }}\n{serve}", app.port);
        let project =
            Project::new(&[("suites/stuck.toml", &over(&target, "[\"hi\"]", "{ contains = \"there\" }"))]);
        let mut command = project.command(&["run"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for("the case is asked", || app.asked() == 1);
        let pid = project.read("pid").trim().to_owned();
        assert!(is_alive(&pid));
        let interrupt = || {
            let mut kill = std::process::Command::new("kill");
            assert!(kill.args(["-INT", &child.id().to_string()]).status().unwrap().success());
        };
        let begun = Instant::now();
        interrupt();
        std::thread::sleep(Duration::from_millis(500));
        assert!(is_alive(&pid), "it is asked to end first");
        interrupt();
        Ran::of(child.wait_with_output().unwrap()).expect(3).says(&["stopped at once", "--resume"]);
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        wait_for("the application is gone", || !is_alive(&pid));
    }
}

#[test]
fn the_most_a_conversation_may_cost_counts_all_its_turns() {
    let text = over(
        "chat = \"http://127.0.0.1:9/v1\"\nmodel = \"small\"\nmax_tokens = 100",
        "[\"one\", \"two\"]",
        "{ contains = \"c\" }",
    ) + "conversation = [{ user = \"go on\", times = 2 }]\n";
    let project = Project::new(&[
        ("holdline.toml", "[prices.\"small\"]\ninput = 0\noutput = 10.0\n"),
        ("suites/chat.toml", &text),
    ]);
    // Two cases of up to three answers of 100 tokens at 10 a million.
    project.holdline(&["run", "--dry-run"]).expect(0).says(&["at most about 0.0060 USD"]);
    // And what is read: 300 tokens of answers before, for each case, beside (5 + 2 × 5) / 4 = 3 in each turn.
    project.write("holdline.toml", "[prices.\"small\"]\ninput = 1000.0\noutput = 0\n");
    project.holdline(&["run", "--dry-run"]).expect(0).says(&["at most about 0.6180 USD"]);
}

#[test]
fn a_suite_that_is_a_link_to_nowhere_is_told_and_hidden_files_are_none() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port)), ("suites/.talk.toml", "broken")]);
    project.holdline(&["check"]).expect(0).says(&["talk.toml"]).keeps_quiet(&[".talk.toml"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", project.path("suites/gone.toml")).unwrap();
        project.holdline(&["check"]).expect(2).says(&["there is no file `suites/gone.toml`"]);
    }
}
