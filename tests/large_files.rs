//! Data files that are too large to keep: the cases are those of their rows, and of one file only.

use holdline::expand::cases_of;
use holdline::suite::{Suite, load};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Rows of some 200 bytes: together well above what is kept of a file.
const ROWS: usize = 8000;

fn row(number: usize) -> String {
    let ask = "please find the report about harbour pumps and send it to finance ".repeat(2);
    format!(
        "{{\"id\":\"r{number}\",\"input\":\"{number} {ask}\",\"code\":\"c{number}\",\"third\":{}}}\n",
        number % 3
    )
}

fn project(rows: &str, inputs: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let suite = format!(
        "feature = \"f\"\n[target]\nin_process = \"app\"\n[[scenario]]\nname = \"n\"\ninputs = {{ file = \"rows.jsonl\", {inputs} }}\nexpect = {{ contains = \"{{{{ row.code }}}}\" }}\n"
    );
    fs::write(root.path().join("demo.toml"), suite).unwrap();
    fs::write(root.path().join("rows.jsonl"), rows).unwrap();
    root
}

fn suite(root: &Path) -> Suite {
    load(root, Path::new("demo.toml")).unwrap()
}

#[test]
fn every_row_is_a_case_in_its_order_with_its_place_and_expectation() {
    let root = project(&(0..ROWS).map(row).collect::<String>(), "id = \"id\", where = { third = 1 }");
    let suite = suite(root.path());
    assert!(suite.scenarios[0].seeds.listed().is_none());
    let cases = cases_of(&suite).unwrap();
    assert_eq!((cases.len(), suite.scenarios[0].seeds.len()), (2667, 2667));
    for (case, number) in cases.iter().zip((1..).step_by(3)) {
        assert_eq!(case.row_id, Some(format!("r{number}")));
        assert_eq!(case.provenance.place.line as usize, number + 1);
        assert_eq!(case.expect[0].contains, Some(format!("c{number}")));
    }
}

#[test]
fn a_case_is_the_same_whether_its_file_is_kept_or_read_again() {
    let large = project(&(0..ROWS).map(row).collect::<String>(), "id = \"id\", limit = 50");
    let small = project(&(0..50).map(row).collect::<String>(), "id = \"id\"");
    let (large, small) = (suite(large.path()), suite(small.path()));
    assert!(large.scenarios[0].seeds.listed().is_none());
    assert!(small.scenarios[0].seeds.listed().is_some());
    let ids = |suite: &Suite| cases_of(suite).unwrap().iter().map(|case| case.id).collect::<Vec<_>>();
    assert_eq!(ids(&large), ids(&small));
}

#[test]
fn rows_that_cannot_be_told_apart_are_told_with_both_places() {
    let mut rows: String = (0..ROWS).map(row).collect();
    let _ = write!(rows, "{}{}", row(17), row(4000));
    let root = project(&rows, "id = \"id\"");
    let mistakes = load(root.path(), Path::new("demo.toml")).unwrap_err();
    let told: Vec<_> = mistakes
        .iter()
        .map(|told| (told.code, told.spot.as_ref().unwrap().line, told.related[0].0.line))
        .collect();
    assert_eq!(told, [("duplicate-id", 8001, 18), ("duplicate-id", 8002, 4001)]);
}

#[test]
fn a_file_that_changed_after_the_suite_was_loaded_is_named() {
    let root = project(&(0..ROWS).map(row).collect::<String>(), "id = \"id\"");
    let suite = suite(root.path());
    fs::write(root.path().join("rows.jsonl"), (1..ROWS).map(row).collect::<String>()).unwrap();
    let errors = cases_of(&suite).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].to_string().starts_with("`rows.jsonl` has changed since this suite was loaded"),
        "{}",
        errors[0]
    );
    assert_eq!((&*errors[0].place().file, errors[0].place().line), ("demo.toml", 4));
}
