//! The decision procedure on bare numbers: what a metric's scores by case and run say, before anybody puts
//! it into words. Deterministic, without random numbers.
//!
//! [`Scores`] has what each paired case scored in each run of the baseline and of the candidate, [`Layout`]
//! which cluster and which scenario a case belongs to. [`suite_test`] and [`scenario_tests`] test them,
//! [`correct`] corrects all tests of a build together, and [`kind`] says what a suite's test comes to.

mod common;
mod correction;
mod guard;
mod layout;
mod scenario;
mod scores;
mod suite;
mod verdict;

pub use common::{DEVIATIONS, common_noise, stands_out};
pub use correction::{Corrected, Correction, correct};
pub use guard::Guard;
pub use layout::{Groups, Layout};
pub(crate) use scenario::choose;
pub use scenario::{ScenarioTest, least_exact, scenario_tests};
pub use scores::{Scores, Values};
pub use suite::{SuiteTest, suite_test};
pub use verdict::{Limits, MIN_CLUSTERS, is_flagged, is_held, kind};

/// Slack of comparisons of effects: the rounding of sums, not a part of the rule.
pub(crate) const SLACK: f64 = 1e-12;

/// One-sided size that sample sizes are told for.
pub const SIZE: f64 = 0.05;

/// Confidence of the two-sided interval.
pub const CONFIDENCE: f64 = 0.9;

/// Share of alpha that the tests of whole suites have together.
pub const SUITE_SHARE: f64 = 0.8;

/// Share of alpha that the tests of scenarios have together.
pub const SCENARIO_SHARE: f64 = 0.2;
