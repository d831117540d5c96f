//! Failures sorted into categories, by name and one after the other.

use crate::world::World;

const CODES: &str = "suites/greet.codes.jsonl";

#[test]
fn failures_are_sorted_listed_and_taken_back() {
    let world = World::sorted();
    world.run_with(&["bye number 1", "bye number 2", "hello number 4"]);
    world
        .project
        .holdline(&["code", "pending"])
        .expect(0)
        .says(&["greet: 3 to be read; 3 cases failed in run "]);
    world.assign("bye number 1", "greets-back");
    world.assign("bye number 2", "greets-back");
    insta::assert_snapshot!("list", world.masked(&world.project.holdline(&["code", "list"]).expect(0).out));
    insta::assert_snapshot!(
        "pending",
        world.masked(&world.project.holdline(&["code", "pending"]).expect(0).out)
    );
    let line = &world.lines(CODES)[0];
    assert_eq!(
        (&line["category"], &line["by"], &line["scenario"]),
        (&"greets-back".into(), &"Ada".into(), &"parts-from-people".into())
    );
    assert_eq!(line["definition"].as_str().unwrap().len(), 16);

    let case = world.case("bye number 1");
    world
        .project
        .holdline(&["show", &case])
        .expect(0)
        .says(&["Greets back (greets-back), sorted by Ada on "]);
    world.project.holdline(&["code", "unassign", &case[..8]]).expect(0).says(&["taken back: 1 assignment"]);
    let pending = world.project.holdline(&["code", "pending", "greet", "--json"]).expect(0).out;
    let pending: serde_json::Value = serde_json::from_str(&pending).unwrap();
    assert_eq!(pending[0]["pending"].as_array().unwrap().len(), 2);
    let list = world.project.holdline(&["code", "list", "--json"]).expect(0).out;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list["categories"][0]["failing_cases"], &list["without_category"]), (&1.into(), &2.into()));
    world
        .project
        .holdline(&["check"])
        .expect(0)
        .says(&["suites/taxonomy.toml  2 categories", "suites/greet.codes.jsonl  1 sorted failure"]);
}

#[test]
fn what_cannot_be_sorted_is_refused_with_the_mend() {
    let world = World::new();
    world.run_with(&["bye number 1"]);
    world
        .project
        .holdline(&["code", "list"])
        .expect(2)
        .says(&["there are no categories yet", "holdline code add"]);
    world
        .project
        .holdline(&["code", "assign", "bye number 1", "late"])
        .expect(2)
        .says(&["there are no categories yet"]);
    world.project.write("suites/taxonomy.toml", crate::world::TAXONOMY);
    let refused = |arguments: &[&str], says: &str| {
        world.project.holdline(arguments).expect(2).says(&[says]);
    };
    refused(&["code", "assign", "bye number 1", "silnt"], "did you mean `silent`?");
    refused(&["code", "assign", "hello number 1", "silent"], "is pass in run");
    refused(&["code", "assign", "number 1", "silent"], "8 cases fit");
    refused(&["code", "assign", "nowhere", "silent"], "no case of run");
    refused(&["code", "list", "gret"], "did you mean `greet`?");
    refused(&["code", "unassign", "0123"], "nothing that begins with `0123` has a category");
    assert!(!world.project.path(CODES).exists());
}

#[test]
fn in_ci_nothing_is_written() {
    let world = World::sorted();
    world.run_with(&["bye number 1"]);
    let before = world.project.read("suites/taxonomy.toml");
    for arguments in [
        vec!["code", "assign", "bye number 1", "silent"],
        vec!["code", "unassign", "0123"],
        vec!["code", "add", "late", "too late"],
        vec!["code", "merge", "silent", "--into", "greets-back", "--reason", "one"],
        vec!["code", "split", "silent", "--into", "silent,greets-back", "--reason", "two"],
        vec!["code", "review"],
        vec!["code", "propose"],
    ] {
        world.project.holdline_in_ci(&arguments).expect(2).says(&["in CI "]);
    }
    assert!(!world.project.path(CODES).exists());
    assert_eq!(world.project.read("suites/taxonomy.toml"), before);
    world.project.holdline_in_ci(&["code", "list"]).expect(0);
    world.project.holdline_in_ci(&["code", "pending"]).expect(0);
}

