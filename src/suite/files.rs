//! Reads the files that a suite names, each once, with a limit on its size.

use super::diagnostic::{Diagnostic, Source, Spot, quote};
use super::nearest::nearest;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Largest suite or project file.
pub(crate) const MAX_SUITE: u64 = 8 << 20;
/// Largest data file that is kept in memory.
pub(crate) const MAX_DATA: u64 = 1 << 30;
/// Largest data file that is read row by row.
const MAX_STREAMED: u64 = 3 << 30;
/// Data files above this size are read row by row where that can be done: what is kept of a row takes
/// several times its bytes.
const STREAMED_ABOVE: u64 = 1 << 20;

/// The mend of a file that is not where a suite says.
pub(crate) const RELATIVE: &str = "paths in a suite are relative to the suite file";

/// The files that one suite names.
#[derive(Debug)]
pub(crate) struct Files {
    root: PathBuf,
    /// The suite's folder, relative to the root, with `/`.
    folder: String,
    read: BTreeMap<String, Result<Arc<Source>, Box<Diagnostic>>>,
    hashes: BTreeMap<String, blake3::Hash>,
}

impl Files {
    /// The files of a suite that stands at `suite`, relative to the root.
    pub fn new(root: &Path, suite: &str) -> Self {
        let folder = suite.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self { root: root.to_owned(), folder, read: BTreeMap::new(), hashes: BTreeMap::new() }
    }

    /// How a file that the suite names is shown: relative to the root, where it lies below it.
    pub fn shown(&self, name: &str) -> String {
        let name = name.replace('\\', "/");
        if Path::new(&name).is_absolute() || self.folder.is_empty() {
            return tidy(&name);
        }
        tidy(&format!("{}/{name}", self.folder))
    }

    /// The text of a data file. A mistake has a place only where it lies in that file.
    pub fn data(&mut self, name: &str) -> Result<Arc<Source>, Box<Diagnostic>> {
        let shown = self.shown(name);
        self.text_at(&shown)
    }

    /// The text of a data file by its path from the root.
    pub fn text_at(&mut self, shown: &str) -> Result<Arc<Source>, Box<Diagnostic>> {
        if let Some(known) = self.read.get(shown) {
            return known.clone();
        }
        let path = self.root.join(shown);
        let read = read(&path, shown, MAX_DATA).map_err(named_in_suite).map(|(source, hash)| {
            self.hashes.insert(shown.to_owned(), hash);
            Arc::new(source)
        });
        self.read.insert(shown.to_owned(), read.clone());
        read
    }

    /// Opens a data file to be read row by row, with how it is shown; `None` for one that is small enough
    /// to be kept, and for one that cannot be opened.
    pub fn large(&self, name: &str) -> Option<Result<(PathBuf, String, Hashed), Box<Diagnostic>>> {
        let shown = self.shown(name);
        let path = self.root.join(&shown);
        let length = regular(&path, &shown).ok().filter(|length| *length > STREAMED_ABOVE)?;
        if length > MAX_STREAMED {
            return Some(Err(named_in_suite(too_large(&shown, MAX_STREAMED))));
        }
        let opened = File::open(&path).map_err(|error| named_in_suite(unreadable(&shown, &error)));
        Some(opened.map(|file| (path, shown, Hashed::new(file))))
    }

    /// Notes what a file was that was read row by row. False where it was another one when it was read
    /// before.
    pub fn note(&mut self, shown: &str, stamp: &Stamp) -> bool {
        *self.hashes.entry(shown.to_owned()).or_insert(stamp.hash) == stamp.hash
    }

    /// Notes a file that was read elsewhere, by the hash of what it decides.
    pub fn decides(&mut self, shown: &str, hash: blake3::Hash) {
        self.hashes.insert(shown.to_owned(), hash);
    }

    /// The project's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Checks that a file is there, without reading it.
    pub fn exists(&self, name: &str) -> Result<(), Box<Diagnostic>> {
        let shown = self.shown(name);
        regular(&self.root.join(&shown), &shown).map(|_| ()).map_err(named_in_suite)
    }

    /// The files read, as they are shown, sorted.
    pub fn paths(&self) -> Vec<String> {
        self.hashes.keys().cloned().collect()
    }

    /// A fingerprint of the suite file and of the data files read.
    pub fn fingerprint(&self, suite: blake3::Hash) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(suite.as_bytes());
        for (name, hash) in &self.hashes {
            hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes()).update(hash.as_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

/// A path without `.`, and without `..` where something stands before it.
pub(crate) fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" if !parts.is_empty() => {}
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, ".." | "")) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Reads a text file, with the hash of its bytes.
pub(crate) fn read(path: &Path, shown: &str, limit: u64) -> Result<(Source, blake3::Hash), Box<Diagnostic>> {
    let length = regular(path, shown)?;
    if length > limit {
        return Err(too_large(shown, limit));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(shown, &error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(shown, limit));
    }
    let hash = blake3::hash(&bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok((Source::new(shown, text), hash)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end);
            let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            Err(not_utf8(shown, Source::new(shown, text).spot(at - mark..at - mark + 1)))
        }
    }
}

