//! Which suites a change affects, and what stands for those that it does not: the values accepted with their
//! baselines.

use super::assemble::{accepted_line, accepted_values, of_plan};
use super::changes::Changes;
use super::options::{Options, SessionError};
use crate::baseline::{Baseline, Fingerprints, Store};
use crate::expand::lock;
use crate::metric::{Measurement, Slice};
use crate::report::number::count;
use crate::report::{Carried, JudgedBy, SuiteRecord};
use crate::run::Plan;
use crate::suite::files::tidy;
use crate::suite::fingerprint::Globs;
use crate::suite::metric_names::{Over, find, parts};
use crate::suite::project::{FILE, Project};
use crate::suite::schema::{InlineInput, Inputs, OneOrMany, ScenarioSpec};
use crate::suite::variants::path_of;
use crate::suite::{Diagnostic, Suite};
use std::collections::BTreeSet;

/// Files that a note names.
const NAMED: usize = 3;

/// Whether a suite has to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    /// It is run, for this reason.
    Run(String),
    /// It is carried over from its baseline.
    Carry,
}

/// What a suite depends on, as paths from the project's root.
#[derive(Debug, Default)]
struct Needs {
    /// Files that have to be under version control where they are there.
    files: BTreeSet<String>,
    /// Files that count where they are under version control: what is built for a run need not be.
    loose: BTreeSet<String>,
    /// Folders in which any file may be one.
    folders: Vec<String>,
}

/// The suites of a run, parted by what has to be run.
pub struct Parted {
    /// What is run.
    pub plans: Vec<Plan>,
    /// What is accepted for each of them.
    pub baselines: Vec<Option<Baseline>>,
    /// Why each of them is run; empty where everything is.
    pub notes: Vec<Vec<String>>,
    /// What is not.
    pub carried: Vec<SuiteRecord>,
}

/// Parts the suites by what has changed in [`Options::affected`]; without it everything is run.
pub fn part(
    options: &Options,
    project: &Project,
    plans: Vec<Plan>,
    baselines: Vec<Option<Baseline>>,
) -> Result<Parted, SessionError> {
    let Some(range) = &options.affected else {
        let notes = vec![Vec::new(); plans.len()];
        return Ok(Parted { plans, baselines, notes, carried: Vec::new() });
    };
    let changes = Changes::of(&options.root, range)?;
    let mut parted =
        Parted { plans: Vec::new(), baselines: Vec::new(), notes: Vec::new(), carried: Vec::new() };
    for (plan, baseline) in plans.into_iter().zip(baselines) {
        let choice = choose(options, project, &changes, &plan.suite, baseline.as_ref())?;
        match (choice, baseline) {
            (Choice::Carry, Some(baseline)) => parted.carried.push(carry(&plan, &baseline, range)),
            (choice, baseline) => {
                parted.notes.push(match choice {
                    Choice::Run(why) => vec![why],
                    Choice::Carry => Vec::new(),
                });
                parted.plans.push(plan);
                parted.baselines.push(baseline);
            }
        }
    }
    Ok(parted)
}

/// The names of those suites that need not be run; none without [`Options::affected`]. Touches no network.
pub fn unaffected<'a>(
    options: &Options,
    project: &Project,
    suites: impl Iterator<Item = &'a Suite>,
) -> Result<BTreeSet<String>, SessionError> {
    let mut unaffected = BTreeSet::new();
    let Some(range) = &options.affected else { return Ok(unaffected) };
    let changes = Changes::of(&options.root, range)?;
    let store = Store::new(super::baselines_folder(options, project), options.ci);
    for suite in suites {
        let baseline = store.load(&suite.name)?;
        if choose(options, project, &changes, suite, baseline.as_ref())? == Choice::Carry {
            unaffected.insert(suite.name.clone());
        }
    }
    Ok(unaffected)
}

