//! The neighbourhood of a case: its seed under every operator, every seed of its scenario under its operators,
//! and the values of knobs next to its own. All of it is made, and nothing asked.

use crate::expand::covering;
use crate::expand::entry::{Entry, Mistake};
use crate::expand::rows::{model, row_of};
use crate::expand::stream::Stream;
use crate::expand::{Case, CaseId, ExpandError, Expansion, Family, operators};
use crate::suite::schema::{CoverSpec, ExpandEntry, ExpandLink, ExpandTable, LinkTable, ScenarioSpec};
use crate::suite::{Row, Seeds, Suite};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most links of a chain that a suite could write down.
pub const MOST_LINKS: usize = 5;

/// Fewest variants of every other seed by the operators of the case.
const OF_OWN: usize = 3;

/// How a neighbour is related to the case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same seed, under an operator.
    SameSeed,
    /// Another seed of the scenario, under an operator that made the case.
    SameOperator,
    /// Another value of one knob; the knob.
    Knob(String),
    /// A seed that others are compared with.
    Seed,
    /// Written by a model for the same behaviour.
    Generated,
}

impl Relation {
    /// The kind, whatever the knob.
    const fn kind(&self) -> usize {
        match self {
            Self::Seed => 0,
            Self::SameSeed => 1,
            Self::SameOperator => 2,
            Self::Knob(_) => 3,
            Self::Generated => 4,
        }
    }
}

/// A case of the neighbourhood.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// The case.
    pub case: Case,
    /// How it is related.
    pub relation: Relation,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Names of operators and families; empty: all that need no word of the suite, and what the scenario itself
    /// uses.
    pub operators: Vec<String>,
    /// Variants of a seed by each operator.
    pub per_seed: usize,
    /// Most cases, the seeds that are asked for comparison among them.
    pub most: usize,
}

/// What there is around a case.
#[derive(Debug, Clone, Default)]
pub struct Neighbourhood {
    /// The seeds that the others are compared with, and the others.
    pub chosen: Vec<Neighbour>,
    /// How many there are of each kind, chosen or not: the same seed, the same operators, knobs.
    pub available: BTreeMap<&'static str, usize>,
}

/// Why there is no neighbourhood.
#[derive(Debug, thiserror::Error)]
pub enum NeighboursError {
    /// An operator or a family that cannot be used here.
    #[error("`{name}`: {}; {}", .mistake.message, .mistake.help)]
    Operator {
        /// As it was named.
        name: String,
        /// What is wrong.
        mistake: Mistake,
    },
    /// The cases cannot be made.
    #[error("{0}")]
    Cases(ExpandError),
}

impl From<Vec<ExpandError>> for NeighboursError {
    fn from(errors: Vec<ExpandError>) -> Self {
        errors.into_iter().next().map_or_else(|| unreachable!("a list of errors holds one"), Self::Cases)
    }
}

/// The entries of `expand` by which each operator works alone: those named, or all. What the scenario says of an
/// operator (options, what must hold of its variants) holds here as well.
pub fn entries(
    names: &[String],
    scenario: &ScenarioSpec,
    per_seed: usize,
) -> Result<Vec<ExpandEntry>, NeighboursError> {
    let own: BTreeMap<&str, &ExpandTable> = scenario
        .expand
        .iter()
        .filter_map(|entry| match entry {
            ExpandEntry::Table(table) => Some((table.op.as_deref()?, &**table)),
            ExpandEntry::Name(_) => None,
        })
        .collect();
    let alone = |op: &str| {
        let chained = || ExpandTable {
            options: options_of(op, scenario).unwrap_or_default(),
            ..ExpandTable::default()
        };
        let table = own.get(op).map_or_else(chained, |table| (*table).clone());
        ExpandEntry::Table(Box::new(ExpandTable {
            op: Some(op.to_owned()),
            per_seed: Some(per_seed),
            ..table
        }))
    };
    let mut wanted: Vec<&str> = Vec::new();
    let mut add = |op: &'static str| {
        if !wanted.contains(&op) {
            wanted.push(op);
        }
    };
    let usable = |op: &&&'static crate::expand::Operator| Entry::of(&alone(op.name)).is_ok();
    for name in names {
        if let Some(family) = Family::ALL.into_iter().find(|family| family.name() == name) {
            let all: Vec<&'static crate::expand::Operator> = operators::of_family(family).collect();
            if !all.iter().any(|op| usable(&op)) {
                Entry::of(&ExpandEntry::Name(name.clone())).map_err(|wrong| wrong_operator(name, wrong))?;
            }
            all.iter().filter(usable).for_each(|op| add(op.name));
        } else if let Some(op) = operators::find(name) {
            Entry::of(&alone(op.name)).map_err(|wrong| wrong_operator(name, wrong))?;
            add(op.name);
        } else {
            Entry::of(&ExpandEntry::Name(name.clone())).map_err(|wrong| wrong_operator(name, wrong))?;
        }
    }
    if names.is_empty() {
        operators::all().iter().filter(usable).for_each(|op| add(op.name));
    }
    Ok(wanted.into_iter().map(alone).collect())
}

