//! `holdline export`: sets to train a model on, of what people approved for training and nothing that gates.

use super::{CliError, CliResult, Place};
use crate::exit::Exit;
use crate::finetune::{
    Balance, ExportError, Format, Options as Writing, Source, Splits, Task, Wanted, export, gather, prepare,
};
use crate::report::export::page;
use crate::run::folder::below;
use crate::session::Options;
use std::io::Write;
use std::path::PathBuf;

/// Longest text that the application is told about itself, in bytes.
const SYSTEM_LIMIT: u64 = 1 << 20;

/// Arguments of `holdline export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// How the set is written.
    #[arg(long, value_enum)]
    format: Format,
    /// What TRL is to train (`--format trl`).
    #[arg(long, value_enum, default_value_t)]
    task: Task,
    /// The file; beside it goes a manifest, and with `--split` a file for each part. Without it the set is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only of this suite; may be repeated.
    #[arg(long, value_name = "SUITE")]
    suite: Vec<String>,
    /// Only answers from here; may be repeated.
    #[arg(long, value_enum, value_name = "WHERE")]
    from: Vec<Where>,
    /// Take the failures of this run; may be repeated. Without it those of the newest run of each suite.
    #[arg(long, value_name = "RUN")]
    run: Vec<String>,
    /// Split the set, as `train=0.8,val=0.1,test=0.1`. A family of seeds, and whatever says nearly the same, is in one
    /// part alone.
    #[arg(long, value_name = "PARTS", requires = "out")]
    split: Option<Splits>,
    /// Another number deals the parts anew.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// At most so many times as many examples of one difficulty as of the rarest one that was measured; `off`: all.
    #[arg(long, value_name = "TIMES", default_value = "3")]
    balance: Balance,
    /// A file with what the application is told about itself, before every dialogue (`chat` and `trl`).
    #[arg(long, value_name = "FILE")]
    system: Option<PathBuf>,
    /// Make cells harmless that a spreadsheet would take for formulas (`csv`). Such a table is not for training.
    #[arg(long)]
    for_spreadsheets: bool,
}

/// Where answers are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Where {
    /// Reviewed variants.
    Variants,
    /// Answers labelled for judges.
    Labels,
    /// Accepted answers that passed.
    Baselines,
    /// Answers of runs that failed.
    Failures,
}

impl Where {
    const fn source(self) -> Source {
        match self {
            Self::Variants => Source::Variant,
            Self::Labels => Source::Label,
            Self::Baselines => Source::Baseline,
            Self::Failures => Source::Failure,
        }
    }
}

/// Exports.
pub fn run(place: &Place, args: &ExportArgs) -> CliResult {
    fits(args)?;
    let system = args.system.as_ref().map(|path| system(&below(&place.root, path))).transpose()?;
    let wanted = Wanted {
        suites: args.suite.clone(),
        sources: args.from.iter().map(|from| from.source()).collect(),
        runs: args.run.clone(),
    };
    // Nothing below `suites/` or `baselines/` is written, whether this is CI or not.
    let options = Options::new(place.root.clone(), false);
    let (gathered, gating) = gather(&options, &wanted, |name| std::env::var(name).ok())?;
    let writing = Writing {
        format: args.format,
        task: args.task,
        system,
        splits: args.split.clone().unwrap_or_default(),
        seed: args.seed,
        balance: args.balance,
        for_spreadsheets: args.for_spreadsheets,
    };
    let mut set = prepare(gathered, &gating, &writing)?;
    let Some(out) = &args.out else {
        let mut stdout = std::io::stdout().lock();
        for file in &set.files {
            stdout.write_all(file.text.as_bytes())?;
        }
        stdout.flush()?;
        eprint!("{}", page(&set.manifest, &[], place.style));
        return Ok(Exit::Held);
    };
    let out = below(&place.root, out);
    let written = export(&mut set, &out)?;
    let shown = |path: &PathBuf| {
        path.strip_prefix(&place.root).unwrap_or(path).display().to_string().replace('\\', "/")
    };
    let written: Vec<String> = written.iter().map(shown).collect();
    place.print(&page(&set.manifest, &written, place.style))?;
    Ok(Exit::Held)
}

/// Options that say nothing to the format are no mistake to be passed over.
fn fits(args: &ExportArgs) -> Result<(), CliError> {
    let wrong = |option: &str, formats: &str| {
        Err(CliError::Usage(format!(
            "`{option}` says nothing without {formats}; leave it out, or change the format"
        )))
    };
    if args.task != Task::default() && args.format != Format::Trl {
        return wrong("--task", "`--format trl`");
    }
    if args.system.is_some() && !matches!(args.format, Format::Chat | Format::Trl) {
        return wrong("--system", "`--format chat` or `--format trl`");
    }
    if args.for_spreadsheets && args.format != Format::Csv {
        return wrong("--for-spreadsheets", "`--format csv`");
    }
    Ok(())
}

fn system(path: &std::path::Path) -> Result<String, CliError> {
    use std::io::Read as _;
    let unread =
        |error: std::io::Error| CliError::Usage(format!("{} cannot be read: {error}", path.display()));
    let mut text = String::new();
    let mut file = std::fs::File::open(path).map_err(unread)?.take(SYSTEM_LIMIT + 1);
    file.read_to_string(&mut text).map_err(unread)?;
    if text.len() as u64 > SYSTEM_LIMIT {
        return Err(CliError::Usage(format!(
            "{} has over 1 MiB; a system message is shorter",
            path.display()
        )));
    }
    if text.trim().is_empty() {
        return Err(CliError::Usage(format!("{} says nothing", path.display())));
    }
    Ok(text.trim_end().to_owned())
}

impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}
