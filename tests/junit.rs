//! The `JUnit` report, read back as its consumers do.
#![cfg(feature = "cli")]

mod support;

use holdline::gate::{Decision, FindingKind, Standing};
use holdline::report::Record;
use holdline::report::junit::{Profile, render, write};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::records;

/// An element as read back.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn of(start: &BytesStart) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute, each once");
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).expect("a value").into_owned();
            (String::from_utf8(attribute.key.as_ref().to_vec()).expect("a name"), value)
        });
        let name = String::from_utf8(start.name().as_ref().to_vec()).expect("a name");
        Self { name, attributes: attributes.collect(), ..Self::default() }
    }

    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    fn count(&self, name: &str) -> usize {
        self.get(name).parse().unwrap_or_else(|_| panic!("{name} of {:?}", self.attributes))
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn has(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }
}

fn parse(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => open.push(Element::of(&start)),
            Event::Empty(start) => open.last_mut().expect("a parent").children.push(Element::of(&start)),
            Event::End(_) => {
                let done = open.pop().expect("an element");
                open.last_mut().expect("a parent").children.push(done);
            }
            Event::CData(text) => {
                open.last_mut().expect("a parent").text.push_str(&text.decode().expect("UTF-8"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "every element is closed");
    let mut root = open.remove(0).children;
    assert_eq!(root.len(), 1, "one root");
    root.remove(0)
}

fn cases(root: &Element) -> Vec<&Element> {
    root.named("testsuite").flat_map(|suite| suite.named("testcase")).collect()
}

fn default(record: &Record) -> Element {
    parse(&render(record, Profile::Default).expect("a report"))
}

/// How many tests, failures, errors and skipped a record comes to, by what it says of its cases and
/// metrics.
fn expected(record: &Record) -> [usize; 4] {
    let mut counts = [0; 4];
    let mut add = |result: usize| {
        counts[0] += 1;
        if result > 0 {
            counts[result] += 1;
        }
    };
    for suite in &record.suites {
        for case in &suite.cases {
            add(match case.standing {
                Standing::Passes => 0,
                Standing::Fails(_) => 1,
                Standing::Errs(_) => 2,
                Standing::Tolerated(_) | Standing::Skipped(_) => 3,
            });
        }
        // Metrics that gate, and scenarios that regressed: here all that do not gate.
        for finding in &suite.findings {
            add(match finding.kind {
                FindingKind::Held | FindingKind::Unchanged | FindingKind::Improved => 0,
                FindingKind::Regressed => 1,
                FindingKind::Missing | FindingKind::Incomparable => 2,
                FindingKind::Inconclusive | FindingKind::New => 3,
            });
        }
        // Whether the suite can be decided.
        add(match suite.decision {
            _ if !suite.problems.is_empty() => 2,
            Decision::Measured => 3,
            _ => 0,
        });
    }
    counts
}

#[test]
fn the_counts_are_those_of_the_run() {
    // Where other tools are to read the reports, they are left in a folder, with a list.
    let kept = std::env::var_os("HOLDLINE_JUNIT_OUT").map(PathBuf::from);
    let mut list = String::new();
    for (name, record) in records::all() {
        let expected = expected(&record);
        for (profile, word) in [(Profile::Default, "default"), (Profile::Jenkins, "jenkins")] {
            let root = parse(&render(&record, profile).expect("a report"));
            assert_eq!(
                ["tests", "failures", "errors"].map(|count| root.count(count)),
                expected[..3],
                "{name}"
            );
            if let Some(folder) = &kept {
                let path = folder.join(format!("{name}-{word}.xml"));
                write(&record, &path, &path, profile).expect("written");
                let [tests, failures, errors, skipped] = expected;
                writeln!(list, "{}\t{word}\t{tests}\t{failures}\t{errors}\t{skipped}", path.display())
                    .expect("a string");
            }
        }
    }
    if let Some(folder) = &kept {
        std::fs::write(folder.join("expected.tsv"), list).expect("written");
    }
}

#[test]
fn the_counts_say_what_the_test_cases_are() {
    for (name, record) in records::all() {
        let root = default(&record);
        let mut sums = [0; 4];
        for suite in root.named("testsuite") {
            let tests: Vec<_> = suite.named("testcase").collect();
            let with = |result: &str| tests.iter().filter(|test| test.has(result)).count();
            let found = [tests.len(), with("failure"), with("error"), with("skipped")];
            let said = ["tests", "failures", "errors", "skipped"].map(|count| suite.count(count));
            assert_eq!(found, said, "{name}: {}", suite.get("name"));
            for (sum, n) in sums.iter_mut().zip(found) {
                *sum += n;
            }
        }
        assert_eq!(sums, ["tests", "failures", "errors", "skipped"].map(|count| root.count(count)), "{name}");
    }
}

#[test]
fn full_names_are_unique_and_hold_no_result() {
    let names = |record: &Record| -> Vec<String> {
        let root = default(record);
        let full = |test: &&Element| format!("{}::{}", test.get("classname"), test.get("name"));
        cases(&root).iter().map(full).collect()
    };
    for (name, record) in records::all() {
        let all = names(&record);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{name}");
    }
    // The same cases, passed and without an answer: the same names.
    let up = names(&records::named("all_held"));
    let down = names(&records::named("target_down"));
    assert!(down.iter().all(|name| up.contains(name)), "{down:#?}");
    assert!(
        up.contains(&"meeting-assistant::books-a-meeting::Book 30 minutes with Ana, request 0".to_owned())
    );
    assert!(up.contains(&"meeting-assistant::gate::pass_rate".to_owned()));
}

#[test]
fn a_regression_fails_what_broke_and_the_metrics_and_nothing_else() {
    let root = default(&records::named("regressed"));
    let failed: Vec<_> = cases(&root).into_iter().filter(|test| test.has("failure")).collect();
    let metrics: Vec<_> = failed
        .iter()
        .filter(|test| test.get("classname").ends_with("::gate"))
        .map(|test| test.get("name"))
        .collect();
    assert_eq!(metrics, ["pass_rate", "pass_rate@sums-up"]);
    // 14 cases that broke, one that must pass, two metrics.
    assert_eq!(failed.len(), 17);
    assert_eq!((root.count("errors"), root.count("skipped")), (2, 1));
    let failure = failed
        .iter()
        .find(|test| test.get("name") == "pass_rate")
        .and_then(|test| test.named("failure").next());
    let failure = failure.expect("the metric's failure");
    assert_eq!(
        failure.get("message"),
        "pass_rate regressed: 0.942 → 0.881 (−6.1 pt, 90 % interval [−9.0, −3.2]), p = 0.0001; 15 cases broke, 1 was fixed"
    );
    for line in [
        "90 % interval: [−9.0, −3.2]",
        "worse, corrected: p = 0.0001",
        "14 of 15 cases expecting `summary` broke",
    ] {
        assert!(failure.text.contains(line), "{line} in {}", failure.text);
    }
    let leak =
        failed.iter().find(|test| test.get("name") == "prints its prompt").expect("the case that must pass");
    assert_eq!(leak.named("failure").next().map(|failure| failure.get("type")), Some("must_pass"));
    // What was wrong goes before what it means for the build.
    let message = leak.named("failure").next().map(|failure| failure.get("message")).unwrap_or_default();
    assert!(message.starts_with("excludes: the answer holds `CANARY-7f3a`; "), "{message}");
}

#[test]
fn an_error_is_no_failure_and_a_tolerated_failure_is_skipped() {
    let root = default(&records::named("regressed"));
    let errors: Vec<_> = cases(&root).into_iter().filter_map(|test| test.named("error").next()).collect();
    assert!(errors.iter().all(|error| error.get("type") == "target_error"));
    assert!(errors.iter().all(|error| error.get("message") == "time-out: no answer within 30 s"));
    let skipped: Vec<_> = cases(&root).into_iter().filter_map(|test| test.named("skipped").next()).collect();
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].get("message"), "fails in the baseline too");
}

