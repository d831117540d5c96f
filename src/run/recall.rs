//! A case whose answers are all in the cache.

use super::Transcript;
use super::conversation::{Asker, Script};
use crate::expand::Case;
use crate::target::Turn;

impl Asker<'_> {
    /// The transcript of a case as an earlier run had it, where every answer of it is kept; nothing is asked. A
    /// conversation is taken as a whole or not at all: an application that keeps its state by the
    /// conversation's id has heard nothing of turns that were taken from elsewhere.
    pub(super) async fn recall(&self, case: &Case, repeat: u32, script: &Script) -> Option<Transcript> {
        if !self.target.recalls() {
            return None;
        }
        let (mut request, scope) = self.opening(case, repeat);
        let mut said = script.unsaid();
        loop {
            let answer = self.target.recall(&request).await?;
            let user = std::mem::take(&mut request.input);
            request.turns.push(Turn { user, answer });
            match script.next(&mut said, &request.turns, &scope) {
                Ok(None) => break,
                Ok(Some(input)) => request.input = input,
                // Told where the case is asked.
                Err(_) => return None,
            }
        }
        self.target.recalled(request.turns.len());
        Some(self.transcript(request, None))
    }
}
