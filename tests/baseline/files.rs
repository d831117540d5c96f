//! What is refused before a line is read.

use super::*;

#[test]
fn a_file_that_is_not_text_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("demo.snap"), b"---\n\xff\xfe").unwrap();
    let error = Store::new(dir.path(), false).load("demo").unwrap_err();
    assert!(matches!(error, BaselineError::NotText { .. }), "{error}");
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let dir = tempfile::tempdir().unwrap();
    // Sparse: it takes no room on the disk.
    fs::File::create(dir.path().join("demo.snap")).unwrap().set_len((256 << 20) + 1).unwrap();
    let error = Store::new(dir.path(), false).load("demo").unwrap_err();
    assert!(matches!(error, BaselineError::TooLarge { .. }), "{error}");
}

#[test]
fn a_baseline_under_another_suites_name_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::copy("tests/fixtures/baseline-1.snap", dir.path().join("other.snap")).unwrap();
    let error = Store::new(dir.path(), false).load("other").unwrap_err().to_string();
    assert!(
        error.contains(
            "other.snap:6: this is the baseline of suite `meeting-assistant`, under another name; "
        ),
        "{error}"
    );
}

#[test]
fn a_suite_without_a_baseline_has_none() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path().join("nowhere"), false);
    assert_eq!(store.load("demo").unwrap(), None);
    assert_eq!(store.pending("demo").unwrap(), None);
    assert_eq!(store.answers("demo", "r1").unwrap(), Beside::Absent);
    assert!(store.waiting().unwrap().is_empty());
}

#[test]
fn baselines_without_a_suite_are_found() {
    let dir = tempfile::tempdir().unwrap();
    for name in [
        "a.snap",
        "a.transcripts.jsonl",
        "b.snap",
        "b.snap.new",
        "b.timings.json",
        "b.transcripts.jsonl.new",
        "README.md",
    ] {
        fs::write(dir.path().join(name), "").unwrap();
    }
    let suites = BTreeSet::from(["a".to_owned()]);
    let orphans = Store::new(dir.path(), false).unreferenced(&suites).unwrap();
    let expected = ["b.snap", "b.snap.new", "b.timings.json", "b.transcripts.jsonl.new"];
    assert_eq!(orphans, expected.map(|name| dir.path().join(name)));
}
