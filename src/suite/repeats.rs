//! How often the cases of a suite are asked, and how repeats of different numbers make up rounds.

use super::Suite;
use super::schema::{RunSpec, ScenarioSpec, Stop};

/// Most times that a case may be asked, and most rounds that the numbers of one suite may make.
pub const MOST: u32 = 100;

/// How often the cases of a scenario are asked: what `over` says, else the scenario, else `[run]`; and
/// never less often than its `must_pass` takes.
pub fn of_scenario(run: &RunSpec, scenario: &ScenarioSpec, over: Option<u32>) -> u32 {
    let wanted = over.or(scenario.repeats).unwrap_or(run.repeats);
    wanted.max(scenario.must_pass.least_repeats())
}

/// The rounds that cases with these numbers of repeats make: their least common multiple, so that every
/// answer of a case is in as many rounds as any other of it. 1 without cases; 0 counts as 1. `None` where it
/// is beyond what can be counted.
pub fn rounds(repeats: impl IntoIterator<Item = u32>) -> Option<u32> {
    repeats.into_iter().try_fold(1_u32, |all, one| {
        let one = one.max(1);
        (all / divisor(all, one)).checked_mul(one)
    })
}

/// The greatest common divisor of two positive numbers.
const fn divisor(a: u32, b: u32) -> u32 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Suite {
    /// How often the cases of a scenario, by its index, are asked. `over` is what was said when the run was
    /// begun, in place of what the suite says.
    pub fn repeats_of(&self, scenario: usize, over: Option<u32>) -> u32 {
        self.scenarios.get(scenario).map_or(1, |of| of_scenario(&self.spec.run, &of.spec, over))
    }

    /// Whether asking may end before every case was asked: where the suite says so, and no case is asked more
    /// than once, be it by what was said when the run was begun.
    pub fn stops_early(&self, over: Option<u32>) -> bool {
        let mut scenarios = 0..self.scenarios.len();
        self.spec.run.stop == Stop::Early && scenarios.all(|scenario| self.repeats_of(scenario, over) == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_the_least_common_multiple() {
        assert_eq!(rounds([]), Some(1));
        assert_eq!(rounds([1, 1]), Some(1));
        assert_eq!(rounds([4, 6, 1]), Some(12));
        assert_eq!(rounds([3, 5]), Some(15));
        assert_eq!(rounds([100, 50, 20]), Some(100));
        assert_eq!(rounds([7, 11, 13, 17, 19, 23, 29, 31, 37, 41]), None, "beyond 2^32");
    }
}
