//! Evidence that may be looked at after every case: an e-process for "more cases break than are fixed".

/// What a case did that does not do what it did before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It passed and now fails.
    Broke,
    /// It failed and now passes.
    Fixed,
}

/// The evidence so far. Cases that did not change are not evidence and are not pushed.
///
/// Under no change each of those that did broke or was fixed with probability ½, independently. Against it
/// stands every chance q of breaking from ½ to 1, all alike: after b that broke and c that were fixed,
/// e = 2^(b+c+1) · ∫ from ½ to 1 of q^b (1−q)^c dq. It starts at 1, and its expectation stays there under no
/// change, so that it ever reaches 1/α with probability at most α (Ville): one may stop at any time, on what
/// was seen.
///
/// The value is computed from the two counts alone, as a sum of terms that are all positive, so that nothing
/// cancels and it is as good after thousands of cases as after two; the order of the cases does not matter.
///
/// Source: mixture martingales after H. Robbins, "Statistical methods related to the law of the iterated
/// logarithm", Annals of Mathematical Statistics 41 (1970); J. Ville, "Étude critique de la notion de
/// collectif" (1939).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EProcess {
    broke: u64,
    fixed: u64,
}

/// Sums are kept below this by taking it out, and its logarithm kept.
const LARGE: f64 = 1e200;

impl EProcess {
    /// No evidence yet: e is 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// The evidence of so many that broke and so many that were fixed.
    pub fn of(broke: u64, fixed: u64) -> Self {
        Self { broke, fixed }
    }

    /// Takes in one more case that changed.
    pub fn push(&mut self, change: Change) {
        match change {
            Change::Broke => self.broke += 1,
            Change::Fixed => self.fixed += 1,
        }
    }

    /// How many broke.
    pub fn broke(&self) -> u64 {
        self.broke
    }

    /// How many were fixed.
    pub fn fixed(&self) -> u64 {
        self.fixed
    }

    /// The evidence: above 0, and +∞ where it exceeds the largest number, which takes more than a thousand that
    /// broke. Steps: one a case at most.
    pub fn e(&self) -> f64 {
        let (sum, taken) = self.sum();
        if taken == 0 { sum } else { self.ln_e().exp() }
    }

    /// The natural logarithm of the evidence; finite always.
    pub fn ln_e(&self) -> f64 {
        let (sum, taken) = self.sum();
        sum.ln() + f64::from(taken) * LARGE.ln()
    }

    /// Whether the evidence reaches 1/`alpha`: the test that may be asked after every case. Never for an `alpha`
    /// that is not above 0.
    pub fn rejects(&self, alpha: f64) -> bool {
        alpha > 0.0 && self.ln_e() >= -alpha.ln()
    }

    /// The evidence over `LARGE` to a power, and that power.
    ///
    /// The integral is that of a binomial tail: e = Σ over k ≤ b of C(n+1, k) / ((n+1) C(n, b)), n = b + c; from
    /// its last term down, e = 1/(c+1) · Σ over j of ∏ over i < j of (b − i)/(c + 2 + i).
    fn sum(&self) -> (f64, u32) {
        let (broke, fixed) = (self.broke as f64, self.fixed as f64);
        let mut term = 1.0 / (fixed + 1.0);
        let (mut sum, mut taken) = (term, 0);
        for i in 0..self.broke {
            let ratio = (broke - i as f64) / (fixed + 2.0 + i as f64);
            term *= ratio;
            sum += term;
            if sum > LARGE {
                (sum, term, taken) = (sum / LARGE, term / LARGE, taken + 1);
            }
            // From here on the terms fall, ever faster: what is left is less than term / (1 − ratio).
            if ratio < 1.0 && term < sum * (1.0 - ratio) * 1e-17 {
                break;
            }
        }
        (sum, taken)
    }
}

