//! How each case moved, and how it stands in the build.

use super::assess::{Assessment, Ground};
use super::pair::Pair;
use super::score::is_in;
use super::subject::{Subject, What};
use super::{Finding, FindingKind, Flip, ProblemKind, Standing, Standings, phrase};
use crate::baseline::Accepted;
use crate::judge::Outcome;
use crate::metric::Slice;
use crate::suite::schema::{Kind, MustPass};

/// A slice that regressed: cases that broke in it fail the build.
struct Regressed<'f> {
    slice: &'f Slice,
    counts: Counts,
    why: String,
}

/// Which cases of a slice make its metric worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// Those that broke.
    Broken,
    /// Those that broke and have an answer.
    BrokenWithAnswer,
    /// Those that newly ended in a target error.
    Errors,
}

/// For each case of the input, in its order: how it moved and how it stands.
pub(super) fn standings(suite: &Assessment<'_>, findings: &[Finding]) -> Standings {
    let regressed: Vec<Regressed<'_>> = findings
        .iter()
        .filter(|finding| finding.gates && finding.kind == FindingKind::Regressed)
        .filter_map(regressed)
        .collect();
    // Outcomes that were judged in another way are no movement.
    let comparable = suite.ground != Ground::Incomparable;
    // In the order of the cases.
    let mut pairs = suite.pairing.iter().flat_map(|pairing| pairing.pairs().iter()).peekable();
    let mut all = Standings::default();
    for case in 0..suite.input.table.len() {
        let pair = pairs.next_if(|pair| pair.index == case);
        let flip = pair.filter(|_| comparable).and_then(|pair| pair.flip(suite.input.spec.target_errors));
        all.push(flip, &standing(suite, findings, &regressed, case, pair, flip));
    }
    all
}

/// The slice of a regressed finding, where its metric is one of single cases.
fn regressed(finding: &Finding) -> Option<Regressed<'_>> {
    let counts = match Subject::of_key(&finding.metric).what {
        What::ErrorRate => Counts::Errors,
        What::PassRate
        | What::Accuracy
        | What::Ratio(_)
        | What::Robust(_)
        | What::StatedChange
        | What::Summary => Counts::Broken,
        What::Distance(_) | What::Score(_) | What::Entries(_) => Counts::BrokenWithAnswer,
        What::Latency | What::Other => return None,
    };
    let change = match (finding.baseline, finding.candidate) {
        (Some(before), Some(now)) => {
            format!(" ({})", phrase::arrow(before, now, finding.unit))
        }
        _ => String::new(),
    };
    let why = format!("passed in the baseline, and {} regressed{change}", finding.key());
    Some(Regressed { slice: &finding.slice, counts, why })
}

fn standing(
    suite: &Assessment<'_>,
    findings: &[Finding],
    regressed: &[Regressed<'_>],
    case: usize,
    pair: Option<Pair<'_>>,
    flip: Option<Flip>,
) -> Standing {
    let blocks = suite.input.kind == Kind::Regression;
    let outcome = suite.input.table.outcome(case);
    if suite.input.table.case(case).quarantined && outcome != Outcome::Skipped {
        return Standing::Tolerated("in quarantine: out of the gate for now".to_owned());
    }
    if blocks && let Some(why) = fails_alone(suite, case) {
        return Standing::Fails(why);
    }
    match outcome {
        Outcome::Pass | Outcome::NotApplicable => Standing::Passes,
        Outcome::Skipped => Standing::Skipped(why(suite, case, "it was not asked")),
        Outcome::CannotJudge | Outcome::JudgeError => Standing::Errs(why(suite, case, "it has no verdict")),
        Outcome::Fail | Outcome::TargetError => {
            let scenario = |slice: &Slice| is_in(slice, suite.input, case);
            let is_error = outcome == Outcome::TargetError;
            let newly = pair.is_some_and(|pair| pair.before() != Accepted::Error);
            let broke = |slice: &&Regressed<'_>| {
                let broke = flip == Some(Flip::Broke);
                let counts = match slice.counts {
                    Counts::Broken => broke,
                    Counts::BrokenWithAnswer => broke && !is_error,
                    Counts::Errors => is_error && newly,
                };
                counts && scenario(slice.slice)
            };
            match regressed.iter().find(broke) {
                Some(slice) => Standing::Fails(slice.why.clone()),
                None if is_error => Standing::Errs(why(suite, case, "there is no answer")),
                None if !blocks => Standing::Tolerated("a capability suite never blocks".to_owned()),
                None => Standing::Tolerated(tolerated(suite, findings, case, pair, flip)),
            }
        }
    }
}

