//! Texts transformed: shorter, another tone, step by step, another form, or taken out from between markers; by rule
//! where that can be done, by a model where it is asked for. What comes of it keeps its provenance and waits for
//! review like anything else.

mod by_model;
mod extract;
mod provenance;
mod reformat;
mod rules;

pub use by_model::{ByModel, by_model, form};
pub use extract::{ExtractError, Marker, extract};
pub use provenance::{How, Part, of_case, text_of, transformed};
pub use reformat::{Form, reformat};
pub use rules::{ByRule, by_rule};

use crate::model::Unanswered;
use std::str::FromStr;

/// A transformation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transform {
    /// Fewer words.
    Shorter {
        /// Words at most; without it by what can be left out.
        most_words: Option<usize>,
    },
    /// Another tone.
    Tone(Tone),
    /// Step by step.
    Steps,
    /// Another form.
    Reformat(Form),
    /// Only what stands between markers.
    Extract(Marker),
}

/// A tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tone {
    /// Without contractions.
    Formal,
    /// With contractions, and without politeness.
    Casual,
    /// Any other, in words; a model is needed for it.
    Words(String),
}

impl Tone {
    fn words(&self) -> &str {
        match self {
            Self::Formal => "formal and polite, without contractions",
            Self::Casual => "casual, as to a friend",
            Self::Words(words) => words,
        }
    }
}

/// Why a text was not transformed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotDone {
    /// Nothing in it could be changed.
    #[error("there is nothing to change in it")]
    Nothing,
    /// What was left is longer than asked for.
    #[error("{words} words are left, and at most {most} are wanted")]
    TooLong {
        /// Words that are left.
        words: usize,
        /// Words at most.
        most: usize,
    },
    /// No rule can do it.
    #[error("no rule can do this; name a model that does")]
    NeedsModel,
    /// No model is asked for it.
    #[error("this is done by rule, and never by a model")]
    NeedsRule,
    /// The markers are not there.
    #[error(transparent)]
    Extract(#[from] ExtractError),
    /// The model gave no reply that can be used.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
}

impl Transform {
    /// Its name, as provenance has it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Shorter { .. } => "shorter",
            Self::Tone(_) => "tone",
            Self::Steps => "steps",
            Self::Reformat(_) => "reformat",
            Self::Extract(_) => "extract",
        }
    }

    /// Its version: raised with every change of what it makes.
    pub const fn version(&self) -> u32 {
        1
    }

    const fn purpose(&self) -> &'static str {
        match self {
            Self::Shorter { .. } => "shorter@1",
            Self::Tone(_) => "tone@1",
            Self::Steps => "steps@1",
            Self::Reformat(_) => "reformat@1",
            Self::Extract(_) => "extract@1",
        }
    }

    /// Whether a rule can do it.
    pub const fn has_rule(&self) -> bool {
        !matches!(self, Self::Tone(Tone::Words(_)))
    }
}

const fn form_words(form: Form) -> &'static str {
    match form {
        Form::Plain => "plain text without Markdown",
        Form::OneLine => "one line",
        Form::Bullets => "a list with a dash before each entry",
        Form::Numbered => "a numbered list",
        Form::Prose => "sentences one after the other, no list",
    }
}

/// A text that names no transformation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no transformation; there are shorter, shorter=WORDS, tone=formal, tone=casual, tone=WORDS, steps, reformat=plain|one_line|bullets|numbered|prose, and extract=xml:TAG|heading:TEXT|fence|fence:WORD|label:TEXT"
)]
pub struct UnknownTransform(String);

impl FromStr for Transform {
    type Err = UnknownTransform;

    fn from_str(text: &str) -> Result<Self, UnknownTransform> {
        let unknown = || UnknownTransform(text.to_owned());
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if !value.trim().is_empty() => (name.trim(), Some(value.trim())),
            Some(_) => return Err(unknown()),
            None => (text.trim(), None),
        };
        Ok(match (name, value) {
            ("shorter", None) => Self::Shorter { most_words: None },
            ("shorter", Some(words)) => {
                let most = words.parse().ok().filter(|most| *most > 0).ok_or_else(unknown)?;
                Self::Shorter { most_words: Some(most) }
            }
            ("tone", Some("formal")) => Self::Tone(Tone::Formal),
            ("tone", Some("casual")) => Self::Tone(Tone::Casual),
            ("tone", Some(words)) => Self::Tone(Tone::Words(words.to_owned())),
            ("steps", None) => Self::Steps,
            ("reformat", Some(name)) => {
                let form = Form::ALL.into_iter().find(|(known, _)| *known == name);
                Self::Reformat(form.ok_or_else(unknown)?.1)
            }
            ("extract", Some("fence")) => Self::Extract(Marker::Fence(None)),
            ("extract", Some(marker)) => {
                let (kind, of) =
                    marker.split_once(':').filter(|(_, of)| !of.trim().is_empty()).ok_or_else(unknown)?;
                let of = of.trim().to_owned();
                Self::Extract(match kind {
                    "xml" => Marker::Xml(of),
                    "heading" => Marker::Heading(of),
                    "fence" => Marker::Fence(Some(of)),
                    "label" => Marker::Label(of),
                    _ => return Err(unknown()),
                })
            }
            _ => return Err(unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transformations_are_named_as_they_are_typed() {
        for (text, wanted) in [
            ("shorter", Transform::Shorter { most_words: None }),
            ("shorter=12", Transform::Shorter { most_words: Some(12) }),
            ("tone=formal", Transform::Tone(Tone::Formal)),
            ("tone=like a pirate", Transform::Tone(Tone::Words("like a pirate".into()))),
            ("reformat=one_line", Transform::Reformat(Form::OneLine)),
            ("extract=xml:answer", Transform::Extract(Marker::Xml("answer".into()))),
            ("extract=fence", Transform::Extract(Marker::Fence(None))),
        ] {
            assert_eq!(text.parse(), Ok(wanted), "{text}");
        }
        for text in [
            "",
            "longer",
            "shorter=0",
            "shorter=",
            "tone",
            "steps=2",
            "reformat=x",
            "extract=xml:",
            "extract=css:a",
        ] {
            let error = Transform::from_str(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is no transformation")), "{error}");
        }
    }
}
