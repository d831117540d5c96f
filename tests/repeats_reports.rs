//! What people read of cases that were asked several times. The snapshots are read by a person before they
//! are accepted; what must hold of any report is asserted beside them.
#![cfg(feature = "cli")]

mod support;

use holdline::gate::{Decision, Standing};
use holdline::judge::{Outcome, Verdict};
use holdline::report::escape::{ci_log, terminal_line};
use holdline::report::junit::{Profile, render};
use holdline::report::{
    CaseRecord, Record, Style, case, case_repeat, evidence, markdown, repeats::rolled_up, terminal,
};
use holdline::run::Graded;
use holdline::suite::schema::MustPass;
use support::records::{self, HOSTILE};

const WIDE: Style = Style { colour: false, width: 120 };
const NARROW: Style = Style { colour: false, width: 60 };

/// One answer to a case that passes, as it came out the `repeat`th time.
fn answer(of: &CaseRecord, repeat: u32, outcome: Outcome, output: &str) -> Graded {
    let mut graded = of.graded.clone();
    graded.transcript.repeat = repeat;
    graded.outcome = outcome;
    if outcome != Outcome::Pass {
        output.clone_into(&mut graded.transcript.turns[0].answer.output);
        let reason = format!("expected `scheduling`, got `{output}`");
        graded.verdicts =
            vec![Verdict { judge: "label".into(), outcome, reason, turn: None, measures: None }];
    }
    graded
}

/// Gives a case answers that pass or fail, and lets the first of those that are most stand for it.
fn repeat(case: &mut CaseRecord, passes: &[bool], output: &str) {
    let outcome = |pass: bool| if pass { Outcome::Pass } else { Outcome::Fail };
    case.repeats = (0..).zip(passes).map(|(at, pass)| answer(case, at, outcome(*pass), output)).collect();
    let most = passes.iter().filter(|pass| **pass).count() * 2 > passes.len();
    case.graded = case.repeats[passes.iter().position(|pass| *pass == most).unwrap()].clone();
}

/// Twelve cases asked five times: one fails in most of them and may not, one wavers and passes, one is
/// hostile when it fails, the others are steady.
fn repeated() -> Record {
    let mut record = records::named("all_held");
    record.suites.truncate(1);
    (record.decision, record.exit_code) = (Decision::Regressed, 1);
    let suite = &mut record.suites[0];
    suite.decision = Decision::Regressed;
    for case in &mut suite.cases {
        repeat(case, &[true; 5], "");
    }
    repeat(&mut suite.cases[1], &[true, false, false, true, false], "It is not in my calendar.");
    suite.cases[1].standing = Standing::Fails("must pass".into());
    suite.cases[1].must_pass = MustPass::Majority;
    suite.cases[1].confirmations = vec![
        answer(&suite.cases[4], 5, Outcome::Fail, "Never heard of Ana."),
        answer(&suite.cases[4], 6, Outcome::Pass, ""),
    ];
    repeat(&mut suite.cases[3], &[true, true, true, false, true], "Tomorrow is full.");
    repeat(&mut suite.cases[7], &[false, true, true, false, true], HOSTILE);
    record
}

#[test]
fn the_end_of_a_run_lists_the_cases_whose_answers_disagree() {
    insta::assert_snapshot!("terminal", terminal::render(&repeated(), WIDE));
    insta::assert_snapshot!("terminal_narrow", terminal::render(&repeated(), NARROW));
}

#[test]
fn the_summary_lists_them_too() {
    insta::assert_snapshot!("markdown", markdown::render(&repeated()));
}

#[test]
fn a_case_is_shown_with_all_its_answers_and_any_of_them_whole() {
    let record = repeated();
    let suite = &record.suites[0];
    let failing = &suite.cases[1];
    insta::assert_snapshot!("show", case(&record, suite, failing, WIDE));
    let first = case_repeat(&record, suite, failing, 1, WIDE).expect("the first");
    assert!(first.contains("1: pass          (shown below)"), "{first}");
    assert!(first.contains("│ Done: 30 minutes with Ana tomorrow at 10."), "{first}");
    let sixth = case_repeat(&record, suite, failing, 6, WIDE).expect("asked again");
    assert!(sixth.contains("│ Never heard of Ana."), "{sixth}");
    assert_eq!(case_repeat(&record, suite, failing, 8, WIDE), None);
    assert_eq!(case_repeat(&record, suite, failing, 0, WIDE), None);
    let once = records::named("all_held");
    let suite = &once.suites[0];
    assert_eq!(
        case_repeat(&once, suite, &suite.cases[0], 1, WIDE).as_deref(),
        Some(case(&once, suite, &suite.cases[0], WIDE).as_str())
    );
}

#[test]
fn at_most_ten_unstable_cases_are_listed_and_the_rest_is_counted() {
    let mut record = repeated();
    for case in &mut record.suites[0].cases {
        repeat(case, &[true, false, true], "No.");
    }
    let page = terminal::render(&record, WIDE);
    assert!(page.contains("12 unstable cases") && page.contains("and 2 cases more"), "{page}");
    assert_eq!(page.matches("pass 2/3").count(), 10 + 1, "ten here, and the one that fails the build");
    let summary = markdown::render(&record);
    assert!(summary.contains("- and 2 more"), "{summary}");
}

#[test]
fn junit_says_how_many_answers_pass() {
    let xml = render(&repeated(), Profile::Default).expect("XML");
    assert!(xml.contains("2 of 5 answers pass; label: expected"), "{xml}");
    for property in [
        r#"<property name="repeats" value="5"/>"#,
        r#"<property name="passed" value="2"/>"#,
        r#"<property name="must_pass" value="majority"/>"#,
    ] {
        assert_eq!(xml.matches(property).count(), if property.contains("repeats") { 3 } else { 1 }, "{xml}");
    }
    // Those that waver and pass have it too; steady ones are a line.
    assert_eq!(xml.matches(r#"<property name="unstable" value="true"/>"#).count(), 3, "{xml}");
}

#[test]
fn the_evidence_of_a_trial_says_how_many_answers_pass() {
    let record = repeated();
    let text = evidence::text(&record.suites[0].cases[1]);
    assert!(text.lines().any(|line| line == "repeats   pass 2/5"), "{text}");
}

#[test]
fn answers_that_are_not_graded_are_not_counted_as_graded() {
    let mut case = repeated().suites[0].cases[0].clone();
    case.repeats[0].outcome = Outcome::TargetError;
    case.repeats[1].outcome = Outcome::CannotJudge;
    assert_eq!(rolled_up(&case).as_deref(), Some("pass 3/4"));
    assert!(case.is_unstable(), "an error counts as a failure");
    for graded in &mut case.repeats {
        graded.outcome = Outcome::Skipped;
    }
    assert_eq!(rolled_up(&case).as_deref(), Some("graded 0/5"));
    assert_eq!(rolled_up(&records::named("all_held").suites[0].cases[0]), None);
}

#[test]
fn hostile_answers_stay_harmless_in_every_repeat() {
    let record = repeated();
    let suite = &record.suites[0];
    let hostile = &suite.cases[7];
    assert!(hostile.repeats[0].transcript.turns[0].answer.output == HOSTILE);
    for page in [
        case(&record, suite, hostile, WIDE),
        case_repeat(&record, suite, hostile, 1, WIDE).expect("the first"),
        terminal::render(&record, WIDE),
    ] {
        let logged = ci_log(&page);
        for line in logged.lines() {
            assert_eq!(terminal_line(line), line, "nothing is left to escape");
            assert!(!line.trim_start().starts_with("::"), "{line}");
        }
    }
}
