//! A simulated user talks to the application: what they say next is asked of a model, what they are answered of the
//! application, in turn, until they are served, give up, or have had their turns. What they said is kept as a draft
//! and replayed from then on as it stands, whatever is answered.

use super::ask::{AsksJson, JsonAsk, JsonForm, JsonReply, short_hash};
use super::draft::{Brief, Draft, Exchange};
use super::generators::user::{Next, State, USER, next};
use super::prompt::{PromptError, PromptFile};
use crate::expand::CaseId;
use crate::model::Unanswered;
use crate::suite::Row;
use crate::suite::schema::Origin;
use crate::suite::variants::{GeneratorRef, Made, MadeBy, ModelMade};
use crate::target::{Request, Target, TargetError, Turn};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// A conversation that is to be led.
#[derive(Debug, Clone)]
pub struct Talk {
    /// What the user is told: the suite, the scenario, `persona` and `goal`.
    pub brief: Brief,
    /// The user's own prompt.
    pub own: Option<PromptFile>,
    /// The model that plays the user; `None`: the one whose turn it is by what is asked.
    pub model: Option<String>,
    /// Tells conversations apart that begin alike.
    pub sample: u32,
    /// Most messages of the user, at least 1.
    pub most: u32,
    /// Id of the conversation, for the application.
    pub id: String,
}

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TalkEnd {
    /// The user has what they came for.
    Served,
    /// The user gave up.
    GaveUp,
    /// The user wanted more, and had had their turns.
    Turns,
}

impl TalkEnd {
    /// Its word in the knob `ended` of a draft.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::GaveUp => "gave_up",
            Self::Turns => "turns",
        }
    }
}

/// What was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Talked {
    /// The conversation. All of it is untrusted.
    pub said: Vec<Exchange>,
    /// How it ended.
    pub end: TalkEnd,
    /// What the user said, as a draft: the first message is the input, the others follow whatever is answered.
    pub draft: Draft,
    /// Who wrote it. The hash of the prompt is that of the first request; the hash of the reply is over those of all
    /// replies, in their order.
    pub made: Made,
}

/// Why a conversation came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// The user cannot be asked.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The model that plays the user gave no reply.
    #[error("in turn {turn} the user said nothing: {error}")]
    User {
        /// The turn, from 1.
        turn: usize,
        /// Why.
        error: Unanswered,
    },
    /// The application gave no answer.
    #[error("in turn {turn} the application gave no answer: {error}")]
    Application {
        /// The turn, from 1.
        turn: usize,
        /// Why.
        error: TargetError,
    },
}

impl Talk {
    /// Leads it. `knobs` and the like of a case are not there: the application is asked as with an input alone.
    pub async fn lead(
        &self,
        asks: &dyn AsksJson,
        target: &dyn Target,
        deadline: Option<Instant>,
    ) -> Result<Talked, TalkError> {
        let mut brief = self.brief.clone();
        brief.conversation.clear();
        let mut replies: Vec<JsonReply> = Vec::new();
        let mut request = self.opening(deadline);
        let end = loop {
            let turn = brief.conversation.len() + 1;
            let (next, reply) = self.says(asks, &brief, turn).await?;
            replies.push(reply);
            match next.state {
                State::Served => break TalkEnd::Served,
                State::GivesUp => break TalkEnd::GaveUp,
                // Asked once more after the last answer, so that one who is served by it is not taken for one who
                // is not.
                State::GoesOn if brief.conversation.len() >= self.most.max(1) as usize => {
                    break TalkEnd::Turns;
                }
                State::GoesOn => {}
            }
            request.input = json!(next.text);
            let asked = target.ask(&request).await;
            let answer = asked.map_err(|error| TalkError::Application { turn, error })?;
            brief.conversation.push(Exchange { user: next.text, application: answer.output.clone() });
            request.turns.push(Turn { user: request.input.take(), answer });
        };
        Ok(Talked {
            end,
            draft: self.draft(&brief.conversation, end),
            made: made(&replies),
            said: brief.conversation,
        })
    }

    /// What the user says next.
    async fn says(
        &self,
        asks: &dyn AsksJson,
        brief: &Brief,
        turn: usize,
    ) -> Result<(Next, JsonReply), TalkError> {
        let messages = USER.messages(brief, self.own.as_ref())?;
        let form = USER.form(brief).map_err(PromptError::from)?;
        let of = brief.clone();
        let form = JsonForm { check: Arc::new(move |reply: &Value| next(&of, reply).map(drop)), ..form };
        let purpose = USER.purpose();
        let (sample, model) = (self.sample, self.model.as_deref());
        let ask = JsonAsk { purpose: &purpose, messages, form: &form, sample, model };
        let reply = asks.ask(ask).await.map_err(|error| TalkError::User { turn, error })?;
        let next = next(brief, &reply.value).map_err(|message| TalkError::User {
            turn,
            error: Unanswered { kind: crate::model::UnansweredKind::Unreadable, message, spent: reply.spent },
        })?;
        Ok((next, reply))
    }

    fn opening(&self, deadline: Option<Instant>) -> Request {
        Request {
            case: CaseId::of(&[b"talk", self.id.as_bytes()]),
            row_id: None,
            repeat: 0,
            input: Value::Null,
            turns: Vec::new(),
            row: Row::default(),
            knobs: Row::default(),
            conversation: self.id.clone(),
            deadline,
        }
    }

    fn draft(&self, said: &[Exchange], end: TalkEnd) -> Draft {
        let mut texts = said.iter().map(|said| said.user.clone());
        let mut draft = Draft::new(&self.brief, &texts.next().unwrap_or_default()).by("ended", end.word());
        for option in ["persona", "goal"] {
            if let Some(text) = self.brief.options.get(option) {
                draft = draft.by(option, text);
            }
        }
        draft.turns = texts.collect();
        draft.tags.push("conversation".to_owned());
        draft
    }
}

