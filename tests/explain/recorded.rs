//! Worlds of cases as records of a run, decided by the gate.

use super::world::{World, options};
use holdline::baseline::Baseline;
use holdline::expand::Provenance;
use holdline::gate::{Decision, GateInput, GateOutput, decide};
use holdline::judge::Outcome;
use holdline::metric::AnswerFacts;
use holdline::report::{CaseRecord, FORMAT, LeftOut, Record, ScenarioRecord, SuiteRecord};
use holdline::run::{Graded, Transcript};
use holdline::suite::Place;
use holdline::suite::schema::Origin;
use serde_json::Value;
use std::collections::BTreeMap;

/// A run of worlds, decided together, with what was accepted before.
pub fn record(worlds: &[&World]) -> (Record, Option<Baseline>) {
    record_of(&worlds.iter().map(|world| world.input()).collect::<Vec<_>>())
}

/// A run of which the gate sees this.
pub fn record_of(inputs: &[GateInput<'static>]) -> (Record, Option<Baseline>) {
    let outputs = decide(inputs, options());
    let baseline = inputs[0].baseline.cloned();
    let suites: Vec<SuiteRecord> = inputs
        .iter()
        .zip(outputs)
        .enumerate()
        .map(|(at, (input, output))| suite(at, input, output))
        .collect();
    let decision = suites[0].decision;
    let exit_code = match decision {
        Decision::Regressed => 1,
        Decision::Undecided => 3,
        Decision::Exhausted => 4,
        Decision::Held | Decision::Measured => 0,
    };
    let record = Record {
        format: FORMAT,
        version: "0.1.0".into(),
        run: "20260103T100000-000000".into(),
        started: "2026-01-03T10:00:00Z".into(),
        seconds: 12.0,
        suites,
        unnamed: Vec::new(),
        decision,
        exit_code,
    };
    (record, baseline)
}

fn suite(at: usize, input: &GateInput<'_>, output: GateOutput) -> SuiteRecord {
    let name = if at == 0 { "support".to_owned() } else { format!("support-{}", at + 1) };
    let graded = |case: usize, outcome: Outcome, repeat: usize| Graded {
        transcript: Transcript {
            case: input.table.id(case),
            repeat: u32::try_from(repeat).unwrap_or(u32::MAX),
            turns: Vec::new(),
            error: None,
            cost: None,
        },
        verdicts: Vec::new(),
        outcome,
    };
    let all = |case: usize, answers: &mut dyn Iterator<Item = AnswerFacts<'_>>| -> Vec<Graded> {
        answers.enumerate().map(|(at, answer)| graded(case, answer.outcome, at)).collect()
    };
    let table = input.table;
    let cases = output.cases.iter().enumerate().map(|(n, (flip, standing))| {
        let case = table.case(n);
        let repeats = if table.repeats(n) > 1 { all(n, &mut table.answers(n)) } else { Vec::new() };
        CaseRecord {
            id: case.id,
            family: case.family,
            scenario: case.scenario,
            name: format!("question {n}"),
            input: Value::from(format!("question {n}")),
            truth: None,
            tags: case.tags.to_vec(),
            must_pass: case.must_pass,
            provenance: Provenance {
                origin: Origin::Written,
                place: Place { file: "suites/support.toml".into(), line: 10 },
                lineage: None,
                pedigree: None,
            },
            graded: graded(n, table.outcome(n), 0),
            repeats,
            confirmations: all(n, &mut table.confirmations(n)),
            flip,
            standing,
            accepted_answer: None,
        }
    });
    let scenario = |(number, (id, name)): (usize, &(String, String))| ScenarioRecord {
        id: id.clone(),
        name: name.clone(),
        why: None,
        line: u32::try_from(10 * number + 10).unwrap_or(u32::MAX),
    };
    SuiteRecord {
        path: format!("suites/{name}.toml"),
        name,
        feature: "Answers questions about orders".into(),
        kind: input.kind,
        fingerprint: "1f3a5b7c9d0e2f46".into(),
        plan: "aabbccddeeff0011".into(),
        planned: input.planned,
        partial: input.partial,
        shard: None,
        labels: Vec::new(),
        scenarios: input.scenarios.iter().enumerate().map(scenario).collect(),
        cases: cases.collect(),
        left_out: LeftOut::default(),
        measurements: input.measurements.to_vec(),
        accepted: BTreeMap::new(),
        confusion: None,
        weak: Vec::new(),
        findings: output.findings,
        watched: output.watched,
        problems: output.problems,
        notes: output.notes,
        decision: output.decision,
        baseline: input.baseline.map(|_| "accepted 2025-12-20 by Ana: first baseline".into()),
        added: output.added,
        removed: output.removed,
        judged_by: None,
        params: BTreeMap::new(),
        changed_params: Vec::new(),
        cached: None,
        judges: Vec::new(),
        coding: None,
        quarantined: Vec::new(),
        pending: false,
        carried: None,
        rejudged: None,
    }
}
