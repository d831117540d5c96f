//! The rules between cases and metrics: which cases enter a value, what an error counts as, when there is
//! no value. Expected values are worked out by hand.

mod properties;

use holdline::expand::CaseId;
use holdline::judge::{
    Numbers,
    Outcome::{self, *},
};
use holdline::metric::{
    AcceptedRuns, Confusion, Gating, MeasureInput, Measurement, Measures, NamedOutcomes, Observation, Scope,
    Slice, Table, Unit, catalogue, find, measure_table,
};
use holdline::suite::schema::{NamedMetric, TargetErrors};
use std::collections::BTreeSet;

const LABELS: [&str; 4] = ["book", "ask", "find", "other"];

struct Suite {
    labels: Vec<String>,
    scenarios: Vec<String>,
    target_errors: TargetErrors,
}

impl Suite {
    fn new(labels: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            labels: owned(labels),
            scenarios: owned(&["first", "second", "third"]),
            target_errors: TargetErrors::Fail,
        }
    }

    fn excluding_errors(self) -> Self {
        Self { target_errors: TargetErrors::Exclude, ..self }
    }

    fn input(&self) -> MeasureInput<'_> {
        MeasureInput {
            labels: &self.labels,
            scenario_ids: &self.scenarios,
            target_errors: self.target_errors,
            earlier: &|_| AcceptedRuns::default(),
        }
    }

    fn measures(&self, cases: &[Observation<'_>]) -> Measures {
        measure_table(&self.input(), &Table::of(cases.iter().map(std::slice::from_ref)))
    }

    fn measure(&self, cases: &[Observation<'_>]) -> Vec<Measurement> {
        self.measures(cases).measurements
    }

    fn confusion(&self, cases: &[Observation<'_>]) -> Confusion {
        self.measures(cases).confusion.expect("labels are declared")
    }
}

fn case<'a>(scenario: usize, outcome: Outcome) -> Observation<'a> {
    Observation {
        scenario,
        family: CaseId::of(&[b"seed"]),
        variant: None,
        named: NamedOutcomes::default(),
        knobs: None,
        tags: &[],
        outcome,
        truth: None,
        label: None,
        numbers: None,
        answered: !matches!(outcome, TargetError | Skipped),
        timed_out: false,
        turns: None,
        latencies_ms: &[],
        first_token_ms: &[],
        tokens: None,
        cost: None,
    }
}

/// A case that expects one label and got another, or the same, or none.
fn labelled<'a>(truth: &'a str, label: Option<&'a str>) -> Observation<'a> {
    let outcome = if label == Some(truth) { Pass } else { Fail };
    Observation { truth: Some(truth), label, ..case(0, outcome) }
}

fn conversation<'a>(outcome: Outcome, answered: u32, most: u32) -> Observation<'a> {
    Observation { turns: Some((answered, most)), ..case(0, outcome) }
}

#[track_caller]
fn get<'m>(all: &'m [Measurement], key: &str) -> &'m Measurement {
    all.iter().find(|one| one.key() == key).unwrap_or_else(|| panic!("no {key}"))
}

fn has(all: &[Measurement], key: &str) -> bool {
    all.iter().any(|one| one.key() == key)
}

#[track_caller]
fn value(all: &[Measurement], key: &str) -> f64 {
    get(all, key).value.unwrap_or_else(|| panic!("{key}: {:?}", get(all, key).reason))
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
}

