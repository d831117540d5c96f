//! What a run tells those who watch it.

use crate::judge::Outcome;

/// Watches a run. Nothing it does changes the run.
pub trait Events: Send + Sync {
    /// The application of a suite is being started.
    fn starting(&self, suite: &str);
    /// The cases of a suite are being asked; `resumed` of them were asked before.
    fn asking(&self, suite: &str, cases: usize, resumed: usize);
    /// A case is done.
    fn done(&self, suite: &str, outcome: Outcome);
    /// All cases of a suite are done, or the run ends early.
    fn finished(&self, suite: &str);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Events for Silent {
    fn starting(&self, _: &str) {}
    fn asking(&self, _: &str, _: usize, _: usize) {}
    fn done(&self, _: &str, _: Outcome) {}
    fn finished(&self, _: &str) {}
}
