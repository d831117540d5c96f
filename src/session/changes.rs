//! What git says has changed in a range of its history.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Lines of git's own words that are told.
const MOST_LINES: usize = 4;

/// Why git cannot say what has changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    /// Something that git would read as an option, or nothing at all.
    #[error("--affected: `{range}` is no range of git; write one such as `origin/main...HEAD` or `HEAD~1`")]
    Range {
        /// What was given.
        range: String,
    },
    /// git cannot be started.
    #[error("--affected needs git, and it cannot be started: {error}")]
    Start {
        /// Why not.
        error: std::io::Error,
    },
    /// git refused.
    #[error("--affected {range}: git says: {said}")]
    Git {
        /// What was given.
        range: String,
        /// Its own words.
        said: String,
    },
}

/// Paths that changed, and those that git knows. All are relative to the project's root, with `..` where they
/// lie outside of it.
#[derive(Debug, Default)]
pub struct Changes {
    /// The range, as it was given.
    pub range: String,
    /// Paths of files that changed, came or went. A file that was renamed is there under both names.
    pub changed: BTreeSet<String>,
    /// Paths of files that are under version control.
    pub tracked: BTreeSet<String>,
}

impl Changes {
    /// Asks git. A range of a single revision ends at the working tree: what is not committed counts as
    /// changed, and so do files that git does not know and is not told to ignore.
    pub fn of(root: &Path, range: &str) -> Result<Self, ChangesError> {
        if range.trim().is_empty() || range.starts_with('-') || range.contains('\0') {
            return Err(ChangesError::Range { range: range.escape_debug().to_string() });
        }
        let git = Git { root, range };
        let diff = ["diff", "--name-only", "-z", "--no-renames", "--no-relative", "--no-ext-diff"];
        let mut changed =
            git.paths(&[diff.as_slice(), &["--ignore-submodules=none", range, "--"]].concat())?;
        if git.text(&["rev-parse", "--revs-only", range, "--"])?.lines().count() == 1 {
            let others = ["ls-files", "-z", "--others", "--exclude-standard", "--full-name", ":/"];
            changed.extend(git.paths(&others)?);
        }
        let tracked = git.paths(&["ls-files", "-z", "--full-name", ":/"])?;
        let prefix = git.text(&["rev-parse", "--show-prefix"])?;
        let prefix = prefix.trim_end_matches(['\n', '\r']);
        let from_root = |path: String| from_root(prefix, &path);
        Ok(Self {
            range: range.to_owned(),
            changed: changed.into_iter().map(from_root).collect(),
            tracked: tracked.into_iter().map(from_root).collect(),
        })
    }
}

/// A path from the top of the repository, made relative to a folder that `prefix` leads to: `""` or `a/b/`.
fn from_root(prefix: &str, path: &str) -> String {
    let mut up = prefix;
    let mut dots = String::new();
    loop {
        if let Some(below) = path.strip_prefix(up) {
            return dots + below;
        }
        dots.push_str("../");
        // `a/b/` lies in `a/`, and `a/` in the top.
        up = up[..up.len() - 1].rfind('/').map_or("", |slash| &up[..=slash]);
    }
}

/// Calls of git in a project.
struct Git<'a> {
    root: &'a Path,
    range: &'a str,
}

impl Git<'_> {
    fn run(&self, arguments: &[&str]) -> Result<Output, ChangesError> {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.root)
            .args(arguments)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| ChangesError::Start { error })?;
        if output.status.success() {
            return Ok(output);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        // What is wrong comes first; how git is used is not what was asked.
        let lines = said.lines().map(str::trim).take_while(|line| !line.starts_with("usage:"));
        let said: Vec<&str> = lines.filter(|line| !line.is_empty()).take(MOST_LINES).collect();
        let said = if said.is_empty() { output.status.to_string() } else { said.join(" ") };
        Err(ChangesError::Git {
            range: self.range.to_owned(),
            said: crate::report::escape::terminal_line(&said),
        })
    }

    fn text(&self, arguments: &[&str]) -> Result<String, ChangesError> {
        Ok(String::from_utf8_lossy(&self.run(arguments)?.stdout).into_owned())
    }

    /// Paths that end with a NUL each.
    fn paths(&self, arguments: &[&str]) -> Result<Vec<String>, ChangesError> {
        let text = self.text(arguments)?;
        Ok(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_root_of_the_project() {
        for (prefix, path, wanted) in [
            ("", "a/b.txt", "a/b.txt"),
            ("a/", "a/b.txt", "b.txt"),
            ("a/b/", "a/c.txt", "../c.txt"),
            ("a/b/", "d.txt", "../../d.txt"),
            ("a/", "ab/c.txt", "../ab/c.txt"),
        ] {
            assert_eq!(from_root(prefix, path), wanted, "{prefix} {path}");
        }
    }

    #[test]
    fn what_git_would_take_for_an_option_never_reaches_it() {
        for range in ["--output=/tmp/x", "-p", "", "  "] {
            let error = Changes::of(Path::new("/"), range).unwrap_err();
            assert!(matches!(error, ChangesError::Range { .. }), "{range}: {error}");
        }
    }
}
