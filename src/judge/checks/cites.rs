//! The check of citations in the output against the ids retrieved.
//!
//! Three things are asked: at least `min` different ids are cited, every id in `ids` is among them,
//! and every id cited was retrieved. The first two show in the output alone. The third needs the
//! reply's `retrieved`: where that is empty, nothing tells whether nothing was retrieved or it was
//! not told, so an id cited beyond `ids` cannot be judged. Ids named in `ids` need no list: the suite
//! says that they are right.

use super::check::{Check, Ruling, Subject};
use crate::judge::context::JudgeContext;
use crate::judge::error::CheckError;
use crate::judge::reason;
use crate::suite::schema::CitesCheck;
use regex::Regex;
use std::collections::HashSet;

/// What a citation looks like where the suite does not say it.
const BRACKETS: &str = r"\[([^\[\]]+)\]";

#[derive(Debug)]
struct Cites {
    pattern: Regex,
    min: u64,
    ids: Vec<String>,
}

/// A check of the ids that the output cites.
pub(super) fn cites(spec: &CitesCheck, context: &JudgeContext) -> Result<Box<dyn Check>, CheckError> {
    let pattern = context.pattern(spec.pattern.as_deref().unwrap_or(BRACKETS))?;
    if pattern.captures_len() < 2 {
        return Err(CheckError::NoGroup(pattern.as_str().into()));
    }
    Ok(Box::new(Cites { pattern, min: spec.min.unwrap_or(1), ids: spec.ids.clone() }))
}

impl Check for Cites {
    fn wanted(&self, inverted: bool) -> String {
        let mut parts = Vec::new();
        match (self.min, self.ids.as_slice()) {
            (0, []) => {}
            (1, []) => parts.push("a citation".to_owned()),
            (0 | 1, ids) => {
                parts.push(format!("{} cited", reason::listed(ids.iter().map(String::as_str), "and")))
            }
            (min, []) => parts.push(format!("at least {min} different citations")),
            (min, ids) => parts.push(format!(
                "at least {min} different citations with {} among them",
                reason::listed(ids.iter().map(String::as_str), "and")
            )),
        }
        parts.push("nothing cited that was not retrieved".into());
        let wanted = parts.join(" and ");
        if inverted { format!("other than: {wanted}") } else { wanted }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let mut seen = HashSet::new();
        let mut cited = Vec::new();
        for captures in self.pattern.captures_iter(subject.output()) {
            let id = captures.get(1).map_or("", |group| group.as_str().trim());
            if !id.is_empty() && seen.insert(id) {
                cited.push(id);
            }
        }
        let shown = if cited.is_empty() {
            format!("no citation in {}", reason::output(subject.output()))
        } else {
            format!("citations of {}", reason::listed(cited.iter().copied(), "and"))
        };
        if (cited.len() as u64) < self.min {
            return Ruling::Fails(shown);
        }
        let ids = || self.ids.iter().map(String::as_str);
        let missing: Vec<&str> = ids().filter(|id| !seen.contains(id)).collect();
        if !missing.is_empty() {
            return Ruling::Fails(format!("{shown}, without {}", reason::listed(missing, "and")));
        }
        let retrieved: HashSet<&str> =
            subject.answer.retrieved.iter().map(|retrieved| retrieved.id.as_str()).collect();
        let known: HashSet<&str> = if retrieved.is_empty() { ids().collect() } else { retrieved };
        let beyond: Vec<&str> = cited.into_iter().filter(|id| !known.contains(id)).collect();
        if beyond.is_empty() {
            return Ruling::Holds(shown);
        }
        let beyond = reason::listed(beyond, "and");
        if subject.answer.retrieved.is_empty() {
            return Ruling::Unknown(format!(
                "the output cites {beyond}, and the reply names no ids retrieved"
            ));
        }
        let retrieved = subject.answer.retrieved.iter().map(|retrieved| retrieved.id.as_str());
        Ruling::Fails(format!(
            "{shown}; not retrieved: {beyond}; retrieved: {}",
            reason::listed(retrieved, "and")
        ))
    }
}
