//! What the assistant remembers of each conversation, and for how many of them.

use crate::details::Details;
use crate::intent::Agent;
use std::collections::{HashMap, VecDeque};

/// Conversations remembered; beyond them the one begun first is forgotten.
pub const MAX_SESSIONS: usize = 1000;
/// Longest name of a conversation; what a client sends beyond it is not told apart.
const MAX_NAME: usize = 128;

/// What has been said in a conversation that the next turn may lean on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Session {
    /// The request that the assistant asked back about, until it is settled.
    pub open_question: Option<String>,
    /// What the conversation was last about.
    pub task: Option<Task>,
}

/// Something that the user wants done.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Who does it.
    pub agent: Agent,
    /// What is known about it.
    pub details: Details,
}

/// The conversations that are remembered.
#[derive(Default)]
pub struct Sessions {
    by_name: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
}

impl Sessions {
    /// What is remembered of a conversation.
    pub fn get(&self, name: &str) -> Session {
        self.by_name.get(&shortened(name)).cloned().unwrap_or_default()
    }

    /// Remembers a conversation, and forgets the one begun first when there are too many.
    pub fn put(&mut self, name: &str, session: Session) {
        let name = shortened(name);
        if self.by_name.insert(name.clone(), session).is_none() {
            self.oldest_first.push_back(name);
        }
        while self.oldest_first.len() > MAX_SESSIONS {
            if let Some(oldest) = self.oldest_first.pop_front() {
                self.by_name.remove(&oldest);
            }
        }
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(about: &str) -> Session {
        Session { open_question: Some(about.to_owned()), task: None }
    }

    #[test]
    fn conversations_are_kept_apart() {
        let mut sessions = Sessions::default();
        sessions.put("a", asking("tomorrow"));
        sessions.put("b", asking("the report"));
        assert_eq!(sessions.get("a"), asking("tomorrow"));
        assert_eq!(sessions.get("b"), asking("the report"));
        assert_eq!(sessions.get("c"), Session::default());
    }

    #[test]
    fn the_conversation_begun_first_is_forgotten_when_there_are_too_many() {
        let mut sessions = Sessions::default();
        for number in 0..=MAX_SESSIONS {
            sessions.put(&number.to_string(), asking("it"));
        }
        assert_eq!(sessions.get("0"), Session::default());
        assert_eq!(sessions.get("1"), asking("it"));
        assert_eq!(sessions.by_name.len(), MAX_SESSIONS);
        assert_eq!(sessions.oldest_first.len(), MAX_SESSIONS);
    }
}
