//! The `gate` group of a suite: what the metrics come to, and what keeps them from being decided.

use super::model::{Group, Test, TestResult};
use crate::gate::{Decision, Finding, FindingKind};
use crate::metric::Slice;
use crate::report::escape::xml_line;
use crate::report::headline;
use crate::report::number;
use crate::report::record::{Carried, Record, SuiteRecord};

/// Name of the test that says whether the suite could be decided at all.
const DECIDED: &str = "can be decided";

/// The gate of a suite. `failing`: whether one of its cases fails already.
pub(super) fn of_suite(suite: &SuiteRecord, failing: bool) -> Group {
    let mut tests: Vec<_> = headline::gating(suite).map(|finding| test(suite, finding)).collect();
    if suite.decision == Decision::Regressed {
        // A scenario broke the build: shown even where its metric does not gate by itself.
        let scenario = |finding: &&Finding| {
            !finding.gates
                && finding.kind == FindingKind::Regressed
                && matches!(finding.slice, Slice::Scenario(_))
        };
        tests.extend(suite.findings.iter().filter(scenario).map(|finding| test(suite, finding)));
    }
    let failing = failing || tests.iter().any(|test| matches!(test.result, TestResult::Failed { .. }));
    tests.insert(0, decided(suite, failing));
    let mut properties = vec![
        ("feature", xml_line(&suite.feature)),
        ("verdict", xml_line(&headline::of_suite(suite))),
        ("fingerprint", xml_line(&suite.fingerprint)),
    ];
    properties.extend(suite.baseline.as_deref().map(|of| ("baseline", xml_line(of))));
    Group {
        name: xml_line(&format!("{}::gate", suite.name)),
        file: Some(xml_line(&suite.path)),
        properties,
        tests,
    }
}

/// What stands for a suite that was not asked.
pub(super) fn of_carried(suite: &SuiteRecord, carried: &Carried) -> Group {
    let from = suite.baseline.as_deref().unwrap_or("unknown");
    let message =
        format!("{}; what stands for it was {from} (run {})", headline::of_suite(suite), carried.run);
    let result = TestResult::skipped("carried_over", &message);
    Group {
        name: xml_line(&format!("{}::gate", suite.name)),
        file: Some(xml_line(&suite.path)),
        properties: vec![
            ("feature", xml_line(&suite.feature)),
            ("verdict", xml_line(&headline::of_suite(suite))),
            ("fingerprint", xml_line(&suite.fingerprint)),
            ("baseline", xml_line(from)),
        ],
        tests: vec![gate_test("is carried over".to_owned(), Some(xml_line(&suite.path)), Some(1), result)],
    }
}

/// What makes a run red whose suites do not say why: none was run, or it ended with a code of its own.
pub(super) fn of_run(record: &Record) -> Option<Group> {
    let message = if record.suites.is_empty() {
        "no suite was run, so nothing was checked".to_owned()
    } else if record.exit_code != 0 {
        format!("the run ended with exit code {}: {}", record.exit_code, headline::of_run(record))
    } else {
        return None;
    };
    let result = TestResult::errored("undecided", &message, "");
    Some(Group {
        name: "holdline::gate".to_owned(),
        file: None,
        properties: Vec::new(),
        tests: vec![gate_test(DECIDED.to_owned(), None, None, result)],
    })
}

fn decided(suite: &SuiteRecord, failing: bool) -> Test {
    let headline = headline::of_suite(suite);
    let result = if let Some(first) = suite.problems.first() {
        let lines: Vec<_> = suite.problems.iter().map(|problem| format!("- {}", problem.message)).collect();
        let kind = match serde_json::to_value(first.kind) {
            Ok(serde_json::Value::String(word)) => word,
            _ => "problem".to_owned(),
        };
        TestResult::errored(&kind, &headline, &lines.join("\n"))
    } else {
        match suite.decision {
            Decision::Undecided | Decision::Exhausted => TestResult::errored("undecided", &headline, ""),
            Decision::Regressed if !failing => TestResult::failed("regressed", &headline, ""),
            Decision::Measured if suite.shard.is_some() => TestResult::skipped("shard", &headline),
            Decision::Measured => TestResult::skipped("no_baseline", &headline),
            Decision::Held | Decision::Regressed => TestResult::Passed,
        }
    };
    gate_test(DECIDED.to_owned(), Some(xml_line(&suite.path)), Some(1), result)
}

fn test(suite: &SuiteRecord, finding: &Finding) -> Test {
    let numbers = numbers(suite, finding);
    let message = format!("{} {}: {}", finding.key(), finding.kind, finding.reason);
    let kind = finding.kind.to_string();
    let result = match finding.kind {
        FindingKind::Held | FindingKind::Unchanged | FindingKind::Improved => TestResult::Passed,
        FindingKind::Inconclusive | FindingKind::New => TestResult::skipped(&kind, &message),
        FindingKind::Regressed => TestResult::failed(&kind, &message, &numbers),
        FindingKind::Incomparable | FindingKind::Missing => TestResult::errored(&kind, &message, &numbers),
    };
    let line = match &finding.slice {
        Slice::Scenario(id) => suite.scenarios.iter().find(|of| of.id == *id).map(|of| of.line),
        Slice::Suite | Slice::Tag(_) | Slice::Operators(_) => None,
    };
    gate_test(xml_line(&finding.key()), Some(xml_line(&suite.path)), Some(line.unwrap_or(1)), result)
}

fn gate_test(name: String, file: Option<String>, line: Option<u32>, result: TestResult) -> Test {
    Test { name, millis: 0, file, line, properties: Vec::new(), result }
}

/// All the numbers behind a finding, a line each.
fn numbers(suite: &SuiteRecord, finding: &Finding) -> String {
    let unit = finding.unit;
    let mut lines = vec![
        format!("baseline: {}", number::value_or_none(finding.baseline, unit)),
        format!("now: {}", number::value_or_none(finding.candidate, unit)),
    ];
    lines.extend(finding.delta.map(|of| format!("difference: {}", number::delta(of, unit))));
    lines.extend(finding.interval.map(|of| format!("90 % interval: {}", number::interval(of, unit))));
    lines.extend(finding.p_worse.map(|of| format!("worse: {}", number::p_value(of))));
    lines.extend(finding.p_adjusted.map(|of| format!("worse, corrected: {}", number::p_value(of))));
    lines.extend(finding.floor.map(|of| format!("floor: {}", number::value(of, unit))));
    lines.push(format!("cases paired: {} of {} families", finding.paired, finding.families));
    lines.push(format!("broke: {}, fixed: {}", finding.broke, finding.fixed));
    lines.extend(finding.concentrations.iter().map(|of| headline::concentration(suite, of)));
    lines.push(finding.reason.clone());
    lines.join("\n")
}
