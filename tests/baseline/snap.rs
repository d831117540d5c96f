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
    use Accepted::{Pass, Ungraded};
    // Of the runs before the newest this format does not say what was answered, so they are left out.
    let case = |id: &str, outcome: Accepted, label: Option<&'static str>, expected: Option<&'static str>| {
        (id.parse().unwrap(), vec![ran(outcome, label, None)], expected)
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
        cases: AcceptedCases::from_iter([
            case("00000000000000a1", Pass, Some("scheduling"), Some("scheduling")),
            case("00000000000000b2", Pass, Some("clarify"), Some("clarify")),
            case("00000000000000c3", Ungraded, Some("-"), None),
            case("fedcba9876543210", Pass, None, Some("")),
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
fn of_an_older_format_all_runs_are_taken_where_only_outcomes_matter() {
    let (path, text) = fixture();
    let plain: Vec<String> = text
        .lines()
        .map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
            ["case", id, outcomes, ..] => format!("case\t{id}\t{outcomes}\t-\t-"),
            _ => line.to_owned(),
        })
        .collect();
    let baseline = Snap::parse(&plain.join("\n"), &path).unwrap().baseline;
    let letters = |case: AcceptedCase<'_>| case.outcomes().map(Accepted::letter).collect::<String>();
    assert_eq!(
        baseline.cases.iter().map(|(_, case)| letters(case)).collect::<Vec<_>>(),
        ["PP", "FP", "P-", "EP"]
    );
}

#[test]
fn the_baselines_of_this_project_load() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines");
    let store = Store::new(&folder, true);
    for suite in ["meeting-assistant", "sales-forecast", "support-bot"] {
        let baseline = store.load(suite).unwrap().unwrap();
        assert!(baseline.cases.len() > 100 && baseline.kept_runs() >= 1, "{suite}");
        let snap = Snap { source: String::new(), change: None, baseline };
        assert_eq!(Snap::parse(&snap.render(), &folder).unwrap(), snap);
    }
}

/// What the fixture of format 3 says, in every way that a case can be written.
fn the_fixture_of_today_says() -> Baseline {
    use Accepted::{Error, Fail, Pass, Ungraded};
    let case = |id: &str, expected: Option<&'static str>, runs: Vec<AcceptedRun<'static>>| {
        (id.parse().unwrap(), runs, expected)
    };
    let known = the_numbered_fixture_says();
    let mut history = known.history.clone();
    "20260228-090000-11aa".clone_into(&mut history[0].run);
    "2026-02-28T09:05:00Z".clone_into(&mut history[0].at);
    history.push(Acceptance {
        run: known.run.clone(),
        at: "2026-03-02T10:20:31Z".to_owned(),
        by: "Bo O'Neil ".to_owned(),
        reason: "one more run\nsee #41".to_owned(),
        change: "no metric moved, 0 outcomes flipped; run 3 of 5".to_owned(),
    });
    let booked = || Some("booked");
    Baseline {
        history,
        cases: AcceptedCases::from_iter([
            case("00000000000000a1", booked(), vec![ran(Pass, booked(), Some(12.34)); 3]),
            case(
                "00000000000000b2",
                booked(),
                vec![ran(Pass, booked(), None), ran(Fail, Some("-"), None), ran(Pass, booked(), None)],
            ),
            case(
                "00000000000000c3",
                None,
                vec![ran(Pass, None, Some(1e-7)), ran(Pass, None, None), ran(Pass, None, Some(-0.1))],
            ),
            case("00000000000000d4", Some(""), vec![ran(Error, None, None)]),
            case(
                "00000000000000e5",
                None,
                vec![
                    ran(Fail, None, Some(4.0)),
                    ran(Fail, Some(""), Some(4.0)),
                    ran(Pass, Some("a\tb"), Some(3.0)),
                    ran(Ungraded, None, Some(4.0)),
                ],
            ),
            case("fedcba9876543210", None, vec![ran(Ungraded, None, None); 3]),
        ]),
        ..known
    }
}

#[test]
fn a_baseline_is_written_as_the_fixture_was_by_hand() {
    let (path, text) = fixture_of("baseline-3.snap");
    let source = "suites/sales-forecast.toml".to_owned();
    let written = Snap { source, change: None, baseline: the_fixture_of_today_says() };
    assert_eq!(Snap::parse(&text, &path).unwrap(), written);
    assert_eq!(written.render(), text);
}

/// What is said of the fixture of format 3 after `from` became `to`, without its path.
fn said_of_today(from: &str, to: &str) -> String {
    let (_, text) = fixture_of("baseline-3.snap");
    let error = Snap::parse(&text.replacen(from, to, 1), Path::new("demo.snap")).unwrap_err().to_string();
    let (place, _) = error.split_once("; restore it").unwrap();
    place.strip_prefix("demo.snap:").unwrap().to_owned()
}

