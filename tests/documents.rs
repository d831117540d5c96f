//! Inputs made from a folder of documents.

use holdline::expand::{Case, cases_of};
use holdline::suite::schema::Origin;
use holdline::suite::{Suite, load};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const GUIDE: &str = "# Guide\n\nThe guide tells how to begin.\n\n## Cache\n\nThe cache keeps every answer for a day. It is emptied at midnight.\n\n## Journal\n\nThe journal is written before anything counts.\n";
const NOTES: &str = "Plain notes about retries and nothing else.\n";

fn suite_text(inputs: &str) -> String {
    format!(
        "feature = \"Finds passages\"\n[target]\nhttp = \"http://127.0.0.1:1\"\nreply = {{ output = \"/a\", retrieved = \"/r\" }}\n[[scenario]]\nname = \"finds the passage\"\ninputs = {inputs}\nexpect = {{ contains = \"{{{{ row.source }}}}\" }}\n"
    )
}

const INPUTS: &str = "{ documents = \"../docs/**/*.md\", question = \"What does the section {{ chunk.heading }} of {{ row.file }} say?\" }";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn suite(&self) -> Suite {
        self.load().unwrap_or_else(|told| panic!("{told}"))
    }

    fn load(&self) -> Result<Suite, String> {
        load(self.0.path(), Path::new("suites/demo.toml")).map_err(|told| told.render(100, false))
    }

    fn cases(&self) -> Vec<Case> {
        cases_of(&self.suite()).unwrap()
    }
}

fn folder(inputs: &str) -> Folder {
    Folder::new(&[
        ("suites/demo.toml", &suite_text(inputs)),
        ("docs/guide.md", GUIDE),
        ("docs/more/notes.md", NOTES),
        ("docs/more/notes.txt", "Other notes, which are no Markdown.\n"),
        ("docs/.hidden.md", "# Hidden\n\nNothing to see here at all.\n"),
    ])
}

fn ids(cases: &[Case]) -> Vec<&str> {
    cases.iter().map(|case| case.row_id.as_deref().unwrap()).collect()
}

#[test]
fn every_passage_is_asked_about_with_its_source_and_span() {
    let cases = folder(INPUTS).cases();
    assert_eq!(
        ids(&cases),
        ["guide.md#guide", "guide.md#guide/cache", "guide.md#guide/journal", "more/notes.md#start"]
    );
    let cache = &cases[1];
    assert_eq!(cache.input, json!("What does the section Cache of guide.md say?"));
    assert_eq!(cache.provenance.origin, Origin::Document);
    // The section's text stands in line 7.
    assert_eq!((&*cache.provenance.place.file, cache.provenance.place.line), ("docs/guide.md", 7));
    let column = |name: &str| cache.row.get(name).cloned().unwrap();
    let text = "The cache keeps every answer for a day. It is emptied at midnight.";
    let start = GUIDE.find(text).unwrap();
    assert_eq!((column("start"), column("end")), (json!(start), json!(start + text.len())));
    assert_eq!((column("line"), column("last_line")), (json!(7), json!(7)));
    assert_eq!((column("text"), column("source")), (json!(text), json!("docs/guide.md")));
    assert_eq!(column("section"), json!("Guide > Cache"));
    assert!(text.contains(column("sentence").as_str().unwrap()));
    // Twice in this passage and in none of the others.
    assert!(column("keywords").as_array().unwrap().contains(&json!("cache")));
    assert_eq!(cache.expect[0].contains.as_deref(), Some("docs/guide.md"));
    assert_eq!(cases[3].row.get("heading"), Some(&json!("notes")));
}