/// Whether a suite has to be run. What cannot be told is run.
fn choose(
    options: &Options,
    project: &Project,
    changes: &Changes,
    suite: &Suite,
    baseline: Option<&Baseline>,
) -> Result<Choice, SessionError> {
    let run = |why: String| Ok(Choice::Run(why));
    let range = &changes.range;
    let needs = Needs::of(options, project, suite);
    let globs = Globs::parse(&suite.spec.target.fingerprint).map_err(|error| {
        let what = format!("`{}`: `target.fingerprint`: {error}", suite.path);
        SessionError::Suites(Diagnostic::new("bad-pattern", what).into())
    })?;
    let causes: Vec<&str> = changes
        .changed
        .iter()
        .map(String::as_str)
        .filter(|path| needs.hold(path) || globs.admits(path))
        .collect();
    if !causes.is_empty() {
        let named = causes.iter().take(NAMED).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
        let more = match causes.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {}", count(more, "more file", "more files")),
        };
        return run(format!("affected by {range}: {named}{more}"));
    }
    if suite.spec.target.fingerprint.is_empty() && suite.spec.target.recorded.is_none() {
        return run(format!(
            "run whatever changed in {range}: its target declares no `fingerprint`, so that nobody can tell \
             whether the application changed"
        ));
    }
    let unknown = needs
        .files
        .iter()
        .find(|path| !changes.tracked.contains(*path) && suite.root.join(path.as_str()).is_file());
    if let Some(unknown) = unknown {
        return run(format!(
            "run whatever changed in {range}: `{unknown}` is not under version control, so that nobody can tell \
             whether it changed"
        ));
    }
    if suite.params.changed().next().is_some() {
        return run("run since its parameters are not the suite's own".into());
    }
    let Some(baseline) = baseline else {
        return run("run since there is no baseline that it could be carried over from".into());
    };
    if !super::fingerprints(suite).measure_as(&baseline.fingerprints) {
        return run(
            "run since its baseline was measured in another way, or with another kind of target".into()
        );
    }
    Ok(Choice::Carry)
}

impl Needs {
    fn of(options: &Options, project: &Project, suite: &Suite) -> Self {
        let path = |path: &str| from_root(suite, path);
        let folder = options.baselines.clone().unwrap_or_else(|| (&project.baselines).into());
        let baseline = |ending: &str| path(&folder.join(format!("{}{ending}", suite.name)).to_string_lossy());
        let scenarios = &suite.spec.scenario;
        let recorded = suite.spec.target.recorded.iter().map(|file| suite.shown(file));
        let judges = scenarios.iter().flat_map(commands).flatten().map(|word| path(word)).filter(is_below);
        let mut files: BTreeSet<String> =
            suite.files.iter().cloned().chain(recorded).map(|file| path(&file)).chain(judges).collect();
        files.extend([path(FILE), path(&suite.path), path(&lock::path(suite).1), baseline(".snap")]);
        // Also where it was removed: the suite had cases of it.
        files.insert(path(&path_of(&suite.path)));
        let target = &suite.spec.target;
        let words = target.command.iter().chain(target.serve.iter().map(|serve| &serve.command)).flatten();
        let mut loose: BTreeSet<String> = words.map(|word| path(word)).filter(is_below).collect();
        loose.extend([baseline(".transcripts.jsonl"), baseline(".timings.json")]);
        let documents = scenarios.iter().filter_map(|scenario| match &scenario.inputs {
            Inputs::Documents(inputs) => Some(folder_of(&suite.shown(&inputs.documents))),
            _ => None,
        });
        Self { files, loose, folders: documents.collect() }
    }

