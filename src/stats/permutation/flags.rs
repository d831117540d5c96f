//! The same test for single cases that pass or fail, of which there are many.

use super::{Law, Moments, RunLabel, is_beyond};

/// Most runs that a mask holds.
const MOST_RUNS: u32 = 32;

/// [`run_label`](super::run_label) with single cases as blocks, each of which passes or fails in a run.
///
/// `passed` has a mask a case: bit r is set where it passed in run r, the `n_base` runs of the baseline first
/// and the `n_cand` of the candidate after; bits beyond are ignored. `graded` has a mask a case of the runs in
/// which it has a verdict; without it, that is all. The law of a case depends only on how many of its runs there
/// are, how many are the candidate's and how many passed, so cases are counted and nothing is allocated for one.
///
/// `None` where it is not defined: more than 32 runs in all, or `graded` of another length than `passed`.
pub fn run_label_flags(passed: &[u32], graded: Option<&[u32]>, n_base: u32, n_cand: u32) -> Option<RunLabel> {
    let runs = n_base.checked_add(n_cand).filter(|runs| *runs <= MOST_RUNS)?;
    let all = lowest_bits(runs);
    let cand = all & !lowest_bits(n_base);
    let tally = match graded {
        None => Tally::of_all(passed, all, cand),
        Some(graded) if graded.len() == passed.len() => Tally::of_graded(passed, graded, all, cand),
        Some(_) => return None,
    };
    Some(tally.test())
}

/// So many bits from the lowest on.
fn lowest_bits(count: u32) -> u32 {
    u32::MAX.checked_shr(MOST_RUNS - count).unwrap_or(0)
}

/// What a case is as a block.
#[derive(Debug, Clone, Copy)]
struct Shape {
    runs: u32,
    chosen: u32,
    passed: u32,
}

impl Shape {
    /// Fewest passes that the candidate's runs could have drawn.
    fn lowest(self) -> u32 {
        (self.chosen + self.passed).saturating_sub(self.runs)
    }

    fn is_informative(self) -> bool {
        0 < self.passed && self.passed < self.runs
    }

    /// Probabilities of the number of passes drawn, by steps above the lowest: the hypergeometric law.
    fn masses(self, masses: &mut Vec<(usize, f64)>) {
        let [runs, chosen, passed] = [self.runs, self.chosen, self.passed].map(f64::from);
        masses.clear();
        let (mut mass, mut whole) = (1.0, 0.0);
        for (step, drawn) in (self.lowest()..=self.chosen.min(self.passed)).enumerate() {
            masses.push((step, mass));
            whole += mass;
            let drawn = f64::from(drawn);
            mass *= (passed - drawn) * (chosen - drawn)
                / ((drawn + 1.0) * (runs - passed - chosen + drawn + 1.0));
        }
        for (_, mass) in masses {
            *mass /= whole;
        }
    }
}

/// The cases by their shapes.
struct Tally {
    /// Shapes that occur, and of how many cases.
    shapes: Vec<(Shape, usize)>,
    /// Passes in the candidate's runs.
    total: usize,
    /// The same of informative cases, above the fewest possible.
    seen: usize,
}

impl Tally {
    /// Of cases all of whose runs are graded.
    fn of_all(passed: &[u32], all: u32, cand: u32) -> Self {
        let shape = |passed| Shape { runs: all.count_ones(), chosen: cand.count_ones(), passed };
        let mut by_passes = [0; MOST_RUNS as usize + 1];
        let (mut drawn, mut full) = (0, 0);
        for mask in passed.iter().map(|mask| mask & all) {
            // Most cases do the same in every run.
            if mask == all {
                full += 1;
            } else if mask != 0 {
                by_passes[mask.count_ones() as usize] += 1;
                drawn += (mask & cand).count_ones() as usize;
            }
        }
        let mut shapes = Vec::with_capacity(by_passes.len() + 2);
        let (mut fewest, mut mixed) = (0, 0);
        for (passes, count) in (0..).zip(by_passes).filter(|(_, count)| *count > 0) {
            fewest += count * shape(passes).lowest() as usize;
            mixed += count;
            shapes.push((shape(passes), count));
        }
        shapes.push((shape(all.count_ones()), full));
        shapes.push((shape(0), passed.len() - full - mixed));
        let total = drawn + full * cand.count_ones() as usize;
        Self { shapes, total, seen: drawn - fewest }
    }

