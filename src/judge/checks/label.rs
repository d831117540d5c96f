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

#[cfg(test)]
mod tests {
    use super::super::trial::{answer, fails, holds, refused, says};
    use serde_json::json;

    #[test]
    fn the_label_is_compared_exactly() {
        let clarify = answer(json!({"output": "", "label": "clarify"}));
        holds("label = 'clarify'", &clarify);
        assert_eq!(fails("label = 'scheduling'", &clarify), "expected label `scheduling`, got `clarify`");
        assert_eq!(
            fails("label = 'Clarify '", &clarify),
            "expected label `Clarify `, got `clarify`; only case or white space differs"
        );
    }

    #[test]
    fn any_of_several_labels_will_do() {
        let clarify = answer(json!({"output": "", "label": "clarify"}));
        let (_, inverted) = holds("label = ['summary', 'clarify']", &clarify);
        assert_eq!(inverted, "expected any label but `summary` or `clarify`, got `clarify`");
        assert_eq!(
            fails("label = ['a', 'b', 'c']", &clarify),
            "expected label `a`, `b` or `c`, got `clarify`"
        );
    }

    #[test]
    fn no_label_is_none_of_them() {
        assert_eq!(fails("label = 'a'", &says("a")), "expected label `a`, got no label");
        let empty = answer(json!({"output": "", "label": ""}));
        assert_eq!(fails("label = 'a'", &empty), "expected label `a`, got ``");
    }

    #[test]
    fn a_list_without_labels_is_refused() {
        assert_eq!(
            refused("label = []"),
            "`label`: the list is empty, so there is nothing to check; name at least one"
        );
    }
}
