//! How many requests of a suite were answered only when they were repeated.

use crate::run::Transcript;

/// Requests that were answered only at a later attempt, counted transcript by transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retried {
    /// Requests with an answer that was not the first attempt.
    requests: usize,
    /// The latest attempt that answered any of them.
    latest: usize,
}

impl Retried {
    /// Counts the requests of one case.
    pub fn add(&mut self, transcript: &Transcript) {
        for turn in &transcript.turns {
            let earlier = turn.answer.attempts.len();
            if earlier > 0 {
                self.requests += 1;
                self.latest = self.latest.max(earlier + 1);
            }
        }
    }

    /// The count as a note; `None` where every answer came at once.
    pub fn note(self) -> Option<String> {
        let requests = match self.requests {
            0 => return None,
            1 => "1 request was".to_owned(),
            many => format!("{many} requests were"),
        };
        let attempt = match self.latest {
            ..=2 => "the second attempt".to_owned(),
            3 => "the second or third attempt".to_owned(),
            latest => format!("a later attempt (up to the {latest}th)"),
        };
        Some(format!("{requests} answered only at {attempt}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::target::{Answer, Attempt, TargetErrorKind, Turn};

    /// A case whose turns were answered after so many attempts in vain.
    fn transcript(earlier: &[usize]) -> Transcript {
        let attempt = Attempt { kind: TargetErrorKind::Timeout, message: "no".into(), waited_ms: 1 };
        let turn = |&earlier: &usize| Turn {
            user: "hi".into(),
            answer: Answer { attempts: vec![attempt.clone(); earlier], ..Answer::default() },
        };
        let turns = earlier.iter().map(turn).collect();
        Transcript { case: CaseId::of(&[b"case"]), repeat: 0, turns, error: None, cost: None }
    }

    fn note(all: &[&[usize]]) -> Option<String> {
        let mut retried = Retried::default();
        for earlier in all {
            retried.add(&transcript(earlier));
        }
        retried.note()
    }

    #[test]
    fn the_note_counts_requests_and_names_the_latest_attempt() {
        assert_eq!(note(&[&[0, 0], &[]]), None);
        assert_eq!(note(&[&[1]]).unwrap(), "1 request was answered only at the second attempt");
        assert_eq!(
            note(&[&[1, 0], &[2, 1]]).unwrap(),
            "3 requests were answered only at the second or third attempt"
        );
        assert_eq!(note(&[&[6]]).unwrap(), "1 request was answered only at a later attempt (up to the 7th)");
    }
}
