//! `holdline cache`: what the cache of answers holds, and how it is kept small.

use super::{CliResult, Place};
use crate::exit::Exit;
use crate::report::escape::terminal_line;
use crate::report::number::count;
use crate::run::cache::{contents, folder_of, prune};
use crate::suite::quantity::{Age, Size};

/// Arguments of `holdline cache`.
#[derive(Debug, clap::Args)]
pub struct CacheArgs {
    #[command(subcommand)]
    what: Option<What>,
}

/// What is to be done with the cache.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Remove answers that are too old, and those that were not used for longest until the rest fits.
    ///
    /// Runs may go on meanwhile: what is gone is asked for again.
    Prune(PruneArgs),
}

/// Arguments of `holdline cache prune`.
#[derive(Debug, clap::Args)]
struct PruneArgs {
    /// Most that may be left. Default: `max_size` of `[cache]` in holdline.toml, or 1GiB.
    #[arg(long, value_name = "SIZE")]
    max_size: Option<Size>,
    /// How old an answer may be. Default: `max_age` of `[cache]` in holdline.toml, or 30d.
    #[arg(long, value_name = "AGE")]
    max_age: Option<Age>,
    /// Say what would be removed; remove nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Shows the cache, or prunes it.
pub fn run(place: &Place, args: &CacheArgs) -> CliResult {
    let spec = place.project()?.cache;
    let folder = folder_of(&place.root, &spec);
    let shown = terminal_line(&folder.display().to_string());
    let text = match &args.what {
        None => {
            let held = contents(&folder)?;
            let asked = match (held.oldest, held.newest) {
                (Some(oldest), Some(newest)) => format!("\nasked from {} to {}", day(oldest), day(newest)),
                _ => String::new(),
            };
            let answers = count(held.answers, "answer", "answers");
            let limits = format!("kept up to {}, and each for {}", spec.max_size, spec.max_age);
            format!("{shown}: {answers}, {}{asked}\n{limits}\n", bytes(held.bytes))
        }
        Some(What::Prune(args)) => {
            let (size, age) = (args.max_size.unwrap_or(spec.max_size), args.max_age.unwrap_or(spec.max_age));
            let pruned = prune(&folder, size, age, args.dry_run)?;
            let done = if args.dry_run { "would be removed" } else { "removed" };
            let removed = count(pruned.removed, "answer", "answers");
            format!(
                "{shown}: {removed} {done}, {}; {} left, {}\n",
                bytes(pruned.freed),
                pruned.left,
                bytes(pruned.bytes)
            )
        }
    };
    place.print(&text)?;
    Ok(Exit::Held)
}

/// A day, and the time in it to the minute, in UTC.
fn day(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    at.map_or_else(|| "?".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// A number of bytes with the unit that suits it: `512 B`, `1.5 MiB`.
fn bytes(bytes: u64) -> String {
    for (factor, unit) in [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] {
        if bytes >= factor {
            return format!("{:.1} {unit}", bytes as f64 / factor as f64);
        }
    }
    format!("{bytes} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_days_are_told_so_that_people_can_read_them() {
        for (of, shown) in [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (3 << 30, "3.0 GiB")] {
            assert_eq!(bytes(of), shown);
        }
        assert_eq!(day(1_764_000_000), "2025-11-24 16:00 UTC");
    }
}
