//! The filter that every text goes through that a model or a rule wrote, in a fixed order, each rejection with
//! its reason.
//!
//! The order: schema, no-op, protected spans, negations, modals and quantifiers, language, personal data and
//! secrets, duplicates, near duplicates, collapse of the batch, sources, what people rejected before.
//!
//! There is no edit budget here. It bounds how many words a slip of the fingers may touch; a paraphrase is
//! asked to change them all, and one that does not is caught as a near duplicate of its seed. And nothing here
//! asks how alike two texts are in an embedding: "cancel it" and "do not cancel it" are neighbours there, and a
//! typo of one sentence is not.

use super::grounding::grounded;
use super::keeps::keeps;
use super::known::{Kin, Known, said};
use super::shape;
use super::variety::{Batch, Habit, Variety};
use crate::expand::filter::{language, privacy};
use crate::expand::meaning::Count;
use crate::expand::protect::Protector;
use crate::expand::similar::normalised;
use crate::expand::words::Text;
use crate::expand::{Case, FamilyId, Promise, Reason, repeated};
use crate::suite::Suite;
use crate::suite::schema::Expect;
use crate::suite::variants::{SeedRef, SourceSpan, Truth, Variant};
use crate::synth::answer::{OUTPUT, REFERENCE, VERDICT};
use crate::synth::candidate::Nearest;
use crate::synth::draft::Draft;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A draft that was let in.
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// Codes of the filters that it passed, in their order; those that do not apply to it are not there.
    pub passed: Vec<String>,
    /// The text most like it among those that were there before; `None` where there was none.
    pub nearest: Option<Nearest>,
}

/// A draft that was kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Why, as a code.
    pub reason: Reason,
    /// Why, in words. May hold outside text.
    pub why: String,
}

impl Rejection {
    pub(super) fn new(reason: Reason, why: impl Into<String>) -> Self {
        Self { reason, why: why.into() }
    }
}

/// Lets drafts in, or keeps them out. It knows the cases of a suite and what it let in before.
#[derive(Debug)]
pub struct Sieve {
    labels: Vec<String>,
    scenarios: BTreeMap<String, Room>,
    known: Known,
    batches: BTreeMap<(String, String), Batch>,
    documents: Vec<SourceSpan>,
    rejected: HashSet<String>,
    scenario: String,
    generator: String,
}

/// What there is of a scenario.
#[derive(Debug, Default)]
struct Room {
    protector: Protector,
    seeds: HashMap<String, Seed>,
    texts: Vec<String>,
    languages: HashSet<&'static str>,
}

#[derive(Debug, Clone)]
struct Seed {
    text: String,
    family: FamilyId,
    expect: Arc<[Expect]>,
}

impl Sieve {
    /// For a suite with its cases. Those of its variants that are no cases, because they are approved for
    /// training alone, are known too.
    pub fn new(suite: &Suite, cases: &[Case]) -> Self {
        let spec = &suite.spec.expand;
        let mut sieve = Self {
            labels: suite.spec.labels.clone(),
            scenarios: BTreeMap::new(),
            known: Known::new(),
            batches: BTreeMap::new(),
            documents: Vec::new(),
            rejected: HashSet::new(),
            scenario: String::new(),
            generator: String::new(),
        };
        for scenario in &suite.scenarios {
            let patterns = [spec.protect.as_slice(), &scenario.spec.protect].concat();
            // A suite with a bad pattern does not load.
            let protector = Protector::new(&patterns).unwrap_or_default();
            sieve.scenarios.insert(scenario.id.clone(), Room { protector, ..Room::default() });
            for placed in scenario.variants.iter().filter(|placed| !placed.variant.is_case()) {
                let text = said(&placed.variant.input, &placed.variant.turns);
                sieve.known.add(&text, format!("variant in line {}", placed.line), Kin::default());
            }
        }
        for case in cases {
            sieve.known.add_case(case, &said(&case.input, &case.turns));
            let scenario = suite.scenarios.get(case.scenario).map(|scenario| scenario.id.as_str());
            let Some(room) = scenario.and_then(|id| sieve.scenarios.get_mut(id)) else { continue };
            if case.provenance.lineage.is_none() {
                room.add(case);
            }
        }
        if let Some(first) = suite.scenarios.first() {
            sieve.begin(&first.id, "");
        }
        sieve
    }

