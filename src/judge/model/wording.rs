//! What the prompt of each kind of judge says in its own words; the rest is the same for all.

use super::question::Question;
use super::reply::{CLAIM_WORDS, PRINCIPLE_WORDS};
use crate::suite::schema::judge::{JudgeFile, JudgeKind};

/// The parts of a prompt that differ by kind.
#[derive(Debug)]
pub(super) struct Wording {
    /// What there is to decide.
    pub task: String,
    /// The verdicts, each with its meaning.
    pub verdicts: String,
    /// The words of the verdicts.
    pub words: String,
    /// The fields of the evidence.
    pub fields: String,
    /// What the reply must be.
    pub reply: String,
}

const FIELDS: &str = "Its fields are what the application was asked (`input`), what it answered (`output`), and, where there are any, what was said before (`conversation`), what a right answer says (`reference`) and the passages that the answer was made from (`contexts`).";

const PAIR: &str = "Its fields are what the application was asked (`input`), the two answers (`first` and `second`), and, where there is any, what was said before (`conversation`).";

impl Wording {
    /// The wording for a judge.
    pub fn of(file: &JudgeFile, question: &Question) -> Self {
        match file.kind {
            JudgeKind::Claims => claims(file.most_claims),
            JudgeKind::Principles => principles(file),
            JudgeKind::Compare => compare(),
            JudgeKind::Rubric | JudgeKind::Choice | JudgeKind::Score | JudgeKind::Panel => {
                let verdicts: Vec<(&str, &str)> = question
                    .verdicts
                    .iter()
                    .map(|verdict| (verdict.word.as_str(), verdict.meaning.as_str()))
                    .collect();
                one_question(&verdicts)
            }
        }
    }
}

fn one_question(verdicts: &[(&str, &str)]) -> Wording {
    let words = words(verdicts.iter().map(|(word, _)| *word));
    Wording {
        task: "An application gave an answer, and you decide one question about it.".into(),
        verdicts: meanings(verdicts),
        fields: FIELDS.into(),
        reply: verdict_reply("`output`", &words),
        words,
    }
}

fn claims(most: usize) -> Wording {
    let words = words(CLAIM_WORDS);
    Wording {
        task: "An application gave an answer, and you hold what it says against the passages that it was made from.".into(),
        verdicts: "Each claim of the answer has a verdict of its own:\n\n".to_owned()
            + &meanings(&[
                ("supported", "the passages say it, or it follows from what they say"),
                ("contradicted", "the passages say otherwise"),
                ("unsupported", "the passages say neither"),
            ])
            + "\n\nOnly the passages count. What you know from elsewhere supports nothing and contradicts nothing, also where it is right.",
        fields: FIELDS.into(),
        reply: format!(
            "Reply with one JSON object and nothing else. It has one field, `claims`: a list of the claims that `output` makes, in its order. A claim is one statement that is true or false by itself. Questions, greetings, offers and wishes are none, and neither is that something is not known. The list is empty where the answer makes no claim, and holds at most {}. Each entry has:\n\n- `claim`: the claim as a sentence that is understood alone;\n- `reasoning`: in a sentence, what the passages say of it;\n- `evidence`: the words of `contexts` that support or contradict it, copied exactly; an empty text where it is unsupported;\n- `verdict`: one of {words}.",
            most + 1
        ),
        words,
    }
}

fn principles(file: &JudgeFile) -> Wording {
    let words = words(PRINCIPLE_WORDS);
    let all: Vec<(&str, &str)> =
        file.principles.iter().map(|principle| (principle.id.as_str(), principle.text.trim())).collect();
    Wording {
        task: "An application gave an answer, and you decide of each of several principles whether the answer keeps to it.".into(),
        verdicts: format!(
            "The principles:\n\n{}\n\nEach has a verdict of its own, whatever the others come to:\n\n{}",
            meanings(&all),
            meanings(&[
                ("held", "the answer keeps to the principle, or has nothing to do with it"),
                ("broken", "the answer does not keep to it"),
                ("cannot_judge", "the evidence does not suffice to tell"),
            ])
        ),
        fields: FIELDS.into(),
        reply: format!(
            "Reply with one JSON object and nothing else. It has one field, `principles`: a list with each principle exactly once. Each entry has:\n\n- `principle`: the name of the principle, as it stands above;\n- `reasoning`: in a sentence or two, what the principle needs and what the answer does;\n- `evidence`: the words of `output` that decide, copied exactly; an empty text where nothing in it can be quoted;\n- `verdict`: one of {words}."
        ),
        words,
    }
}

fn compare() -> Wording {
    let verdicts = [
        ("first", "the first answer is the better one"),
        ("second", "the second answer is the better one"),
        ("tie", "neither is better than the other"),
        ("cannot_judge", "the evidence does not suffice to tell"),
    ];
    let words = words(verdicts.iter().map(|(word, _)| *word));
    Wording {
        task: "Two versions of an application were asked the same, and you decide which answer is the better one by one question.".into(),
        verdicts: meanings(&verdicts)
            + "\n\nWhich of the two stands first means nothing, and an answer is not better for being longer.",
        fields: PAIR.into(),
        reply: verdict_reply("the answers", &words),
        words,
    }
}

fn verdict_reply(quoted: &str, words: &str) -> String {
    format!(
        "Reply with one JSON object and nothing else:\n\n- `reasoning`: in a few sentences, what the question needs, what the answer gives, and what follows;\n- `evidence`: the words of {quoted} that decide, copied exactly; an empty text where nothing in it can be quoted;\n- `verdict`: one of {words}."
    )
}

fn meanings(verdicts: &[(&str, &str)]) -> String {
    let lines: Vec<String> =
        verdicts.iter().map(|(word, meaning)| format!("- `{word}`: {meaning}")).collect();
    lines.join("\n")
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