fn wrong_operator(name: &str, wrong: Vec<Mistake>) -> NeighboursError {
    match wrong.into_iter().next() {
        Some(mistake) => NeighboursError::Operator { name: name.to_owned(), mistake },
        None => unreachable!("a list of mistakes holds one"),
    }
}

/// The entry by which these operators work one after the other, with the options that the scenario gives them.
/// `None` for one operator, for more than a chain may have, and where the suite would have to say what must hold.
pub fn chain_entry(ops: &[&str], scenario: &ScenarioSpec, per_seed: usize) -> Option<ExpandEntry> {
    let link = |op: &&str| match options_of(op, scenario) {
        Some(options) => ExpandLink::Table(Box::new(LinkTable { op: (*op).to_owned(), options })),
        None => ExpandLink::Name((*op).to_owned()),
    };
    let links = ops.iter().map(link).collect();
    let table = ExpandTable { chain: Some(links), per_seed: Some(per_seed), ..ExpandTable::default() };
    let entry = ExpandEntry::Table(Box::new(table));
    ((2..=MOST_LINKS).contains(&ops.len()) && Entry::of(&entry).is_ok()).then_some(entry)
}

/// The options that a scenario gives an operator, alone or in a chain.
fn options_of(op: &str, scenario: &ScenarioSpec) -> Option<BTreeMap<String, Value>> {
    let tables = || {
        scenario.expand.iter().filter_map(|entry| match entry {
            ExpandEntry::Table(table) => Some(&**table),
            ExpandEntry::Name(_) => None,
        })
    };
    let alone = tables().find(|table| table.op.as_deref() == Some(op)).map(|table| &table.options);
    let chained = || {
        tables().flat_map(|table| table.chain.iter().flatten()).find_map(|link| match link {
            ExpandLink::Table(link) if link.op == op => Some(&link.options),
            _ => None,
        })
    };
    alone.or_else(chained).filter(|options| !options.is_empty()).cloned()
}

/// A suite of which nothing is left but a scenario, with these entries for its seeds, and without what people
/// reviewed for it.
pub fn only(suite: &Suite, scenario: usize, expand: Vec<ExpandEntry>) -> Suite {
    let mut only = suite.clone();
    only.spec.expand.total = None;
    for (at, of) in only.scenarios.iter_mut().enumerate() {
        of.variants.clear();
        of.spec.total = None;
        of.spec.expand.clear();
        if at != scenario {
            of.seeds = Seeds::from(Vec::new());
            of.spec.template = None;
        }
    }
    only.scenarios[scenario].spec.expand = expand;
    only
}

/// What there is around a case of a suite, which may be what is left of `whole`; neither is its own neighbour. The
/// same suite and wishes give the same.
pub fn around(
    suite: &Suite,
    case: &Case,
    whole: CaseId,
    wishes: &Wishes,
) -> Result<Neighbourhood, NeighboursError> {
    let at = case.scenario;
    let all = entries(&wishes.operators, &suite.scenarios[at].spec, wishes.per_seed)?;
    let lineage = case.provenance.lineage.as_deref();
    let ops: Vec<&str> = lineage.iter().flat_map(|of| &of.chain).map(|applied| applied.op.as_str()).collect();
    // Few seeds with one variant each could not be told from chance.
    let own = own_entries(&ops, &suite.scenarios[at].spec, wishes.per_seed.max(OF_OWN));

    let of_seed = only(suite, at, all);
    let (mut same_seed, mut seeds) = (Vec::new(), BTreeMap::new());
    Expansion::new(&of_seed)?.vary(at, case.family, &mut |variant| {
        if variant.id != case.id && variant.id != whole {
            same_seed.push(Neighbour { case: variant, relation: Relation::SameSeed });
        }
    })?;
    let of_own = only(suite, at, own.clone());
    let mut same_operator = Vec::new();
    Expansion::new(&of_own)?.visit(&mut |variant| {
        if variant.provenance.lineage.is_none() {
            seeds.insert(variant.id, variant);
        } else if variant.family != case.family {
            same_operator.push(Neighbour { case: variant, relation: Relation::SameOperator });
        }
    })?;
    let knobs = adjacent(suite, case, own)?;
    let mut out = Neighbourhood::default();
    for (what, list) in [("same seed", &same_seed), ("same operators", &same_operator), ("knobs", &knobs)] {
        out.available.insert(what, list.len());
    }
    for neighbour in knobs.iter().filter(|of| of.case.provenance.lineage.is_none()) {
        seeds.entry(neighbour.case.id).or_insert_with(|| neighbour.case.clone());
    }
    shuffle(suite, case, &mut same_operator);
    out.chosen = choose(case, [same_seed, same_operator, knobs], &seeds, wishes.most);
    Ok(out)
}

