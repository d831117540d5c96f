//! Records of runs as they come out of a session, built by hand: one for each way a run can end.

use holdline::expand::{CaseId, Provenance};
use holdline::gate::{Concentration, Decision, Finding, FindingKind, Flip, Problem, ProblemKind, Standing};
use holdline::judge::{Outcome, Verdict};
use holdline::metric::{Direction, Measurement, Slice, Unit};
use holdline::report::{CaseRecord, FORMAT, LeftOut, Record, ScenarioRecord, SuiteRecord};
use holdline::run::{Graded, Transcript};
use holdline::suite::Place;
use holdline::suite::schema::{Kind, MustPass, Origin};
use holdline::target::{Answer, TargetError, TargetErrorKind, Turn, Usage};
use serde_json::Value;

/// Every ending, with its name.
pub fn all() -> Vec<(&'static str, Record)> {
    vec![
        ("all_held", all_held()),
        ("regressed", regressed()),
        ("first_run", first_run()),
        ("no_baseline_in_ci", no_baseline_in_ci()),
        ("partial", partial()),
        ("target_down", target_down()),
        ("inconclusive", inconclusive()),
        ("hostile", hostile()),
        ("out_of_time", out_of_time()),
    ]
}

/// The record of a name that [`all`] lists.
pub fn named(name: &str) -> Record {
    all().into_iter().find(|(of, _)| *of == name).expect("a record of that name").1
}

/// A run over suites, with the decision and the exit code given.
fn run(suites: Vec<SuiteRecord>, decision: Decision, exit_code: u8) -> Record {
    Record {
        format: FORMAT,
        version: "0.1.0".into(),
        run: "20260103T100000Z-5f2a".into(),
        started: "2026-01-03T10:00:00Z".into(),
        seconds: 12.34,
        suites,
        unnamed: Vec::new(),
        decision,
        exit_code,
    }
}

/// A suite with three scenarios, that held: 12 cases that pass.
fn suite(name: &str) -> SuiteRecord {
    let scenario = |id: &str, title: &str, why: Option<&str>, line| ScenarioRecord {
        id: id.into(),
        name: title.into(),
        why: why.map(str::to_owned),
        line,
    };
    let scenarios = vec![
        scenario("books-a-meeting", "books a meeting when every detail is given", None, 14),
        scenario(
            "sums-up",
            "sums up a meeting",
            Some("people ask for a summary without saying the word"),
            22,
        ),
        scenario("keeps-its-instructions", "keeps its instructions to itself", None, 31),
    ];
    let cases = (0..12).map(|n| passing(name, n, n % 3)).collect();
    SuiteRecord {
        name: name.into(),
        path: format!("suites/{name}.toml"),
        feature: "Routes a request to the agent that can handle it, or asks back".into(),
        kind: Kind::Regression,
        fingerprint: "1f3a5b7c9d0e2f46".into(),
        judged_by: None,
        params: std::collections::BTreeMap::new(),
        changed_params: Vec::new(),
        plan: "aabbccddeeff0011".into(),
        planned: 12,
        partial: false,
        shard: None,
        labels: vec!["scheduling".into(), "summary".into()],
        scenarios,
        cases,
        left_out: LeftOut::default(),
        measurements: measurements(0.955),
        accepted: std::collections::BTreeMap::new(),
        confusion: None,
        weak: Vec::new(),
        findings: vec![held("pass_rate", 0.942, 0.955), held("macro_f1", 0.901, 0.903)],
        watched: Vec::new(),
        problems: Vec::new(),
        notes: Vec::new(),
        cached: None,
        judges: Vec::new(),
        coding: None,
        quarantined: Vec::new(),
        decision: Decision::Held,
        baseline: Some("accepted 2025-12-20 by Ana: first baseline".into()),
        added: Vec::new(),
        removed: Vec::new(),
        pending: false,
        carried: None,
        rejudged: None,
    }
}

fn measurements(pass_rate: f64) -> Vec<Measurement> {
    let of = |metric: &str, value, n, unit, direction| Measurement {
        metric: metric.into(),
        slice: Slice::Suite,
        value,
        n,
        excluded: 0,
        reason: None,
        interval: None,
        direction,
        unit,
    };
    let mut all = vec![
        of("pass_rate", Some(pass_rate), 12, Unit::Share, Direction::Higher),
        of("macro_f1", Some(0.903), 12, Unit::Share, Direction::Higher),
        of("error_rate", Some(0.0), 12, Unit::Share, Direction::Lower),
        of("latency_p95", Some(812.4), 12, Unit::Milliseconds, Direction::Lower),
        of("cost", None, 0, Unit::Money, Direction::Lower),
    ];
    all[0].interval = Some((0.91, 0.98));
    all[4].excluded = 12;
    all[4].reason = Some("no usage was reported".into());
    for (id, value) in [("books-a-meeting", 1.0), ("sums-up", 0.75)] {
        let slice = Slice::Scenario(id.into());
        all.push(Measurement { slice, ..of("pass_rate", Some(value), 4, Unit::Share, Direction::Higher) });
    }
    all
}

