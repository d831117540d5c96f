//! What is asked for: how many candidates, of which scenarios, by which generators, about what; and what should
//! have been said first.

use super::draft::SeedBrief;
use super::generator::{Generator, WorksOn};
use super::grounds::Ground;
use super::knobs::{KnobRows, KnobsError, Values, shares};
use crate::expand::stream::Stream;
use crate::suite::Suite;
use crate::suite::nearest::nearest;
use crate::suite::variants::SourceSpan;
use std::collections::BTreeMap;

/// Candidates that one request asks for at most, where nobody says otherwise.
pub const BATCH: usize = 5;

/// Passages that one request is shown: two, so that a question may need both.
const TOGETHER: usize = 2;

/// What somebody wants written.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Scenarios, by id or name; all of the suite without any.
    pub scenarios: Vec<String>,
    /// Generators; at least one.
    pub generators: Vec<&'static Generator>,
    /// Candidates in all; they are shared out evenly.
    pub count: usize,
    /// Candidates that one request asks for at most.
    pub batch: usize,
    /// Knobs with their values, beside those of the scenarios and in their place.
    pub knobs: BTreeMap<String, Vec<String>>,
    /// Options of the generators.
    pub options: BTreeMap<String, String>,
    /// Passages of documents that candidates are to be grounded in.
    pub documents: Vec<SourceSpan>,
    /// Why people rejected earlier candidates, the most frequent reason first.
    pub advice: Vec<String>,
    /// Tells one asking from another: the same files with the same number ask the same.
    pub seed: u16,
    /// Share of the knobs' combinations that is to have a candidate, above 0 and up to 1, whatever the count says.
    pub coverage: Option<f64>,
}

/// What is asked about, and for how many candidates.
#[derive(Debug, Clone)]
pub struct Unit {
    /// The generator.
    pub generator: &'static Generator,
    /// The scenario's place in the suite.
    pub scenario: usize,
    /// The seed that is varied.
    pub about: Option<SeedBrief>,
    /// The values of knobs.
    pub knobs: Values,
    /// The passages.
    pub documents: Vec<SourceSpan>,
    /// Candidates wanted.
    pub share: usize,
}

/// Knob rows of a scenario for a generator.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The generator.
    pub generator: &'static Generator,
    /// The scenario's place in the suite.
    pub scenario: usize,
    /// The rows.
    pub rows: KnobRows,
}

/// All that is asked for.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What is asked about, in order.
    pub units: Vec<Unit>,
    /// The knob rows among them.
    pub grids: Vec<Grid>,
    /// What should have been said first.
    pub warnings: Vec<Warning>,
}

/// What should have been said first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// No knobs are named, so that what comes will be much alike.
    NoKnobs {
        /// The generator.
        generator: &'static str,
        /// The scenarios' ids.
        scenarios: Vec<String>,
        /// Candidates wanted of them.
        count: usize,
    },
    /// The scenario has nothing that the generator works on, and is left out.
    NothingToWorkOn {
        /// The generator.
        generator: &'static str,
        /// The scenario's id.
        scenario: String,
        /// What it lacks: `seeds`, `documents`.
        lacks: &'static str,
    },
    /// More is asked for than was said, so that the combinations of knobs can be covered.
    More {
        /// The generator.
        generator: &'static str,
        /// The scenario's id.
        scenario: String,
        /// Candidates said.
        said: usize,
        /// Candidates wanted.
        wanted: usize,
    },
}

