//! Checks of `[gate]`: metrics that exist, held to what they can be held to.

use super::{Checker, Loaded};
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::metric_names::{GATE_METRICS, GateMetric, gate_metric};
use crate::suite::nearest::nearest;
use crate::suite::quantity::Share;
use crate::suite::schema::MetricGate;

impl Checker<'_> {
    pub(super) fn gate(&mut self, scenarios: &[Loaded]) {
        let spec = self.spec;
        let node = self.root.field("gate");
        self.never_reached("tolerance", Some(spec.gate.tolerance), node);
        self.never_reached("min_effect", Some(spec.gate.min_effect), node);
        self.never_reached("min_scenario_effect", Some(spec.gate.min_scenario_effect), node);
        let node = node.field("metrics");
        for (key, gate) in &spec.gate.metrics {
            let place = node.field(key);
            let (name, scenario) = key.split_once('@').map_or((key.as_str(), None), |(a, b)| (a, Some(b)));
            let Some(metric) = gate_metric(name) else {
                let unknown = self.at_key("unknown-metric", format!("there is no metric {}", quote(name)), place);
                let names = || GATE_METRICS.iter().map(|metric| metric.name);
                self.out.push(match nearest(name, names()) {
                    Some(meant) => unknown.help(format!("did you mean `{meant}`?")),
                    None => unknown.help(format!("the metrics are {}", names().collect::<Vec<_>>().join(", "))),
                });
                continue;
            };
            if let Some(scenario) = scenario {
                self.metric_scenario(metric, scenario, place, scenarios);
            }
            self.metric_gate(metric, gate, place);
        }
    }

    fn metric_scenario(&mut self, metric: &GateMetric, scenario: &str, place: &Node, scenarios: &[Loaded]) {
        if !metric.by_scenario {
            let by: Vec<_> = GATE_METRICS.iter().filter(|m| m.by_scenario).map(|m| m.name).collect();
            let what = format!("`{}` is not taken by scenario", metric.name);
            let whole = self.at_key("unknown-metric", what, place);
            self.out.push(whole.help(format!("by scenario there are {}", quote_all(by))));
            return;
        }
        let ids = || scenarios.iter().filter_map(|loaded| loaded.id.as_deref());
        // A scenario that could not be read may be the one that is meant.
        let all_read = !self.root.field("scenario").is_damaged() && scenarios.iter().all(|one| one.id.is_some());
        if all_read && !ids().any(|id| id == scenario) {
            let unknown = self.at_key("unknown-scenario", format!("there is no scenario {}", quote(scenario)), place);
            self.out.push(match nearest(scenario, ids()) {
                Some(meant) => unknown.help(format!("did you mean `{}@{meant}`?", metric.name)),
                None => unknown.help(format!("the scenarios are {}", quote_all(ids()))),
            });
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

    fn metric_gate(&mut self, metric: &GateMetric, gate: &MetricGate, place: &Node) {
        let name = metric.name;
        if metric.needs_labels && self.spec.labels.is_empty() && !self.root.mentions("labels") {
            let what = format!("`{name}` is taken over labels, and this suite declares none");
            let none = self.at_key("no-labels", what, place);
            self.out.push(none.help("declare every label an answer may carry: `labels = [\"…\"]` at the top"));
        }
        self.never_reached("tolerance", gate.tolerance, place);
        self.never_reached("min_effect", gate.min_effect, place);
        if !metric.compared {
            for key in ["tolerance", "min_effect"] {
                if place.mentions(key) {
                    let what = format!("`{key}` cannot be set for `{name}`: it is not compared case by case yet");
                    let refused = self.at_key("not-available-yet", what, place.field(key));
                    self.out.push(refused.help("hold it to a `floor`"));
                }
            }
            let other = ["floor", "tolerance", "min_effect"].iter().any(|key| place.mentions(key));
            if !other {
                let what = format!("`{name}` is not compared case by case yet, and has no `floor`");
                let idle = self.at_key("not-available-yet", what, place);
                self.out.push(idle.help(format!("give the value it may not be worse than: `{name} = {{ floor = … }}`")));
            }
        }
        let (least, most) = metric.range;
        if let Some(floor) = gate.floor.filter(|floor| !(least..=most).contains(floor)) {
            let what = format!("a `floor` of {floor} is no value of `{name}`");
            let outside = self.at("out-of-range", what, place.field("floor"));
            self.out.push(if most < f64::MAX {
                outside.help(format!("`{name}` lies from {least} to {most}: write eighty per cent as `0.8`"))
            } else {
                outside.help("write a number of at least 0")
            });
        }
    }
}
