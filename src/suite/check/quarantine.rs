//! Checks of `[[quarantine]]`: each entry says what is out, once, who sees to it and why.

use super::{Checker, Loaded};
use crate::expand::CaseId;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::QuarantineSpec;
use std::collections::{BTreeSet, HashMap};

impl Checker<'_> {
    pub(super) fn quarantine(&mut self, scenarios: &[Loaded]) {
        let list = self.root.field("quarantine");
        let spec = self.spec;
        let mut known: HashMap<(&str, &str), &Node> = HashMap::new();
        for (index, entry) in spec.quarantine.iter().enumerate() {
            let node = list.item(index);
            self.owned(entry, node);
            let (key, text) = match (&entry.scenario, &entry.case) {
                (Some(id), None) => ("scenario", id),
                (None, Some(id)) => ("case", id),
                (Some(_), Some(_)) => {
                    let both = self.at_key(
                        "contradiction",
                        "`case` and `scenario` are both given",
                        node.field("case"),
                    );
                    self.out.push(both.help("write an entry for each of them"));
                    continue;
                }
                (None, None) => {
                    // One that was there and is faulty is told already.
                    if !node.mentions("scenario") && !node.mentions("case") {
                        let nothing =
                            self.at("missing-key", "this entry does not say what is out of the gate", node);
                        self.out.push(nothing.help("write `scenario = \"…\"` with the id of a scenario, or `case = \"…\"` with that of a case"));
                    }
                    continue;
                }
            };
            let place = node.field(key);
            if key == "scenario" {
                self.known_scenario(text, place, scenarios);
            } else {
                self.case_id(text, place);
            }
            if let Some(first) = known.insert((key, text), place) {
                let first = self.source.spot(first.span.clone());
                let what = format!("{key} {} is in quarantine twice", quote(text));
                let twice = self.at("duplicate-quarantine", what, place).label("the second entry");
                self.out.push(twice.related(first, "the first entry").help("keep one of the two"));
            }
        }
    }

    /// Somebody sees to it, for a reason.
    fn owned(&mut self, entry: &QuarantineSpec, node: &Node) {
        for (key, text, help) in [
            ("owner", &entry.owner, "write who sees to it that this comes back: a person or a team"),
            ("reason", &entry.reason, "write why this is out, with the ticket if there is one"),
        ] {
            if text.trim().is_empty() {
                let empty = self.at("empty-text", format!("`{key}` is empty"), node.field(key));
                self.out.push(empty.help(help));
            } else if text.chars().any(char::is_control) {
                let what = format!("`{key}` holds a control character");
                let control = self.at("bad-name", what, node.field(key));
                self.out.push(control.help("write it on one line, without tabs"));
            }
        }
    }

    fn known_scenario(&mut self, id: &str, place: &Node, scenarios: &[Loaded]) {
        let ids: BTreeSet<&str> = scenarios.iter().filter_map(|loaded| loaded.id.as_deref()).collect();
        // A scenario that could not be read may be the one that is meant.
        let all_read =
            !self.root.field("scenario").is_damaged() && scenarios.iter().all(|one| one.id.is_some());
        if !all_read || ids.contains(id) {
            return;
        }
        let unknown = self.at("unknown-scenario", format!("there is no scenario {}", quote(id)), place);
        self.out.push(match nearest(id, ids.iter().copied()) {
            Some(meant) => unknown.help(format!("did you mean `{meant}`?")),
            None => unknown.help(format!("the scenarios are {}", quote_all(ids))),
        });
    }

    /// Whether there is such a case is known only once the variants are made: a run says it.
    fn case_id(&mut self, id: &str, place: &Node) {
        if id.parse::<CaseId>().is_err() {
            let bad = self.at("bad-case-id", format!("{} is no id of a case", quote(id)), place);
            self.out.push(bad.help("write the 16 hex digits that `holdline list` shows"));
        }
    }
}
