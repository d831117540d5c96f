//! The check of citations in the output against the ids retrieved.
//!
//! Three things are asked: at least `min` different ids are cited, every id in `ids` is among them,
//! and every id cited was retrieved. The first two show in the output alone. The third needs the
//! reply's `retrieved`: where that is empty, nothing tells whether nothing was retrieved or it was
//! not told, so an id cited beyond `ids` cannot be judged. Ids named in `ids` need no list: the suite
//! says that they are right.

use super::check::{Check, Ruling, Subject};
use crate::judge::error::CheckError;
use crate::judge::pattern::with_groups;
use crate::judge::reason;
use crate::suite::schema::CitesCheck;
use regex_automata::meta::Regex;
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
pub(super) fn cites(spec: &CitesCheck) -> Result<Box<dyn Check>, CheckError> {
    let source = spec.pattern.as_deref().unwrap_or(BRACKETS);
    let pattern = with_groups(source)?;
    if pattern.captures_len() < 2 {
        return Err(CheckError::NoGroup(source.into()));
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
                parts.push(format!("{} cited", reason::listed(ids.iter().map(String::as_str), "and")));
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
            let id = captures.get_group(1).map_or("", |group| subject.output()[group.range()].trim());
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

#[cfg(test)]
mod tests {
    use super::super::trial::{answer, cannot_tell, fails, holds, refused, says};
    use crate::target::Answer;
    use serde_json::json;

    fn with(output: &str, retrieved: &[&str]) -> Answer {
        let retrieved: Vec<_> = retrieved.iter().map(|id| json!({ "id": id })).collect();
        answer(json!({"output": output, "retrieved": retrieved}))
    }

    #[test]
    fn what_is_cited_was_retrieved() {
        let (why, _) = holds("cites = {}", &with("Yes [d1], and [ d2 ], [d1].", &["d1", "d2", "d3"]));
        assert_eq!(
            why,
            "expected a citation and nothing cited that was not retrieved, got citations of `d1` and `d2`"
        );
        assert_eq!(
            fails("cites = {}", &with("Yes [d1] [d9].", &["d1", "d2"])),
            "expected a citation and nothing cited that was not retrieved, got citations of `d1` and `d9`; \
             not retrieved: `d9`; retrieved: `d1` and `d2`"
        );
    }

    #[test]
    fn enough_different_ids_are_cited() {
        assert_eq!(
            fails("cites = { min = 2 }", &with("[a] [a]", &["a", "b"])),
            "expected at least 2 different citations and nothing cited that was not retrieved, got citations of `a`"
        );
        assert!(fails("cites = {}", &with("none", &["a"])).ends_with("got no citation in `none`"));
        holds("cites = { min = 0 }", &with("none", &["a"]));
    }

    #[test]
    fn ids_that_must_be_cited_are() {
        holds("cites = { ids = ['a'] }", &with("[a] [b]", &["a", "b"]));
        assert!(
            fails("cites = { ids = ['a', 'c'] }", &with("[a]", &["a"]))
                .ends_with("citations of `a`, without `c`")
        );
        // The suite's word that an id is right does not make it one that was retrieved.
        fails("cites = { ids = ['a'] }", &with("[a]", &["b"]));
    }

    #[test]
    fn without_ids_retrieved_only_what_shows_in_the_output_is_judged() {
        assert_eq!(
            cannot_tell("cites = {}", &says("[a]")),
            "cannot tell: the output cites `a`, and the reply names no ids retrieved"
        );
        cannot_tell("cites = { ids = ['a'] }", &says("[a] [b]"));
        holds("cites = { ids = ['a'] }", &says("[a]"));
        holds("cites = { min = 0 }", &says("none"));
        fails("cites = {}", &says("none"));
        fails("cites = { ids = ['a'] }", &says("[b]"));
    }

    #[test]
    fn a_pattern_of_ones_own_says_what_a_citation_is() {
        holds(r"cites = { pattern = '\(doc (\d+)\)' }", &with("see (doc 7) [x]", &["7"]));
        assert_eq!(
            refused(r"cites = { pattern = 'doc \d+' }"),
            r"`cites`: `doc \d+` has no group; put the cited id in brackets, as in `\[(\d+)\]`"
        );
        assert!(refused("cites = { pattern = '' }").contains("the text is empty"));
    }
}
