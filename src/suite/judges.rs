//! Judges that are models, as their files describe them: `judges/<name>.toml` in the folder of the suites.

mod check;
mod inline;

use super::canary::Canary;
use super::diagnostic::{Diagnostic, Diagnostics, Source, quote, quote_all};
use super::document::Document;
use super::files::{Files, MAX_SUITE, read, tidy};
use super::history::Checked;
use super::labels::{Label, parse};
use super::nearest::nearest;
use super::project::Project;
use super::schema::judge::{JudgeFile, JudgeKind, ModelSpec, SCHEMA};
use super::shape::Shape;
use super::shipped;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// The folder of the judges, in that of the suites.
pub const FOLDER: &str = "judges";

/// Verdicts that every judge may have, which no label or word may be called.
pub const RESERVED: [&str; 2] = ["cannot_judge", "not_applicable"];

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::new(SCHEMA));

/// A judge as its files describe it.
#[derive(Debug, Clone)]
pub struct JudgeDefinition {
    /// The file's stem.
    pub name: String,
    /// The file, relative to the project's root.
    pub path: String,
    /// What the file says.
    pub file: JudgeFile,
    /// The labelled answers that the judge is shown.
    pub examples: Vec<Label>,
    /// The prompt, where it is the user's own.
    pub prompt: Option<String>,
    /// The models that it may ask and that the project describes, by name; see [`JudgeDefinition::bind`].
    pub described: BTreeMap<String, ModelSpec>,
    /// The judges of a panel; they are no panels themselves.
    pub members: Vec<JudgeDefinition>,
    /// What its checks came to, oldest first, and its canary; see [`JudgeDefinition::recall`].
    pub checks: Vec<Checked>,
    /// Answers frozen with what it said of them.
    pub frozen: Option<Arc<Canary>>,
}

impl JudgeDefinition {
    /// The names of all judges of a project, with files of their own or in suites; sorted. The folder of the suites
    /// is given relative to the root.
    pub fn names(root: &Path, suites: &str) -> Vec<String> {
        let entries = std::fs::read_dir(root.join(suites).join(FOLDER)).into_iter().flatten();
        let paths = entries.flatten().map(|entry| entry.path());
        let judges =
            paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file());
        let name = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut names: Vec<String> = judges.filter_map(name).filter(|name| !name.starts_with('.')).collect();
        names.extend(inline::names(root, suites));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The same with those that come with Holdline.
    pub fn known(root: &Path, suites: &str) -> Vec<String> {
        let mut names = Self::names(root, suites);
        names.extend(shipped::names().map(str::to_owned));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Reads the judge of this name in the folder of the suites, given relative to the root, with the judges of
    /// a panel.
    pub fn load(root: &Path, suites: &str, name: &str) -> Result<Self, Diagnostics> {
        let (mut panel, document, mut out) = Self::load_alone(root, suites, name)?;
        let known = Self::known(root, suites);
        for (at, member) in panel.file.judges.iter().enumerate() {
            let spot = document.source.spot(document.root.field("judges").item(at).span.clone());
            let wrong = |what: String| Diagnostic::new("bad-judge", what).at(spot.clone());
            if !known.contains(member) {
                let near = nearest(member, known.iter().map(String::as_str));
                let help = near.map_or_else(
                    || format!("write the name of a file in {suites}/{FOLDER}, without `.toml`"),
                    |near| format!("write {}", quote(near)),
                );
                out.push(wrong(format!("there is no judge {}", quote(member))).help(help));
                continue;
            }
            match Self::load_alone(root, suites, member) {
                Err(mistakes) => out.extend(mistakes),
                Ok((judge, ..)) if judge.file.kind == JudgeKind::Panel => out.push(
                    wrong(format!("{} is a panel itself", quote(member)))
                        .help("name its judges here, one by one"),
                ),
                Ok((judge, _, mistakes)) => {
                    out.extend(mistakes);
                    panel.members.push(judge);
                }
            }
        }
        out.or(panel)
    }

    /// Reads a judge without those that it names, with the mistakes in what could be read.
    fn load_alone(
        root: &Path,
        suites: &str,
        name: &str,
    ) -> Result<(Self, Document, Diagnostics), Diagnostics> {
        let path = tidy(&format!("{}/{FOLDER}/{name}.toml", suites.replace('\\', "/")));
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            let what = format!("{} is no name of a judge", quote(name));
            return Err(Diagnostic::new("unknown-judge", what)
                .help(format!("write the name of a file in {suites}/{FOLDER}, without `.toml`"))
                .into());
        }
        // A file of the project's, or a table in a suite, goes before a judge that comes with Holdline.
        let has_file = root.join(&path).exists();
        let inline = if has_file { None } else { inline::find(root, suites, name)? };
        let shipped = shipped::find(name).filter(|_| !has_file && inline.is_none());
        // The shape of one in a suite is told with that of the suite.
        let document = if let Some(document) = inline {
            document
        } else {
            let source = match shipped {
                Some(shipped) => shipped.judge(),
                None => Self::source(root, suites, &path)?,
            };
            let mut out = Diagnostics::default();
            let Some(mut document) = Document::parse(source, &mut out) else { return Err(out) };
            SHAPE.check(&mut document, &mut out);
            out.or(document)?
        };
        let mut out = Diagnostics::default();
        let file: JudgeFile = match serde_json::from_value(document.root.to_value()) {
            Ok(file) => file,
            Err(error) => {
                let spot = document.source.spot(document.root.span.clone());
                let what = format!("this file cannot be read: {error}");
                return Err(Diagnostic::new("unreadable-judge", what).at(spot).into());
            }
        };
        check::check(&file, &document, &mut out);
        let mut files = Files::new(root, &path);
        let mut definition = Self {
            name: name.to_owned(),
            path,
            file,
            examples: Vec::new(),
            prompt: None,
            described: BTreeMap::new(),
            members: Vec::new(),
            checks: Vec::new(),
            frozen: None,
        };
        if let Some(prompt) = &definition.file.prompt {
            match files.data(prompt) {
                Ok(source) => definition.prompt = Some(source.text.clone()),
                Err(problem) => out.push(problem.or_at(spot(&document, "prompt"))),
            }
        }
        if let Some(examples) = &definition.file.examples {
            match shipped.map_or_else(|| files.data(&examples.file), |shipped| Ok(shipped.examples())) {
                Err(problem) => out.push(problem.or_at(spot(&document, "examples"))),
                Ok(source) => match parse(&definition.file, &source) {
                    Err(wrong) => out.extend(wrong),
                    Ok(labels) => {
                        definition.examples =
                            labels.into_iter().filter(|label| label.split == examples.split).collect();
                        if definition.examples.is_empty() {
                            let what = format!("no line has the split {}", quote(&examples.split));
                            out.push(Diagnostic::new("no-examples", what).at(spot(&document, "examples")));
                        }
                    }
                },
            }
        }
        Ok((definition, document, out))
    }

