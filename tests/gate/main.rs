//! The gate through its public face: what a run and its baseline come to, and how that is said.

mod distances;
mod drops;
mod golden;
mod grounds;
mod metrics;
mod repeats;
mod simulation;
mod times;
mod world;

use holdline::gate::{
    Concentration, Decision, Finding, FindingKind, Flip, GateOptions, GateOutput, Problem, ProblemKind,
    Standing, decide,
};
use holdline::judge::Outcome::{self, CannotJudge, Fail, NotApplicable, Pass, Skipped, TargetError};
use holdline::suite::quantity::Share;
use holdline::suite::schema::{Kind, MetricGate, OnInconclusive, TargetErrors};
use world::{World, options};

#[track_caller]
fn finding<'o>(output: &'o GateOutput, key: &str) -> &'o Finding {
    output.findings.iter().find(|finding| finding.key() == key).unwrap_or_else(|| panic!("no finding {key}"))
}

fn kinds(output: &GateOutput) -> Vec<ProblemKind> {
    output.problems.iter().map(|problem| problem.kind).collect()
}

fn standings(output: &GateOutput, which: fn(&Standing) -> bool) -> usize {
    output.cases.iter().filter(|(_, standing)| which(standing)).count()
}

const FAILS: fn(&Standing) -> bool = |standing| matches!(standing, Standing::Fails(_));
const TOLERATED: fn(&Standing) -> bool = |standing| matches!(standing, Standing::Tolerated(_));

/// 150 cases in 10 scenarios of 15, of which one in fifteen fails, the same before and now.
fn steady() -> World {
    let mut world = World::new();
    for scenario in 0..10 {
        for case in 0..15 {
            let outcome = if case == 14 { Fail } else { Pass };
            world.case(scenario, outcome, outcome);
        }
    }
    world
}
