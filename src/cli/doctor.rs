//! `holdline doctor`: whether the project is in order, and with `--aa` how its gate behaves when nothing has
//! changed.

use super::progress::Progress;
use super::{CliError, CliResult, Place};
use crate::baseline::{Baseline, KEPT_RUNS, Store, UpdateMode, in_ci};
use crate::doctor::{Examined, Stored, flips, page, redraw, sees};
use crate::exit::Exit;
use crate::expand::{Case, CaseId};
use crate::gate::Decision;
use crate::report::{SuiteRecord, escape};
use crate::run::Plan;
use crate::session::{self, Options, newest_record};
use crate::suite::env_names;
use crate::target::kind;
use std::collections::HashSet;
use std::fmt::Write as _; // to strings, which cannot fail
use std::sync::Arc;

/// Most runs that are made to ask.
const MOST_ASKED: usize = 50;
/// Draws where runs are made to ask.
const DRAWS: usize = 1000;

/// Arguments of `holdline doctor`.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Suites; all without any, and with `--ask` all but those in `live`.
    suites: Vec<String>,
    /// Re-draw stored runs so often (1000 is a good number) and say how often the gate alarms although nothing
    /// changed. With `--ask`: make so many runs first.
    #[arg(long, value_name = "N")]
    aa: Option<usize>,
    /// Really run the suites N times, with nothing changed. Costs what N runs cost.
    #[arg(long, requires = "aa")]
    ask: bool,
    /// With `--ask`: say what would be asked; ask nothing.
    #[arg(long, requires = "ask")]
    dry_run: bool,
    /// Seed of the draws. Default: that of each suite.
    #[arg(long, value_name = "N", requires = "aa")]
    seed: Option<u64>,
}

/// A suite's plan and what is accepted for it.
struct Suite {
    plan: Plan,
    cases: Vec<Case>,
    baseline: Option<Baseline>,
    /// Cases in quarantine.
    out: HashSet<CaseId>,
}

/// Looks.
pub fn run(place: &Place, args: &DoctorArgs) -> CliResult {
    let mut options = Options::new(place.root.clone(), in_ci(|name| std::env::var(name).ok()));
    options.only.clone_from(&args.suites);
    options.live = !args.ask;
    let (project, plans) = session::plans(&options)?;
    // Only read, as in CI.
    let store = Store::new(crate::run::folder::below(&place.root, project.baselines.as_ref()), true);
    let Some(number) = args.aa else { return health(place, &plans, &store) };
    let suites = plans
        .into_iter()
        .map(|plan| {
            let baseline = store.load(&plan.suite.name).map_err(session::SessionError::from)?;
            let out = session::quarantined(&plan, options.today);
            let cases = plan.cases.iter().collect::<Result<_, _>>()?;
            Ok(Suite { plan, cases, baseline, out })
        })
        .collect::<Result<Vec<Suite>, CliError>>()?;
    if args.ask {
        asked(place, &options, &suites, number, args, project.alpha)
    } else {
        kept(place, &suites, number, args, project.alpha)
    }
}

/// Re-draws what is stored.
fn kept(place: &Place, suites: &[Suite], draws: usize, args: &DoctorArgs, alpha: f64) -> CliResult {
    let newest = newest_record(&place.root)?;
    let mut all = Vec::new();
    for suite in suites {
        let name = &suite.plan.suite.name;
        let of_baseline = suite
            .baseline
            .as_ref()
            .and_then(|baseline| Stored::of_baseline((&suite.plan, &suite.cases), &suite.out, baseline));
        let of_record = || {
            let record = newest.as_ref()?.suites.iter().find(|record| {
                record.name == *name && record.carried.is_none() && record.rejudged.is_none()
            })?;
            Stored::of_repeats((&suite.plan, &suite.cases), &suite.out, record, suite.baseline.as_ref())
        };
        if let Some(stored) = of_baseline.or_else(of_record) {
            all.push(stored);
            continue;
        }
        let has = if suite.baseline.is_some() { "its baseline keeps one run" } else { "it has no baseline" };
        let name = escape::terminal_line(name);
        eprintln!(
            "{name}: {has}, and it takes two to set beside each other. `holdline run {name} --baseline-runs \
             {KEPT_RUNS}` makes them, or `holdline doctor --aa 5 --ask {name}` asks now"
        );
    }
    let against = vec![None; all.len()];
    told(place, &all, &against, draws, args, alpha)
}