/// The evidence after each of the `changes`, in their order; see [`EProcess`].
pub fn e_path(changes: &[Change]) -> Vec<f64> {
    let mut process = EProcess::new();
    changes
        .iter()
        .map(|change| {
            process.push(*change);
            process.e()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::fair_coin_cdf;
    use proptest::prelude::*;
    use statrs::function::beta::ln_beta;

    /// ∫ q dq and ∫ (1−q) dq from ½ to 1, times 4: 3/2 and 1/2; in general (2^(b+1) − 1)/(b + 1) and 1/(c + 1).
    #[test]
    fn one_sided_evidence_by_hand() {
        assert!((EProcess::new().e() - 1.0).abs() < 1e-15);
        for n in 1..40_u32 {
            let broken = EProcess::of(u64::from(n), 0).e() * f64::from(n + 1);
            let expected = 2.0_f64.powf(f64::from(n + 1)) - 1.0;
            assert!((broken / expected - 1.0).abs() < 1e-14, "{n} {broken}");
            assert!((EProcess::of(0, u64::from(n)).e() * f64::from(n + 1) - 1.0).abs() < 1e-14);
        }
    }

    /// e = 2^(n+1) · B(b+1, c+1) · P(X ≤ b) for n + 1 throws of a coin.
    #[test]
    fn thousands_of_cases_are_those_of_the_beta_function() {
        for (broke, fixed) in [(1000, 1000), (2600, 2400), (5100, 4900), (900, 100), (4000, 1000), (700, 760)]
        {
            let found = EProcess::of(broke, fixed).ln_e();
            let n = broke + fixed;
            let expected = (n + 1) as f64 * std::f64::consts::LN_2
                + ln_beta(broke as f64 + 1.0, fixed as f64 + 1.0)
                + fair_coin_cdf(broke, n + 1).ln();
            assert!((found - expected).abs() < 1e-8, "{broke} {fixed}: {found}, not {expected}");
        }
    }

    #[test]
    fn what_exceeds_every_number_has_a_logarithm() {
        let all = EProcess::of(5000, 0);
        assert!(all.e().is_infinite());
        assert!((all.ln_e() - (5001.0 * std::f64::consts::LN_2 - 5001.0_f64.ln())).abs() < 1e-8);
        let none = EProcess::of(0, 1_000_000);
        assert!((none.e() * 1_000_001.0 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn it_rejects_when_the_odds_are_one_to_alpha() {
        // 31.875 after seven and 56.78 after eight that broke.
        let [six, seven] = [6, 7].map(|broke| EProcess::of(broke, 0));
        assert!(!six.rejects(0.05) && seven.rejects(0.05) && !seven.rejects(0.03));
        assert!(!EProcess::of(900, 0).rejects(0.0) && !EProcess::of(900, 0).rejects(f64::NAN));
    }

    proptest! {
        #[test]
        fn under_no_change_the_next_value_is_the_present_one_on_average(
            broke in 0_u64..900, fixed in 0_u64..900,
        ) {
            let [now, broken, mended] = [(0, 0), (1, 0), (0, 1)].map(|(b, c)| EProcess::of(broke + b, fixed + c));
            // In shares of the present value, which may exceed every number.
            let next = f64::midpoint((broken.ln_e() - now.ln_e()).exp(), (mended.ln_e() - now.ln_e()).exp());
            prop_assert!((next - 1.0).abs() < 1e-10, "{next}");
            prop_assert!(broken.ln_e() > now.ln_e() && now.ln_e() > mended.ln_e());
        }

        #[test]
        fn the_path_is_that_of_the_process(broken in prop::collection::vec(any::<bool>(), 0..200)) {
            let changes: Vec<Change> =
                broken.iter().map(|broke| if *broke { Change::Broke } else { Change::Fixed }).collect();
            let path = e_path(&changes);
            prop_assert_eq!(path.len(), changes.len());
            // The recurrence: e' = (2(b+1)e + 1)/(n+2), or (2(c+1)e − 1)/(n+2).
            let mut e = 1.0;
            let mut counts = [0.0, 0.0];
            for (broke, found) in broken.iter().zip(path) {
                let (at, sign) = if *broke { (0, 1.0) } else { (1, -1.0) };
                let expected = (2.0 * (counts[at] + 1.0) * e + sign) / (counts[0] + counts[1] + 2.0);
                prop_assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
                counts[at] += 1.0;
                e = found;
            }
        }
    }
}