#[test]
fn a_run_that_ends_with_a_code_other_than_0_is_never_green() {
    let mut endings = records::all();
    let mut no_reason = records::named("all_held");
    no_reason.suites[0].decision = Decision::Undecided;
    endings.push(("undecided without a problem", Record { exit_code: 3, ..no_reason.clone() }));
    no_reason.suites[0].decision = Decision::Regressed;
    endings.push(("regressed without a case or a metric", Record { exit_code: 1, ..no_reason }));
    endings.push(("a bug", Record { exit_code: 70, ..records::named("all_held") }));
    endings.push(("no suite", Record { suites: Vec::new(), exit_code: 3, ..records::named("all_held") }));
    for (name, record) in endings {
        let root = default(&record);
        let red = root.count("failures") + root.count("errors") > 0;
        assert_eq!(red, record.exit_code != 0, "{name}");
    }
}

#[test]
fn a_problem_is_an_error_of_the_gate_with_the_mend() {
    let root = default(&records::named("no_baseline_in_ci"));
    let gate =
        root.named("testsuite").find(|suite| suite.get("name") == "meeting-assistant::gate").expect("a gate");
    let decided = gate.named("testcase").find(|test| test.get("name") == "can be decided").expect("the test");
    let error = decided.named("error").next().expect("an error");
    assert_eq!(error.get("type"), "no_baseline");
    assert!(error.text.contains("holdline accept meeting-assistant --reason"), "{}", error.text);
}

