//! Metrics: values over a suite, a scenario or a tag, each with what it rests on.

mod answers;
mod catalogue;
mod classification;
mod column;
mod confusion;
mod dialog;
mod display;
mod exclusion;
mod measure;
mod measurement;
mod named;
mod observation;
mod operations;
mod rates;
mod regression;
mod repeats;
mod retrieval;
mod robustness;
mod rounds;
mod scores;
mod seeds;
mod table;
pub mod text;
mod view;
mod weak;
mod words;

pub use crate::suite::metric_names::{Gating, Metric, Scope, catalogue, find};
pub use answers::AnswerFacts;
pub use catalogue::definitions_version;
pub use confusion::{Averages, Confusion, LabelCounts, NO_LABEL};
pub(crate) use display::{decimals_apart, decimals_of, decimals_of_difference};
pub use display::{display, display_delta};
pub use measure::{MeasureInput, Measures, measure_table};
pub use measurement::{Direction, Measurement, Slice, Unit};
pub use named::{NamedOutcomes, NamedSet};
pub use observation::{Observation, Variant};
pub(crate) use regression::spread;
pub use regression::{NumberPair, mean_absolute_error, r_squared, root_mean_squared_error};
pub use retrieval::{
    Gain, average_precision, context_ap, hit_at_k, ndcg_at_k, precision_at_k, ranked, recall_at_k,
    reciprocal_rank,
};
pub use scores::{Measured, RankingScores, Scores, TextScores, ranking_scores, text_scores};
pub use seeds::AcceptedRuns;
pub use table::{CaseFacts, Table};
pub use weak::WeakSpot;
pub(crate) use weak::{knob_groups, tested};
pub(crate) use words::{Index, Words};
