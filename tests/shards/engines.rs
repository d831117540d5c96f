//! Shards that CI services ask for.

use crate::project::{App, Project, well};
use crate::world::{accepted, in_ci, merge, newest};
use std::path::PathBuf;

/// A suite of one case, so that of two shards one is empty.
fn one_case(port: u16) -> Project {
    let suite = format!(
        r#"feature = "Greets"
[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}
[[scenario]]
name = "greets"
inputs = ["hello you"]
expect = {{ contains = "Hello" }}
"#
    );
    Project::new(&[("suites/one.toml", &suite)])
}

#[test]
fn a_job_that_is_not_parallel_changes_nothing() {
    let app = App::start(well);
    let project = accepted(&app);
    for environment in [
        &[("CI_NODE_TOTAL", "1")][..],
        &[("CIRCLE_NODE_TOTAL", "1"), ("CIRCLE_NODE_INDEX", "0")],
        &[("JOB_COMPLETION_INDEX", "3")],
        &[("CI_NODE_TOTAL", "4"), ("CI_NODE_INDEX", "2"), ("HOLDLINE_SHARD", "off")],
    ] {
        let ran = in_ci(&project, &["run", "--json", "r.json"], environment).expect(0);
        ran.says(&["Held: nothing that worked got worse in 2 suites"]).keeps_quiet(&["hard "]);
    }
}

#[test]
fn a_parallel_job_asks_its_part() {
    let app = App::start(well);
    let project = accepted(&app);
    let mut shards = Vec::new();
    for index in ["1", "2"] {
        let environment = [("CI_NODE_TOTAL", "2"), ("CI_NODE_INDEX", index)];
        in_ci(&project, &["run"], &environment).expect(0).says(&[&format!("Shard {index}/2: ")]);
        shards.push(newest(&project));
    }
    // The job that merges may be a parallel one as well.
    merge(&project, &shards, &[]).expect(0).says(&["Held: "]);
    let both = [("CI_NODE_TOTAL", "2"), ("CI_NODE_INDEX", "1")];
    in_ci(&project, &["run", "--shard", "2/2"], &both).expect(0).says(&["Shard 2/2: "]);
}

#[test]
fn nonsense_of_a_service_is_wrong_usage_and_nothing_is_asked() {
    let app = App::start(well);
    let project = accepted(&app);
    let before = app.asked();
    for (environment, told) in [
        (
            &[("TEST_SHARD_INDEX", "2"), ("TEST_TOTAL_SHARDS", "2")][..],
            "TEST_SHARD_INDEX=`2` is not from 0 to 1",
        ),
        (&[("HOLDLINE_SHARDS", "2")], "HOLDLINE_SHARDS is set and JOB_COMPLETION_INDEX is not"),
        (&[("HOLDLINE_SHARD", "two")], "HOLDLINE_SHARD: `two` is no shard"),
        (
            &[
                ("CI_NODE_INDEX", "1"),
                ("CI_NODE_TOTAL", "2"),
                ("BUILDKITE_PARALLEL_JOB", "1"),
                ("BUILDKITE_PARALLEL_JOB_COUNT", "2"),
            ],
            "CI_NODE_INDEX says shard 1/2, and BUILDKITE_PARALLEL_JOB says shard 2/2",
        ),
    ] {
        in_ci(&project, &["run"], environment).expect(2).says(&[told]);
    }
    assert_eq!(app.asked(), before);
}

#[test]
fn under_bazel_an_empty_shard_passes_and_touches_the_status_file() {
    let app = App::start(well);
    let project = one_case(app.port);
    project.accept_everything();
    let before = app.asked();
    let (mut empty, mut kept) = (0, Vec::new());
    for index in ["0", "1"] {
        let [status, xml, outputs] =
            ["status", "test.xml", "outputs"].map(|name| project.path(&format!("bazel/{index}/{name}")));
        std::fs::create_dir_all(&outputs).unwrap();
        let environment = [
            ("TEST_TOTAL_SHARDS", "2"),
            ("TEST_SHARD_INDEX", index),
            ("TEST_SHARD_STATUS_FILE", status.to_str().unwrap()),
            ("XML_OUTPUT_FILE", xml.to_str().unwrap()),
            ("TEST_UNDECLARED_OUTPUTS_DIR", outputs.to_str().unwrap()),
        ];
        let ran = in_ci(&project, &["run"], &environment).expect(0);
        if ran.out.contains("0 of 1 case asked") {
            empty += 1;
            ran.says(&["none of its cases falls to shard"]);
        }
        assert!(status.exists(), "shard {index}");
        assert!(std::fs::read_to_string(&xml).unwrap().contains("type=\"shard\""));
        kept.push(outputs);
    }
    assert_eq!((empty, app.asked() - before), (1, 1));
    // What Bazel keeps is enough: the runs themselves are gone with the sandbox.
    std::fs::remove_dir_all(project.path(".holdline")).unwrap();
    merge(&project, &kept, &[]).expect(0).says(&["Held: "]);
    // The report goes where the command line says, if it does.
    let elsewhere = project.path("elsewhere.xml");
    let environment = [("XML_OUTPUT_FILE", elsewhere.to_str().unwrap())];
    in_ci(&project, &["run", "--junit", "mine.xml"], &environment).expect(0);
    assert!(project.path("mine.xml").exists() && !elsewhere.exists());
}

#[test]
fn bazel_is_told_of_a_status_file_that_cannot_be_touched() {
    let app = App::start(well);
    let project = one_case(app.port);
    let nowhere = PathBuf::from("no/such/folder/status");
    let environment = [
        ("TEST_TOTAL_SHARDS", "2"),
        ("TEST_SHARD_INDEX", "0"),
        ("TEST_SHARD_STATUS_FILE", nowhere.to_str().unwrap()),
    ];
    in_ci(&project, &["run"], &environment)
        .expect(2)
        .says(&["TEST_SHARD_STATUS_FILE: no/such/folder/status"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_project_without_cases_is_no_empty_shard() {
    let app = App::start(well);
    let project = one_case(app.port);
    let suite = project.read("suites/one.toml");
    project.write("data/none.csv", "text\n");
    project.write(
        "suites/one.toml",
        &suite.replace(
            "inputs = [\"hello you\"]",
            "inputs = { file = \"../data/none.csv\", input = \"text\" }",
        ),
    );
    let whole = in_ci(&project, &["run"], &[]);
    let shard = in_ci(&project, &["run", "--shard", "1/2"], &[]);
    assert_ne!(shard.code, Some(0), "{}{}", shard.out, shard.err);
    assert_eq!(shard.code, whole.code);
}
