//! The harness as `cargo test` runs it. This program plays both parts: with `PROBE` set it is a
//! user's test target, in a project of its own; without, it runs itself in that way and looks at what
//! comes out.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::{Answer, Harness, Request};
use libtest_mimic::{Arguments, Failed, Trial};
use project::{App, Project, Ran, broken, suite, well};
use std::process::{Command, ExitCode};

const PROBE: &str = "HOLDLINE_TEST_PROBE";

fn main() -> ExitCode {
    if std::env::var_os(PROBE).is_some() {
        return Harness::new("suites").in_process("echo", echo).run();
    }
    let tests: [(&str, fn()); 15] = [
        ("names_are_stable_unique_and_hold_no_result", names_are_stable_unique_and_hold_no_result),
        ("a_suite_that_holds_passes", a_suite_that_holds_passes),
        ("flipped_cases_fail_with_their_evidence", flipped_cases_fail_with_their_evidence),
        ("a_failure_that_is_accepted_is_ignored", a_failure_that_is_accepted_is_ignored),
        ("only_selected_cases_are_asked", only_selected_cases_are_asked),
        ("a_gate_alone_cannot_pass", a_gate_alone_cannot_pass),
        ("a_part_of_a_suite_says_one_line", a_part_of_a_suite_says_one_line),
        (
            "answers_start_no_commands_in_the_log_of_a_service",
            answers_start_no_commands_in_the_log_of_a_service,
        ),
        ("nothing_leaves_loopback_without_consent", nothing_leaves_loopback_without_consent),
        ("a_closure_is_a_target", a_closure_is_a_target),
        ("a_trial_says_how_many_answers_pass", a_trial_says_how_many_answers_pass),
        ("nextest_reads_the_newest_complete_run", nextest_reads_the_newest_complete_run),
        ("nextest_takes_no_stored_answers_for_a_run", nextest_takes_no_stored_answers_for_a_run),
        ("a_live_suite_is_one_ignored_trial", a_live_suite_is_one_ignored_trial),
        ("an_application_that_is_down_fails_the_tests", an_application_that_is_down_fails_the_tests),
    ];
    let trials = tests.map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok::<(), Failed>(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}

async fn echo(request: Request) -> Result<Answer, String> {
    match request.input.as_str() {
        Some("fail") => Err("no answer to this".into()),
        Some("waver") if request.repeat > 1 => Ok(Answer::from("NO")),
        Some("panic") => panic!("a bug in the app"),
        Some(text) => Ok(Answer::from(text.to_uppercase())),
        None => Err("not a text".into()),
    }
}

/// This program as a user's test target in a project.
fn probe(project: &Project, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    // The environment is made as for the command; the program is another.
    let template = project.command(&[]);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments).current_dir(project.folder.path());
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env(PROBE, "1").env("CARGO_MANIFEST_DIR", project.folder.path());
    command.envs(environment.iter().copied());
    Ran::of(command.output().unwrap())
}

fn talk(app: &App) -> Project {
    Project::new(&[("suites/talk.toml", &suite(app.port))])
}

fn names_are_stable_unique_and_hold_no_result() {
    let app = App::start(well);
    let project = talk(&app);
    let listed = probe(&project, &["--list"], &[]).expect(0).out;
    let names: Vec<&str> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    assert_eq!(names.len(), 26, "25 cases and the gate:\n{listed}");
    assert!(names.contains(&"talk::gate::pass_rate"));
    assert!(names.iter().all(|name| name.matches("::").count() == 2));
    let unique: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    assert_eq!(app.asked(), 0, "listing asks nothing");
    project.accept_everything();
    assert_eq!(probe(&project, &["--list"], &[]).expect(0).out, listed);
}

fn a_suite_that_holds_passes() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    let ran = probe(&project, &["--test-threads", "1"], &[]).expect(0);
    ran.says(&["26 passed; 0 failed; 0 ignored"]);
}

fn flipped_cases_fail_with_their_evidence() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    let worse = App::start(broken);
    project.write("suites/talk.toml", &suite(worse.port));
    let ran = probe(&project, &[], &[]).expect(101);
    ran.says(&["13 passed; 13 failed", "talk::gate::pass_rate", "expected label `bye`", "regressed"]);
}

