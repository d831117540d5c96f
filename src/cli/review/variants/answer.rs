//! What a person answers about a candidate: a letter, and words behind it.

use crate::suite::variants::Approved;
use crate::synth::decision::Rejected;

/// What can be answered.
pub(super) const HELP: &str = "  a  accept as a case            t  accept to train on, and never as a case
  b  accept for both             e  edit the words, then accept; `e TEXT` takes the text
  x  state what must hold        r  reject, with a reason: `r`, `r 1`, `r unclear too vague`
  s  skip: decide later          u  undo the last decision, also one of another day
  q  quit                        words behind a, t or b are kept as a note
";

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Accept it for this, with a note.
    Accept(Approved, Option<String>),
    /// Change its words; to these, where they stand behind the letter.
    Edit(Option<String>),
    /// State what must hold; this, where it stands behind the letter.
    State(Option<String>),
    /// Reject it, by what stands behind the letter.
    Reject(Option<String>),
    /// Decide later.
    Skip,
    /// Take the last decision back.
    Undo,
    /// No more.
    Quit,
}

impl Answer {
    /// Reads a line; `None` where it is no answer.
    pub fn read(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = Some(rest.trim()).filter(|rest| !rest.is_empty()).map(str::to_owned);
        let bare = |answer: Self| rest.is_none().then_some(answer);
        match word.to_lowercase().as_str() {
            "a" | "accept" => Some(Self::Accept(Approved::Evaluation, rest)),
            "t" | "training" => Some(Self::Accept(Approved::Training, rest)),
            "b" | "both" => Some(Self::Accept(Approved::Both, rest)),
            "e" | "edit" => Some(Self::Edit(rest)),
            "x" | "expect" => Some(Self::State(rest)),
            "r" | "reject" => Some(Self::Reject(rest)),
            "s" | "skip" => bare(Self::Skip),
            "u" | "undo" => bare(Self::Undo),
            "q" | "quit" => bare(Self::Quit),
            _ => None,
        }
    }
}

/// The reasons with their numbers, as they are offered.
pub(super) fn reasons() -> String {
    let lines = Rejected::ALL.iter().zip(1..);
    lines
        .map(|(reason, n)| format!("  {n}  {:<18} {}\n", reason.code(), reason.meaning()))
        .collect::<Vec<_>>()
        .concat()
}

/// Reads a reason: its number or its code, and words behind it.
pub(super) fn reason(typed: &str) -> Option<(Rejected, Option<String>)> {
    let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let word = word.trim_end_matches([':', '.', ',']);
    let by_number = word.parse::<usize>().ok().and_then(|n| Rejected::ALL.get(n.checked_sub(1)?).copied());
    let reason = by_number.or_else(|| word.parse().ok())?;
    Some((reason, Some(rest.trim()).filter(|rest| !rest.is_empty()).map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_words_are_read_with_what_stands_behind_them() {
        for (line, answer) in [
            ("a", Answer::Accept(Approved::Evaluation, None)),
            ("A reads well", Answer::Accept(Approved::Evaluation, Some("reads well".into()))),
            ("training", Answer::Accept(Approved::Training, None)),
            ("b", Answer::Accept(Approved::Both, None)),
            ("e", Answer::Edit(None)),
            ("e where is it?", Answer::Edit(Some("where is it?".into()))),
            ("x refund", Answer::State(Some("refund".into()))),
            ("r 2 too vague", Answer::Reject(Some("2 too vague".into()))),
            ("quit", Answer::Quit),
        ] {
            assert_eq!(Answer::read(line), Some(answer), "{line}");
        }
        for line in ["", "y", "skip it", "ab"] {
            assert_eq!(Answer::read(line), None, "{line}");
        }
    }

    #[test]
    fn a_reason_is_a_number_or_a_code() {
        assert_eq!(reason("1"), Some((Rejected::Unrealistic, None)));
        assert_eq!(reason("unclear: too vague"), Some((Rejected::Unclear, Some("too vague".into()))));
        assert_eq!(reason("9 no"), Some((Rejected::Other, Some("no".into()))));
        for typed in ["0", "10", "", "vague"] {
            assert_eq!(reason(typed), None, "{typed}");
        }
    }
}
