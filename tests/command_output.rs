//! What the command prints, and where: hostile answers, logs of CI services, pipes, folders.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, suite, well};
use serde_json::{Value, json};
use std::process::Stdio;

/// Answers that would do harm where they are printed as they are.
const HOSTILE: [&str; 8] = [
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "]]><failure/>",
    "one\n::error::pwned\n  ::set-output name=x::y",
    "##[error]azure ##vso[task.complete] ##teamcity[x]",
    "![i](https://e.example/p.png) @team #1 <img src=x>",
    "</details></summary><script>",
    "a\u{202e}b\u{2066}c",
    "```\n````\n</code>",
];

/// A project whose recorded answers are hostile and fail the build.
fn hostile() -> Project {
    let lines = |name: &str| {
        let line = |(at, text): (usize, &&str)| json!({ name: format!("input {at}"), "output": text, "label": text });
        HOSTILE.iter().enumerate().flat_map(|of| [line(of).to_string(), "\n".to_owned()]).collect::<String>()
    };
    let inputs: Vec<String> = (0..HOSTILE.len()).map(|at| format!("\"input {at}\"")).collect();
    let suite = format!(
        "feature = \"x\"\nlabels = [\"a\"]\n[target]\nrecorded = \"answers.jsonl\"\n[[scenario]]\nname = \"one\"\n\
         inputs = [{}]\nexpect = {{ label = \"a\" }}\nmust_pass = true\n",
        inputs.join(", ")
    );
    Project::new(&[("suites/bad.toml", &suite), ("suites/answers.jsonl", &lines("input"))])
}

/// Whether a service that reads workflow commands would find one that is not ours.
fn commands(text: &str) -> Vec<&str> {
    let is_command = |line: &&str| {
        line.trim_start().starts_with("::")
            || ["##[", "##vso[", "##teamcity["].iter().any(|of| line.contains(of))
    };
    text.split(['\n', '\r']).filter(is_command).collect()
}

#[test]
fn hostile_answers_start_no_command_in_the_log_of_a_service() {
    let project = hostile();
    for (name, value) in [("CI", "true"), ("TF_BUILD", "True"), ("TEAMCITY_VERSION", "2025.1")] {
        let ran = Ran::of(project.command(&["run"]).env(name, value).output().unwrap());
        assert!(ran.out.contains("azure"), "it is shown, though: {}", ran.out);
        assert_eq!(commands(&ran.out), [""; 0], "{name}");
        assert_eq!(commands(&ran.err), [""; 0], "{name}");
    }
    let shown = Ran::of(project.command(&["show", "input 2"]).env("CI", "true").output().unwrap()).expect(0);
    assert_eq!(commands(&shown.out), [""; 0]);
    assert!(shown.out.contains("pwned"), "it is shown, though");
}

#[test]
fn annotations_are_our_own_and_go_to_standard_error() {
    let project = hostile();
    let ran = Ran::of(
        project.command(&["run", "-q"]).env("CI", "true").env("GITHUB_ACTIONS", "true").output().unwrap(),
    );
    assert_eq!(commands(&ran.out), [""; 0]);
    let found = commands(&ran.err);
    assert!(!found.is_empty());
    assert!(found.iter().all(|line| line.starts_with("::error file=suites/bad.toml,")), "{found:?}");
    assert!(!ran.err.contains("##["), "{}", ran.err);
}

#[test]
fn every_output_of_hostile_answers_is_safe_for_its_reader() {
    let project = hostile();
    let ran = project.holdline(&[
        "run",
        "--color",
        "never",
        "--junit",
        "o ut/j.xml",
        "--markdown",
        "o ut/m.md",
        "--json",
        "o ut/r.json",
    ]);
    let ran = ran.expect(1);
    assert!(!ran.out.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{2066}']), "{}", ran.out);
    let xml = project.read("o ut/j.xml");
    // The answer is in a CDATA section that it cannot close.
    assert!(xml.contains("]]]]><![CDATA[><failure/>"), "{xml}");
    let report: Value = serde_json::from_str(&project.read("o ut/r.json")).unwrap();
    let outputs: Vec<&str> = report["suites"][0]["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["graded"]["transcript"]["turns"][0]["answer"]["output"].as_str().unwrap())
        .collect();
    assert_eq!(outputs, HOSTILE, "the record holds what was said");
    let markdown = project.read("o ut/m.md");
    for forbidden in ["@team", "<img", "<script", "![i]"] {
        assert!(!markdown.contains(forbidden), "{forbidden} in {markdown}");
    }
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    assert!(!project.holdline(&["run", "-q"]).expect(0).out.contains('\u{1b}'), "a pipe");
    assert!(project.holdline(&["run", "-q", "--color", "always"]).expect(0).out.contains('\u{1b}'));
    let ran = project.command(&["run", "-q"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!Ran::of(ran).out.contains('\u{1b}'));
}

#[test]
fn results_go_to_standard_output_and_progress_does_not() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    let ran = project.holdline(&["run"]).expect(0);
    assert!(ran.err.contains("talk: asking 25 cases") && !ran.out.contains("asking"), "{}", ran.out);
    assert!(ran.out.contains("pass_rate") && !ran.err.contains("pass_rate"), "{}", ran.err);
    assert_eq!(project.holdline(&["run", "--quiet"]).expect(0).err, "");
}

#[test]
fn the_project_is_found_from_a_folder_within_it() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port)), ("src/deep/x", "")]);
    let ran =
        project.command(&["run", "--junit", "j.xml"]).current_dir(project.path("src/deep")).output().unwrap();
    Ran::of(ran).expect(0);
    assert!(project.path("src/deep/j.xml").exists(), "what is named is meant from where one stands");
    assert!(project.path("baselines/talk.snap.new").exists());
    assert!(!project.path("src/deep/baselines").exists());
    let root = project.folder.path().to_str().unwrap().to_owned();
    let ran = project.command(&["check", "--root", &root]).current_dir("/").output().unwrap();
    Ran::of(ran).expect(0).says(&["ok  suites/talk.toml  3 scenarios, 25 cases"]);
}

