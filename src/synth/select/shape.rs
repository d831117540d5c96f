//! Whether a draft has the shape of a case: something is asked, and nothing in it would be run, read as a
//! template or taken for text of the suite's author.

use crate::expand::Promise;
use crate::expand::filter::MAX_TEXT;
use crate::suite::as_text;
use crate::suite::schema::OneOrMany;
use crate::synth::draft::Draft;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Most follow-ups of a draft.
const MOST_TURNS: usize = 50;

/// What models write in the place of a request, or around one.
static LEFT_OVER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        \[ (?: your | insert | name\ of | company | customer ) \b [^\]\n]{0,60} \]
        | \b lorem\ ipsum \b
        | \b as\ an?\ (?: ai | large ) (?: \ language )? \ (?: model | assistant ) \b
        | ^ \s* (?: sure | certainly | of\ course ) [,!] \s+ here (?: \ (?: is | are ) | 's ) \b
        | ^ \s* here (?: \ (?: is | are ) | 's ) \ (?: a | the | your | my | some | \d+ ) \ (?: [a-z]+ \ ){0,2} (?: paraphrase | version | quer | question | request | rewrit | rephras | example )
        ",
    )
    .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// The one form of template that an expectation of a draft may hold: a column of its own row.
static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\{\{ *row\.([A-Za-z_]\w*) *\}\}$")
        .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// What is wrong with the shape of a draft, if anything, in words.
pub(super) fn wrong(draft: &Draft, origin: Option<&str>, labels: &[String]) -> Option<String> {
    let input = match &draft.input {
        Value::Null => return Some("it asks nothing".into()),
        input => as_text(input),
    };
    if input.trim().is_empty() {
        return Some("it asks nothing".into());
    }
    if draft.turns.len() > MOST_TURNS {
        return Some(format!("it has {} follow-ups; {MOST_TURNS} are allowed", draft.turns.len()));
    }
    let texts = || std::iter::once(input.as_str()).chain(draft.turns.iter().map(String::as_str));
    if texts().any(|text| text.trim().is_empty()) {
        return Some("a follow-up is empty".into());
    }
    if texts().map(str::len).sum::<usize>() > MAX_TEXT {
        return Some("it is too long to be asked".into());
    }
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if texts().any(|text| text.chars().any(control)) {
        return Some("it has control characters".into());
    }
    if draft.promise == Promise::Same && draft.of.is_none() {
        return Some("it promises the same as a seed, and names none".into());
    }
    let left_over = texts().find_map(|text| LEFT_OVER.find(text));
    if let Some(found) = left_over
        && !origin.is_some_and(|origin| LEFT_OVER.is_match(origin))
    {
        return Some(format!("`{}` is no part of a request", found.as_str().trim()));
    }
    expectation(draft, labels)
}

/// What is wrong with what must hold of the answer. It is read as the suite's own text is, templates and
/// programs included; words of a model may be neither.
fn expectation(draft: &Draft, labels: &[String]) -> Option<String> {
    for expect in draft.expect.iter().flat_map(OneOrMany::as_slice) {
        let Ok(value) = serde_json::to_value(expect) else {
            return Some("its expectation is unreadable".into());
        };
        if expect.command.is_some() {
            return Some("its expectation would run a program".into());
        }
        if let Some(text) = template(&value, draft) {
            return Some(format!("its expectation would be read as a template: `{text}`"));
        }
        let wanted = expect.label.iter().flat_map(OneOrMany::as_slice);
        if let Some(unknown) = wanted
            .filter(|_| !labels.is_empty())
            .find(|label| !COLUMN.is_match(label) && !labels.contains(label))
        {
            return Some(format!("the suite has no label `{unknown}`"));
        }
    }
    None
}

/// A text of a value that is read as a template and is not a column of the draft's own row.
fn template(value: &Value, draft: &Draft) -> Option<String> {
    match value {
        Value::String(text) => {
            let is_own = COLUMN.captures(text).is_some_and(|found| draft.row.contains_key(&found[1]));
            let is_template = ["{{", "{%", "{#", "${"].iter().any(|mark| text.contains(mark));
            (is_template && !is_own).then(|| text.chars().take(60).collect())
        }
        Value::Array(values) => values.iter().find_map(|value| template(value, draft)),
        Value::Object(members) => members.values().find_map(|value| template(value, draft)),
        _ => None,
    }
}
