//! A target that has answered already: what is kept of conversations stands in for the application.

use super::{Answer, Asking, Request, Target, TargetError, TargetErrorKind, Turn};
use crate::expand::CaseId;
use crate::suite::secret::Secrets;
use std::collections::HashMap;
use std::sync::Arc;

/// What was said in a case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Said {
    /// The turns that were answered, oldest first. Secrets are redacted.
    pub turns: Vec<Turn>,
    /// Why the next answer did not come.
    pub error: Option<TargetError>,
}

/// What was said in each case, or why it cannot be said again.
pub type AllSaid = HashMap<CaseId, Result<Said, String>>;

/// Conversations that are kept. What is asked beyond them is [`TargetErrorKind::NotKept`]; nobody else is asked.
pub struct Kept {
    said: Arc<AllSaid>,
    secrets: Arc<Secrets>,
}

impl Kept {
    /// Conversations, with the secrets that are redacted in them.
    pub fn new(said: Arc<AllSaid>, secrets: Arc<Secrets>) -> Self {
        Self { said, secrets }
    }

    fn find(&self, request: &Request) -> Result<Answer, TargetError> {
        let not_kept = |why: &str| TargetError::new(TargetErrorKind::NotKept, why);
        let said = match self.said.get(&request.case) {
            None => return Err(not_kept("no answer to it is stored")),
            Some(Err(why)) => return Err(not_kept(why)),
            Some(Ok(said)) => said,
        };
        let mut asked = request.input.clone();
        self.secrets.redact_value(&mut asked);
        match (said.turns.get(request.turns.len()), &said.error) {
            (Some(turn), _) if turn.user == asked => Ok(turn.answer.clone()),
            (None, Some(error)) if request.turns.len() == said.turns.len() => Err(error.clone()),
            _ => Err(not_kept("the stored conversation goes another way")),
        }
    }
}

impl Target for Kept {
    fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
        Box::pin(std::future::ready(self.find(request)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Row;

    fn kept(said: Result<Said, String>) -> Kept {
        let secret = |_: &str| Some("s3cr3t-value".to_owned());
        let (secrets, _) = Secrets::gather(["KEY".to_owned()], secret);
        Kept::new(Arc::new(AllSaid::from([(CaseId::of(&[b"a"]), said)])), Arc::new(secrets))
    }

    fn ask(kept: &Kept, case: &[u8], turns: &[Turn], input: &str) -> Result<String, String> {
        let request = Request {
            case: CaseId::of(&[case]),
            row_id: None,
            repeat: 0,
            input: input.into(),
            turns: turns.to_vec(),
            row: Row::default(),
            knobs: Row::default(),
            conversation: String::new(),
            deadline: None,
        };
        kept.find(&request).map(|answer| answer.output).map_err(|error| error.to_string())
    }

    fn turn(user: &str, output: &str) -> Turn {
        Turn { user: user.into(), answer: Answer { output: output.to_owned(), ..Answer::default() } }
    }

    #[test]
    fn a_conversation_is_said_again_turn_by_turn() {
        let turns = vec![turn("one", "first"), turn("my key is [redacted:KEY]", "second")];
        let kept = kept(Ok(Said { turns: turns.clone(), error: None }));
        assert_eq!(ask(&kept, b"a", &[], "one"), Ok("first".to_owned()));
        assert_eq!(ask(&kept, b"a", &turns[..1], "my key is s3cr3t-value"), Ok("second".to_owned()));
        let other = Err("not kept: the stored conversation goes another way".to_owned());
        assert_eq!(ask(&kept, b"a", &[], "another"), other);
        assert_eq!(ask(&kept, b"a", &turns, "and then"), other);
    }

    #[test]
    fn an_error_comes_again_where_it_came() {
        let error = Some(TargetError::new(TargetErrorKind::Timeout, "no answer within 30s"));
        let kept = kept(Ok(Said { turns: vec![turn("one", "first")], error }));
        assert_eq!(ask(&kept, b"a", &[], "one"), Ok("first".to_owned()));
        let next = ask(&kept, b"a", &[turn("one", "first")], "two");
        assert_eq!(next, Err("time-out: no answer within 30s".to_owned()));
        assert!(ask(&kept, b"a", &[], "another").unwrap_err().starts_with("not kept: "));
    }

    #[test]
    fn what_is_not_kept_says_why() {
        let kept = kept(Err("its stored answer was cut".to_owned()));
        assert_eq!(ask(&kept, b"a", &[], "one"), Err("not kept: its stored answer was cut".to_owned()));
        assert_eq!(ask(&kept, b"b", &[], "one"), Err("not kept: no answer to it is stored".to_owned()));
    }
}
