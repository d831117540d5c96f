//! Scenarios proposed for requests that the suite does not know: as TOML to paste, without what is expected, which is a
//! person's to say; and their requests as candidates that wait to be reviewed.

use super::window::Request;
use crate::expand::Promise;
use crate::report::escape::{invisible, shortened};
use crate::suite::schema::Origin;
use crate::suite::slug::slug;
use crate::suite::variants::{Made, MadeBy, Truth, Variant};
use crate::synth::candidate::Candidate;
use std::collections::BTreeMap;
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of an input that is proposed.
const INPUT: usize = 2000;

/// Requests of a group that become candidates at most.
const MOST: usize = 20;

/// What is proposed for a group: the id of a scenario that is not there yet, and its requests.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The scenario.
    pub scenario: String,
    /// The requests, scrubbed, the most central first.
    pub requests: Vec<Request>,
}

impl Proposed {
    /// The requests as candidates for a suite, with the place in the log of each.
    pub fn candidates(&self, suite: &str, log: &str) -> Vec<Candidate> {
        let candidate = |of: &Request| {
            let made = Made {
                from: Some(format!("{log}:{}", of.line)),
                ..Made::new(MadeBy::Production, Origin::Production)
            };
            let variant = Variant {
                scenario: self.scenario.clone(),
                input: of.text.clone().into(),
                turns: Vec::new(),
                of: None,
                promise: Promise::Own,
                expect: None,
                row: BTreeMap::new(),
                knobs: BTreeMap::new(),
                tags: vec!["production".to_owned()],
                made,
                truth: Truth::Person,
                review: None,
            };
            Candidate::new(suite, variant)
        };
        self.requests.iter().take(MOST).map(candidate).collect()
    }
}

/// The id of the scenario that is proposed for a group with these terms.
pub fn id_of(terms: &[String]) -> String {
    let words = slug(&terms.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(" "));
    words.map_or_else(|| "production".to_owned(), |words| format!("production-{words}"))
}

/// A scenario with these inputs. Pasted as it is, it does not load: nothing is expected yet.
pub fn scenario(id: &str, terms: &[String], inputs: &[String]) -> String {
    let name = if terms.is_empty() { "asked in production".to_owned() } else { terms.join(" ") };
    let mut out = String::from("[[scenario]]\n");
    let _ = writeln!(out, "name = {}", string(&format!("what production asks: {}", name.replace("::", ":"))));
    let _ = writeln!(out, "id = {}", string(id));
    out.push_str("inputs = [\n");
    for input in inputs {
        let _ = writeln!(out, "  {},", string(&shortened(input, INPUT)));
    }
    out.push_str(
        "]\ntags = [\"production\"]\n# expect = { … } is yours to say: what must hold of an answer\n",
    );
    out
}

/// A text as TOML has it, with everything that acts or is not seen written out.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control() || invisible(&character.to_string()) > 0 => {
                let _ =
                    if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proposed_reads_back_whatever_was_asked() {
        let hostile = "a \"quote\" \\ {{ x }}\n\u{1b}[31m \u{202e}turned \u{7f}";
        let toml =
            scenario("production-cancel", &["cancel".to_owned()], &[hostile.to_owned(), "second".to_owned()]);
        let read: toml::Table = toml::from_str(&toml).unwrap();
        let scenario = &read["scenario"][0];
        assert_eq!(scenario["inputs"][0].as_str(), Some(hostile));
        assert_eq!(scenario["name"].as_str(), Some("what production asks: cancel"));
        assert!(scenario.get("expect").is_none());
        assert_eq!(invisible(&toml.replace('\n', "")), 0, "{toml}");
    }
}