/// The entries by which the operators of a case work on other seeds: each alone, and all one after the other.
fn own_entries(ops: &[&str], scenario: &ScenarioSpec, per_seed: usize) -> Vec<ExpandEntry> {
    let mut names: Vec<String> = Vec::new();
    for op in ops {
        // What a model or a rule did has a name as well, and is no operator.
        if operators::find(op).is_some() && !names.iter().any(|name| name == op) {
            names.push((*op).to_owned());
        }
    }
    let each = |name: &String| entries(std::slice::from_ref(name), scenario, per_seed).unwrap_or_default();
    let alone = names.iter().flat_map(each);
    alone.chain(chain_entry(ops, scenario, per_seed)).collect()
}

/// Of the seeds many are alike: which of them are asked first is drawn, so that it is not always those at the
/// beginning of the file.
fn shuffle(suite: &Suite, case: &Case, list: &mut [Neighbour]) {
    let (seed, id) = (suite.spec.seed.to_be_bytes(), case.id.as_u64().to_be_bytes());
    Stream::new(&[b"neighbours", &seed, &id]).shuffle(list);
}

/// Takes from the kinds in turn until there are enough, each with the seed that it is compared with.
fn choose(
    case: &Case,
    kinds: [Vec<Neighbour>; 3],
    seeds: &BTreeMap<CaseId, Case>,
    most: usize,
) -> Vec<Neighbour> {
    let mut taken: BTreeSet<CaseId> = BTreeSet::from([case.id]);
    let mut out: Vec<Neighbour> = Vec::new();
    let mut kinds: Vec<_> = kinds.into_iter().map(Vec::into_iter).collect();
    while kinds.iter().any(|kind| kind.len() > 0) {
        for kind in &mut kinds {
            let Some(next) = kind.next() else { continue };
            let seed = seeds.get(&next.case.family).filter(|seed| !taken.contains(&seed.id));
            let room = most.saturating_sub(out.len());
            let is_new = !taken.contains(&next.case.id);
            let needed = usize::from(is_new) + usize::from(seed.is_some_and(|seed| seed.id != next.case.id));
            if !is_new || needed > room {
                continue;
            }
            if let Some(seed) = seed.filter(|seed| seed.id != next.case.id) {
                taken.insert(seed.id);
                out.push(Neighbour { case: seed.clone(), relation: Relation::Seed });
            }
            taken.insert(next.case.id);
            out.push(next);
        }
    }
    // Stable: seeds first, then kind by kind, each in its order.
    out.sort_by_key(|neighbour| neighbour.relation.kind());
    out
}

/// The rows of knobs that differ from a case's in one value and keep the constraints, as seeds, and each under
/// the entries.
fn adjacent(suite: &Suite, case: &Case, expand: Vec<ExpandEntry>) -> Result<Vec<Neighbour>, NeighboursError> {
    let at = case.scenario;
    let spec = &suite.scenarios[at].spec;
    if spec.template.is_none() {
        return Ok(Vec::new());
    }
    let Some((model, row)) =
        model(spec).ok().and_then(|model| row_of(&model, &case.knobs).map(|row| (model, row)))
    else {
        return Ok(Vec::new());
    };
    let mut rows: Vec<(String, BTreeMap<String, String>)> = Vec::new();
    for (factor, of) in model.factors.iter().enumerate() {
        for value in (0..of.values.len()).filter(|value| *value != row[factor]) {
            let mut next = row.clone();
            next[factor] = value;
            if covering::allows(&model, &next) {
                let named = model.factors.iter().zip(&next);
                let named = named.map(|(of, value)| (of.name.clone(), of.values[*value].clone()));
                rows.push((of.name.clone(), named.collect()));
            }
        }
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut with_rows = only(suite, at, expand);
    // Each knob alone is enough: what is wanted are the rows.
    with_rows.scenarios[at].seeds = Seeds::from(Vec::new());
    with_rows.scenarios[at].spec.cover = Some(CoverSpec {
        strength: 1,
        rows: rows.iter().map(|(_, row)| row.clone()).collect(),
        constraints: spec.cover.as_ref().map(|cover| cover.constraints.clone()).unwrap_or_default(),
        ..CoverSpec::default()
    });
    let mut found = Vec::new();
    Expansion::new(&with_rows)?.visit(&mut |next| {
        if next.id == case.id || next.family == case.family {
            return;
        }
        if let Some((knob, _)) = rows.iter().find(|(_, row)| is_row(&next.knobs, row)) {
            found.push(Neighbour { case: next, relation: Relation::Knob(knob.clone()) });
        }
    })?;
    Ok(found)
}

fn is_row(knobs: &Row, row: &BTreeMap<String, String>) -> bool {
    knobs.columns.len() == row.len()
        && row.iter().all(|(name, value)| knobs.get(name).and_then(|of| of.as_str()) == Some(value))
}
