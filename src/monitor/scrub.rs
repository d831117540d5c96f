//! Takes secrets and personal data out of what leaves the log: onto a page, into a file, to a judge.

use super::record::Logged;
use crate::distil::scrub::Scrubber;
use crate::suite::secret::Secrets;
use crate::target::{Answer, Turn};

/// What is taken out of texts.
#[derive(Debug, Clone, Default)]
pub struct Scrub {
    secrets: Secrets,
}

impl Scrub {
    /// The values of the environment that a suite refers to, keys by their shape, and personal data.
    pub const fn new(secrets: Secrets) -> Self {
        Self { secrets }
    }

    /// A text without secrets and personal data.
    pub fn text(&self, text: &str) -> String {
        self.scrubber().text(text)
    }

    /// An answer with all of its texts scrubbed. What stands in it twice is replaced by the same.
    pub fn logged(&self, logged: &mut Logged) {
        let mut scrubber = self.scrubber();
        logged.input = scrubber.value(&logged.input);
        for Turn { user, answer } in &mut logged.before {
            *user = scrubber.value(user);
            scrub(&mut scrubber, answer);
        }
        for text in [&mut logged.id, &mut logged.conversation].into_iter().flatten() {
            *text = scrubber.text(text);
        }
        match &mut logged.answer {
            Ok(answer) => scrub(&mut scrubber, answer),
            Err(error) => error.message = scrubber.text(&error.message),
        }
    }

    fn scrubber(&self) -> Scrubber {
        Scrubber::new(self.secrets.clone())
    }
}

fn scrub(scrubber: &mut Scrubber, answer: &mut Answer) {
    answer.output = scrubber.text(&answer.output);
    answer.label.iter_mut().chain(&mut answer.contexts).for_each(|text| *text = scrubber.text(text));
    for found in &mut answer.retrieved {
        found.id = scrubber.text(&found.id);
    }
    for call in &mut answer.calls {
        call.arguments = scrubber.value(&call.arguments);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_addresses_are_taken_out() {
        let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        let key = format!("use {key}, mail jo@gmail.com");
        assert_eq!(Scrub::default().text(&key), "use [redacted:key], mail user@example.com");
    }
}
