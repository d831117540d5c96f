//! The page of stored answers judged anew.

use holdline::expand::CaseId;
use holdline::judge::Outcome;
use holdline::report::Style;
use holdline::report::rejudge::{Came, Flipped, Rejudged, render};

fn flip(n: u8, before: Outcome, after: Outcome, reason: &str) -> Flipped {
    let id = CaseId::of(&[&[n]]);
    Flipped { id, name: format!("refunds::case {n}"), before, after, reason: reason.to_owned() }
}

fn page(flipped: Vec<Flipped>, left_out: &[(&str, usize)], came: Came) -> String {
    let left_out = left_out.iter().map(|(why, n)| ((*why).to_owned(), *n)).collect();
    let (suite, run) = ("support-bot".to_owned(), "20260103T100000Z-5f2a".to_owned());
    let one = Rejudged { suite, run, cases: 120, left_out, flipped, came };
    render(&[one], Style { colour: false, width: 100 })
}

#[test]
fn what_flipped_is_told_with_its_reasons_and_what_to_do() {
    let hostile = "expected `x`, got \u{1b}[2J::error::all good\n".repeat(20);
    let flipped = vec![
        flip(1, Outcome::Pass, Outcome::Fail, "expected no text `refund`, got it at character 8"),
        flip(2, Outcome::Pass, Outcome::Fail, &hostile),
        flip(3, Outcome::Fail, Outcome::Pass, ""),
    ];
    let change = "rejudged run 20260103T100000Z-5f2a: pass_rate 0.9500 -> 0.9417".to_owned();
    insta::assert_snapshot!(page(flipped, &[("its stored answer was cut", 2)], Came::Offered(change)));
}

#[test]
fn of_many_flips_some_are_shown_and_all_are_counted() {
    let many = (0..50).map(|n| flip(n, Outcome::Pass, Outcome::JudgeError, "no reply")).collect();
    let told = page(many, &[], Came::NotOffered("50 of 120 judged cases have no verdict".to_owned()));
    assert_eq!(told.matches("refunds::case").count(), 20);
    for text in ["50 verdicts flipped: 50 passed before", "(50)", "and 30 more", "Nothing is offered: 50 of"]
    {
        assert!(told.contains(text), "{text}\n{told}");
    }
}

#[test]
fn where_nothing_flipped_nothing_is_offered() {
    let told = page(Vec::new(), &[], Came::Same);
    insta::assert_snapshot!(told, @r"
    support-bot: 120 of 120 stored answers of run 20260103T100000Z-5f2a can be judged anew
      No verdict flipped: nothing is offered, and the baseline stays as it is
    ");
}
