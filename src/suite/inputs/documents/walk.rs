//! The files that a pattern means, and none outside the project.

use super::pattern::Pattern;
use crate::suite::diagnostic::{Diagnostic, quote};
use std::path::{Path, PathBuf};

/// Most files of one pattern.
pub(super) const MAX_FILES: usize = 10_000;
/// Most entries of folders that are looked at.
const MAX_ENTRIES: usize = 200_000;
/// Folders within folders.
const MAX_DEPTH: usize = 64;

/// A file that is meant.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::suite) struct Found {
    /// Its names below the pattern's folder.
    names: Vec<String>,
}

impl Found {
    /// Its path below the pattern's folder.
    pub fn below(&self) -> String {
        self.names.join("/")
    }
}

/// Finds the files, in the order of their names.
pub(in crate::suite) fn find(root: &Path, pattern: &Pattern) -> Result<Vec<Found>, Box<Diagnostic>> {
    let folder = root.join(&pattern.folder);
    let shown = if pattern.folder.is_empty() { "." } else { pattern.folder.as_str() };
    let wrong = |code, what: String| Box::new(Diagnostic::new(code, what));
    let unreadable = |path: &str, error: &std::io::Error| {
        wrong("unreadable-file", format!("{} cannot be read: {error}", quote(path)))
    };
    let inside =
        |path: &Path| -> std::io::Result<bool> { Ok(path.canonicalize()?.starts_with(root.canonicalize()?)) };
    match inside(&folder) {
        Ok(true) => {}
        Ok(false) => {
            let out =
                wrong("outside-project", format!("the folder {} leads out of the project", quote(shown)));
            return Err(Box::new(out.help("documents lie inside the project: copy them there")));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let none = wrong("missing-file", format!("there is no folder {}", quote(shown)));
            return Err(Box::new(none.help(crate::suite::files::RELATIVE)));
        }
        Err(error) => return Err(unreadable(shown, &error)),
    }
    let (mut found, mut looked_at) = (Vec::new(), 0);
    let mut open: Vec<(PathBuf, Vec<String>)> = vec![(folder, Vec::new())];
    while let Some((folder, names)) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| unreadable(&names.join("/"), &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&names.join("/"), &error))?;
            looked_at += 1;
            if looked_at > MAX_ENTRIES {
                let many =
                    wrong("too-many", format!("more than {MAX_ENTRIES} files lie in {}", quote(shown)));
                return Err(Box::new(many.help("name a folder with less in it")));
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') && !pattern.names_hidden() {
                continue;
            }
            let names = [names.as_slice(), &[name]].concat();
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| unreadable(&names.join("/"), &error))?;
            if kind.is_dir() {
                if pattern.reaches(names.len()) && names.len() < MAX_DEPTH {
                    open.push((path, names));
                }
            } else if pattern.admits(&names) && path.is_file() {
                // A link to nowhere is no file; one that leads out would let a suite read anything.
                if kind.is_symlink() && !inside(&path).unwrap_or(false) {
                    let below = names.join("/");
                    let out = wrong(
                        "outside-project",
                        format!("the link {} leads out of the project", quote(&below)),
                    );
                    return Err(Box::new(out.help("remove the link, or copy the file")));
                }
                found.push(Found { names });
            }
        }
    }
    if found.len() > MAX_FILES {
        let many =
            wrong("too-many", format!("{} files are meant, and at most {MAX_FILES} are read", found.len()));
        return Err(Box::new(many.help("name fewer of them")));
    }
    found.sort_unstable();
    Ok(found)
}
