//! Checks of `[[scenario]]`: names that tell scenarios apart, and something to judge.

use super::variables::{Knobs, Rows, Within};
use super::{Checker, Loaded};
use crate::suite::Seeds;
use crate::suite::diagnostic::quote;
use crate::suite::document::Node;
use crate::suite::inputs::entries;
use crate::suite::schema::{InlineInput, Inputs, Kind, ScenarioSpec};
use crate::suite::seeds::SeedView;
use crate::suite::slug::slug;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Most turns that a conversation may be allowed.
const MAX_TURNS: u32 = 100;

impl Checker<'_> {
    pub(super) fn scenarios(&mut self, scenarios: &[Loaded]) {
        let list = self.root.field("scenario");
        let spec = self.spec;
        if spec.scenario.is_empty() && self.root.get("scenario").is_some() && !list.is_damaged() {
            let nothing = self.at("no-scenarios", "this suite has no scenarios", list);
            self.out.push(nothing.help("write at least one `[[scenario]]`"));
        }
        let mut ids: HashMap<&str, &Node> = HashMap::new();
        for (index, (scenario, loaded)) in spec.scenario.iter().zip(scenarios).enumerate() {
            let node = list.item(index);
            self.name(scenario, node);
            if let Some(id) = &loaded.id {
                let place = if scenario.id.is_some() { node.field("id") } else { node.field("name") };
                match ids.entry(id) {
                    Entry::Vacant(free) => {
                        free.insert(place);
                    }
                    Entry::Occupied(first) => {
                        let first = self.source.spot(first.get().span.clone());
                        let twice = self.at(
                            "duplicate-scenario",
                            format!("two scenarios have the id {}", quote(id)),
                            place,
                        );
                        self.out.push(
                            twice
                                .label("the second one")
                                .related(first, "the first one")
                                .help("give one of them another `name`, or an `id` of its own"),
                        );
                    }
                }
            }
            for (at, tag) in scenario.tags.iter().enumerate() {
                self.plain_word("tag", tag, node.field("tags").item(at));
            }
            self.must_pass(scenario, node);
            self.scenario_repeats(scenario, node);
            self.judged(scenario, node, loaded);
            self.conversation(scenario, node, loaded);
            self.template_of(scenario, node);
            if let Inputs::Documents(_) = &scenario.inputs {
                let rows = Rows::of(scenario, node, None);
                let questions = node.field("inputs").field("question");
                self.texts(questions, Within::Question, std::slice::from_ref(&rows));
            }
            self.scenario_expand(
                scenario,
                node,
                &Rows::of(scenario, node, loaded.seeds.as_ref().map(Seeds::view)),
            );
        }
    }

    fn name(&mut self, scenario: &ScenarioSpec, node: &Node) {
        let place = node.field("name");
        let name = &scenario.name;
        if name.contains("::") {
            let bad = self.at("bad-name", "the name of a scenario cannot hold `::`", place);
            self.out.push(bad.help("`::` stands between suite, scenario and case in the names of tests"));
        }
        if name.chars().any(char::is_control) {
            let bad = self.at("bad-name", "the name of a scenario cannot hold control characters", place);
            self.out.push(bad.help("write it on one line, without tabs"));
        }
        match &scenario.id {
            None => match slug(name).as_deref() {
                None => {
                    let bad = self.at("bad-name", "this name has no letters and no digits", place);
                    self.out.push(bad.help("say in words what is expected"));
                }
                Some("gate") => {
                    let reserved =
                        self.at("bad-name", "the name `gate` is reserved for the suite's metrics", place);
                    self.out.push(reserved.help("say in more words what is expected"));
                }
                Some(_) => {}
            },
            Some(id) if id == "gate" => {
                let reserved = self.at(
                    "bad-name",
                    "the id `gate` is reserved for the suite's metrics",
                    node.field("id"),
                );
                self.out.push(reserved.help("choose another id"));
            }
            Some(id) => {
                let right = slug(id);
                if right.as_deref() != Some(id) {
                    let what = format!("{} is not an id", quote(id));
                    let bad = self.at("bad-name", what, node.field("id"));
                    self.out.push(match right {
                        Some(right) => {
                            bad.help(format!("an id is in lower case with `-` between its words: `{right}`"))
                        }
                        None => bad.help("an id has letters or digits"),
                    });
                }
            }
        }
    }

    /// Whoever writes `must_pass` relies on it: better refused than ignored.
    fn must_pass(&mut self, scenario: &ScenarioSpec, node: &Node) {
        if scenario.must_pass.is_set() && self.spec.kind == Kind::Capability {
            let what = "`must_pass` cannot hold in a suite of kind `capability`, which never blocks";
            let idle = self.at_key("never-blocks", what, node.field("must_pass"));
            self.out.push(idle.help(
                "move the scenario to a suite of kind `regression`, make this one such a suite, or leave `must_pass` out",
            ));
        }
    }

    fn judged(&mut self, scenario: &ScenarioSpec, node: &Node, loaded: &Loaded) {
        let rows = Rows::of(scenario, node, loaded.seeds.as_ref().map(Seeds::view));
        let own = entries(scenario.expect.as_ref());
        let place = node.field("expect");
        for (index, expect) in own.iter().enumerate() {
            self.expect(expect, place.item(index));
            self.texts(place.item(index), Within::Expect, std::slice::from_ref(&rows));
            self.expected_labels(expect, place.item(index), &rows);
        }
        let stated = !own.is_empty() || place.is_damaged() || node.mentions("expect");
        if scenario.expect.is_some() && own.is_empty() && !place.is_damaged() {
            let empty = self.at("nothing-expected", "this list of expectations is empty", place);
            self.out.push(empty.help("write what must hold of the answer: `expect = { contains = \"…\" }`"));
        }
        let Inputs::Inline(list) = &scenario.inputs else {
            if !stated {
                self.nothing_expected(node, "nothing is expected of the answers of this scenario");
            }
            return;
        };
        let mut bare = None;
        for (index, input) in list.iter().enumerate() {
            let item = node.field("inputs").item(index);
            if let InlineInput::Table(table) = input {
                for (at, tag) in table.tags.iter().enumerate() {
                    self.plain_word("tag", tag, item.field("tags").item(at));
                }
            }
            let table = match input {
                InlineInput::Table(table) if item.mentions("expect") => table,
                _ => {
                    bare = bare.or(Some(item));
                    continue;
                }
            };
            let seed = loaded
                .seeds
                .as_ref()
                .and_then(|seeds| seeds.listed()?.get(index..=index))
                .map(SeedView::Listed);
            let row = Rows { scenario: &scenario.name, seeds: seed, knobs: Knobs::None };
            for (at, expect) in entries(table.expect.as_ref()).iter().enumerate() {
                let place = item.field("expect").item(at);
                self.expect(expect, place);
                self.texts(place, Within::Expect, std::slice::from_ref(&row));
                self.expected_labels(expect, place, &row);
            }
        }
        match bare {
            _ if scenario.template.is_some() && !stated && !list.is_empty() => {
                self.nothing_expected(
                    node,
                    "nothing is expected of the answers to the template of this scenario",
                );
            }
            Some(_) if stated => {}
            Some(item)
                if list.iter().any(|input| matches!(input, InlineInput::Table(t) if t.expect.is_some())) =>
            {
                self.nothing_expected(item, "nothing is expected of the answer to this input");
            }
            Some(_) => self.nothing_expected(node, "nothing is expected of the answers of this scenario"),
            None if list.is_empty() && !stated && !node.field("inputs").is_damaged() => {
                self.nothing_expected(node, "nothing is expected of the answers of this scenario");
            }
            None => {}
        }
    }

    fn nothing_expected(&mut self, node: &Node, what: &str) {
        let nothing = self.at("nothing-expected", what, node);
        self.out.push(nothing.help("write what must hold of the answer: `expect = { contains = \"…\" }`"));
    }

    fn conversation(&mut self, scenario: &ScenarioSpec, node: &Node, loaded: &Loaded) {
        let rows = Rows::of(scenario, node, loaded.seeds.as_ref().map(Seeds::view));
        let list = node.field("conversation");
        if !scenario.conversation.is_empty() && self.spec.target.recorded.is_some() {
            let what = "a conversation cannot be led with recorded answers";
            let refused = self.at_key("misplaced-key", what, list);
            self.out.push(refused.help("leave `conversation` out, or reach the application itself"));
        }
        for (index, follow_up) in scenario.conversation.iter().enumerate() {
            let place = list.item(index);
            if let Some(when) = &follow_up.when {
                self.expect(when, place.field("when"));
                self.no_references(when, place.field("when"));
                self.texts(place.field("when"), Within::Expect, std::slice::from_ref(&rows));
                self.expected_labels(when, place.field("when"), &rows);
            }
            if follow_up.user.trim().is_empty() {
                let empty = self.at("empty-text", "the user says nothing here", place.field("user"));
                self.out.push(empty.help("write what the user says next"));
            }
            self.texts(place.field("user"), Within::FollowUp, std::slice::from_ref(&rows));
            if follow_up.times == 0 {
                let never = self.at("out-of-range", "`times` cannot be 0", place.field("times"));
                self.out.push(never.help("leave it out: a follow-up is said once at most"));
            }
        }
        let turns = scenario.conversation.iter().fold(1, |all, step| all + u64::from(step.times));
        if scenario.max_turns.is_none() && turns > u64::from(MAX_TURNS) {
            let long = self.at_key("out-of-range", format!("this conversation may have {turns} turns"), list);
            self.out.push(long.help(format!("write `max_turns`, a number from 1 to {MAX_TURNS}")));
        }
        if scenario.max_turns.is_some() && scenario.conversation.is_empty() && !node.mentions("conversation")
        {
            let what = "`max_turns` bounds a conversation, and this scenario has none";
            let ignored = self.at_key("misplaced-key", what, node.field("max_turns"));
            self.out.push(ignored.help("leave it out, or write `conversation = [{ user = \"…\" }]`"));
        }
        if let Some(most) = scenario.max_turns.filter(|most| !(1..=MAX_TURNS).contains(most)) {
            let bad =
                self.at("out-of-range", format!("`max_turns` cannot be {most}"), node.field("max_turns"));
            self.out.push(bad.help(format!("write a number from 1 to {MAX_TURNS}")));
        }
    }
}
