//! The run that a folder holds: as CI services hand on what a job has kept.

use super::MergeError;
use crate::run::{JOURNAL_FILE, folder};
use std::path::{Path, PathBuf};

/// How deep a run may lie below the folder that is named: an artifact's folder, the project's, `.holdline/runs`.
const DEPTH: usize = 5;

/// The run of a folder: the folder itself, or the newest where it is a project or its `.holdline`, or the one
/// that lies somewhere below.
pub(super) fn run_of(path: &Path) -> Result<PathBuf, MergeError> {
    let mut runs = Vec::new();
    look(path, DEPTH, &mut runs)?;
    runs.sort_unstable();
    match <[PathBuf; 1]>::try_from(runs) {
        Ok([run]) => Ok(run),
        Err(runs) if runs.is_empty() => Err(MergeError::NoRun { path: path.to_owned() }),
        Err(runs) => Err(MergeError::Several { path: path.to_owned(), runs }),
    }
}

/// Adds the runs at and below a folder.
fn look(path: &Path, depth: usize, runs: &mut Vec<PathBuf>) -> Result<(), MergeError> {
    if is_run(path) {
        runs.push(path.to_owned());
        return Ok(());
    }
    if path.file_name().is_some_and(|name| name == ".holdline") {
        let project = path.parent().unwrap_or(Path::new(""));
        runs.extend(folder::newest_first(project).into_iter().find(|run| is_run(run)));
        return Ok(());
    }
    let io = |error| MergeError::Io { path: path.to_owned(), error };
    for entry in std::fs::read_dir(path).map_err(io)? {
        let entry = entry.map_err(io)?;
        // Links are not followed: they may lead round in a circle.
        if depth > 0 && entry.file_type().map_err(io)?.is_dir() {
            look(&entry.path(), depth - 1, runs)?;
        }
    }
    Ok(())
}

fn is_run(path: &Path) -> bool {
    path.join(JOURNAL_FILE).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with runs at these places.
    fn with(runs: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for run in runs {
            let run = root.path().join(run);
            std::fs::create_dir_all(&run).unwrap();
            std::fs::write(run.join(JOURNAL_FILE), "").unwrap();
        }
        root
    }

    #[test]
    fn a_run_is_found_at_and_below_the_folder_that_is_named() {
        for (run, named) in
            [("a", "a"), ("a", ""), ("shard-1/20260101", "shard-1"), ("x/y/.holdline/runs/20260101", "x")]
        {
            let root = with(&[run]);
            assert_eq!(run_of(&root.path().join(named)).unwrap(), root.path().join(run), "{run} by {named}");
        }
    }

    #[test]
    fn of_a_project_the_newest_is_taken_and_of_any_other_folder_the_only_one() {
        let runs = [".holdline/runs/20260101", ".holdline/runs/20260102"];
        let root = with(&runs);
        for named in ["", ".holdline"] {
            assert_eq!(run_of(&root.path().join(named)).unwrap(), root.path().join(runs[1]), "{named}");
        }
        let error = run_of(&root.path().join(".holdline/runs")).unwrap_err();
        assert!(matches!(error, MergeError::Several { ref runs, .. } if runs.len() == 2), "{error}");
        let root = with(&[]);
        assert!(matches!(run_of(root.path()).unwrap_err(), MergeError::NoRun { .. }));
        assert!(matches!(run_of(&root.path().join("nowhere")).unwrap_err(), MergeError::Io { .. }));
    }
}
