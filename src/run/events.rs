//! What a run tells those who watch it.

use crate::judge::Outcome;

/// Watches a run. Nothing it does changes the run.
pub trait Events: Send + Sync {
    /// The application of a suite is being started.
    fn starting(&self, suite: &str);
    /// The cases of a suite are being asked, for so many answers; `resumed` of them came before.
    fn asking(&self, suite: &str, cases: usize, answers: usize, resumed: usize);
    /// So many answers that are kept of a suite are being judged anew.
    fn rejudging(&self, suite: &str, answers: usize);
    /// Cases of a suite are being asked again, for so many answers, since their scenarios seem to have got
    /// worse.
    fn confirming(&self, suite: &str, cases: usize, answers: usize);
    /// An answer is there, or will not come.
    fn done(&self, suite: &str, outcome: Outcome);
    /// All that was to be asked of a suite is done, or the run ends early.
    fn finished(&self, suite: &str);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Events for Silent {
    fn starting(&self, _: &str) {}
    fn asking(&self, _: &str, _: usize, _: usize, _: usize) {}
    fn rejudging(&self, _: &str, _: usize) {}
    fn confirming(&self, _: &str, _: usize, _: usize) {}
    fn done(&self, _: &str, _: Outcome) {}
    fn finished(&self, _: &str) {}
}
