//! A judge's reply: one JSON object, or nothing.

use super::question::Question;
use crate::judge::Outcome;
use serde::Deserialize;

/// Most bytes of a reply that are looked at.
const MOST: usize = 256 << 10;

/// What a judge said. All of its texts are untrusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Why.
    pub reasoning: String,
    /// What it quotes from the answer; empty where it quotes nothing.
    pub evidence: String,
    /// The verdict, one of those of the question.
    pub verdict: String,
    /// What that comes to.
    pub outcome: Outcome,
}

/// Why a reply is no verdict, in words for the judge itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// A reply as it is written. A key that is missing, unknown or there twice is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reasoning: String,
    evidence: String,
    verdict: String,
}

impl Said {
    /// Reads a reply: exactly one JSON object with the three texts. Nothing is looked for in prose, within
    /// fences, or in a part of the reply: what a judge did not say plainly it did not say.
    pub fn read(text: &str, question: &Question) -> Result<Self, Unreadable> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Unreadable("the reply is empty".into()));
        }
        if text.len() > MOST {
            return Err(Unreadable(format!("the reply has {} bytes and may have {MOST}", text.len())));
        }
        // Serde would take a list for an object with its fields in order.
        if !text.starts_with('{') {
            return Err(Unreadable("the reply is not a JSON object alone".into()));
        }
        let written: Written = serde_json::from_str(text)
            .map_err(|error| Unreadable(format!("the reply is not as asked: {error}")))?;
        let known = question.verdicts.iter().find(|verdict| verdict.word == written.verdict);
        let Some(verdict) = known else {
            return Err(Unreadable("`verdict` is none of the verdicts".into()));
        };
        Ok(Self {
            reasoning: written.reasoning,
            evidence: written.evidence,
            verdict: written.verdict,
            outcome: verdict.outcome,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::model::VerdictWord;

    fn question() -> Question {
        let verdict =
            |word: &str, outcome| VerdictWord { word: word.into(), meaning: String::new(), outcome };
        let verdicts = vec![
            verdict("resolved", Outcome::Pass),
            verdict("unresolved", Outcome::Fail),
            verdict("cannot_judge", Outcome::CannotJudge),
        ];
        Question { text: "Is it resolved?".into(), verdicts }
    }

    #[test]
    fn a_plain_object_is_a_verdict() {
        let text = r#" {"reasoning": "r", "evidence": "e", "verdict": "unresolved"} "#;
        let said = Said::read(text, &question()).unwrap();
        assert_eq!((said.outcome, said.evidence.as_str()), (Outcome::Fail, "e"));
        let text = r#"{"verdict": "cannot_judge", "evidence": "", "reasoning": ""}"#;
        assert_eq!(Said::read(text, &question()).unwrap().outcome, Outcome::CannotJudge);
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
            assert!(Said::read(&text, &question()).is_err(), "{}", &text[..text.len().min(80)]);
        }
    }
}