fn a_failure_that_is_accepted_is_ignored() {
    let app = App::start(broken);
    let project = talk(&app);
    project.accept_everything();
    let ran = probe(&project, &[], &[]).expect(0);
    ran.says(&["14 passed; 0 failed; 12 ignored"]);
}

fn only_selected_cases_are_asked() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    let before = app.asked();
    probe(&project, &["greets-people", "--skip", "number-1"], &[]).expect(0).says(&["8 passed"]);
    assert_eq!(app.asked() - before, 8, "12 less numbers 1, 10, 11 and 12");
    let listed = probe(&project, &["--list"], &[]).out;
    let one = listed.lines().find(|line| line.contains("bye-number-4")).unwrap().trim_end_matches(": test");
    let before = app.asked();
    probe(&project, &["--exact", one], &[]).expect(0).says(&["1 passed"]);
    assert_eq!(app.asked() - before, 1);
    let worse = App::start(broken);
    project.write("suites/talk.toml", &suite(worse.port));
    probe(&project, &["parts-from-people"], &[]).expect(101).says(&["12 failed"]);
}

fn a_gate_alone_cannot_pass() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    let before = app.asked();
    let ran = probe(&project, &["gate"], &[]);
    ran.says(&["0 passed", "1 ignored", "partial run cannot gate"]);
    assert_eq!(app.asked(), before);
}

fn a_part_of_a_suite_says_one_line() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    let ran = probe(&project, &["bye-number-4"], &[]).expect(0);
    assert_eq!(ran.err, "talk: 1 of 25 cases asked: a partial run cannot gate\n");
}

fn answers_start_no_commands_in_the_log_of_a_service() {
    let app = App::start(|input| {
        let mut answer = well(input);
        answer["message"] = "CANARY\n::error::pwned\n##[error]pwned".into();
        answer
    });
    let project = talk(&app);
    let ran = probe(&project, &["secret"], &[("CI", "true")]).expect(101).says(&["pwned"]);
    for line in ran.out.lines().chain(ran.err.lines()) {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
    }
    // Whoever reads on a terminal sees what came, each line behind its title.
    probe(&project, &["secret"], &[]).expect(101).says(&["answer  CANARY\n        ::error::pwned"]);
}

fn nothing_leaves_loopback_without_consent() {
    // The address belongs to nobody (RFC 5737), and is never asked: there is no consent.
    let far = suite(1).replace("127.0.0.1:1", "192.0.2.1:1");
    let project = Project::new(&[("suites/talk.toml", &far)]);
    let ran = probe(&project, &[], &[]).expect(0);
    ran.says(&["26 ignored", "HOLDLINE=run"]);
    probe(&project, &[], &[("HOLDLINE", "yes")]).expect(2).says(&["HOLDLINE=run"]);
    // So it is with a judge.
    let judge = "kind = \"rubric\"\nquestion = \"Is it?\"\npass_when = \"it is\"\nfail_when = \"it is not\"\n\
                 positive = \"fail\"\n";
    let project = Project::new(&[
        ("holdline.toml", "[models.judge]\nbase_url = \"http://192.0.2.1:1/v1\"\nmodel = \"m\"\n"),
        ("suites/judges/good.toml", judge),
        (
            "suites/inside.toml",
            "feature = \"Shouts\"\n[target]\nin_process = \"echo\"\n[[scenario]]\nname = \"shouts\"\n\
             inputs = [\"hello\"]\nexpect = { judge = \"good\" }\n",
        ),
    ]);
    probe(&project, &[], &[]).expect(0).says(&["2 ignored", "a judge beyond loopback"]);
}

