//! Failures that were found beside a suite, offered for review.

use super::NeighboursError;
use crate::distil::found::Offers;
use crate::distil::promote::{KnownCase, nearest, twin, variant_of};
use crate::expand::{Case, CaseId};
use crate::suite::Suite;
use crate::suite::as_text;
use crate::synth::candidate::{Candidate, Nearest, Queue};
use std::path::Path;

/// What a suite asks already.
pub struct Known<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// Its cases.
    pub cases: &'a [KnownCase],
}

impl Known<'_> {
    /// Whether the suite asks a case already: the same case, or the same words in its scenario.
    pub fn has(&self, case: &Case) -> bool {
        let text = as_text(&case.input);
        self.cases.iter().any(|of| {
            of.id == case.id || (of.scenario == case.scenario && of.turns == case.turns && of.text == text)
        })
    }

    /// The seed of a case, where the suite has it.
    pub fn has_seed(&self, family: CaseId) -> bool {
        self.cases.iter().any(|of| of.id == family)
    }

    /// Puts failures aside for review, each with its seed; `from` says where it was found.
    pub fn offer(
        &self,
        root: &Path,
        failures: &[(Case, Option<Case>)],
        from: &dyn Fn(&Case) -> String,
    ) -> Result<Offers, NeighboursError> {
        let mut queue = Queue::open(root, &self.suite.name)?;
        let (mut offers, mut candidates) = (Offers::default(), Vec::new());
        for (case, seed) in failures {
            let mut variant = variant_of(self.suite, case, seed.as_ref());
            if twin(self.suite, &variant, Some(case.family), None, self.cases).is_some() {
                offers.near += 1;
                continue;
            }
            variant.made.from = Some(from(case));
            let text = as_text(&variant.input);
            let nearest = nearest(&text, self.cases).map(|(of, similarity)| Nearest {
                text: of.text.clone(),
                similarity,
                what: if of.id == of.family { "seed".to_owned() } else { format!("case {}", of.id) },
            });
            candidates.push(Candidate { nearest, ..Candidate::new(&self.suite.name, variant) });
        }
        let all = candidates.len();
        offers.new = queue.add(candidates)?;
        offers.waiting = all - offers.new;
        Ok(offers)
    }
}