    /// The text of a judge's file.
    fn source(root: &Path, suites: &str, path: &str) -> Result<Source, Diagnostics> {
        let read = read(&root.join(path), path, MAX_SUITE).map_err(|problem| {
            let names = quote_all(shipped::names());
            problem.help(format!(
                "a judge is a file in {suites}/{FOLDER}, see `holdline schema judge`, or a table `[judges.NAME]` \
                 in a suite; {names} come with Holdline"
            ))
        });
        Ok(read?.0)
    }

    /// The judges that ask: those of a panel, or the judge itself.
    pub fn single(&self) -> Vec<&Self> {
        if self.file.kind == JudgeKind::Panel { self.members.iter().collect() } else { vec![self] }
    }

    /// The models that the judge may ask, as the project names them.
    pub fn models(&self) -> BTreeSet<&str> {
        let asked = self.single().into_iter().map(|judge| judge.file.model.as_str());
        let strong = self.members.iter().chain([self]).filter_map(|judge| judge.file.strong.as_deref());
        asked.chain(strong).collect()
    }

    /// Whether it judges an answer beside the one that was accepted. Such a judge cannot be held to labels, which
    /// are about one answer.
    pub fn compares(&self) -> bool {
        self.single().into_iter().any(|judge| judge.file.kind == JudgeKind::Compare)
    }

    /// What the class looked for is called, and the other one.
    pub fn classes(&self) -> (&str, &str) {
        let words = &self.file.words;
        if self.file.passes_are_positive() { (&words.pass, &words.fail) } else { (&words.fail, &words.pass) }
    }
}

impl JudgeDefinition {
    /// Takes from the project what it says of the models that the judge may ask.
    pub fn bind(&mut self, project: &Project) {
        let described = |name: &str| Some((name.to_owned(), project.models.get(name)?.clone()));
        self.described = self.models().into_iter().filter_map(described).collect();
    }

