//! `--affected`: only what a change affects is asked; the rest is carried over, and said to be.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, suite, well};
use serde_json::Value;
use std::process::{Command, Stdio};

/// Runs git in a project, whatever is set for the user or the machine.
fn git(project: &Project, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(name);
    }
    let identity =
        ["user.name=Ada", "user.email=ada@localhost", "commit.gpgsign=false", "core.autocrlf=false"];
    for one in identity {
        git.args(["-c", one]);
    }
    let output = git
        .args(arguments)
        .current_dir(project.folder.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(project: &Project, message: &str) {
    git(project, &["add", "--all"]);
    git(project, &["commit", "--quiet", "--allow-empty", "-m", message]);
}

/// The suite, over an application that is made of `app/`.
fn declared(port: u16) -> String {
    suite(port).replace("[target]\n", "[target]\nfingerprint = [\"app/**/*.txt\"]\n")
}

/// Two suites, `one` and `two`, over the same application, accepted and committed.
fn committed(below: &str) -> (App, Project) {
    let app = App::start(well);
    let text = declared(app.port);
    let project = Project::new(&[]);
    for (name, text) in [
        ("holdline.toml", "currency = \"EUR\"\n"),
        ("suites/one.toml", text.as_str()),
        ("suites/two.toml", text.as_str()),
        ("app/prompts/system.txt", "be kind"),
        ("README.md", "read me"),
    ] {
        project.write(&format!("{below}{name}"), text);
    }
    git(&project, &["init", "--quiet", "--initial-branch", "main"]);
    let root = project.path(below);
    let root = root.to_str().unwrap();
    project.holdline(&["--root", root, "run"]).expect(0);
    project.holdline(&["--root", root, "accept", "--reason", "first"]).expect(0);
    commit(&project, "first");
    (app, project)
}

fn report(project: &Project) -> Value {
    serde_json::from_str(&project.read("report.json")).unwrap()
}

/// The names of the suites of a report that were carried over.
fn carried(report: &Value) -> Vec<&str> {
    let suites = report["suites"].as_array().unwrap();
    suites.iter().filter(|of| of["carried"].is_object()).map(|of| of["name"].as_str().unwrap()).collect()
}

/// Runs what a range affects; what is run is asked, whatever the cache has.
fn run(project: &Project, range: &str) -> Ran {
    project.holdline_in_ci(&["run", "--fresh", "target", "--affected", range, "--json", "report.json"])
}

#[test]
fn where_nothing_is_affected_nothing_is_asked_and_every_output_says_so() {
    let (app, project) = committed("");
    project.write("README.md", "read me again");
    commit(&project, "words");
    let asked = app.asked();
    let summary = project.path("summary.md");
    let mut command = project.command(&["run", "--affected", "HEAD~1..HEAD", "--json", "report.json"]);
    command.args(["--junit", "junit.xml", "--markdown", "report.md"]);
    command.env("CI", "true").env("GITHUB_STEP_SUMMARY", &summary);
    let reason = "nothing that it depends on changed in HEAD~1..HEAD";
    Ran::of(command.output().unwrap()).expect(0).keeps_quiet(&["Held", "held:"]).says(&[
        "Nothing is affected: 2 suites are carried over, and nothing was asked (0 cases",
        &format!("one: carried over, not asked: {reason}"),
        "What stands for it was accepted",
        "by Ada: first",
    ]);
    assert_eq!(app.asked(), asked);

    let report = report(&project);
    assert_eq!(carried(&report), ["one", "two"]);
    assert_eq!((report["decision"].as_str(), report["exit_code"].as_u64()), (Some("held"), Some(0)));
    let one = &report["suites"][0];
    assert_eq!(one["cases"].as_array().unwrap().len(), 0);
    assert_eq!(one["planned"], 25);
    // What was accepted: all 25 pass.
    let mut measurements = one["measurements"].as_array().unwrap().iter();
    let rate = measurements.find(|of| of["metric"] == "pass_rate" && of["slice"] == "suite").unwrap();
    assert_eq!((rate["value"].as_f64(), rate["n"].as_u64()), (Some(1.0), Some(25)));

    let junit = project.read("junit.xml");
    assert!(junit.contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"2\""), "{junit}");
    assert!(junit.contains("name=\"one::gate\"") && junit.contains("name=\"two::gate\""), "{junit}");
    assert!(junit.contains("type=\"carried_over\""), "{junit}");
    assert!(junit.contains("what stands for it was accepted"), "{junit}");
    for page in [project.read("report.md"), project.read("summary.md")] {
        assert!(page.starts_with("## ℹ️ Holdline: nothing is affected: 2 suites are carried over"), "{page}");
        assert!(page.contains("none asked"), "{page}");
        assert!(page.contains("nothing that it depends on changed in HEAD"), "{page}");
    }
    assert!(!project.path("baselines/one.snap.new").exists());
}