/// Why nothing can be asked for.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The suite has no scenario of that name.
    #[error("suite `{suite}` has no scenario `{name}`; {mend}")]
    UnknownScenario {
        /// The suite.
        suite: String,
        /// The name.
        name: String,
        /// What to write in its place.
        mend: String,
    },
    /// The generator works in a conversation, which this does not lead.
    #[error("generator `{0}` takes part in a conversation, and cannot be asked by itself")]
    Conversation(&'static str),
    /// Knobs make no sense.
    #[error(transparent)]
    Knobs(#[from] KnobsError),
    /// None of the scenarios has what the generators work on.
    #[error("generator `{generator}` has nothing to work on: {mend}")]
    Nothing {
        /// The generator.
        generator: &'static str,
        /// The mend.
        mend: &'static str,
    },
}

impl Plan {
    /// Shares out what is wanted over generators and scenarios, and within each over knob rows, seeds or passages.
    pub fn of(suite: &Suite, grounds: &[Ground], wishes: &Wishes) -> Result<Self, PlanError> {
        let scenarios = chosen(suite, &wishes.scenarios)?;
        let mut plan = Self::default();
        let mut pairs = Vec::new();
        for generator in &wishes.generators {
            if generator.works_on == WorksOn::Conversation {
                return Err(PlanError::Conversation(generator.name));
            }
            let able: Vec<usize> = scenarios
                .iter()
                .copied()
                .filter(|at| match lacks(generator, &grounds[*at], wishes) {
                    None => true,
                    Some(lacks) => {
                        let scenario = suite.scenarios[*at].id.clone();
                        let generator = generator.name;
                        plan.warnings.push(Warning::NothingToWorkOn { generator, scenario, lacks });
                        false
                    }
                })
                .collect();
            if able.is_empty() {
                let mend = match generator.works_on {
                    WorksOn::Documents => "name documents with `--docs`",
                    _ => "write `inputs` for the scenario first",
                };
                return Err(PlanError::Nothing { generator: generator.name, mend });
            }
            pairs.extend(able.into_iter().map(|at| (*generator, at)));
        }
        let parts = shares(wishes.count, pairs.len());
        for ((generator, scenario), count) in pairs.into_iter().zip(parts) {
            if count > 0 {
                plan.add(suite, grounds, wishes, (generator, scenario, count))?;
            }
        }
        Ok(plan)
    }

    /// Candidates wanted in all.
    pub fn wanted(&self) -> usize {
        self.units.iter().map(|unit| unit.share).sum()
    }

    fn add(
        &mut self,
        suite: &Suite,
        grounds: &[Ground],
        wishes: &Wishes,
        (generator, scenario, count): (&'static Generator, usize, usize),
    ) -> Result<(), PlanError> {
        let unit = |share| Unit {
            generator,
            scenario,
            about: None,
            knobs: Values::new(),
            documents: Vec::new(),
            share,
        };
        let draw = || {
            let parts: [&[u8]; 4] = [
                b"synth units",
                &wishes.seed.to_be_bytes(),
                suite.scenarios[scenario].id.as_bytes(),
                generator.name.as_bytes(),
            ];
            Stream::new(&parts)
        };
        match generator.works_on {
            WorksOn::Scenario | WorksOn::Conversation => {
                return self.add_rows(suite, wishes, (generator, scenario, count));
            }
            WorksOn::Seed => {
                let mut seeds = grounds[scenario].seeds.clone();
                draw().shuffle(&mut seeds);
                seeds.truncate(count);
                let parts = shares(count, seeds.len());
                let each = seeds.into_iter().zip(parts);
                self.units.extend(each.map(|(seed, share)| Unit { about: Some(seed), ..unit(share) }));
            }
            WorksOn::Documents => {
                let mut passages = wishes.documents.clone();
                draw().shuffle(&mut passages);
                let mut groups: Vec<Vec<SourceSpan>> = passages.chunks(TOGETHER).map(<[_]>::to_vec).collect();
                groups.truncate(count);
                let parts = shares(count, groups.len());
                let each = groups.into_iter().zip(parts);
                self.units.extend(each.map(|(documents, share)| Unit { documents, ..unit(share) }));
            }
        }
        Ok(())
    }

    /// Knob rows, or the scenario alone where there are no knobs.
    fn add_rows(
        &mut self,
        suite: &Suite,
        wishes: &Wishes,
        (generator, scenario, count): (&'static Generator, usize, usize),
    ) -> Result<(), PlanError> {
        let of = &suite.scenarios[scenario];
        let unit =
            |knobs, share| Unit { generator, scenario, about: None, knobs, documents: Vec::new(), share };
        let seed = u64::from(wishes.seed);
        let Some(mut rows) = KnobRows::of(of, &wishes.knobs, (count, wishes.batch), seed)? else {
            self.no_knobs(generator.name, &of.id, count);
            self.units.push(unit(Values::new(), count));
            return Ok(());
        };
        if let Some(target) = wishes.coverage {
            rows = rows
                .reaching(target)
                .map_err(|error| KnobsError::Covering { scenario: of.id.clone(), error })?;
            let wanted = rows.rows.iter().map(|(_, share)| share).sum();
            if wanted > count {
                let (generator, scenario) = (generator.name, of.id.clone());
                self.warnings.push(Warning::More { generator, scenario, said: count, wanted });
            }
        }
        self.units.extend(rows.rows.iter().map(|(knobs, share)| unit(knobs.clone(), *share)));
        self.grids.push(Grid { generator, scenario, rows });
        Ok(())
    }
}

impl Plan {
    /// Notes that candidates are wanted without knobs: one warning for all scenarios of a generator.
    fn no_knobs(&mut self, of: &'static str, id: &str, more: usize) {
        for warning in &mut self.warnings {
            if let Warning::NoKnobs { generator, scenarios, count } = warning
                && *generator == of
            {
                scenarios.push(id.to_owned());
                *count += more;
                return;
            }
        }
        self.warnings.push(Warning::NoKnobs { generator: of, scenarios: vec![id.to_owned()], count: more });
    }
}

/// What a scenario lacks that a generator works on.
fn lacks(generator: &Generator, ground: &Ground, wishes: &Wishes) -> Option<&'static str> {
    match generator.works_on {
        WorksOn::Seed if ground.seeds.is_empty() => Some("seeds"),
        WorksOn::Documents if wishes.documents.is_empty() => Some("documents"),
        _ => None,
    }
}

/// The place of a scenario, by its id or name.
pub fn scenario(suite: &Suite, name: &str) -> Result<usize, PlanError> {
    Ok(chosen(suite, &[name.to_owned()])?.first().copied().unwrap_or_default())
}

/// The places of the scenarios that are named, by id or by name; of all without any.
fn chosen(suite: &Suite, names: &[String]) -> Result<Vec<usize>, PlanError> {
    if names.is_empty() {
        return Ok((0..suite.scenarios.len()).collect());
    }
    let mut places = Vec::with_capacity(names.len());
    for name in names {
        let known = |scenario: &crate::suite::Scenario| scenario.id == *name || scenario.spec.name == *name;
        let Some(at) = suite.scenarios.iter().position(known) else {
            let ids = || suite.scenarios.iter().map(|scenario| scenario.id.as_str());
            let mend = nearest(name, ids()).map_or_else(
                || format!("it has `{}`", ids().collect::<Vec<_>>().join("`, `")),
                |near| format!("did you mean `{near}`?"),
            );
            let suite = suite.name.clone();
            return Err(PlanError::UnknownScenario { suite, name: name.clone(), mend });
        };
        if !places.contains(&at) {
            places.push(at);
        }
    }
    Ok(places)
}
