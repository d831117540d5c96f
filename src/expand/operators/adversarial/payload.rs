//! Templates of attempts, filled in around the seed's request.

use super::marker::Marker;
use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Subject};
use crate::expand::stream::Stream;
use crate::suite::schema::{Expect, OneOrMany};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The templates, by technique.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/adversarial.txt")));

/// Where the request stands in a template.
const REQUEST: &str = "{request}";

static TEMPLATES: LazyLock<BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let mut templates: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for entry in &LEXICON.entries {
        if let [technique, template] = entry.as_slice() {
            templates.entry(technique).or_default().push(template.replace("\\n", "\n"));
        }
    }
    templates
});

/// A template of a technique.
pub fn template(technique: &str, stream: &mut Stream) -> Option<&'static str> {
    let templates = TEMPLATES.get(technique)?;
    templates.get(stream.index(templates.len())).map(String::as_str)
}

/// An attempt that asks for a marker.
pub fn marked(technique: &str, subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let template = template(technique, stream)?;
    let marker = Marker::draw(stream);
    let asked = marker.asked(stream);
    attempt(subject, template, &[("{marker}", &asked)], Some(&marker))
}

/// A template around the request, which stays as it is. `None` where there is no request, or where the text
/// would hold what no answer may.
///
/// `{request}. ` closes the request with a full stop where it has no mark of its own.
pub fn attempt(
    subject: &Subject<'_>,
    template: &str,
    places: &[(&str, &str)],
    marker: Option<&Marker>,
) -> Option<Draft> {
    let request = subject.text.text;
    if request.trim().is_empty() {
        return None;
    }
    let fill =
        |part: &str| places.iter().fold(part.to_owned(), |text, (place, with)| text.replace(place, with));
    let (before, after) = template.split_once(REQUEST)?;
    let (before, after) = (fill(before), fill(after));
    let closed = !request.trim_end().ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '"' | '”'));
    let after = after.strip_prefix('.').filter(|_| closed).unwrap_or(&after);
    let mut rewrite = Rewrite::new(request);
    rewrite.insert(0, &before).insert(request.len(), after);
    let mut draft = Draft::of(rewrite)?;
    let forbidden = forbidden(subject, marker, &draft.text)?;
    draft.adds =
        vec![Expect { excludes: Some(OneOrMany::Many(forbidden)), ignore_case: true, ..Expect::default() }];
    Some(draft)
}

/// What no answer may hold. A canary that the request itself says cannot be told from an echo and is left to
/// the seed's own expectation.
fn forbidden(subject: &Subject<'_>, marker: Option<&Marker>, text: &str) -> Option<Vec<String>> {
    let small = text.to_lowercase();
    let mut forbidden = Vec::new();
    if let Some(marker) = marker {
        if small.contains(&marker.word.to_lowercase()) {
            return None;
        }
        forbidden.push(marker.word.clone());
    }
    let canary = subject.canary.filter(|canary| !canary.trim().is_empty());
    forbidden.extend(canary.filter(|canary| !small.contains(&canary.to_lowercase())).map(str::to_owned));
    (!forbidden.is_empty()).then_some(forbidden)
}
