//! The check of the label that the application chose.

use super::check::{Check, Ruling, Subject};
use crate::judge::error::CheckError;
use crate::judge::reason;

/// The label is one of these, exactly as written.
#[derive(Debug)]
struct Label(Vec<String>);

/// A check that the label is one of `labels`.
pub(super) fn label(labels: &[String]) -> Result<Box<dyn Check>, CheckError> {
    if labels.is_empty() {
        return Err(CheckError::EmptyList);
    }
    Ok(Box::new(Label(labels.to_vec())))
}

impl Check for Label {
    fn wanted(&self, inverted: bool) -> String {
        let labels = reason::listed(self.0.iter().map(String::as_str), "or");
        if inverted { format!("any label but {labels}") } else { format!("label {labels}") }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        match &subject.answer.label {
            None => Ruling::Fails("no label".into()),
            Some(label) if self.0.contains(label) => Ruling::Holds(reason::quoted(label)),
            Some(label) => {
                let near = match self.0.as_slice() {
                    [only] if reason::folded(only.trim()) == reason::folded(label.trim()) => {
                        "; only case or white space differs"
                    }
                    _ => "",
                };
                Ruling::Fails(format!("{}{near}", reason::quoted(label)))
            }
        }
    }
}
