//! Taxonomies that change, and what becomes of what was assigned.

use crate::world::{TAXONOMY, World};

const CODES: &str = "suites/greet.codes.jsonl";
const FILE: &str = "suites/taxonomy.toml";

/// Three failures: two greet back, one is silent.
fn world() -> World {
    let world = World::sorted();
    world.run_with(&["bye number 1", "bye number 2", "bye number 3"]);
    world.assign("bye number 1", "greets-back");
    world.assign("bye number 2", "greets-back");
    world.assign("bye number 3", "silent");
    world
}

#[test]
fn what_was_sorted_under_an_older_definition_is_to_be_read_again() {
    let world = world();
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
    // A name, a comment and an example change no meaning.
    let renamed = TAXONOMY
        .replace("Greets back", "Hello instead of bye")
        .replace("# seen first by Ben", "\nexamples = [\"x\"]");
    world.project.write(FILE, &renamed);
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
    world.project.write(FILE, &TAXONOMY.replace("where it should part", "although it was told bye"));
    let said = world.project.holdline(&["code", "pending"]).expect(0);
    insta::assert_snapshot!("outdated", world.masked(&said.out));
    world.project.holdline(&["code", "list"]).expect(0).says(&["2 to be read again"]);
    world.typed(&["code", "review"], "greets-back\nsilent\n").expect(0).says(&["2 failures sorted, 0 left"]);
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
}

#[test]
fn what_was_sorted_is_read_again_also_where_it_does_not_fail_any_more() {
    let world = world();
    let case = world.case("bye number 1");
    world.run_with(&["bye number 3"]);
    world.project.write(FILE, &TAXONOMY.replace("where it should part", "although it was told bye"));
    // The run before last has the answer.
    let said = world.typed(&["code", "review"], "q\n").expect(0);
    said.says(&[&format!("{case} in run "), "Hello again", "[1/2]"]);
    std::fs::remove_dir_all(&crate::project::runs(world.project.folder.path())[0]).unwrap();
    world.project.holdline(&["code", "pending"]).expect(0).says(&["no run that is kept has its failure"]);
    world.typed(&["code", "review"], "1\n1\n").expect(0).says(&["2 failures sorted, 0 left"]);
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
}

#[test]
fn a_merge_takes_along_what_was_assigned_and_keeps_what_people_wrote() {
    let world = world();
    let said = world.project.holdline(&[
        "code",
        "merge",
        "silent",
        "greets-back",
        "--into",
        "greets-back",
        "--reason",
        "nobody can tell them apart",
    ]);
    said.expect(0).says(&["merged silent into greets-back: 1 assignment follows"]);
    insta::assert_snapshot!("merged", world.masked(&world.project.read(FILE)));
    let last = world.lines(CODES).pop().unwrap();
    assert_eq!(
        (&last["category"], &last["how"]),
        (&"greets-back".into(), &"merge of silent, greets-back".into())
    );
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
    world
        .project
        .holdline(&["code", "list"])
        .expect(0)
        .says(&["3 cases sorted", "merged silent, greets-back into greets-back (Ada)"]);
    world
        .project
        .holdline(&["code", "assign", "bye number 3", "silent"])
        .expect(2)
        .says(&["it was merged into `greets-back`"]);
    world
        .project
        .holdline(&["code", "add", "silent", "again"])
        .expect(2)
        .says(&["`silent` is still a category, and was merged into `greets-back`"]);
}

#[test]
fn a_merge_by_hand_leaves_what_was_assigned_to_be_read_again() {
    let world = world();
    let (first, _) = TAXONOMY.rsplit_once("[[category]]").unwrap();
    let change = "[[change]]\nkind = \"merge\"\nfrom = [\"silent\"]\ninto = [\"greets-back\"]\nby = \"Ben\"\ndate = 2026-11-28\nreason = \"one\"\n";
    world.project.write(FILE, &format!("{first}{change}"));
    world
        .project
        .holdline(&["code", "pending"])
        .expect(0)
        .says(&["1 to be read", "which was merged into greets-back"]);
}

#[test]
fn a_split_opens_what_was_assigned_and_review_goes_through_it() {
    let world = world();
    let into = "again,late";
    world
        .project
        .holdline(&["code", "split", "greets-back", "--into", into, "--reason", "two things"])
        .expect(2)
        .says(&["there is no category `again` yet", "--define"]);
    let said = world.project.holdline(&[
        "code",
        "split",
        "greets-back",
        "--into",
        into,
        "--reason",
        "two things",
        "--define",
        "again=It greets a second time",
        "--define",
        "late=It parts, but later",
    ]);
    said.expect(0)
        .says(&["split greets-back into again, late: 2 assignments are open again", "holdline code review"]);
    insta::assert_snapshot!("split", world.masked(&world.project.read(FILE)));
    world
        .project
        .holdline(&["code", "pending"])
        .expect(0)
        .says(&["2 to be read", "which was split into again, late"]);
    let said = world.typed(&["code", "review", "--category", "greets-back"], "again\nlate\n").expect(0);
    said.says(&["[2/2]", "2 failures sorted, 0 left"]);
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
}

#[test]
fn what_is_split_off_opens_what_stays_as_well() {
    let world = world();
    let said = world.project.holdline(&[
        "code",
        "split",
        "greets-back",
        "--into",
        "greets-back,late",
        "--reason",
        "some are late",
        "--define",
        "late=It parts, but later",
    ]);
    said.expect(0).says(&["2 assignments are open again"]);
    world
        .project
        .holdline(&["code", "pending"])
        .expect(0)
        .says(&["2 to be read", "meant something else by then"]);
}

#[test]
fn a_change_that_cannot_be_is_refused_and_nothing_is_written() {
    let world = world();
    let codes = world.project.read(CODES);
    let refused = |arguments: &[&str], says: &str| {
        world.project.holdline(arguments).expect(2).says(&[says]);
    };
    refused(&["code", "merge", "silent", "--into", "silent", "--reason", "x"], "nothing was merged");
    refused(&["code", "merge", "silnt", "--into", "greets-back", "--reason", "x"], "did you mean `silent`?");
    refused(
        &["code", "merge", "silent", "--into", "both", "--reason", "x"],
        "there is no category `both` yet",
    );
    refused(&["code", "merge", "silent", "--into", "greets-back", "--reason", " "], "--reason says nothing");
    refused(
        &["code", "split", "silent", "--into", "greets-back", "--reason", "x"],
        "a split makes two categories or more",
    );
    refused(&["code", "add", "Silent", "x"], "cannot be the id of a category");
    refused(&["code", "add", "quiet", " "], "`definition` says nothing");
    refused(
        &["code", "add", "quiet", "x", "--parent", "nowhere"],
        "`parent` names `nowhere`, which is no category",
    );
    assert_eq!(world.project.read(FILE), TAXONOMY);
    assert_eq!(world.project.read(CODES), codes);
}

#[test]
fn categories_are_added_behind_the_others() {
    let world = World::new();
    world
        .project
        .holdline(&["code", "add", "late", "It comes \"too\" late"])
        .expect(0)
        .says(&["added late to suites/taxonomy.toml"]);
    world
        .project
        .holdline(&[
            "code",
            "add",
            "too-late",
            "After a minute",
            "--name",
            "Far too late",
            "--parent",
            "late",
        ])
        .expect(0);
    insta::assert_snapshot!("added", world.project.read(FILE));
}
