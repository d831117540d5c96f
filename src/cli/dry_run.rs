//! `holdline run --dry-run`: what would be asked and, where prices are known, what it would cost.

use super::{CliResult, Place};
use crate::exit::Exit;
use crate::report::CaseRecord;
use crate::run::{ExecuteError, Plan};
use crate::session::{Options, budget, newest_record, plans, select, unaffected};
use crate::suite::project::Project;
use crate::suite::quantity::Duration;
use crate::target::{Usage, kind};
use std::io::Write;

/// Characters of a text that make a token, about; said beside every estimate that rests on it.
const CHARACTERS_A_TOKEN: usize = 4;

/// Says what would be asked.
pub fn run(place: &Place, options: &Options) -> CliResult {
    let (project, plans) = plans(options)?;
    let plans = select(options, plans)?;
    let unaffected = unaffected(options, &project, plans.iter().map(|plan| &*plan.suite))?;
    let mut out = std::io::stdout().lock();
    for plan in &plans {
        let suite = &plan.suite;
        if unaffected.contains(&suite.name) {
            writeln!(out, "{}: carried over from its baseline, nothing is asked", suite.name)?;
            continue;
        }
        let answers = plan.answers(options.repeats);
        let times =
            if answers == plan.selected.len() { String::new() } else { format!(" for {answers} answers") };
        let partial = if plan.is_partial() { ", a part: it cannot gate" } else { "" };
        writeln!(
            out,
            "{}: {} of {} cases{times}{partial}, {} at once, target {}",
            suite.name,
            plan.selected.len(),
            plan.cases.len(),
            suite.spec.run.concurrency,
            kind(&suite.spec.target),
        )?;
        for (index, scenario) in suite.scenarios.iter().enumerate() {
            let is_of = |case: &&u32| plan.cases.scenario(**case as usize) == index;
            let cases = plan.selected.iter().filter(is_of).count();
            if cases > 0 {
                let times = match suite.repeats_of(index, options.repeats) {
                    1 => String::new(),
                    repeats => format!(", {repeats} times each"),
                };
                writeln!(out, "  {cases:>6}  {}{times}", scenario.id)?;
            }
        }
        writeln!(out, "  cost: {}", cost(plan, options.repeats, &project, place)?)?;
        let own = budget::of_suite(options, suite);
        if let Some(limits) = limits(own.cost, own.tokens, suite.spec.run.max_time, &project.currency) {
            writeln!(out, "  budget: at most {limits}")?;
        }
    }
    let whole = budget::whole(options, &project);
    if let Some(limits) = limits(whole.max_cost, whole.max_tokens, whole.max_time, &project.currency) {
        writeln!(out, "budget of the run: at most {limits}")?;
    }
    place.note_unnamed(options, &project, "run")?;
    writeln!(out, "nothing was asked")?;
    Ok(Exit::Held)
}

/// Limits in words: `0.5000 USD, 10000 tokens, 60s`; `None` without any.
fn limits(cost: Option<f64>, tokens: Option<u64>, time: Option<Duration>, currency: &str) -> Option<String> {
    let cost = cost.map(|cost| format!("{cost:.4} {currency}"));
    let tokens = tokens.map(|tokens| format!("{tokens} tokens"));
    let all: Vec<String> = cost.into_iter().chain(tokens).chain(time.map(|time| time.to_string())).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What the selected cases would cost, with what the estimate rests on.
fn cost(
    plan: &Plan,
    over: Option<u32>,
    project: &Project,
    place: &Place,
) -> Result<String, crate::session::SessionError> {
    let spec = &plan.suite.spec.target;
    let Some(model) = plan.suite.model() else {
        return Ok("unknown: the target names no model".into());
    };
    if project.price(&model, Usage::default()).is_none() {
        return Ok(format!("unknown: holdline.toml has no [prices.\"{model}\"]"));
    }
    if let Some(seen) = mean_usage(plan, place)? {
        let each = project.price(&model, seen).unwrap_or_default();
        return Ok(format!(
            "about {:.4} {}, from the usage of the newest run ({} + {} tokens a case)",
            each * plan.answers(over) as f64,
            project.currency,
            seen.input_tokens,
            seen.output_tokens
        ));
    }
    let Some(most) = spec.max_tokens.map(u64::from) else {
        return Ok("unknown: no run to learn from, and the target sets no max_tokens".into());
    };
    let system = spec.system.as_deref().map_or(0, |system| system.chars().count());
    let mut cases = plan.cases.reader();
    let mut usage = Usage::default();
    for question in plan.questions(over) {
        let case = cases.get(question.case).map_err(ExecuteError::Cases)?;
        let scenario = &plan.suite.scenarios[case.scenario].spec;
        let (turns, said): (u64, usize) = if case.turns.is_empty() {
            let said =
                scenario.conversation.iter().map(|step| step.user.chars().count() * step.times as usize);
            (scenario.most_turns().into(), said.sum())
        } else {
            (case.turns.len() as u64 + 1, case.turns.iter().map(|turn| turn.chars().count()).sum())
        };
        let characters = system + case.input.to_string().chars().count() + said;
        // Every turn says all again that was said before it, the answers included.
        usage.input_tokens +=
            turns * (characters / CHARACTERS_A_TOKEN) as u64 + most * (turns * (turns - 1) / 2);
        usage.output_tokens += most * turns;
    }
    let total = project.price(&model, usage).unwrap_or_default();
    Ok(format!(
        "at most about {total:.4} {}, at {CHARACTERS_A_TOKEN} characters a token and max_tokens for every answer",
        project.currency
    ))
}

/// Mean usage of the suite's cases each time they were asked in the newest run, if every answer told it.
fn mean_usage(plan: &Plan, place: &Place) -> Result<Option<Usage>, crate::session::SessionError> {
    let Some(record) = newest_record(&place.root)? else { return Ok(None) };
    let Some(suite) = record.suites.iter().find(|suite| suite.name == plan.suite.name) else {
        return Ok(None);
    };
    let turns =
        || suite.cases.iter().flat_map(CaseRecord::answers).flat_map(|graded| &graded.transcript.turns);
    let Some(usage) = turns().map(|turn| turn.answer.usage).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let asked = suite.cases.iter().map(|case| case.answers().len() as u64).sum();
    if usage.is_empty() {
        return Ok(None);
    }
    Ok(Some(Usage {
        input_tokens: usage.iter().map(|usage| usage.input_tokens).sum::<u64>().div_ceil(asked),
        output_tokens: usage.iter().map(|usage| usage.output_tokens).sum::<u64>().div_ceil(asked),
    }))
}
