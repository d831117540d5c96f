//! The quality of a suite as a page for a terminal.

use super::SuiteQuality;
use super::figure::{Figure, Part};
use crate::report::Style;
use crate::report::escape::{shortened, terminal_line};
use crate::report::page::{Page, Tint};
use crate::suite::Suite;

/// Columns of the names of parts: the longest is `not near one of another label`.
const NAMES: usize = 34;
/// Below this a figure is shown with what would mend it and the worst cases.
const GOOD: f64 = 90.0;
/// Below this it is shown as bad.
const POOR: f64 = 50.0;
/// Characters of an outside text that are shown.
const TEXT: usize = 400;

/// The page. All outside text in it is safe for a terminal.
pub fn page(suite: &Suite, quality: &SuiteQuality, style: Style) -> String {
    let mut page = Page::new(style);
    let safe = |text: &str| terminal_line(&shortened(text, TEXT));
    let cases = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    page.text(0, Tint::Strong, &safe(&format!("{}: {}", suite.name, suite.spec.feature)));
    page.text(
        2,
        Tint::Quiet,
        &format!(
            "{}, {} in {}",
            safe(&suite.path),
            cases(quality.cases, "case", "cases"),
            cases(quality.families, "family", "families")
        ),
    );
    page.gap();
    let without: Vec<&str> =
        quality.figures.iter().filter(|figure| figure.score.is_none()).map(|figure| figure.name).collect();
    let mut how = "plain mean of the figures below, each 0 to 100, more is better".to_owned();
    if !without.is_empty() {
        how = format!("{how}, without {}, which do not apply", without.join(", "));
        if without.len() == 1 {
            how = how.replace("which do not apply", "which does not apply");
        }
    }
    scored(&mut page, 2, "overall", quality.overall, &how);
    for figure in &quality.figures {
        page.gap();
        show(&mut page, figure, &safe);
    }
    page.finish()
}

fn show(page: &mut Page, figure: &Figure, safe: &impl Fn(&str) -> String) {
    if let Some(why) = &figure.not_applicable {
        scored(page, 2, figure.name, None, &format!("does not apply: {}", safe(why)));
        return;
    }
    scored(page, 2, figure.name, figure.score, figure.means);
    for Part { name, score, numbers } in &figure.parts {
        let score = score.map_or_else(|| "     ".to_owned(), |score| format!("{:>3}  ", rounded(score)));
        page.item(4, NAMES - 2, (&safe(name), Tint::Quiet), &format!("{score}{}", safe(numbers)));
    }
    if figure.score.is_some_and(|score| score >= GOOD) && figure.offenders.is_empty() {
        return;
    }
    if figure.score.is_some_and(|score| score < GOOD) {
        page.item(4, 6, ("mend", Tint::Strong), figure.mend);
    }
    for offender in &figure.offenders {
        let what = safe(&offender.what);
        let what = offender.case.map_or_else(|| what.clone(), |case| format!("{case} {what}"));
        page.item(4, 2, ("·", Tint::Quiet), &what);
    }
    if figure.more_offenders > 0 {
        page.item(4, 2, ("·", Tint::Quiet), &format!("and {} more", figure.more_offenders));
    }
}

/// A name, its score and a sentence.
fn scored(page: &mut Page, indent: usize, name: &str, score: Option<f64>, text: &str) {
    let (shown, tint) = match score {
        None => ("  –".to_owned(), Tint::Quiet),
        Some(score) if score < POOR => (format!("{:>3}", rounded(score)), Tint::Bad),
        Some(score) if score < GOOD => (format!("{:>3}", rounded(score)), Tint::Warning),
        Some(score) => (format!("{:>3}", rounded(score)), Tint::Good),
    };
    page.item(indent, 26, (&format!("{name:<20}{shown}"), tint), text);
}

/// A score as a whole number that is 100 only where nothing is lost, and 0 only where nothing is there.
fn rounded(score: f64) -> String {
    let whole = score.round();
    let shown = if score > 0.0 && score < 100.0 { whole.clamp(1.0, 99.0) } else { whole };
    format!("{shown:.0}")
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn only_a_full_score_is_shown_as_full_and_only_none_as_none() {
        for (score, shown) in [(0.0, "0"), (0.2, "1"), (49.5, "50"), (99.9, "99"), (100.0, "100")] {
            assert_eq!(rounded(score), shown);
        }
    }
}