#[test]
fn each_mistake_of_the_kept_runs_is_named() {
    let letters = "the outcomes of a case are neither one of the letters P F E - nor 3 of them; a case with \
                   another number of runs has a `+` before them";
    let others = "the outcomes of a case are not `+` and up to 5 of the letters P F E -";
    let fields =
        |word: &str, n: usize| format!("a line `{word}` has {n} fields, which is not what such a line has");
    for (from, to, line, due) in [
        ("runs\t3\n", "", 15, "a case stands before the line `runs`"),
        ("runs\t3", "runs\t6", 8, "`runs` is not a number up to 5"),
        ("runs\t3", "runs\tx", 8, "`runs` is not a number up to 5"),
        ("runs\t3", "runs\t3\nruns\t3", 9, "the line `runs` is there twice"),
        ("runs\t3", "runs", 8, fields("runs", 0).as_str()),
        ("\tPFP\t", "\tPF\t", 17, letters),
        ("\tPFP\t", "\tPFPP\t", 17, letters),
        ("\tPFP\t", "\tPXP\t", 17, letters),
        ("\tPFP\t", "\t\t", 17, letters),
        ("\t+E\t", "\t+X\t", 21, others),
        ("\t+E\t", "\t+PPPPPP\t", 21, others),
        ("booked\t\\-", "booked", 18, "earlier answers of a case with 3 runs are 1 and not 2"),
        ("\t1e-7\t-", "\t1e-7\tx", 20, "the number of a case is not one"),
        (
            "labels\t00000000000000b2",
            "labels\t00000000000000b3",
            18,
            "what a case answered earlier stands before the case",
        ),
        ("labels\t00000000000000b2", "labels\tb2", 18, "a case has no id of 16 hex digits"),
        (
            "labels\t00000000000000b2",
            "labels\t00000000000000a1\t-\t-\nlabels\t00000000000000a1",
            19,
            "what a case answered earlier is there twice",
        ),
        ("labels\t00000000000000b2\tbooked\t\\-", "labels", 18, fields("labels", 0).as_str()),
        ("a\\tb", "\\x", 23, "a text has an escape that is not known"),
    ] {
        assert_eq!(said_of_today(from, to), format!("{line}: {due}"), "{from:?} -> {to:?}");
    }
    let without_cases = "---\n---\nformat\t3\nsuite\ta\nrun\tr\nfingerprint\tsuite\ta\nfingerprint\tjudges\ta\nfingerprint\ttarget\ta\nend\n";
    let error = Snap::parse(without_cases, Path::new("demo.snap")).unwrap_err().to_string();
    assert!(error.starts_with("demo.snap:9: the line `runs` is missing"), "{error}");
    // An older format has none of them.
    let (path, text) = fixture();
    for line in ["runs\t1", "labels\t00000000000000a1\tx", "numbers\t00000000000000a1\t1.0"] {
        let error = Snap::parse(&text.replace("\nend", &format!("\n{line}\nend")), &path).unwrap_err();
        assert!(error.to_string().contains("20: a line begins with no word that Holdline knows"), "{error}");
    }
}

/// What the fixture of format 2, which has numbers, says.
fn the_numbered_fixture_says() -> Baseline {
    use Accepted::{Error, Fail, Pass};
    let case = |id: &str, outcome: Accepted, label: Option<&'static str>, number: Option<f64>| {
        (id.parse().unwrap(), vec![ran(outcome, label, number)], label)
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
        cases: AcceptedCases::from_iter([
            case("00000000000000a1", Pass, None, Some(12.34)),
            case("00000000000000b2", Fail, None, Some(-0.1)),
            case("00000000000000c3", Error, None, None),
            case("fedcba9876543210", Pass, Some("booked"), Some(1e-7)),
        ]),
        ..known
    }
}

#[test]
fn a_file_of_format_2_still_loads() {
    let (path, text) = fixture_of("baseline-2.snap");
    let source = "suites/sales-forecast.toml".to_owned();
    let says = Snap { source, change: None, baseline: the_numbered_fixture_says() };
    assert_eq!(Snap::parse(&text, &path).unwrap(), says);
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
    let newer = said(|text| text.replace("format\t1\n", "format\t5\n"));
    assert!(newer.starts_with("demo.snap:5: the file has format 5 and this Holdline ("), "{newer}");
    assert!(newer.ends_with("reads up to 4: a newer version wrote it; update Holdline"), "{newer}");
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
            "5: the body does not begin with `format` and a number up to 4",
        ),
        (
            said(replaced("format\t1", "format\t-1")),
            "5: the body does not begin with `format` and a number up to 4",
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

/// The runs of a case, and the label expected.
type Kept = (Vec<(Accepted, Option<String>, Option<f64>)>, Option<String>);

fn accepted_case() -> impl Strategy<Value = Kept> {
    let outcome =
        prop::sample::select(vec![Accepted::Pass, Accepted::Fail, Accepted::Error, Accepted::Ungraded]);
    let number = prop::option::of(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO);
    let parts = (outcome, prop::option::of(text()), number);
    let run = parts.boxed();
    // Runs that agree wholly, as most do, and runs that do not.
    let runs = prop_oneof![
        (run.clone(), 0..=KEPT_RUNS).prop_map(|(run, runs)| vec![run; runs]),
        prop::collection::vec(run, 0..=KEPT_RUNS),
    ];
    (runs, prop::option::of(text()))
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
                cases: cases.iter().map(|(id, (runs, expected))| {
                    let runs = runs.iter().map(|(outcome, label, number)| ran(*outcome, label.as_deref(), *number));
                    (format!("{id:016x}").parse().unwrap(), runs, expected.as_deref())
                }).collect(),
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
