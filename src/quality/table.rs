//! A synthetic table against the real one it stands for: how close it is, how useful, what leaked from
//! the real one, and what was never in it.
//!
//! Everything here measures; nothing gates. A figure that cannot be had is none, with the reason. The
//! definitions, and what they share with `SDMetrics`, are in `docs/table-quality.md`.
#![expect(clippy::float_cmp, reason = "cells are equal or not, as their texts are")]

mod answers;
mod combinations;
mod data;
mod features;
mod fidelity;
mod figure;
mod holdout;
mod kind;
mod linear;
mod meanings;
mod measure;
mod membership;
mod nearest;
mod novelty;
mod page;
mod pair;
mod privacy;
mod queries;
mod read;
mod report;
mod series;
mod shape;
mod space;
mod stream;
mod tree;
mod utility;
mod words;

pub use figure::Figure;
pub use kind::Kind;
pub use measure::{Options, measure};
pub use page::page;
pub use read::Table;
pub use report::*;
