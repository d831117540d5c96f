//! Cases written by models: asked for, filtered, and put aside until a person has reviewed them. Nothing here is
//! done in CI, which reads what was reviewed.

pub mod ask;
pub mod candidate;
pub mod decision;
pub mod draft;
pub mod reviewing;
pub mod statement;