#[test]
fn a_suite_runs_when_one_of_its_files_changed_and_the_headline_tells_the_two_apart() {
    let (app, project) = committed("");
    let text = project.read("suites/two.toml");
    project.write("suites/two.toml", &text.replace("Greets and parts", "Greets, and parts"));
    commit(&project, "two");
    let asked = app.asked();
    run(&project, "HEAD~1...HEAD").expect(0).says(&[
        "Held: nothing that worked got worse in 1 suite; 1 carried over: not asked (25 cases",
        "affected by HEAD~1...HEAD: `suites/two.toml`",
    ]);
    assert_eq!(app.asked() - asked, 25);
    assert_eq!(carried(&report(&project)), ["one"]);

    let list = project.holdline(&["list", "--affected", "HEAD~1"]).expect(0);
    assert_eq!(list.out.lines().count(), 25);
    assert!(list.out.lines().all(|line| line.starts_with("two::")), "{}", list.out);
    let dry = project.holdline(&["run", "--dry-run", "--affected", "HEAD~1"]).expect(0);
    dry.says(&["one: carried over from its baseline", "two: 25 of 25 cases"]);
    assert_eq!(app.asked() - asked, 25);
}

#[test]
fn a_regression_in_what_ran_is_not_counted_against_what_did_not() {
    let app = App::start(project::broken);
    let (well, project) = committed("");
    let text = project.read("suites/two.toml");
    project.write("suites/two.toml", &text.replace(&well.port.to_string(), &app.port.to_string()));
    run(&project, "HEAD").expect(1).says(&["Regressed: 1 of 1 suite got worse; 1 carried over: not asked"]);
}

#[test]
fn all_that_suites_depend_on_counts() {
    let (_app, project) = committed("");
    for (file, text) in [
        ("holdline.toml", "currency = \"USD\"\n"),
        // Of the application; untracked files count when the range ends at the working tree.
        ("app/prompts/system.txt", "be rude"),
        ("app/new/more.txt", "more"),
    ] {
        project.write(file, text);
        run(&project, "HEAD").expect(0);
        assert_eq!(carried(&report(&project)), [""; 0], "{file}");
        // What is not committed is not in a range of two ends.
        run(&project, "HEAD..HEAD").expect(0);
        assert_eq!(carried(&report(&project)), ["one", "two"], "{file}");
        git(&project, &["checkout", "--quiet", "."]);
        git(&project, &["clean", "--quiet", "--force", "-d", "--exclude", "report.json"]);
    }
    // A file that git ignores is no part of what changed.
    project.write(".gitignore", "ignored.txt\n");
    commit(&project, "ignore");
    project.write("app/ignored.txt", "x");
    run(&project, "HEAD").expect(0);
    assert_eq!(carried(&report(&project)), ["one", "two"]);

    // A file that was renamed counts under its old name.
    git(&project, &["mv", "app/prompts/system.txt", "old.txt"]);
    commit(&project, "moved out");
    run(&project, "HEAD~1..HEAD").expect(0);
    assert_eq!(carried(&report(&project)), [""; 0]);

    // A baseline that moved affects its own suite.
    let baseline = project.read("baselines/one.snap");
    project.write("baselines/one.snap", &baseline.replace("first", "primary"));
    run(&project, "HEAD").expect(0);
    assert_eq!(carried(&report(&project)), ["two"]);
}