/// Why a case that must pass fails the build by itself; `None` where it does not.
fn fails_alone(suite: &Assessment<'_>, case: usize) -> Option<String> {
    let table = suite.input.table;
    let must_pass = table.case(case).must_pass;
    if !must_pass.is_set() {
        return None;
    }
    let answers = || table.answers(case).chain(table.confirmations(case)).map(|answer| answer.outcome);
    let count = |wanted: Outcome| answers().filter(|outcome| *outcome == wanted).count();
    let (failed, errors) = (count(Outcome::Fail), count(Outcome::TargetError));
    // A run with too many errors says nothing of the application's behaviour.
    let errors = if is_down(suite) { 0 } else { errors };
    let bad = failed + errors;
    let of = answers().count();
    match must_pass {
        MustPass::Every if of > 1 && bad > 0 => {
            Some(format!("it must pass, and {bad} of its {of} answers do not"))
        }
        MustPass::Every if failed > 0 => Some("it must pass, whatever the baseline says".to_owned()),
        MustPass::Every if errors > 0 => Some("it must pass, and there is no answer".to_owned()),
        MustPass::Majority if 2 * bad > of => {
            Some(format!("most of its answers must pass, and {bad} of {of} do not"))
        }
        MustPass::No | MustPass::Every | MustPass::Majority => None,
    }
}

/// Whether the application, or its judges, failed as a whole.
fn is_down(suite: &Assessment<'_>) -> bool {
    let down =
        |kind| matches!(kind, ProblemKind::Target | ProblemKind::Credentials | ProblemKind::TargetErrors);
    suite.problems.iter().any(|problem| down(problem.kind))
}

/// Why a failure does not fail the build.
fn tolerated(
    suite: &Assessment<'_>,
    findings: &[Finding],
    case: usize,
    pair: Option<Pair<'_>>,
    flip: Option<Flip>,
) -> String {
    match (suite.ground, pair) {
        (Ground::Incomparable, _) => {
            return "the baseline was measured in another way and cannot be compared".to_owned();
        }
        (_, None) => return "new case, no baseline yet".to_owned(),
        _ => {}
    }
    let accepted = pair.map_or(Accepted::Ungraded, |pair| pair.before());
    match (accepted, flip) {
        (_, Some(Flip::Broke)) => {}
        (Accepted::Fail, _) => return "failed in the baseline too".to_owned(),
        (Accepted::Error, _) => return "had no answer in the baseline either way".to_owned(),
        _ => return "not graded in the baseline".to_owned(),
    }
    match suite.ground {
        Ground::Part => return "new failure, but a partial run cannot gate".to_owned(),
        Ground::Compared => {}
        _ => return "new failure, but the suite cannot be decided".to_owned(),
    }
    let about = findings.iter().find(|finding| {
        finding.gates
            && finding.kind != FindingKind::Regressed
            && finding.metric != "error_rate"
            && is_in(&finding.slice, suite.input, case)
    });
    about.map_or_else(
        || "new failure that no regressed metric covers".to_owned(),
        |finding| format!("new failure, but {} {}", finding.key(), verb(finding.kind)),
    )
}

/// What a metric that did not regress did.
const fn verb(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Held => "held",
        FindingKind::Improved => "improved",
        FindingKind::Inconclusive => "is inconclusive",
        FindingKind::Unchanged => "is unchanged",
        FindingKind::Missing => "has no value",
        FindingKind::Incomparable => "cannot be compared",
        FindingKind::New => "is new",
        FindingKind::Regressed => "regressed",
    }
}

/// The reason that the case itself gives, or a plain one.
fn why(suite: &Assessment<'_>, case: usize, otherwise: &str) -> String {
    let why = suite.input.whys.of(case);
    if why.is_empty() { otherwise.to_owned() } else { why }
}