    /// Whether a path is one of these; a submodule is one path, and stands for what lies in it.
    fn hold(&self, path: &str) -> bool {
        let within = |outer: &str, inner: &str| {
            outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        let mut files = self.files.iter().chain(&self.loose);
        files.any(|file| file == path || within(path, file))
            || self.folders.iter().any(|folder| within(folder, path))
    }
}

/// Whether a word of a command can be a file of the project.
fn is_below(word: &String) -> bool {
    !word.is_empty() && !word.starts_with('/') && word != ".." && !word.starts_with("../")
}

/// A path as git's are told, from the project's root; as it stands where it lies elsewhere.
fn from_root(suite: &Suite, path: &str) -> String {
    let path = path.replace('\\', "/");
    let root = suite.root.to_string_lossy().replace('\\', "/");
    match path.strip_prefix(&root).and_then(|rest| rest.strip_prefix('/')) {
        Some(below) => tidy(below),
        None => tidy(&path),
    }
}

/// The programs, with their arguments, that judge answers to a scenario.
fn commands(scenario: &ScenarioSpec) -> impl Iterator<Item = &Vec<String>> {
    let inline = match &scenario.inputs {
        Inputs::Inline(rows) => rows.as_slice(),
        _ => &[],
    };
    let of_rows = inline.iter().filter_map(|row| match row {
        InlineInput::Table(row) => row.expect.as_ref(),
        InlineInput::Text(_) => None,
    });
    let conditions = scenario.conversation.iter().filter_map(|step| step.when.as_ref());
    let expected = scenario.expect.iter().chain(of_rows).flat_map(OneOrMany::as_slice);
    expected.chain(conditions).filter_map(|expect| expect.command.as_ref().map(|command| &command.run))
}

/// The folder that all documents of a pattern lie in.
fn folder_of(pattern: &str) -> String {
    let fixed = pattern.split(['*', '?']).next().unwrap_or_default();
    fixed.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// The record of a suite that is not run.
fn carry(plan: &Plan, baseline: &Baseline, range: &str) -> SuiteRecord {
    let Fingerprints { judges, target, .. } = baseline.fingerprints.clone();
    SuiteRecord {
        judged_by: Some(JudgedBy { judges, target }),
        measurements: measurements(baseline),
        accepted: accepted_values(baseline),
        baseline: accepted_line(baseline),
        carried: Some(Carried { range: range.to_owned(), run: baseline.run.clone() }),
        ..of_plan(plan)
    }
}

/// The accepted values as they were measured: the suite's first, then by scenario, tag and operators. Of
/// labels, and of metrics that this version does not know, there is nothing.
fn measurements(baseline: &Baseline) -> Vec<Measurement> {
    let mut measurements: Vec<Measurement> = baseline
        .metrics
        .iter()
        .filter_map(|(key, accepted)| {
            let slice = match parts(key).1 {
                Over::Suite => Slice::Suite,
                Over::Scenario(id) => Slice::Scenario(id.to_owned()),
                Over::Tag(tag) => Slice::Tag(tag.to_owned()),
                Over::Operators(family) => Slice::Operators(family.to_owned()),
                Over::Label(_) => return None,
            };
            let metric = find(key)?;
            Some(Measurement {
                metric: metric.name.to_owned(),
                slice,
                value: accepted.value,
                n: accepted.n,
                excluded: 0,
                reason: accepted.value.is_none().then(|| "it had none when it was accepted".to_owned()),
                interval: None,
                direction: metric.direction,
                unit: metric.unit,
            })
        })
        .collect();
    measurements.sort_by(|a, b| a.slice.cmp(&b.slice));
    measurements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_lie_in_what_stands_before_the_first_wildcard() {
        for (pattern, folder) in
            [("docs/**/*.md", "docs"), ("docs/a/b*.md", "docs/a"), ("docs/a.md", "docs"), ("*.md", "")]
        {
            assert_eq!(folder_of(pattern), folder);
        }
    }

    #[test]
    fn what_lies_in_a_folder_of_documents_counts_also_when_it_is_gone() {
        let needs = Needs {
            files: BTreeSet::from(["suites/a.toml".to_owned(), "lib/part/x.csv".to_owned()]),
            loose: BTreeSet::new(),
            folders: vec!["docs".to_owned()],
        };
        for (path, wanted) in [
            ("suites/a.toml", true),
            ("suites/b.toml", false),
            ("docs/gone.md", true),
            ("docs2/other.md", false),
            // A submodule.
            ("lib/part", true),
            ("li", false),
        ] {
            assert_eq!(needs.hold(path), wanted, "{path}");
        }
    }
}