#[test]
fn data_documents_and_judges_count() {
    let app = App::start(|_| serde_json::json!({ "message": "yes" }));
    let suite = |inputs: &str, expect: &str| {
        format!(
            "feature = \"x\"\n[target]\nhttp = \"http://127.0.0.1:{}/ask\"\nbody = {{ text = \"{{{{ input }}}}\" }}\n\
             reply = {{ output = \"/message\" }}\nfingerprint = [\"app/**\"]\n[[scenario]]\nname = \"a\"\n\
             inputs = {inputs}\nexpect = {expect}\n",
            app.port
        )
    };
    let contains = "{ contains = \"yes\" }";
    let judge = "{ command = { run = [\"sh\", \"judge.sh\"] } }";
    let documents = "{ documents = \"../docs/**/*.md\", question = \"What of {{ chunk.heading }}?\" }";
    let project = Project::new(&[
        ("suites/data.toml", &suite("{ file = \"rows.csv\", input = \"text\" }", contains)),
        ("suites/rows.csv", "text\none\ntwo\n"),
        ("suites/docs.toml", &suite(documents, contains)),
        ("docs/a.md", "# A\n\nIt is so, and not otherwise.\n"),
        ("docs/b/b.md", "# B\n\nIt is otherwise, and not so.\n"),
        ("suites/judged.toml", &suite("[\"one\"]", judge)),
        (
            "suites/judged.variants.jsonl",
            r#"{"scenario":"a","input":"more","made":{"by":"person","origin":"written"},"truth":"person","review":{"by":"Ada","date":"2026-11-20","approved":"evaluation"}}"#,
        ),
        ("app/app.txt", "it answers"),
        ("judge.sh", "cat > judged.json; echo '{\"pass\": true}'\n"),
        (".gitignore", "judged.json\nreport.json\n"),
    ]);
    git(&project, &["init", "--quiet"]);
    project.accept_everything();
    commit(&project, "first");
    run(&project, "HEAD").expect(0);
    assert_eq!(carried(&report(&project)), ["data", "docs", "judged"]);

    project.write("suites/rows.csv", "text\none\nthree\n");
    project.holdline(&["run", "--affected", "HEAD", "--json", "report.json"]);
    assert_eq!(carried(&report(&project)), ["docs", "judged"]);
    git(&project, &["checkout", "--quiet", "."]);

    std::fs::remove_file(project.path("docs/b/b.md")).unwrap();
    project.holdline(&["run", "--affected", "HEAD", "--json", "report.json"]);
    assert_eq!(carried(&report(&project)), ["data", "judged"]);
    git(&project, &["checkout", "--quiet", "."]);

    project.write("judge.sh", "cat > judged.json; echo '{\"pass\": true, \"reason\": \"ok\"}'\n");
    project.holdline(&["run", "--affected", "HEAD", "--json", "report.json"]);
    assert_eq!(carried(&report(&project)), ["data", "docs"]);
    git(&project, &["checkout", "--quiet", "."]);

    std::fs::remove_file(project.path("suites/judged.variants.jsonl")).unwrap();
    project.holdline(&["run", "--affected", "HEAD", "--json", "report.json"]);
    assert_eq!(carried(&report(&project)), ["data", "docs"]);
}

#[test]
fn what_cannot_be_told_is_run_and_says_why() {
    let (app, project) = committed("");
    // Without globs nobody knows what the application is made of.
    project.write("suites/two.toml", &suite(app.port));
    // Without a baseline there is nothing to carry over.
    project.write("suites/three.toml", &declared(app.port));
    // A table that git does not know may have changed.
    let rows = "feature = \"x\"\n[target]\nhttp = \"http://127.0.0.1:9/\"\nfingerprint = [\"app/**\"]\n[[scenario]]\n\
                name = \"a\"\ninputs = { file = \"rows.csv\", input = \"text\" }\nexpect = { contains = \"x\" }\n";
    project.write("suites/unknown.toml", rows);
    project.write("suites/rows.csv", "text\none\n");
    project.write(".gitignore", "rows.csv\n");
    commit(&project, "second");
    let ran =
        project.holdline(&["run", "one", "two", "three", "--affected", "HEAD", "--json", "report.json"]);
    ran.expect(0).says(&[
        "its target declares no `fingerprint`",
        "run since there is no baseline that it could be carried over from",
        "; 1 carried over: not asked",
    ]);
    assert_eq!(carried(&report(&project)), ["one"]);
    project
        .holdline(&["run", "unknown", "--affected", "HEAD"])
        .says(&["`suites/rows.csv` is not under version control"]);
}

#[test]
fn a_project_below_the_top_of_its_repository_is_told_in_its_own_paths() {
    let (_app, project) = committed("services/talk/");
    let root = project.path("services/talk");
    let run = |range: &str| {
        let root = root.to_str().unwrap();
        project.holdline_in_ci(&["--root", root, "run", "--affected", range]).expect(0)
    };
    project.write("other.txt", "not of the project");
    run("HEAD").says(&["Nothing is affected: 2 suites are carried over"]);
    project.write("services/talk/app/prompts/system.txt", "be rude");
    run("HEAD").says(&["affected by HEAD: `app/prompts/system.txt`"]);
}

#[test]
fn ranges_that_git_does_not_know_are_told_in_its_words_and_options_never_reach_it() {
    let (app, project) = committed("");
    let asked = app.asked();
    run(&project, "no-such-branch...HEAD").expect(2).says(&["git says:", "no-such-branch...HEAD"]);
    run(&project, "--output=stolen").expect(2).says(&["is no range of git"]);
    assert!(!project.path("stolen").exists());
    project.holdline(&["run", "--affected", "HEAD", "--filter", "x"]).expect(2);

    let plain =
        Project::new(&[("suites/one.toml", &declared(app.port)), ("app/prompts/system.txt", "be kind")]);
    let mut command = plain.command(&["run", "--affected", "HEAD"]);
    command.env("GIT_CEILING_DIRECTORIES", plain.folder.path().parent().unwrap());
    Ran::of(command.output().unwrap()).expect(2).says(&["git says:", "ot a git repository"]);
    let mut command = plain.command(&["run", "--affected", "HEAD"]);
    command.env("PATH", "");
    Ran::of(command.output().unwrap()).expect(2).says(&["needs git"]);
    assert_eq!(app.asked(), asked);
}
