//! Intervals: of a share, and of the difference of two shares of the same cases.

use crate::golden::{all_close, close, metrics, number, statistics, whole};
use holdline::stats::interval::{clopper_pearson, wilson};
use holdline::stats::paired_interval::{
    PairedCounts, PairedDifference, bonett_price, newcombe_paired, tango,
};
use serde_json::Value;

type OfShare = fn(usize, usize, f64) -> Option<(f64, f64)>;
type OfDifference = fn(PairedCounts, f64) -> Option<PairedDifference>;

fn bounds_close(case: &Value, found: Option<(f64, f64)>, expected: &Value) {
    close(case, "lower", found.map(|(low, _)| low), &expected[0]);
    close(case, "upper", found.map(|(_, high)| high), &expected[1]);
}

#[test]
fn intervals_of_a_share_are_scipys_and_the_references() {
    for case in metrics("binomial_ci") {
        let [successes, n] = ["successes", "n"].map(|key| whole(&case["input"][key]));
        let confidence = number(&case["input"]["confidence"]);
        bounds_close(&case, wilson(successes, n, confidence), &case["expected"]["wilson"]);
        bounds_close(&case, clopper_pearson(successes, n, confidence), &case["expected"]["clopper_pearson"]);
    }
    for (family, method) in [("wilson", wilson as OfShare), ("clopper_pearson", clopper_pearson)] {
        for case in statistics(family) {
            let [x, n] = ["x", "n"].map(|key| whole(&case["input"][key]));
            bounds_close(&case, method(x, n, number(&case["input"]["conf"])), &case["expected"]);
        }
    }
}

fn difference_close(case: &Value, found: Option<PairedDifference>) {
    let found = found.expect("an interval");
    all_close(case, &[found.difference, found.low, found.high], &case["expected"]);
}

#[test]
fn newcombes_interval_is_that_of_the_golden_files() {
    for case in statistics("newcombe_paired") {
        let [both, broke, fixed, neither] =
            ["n11", "pass_to_fail", "fail_to_pass", "n00"].map(|key| whole(&case["input"][key]));
        let counts = PairedCounts { both, broke, fixed, neither };
        difference_close(&case, newcombe_paired(counts, number(&case["input"]["conf"])));
    }
}

#[test]
fn the_intervals_of_bonett_and_price_and_of_tango_are_those_of_the_golden_files() {
    for (family, method) in [("bonett_price", bonett_price as OfDifference), ("tango", tango)] {
        for case in statistics(family) {
            let [broke, fixed, n] = ["b", "c", "n"].map(|key| whole(&case["input"][key]));
            // Where the others are does not matter.
            for both in [0, n - broke - fixed] {
                let counts = PairedCounts { both, broke, fixed, neither: n - broke - fixed - both };
                difference_close(&case, method(counts, number(&case["input"]["conf"])));
            }
        }
    }
}
