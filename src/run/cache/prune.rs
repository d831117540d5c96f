//! Keeps a folder of answers within its limits, also while runs use it: a file that is gone is asked for again.

use super::cached::now;
use super::entry::{HEAD, asked};
use super::folder::WRITING;
use super::store::{ANSWERS, StoreError};
use crate::suite::quantity::{Age, Size};
use std::fs::{DirEntry, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// After so long a file that was to be renamed belongs to a process that is no more.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// What a folder of answers holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contents {
    /// How many answers.
    pub answers: usize,
    /// Their bytes.
    pub bytes: u64,
    /// When the first of them was asked, in seconds since 1970.
    pub oldest: Option<u64>,
    /// When the last of them was asked, in seconds since 1970.
    pub newest: Option<u64>,
}

/// What was removed, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Answers removed.
    pub removed: usize,
    /// Their bytes.
    pub freed: u64,
    /// Answers left.
    pub left: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// A file of the folder.
struct Kept {
    path: PathBuf,
    bytes: u64,
    /// When it was used last, to the hour.
    used: SystemTime,
}

/// What the cache in a folder holds; nothing where there is no folder.
pub fn contents(root: &Path) -> Result<Contents, StoreError> {
    let mut all = Contents::default();
    for kept in list(root)?.0 {
        let Some(asked) = asked_of(&kept.path) else { continue };
        all.answers += 1;
        all.bytes += kept.bytes;
        all.oldest = Some(all.oldest.map_or(asked, |oldest| oldest.min(asked)));
        all.newest = Some(all.newest.map_or(asked, |newest| newest.max(asked)));
    }
    Ok(all)
}

/// Removes answers older than `age`, and of the others those that were not used for longest until all have
/// `size` at most; with `dry` only says what would be removed. Files that are no answers go too.
pub fn prune(root: &Path, size: Size, age: Age, dry: bool) -> Result<Pruned, StoreError> {
    let now = now();
    let is_old = |asked: u64| Duration::from_secs(now.saturating_sub(asked)) > age.get();
    remove_those(root, size, |kept| asked_of(&kept.path).is_none_or(is_old), dry)
}

/// The same at the end of a run, without a look into any file: what was not used for `age` goes, and whatever
/// does not fit. An older answer that is still there is not used ([`super::Cached`]).
pub(super) fn trim(root: &Path, size: Size, age: Age) -> Result<Pruned, StoreError> {
    remove_those(root, size, |kept| kept.used.elapsed().is_ok_and(|unused| unused > age.get()), false)
}

fn remove_those(
    root: &Path,
    size: Size,
    goes: impl Fn(&Kept) -> bool,
    dry: bool,
) -> Result<Pruned, StoreError> {
    let (mut all, leftovers) = list(root)?;
    all.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
    let mut bytes: u64 = all.iter().map(|kept| kept.bytes).sum();
    let mut pruned = Pruned::default();
    for kept in all {
        if bytes <= size.bytes() && !goes(&kept) {
            pruned.left += 1;
            pruned.bytes += kept.bytes;
            continue;
        }
        if !dry {
            remove(&kept.path)?;
        }
        bytes -= kept.bytes;
        pruned.removed += 1;
        pruned.freed += kept.bytes;
    }
    if !dry {
        leftovers.iter().try_for_each(|path| remove(path))?;
    }
    Ok(pruned)
}

