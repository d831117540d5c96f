//! A judge's reply: one JSON object of the form that was asked for, or nothing.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most bytes of a reply that are looked at.
const MOST: usize = 256 << 10;

/// The verdicts on a claim.
pub(super) const CLAIM_WORDS: [&str; 3] = ["supported", "contradicted", "unsupported"];

/// The verdicts on a principle.
pub(super) const PRINCIPLE_WORDS: [&str; 3] = ["held", "broken", "cannot_judge"];

/// What a reply must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyForm {
    /// One verdict, out of these words.
    Verdict(Vec<String>),
    /// A list of claims, each supported, contradicted or unsupported.
    Claims,
    /// A list with one verdict on each of these principles: held, broken or not to be judged.
    Principles(Vec<String>),
}

/// One verdict of a judge. All of its texts are untrusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What it is a verdict on: a claim in the judge's words, or a principle by its id. None where it is the only
    /// one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
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

/// A verdict as it is written. A key that is missing, unknown or there twice is an error; so it is below.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    reasoning: String,
    evidence: String,
    verdict: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClaims {
    claims: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClaim {
    claim: String,
    reasoning: String,
    evidence: String,
    verdict: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPrinciples {
    principles: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPrinciple {
    principle: String,
    reasoning: String,
    evidence: String,
    verdict: String,
}

impl ReplyForm {
    /// The JSON schema of a reply: reasons first, so that the verdict follows from them.
    pub fn schema(&self) -> Value {
        let text = || json!({ "type": "string" });
        match self {
            Self::Verdict(words) => object_of(&[
                ("reasoning", text()),
                ("evidence", text()),
                ("verdict", json!({ "type": "string", "enum": words })),
            ]),
            Self::Claims => {
                let claim = object_of(&[
                    ("claim", text()),
                    ("reasoning", text()),
                    ("evidence", text()),
                    ("verdict", json!({ "type": "string", "enum": CLAIM_WORDS })),
                ]);
                object_of(&[("claims", json!({ "type": "array", "items": claim }))])
            }
            Self::Principles(ids) => {
                let principle = object_of(&[
                    ("principle", json!({ "type": "string", "enum": ids })),
                    ("reasoning", text()),
                    ("evidence", text()),
                    ("verdict", json!({ "type": "string", "enum": PRINCIPLE_WORDS })),
                ]);
                object_of(&[("principles", json!({ "type": "array", "items": principle }))])
            }
        }
    }

    /// Reads a reply: exactly one JSON object with what was asked for. Nothing is looked for in prose, within
    /// fences, or in a part of the reply: what a judge did not say plainly it did not say. Claims come in the
    /// judge's order, principles in that of the form.
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
                Ok(vec![Said { about: None, reasoning, evidence, verdict }])
            }
            Self::Claims => {
                let WrittenClaims { claims } = object(text, "the reply")?;
                claims_of(&claims)
            }
            Self::Principles(ids) => {
                let WrittenPrinciples { principles } = object(text, "the reply")?;
                principles_of(&principles, ids)
            }
        }
    }
}

fn claims_of(written: &[Box<RawValue>]) -> Result<Vec<Said>, Unreadable> {
    let mut claims: Vec<Said> = Vec::with_capacity(written.len());
    let mut verdicts: BTreeMap<String, String> = BTreeMap::new();
    for one in written {
        let WrittenClaim { claim, reasoning, evidence, verdict } = object(one.get(), "an entry of `claims`")?;
        known(&CLAIM_WORDS, &verdict)?;
        let folded = claim.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() {
            return Err(Unreadable("a claim is empty".into()));
        }
        match verdicts.insert(folded, verdict.clone()) {
            // An answer that says the same twice makes one claim.
            Some(before) if before == verdict => {}
            Some(_) => return Err(Unreadable("a claim is there twice, with two verdicts".into())),
            None => claims.push(Said { about: Some(claim), reasoning, evidence, verdict }),
        }
    }
    Ok(claims)
}

fn principles_of(written: &[Box<RawValue>], ids: &[String]) -> Result<Vec<Said>, Unreadable> {
    let mut found: Vec<Option<Said>> = vec![None; ids.len()];
    for one in written {
        let WrittenPrinciple { principle, reasoning, evidence, verdict } =
            object(one.get(), "an entry of `principles`")?;
        known(&PRINCIPLE_WORDS, &verdict)?;
        let place = ids.iter().position(|id| *id == principle).and_then(|at| found.get_mut(at));
        let Some(place) = place else {
            return Err(Unreadable("a `principle` is none of the principles".into()));
        };
        if place.is_some() {
            return Err(Unreadable(format!("the principle `{principle}` is there twice")));
        }
        *place = Some(Said { about: Some(principle), reasoning, evidence, verdict });
    }
    let missing = |id: &String| Unreadable(format!("there is no verdict on the principle `{id}`"));
    found.into_iter().zip(ids).map(|(said, id)| said.ok_or_else(|| missing(id))).collect()
}

