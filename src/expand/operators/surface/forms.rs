//! The forms of an operator: what it does in several ways, of which a suite may choose some.

use crate::expand::edit::Rewrite;
use crate::expand::meaning::Count;
use crate::expand::operator::{Choice, Draft, Subject, Takes};
use crate::expand::stream::Stream;

/// A form: its name, and what makes a variant of that form or finds nothing to do.
pub type Form = (&'static str, fn(&Subject<'_>, &mut Stream) -> Option<Draft>);

/// The option that says which forms are made.
pub const fn option(what: &'static str, names: &'static [&'static str]) -> Choice {
    Choice { name: "forms", what, takes: Takes::AnyOf(names), required: false }
}

/// A variant of one of the forms that are wanted, drawn from those that find something to do.
pub fn vary(subject: &Subject<'_>, stream: &mut Stream, forms: &[Form]) -> Option<Draft> {
    let wanted = subject.settings.texts("forms");
    let mut left: Vec<&Form> =
        forms.iter().filter(|(name, _)| wanted.is_empty() || wanted.contains(name)).collect();
    while !left.is_empty() {
        let (_, form) = left.swap_remove(stream.index(left.len()));
        if let Some(draft) = form(subject, stream) {
            return Some(draft);
        }
    }
    None
}

/// The outcome of a rewriting that leaves the number of negations, modals and quantifiers as it was: a sign
/// or a letter changed may make a word of meaning out of a part of another.
pub fn meaning_kept(subject: &Subject<'_>, rewrite: Rewrite<'_>) -> Option<Draft> {
    let draft = Draft::of(rewrite)?;
    (Count::of(&draft.text) == Count::of(subject.text.text)).then_some(draft)
}

/// The names of forms, for the tests that hold them against the option.
#[cfg(test)]
pub fn agree(choice: &Choice, forms: &[Form]) -> bool {
    let names: Vec<&str> = forms.iter().map(|(name, _)| *name).collect();
    matches!(choice.takes, Takes::AnyOf(listed) if *listed == names)
}
