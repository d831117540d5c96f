//! The user's own principles for cases, in a file, and what a model says of a draft by them.

use super::asked::{Prompt, object_of, scope, shown};
use super::sieve::Rejection;
use crate::expand::Reason;
use crate::model::Unanswered;
use crate::suite::schema::judge::Principle;
use crate::synth::ask::{AsksJson, JsonAsk, JsonForm};
use crate::synth::draft::{Brief, Draft};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const PROMPT: Prompt = Prompt { purpose: "constitution@1", text: include_str!("prompts/constitution.md") };

/// The most principles of a file: a model that is asked about more at once judges none of them well.
const MOST: usize = 50;
const VERDICTS: [&str; 4] = ["held", "broken", "not_applicable", "cannot_judge"];

/// Principles that every case is to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Constitution {
    /// The principles, in the order of the file.
    pub principles: Vec<Principle>,
    /// The share of them that must be held, of those that apply; above 0 and at most 1.
    pub least: f64,
}

/// The file: `principles = [{ id = "…", text = "…" }]`, and `least`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    principles: Vec<Principle>,
    #[serde(default = "all")]
    least: f64,
}

fn all() -> f64 {
    1.0
}

/// Why a file is no constitution.
#[derive(Debug, thiserror::Error)]
pub enum ConstitutionError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not as it must be.
    #[error(
        "{path}:{line}: {what}; a constitution is `principles = [{{ id = \"polite\", text = \"It is polite\" }}]` and, where not every one must be held, `least = 0.8`",
        path = .path.display()
    )]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
}

impl Constitution {
    /// Reads a file.
    pub fn load(path: &Path) -> Result<Self, ConstitutionError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConstitutionError::Io { path: path.to_owned(), error })?;
        let wrong = |line, what| ConstitutionError::Wrong { path: path.to_owned(), line, what };
        let line_of = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
        let file: File = toml::from_str(&text).map_err(|error| {
            wrong(error.span().map_or(1, |span| line_of(span.start)), error.message().to_owned())
        })?;
        // Where a word stands first: near enough to find the place.
        let line_with = |word: &str| text.find(word).map_or(1, line_of);
        if file.principles.is_empty() || file.principles.len() > MOST {
            let what = format!("it has {} principles and may have 1 to {MOST}", file.principles.len());
            return Err(wrong(line_with("principles"), what));
        }
        if !(file.least > 0.0 && file.least <= 1.0) {
            return Err(wrong(
                line_with("least"),
                format!("`least` is {} and is above 0 and at most 1", file.least),
            ));
        }
        let mut ids = BTreeSet::new();
        for Principle { id, text: said } in &file.principles {
            if id.trim().is_empty() || said.trim().is_empty() {
                return Err(wrong(line_with("principles"), "a principle has an id and a text".into()));
            }
            if !ids.insert(id.as_str()) {
                return Err(wrong(line_with(id), format!("the principle `{id}` is there twice")));
            }
        }
        Ok(Self { principles: file.principles, least: file.least })
    }

    /// What a reply must look like.
    pub fn form(&self) -> JsonForm {
        let ids: Vec<String> = self.principles.iter().map(|principle| principle.id.clone()).collect();
        let one = object_of(&[
            ("principle", json!({ "type": "string", "enum": ids })),
            ("reasoning", json!({ "type": "string" })),
            ("verdict", json!({ "type": "string", "enum": VERDICTS })),
        ]);
        let schema = object_of(&[("principles", json!({ "type": "array", "items": one }))]);
        JsonForm::new("constitution", schema).checked(move |value| {
            let mut seen = BTreeSet::new();
            for one in value["principles"].as_array().into_iter().flatten() {
                let id = one["principle"].as_str().unwrap_or_default();
                if !seen.insert(id.to_owned()) {
                    return Err(format!("the principle `{id}` is there twice"));
                }
            }
            match ids.iter().find(|id| !seen.contains(*id)) {
                Some(missing) => Err(format!("there is no verdict on the principle `{missing}`")),
                None => Ok(()),
            }
        })
    }

    /// Asks a model whether a draft holds the principles; `None` asks the one whose turn it is.
    pub async fn judge(
        &self,
        asks: &dyn AsksJson,
        brief: &Brief,
        draft: &Draft,
        model: Option<&str>,
    ) -> Result<Held, Unanswered> {
        let form = self.form();
        let scope = scope(brief).with("principles", &self.principles);
        let messages = PROMPT.messages(&scope, &shown(draft));
        let ask = JsonAsk { purpose: PROMPT.purpose, messages, form: &form, sample: 0, model };
        Ok(Self::read(&asks.ask(ask).await?.value))
    }

    /// The verdicts of a reply that is of the form.
    fn read(value: &Value) -> Held {
        let mut held = Held::default();
        for one in value["principles"].as_array().into_iter().flatten() {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            match one["verdict"].as_str() {
                Some("not_applicable") => continue,
                Some("held") => held.held += 1,
                Some("broken") => {
                    held.broken.insert(text("principle"), text("reasoning"));
                }
                // Nobody can tell: not held.
                _ => {
                    held.undecided.insert(text("principle"), text("reasoning"));
                }
            }
            held.of += 1;
        }
        held
    }

    /// Whether enough is held.
    pub fn hold(&self, held: &Held) -> Result<(), Rejection> {
        let Some(score) = held.score() else { return Ok(()) };
        if score >= self.least - 1e-9 {
            return Ok(());
        }
        let first = held.broken.iter().chain(&held.undecided).next();
        let first = first.map_or_else(String::new, |(id, reason)| format!("; `{id}`: {reason}"));
        let why = format!("{} of {} principles that apply are held{first}", held.held, held.of);
        Err(Rejection::new(Reason::LowScore, why))
    }
}