#[test]
fn every_metric_of_the_table_is_measured_over_all_that_it_is_taken_over() {
    let tags = ["typing".to_owned()];
    let mut named = NamedOutcomes::default();
    // Leaks are taken over families of operators too: see below.
    for of in NamedMetric::ALL.into_iter().filter(|of| *of != NamedMetric::LeakRate) {
        named.add(of, Pass);
    }
    let named = named.with_supported(Some(1.0));
    let cases: Vec<Observation<'_>> = [(0, "book", 1.0), (0, "ask", 2.0), (1, "book", 3.0), (1, "find", 4.0)]
        .into_iter()
        .map(|(scenario, label, number)| Observation {
            scenario,
            tags: &tags,
            named,
            turns: Some((1, 3)),
            latencies_ms: &[10.0],
            first_token_ms: &[5.0],
            tokens: Some((3, 4)),
            cost: Some(0.01),
            numbers: Some(Numbers { expected: 2.0 * number, answered: Some(number) }),
            ..labelled(label, Some(label))
        })
        .collect();
    // Every case is asked twice, so that what is taken over repeats is there too.
    let suite = Suite::new(&LABELS);
    let twice = Table::of(cases.iter().map(|case| [*case, *case]));
    let measured = measure_table(&suite.input(), &twice).measurements;
    let keys: BTreeSet<String> = measured.iter().map(Measurement::key).collect();
    let once = suite.measure(&cases);
    let but_for_repeats: Vec<&Measurement> =
        measured.iter().filter(|of| !["pass_hat_k", "pass_at_k"].contains(&of.metric.as_str())).collect();
    assert_eq!(but_for_repeats, once.iter().collect::<Vec<_>>(), "twice the same changes nothing");
    let mut due = BTreeSet::new();
    for metric in catalogue() {
        let name = metric.name;
        // These are taken over variants and rows of templates: see the tests of robustness and templates.
        // Scores are those of texts and rankings, but for one: see the tests of generation metrics. A ratio to the
        // baseline is for the gate to take.
        let elsewhere = matches!(metric.gates, Gating::Times | Gating::Scores) && name != "faithfulness";
        if metric.scope == Scope::Operators || name == "knob_coverage" || elsewhere {
            continue;
        }
        if metric.scope == Scope::Label {
            due.extend(["book", "ask", "find"].map(|label| format!("{name}[{label}]")));
            continue;
        }
        due.insert(name.to_owned());
        if matches!(metric.scope, Scope::Scenario | Scope::Tag) {
            due.extend(["first", "second"].map(|id| format!("{name}@{id}")));
        }
        if metric.scope == Scope::Tag {
            due.insert(format!("{name}#typing"));
        }
    }
    assert_eq!(keys, due);
    for one in &measured {
        let metric = find(&one.key()).unwrap();
        let (least, most) = metric.range;
        assert!(one.value.is_some_and(|value| (least..=most).contains(&value)), "{}", one.key());
    }
}

#[test]
fn only_pass_and_fail_enter_the_pass_rate() {
    let cases = [
        case(0, Pass),
        case(0, Pass),
        case(0, Fail),
        case(0, NotApplicable),
        case(0, CannotJudge),
        case(0, CannotJudge),
        case(0, JudgeError),
        case(0, Skipped),
    ];
    let all = Suite::new(&[]).measure(&cases);
    let rate = get(&all, "pass_rate");
    near(rate.value.unwrap(), 2.0 / 3.0);
    assert_eq!((rate.n, rate.excluded), (3, 5));
    assert_eq!(
        rate.reason.as_deref(),
        Some("1 not asked, 1 not applicable, 2 that could not be judged, 1 with a judge error")
    );
}

#[test]
fn a_target_error_fails_unless_the_suite_excludes_it_and_is_always_an_error() {
    let cases = [case(0, Pass), case(0, Pass), case(0, Pass), case(0, TargetError)];
    let failing = Suite::new(&[]).measure(&cases);
    near(value(&failing, "pass_rate"), 0.75);
    near(value(&failing, "error_rate"), 0.25);
    let excluding = Suite::new(&[]).excluding_errors().measure(&cases);
    let rate = get(&excluding, "pass_rate");
    assert_eq!((rate.value, rate.n, rate.excluded), (Some(1.0), 3, 1));
    assert_eq!(rate.reason.as_deref(), Some("1 with a target error"));
    near(value(&excluding, "error_rate"), 0.25);
}