    /// Says whose drafts come next: the scenario by its id, and the generator. Shares of openings, answers and
    /// words are counted for both together.
    pub fn begin(&mut self, scenario: &str, generator: &str) {
        scenario.clone_into(&mut self.scenario);
        generator.clone_into(&mut self.generator);
    }

    /// The passages that drafts may be grounded in.
    pub fn with_documents(&mut self, documents: &[SourceSpan]) {
        for document in documents {
            if !self.documents.contains(document) {
                self.documents.push(document.clone());
            }
        }
    }

    /// What is there already, such as a candidate that waits for review, and what it is called.
    pub fn know(&mut self, variant: &Variant, what: &str) {
        let Whole { text, kind } = Whole::of(&variant.input, &variant.turns, &variant.row);
        self.known.add(&text, what.to_owned(), Kin { family: None, kind });
    }

    /// What a person rejected, which is not offered again.
    pub fn reject(&mut self, variant: &Variant) {
        let Whole { text, .. } = Whole::of(&variant.input, &variant.turns, &variant.row);
        self.rejected.insert(normalised(&text));
    }

    /// How varied what was let in of a scenario by a generator is; `None` where nothing was.
    pub fn variety(&self, scenario: &str, generator: &str) -> Option<Variety> {
        self.batches.get(&(scenario.to_owned(), generator.to_owned())).map(Batch::variety)
    }

    /// Lets a draft in, or says why not. `origin` is the text that it was made from, where it is not the seed
    /// that the draft names.
    pub fn let_in(&mut self, draft: &Draft, origin: Option<&str>) -> Result<Let, Reason> {
        self.examine(draft, origin).map_err(|rejection| rejection.reason)
    }

    /// The same with the reason in words.
    pub fn examine(&mut self, draft: &Draft, origin: Option<&str>) -> Result<Let, Rejection> {
        let none = Room::default();
        let room = self.scenarios.get(&self.scenario).unwrap_or(&none);
        let seed = draft.of.as_ref().and_then(|of| room.seeds.get(&of.key())).cloned();
        let origin = origin.or(seed.as_ref().map(|seed| seed.text.as_str())).map(str::to_owned);
        let text = said(&draft.input, &draft.turns);
        let answer = answer(&draft.row);
        let mut passed = Passed::default();

        if let Some(why) = shape::wrong(draft, origin.as_deref(), &self.labels) {
            return Err(Rejection::new(Reason::Schema, why));
        }
        if draft.of.is_some() && seed.is_none() && !room.seeds.is_empty() {
            return Err(Rejection::new(Reason::Schema, "the seed that it names is none of its scenario's"));
        }
        passed.add(Reason::Schema);
        if let Some(origin) = &origin
            && answer.is_none()
        {
            // A rule may be there to change the form alone.
            let is_rule = draft.truth == Truth::Rule;
            if if is_rule { *origin == text } else { letters(origin) == letters(&text) } {
                return Err(Rejection::new(Reason::NoOp, "it says what it was made from, word for word"));
            }
            passed.add(Reason::NoOp);
        }
        if let (Promise::Same, Some(origin)) = (draft.promise, &origin) {
            let expected = seed.as_ref().map(|seed| repeated(&seed.expect)).unwrap_or_default();
            same(origin, &text, &room.protector, &expected, &mut passed)?;
        }
        room.language(draft, origin.as_deref(), &text)?;
        passed.add(Reason::Language);
        room.privacy(draft, origin.as_deref(), &text, &self.documents)?;
        passed.add(Reason::PersonalData);
        passed.add(Reason::Secret);
        let whole = Whole::of(&draft.input, &draft.turns, &draft.row);
        let nearest = self.neighbours(draft, seed.as_ref(), &whole, &mut passed)?;
        self.collapse(draft, answer.unwrap_or(&text))?;
        passed.add(Reason::Collapse);
        if !draft.sources.is_empty() {
            grounded(&draft.sources, &self.documents)
                .map_err(|error| Rejection::new(Reason::Ungrounded, error.to_string()))?;
            passed.add(Reason::Ungrounded);
        }
        if self.rejected.contains(&normalised(&whole.text)) {
            return Err(Rejection::new(Reason::Human, "a person rejected it before"));
        }
        passed.add(Reason::Human);

        let kin = Kin { family: seed.map(|seed| seed.family), kind: whole.kind };
        self.known.add(&whole.text, "candidate".into(), kin);
        let batch = self.batch();
        batch.add(answer.unwrap_or(&text), reference(draft));
        Ok(Let { passed: passed.0, nearest })
    }