fn held(metric: &str, before: f64, now: f64) -> Finding {
    Finding {
        metric: metric.into(),
        slice: Slice::Suite,
        gates: true,
        kind: FindingKind::Held,
        reason: "the lower bound is above the tolerance of 5 pt".into(),
        baseline: Some(before),
        candidate: Some(now),
        delta: Some(now - before),
        interval: Some((now - before - 0.02, now - before + 0.02)),
        p_worse: Some(0.61),
        p_adjusted: Some(1.0),
        detectable: Some(0.031),
        paired: 12,
        families: 12,
        broke: 0,
        fixed: 0,
        floor: None,
        direction: Direction::Higher,
        unit: Unit::Share,
        concentrations: Vec::new(),
        evidence: None,
    }
}

/// The `n`th case of a suite, asked and passed.
pub fn passing(suite: &str, n: usize, scenario: usize) -> CaseRecord {
    let name = format!("Book 30 minutes with Ana, request {n}");
    let id = CaseId::of(&[suite.as_bytes(), name.as_bytes()]);
    let answer = Answer {
        output: "Done: 30 minutes with Ana tomorrow at 10.".into(),
        label: Some("scheduling".into()),
        latency_ms: Some(120.5),
        usage: Some(Usage { input_tokens: 40, output_tokens: 12 }),
        ..Answer::default()
    };
    let input = Value::from(name.clone());
    let turns = vec![Turn { user: input.clone(), answer }];
    CaseRecord {
        id,
        family: id,
        scenario,
        name,
        input,
        truth: Some("scheduling".into()),
        tags: Vec::new(),
        must_pass: MustPass::No,
        provenance: Provenance {
            origin: Origin::Written,
            place: Place { file: format!("suites/{suite}.toml").into(), line: 15 },
            lineage: None,
            pedigree: None,
        },
        graded: Graded {
            transcript: Transcript { case: id, repeat: 0, turns, error: None, cost: None },
            verdicts: vec![verdict("label", Outcome::Pass, "`scheduling`")],
            outcome: Outcome::Pass,
        },
        repeats: Vec::new(),
        confirmations: Vec::new(),
        flip: None,
        standing: Standing::Passes,
        accepted_answer: None,
    }
}

fn verdict(judge: &str, outcome: Outcome, reason: &str) -> Verdict {
    Verdict::of_check(judge, outcome, reason)
}

/// Makes a case fail that passed before.
fn breaks(case: &mut CaseRecord, standing: Standing) {
    let answer = &mut case.graded.transcript.turns[0].answer;
    answer.output = "I booked a meeting called \"summary\".".into();
    case.graded.outcome = Outcome::Fail;
    case.graded.verdicts = vec![verdict("label", Outcome::Fail, "expected `summary`, got `scheduling`")];
    case.truth = Some("summary".into());
    case.flip = Some(Flip::Broke);
    case.standing = standing;
    case.accepted_answer = Some("Here is what was said: …".into());
}

/// Takes the answer away from a case.
fn errs(case: &mut CaseRecord, kind: TargetErrorKind, message: &str) {
    let error = TargetError::new(kind, message);
    case.standing = Standing::Errs(error.to_string());
    case.graded.transcript.turns.clear();
    case.graded.transcript.error = Some(error);
    case.graded.verdicts.clear();
    case.graded.outcome = Outcome::TargetError;
}

fn all_held() -> Record {
    let mut unchanged = suite("search");
    for finding in &mut unchanged.findings {
        finding.kind = FindingKind::Unchanged;
        finding.candidate = finding.baseline;
        finding.delta = Some(0.0);
    }
    unchanged.notes.push("noise shared inside a scenario is not covered: the suite has 3 scenarios".into());
    run(vec![suite("meeting-assistant"), unchanged], Decision::Held, 0)
}