    /// Of cases with the masks of the runs in which they are graded.
    fn of_graded(passed: &[u32], graded: &[u32], all: u32, cand: u32) -> Self {
        // As many places as there can be shapes: 98 of five runs and one.
        let [most_runs, most_chosen] = [all, cand].map(u32::count_ones);
        let place = |shape: Shape| {
            ((shape.runs * (most_chosen + 1) + shape.chosen) * (most_runs + 1) + shape.passed) as usize
        };
        let most = Shape { runs: most_runs, chosen: most_chosen, passed: most_runs };
        let mut counts = vec![0; place(most) + 1];
        let (mut total, mut seen) = (0, 0);
        for (passed, graded) in passed.iter().zip(graded) {
            let (graded, cand) = (graded & all, graded & cand);
            let shape = Shape {
                runs: graded.count_ones(),
                chosen: cand.count_ones(),
                passed: (passed & graded).count_ones(),
            };
            let drawn = (passed & cand).count_ones() as usize;
            total += drawn;
            if shape.is_informative() {
                seen += drawn - shape.lowest() as usize;
            }
            counts[place(shape)] += 1;
        }
        let chosen = |runs| (0..=most_chosen).map(move |chosen| (runs, chosen));
        let shapes = (0..=most_runs)
            .flat_map(chosen)
            .flat_map(|(runs, chosen)| (0..=most_runs).map(move |passed| Shape { runs, chosen, passed }))
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .collect();
        Self { shapes, total, seen }
    }

    fn test(&self) -> RunLabel {
        let mut moments = Moments { total: self.total as f64, ..Moments::default() };
        let mut masses = Vec::new();
        let (mut informative, mut least) = (0, 0.5);
        for (shape, count) in self.shapes.iter().filter(|(shape, _)| shape.runs > 0) {
            let share = f64::from(shape.passed) / f64::from(shape.runs);
            let spread = share * (1.0 - share);
            let central = [share, spread, spread * (1.0 - 2.0 * share)];
            moments.add_draw(f64::from(shape.runs), f64::from(shape.chosen), central, *count as f64);
            if shape.is_informative() {
                informative += count;
                shape.masses(&mut masses);
                least *= masses[0].1.powf(*count as f64);
            }
        }
        let mut found = moments.found(self.total as f64, 1.0);
        if informative == 0 {
            return found;
        }
        (found.informative, found.least_mid) = (informative, least);
        // A case that passes in some of its runs has a range of one.
        found.approximated = is_beyond(informative as f64, informative);
        (found.lower, found.higher) = if found.approximated {
            moments.tails()
        } else {
            let most = |(shape, count): &(Shape, usize)| shape.chosen as usize * count;
            let mut law = Law::within(self.shapes.iter().map(most).sum());
            for (shape, count) in self.shapes.iter().filter(|(shape, _)| shape.is_informative()) {
                shape.masses(&mut masses);
                for _ in 0..*count {
                    law.add(&masses);
                }
            }
            law.tails(self.seen)
        };
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::mcnemar;

    /// One run on either side: bit 0 is the baseline's.
    #[test]
    fn single_runs_give_mcnemar() {
        let mut passed = vec![0b01; 9];
        passed.extend([0b10; 3]);
        passed.extend([0b11; 20]);
        passed.extend([0b00; 5]);
        let found = run_label_flags(&passed, None, 1, 1).unwrap();
        let expected = mcnemar(9, 3);
        assert!((found.lower.mid - expected.mid_worse).abs() < 1e-12, "{found:?}");
        assert!((found.lower.exact - expected.exact_worse).abs() < 1e-12);
        assert!(found.informative == 12 && (found.total - 23.0).abs() < 1e-12);
    }

    /// Four of six runs pass and the candidate's is none of them: a chance of 2 in 6 for either case.
    #[test]
    fn five_runs_against_one_by_hand() {
        let found = run_label_flags(&[0b01_1110, 0b00_1111], None, 5, 1).unwrap();
        assert!(
            (found.lower.exact - 1.0 / 9.0).abs() < 1e-15 && (found.lower.mid - 1.0 / 18.0).abs() < 1e-15
        );
        assert!((found.least_mid - 1.0 / 18.0).abs() < 1e-15);
        // The second is graded in its last three runs only, 1 of which fails.
        let graded = [u32::MAX, 0b11_1000];
        let found = run_label_flags(&[0b01_1110, 0b01_1111], Some(&graded), 5, 1).unwrap();
        assert!((found.lower.exact - 1.0 / 9.0).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn what_is_not_defined_has_no_value() {
        assert_eq!(run_label_flags(&[1, 2], Some(&[1]), 1, 1), None);
        assert_eq!(run_label_flags(&[], None, 30, 3), None);
        assert_eq!(run_label_flags(&[], None, u32::MAX, 3), None);
    }

    #[test]
    fn no_cases_no_runs_and_no_grades_say_nothing() {
        for found in [
            run_label_flags(&[], None, 5, 1),
            run_label_flags(&[1, 0], None, 0, 0),
            run_label_flags(&[0b01, 0b10], Some(&[0, 0]), 1, 1),
            run_label_flags(&[u32::MAX, 0], None, 16, 16),
        ] {
            let found = found.unwrap();
            assert_eq!((found.informative, found.lower.mid, found.higher.exact), (0, 1.0, 1.0));
        }
    }

    #[test]
    fn beyond_the_limit_it_is_approximated_as_blocks_are() {
        let mut passed = vec![0b01; 580];
        passed.extend([0b10; 520]);
        let found = run_label_flags(&passed, None, 1, 1).unwrap();
        assert!(
            found.approximated && (found.lower.mid - mcnemar(580, 520).mid_worse).abs() < 1e-4,
            "{found:?}"
        );
    }
}
