//! What runs tell of categories: those that are new or more common, also where the pass rate is flat.

use crate::project::Ran;
use crate::world::World;

/// What `n` partings and `m` greetings are that go wrong.
fn wrong(byes: usize, hellos: usize) -> Vec<String> {
    let byes = (1..=byes).map(|n| format!("bye number {n}"));
    byes.chain((1..=hellos).map(|n| format!("hello number {n}"))).collect()
}

/// Panics unless all of these were said, however the lines were broken.
#[track_caller]
fn says(ran: &Ran, texts: &[&str]) {
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in texts {
        assert!(said.contains(text), "`{text}` is not said in:\n{}", ran.out);
    }
}

fn run(world: &World, byes: usize, hellos: usize) -> Ran {
    let wrong = wrong(byes, hellos);
    world.run_with(&wrong.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A baseline in which five greetings fail, silently; then five partings fail in their place.
fn turned() -> World {
    let world = World::sorted();
    run(&world, 0, 5).expect(0);
    (1..=5).for_each(|n| world.assign(&format!("hello number {n}"), "silent"));
    world.project.holdline(&["accept", "--reason", "as it is"]).expect(0);
    run(&world, 5, 0);
    (1..=5).for_each(|n| world.assign(&format!("bye number {n}"), "greets-back"));
    world
}

#[test]
fn a_category_that_is_new_is_told_although_as_many_pass_as_before() {
    let world = turned();
    let ran = run(&world, 5, 0);
    let record = world.record();
    let coding = &record["suites"][0]["coding"];
    // Five of 25 seeds against none of 25: C(25, 5) / C(50, 5) = 53130 / 2118760, and twice that over two categories.
    let p = 53_130.0 / 2_118_760.0;
    let of = |at: usize| &coding["prevalence"][at];
    assert_eq!(of(0)["category"], "greets-back");
    assert_eq!(
        (&of(0)["now"]["seeds"], &of(0)["before"]["seeds"], &of(0)["now"]["of"]),
        (&5.into(), &0.into(), &25.into())
    );
    assert!((of(0)["p"].as_f64().unwrap() - p).abs() < 1e-9, "{coding}");
    assert!((of(0)["adjusted"].as_f64().unwrap() - 2.0 * p).abs() < 1e-9, "{coding}");
    assert_eq!((&of(1)["category"], &of(1)["now"]["seeds"]), (&"silent".into(), &0.into()));
    assert_eq!(coding["cases"].as_object().unwrap().len(), 5);
    says(
        &ran,
        &[
            "Categories of failures (they do not gate):",
            "Greets back (`greets-back`): 5 of 25 seeds fail with it, none of 25 in the baseline",
            "p = 0.0251; p = 0.0502 over 2 categories",
            "chance alone could do it",
            "all 5 failing cases have a category",
        ],
    );
}

#[test]
fn a_category_does_not_change_what_the_gate_decides() {
    let world = turned();
    let ran = run(&world, 5, 0);
    let with =
        (ran.code, world.record()["decision"].clone(), world.record()["suites"][0]["findings"].clone());
    std::fs::remove_file(world.project.path("suites/greet.codes.jsonl")).unwrap();
    let ran = run(&world, 5, 0).keeps_quiet(&["Categories of failures"]);
    assert_eq!(
        (ran.code, world.record()["decision"].clone(), world.record()["suites"][0]["findings"].clone()),
        with
    );
}

#[test]
fn a_category_that_is_more_common_is_told_with_its_test_and_failing_cases_with_theirs() {
    let world = World::sorted();
    run(&world, 1, 0).expect(0);
    world.assign("bye number 1", "greets-back");
    world.project.holdline(&["accept", "--reason", "as it is"]).expect(0);
    run(&world, 12, 0);
    (2..=11).for_each(|n| world.assign(&format!("bye number {n}"), "greets-back"));
    let markdown = world.project.path("report.md");
    let ran = world.project.holdline(&["run", "--markdown", markdown.to_str().unwrap()]).expect(1);
    says(
        &ran,
        &[
            "11 of 25 seeds fail with it, 1 of 25 in the baseline",
            "more than chance",
            "category: Greets back (`greets-back`)",
            "1 of 12 failing cases has no category yet: `holdline code pending`",
        ],
    );
    let page = std::fs::read_to_string(markdown).unwrap();
    for text in ["**Categories of failures (they do not gate)**", "**more:**", "**category:** Greets back"] {
        assert!(page.contains(text), "{text} in\n{page}");
    }
}

#[test]
fn failures_of_the_baseline_that_nobody_sorted_are_told_beside_what_looks_new() {
    let world = World::sorted();
    run(&world, 0, 2).expect(0);
    world.project.holdline(&["accept", "--reason", "as it is"]).expect(0);
    run(&world, 2, 0);
    world.assign("bye number 1", "greets-back");
    says(
        &run(&world, 2, 0),
        &[
            "1 of 25 seeds fails with it, none of 25 in the baseline",
            "2 failures of the baseline have no category and may be of it",
            "1 of 2 failing cases has no category yet",
        ],
    );
}

#[test]
fn what_was_sorted_under_an_older_definition_is_told_so() {
    let world = turned();
    world
        .project
        .write("suites/taxonomy.toml", &crate::world::TAXONOMY.replace("where it should part", "instead"));
    says(&run(&world, 5, 0), &["5 failing cases were sorted under an older definition of the category"]);
}
