//! Judges measured: on answers that people labelled, of which what both said is counted, and on attempts to
//! talk them into a verdict.

use super::models::{self, Absent};
use super::options::SessionError;
use crate::judge::Outcome;
use crate::judge::model::{
    Agreement, Asks, Attack, Attempt, Evidence, Judged, Judgement, Measured, ModelClient, ModelJudge, Prompt,
    Question, Terms, wrong_answers,
};
use crate::suite::Diagnostics;
use crate::suite::judges::JudgeDefinition;
use crate::suite::labels::Label;
use crate::suite::project::Project;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Why a judge cannot be asked: the model is not there to be asked. Not a mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoModel {
    /// `holdline.toml` knows no model of that name.
    #[error(
        "judge `{judge}` asks the model `{model}`, which holdline.toml does not describe: add `[models.{model}]` with `base_url` and `model`"
    )]
    Unknown {
        /// The judge.
        judge: String,
        /// The model.
        model: String,
    },
    /// Environment variables that its description refers to are not set.
    #[error("the model `{model}` refers to {names}, not set: set what is missing, then run again")]
    Unset {
        /// The model.
        model: String,
        /// The variables.
        names: String,
    },
}

/// The judge of this name, with prompts that can be made.
pub fn open(root: &Path, project: &Project, name: &str) -> Result<JudgeDefinition, SessionError> {
    let mut definition = JudgeDefinition::load(root, &project.suites, name)?;
    definition.bind(project);
    for judge in definition.single() {
        Prompt::new(judge).map_err(|error| SessionError::Usage(error.to_string()))?;
    }
    Ok(definition)
}

/// The judge of this name, where it can be held to labels: not one that needs an accepted answer beside the one
/// that it judges.
pub fn open_for_labels(root: &Path, project: &Project, name: &str) -> Result<JudgeDefinition, SessionError> {
    let definition = open(root, project, name)?;
    if definition.compares() {
        let why = "compares an answer with the accepted one, and labels are about one answer";
        return Err(SessionError::Usage(format!("judge `{name}` {why}: it can only judge runs")));
    }
    Ok(definition)
}

/// Checks every judge of a project with its prompt and its labels, and gives the path of each with how many
/// answers are labelled for it. Asks nothing.
pub fn check(root: &Path, project: &Project) -> Result<Vec<(String, usize)>, SessionError> {
    let mut out = Diagnostics::default();
    let mut checked = Vec::new();
    for name in JudgeDefinition::names(root, &project.suites) {
        match open(root, project, &name) {
            Ok(judge) => match judge.label_file(root).and_then(|file| {
                judge.history(root)?;
                judge.canary(root)?;
                let labelled = if file.labels.is_empty() { 0 } else { judge.holdout(root)?.labels.len() };
                Ok((judge.path.clone(), labelled))
            }) {
                Ok(judge) => checked.push(judge),
                Err(wrong) => out.extend(wrong),
            },
            Err(SessionError::Suites(wrong)) => out.extend(wrong),
            Err(other) => return Err(other),
        }
    }
    Ok(out.or(checked)?)
}

