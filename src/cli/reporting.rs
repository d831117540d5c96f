//! What a run, or shards put together, is reported with: the same arguments and the same outputs.

use super::progress::Progress;
use super::{CliError, CliResult, Place, bazel};
use crate::baseline::{UPDATE_VARIABLE, UpdateMode};
use crate::exit::Exit;
use crate::report::junit::Profile as JunitProfile;
use crate::report::{Outputs, Record, github, terminal};
use crate::run::{Events, Silent, folder};
use crate::session::{Options, SessionError};
use crate::suite::bare_name;
use clap::ValueEnum;
use std::path::PathBuf;
use std::sync::Arc;

/// Cases of a suite that are held in memory to report on.
const HELD: usize = 2_000;

/// Arguments about what is written, and where.
#[derive(Debug, clap::Args)]
pub struct Reporting {
    /// Write `JUnit` XML here. Default: `$XML_OUTPUT_FILE`, where Bazel sets it.
    #[arg(long, value_name = "PATH")]
    junit: Option<PathBuf>,
    /// Whose `JUnit` schema to keep to.
    #[arg(long, value_enum, default_value_t = Profile::Default, value_name = "PROFILE")]
    junit_profile: Profile,
    /// Write the record as JSON here.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Write a Markdown summary here. `$GITHUB_STEP_SUMMARY` is served by itself.
    #[arg(long, value_name = "PATH")]
    markdown: Option<PathBuf>,
    /// What is written below the baselines: auto, no, new, unseen or always. Default: `$HOLDLINE_UPDATE`, or auto.
    #[arg(long, value_name = "MODE")]
    update: Option<String>,
    /// Why the run is accepted at once (with `--update always` or `unseen`).
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Folder of the baselines.
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// No progress on standard error.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Whose `JUnit` schema to keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// With file, line and properties.
    Default,
    /// What Jenkins' xunit schema allows, and nothing else.
    Jenkins,
}

impl Reporting {
    /// Puts into the options what they say of baselines and progress.
    pub fn apply(
        &self,
        options: &mut Options,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<(), CliError> {
        let said = if self.update.is_some() { "--update" } else { UPDATE_VARIABLE };
        options.update = UpdateMode::choose(self.update.as_deref(), lookup)
            .map_err(|error| SessionError::Usage(format!("{said}: {error}")))?;
        options.hold = HELD;
        options.reason.clone_from(&self.reason);
        options.baselines.clone_from(&self.baseline);
        options.events =
            if self.quiet { Arc::new(Silent) as Arc<dyn Events> } else { Arc::new(Progress::new()) };
        Ok(())
    }

    /// The files that the arguments name.
    pub fn outputs(&self) -> Outputs {
        let profile = match self.junit_profile {
            Profile::Default => JunitProfile::Default,
            Profile::Jenkins => JunitProfile::Jenkins,
        };
        Outputs {
            junit: self.junit.clone().map(|path| (path, profile)),
            json: self.json.clone(),
            markdown: self.markdown.clone(),
        }
    }
}

/// Writes everything that is to be written of a record, prints it, and says what to exit with.
pub fn tell(
    place: &Place,
    options: &Options,
    outputs: &Outputs,
    record: &Record,
    quiet: bool,
    lookup: impl Fn(&str) -> Option<String>,
) -> CliResult {
    outputs.write(record, &folder::of(&place.root, &record.run).join(folder::RECORD))?;
    bazel::keep(&options.root, &record.run, &lookup)?;
    if let Some(path) = lookup("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        github::append_summary(record, &PathBuf::from(path))?;
    }
    if lookup("GITHUB_ACTIONS").as_deref() == Some("true") {
        eprint!("{}", github::annotations(record));
    }
    if options.only.is_empty() && options.selection.is_everything() && !options.last_failed && !quiet {
        let ran = record.suites.iter().map(|suite| suite.name.as_str());
        let left_out = record.unnamed.iter().map(|of| bare_name(&of.suite));
        place.note_orphans(options.baselines.as_ref(), ran.chain(left_out))?;
    }
    place.print(&terminal::render(record, place.style))?;
    Ok(Exit::from(record.decision))
}
