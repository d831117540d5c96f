//! Examples from answers that people labelled for judges.

use super::approved::Approvals;
use super::{Gathered, Wanted};
use crate::expand::CaseId;
use crate::finetune::example::{Answer, Example, Left, Said, Source};
use crate::judge::Outcome;
use crate::judge::model::Question;
use crate::session::SessionError;
use crate::suite::Diagnostics;
use crate::suite::judges::JudgeDefinition;
use crate::suite::labels::Label;
use crate::suite::project::Project;
use crate::suite::variants::Approved;
use std::collections::BTreeMap;
use std::path::Path;

/// An answer that people labelled.
#[derive(Debug)]
pub(super) struct Labelled {
    judge: String,
    path: String,
    /// The first of its labels.
    label: Label,
    /// What it came to; `None` where people disagree.
    outcome: Option<Outcome>,
    is_approved: bool,
    is_holdout: bool,
}

impl Labelled {
    /// The case that was answered, where it is of a run.
    pub fn case(&self) -> Option<CaseId> {
        self.label.id.parse().ok()
    }
}

/// The labels of all judges of the project.
pub(super) fn read(
    root: &Path,
    project: &Project,
    gathered: &mut Gathered,
) -> Result<Vec<Labelled>, SessionError> {
    let (mut out, mut all) = (Diagnostics::default(), Vec::new());
    for name in JudgeDefinition::names(root, &project.suites) {
        let read = JudgeDefinition::load(root, &project.suites, &name)
            .and_then(|judge| judge.label_file(root).map(|file| (judge, file)));
        match read {
            Err(wrong) => out.extend(wrong),
            // A judge of two answers says nothing of one.
            Ok((judge, _)) if judge.compares() => {}
            Ok((judge, file)) => all.extend(of_judge(&judge, &file.path, file.labels)),
        }
    }
    let used: BTreeMap<&str, usize> = all
        .iter()
        .filter(|labelled| labelled.is_approved && labelled.is_holdout)
        .fold(BTreeMap::new(), |mut used, labelled| {
            *used.entry(labelled.judge.as_str()).or_default() += 1;
            used
        });
    for (judge, n) in used {
        gathered.notes.push(format!(
            "{n} labelled answers that judge {judge} is measured on are approved for training: do not train that judge on this set"
        ));
    }
    Ok(out.or(all)?)
}

fn of_judge(judge: &JudgeDefinition, path: &str, labels: Vec<Label>) -> Vec<Labelled> {
    let question = Question::of(&judge.file);
    let shown = judge.file.examples.as_ref().map(|examples| examples.split.as_str());
    let mut by_answer: BTreeMap<String, Labelled> = BTreeMap::new();
    for label in labels {
        let outcome = question.verdict(&label.label).map(|verdict| verdict.outcome);
        let is_approved = matches!(label.approved, Some(Approved::Training | Approved::Both));
        let is_holdout = Some(label.split.as_str()) != shown;
        match by_answer.get_mut(&label.id) {
            None => {
                let (judge, path) = (judge.name.clone(), path.to_owned());
                let labelled = Labelled { judge, path, label, outcome, is_approved, is_holdout };
                by_answer.insert(labelled.label.id.clone(), labelled);
            }
            Some(first) => {
                first.outcome = first.outcome.filter(|first| Some(*first) == outcome);
                first.is_approved |= is_approved;
                first.is_holdout |= is_holdout;
            }
        }
    }
    by_answer.into_values().collect()
}

/// Those of them that are approved for training, as examples.
pub(super) fn examples(
    labels: Vec<Labelled>,
    approvals: &Approvals,
    wanted: &Wanted,
    gathered: &mut Gathered,
) {
    for labelled in labels {
        let case = labelled.case();
        let known = case.and_then(|case| approvals.families.get(&case));
        // With suites named, only answers to their cases are wanted.
        if !wanted.suites.is_empty() && !known.is_some_and(|(suite, _)| wanted.has_suite(suite)) {
            continue;
        }
        if !labelled.is_approved {
            gathered.left_out.add(Left::NotApproved);
            continue;
        }
        let is_good = match labelled.outcome {
            Some(Outcome::Pass) => true,
            Some(Outcome::Fail) => false,
            Some(_) => {
                gathered.left_out.add(Left::NoAnswer);
                continue;
            }
            None => {
                gathered.left_out.add(Left::Disagreed);
                continue;
            }
        };
        let Labelled { judge, path, label, .. } = labelled;
        let input = label.input.to_string();
        let own = CaseId::of(&[b"labelled", input.as_bytes()]);
        let answer =
            |text: &String, is_good, why| Answer { text: text.clone(), is_good, source: Source::Label, why };
        let why = label.reason.clone();
        let mut answers = vec![answer(&label.output, is_good, why)];
        let others = label.references().iter().filter(|text| text.trim() != label.output.trim());
        answers.extend(others.map(|text| answer(text, true, None)));
        answers.retain(|answer| !answer.text.trim().is_empty());
        gathered.examples.push(Example {
            id: case.unwrap_or_else(|| CaseId::of(&[b"label", judge.as_bytes(), label.id.as_bytes()])),
            family: known.map_or(own, |(_, family)| *family),
            suite: known.map_or_else(|| format!("judges/{judge}"), |(suite, _)| suite.clone()),
            scenario: label.scenario.clone().unwrap_or_default(),
            place: format!("{path}, answer {}", crate::report::escape::terminal_line(&label.id)),
            dialogue: vec![Said::by_user(&label.input)],
            contexts: label.contexts.clone(),
            answers,
            licence: None,
            tally: None,
        });
    }
}