/// The schema of an object with these members, all of them needed, in their order.
fn object_of(members: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
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
        let said =
            Said { about: None, reasoning: "r".into(), evidence: "e".into(), verdict: "unresolved".into() };
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

    /// An entry of a list, of a claim or a principle.
    fn entry(key: &str, about: &str, verdict: &str) -> String {
        format!(r#"{{"{key}": "{about}", "reasoning": "r", "evidence": "e", "verdict": "{verdict}"}}"#)
    }

    fn about(form: &ReplyForm, text: &str) -> Result<Vec<(String, String)>, Unreadable> {
        let said = form.read(text)?;
        Ok(said.into_iter().map(|said| (said.about.unwrap(), said.verdict)).collect())
    }

    #[test]
    fn claims_come_in_their_order_and_the_same_one_twice_is_one() {
        let of = |entries: &[String]| format!(r#"{{"claims": [{}]}}"#, entries.join(","));
        let claim = |text, verdict| entry("claim", text, verdict);
        let good = of(&[
            claim("it ships", "supported"),
            claim("it is red", "unsupported"),
            claim("it  ships", "supported"),
        ]);
        let expected =
            [("it ships", "supported"), ("it is red", "unsupported")].map(|(a, b)| (a.into(), b.into()));
        assert_eq!(about(&ReplyForm::Claims, &good), Ok(expected.to_vec()));
        assert_eq!(about(&ReplyForm::Claims, r#"{"claims": []}"#), Ok(vec![]));
        for bad in [
            of(&[claim("it ships", "true")]),
            of(&[claim("it ships", "cannot_judge")]),
            of(&[claim(" ", "supported")]),
            of(&[claim("it ships", "supported"), claim("it ships", "contradicted")]),
            of(&[claim("it ships", "supported").replace("\"e\"", "NaN")]),
            of(&[claim("it ships", "supported").replace(r#""evidence": "e", "#, "")]),
            of(&[claim("it ships", "supported").replace('}', r#", "score": 1}"#)]),
            of(&[r#"["it ships", "r", "e", "supported"]"#.into()]),
            format!("{good}{good}"),
            format!("[{good}]"),
            good.replace(['[', ']'], ""),
            claim("it ships", "supported"),
            "{}".into(),
            r#"{"claims": null}"#.into(),
            r#"{"claims": [], "claims": []}"#.into(),
            r#"{"claims": [], "complete": true}"#.into(),
        ] {
            assert!(ReplyForm::Claims.read(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_principle_has_one_verdict_and_no_other_has_any() {
        let form = ReplyForm::Principles(vec!["honest".into(), "kind".into()]);
        let of = |entries: &[String]| format!(r#"{{"principles": [{}]}}"#, entries.join(","));
        let on = |id, verdict| entry("principle", id, verdict);
        let good = of(&[on("kind", "broken"), on("honest", "held")]);
        let expected = [("honest", "held"), ("kind", "broken")].map(|(a, b)| (a.into(), b.into()));
        assert_eq!(about(&form, &good), Ok(expected.to_vec()));
        for (bad, why) in [
            (of(&[on("honest", "held")]), "there is no verdict on the principle `kind`"),
            (
                of(&[on("honest", "held"), on("kind", "held"), on("honest", "held")]),
                "the principle `honest` is there twice",
            ),
            (
                of(&[on("honest", "held"), on("kind", "held"), on("brief", "held")]),
                "a `principle` is none of the principles",
            ),
            (of(&[on("honest", "pass"), on("kind", "held")]), "`verdict` is none of the verdicts"),
            (of(&[]), "there is no verdict on the principle `honest`"),
            (
                of(&[r#"["honest", "r", "e", "held"]"#.into()]),
                "an entry of `principles` is not a JSON object alone",
            ),
        ] {
            assert_eq!(form.read(&bad), Err(Unreadable(why.into())), "{bad}");
        }
        for bad in [format!("{good} {good}"), good.replace("\"held\"", "NaN"), "{}".into()] {
            assert!(form.read(&bad).is_err(), "{bad}");
        }
    }
}
