//! Mistakes in the file of a judge that its shape does not show, all of them at once.

use super::{RESERVED, spot};
use crate::suite::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use crate::suite::document::Document;
use crate::suite::schema::judge::{JudgeFile, JudgeKind};
use std::collections::BTreeSet;

/// Most samples, and most confirmations.
const MOST_ASKED: u32 = 20;

/// Most claims that can be read of one reply.
const MOST_CLAIMS: usize = 500;

const ONE_QUESTION: &[JudgeKind] = &[JudgeKind::Rubric, JudgeKind::Choice, JudgeKind::Score];
const TWO_WORDS: &[JudgeKind] =
    &[JudgeKind::Rubric, JudgeKind::Claims, JudgeKind::Principles, JudgeKind::Panel];
const NOT_PANEL: &[JudgeKind] = &[
    JudgeKind::Rubric,
    JudgeKind::Choice,
    JudgeKind::Score,
    JudgeKind::Claims,
    JudgeKind::Principles,
    JudgeKind::Compare,
];
const NOT_COMPARE: &[JudgeKind] = &[
    JudgeKind::Rubric,
    JudgeKind::Choice,
    JudgeKind::Score,
    JudgeKind::Claims,
    JudgeKind::Principles,
    JudgeKind::Panel,
];

/// The keys that not every kind of judge has, with those that have them.
const OF_KINDS: [(&str, &[JudgeKind]); 18] = [
    ("pass_when", &[JudgeKind::Rubric]),
    ("fail_when", &[JudgeKind::Rubric]),
    ("choices", &[JudgeKind::Choice]),
    ("levels", &[JudgeKind::Score]),
    ("cut", &[JudgeKind::Score]),
    ("least", &[JudgeKind::Claims]),
    ("most_claims", &[JudgeKind::Claims]),
    ("principles", &[JudgeKind::Principles]),
    ("inconsistent", &[JudgeKind::Compare]),
    ("judges", &[JudgeKind::Panel]),
    ("words", TWO_WORDS),
    ("not_applicable_when", ONE_QUESTION),
    ("examples", ONE_QUESTION),
    ("model", NOT_PANEL),
    ("prompt", NOT_PANEL),
    ("most_characters", NOT_PANEL),
    ("samples", NOT_PANEL),
    ("positive", NOT_COMPARE),
];

impl JudgeKind {
    /// The kind as a file names it.
    const fn name(self) -> &'static str {
        match self {
            Self::Rubric => "rubric",
            Self::Choice => "choice",
            Self::Score => "score",
            Self::Claims => "claims",
            Self::Principles => "principles",
            Self::Compare => "compare",
            Self::Panel => "panel",
        }
    }
}

/// Where a mistake is told: the key, what is wrong, and the mend.
type Wrong<'a> = dyn FnMut(&str, String, &str) + 'a;

pub(super) fn check(file: &JudgeFile, document: &Document, out: &mut Diagnostics) {
    let mut wrong = |key: &str, what: String, help: &str| {
        out.push(Diagnostic::new("bad-judge", what).at(spot(document, key)).help(help.to_owned()));
    };
    for (key, kinds) in OF_KINDS {
        if document.root.mentions(key) && !kinds.contains(&file.kind) {
            let theirs = quote_all(kinds.iter().map(|kind| kind.name()));
            let what = format!("a judge of the kind {} has no `{key}`", quote(file.kind.name()));
            wrong(key, what, &format!("take it out; it belongs to {theirs}"));
        }
    }
    if file.asks().is_empty() {
        wrong("question", "`question` says nothing".into(), "write the one question that the judge decides");
    }
    of_kind(file, &mut wrong);
    several(file, document, &mut wrong);
    names(file, document, &mut wrong);
    if document.root.mentions("most_characters") && file.most_characters == 0 {
        wrong(
            "most_characters",
            "nothing would be shown to the judge".into(),
            "write a number such as 24000",
        );
    }
    if !(-1.0..=1.0).contains(&file.floors.kappa) {
        wrong("floors", "kappa goes from -1 to 1".into(), "write a number such as 0.6");
    }
}

