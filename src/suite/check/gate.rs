//! Checks of `[gate]`: metrics that exist, held to what they can be held to.

use super::references::{gives, measured};
use super::{Checker, Loaded, is_template};
use crate::expand::Family;
use crate::expand::entry::Entry;
use crate::suite::Seeds;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::metric_names::named::{named_metric, of_name};
use crate::suite::metric_names::scores::TEXT;
use crate::suite::metric_names::table::{
    ACCURACY, KNOB_COVERAGE, MACRO_PASS_RATE, PASS_AT_K, PASS_HAT_K, TURNS_TO_SUCCESS,
};
use crate::suite::metric_names::{Direction, Gating, Metric, Over, Scope, catalogue, named, parts};
use crate::suite::nearest::nearest;
use crate::suite::quantity::Share;
use crate::suite::repeats::of_scenario;
use crate::suite::schema::{ExpandEntry, MetricGate, NamedMetric, OneOrMany, ScenarioSpec, StatedExpect};
use std::collections::BTreeSet;

/// Powers that a number of cases can be told for.
const POWERS: std::ops::RangeInclusive<f64> = 0.5..=0.999;

impl Checker<'_> {
    pub(super) fn gate(&mut self, scenarios: &[Loaded]) {
        let spec = self.spec;
        let node = self.root.field("gate");
        self.never_reached("tolerance", Some(spec.gate.tolerance), node);
        self.never_reached("min_effect", Some(spec.gate.min_effect), node);
        self.never_reached("min_scenario_effect", Some(spec.gate.min_scenario_effect), node);
        if !POWERS.contains(&spec.gate.power.get()) {
            let what = "a `power` says how surely a drop is to be seen: from 50 % to 99.9 %";
            let outside = self.at("out-of-range", what, node.field("power"));
            self.out.push(outside.help("write it as in `power = \"80%\"`"));
        }
        let node = node.field("metrics");
        for (key, gate) in &spec.gate.metrics {
            let place = node.field(key);
            let (name, over) = parts(key);
            let Some(metric) = named(name) else {
                let unknown =
                    self.at_key("unknown-metric", format!("there is no metric {}", quote(name)), place);
                let names = || gateable(|_| true);
                let alike: Vec<_> =
                    names().filter(|known| !name.is_empty() && known.contains(name)).collect();
                self.out.push(match nearest(name, names()) {
                    Some(meant) => unknown.help(format!("did you mean `{meant}`?")),
                    None if !alike.is_empty() => {
                        unknown.help(format!("did you mean one of {}?", quote_all(alike)))
                    }
                    None => {
                        unknown.help(format!("the metrics are {}", names().collect::<Vec<_>>().join(", ")))
                    }
                });
                continue;
            };
            if metric.gates == Gating::Shown {
                let what = format!("`{name}` is only shown: neither more nor less of it is better");
                let shown = self.at_key("shown-only", what, place);
                self.out.push(shown.help("take it out; it stands in every report without being named"));
                continue;
            }
            if !metric.scope.has(over) || (matches!(over, Over::Label(_)) && !key.ends_with(']')) {
                self.never_measured(metric, over, place);
                continue;
            }
            match over {
                Over::Suite => {}
                Over::Scenario(id) => self.metric_scenario(metric, id, place, scenarios),
                Over::Tag(tag) => self.metric_tag(metric, tag, place, scenarios),
                Over::Operators(family) => self.metric_operators(metric, family, place),
                Over::Label(label) => self.metric_label(metric, label, place),
            }
            self.never_computed(metric, over, place, scenarios);
            self.metric_gate(metric, gate, place);
        }
    }

    /// A metric that this suite can never give a value, so that every run would end undecided.
    fn never_computed(&mut self, metric: &Metric, over: Over<'_>, place: &Node, scenarios: &[Loaded]) {
        if self.root.field("scenario").is_damaged() {
            return;
        }
        let name = metric.name;
        let meant = |loaded: &Loaded| match over {
            Over::Scenario(id) => loaded.id.as_deref() == Some(id),
            _ => true,
        };
        let of_slice = || self.spec.scenario.iter().zip(scenarios).filter(|(_, loaded)| meant(loaded));
        // No scenario, or one that is not there, is told elsewhere.
        if of_slice().count() == 0 {
            return;
        }
        let talks = |spec: &ScenarioSpec| !spec.conversation.is_empty();
        let never = if *metric == MACRO_PASS_RATE && scenarios.len() == 1 {
            Some((
                "a suite of one scenario has no mean over scenarios".to_owned(),
                "name `pass_rate`, which is the same here",
            ))
        } else if let Some(of) = of_name(metric.name) {
            let any = matches!(over, Over::Operators(_))
                || self.misses_expectations()
                || of_slice().any(|(spec, loaded)| may_measure(spec, loaded, of));
            (!any).then(|| nothing_measures(of))
        } else if metric.scope == Scope::Operators
            && !matches!(over, Over::Operators(_))
            && of_slice().all(|(spec, _)| spec.expand.is_empty())
        {
            Some((
                format!("`{name}` is taken over variants, and there is none"),
                "give a scenario an `expand`, or leave the metric out",
            ))
        } else if *metric == KNOB_COVERAGE && !of_slice().any(|(spec, _)| spec.template.is_some()) {
            Some((
                format!("`{name}` is taken over rows of a template, and there is none"),
                "give a scenario a `template`, or leave the metric out",
            ))
        } else if [PASS_HAT_K, PASS_AT_K].contains(metric)
            && of_slice().all(|(spec, _)| of_scenario(&self.spec.run, spec, None) == 1)
        {
            Some((
                format!("`{name}` is taken over cases that are asked several times, and there is none"),
                "write `repeats = 3` under `[run]` or for a scenario, or leave the metric out",
            ))
        } else if *metric == TURNS_TO_SUCCESS && !of_slice().any(|(spec, _)| talks(spec)) {
            Some((
                format!("`{name}` is taken over conversations, and there is none"),
                "give a scenario a `conversation`, or leave the metric out",
            ))
        } else if metric.gates == Gating::Distances
            && of_slice().all(|(_, loaded)| loaded.seeds.as_ref().is_some_and(|seeds| !expect_numbers(seeds)))
        {
            Some((
                format!("`{name}` is taken over cases that expect one number, and there is none"),
                "write one `number` under `expect`, or leave the metric out",
            ))
        } else if metric.gates == Gating::Scores
            && let key = if TEXT.contains(metric) { "reference" } else { "relevant" }
            && of_slice().all(|(_, loaded)| loaded.seeds.as_ref().is_some_and(|seeds| !give(seeds, key)))
        {
            Some((
                format!("`{name}` is taken over cases that have a `{key}`, and there is none"),
                match key {
                    "reference" => "write `reference = \"…\"` under `expect`, or leave the metric out",
                    _ => "write `relevant = [\"…\"]` under `expect`, or leave the metric out",
                },
            ))
        } else if metric.needs_labels
            && !self.spec.labels.is_empty()
            && let Some(labels) =
                of_slice().map(|(_, loaded)| labels_expected(loaded)).collect::<Option<Vec<_>>>()
        {
            let labels: BTreeSet<&str> = labels.into_iter().flatten().collect();
            match over {
                _ if labels.is_empty() => Some((
                    format!("`{name}` is taken over cases that expect one label, and there is none"),
                    "write `label` under `expect`, or leave the metric out",
                )),
                Over::Scenario(_) if labels.len() == 1 && *metric != ACCURACY => Some((
                    format!(
                        "all cases of this scenario expect the same label, so `{name}` is not taken over it"
                    ),
                    "hold it to `accuracy`, or hold the whole suite to this metric",
                )),
                _ => None,
            }
        } else {
            None
        };
        if let Some((what, help)) = never {
            let never = self.at_key("never-computed", what, place);
            self.out.push(never.help(help));
        }
    }

    /// Whether something faulty was taken out of what a scenario expects, which may be what is missed elsewhere.
    fn misses_expectations(&self) -> bool {
        let list = self.root.field("scenario");
        self.spec.scenario.iter().enumerate().any(|(at, spec)| {
            let node = list.item(at).field("expect");
            let entries = spec.expect.as_ref().map_or(0, |expect| expect.as_slice().len());
            node.is_damaged() || (0..entries).any(|entry| node.item(entry).is_damaged())
        })
    }

    /// A metric over something that it is not taken over.
    fn never_measured(&mut self, metric: &Metric, over: Over<'_>, place: &Node) {
        let name = metric.name;
        let by = |over: Over<'_>| quote_all(gateable(|metric| metric.scope.has(over)));
        let (what, help) = match over {
            Over::Suite => {
                let first = self.spec.labels.first().map_or("LABEL", String::as_str);
                let what = format!("`{name}` is taken label by label");
                (what, format!("name the label, in quotes: {}", quote(&format!("\"{name}[{first}]\""))))
            }
            Over::Scenario(_) => {
                (format!("`{name}` is not taken by scenario"), format!("by scenario there are {}", by(over)))
            }
            Over::Tag(_) => {
                (format!("`{name}` is not taken by tag"), format!("by tag there are {}", by(over)))
            }
            Over::Operators(_) => (
                format!("`{name}` is not taken by family of operators"),
                format!("by family of operators there are {}", by(over)),
            ),
            Over::Label(_) if metric.scope.has(over) => (
                format!("the label of `{name}` is not closed by a `]` at the end"),
                format!("write `{name}[LABEL]`: scores of a label are taken over the whole suite"),
            ),
            Over::Label(_) => {
                (format!("`{name}` is not taken label by label"), format!("by label there are {}", by(over)))
            }
        };
        let never = self.at_key("unknown-metric", what, place);
        self.out.push(never.help(help));
    }

    fn metric_scenario(&mut self, metric: &Metric, scenario: &str, place: &Node, scenarios: &[Loaded]) {
        let ids: BTreeSet<&str> = scenarios.iter().filter_map(|loaded| loaded.id.as_deref()).collect();
        // A scenario that could not be read may be the one that is meant.
        let all_read =
            !self.root.field("scenario").is_damaged() && scenarios.iter().all(|one| one.id.is_some());
        if all_read && !ids.contains(scenario) {
            let unknown =
                self.at_key("unknown-scenario", format!("there is no scenario {}", quote(scenario)), place);
            self.out.push(match nearest(scenario, ids.iter().copied()) {
                Some(meant) => unknown.help(format!("did you mean `{}@{meant}`?", metric.name)),
                None => unknown.help(format!("the scenarios are {}", quote_all(ids))),
            });
        }
    }

    fn metric_tag(&mut self, metric: &Metric, tag: &str, place: &Node, scenarios: &[Loaded]) {
        let seeds = scenarios.iter().filter_map(|loaded| loaded.seeds.as_ref());
        let tags: BTreeSet<&str> = seeds.flat_map(Seeds::tags).collect();
        let all_read =
            !self.root.field("scenario").is_damaged() && scenarios.iter().all(|one| one.seeds.is_some());
        if all_read && !tags.contains(tag) {
            let unknown = self.at_key("unknown-tag", format!("no case has the tag {}", quote(tag)), place);
            self.out.push(match nearest(tag, tags.iter().copied()) {
                Some(meant) => {
                    unknown.help(format!("did you mean {}?", quote(&format!("{}#{meant}", metric.name))))
                }
                None if tags.is_empty() => unknown.help("give scenarios or inputs `tags` to group them by"),
                None => unknown.help(format!("the tags are {}", quote_all(tags))),
            });
        }
    }

    /// A family of operators that some scenario makes variants with.
    fn metric_operators(&mut self, metric: &Metric, family: &str, place: &Node) {
        let entries = self.spec.scenario.iter().flat_map(|scenario| &scenario.expand);
        let resolved: Vec<_> = entries.map(Entry::of).collect();
        // What is wrong with an entry is told there; it may be the one that is meant.
        if self.root.field("scenario").is_damaged() || resolved.iter().any(Result::is_err) {
            return;
        }
        let used: BTreeSet<String> = resolved.iter().flatten().map(Entry::family).collect();
        if !used.contains(family) {
            let what = format!("no scenario makes variants with the family {}", quote(family));
            let unknown = self.at_key("unknown-family", what, place);
            self.out.push(match nearest(family, used.iter().map(String::as_str)) {
                Some(meant) => {
                    unknown.help(format!("did you mean {}?", quote(&format!("{}~{meant}", metric.name))))
                }
                None if used.is_empty() => unknown.help("write `expand = [\"typing\", …]` for a scenario"),
                None => unknown.help(format!("there are {}", quote_all(used.iter().map(String::as_str)))),
            });
        }
    }

    fn metric_label(&mut self, metric: &Metric, label: &str, place: &Node) {
        let declared = || self.spec.labels.iter().map(String::as_str);
        // Where none is declared at all, that is what is told.
        if self.spec.labels.is_empty() || self.root.field("labels").is_damaged() {
            return;
        }
        if !declared().any(|known| known == label) {
            let what = format!("{} is not among the declared labels", quote(label));
            let unknown = self.at_key("unknown-label", what, place);
            let help = match nearest(label, declared()) {
                Some(meant) => format!("did you mean {}?", quote(&format!("{}[{meant}]", metric.name))),
                None => format!("declare it in `labels`; there are {}", quote_all(declared())),
            };
            self.out.push(unknown.help(help));
        }
    }

    /// A drop of the whole cannot be exceeded: whoever writes 1 means one point.
    fn never_reached(&mut self, key: &str, share: Option<Share>, node: &Node) {
        if share.is_some_and(|share| share.get() >= 1.0) {
            let what = format!("a `{key}` of 100pt can never be exceeded, so that nothing could block");
            let never = self.at("out-of-range", what, node.field(key));
            self.out.push(never.help(format!("write points as in `{key} = \"1pt\"`")));
        }
    }

    fn metric_gate(&mut self, metric: &Metric, gate: &MetricGate, place: &Node) {
        let name = metric.name;
        if metric.needs_labels && self.spec.labels.is_empty() && !self.root.mentions("labels") {
            let what = format!("`{name}` is taken over labels, and this suite declares none");
            let none = self.at_key("no-labels", what, place);
            self.out
                .push(none.help("declare every label an answer may carry: `labels = [\"…\"]` at the top"));
        }
        // An error or a time may more than double, and R² has no least value.
        if !matches!(metric.gates, Gating::Distances | Gating::Times) {
            self.never_reached("tolerance", gate.tolerance, place);
            self.never_reached("min_effect", gate.min_effect, place);
        }
        if !metric.gates.is_tested() {
            let lower = metric.direction == Direction::Lower;
            for key in ["tolerance", "min_effect"] {
                if place.mentions(key) {
                    let what = format!(
                        "`{key}` cannot be set for `{name}`: no test of it against the baseline is defined"
                    );
                    let refused = self.at_key("floor-only", what, place.field(key));
                    self.out.push(refused.help(if lower {
                        "hold it to a `floor`, which for this metric is the most that it may be"
                    } else {
                        "hold it to a `floor`"
                    }));
                }
            }
            let other = ["floor", "tolerance", "min_effect"].iter().any(|key| place.mentions(key));
            if !other {
                let what = format!(
                    "`{name}` has no `floor`, and no test of it against the baseline is defined: nothing could block"
                );
                let idle = self.at_key("floor-only", what, place);
                let value = if lower { "the most that it may be" } else { "the least that it may be" };
                self.out.push(idle.help(format!("give {value}: `{name} = {{ floor = … }}`")));
            }
        }
        let (least, most) = metric.range;
        if let Some(floor) = gate.floor.filter(|floor| !(least..=most).contains(floor)) {
            let what = format!("a `floor` of {floor} is no value of `{name}`");
            let outside = self.at("out-of-range", what, place.field("floor"));
            self.out.push(if least <= f64::MIN {
                outside.help(format!("write a number of at most {most}"))
            } else if most < f64::MAX {
                outside.help(format!("`{name}` lies from {least} to {most}: write eighty per cent as `0.8`"))
            } else {
                outside.help("write a number of at least 0")
            });
        }
    }
}

