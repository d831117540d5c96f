//! The recorded plan: a pull request shows when the cases move.

use super::project::Project;
use super::{HEAD, REQUESTS, scenario};

fn project() -> Project {
    let text = format!(
        "{HEAD}{}{}",
        scenario("books", &REQUESTS[..3], "[\"typing\"]"),
        scenario("asks back", &REQUESTS[3..5], "[{ op = \"negation\", label = \"clarify\" }]")
    );
    Project::new(&[("suites/demo.toml", &text)])
}

const CHECK: [&str; 2] = ["expand", "--check"];
const WRITE: [&str; 2] = ["expand", "--write"];

#[test]
fn what_is_written_is_what_is_checked() {
    let project = project();
    project
        .holdline(&CHECK)
        .expect(1)
        .says(&["suites/demo.plan is missing", "`holdline expand --write demo`"]);
    project.holdline(&WRITE).expect(0).says(&["written    suites/demo.plan"]);
    let plan = project.read("suites/demo.plan");
    for line in [
        "suite demo",
        "scenario books",
        "scenario asks-back",
        "  origin written 3",
        "  entry typing requested 6 delivered 6",
    ] {
        assert!(plan.lines().any(|of| of == line), "{line} in\n{plan}");
    }
    project.holdline_in_ci(&CHECK).expect(0).says(&["ok  suites/demo.plan"]);
    project.holdline(&WRITE).expect(0).says(&["unchanged  suites/demo.plan"]);
    assert_eq!(project.read("suites/demo.plan"), plan);
}

#[test]
fn a_changed_seed_moves_its_scenario_alone() {
    let project = project();
    project.holdline(&WRITE).expect(0);
    let before = project.read("suites/demo.plan");
    let moved =
        project.read("suites/demo.toml").replace("Book a meeting with Maria", "Book a meeting with Priya");
    project.write("suites/demo.toml", &moved);
    let ran = project.holdline(&CHECK).expect(1);
    let ran =
        ran.says(&["suites/demo.plan: the cases are not those recorded", "holdline expand --write demo"]);
    let digests: Vec<&str> = before.lines().filter(|line| line.starts_with("  digest ")).collect();
    assert!(ran.out.contains(&format!("- {}", digests[0])), "{}", ran.out);
    assert!(!ran.out.contains(digests[1]), "{}", ran.out);
    assert_eq!(project.read("suites/demo.plan"), before, "checking writes nothing");
    project.holdline(&WRITE).expect(0);
    project.holdline(&CHECK).expect(0);
}

#[test]
fn a_digit_that_was_touched_is_seen() {
    let project = project();
    project.holdline(&WRITE).expect(0);
    let plan = project.read("suites/demo.plan");
    let at = plan.find("  digest ").unwrap() + "  digest ".len();
    let digit = if plan.as_bytes()[at] == b'0' { "1" } else { "0" };
    project.write("suites/demo.plan", &format!("{}{digit}{}", &plan[..at], &plan[at + 1..]));
    project.holdline(&CHECK).expect(1).says(&["the cases are not those recorded"]);
    project.write("suites/demo.plan", &format!("{plan}\n"));
    project.holdline(&CHECK).expect(1);
    project.write("suites/demo.plan", &plan);
    project.holdline(&CHECK).expect(0);
}

#[test]
fn a_plan_is_not_written_in_ci() {
    let project = project();
    project.holdline_in_ci(&WRITE).expect(2).says(&["in CI", "holdline expand --write"]);
    assert!(!project.path("suites/demo.plan").exists());
}

#[test]
fn a_suite_without_variants_needs_no_plan() {
    let text = format!(
        "{HEAD}[[scenario]]\nname = \"books\"\ninputs = [\"Book it\"]\nexpect = {{ label = \"clarify\" }}\n"
    );
    let project = Project::new(&[("suites/demo.toml", &text)]);
    project.holdline(&CHECK).expect(0).says(&["makes no variants"]);
}
