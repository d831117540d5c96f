//! A judge's reply: one JSON object of the form that was asked for, or nothing.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most bytes of a reply that are looked at.
const MOST: usize = 256 << 10;

/// What a reply must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyForm {
    /// One verdict, out of these words.
    Verdict(Vec<String>),
}

/// One verdict of a judge. All of its texts are untrusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Why.
    pub reasoning: String,
    /// What it quotes; empty where it quotes nothing.
    pub evidence: String,
    /// The verdict, one of the words of the form.
    pub verdict: String,
}

/// Why a reply is no verdict, in words for the judge itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// A verdict as it is written. A key that is missing, unknown or there twice is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reasoning: String,
    evidence: String,
    verdict: String,
}

impl ReplyForm {
    /// The JSON schema of a reply: reasons first, so that the verdict follows from them.
    pub fn schema(&self) -> Value {
        match self {
            Self::Verdict(words) => json!({
                "type": "object",
                "properties": {
                    "reasoning": { "type": "string" },
                    "evidence": { "type": "string" },
                    "verdict": { "type": "string", "enum": words },
                },
                "required": ["reasoning", "evidence", "verdict"],
                "additionalProperties": false,
            }),
        }
    }

    /// Reads a reply: exactly one JSON object with what was asked for. Nothing is looked for in prose, within
    /// fences, or in a part of the reply: what a judge did not say plainly it did not say.
    pub fn read(&self, text: &str) -> Result<Vec<Said>, Unreadable> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Unreadable("the reply is empty".into()));
        }
        if text.len() > MOST {
            return Err(Unreadable(format!("the reply has {} bytes and may have {MOST}", text.len())));
        }
        match self {
            Self::Verdict(words) => {
                let Written { reasoning, evidence, verdict } = object(text, "the reply")?;
                known(words, &verdict)?;
                Ok(vec![Said { reasoning, evidence, verdict }])
            }
        }
    }
}

/// Reads a JSON text as an object; `what` is what it is called.
fn object<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Unreadable> {
    // Serde would take a list for an object with its fields in order.
    if !text.starts_with('{') {
        return Err(Unreadable(format!("{what} is not a JSON object alone")));
    }
    serde_json::from_str(text).map_err(|error| Unreadable(format!("{what} is not as asked: {error}")))
}

fn known(words: &[impl AsRef<str>], verdict: &str) -> Result<(), Unreadable> {
    let is_known = words.iter().any(|word| word.as_ref() == verdict);
    is_known.then_some(()).ok_or_else(|| Unreadable("`verdict` is none of the verdicts".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ReplyForm {
        ReplyForm::Verdict(["resolved", "unresolved", "cannot_judge"].map(str::to_owned).to_vec())
    }

    #[test]
    fn a_plain_object_is_a_verdict() {
        let text = r#" {"reasoning": "r", "evidence": "e", "verdict": "unresolved"} "#;
        let said = Said { reasoning: "r".into(), evidence: "e".into(), verdict: "unresolved".into() };
        assert_eq!(form().read(text), Ok(vec![said]));
        let text = r#"{"verdict": "cannot_judge", "evidence": "", "reasoning": ""}"#;
        assert_eq!(form().read(text).unwrap()[0].verdict, "cannot_judge");
    }

    #[test]
    fn anything_else_is_none() {
        let good = r#"{"reasoning": "r", "evidence": "e", "verdict": "resolved"}"#;
        for text in [
            String::new(),
            "  \n".into(),
            "resolved".into(),
            "The verdict is: resolved".into(),
            format!("Here it is: {good}"),
            format!("{good} I hope this helps."),
            format!("```json\n{good}\n```"),
            format!("{good}\n{good}"),
            good.replace("\"resolved\"", "\"Resolved\""),
            good.replace("\"resolved\"", "\"pass\""),
            good.replace("\"resolved\"", "true"),
            good.replace("\"resolved\"", "NaN"),
            good.replace("\"resolved\"", "null"),
            good.replace(", \"verdict\": \"resolved\"", ""),
            good.replace('}', r#", "verdict": "unresolved"}"#),
            good.replace('}', r#", "score": 5}"#),
            r#"["r", "e", "resolved"]"#.into(),
            good[..good.len() - 4].to_owned(),
            good.replace("\"r\"", &format!("\"{}\"", "x".repeat(5 << 20))),
        ] {
            assert!(form().read(&text).is_err(), "{}", &text[..text.len().min(80)]);
        }
    }
}
