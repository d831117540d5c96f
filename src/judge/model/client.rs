//! Asks a model for a verdict, by the way that all replies of a form are asked for.

use super::ask::Answered;
use super::confidence::confidence;
use super::reply::{ReplyForm, Unreadable};
use crate::model::{Completion, Form, Got, Message, ModelClient, Unanswered};

/// Name of the tool that a model calls with its verdict.
const TOOL: &str = "verdict";

impl ModelClient {
    /// Asks for a verdict, or for several in one reply. Every request of every judge passes through here.
    pub async fn decide(&self, messages: Vec<Message>, form: &ReplyForm) -> Result<Answered, Unanswered> {
        let asked = Form { name: TOOL, what: "Gives the verdict.", schema: form.schema() };
        let read = |text: &str| form.read(text).map_err(|Unreadable(why)| why);
        let Got { value: mut said, completion, spent } = self.reply(messages, &asked, read).await?;
        let Completion { mut model, text, tokens, .. } = completion;
        let redacted = |text: &mut String| self.redact_text(text);
        model.iter_mut().for_each(redacted);
        for one in &mut said {
            [&mut one.reasoning, &mut one.evidence].into_iter().for_each(redacted);
            // The ids of principles are ours.
            if *form == ReplyForm::Claims {
                one.about.iter_mut().for_each(redacted);
            }
        }
        Ok(Answered { said, model, confidence: confidence(&text, &tokens), spent })
    }
}
