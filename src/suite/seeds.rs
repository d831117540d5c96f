//! The seeds of a scenario: a list, or the rows of a data file that is too large to keep, which are read
//! again from the disk each time.

use super::files::{Hashed, Stamp};
use super::inputs::{Format, Raw, Recipe, RowReader, Unreadable};
use super::schema::Expect;
use super::{Place, Row, Seed};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

/// Why the seeds of a data file cannot be told again after the suite was loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedsError {
    /// The file is another one now.
    #[error(
        "`{path}` has changed since this suite was loaded: start anew, so that every case is of one file"
    )]
    Changed {
        /// The file, as it is shown.
        path: String,
    },
    /// The file cannot be read any more.
    #[error("`{path}` cannot be read any more: {error}")]
    Unreadable {
        /// The file, as it is shown.
        path: String,
        /// Why.
        error: String,
    },
}

/// The seeds of a scenario, in the order of what they come from.
#[derive(Debug, Clone)]
pub struct Seeds(Kept);

#[derive(Debug, Clone)]
enum Kept {
    Listed(Vec<Seed>),
    Streamed(Arc<Streamed>),
}

impl From<Vec<Seed>> for Seeds {
    fn from(seeds: Vec<Seed>) -> Self {
        Self(Kept::Listed(seeds))
    }
}

impl From<Streamed> for Seeds {
    fn from(seeds: Streamed) -> Self {
        Self(Kept::Streamed(Arc::new(seeds)))
    }
}

impl Seeds {
    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Listed(seeds) => seeds.len(),
            Kept::Streamed(seeds) => seeds.len,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The seeds as a list; `None` where they are read from a file each time.
    pub fn listed(&self) -> Option<&[Seed]> {
        match &self.0 {
            Kept::Listed(seeds) => Some(seeds),
            Kept::Streamed(_) => None,
        }
    }

    /// One after the other. Those of a file end with an error where it is not the one that was loaded; a
    /// file that was changed within its time stamp shows only at its end.
    pub fn iter(&self) -> SeedIter<'_> {
        self.view().iter()
    }

    /// The lists of what must hold of their answers, each at least once.
    pub fn expects(&self) -> impl Iterator<Item = &Arc<[Expect]>> {
        let (listed, shared) = match &self.0 {
            Kept::Listed(seeds) => (seeds.as_slice(), None),
            Kept::Streamed(seeds) => (&[][..], Some(&seeds.recipe.expect)),
        };
        listed.iter().map(|seed| &seed.expect).chain(shared)
    }

    /// Their tags, each at least once.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let (listed, shared) = match &self.0 {
            Kept::Listed(seeds) => (seeds.as_slice(), &[][..]),
            Kept::Streamed(seeds) => (&[][..], seeds.recipe.tags.as_slice()),
        };
        listed.iter().flat_map(|seed| &seed.tags).chain(shared).map(String::as_str)
    }

    /// All of them, to be looked at.
    pub(crate) fn view(&self) -> SeedView<'_> {
        match &self.0 {
            Kept::Listed(seeds) => SeedView::Listed(seeds),
            Kept::Streamed(seeds) => SeedView::Streamed(seeds),
        }
    }
}

impl<'a> IntoIterator for &'a Seeds {
    type Item = Result<Cow<'a, Seed>, SeedsError>;
    type IntoIter = SeedIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Some seeds of a scenario.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SeedView<'a> {
    /// These.
    Listed(&'a [Seed]),
    /// Those of a file.
    Streamed(&'a Streamed),
}

impl<'a> SeedView<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        match self {
            Self::Listed(seeds) => seeds.len(),
            Self::Streamed(seeds) => seeds.len,
        }
    }

    /// One after the other.
    pub fn iter(self) -> SeedIter<'a> {
        SeedIter(match self {
            Self::Listed(seeds) => Rest::Listed(seeds.iter()),
            Self::Streamed(seeds) => Rest::Streamed(seeds.rows()),
        })
    }

    /// Where the first seed without a column stands, and all columns of the seeds.
    pub fn lacking(self, column: &str) -> (Option<Place>, BTreeSet<String>) {
        let survey = match self {
            Self::Listed(seeds) => {
                let mut survey = Survey::default();
                for seed in seeds {
                    survey.add(&seed.row, &seed.place);
                }
                Cow::Owned(survey)
            }
            Self::Streamed(seeds) => Cow::Borrowed(&seeds.survey),
        };
        let first = survey.columns.get(column).map_or(survey.first.as_ref(), Option::as_ref).cloned();
        (first, survey.columns.keys().cloned().collect())
    }
}

/// The columns that seeds have.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    /// Each column, with the first seed that lacks it.
    columns: BTreeMap<String, Option<Place>>,
    /// The first seed.
    first: Option<Place>,
    last: Option<Arc<[String]>>,
}

impl Survey {
    /// Looks at the next seed.
    pub fn add(&mut self, row: &Row, place: &Place) {
        // Rows of one file share their columns, so that most need no second look.
        if self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &row.columns)) {
            return;
        }
        for (name, lacking) in &mut self.columns {
            if lacking.is_none() && !row.columns.contains(name) {
                *lacking = Some(place.clone());
            }
        }
        for name in &*row.columns {
            if !self.columns.contains_key(name) {
                self.columns.insert(name.clone(), self.first.clone());
            }
        }
        self.first.get_or_insert_with(|| place.clone());
        self.last = Some(row.columns.clone());
    }
}

