//! The folder of runs, `.holdline/runs`: one subfolder a run, its name sorting by time.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Where everything is kept that no one commits, relative to the project's root.
pub const HOME: &str = ".holdline";

/// Where runs are kept, relative to the project's root.
pub const RUNS: &str = ".holdline/runs";

/// Where is kept what was asked beside the runs, relative to the project's root.
pub const NEIGHBOURS: &str = ".holdline/neighbours";

/// Name of the record in a run's folder.
pub const RECORD: &str = "report.json";

/// How many runs are kept where nobody says; older ones are removed when a new one begins.
pub const KEPT: usize = 20;

/// A new run's id: the time in UTC to the microsecond, so that ids sort by time.
fn new_id(at: jiff::Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%S-%6f").to_string()
}

/// Makes the folder of a new run that no other run has, and returns the run's id. Where runs begin in the
/// same microsecond, the later ones take the next free one.
pub fn create(root: &Path, now: jiff::Timestamp) -> std::io::Result<String> {
    create_in(root, RUNS, now)
}

/// The same in another folder of such folders.
pub fn create_in(root: &Path, within: &str, now: jiff::Timestamp) -> std::io::Result<String> {
    let mut at = now;
    loop {
        let id = new_id(at);
        match std::fs::create_dir(of_in(root, within, &id)) {
            Ok(()) => return Ok(id),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                at += jiff::SignedDuration::from_micros(1);
            }
            Err(error) => return Err(error),
        }
    }
}

/// The folder of a run.
pub fn of(root: &Path, id: &str) -> PathBuf {
    of_in(root, RUNS, id)
}

/// The same in another folder of such folders.
pub fn of_in(root: &Path, within: &str, id: &str) -> PathBuf {
    below(root, within.as_ref()).join(id)
}

/// A path within the project, told without `./` where the root is the working folder.
pub fn below(root: &Path, path: &Path) -> PathBuf {
    if root == Path::new(".") { path.to_owned() } else { root.join(path) }
}

/// The folders of all runs, newest first. None where there is no folder of runs.
pub fn newest_first(root: &Path) -> Vec<PathBuf> {
    newest_first_in(root, RUNS)
}

/// The same of another folder of such folders.
pub fn newest_first_in(root: &Path, within: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root.join(within)) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort_unstable_by(|a, b| b.file_name().cmp(&a.file_name()));
    folders
}

/// Makes the folder of runs, keeps git out of it, and removes the oldest runs beyond the number to keep.
pub fn prepare(root: &Path, keep: usize) -> std::io::Result<()> {
    prepare_in(root, RUNS, keep)
}

/// The same for another folder of such folders.
pub fn prepare_in(root: &Path, within: &str, keep: usize) -> std::io::Result<()> {
    let base = root.join(HOME);
    std::fs::create_dir_all(root.join(within))?;
    let ignore = base.join(".gitignore");
    if !ignore.exists() {
        std::fs::write(ignore, "*\n")?;
    }
    for old in newest_first_in(root, within).into_iter().skip(keep) {
        if !is_running(&old)? {
            match std::fs::remove_dir_all(old) {
                // Another run that begins now tidies up as well.
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Name of the file in a run's folder that is locked while the run goes on. The system unlocks it when
/// the process ends, however it ends.
const LOCK: &str = "lock";

/// Takes hold of a run's folder until the file is dropped; `None` where another process has it.
pub fn hold(run: &Path) -> std::io::Result<Option<File>> {
    std::fs::create_dir_all(run)?;
    let file = File::options().create(true).append(true).open(run.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        // Some network file systems know no locks; a run is better than none.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => Ok(Some(file)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether another process is at work in a run's folder.
fn is_running(run: &Path) -> std::io::Result<bool> {
    if !run.join(LOCK).is_file() {
        return Ok(false);
    }
    Ok(hold(run)?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time() {
        let early = new_id("2026-01-02T03:04:05Z".parse().unwrap());
        let late = new_id("2026-01-02T03:04:05.000123Z".parse().unwrap());
        assert_eq!(early, "20260102T030405-000000");
        assert_eq!(late, "20260102T030405-000123");
    }

    #[test]
    fn runs_that_begin_in_one_microsecond_have_folders_of_their_own() {
        let root = tempfile::tempdir().unwrap();
        prepare(root.path(), KEPT).unwrap();
        let now: jiff::Timestamp = "2026-01-02T03:04:05.999999Z".parse().unwrap();
        let ids: Vec<String> = (0..3).map(|_| create(root.path(), now).unwrap()).collect();
        assert_eq!(ids, ["20260102T030405-999999", "20260102T030406-000000", "20260102T030406-000001"]);
        assert!(ids.iter().all(|id| of(root.path(), id).is_dir()));
    }

    #[test]
    fn a_run_that_goes_on_is_held_and_not_removed() {
        let root = tempfile::tempdir().unwrap();
        let oldest = of(root.path(), "20250101");
        let held = hold(&oldest).unwrap().expect("nobody else has it");
        assert!(hold(&oldest).unwrap().is_none(), "held already");
        for n in 0..KEPT {
            std::fs::create_dir_all(of(root.path(), &format!("2026010{n:02}"))).unwrap();
        }
        prepare(root.path(), KEPT).unwrap();
        assert!(oldest.exists());
        drop(held);
        prepare(root.path(), KEPT).unwrap();
        assert!(!oldest.exists());
    }

    #[test]
    fn the_oldest_runs_are_removed_and_git_is_kept_out() {
        let root = tempfile::tempdir().unwrap();
        for n in 0..KEPT + 3 {
            std::fs::create_dir_all(of(root.path(), &format!("2026010{n:02}"))).unwrap();
        }
        prepare(root.path(), KEPT).unwrap();
        let left = newest_first(root.path());
        assert_eq!(left.len(), KEPT);
        assert!(left.last().unwrap().ends_with("202601003"));
        assert_eq!(std::fs::read_to_string(root.path().join(".holdline/.gitignore")).unwrap(), "*\n");
    }
}