fn made(replies: &[JsonReply]) -> Made {
    let all: Vec<&str> = replies.iter().map(|reply| reply.reply.as_str()).collect();
    let model = replies.first().map(|first| ModelMade {
        model: first.model.clone(),
        answered: first.answered.clone(),
        prompt: first.prompt.clone(),
        sampling: first.sampling.clone(),
        reply: short_hash(&all.join("\n")),
    });
    Made {
        generator: Some(GeneratorRef { name: USER.name.to_owned(), version: USER.version }),
        model,
        ..Made::new(MadeBy::Model, Origin::Model)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ask::JsonAsked;
    use super::*;
    use crate::model::{Spent, UnansweredKind};
    use crate::synth::draft::ScenarioBrief;
    use crate::target::{Answer, Asking, TargetErrorKind};
    use std::sync::Mutex;

    /// A user who says these in turn, and what they were shown.
    #[derive(Debug)]
    struct User(Vec<(&'static str, &'static str)>, Mutex<Vec<String>>);

    impl AsksJson for User {
        fn ask<'a>(&'a self, ask: JsonAsk<'a>) -> JsonAsked<'a> {
            Box::pin(async move {
                let mut shown = self.1.lock().unwrap();
                shown.push(ask.messages[1].content.lines().nth(1).unwrap().to_owned());
                let Some((state, text)) = self.0.get(shown.len() - 1) else {
                    let (kind, message) = (UnansweredKind::CutOff, "cut".to_owned());
                    return Err(Unanswered { kind, message, spent: Spent::default() });
                };
                let value = json!({ "approach": "", "state": state, "text": text });
                (ask.form.check)(&value).unwrap();
                Ok(JsonReply {
                    value,
                    model: "m".into(),
                    answered: None,
                    prompt: format!("p{}", shown.len()),
                    sampling: Value::Null,
                    reply: format!("r{}", shown.len()),
                    spent: Spent::default(),
                    kept: false,
                })
            })
        }
    }

    /// Repeats what it hears with how often it was asked before; fails at the word "break".
    struct Echo;

    impl Target for Echo {
        fn ask<'a>(&'a self, request: &'a Request) -> Asking<'a> {
            Box::pin(async move {
                let said = request.input.as_str().unwrap();
                if said == "break" {
                    return Err(TargetError::new(TargetErrorKind::Refused, "nobody"));
                }
                assert_eq!(request.conversation, "talk-1");
                let output = format!("{said}? ({})", request.turns.len());
                Ok(Answer { output, ..Answer::default() })
            })
        }
    }

    fn talk(says: Vec<(&'static str, &'static str)>, most: u32) -> (Result<Talked, TalkError>, Vec<String>) {
        let options = [("goal", "money"), ("persona", "a hermit")];
        let brief = Brief {
            feature: "f".into(),
            scenario: ScenarioBrief { id: "s".into(), name: "s".into(), ..ScenarioBrief::default() },
            count: 1,
            options: options.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            ..Brief::default()
        };
        let talk = Talk { brief, own: None, model: None, sample: 0, most, id: "talk-1".into() };
        let user = User(says, Mutex::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let talked = runtime.block_on(talk.lead(&user, &Echo, None));
        (talked, user.1.into_inner().unwrap())
    }

    #[test]
    fn a_user_who_is_served_stops_and_what_they_said_is_a_script() {
        let (talked, shown) = talk(vec![("go_on", "hello"), ("go_on", "refund"), ("served", "thanks")], 5);
        let talked = talked.unwrap();
        assert_eq!(
            shown,
            [
                "{}",
                r#"{"conversation":[{"user":"hello","application":"hello? (0)"}]}"#,
                r#"{"conversation":[{"user":"hello","application":"hello? (0)"},{"user":"refund","application":"refund? (1)"}]}"#,
            ]
        );
        assert_eq!((talked.end, talked.said.len()), (TalkEnd::Served, 2));
        assert_eq!((talked.draft.input, talked.draft.turns), (json!("hello"), vec!["refund".to_owned()]));
        assert_eq!(
            json!(talked.draft.knobs),
            json!({ "ended": "served", "goal": "money", "persona": "a hermit" })
        );
        let model = talked.made.model.unwrap();
        assert_eq!((model.prompt.as_str(), model.reply), ("p1", short_hash("r1\nr2\nr3")));
    }

    #[test]
    fn a_user_ends_by_giving_up_or_after_the_last_turn_and_is_asked_once_more_then() {
        let (talked, _) = talk(vec![("go_on", "hello"), ("gave_up", "")], 5);
        assert_eq!(talked.unwrap().end, TalkEnd::GaveUp);
        let (talked, shown) = talk(vec![("go_on", "a"), ("go_on", "b"), ("go_on", "c")], 2);
        let talked = talked.unwrap();
        assert_eq!((talked.end, talked.draft.turns, shown.len()), (TalkEnd::Turns, vec!["b".to_owned()], 3));
        let (talked, _) = talk(vec![("go_on", "a"), ("go_on", "b"), ("served", "")], 2);
        assert_eq!(talked.unwrap().end, TalkEnd::Served);
    }

    #[test]
    fn who_fails_and_when_is_told() {
        let told = |says| talk(says, 5).0.unwrap_err().to_string();
        assert_eq!(
            told(vec![("go_on", "a"), ("go_on", "break")]),
            "in turn 2 the application gave no answer: connection refused: nobody"
        );
        assert_eq!(told(vec![("go_on", "a")]), "in turn 2 the user said nothing: reply cut off: cut");
    }
}