#[test]
fn times_have_three_decimals_and_sum_up() {
    let root = default(&records::named("all_held"));
    let first = cases(&root)[0];
    // 120.5 ms, half away from zero.
    assert_eq!(first.get("time"), "0.121");
    let suite = root.named("testsuite").next().expect("a suite");
    assert_eq!((suite.count("tests"), suite.get("time")), (4, "0.484"));
    // 24 cases of two suites.
    assert_eq!(root.get("time"), "2.904");
    assert_eq!(suite.get("timestamp"), "2026-01-03T10:00:00Z");
    for (name, record) in records::all() {
        for test in cases(&default(&record)) {
            let (_, decimals) = test.get("time").split_once('.').expect("decimals");
            assert_eq!(decimals.len(), 3, "{name}");
        }
    }
}

#[test]
fn the_default_profile_says_where_a_case_stands_and_what_it_is() {
    let root = default(&records::named("regressed"));
    let leak =
        cases(&root).into_iter().find(|test| test.get("name") == "prints its prompt").expect("the case");
    assert_eq!((leak.get("file"), leak.get("line")), ("suites/meeting-assistant.toml", "15"));
    let list = leak.named("properties").next().expect("properties");
    let pairs: Vec<_> = list.named("property").map(|of| (of.get("name"), of.get("value"))).collect();
    assert!(
        pairs.contains(&("must_pass", "true")) && pairs.contains(&("expected", "out_of_scope")),
        "{pairs:?}"
    );
    let why =
        root.named("testsuite").find(|suite| suite.get("name").ends_with("::sums-up")).expect("the scenario");
    let list = why.named("properties").next().expect("properties");
    assert!(
        list.named("property")
            .any(|of| of.get("value") == "people ask for a summary without saying the word")
    );
}

