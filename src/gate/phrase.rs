//! The sentences that say what was found, with the numbers a person can act on.

use super::assess::Assessment;
use super::compare::{Blocks, Comparison, Moves};
use super::confirm::Confirmation;
use super::procedure::{Corrected, Guard, Limits, MIN_CLUSTERS};
use super::report::slice_word;
use super::{Finding, FindingKind};
use crate::baseline::KEPT_RUNS;
use crate::metric::Direction;
use crate::metric::{Unit, decimals_apart, decimals_of, decimals_of_difference};

/// Decimals of a value of that size.
fn decimals(size: f64, unit: Unit) -> usize {
    match unit {
        Unit::Number => decimals_of(size.abs()),
        Unit::Share | Unit::Coefficient => 3,
        Unit::Count => 1,
        Unit::Milliseconds => 0,
        Unit::Money => 4,
        Unit::Ratio => 2,
    }
}

/// A value as people read it. One that is not quite all or nothing does not read as if it were.
pub(super) fn value(value: f64, unit: Unit) -> String {
    pair(value, value, unit).0
}

/// Two values as people read them beside each other: where they differ, they read differently.
pub(super) fn pair(one: f64, other: f64, unit: Unit) -> (String, String) {
    let least = decimals(one.abs().max(other.abs()), unit);
    let decimals = match unit {
        Unit::Share | Unit::Coefficient => decimals_apart(&[one, other, 0.0, 1.0], least),
        Unit::Number | Unit::Count | Unit::Money | Unit::Ratio => decimals_apart(&[one, other], least),
        // A part of a millisecond is no change.
        Unit::Milliseconds => least,
    };
    let after = if unit == Unit::Milliseconds { " ms" } else { "" };
    (format!("{one:.decimals$}{after}"), format!("{other:.decimals$}{after}"))
}

/// `0.942 → 0.881`.
pub(super) fn arrow(before: f64, now: f64, unit: Unit) -> String {
    let (before, now) = pair(before, now, unit);
    format!("{before} → {now}")
}

/// A difference without its unit, in points for shares, with so many decimals more than a value has.
fn signed(difference: f64, unit: Unit, more: usize) -> String {
    let (size, decimals) = match unit {
        Unit::Share | Unit::Ratio => (difference.abs() * 100.0, 1),
        Unit::Number => (difference.abs(), decimals_of_difference(difference.abs())),
        unit => (difference.abs(), decimals(difference, unit)),
    };
    let text = format!("{size:.*}", decimals + more);
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = match difference {
        _ if is_zero => "",
        _ if difference < 0.0 => "−",
        _ => "+",
    };
    format!("{sign}{text}")
}

/// A difference with its unit: `−6.1 pt`.
pub(super) fn delta(difference: f64, unit: Unit) -> String {
    // A difference that is not nothing does not read as if it were.
    let more = |shown: f64, decimals: usize| decimals_apart(&[shown, 0.0], decimals) - decimals;
    match unit {
        Unit::Share => format!("{} pt", signed(difference, unit, more(difference * 100.0, 1))),
        Unit::Ratio => format!("{} %", signed(difference, unit, more(difference * 100.0, 1))),
        Unit::Milliseconds => format!("{} ms", signed(difference, unit, 0)),
        // As many digits as its size asks for.
        Unit::Number => signed(difference, unit, 0),
        Unit::Coefficient | Unit::Count | Unit::Money => {
            signed(difference, unit, more(difference, decimals(difference, unit)))
        }
    }
}

/// A size of an effect: `5 pt`, `12.8 pt`, `0.05`.
fn size(effect: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Share => format!("{:.1}", effect * 100.0),
        // Effects on a ratio are differences of logarithms.
        Unit::Ratio => format!("{:.1}", effect.exp_m1() * 100.0),
        Unit::Number => format!("{effect:.*}", decimals_of(effect)),
        _ => format!("{effect:.3}"),
    };
    let text = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    };
    match unit {
        Unit::Share => format!("{text} pt"),
        Unit::Ratio => format!("{text} %"),
        _ => text,
    }
}