#[test]
fn errors_and_time_outs_are_shares_of_the_cases_asked() {
    let late = Observation { timed_out: true, ..case(0, TargetError) };
    let cases = [case(0, Pass), case(0, CannotJudge), case(0, TargetError), late, case(0, Skipped)];
    let all = Suite::new(&[]).measure(&cases);
    for (name, share) in [("error_rate", 0.5), ("timeout_rate", 0.25)] {
        let rate = get(&all, name);
        assert_eq!((rate.value, rate.n, rate.excluded), (Some(share), 4, 1), "{name}");
    }
}

#[test]
fn a_rate_has_its_wilson_interval() {
    // 8 of 10: `binomial_ci-003` of the golden file.
    let cases: Vec<_> = (0..10).map(|at| case(0, if at < 8 { Pass } else { Fail })).collect();
    let (low, high) = get(&Suite::new(&[]).measure(&cases), "pass_rate").interval.unwrap();
    assert!((low - 0.490_162_471_536_641_8).abs() < 1e-9 && (high - 0.943_317_848_545_624_8).abs() < 1e-9);
}

#[test]
fn without_cases_there_is_no_value() {
    let all = Suite::new(&LABELS).measure(&[]);
    let keys: Vec<String> = all.iter().map(Measurement::key).collect();
    assert_eq!(keys, ["pass_rate", "error_rate", "timeout_rate"]);
    for one in &all {
        assert_eq!((one.value, one.n, one.interval), (None, 0, None));
        assert_eq!(one.reason.as_deref(), Some("no cases"));
    }
}

#[test]
fn where_no_case_counts_there_is_no_value_but_a_reason() {
    let skipped = Observation { truth: Some("book"), ..case(0, Skipped) };
    let all = Suite::new(&LABELS).measure(&[skipped, skipped]);
    for one in &all {
        assert_eq!((one.value, one.n, one.excluded), (None, 0, 2), "{}", one.key());
        assert_eq!(one.reason.as_deref(), Some("no case counts: 2 not asked"), "{}", one.key());
    }
    assert!(has(&all, "accuracy") && has(&all, "macro_f1") && has(&all, "kappa"));
}

#[test]
fn slices_come_suite_first_then_scenarios_then_tags() {
    let (typing, both) =
        (vec!["typing".to_owned()], vec!["typing".to_owned(), "asr".into(), "typing".into()]);
    let cases = [
        Observation { tags: &typing, ..case(2, Fail) },
        Observation { tags: &both, ..case(0, Pass) },
        case(0, Pass),
        case(0, Fail),
    ];
    let all = Suite::new(&[]).measure(&cases);
    let keys: Vec<String> = all.iter().map(Measurement::key).collect();
    assert_eq!(
        keys,
        [
            "pass_rate",
            "macro_pass_rate",
            "error_rate",
            "timeout_rate",
            "pass_rate@first",
            "error_rate@first",
            "timeout_rate@first",
            "pass_rate@third",
            "error_rate@third",
            "timeout_rate@third",
            "pass_rate#asr",
            "pass_rate#typing",
        ]
    );
    near(value(&all, "pass_rate"), 0.5);
    near(value(&all, "pass_rate@first"), 2.0 / 3.0);
    near(value(&all, "pass_rate#typing"), 0.5);
    assert_eq!(get(&all, "pass_rate#typing").n, 2);
    // The mean of 2/3 and 0.
    near(value(&all, "macro_pass_rate"), 1.0 / 3.0);
}

#[test]
fn labels_that_do_not_occur_are_left_out_of_the_averages_and_named() {
    // `label_not_in_data` of the golden file: 2/3 over the labels given, 1 over those that occur.
    let suite = Suite::new(&["a", "b", "z"]);
    let cases = [labelled("a", Some("a")), labelled("b", Some("b"))];
    let all = suite.measure(&cases);
    for name in ["macro_precision", "macro_recall", "macro_f1", "balanced_accuracy", "mcc", "kappa"] {
        near(value(&all, name), 1.0);
    }
    assert!(!has(&all, "recall[z]"));
    assert_eq!(
        suite.measures(&cases).notes,
        ["labels neither expected nor answered, left out of the averages: `z`"]
    );
    assert_eq!(suite.confusion(&cases).labels, ["a", "b"]);
}

