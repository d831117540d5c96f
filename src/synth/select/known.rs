//! What is there already: the cases of the suite, what waits for review, and what was let in before.

use crate::expand::similar::{Index, normalised};
use crate::expand::{Case, FamilyId};
use crate::suite::as_text;
use crate::synth::candidate::Nearest;
use serde_json::Value;
use std::collections::HashMap;

/// Similarity of sequences of five characters (Jaccard) from which two texts are nearly the same.
pub const NEAR: f64 = 0.8;
/// Characters of the nearest text that are kept.
const LONGEST: usize = 1_000;

/// The texts that are there, by what they are.
#[derive(Debug)]
pub(super) struct Known {
    exact: HashMap<String, usize>,
    index: Index,
    texts: Vec<Text>,
}

#[derive(Debug)]
struct Text {
    said: String,
    what: String,
    family: Option<FamilyId>,
    kind: Option<String>,
}

/// What a text is, for those that are compared with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Kin {
    /// Its family, where it has one.
    pub family: Option<FamilyId>,
    /// Of a generated answer what it is meant to be; nothing of an input. Only texts of one kind are near
    /// duplicates: a right answer and a wrong one differ in a word by design.
    pub kind: Option<String>,
}

impl Known {
    pub fn new() -> Self {
        Self { exact: HashMap::new(), index: Index::new(NEAR), texts: Vec::new() }
    }

    /// Adds a text with what it is.
    pub fn add(&mut self, text: &str, what: String, kin: Kin) {
        let Kin { family, kind } = kin;
        let at = self.texts.len();
        self.exact.entry(normalised(text)).or_insert(at);
        self.index.keep(text);
        self.texts.push(Text { said: text.to_owned(), what, family, kind });
    }

    /// Adds a case.
    pub fn add_case(&mut self, case: &Case, text: &str) {
        let is_seed = case.provenance.lineage.is_none();
        let what = if is_seed { format!("seed {}", case.id) } else { format!("case {}", case.id) };
        self.add(text, what, Kin { family: Some(case.family), kind: None });
    }

    /// What has the same words, case and white space aside.
    pub fn same(&self, text: &str) -> Option<&str> {
        let at = self.exact.get(&normalised(text))?;
        self.texts.get(*at).map(|text| text.what.as_str())
    }

    /// Something of the same kind that is nearly the same, outside the family where one is given.
    pub fn near(&mut self, text: &str, but: &Kin) -> Option<Nearest> {
        let Self { index, texts, .. } = self;
        let accept = |at: usize| {
            let Text { family, kind, .. } = &texts[at];
            *kind == but.kind && (but.family.is_none() || *family != but.family)
        };
        let found = index.find_if(text, accept)?;
        Some(texts[found.index].nearest(found.jaccard))
    }

    /// What is nearest, however far.
    pub fn nearest(&self, text: &str) -> Option<Nearest> {
        let found = self.index.nearest(text)?;
        Some(self.texts[found.index].nearest(found.jaccard))
    }
}

impl Text {
    fn nearest(&self, similarity: f64) -> Nearest {
        let end = self.said.char_indices().nth(LONGEST).map_or(self.said.len(), |(end, _)| end);
        Nearest { text: self.said[..end].to_owned(), similarity, what: self.what.clone() }
    }
}

/// An input as a text, with what the user says after it. What is not a text is its JSON.
pub(super) fn said(input: &Value, turns: &[String]) -> String {
    let mut text = as_text(input);
    for turn in turns {
        text.push('\n');
        text.push_str(turn);
    }
    text
}
