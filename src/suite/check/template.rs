//! Checks of `template`, `knobs` and `cover`: what makes no rows, and what no row would show. The model that
//! rows are made of tells of itself; here its mistakes get their places.

use super::Checker;
use super::variables::{Rows, Within};
use crate::expand::entry::Step;
use crate::expand::rows::{Mistake, model, names_knob, templates};
use crate::suite::document::Node;
use crate::suite::schema::ScenarioSpec;
use serde_json::{Value, json};

impl Checker<'_> {
    /// The template of a scenario with its knobs.
    pub(super) fn template_of(&mut self, scenario: &ScenarioSpec, node: &Node) {
        if scenario.template.is_none() {
            for key in
                ["knobs", "cover"].into_iter().filter(|key| node.mentions(key) && !node.mentions("template"))
            {
                let what = format!("`{key}` changes nothing here: the scenario has no template");
                let idle = self.at_key("misplaced-key", what, node.field(key));
                self.out.push(
                    idle.help("write `template = \"…\"`, a text with `{{ knob }}` in it, or leave it out"),
                );
            }
            return;
        }
        let place = node.field("template");
        let texts = templates(scenario);
        if texts.is_empty() && !place.is_damaged() {
            let nothing = self.at("empty-text", "this list of templates is empty", place);
            self.out.push(nothing.help("write at least one text with `{{ knob }}` in it"));
        }
        let rows = Rows::of(scenario, node, None);
        for (at, text) in texts.iter().enumerate() {
            if text.trim().is_empty() {
                let empty = self.at("empty-text", "this template is empty", place.item(at));
                self.out.push(empty.help("write a text with `{{ knob }}` in it"));
            }
            self.texts(place.item(at), Within::Template, std::slice::from_ref(&rows));
        }
        if node.field("knobs").is_damaged() && node.mentions("knobs")
            || node.field("cover").is_damaged() && node.mentions("cover")
        {
            return;
        }
        let mistakes = model(scenario).err().unwrap_or_default();
        for mistake in &mistakes {
            self.knob_mistake(mistake, node);
        }
        if !place.is_damaged() {
            self.unused_knobs(scenario, node, &mistakes);
        }
    }

    fn knob_mistake(&mut self, mistake: &Mistake, node: &Node) {
        let find = |path: &[Step]| {
            path.iter().fold(node, |place, step| match step {
                Step::Key(key) => place.field(key),
                Step::Item(at) => place.item(*at),
            })
        };
        let place = find(&mistake.path);
        let mut told = match (&mistake.within, place.to_value()) {
            (Some(within), Value::String(text)) => {
                let span = place.span_of(self.source, &text, Some(within.clone()));
                self.within(mistake.code, &mistake.message, span)
            }
            _ if mistake.key => self.at_key(mistake.code, &mistake.message, place),
            _ => self.at(mistake.code, &mistake.message, place),
        };
        for (path, words) in &mistake.related {
            told = told.related(self.source.spot(find(path).span.clone()), *words);
        }
        self.out.push(told.help(&mistake.help));
    }

    /// Knobs that change nothing: rows that differ in them alone would be the same case.
    fn unused_knobs(&mut self, scenario: &ScenarioSpec, node: &Node, mistakes: &[Mistake]) {
        let short = json!(templates(scenario));
        let target = self.root.get("target").map(Node::to_value).unwrap_or_default();
        let long = json!([target, scenario.conversation, scenario.expect, scenario.expand]);
        for knob in scenario.knobs.keys() {
            // One that cannot be named so was told of.
            let at = [Step::from("knobs"), Step::Key(knob.clone())];
            if mistakes.iter().any(|mistake| mistake.code == "bad-name" && mistake.path == at) {
                continue;
            }
            if !names_knob(&short, knob, true) && !names_knob(&long, knob, false) {
                let what = format!("the knob `{knob}` changes nothing: no template names it");
                let unused = self.at_key("unused-knob", what, node.field("knobs").field(knob));
                self.out.push(
                    unused.help(format!("write `{{{{ {knob} }}}}` in a template, or leave the knob out")),
                );
            }
        }
    }
}
