//! Checks that need no model: one file for each family of them.

mod bounds;
mod calls;
mod check;
mod cites;
mod command;
mod compile;
mod json;
mod label;
mod number;
mod program;
mod reader;
mod schema;
mod text;
#[cfg(test)]
pub(in crate::judge) mod trial;
mod value;

pub(super) use check::{Check, Ruling, Subject};
pub(super) use command::Command;
pub(super) use compile::{Compiled, Kind, Scope, Use, compile};
pub use number::Numbers;
pub(crate) use program::Program;
