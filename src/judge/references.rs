//! What the metrics over references measure an answer by: texts, and ids with grades. None of it is a verdict.

use super::error::CheckError;
use super::reason;
use crate::suite::schema::{Expect, OneOrMany, Relevant};
use serde_json::Value;
use std::collections::BTreeMap;

/// The references of a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct References {
    /// Texts that a right answer may be; empty where none is given.
    pub texts: Vec<String>,
    /// Ids with their grades, above 0 for those that are relevant; `None` where none are given.
    pub relevant: Option<BTreeMap<String, f64>>,
}

impl References {
    /// Those that the entries of an `expect`, filled in, give together. An id that is given twice has the
    /// larger grade.
    pub fn of(expect: &[Expect]) -> Result<Self, (&'static str, CheckError)> {
        let mut all = Self::default();
        for entry in expect {
            for text in entry.reference.iter().flat_map(OneOrMany::as_slice) {
                match list_of_texts(text) {
                    Some(several) => all.texts.extend(several),
                    None => all.texts.push(text.clone()),
                }
            }
            let Some(relevant) = &entry.relevant else { continue };
            let known = all.relevant.get_or_insert_default();
            for (id, grade) in grades(relevant).map_err(|error| ("relevant", error))? {
                let there = known.entry(id).or_insert(grade);
                *there = there.max(grade);
            }
        }
        Ok(all)
    }

    /// Whether anything is relevant; `None` where nothing is said of it.
    pub fn any_relevant(&self) -> Option<bool> {
        self.relevant.as_ref().map(|grades| grades.values().any(|grade| *grade > 0.0))
    }
}

/// The texts of a JSON list in a cell of a CSV file.
fn list_of_texts(text: &str) -> Option<Vec<String>> {
    text.trim_start().starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}

fn grades(relevant: &Relevant) -> Result<Vec<(String, f64)>, CheckError> {
    match relevant {
        Relevant::Grades(table) => {
            let one = |(id, grade): (&String, &f64)| {
                if grade.is_finite() {
                    Ok((id.clone(), *grade))
                } else {
                    Err(CheckError::NotRelevant(format!("the grade {grade} of {}", reason::quoted(id))))
                }
            };
            table.iter().map(one).collect()
        }
        Relevant::Ids(ids) => ids.iter().map(|id| Ok((id_of(id)?, 1.0))).collect(),
        // A cell of a CSV file without anything in it names nothing.
        Relevant::Text(text) if text.trim().is_empty() => Ok(Vec::new()),
        Relevant::Text(text) => match serde_json::from_str(text) {
            Ok(Value::Array(ids)) => grades(&Relevant::Ids(ids)),
            Ok(Value::Object(table)) => table
                .into_iter()
                .map(|(id, grade)| match grade.as_f64() {
                    Some(grade) => Ok((id, grade)),
                    None => Err(CheckError::NotRelevant(reason::json(&grade))),
                })
                .collect(),
            _ => Err(CheckError::NotRelevant(reason::quoted(text))),
        },
    }
}

/// An id; retrievers number their documents too.
fn id_of(value: &Value) -> Result<String, CheckError> {
    match value {
        Value::String(id) => Ok(id.clone()),
        Value::Number(id) => Ok(id.to_string()),
        other => Err(CheckError::NotRelevant(reason::json(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::trial::expect;
    use super::*;

    fn of(keys: &str) -> References {
        References::of(&[expect(keys)]).unwrap()
    }

    #[test]
    fn a_text_a_list_and_a_list_in_a_cell_are_references() {
        assert_eq!(of("reference = 'a'").texts, ["a"]);
        assert_eq!(of("reference = ['a', 'b']").texts, ["a", "b"]);
        assert_eq!(of(r#"reference = '["a", "b"]'"#).texts, ["a", "b"]);
        assert_eq!(of("reference = '[see below]'").texts, ["[see below]"]);
        assert_eq!(of("contains = 'a'"), References::default());
    }

    #[test]
    fn ids_are_of_grade_one_and_tables_say_their_grades() {
        let grade = |keys: &str, id: &str| of(keys).relevant.and_then(|all| all.get(id).copied());
        assert_eq!(grade("relevant = ['a', 7]", "7"), Some(1.0));
        assert_eq!(grade("relevant = { a = 2, b = 0 }", "a"), Some(2.0));
        assert_eq!(grade(r#"relevant = '{"a": 3}'"#, "a"), Some(3.0));
        assert_eq!(of("relevant = { a = 0 }").any_relevant(), Some(false));
        assert_eq!(of("relevant = ''").any_relevant(), Some(false));
        assert_eq!(of("reference = 'a'").any_relevant(), None);
    }

    #[test]
    fn what_is_no_list_of_ids_is_a_mistake() {
        for keys in
            ["relevant = 'a, b'", "relevant = [['a']]", r#"relevant = '{"a": "high"}'"#, "relevant = '3'"]
        {
            assert!(References::of(&[expect(keys)]).is_err(), "{keys}");
        }
    }
}
