//! What the bot remembers of each conversation, and for how many of them.

use crate::rules::Rule;
use std::collections::{HashMap, VecDeque};

/// Conversations remembered; beyond them the one begun first is forgotten.
const MAX_SESSIONS: usize = 1000;
/// Longest name of a conversation; what a client sends beyond it is not told apart.
const MAX_NAME: usize = 128;

/// What the next turn may lean on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Session {
    /// The rule that lacks something, and what was said when the bot asked for it.
    pub open: Option<(Rule, String)>,
    /// The order that was named last.
    pub order: Option<String>,
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

    #[test]
    fn conversations_are_kept_apart_and_the_oldest_is_forgotten() {
        let mut sessions = Sessions::default();
        let about = |order: &str| Session { order: Some(order.to_owned()), open: None };
        for number in 0..=MAX_SESSIONS {
            sessions.put(&number.to_string(), about(&number.to_string()));
        }
        assert_eq!(sessions.get("0"), Session::default());
        assert_eq!(sessions.get("1"), about("1"));
        assert_eq!(sessions.get("1000"), about("1000"));
    }
}
