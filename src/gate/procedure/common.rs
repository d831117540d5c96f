//! Noise that the cases of a scenario share, as all scenarios of a suite show it together.
//!
//! The test of a scenario takes its cases for independent, which lets it see one scenario that breaks. Where
//! an application has good and bad days by kind of question, whole scenarios pass more in one run and less in
//! the next, and such a test takes that for a change. Asking again does not help: where the baseline was
//! lucky, every later run is worse. But then most scenarios of the suite move, up as well as down, and by how
//! much they do is a measure of it that a few broken ones hardly touch.

/// Fewest scenarios that show what is common.
const MIN_SCENARIOS: usize = 3;

/// The median of a χ² variable with one degree of freedom.
const MEDIAN_CHI_SQUARE: f64 = 0.454_936_423_119_572_9;

/// So many deviations, of common noise and a scenario's own together, an effect has to stand out by.
pub const DEVIATIONS: f64 = 4.0;

/// Halvings that find the common noise to the last digit that matters.
const HALVINGS: usize = 50;

/// The deviation τ of the noise that whole scenarios share, from each scenario's effect and the standard error
/// that its cases alone would give it: the median of effect² / (τ² + error²) is that of χ² with one degree of
/// freedom. In the unit of the effects; 0 where the errors explain the effects, and of fewer than three
/// scenarios.
///
/// The same idea, for tests of many genes, is the genomic control of B. Devlin and K. Roeder, Biometrics 55
/// (1999); here the errors differ, and an added variance stands for the factor.
pub fn common_noise(effects: &[(f64, f64)]) -> f64 {
    if effects.len() < MIN_SCENARIOS {
        return 0.0;
    }
    let mut ratios = Vec::with_capacity(effects.len());
    let mut exceeds = |variance: f64| {
        ratios.clear();
        ratios.extend(effects.iter().map(|(effect, error)| {
            let all = variance + error * error;
            // What differs in nothing is no noise, of either kind.
            if effect.abs() > 0.0 { effect * effect / all } else { 0.0 }
        }));
        let middle = ratios.len() / 2;
        let (_, median, _) = ratios.select_nth_unstable_by(middle, f64::total_cmp);
        *median > MEDIAN_CHI_SQUARE
    };
    if !exceeds(0.0) {
        return 0.0;
    }
    let largest = effects.iter().map(|(effect, _)| effect * effect).fold(0.0, f64::max);
    let (mut low, mut high) = (0.0, largest / MEDIAN_CHI_SQUARE);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if exceeds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high.sqrt()
}

/// Whether an effect is beyond what scenarios share, whose cases alone would give it this standard error.
pub fn stands_out(effect: f64, error: f64, common: f64) -> bool {
    common <= 0.0 || effect.abs() >= DEVIATIONS * common.hypot(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: with errors of 0 the median of effect² is 0.01, so τ² = 0.01/0.4549.
    #[test]
    fn what_all_scenarios_move_by_is_common() {
        let effects = [(-0.1, 0.0), (0.1, 0.0), (-0.1, 0.0), (0.05, 0.0), (-0.9, 0.0)];
        let tau = common_noise(&effects);
        assert!((tau - (0.01 / MEDIAN_CHI_SQUARE).sqrt()).abs() < 1e-9, "{tau}");
        assert!(stands_out(-0.9, 0.0, tau) && !stands_out(-0.5, 0.0, tau));
    }

    #[test]
    fn what_single_cases_explain_is_not_common() {
        // Effects of about one standard error each: the median ratio of ⅔² is below that of χ².
        let effects = [(-0.02, 0.03), (0.02, 0.03), (-0.02, 0.03), (0.0, 0.03), (-0.9, 0.1)];
        assert!(common_noise(&effects).abs() < 1e-15);
        assert!(stands_out(-0.2, 0.03, 0.0));
    }

    #[test]
    fn scenarios_that_differ_in_nothing_show_no_noise_and_two_show_nothing() {
        assert!(common_noise(&[(0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (-0.9, 0.1)]).abs() < 1e-15);
        assert!(common_noise(&[(-0.3, 0.0), (0.3, 0.0)]).abs() < 1e-15);
    }
}
