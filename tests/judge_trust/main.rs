//! How far model judges can be trusted over time, against a scripted endpoint on loopback: canaries frozen and
//! graded again, checks over time, rates corrected, judges that come with Holdline, and what is shown of runs.

#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod project;

mod checking;
mod freezing;
mod regrading;
mod shown;
mod world;
