//! What came from elsewhere, as a model is shown it: the data of a brief, cut to size and made harmless.

use super::draft::{Brief, Exchange, SeedBrief};
use crate::model::fence::{harmless, shorten};
use serde::Serialize;

/// Most characters of one text.
const MOST: usize = 6_000;
/// Most characters of a text that is shown only so that it is not repeated.
const MOST_AVOIDED: usize = 300;
/// Most seeds, and most texts to avoid, that are shown; of the latter the last.
const MOST_SEEDS: usize = 12;
const MOST_AVOID: usize = 60;

#[derive(Serialize)]
struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<Seed>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<Document>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conversation: Vec<Exchange>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seeds: Vec<Seed>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    avoid: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advice: Vec<String>,
}

#[derive(Serialize)]
struct Seed {
    input: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Serialize)]
struct Document {
    file: String,
    text: String,
}

impl Seed {
    fn of(seed: &SeedBrief) -> Self {
        let cut = |text: &String| shorten(text, MOST).0;
        Self {
            input: cut(&seed.input),
            label: seed.label.as_ref().map(cut),
            reference: seed.reference.as_ref().map(cut),
        }
    }
}

/// The data of a brief as the text of one JSON object, and what its fields are, in words.
pub(super) fn material(brief: &Brief) -> (String, String) {
    let cut = |text: &String| shorten(text, MOST).0;
    let avoided = brief.avoid.iter().skip(brief.avoid.len().saturating_sub(MOST_AVOID));
    let shown = Shown {
        about: brief.about.as_ref().map(Seed::of),
        documents: brief
            .documents
            .iter()
            .map(|passage| Document { file: passage.file.clone(), text: cut(&passage.text) })
            .collect(),
        conversation: brief
            .conversation
            .iter()
            .map(|said| Exchange { user: cut(&said.user), application: cut(&said.application) })
            .collect(),
        seeds: brief.seeds.iter().take(MOST_SEEDS).map(Seed::of).collect(),
        avoid: avoided.map(|text| shorten(text, MOST_AVOIDED).0).collect(),
        advice: brief.advice.iter().take(MOST_SEEDS).map(|text| shorten(text, MOST_AVOIDED).0).collect(),
    };
    let fields: Vec<&str> = [
        (shown.about.is_some(), "`about` is the message that this is about"),
        (!shown.documents.is_empty(), "`documents` are passages of documents"),
        (!shown.conversation.is_empty(), "`conversation` is what was said so far, oldest first"),
        (!shown.seeds.is_empty(), "`seeds` are messages that the scenario has already"),
        (!shown.avoid.is_empty(), "`avoid` are texts that were written before and must not be repeated"),
        (
            !shown.advice.is_empty(),
            "`advice` says why people rejected texts that were written before, with how often",
        ),
    ]
    .into_iter()
    .filter_map(|(there, what)| there.then_some(what))
    .collect();
    let fields = if fields.is_empty() {
        "It is empty this time.".to_owned()
    } else {
        format!("Its fields: {}.", fields.join("; "))
    };
    (harmless(&serde_json::to_string(&shown).unwrap_or_default()), fields)
}