#[test]
fn an_answer_without_a_declared_label_is_a_miss_and_no_false_alarm() {
    let suite = Suite::new(&["book", "ask"]);
    let cases = [
        labelled("book", Some("book")),
        labelled("book", None),
        labelled("book", Some("weather")),
        labelled("ask", Some("ask")),
        labelled("ask", Some("book")),
    ];
    let all = suite.measure(&cases);
    assert_eq!(suite.confusion(&cases).matrix, [[1, 0, 2], [1, 1, 0]]);
    near(value(&all, "accuracy"), 2.0 / 5.0);
    // Three answers name a declared label, two of them rightly.
    near(value(&all, "micro_precision"), 2.0 / 3.0);
    near(value(&all, "micro_recall"), 2.0 / 5.0);
    near(value(&all, "micro_f1"), 4.0 / 8.0);
    near(value(&all, "precision[book]"), 1.0 / 2.0);
    near(value(&all, "recall[book]"), 1.0 / 3.0);
    near(value(&all, "f1[book]"), 2.0 / 5.0);
    near(value(&all, "tnr[book]"), 1.0 / 2.0);
    near(value(&all, "tnr[ask]"), 1.0);
    near(value(&all, "balanced_accuracy"), f64::midpoint(1.0 / 3.0, 1.0 / 2.0));
    near(value(&all, "macro_f1"), f64::midpoint(2.0 / 5.0, 2.0 / 3.0));
    // Expected by chance: (3·2 + 2·1)/25; agreed: 2/5.
    near(value(&all, "kappa"), (2.0 / 5.0 - 8.0 / 25.0) / (1.0 - 8.0 / 25.0));
    // (2·5 − 8) / √((25 − 2² − 1² − 2²)(25 − 3² − 2²)).
    near(value(&all, "mcc"), 2.0 / (16.0_f64 * 12.0).sqrt());
    assert_eq!(
        suite.measures(&cases).notes,
        ["answers that name a label which is not declared: 1; they count as no label (`weather`)"]
    );
}

#[test]
fn a_case_without_an_answer_counts_as_no_label_or_not_at_all() {
    let broken = Observation { truth: Some("ask"), label: Some("ask"), ..case(0, TargetError) };
    let cases = [labelled("book", Some("book")), labelled("ask", Some("ask")), broken];
    let failing = Suite::new(&LABELS);
    let all = failing.measure(&cases);
    near(value(&all, "accuracy"), 2.0 / 3.0);
    assert_eq!(failing.confusion(&cases).matrix, [[1, 0, 0], [0, 1, 1]]);
    let excluding = Suite::new(&LABELS).excluding_errors();
    let all = excluding.measure(&cases);
    let accuracy = get(&all, "accuracy");
    assert_eq!((accuracy.value, accuracy.n, accuracy.excluded), (Some(1.0), 2, 1));
    assert_eq!(accuracy.reason.as_deref(), Some("1 with a target error"));
    assert_eq!(excluding.confusion(&cases).total(), 2);
}

#[test]
fn a_case_that_no_judge_could_tell_still_has_its_label() {
    let unjudged = Observation { outcome: CannotJudge, ..labelled("book", Some("book")) };
    let all = Suite::new(&LABELS).measure(&[unjudged]);
    assert_eq!(get(&all, "accuracy").value, Some(1.0));
    assert_eq!(get(&all, "pass_rate").value, None);
}

