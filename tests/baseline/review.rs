//! What a review shows, and what comes of the answers to it.

use super::*;
use Outcome::{CannotJudge, Fail, Pass, TargetError};
use holdline::baseline::{Review, Way, compare};
use holdline::cli::review::{ReviewOptions, Reviewed};
use holdline::cli::{self, PendingError};
use holdline::report::review::render;

fn accepted() -> Baseline {
    let mut run = Run::after(
        None,
        "r1",
        &[
            ("a", Pass),
            ("b", Fail),
            ("c", Pass),
            ("d", Fail),
            ("e", Pass),
            ("gone", Pass),
            ("relabelled", Pass),
        ],
    );
    run.next.history.push(Acceptance {
        run: "r1".to_owned(),
        at: "2026-02-28T09:05:00Z".to_owned(),
        by: "Ana".to_owned(),
        reason: "first".to_owned(),
        change: String::new(),
    });
    // Cases `c` and `e` broke; `e` had always passed.
    edit(&mut run.next, id("e"), |runs, _| *runs = vec![ran(Accepted::Pass, None, None); 3]);
    for case in run.next.cases.ids().to_vec() {
        let label = if case == id("relabelled") { "other" } else { "r2" };
        edit(&mut run.next, case, |runs, _| runs.last_mut().unwrap().label = Some(label));
    }
    run.next
}

fn changed(old: &Baseline) -> Run {
    Run::after(
        Some(old),
        "r2",
        &[
            ("a", Pass),
            ("b", Pass),
            ("c", CannotJudge),
            ("d", TargetError),
            ("e", Fail),
            ("new", Fail),
            ("relabelled", Pass),
        ],
    )
}

fn reviewed() -> Review {
    let old = accepted();
    let before = Run::after(
        None,
        "r1",
        &[("a", Pass), ("b", Fail), ("c", Pass), ("d", Fail), ("e", Pass), ("gone", Pass)],
    );
    let new = changed(&old);
    compare(Some(&old), &new.next, Some(&before.answers), Some(&new.answers))
}

#[test]
fn a_review_has_the_worst_first() {
    let review = reviewed();
    let moved: Vec<_> = review
        .moved
        .iter()
        .map(|case| {
            (case.new.as_ref().unwrap().name.as_str(), case.way, case.before.letter(), case.after.letter())
        })
        .collect();
    let expected = [
        ("e", Way::Broke, 'P', 'F'),
        ("c", Way::Broke, 'P', '-'),
        ("d", Way::Moved, 'F', 'E'),
        ("b", Way::Fixed, 'F', 'P'),
    ];
    assert_eq!(moved, expected);
    assert_eq!(review.added, [(id("new"), Some("new".to_owned()))]);
    assert_eq!(review.removed, [(id("gone"), Some("gone".to_owned()))]);
    assert_eq!((review.cases, review.failing, review.relabelled), (7, 3, 1));
    assert!(review.incomparable.is_empty());
    let keys: Vec<_> = review.metrics.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(keys, ["pass_rate"]);
    assert_eq!(review.moved[0].old.as_ref().unwrap().output.as_deref(), Some("e answered in r1"));
}

#[test]
fn other_judges_or_another_kind_of_target_make_metrics_incomparable() {
    let old = accepted();
    let mut new = changed(&old).next;
    new.fingerprints.judges = "02".to_owned();
    new.fingerprints.target = "chat".to_owned();
    assert_eq!(compare(Some(&old), &new, None, None).incomparable, ["judges", "target"]);
}

