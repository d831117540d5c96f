//! Failures distilled: clusters against outside values and people's labels, the command over real runs, and the
//! shipped suites.

mod clinc150;
mod clusters;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod project;
mod saturation;
#[cfg(feature = "cli")]
mod shipped;
