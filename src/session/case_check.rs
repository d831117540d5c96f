//! Checks the expectations of cases as rows fill them in, beside the making of the cases: in a thread of its
//! own once there are many.

use super::verify::{MAX_TOLD, told};
use crate::expand::{Case, Recent};
use crate::judge::{JudgeContext, Judges};
use crate::suite::schema::Expect;
use crate::suite::{Diagnostics, Place, Suite};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Lists of expectations of a suite whose patterns are built to see whether they can be. Of those beyond only
/// the syntax is looked at: what is too large to build is then an error of the judge, in the case it is in.
const BUILT: usize = 100;

/// Lists that are handed to the thread at once.
const BATCH: usize = 256;

/// Batches that wait for the thread; whoever makes cases waits for it then.
const WAITING: usize = 4;

/// Expectations, and where the first case with them stands.
type Batch = Vec<(Arc<[Expect]>, Place)>;

/// Checks the expectations of cases as they are made.
#[derive(Debug)]
pub struct CaseCheck {
    /// The lists seen last.
    seen: Recent<Expect>,
    batch: Batch,
    /// Who checks, as long as there is no thread that does.
    here: Option<Checker>,
    there: Option<(SyncSender<Batch>, JoinHandle<Checker>)>,
}

impl CaseCheck {
    /// Nothing checked yet.
    pub fn new(suite: &Suite) -> Self {
        let here = Some(Checker::new(suite));
        Self { seen: Recent::default(), batch: Batch::new(), here, there: None }
    }

    /// Checks a case.
    pub fn case(&mut self, case: &Case) {
        if self.seen.saw(&case.expect) {
            return;
        }
        self.batch.push((case.expect.clone(), case.provenance.place.clone()));
        if self.batch.len() == BATCH {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        if let Some(checker) = self.here.take() {
            let (sender, receiver) = sync_channel(WAITING);
            let thread = std::thread::spawn(move || receiver.into_iter().fold(checker, Checker::batch));
            self.there = Some((sender, thread));
        }
        if let Some((sender, _)) = &self.there {
            // Nobody listens any more only after a panic, which is seen when the thread is joined.
            let _ = sender.send(std::mem::take(&mut self.batch));
        }
    }

    /// Tells what is wrong.
    pub fn finish(self, root: &Path, out: &mut Diagnostics) {
        let joined = self.there.map(|(sender, thread)| {
            drop(sender);
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        if let Some(checker) = self.here.or(joined) {
            let Checker { wrong, more, .. } = checker.batch(self.batch);
            told(root, "bad-case", wrong, more, out);
        }
    }
}

#[derive(Debug)]
struct Checker {
    building: JudgeContext,
    reading: JudgeContext,
    checked: usize,
    wrong: Vec<(Place, String)>,
    more: usize,
}

impl Checker {
    fn new(suite: &Suite) -> Self {
        Self {
            building: JudgeContext::of(suite),
            reading: JudgeContext::for_syntax(suite),
            checked: 0,
            wrong: Vec::new(),
            more: 0,
        }
    }

    fn batch(mut self, batch: Batch) -> Self {
        for (expect, place) in batch {
            self.checked += 1;
            let context = if self.checked > BUILT { &self.reading } else { &self.building };
            if let Err(error) = Judges::compile(&expect, context) {
                if self.wrong.len() < MAX_TOLD {
                    self.wrong.push((place, error.to_string()));
                } else {
                    self.more += 1;
                }
            }
        }
        self
    }
}
