//! The files of a suite's baseline on disk: their names, reading with a limit, replacing at a stroke.

use super::error::BaselineError;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Most bytes that are read of one file.
pub(super) const READ_LIMIT: u64 = 256 << 20;

/// A file written beside and never renamed is swept away after this time.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

const BEFORE: &str = ".holdline-";
const AFTER: &str = ".tmp";

/// Where a suite's files are.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) dir: PathBuf,
    pub(super) snap: Pair,
    pub(super) answers: Pair,
    pub(super) timings: Pair,
}

/// An accepted file and its pending successor.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) accepted: PathBuf,
    pub(super) pending: PathBuf,
}

/// What a baseline's files are called after the suite's name.
pub(super) const ENDINGS: [&str; 3] = [".snap", ".transcripts.jsonl", ".timings.json"];

/// What a pending file's name ends with.
pub(super) const PENDING: &str = ".new";

impl Files {
    pub(super) fn of(dir: &Path, suite: &str) -> Result<Self, BaselineError> {
        let outside = |c: char| matches!(c, '/' | '\\') || c.is_control();
        if suite.is_empty() || suite.starts_with('.') || suite.contains(outside) {
            return Err(BaselineError::Name { suite: suite.escape_debug().to_string() });
        }
        let pair = |ending: &str| Pair {
            accepted: dir.join(format!("{suite}{ending}")),
            pending: dir.join(format!("{suite}{ending}{PENDING}")),
        };
        let [snap, answers, timings] = ENDINGS.map(pair);
        Ok(Self { dir: dir.to_owned(), snap, answers, timings })
    }
}

/// Reads a text; `None` where there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<String>, BaselineError> {
    let failed = |source| BaselineError::Read { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut bytes = Vec::new();
    file.take(READ_LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > READ_LIMIT {
        return Err(BaselineError::TooLarge { path: path.to_owned(), limit: READ_LIMIT });
    }
    String::from_utf8(bytes).map(Some).map_err(|_| BaselineError::NotText { path: path.to_owned() })
}

/// Replaces `path` at a stroke by what `contents` writes: whoever reads finds the old file or the new one, whole,
/// also after a crash.
pub(super) fn replace(
    path: &Path,
    contents: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> Result<(), BaselineError> {
    let failed = |source| BaselineError::write(path, source);
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(failed)?;
    // Opened by hand: tempfile's own files are readable by their owner alone.
    let mut beside = tempfile::Builder::new()
        .prefix(BEFORE)
        .suffix(AFTER)
        .make_in(dir, |path| File::options().write(true).create_new(true).open(path))
        .map_err(failed)?;
    let mut out = BufWriter::with_capacity(64 << 10, beside.as_file_mut());
    contents(&mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    beside.as_file().sync_all().map_err(failed)?;
    beside.persist(path).map_err(|error| failed(error.error))?;
    sync_dir(dir).map_err(failed)
}

/// Renames a file; one that is gone already is no error.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), BaselineError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BaselineError::write(to, error)),
        _ => Ok(()),
    }
}

/// Removes a file; one that is gone already is no error.
pub(super) fn remove(path: &Path) -> Result<(), BaselineError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BaselineError::write(path, error)),
        _ => Ok(()),
    }
}

/// The names of the files in a folder, sorted. A folder that is not there has none.
pub(super) fn names(dir: &Path) -> Result<Vec<String>, BaselineError> {
    let failed = |source| BaselineError::Read { path: dir.to_owned(), source };
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        // A name that is not Unicode is none of ours.
        names.extend(entry.map_err(failed)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Removes what a killed process wrote beside and never renamed.
pub(super) fn sweep(dir: &Path) -> Result<(), BaselineError> {
    for name in names(dir)? {
        let path = dir.join(&name);
        let ours = name.starts_with(BEFORE) && name.ends_with(AFTER);
        if ours && modified(&path).and_then(|at| at.elapsed().ok()).is_some_and(|age| age > ABANDONED_AFTER) {
            remove(&path)?;
        }
    }
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|about| about.modified()).ok()
}

/// Makes a rename last through a power failure, where folders can be synced at all.
#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        for suite in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a\nb"] {
            assert!(
                matches!(Files::of(Path::new("baselines"), suite), Err(BaselineError::Name { .. })),
                "{suite}"
            );
        }
    }

    #[test]
    fn a_replaced_file_leaves_nothing_beside() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/a.snap");
        replace(&path, |out| out.write_all(b"one")).unwrap();
        replace(&path, |out| out.write_all(b"two")).unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("two"));
        assert_eq!(names(path.parent().unwrap()).unwrap(), ["a.snap"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_is_as_readable_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (ours, other) = (dir.path().join("a.snap"), dir.path().join("b"));
        replace(&ours, |out| out.write_all(b"one")).unwrap();
        fs::write(&other, b"one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&other));
    }

    #[test]
    fn only_old_leftovers_of_ours_are_swept_away() {
        let dir = tempfile::tempdir().unwrap();
        let old = SystemTime::now() - 2 * ABANDONED_AFTER;
        for (name, at) in [
            (".holdline-a.tmp", old),
            (".holdline-b.tmp", SystemTime::now()),
            ("c.tmp", old),
            ("d.snap", old),
        ] {
            File::create(dir.path().join(name)).unwrap().set_modified(at).unwrap();
        }
        sweep(dir.path()).unwrap();
        assert_eq!(names(dir.path()).unwrap(), [".holdline-b.tmp", "c.tmp", "d.snap"]);
    }

    #[test]
    fn a_file_that_is_not_there_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("none");
        assert!(read(&path).unwrap().is_none());
        remove(&path).unwrap();
        rename(&path, &dir.path().join("other")).unwrap();
        assert!(names(&path).unwrap().is_empty());
    }
}