#[test]
fn cases_that_expect_no_declared_label_are_left_out_aloud() {
    let suite = Suite::new(&["book"]);
    let cases = [labelled("book", Some("book")), labelled("bok", Some("book")), case(0, Pass)];
    let all = suite.measure(&cases);
    let accuracy = get(&all, "accuracy");
    assert_eq!((accuracy.value, accuracy.n, accuracy.excluded), (Some(1.0), 1, 2));
    assert_eq!(
        accuracy.reason.as_deref(),
        Some("1 without one expected label, 1 expecting a label that is not declared")
    );
    let notes = suite.measures(&cases).notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("not declared: 1;") && notes[0].contains("`bok`"), "{}", notes[0]);
}

#[test]
fn a_share_of_nothing_has_no_value_label_by_label_and_is_0_in_the_averages() {
    // Nothing is answered `ask`, and nothing expects `find`.
    let cases = [labelled("book", Some("book")), labelled("ask", Some("find"))];
    let all = Suite::new(&LABELS).measure(&cases);
    let precision = get(&all, "precision[ask]");
    assert_eq!((precision.value, precision.n, precision.excluded), (None, 0, 2));
    assert_eq!(precision.reason.as_deref(), Some("no case counts: 2 answered otherwise"));
    let recall = get(&all, "recall[find]");
    assert_eq!((recall.value, recall.n), (None, 0));
    assert_eq!(recall.reason.as_deref(), Some("no case counts: 2 expecting another label"));
    assert_eq!(get(&all, "f1[ask]").value, Some(0.0));
    near(value(&all, "macro_precision"), 1.0 / 3.0);
    near(value(&all, "macro_recall"), 1.0 / 3.0);
}

#[test]
fn kappa_of_one_label_throughout_is_not_defined_and_mcc_is_0() {
    let all = Suite::new(&LABELS).measure(&[labelled("book", Some("book")), labelled("book", Some("book"))]);
    let kappa = get(&all, "kappa");
    assert_eq!((kappa.value, kappa.n), (None, 2));
    assert!(kappa.reason.as_ref().unwrap().starts_with("not defined"), "{kappa:?}");
    assert_eq!(get(&all, "mcc").value, Some(0.0));
}

#[test]
fn micro_precision_needs_an_answer_with_a_label() {
    let all = Suite::new(&LABELS).measure(&[labelled("book", None), labelled("ask", None)]);
    let precision = get(&all, "micro_precision");
    assert_eq!(precision.value, None);
    assert_eq!(precision.reason.as_deref(), Some("no answer names a declared label"));
    assert_eq!(get(&all, "micro_recall").value, Some(0.0));
}

#[test]
fn a_scenario_that_expects_one_label_has_accuracy_alone() {
    let second = |truth, label| Observation { scenario: 1, ..labelled(truth, Some(label)) };
    let cases = [
        labelled("book", Some("book")),
        labelled("book", Some("ask")),
        second("ask", "ask"),
        second("find", "find"),
    ];
    let all = Suite::new(&LABELS).measure(&cases);
    near(value(&all, "accuracy@first"), 0.5);
    assert!(!has(&all, "macro_f1@first"));
    near(value(&all, "macro_f1@second"), 1.0);
    assert!(!has(&all, "recall[ask]@second") && has(&all, "recall[ask]"));
}

#[test]
fn without_declared_labels_there_are_no_scores_over_labels() {
    let suite = Suite::new(&[]);
    let cases = [labelled("book", Some("book"))];
    assert!(!has(&suite.measure(&cases), "accuracy"));
    assert_eq!(suite.measures(&cases).confusion, None);
    assert!(suite.measures(&cases).notes.is_empty());
}

