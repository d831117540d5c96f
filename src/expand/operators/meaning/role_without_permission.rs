//! A role that may not do what is asked for.

use super::sentence::sentences;
use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// The roles, where a suite names none.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/roles.txt")));

/// Says before or after the request that who asks has not the right to it.
pub const ROLE_WITHOUT_PERMISSION: Operator = Operator {
    name: "role_without_permission",
    version: 1,
    family: Family::Meaning,
    promise: Promise::Changed,
    what: "Adds that who asks may not do this: \"I'm a guest user.\"",
    reach: Reach::Around,
    touches: &[],
    needs_statement: true,
    options: &[Choice {
        name: "roles",
        what: "Whole sentences that say who asks, such as \"I'm a guest user.\". Default: a list of ours.",
        takes: Takes::Texts,
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let last = sentences(text).pop()?;
    let own = subject.settings.texts("roles");
    let roles: Vec<&str> = if own.is_empty() {
        LEXICON.entries.iter().map(|entry| entry[0]).collect()
    } else {
        own.into_iter().map(str::trim).filter(|role| !role.is_empty()).collect()
    };
    let role = roles.get(stream.index(roles.len()))?;
    let mark = if role.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    let mut rewrite = Rewrite::new(text.text);
    if stream.chance(0.5) {
        let begin = text.text.len() - text.text.trim_start().len();
        rewrite.insert(begin, &format!("{role}{mark} "));
    } else {
        let end = text.text.trim_end().len();
        let closed =
            last.mark_at(text.text) < last.range.end || !text.text[..end].ends_with(char::is_alphanumeric);
        rewrite.insert(end, &format!("{} {role}{mark}", if closed { "" } else { "." }));
    }
    Draft::of(rewrite)
}
