//! Checks of `expand`: operators that there are, with options that they take. What they make of a seed is
//! not tried here. The catalogue of operators is read, and nothing else of how cases are made.

use super::Checker;
use super::variables::{Rows, Within};
use crate::expand::entry::{Entry, MAX_PER_SEED, Step};
use crate::suite::document::Node;
use crate::suite::schema::{ExpandEntry, OneOrMany, ScenarioSpec, StatedExpect};

impl Checker<'_> {
    /// `[expand]` of the suite.
    pub(super) fn expand(&mut self) {
        let (spec, node) = (&self.spec.expand, self.root.field("expand"));
        self.counts(Some(spec.per_seed), spec.total, node);
        self.protect(&spec.protect, node.field("protect"));
        if spec.canary.as_ref().is_some_and(|canary| canary.trim().chars().count() < 4) {
            let short = self.at(
                "empty-text",
                "this canary is too short to be told from other text",
                node.field("canary"),
            );
            self.out.push(
                short.help(
                    "write the text that stands in the application's instructions, such as `CANARY-7f3a`",
                ),
            );
        }
    }

    /// What a scenario says of variants.
    pub(super) fn scenario_expand(&mut self, scenario: &ScenarioSpec, node: &Node, rows: &Rows<'_>) {
        self.counts(scenario.per_seed, scenario.total, node);
        self.protect(&scenario.protect, node.field("protect"));
        let list = node.field("expand");
        for (at, entry) in scenario.expand.iter().enumerate() {
            let place = list.item(at);
            if place.is_damaged() {
                continue;
            }
            if let Err(mistakes) = Entry::of(entry) {
                for mistake in mistakes {
                    let spot = mistake.path.iter().fold(place, |place, step| match step {
                        Step::Key(key) => place.field(key),
                        Step::Item(at) => place.item(*at),
                    });
                    let told = if mistake.code == "unknown-option" {
                        self.at_key(mistake.code, mistake.message, spot)
                    } else {
                        self.at(mistake.code, mistake.message, spot)
                    };
                    self.out.push(told.help(mistake.help));
                }
            }
            if let ExpandEntry::Table(table) = entry {
                if table.label.is_some() {
                    let stated =
                        crate::suite::schema::Expect { label: table.label.clone(), ..Default::default() };
                    self.texts(place.field("label"), Within::Expect, std::slice::from_ref(rows));
                    self.expected_labels(&stated, place, rows);
                }
                if let Some(StatedExpect::Own(entries)) = &table.expect {
                    let entries = match entries {
                        OneOrMany::One(one) => std::slice::from_ref(one),
                        OneOrMany::Many(many) => many.as_slice(),
                    };
                    for (index, expect) in entries.iter().enumerate() {
                        let place = place.field("expect").item(index);
                        self.expect(expect, place);
                        self.texts(place, Within::Expect, std::slice::from_ref(rows));
                        self.expected_labels(expect, place, rows);
                    }
                }
            }
        }
        let idle = [("per_seed", scenario.per_seed.is_some()), ("protect", !scenario.protect.is_empty())];
        for (key, _) in idle.into_iter().filter(|(_, given)| *given && scenario.expand.is_empty()) {
            if !node.mentions("expand") {
                let what = format!("`{key}` changes nothing here: the scenario makes no variants");
                let idle = self.at_key("misplaced-key", what, node.field(key));
                self.out.push(idle.help("leave it out, or write `expand = [\"typing\", …]`"));
            }
        }
    }

    fn counts(&mut self, per_seed: Option<usize>, total: Option<usize>, node: &Node) {
        if per_seed.is_some_and(|count| !(1..=MAX_PER_SEED).contains(&count)) {
            let bad = self.at("out-of-range", "`per_seed` is out of range", node.field("per_seed"));
            self.out.push(bad.help(format!("write a number from 1 to {MAX_PER_SEED}")));
        }
        if total == Some(0) {
            let nothing = self.at("out-of-range", "`total` cannot be 0", node.field("total"));
            self.out.push(nothing.help("write a number above 0; to make no variants, leave `expand` out"));
        }
    }

    fn protect(&mut self, patterns: &[String], node: &Node) {
        for (at, pattern) in patterns.iter().enumerate() {
            self.regex(pattern, node.item(at));
        }
    }
}