#[test]
fn a_conversation_that_fails_counts_the_most_turns_its_script_allows() {
    let cases = [
        conversation(Pass, 1, 3),
        conversation(Pass, 2, 3),
        conversation(Fail, 1, 3),
        conversation(TargetError, 0, 5),
        conversation(JudgeError, 2, 3),
        case(0, Pass),
    ];
    let all = Suite::new(&[]).measure(&cases);
    let turns = get(&all, "turns_to_success");
    assert_eq!((turns.value, turns.n, turns.excluded), (Some((1.0 + 2.0 + 3.0 + 5.0) / 4.0), 4, 2));
    assert_eq!(turns.reason.as_deref(), Some("1 with a judge error, 1 that are no conversation"));
    let all = Suite::new(&[]).excluding_errors().measure(&cases);
    assert_eq!(get(&all, "turns_to_success").value, Some(2.0));
    assert!(!has(&Suite::new(&[]).measure(&[case(0, Pass)]), "turns_to_success"));
}

#[test]
fn latency_is_over_requests_and_counts_cases() {
    fn timed(latencies_ms: &[f64]) -> Observation<'_> {
        Observation { latencies_ms, ..case(0, Pass) }
    }
    let cases = [timed(&[30.0, 10.0]), timed(&[20.0]), timed(&[]), timed(&[f64::NAN, f64::INFINITY, -1.0])];
    let all = Suite::new(&[]).measure(&cases);
    for (name, millis) in [("latency_p50", 20.0), ("latency_p95", 30.0), ("latency_p99", 30.0)] {
        let latency = get(&all, name);
        assert_eq!((latency.value, latency.n, latency.excluded), (Some(millis), 2, 2), "{name}");
        assert_eq!(latency.reason.as_deref(), Some("2 not timed"));
        assert_eq!(latency.unit, Unit::Milliseconds);
    }
    assert!(!has(&all, "first_token_p50"));
}

#[test]
fn tokens_and_cost_are_over_the_cases_where_they_are_known() {
    let used = |tokens, cost| Observation { tokens, cost, ..case(0, Pass) };
    let cases = [used(Some((100, 20)), Some(0.25)), used(Some((50, 5)), Some(0.5)), used(None, None)];
    let all = Suite::new(&[]).measure(&cases);
    let expected = [
        ("input_tokens", 150.0),
        ("output_tokens", 25.0),
        ("total_tokens", 175.0),
        ("cost_total", 0.75),
        ("cost_mean", 0.375),
    ];
    for (name, number) in expected {
        let one = get(&all, name);
        assert_eq!((one.value, one.n, one.excluded), (Some(number), 2, 1), "{name}");
    }
    assert_eq!(get(&all, "input_tokens").reason.as_deref(), Some("1 of unknown usage"));
    assert_eq!(get(&all, "cost_mean").reason.as_deref(), Some("1 of unknown cost"));
    let nothing = Suite::new(&[]).measure(&[used(None, None)]);
    assert!(!has(&nothing, "input_tokens") && !has(&nothing, "cost_total"));
}

#[test]
fn hostile_labels_are_cut_and_escaped_in_notes() {
    let suite = Suite::new(&["book"]);
    let long = format!("\u{1b}[31m::error::{}", "x".repeat(1000));
    let names: Vec<String> = (0..7).map(|at| format!("{at}{long}")).collect();
    let cases: Vec<_> = names.iter().map(|name| labelled("book", Some(name))).collect();
    let notes = suite.measures(&cases).notes;
    assert!(notes[0].contains("not declared: 7;") && notes[0].ends_with(" and 2 more)"), "{}", notes[0]);
    assert!(!notes[0].contains('\u{1b}') && notes[0].len() < 500, "{}", notes[0]);
}

#[test]
fn a_matrix_of_another_shape_is_refused() {
    let matrix = Confusion { labels: vec!["a".into()], matrix: vec![vec![3, 1]] };
    let text = serde_json::to_string(&matrix).unwrap();
    assert_eq!(serde_json::from_str::<Confusion>(&text).unwrap(), matrix);
    for text in [r#"{"labels":["a"],"matrix":[[3]]}"#, r#"{"labels":["a"],"matrix":[]}"#] {
        assert!(serde_json::from_str::<Confusion>(text).is_err(), "{text}");
    }
}
