//! Prompts of generators: printed, copied into the project, changed there, and told what is wrong with them.

use crate::model::{Model, text};
use crate::world::{UNLIKE, of, project, queries, synth};

const OWN: &str = "suites/prompts/queries.md";

#[test]
fn a_prompt_is_printed_and_a_copy_is_used_in_its_place() {
    let model = Model::start(|_, _| text(&queries(&UNLIKE[..1])));
    let project = project(&model, "");
    let shipped = project.holdline(&["synth", "prompts", "queries"]).expect(0).out;
    assert_eq!(shipped, include_str!("../../src/synth/prompts/queries.md"));

    project
        .holdline(&["synth", "prompts", "queries", "--write"])
        .expect(0)
        .says(&["Wrote suites/prompts/queries.md"]);
    assert_eq!(project.read(OWN), shipped);
    project.holdline(&["synth", "prompts", "queries", "--write"]).expect(2).says(&["is there already"]);
    project.write(OWN, &shipped.replace("# Rules\n", "# Rules\n\n- Every message is about owls.\n"));
    project.holdline(&["synth", "prompts", "queries"]).expect(0).says(&["about owls"]);
    let listed = project.holdline(&["synth", "prompts"]).expect(0).out;
    assert!(listed.contains(OWN) && listed.contains("of Holdline"), "{listed}");
    let shipped = project.holdline(&["synth", "prompts", "queries", "--shipped"]).expect(0).out;
    assert!(!shipped.contains("owls"));

    synth(&project, &["--scenario", "finds-parcels", "--count", "1"]).expect(0);
    let sent = model.sent();
    assert!(sent[0]["messages"][0]["content"].as_str().unwrap().contains("- Every message is about owls."));
}

#[test]
fn in_ci_no_prompt_is_written() {
    let project = of("");
    project
        .holdline_in_ci(&["synth", "prompts", "queries", "--write"])
        .expect(2)
        .says(&["CI writes nothing"]);
    assert!(!project.path(OWN).exists());
}

#[test]
fn all_that_is_wrong_with_a_copy_is_told_with_its_place_before_anything_is_asked() {
    let model = Model::start(|_, _| text("no"));
    let project = project(&model, "");
    let shipped = include_str!("../../src/synth/prompts/queries.md");
    let broken = shipped
        .replace("version: 1", "version: 7\nauthor: Ada")
        .replace("# Steps", "# Step")
        .replace("{{ schema }}", "{{ scheme }} ${env:WRITER_KEY}")
        .replace("{{ scenario.why }}", "{{ scenario.reason }}");
    project.write(OWN, &broken);
    let told = synth(&project, &["--scenario", "finds-parcels", "--count", "1"]).expect(2);
    insta::assert_snapshot!("broken_prompt", told.err);
    for (text, said) in [
        ("", "does not say what it is"),
        ("---\nname: paraphrase\nversion: 1\n---\n", "this prompt is for `paraphrase`"),
        (&shipped.replace("{% endif %}", ""), "is no template"),
        (&shipped.replace("# Rules\n", "# Rules\n\n# Rules\n"), "is there twice"),
    ] {
        project.write(OWN, text);
        synth(&project, &["--count", "1"]).expect(2).says(&[said, OWN]);
        project.holdline(&["synth", "prompts", "queries"]).expect(2).says(&[said]);
    }
    assert!(model.sent().is_empty());
}