/// The rows of a file that are seeds.
#[derive(Debug)]
pub(crate) struct Streamed {
    /// The file.
    pub path: PathBuf,
    /// How its rows are written.
    pub format: Format,
    /// How they become seeds.
    pub recipe: Recipe,
    /// Of the rows that `where` selects, those drawn, by their numbers from 0; `None` for all.
    pub drawn: Option<Vec<u32>>,
    /// How many seeds there are.
    pub len: usize,
    /// Their columns.
    pub survey: Survey,
    /// What the file was when it was loaded.
    pub stamp: Stamp,
}

impl Streamed {
    fn rows(&self) -> StreamedRows<'_> {
        StreamedRows { of: self, state: State::Closed, left: self.len, number: 0, drawn: 0 }
    }

    /// Every row that `where` selects, whether it is drawn or not, as it stands and as a seed.
    pub fn visit(&self, each: &mut dyn FnMut(Raw<'_>, Seed)) -> Result<(), SeedsError> {
        let mut reader = self.open()?;
        loop {
            let (raw, row) = match reader.next() {
                Ok(None) => return Ok(()),
                Ok(Some((raw, Ok(row)))) => (raw, row),
                Err(Unreadable::Io(error)) => return Err(self.unreadable(&error)),
                _ => return Err(self.changed()),
            };
            // Of a file that is told of other mistakes, not every row is a seed.
            if self.recipe.admits(&row)
                && let Ok(seed) = self.recipe.seed(row, raw.line)
            {
                each(raw, seed);
            }
        }
    }

    /// The columns of the seeds.
    pub fn surveyed(&self) -> Result<Survey, SeedsError> {
        let mut survey = Survey::default();
        for seed in self.rows() {
            let seed = seed?;
            survey.add(&seed.row, &seed.place);
        }
        Ok(survey)
    }

    fn changed(&self) -> SeedsError {
        SeedsError::Changed { path: self.recipe.file.to_string() }
    }

    fn unreadable(&self, error: &std::io::Error) -> SeedsError {
        SeedsError::Unreadable { path: self.recipe.file.to_string(), error: error.to_string() }
    }

    /// Opens the file, if it is the one that was loaded.
    fn open(&self) -> Result<RowReader<Hashed>, SeedsError> {
        let opened = File::open(&self.path).and_then(|file| {
            let file = Hashed::new(file);
            Ok((self.stamp.may_be_of(&file)?, RowReader::new(self.format, file)?))
        });
        match opened {
            Ok((true, reader)) => Ok(reader),
            Ok((false, _)) => Err(self.changed()),
            Err(error) => Err(self.unreadable(&error)),
        }
    }
}

/// Seeds, one after the other.
pub struct SeedIter<'a>(Rest<'a>);

enum Rest<'a> {
    Listed(std::slice::Iter<'a, Seed>),
    Streamed(StreamedRows<'a>),
}

impl<'a> Iterator for SeedIter<'a> {
    type Item = Result<Cow<'a, Seed>, SeedsError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Rest::Listed(seeds) => seeds.next().map(|seed| Ok(Cow::Borrowed(seed))),
            Rest::Streamed(rows) => rows.next().map(|seed| seed.map(Cow::Owned)),
        }
    }
}

struct StreamedRows<'a> {
    of: &'a Streamed,
    state: State,
    /// Seeds that are still to come.
    left: usize,
    /// The number of the next row that `where` selects.
    number: u32,
    /// The place in `drawn` of the next one drawn.
    drawn: usize,
}

enum State {
    Closed,
    Open(Box<RowReader<Hashed>>),
    Done,
}

impl StreamedRows<'_> {
    fn seed(&mut self) -> Result<Option<Seed>, SeedsError> {
        let of = self.of;
        if let State::Closed = self.state {
            self.state = State::Open(Box::new(of.open()?));
        }
        let State::Open(reader) = &mut self.state else { return Ok(None) };
        while self.left > 0 {
            // Every row was sound when the file was loaded.
            let (line, row) = match reader.next() {
                Ok(Some((raw, Ok(row)))) => (raw.line, row),
                Err(Unreadable::Io(error)) => return Err(of.unreadable(&error)),
                _ => return Err(of.changed()),
            };
            if !of.recipe.admits(&row) {
                continue;
            }
            let number = self.number;
            self.number += 1;
            if let Some(drawn) = &of.drawn {
                if drawn.get(self.drawn) != Some(&number) {
                    continue;
                }
                self.drawn += 1;
            }
            self.left -= 1;
            return of.recipe.seed(row, line).map(Some).map_err(|_| of.changed());
        }
        // The whole file is known to be the one that was loaded only at its end.
        let hashed = reader.finish().map_err(|error| of.unreadable(&error))?;
        let same = hashed.stamp().map_err(|error| of.unreadable(&error))? == of.stamp;
        if same { Ok(None) } else { Err(of.changed()) }
    }
}

impl Iterator for StreamedRows<'_> {
    type Item = Result<Seed, SeedsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let seed = self.seed().transpose();
        if !matches!(seed, Some(Ok(_))) {
            self.state = State::Done;
        }
        seed
    }
}