/// A p-value: `p = 0.25`, `p = 0.031`, `p = 0.0004`, `p < 0.0001`.
fn p_value(p: f64) -> String {
    if p < 0.0001 {
        "p < 0.0001".to_owned()
    } else if p < 0.01 {
        format!("p = {p:.4}")
    } else if p < 0.1 {
        format!("p = {p:.3}")
    } else {
        format!("p = {p:.2}")
    }
}

/// A count with its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// `11 cases broke, 1 was fixed`, or `11 answers are farther off, 1 is nearer`.
fn moved(comparison: &Comparison) -> String {
    if comparison.moves == Moves::Distances {
        let farther = match comparison.broke.len() {
            0 => "no answer is farther off".to_owned(),
            n => format!("{} farther off", count(n, "answer is", "answers are")),
        };
        let nearer = match comparison.fixed.len() {
            0 => "none is nearer".to_owned(),
            n => format!("{} nearer", count(n, "is", "are")),
        };
        return format!("{farther}, {nearer}");
    }
    if comparison.moves == Moves::Scores {
        return format!(
            "{} less, {} more",
            count(comparison.broke.len(), "case scores", "cases score"),
            comparison.fixed.len()
        );
    }
    if comparison.moves == Moves::Times {
        return format!(
            "{} took longer, {} less long",
            count(comparison.broke.len(), "case", "cases"),
            comparison.fixed.len()
        );
    }
    let broke = match comparison.broke.len() {
        0 => "no case broke".to_owned(),
        n => format!("{} broke", count(n, "case", "cases")),
    };
    let fixed = match comparison.fixed.len() {
        0 => "none was fixed".to_owned(),
        n => count(n, "was fixed", "were fixed"),
    };
    format!("{broke}, {fixed}")
}

/// What a sentence about a comparison depends on besides its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling<'a> {
    pub unit: Unit,
    /// Whether less is better.
    pub lower_is_better: bool,
    /// What was compared: `suite`, `scenario`.
    pub what: &'a str,
    pub limits: Limits,
    pub corrected: Corrected,
    /// The power that is asked for.
    pub power: f64,
    /// What asking again said.
    pub confirmation: Option<&'a Confirmation>,
    /// The deviation of the noise that whole scenarios of the suite share.
    pub common: f64,
}

impl Telling<'static> {
    pub fn of(suite: &Assessment<'_>, finding: &Finding, limits: Limits, corrected: Corrected) -> Self {
        Self {
            unit: finding.unit,
            lower_is_better: finding.direction == Direction::Lower,
            what: slice_word(&finding.slice),
            limits,
            corrected,
            power: suite.power(),
            confirmation: None,
            common: 0.0,
        }
    }
}

