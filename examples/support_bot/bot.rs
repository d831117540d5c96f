//! From a message to an answer: dangers and other things for a person first, then the question that is open,
//! then what the message asks for.

use crate::intent::{Intent, Means, Reader};
use crate::message;
use crate::orders::{self, Orders};
use crate::policy::{Policy, Written};
use crate::reply::{Kind, Reply, Topic};
use crate::rules::{self, Facts, Outcome};
use crate::session::Session;
use crate::tidy;
use jiff::civil::Date;

/// Most characters of a message that are read.
const MAX_TEXT: usize = 4000;
/// Words of a message that can be the answer to a question and nothing else.
const SHORT: usize = 4;

const CARD_WARNING: &str = "Please never send us the full number of a card; we have removed it.";
const UNCLEAR: &str = "I am not sure what you mean. Is it about an order, a refund, the warranty, your account, \
                       Perchlight Plus, or the feeder itself?";
const OUTSIDE: &str = "I can only help with Perchlight feeders, orders, accounts and Perchlight Plus.";

#[derive(Debug, thiserror::Error)]
pub enum BotError {
    #[error("cannot read what comes with the bot: {0}")]
    File(#[from] toml::de::Error),
    #[error("an answer wants `{0}` of the policy, which has none")]
    Place(String),
}

impl BotError {
    /// A place in a text that the policy does not fill.
    pub fn place(name: &str) -> Self {
        Self::Place(name.to_owned())
    }
}

/// The support desk.
pub struct Bot {
    reader: Reader,
    written: Written,
    policy: Policy,
    orders: Orders,
    version: u32,
}

impl Bot {
    /// The bot of a version. The second was to save people work: it hands over dangers alone, and it reads the
    /// warranty's years as if they were months, as those of the battery are.
    pub fn of_version(version: u32) -> Result<Self, BotError> {
        let (written, policy) = Written::shipped()?;
        let bot =
            Self { reader: Reader::shipped()?, written, policy, orders: orders::shipped()?, version };
        for intent in bot.reader.intents() {
            if let Means::Answer(text) = &intent.means {
                bot.written.fill(text)?;
            }
        }
        rules::TEXTS.iter().try_for_each(|text| bot.written.fill(text).map(drop))?;
        Ok(bot)
    }

    /// Answers a message on a day.
    pub fn answer(&self, text: &str, today: Date, session: &mut Session) -> Reply {
        let text = tidy::seen(&text.chars().take(MAX_TEXT).collect::<String>());
        let card = message::has_card(&text);
        let mut reply = self.asked(&self.reader.mend(&text), today, session);
        if card {
            reply.text = format!("{CARD_WARNING} {}", reply.text);
        }
        reply
    }

    fn asked(&self, text: &str, today: Date, session: &mut Session) -> Reply {
        let order = message::order(text);
        if order.is_some() {
            session.order.clone_from(&order);
        }
        let saves_people = self.version >= 2;
        let wanted = |intent: &Intent| {
            !(saves_people && intent.kind == Kind::Escalation) || intent.topic == Topic::Troubleshooting
        };
        let intent = self.reader.read(text, wanted);
        let told = order.is_some() || message::day(text, today).is_some();
        let short = text.split_whitespace().count() <= SHORT;
        if let Some((rule, earlier)) = session.open.take()
            && intent.is_none_or(|intent| !intent.first)
            && (told || (short && intent.is_none()))
        {
            return self.by_rule(rule, &format!("{earlier} {text}"), today, session);
        }
        match intent.map(|intent| (&intent.means, intent)) {
            Some((Means::Answer(answer), intent)) => self.filled(intent.kind, intent.topic, answer),
            Some((Means::Rule(rule), _)) => self.by_rule(*rule, text, today, session),
            None if order.is_some() => self.by_rule(rules::Rule::Whereabouts, text, today, session),
            None if names_us(text) || short => Reply::new(Kind::Partial, Topic::OutOfScope, UNCLEAR),
            None => Reply::new(Kind::Redirect, Topic::OutOfScope, OUTSIDE),
        }
    }

    fn by_rule(&self, rule: rules::Rule, text: &str, today: Date, session: &mut Session) -> Reply {
        let number = message::order(text).or_else(|| session.order.clone());
        let facts = Facts {
            text,
            today,
            order: number.as_ref().and_then(|number| self.orders.get(number)),
            number: number.as_deref(),
            day: message::day(text, today),
            version: self.version,
        };
        let Outcome { kind, text: answer, open } = rule.apply(&facts, &self.policy);
        if open {
            session.open = Some((rule, text.to_owned()));
        }
        self.filled(kind, rule.topic(), &answer)
    }

    fn filled(&self, kind: Kind, topic: Topic, text: &str) -> Reply {
        // Every text was filled once when the bot was made.
        Reply::new(kind, topic, self.written.fill(text).unwrap_or_else(|_| text.to_owned()))
    }
}

/// Whether the message is about what this desk is for.
fn names_us(text: &str) -> bool {
    let ours = ["perchlight", "feeder", "plus", "bird", "order", "camera", "app", "help", "account"];
    message::stems(text).iter().any(|word| ours.iter().any(|ours| message::stem(ours) == *word))
}
