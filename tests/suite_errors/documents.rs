//! Inputs made from documents.

use super::{HEAD, told};

fn documents(inputs: &str) -> String {
    told(&[
        (
            "suites/demo.toml",
            &format!(
                "{HEAD}[[scenario]]\nname = \"finds\"\ninputs = {inputs}\nexpect = {{ cites = {{ ids = [\"{{{{ row.sourc }}}}\"] }} }}\n"
            ),
        ),
        ("docs/guide.md", "# Guide\n\nThe guide tells how to begin.\n"),
        ("docs/empty.txt", "\n"),
    ])
}

#[test]
fn questions_that_make_no_sense() {
    insta::assert_snapshot!(documents(
        r#"{ documents = "../docs/*.md", question = ["What is said about {{ chunk.headng }}?", "What is said?", "{{ heading }}", "{{ chunk.text"] }"#
    ));
}

#[test]
fn numbers_that_make_no_sense() {
    insta::assert_snapshot!(documents(
        r#"{ documents = "../docs/*.md", question = "Where is {{ chunk.sentence }}?", chunk = { words = 2 }, limit = 0, sample = 3 }"#
    ));
}

#[test]
fn an_overlap_of_everything() {
    insta::assert_snapshot!(documents(
        r#"{ documents = "../docs/*.md", question = "Where is {{ chunk.sentence }}?", chunk = { words = 20, overlap = 20 } }"#
    ));
}

#[test]
fn patterns_that_find_nothing() {
    for (pattern, code) in [
        ("../docs/*.rst", "missing-file"),
        ("../doc/*.md", "missing-file"),
        ("../docs/*.txt", "no-rows"),
        ("../../docs/*.md", "outside-project"),
        ("/etc/*.md", "outside-project"),
        ("../docs/*.{md,txt}", "bad-pattern"),
        ("../docs/a**/x.md", "bad-pattern"),
        ("", "bad-pattern"),
    ] {
        let told = documents(&format!(
            "{{ documents = \"{pattern}\", question = \"Where is {{{{ chunk.sentence }}}}?\" }}"
        ));
        assert!(told.contains(&format!("error[{code}]")), "{pattern}: {told}");
        assert!(told.contains("suites/demo.toml:9:"), "{pattern}: {told}");
    }
}

#[test]
fn keys_of_documents_and_of_files_mixed() {
    insta::assert_snapshot!(documents(
        r#"{ documents = "../docs/*.md", questoin = "Where is {{ chunk.sentence }}?", where = { a = 1 } }"#
    ));
}

#[test]
fn a_column_that_a_passage_does_not_have() {
    insta::assert_snapshot!(documents(
        r#"{ documents = "../docs/*.md", question = "Where is {{ chunk.sentence }}?" }"#
    ));
}