/// What each kind needs.
fn of_kind(file: &JudgeFile, wrong: &mut Wrong<'_>) {
    match file.kind {
        JudgeKind::Rubric => {
            for (key, text) in [("pass_when", &file.pass_when), ("fail_when", &file.fail_when)] {
                if text.as_ref().is_none_or(|text| text.trim().is_empty()) {
                    wrong(key, format!("a rubric needs `{key}`"), "write in a sentence or two when it holds");
                }
            }
        }
        JudgeKind::Choice => {
            let passing = file.choices.iter().filter(|choice| choice.pass).count();
            if passing == 0 || passing == file.choices.len() {
                let help =
                    "list two labels or more under `[[choices]]`, some with `pass = true` and some without";
                wrong("choices", "no label, or every label, passes".into(), help);
            }
        }
        JudgeKind::Score => {
            if !(2..=5).contains(&file.levels.len()) {
                let what = format!("there are {} levels", file.levels.len());
                wrong("levels", what, "describe 2 to 5 levels: finer ones are not told apart reliably");
            }
            if file.cut.is_none_or(|cut| !(2..=file.levels.len()).contains(&usize::from(cut))) {
                let help = "write the lowest level that passes as `cut`, from 2 upwards";
                wrong("cut", "a score needs a level from which on it passes".into(), help);
            }
        }
        JudgeKind::Claims => {
            if file.least.get() <= 0.0 {
                let help = "write a share above 0, such as `90%`, or leave it out: then all of them must be";
                wrong("least", "every answer would pass".into(), help);
            }
            if !(1..=MOST_CLAIMS).contains(&file.most_claims) {
                let what = format!("`most_claims` cannot be {}", file.most_claims);
                wrong("most_claims", what, &format!("write a number from 1 to {MOST_CLAIMS}"));
            }
        }
        JudgeKind::Principles => {
            if file.principles.is_empty() {
                let help = "list them under `[[principles]]`, each with `id` and `text`";
                wrong("principles", "there are no principles".into(), help);
            }
            if file.principles.iter().any(|principle| principle.text.trim().is_empty()) {
                wrong("principles", "a principle says nothing".into(), "write what it asks as its `text`");
            }
        }
        JudgeKind::Compare => {}
        JudgeKind::Panel => {
            let distinct: BTreeSet<&String> = file.judges.iter().collect();
            if distinct.len() < 2 || distinct.len() < file.judges.len() {
                let help =
                    "name two judges or more, each once; one judge asked often is `samples` in its file";
                wrong("judges", "a panel needs several judges".into(), help);
            }
        }
    }
}

/// What is asked more than once, and of whom.
fn several(file: &JudgeFile, document: &Document, wrong: &mut Wrong<'_>) {
    for (key, times) in [("samples", file.samples), ("confirm", file.confirm)] {
        if document.root.mentions(key) && !(1..=MOST_ASKED).contains(&times) {
            wrong(
                key,
                format!("`{key}` cannot be {times}"),
                &format!("write a number from 1 to {MOST_ASKED}; an odd one has no ties"),
            );
        }
    }
    if document.root.mentions("decide") && file.kind != JudgeKind::Panel && file.samples == 1 {
        let help = "ask it often, as in `samples = 3`, or take `decide` out";
        wrong("decide", "there is only one verdict".into(), help);
    }
    if let Some(strong) = &file.strong {
        if strong.trim().is_empty() {
            wrong("strong", "`strong` names no model".into(), "write a name of `[models]` in holdline.toml");
        } else if file.kind != JudgeKind::Panel && *strong == file.model {
            let help = "name a stronger model, or ask the same one again with `confirm`";
            wrong("strong", format!("{} is the model that is asked first", quote(strong)), help);
        }
    }
}

/// What verdicts and principles are called.
fn names(file: &JudgeFile, document: &Document, wrong: &mut Wrong<'_>) {
    let is_bad = |word: &String| {
        word.trim() != word
            || word.is_empty()
            || RESERVED.contains(&word.as_str())
            || word.contains(char::is_control)
    };
    let are_bad = |words: &[String]| {
        words.iter().collect::<BTreeSet<_>>().len() < words.len() || words.iter().any(is_bad)
    };
    let help =
        "`cannot_judge` and `not_applicable` are taken, and names stand without white space around them";
    if are_bad(&file.words()) {
        let key = if file.kind == JudgeKind::Choice { "choices" } else { "words" };
        wrong(key, "the verdicts need names of their own".into(), help);
    }
    let ids: Vec<String> = file.principles.iter().map(|principle| principle.id.clone()).collect();
    if are_bad(&ids) {
        wrong("principles", "the principles need names of their own".into(), help);
    }
    if file.kind == JudgeKind::Compare {
        return;
    }
    let mend = "write `pass` or `fail`, or what `words` calls them";
    if !document.root.mentions("positive") {
        let what = "`positive` is missing: which class is looked for".to_owned();
        wrong("positive", what, mend);
    } else if !["pass", "fail", &file.words.pass, &file.words.fail].contains(&file.positive.as_str()) {
        wrong("positive", format!("{} is no class of this judge", quote(&file.positive)), mend);
    }
}
