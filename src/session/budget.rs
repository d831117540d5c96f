//! What a run may spend: the limits of its suites, of the project and of the command line, and those that
//! cannot be kept.

use super::begin::Begun;
use super::options::{Options, SessionError};
use crate::gate::{Problem, ProblemKind};
use crate::run::{Budget, Graded, Limits, Over, Plan, Spending};
use crate::suite::Suite;
use crate::suite::project::{BudgetSpec, Project};
use crate::suite::schema::CommandFormat;
use crate::target::Usage;

/// What holds for the whole run: what is said for this run goes before what the project says.
pub fn whole(options: &Options, project: &Project) -> BudgetSpec {
    let (said, project) = (options.budget, project.budget);
    BudgetSpec {
        max_cost: said.max_cost.or(project.max_cost),
        max_tokens: said.max_tokens.or(project.max_tokens),
        max_time: said.max_time.or(project.max_time),
    }
}

/// What holds for a suite alone. A limit said for this run is the only one of its kind: a run that used up
/// what its suite allows can be taken up with more.
pub fn of_suite(options: &Options, suite: &Suite) -> Limits {
    let run = &suite.spec.run;
    Limits {
        cost: run.max_cost.filter(|_| options.budget.max_cost.is_none()),
        tokens: run.max_tokens.filter(|_| options.budget.max_tokens.is_none()),
    }
}

/// The budget of a run, or why one of its limits could not be kept. Nothing is asked of anybody.
pub fn budget(options: &Options, project: &Project, plans: &[Plan]) -> Result<Budget, SessionError> {
    let whole = whole(options, project);
    if let Some((key, nothing)) = whole.nothing() {
        return Err(SessionError::Usage(format!("`{key}` cannot be {nothing}: nothing could be asked")));
    }
    let of_run = Limits { cost: whole.max_cost, tokens: whole.max_tokens };
    let budget = Budget::new(&project.currency, of_run);
    for plan in plans {
        let suite = &plan.suite;
        // Recorded answers cost nothing any more.
        if suite.spec.target.recorded.is_some() && suite.judges.is_empty() {
            continue;
        }
        let own = of_suite(options, suite);
        let both = Limits { cost: own.cost.or(of_run.cost), tokens: own.tokens.or(of_run.tokens) };
        if let Some(why) = cannot_be_kept(project, suite, both) {
            return Err(SessionError::Usage(format!("suite `{}`: {why}", suite.name)));
        }
        budget.suite(&suite.name, own, guess(project, suite, both));
    }
    Ok(budget)
}

/// Counts what a run that is taken up again had spent.
pub fn count(begun: &Begun, project: &Project, plans: &[Plan]) -> Result<(), SessionError> {
    let Some(past) = &begun.past else { return Ok(()) };
    let mut lines: Vec<(u64, usize)> = past.known.iter().map(|((suite, ..), line)| (*line, *suite)).collect();
    // In the order of the journal, which reads fastest.
    lines.sort_unstable();
    let mut reader = begun.journal.reader();
    for plan in plans.iter().filter(|plan| begun.budget.limits(&plan.suite.name)) {
        let (name, model) = (&plan.suite.name, plan.suite.model());
        let suite = past.header.suites.iter().position(|of| of.name == *name);
        for (line, _) in lines.iter().filter(|(_, of)| Some(*of) == suite) {
            let graded: Graded = reader.graded(*line)?;
            if plan.suite.spec.target.recorded.is_none() {
                begun.budget.count(name, &graded.transcript, project, model.as_deref());
            }
            for judged in graded.verdicts.iter().filter_map(|verdict| verdict.model.as_ref()) {
                begun.budget.count_verdict(name, judged);
            }
        }
    }
    Ok(())
}

/// What a call may take before any has told: the longest answer.
fn guess(project: &Project, suite: &Suite, limits: Limits) -> Option<Spending> {
    let most = u64::from(suite.spec.target.max_tokens?);
    let longest = Usage { input_tokens: 0, output_tokens: most };
    let cost = suite.model().and_then(|model| project.price(&model, longest));
    if limits.cost.is_some() && cost.is_none() {
        return None;
    }
    Some(Spending { cost: cost.unwrap_or_default(), tokens: most })
}

/// Why what is spent on a suite could not be told.
fn cannot_be_kept(project: &Project, suite: &Suite, limits: Limits) -> Option<String> {
    if !limits.any() {
        return None;
    }
    let target = &suite.spec.target;
    let key = if limits.cost.is_some() { "max_cost" } else { "max_tokens" };
    let is_text = target.format == Some(CommandFormat::Text);
    if (target.http.is_some() && target.reply.usage.is_none()) || is_text {
        return Some(format!(
            "`{key}` cannot be kept, since its answers do not tell their usage: say where it stands with \
             `reply.usage`"
        ));
    }
    limits.cost?;
    if project.prices.is_empty() {
        return Some("`max_cost` cannot be kept, since holdline.toml has no [prices]".to_owned());
    }
    (target.http.is_some() && target.reply.model.is_none()).then(|| {
        "`max_cost` cannot be kept, since its answers do not tell their model: say where it stands with \
         `reply.model`"
            .to_owned()
    })
}

/// What is told of a suite that could not be asked to its end.
pub fn problem(over: &Over, got: usize, of: usize, what: &str) -> Problem {
    let (kind, message) = match over {
        Over::Spent(message) => {
            let message = format!(
                "{message}: {got} of {of} {what}; `holdline run --resume` goes on where there is more, such as \
                 with `--max-cost` or `--max-tokens`"
            );
            (ProblemKind::Budget, message)
        }
        Over::Untold(message) => (ProblemKind::Usage, format!("{message}: {got} of {of} {what}")),
    };
    Problem { kind, message }
}
