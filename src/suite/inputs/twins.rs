//! Seeds that could not be told apart: two with one id, or two with one input and no id.

use super::MAX_TOLD;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Spot, quote};
use crate::suite::seeds::{SeedsError, Streamed};
use crate::suite::{Place, Seed};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a seed is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key<'s> {
    /// Its id.
    Id(Cow<'s, str>),
    /// What it asks.
    Input(Cow<'s, str>),
}

impl<'s> Key<'s> {
    /// That of a seed.
    pub fn of(seed: &'s Seed) -> Self {
        match (&seed.id, &seed.input) {
            (Some(id), _) => Self::Id(Cow::Borrowed(id)),
            (None, Value::String(text)) => Self::Input(Cow::Borrowed(text.trim())),
            (None, other) => Self::Input(Cow::Owned(other.to_string())),
        }
    }

    fn into_owned(self) -> Key<'static> {
        match self {
            Self::Id(id) => Key::Id(Cow::Owned(id.into_owned())),
            Self::Input(input) => Key::Input(Cow::Owned(input.into_owned())),
        }
    }

    /// What is told of two seeds that share it.
    pub fn told(&self, second: Spot, first: Spot) -> Diagnostic {
        let (code, what, help) = match self {
            Self::Id(id) => (
                "duplicate-id",
                format!("two inputs of this scenario have the id {}", quote(id)),
                "an id names one input: give each its own",
            ),
            Self::Input(input) => (
                "duplicate-input",
                format!("two inputs of this scenario are the same: {}", quote(input)),
                "leave one of them out, or give each an `id`",
            ),
        };
        Diagnostic::new(code, what)
            .at(second)
            .label("the second one")
            .related(first, "the first one")
            .help(help)
    }

    /// The same for the same key on every machine and in every run of one version.
    fn hashed(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// What is kept of the seeds of a file to find twins: eight bytes each.
#[derive(Debug, Default)]
pub(super) struct Twins(Vec<u64>);

/// A seed whose key was met before.
struct Second {
    key: Key<'static>,
    place: Place,
    spot: Spot,
    first: Option<Spot>,
}

impl Twins {
    /// One more seed.
    pub fn add(&mut self, seed: &Seed) {
        self.0.push(Key::of(seed).hashed());
    }

    /// Tells of twins. The file is read again only where hashes are equal, to be sure and to tell where the
    /// two stand.
    pub fn tell(mut self, seeds: &Streamed, out: &mut Diagnostics) -> Result<(), SeedsError> {
        self.0.sort_unstable();
        let mut shared: Vec<u64> =
            self.0.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
        drop(self);
        shared.dedup();
        if shared.is_empty() {
            return Ok(());
        }
        let (mut met, mut count, mut seconds) = (HashSet::new(), 0_usize, Vec::<Second>::new());
        seeds.visit(&mut |raw, seed| {
            let key = Key::of(&seed);
            let hash = key.hashed();
            if shared.binary_search(&hash).is_ok() && !met.insert(hash) {
                count += 1;
                if count <= MAX_TOLD {
                    let spot = raw.spot(&seed.place.file, raw.span());
                    seconds.push(Second {
                        key: key.into_owned(),
                        place: seed.place.clone(),
                        spot,
                        first: None,
                    });
                }
            }
        })?;
        seeds.visit(&mut |raw, seed| {
            let key = Key::of(&seed);
            for second in seconds.iter_mut().filter(|second| second.first.is_none() && second.key == key) {
                second.first = Some(raw.spot(&seed.place.file, raw.span()));
            }
        })?;
        let more = count - seconds.len();
        // One that is itself the first of its key shares a hash with another key, and has no twin.
        seconds.retain(|second| second.first.as_ref().is_some_and(|first| first.line != second.place.line));
        let last = seconds.len();
        for (at, Second { key, spot, first, .. }) in seconds.into_iter().enumerate() {
            let Some(first) = first else { continue };
            let told = key.told(spot, first);
            out.push(if at + 1 == last && more > 0 {
                told.note(format!("and {more} more like this"))
            } else {
                told
            });
        }
        Ok(())
    }
}
