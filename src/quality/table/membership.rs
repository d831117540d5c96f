//! A simple guess whether a row was in the real table: it was, if a synthetic row is close.

use super::figure::Figure;
use super::pair::ranks;
use super::report::Membership;

/// How often chance alone stays below [`Membership::auc_by_chance`]: the normal quantile of 0.95.
const ONE_SIDED_95: f64 = 1.644_853_626_951_472_2;

/// How well the distance to the closest synthetic row tells real rows (`members`) from rows of the
/// holdout.
pub(super) fn guess(members: &[f64], others: &[f64]) -> Membership {
    if members.is_empty() || others.is_empty() {
        let none = || Figure::none("no rows can be compared by distance");
        return Membership { auc: none(), auc_by_chance: none(), advantage: none() };
    }
    let (n, m) = (members.len() as f64, others.len() as f64);
    let all: Vec<f64> = members.iter().chain(others).copied().collect();
    // The Mann–Whitney statistic; the closest has the lowest rank.
    let sum: f64 = ranks(&all)[..members.len()].iter().sum();
    let auc = 1.0 - (sum - n * (n + 1.0) / 2.0) / (n * m);
    Membership {
        auc: Figure::of(auc),
        auc_by_chance: Figure::of((0.5 + ONE_SIDED_95 * ((n + m + 1.0) / (12.0 * n * m)).sqrt()).min(1.0)),
        advantage: Figure::of(advantage(members, others)),
    }
}

/// The largest lead of the members' share within a distance over that of the others.
fn advantage(members: &[f64], others: &[f64]) -> f64 {
    let (mut a, mut b) = (members.to_vec(), others.to_vec());
    a.sort_unstable_by(f64::total_cmp);
    b.sort_unstable_by(f64::total_cmp);
    let (mut j, mut lead) = (0, 0.0_f64);
    for (i, distance) in a.iter().enumerate() {
        while b.get(j).is_some_and(|other| other <= distance) {
            j += 1;
        }
        lead = lead.max((i + 1) as f64 / a.len() as f64 - j as f64 / b.len() as f64);
    }
    lead
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_by_hand() {
        // Of the 6 pairs the member is closer in 3 and as close in 1: 3.5 / 6.
        let found = guess(&[0.1, 0.2], &[0.2, 0.05, 0.9]);
        assert!((found.auc.value.unwrap() - 3.5 / 6.0).abs() < 1e-12, "{found:?}");
        // Within 0.1: 1/2 against 1/3; within 0.2: 1 against 2/3.
        assert!((found.advantage.value.unwrap() - 1.0 / 3.0).abs() < 1e-12);
        // 0.5 + 1.645 · √(6 / 72)
        assert!((found.auc_by_chance.value.unwrap() - 0.974_829).abs() < 1e-5);
        assert!(guess(&[], &[1.0]).auc.reason.is_some());
    }
}
