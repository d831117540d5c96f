//! `--coverage`: what the rows of templates cover, and what they leave out.

use super::{DONE, visit};
use crate::cli::{CliError, CliResult, Place};
use crate::expand::TemplateLedger;
use crate::expand::covering::{Model, ScopeCoverage, shares_of};
use crate::expand::rows::{model, row_of};
use crate::report::escape::terminal_line;
use crate::suite::schema::Origin;
use crate::suite::{Scenario, Suite};
use std::fmt::Write as _; // to strings, which cannot fail

/// Prints the coverage of every template.
pub(super) fn print(place: &Place, suites: &[Suite]) -> CliResult {
    let mut any = false;
    for suite in suites {
        let models: Vec<Option<Model>> = suite.scenarios.iter().map(model_of).collect();
        let mut rows: Vec<Vec<Vec<usize>>> = vec![Vec::new(); models.len()];
        let ledger = visit(place, suite, &mut |case| {
            let seed = case.provenance.lineage.is_none() && case.provenance.origin == Origin::Template;
            if let (true, Some(model)) = (seed, &models[case.scenario]) {
                rows[case.scenario].extend(row_of(model, &case.knobs));
            }
        })?;
        for (((scenario, counts), model), rows) in
            suite.scenarios.iter().zip(&ledger.scenarios).zip(&models).zip(&rows)
        {
            if let (Some(model), Some(template)) = (model, &counts.template) {
                any = true;
                place.print(&page(suite, scenario, model, template, rows))?;
            }
        }
    }
    if any {
        DONE
    } else {
        Err(CliError::Usage(
            "no scenario has a template; one covers its knobs with `template = \"…\"` and `[scenario.knobs]`"
                .into(),
        ))
    }
}

fn model_of(scenario: &Scenario) -> Option<Model> {
    scenario.spec.template.as_ref().and_then(|_| model(&scenario.spec).ok())
}

fn page(
    suite: &Suite,
    scenario: &Scenario,
    model: &Model,
    template: &TemplateLedger,
    rows: &[Vec<usize>],
) -> String {
    let mut out = format!("{}: {}\n", suite.name, terminal_line(&scenario.spec.name));
    let knobs: Vec<String> =
        model.factors.iter().map(|factor| format!("{} ({})", factor.name, factor.values.len())).collect();
    let _ = writeln!(out, "  {} rows over {}", rows.len(), knobs.join(", "));
    for scope in &template.coverage.scopes {
        scoped(model, scope, &mut out);
    }
    for value in &template.coverage.impossible {
        let _ = writeln!(out, "  never occurs: {}", shown(model, &[*value]));
    }
    for share in shares_of(model, rows) {
        let value = shown(model, &[(share.factor, share.value)]);
        let reached = 100.0 * share.rows as f64 / rows.len().max(1) as f64;
        let word = if share.met { "" } else { ", not reached" };
        let _ = writeln!(
            out,
            "  share: {value} has {reached:.1} % ({} of {}), {:.1} % wanted{word}",
            share.rows,
            rows.len(),
            100.0 * share.wanted
        );
    }
    let left_out: Vec<String> = template
        .rejected
        .iter()
        .map(|(reason, count)| format!("{count} rejected: {}", reason.code()))
        .chain((template.over_budget > 0).then(|| format!("{} left out by `total`", template.over_budget)))
        .chain((template.flagged > 0).then(|| {
            format!(
                "{} kept although another asks the same: nothing else has their combinations",
                template.flagged
            )
        }))
        .collect();
    if !left_out.is_empty() {
        let _ = writeln!(out, "  of {} rows: {}", template.requested, left_out.join("; "));
    }
    out.push('\n');
    out
}

fn scoped(model: &Model, scope: &ScopeCoverage, out: &mut String) {
    let what = match scope.strength {
        1 => "values",
        2 => "pairs",
        3 => "triples",
        _ => "quadruples",
    };
    let of = scope.group.as_ref().map(|group| format!(" of {}", terminal_line(group))).unwrap_or_default();
    let _ = write!(out, "  {what}{of}: {} of {} covered", scope.covered, scope.required);
    if let Some(example) = &scope.missing_example {
        let _ = write!(out, ", missing such as {}", shown(model, example));
    }
    if let Some(example) = &scope.infeasible_example {
        let _ = write!(out, "; {} ruled out, such as {}", scope.infeasible, shown(model, example));
    }
    out.push('\n');
}

/// Values of knobs, as constraints write them.
fn shown(model: &Model, combination: &[(usize, usize)]) -> String {
    let one = |(factor, value): &(usize, usize)| {
        let factor = &model.factors[*factor];
        format!("{} = \"{}\"", factor.name, terminal_line(&factor.values[*value]))
    };
    combination.iter().map(one).collect::<Vec<_>>().join(" and ")
}