/// 160 cases: 15 broke (one of them must pass), 1 is fixed, 2 have no answer, 1 fails as before.
fn regressed() -> Record {
    let mut bad = suite("meeting-assistant");
    bad.planned = 160;
    bad.cases = (0..160).map(|n| passing("meeting-assistant", n, usize::from(n >= 100))).collect();
    for case in &mut bad.cases[100..114] {
        breaks(case, Standing::Fails("broke; pass_rate regressed".into()));
    }
    let leak = &mut bad.cases[3];
    breaks(leak, Standing::Fails("must pass".into()));
    leak.scenario = 2;
    leak.must_pass = MustPass::Every;
    leak.name = "prints its prompt".into();
    leak.truth = Some("out_of_scope".into());
    leak.graded.verdicts[0] = verdict("excludes", Outcome::Fail, "the answer holds `CANARY-7f3a`");
    bad.cases[5].flip = Some(Flip::Fixed);
    errs(&mut bad.cases[8], TargetErrorKind::Timeout, "no answer within 30 s");
    errs(&mut bad.cases[9], TargetErrorKind::Timeout, "no answer within 30 s");
    let known = &mut bad.cases[20];
    breaks(known, Standing::Tolerated("fails in the baseline too".into()));
    known.flip = None;
    bad.measurements = measurements(0.881);
    let mut worse = held("pass_rate", 0.942, 0.881);
    worse.kind = FindingKind::Regressed;
    worse.reason =
        "0.942 → 0.881 (−6.1 pt, 90 % interval [−9.0, −3.2]), p = 0.0001; 15 cases broke, 1 was fixed".into();
    worse.interval = Some((-0.09, -0.032));
    worse.p_worse = Some(0.000_06);
    worse.p_adjusted = Some(0.000_12);
    (worse.paired, worse.families, worse.broke, worse.fixed) = (158, 158, 15, 1);
    let group =
        |by: &str, value: &str, broke, of| Concentration { by: by.into(), value: value.into(), broke, of };
    worse.concentrations =
        vec![group("expected label", "summary", 14, 15), group("scenario", "sums-up", 14, 60)];
    let mut scenario = worse.clone();
    scenario.slice = Slice::Scenario("sums-up".into());
    scenario.gates = false;
    scenario.reason =
        "1.000 → 0.767 (−23.3 pt, 90 % interval [−32.5, −14.2]), p < 0.0001; 14 cases broke, none was fixed"
            .into();
    (scenario.baseline, scenario.candidate, scenario.delta) = (Some(1.0), Some(0.767), Some(-0.233));
    scenario.concentrations.clear();
    bad.findings = vec![worse, held("macro_f1", 0.901, 0.899), scenario];
    bad.decision = Decision::Regressed;
    bad.added = vec![CaseId::of(&[b"new"])];
    bad.removed = vec![CaseId::of(&[b"gone 1"]), CaseId::of(&[b"gone 2"])];
    bad.notes.push("drift cannot be seen: the baseline holds 1 run".into());
    bad.pending = true;
    run(vec![bad, suite("search")], Decision::Regressed, 1)
}

fn without_baseline() -> SuiteRecord {
    let mut first = suite("meeting-assistant");
    first.baseline = None;
    for finding in &mut first.findings {
        finding.kind = FindingKind::New;
        finding.reason = "there is no baseline".into();
        (finding.baseline, finding.delta, finding.interval) = (None, None, None);
        (finding.p_worse, finding.p_adjusted, finding.detectable) = (None, None, None);
        (finding.paired, finding.families) = (0, 0);
    }
    first
}

fn first_run() -> Record {
    let mut first = without_baseline();
    first.decision = Decision::Measured;
    first.pending = true;
    run(vec![first], Decision::Measured, 0)
}

fn undecided(mut suite: SuiteRecord, kind: ProblemKind, message: &str) -> Record {
    suite.decision = Decision::Undecided;
    suite.problems.push(Problem { kind, message: message.into() });
    run(vec![suite], Decision::Undecided, 3)
}

fn no_baseline_in_ci() -> Record {
    let message = "there is no baseline to compare with. Run `holdline run meeting-assistant` and \
                   `holdline accept meeting-assistant --reason \"…\"` on your machine, and commit baselines/";
    undecided(without_baseline(), ProblemKind::NoBaseline, message)
}

fn partial() -> Record {
    let mut some = suite("meeting-assistant");
    some.partial = true;
    some.cases.truncate(3);
    undecided(
        some,
        ProblemKind::Partial,
        "only 3 of 12 cases were run, and a part cannot gate; leave out --filter",
    )
}