/// Another process may remove the same.
fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(StoreError::Io { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// When the answer in a file was asked; `None` where it is none.
fn asked_of(path: &Path) -> Option<u64> {
    let mut beginning = Vec::with_capacity(HEAD);
    File::open(path).ok()?.take(HEAD as u64).read_to_end(&mut beginning).ok()?;
    asked(&beginning)
}

/// The files of answers, and what dead processes left of files that they were writing.
fn list(root: &Path) -> Result<(Vec<Kept>, Vec<PathBuf>), StoreError> {
    let (mut all, mut leftovers) = (Vec::new(), Vec::new());
    for fan in entries(&root.join(ANSWERS))? {
        let path = fan.path();
        if !path.is_dir() {
            continue;
        }
        for entry in entries(&path)? {
            let path = entry.path();
            // A file that another process removed meanwhile is not there.
            let Some((metadata, used)) = entry.metadata().ok().and_then(times) else { continue };
            if !entry.file_name().to_string_lossy().starts_with(WRITING) {
                all.push(Kept { path, bytes: metadata.len(), used });
            } else if used.elapsed().is_ok_and(|age| age >= LEFT_BEHIND) {
                leftovers.push(path);
            }
        }
    }
    Ok((all, leftovers))
}

/// A file's metadata and when it changed last; `None` for anything that is no file.
fn times(metadata: Metadata) -> Option<(Metadata, SystemTime)> {
    let changed = metadata.modified().ok()?;
    metadata.is_file().then_some((metadata, changed))
}

fn entries(folder: &Path) -> Result<Vec<DirEntry>, StoreError> {
    let failed = |source| StoreError::Io { path: folder.to_owned(), source };
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<_, _>>().map_err(failed),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::cache::entry::Entry;
    use crate::run::cache::key::made_up;
    use crate::run::cache::{Folder, Name, Store};
    use crate::target::Answer;

    const DAY: u64 = 24 * 60 * 60;
    const ALL: Size = Size::from_bytes(1 << 30);

    /// Keeps an answer that was asked and used so many days ago; says how many bytes it has.
    async fn keep(root: &Path, text: &str, asked: u64, used: u64) -> u64 {
        let key = made_up(text);
        let bytes = Entry { asked: now() - asked * DAY, answer: Answer::from(text) }.encode(&key).unwrap();
        let (name, length) = (Name::answer(&key), bytes.len() as u64);
        Folder::new(root).put(&name, bytes).await.unwrap();
        let at = SystemTime::now() - Duration::from_secs(used * DAY);
        File::options().write(true).open(root.join(name.as_str())).unwrap().set_modified(at).unwrap();
        length
    }

    fn is_there(root: &Path, text: &str) -> bool {
        root.join(Name::answer(&made_up(text)).as_str()).exists()
    }

    #[tokio::test]
    async fn what_was_not_used_for_longest_goes_first() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(contents(root).unwrap(), Contents::default());
        let one = keep(root, "a", 9, 1).await;
        keep(root, "b", 5, 5).await;
        keep(root, "c", 7, 3).await;
        let held = contents(root).unwrap();
        assert_eq!((held.answers, held.bytes), (3, 3 * one));
        assert_eq!(held.newest.unwrap() - held.oldest.unwrap(), 4 * DAY);
        let limit = Size::from_bytes(2 * one);
        let wanted = Pruned { removed: 1, freed: one, left: 2, bytes: 2 * one };
        assert_eq!(prune(root, limit, Age::from_days(30), true).unwrap(), wanted);
        assert!(is_there(root, "b"), "only said");
        assert_eq!(prune(root, limit, Age::from_days(30), false).unwrap(), wanted);
        assert_eq!(["a", "b", "c"].map(|text| is_there(root, text)), [true, false, true]);
    }

    #[tokio::test]
    async fn what_was_asked_too_long_ago_goes_however_often_it_is_used() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        keep(root, "a", 31, 0).await;
        keep(root, "b", 29, 29).await;
        assert_eq!(prune(root, ALL, Age::from_days(30), false).unwrap().removed, 1);
        assert_eq!(["a", "b"].map(|text| is_there(root, text)), [false, true]);
    }

    #[tokio::test]
    async fn what_is_no_answer_goes_and_files_of_runs_stay() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        keep(root, "a", 0, 0).await;
        std::fs::write(root.join("answers").join(&made_up("a").as_str()[..2]).join("junk"), "junk").unwrap();
        Folder::new(root).put_run("r", "report.json", b"{}".to_vec()).await.unwrap();
        assert_eq!(prune(root, ALL, Age::from_days(30), false).unwrap().removed, 1);
        assert!(is_there(root, "a"));
        assert!(root.join("runs/r/report.json").exists());
    }

    #[tokio::test]
    async fn files_being_written_are_left_alone_unless_their_process_is_long_gone() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        keep(root, "a", 0, 0).await;
        let fan = root.join("answers").join(&made_up("a").as_str()[..2]);
        let (new, old) = (fan.join(".writing-new"), fan.join(".writing-old"));
        std::fs::write(&new, "half").unwrap();
        std::fs::write(&old, "half").unwrap();
        let past = SystemTime::now() - Duration::from_hours(2);
        File::options().write(true).open(&old).unwrap().set_modified(past).unwrap();
        assert_eq!(prune(root, ALL, Age::from_days(30), false).unwrap().removed, 0);
        assert_eq!((new.exists(), old.exists()), (true, false));
    }
}
