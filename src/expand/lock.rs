//! The recorded plan of a suite, `suites/<suite>.plan`: counts and one digest a scenario, committed so that
//! a pull request shows when the cases move.

use super::ledger::Ledger;
use super::reason::Reason;
use crate::suite::Suite;
use crate::suite::schema::Origin;
use std::collections::BTreeMap;
use std::fmt::Write as _; // to strings, which cannot fail
use std::path::PathBuf;

/// Version of the file's format.
pub const FORMAT: u32 = 1;

/// Largest recorded plan that is read.
const MAX_FILE: u64 = 16 << 20;

/// Why a recorded plan cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The file cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file, as it is shown.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// It is larger than any that was recorded.
    #[error("{path} is larger than {} MiB: record it anew with `holdline expand --write`", MAX_FILE >> 20)]
    TooLarge {
        /// The file, as it is shown.
        path: String,
    },
}

/// How the plan of a suite stands to the recorded one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockState {
    /// Nothing is recorded.
    Absent,
    /// The plan is as recorded.
    Same,
    /// It is another one: what is recorded, and what it is now.
    Moved {
        /// The text recorded.
        recorded: String,
        /// The text now.
        now: String,
    },
}

/// Where the plan of a suite is recorded, and how that is shown.
pub fn path(suite: &Suite) -> (PathBuf, String) {
    let shown = format!("{}plan", suite.path.strip_suffix("toml").unwrap_or(&suite.path));
    (suite.root.join(&shown), shown)
}

/// Compares the plan of a suite with the recorded one, byte for byte.
pub fn compare(suite: &Suite, ledger: &Ledger) -> Result<LockState, LockError> {
    let (file, path) = path(suite);
    let size = match std::fs::metadata(&file) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(LockState::Absent),
        Err(error) => return Err(LockError::Io { path, error }),
    };
    if size > MAX_FILE {
        return Err(LockError::TooLarge { path });
    }
    // Bytes that are no text differ from any plan, and are shown as such.
    let recorded = std::fs::read(&file).map_err(|error| LockError::Io { path, error })?;
    let recorded = String::from_utf8_lossy(&recorded).replace("\r\n", "\n");
    let now = text(suite, ledger);
    Ok(if recorded == now { LockState::Same } else { LockState::Moved { recorded, now } })
}

/// Records the plan of a suite: written beside, and renamed.
pub fn write(suite: &Suite, ledger: &Ledger) -> Result<String, LockError> {
    let (file, shown) = path(suite);
    let io = |error| LockError::Io { path: shown.clone(), error };
    let mut beside = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(&suite.root)).map_err(io)?;
    std::io::Write::write_all(&mut beside, text(suite, ledger).as_bytes()).map_err(io)?;
    beside.persist(&file).map_err(|error| io(error.error))?;
    Ok(shown)
}

/// The text that is recorded.
pub fn text(suite: &Suite, ledger: &Ledger) -> String {
    let mut out = String::from(
        "# The cases of this suite, as `holdline expand --write` recorded them; `holdline expand --check` compares.\n",
    );
    let _ = writeln!(out, "format {FORMAT}\nsuite {}\ncases {}", suite.name, ledger.cases());
    for (scenario, counts) in suite.scenarios.iter().zip(&ledger.scenarios) {
        let _ = writeln!(
            out,
            "\nscenario {}\n  cases {}\n  digest {}",
            scenario.id,
            counts.cases(),
            counts.digest
        );
        for (origin, count) in &counts.origins {
            let _ = writeln!(out, "  origin {} {count}", origin_word(*origin));
        }
        if let Some(template) = &counts.template {
            let (covered, of) = template.covered();
            let _ = write!(
                out,
                "  template requested {} delivered {} covered {covered} of {of}",
                template.requested, template.delivered
            );
            for (word, count) in [("over_budget", template.over_budget), ("flagged", template.flagged)] {
                if count > 0 {
                    let _ = write!(out, " {word} {count}");
                }
            }
            let _ = writeln!(out, "{}", reasons(&template.rejected));
        }
        for entry in &counts.entries {
            let _ = write!(
                out,
                "  entry {} requested {} delivered {}",
                entry.name, entry.requested, entry.delivered
            );
            if entry.over_budget > 0 {
                let _ = write!(out, " over_budget {}", entry.over_budget);
            }
            out.push('\n');
            for (operator, line) in &entry.operators {
                let _ = writeln!(out, "    {operator} {}{}", line.delivered, reasons(&line.rejected));
            }
        }
    }
    out
}

fn reasons(rejected: &BTreeMap<Reason, usize>) -> String {
    rejected.iter().fold(String::new(), |mut out, (reason, count)| {
        let _ = write!(out, " {} {count}", reason.code());
        out
    })
}

/// The word for an origin, as in suites and records.
pub fn origin_word(origin: Origin) -> String {
    serde_json::to_value(origin).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
