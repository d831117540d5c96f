//! What every command of `holdline code` works with: the suites, the taxonomy and who sorts.

use crate::baseline::{Signature, in_ci};
use crate::cli::{CliError, Place};
use crate::distil::coding::{About, Code, Codes, Coding, Item, Proposed, Reading, kept};
use crate::distil::note::Notes;
use crate::distil::scrub::Scrubber;
use crate::distil::taxonomy::{Became, Taxonomy};
use crate::report::escape::terminal_line;
use crate::session::{Options, records};
use crate::suite::nearest::nearest;
use crate::suite::project::Project;
use crate::suite::schema::taxonomy::Category;
use crate::suite::{bare_name, suite_paths};
use std::path::PathBuf;

/// A suite, by its name and its file.
pub type Named = (String, String);

/// What lies on the desk.
pub struct Desk {
    /// The project's root.
    pub root: PathBuf,
    /// The project.
    pub project: Project,
    /// Its suites.
    pub suites: Vec<Named>,
    /// The categories; none where there is no file of them.
    pub taxonomy: Option<Taxonomy>,
    /// Who sorts.
    pub by: String,
    /// The day.
    pub today: jiff::civil::Date,
    /// The records of all runs, newest first.
    pub records: Vec<PathBuf>,
}

/// Refuses to write in CI, saying what would have been.
pub fn outside_ci(what: &str) -> Result<(), CliError> {
    if in_ci(|name| std::env::var(name).ok()) {
        return Err(CliError::Usage(format!(
            "in CI nothing is written below the folder of the suites: {what} on your machine and commit the file"
        )));
    }
    Ok(())
}

impl Desk {
    /// Lays it out.
    pub fn open(place: &Place) -> Result<Self, CliError> {
        let project = place.project()?;
        let taxonomy = Taxonomy::load(&place.root, &project.suites)?;
        Ok(Self {
            suites: suite_paths(&place.root, &place.root.join(&project.suites))?,
            root: place.root.clone(),
            taxonomy,
            by: Signature::now("", &place.root).by,
            today: Options::new(place.root.clone(), false).today,
            records: records(&place.root).collect(),
            project,
        })
    }

    /// The suite named, or all of them.
    pub fn only(&self, suite: Option<&str>) -> Result<Vec<&Named>, CliError> {
        let Some(wanted) = suite.map(bare_name) else { return Ok(self.suites.iter().collect()) };
        let found: Vec<&Named> = self.suites.iter().filter(|(name, _)| name == wanted).collect();
        if found.is_empty() {
            let names = || self.suites.iter().map(|(name, _)| name.as_str());
            let help = match nearest(wanted, names()) {
                Some(meant) => format!("did you mean `{}`?", terminal_line(meant)),
                None => format!("the suites are {}", terminal_line(&names().collect::<Vec<_>>().join(", "))),
            };
            return Err(CliError::Usage(format!("there is no suite `{}`; {help}", terminal_line(wanted))));
        }
        Ok(found)
    }

    /// The categories; it is an error where there are none.
    pub fn taxonomy(&self) -> Result<&Taxonomy, CliError> {
        let there = self.taxonomy.as_ref().filter(|taxonomy| !taxonomy.file.category.is_empty());
        there.ok_or_else(|| {
            CliError::Usage(format!(
                "there are no categories yet in {}: `holdline code add ID \"when a failure belongs to it\"` adds the \
                 first",
                terminal_line(&Taxonomy::path_in(&self.project.suites))
            ))
        })
    }

    /// The category of an id.
    pub fn category(&self, id: &str) -> Result<&Category, CliError> {
        let taxonomy = self.taxonomy()?;
        if let Some(category) = taxonomy.get(id) {
            return Ok(category);
        }
        let help = match taxonomy.became(id) {
            Became::Category(into) => format!("it was merged into `{}`", into.id),
            Became::Split(into) => format!("it was split into {}", into.join(", ")),
            Became::Unknown => match nearest(id, taxonomy.ids()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the categories are {}", taxonomy.ids().collect::<Vec<_>>().join(", ")),
            },
        };
        Err(CliError::Usage(format!("there is no category `{}`; {help}", terminal_line(id))))
    }

    /// The assignments of a suite.
    pub fn codes(&self, (_, path): &Named) -> Result<Codes, CliError> {
        Ok(Codes::of_suite(&self.root, path)?)
    }

    /// The same by the taxonomy of today.
    pub fn coding(&self, codes: &Codes) -> Coding {
        Coding::new(self.taxonomy.clone().unwrap_or_default(), codes)
    }

    /// What is to be read of a suite.
    pub fn reading(&self, suite: &Named, coding: &Coding) -> Result<Reading, CliError> {
        let notes = Notes::of_suite(&self.root, &suite.1)?;
        Ok(Reading::of(&suite.0, &self.records, coding, &notes)?)
    }

    /// An assignment made now; of none it is one that is taken back.
    pub fn assignment(&self, item: &Item, category: Option<(&Category, &Coding)>) -> Code {
        Code {
            about: About::Case(item.case),
            scenario: item.scenario.clone(),
            input: item
                .failure
                .as_ref()
                .map_or_else(|| item.input.clone(), |failure| kept(&failure.input, &mut Scrubber::default())),
            category: category.map(|(category, _)| category.id.clone()),
            definition: category
                .and_then(|(category, coding)| coding.definition(&category.id))
                .map(str::to_owned),
            by: self.by.clone(),
            date: self.today,
            run: item.failure.as_ref().map(|failure| failure.run.clone()),
            how: None,
            proposed: None,
        }
    }
}

/// What a model had proposed, as it is kept with what was decided.
pub fn proposed(proposal: &crate::distil::coding::Proposal) -> Proposed {
    Proposed { category: proposal.category.clone(), model: proposal.model.clone() }
}
