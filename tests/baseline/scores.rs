//! Scores beside references in a baseline: how they are written, what is said of wrong ones, and which a run
//! adds.

use super::*;
use holdline::metric::{Measured, RankingScores, Scores};

/// The fixture of format 3 as one of format 4, with scores of two cases.
fn with_scores() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/baseline-3.snap");
    let text = fs::read_to_string(path).unwrap().replace("\r\n", "\n").replace("format\t3", "format\t4");
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        if line.starts_with("case\t00000000000000a1") {
            out.push_str("scores\t00000000000000a1\tmrr\t0.25\nscores\t00000000000000a1\trecall_at_5\t1.0\n");
        }
        if line.starts_with("case\t00000000000000b2") {
            out.push_str("scores\t00000000000000b2\tmrr\t1.0\t-\t0.3333333333333333\n");
        }
    }
    out
}

fn read(text: &str) -> Result<Snap, BaselineError> {
    Snap::parse(text, Path::new("demo.snap"))
}

#[test]
fn scores_are_read_and_written_as_they_were() {
    let text = with_scores();
    let snap = read(&text).unwrap();
    assert_eq!(snap.render(), text);
    let cases = &snap.baseline.cases;
    let scores = |id: &str, metric: &str| -> Vec<Option<f64>> {
        cases.get(id.parse().unwrap()).unwrap().scores(metric).collect()
    };
    assert_eq!(scores("00000000000000a1", "recall_at_5"), [Some(1.0); 3]);
    assert_eq!(scores("00000000000000b2", "mrr"), [Some(1.0), None, Some(1.0 / 3.0)]);
    assert_eq!(scores("00000000000000b2", "recall_at_5"), [None; 3]);
    // A file without any is of the format before, which older versions read.
    let without: String =
        text.lines().filter(|line| !line.starts_with("scores")).flat_map(|line| [line, "\n"]).collect();
    assert_eq!(read(&without).unwrap().render(), without.replace("format\t4", "format\t3"));
}

#[test]
fn each_mistake_of_scores_is_named() {
    for (from, to, due) in [
        ("format\t4", "format\t3", "a line begins with no word that Holdline knows"),
        ("\t1.0\t-\t0.3", "\t-\t0.3", "the scores of a case with 3 runs are 2 and not 1 or 3"),
        ("\tmrr\t0.25", "\tmrr\tx", "the score of a case is not a number"),
        ("\tmrr\t0.25", "\tmae\t0.25", "a case scores by a metric that has no scores"),
        ("\tmrr\t0.25", "\trecall_at_5\t0.25", "what a case scores by a metric is there twice"),
        ("scores\t00000000000000a1", "scores\t00000000000000b2", "what a case scores stands before the case"),
        ("scores\t00000000000000a1", "scores\ta1", "a case has no id of 16 hex digits"),
    ] {
        let error = read(&with_scores().replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(due), "{from:?} -> {to:?}: {error}");
    }
}

/// A run of one case that scores this by every metric of rankings, once for each.
fn run(old: Option<&Baseline>, metrics: &[&'static str], scores: &[f64]) -> Baseline {
    let case = id("a");
    let mut table = Table::default();
    let facts = CaseFacts {
        id: case,
        family: case,
        scenario: 0,
        variant: None,
        knobs: None,
        tags: &[],
        must_pass: MustPass::No,
        quarantined: false,
        truth: None,
        expected: None,
        measured: Measured { relevant: Some(true), ..Measured::default() },
        most_turns: None,
    };
    table.push(&facts, u32::try_from(scores.len()).unwrap());
    for (repeat, score) in (0..).zip(scores) {
        let ranking: RankingScores = [*score; 19];
        let scores = Scores { ranking: Some(&ranking), ..Scores::default() };
        table.set(0, repeat, &AnswerFacts { outcome: Outcome::Pass, scores, ..AnswerFacts::NOT_ASKED });
    }
    let prints = fingerprints("a");
    let new = NewRun {
        suite: "demo",
        run: "r",
        fingerprints: &prints,
        measurements: &[],
        scores: metrics,
        cases: &table,
    };
    next(old, &new, false)
}

#[test]
fn a_run_adds_the_scores_of_the_metrics_that_are_named() {
    let kept = |baseline: &Baseline, metric: &str| -> Vec<Option<f64>> {
        baseline.cases.get(id("a")).unwrap().scores(metric).collect()
    };
    let first = run(None, &["mrr"], &[0.5, 1.0]);
    assert_eq!((kept(&first, "mrr"), kept(&first, "map")), (vec![Some(0.5), Some(1.0)], vec![None; 2]));
    // Named later, a metric has no score in the runs before; of all runs the newest five are kept.
    let second = run(Some(&first), &["map", "mrr"], &[0.0, 0.25]);
    assert_eq!(kept(&second, "mrr"), [0.5, 1.0, 0.0, 0.25].map(Some));
    assert_eq!(kept(&second, "map"), [None, None, Some(0.0), Some(0.25)]);
    let third = run(Some(&second), &["mrr"], &[0.75, 0.5]);
    assert_eq!(kept(&third, "mrr"), [1.0, 0.0, 0.25, 0.75, 0.5].map(Some));
    assert_ne!(second, run(Some(&first), &["map", "mrr"], &[0.0, 0.3]));
    let nothing = run(Some(&second), &[], &[1.0]);
    assert_eq!(nothing.cases.get(id("a")).unwrap().scored().count(), 0);
}
