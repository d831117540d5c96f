//! Cases written by models: what is asked, how replies are kept and paid for, and what becomes of them. Nothing
//! here is done in CI, which reads what was reviewed.
//!
//! A generator makes a request of a brief; every request goes through [`ask::AsksJson`], at which the replies kept
//! on the disk and the budget stand before the network ([`rotation`]). What comes of the replies passes a filter
//! and waits for review; nothing that a model wrote becomes a case before a person has accepted it.

pub mod answer;
pub mod ask;
pub mod batch;
pub mod candidate;
pub mod decision;
pub mod draft;
pub mod engine;
mod expected;
pub mod generator;
pub mod generators;
pub mod grounds;
mod harvest;
pub mod knobs;
mod material;
pub mod outcome;
pub mod plan;
pub mod prompt;
mod quotation;
pub mod requests;
pub mod reviewing;
pub mod rotation;
pub mod select;
pub mod shape;
pub mod statement;
pub mod talk;
pub mod tally;
pub mod transform;
pub mod weigh;
mod winnow;