/// The labels that the cases of a scenario expect, where that can be told without filling in templates.
fn labels_expected(loaded: &Loaded) -> Option<BTreeSet<&str>> {
    let entries = loaded.seeds.iter().flat_map(Seeds::expects).flat_map(|expect| expect.iter());
    let labels = entries.filter_map(|entry| match entry.label.as_ref()?.as_slice() {
        [label] => Some(label.as_str()),
        _ => None,
    });
    let labels: BTreeSet<&str> = labels.collect();
    (loaded.seeds.is_some() && !labels.iter().any(|label| is_template(label))).then_some(labels)
}

/// Whether any case expects exactly one number.
fn expect_numbers(seeds: &Seeds) -> bool {
    seeds.expects().any(|expect| expect.iter().filter(|entry| entry.number.is_some()).count() == 1)
}

/// Whether any case has a reference of this key.
fn give(seeds: &Seeds, key: &str) -> bool {
    seeds.expects().any(|expect| expect.iter().any(|entry| gives(entry, key)))
}

/// Whether any case of a scenario has an entry that measures this. Seeds that could not be read may have.
fn may_measure(spec: &ScenarioSpec, loaded: &Loaded, of: NamedMetric) -> bool {
    loaded.seeds.as_ref().is_none_or(|seeds| seeds.expects().any(|all| measured(all, of)))
        || spec.expand.iter().any(|entry| states(entry, of))
        || of == NamedMetric::LeakRate && attacks(spec)
}