/// One line of a text file, from 1, with its first byte after a byte order mark, without keeping what
/// stands before it.
pub(crate) fn line(path: &Path, shown: &str, line: u32) -> Option<(Source, usize)> {
    regular(path, shown).ok()?;
    let mut reader = BufReader::with_capacity(64 << 10, File::open(path).ok()?);
    let marked = reader.fill_buf().ok()?.starts_with("\u{feff}".as_bytes());
    let mut begin = 0;
    for _ in 1..line {
        begin += match reader.skip_until(b'\n').ok()? {
            0 => return None,
            taken => taken,
        };
    }
    let mut bytes = Vec::new();
    if line == 0 || reader.take(MAX_DATA).read_until(b'\n', &mut bytes).ok()? == 0 {
        return None;
    }
    let mut text = String::from_utf8(bytes).ok()?;
    // Bytes are counted after a byte order mark.
    if line == 1 && text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    } else if marked {
        begin -= '\u{feff}'.len_utf8();
    }
    text.truncate(text.trim_end_matches('\n').len());
    Some((Source::part(&shown.into(), text, begin, line), begin))
}

/// What a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    length: u64,
    /// `None` on systems that do not say.
    modified: Option<SystemTime>,
    hash: blake3::Hash,
}

impl Stamp {
    /// Whether an open file has this length and this time: what holds something else mostly shows at once.
    pub fn may_be_of(&self, file: &Hashed) -> io::Result<bool> {
        let found = file.file.metadata()?;
        Ok(self.length == found.len() && self.modified == found.modified().ok())
    }
}

/// A file whose bytes are hashed as they are read.
#[derive(Debug)]
pub(crate) struct Hashed {
    file: File,
    hasher: blake3::Hasher,
}

impl Hashed {
    /// A file that was not read yet.
    pub fn new(file: File) -> Self {
        Self { file, hasher: blake3::Hasher::new() }
    }

    /// What it is, as far as it was read.
    pub fn stamp(&self) -> io::Result<Stamp> {
        let found = self.file.metadata()?;
        Ok(Stamp { length: found.len(), modified: found.modified().ok(), hash: self.hasher.finalize() })
    }
}

impl Read for Hashed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.hasher.update(&into[..count]);
        Ok(count)
    }
}

/// A file that is not UTF-8 text from a place on.
pub(crate) fn not_utf8(shown: &str, spot: Spot) -> Box<Diagnostic> {
    let what = format!("{} is not UTF-8 text", quote(shown));
    Box::new(Diagnostic::new("not-utf8", what).at(spot).help("save the file as UTF-8"))
}

fn too_large(shown: &str, limit: u64) -> Box<Diagnostic> {
    let what = format!("{} is larger than {} MiB", quote(shown), limit >> 20);
    Box::new(Diagnostic::new("file-too-large", what).help("keep a part of it, or split it"))
}

/// The length of a regular file; reading anything else could wait for ever.
fn regular(path: &Path, shown: &str) -> Result<u64, Box<Diagnostic>> {
    let found = std::fs::metadata(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            missing(path, shown)
        } else {
            unreadable(shown, &error)
        }
    })?;
    if found.is_file() {
        Ok(found.len())
    } else {
        Err(Box::new(Diagnostic::new("missing-file", format!("{} is not a file", quote(shown)))))
    }
}

/// A file that the system does not let us read.
pub(crate) fn unreadable(shown: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::new("unreadable-file", format!("{} cannot be read: {error}", quote(shown))))
}

fn missing(path: &Path, shown: &str) -> Box<Diagnostic> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = std::fs::read_dir(folder).ok();
    let mut names: Vec<String> = beside
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into())
        .collect();
    names.sort();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let what = Diagnostic::new("missing-file", format!("there is no file {}", quote(shown)));
    Box::new(match nearest(&name, names.iter().map(String::as_str)) {
        Some(name) => what.help(format!("did you mean {}?", quote(name))),
        None => what,
    })
}

/// A mistake in a file that a suite names, which has at least this mend.
fn named_in_suite(mut mistake: Box<Diagnostic>) -> Box<Diagnostic> {
    mistake.help.get_or_insert_with(|| RELATIVE.into());
    mistake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_root_with_slashes() {
        let files = Files::new(Path::new("/project"), "suites/a.toml");
        for (name, shown) in [
            ("data/x.csv", "suites/data/x.csv"),
            ("../data/./x.csv", "data/x.csv"),
            ("../../x.csv", "../x.csv"),
            ("/abs/../x.csv", "/x.csv"),
            ("a//b.csv", "suites/a/b.csv"),
        ] {
            assert_eq!(files.shown(name), shown);
        }
        assert_eq!(Files::new(Path::new("/project"), "a.toml").shown("x.csv"), "x.csv");
    }
}
