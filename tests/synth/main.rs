//! Generators against a scripted endpoint on loopback: what is asked of which model, what becomes of every kind of
//! reply, what is counted, and that nothing is asked twice.

#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../model/mod.rs"]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../project/mod.rs"]
mod project;

mod budget;
mod command;
mod generators;
mod prompts;
mod replies;
mod resume;
mod rotation;
mod talk;
mod transform;
mod weighing;
mod world;
mod yields;
