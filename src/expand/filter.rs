//! What keeps bad variants out, in a fixed order, each rejection with its reason.

pub(crate) mod language;
pub(crate) mod privacy;

pub use privacy::{Personal, personal_data};

use super::edit::{Edit, leads_to};
use super::meaning::Count;
use super::operator::{Draft, Family, Operator, Promise, Reach};
use super::reason::Reason;
use super::words::Text;

/// Longest text that is asked, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// A variant to be let in or kept out.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// What it was made from.
    pub source: &'a Text<'a>,
    /// The variant.
    pub draft: &'a Draft,
    /// What made it.
    pub operator: &'a Operator,
    /// Share of the words that may be changed.
    pub max_edit: f64,
}

/// Lets a variant in, or says why not. Duplicates are found by whoever knows the others.
pub fn check(candidate: Candidate<'_>) -> Result<(), Reason> {
    let Candidate { source, draft, operator, max_edit } = candidate;
    if !has_shape(&draft.text, operator.promise) {
        return Err(Reason::Schema);
    }
    if draft.text == source.text {
        return Err(Reason::NoOp);
    }
    if !leads_to(source.text, &draft.edits, &draft.text) || !keeps_protected(source, &draft.edits, operator) {
        return Err(Reason::Protected);
    }
    let is_slight = operator.reach == Reach::Words && operator.promise == Promise::Same;
    if is_slight && exceeds(source, &draft.edits, max_edit) {
        return Err(Reason::EditBudget);
    }
    if operator.promise == Promise::Same && operator.reach != Reach::Around && changes_meaning(source, draft)
    {
        return Err(Reason::Meaning);
    }
    // Text that is read in another script by purpose has no words to tell a language by, and one with a few
    // words changed is in the language that it was in.
    if operator.promise != Promise::Own
        && !is_slight
        && operator.family != Family::Unicode
        && language::changes(source.text, &draft.text)
    {
        return Err(Reason::Language);
    }
    if privacy::adds_personal_data(source.text, &draft.text) {
        return Err(Reason::PersonalData);
    }
    if privacy::adds_secret(source.text, &draft.text) {
        return Err(Reason::Secret);
    }
    if operator.promise != Promise::Own && !is_slight && collapses(source.text, &draft.text) {
        return Err(Reason::Collapse);
    }
    Ok(())
}

/// Whether a text can be asked. Only variants with an expectation of their own may be empty.
pub(super) fn has_shape(text: &str, promise: Promise) -> bool {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    text.len() <= MAX_TEXT
        && (promise == Promise::Own || !text.trim().is_empty())
        && !text.chars().any(control)
}

/// Whether every protected span that is not the operator's purpose lies outside all edits. What stands
/// outside the edits is the same, so that is enough.
fn keeps_protected(source: &Text<'_>, edits: &[Edit], operator: &Operator) -> bool {
    if operator.reach == Reach::Around && operator.promise != Promise::Same {
        return true;
    }
    edits.iter().all(|edit| source.may_touch(edit.from.clone(), operator.touches))
}

/// Whether more words are changed than allowed; one always may be.
fn exceeds(source: &Text<'_>, edits: &[Edit], max_edit: f64) -> bool {
    let allowed = (max_edit * source.words.len() as f64).max(1.0);
    let touched: usize = edits
        .iter()
        .map(|edit| {
            let inside =
                |word: &&super::words::Word| word.start < edit.from.end && word.end > edit.from.start;
            source.words.iter().filter(inside).count().max(1)
        })
        .sum();
    touched as f64 > allowed + 1e-9
}

/// Whether another number of negations, modals or quantifiers came of it.
fn changes_meaning(source: &Text<'_>, draft: &Draft) -> bool {
    source.count != Count::of(&draft.text)
}

/// Whether a text says the same few words over and over where its source does not: fewer than half as many
/// different words, for their number, as there.
fn collapses(source: &str, variant: &str) -> bool {
    let variety = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let different: std::collections::HashSet<&str> = words.iter().copied().collect();
        (words.len() >= 8).then(|| different.len() as f64 / words.len() as f64)
    };
    variety(variant).is_some_and(|now| now < 0.5 * variety(source).unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::edit::Rewrite;
    use crate::expand::operator::Subject;
    use crate::expand::protect::Protector;
    use crate::expand::stream::Stream;

    const NOTHING: fn(&Subject<'_>, &mut Stream) -> Option<Draft> = |_, _| None;
    const SLIP: Operator = Operator {
        name: "slip",
        version: 1,
        family: Family::Typing,
        promise: Promise::Same,
        what: "for tests",
        reach: Reach::Words,
        touches: &[],
        needs_statement: false,
        options: &[],
        vary: NOTHING,
    };

    fn said(text: &str, edits: &[(std::ops::Range<usize>, &str)], operator: &Operator) -> Result<(), Reason> {
        let protector = Protector::new(&[]).unwrap();
        let source = Text::new(text, &protector, &[]);
        let mut rewrite = Rewrite::new(text);
        for (range, with) in edits {
            rewrite.replace(range.clone(), with);
        }
        let draft = Draft::of(rewrite).unwrap_or_else(|| Draft { text: text.to_owned(), ..Draft::default() });
        check(Candidate { source: &source, draft: &draft, operator, max_edit: 0.3 })
    }

    #[test]
    fn a_slip_is_let_in_and_what_does_harm_is_kept_out() {
        let text = "please do not cancel 3 of my calls";
        assert_eq!(said(text, &[(0..6, "pleas")], &SLIP), Ok(()));
        assert_eq!(said(text, &[], &SLIP), Err(Reason::NoOp));
        assert_eq!(said(text, &[(21..22, "8")], &SLIP), Err(Reason::Protected));
        assert_eq!(said(text, &[(10..14, "")], &SLIP), Err(Reason::Protected));
        let free = Operator { touches: &[crate::expand::protect::Guard::Meaning], ..SLIP };
        assert_eq!(said(text, &[(10..14, "")], &free), Err(Reason::Meaning));
        assert_eq!(said(text, &[(0..6, "x"), (7..9, "y"), (14..20, "z")], &SLIP), Err(Reason::EditBudget));
        assert_eq!(said(text, &[(0..6, "\u{1}")], &SLIP), Err(Reason::Schema));
        assert_eq!(said("a", &[(0..1, " ")], &SLIP), Err(Reason::Schema));
    }

    #[test]
    fn a_text_that_repeats_itself_has_collapsed() {
        assert!(collapses(
            "please find the report",
            "please please please please please please please find find"
        ));
        assert!(!collapses(
            "please find the report",
            "please find the report that I sent on Monday to the board"
        ));
        assert!(!collapses("no no no no no no no no", "no no no no no no no no no"));
    }

    #[test]
    fn what_is_said_to_be_edited_must_be_what_is_edited() {
        let protector = Protector::new(&[]).unwrap();
        let source = Text::new("call 3 people", &protector, &[]);
        let draft = Draft {
            text: "call 4 peopel".to_owned(),
            edits: vec![Edit { from: 7..13, to: 7..13 }],
            ..Draft::default()
        };
        let candidate = Candidate { source: &source, draft: &draft, operator: &SLIP, max_edit: 0.5 };
        assert_eq!(check(candidate), Err(Reason::Protected));
    }
}
