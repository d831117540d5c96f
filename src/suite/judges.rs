//! Judges that are models, as their files describe them: `judges/<name>.toml` in the folder of the suites.

use super::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use super::document::Document;
use super::files::{Files, MAX_SUITE, read, tidy};
use super::labels::{Label, parse};
use super::schema::judge::{JudgeFile, JudgeKind, SCHEMA};
use super::shape::Shape;
use super::shipped;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

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
}

impl JudgeDefinition {
    /// The names of all judges in the folder of the suites, given relative to the root; sorted.
    pub fn names(root: &Path, suites: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(root.join(suites).join(FOLDER)) else { return Vec::new() };
        let paths = entries.flatten().map(|entry| entry.path());
        let judges =
            paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file());
        let name = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut names: Vec<String> = judges.filter_map(name).filter(|name| !name.starts_with('.')).collect();
        names.sort_unstable();
        names
    }

    /// Reads the judge of this name in the folder of the suites, given relative to the root; where there is none,
    /// the one that comes with Holdline.
    pub fn load(root: &Path, suites: &str, name: &str) -> Result<Self, Diagnostics> {
        let path = tidy(&format!("{}/{FOLDER}/{name}.toml", suites.replace('\\', "/")));
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            let what = format!("{} is no name of a judge", quote(name));
            return Err(Diagnostic::new("unknown-judge", what)
                .help(format!("write the name of a file in {suites}/{FOLDER}, without `.toml`"))
                .into());
        }
        // A file of the project's goes before a judge that comes with Holdline.
        let shipped = shipped::find(name).filter(|_| !root.join(&path).exists());
        let source = match shipped {
            Some(shipped) => shipped.judge(),
            None => read(&root.join(&path), &path, MAX_SUITE).map_err(|problem| {
                let names = quote_all(shipped::names());
                problem.help(format!(
                    "a judge is a file in {suites}/{FOLDER}, see `holdline schema judge`; {names} come with Holdline"
                ))
            })?.0,
        };
        let mut out = Diagnostics::default();
        let Some(mut document) = Document::parse(source, &mut out) else { return Err(out) };
        SHAPE.check(&mut document, &mut out);
        out.or(())?;
        let mut out = Diagnostics::default();
        let file: JudgeFile = match serde_json::from_value(document.root.to_value()) {
            Ok(file) => file,
            Err(error) => {
                let spot = document.source.spot(document.root.span.clone());
                let what = format!("this file cannot be read: {error}");
                return Err(Diagnostic::new("unreadable-judge", what).at(spot).into());
            }
        };
        check(&file, &document, &mut out);
        let mut files = Files::new(root, &path);
        let mut definition = Self { name: name.to_owned(), path, file, examples: Vec::new(), prompt: None };
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
        out.or(definition)
    }

    /// What the class looked for is called, and the other one.
    pub fn classes(&self) -> (&str, &str) {
        let words = &self.file.words;
        if self.file.passes_are_positive() { (&words.pass, &words.fail) } else { (&words.fail, &words.pass) }
    }
}

impl JudgeFile {
    /// The verdicts that decide, as the judge gives them.
    pub fn words(&self) -> Vec<String> {
        match self.kind {
            JudgeKind::Rubric => vec![self.words.pass.clone(), self.words.fail.clone()],
            JudgeKind::Choice => self.choices.iter().map(|choice| choice.name.clone()).collect(),
            JudgeKind::Score => (1..=self.levels.len()).map(|level| level.to_string()).collect(),
        }
    }

    /// The verdict that a person's label means.
    pub(super) fn word_of(&self, label: &str) -> Option<String> {
        let own = self.words().into_iter().find(|word| word == label);
        own.or_else(|| match (self.kind, label) {
            (JudgeKind::Rubric, "pass") => Some(self.words.pass.clone()),
            (JudgeKind::Rubric, "fail") => Some(self.words.fail.clone()),
            _ => None,
        })
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

fn check(file: &JudgeFile, document: &Document, out: &mut Diagnostics) {
    let mut wrong = |key: &str, what: String, help: &str| {
        out.push(Diagnostic::new("bad-judge", what).at(spot(document, key)).help(help.to_owned()));
    };
    if file.question.trim().is_empty() {
        wrong("question", "`question` says nothing".into(), "write the one question that the judge decides");
    }
    match file.kind {
        JudgeKind::Rubric => {
            for (key, text) in [("pass_when", &file.pass_when), ("fail_when", &file.fail_when)] {
                if text.as_ref().is_none_or(|text| text.trim().is_empty()) {
                    wrong(key, format!("a rubric needs `{key}`"), "write in a sentence or two when it holds");
                }
            }
        }
        JudgeKind::Choice => {
            let passing = file.choices.iter().filter(|choice| choice.pass).count();
            if passing == 0 || passing == file.choices.len() {
                let help =
                    "list two labels or more under `[[choices]]`, some with `pass = true` and some without";
                wrong("choices", "no label, or every label, passes".into(), help);
            }
        }
        JudgeKind::Score => {
            if !(2..=5).contains(&file.levels.len()) {
                let what = format!("there are {} levels", file.levels.len());
                wrong("levels", what, "describe 2 to 5 levels: finer ones are not told apart reliably");
            }
            if file.cut.is_none_or(|cut| !(2..=file.levels.len()).contains(&usize::from(cut))) {
                let help = "write the lowest level that passes as `cut`, from 2 upwards";
                wrong("cut", "a score needs a level from which on it passes".into(), help);
            }
        }
    }
    let words = file.words();
    let distinct: BTreeSet<&String> = words.iter().collect();
    let is_bad = |word: &String| {
        word.trim() != word
            || word.is_empty()
            || RESERVED.contains(&word.as_str())
            || word.contains(char::is_control)
    };
    if distinct.len() < words.len() || words.iter().any(is_bad) {
        let key = if file.kind == JudgeKind::Choice { "choices" } else { "words" };
        let help =
            "`cannot_judge` and `not_applicable` are taken, and names stand without white space around them";
        wrong(key, "the verdicts need names of their own".into(), help);
    }
    let known = ["pass", "fail", &file.words.pass, &file.words.fail];
    if !known.contains(&file.positive.as_str()) {
        let what = format!("{} is no class of this judge", quote(&file.positive));
        wrong("positive", what, "write `pass` or `fail`, or what `words` calls them");
    }
    if file.most_characters == 0 {
        wrong(
            "most_characters",
            "nothing would be shown to the judge".into(),
            "write a number such as 24000",
        );
    }
    if !(-1.0..=1.0).contains(&file.floors.kappa) {
        wrong("floors", "kappa goes from -1 to 1".into(), "write a number such as 0.6");
    }
}