#[test]
fn messages_end_their_line_and_name_files_as_people_do() {
    let project = Project::new(&[]);
    assert!(project.holdline(&["run"]).expect(2).err.ends_with('\n'));
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.accept_everything();
    let conflicted = format!("<<<<<<< HEAD\n{}", project.read("baselines/talk.snap"));
    project.write("baselines/talk.snap", &conflicted);
    let ran = project.holdline(&["run"]).expect(2).says(&["error: baselines/talk.snap:1: a merge conflict"]);
    ran.says(&["git checkout --ours -- baselines/talk.snap"]);
}

#[test]
fn completions_are_written_to_a_pipe_that_closes_without_a_panic() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let mut child = project
            .command(&["completions", shell])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        Ran::of(child.wait_with_output().unwrap()).expect(0).keeps_quiet(&["panicked"]);
        project.holdline(&["completions", shell]).expect(0).says(&["holdline"]);
    }
}

#[test]
fn an_unknown_word_for_updates_says_where_it_was_said() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.holdline(&["run", "--update", "maybe"]).expect(2).says(&["error: --update: `maybe`"]);
    let ran = project.command(&["run"]).env("HOLDLINE_UPDATE", "maybe").output().unwrap();
    Ran::of(ran).expect(2).says(&["error: HOLDLINE_UPDATE: `maybe`"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_baseline_without_its_suite_is_told_of() {
    let app = App::start(well);
    let project =
        Project::new(&[("suites/talk.toml", &suite(app.port)), ("suites/more.toml", &suite(app.port))]);
    project.accept_everything();
    project.holdline(&["check"]).expect(0).keeps_quiet(&["belongs to no suite"]);
    std::fs::remove_file(project.path("suites/more.toml")).unwrap();
    let note = "note: baselines/more.snap belongs to no suite";
    project.holdline(&["check"]).expect(0).says(&[note]);
    let ran = project.holdline(&["run"]).expect(0).says(&[note]);
    assert!(!ran.out.contains("belongs to no suite"), "it is no result");
    // Who asks for one suite says nothing of the others.
    project.holdline(&["run", "talk"]).expect(0).keeps_quiet(&["belongs to no suite"]);
}

#[test]
fn the_failures_of_a_first_run_are_shown_before_they_are_accepted() {
    let app = App::start(|input| if input == "bye number 4" { well("hello") } else { well(input) });
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    let told = ["1 case fails as it is", "bye number 4", "got `Hello to you`"];
    project.holdline(&["run"]).expect(0).says(&told);
    project.holdline(&["review"]).expect(0).says(&["Failing (1)", "bye number 4"]);
}

#[test]
fn a_case_is_shown_from_the_newest_run_that_asked_it() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["run", "--filter", "hello number 3"]).expect(3);
    project.holdline(&["show", "bye number 7"]).expect(0).says(&["Good bye"]);
    project.holdline(&["show", "nothing like it"]).expect(2).says(&["or of those before"]);
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let app = App::slow(std::time::Duration::from_millis(20), well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.accept_everything();
    let accepted = project.read("baselines/talk.snap");
    let start = || project.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<_> = (0..4).map(|_| start()).collect();
    for child in children {
        Ran::of(child.wait_with_output().unwrap()).expect(0);
    }
    assert_eq!(project::runs(project.folder.path()).len(), 5);
    assert_eq!(project.read("baselines/talk.snap"), accepted);
}

#[test]
fn a_run_that_still_goes_on_is_not_taken_up() {
    let app = App::slow(std::time::Duration::from_millis(200), well);
    let text = suite(app.port) + "\n[run]\nconcurrency = 1\n";
    let project = Project::new(&[("suites/talk.toml", &text)]);
    let mut child = project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while app.asked() < 2 && begun.elapsed() < std::time::Duration::from_secs(30) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    project.holdline(&["run", "--resume"]).expect(2).says(&["is still going on"]);
    child.kill().unwrap();
    child.wait().unwrap();
    project.holdline(&["run", "--resume"]).expect(0).says(&["taken up"]);
}

#[test]
fn a_baseline_that_cannot_be_written_costs_no_run() {
    let app = App::start(well);
    // A folder stands where the answers would be kept.
    let project = Project::new(&[
        ("suites/talk.toml", &suite(app.port)),
        ("baselines/talk.transcripts.jsonl.new/taken", ""),
    ]);
    let ran = project.holdline(&["run", "--json", "r.json"]).expect(0);
    ran.says(&["no new baseline is offered: cannot write baselines/talk", "measured pass_rate 1.000"]);
    assert!(project.path("r.json").exists());
    project.holdline(&["run", "--update", "always", "--reason", "new"]).expect(2).says(&["cannot write"]);
}

#[test]
fn init_names_files_as_people_do() {
    let project = Project::new(&[]);
    let ran = project
        .holdline(&["init"])
        .expect(0)
        .says(&["wrote suites/first.toml", "added .holdline/ to .gitignore"]);
    assert!(!ran.out.contains("./suites"), "{}", ran.out);
    project.holdline(&["check"]).expect(0);
    project.holdline(&["run"]).expect(3).says(&["connection refused"]);
}