fn a_closure_is_a_target() {
    let project = Project::new(&[(
        "suites/inside.toml",
        "feature = \"Shouts\"\n[target]\nin_process = \"echo\"\n[[scenario]]\nname = \"shouts\"\n\
         inputs = [\"hello\", \"good bye\"]\nexpect = { matches = \"^[A-Z ]+$\" }\nmust_pass = true\n",
    )]);
    probe(&project, &[], &[]).expect(0).says(&["2 passed"]);
    let text = project.read("suites/inside.toml").replace("\"hello\"", "\"fail\", \"panic\"");
    project.write("suites/inside.toml", &text);
    probe(&project, &[], &[]).expect(101).says(&["no answer to this", "a bug in the app"]);
    let text = text.replace("\"echo\"", "\"other\"");
    project.write("suites/inside.toml", &text);
    probe(&project, &[], &[]).expect(2).says(&["other", "in_process"]);
}

fn a_trial_says_how_many_answers_pass() {
    let scenario = |name: &str, more: &str| {
        format!(
            "[[scenario]]\nname = \"{name}\"\ninputs = [\"waver\"]\nexpect = {{ equals = \"WAVER\" }}\n{more}"
        )
    };
    let text = "feature = \"Shouts\"\n[target]\nin_process = \"echo\"\n[run]\nrepeats = 5\n".to_owned()
        + &scenario("may waver", "")
        + &scenario("may not", "must_pass = \"majority\"\n");
    let project = Project::new(&[("suites/shout.toml", &text)]);
    let ran = probe(&project, &[], &[]).expect(101);
    ran.says(&["repeats  pass 2/5", "; pass 2/5)", "2 unstable cases"]);
}

fn nextest_reads_the_newest_complete_run() {
    let app = App::start(well);
    let project = talk(&app);
    let nextest = [("NEXTEST", "1")];
    probe(&project, &[], &nextest).expect(101).says(&["holdline run talk", "26 failed"]);
    project.accept_everything();
    project.holdline(&["run"]).expect(0);
    let before = app.asked();
    probe(&project, &[], &nextest).expect(0).says(&["26 passed"]);
    assert_eq!(app.asked(), before, "nothing is asked");
    project.holdline(&["run", "--filter", "hello"]).expect(3);
    probe(&project, &[], &nextest).expect(0).says(&["26 passed"]);
    let longer = suite(app.port).replace("\"hello number 1\"", "\"hello number 1\", \"hello you\"");
    project.write("suites/talk.toml", &longer);
    probe(&project, &[], &nextest).expect(101).says(&["27 failed"]);
}

fn nextest_takes_no_stored_answers_for_a_run() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    std::fs::remove_dir_all(project.path(".holdline/runs")).unwrap();
    project.holdline(&["rejudge", "talk"]).expect(0);
    let ran = probe(&project, &["talk::gate::pass_rate", "--exact"], &[("NEXTEST", "1")]).expect(101);
    ran.says(&["no complete run of the same plan"]);
}

fn a_live_suite_is_one_ignored_trial() {
    let app = App::start(well);
    let project = talk(&app);
    project.write("suites/live/judged.toml", &suite(app.port));
    project.accept_everything();
    let asked = app.asked();
    let listed = probe(&project, &["--list"], &[]).expect(0).out;
    assert_eq!(listed.lines().filter(|line| line.contains("live/judged")).count(), 1, "{listed}");
    let ran = probe(&project, &["--test-threads", "1"], &[("HOLDLINE", "run")]).expect(0);
    let line = ran.out.lines().find(|line| line.contains("live/judged")).unwrap();
    assert!(line.contains("needs a model; `holdline run live/judged` runs it"), "{line}");
    ran.says(&["26 passed; 0 failed; 1 ignored"]);
    let ran = probe(&project, &["live/judged", "--exact"], &[]).expect(0);
    ran.says(&["0 passed; 0 failed; 1 ignored"]);
    // Nor does it look as if it passed where ignored trials are asked for.
    let ran = probe(&project, &["live/judged", "--include-ignored"], &[]).expect(0);
    ran.says(&["0 passed; 0 failed; 1 ignored"]);
    assert_eq!(app.asked(), asked + 25, "only the suite that needs no model");
}

fn an_application_that_is_down_fails_the_tests() {
    let app = App::start(well);
    let project = talk(&app);
    project.accept_everything();
    drop(app);
    probe(&project, &[], &[]).expect(101).says(&["connection refused", "cannot decide"]);
}