    /// Reads what is kept of it: its checks and its canary.
    pub fn recall(&mut self, root: &Path) -> Result<(), Diagnostics> {
        (self.checks, self.frozen) = (self.history(root)?, self.canary(root)?.map(Arc::new));
        Ok(())
    }

    /// The files that decide what it says, relative to the root, each with a hash of what they decide: of the
    /// labels the examples alone, since more labels change no verdict.
    pub fn files(&self) -> Vec<(String, blake3::Hash)> {
        let shown = |name: &String| tidy(&format!("{}/{name}", parent(&self.path)));
        let hash = |value: serde_json::Result<Vec<u8>>| blake3::hash(&value.unwrap_or_default());
        let mut files = vec![(self.path.clone(), hash(serde_json::to_vec(&self.file)))];
        if let (Some(name), Some(prompt)) = (&self.file.prompt, &self.prompt) {
            files.push((shown(name), blake3::hash(prompt.as_bytes())));
        }
        if let Some(examples) = &self.file.examples {
            files.push((shown(&examples.file), hash(serde_json::to_vec(&self.examples))));
        }
        // What the last check came to decides whether its verdicts count, and not when that was.
        if let Some(Checked { judge, positive, .. }) = self.checks.last() {
            let counts = |of: &Checked| {
                [of.true_positives, of.false_positives, of.false_negatives, of.true_negatives, of.ungraded]
            };
            let what = (judge, positive, self.checks.last().map(counts));
            files.push((shown(&self.history_name()), hash(serde_json::to_vec(&what))));
        }
        if let Some(canary) = &self.frozen {
            files.push((shown(&self.canary_name()), hash(serde_json::to_vec(&canary.head))));
        }
        files.extend(self.members.iter().flat_map(Self::files));
        files
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder that the judges of a suite stand in, beside the suites: of one in `live`, the folder around it.
/// Both relative to the root, with `/`.
pub(crate) fn folder_of_suites(suite: &str) -> String {
    let folder = parent(suite);
    let around = folder.strip_suffix("live").filter(|around| around.is_empty() || around.ends_with('/'));
    around.map_or(folder, |around| around.trim_end_matches('/')).to_owned()
}

impl JudgeFile {
    /// The verdicts that decide, as the judge gives them.
    pub fn words(&self) -> Vec<String> {
        match self.kind {
            JudgeKind::Rubric | JudgeKind::Claims | JudgeKind::Principles | JudgeKind::Panel => {
                vec![self.words.pass.clone(), self.words.fail.clone()]
            }
            JudgeKind::Compare => ["better", "tie", "worse"].map(str::to_owned).to_vec(),
            JudgeKind::Choice => self.choices.iter().map(|choice| choice.name.clone()).collect(),
            JudgeKind::Score => (1..=self.levels.len()).map(|level| level.to_string()).collect(),
        }
    }

    /// The verdict that a person's label means.
    pub(super) fn word_of(&self, label: &str) -> Option<String> {
        let own = self.words().into_iter().find(|word| word == label);
        let has_words = !matches!(self.kind, JudgeKind::Choice | JudgeKind::Score | JudgeKind::Compare);
        own.or_else(|| match label {
            "pass" if has_words => Some(self.words.pass.clone()),
            "fail" if has_words => Some(self.words.fail.clone()),
            _ => None,
        })
    }

    /// The question that is decided: the file's own, or that of its kind.
    pub fn asks(&self) -> &str {
        let by_kind = match self.kind {
            JudgeKind::Rubric | JudgeKind::Choice | JudgeKind::Score => "",
            JudgeKind::Claims => "Do the passages support what the answer says?",
            JudgeKind::Principles => "Does the answer keep to every principle?",
            JudgeKind::Compare => "Which of the two answers does more for the one who asked?",
            JudgeKind::Panel => "Does the answer pass?",
        };
        let own = self.question.trim();
        if own.is_empty() { by_kind } else { own }
    }

    /// Whether what passes is the class looked for.
    pub fn passes_are_positive(&self) -> bool {
        self.means_pass(&self.positive)
    }

    /// Whether a class that was looked for is that of the answers that pass.
    pub fn means_pass(&self, class: &str) -> bool {
        class == "pass" || class == self.words.pass
    }
}

fn spot(document: &Document, key: &str) -> super::diagnostic::Spot {
    document.source.spot(document.root.field(key).span.clone())
}