#[test]
fn review_goes_through_what_is_to_be_read_and_can_go_back() {
    let world = World::sorted();
    world.run_with(&["bye number 1", "bye number 2", "bye number 12"]);
    world.project.holdline(&["note", "bye number 12", "it forges an end"]).expect(0);
    // By number, a word that is none, undone, by the beginning of an id, skipped, by id.
    let said = world.typed(&["code", "review"], "1\nu\nnothing\ngr\ns\nsilent\n").expect(0);
    insta::assert_snapshot!("review", world.masked(&said.out));
    let lines = world.lines(CODES);
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["category"], &lines[1]["category"]), (&"greets-back".into(), &"silent".into()));
    // What is left is left: the end of the input is no answer.
    let said = world.typed(&["code", "review", "greet"], "").expect(0);
    said.says(&["[1/1] greet::parts-from-people", "0 failures sorted, 1 left"]);
    world.typed(&["code", "review"], "2\n").expect(0).says(&["1 failure sorted, 0 left"]);
    world.typed(&["code", "review"], "").expect(0).says(&["Nothing is to be read"]);
    world.project.holdline(&["code", "pending"]).expect(0).says(&["Nothing is to be read"]);
}

#[test]
fn undo_reaches_what_was_sorted_in_another_suite() {
    let world = World::sorted();
    let suite = world.project.read("suites/greet.toml");
    world.project.write("suites/other.toml", &suite);
    world.run_with(&["bye number 1"]);
    world.typed(&["code", "review"], "1\n1\nu\nu\nq\n").expect(0).says(&["0 failures sorted, 2 left"]);
    assert_eq!(world.project.read("suites/greet.codes.jsonl"), "");
    assert_eq!(world.project.read("suites/other.codes.jsonl"), "");
}

#[test]
fn a_group_is_sorted_as_one_and_what_says_the_same_later_belongs_to_it() {
    let world = World::sorted();
    world.run_with(&["bye number 1", "bye number 2", "hello number 1"]);
    let path = world.project.path("distilled.json");
    world.project.holdline(&["distil", "--json", path.to_str().unwrap()]).expect(0);
    let distilled: serde_json::Value = serde_json::from_str(&world.project.read("distilled.json")).unwrap();
    let groups = distilled["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["scenario"] == "parts-from-people").unwrap();
    let id = group["id"].as_str().unwrap();
    world.project.holdline(&["code", "assign", &id[..6], "greets-back"]).expect(0).says(&[
        &format!("greets-back: 2 failing cases of group {id}"),
        "what says the same later belongs to it",
    ]);
    assert_eq!(world.lines(CODES).len(), 3);
    world.run_with(&["bye number 7", "hello number 1"]).says(&["1 of 2 failing cases has no category yet"]);
    let coding = &world.record()["suites"][0]["coding"];
    assert_eq!(coding["cases"][world.case("bye number 7")]["category"], "greets-back");
    world.project.holdline(&["show", "bye number 7"]).expect(0).says(&["Greets back (greets-back)"]);
    // A word of its own goes before that of the group; taken back, the group's cases go with it.
    world.assign("bye number 7", "silent");
    world.project.holdline(&["code", "list"]).expect(0).says(&["1 group sorted whole"]);
    world.project.holdline(&["code", "unassign", id]).expect(0).says(&["taken back: 3 assignments"]);
    world.project.holdline(&["code", "list"]).expect(0).says(&["1 case of 1 seed fails now, 1 case sorted"]);
}

#[test]
fn a_note_is_a_further_text_of_a_failure() {
    let world = World::sorted();
    world.run_with(&["bye number 1"]);
    world.project.holdline(&["note", "bye number 1", "the zebra did it"]).expect(0);
    let path = world.project.path("distilled.json");
    world.project.holdline(&["distil", "--json", path.to_str().unwrap()]).expect(0);
    let distilled: serde_json::Value = serde_json::from_str(&world.project.read("distilled.json")).unwrap();
    assert_eq!(distilled["failures"][0]["notes"], serde_json::json!(["the zebra did it"]));
}
