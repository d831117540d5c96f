//! `holdline judge label`: people label answers of the newest run, one after the other, without knowing what
//! any judge said of them.

use super::labelling::Session;
use crate::baseline::Signature;
use crate::cli::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::expand::CaseId;
use crate::judge::model::Question;
use crate::report::escape::terminal_line;
use crate::report::{CaseRecord, json};
use crate::session::judged_run::{Written, references, written};
use crate::session::judges::open_for_labels;
use crate::session::{Options, records};
use crate::suite::bare_name;
use crate::suite::labels::Label;
use crate::suite::schema::OneOrMany;
use crate::suite::variants::Approved;
use std::collections::{BTreeMap, BTreeSet};

/// Arguments of `holdline judge label`.
#[derive(Debug, clap::Args)]
pub struct LabelArgs {
    /// The suite whose answers are labelled.
    suite: String,
    /// The judge that the labels are for.
    #[arg(long, value_name = "NAME")]
    judge: String,
    /// How many answers to label in all; those that are labelled already count.
    #[arg(long, value_name = "N", default_value_t = 50)]
    sample: usize,
    /// Take as many answers of each scenario, as far as there are.
    #[arg(long, value_name = "BY")]
    stratify: Option<Stratum>,
    /// Label what somebody else has labelled, so that people can be compared with one another.
    #[arg(long)]
    second: bool,
    /// Label answers that models wrote (`holdline synth --generator responses`) and people accepted, in place of
    /// those of the newest run.
    #[arg(long)]
    written: bool,
    /// What the answers may be used for beside measuring the judge: `training`, to be exported by `holdline export`.
    #[arg(long, value_name = "FOR")]
    approve: Option<Approve>,
}

/// What answers may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Approve {
    /// To train on.
    Training,
    /// To train on, and to measure by.
    Both,
}

impl From<Approve> for Approved {
    fn from(approve: Approve) -> Self {
        match approve {
            Approve::Training => Self::Training,
            Approve::Both => Self::Both,
        }
    }
}

/// What a sample is spread over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Stratum {
    /// The scenarios of the suite.
    Scenario,
}

/// Labels.
pub fn run(place: &Place, args: &LabelArgs) -> CliResult {
    let project = place.project()?;
    let judge = open_for_labels(&place.root, &project, &args.judge)?;
    let mut file = judge.label_file(&place.root)?;
    let labeller = Signature::now("", &place.root).by;
    let options = Options::new(place.root.clone(), false);
    let mut all = if args.written {
        written_answers(&options, bare_name(&args.suite))?
    } else {
        let mut all = answers(place, bare_name(&args.suite))?;
        let right = references(&options, bare_name(&args.suite))?;
        for answer in &mut all {
            let known = answer.label.id.parse().ok().and_then(|id: CaseId| right.get(&id));
            answer.label.reference = known.map(|texts| OneOrMany::Many(texts.clone()));
        }
        all
    };
    for answer in &mut all {
        answer.label.approved = args.approve.map(Approved::from);
    }
    let answers = sample(&all, args, &file.labels, &labeller);
    let before = file.labels.iter().filter(|label| label.labeller == labeller).count();
    let today = options.today;
    let question = Question::of(&judge.file);
    let session = Session { question: &question, labeller: &labeller, today };
    let made =
        session.run(&answers, &mut file, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())?;
    let path = terminal_line(&file.path);
    place.print(&format!("{made} labelled now, {} by {labeller} in {path}\n", before + made))?;
    Ok(Exit::Held)
}

/// An answer that can be labelled.
#[derive(Debug, Clone)]
struct Answer {
    scenario: String,
    label: Label,
}

/// The answers that models wrote for a suite and people accepted. What the model meant each to be is not shown
/// before the label is given, and stands in its note.
fn written_answers(options: &Options, suite: &str) -> Result<Vec<Answer>, CliError> {
    let written = written(options, suite)?;
    if written.is_empty() {
        return Err(CliError::Usage(format!(
            "no answer that a model wrote was accepted for suite `{}`; `holdline synth {0} --generator responses` asks for some, and `holdline review --variants {0}` goes through them",
            terminal_line(suite)
        )));
    }
    let answer = |Written { scenario, id, answer }: Written| {
        let day = jiff::civil::Date::default();
        let mut label = answer.labelled(id.to_string(), String::new(), String::new(), day);
        label.scenario = Some(scenario.clone());
        Answer { scenario, label }
    };
    Ok(written.into_iter().map(answer).collect())
}

/// The answers of the newest run of a suite, in the order of their ids, which is that of chance. Cases that
/// ended in an error have none.
fn answers(place: &Place, suite: &str) -> Result<Vec<Answer>, CliError> {
    for path in records(&place.root) {
        let record = json::read(&path)?;
        let Some(of) = record.suites.iter().find(|of| of.name == suite && !of.cases.is_empty()) else {
            continue;
        };
        let mut answers: Vec<Answer> = of
            .cases
            .iter()
            .filter_map(|case| {
                let scenario = &of.scenario_of(case).id;
                Some(Answer { scenario: scenario.clone(), label: unlabelled(scenario, case)? })
            })
            .collect();
        answers.sort_by(|a, b| a.label.id.cmp(&b.label.id));
        return Ok(answers);
    }
    Err(CliError::Usage(format!(
        "there is no run with answers of suite `{}`; `holdline run {0}` makes one",
        terminal_line(suite)
    )))
}

fn unlabelled(scenario: &str, case: &CaseRecord) -> Option<Label> {
    let transcript = &case.graded.transcript;
    let turn = transcript.turns.last().filter(|_| transcript.error.is_none())?;
    Some(Label {
        id: case.id.to_string(),
        input: turn.user.clone(),
        output: turn.answer.output.clone(),
        contexts: turn.answer.contexts.clone(),
        reference: None,
        label: String::new(),
        labeller: String::new(),
        date: jiff::civil::Date::default(),
        reason: None,
        note: None,
        split: "holdout".into(),
        scenario: Some(scenario.to_owned()),
        approved: None,
    })
}

/// The answers to label: those that this person has not labelled, up to the number wanted.
fn sample(answers: &[Answer], args: &LabelArgs, there: &[Label], labeller: &str) -> Vec<Label> {
    let mine: BTreeSet<&str> =
        there.iter().filter(|label| label.labeller == labeller).map(|label| label.id.as_str()).collect();
    let others: BTreeSet<&str> =
        there.iter().filter(|label| label.labeller != labeller).map(|label| label.id.as_str()).collect();
    let is_wanted = |answer: &&Answer| {
        let id = answer.label.id.as_str();
        !mine.contains(id) && others.contains(id) == args.second
    };
    let mut left: Vec<&Answer> = answers.iter().filter(is_wanted).collect();
    if args.stratify == Some(Stratum::Scenario) {
        // The first of every scenario, then the second of every scenario, and so on.
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut ranked: Vec<(usize, &Answer)> = Vec::with_capacity(left.len());
        for answer in left {
            let rank = seen.entry(&answer.scenario).or_default();
            ranked.push((*rank, answer));
            *rank += 1;
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        left = ranked.into_iter().map(|(_, answer)| answer).collect();
    }
    left.into_iter().take(args.sample.saturating_sub(mine.len())).map(|answer| answer.label.clone()).collect()
}
