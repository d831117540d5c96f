//! The `.snap` file: what it says, what survives it, and what is said of one that is not right.

use super::*;

fn fixture() -> (PathBuf, String) {
    fixture_of("baseline-1.snap")
}

fn fixture_of(name: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    // Git may have checked it out with the line breaks of Windows.
    let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    (path, text)
}

fn the_fixture_says() -> Baseline {
    use Accepted::{Error, Fail, Pass, Ungraded};
    let some = |text: &str| Some(text.to_owned());
    let case = |id: &str, outcomes: &[Accepted], label: Option<String>, expected: Option<String>| {
        (id.parse().unwrap(), AcceptedCase { outcomes: outcomes.to_vec(), label, expected, number: None })
    };
    Baseline {
        suite: "meeting-assistant".to_owned(),
        run: "20260302-101500-7c1d".to_owned(),
        fingerprints: Fingerprints {
            suite: "9c0f5a3be2d14877".to_owned(),
            judges: "51d2b6a09e4c3f18".to_owned(),
            target: "http".to_owned(),
        },
        history: vec![
            Acceptance {
                run: "20260228-090000-11aa".to_owned(),
                at: "2026-02-28T09:05:00Z".to_owned(),
                by: "Ana".to_owned(),
                reason: "first baseline".to_owned(),
                change: "first baseline: pass_rate 0.7500, 4 cases".to_owned(),
            },
            Acceptance {
                run: "20260302-101500-7c1d".to_owned(),
                at: "2026-03-02T10:20:31Z".to_owned(),
                by: "Bo O'Neil ".to_owned(),
                reason: "clarify asks back now\nsee #41".to_owned(),
                change: "pass_rate 0.7500 -> 1.0000".to_owned(),
            },
        ],
        metrics: BTreeMap::from([
            ("macro_f1".to_owned(), AcceptedMetric { value: None, n: 0 }),
            ("pass_rate".to_owned(), AcceptedMetric { value: Some(1.0), n: 3 }),
            ("pass_rate@asks-back".to_owned(), AcceptedMetric { value: Some(1.0), n: 1 }),
        ]),
        cases: BTreeMap::from([
            case("00000000000000a1", &[Pass, Pass], some("scheduling"), some("scheduling")),
            case("00000000000000b2", &[Fail, Pass], some("clarify"), some("clarify")),
            case("00000000000000c3", &[Pass, Ungraded], some("-"), None),
            case("fedcba9876543210", &[Error, Pass], None, some("")),
        ]),
    }
}

#[test]
fn a_file_of_format_1_still_loads() {
    let (path, text) = fixture();
    let snap = Snap::parse(&text, &path).unwrap();
    assert_eq!(snap.source, "suites/meeting-assistant.toml");
    assert_eq!(snap.change, None);
    assert_eq!(snap.into_accepted(), the_fixture_says());
}

#[test]
fn a_baseline_is_written_as_the_fixture_was_by_hand() {
    let (_, text) = fixture();
    let source = "suites/meeting-assistant.toml".to_owned();
    assert_eq!(Snap { source, change: None, baseline: the_fixture_says() }.render(), text);
}

/// What the fixture of format 2, which has numbers, says.
fn the_numbered_fixture_says() -> Baseline {
    use Accepted::{Error, Fail, Pass};
    let case = |id: &str, outcomes: &[Accepted], label: Option<&str>, number: Option<f64>| {
        let label = label.map(str::to_owned);
        let case = AcceptedCase { outcomes: outcomes.to_vec(), expected: label.clone(), label, number };
        (id.parse().unwrap(), case)
    };
    let known = the_fixture_says();
    Baseline {
        suite: "sales-forecast".to_owned(),
        history: vec![Acceptance {
            run: known.run.clone(),
            at: "2026-03-02T10:20:31Z".to_owned(),
            by: "Ana".to_owned(),
            reason: "first baseline".to_owned(),
            change: "first baseline: pass_rate 0.6667, 4 cases".to_owned(),
        }],
        metrics: BTreeMap::from([
            ("mae".to_owned(), AcceptedMetric { value: Some(0.251_25), n: 3 }),
            ("pass_rate".to_owned(), AcceptedMetric { value: Some(0.666_667), n: 3 }),
        ]),
        cases: BTreeMap::from([
            case("00000000000000a1", &[Pass], None, Some(12.34)),
            case("00000000000000b2", &[Pass, Fail], None, Some(-0.1)),
            case("00000000000000c3", &[Error], None, None),
            case("fedcba9876543210", &[Pass], Some("booked"), Some(1e-7)),
        ]),
        ..known
    }
}