/// What was said of a draft by the principles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// Principles that are held.
    pub held: usize,
    /// Principles that apply.
    pub of: usize,
    /// Those that are broken, with why. Untrusted.
    pub broken: BTreeMap<String, String>,
    /// Those that the model could not judge, with why; they do not count as held. Untrusted.
    pub undecided: BTreeMap<String, String>,
}

impl Held {
    /// The share that is held of those that apply, 0 to 1; `None` where none applies.
    pub fn score(&self) -> Option<f64> {
        (self.of > 0).then(|| self.held as f64 / self.of as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"least = 0.6
principles = [
    { id = "real", text = "It could come from a customer" },
    { id = "kind", text = "It insults nobody" },
    { id = "own", text = "It names no competitor" },
]
"#;

    fn load(text: &str) -> Result<Constitution, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("constitution.toml");
        std::fs::write(&path, text).unwrap();
        Constitution::load(&path)
            .map_err(|error| error.to_string().split("constitution.toml").last().unwrap().to_owned())
    }

    #[test]
    fn a_file_is_read_or_told_wrong_with_its_line() {
        let of = load(FILE).unwrap();
        assert_eq!((of.principles.len(), of.least), (3, 0.6));
        for (text, wanted) in [
            ("", ":1: "),
            ("principles = []", ":1: it has 0 principles"),
            ("\n\nprinciples = [{ id = \"a\", text = \"x\", weight = 2 }]", ":3: "),
            (
                "principles = [\n{ id = \"a\", text = \"x\" },\n{ id = \"a\", text = \"y\" }]",
                ":2: the principle `a` is there twice",
            ),
            ("principles = [{ id = \"a\", text = \" \" }]", ":1: a principle has an id and a text"),
            ("principles = [{ id = \"a\", text = \"x\" }]\nleast = 2.0", ":2: `least` is 2"),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.starts_with(wanted), "{error}");
        }
    }

    #[test]
    fn every_principle_has_one_verdict() {
        let of = load(FILE).unwrap();
        let reply = |verdicts: &[(&str, &str)]| {
            let one = |(id, verdict): &(&str, &str)| json!({ "principle": id, "reasoning": "as it says", "verdict": verdict });
            json!({ "principles": verdicts.iter().map(one).collect::<Vec<_>>() })
        };
        let form = of.form();
        let good = reply(&[("kind", "held"), ("real", "broken"), ("own", "cannot_judge")]);
        assert_eq!(form.holds(&good), Ok(()));
        let held = Constitution::read(&good);
        assert_eq!((held.held, held.of, held.score()), (1, 3, Some(1.0 / 3.0)));
        let why = "1 of 3 principles that apply are held; `real`: as it says";
        assert_eq!(of.hold(&held), Err(Rejection::new(Reason::LowScore, why)));
        let enough = Constitution::read(&reply(&[("kind", "held"), ("real", "broken"), ("own", "held")]));
        assert_eq!(of.hold(&enough), Ok(()), "two of three are 0.67");
        let none = Constitution::read(&reply(&[
            ("kind", "not_applicable"),
            ("real", "not_applicable"),
            ("own", "not_applicable"),
        ]));
        assert_eq!((none.score(), of.hold(&none)), (None, Ok(())));
        assert!(form.holds(&reply(&[("kind", "held"), ("real", "held")])).unwrap_err().contains("`own`"));
        assert!(
            form.holds(&reply(&[("kind", "held"), ("kind", "held"), ("real", "held"), ("own", "held")]))
                .is_err()
        );
        assert!(form.holds(&reply(&[("kind", "held"), ("real", "fine"), ("own", "held")])).is_err());
    }
}