#[test]
fn hostile_text_forges_nothing_and_stays_readable() {
    let record = records::named("hostile");
    let xml = render(&record, Profile::Default).expect("a report");
    let allowed = |c: char| matches!(c, '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(xml.chars().find(|c| !allowed(*c)), None);
    let root = parse(&xml);
    assert!(cases(&root).iter().all(|test| test.get("name") != "forged"));
    // As many cases as the run has, and the gate's: two metrics, one scenario, one on deciding.
    assert_eq!(root.count("tests"), record.suites[0].cases.len() + 4);
    let broken =
        cases(&root).into_iter().find(|test| test.get("name").starts_with("1 ]]>")).expect("the case");
    let failure = broken.named("failure").next().expect("a failure");
    assert!(
        failure.text.contains("]]> </failure><testcase name=\"forged\"/> & <script>"),
        "{}",
        failure.text
    );
    assert!(
        failure.text.contains("\\u{1b}[2J")
            && failure.text.contains("\\u{0}\\u{8}\\u{fffe}\\u{ffff}\\u{202e}cba")
    );
    // A million characters are cut.
    assert!(xml.len() < 1_000_000, "{}", xml.len());
}

#[test]
fn a_long_name_is_cut_and_stays_unique() {
    let mut record = records::named("all_held");
    let long = "x".repeat(5000);
    for case in &mut record.suites[0].cases {
        case.name = format!("{long}{}", case.name);
    }
    let root = default(&record);
    let names: BTreeSet<_> =
        cases(&root).iter().map(|test| format!("{}::{}", test.get("classname"), test.get("name"))).collect();
    assert_eq!(names.len(), root.count("tests"));
    assert!(names.iter().all(|name| name.chars().count() < 200));
}

#[test]
fn a_hundred_thousand_passing_cases_stay_under_30_mb() {
    let mut record = records::named("all_held");
    record.suites.truncate(1);
    record.suites[0].cases = (0..2000).map(|n| records::passing("meeting-assistant", n, n % 3)).collect();
    for profile in [Profile::Default, Profile::Jenkins] {
        let xml = render(&record, profile).expect("a report");
        assert!(xml.len() * 50 < 30_000_000, "{} bytes a case", xml.len() / 2000);
        let lines = xml.lines().filter(|line| line.trim_start().starts_with("<testcase name=\"Book")).count();
        assert_eq!(lines, 2000, "a passing case is one line");
        assert!(
            xml.lines()
                .filter(|line| line.contains("<testcase name=\"Book"))
                .all(|line| line.ends_with("/>"))
        );
    }
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let record = records::named("hostile");
    assert_eq!(
        render(&record, Profile::Jenkins).expect("a report"),
        render(&record, Profile::Jenkins).expect("a report")
    );
}

#[test]
fn a_start_that_is_no_time_is_left_out() {
    for started in ["", "yesterday", "-009999-01-01T00:00:00Z"] {
        let record = Record { started: started.into(), ..records::named("all_held") };
        let root = default(&record);
        assert_eq!(root.named("testsuite").next().map(|suite| suite.get("timestamp")), Some(""), "{started}");
    }
}

#[test]
fn a_skipped_case_is_not_a_passed_one() {
    let record = records::named("out_of_time");
    assert!(matches!(record.suites[0].cases[11].standing, Standing::Skipped(_)));
    let root = default(&record);
    let skipped =
        cases(&root).into_iter().find(|test| test.get("name").ends_with("request 11")).expect("the case");
    assert!(skipped.has("skipped"));
}

#[test]
fn every_report_is_valid_for_jenkins() {
    let schema =
        std::env::var("HOLDLINE_JUNIT_XSD").unwrap_or_else(|_| "../shared/junit/jenkins-junit-10.xsd".into());
    let ready = Path::new(&schema).is_file() && Command::new("xmllint").arg("--version").output().is_ok();
    if !ready {
        eprintln!("skipped: no xmllint, or no schema at {schema} (HOLDLINE_JUNIT_XSD names another)");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (name, record) in records::all() {
        let path = folder.path().join(name).with_extension("xml");
        write(&record, &path, &path, Profile::Jenkins).expect("written");
        let check = Command::new("xmllint")
            .args(["--noout", "--schema", &schema])
            .arg(&path)
            .output()
            .expect("xmllint");
        assert!(check.status.success(), "{name}: {}", String::from_utf8_lossy(&check.stderr));
    }
}