#[test]
fn the_numbers_answered_stand_behind_their_cases() {
    let (path, text) = fixture_of("baseline-2.snap");
    let source = "suites/sales-forecast.toml".to_owned();
    let written = Snap { source, change: None, baseline: the_numbered_fixture_says() };
    assert_eq!(Snap::parse(&text, &path).unwrap(), written);
    assert_eq!(written.render(), text);
}

#[test]
fn a_number_is_refused_where_there_can_be_none() {
    let (path, text) = fixture_of("baseline-2.snap");
    let said = |from: &str, to: &str| Snap::parse(&text.replace(from, to), &path).unwrap_err().to_string();
    let older = said("format\t2", "format\t1");
    assert!(
        older.contains("snap:14: a line `case` has 5 fields, which is not what such a line has"),
        "{older}"
    );
    for number in ["NaN", "inf", "", "-", "12,34", "12.34\t1"] {
        let told = said("12.34", number);
        let fields = number.contains('\t');
        let due = if fields { "a line `case` has 6 fields" } else { "the number of a case is not one" };
        assert!(told.contains(&format!("snap:14: {due}")), "{number}: {told}");
    }
}

#[test]
fn a_file_checked_out_on_windows_reads_the_same() {
    let (path, text) = fixture();
    let windows = Snap::parse(&text.replace('\n', "\r\n"), &path).unwrap();
    assert_eq!(windows.baseline, the_fixture_says());
}

/// What is said of the fixture after `change`, without its path.
fn said(change: impl FnOnce(&str) -> String) -> String {
    let (_, text) = fixture();
    let path = Path::new("demo.snap");
    Snap::parse(&change(&text), path).unwrap_err().to_string()
}

#[test]
fn a_merge_conflict_is_recognised_before_anything_else_and_the_way_out_told() {
    let conflict = said(|text| {
        text.replace(
            "run\t20260302-101500-7c1d\n",
            "<<<<<<< HEAD\nrun\tours\n=======\nrun\ttheirs\n>>>>>>> other\n",
        )
    });
    assert_eq!(
        conflict,
        "demo.snap:7: a merge conflict is not resolved. Two runs cannot be merged line by line: take one side \
         whole (`git checkout --ours -- demo.snap`, or `--theirs`), run `holdline run demo`, then accept what it \
         shows"
    );
    // Also where the conflict stands in the front matter, or hides a newer format.
    for marker in ["<<<<<<< HEAD", "=======", ">>>>>>> 1a2b", "||||||| base"] {
        let text = format!("---\n{marker}\nsource: x\n---\nformat\t9\n");
        let error = Snap::parse(&text, Path::new("demo.snap")).unwrap_err();
        assert!(matches!(error, BaselineError::Conflict { line: 2, .. }), "{error}");
    }
}

#[test]
fn a_newer_format_is_refused_with_the_reason() {
    let newer = said(|text| text.replace("format\t1\n", "format\t3\n"));
    assert!(newer.starts_with("demo.snap:5: the file has format 3 and this Holdline ("), "{newer}");
    assert!(newer.ends_with("reads up to 2: a newer version wrote it; update Holdline"), "{newer}");
}

