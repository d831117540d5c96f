//! Files as such: syntax, encoding, folders, schemas.

use super::{not_utf8, scenarios, told};
use holdline::suite::load_folder;
use std::fs;
use std::path::Path;

#[test]
fn syntax_errors() {
    insta::assert_snapshot!(told(&[(
        "suites/demo.toml",
        "feature = Routes\n[target\nhttp = \"x\"\n\n[[scenario]]\nname = \"unclosed\n"
    )]));
}

#[test]
fn a_key_given_twice() {
    insta::assert_snapshot!(scenarios(
        r#"[[scenario]]
name = "books a flight"
inputs = ["fly me to Rome"]
expect = { label = "travel" }
inputs = ["fly me to Oslo"]

"#
    ));
}

#[test]
fn text_that_is_not_utf8() {
    insta::assert_snapshot!(not_utf8());
}

#[cfg(not(feature = "json-schema"))]
#[test]
fn a_schema_for_answers_that_cannot_be_used() {
    insta::assert_snapshot!(told(&[
        (
            "suites/demo.toml",
            &format!(
                "{}[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = [{{ json_schema = \"s.json\" }}, {{ json_schema = \"t.json\" }}]\n",
                super::HEAD
            )
        ),
        ("suites/s.json", "{ \"type\": }")
    ]));
}

#[test]
fn folders_without_suites_and_unknown_names() {
    let root = tempfile::tempdir().unwrap();
    let told = |only: &[&str]| {
        let only: Vec<_> = only.iter().map(|name| (*name).to_owned()).collect();
        load_folder(root.path(), Path::new("suites"), &only).unwrap_err().render(100, false)
    };
    let mut all = told(&[]);
    fs::create_dir(root.path().join("suites")).unwrap();
    all = all + "\n\n" + &told(&[]);
    fs::write(root.path().join("suites/routing.toml"), "feature = 1\n").unwrap();
    fs::write(root.path().join("suites/search.toml"), "feature = 1\n").unwrap();
    insta::assert_snapshot!(all + "\n\n" + &told(&["routng", "billing", "search"]));
}

#[cfg(feature = "json-schema")]
#[test]
fn a_schema_that_is_none_is_told() {
    let told =
        super::expecting(r#"[{ json_schema = { type = "text" } }, { json_schema = { type = "object" } }]"#);
    assert_eq!(told.matches("error[bad-json-schema]").count(), 1, "{told}");
    assert!(told.contains("suites/demo.toml:10:27"), "{told}");
}

#[test]
fn a_missing_suite_and_keys_that_come_twice_in_some_form() {
    let missing = told(&[("suites/demos.toml", "")]);
    let twice = scenarios(
        "[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = { equals = \"b\" }\nexpects = { equals = \"c\" }\n\n[target]\nhttp = \"http://y\"\n",
    );
    insta::assert_snapshot!(missing + "\n\n" + &twice);
}
