//! Templates, knobs and what covers them.

use super::{scenarios, target};

/// A scenario with a good template, these knobs and what follows them.
fn knobs(text: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"helps\"\ntemplate = \"I am a {{{{ persona }}}} and my {{{{ feature }}}} fails\"\nexpect = {{ label = \"work\" }}\n[scenario.knobs]\n{text}\n"
    ))
}

/// The same with good knobs.
fn cover(text: &str) -> String {
    knobs(&format!(
        "persona = [\"new user\", \"admin\"]\nfeature = [\"search\", \"export\", \"login\"]\n[scenario.cover]\n{text}"
    ))
}

#[test]
fn knobs_that_make_no_sense() {
    insta::assert_snapshot!(knobs(
        r#"persona = []
feature = ["search", "export", "search"]
colour = ["red", "blue"]
"row" = ["a"]
"two words" = ["a"]"#
    ));
}

#[test]
fn weights_and_shares_that_make_no_sense() {
    insta::assert_snapshot!(knobs(
        r#"persona = { values = ["new user", "admin"], weights = [1, 2, 3] }
feature = { values = ["search", "export"], weights = [1, -2], shares = { serch = 0.5, export = 1.5 } }"#
    ));
}

#[test]
fn shares_and_weights_that_do_not_add_up() {
    insta::assert_snapshot!(knobs(
        r#"persona = { values = ["new user", "admin"], weights = [0, 0] }
feature = { values = ["search", "export"], shares = { search = 0.7, export = 0.6 } }"#
    ));
}

#[test]
fn a_template_with_a_missing_variable() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "helps"
template = ["I am a {{ persna }} and {{ knobs.problem }}", "{{ persona }} {{ knobs.person }} ${env:KEY} {{ input }}", " "]
expect = { contains = "{{ knobs.persone }} {{ row.persona }}" }
[scenario.knobs]
persona = ["new user", "admin"]
"#
    ));
}

#[test]
fn a_template_without_knobs_and_knobs_without_a_template() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "helps"
template = "I am a user"
expect = { label = "work" }

[[scenario]]
name = "greets"
inputs = ["hello"]
expect = { contains = "{{ knobs.persona }}" }
cover = { strength = 2 }
knobs = { persona = ["new user"] }

[[scenario]]
name = "parts"
inputs = ["bye"]
expect = { contains = "{{ knobs.persona }}" }
"#
    ));
}

#[test]
fn constraints_that_cannot_be_read() {
    insta::assert_snapshot!(cover(
        r#"constraints = [
  'not (persona = "new user" and feature = "exprt")',
  'persone = admin',
  'persona = admin and',
]"#
    ));
}

#[test]
fn constraints_that_leave_nothing() {
    insta::assert_snapshot!(cover(
        r#"constraints = [
  'feature != "login"',
  'persona = admin',
  'persona != admin',
]"#
    ));
}

#[test]
fn rows_and_groups_that_make_no_sense() {
    insta::assert_snapshot!(cover(
        r#"strength = 5
count = 1
groups = [{ knobs = ["persona", "featur"], strength = 2 }, { knobs = ["persona"], strength = 2 }, { knobs = [], strength = 1 }]
rows = [{ persona = "admn" }, { person = "admin" }]"#
    ));
}

#[test]
fn a_row_that_breaks_a_constraint() {
    insta::assert_snapshot!(cover(
        r#"constraints = ['not (persona = "new user" and feature = "export")']
rows = [{ persona = "new user", feature = "export" }]"#
    ));
}

#[test]
fn too_many_combinations() {
    let many: Vec<String> = (0..30)
        .map(|knob| {
            format!(
                "k{knob} = [{}]",
                (0..20).map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    let names: Vec<String> = (0..30).map(|knob| format!("{{{{ k{knob} }}}}")).collect();
    let told = scenarios(&format!(
        "[[scenario]]\nname = \"helps\"\ntemplate = \"{}\"\nexpect = {{ label = \"work\" }}\ncover = {{ strength = 4 }}\n[scenario.knobs]\n{}\n",
        names.join(" "),
        many.join("\n")
    ));
    assert!(
        told.contains("error[too-many]: more than 4000000 combinations would have to be covered"),
        "{told}"
    );
    assert!(told.contains("help: lower the strength or use fewer values"), "{told}");
}

#[test]
fn knobs_in_what_is_sent_that_a_scenario_does_not_have() {
    insta::assert_snapshot!(target(
        "[target]\nhttp = \"http://127.0.0.1:8080/route\"\nbody = { text = \"{{ input }}\", lang = \"{{ knobs.lang }}\", tone = \"{{ knobs.tone | default('plain') }}\" }"
    ));
}

#[test]
fn a_label_from_a_knob_that_is_not_declared() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "helps"
template = "I want to {{ intent }}"
expect = { label = "{{ knobs.intent }}" }
[scenario.knobs]
intent = ["travel", "wrk"]
"#
    ));
}

#[test]
fn good_templates_are_accepted() {
    assert_eq!(
        cover(
            "strength = 1\ncount = 5\nconstraints = ['if persona = admin then feature in [search, export]']\nrows = [{ persona = \"admin\" }]\ngroups = [{ knobs = [\"persona\", \"feature\"], strength = 2 }]"
        ),
        "no mistakes"
    );
}