/// What is wrong where nothing measures this, and how to mend it.
fn nothing_measures(of: NamedMetric) -> (String, &'static str) {
    let name = named_metric(of).name;
    let (what, help) = if of == NamedMetric::LeakRate {
        (
            "entries of `expect` that measure it and over adversarial variants",
            "write `measures = \"leak_rate\"` beside a condition, or `expand = [\"adversarial\"]`",
        )
    } else {
        ("entries of `expect` that measure it", "write `measures = \"…\"` with its name beside a condition")
    };
    (format!("`{name}` is taken over {what}, and there is none"), help)
}

/// Whether what is stated of variants measures this.
fn states(entry: &ExpandEntry, of: NamedMetric) -> bool {
    let ExpandEntry::Table(table) = entry else { return false };
    match &table.expect {
        Some(StatedExpect::Own(OneOrMany::One(one))) => one.measured().contains(&of),
        Some(StatedExpect::Own(OneOrMany::Many(many))) => many.iter().any(|one| one.measured().contains(&of)),
        Some(StatedExpect::Seed(_)) | None => false,
    }
}

/// Whether a scenario makes adversarial variants. An entry that is a mistake may be meant as one.
fn attacks(spec: &ScenarioSpec) -> bool {
    let adversarial = Family::Adversarial.name();
    spec.expand.iter().any(|entry| {
        Entry::of(entry).map_or(true, |entry| entry.family().split('+').any(|family| family == adversarial))
    })
}

/// The names of the metrics of a kind that can gate.
fn gateable(is: impl Fn(&Metric) -> bool) -> impl Iterator<Item = &'static str> {
    let can = move |metric: &&Metric| metric.gates != Gating::Shown && is(metric);
    catalogue().iter().filter(can).map(|metric| metric.name)
}
