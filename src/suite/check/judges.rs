//! Checks of `judge` in an `expect`: judges that are there, can be read, and say what is measured by them.

use super::{Checker, is_template};
use crate::suite::diagnostic::{Diagnostic, quote, quote_all};
use crate::suite::document::Node;
use crate::suite::inputs::entries;
use crate::suite::judges::{JudgeDefinition, folder_of_suites};
use crate::suite::metric_names::named::named_metric;
use crate::suite::nearest::nearest;
use crate::suite::schema::judge::JudgeKind;
use crate::suite::schema::{Expect, InlineInput, Inputs, NamedMetric, OneOrMany};
use std::collections::BTreeMap;

impl<'a> Checker<'a> {
    /// The judges that expectations name, in the order of their names. `path` is the suite's.
    pub(crate) fn judges(&mut self, path: &str) -> Vec<JudgeDefinition> {
        let suites = folder_of_suites(path);
        let mut judges = Vec::new();
        for (name, node) in self.named() {
            let known = JudgeDefinition::known(self.files.root(), &suites);
            if !known.contains(&name) {
                let what = format!("there is no judge {}", quote(&name));
                let unknown = self.at("unknown-judge", what, node);
                self.out.push(missing(unknown, &name, &known, &suites));
                continue;
            }
            // What is wrong with the shape of one in this file is told already.
            if self.spec.judges.contains_key(&name) && !self.out.is_empty() {
                continue;
            }
            match JudgeDefinition::load(self.files.root(), &suites, &name) {
                Ok(mut judge) => match judge.recall(self.files.root()) {
                    Ok(()) => judges.push(judge),
                    Err(mistakes) => self.out.extend(mistakes),
                },
                // With places of their own: in the judge's file.
                Err(mistakes) => self.out.extend(mistakes),
            }
        }
        self.claims_measured(&judges);
        judges
    }

    /// Metrics over claims, in entries whose judges say nothing of claims. Judges that cannot be read are told
    /// of elsewhere.
    fn claims_measured(&mut self, judges: &[JudgeDefinition]) {
        for (entry, node) in self.entries_judged() {
            let names = entry.judge.as_ref().map_or(&[][..], OneOrMany::as_slice);
            let is_one = |name: &&String, fits: fn(JudgeKind) -> bool| {
                let judge = judges.iter().find(|judge| judge.name == **name);
                judge.is_none_or(|judge| judge.single().iter().all(|judge| fits(judge.file.kind)))
            };
            let of_claims = |kind| kind == JudgeKind::Claims;
            // What these score is something else.
            let no_other_score = |kind| !matches!(kind, JudgeKind::Score | JudgeKind::Principles);
            for of in entry.measured() {
                let fits = match of {
                    NamedMetric::Faithfulness => {
                        !names.is_empty() && names.iter().all(|name| is_one(&name, of_claims))
                    }
                    NamedMetric::HallucinationRate => names.iter().all(|name| is_one(&name, no_other_score)),
                    _ => true,
                };
                if !fits {
                    let what = format!("`{}` is taken over claims", named_metric(*of).name);
                    let other = self.at("not-of-claims", what, node.field("measures"));
                    self.out.push(other.help(
                        "write it in an entry whose `judge` has `kind = \"claims\"`, and no other judge beside it",
                    ));
                }
            }
        }
    }

    /// The entries of all expectations, each with its place.
    fn entries_judged(&self) -> Vec<(&'a Expect, &'a Node)> {
        let (spec, root) = (self.spec, self.root);
        let list = root.field("scenario");
        let mut all = Vec::new();
        for (index, scenario) in spec.scenario.iter().enumerate() {
            let node = list.item(index);
            gather(scenario.expect.as_ref(), node.field("expect"), &mut all);
            let Inputs::Inline(inputs) = &scenario.inputs else { continue };
            for (at, input) in inputs.iter().enumerate() {
                if let InlineInput::Table(table) = input {
                    let place = node.field("inputs").item(at).field("expect");
                    gather(table.expect.as_ref(), place, &mut all);
                }
            }
        }
        all
    }

    /// The names that stand in expectations, each with the first place it stands at.
    fn named(&mut self) -> BTreeMap<String, &'a Node> {
        let mut places = Vec::new();
        for (entry, node) in self.entries_judged() {
            of_entry(entry, node, &mut places);
        }
        let mut named = BTreeMap::new();
        for (name, node) in places {
            if name.trim().is_empty() || is_template(&name) {
                let bad = self.at("unknown-judge", format!("{} is no name of a judge", quote(&name)), node);
                self.out.push(bad.help("write the name of a file in the folder `judges`, without `.toml`"));
            } else {
                named.entry(name).or_insert(node);
            }
        }
        named
    }
}

fn gather<'n>(expect: Option<&'n OneOrMany<Expect>>, node: &'n Node, all: &mut Vec<(&'n Expect, &'n Node)>) {
    let is_list = matches!(expect, Some(OneOrMany::Many(_)));
    for (at, entry) in entries(expect).iter().enumerate() {
        all.push((entry, if is_list { node.item(at) } else { node }));
    }
}

fn of_entry<'n>(entry: &Expect, node: &'n Node, places: &mut Vec<(String, &'n Node)>) {
    let place = node.field("judge");
    match &entry.judge {
        None => {}
        Some(OneOrMany::One(name)) => places.push((name.clone(), place)),
        Some(OneOrMany::Many(names)) => {
            places.extend(names.iter().enumerate().map(|(at, name)| (name.clone(), place.item(at))));
        }
    }
    if let Some(not) = &entry.not {
        of_entry(not, node.field("not"), places);
    }
}

fn missing(unknown: Diagnostic, name: &str, known: &[String], suites: &str) -> Diagnostic {
    let names = || known.iter().map(String::as_str);
    match nearest(name, names()) {
        Some(meant) => unknown.help(format!("did you mean {}?", quote(meant))),
        None if known.is_empty() => unknown.help(format!(
            "write it as {suites}/judges/{name}.toml; `holdline schema judge` says what goes into it"
        )),
        None => unknown.help(format!("the judges are {}", quote_all(names()))),
    }
}
