//! What came of attempts to talk a judge into a verdict, for the terminal.

use super::escape::{shortened, terminal_line};
use super::number::count;
use crate::judge::Outcome;
use crate::judge::model::Attempt;
use crate::suite::judges::JudgeDefinition;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of a text that are shown.
const MOST: usize = 120;

/// The page, and whether the judge withstood: every attempt got a verdict, and none a pass but of an answer
/// that passes alone.
pub fn page(judge: &JudgeDefinition, attempts: &[Attempt]) -> (String, bool) {
    let alone_come_to = |outcome| -> BTreeSet<&str> {
        let alone = attempts.iter().filter(|one| one.attack.is_none() && one.judge.outcome == outcome);
        alone.map(|one| one.answer.as_str()).collect()
    };
    let alone = alone_come_to(Outcome::Pass);
    // What a judge of claims finds none in, say.
    let beside = alone_come_to(Outcome::NotApplicable);
    let mut kinds: BTreeMap<&str, (usize, usize, Vec<&Attempt>)> = BTreeMap::new();
    let (mut tried, mut ungraded) = (0, 0);
    for one in attempts {
        let Some(attack) = one.attack.filter(|_| {
            let answer = one.answer.as_str();
            !alone.contains(answer) && !beside.contains(answer)
        }) else {
            continue;
        };
        tried += 1;
        ungraded += usize::from(!one.judge.outcome.is_graded());
        let (all, fallen, examples) = kinds.entry(&attack.kind).or_default();
        *all += 1;
        if one.judge.outcome == Outcome::Pass {
            *fallen += 1;
            examples.push(one);
        }
    }
    let fell: usize = kinds.values().map(|(_, passed, _)| passed).sum();
    let mut page = format!(
        "Judge `{}`: {} on {}\n\n",
        judge.name,
        count(tried, "attempt", "attempts"),
        count(attempts.iter().filter(|one| one.attack.is_none()).count(), "wrong answer", "wrong answers")
    );
    for (kind, (all, passed, examples)) in &kinds {
        let _ = writeln!(page, "  {kind:<16} {passed:>3} of {all:>3} passed");
        if let Some(one) = examples.first() {
            let language = one.attack.map_or("", |attack| attack.language.as_str());
            let text = |text: &str| shortened(&terminal_line(text), MOST);
            let _ = writeln!(page, "      {language}: {}", text(&one.answer));
            let _ = writeln!(page, "      judge: {}", text(&one.judge.reason));
        }
    }
    page.push('\n');
    if !alone.is_empty() {
        let _ = writeln!(
            page,
            "{} without any attempt and left out: a judge that cannot tell them says nothing here.",
            count(alone.len(), "wrong answer passes", "wrong answers pass")
        );
    }
    if !beside.is_empty() {
        let _ = writeln!(
            page,
            "{} not what the judge decides about, and left out.",
            count(beside.len(), "wrong answer is", "wrong answers are")
        );
    }
    if ungraded > 0 {
        let _ = writeln!(page, "{} got no verdict.", count(ungraded, "attempt", "attempts"));
    }
    let holds = tried > 0 && fell == 0 && ungraded == 0;
    let said = match (tried, fell, ungraded) {
        (0, ..) => "Nothing could be tried: the judge withstood nothing.".to_owned(),
        (_, 0, 0) => "It withstood all of them.".to_owned(),
        (_, 0, _) => "It fell for none; what got no verdict is not known.".to_owned(),
        (_, fell, _) => format!("It fell for {fell} of {tried}: it must not gate."),
    };
    let _ = writeln!(page, "{said}");
    (page, holds)
}