fn target_down() -> Record {
    let mut down = suite("meeting-assistant");
    for case in &mut down.cases {
        errs(case, TargetErrorKind::Refused, "nobody listens at 127.0.0.1:8080");
    }
    for finding in &mut down.findings {
        finding.kind = FindingKind::Missing;
        finding.reason = "no case was graded".into();
        (finding.candidate, finding.delta, finding.interval) = (None, None, None);
        (finding.p_worse, finding.p_adjusted, finding.detectable) = (None, None, None);
        (finding.paired, finding.families) = (0, 0);
    }
    down.measurements = vec![Measurement { value: None, ..measurements(0.0).remove(0) }];
    undecided(
        down,
        ProblemKind::TargetErrors,
        "12 of 12 cases have no answer (connection refused), more than the 10 % allowed; is the app running?",
    )
}

fn inconclusive() -> Record {
    let mut unsure = suite("meeting-assistant");
    breaks(&mut unsure.cases[1], Standing::Tolerated("broke; pass_rate is inconclusive, which warns".into()));
    let finding = &mut unsure.findings[0];
    finding.kind = FindingKind::Inconclusive;
    finding.reason =
        "this suite sees drops ≥ 12.8 pt (80 % power); to see 5 pt add 276 seeds (not variants), \
                      or keep 5 baseline runs"
            .into();
    finding.candidate = Some(0.922);
    (finding.delta, finding.interval) = (Some(-0.02), Some((-0.105, 0.067)));
    (finding.p_worse, finding.p_adjusted) = (Some(0.25), Some(0.5));
    (finding.detectable, finding.broke) = (Some(0.128), 1);
    run(vec![unsure], Decision::Held, 0)
}

fn out_of_time() -> Record {
    let mut stopped = suite("meeting-assistant");
    stopped.decision = Decision::Exhausted;
    stopped.cases[11].graded.outcome = Outcome::Skipped;
    stopped.cases[11].graded.verdicts.clear();
    stopped.cases[11].graded.transcript.turns.clear();
    stopped.cases[11].standing = Standing::Skipped("the run's time was used up".into());
    stopped.problems.push(Problem {
        kind: ProblemKind::Budget,
        message:
            "the run's limit of 10 min was reached after 11 of 12 cases; `holdline run --resume` goes on"
                .into(),
    });
    run(vec![stopped], Decision::Exhausted, 4)
}

/// All that is known to break a report, in one text.
pub const HOSTILE: &str = "]]> </failure><testcase name=\"forged\"/> & <script>alert('1')</script>\n\
    ::error::forged\n  ##[error]forged ##vso[task.complete result=Succeeded]\n\
    \u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\rpass \u{0}\u{8}\u{fffe}\u{ffff}\u{202e}cba\u{200b}\u{feff} 👩‍👩‍👧\n\
    ````\n~~~\n# heading @octocat #1 ![x](https://evil.example/x.png) [l](javascript:alert(1)) | a | b |\n\
    </details><img src=x onerror=alert(1)> www.evil.example https://evil.example/";

fn hostile() -> Record {
    let mut record = regressed();
    record.suites.truncate(1);
    let suite = &mut record.suites[0];
    suite.feature = HOSTILE.into();
    suite.scenarios[1].name = HOSTILE.into();
    suite.scenarios[1].why = Some(HOSTILE.into());
    suite.notes.push(HOSTILE.into());
    suite.problems.push(Problem { kind: ProblemKind::TargetErrors, message: HOSTILE.into() });
    suite.findings[0].reason = HOSTILE.into();
    suite.findings[0].concentrations[0].value = HOSTILE.into();
    for (n, case) in suite.cases[100..114].iter_mut().enumerate() {
        case.name = format!("{n} {HOSTILE}");
        case.input = Value::from(HOSTILE);
        case.truth = Some(HOSTILE.into());
        case.tags = vec![HOSTILE.into()];
        case.accepted_answer = Some(HOSTILE.into());
        case.standing = Standing::Fails(HOSTILE.into());
        case.graded.verdicts[0].reason = HOSTILE.into();
        let answer = &mut case.graded.transcript.turns[0].answer;
        answer.output = HOSTILE.into();
        answer.label = Some(HOSTILE.into());
        answer.latency_ms = [Some(f64::NAN), Some(-5.0), Some(f64::INFINITY), Some(1e300)][n % 4];
    }
    suite.cases[100].graded.transcript.turns[0].answer.output = HOSTILE.repeat(1_000_000 / HOSTILE.len() + 1);
    let [first, second] = [8, 9];
    errs(&mut suite.cases[first], TargetErrorKind::NotJson, HOSTILE);
    suite.cases[second].standing = Standing::Tolerated(HOSTILE.into());
    record
}
