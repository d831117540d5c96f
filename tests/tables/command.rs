//! `holdline table`.

use super::{Folder, written};
use holdline::expand::table::Format;
use std::io::Read;
use std::process::{Command, Output, Stdio};

const SPEC: &str =
    "[[column]]\nname = \"n\"\nsequence = {}\n[[column]]\nname = \"x\"\nrange = { from = 0, to = 999 }\n";

fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdline"));
    command.current_dir(folder.0.path()).arg("table").args(args).env_remove("CI").env("NO_COLOR", "1");
    command
}

fn run(folder: &Folder, args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(folder, args).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn prints_the_rows_that_were_asked_for() {
    let folder = Folder::new(SPEC);
    let table = folder.table();
    let (code, csv, _) = run(&folder, &["demo.toml", "--rows", "5", "--seed", "7"]);
    assert_eq!((code, csv), (Some(0), written(&table, 7, 5, Format::Csv)));
    let (code, lines, _) = run(&folder, &["demo.toml", "--format", "jsonl"]);
    assert_eq!((code, lines), (Some(0), written(&table, 0, 100, Format::Jsonl)));
}

#[test]
fn writes_a_file_as_a_whole_or_not_at_all() {
    let folder = Folder::new(SPEC)
        .with("fails.toml", "[[column]]\nname = \"x\"\nrange = { from = 0, to = 3 }\n[[column]]\nname = \"y\"\nformula = \"1 / x\"\n");
    let (code, out, _) = run(&folder, &["demo.toml", "--rows", "3", "-o", "new/rows.csv"]);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    let file = folder.path("new/rows.csv");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written(&folder.table(), 0, 3, Format::Csv));
    let (code, _, told) = run(&folder, &["fails.toml", "-o", "new/rows.csv"]);
    assert!(code == Some(2) && told.contains("divides by zero"), "{told}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written(&folder.table(), 0, 3, Format::Csv));
    let (code, _, told) = run(&folder, &["demo.toml", "-o", "demo.toml/x.csv"]);
    assert!(code == Some(2) && told.contains("--output cannot be written to demo.toml/x.csv"), "{told}");
}

#[test]
fn mistakes_are_told_on_standard_error_with_exit_2_and_nothing_is_printed() {
    let folder =
        Folder::new("[[column]]\nname = \"a\"\nformula = \"b\"\n[[column]]\nname = \"b\"\nformula = \"a\"\n");
    let (code, out, told) = run(&folder, &["demo.toml"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(told.contains("`a` → `b` → `a`") && told.contains("demo.toml:3:12"), "{told}");
    let (code, _, told) = run(&folder, &["demos.toml"]);
    assert!(code == Some(2) && told.contains("did you mean `demo.toml`?"), "{told}");
}

#[test]
fn nobody_reading_any_more_is_no_failure() {
    let folder = Folder::new(SPEC);
    let mut child = command(&folder, &["demo.toml", "--rows", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 4];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((first, output.status.code(), output.stderr.len()), (*b"n,x\n", Some(0), 0));
}