#[test]
fn a_review_reads_well() {
    let mut review = reviewed();
    // The ids would say nothing here.
    review.moved.truncate(2);
    insta::assert_snapshot!(render(&review, 72, false), @"
    demo: run r2
    would follow run r1, accepted 2026-02-28T09:05:00Z by Ana
    which was accepted because: first
    would keep 2 of at most 5 runs
    3 of 7 cases would be accepted as failing

    Metrics
      pass_rate  0.7143 -> 0.4286  (-0.2857)  n 7

    Broke (2)
      713fb6376006ff64 pass -> fail  e
        input     please e
        - label: r1
        - e answered in r1
        + label: r2
        + e answered in r2
        reason    r2 said no

      a73bf18e5ae007a4 pass -> not graded  c
        input     please c
        - label: r1
        - c answered in r1
        + label: r2
        + c answered in r2

    Added (1)
      69fc30eee72e19fd new

    Removed (1)
      a2c1fea93d6f0f7f gone

    1 case with another label and the same outcome
    ");
}

#[test]
fn a_first_baseline_says_what_fails_in_it() {
    let run = Run::after(None, "r1", &[("a", Pass), ("b", Fail)]);
    let review = compare(None, &run.next, None, Some(&run.answers));
    insta::assert_snapshot!(render(&review, 72, false), @"
    demo: run r1
    would be the first baseline
    1 of 2 cases would be accepted as failing

    Metrics
      pass_rate  0.5000  n 2  new

    Failing (1)
      836d69d0eed52279 b
        input     please b
        answer    b answered in r1
        reason    r1 said no
    ");
}

#[test]
fn a_review_says_how_many_runs_would_be_kept() {
    let outcomes = [("a", Pass), ("b", Pass)];
    let signed = |mut next: Baseline| {
        next.history.push(Acceptance {
            run: next.run.clone(),
            at: "2026-02-28T09:05:00Z".to_owned(),
            by: "Ana".to_owned(),
            reason: "why".to_owned(),
            change: String::new(),
        });
        next
    };
    let first = signed(Run::answering("x", None, "r1", &outcomes).next);
    let same = Run::answering("x", Some(&first), "r2", &outcomes).next;
    insta::assert_snapshot!(render(&compare(Some(&first), &same, None, None), 72, false), @"
    demo: run r2
    would follow run r1, accepted 2026-02-28T09:05:00Z by Ana
    which was accepted because: why
    nothing changed, one more run: 2 of 5
    ");
    let second = signed(same);
    let said = |next: &Baseline| render(&compare(Some(&second), next, None, None), 72, false);
    let worse = Run::answering("x", Some(&second), "r3", &[("a", Pass), ("b", Fail)]).next;
    assert!(said(&worse).contains("would keep 3 of at most 5 runs\n"), "{}", said(&worse));
    let anew = Run::answering("x", None, "r3", &[("a", Pass), ("b", Fail)]).next;
    let due = "starts anew with 1 run: the 2 accepted before would be dropped\n";
    assert!(said(&anew).contains(due), "{}", said(&anew));
    assert!(render(&compare(None, &second, None, None), 72, false).contains("with 2 runs\n"));
}

#[test]
fn a_hostile_answer_steers_no_terminal_and_breaks_no_line() {
    let mut review = reviewed();
    let hostile = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}txt\r\nsecond\u{2028}line\u{200b}";
    for case in &mut review.moved {
        let answer = case.new.as_mut().unwrap();
        hostile.clone_into(&mut answer.name);
        hostile.clone_into(&mut answer.reason);
        answer.input = hostile.into();
        answer.output = Some(hostile.repeat(400));
        answer.label = Some(hostile.to_owned());
        case.expected = Some(hostile.to_owned());
    }
    hostile.clone_into(&mut review.suite);
    review.metrics[0].key = hostile.repeat(20);
    review.added[0].1 = Some(hostile.to_owned());
    let text = render(&review, 72, false);
    let steering =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}' | '\u{200b}');
    assert_eq!(text.chars().find(|c| steering(*c)), None);
    assert!(text.lines().all(|line| line.chars().count() <= 72), "{text}");
    assert!(text.lines().count() < 250, "{}", text.lines().count());

    let coloured = render(&review, 72, true);
    let escapes = coloured.split('\u{1b}').skip(1);
    assert!(escapes.clone().count() > 20);
    for escape in escapes {
        let code = escape.strip_prefix('[').and_then(|rest| rest.split_once('m')).map(|(code, _)| code);
        assert!(code.is_some_and(|code| code.bytes().all(|b| b.is_ascii_digit() || b == b';')), "{escape:?}");
    }
}

fn waiting_in(dir: &Path, suites: &[&str]) -> Store {
    let store = Store::new(dir, false);
    for suite in suites {
        let mut run = Run::after(None, "r1", &[("a", Pass), ("b", Fail)]);
        (*suite).clone_into(&mut run.next.suite);
        (*suite).clone_into(&mut run.answers.suite);
        run.offered(&store, UpdateMode::New, &signed("")).unwrap();
    }
    store
}

fn review_with(store: &Store, said: &str, interactive: bool) -> (Reviewed, String) {
    let mut output = Vec::new();
    let options = ReviewOptions { suite: None, interactive, width: 80, colour: false };
    let reviewed = cli::review::run(store, &signed, &mut said.as_bytes(), &mut output, &options).unwrap();
    (reviewed, String::from_utf8(output).unwrap())
}

fn reviewed_as(accepted: &[&str], rejected: &[&str], skipped: &[&str]) -> Reviewed {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Reviewed { accepted: owned(accepted), rejected: owned(rejected), skipped: owned(skipped) }
}

#[test]
fn each_suite_is_accepted_rejected_or_skipped() {
    let dir = tempfile::tempdir().unwrap();
    let store = waiting_in(dir.path(), &["one", "three", "two"]);
    let (reviewed, output) = review_with(&store, "?\na\nit is right\nr\ns\n", true);
    assert_eq!(reviewed, reviewed_as(&["one"], &["three"], &["two"]));
    assert!(output.contains("a  accept: the run becomes the baseline"), "{output}");
    assert_eq!(store.load("one").unwrap().unwrap().acceptance().unwrap().reason, "it is right");
    assert_eq!(store.load("three").unwrap(), None);
    assert_eq!(store.waiting().unwrap(), ["two"]);
}

#[test]
fn the_end_of_the_input_and_quitting_leave_the_rest_for_later() {
    for said in ["q\n", "", "a\n\n\nq\n", "a\n"] {
        let dir = tempfile::tempdir().unwrap();
        let store = waiting_in(dir.path(), &["one", "two"]);
        let (reviewed, _) = review_with(&store, said, true);
        assert_eq!(reviewed, reviewed_as(&[], &[], &["one", "two"]), "{said:?}");
        assert_eq!(store.waiting().unwrap(), ["one", "two"]);
    }
}

#[test]
fn without_a_terminal_nothing_is_asked_and_the_command_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = waiting_in(dir.path(), &["one"]);
    let (reviewed, output) = review_with(&store, "a\nwhy\n", false);
    assert_eq!(reviewed, reviewed_as(&[], &[], &["one"]));
    assert!(output.contains("`holdline accept one --reason \"…\"` accepts this"), "{output}");
    assert_eq!(store.waiting().unwrap(), ["one"]);
}