/// Runs the suites so often with nothing changed, and re-draws all that is known then.
fn asked(
    place: &Place,
    options: &Options,
    suites: &[Suite],
    runs: usize,
    args: &DoctorArgs,
    alpha: f64,
) -> CliResult {
    if runs == 0 || runs > MOST_ASKED {
        let message = format!("--ask: --aa is the number of runs to make, 1 to {MOST_ASKED}");
        return Err(CliError::Usage(message));
    }
    let cases: usize = suites.iter().map(|suite| suite.plan.cases.len()).sum();
    let estimate = format!(
        "{runs} runs of {cases} cases: {} conversations, each of one request or, where it is scripted, more",
        runs * cases
    );
    if args.dry_run {
        place.print(&format!("{estimate}\nnothing was asked\n"))?;
        return Ok(Exit::Held);
    }
    eprintln!("asks {estimate}");
    let runtime = tokio::runtime::Runtime::new()?;
    let mut records: Vec<Vec<SuiteRecord>> = vec![Vec::new(); suites.len()];
    for _ in 0..runs {
        let mut options =
            Options { update: UpdateMode::No, events: Arc::new(Progress::new()), ..options.clone() };
        let record = runtime.block_on(session::until_signalled(async |stop| {
            options.stop = stop;
            session::run(&options).await
        }));
        let Some(record) = record else {
            eprintln!("stopped at once");
            return Ok(Exit::Undecided);
        };
        let record = record?;
        if matches!(record.decision, Decision::Exhausted) {
            eprintln!("time or money ran out in run {}", escape::terminal_line(&record.run));
            return Ok(Exit::Exhausted);
        }
        for (records, suite) in records.iter_mut().zip(suites) {
            records.extend(record.suites.iter().find(|of| of.name == suite.plan.suite.name).cloned());
        }
    }
    let mut all = Vec::new();
    let mut against = Vec::new();
    for (records, suite) in records.iter().zip(suites) {
        let Some(stored) =
            Stored::of_asked((&suite.plan, &suite.cases), &suite.out, records, suite.baseline.as_ref())
        else {
            continue;
        };
        all.push(stored);
        let blocked = records.iter().filter(|record| record.decision == Decision::Regressed).count();
        against.push(suite.baseline.as_ref().map(|_| (blocked, records.len())));
    }
    told(place, &all, &against, DRAWS, args, alpha)
}

/// Prints what re-draws of suites come to.
fn told(
    place: &Place,
    all: &[Stored],
    against: &[Option<(usize, usize)>],
    draws: usize,
    args: &DoctorArgs,
    alpha: f64,
) -> CliResult {
    if all.is_empty() || draws == 0 {
        eprintln!("nothing could be measured");
        return Ok(Exit::Undecided);
    }
    let (alarms, build) = redraw(all, draws, alpha, args.seed);
    let examined: Vec<Examined<'_>> = all
        .iter()
        .zip(alarms)
        .zip(against)
        .map(|((stored, (alarms, blocks)), against)| Examined {
            stored,
            alarms,
            blocks,
            flips: flips(stored),
            seen: sees(stored, blocks),
            against_baseline: *against,
        })
        .collect();
    place.print(&page(&examined, build, alpha, place.style))?;
    Ok(Exit::Held)
}

/// A short check of the project, by what lies on this machine.
fn health(place: &Place, plans: &[Plan], store: &Store) -> CliResult {
    let mut out = String::new();
    let mut sound = true;
    for plan in plans {
        let suite = &plan.suite;
        let mut line = |mark: &str, text: &str| {
            let _ = writeln!(
                out,
                "{mark:<5} {}: {}",
                escape::terminal_line(&suite.name),
                escape::terminal_line(text)
            );
        };
        line("ok", &format!("{} cases, target {} (not asked)", plan.cases.len(), kind(&suite.spec.target)));
        match store.load(&suite.name) {
            Ok(Some(baseline)) => {
                let most = baseline.cases.iter().map(|(_, case)| case.runs().len()).max().unwrap_or(0);
                let kept =
                    if most == 1 { "1 accepted run".to_owned() } else { format!("{most} accepted runs") };
                if most < KEPT_RUNS {
                    line(
                        "note",
                        &format!("its baseline keeps {kept}; {KEPT_RUNS} see smaller drops, and drift"),
                    );
                } else {
                    line("ok", &format!("its baseline keeps {kept}"));
                }
            }
            Ok(None) => line("note", "no baseline yet: `holdline accept` makes one of a run"),
            Err(error) => {
                sound = false;
                line("wrong", &crate::exit::chain(&error));
            }
        }
        let unset: Vec<String> =
            env_names(suite).into_iter().filter(|name| std::env::var_os(name).is_none()).collect();
        if !unset.is_empty() {
            line("note", &format!("not set here: {}", unset.join(", ")));
        }
    }
    match store.waiting() {
        Ok(waiting) if waiting.is_empty() => {}
        Ok(waiting) => {
            let names = waiting.iter().map(|name| escape::terminal_line(name)).collect::<Vec<_>>().join(", ");
            let _ = writeln!(out, "note  waits for review: {names}; `holdline review` goes through it");
        }
        Err(error) => {
            sound = false;
            let _ = writeln!(out, "wrong {}", escape::terminal_line(&crate::exit::chain(&error)));
        }
    }
    out.push_str("`holdline doctor --aa 1000` says how the gate behaves when nothing has changed\n");
    place.print(&out)?;
    Ok(if sound { Exit::Held } else { Exit::Undecided })
}