    /// Duplicates of what is there. A draft that changes what its seed means, or has an expectation of its own,
    /// may lie near its own family: a pair that differs in one word is what tells whether that word is read. So may
    /// what a rule made of its seed, which is known to say the same.
    fn neighbours(
        &mut self,
        draft: &Draft,
        seed: Option<&Seed>,
        whole: &Whole,
        passed: &mut Passed,
    ) -> Result<Option<Nearest>, Rejection> {
        let text = whole.text.as_str();
        if let Some(what) = self.known.same(text) {
            return Err(Rejection::new(Reason::Duplicate, format!("it has the words of a {what}")));
        }
        passed.add(Reason::Duplicate);
        let family = seed
            .filter(|_| draft.promise != Promise::Same || draft.truth == Truth::Rule)
            .map(|seed| seed.family);
        if let Some(near) = self.known.near(text, &Kin { family, kind: whole.kind.clone() }) {
            let why = format!("{:.2} of it is in a {}: {}", near.similarity, near.what, near.text);
            return Err(Rejection::new(Reason::NearDuplicate, why));
        }
        passed.add(Reason::NearDuplicate);
        Ok(self.known.nearest(text))
    }

    fn collapse(&mut self, draft: &Draft, text: &str) -> Result<(), Rejection> {
        let answer = reference(draft);
        self.batch().fits(text, answer).map_err(|habit| {
            let why = match habit {
                Habit::Opening(words) => format!("more than half of what was let in begins with `{words}`"),
                Habit::Answer(words) => format!("more than half of what was let in has the answer `{words}`"),
                Habit::Word(word) => {
                    format!("more than half of what was let in says `{word}`, as no seed does")
                }
                Habit::Copied => "it is put together of passages of what was let in before".into(),
                Habit::Stutter => "it says the same few words over and over".into(),
            };
            Rejection::new(Reason::Collapse, why)
        })
    }

    fn batch(&mut self) -> &mut Batch {
        let key = (self.scenario.clone(), self.generator.clone());
        let seeds = self.scenarios.get(&self.scenario).map_or(&[][..], |room| room.texts.as_slice());
        self.batches.entry(key).or_insert_with(|| Batch::new(seeds.iter().map(String::as_str)))
    }
}

impl Room {
    fn add(&mut self, case: &Case) {
        let text = said(&case.input, &case.turns);
        let seed = Seed { text: text.clone(), family: case.family, expect: case.expect.clone() };
        if let Some(id) = &case.row_id {
            self.seeds.entry(SeedRef::Row(id.clone()).key()).or_insert_with(|| seed.clone());
        }
        self.seeds.entry(SeedRef::Input(case.input.clone()).key()).or_insert(seed);
        self.languages.extend(language::language(&text).map(language::Language::name));
        self.texts.push(text);
    }

    /// Whether a draft is in the language of its seed, or in one that the scenario's seeds have. A draft that was
    /// made for a knob of that name is in the one it was asked for.
    fn language(&self, draft: &Draft, origin: Option<&str>, text: &str) -> Result<(), Rejection> {
        if draft.knobs.contains_key("language") {
            return Ok(());
        }
        let is_other = match (origin, language::language(text)) {
            (_, None) => false,
            (Some(origin), Some(_)) => language::changes(origin, text),
            (None, Some(found)) => !self.languages.is_empty() && !self.languages.contains(found.name()),
        };
        if is_other { Err(Rejection::new(Reason::Language, "it is in another language")) } else { Ok(()) }
    }