impl Telling<'_> {
    /// The interval as people read it, in the direction of the metric's values.
    pub fn interval(&self, comparison: &Comparison) -> (f64, f64) {
        let (low, high) = (comparison.test.interval.low, comparison.test.interval.high);
        let (low, high) = if self.lower_is_better { (-high, -low) } else { (low, high) };
        if self.unit == Unit::Ratio {
            return (low.exp_m1(), high.exp_m1());
        }
        // The rule goes by the bounds as they are; no reader expects a share to lose more than all.
        let most = if self.unit == Unit::Share { 1.0 } else { f64::INFINITY };
        (low.max(-most), high.min(most))
    }

    fn bounds(&self, comparison: &Comparison) -> String {
        let (low, high) = self.interval(comparison);
        format!("[{}, {}]", signed(low, self.unit, 0), signed(high, self.unit, 0))
    }

    /// `0.942 → 0.881 (−6.1 pt, 90 % interval [−9.8, −2.3]), p = 0.0004; 11 cases broke, 1 was fixed`.
    fn change(&self, comparison: &Comparison, p: Option<(f64, f64)>) -> String {
        let difference = comparison.now - comparison.before;
        let p = p.map_or_else(String::new, |(p, corrected)| {
            let (single, many) = (p_value(p), p_value(corrected));
            if single == many {
                format!(", {single}")
            } else {
                format!(", {single} ({many} corrected for {} tests)", self.corrected.tests)
            }
        });
        format!(
            "{} ({}, 90 % interval {}){p}; {}",
            arrow(comparison.before, comparison.now, self.unit),
            delta(difference, self.unit),
            self.bounds(comparison),
            moved(comparison)
        )
    }

    /// What the comparison can see: `this suite sees drops of 12.8 pt or more (80 % power)`.
    fn sees(&self, comparison: &Comparison) -> String {
        let losses = if self.lower_is_better { "rises" } else { "drops" };
        let size = size(comparison.test.detectable, self.unit);
        let power = format!("{:.0} %", self.power * 100.0);
        format!("this {} sees {losses} of {size} or more ({power} power)", self.what)
    }

    /// The reason in a sentence.
    pub fn reason(&self, comparison: &Comparison, kind: FindingKind) -> String {
        let (p_worse, p_better) = comparison.p();
        let worse = Some((p_worse, self.corrected.worse));
        match kind {
            FindingKind::Unchanged => format!(
                "no paired outcome differs: {} over {}; {}",
                value(comparison.now, self.unit),
                count(comparison.test.cases, "case", "cases"),
                self.sees(comparison)
            ),
            FindingKind::Improved => {
                let better = Some((p_better, self.corrected.better));
                format!("{}; accept to ratchet", self.change(comparison, better))
            }
            FindingKind::Inconclusive => self.inconclusive(comparison),
            FindingKind::Held
                if self.corrected.worse <= self.limits.alpha
                    && comparison.test.guard.agrees(self.limits.alpha) =>
            {
                format!(
                    "{}; detectable, below the minimum effect of {}",
                    self.change(comparison, worse),
                    size(self.limits.min_effect, self.unit)
                )
            }
            FindingKind::Regressed => {
                format!("{}{}", self.change(comparison, worse), self.asked_again())
            }
            _ => self.change(comparison, worse),
        }
    }

    /// What asking a flagged scenario again said: `; asked twice again: p = 0.0010, 0.0040`.
    fn asked_again(&self) -> String {
        match self.confirmation {
            None => String::new(),
            Some(Confirmation::NotNeeded) => {
                "; not asked again: the application never disagreed with itself".to_owned()
            }
            Some(Confirmation::NotAsked) => "; it was not asked again".to_owned(),
            Some(Confirmation::Confirmed(p)) => format!("; {}: confirmed", again(p)),
            Some(Confirmation::Refuted(p)) => format!("; {}: not confirmed", again(p)),
        }
    }

    /// What would let the comparison be told: `to see 5 pt add 276 seeds (not variants)`.
    fn advice(&self, comparison: &Comparison) -> String {
        let tolerance = self.limits.tolerance;
        let by = if comparison.blocks == Blocks::Scenarios { "scenario" } else { "seed" };
        let add = |n: usize| match comparison.blocks {
            Blocks::Scenarios => count(n, "scenario", "scenarios"),
            Blocks::Families | Blocks::Cases => {
                format!("{} (not variants)", count(n, by, "seeds"))
            }
        };
        let power = comparison.clusters_to_add(tolerance, self.power);
        let clusters = MIN_CLUSTERS.saturating_sub(comparison.test.clusters);
        if power > 0 && power >= clusters {
            let runs = comparison.runs.0;
            let keep = match KEPT_RUNS {
                kept if runs < kept => format!(", or keep {kept} baseline runs"),
                _ => String::new(),
            };
            format!("to see {} add {}{keep}", size(tolerance, self.unit), add(power))
        } else if clusters > 0 {
            let what = if comparison.blocks == Blocks::Scenarios { "scenarios" } else { "families" };
            format!("at least {MIN_CLUSTERS} {what} are needed to call it held: add {}", add(clusters))
        } else {
            format!("{}: neither a loss nor its absence is shown", p_value(comparison.p().0))
        }
    }

    fn inconclusive(&self, comparison: &Comparison) -> String {
        let test = &comparison.test;
        let cannot = if test.least_mid > self.corrected.threshold {
            format!(
                "; cannot block: only {} changed, which gives {} at best where {:.4} is needed",
                comparison.blocks.counted(test.informative),
                p_value(test.least_mid),
                self.corrected.threshold
            )
        } else {
            String::new()
        };
        let drift = self.drift(comparison).unwrap_or_default();
        let asked = match self.confirmation {
            Some(Confirmation::Refuted(p)) => format!("; {}: not confirmed", again(p)),
            _ if self.corrected.worse <= self.limits.alpha && self.common > 0.0 => format!(
                "; {} by itself, but whole scenarios of this suite differ as much from run to run \
                 (standard deviation {})",
                p_value(comparison.p().0),
                size(self.common, self.unit)
            ),
            _ => String::new(),
        };
        format!(
            "inconclusive: {} {}, {}{drift}{asked}; {}; {}{cannot}",
            delta(comparison.now - comparison.before, self.unit),
            self.bounds(comparison),
            moved(comparison),
            self.sees(comparison),
            self.advice(comparison)
        )
    }

    /// That a loss is no larger than what whole runs of the baseline differ by, where that is what keeps it
    /// from blocking.
    fn drift(&self, comparison: &Comparison) -> Option<String> {
        let Guard { worse, .. } = comparison.test.guard;
        let blocked = self.corrected.worse <= self.limits.alpha
            && self.limits.is_loss(comparison.test.delta)
            && self.confirmation.is_none()
            && !comparison.test.guard.agrees(self.limits.alpha);
        let p = worse.filter(|_| blocked)?;
        Some(format!(
            "; {} by itself, but whole runs of the baseline differ as much ({} among them)",
            p_value(comparison.p().0),
            p_value(p)
        ))
    }
}

