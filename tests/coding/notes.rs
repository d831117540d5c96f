//! Notes on cases, beside the suite.

use crate::world::World;

const NOTES: &str = "suites/greet.notes.jsonl";

#[test]
fn a_note_stands_beside_the_suite_and_the_last_word_of_each_person_counts() {
    let world = World::new();
    world.run_with(&["bye number 3"]);
    let case = world.case("bye number 3");
    world
        .project
        .holdline(&["note", &case[..8], "greets where it should part"])
        .expect(0)
        .says(&[&case, NOTES]);
    world.typed(&["note", "bye number 3"], "  it knows no end\n").expect(0);
    let ben = |arguments: &[&str]| {
        crate::project::Ran::of(
            world.project.command(arguments).env("HOLDLINE_USER", "Ben").output().unwrap(),
        )
    };
    ben(&["note", &case, "the model was swapped"]).expect(0);
    let lines = world.lines(NOTES);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1]["text"], "it knows no end");
    assert_eq!((&lines[0]["by"], &lines[0]["input"]), (&"Ada".into(), &"bye number 3".into()));
    assert_eq!(lines[0]["run"], world.record()["run"]);
    insta::assert_snapshot!("list", world.masked(&world.project.holdline(&["note", "--list"]).expect(0).out));
    let shown = world.project.holdline(&["show", &case]).expect(0);
    shown.says(&["said by people", "it knows no end (Ada, ", "the model was swapped (Ben, "]);

    // Runs may go; notes stay, and can be taken back by who wrote them.
    std::fs::remove_dir_all(world.project.path(".holdline")).unwrap();
    world.project.holdline(&["note", "--list", "greet"]).expect(0).says(&["it knows no end"]);
    world.project.holdline(&["note", &case[..6], "--remove"]).expect(0);
    world.project.holdline(&["note", "--list"]).expect(0).says(&["swapped"]).keeps_quiet(&["no end"]);
    world.project.holdline(&["note", &case[..6], "--remove"]).expect(2).says(&["Ada has no note on a case"]);
    assert_eq!(world.lines(NOTES).len(), 4);
    world.project.holdline(&["check"]).expect(0).says(&["suites/greet.notes.jsonl  1 note"]);
}

#[test]
fn what_looks_like_a_secret_does_not_get_into_the_file() {
    let world = World::new();
    world.run_with(&["bye number 3"]);
    let key = concat!("sk-", "proj-abcdefghij0123456789");
    world
        .project
        .holdline(&["note", "bye number 3", &format!("it printed {key}")])
        .expect(0)
        .says(&["replaced in it: 1 secret"]);
    assert_eq!(world.lines(NOTES)[0]["text"], "it printed [redacted:key]");
    world.project.holdline(&["note", "bye number 3", "jane.roe@contoso.com asked"]).expect(0);
    assert_eq!(world.lines(NOTES)[1]["text"], "user@example.com asked");
}

#[test]
fn a_note_that_cannot_be_kept_is_refused_with_the_reason() {
    let world = World::new();
    world.project.holdline(&["note", "bye number 3", "x"]).expect(2).says(&["there is no run yet"]);
    world.run_with(&["bye number 3"]);
    world.typed(&["note", "bye number 3"], " \n").expect(2).says(&["the note says nothing"]);
    let long = "x".repeat(2001);
    world
        .project
        .holdline(&["note", "bye number 3", &long])
        .expect(2)
        .says(&["at most 2000 characters, and this one 2001"]);
    world.project.holdline(&["note", "bye number", "x"]).expect(2).says(&["12 cases fit"]);
    world.project.holdline(&["note", "nowhere", "x"]).expect(2).says(&["no case of run"]);
    world
        .project
        .holdline_in_ci(&["note", "bye number 3", "x"])
        .expect(2)
        .says(&["in CI nothing is written"]);
    assert!(!world.project.path(NOTES).exists());
    world.project.holdline_in_ci(&["note", "--list"]).expect(0).says(&["There are no notes."]);
    world.project.write(NOTES, "{\"case\": \"00\"}\n{}\n");
    let said = world.project.holdline(&["check"]).expect(2);
    said.says(&["suites/greet.notes.jsonl:1", "suites/greet.notes.jsonl:2", "this is no note"]);
}