/// The clients for the models that a judge asks, by the names that the project knows them by. The environment is
/// read by `lookup`.
pub fn clients(
    project: &Project,
    judge: &JudgeDefinition,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Result<BTreeMap<String, Arc<ModelClient>>, NoModel>, SessionError> {
    let names = judge.models();
    Ok(models::clients(project, names.iter().copied(), lookup)?.map_err(|absent| match absent {
        Absent::Unknown(model) => NoModel::Unknown { judge: judge.name.clone(), model },
        Absent::Unset { model, names } => NoModel::Unset { model, names },
    }))
}

/// A judge that can be asked, whose requests are answered by `asks`.
pub fn ready(
    definition: &JudgeDefinition,
    clients: &BTreeMap<String, Arc<ModelClient>>,
    asks: Arc<dyn Asks>,
) -> Result<ModelJudge, SessionError> {
    ModelJudge::new(definition, &|model| clients.get(model).cloned(), asks)
        .map_err(|error| SessionError::Usage(error.to_string()))
}

/// Asks about every answer in its round, in any order; the verdicts come back in theirs.
pub(super) async fn ask(judge: &Arc<ModelJudge>, answers: Vec<(Answer, u32)>) -> Vec<Judgement> {
    let mut asked = JoinSet::new();
    let mut found: Vec<Option<Judgement>> = vec![None; answers.len()];
    for (at, (answer, round)) in answers.into_iter().enumerate() {
        let judge = judge.clone();
        asked.spawn(async move {
            let Answer { input, output, contexts, reference } = &answer;
            let evidence = Evidence { input, before: &[], output, contexts, accepted: None, reference };
            (at, judge.again(&evidence, round).await)
        });
    }
    while let Some(joined) = asked.join_next().await {
        match joined {
            Ok((at, judgement)) => found[at] = Some(judgement),
            // A panic in a task is a bug of ours and must not look like a result.
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
    found.into_iter().flatten().collect()
}

/// An answer to be judged.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// What the application was asked.
    pub input: Value,
    /// What it answered.
    pub output: String,
    /// The passages it answered from.
    pub contexts: Vec<String>,
    /// Texts that a right answer may be.
    pub reference: Vec<String>,
}

impl Answer {
    pub fn of(label: &Label) -> Self {
        Self {
            input: label.input.clone(),
            output: label.output.clone(),
            contexts: label.contexts.clone(),
            reference: label.references().to_vec(),
        }
    }
}

/// Asks a judge about every labelled answer, so many times each; the first verdict is the one that is
/// measured.
pub async fn measure(
    definition: &JudgeDefinition,
    judge: ModelJudge,
    labels: Vec<Label>,
    repeats: u32,
) -> Result<Measured, SessionError> {
    let terms = Terms::of(definition).map_err(|error| SessionError::Usage(error.to_string()))?;
    let question = Question::of(&definition.file);
    let all = |round| labels.iter().map(move |label| (Answer::of(label), round));
    let said = ask(&Arc::new(judge), (0..repeats.max(1)).flat_map(all).collect()).await;
    let (mut agreement, mut judged) = (Agreement::default(), Vec::with_capacity(labels.len()));
    let (first, again) = said.split_at(labels.len());
    for (at, (label, judge)) in labels.iter().zip(first).enumerate() {
        let people = question.verdict(&label.label).map_or(Outcome::CannotJudge, |verdict| verdict.outcome);
        agreement.count(people, judge.outcome, definition.file.passes_are_positive());
        let again = again.iter().skip(at).step_by(labels.len()).map(|judge| judge.outcome).collect();
        judged.push(Judged { label: label.clone(), people, judge: judge.clone(), again });
    }
    Ok(Measured { judged, agreement, fingerprint: terms.fingerprint })
}

/// Puts the corpus of attempts around wrong answers: those that people say fail, and answers that answer
/// nothing, to what was asked in the labels. At most `most` attempts, spread evenly over the corpus, and each
/// wrong answer once alone: one that passes so says nothing of an attempt.
pub async fn attack(
    definition: &JudgeDefinition,
    judge: ModelJudge,
    labels: &[Label],
    most: usize,
) -> Vec<Attempt> {
    let question = Question::of(&definition.file);
    let fails = |label: &&Label| {
        question.verdict(&label.label).is_some_and(|verdict| verdict.outcome == Outcome::Fail)
    };
    let pass = question.verdicts.iter().find(|verdict| verdict.outcome == Outcome::Pass);
    let pass = pass.map_or_else(|| "pass".to_owned(), |verdict| verdict.word.clone());
    let made_up = labels.iter().cycle().zip(wrong_answers()).map(|(label, wrong)| Answer {
        input: label.input.clone(),
        output: (*wrong).to_owned(),
        contexts: label.contexts.clone(),
        reference: label.references().to_vec(),
    });
    let labelled = labels.iter().filter(fails).map(Answer::of).take(wrong_answers().len());
    let wrong: Vec<Answer> = labelled.chain(made_up).take(wrong_answers().len()).collect();
    // Every attack on every answer, in an order in which any number of them is spread over both.
    let (attacks, answers) = (Attack::all(), wrong.len());
    let chosen = (0..(attacks.len() * answers).min(most)).map(|n| {
        let (round, at) = (n / attacks.len(), n % attacks.len());
        (Some(&attacks[at]), &wrong[(round + at) % answers])
    });
    let alone = wrong.iter().map(|wrong| (None, wrong));
    let tried: Vec<(Option<&'static Attack>, &Answer)> = alone.chain(chosen).collect();
    let answers = tried.iter().map(|(attack, wrong)| {
        let output =
            attack.map_or_else(|| wrong.output.clone(), |attack| attack.around(&wrong.output, &pass));
        (Answer { output, ..(*wrong).clone() }, 0)
    });
    let said = ask(&Arc::new(judge), answers.collect()).await;
    let attempt = |((attack, wrong), judge): (&(Option<&'static Attack>, &Answer), Judgement)| Attempt {
        attack: *attack,
        answer: wrong.output.clone(),
        judge,
    };
    tried.iter().zip(said).map(attempt).collect()
}
