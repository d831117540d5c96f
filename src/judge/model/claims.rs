//! What the claims of an answer come to: the share that its passages support.

use super::evidence::Evidence;
use super::judgement::{Judgement, Part};
use super::reply::Said;
use crate::judge::Outcome;
use crate::suite::schema::judge::JudgeFile;
use std::fmt::Write as _; // to strings, which cannot fail

/// Claims that a reason names.
const NAMED: usize = 3;

/// What a list of claims comes to. An answer without any is none that could be supported; one that makes more than
/// are read cannot pass, since the rest is not known.
pub(super) fn judgement(said: &[Said], file: &JudgeFile, evidence: &Evidence<'_>) -> Judgement {
    let read = &said[..said.len().min(file.most_claims)];
    let parts: Vec<Part> = read.iter().map(|said| part(said, evidence)).collect();
    if parts.is_empty() {
        return Judgement::plain(Outcome::NotApplicable, "the answer makes no claim");
    }
    let supported = parts.iter().filter(|part| part.outcome == Outcome::Pass).count();
    let share = supported as f64 / parts.len() as f64;
    let reaches = share + 1e-9 >= file.least.get();
    let is_short = read.len() < said.len();
    let (outcome, word) = match (reaches, is_short) {
        (true, false) => (Outcome::Pass, Some(&file.words.pass)),
        (true, true) => (Outcome::CannotJudge, None),
        (false, _) => (Outcome::Fail, Some(&file.words.fail)),
    };
    let decides = parts.iter().find(|part| part.outcome == Outcome::Fail);
    let checked: Vec<bool> = parts.iter().filter_map(|part| part.verified).collect();
    Judgement {
        word: word.cloned(),
        quote: decides.map_or_else(String::new, |part| part.quote.clone()),
        verified: (!checked.is_empty()).then(|| checked.iter().all(|is_there| *is_there)),
        score: Some(share),
        cut: is_short,
        ..Judgement::plain(outcome, reason(&parts, supported, is_short))
    }
    .with(parts)
}

fn part(said: &Said, evidence: &Evidence<'_>) -> Part {
    let quote = said.evidence.trim();
    let needs_quote = said.verdict != "unsupported";
    Part {
        name: said.about.clone().unwrap_or_default(),
        outcome: if said.verdict == "supported" { Outcome::Pass } else { Outcome::Fail },
        word: Some(said.verdict.clone()),
        reason: said.reasoning.clone(),
        quote: quote.to_owned(),
        verified: (needs_quote || !quote.is_empty())
            .then(|| !quote.is_empty() && evidence.passages_hold(quote)),
    }
}

fn reason(parts: &[Part], supported: usize, is_short: bool) -> String {
    let mut reason = format!("{supported} of {} claims supported", parts.len());
    if is_short {
        reason += "; the answer makes more, which were not read (`most_claims`)";
    }
    let failing: Vec<&Part> = parts.iter().filter(|part| part.outcome == Outcome::Fail).collect();
    for part in failing.iter().take(NAMED) {
        let word = part.word.as_deref().unwrap_or_default();
        let _ = write!(reason, "; {word}: {} ({})", part.name, part.reason);
    }
    if failing.len() > NAMED {
        let _ = write!(reason, "; and {} more", failing.len() - NAMED);
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::quantity::Share;
    use Outcome::{Fail, Pass};
    use serde_json::json;

    fn file(least: f64, most: usize) -> JudgeFile {
        let file: JudgeFile = toml::from_str("kind = \"claims\"\npositive = \"fail\"").unwrap();
        JudgeFile { least: Share::from_points(least), most_claims: most, ..file }
    }

    fn said(claims: &[(&str, &str)]) -> Vec<Said> {
        let said = |(evidence, verdict): &(&str, &str)| Said {
            about: Some(format!("claim of {evidence}")),
            reasoning: "r".into(),
            evidence: (*evidence).to_owned(),
            verdict: (*verdict).to_owned(),
        };
        claims.iter().map(said).collect()
    }

    fn judged(claims: &[(&str, &str)], least: f64, most: usize) -> Judgement {
        let (input, contexts) = (json!("hi"), ["It  ships on\nMonday.".to_owned(), "It is red.".into()]);
        let evidence = Evidence {
            input: &input,
            before: &[],
            output: "o",
            contexts: &contexts,
            accepted: None,
            reference: &[],
        };
        judgement(&said(claims), &file(least, most), &evidence)
    }

    #[test]
    fn the_share_of_supported_claims_decides() {
        let claims = [
            ("ships on Monday", "supported"),
            ("It is red.", "supported"),
            ("", "unsupported"),
            ("It is red.", "contradicted"),
        ];
        for (least, outcome) in [(100.0, Outcome::Fail), (50.1, Outcome::Fail), (50.0, Outcome::Pass)] {
            let found = judged(&claims, least, 50);
            assert_eq!((found.outcome, found.score), (outcome, Some(0.5)), "{least}");
        }
        assert_eq!(judged(&claims[..2], 100.0, 50).outcome, Outcome::Pass);
        // 7 of 10 is 70 %, whatever its last bit says.
        let ten: Vec<_> =
            [("It is red.", "supported"); 7].into_iter().chain([("", "unsupported"); 3]).collect();
        assert_eq!(judged(&ten, 70.0, 50).outcome, Outcome::Pass);
        let found = judged(&claims, 100.0, 50);
        assert_eq!(
            found.reason,
            "2 of 4 claims supported; unsupported: claim of  (r); contradicted: claim of It is red. (r)"
        );
        let parts: Vec<_> = found.parts.iter().map(|part| (part.outcome, part.verified)).collect();
        assert_eq!(parts, [(Pass, Some(true)), (Pass, Some(true)), (Fail, None), (Fail, Some(true))]);
    }

    #[test]
    fn an_answer_without_claims_is_neither_supported_nor_not() {
        let found = judged(&[], 100.0, 50);
        assert_eq!((found.outcome, found.score), (Outcome::NotApplicable, None));
    }

    #[test]
    fn evidence_that_no_passage_holds_is_marked() {
        for (quote, verdict, verified) in [
            ("ships on Monday", "supported", Some(true)),
            ("ships on Tuesday", "supported", Some(false)),
            ("", "supported", Some(false)),
            ("It ships on Monday. It is red.", "contradicted", Some(false)),
            ("", "unsupported", None),
            ("ships on Tuesday", "unsupported", Some(false)),
        ] {
            let found = judged(&[(quote, verdict)], 100.0, 50);
            assert_eq!((found.verified, found.parts[0].verified), (verified, verified), "{quote} {verdict}");
        }
    }

    #[test]
    fn more_claims_than_are_read_never_pass_and_are_seen() {
        let good = [("It is red.", "supported"); 3];
        let found = judged(&good, 100.0, 2);
        assert_eq!((found.outcome, found.parts.len(), found.cut), (Outcome::CannotJudge, 2, true));
        assert!(found.reason.contains("`most_claims`"), "{}", found.reason);
        assert_eq!(judged(&good, 100.0, 3).outcome, Outcome::Pass);
        let bad = [("", "unsupported"), ("It is red.", "supported"), ("It is red.", "supported")];
        assert_eq!(judged(&bad, 100.0, 2).outcome, Outcome::Fail);
    }
}
