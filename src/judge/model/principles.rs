//! What the verdicts on several principles come to.

use super::evidence::Evidence;
use super::judgement::{Judgement, Part};
use super::reply::Said;
use crate::judge::Outcome;
use crate::suite::schema::judge::JudgeFile;
use std::fmt::Write as _; // to strings, which cannot fail

/// What a verdict on each principle comes to: a fail where one is broken, and nothing certain where one cannot be
/// judged. The score is the share that hold of those that could be judged.
pub(super) fn judgement(said: &[Said], file: &JudgeFile, evidence: &Evidence<'_>) -> Judgement {
    let parts: Vec<Part> = said.iter().map(|said| part(said, evidence)).collect();
    let outcome = Outcome::of_all(parts.iter().map(|part| part.outcome));
    let (held, broken) = (count(&parts, Outcome::Pass), count(&parts, Outcome::Fail));
    let checked: Vec<bool> = parts.iter().filter_map(|part| part.verified).collect();
    let decides = parts.iter().find(|part| part.outcome == outcome && outcome != Outcome::Pass);
    Judgement {
        word: match outcome {
            Outcome::Pass => Some(file.words.pass.clone()),
            Outcome::Fail => Some(file.words.fail.clone()),
            _ => None,
        },
        quote: decides.map_or_else(String::new, |part| part.quote.clone()),
        verified: (!checked.is_empty()).then(|| checked.iter().all(|is_there| *is_there)),
        score: (held + broken > 0).then(|| held as f64 / (held + broken) as f64),
        ..Judgement::plain(outcome, reason(&parts, held))
    }
    .with(parts)
}

fn part(said: &Said, evidence: &Evidence<'_>) -> Part {
    let quote = said.evidence.trim();
    Part {
        name: said.about.clone().unwrap_or_default(),
        outcome: match said.verdict.as_str() {
            "held" => Outcome::Pass,
            "broken" => Outcome::Fail,
            _ => Outcome::CannotJudge,
        },
        word: Some(said.verdict.clone()),
        reason: said.reasoning.clone(),
        quote: quote.to_owned(),
        verified: (!quote.is_empty()).then(|| evidence.holds(quote)),
    }
}

fn count(parts: &[Part], outcome: Outcome) -> usize {
    parts.iter().filter(|part| part.outcome == outcome).count()
}

fn reason(parts: &[Part], held: usize) -> String {
    let mut reason = format!("{held} of {} principles held", parts.len());
    for part in parts.iter().filter(|part| part.outcome != Outcome::Pass) {
        let what = if part.outcome == Outcome::Fail { "broken" } else { "cannot be judged" };
        let _ = write!(reason, "; `{}` {what}: {}", part.name, part.reason);
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn judged(verdicts: &[&str], quote: &str) -> Judgement {
        let file: JudgeFile = toml::from_str(
            "kind = \"principles\"\npositive = \"bad\"\nwords = { pass = \"good\", fail = \"bad\" }",
        )
        .unwrap();
        let said: Vec<Said> = verdicts
            .iter()
            .zip(["honest", "kind", "brief"])
            .map(|(verdict, id)| Said {
                about: Some(id.into()),
                reasoning: format!("why {id}"),
                evidence: quote.into(),
                verdict: (*verdict).to_owned(),
            })
            .collect();
        let input = json!("hi");
        let evidence = Evidence {
            input: &input,
            before: &[],
            output: "It ships.",
            contexts: &[],
            accepted: None,
            reference: &[],
        };
        judgement(&said, &file, &evidence)
    }

    #[test]
    fn one_broken_principle_fails_and_one_that_cannot_be_judged_passes_nothing() {
        use Outcome::{CannotJudge, Fail, Pass};
        for (verdicts, outcome, word, score) in [
            (["held", "held", "held"], Pass, Some("good"), Some(1.0)),
            (["held", "broken", "held"], Fail, Some("bad"), Some(2.0 / 3.0)),
            (["cannot_judge", "broken", "held"], Fail, Some("bad"), Some(0.5)),
            (["held", "cannot_judge", "held"], CannotJudge, None, Some(1.0)),
            (["cannot_judge", "cannot_judge", "cannot_judge"], CannotJudge, None, None),
        ] {
            let found = judged(&verdicts, "");
            assert_eq!(
                (found.outcome, found.word.as_deref(), found.score),
                (outcome, word, score),
                "{verdicts:?}"
            );
            assert_eq!(found.parts.len(), 3);
        }
        let found = judged(&["cannot_judge", "broken", "held"], "");
        assert_eq!(
            found.reason,
            "1 of 3 principles held; `honest` cannot be judged: why honest; `kind` broken: why kind"
        );
    }

    #[test]
    fn a_quote_that_the_answer_does_not_hold_is_marked() {
        let verified = |quote| judged(&["broken", "held", "held"], quote).verified;
        assert_eq!(
            (verified("It  ships"), verified("It sinks"), verified("")),
            (Some(true), Some(false), None)
        );
    }
}
