//! The variants of one seed: operators are asked in turn, and the filter lets in what may be asked.

use super::case::{Applied, Case, CaseId, Lineage};
use super::entry::{Entry, Stated};
use super::expectation::{Expectations, Filled, Filling, swap};
use super::filter::{self, Candidate};
use super::ledger::EntryLedger;
use super::operator::{Draft, Family, Operator, Promise, Settings, Subject};
use super::protect::Protector;
use super::reason::Reason;
use super::seeds::{ExpandError, SeedCase};
use super::similar::jaccard;
use super::stream::Stream;
use super::words::Text;
use crate::suite::Row;
use crate::suite::schema::{Expect, Origin};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// Attempts in a row that come to nothing before an operator is given up for a seed.
const PATIENCE: u32 = 4;
/// Stands for the canary that a suite does not name, to tell whether that is what an operator lacks.
const SOME_CANARY: &str = "CANARY";
/// Similarity of two texts, by their sequences of five characters, from which they are nearly the same.
const NEAR: f64 = 0.8;

/// An entry with what the scenario says of it.
#[derive(Debug)]
pub(super) struct Ready {
    pub entry: Entry,
    /// Variants of each seed.
    pub per_seed: usize,
    /// What the suite states of the variants, shared.
    pub stated: Option<Arc<[Expect]>>,
    /// The families of the operators, joined by `+`.
    pub family: String,
    /// What the variants of a chain promise.
    pub promise: Promise,
}

impl Ready {
    pub fn new(entry: Entry, per_seed: usize) -> Self {
        let stated = match &entry.stated {
            Some(Stated::Own(entries)) => Some(entries.as_slice().into()),
            Some(Stated::Seed) | None => None,
        };
        let (family, promise) = (entry.family(), entry.promise());
        Self { per_seed: entry.per_seed.unwrap_or(per_seed), stated, family, promise, entry }
    }
}

/// What the variants of a scenario's seeds are made with.
#[derive(Debug)]
pub(super) struct Workshop {
    pub seed: u64,
    pub protector: Protector,
    pub max_edit: f64,
    pub canary: Option<String>,
    pub entries: Vec<Ready>,
}

/// An operator at work on a seed: the operators of a one-link entry stand alone, a chain works as one.
struct Hand<'a> {
    name: String,
    first: &'a (&'static Operator, Settings),
    stream: Stream,
    next: u64,
    failures: u32,
    spent: bool,
}

/// What an attempt made.
struct Made {
    text: String,
    /// Of a chain, what every operator but the last made.
    before: Vec<String>,
    chain: Vec<Applied>,
    swaps: Vec<(String, String)>,
    adds: Vec<Expect>,
    expect: Option<Vec<Expect>>,
    promise: Promise,
}