/// `asked twice again (p = 0.0010 and p = 0.20)`.
fn again(p_values: &[f64]) -> String {
    let times = match p_values.len() {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    };
    let shown: Vec<String> = p_values.iter().map(|p| p_value(*p)).collect();
    format!("asked {times} again ({})", shown.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_in_points_with_a_true_minus() {
        assert_eq!(delta(-0.061, Unit::Share), "−6.1 pt");
        assert_eq!(delta(0.061, Unit::Coefficient), "+0.061");
        assert_eq!(delta(-0.000_4, Unit::Share), "−0.04 pt", "a change is seen");
        assert_eq!(delta(-1e-12, Unit::Share), "0.0 pt", "what is shown as nothing has no sign");
        assert_eq!(delta(120.4, Unit::Milliseconds), "+120 ms");
    }

    #[test]
    fn values_that_differ_read_differently() {
        assert_eq!(arrow(0.968, 0.804, Unit::Share), "0.968 → 0.804");
        assert_eq!(arrow(1.0, 0.9998, Unit::Share), "1.0000 → 0.9998");
        assert_eq!(pair(0.799_97, 0.8, Unit::Coefficient), ("0.79997".to_owned(), "0.80000".to_owned()));
        assert_eq!(value(0.9996, Unit::Share), "0.9996", "not all of them pass");
        assert_eq!(value(1.0, Unit::Share), "1.000");
        assert_eq!(arrow(812.2, 812.4, Unit::Milliseconds), "812 ms → 812 ms");
    }

    #[test]
    fn sizes_are_as_short_as_they_can_be() {
        assert_eq!(size(0.05, Unit::Share), "5 pt");
        assert_eq!(size(0.1, Unit::Share), "10 pt");
        assert_eq!(size(0.128, Unit::Share), "12.8 pt");
        assert_eq!(size(0.05, Unit::Coefficient), "0.05");
    }

    #[test]
    fn p_values_keep_the_digits_that_matter() {
        let shown = [0.25, 0.046_875, 0.003_2, 0.000_06].map(p_value);
        assert_eq!(shown, ["p = 0.25", "p = 0.047", "p = 0.0032", "p < 0.0001"]);
    }
}
