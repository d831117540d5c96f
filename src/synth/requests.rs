//! The requests of a plan: what each generator is told, what is sent for it, and which model gets it.

use super::batch::Job;
use super::draft::Brief;
use super::generator::{BriefError, Generator};
use super::grounds::Ground;
use super::plan::{Unit, Wishes};
use super::prompt::{PromptError, PromptFile};
use super::rotation::Rotation;
use crate::expand::stream::Stream;
use crate::suite::Suite;
use std::collections::{BTreeMap, HashMap};

/// Seeds that a request shows as examples.
const SHOWN: usize = 4;
/// Texts that a request says are there already.
const AVOIDED: usize = 30;

/// A request about a unit.
#[derive(Debug)]
pub struct Request {
    /// The unit's place in the plan.
    pub unit: usize,
    /// The generator.
    pub generator: &'static Generator,
    /// What it is told.
    pub brief: Brief,
    /// What is sent.
    pub job: Job,
}

/// What requests are made of, and how many there were.
#[derive(Debug)]
pub struct Requests<'a> {
    suite: &'a Suite,
    grounds: &'a [Ground],
    wishes: &'a Wishes,
    rotation: &'a Rotation,
    prompts: &'a BTreeMap<&'static str, PromptFile>,
    next: usize,
    /// How often the same was asked.
    same: HashMap<String, u32>,
}

impl<'a> Requests<'a> {
    /// None so far. `prompts` are the user's own, by the generator's name.
    pub fn new(
        suite: &'a Suite,
        grounds: &'a [Ground],
        wishes: &'a Wishes,
        rotation: &'a Rotation,
        prompts: &'a BTreeMap<&'static str, PromptFile>,
    ) -> Self {
        Self { suite, grounds, wishes, rotation, prompts, next: 0, same: HashMap::new() }
    }

    /// Adds the requests about a unit for so many candidates. `there` are texts that were let in already, oldest
    /// first.
    pub fn add(
        &mut self,
        requests: &mut Vec<Request>,
        (at, unit): (usize, &Unit),
        mut missing: usize,
        there: &[&str],
    ) -> Result<(), RequestError> {
        while missing > 0 {
            let count = missing.min(self.wishes.batch.max(1));
            missing -= count;
            let (generator, brief) = (unit.generator, self.brief(unit, count, there));
            let messages = generator.messages(&brief, self.prompts.get(generator.name))?;
            let form = generator.form(&brief)?;
            let model = self.rotation.turn(self.next).to_owned();
            let purpose = generator.purpose();
            self.next += 1;
            // The same said to the same model is asked anew under the next number.
            let ordinal = self.same.entry(format!("{purpose}\n{model}\n{messages:?}")).or_default();
            let sample = (u32::from(self.wishes.seed) << 16).saturating_add(*ordinal);
            *ordinal += 1;
            requests.push(Request {
                unit: at,
                generator,
                brief,
                job: Job { purpose, messages, form, sample, model },
            });
        }
        Ok(())
    }

    fn brief(&self, unit: &Unit, count: usize, there: &[&str]) -> Brief {
        let ground = &self.grounds[unit.scenario];
        let draw = |what: &[u8]| {
            let seed = self.wishes.seed.to_be_bytes();
            Stream::new(&[b"synth brief", what, &seed, ground.brief.id.as_bytes()]).at(self.next as u64)
        };
        let mut seeds = ground.seeds.clone();
        draw(b"seeds").shuffle(&mut seeds);
        let rest = seeds.split_off(SHOWN.min(seeds.len()));
        // What was let in last is what a model is most likely to write again.
        let mut avoid: Vec<String> = there.iter().rev().map(|text| (*text).to_owned()).collect();
        let rest = rest.into_iter().map(|seed| seed.input);
        let mut others: Vec<String> = ground.texts.iter().cloned().chain(rest).collect();
        draw(b"avoid").shuffle(&mut others);
        avoid.extend(others);
        avoid.truncate(AVOIDED);
        Brief {
            suite: self.suite.name.clone(),
            feature: self.suite.spec.feature.clone(),
            scenario: ground.brief.clone(),
            seeds,
            about: unit.about.clone(),
            knobs: unit.knobs.clone(),
            count,
            documents: unit.documents.clone(),
            avoid,
            advice: self.wishes.advice.clone(),
            options: self.wishes.options.clone(),
            ..Brief::default()
        }
    }
}

/// Why a request cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// A prompt cannot be made.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// A generator cannot work on what it is told.
    #[error(transparent)]
    Brief(#[from] BriefError),
}