impl Workshop {
    /// Makes the variants of a seed, entry by entry. `ledgers` has one for each entry.
    pub fn vary(
        &self,
        seed: &SeedCase,
        ledgers: &mut [EntryLedger],
        expectations: &mut Expectations,
        each: &mut dyn FnMut(usize, Case),
    ) -> Result<(), ExpandError> {
        for (ready, ledger) in self.entries.iter().zip(&mut *ledgers) {
            ledger.requested += ready.per_seed;
        }
        let Value::String(input) = &seed.case.input else {
            for (ready, ledger) in self.entries.iter().zip(ledgers) {
                let line = ledger.operators.entry(ready.entry.name.clone()).or_default();
                *line.rejected.entry(Reason::NotText).or_default() += 1;
            }
            return Ok(());
        };
        let repeated = seed.filled.repeated();
        let text = Text::new(input, &self.protector, &repeated);
        let mut texts: HashSet<String> = HashSet::from([input.clone()]);
        let mut of_own: Vec<(String, String)> = Vec::new();
        for (place, (ready, ledger)) in self.entries.iter().zip(ledgers).enumerate() {
            let mut hands = self.hands(ready, seed.case.id);
            let mut left = ready.per_seed;
            while left > 0 && hands.iter().any(|of| !of.spent) {
                for hand in hands.iter_mut().filter(|of| !of.spent) {
                    if left == 0 {
                        break;
                    }
                    let ordinal = hand.next;
                    hand.next += 1;
                    let made = self.attempt(ready, hand, ordinal, seed, &text, &repeated).and_then(|made| {
                        if texts.contains(&made.text) {
                            Err(Reason::Duplicate)
                        } else if made.promise == Promise::Own && is_near(&of_own, &hand.name, &made.text) {
                            Err(Reason::NearDuplicate)
                        } else {
                            Ok(made)
                        }
                    });
                    match made {
                        Ok(made) => {
                            hand.failures = 0;
                            left -= 1;
                            texts.insert(made.text.clone());
                            if made.promise == Promise::Own {
                                of_own.push((hand.name.clone(), made.text.clone()));
                            }
                            let case = Self::case(ready, seed, made, ordinal, expectations)?;
                            let line = operator_line(ledger, &hand.name);
                            line.delivered += 1;
                            ledger.delivered += 1;
                            each(place, case);
                        }
                        Err(reason) => {
                            *operator_line(ledger, &hand.name).rejected.entry(reason).or_default() += 1;
                            hand.failures += 1;
                            // A chain may draw other operators of its families the next time.
                            let hopeless = ready.entry.links.len() == 1
                                && matches!(reason, Reason::NoSite | Reason::NoCanary);
                            hand.spent = hopeless || hand.failures >= PATIENCE;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The operators of an entry in the order in which they are asked for a seed: drawn, so that a family
    /// of many is not always asked for the same few.
    fn hands<'a>(&self, ready: &'a Ready, seed: CaseId) -> Vec<Hand<'a>> {
        let links = &ready.entry.links;
        let Some(first) = links.first() else { return Vec::new() };
        let whole = links.len() > 1;
        let mut hands: Vec<Hand<'a>> = first
            .operators
            .iter()
            .take(if whole { 1 } else { usize::MAX })
            .map(|of| {
                let name = if whole { ready.entry.name.as_str() } else { of.0.name };
                Hand {
                    name: name.to_owned(),
                    first: of,
                    stream: self.stream(seed, name, of.0.version),
                    next: 0,
                    failures: 0,
                    spent: false,
                }
            })
            .collect();
        if hands.len() > 1 {
            self.stream(seed, &ready.entry.name, 0).shuffle(&mut hands);
        }
        hands
    }

    /// What stood between a seed and a variant that the entries make of it: what each operator of its chain made,
    /// but for the last. `None` where none of the entries makes it.
    pub fn retrace(&self, seed: &SeedCase, lineage: &Lineage, variant: &str) -> Option<Vec<String>> {
        let input = seed.case.input.as_str()?;
        let repeated = seed.filled.repeated();
        let text = Text::new(input, &self.protector, &repeated);
        self.entries.iter().filter(|ready| ready.family == lineage.family).find_map(|ready| {
            self.hands(ready, seed.case.id).iter().find_map(|hand| {
                let made = self.attempt(ready, hand, lineage.ordinal, seed, &text, &repeated).ok()?;
                (made.chain == lineage.chain && made.text == variant).then_some(made.before)
            })
        })
    }

    fn stream(&self, seed: CaseId, name: &str, version: u32) -> Stream {
        let (suite, seed) = (self.seed.to_be_bytes(), seed.as_u64().to_be_bytes());
        Stream::new(&[b"variant", &suite, &seed, name.as_bytes(), &version.to_be_bytes()])
    }

    fn attempt(
        &self,
        ready: &Ready,
        hand: &Hand<'_>,
        ordinal: u64,
        seed: &SeedCase,
        text: &Text<'_>,
        repeated: &[&str],
    ) -> Result<Made, Reason> {
        let links = &ready.entry.links;
        let mut stream = hand.stream.at(ordinal);
        let mut made = Made {
            text: String::new(),
            before: Vec::new(),
            chain: Vec::with_capacity(links.len()),
            swaps: Vec::new(),
            adds: Vec::new(),
            expect: None,
            promise: ready.promise,
        };
        if let [_] = links.as_slice() {
            let (operator, settings) = hand.first;
            let draft = self.step(operator, settings, seed, text, &mut stream)?;
            made.take(operator, draft);
            made.promise = operator.promise;
            return Ok(made);
        }
        for (at, link) in links.iter().enumerate() {
            let (operator, settings) = &link.operators[stream.index(link.operators.len())];
            // Every link draws from a stream of its own, named by what came before it.
            let before = made.chain.iter().map(|applied| applied.op.as_str()).collect::<Vec<_>>().join("+");
            let name = format!("{before}+{}#{at}", operator.name);
            let mut stream = self.stream(seed.case.id, &name, operator.version).at(ordinal);
            let draft = if at == 0 {
                self.step(operator, settings, seed, text, &mut stream)?
            } else {
                let given = std::mem::take(&mut made.text);
                let text = Text::new(&given, &self.protector, repeated);
                let draft = self.step(operator, settings, seed, &text, &mut stream)?;
                made.before.push(given);
                draft
            };
            made.take(operator, draft);
        }
        Ok(made)
    }

    fn step(
        &self,
        operator: &Operator,
        settings: &Settings,
        seed: &SeedCase,
        text: &Text<'_>,
        stream: &mut Stream,
    ) -> Result<Draft, Reason> {
        let subject = Subject {
            text,
            settings,
            row: &seed.case.row,
            expect: &seed.filled.expect,
            canary: self.canary.as_deref(),
        };
        let draft = (operator.vary)(&subject, stream).ok_or_else(|| {
            let with_canary = Subject { canary: Some(SOME_CANARY), ..subject };
            let lacks_canary = operator.family == Family::Adversarial
                && subject.canary.is_none()
                && (operator.vary)(&with_canary, stream).is_some();
            if lacks_canary { Reason::NoCanary } else { Reason::NoSite }
        })?;
        filter::check(Candidate { source: text, draft: &draft, operator, max_edit: self.max_edit })?;
        Ok(draft)
    }

    /// The case that a variant becomes.
    fn case(
        ready: &Ready,
        seed: &SeedCase,
        made: Made,
        ordinal: u64,
        expectations: &mut Expectations,
    ) -> Result<Case, ExpandError> {
        let of = &seed.case;
        let mut row = of.row.clone();
        if !made.swaps.is_empty() {
            row.values.iter_mut().for_each(|value| swap(value, &made.swaps));
        }
        let input = Value::String(made.text);
        let said = Said { swaps: &made.swaps, adds: &made.adds, expect: made.expect.as_deref() };
        let filled = expected(ready, seed, &input, &row, &said, expectations)?;
        let operators = made.chain.iter().map(|applied| applied.op.as_str()).collect::<Vec<_>>().join("+");
        let id =
            identity(of.id, &made.chain, ordinal, input.as_str().unwrap_or_default(), &seed.filled, &filled);
        Ok(Case {
            id,
            family: of.id,
            scenario: of.scenario,
            name: match &seed.slug {
                Some(slug) => format!("{slug}-{operators}-{id}"),
                None => format!("{operators}-{id}"),
            },
            // A row's id would match a recorded answer to the seed.
            row_id: None,
            input,
            turns: of.turns.clone(),
            row,
            knobs: of.knobs.clone(),
            expect: filled.expect.clone(),
            truth: filled.truth.clone(),
            tags: of.tags.clone(),
            must_pass: of.must_pass,
            provenance: super::case::Provenance {
                origin: Origin::Operator,
                place: of.provenance.place.clone(),
                lineage: Some(Box::new(Lineage {
                    parent: of.id,
                    family: ready.family.clone(),
                    chain: made.chain,
                    ordinal,
                    promise: made.promise,
                })),
                pedigree: None,
            },
        })
    }
}

impl Made {
    fn take(&mut self, operator: &Operator, draft: Draft) {
        self.text = draft.text;
        self.chain.push(Applied {
            op: operator.name.to_owned(),
            version: operator.version,
            edits: draft.edits,
        });
        self.swaps.extend(draft.swaps);
        self.adds.extend(draft.adds);
        self.expect = draft.expect.or(self.expect.take());
    }
}

/// Whether an operator has made nearly the same text of this seed before. Variants that promise the same
/// are meant to lie near each other; those with an expectation of their own are to try something new.
fn is_near(own: &[(String, String)], operator: &str, text: &str) -> bool {
    own.iter().any(|(by, sibling)| by == operator && jaccard(sibling, text) >= NEAR)
}

fn operator_line<'l>(ledger: &'l mut EntryLedger, name: &str) -> &'l mut super::ledger::OperatorLedger {
    ledger.operators.entry(name.to_owned()).or_default()
}

/// What the operators say of a variant's expectation.
struct Said<'a> {
    swaps: &'a [(String, String)],
    adds: &'a [Expect],
    expect: Option<&'a [Expect]>,
}

/// What must hold of a variant: what the operator says, else what the suite states, else what the seed
/// expects with its words swapped; and what the operator adds.
fn expected(
    ready: &Ready,
    seed: &SeedCase,
    input: &Value,
    row: &Row,
    said: &Said<'_>,
    expectations: &mut Expectations,
) -> Result<Arc<Filled>, ExpandError> {
    let of = &seed.case;
    let place = &of.provenance.place;
    let filling = Filling { input, row, knobs: &of.knobs, place };
    let base = match (said.expect, &ready.stated) {
        (Some(own), _) => expectations.fill_in_once(own, filling)?,
        (None, Some(stated)) => expectations.fill_in(stated, filling)?,
        (None, None) => seed.filled.clone(),
    };
    if said.swaps.is_empty() && said.adds.is_empty() {
        return Ok(base);
    }
    let entries: Vec<&Expect> = base.expect.iter().collect();
    let mut value = serde_json::to_value(entries).unwrap_or_default();
    swap(&mut value, said.swaps);
    if let Value::Array(list) = &mut value {
        list.extend(said.adds.iter().filter_map(|add| serde_json::to_value(add).ok()));
    }
    expectations.of_value(&value, place)
}

/// The identity of a variant: its seed, what made it, its number, what came of it and, where that is not
/// what the seed expects, what must hold of it.
fn identity(
    seed: CaseId,
    chain: &[Applied],
    ordinal: u64,
    text: &str,
    before: &Filled,
    filled: &Filled,
) -> CaseId {
    let seed = seed.as_u64().to_be_bytes();
    let ordinal = ordinal.to_be_bytes();
    let versions: Vec<[u8; 4]> = chain.iter().map(|applied| applied.version.to_be_bytes()).collect();
    let mut parts: Vec<&[u8]> = vec![b"variant", &seed, b"ordinal", &ordinal, b"text", text.as_bytes()];
    for (applied, version) in chain.iter().zip(&versions) {
        parts.extend::<[&[u8]; 2]>([applied.op.as_bytes(), version]);
    }
    if before.canonical != filled.canonical {
        parts.extend::<[&[u8]; 2]>([b"expect", filled.canonical.as_bytes()]);
    }
    CaseId::of(&parts)
}
