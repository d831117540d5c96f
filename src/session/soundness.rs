//! Whether the expectations of cases can be judged at all, looked at case by case.

use super::verify::tell;
use crate::expand::Case;
use crate::judge::{JudgeContext, Judges};
use crate::suite::schema::Expect;
use crate::suite::{Diagnostics, Place, Suite};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Expectations that are known at most: cases that share one mostly follow each other.
const MAX_KNOWN: usize = 4096;

/// What is looked at of the cases of a suite, none of which is kept.
pub struct Soundness {
    root: PathBuf,
    judges: JudgeContext,
    /// Expectations that were looked at, by their address; each is kept, so that its address stays taken.
    known: HashMap<usize, Arc<[Expect]>>,
    wrong: Vec<(Place, String)>,
}

impl Soundness {
    /// Before the first case of a suite.
    pub fn new(suite: &Suite) -> Self {
        Self {
            root: suite.root.clone(),
            judges: JudgeContext::new(suite.root.clone(), suite.folder()),
            known: HashMap::new(),
            wrong: Vec::new(),
        }
    }

    /// Looks at the next case.
    pub fn look_at(&mut self, case: &Case) {
        let address = case.expect.as_ptr() as usize;
        if self.known.contains_key(&address) {
            return;
        }
        if self.known.len() >= MAX_KNOWN {
            self.known.clear();
        }
        self.known.insert(address, case.expect.clone());
        if let Err(error) = Judges::compile(&case.expect, &self.judges) {
            self.wrong.push((case.provenance.place.clone(), error.to_string()));
        }
    }

    /// Tells what is wrong.
    pub fn tell(self, out: &mut Diagnostics) {
        tell(&self.root, "bad-case", self.wrong.into_iter(), out);
    }
}