#[test]
fn each_mistake_is_named_with_its_line_and_the_mend() {
    let mend =
        "; restore it from version control, or remove it, run `holdline run demo` and accept what it shows";
    let replaced = |from: &'static str, to: &'static str| move |text: &str| text.replacen(from, to, 1);
    for (what, expected) in [
        (said(|_| String::new()), "1: the file does not begin with `---`"),
        (said(replaced("---\nsource", "source")), "1: the file does not begin with `---`"),
        (
            said(replaced("assistant\n---\nformat", "assistant\nformat")),
            "1: the front matter is never closed with `---`",
        ),
        (
            said(replaced("format\t1", "suite\tx")),
            "5: the body does not begin with `format` and a number up to 2",
        ),
        (
            said(replaced("format\t1", "format\t-1")),
            "5: the body does not begin with `format` and a number up to 2",
        ),
        (said(replaced("run\t2026", "ran\t2026")), "7: a line begins with no word that Holdline knows"),
        (
            said(replaced("suite\tmeet", "suite\tmeet\t")),
            "6: a line `suite` has 2 fields, which is not what such a line has",
        ),
        (said(replaced("run\t", "suite\t")), "7: the line `suite` is there twice"),
        (said(replaced("\ttarget\t", "\tjudges\t")), "10: the line `fingerprint` is there twice"),
        (
            said(replaced("\ttarget\t", "\tmodel\t")),
            "10: a fingerprint is not of `suite`, `judges` or `target`",
        ),
        (said(replaced("fingerprint\ttarget\thttp\n", "")), "19: the line `fingerprint target` is missing"),
        (said(replaced("20260228-090000-11aa", "20260302-101500-7c1d")), "12: a run is accepted twice"),
        (said(replaced("Ana", "A\\na\\x")), "11: a text has an escape that is not known"),
        (said(replaced("Ana", "A\u{1b}na")), "11: a text has a character that should be escaped"),
        (said(replaced("1.000000\t3", "NaN\t3")), "14: the value of a metric is not a number"),
        (said(replaced("1.000000\t3", "inf\t3")), "14: the value of a metric is not a number"),
        (said(replaced("1.000000\t3", "1.000000\t-3")), "14: the count of a metric is not a whole number"),
        (said(replaced("metric\tmacro_f1", "metric\tpass_rate")), "14: a metric is there twice"),
        (said(replaced("00000000000000a1", "a1")), "16: a case has no id of 16 hex digits"),
        (said(replaced("00000000000000b2", "00000000000000a1")), "17: a case is there twice"),
        (
            said(replaced("\tFP\t", "\t\t")),
            "17: the outcomes of a case are not 1 to 5 of the letters P F E -",
        ),
        (
            said(replaced("\tFP\t", "\tFX\t")),
            "17: the outcomes of a case are not 1 to 5 of the letters P F E -",
        ),
        (
            said(replaced("\tFP\t", "\tPPPPPP\t")),
            "17: the outcomes of a case are not 1 to 5 of the letters P F E -",
        ),
        (said(replaced("end\n", "")), "19: the file stops before its line `end`: it was cut off"),
        (said(|text| format!("{text}case\t")), "21: there is more after the line `end`"),
    ] {
        assert_eq!(what, format!("demo.snap:{expected}{mend}"));
    }
}

#[test]
fn a_run_without_an_acceptance_went_through_cargo_insta() {
    let (path, text) = fixture();
    let pending = text.replace(
        "accepted\t20260302-101500-7c1d\t2026-03-02T10:20:31Z\tBo O'Neil\\s\tclarify asks back now\\nsee #41\t",
        "pending\t",
    );
    let snap = Snap::parse(&pending, &path).unwrap();
    assert_eq!(snap.baseline.history.len(), 1);
    let accepted = snap.into_accepted();
    assert_eq!(
        accepted.acceptance(),
        Some(&Acceptance {
            run: "20260302-101500-7c1d".to_owned(),
            at: "unknown".to_owned(),
            by: "cargo-insta".to_owned(),
            reason: "no reason given".to_owned(),
            change: "pass_rate 0.7500 -> 1.0000".to_owned(),
        })
    );
    // The next write makes it explicit.
    let written = Snap { source: String::new(), change: None, baseline: accepted.clone() }.render();
    assert_eq!(Snap::parse(&written, &path).unwrap().baseline, accepted);
}