    /// Whether a draft has personal data or secrets that what it was made from has not: its origin, its sources,
    /// and where it has no origin the seeds that its generator was shown. A draft with sources was shown the whole
    /// documents.
    fn privacy(
        &self,
        draft: &Draft,
        origin: Option<&str>,
        text: &str,
        documents: &[SourceSpan],
    ) -> Result<(), Rejection> {
        let shown = if draft.sources.is_empty() { &[][..] } else { documents };
        let mut given: Vec<&str> = shown.iter().map(|source| source.text.as_str()).collect();
        match origin {
            Some(origin) => given.push(origin),
            None => given.extend(self.texts.iter().map(String::as_str)),
        }
        let given = given.join("\n");
        let row = serde_json::to_value(&draft.row).unwrap_or_default();
        let expect = serde_json::to_value(&draft.expect).unwrap_or_default();
        let mut all = vec![text];
        texts_of(&row, &mut all);
        texts_of(&expect, &mut all);
        for text in all {
            if privacy::adds_personal_data(&given, text) {
                let why = "it has personal data outside the ranges reserved for examples";
                return Err(Rejection::new(Reason::PersonalData, why));
            }
            if privacy::adds_secret(&given, text) {
                return Err(Rejection::new(Reason::Secret, "it has what looks like a secret"));
            }
        }
        Ok(())
    }
}

/// What holds of a variant that promises the same as what it was made from.
fn same(
    origin: &str,
    text: &str,
    protector: &Protector,
    expected: &[&str],
    passed: &mut Passed,
) -> Result<(), Rejection> {
    let (origin, text) = (&*unnumbered(origin), &*unnumbered(text));
    let (before, after) = (Text::new(origin, protector, expected), Text::new(text, protector, expected));
    keeps(&before, &after).map_err(|changed| {
        let verb = if changed.is_lost { "lost" } else { "put in" };
        Rejection::new(Reason::Protected, format!("`{}` is {verb}", changed.text))
    })?;
    passed.add(Reason::Protected);
    if Count::of(origin) != Count::of(text) {
        let why = "it has another number of negations, modals or quantifiers";
        return Err(Rejection::new(Reason::Meaning, why));
    }
    passed.add(Reason::Meaning);
    Ok(())
}

/// A text without the numbers of a list that begins at 1: they are no numbers of what is said.
fn unnumbered(text: &str) -> Cow<'_, str> {
    let (mut next, mut lines) = (1, Vec::new());
    for line in text.lines() {
        let entry = line.trim_start().strip_prefix(&format!("{next}. "));
        next += usize::from(entry.is_some());
        lines.push(entry.unwrap_or(line));
    }
    // One alone is no list.
    if next > 2 { Cow::Owned(lines.join("\n")) } else { Cow::Borrowed(text) }
}

/// What is new about a draft or a variant: what is asked, or an answer to it.
#[derive(Debug)]
struct Whole {
    text: String,
    kind: Option<String>,
}

impl Whole {
    fn of(input: &Value, turns: &[String], row: &BTreeMap<String, Value>) -> Self {
        let text = said(input, turns);
        let Some(answer) = answer(row) else { return Self { text, kind: None } };
        let meant = row.get(VERDICT).and_then(Value::as_str).unwrap_or_default();
        Self { text: format!("{text}\n{answer}"), kind: Some(meant.to_owned()) }
    }
}

/// The answer that was generated, where that is what is new.
fn answer(row: &BTreeMap<String, Value>) -> Option<&str> {
    row.get(OUTPUT)?.as_str()
}

/// The reference answer of a draft, where it has one of its own.
fn reference(draft: &Draft) -> Option<&str> {
    draft.row.get(REFERENCE).and_then(Value::as_str)
}

/// Letters and digits alone, in lower case: two texts with the same ones differ in nothing that is read.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn texts_of<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(values) => values.iter().for_each(|value| texts_of(value, texts)),
        Value::Object(members) => members.values().for_each(|value| texts_of(value, texts)),
        _ => {}
    }
}

/// Codes of the filters that were passed.
#[derive(Debug, Default)]
struct Passed(Vec<String>);

impl Passed {
    fn add(&mut self, filter: Reason) {
        self.0.push(filter.code().to_owned());
    }
}
