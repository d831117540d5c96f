//! How several verdicts on the same answer make one.

use super::judgement::{Judgement, Part};
use crate::judge::Outcome;
use crate::suite::schema::judge::Decide;

impl Decide {
    /// What several outcomes come to.
    ///
    /// A majority is more than half of all that were asked, and unanimous is all of them; where no outcome has
    /// that, it is an error if one of them is, and else nobody can tell. With `any_fail` one fail decides, then
    /// one error, then one that could not tell; those to whom the question does not apply abstain.
    pub fn of(self, outcomes: &[Outcome]) -> Outcome {
        let times = |outcome: Outcome| outcomes.iter().filter(|other| **other == outcome).count();
        let needed = match self {
            Self::AnyFail => return Outcome::of_all(outcomes.iter().copied()),
            Self::Majority => outcomes.len() / 2 + 1,
            Self::Unanimous => outcomes.len(),
        };
        let decided = outcomes.iter().copied().find(|outcome| times(*outcome) >= needed);
        let open = if times(Outcome::JudgeError) > 0 { Outcome::JudgeError } else { Outcome::CannotJudge };
        decided.unwrap_or(open)
    }
}

/// One judgement of several, each of which becomes a part of it under its name. The reason, the quote and the
/// word are those of the verdicts that agree with the whole; a score is the mean of all that there are.
pub(super) fn together(decide: Decide, several: Vec<(String, Judgement)>) -> Judgement {
    let outcomes: Vec<Outcome> = several.iter().map(|(_, one)| one.outcome).collect();
    let outcome = decide.of(&outcomes);
    let agreeing: Vec<&Judgement> =
        several.iter().map(|(_, one)| one).filter(|one| one.outcome == outcome).collect();
    let stands_for = agreeing.first();
    let tally = tally(&outcomes);
    let reason = match stands_for {
        Some(one) if one.reason.trim().is_empty() => tally,
        Some(one) => format!("{tally}: {}", one.reason),
        None => format!("{tally}: they do not agree"),
    };
    let scores: Vec<f64> = several.iter().filter_map(|(_, one)| one.score).collect();
    let mut whole = Judgement {
        word: most_frequent(&agreeing),
        quote: stands_for.map_or_else(String::new, |one| one.quote.clone()),
        verified: stands_for.and_then(|one| one.verified),
        score: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
        confidence: agreeing.iter().filter_map(|one| one.confidence).reduce(f64::min),
        ..Judgement::plain(outcome, reason)
    };
    for (name, one) in several {
        whole.adds(&one);
        whole.parts.push(Part::of(name, one));
    }
    whole
}

/// How many came to what: "2 pass, 1 fail".
fn tally(outcomes: &[Outcome]) -> String {
    let mut kinds = outcomes.to_vec();
    kinds.sort_unstable();
    let each: Vec<String> =
        kinds.chunk_by(Outcome::eq).map(|same| format!("{} {}", same.len(), same[0])).collect();
    each.join(", ")
}

/// The word that most of them say; the first of those that as many say.
fn most_frequent(agreeing: &[&Judgement]) -> Option<String> {
    let words: Vec<&String> = agreeing.iter().filter_map(|one| one.word.as_ref()).collect();
    let times = |word: &String| words.iter().filter(|other| **other == word).count();
    let most = words.iter().map(|word| times(word)).max()?;
    words.iter().find(|word| times(word) == most).map(|word| (*word).clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decide::{AnyFail, Majority, Unanimous};
    use Outcome::{CannotJudge, Fail, JudgeError, NotApplicable, Pass};

    #[test]
    fn each_way_decides_as_its_table_says() {
        for (outcomes, majority, unanimous, any_fail) in [
            (&[Pass][..], Pass, Pass, Pass),
            (&[Pass, Pass, Pass], Pass, Pass, Pass),
            (&[Pass, Pass, Fail], Pass, CannotJudge, Fail),
            (&[Fail, Pass, Fail], Fail, CannotJudge, Fail),
            (&[Pass, Fail], CannotJudge, CannotJudge, Fail),
            (&[Fail, Fail], Fail, Fail, Fail),
            (&[Pass, Pass, CannotJudge], Pass, CannotJudge, CannotJudge),
            (&[Pass, Fail, CannotJudge], CannotJudge, CannotJudge, Fail),
            (&[CannotJudge, CannotJudge, Pass], CannotJudge, CannotJudge, CannotJudge),
            (&[Pass, Pass, JudgeError], Pass, JudgeError, JudgeError),
            (&[Pass, Fail, JudgeError], JudgeError, JudgeError, Fail),
            (&[JudgeError, JudgeError, Pass], JudgeError, JudgeError, JudgeError),
            (&[JudgeError, CannotJudge], JudgeError, JudgeError, JudgeError),
            (&[Pass, Pass, NotApplicable], Pass, CannotJudge, Pass),
            (&[NotApplicable, NotApplicable, Fail], NotApplicable, CannotJudge, Fail),
            (&[NotApplicable, NotApplicable], NotApplicable, NotApplicable, NotApplicable),
            (&[], CannotJudge, CannotJudge, CannotJudge),
        ] {
            for (way, expected) in [(Majority, majority), (Unanimous, unanimous), (AnyFail, any_fail)] {
                assert_eq!(way.of(outcomes), expected, "{way:?} of {outcomes:?}");
            }
        }
    }

    #[test]
    fn the_whole_speaks_with_the_words_of_those_that_agree_with_it() {
        let one = |outcome, word: &str, reason: &str, score, confidence| Judgement {
            word: Some(word.into()),
            score: Some(score),
            confidence: Some(confidence),
            models: vec![format!("model of {reason}")],
            requests: 1,
            ..Judgement::plain(outcome, reason)
        };
        let whole = together(
            Majority,
            vec![
                ("a".into(), one(Fail, "rude", "no", 0.0, 0.2)),
                ("b".into(), one(Pass, "warm", "yes", 1.0, 0.9)),
                ("c".into(), one(Pass, "calm", "so it is", 0.5, 0.8)),
            ],
        );
        assert_eq!((whole.outcome, whole.word.as_deref()), (Pass, Some("warm")));
        assert_eq!(whole.reason, "2 pass, 1 fail: yes");
        assert_eq!((whole.score, whole.confidence, whole.requests), (Some(0.5), Some(0.8), 3));
        assert_eq!(whole.models, ["model of no", "model of so it is", "model of yes"]);
        let parts: Vec<_> = whole.parts.iter().map(|part| (part.name.as_str(), part.outcome)).collect();
        assert_eq!(parts, [("a", Fail), ("b", Pass), ("c", Pass)]);
    }
}
