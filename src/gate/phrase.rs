//! The sentences that say what was found, with the numbers a person can act on.

use super::FindingKind;
use super::compare::{Blocks, Comparison};
use super::kind::{Corrected, Limits, MIN_FAMILIES};
use crate::metric::Unit;

/// A value as people read it.
pub(super) fn value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share | Unit::Coefficient => format!("{value:.3}"),
        Unit::Count => format!("{value:.1}"),
        Unit::Milliseconds => format!("{value:.0} ms"),
        Unit::Money => format!("{value:.4}"),
    }
}

/// A difference without its unit: points for shares.
fn signed(difference: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Share => format!("{:.1}", difference.abs() * 100.0),
        Unit::Coefficient => format!("{:.3}", difference.abs()),
        Unit::Count => format!("{:.1}", difference.abs()),
        Unit::Milliseconds => format!("{:.0}", difference.abs()),
        Unit::Money => format!("{:.4}", difference.abs()),
    };
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
    match unit {
        Unit::Share => format!("{} pt", signed(difference, unit)),
        Unit::Milliseconds => format!("{} ms", signed(difference, unit)),
        Unit::Coefficient | Unit::Count | Unit::Money => signed(difference, unit),
    }
}

/// A size of an effect: `5 pt`, `12.8 pt`, `0.05`.
fn size(effect: f64, unit: Unit) -> String {
    let text = match unit {
        Unit::Share => format!("{:.1}", effect * 100.0),
        _ => format!("{effect:.3}"),
    };
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if unit == Unit::Share { format!("{text} pt") } else { text }
}

/// A p-value: `p = 0.031`, `p = 0.0004`, `p < 0.0001`.
fn p_value(p: f64) -> String {
    if p < 0.0001 {
        "p < 0.0001".to_owned()
    } else if p < 0.01 {
        format!("p = {p:.4}")
    } else {
        format!("p = {p:.2}")
    }
}

/// A count with its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// `11 cases broke, 1 was fixed`.
fn moved(comparison: &Comparison) -> String {
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
    /// What the test's blocks are.
    pub blocks: Blocks,
    pub limits: Limits,
    pub corrected: Corrected,
    /// The p-value of "worse" that the test goes by.
    pub p_worse: f64,
    /// The same of "better".
    pub p_better: f64,
}

impl Telling<'_> {
    /// The interval as people read it, in the direction of the metric's values.
    pub fn interval(&self, comparison: &Comparison) -> (f64, f64) {
        let (low, high) = (comparison.interval.low, comparison.interval.high);
        if self.lower_is_better { (-high, -low) } else { (low, high) }
    }

    fn bounds(&self, comparison: &Comparison) -> String {
        let (low, high) = self.interval(comparison);
        format!("[{}, {}]", signed(low, self.unit), signed(high, self.unit))
    }

    /// `0.942 → 0.881 (−6.1 pt, 90 % interval [−9.8, −2.3]), p = 0.0004; 11 cases broke, 1 was fixed`.
    fn change(&self, comparison: &Comparison, p: Option<(f64, f64)>) -> String {
        let difference = comparison.now - comparison.before;
        let p = p.map_or_else(String::new, |(p, corrected)| {
            let many = if self.corrected.tests > 1 {
                format!(" ({} corrected for {} tests)", p_value(corrected), self.corrected.tests)
            } else {
                String::new()
            };
            format!(", {}{many}", p_value(p))
        });
        format!(
            "{} → {} ({}, 90 % interval {}){p}; {}",
            value(comparison.before, self.unit),
            value(comparison.now, self.unit),
            delta(difference, self.unit),
            self.bounds(comparison),
            moved(comparison)
        )
    }

    /// What the comparison can see: `this suite sees drops of 12.8 pt or more (80 % power)`.
    fn sees(&self, comparison: &Comparison) -> String {
        let losses = if self.lower_is_better { "rises" } else { "drops" };
        let size = size(comparison.detectable, self.unit);
        format!("this {} sees {losses} of {size} or more (80 % power)", self.what)
    }

    /// The reason in a sentence.
    pub fn reason(&self, comparison: &Comparison, kind: FindingKind) -> String {
        let worse = Some((self.p_worse, self.corrected.worse));
        match kind {
            FindingKind::Unchanged => format!(
                "no paired outcome differs: {} over {}; {}",
                value(comparison.now, self.unit),
                count(comparison.paired, "case", "cases"),
                self.sees(comparison)
            ),
            FindingKind::Improved => {
                let better = Some((self.p_better, self.corrected.better));
                format!("{}; accept to ratchet", self.change(comparison, better))
            }
            FindingKind::Inconclusive => self.inconclusive(comparison),
            FindingKind::Held if self.corrected.worse <= self.limits.alpha => format!(
                "{}; detectable, below the minimum effect of {}",
                self.change(comparison, worse),
                size(self.limits.min_effect, self.unit)
            ),
            _ => self.change(comparison, worse),
        }
    }

    fn inconclusive(&self, comparison: &Comparison) -> String {
        let tolerance = self.limits.tolerance;
        let power = comparison.families_to_add(tolerance);
        let families = MIN_FAMILIES.saturating_sub(comparison.families);
        let advice = if power > 0 && power >= families {
            let seeds = count(power, "seed", "seeds");
            format!("to see {} add {seeds} (not variants)", size(tolerance, self.unit))
        } else if families > 0 {
            let seeds = count(families, "seed", "seeds");
            format!("at least {MIN_FAMILIES} families are needed to call it held: add {seeds} (not variants)")
        } else {
            format!("{}: neither a loss nor its absence is shown", p_value(self.p_worse))
        };
        let cannot = if comparison.least_mid > self.corrected.threshold {
            let (one, many) = match self.blocks {
                Blocks::Families => ("family", "families"),
                Blocks::Cases => ("case", "cases"),
            };
            format!("; cannot block: only {} changed", count(comparison.changed, one, many))
        } else {
            String::new()
        };
        format!(
            "inconclusive: {} {}, {}; {}; {advice}{cannot}",
            delta(comparison.now - comparison.before, self.unit),
            self.bounds(comparison),
            moved(comparison),
            self.sees(comparison)
        )
    }
}
