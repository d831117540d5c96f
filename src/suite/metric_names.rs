//! The metrics that a suite may be held to, and how.

/// A metric that can be named under `[gate.metrics]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateMetric {
    /// Its name.
    pub name: &'static str,
    /// Whether it is compared with the baseline case by case; otherwise only a `floor` holds it.
    pub compared: bool,
    /// Whether it is taken over declared labels.
    pub needs_labels: bool,
    /// Whether `name@scenario-id` names it for one scenario.
    pub by_scenario: bool,
    /// The least and the greatest value that it can have.
    pub range: (f64, f64),
}

const fn compared(name: &'static str, needs_labels: bool, by_scenario: bool, least: f64) -> GateMetric {
    GateMetric { name, compared: true, needs_labels, by_scenario, range: (least, 1.0) }
}

const fn floor_only(name: &'static str, most: f64) -> GateMetric {
    GateMetric { name, compared: false, needs_labels: false, by_scenario: false, range: (0.0, most) }
}

/// All of them.
pub const GATE_METRICS: &[GateMetric] = &[
    compared("pass_rate", false, true, 0.0),
    compared("accuracy", true, true, 0.0),
    compared("error_rate", false, false, 0.0),
    compared("macro_f1", true, false, 0.0),
    compared("macro_precision", true, false, 0.0),
    compared("macro_recall", true, false, 0.0),
    compared("micro_f1", true, false, 0.0),
    compared("weighted_f1", true, false, 0.0),
    compared("balanced_accuracy", true, false, 0.0),
    compared("mcc", true, false, -1.0),
    compared("kappa", true, false, -1.0),
    floor_only("turns_to_success", f64::MAX),
    floor_only("latency_p50", f64::MAX),
    floor_only("latency_p95", f64::MAX),
    floor_only("latency_p99", f64::MAX),
    floor_only("first_token_p50", f64::MAX),
    floor_only("first_token_p95", f64::MAX),
    floor_only("tokens", f64::MAX),
    floor_only("cost", f64::MAX),
    floor_only("timeout_rate", 1.0),
];

/// The metric of this name, without any `@scenario`.
pub fn gate_metric(name: &str) -> Option<&'static GateMetric> {
    GATE_METRICS.iter().find(|metric| metric.name == name)
}
