//! Cases written by models: asked for, filtered, and put aside until a person has reviewed them. Nothing here is
//! done in CI, which reads what was reviewed.

pub mod answer;
pub mod ask;
pub mod candidate;
pub mod draft;
pub mod generator;
pub mod generators;
mod material;
pub mod prompt;
mod quotation;
pub mod shape;