#[test]
fn a_source_that_yaml_would_misread_is_quoted() {
    for source in ["", "- x", "a: b", "no", "-", "a #b", "suites/größe.toml", "a\"b\\\n---\n", "true"] {
        let snap = Snap { source: source.to_owned(), change: None, baseline: the_fixture_says() };
        assert_eq!(Snap::parse(&snap.render(), Path::new("x.snap")).unwrap(), snap);
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ \\-\t\r\n\\\\=<>|a-z]{0,12}"]
}

fn accepted_case() -> impl Strategy<Value = AcceptedCase> {
    let outcome =
        prop::sample::select(vec![Accepted::Pass, Accepted::Fail, Accepted::Error, Accepted::Ungraded]);
    let number = prop::option::of(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO);
    (prop::collection::vec(outcome, 1..=5), prop::option::of(text()), prop::option::of(text()), number)
        .prop_map(|(outcomes, label, expected, number)| AcceptedCase { outcomes, label, expected, number })
}

prop_compose! {
    fn snaps()(
        source in text(),
        change in prop::option::of(text()),
        words in prop::array::uniform5(text()),
        history in prop::collection::btree_map(text(), prop::array::uniform4(text()), 0..4),
        metrics in prop::collection::btree_map(text(), (prop::option::of(-1_000_000_000_i64..1_000_000_000), 0_usize..9_999), 0..6),
        cases in prop::collection::btree_map(any::<u64>(), accepted_case(), 0..8),
    ) -> Snap {
        let [suite, run, of_suite, judges, target] = words;
        let history = history.into_iter().map(|(run, [at, by, reason, change])| Acceptance { run, at, by, reason, change });
        let metrics = metrics.into_iter().map(|(key, (value, n))| {
            // Millionths, as they are written.
            (key, AcceptedMetric { value: value.map(|value| value as f64 / 1e6), n })
        });
        Snap {
            source,
            change,
            baseline: Baseline {
                suite,
                run,
                fingerprints: Fingerprints { suite: of_suite, judges, target },
                history: history.collect(),
                metrics: metrics.collect(),
                cases: cases.into_iter().map(|(id, case)| (format!("{id:016x}").parse().unwrap(), case)).collect(),
            },
        }
    }
}

proptest! {
    #[test]
    fn every_baseline_survives_its_file(snap in snaps()) {
        let text = snap.render();
        prop_assert_eq!(text.lines().filter(|line| *line == "---").count(), 2);
        match Snap::parse(&text, Path::new("x.snap")) {
            Ok(read) => prop_assert_eq!(read, snap),
            Err(error) => prop_assert!(false, "{error}\n{text}"),
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in text()) {
        let _ = Snap::parse(&text, Path::new("x.snap"));
    }

    #[test]
    fn a_file_with_a_wound_is_read_or_refused(snap in snaps(), at in any::<prop::sample::Index>(), with in text()) {
        let mut text: Vec<char> = snap.render().chars().collect();
        let at = at.index(text.len());
        text.splice(at..=at, with.chars());
        let _ = Snap::parse(&text.into_iter().collect::<String>(), Path::new("x.snap"));
    }

    #[test]
    fn a_file_that_was_cut_off_is_refused(snap in snaps(), at in any::<prop::sample::Index>()) {
        let text = snap.render();
        // Without its last line break nothing is lost.
        let at = text.floor_char_boundary(at.index(text.len() - 1));
        prop_assert!(Snap::parse(&text[..at], Path::new("x.snap")).is_err());
    }
}