#[test]
fn a_passage_added_elsewhere_renames_none_and_a_second_question_neither() {
    let folder = folder(INPUTS);
    let before = folder.cases();
    folder.write(
        "docs/guide.md",
        &GUIDE.replace("## Cache", "## Before\n\nSomething new stands here.\n\n## Cache"),
    );
    folder.write("docs/a.md", "# A\n\nA file that comes first.\n");
    let after = folder.cases();
    assert_eq!(after.len(), before.len() + 2);
    assert!(before.iter().all(|case| after.iter().any(|other| other.id == case.id)));
    folder.write(
        "suites/demo.toml",
        &suite_text("{ documents = \"../docs/**/*.md\", question = [\"What does the section {{ chunk.heading }} of {{ row.file }} say?\", \"Where is it said: {{ chunk.sentence }}\"] }"),
    );
    let both = folder.cases();
    assert_eq!(both.len(), 2 * after.len());
    assert!(
        after.iter().all(|case| both.iter().any(|other| other.id == case.id && other.input == case.input))
    );
    assert_eq!(both[1].row_id.as_deref(), Some("a.md#a?2"));
}

#[test]
fn the_documents_are_a_part_of_the_suites_fingerprint() {
    let folder = folder(INPUTS);
    let before = folder.suite().fingerprint;
    assert_eq!(folder.suite().fingerprint, before);
    folder.write("docs/more/notes.md", "Plain notes about retries and more.\n");
    let changed = folder.suite().fingerprint;
    assert_ne!(changed, before);
    folder.write("docs/new.md", "Another one.\n");
    assert_ne!(folder.suite().fingerprint, changed);
}

#[test]
fn a_part_of_the_cases_is_taken_and_a_smaller_sample_is_a_part_of_a_larger() {
    let limited = folder(&INPUTS.replace(" say?\" }", " say?\", limit = 2 }"));
    assert_eq!(ids(&limited.cases()), ["guide.md#guide", "guide.md#guide/cache"]);
    let sampled = folder(&INPUTS.replace(" say?\" }", " say?\", sample = 2 }"));
    let drawn: Vec<String> = ids(&sampled.cases()).into_iter().map(str::to_owned).collect();
    assert_eq!(drawn.len(), 2);
    // A larger sample has all of a smaller one.
    sampled.write("suites/demo.toml", &suite_text(&INPUTS.replace(" say?\" }", " say?\", sample = 3 }")));
    let more: Vec<String> = ids(&sampled.cases()).into_iter().map(str::to_owned).collect();
    assert!(more.len() == 3 && drawn.iter().all(|id| more.contains(id)), "{drawn:?} {more:?}");
}

#[test]
fn long_sections_are_cut_into_passages_of_so_many_words() {
    let folder = folder(&INPUTS.replace(" say?\" }", " say?\", chunk = { words = 8, overlap = 2 } }"));
    let cases = folder.cases();
    let texts: Vec<&str> = cases
        .iter()
        .filter(|case| case.row.get("heading") == Some(&json!("Cache")))
        .map(|case| case.row.get("text").and_then(Value::as_str).unwrap())
        .collect();
    assert_eq!(texts, ["The cache keeps every answer for a day.", "a day. It is emptied at midnight."]);
    assert!(ids(&cases).contains(&"guide.md#guide/cache.2"));
}

#[cfg(unix)]
#[test]
fn nothing_outside_the_project_is_read() {
    let outside = Folder::new(&[("secret.md", "# Secret\n\nNobody is to read this at all.\n")]);
    let inside = folder(INPUTS);
    let link = inside.0.path().join("docs/link.md");
    std::os::unix::fs::symlink(outside.0.path().join("secret.md"), &link).unwrap();
    let told = inside.load().unwrap_err();
    assert!(told.contains("outside-project") && told.contains("link.md"), "{told}");
    fs::remove_file(&link).unwrap();
    // A link within the project is a file like any other, and links to folders are not followed.
    std::os::unix::fs::symlink(inside.0.path().join("docs/guide.md"), &link).unwrap();
    std::os::unix::fs::symlink(outside.0.path(), inside.0.path().join("docs/away")).unwrap();
    std::os::unix::fs::symlink(inside.0.path().join("docs"), inside.0.path().join("docs/more/loop")).unwrap();
    assert_eq!(inside.cases().len(), 7);
    // The folder itself may not lead out.
    inside.write("suites/demo.toml", &suite_text(&INPUTS.replace("../docs/**", "../docs/away")));
    let told = inside.load().unwrap_err();
    assert!(told.contains("outside-project"), "{told}");
}
