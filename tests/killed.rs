//! Runs that are killed, damaged and short of disk: nothing that was answered is lost, and what is taken up
//! ends with the same report.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CASES: usize = 40;
const IN_FLIGHT: usize = 4;

fn suite(port: u16) -> String {
    let inputs =
        |word: &str| (0..CASES / 2).map(|n| format!("\"{word} {n}\"")).collect::<Vec<_>>().join(", ");
    format!(
        r#"feature = "Answers"
[run]
concurrency = {IN_FLIGHT}
[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}
[[scenario]]
name = "says yes"
inputs = [{}]
expect = {{ contains = "yes" }}
[[scenario]]
name = "says it twice"
inputs = [{}]
expect = {{ contains = "yes", words = {{ max = 3 }} }}
"#,
        inputs("one"),
        inputs("two")
    )
}

/// Fails every seventh input, for reasons of the input alone.
fn answer(text: &str) -> Value {
    let number: usize = text.split(' ').next_back().and_then(|of| of.parse().ok()).unwrap_or(0);
    let message = if number % 7 == 3 { format!("no, {text}") } else { "yes".to_owned() };
    json!({ "message": message })
}

/// Begins a run; its process ends with the test.
fn begin(project: &Project, arguments: &[&str]) -> Child {
    project.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until so many questions were asked, or the process ended by itself.
fn wait_for(app: &App, asked: usize, child: &mut Child) {
    let begun = Instant::now();
    while app.asked() < asked && child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} of {asked} asked", app.asked());
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn newest(project: &Project) -> PathBuf {
    let mut runs: Vec<PathBuf> =
        std::fs::read_dir(project.path(".holdline/runs")).unwrap().map(|run| run.unwrap().path()).collect();
    runs.sort();
    runs.pop().unwrap()
}

/// The record of the newest run without what a clock says, and without the note that it was taken up.
fn report(project: &Project) -> Value {
    let text = std::fs::read_to_string(newest(project).join("report.json")).unwrap();
    let mut report: Value = serde_json::from_str(&text).unwrap();
    for field in ["run", "started", "seconds"] {
        report[field] = Value::Null;
    }
    for suite in report["suites"].as_array_mut().unwrap() {
        let notes = suite["notes"].as_array_mut().unwrap();
        notes.retain(|note| {
            let note = note.as_str().unwrap();
            !note.starts_with("taken up from run") && !note.contains("was torn")
        });
        let measured = suite["measurements"].as_array_mut().unwrap();
        measured.retain(|of| !of["metric"].as_str().unwrap().starts_with("latency"));
        for case in suite["cases"].as_array_mut().unwrap() {
            for turn in case["graded"]["transcript"]["turns"].as_array_mut().unwrap() {
                turn["answer"]["latency_ms"] = Value::Null;
            }
        }
    }
    report
}

#[test]
fn killed_at_twenty_moments_a_run_that_is_taken_up_comes_to_the_same() {
    let app = App::slow(Duration::from_millis(4), answer);
    let project = Project::new(&[("suites/yes.toml", &suite(app.port))]);
    project.holdline(&["run", "--update", "no"]).expect(0);
    let whole = report(&project);
    // Moments all over the run, in an order that says nothing; some runs are killed twice.
    for moment in 0..20 {
        let before = app.asked();
        let mut allowed = CASES;
        let first = 1 + moment * 23 % CASES;
        let mut child = begin(&project, &["run", "--update", "no"]);
        wait_for(&app, before + first, &mut child);
        child.kill().unwrap();
        child.wait().unwrap();
        allowed += IN_FLIGHT;
        if moment % 3 == 0 {
            let asked = app.asked();
            let mut child = begin(&project, &["run", "--resume", "--update", "no"]);
            wait_for(&app, asked + 3, &mut child);
            child.kill().unwrap();
            child.wait().unwrap();
            allowed += IN_FLIGHT;
        }
        let taken_up = project.holdline(&["run", "--resume", "--update", "no"]);
        // Killed so late that its journal was complete, there was nothing to take up.
        if taken_up.code != Some(2) {
            taken_up.expect(0).says(&["taken up from run"]);
            assert_eq!(report(&project), whole, "killed after {first} questions");
        }
        let asked = app.asked() - before;
        assert!((CASES..=allowed).contains(&asked), "{asked} questions, killed after {first}");
    }
}

/// A run that was killed in the middle, with the lines of its journal.
fn killed(app: &App) -> (Project, Vec<String>) {
    let project = Project::new(&[("suites/yes.toml", &suite(app.port))]);
    let mut child = begin(&project, &["run"]);
    wait_for(app, CASES / 2, &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = std::fs::read_to_string(newest(&project).join("journal.jsonl")).unwrap();
    (project, journal.split_inclusive('\n').map(str::to_owned).collect())
}

#[test]
fn a_torn_last_line_is_cut_off_and_told_and_its_case_is_asked_again() {
    let app = App::slow(Duration::from_millis(4), answer);
    let (project, mut lines) = killed(&app);
    let last = lines.pop().unwrap();
    lines.push(last[..last.len() / 2].to_owned());
    std::fs::write(newest(&project).join("journal.jsonl"), lines.concat()).unwrap();
    let (known, before) = (lines.len() - 2, app.asked());
    project
        .holdline(&["run", "--resume"])
        .expect(0)
        .says(&[&format!("with {known} cases done"), "the last line of its journal was torn"]);
    assert_eq!(app.asked() - before, CASES - known);
}

#[test]
fn a_damaged_line_is_named_and_its_case_is_asked_again() {
    let app = App::slow(Duration::from_millis(4), answer);
    let (project, mut lines) = killed(&app);
    lines[4] = lines[4].replace("\"outcome\":\"", "\"outcome\":\" ");
    // The last line may be torn by the kill already; that one is not what is looked at here.
    if !lines.last().unwrap().ends_with('\n') {
        lines.pop();
    }
    std::fs::write(newest(&project).join("journal.jsonl"), lines.concat()).unwrap();
    let (known, before) = (lines.len() - 2, app.asked());
    project.holdline(&["run", "--resume"]).expect(0).says(&["1 line(s) of", "asked again: 5"]);
    assert_eq!(app.asked() - before, CASES - known);
}

/// A project on a file system of its own with little room, if such a thing can be had here. What `script`
/// says is done there as the command `holdline`, `$HOLDLINE`.
#[cfg(target_os = "linux")]
fn on_a_small_disk(app: &App, script: &str) -> Option<Ran> {
    let project = Project::new(&[("suites/yes.toml", &suite(app.port))]);
    let small = project.path("small");
    std::fs::create_dir(&small).unwrap();
    let mount =
        format!("mount -t tmpfs -o size=64k tmpfs {0} && cp -r suites {0} && cd {0}", small.display());
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &format!("{mount} || exit 99\n{script}")]);
    command.current_dir(project.folder.path()).env("HOLDLINE", env!("CARGO_BIN_EXE_holdline"));
    for name in ["CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    let ran = command.output().ok().map(Ran::of).filter(|ran| ran.code != Some(99) && ran.code != Some(1));
    let required = std::env::var_os("HOLDLINE_REQUIRE_SMALL_DISK").is_some();
    assert!(ran.is_some() || !required, "no small file system can be mounted here");
    ran
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_clear_error_and_what_was_kept_stays_whole() {
    let app = App::start(|text| json!({ "message": format!("yes {}", text.repeat(400)) }));
    let script = r#"
unset HOLDLINE_UPDATE
env -u HOLDLINE "$HOLDLINE" run --update no > out.txt 2>&1
code=$?
rm out.txt 2> /dev/null
env -u HOLDLINE "$HOLDLINE" run --update no
echo "first: $code"
for line in .holdline/runs/*/journal.jsonl; do
  tail -c 1 "$line" | od -An -c
  grep -c graded "$line"
done
exit 0
"#;
    let Some(ran) = on_a_small_disk(&app, script) else { return };
    let ran = ran.expect(0).says(&["cannot be written", "No space left on device", "first: "]);
    assert!(!ran.out.contains("first: 0"), "a run on a full disk never passes: {}", ran.out);
    assert!(ran.out.contains("\\n"), "the journal ends with a whole line: {}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_told_before_anything_is_asked() {
    use std::os::unix::fs::PermissionsExt;
    let app = App::start(answer);
    let project =
        Project::new(&[("suites/yes.toml", &suite(app.port)), (".holdline", "a file, and no folder")]);
    project.holdline(&["run"]).expect(2).says(&[".holdline"]);
    assert_eq!(app.asked(), 0);
    std::fs::remove_file(project.path(".holdline")).unwrap();
    std::fs::create_dir(project.path(".holdline")).unwrap();
    std::fs::set_permissions(project.path(".holdline"), std::fs::Permissions::from_mode(0o500)).unwrap();
    // Whoever may do everything is not kept out by the mode of a folder.
    if std::fs::write(project.path(".holdline/x"), "").is_err() {
        project.holdline(&["run"]).expect(2).says(&[".holdline", "ermission denied"]);
        assert_eq!(app.asked(), 0);
    }
}