#[test]
fn accepting_without_a_suite_accepts_all_that_wait() {
    let dir = tempfile::tempdir().unwrap();
    let store = waiting_in(dir.path(), &["one", "two"]);
    let mut output = Vec::new();
    let accepted = cli::accept::run(&store, None, &signed("why"), &mut output).unwrap();
    assert_eq!(accepted, ["one", "two"]);
    assert_eq!(
        String::from_utf8(output).unwrap(),
        "accepted one: first baseline: pass_rate 0.5000, 2 cases\n\
         accepted two: first baseline: pass_rate 0.5000, 2 cases\n"
    );
    let error = cli::accept::run(&store, None, &signed("why"), &mut Vec::new()).unwrap_err();
    assert!(matches!(error, PendingError::Nothing), "{error}");
}

#[test]
fn accepting_an_unknown_suite_names_those_that_wait() {
    let dir = tempfile::tempdir().unwrap();
    let store = waiting_in(dir.path(), &["one", "two"]);
    let error = cli::accept::run(&store, Some("tow"), &signed("why"), &mut Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "suite `tow` has no pending baseline; pending are: one, two");
    let accepted = cli::accept::run(&store, Some("two"), &signed("why"), &mut Vec::new()).unwrap();
    assert_eq!(accepted, ["two"]);
    assert_eq!(store.waiting().unwrap(), ["one"]);
}

#[test]
fn rejecting_names_what_it_removed() {
    let dir = tempfile::tempdir().unwrap();
    let store = waiting_in(dir.path(), &["one", "two"]);
    let mut output = Vec::new();
    assert_eq!(cli::reject::run(&store, Some("one"), &mut output).unwrap(), ["one"]);
    assert_eq!(String::from_utf8(output).unwrap(), "rejected one: the accepted baseline stays\n");
    assert_eq!(store.waiting().unwrap(), ["two"]);
    assert_eq!(names(dir.path()), ["two.snap.new", "two.timings.json.new", "two.transcripts.jsonl.new"]);
}

#[test]
fn notes_are_taken_while_a_suite_is_reviewed() {
    let dir = tempfile::tempdir().unwrap();
    let store = waiting_in(dir.path(), &["one"]);
    let kept = std::cell::RefCell::new(Vec::new());
    let keep = |suite: &str, case: &str, text: &str| {
        if case == "nowhere" {
            return Err("there is no such case".to_owned());
        }
        kept.borrow_mut().push(format!("{suite} {case}: {text}"));
        Ok(format!("noted on {case}"))
    };
    let mut output = Vec::new();
    let options = ReviewOptions { suite: None, interactive: true, width: 80, colour: false };
    let said = "n\n0123\nit greets\nn\nnowhere\nx\nn\n\nr\n";
    let reviewed =
        cli::review::run_noting(&store, &signed, &keep, &mut said.as_bytes(), &mut output, &options).unwrap();
    assert_eq!(reviewed, reviewed_as(&[], &["one"], &[]));
    assert_eq!(*kept.borrow(), ["one 0123: it greets"]);
    let output = String::from_utf8(output).unwrap();
    for text in
        ["noted on 0123", "no note was kept: there is no such case", "note, skip or quit? [a/r/n/s/q/?]"]
    {
        assert!(output.contains(text), "{text} in {output}");
    }
}
