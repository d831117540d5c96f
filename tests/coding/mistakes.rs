//! Mistakes in a taxonomy, all told at once.

use crate::world::World;

#[test]
fn all_mistakes_of_a_taxonomy_are_told_at_once_with_their_places() {
    let world = World::new();
    world.project.write(
        "suites/taxonomy.toml",
        r#"[[category]]
id = "Late"
name = "Answers late"
definition = " "

[[category]]
id = "late"
name = "answers, LATE!"
definition = "too late"
parent = "unti"

[[category]]
id = "late"
name = "Late once more"
definition = "too late"

[[category]]
id = "unit"
name = "Wrong unit"
definition = "years for months"
parent = "money"
colour = "red"

[[category]]
id = "money"
name = "Wrong sum"
definition = "it cannot count"
parent = "unit"
include = ["", "cents"]

[[category]]
id = "old"
name = "Old"
definition = "was merged"
parent = "older"

[[change]]
kind = "merge"
from = ["old", "older"]
into = ["unit"]
by = "Ada"
date = 2026-11-28
reason = "one thing"

[[change]]
kind = "split"
from = ["old"]
into = ["unit"]
by = ""
date = 2026-11-27
reason = "too wide"

[[change]]
kind = "joined"
from = ["a"]
into = ["nowhere", "money"]
by = "Ada"
date = "2026-13-01"
reason = "?"

[[change]]
kind = "merge"
from = ["aa"]
into = ["nowhere"]
by = "Ada"
date = 2026-12-01
reason = "?"
"#,
    );
    let said = world.project.holdline(&["check"]).expect(2);
    insta::assert_snapshot!("all", said.err);
    // A run would not know what to tell: nothing is asked.
    world.run_with(&[]).expect(2).says(&["suites/taxonomy.toml"]);
}

#[test]
fn a_suite_cannot_be_called_taxonomy() {
    let world = World::new();
    let suite = world.project.read("suites/greet.toml");
    world.project.write("suites/taxonomy.toml", &suite);
    world
        .run_with(&[])
        .expect(2)
        .says(&["a suite cannot be called `taxonomy`", "give the suite another name"]);
}

#[test]
fn the_schema_is_printed_for_editors() {
    let printed = World::new().project.holdline(&["schema", "taxonomy"]).expect(0).out;
    let schema: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(schema["title"], "Holdline taxonomy");
    assert!(schema["properties"]["category"].is_object());
}
