//! What came of probing a scenario, as a page and as JSON.

use super::neighbours::{aside, offered, reduced, safe, table};
use super::number::count;
use super::page::{Page, Style, Tint};
use crate::distil::found::Offers;
use crate::distil::probe::{Broke, Probed};
use crate::expand::CaseId;
use crate::suite::as_text;
use serde::Serialize;

/// Chains shown.
const SHOWN: usize = 10;
/// Columns of the labels.
const LABELS: usize = 9;

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    suite: &'a str,
    scenario: &'a str,
    seeds: usize,
    of: usize,
    failing: usize,
    tried: usize,
    broken: usize,
    by_length: &'a [Broke],
    operators: Vec<PrintedOperator<'a>>,
    chains: Vec<PrintedChain<'a>>,
    offered: &'a Offers,
    kept: String,
    problems: Vec<&'a str>,
}

#[derive(Serialize)]
struct PrintedOperator<'a> {
    operator: &'a str,
    alone: Broke,
    alone_at_most: Option<f64>,
    in_chains: Broke,
}

#[derive(Serialize)]
struct PrintedChain<'a> {
    chain: &'a [String],
    broke: Broke,
    case: CaseId,
    input: &'a serde_json::Value,
    reason: &'a str,
    reduced: Option<&'a serde_json::Value>,
    is_minimal: Option<bool>,
}

/// Everything as JSON, with a line break at the end.
pub fn json(suite: &str, scenario: &str, of: &Probed) -> Result<String, serde_json::Error> {
    let operator = |operator: &'_ String| (operator.clone(), alone(of, operator), chained(of, operator));
    let operators: Vec<(String, Broke, Broke)> = of.operators.iter().map(operator).collect();
    let printed = Printed {
        suite,
        scenario,
        seeds: of.seeds,
        of: of.of,
        failing: of.failing,
        tried: of.tried,
        broken: of.broken,
        by_length: &of.by_length,
        operators: operators
            .iter()
            .map(|(operator, alone, in_chains)| PrintedOperator {
                operator,
                alone: *alone,
                alone_at_most: alone.at_most(),
                in_chains: *in_chains,
            })
            .collect(),
        chains: of
            .breaking
            .iter()
            .map(|one| PrintedChain {
                chain: &one.chain,
                broke: one.broke,
                case: one.case.id,
                input: &one.case.input,
                reason: &one.reason,
                reduced: one.reduced.as_ref().map(|of| &of.case.input),
                is_minimal: one.reduced.as_ref().map(|of| of.is_minimal),
            })
            .collect(),
        offered: &of.offers,
        kept: of.aside.record.display().to_string(),
        problems: of.aside.problems.iter().map(|problem| problem.message.as_str()).collect(),
    };
    Ok(serde_json::to_string_pretty(&printed)? + "\n")
}

fn alone(of: &Probed, operator: &str) -> Broke {
    of.rates.alone.get(operator).copied().unwrap_or_default()
}

fn chained(of: &Probed, operator: &str) -> Broke {
    of.rates.chained.get(operator).copied().unwrap_or_default()
}

/// What came of probing as a page. All outside text in it is safe for a terminal.
pub fn render(suite: &str, scenario: &str, of: &Probed, style: Style) -> String {
    let mut page = Page::new(style);
    let tried: usize = of.by_length.iter().map(|broke| broke.of).sum();
    let failed: usize = of.by_length.iter().map(|broke| broke.failed).sum();
    let tint = if failed > 0 { Tint::Bad } else { Tint::Good };
    let title = format!(
        "{} was probed with {} of {} of its {}: {failed} broke",
        safe(&format!("{suite}::{scenario}")),
        count(tried, "variant", "variants"),
        of.tried,
        count(of.of, "seed", "seeds"),
    );
    page.text(0, tint, &title);
    if of.failing > 0 {
        let text =
            format!("{} fail themselves: nothing was tried with them", count(of.failing, "seed", "seeds"));
        page.text(2, Tint::Warning, &text);
    }
    page.text(
        2,
        Tint::Plain,
        &format!(
            "{} of {} were broken",
            of.broken,
            count(of.tried, "seed that was tried", "seeds that were tried")
        ),
    );
    for (at, broke) in of.by_length.iter().enumerate().filter(|(_, broke)| broke.of > 0) {
        let what = if at == 0 { "one operator".to_owned() } else { format!("chains of {}", at + 1) };
        page.item(4, 16, (&what, Tint::Quiet), &told(*broke));
    }
    chains(&mut page, of);
    operators(&mut page, of);
    page.gap();
    offered(&mut page, suite, &of.offers);
    aside(&mut page, &of.aside);
    page.finish()
}

/// A count, with what it may hide where nothing broke.
fn told(broke: Broke) -> String {
    let text = format!("{} of {} broke", broke.failed, broke.of);
    match broke.at_most().filter(|_| broke.failed == 0) {
        Some(most) => format!("{text}: at most {:.1} % with 95 % confidence", most * 100.0),
        None => text,
    }
}

fn chains(page: &mut Page, of: &Probed) {
    let Some(shortest) = of.breaking.first().map(|one| one.chain.len()) else { return };
    page.gap();
    let title = match shortest {
        1 => "The shortest chains that break it: one operator is enough".to_owned(),
        n => format!("The shortest chains that break it have {n} operators"),
    };
    page.text(0, Tint::Strong, &title);
    for one in of.breaking.iter().take(SHOWN) {
        let name = one.chain.join(" + ");
        page.text(2, Tint::Bad, &format!("{}  {} of {} broke", safe(&name), one.broke.failed, one.broke.of));
        page.item(4, LABELS, (&one.case.id.to_string()[..8], Tint::Quiet), &safe(&as_text(&one.case.input)));
        page.item(4, LABELS, ("why", Tint::Quiet), &safe(&one.reason));
        if let Some(reduction) = &one.reduced {
            reduced(page, 4, reduction);
        }
    }
    if of.breaking.len() > SHOWN {
        page.text(2, Tint::Quiet, &format!("and {} more; `--json` prints all", of.breaking.len() - SHOWN));
    }
}

fn operators(page: &mut Page, of: &Probed) {
    let mut rows: Vec<(&str, Broke, Broke)> = of
        .operators
        .iter()
        .map(|operator| (operator.as_str(), alone(of, operator), chained(of, operator)))
        .filter(|(_, alone, chained)| alone.of + chained.of > 0)
        .collect();
    if rows.is_empty() {
        return;
    }
    let rate = |broke: Broke| broke.failed as f64 / broke.of.max(1) as f64;
    rows.sort_by(|a, b| rate(b.1).total_cmp(&rate(a.1)).then(b.1.of.cmp(&a.1.of)));
    page.gap();
    page.text(0, Tint::Strong, "How often each operator broke a seed that passes");
    let mut table = table(["", "broke alone", "at most (95 %)", "broke in chains"]);
    for (operator, alone, chained) in rows {
        table.add_row([
            operator.to_owned(),
            format!("{} of {}", alone.failed, alone.of),
            alone.at_most().map_or_else(|| "–".to_owned(), |most| format!("{:.0} %", most * 100.0)),
            format!("{} of {}", chained.failed, chained.of),
        ]);
    }
    page.lines(2, &table.to_string());
    let untried = of
        .operators
        .iter()
        .filter(|operator| alone(of, operator).of == 0 && chained(of, operator).of == 0)
        .count();
    if untried > 0 {
        let text = format!(
            "{} found nothing to do in these seeds, or were not tried",
            count(untried, "operator", "operators")
        );
        page.text(2, Tint::Quiet, &text);
    }
}
