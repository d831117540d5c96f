//! The files of a project that an application is made of (`target.fingerprint`), and a hash over them.

use super::diagnostic::Diagnostic;
use super::files::tidy;
use super::inputs::documents::pattern::Pattern;
use super::inputs::documents::walk;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Why files cannot be told or read.
#[derive(Debug, thiserror::Error)]
pub enum FingerprintError {
    /// Not a glob, or one that leads out of the project.
    #[error("the glob `{glob}` cannot be used: {why}")]
    Glob {
        /// The glob as it is written.
        glob: String,
        /// What is wrong with it.
        why: String,
    },
    /// No file is meant.
    #[error("the glob `{glob}` matches no file")]
    Nothing {
        /// The glob as it is written.
        glob: String,
    },
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// Globs over the files of a project, relative to its root: names with `*` and `?`, and `**` for any number
/// of folders. Hidden files are meant only where a glob spells a name with its dot.
#[derive(Debug, Clone)]
pub struct Globs(Vec<(String, Pattern)>);

impl Globs {
    /// Reads globs; the first that cannot be used is told.
    pub fn parse(globs: &[String]) -> Result<Self, FingerprintError> {
        let parse = |glob: &String| {
            let bad = |why: &str| FingerprintError::Glob { glob: glob.clone(), why: why.to_owned() };
            let inside = tidy(&glob.replace('\\', "/"));
            if inside.is_empty() {
                return Err(bad("it names nothing"));
            }
            if inside.starts_with('/') || inside.chars().nth(1) == Some(':') {
                return Err(bad("it lies outside the project"));
            }
            if inside == ".." || inside.starts_with("../") {
                return Err(bad("it lies outside the project"));
            }
            Ok((glob.clone(), Pattern::parse(&inside).map_err(bad)?))
        };
        globs.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a file is meant, by its path relative to the root with `/` between its parts.
    pub fn admits(&self, path: &str) -> bool {
        self.0.iter().any(|(_, pattern)| {
            let below = match pattern.folder.as_str() {
                "" => Some(path),
                folder => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
            };
            let Some(below) = below else { return false };
            let names: Vec<String> = below.split('/').map(str::to_owned).collect();
            let hidden = names.iter().any(|name| name.starts_with('.'));
            (!hidden || pattern.names_hidden()) && pattern.admits(&names)
        })
    }

    /// The files that are meant, relative to the root, each once and sorted. A link counts as the file it
    /// leads to; one that leads out of the project is an error, and so is a glob without a file.
    pub fn files(&self, root: &Path) -> Result<Vec<String>, FingerprintError> {
        let mut files = BTreeSet::new();
        for (glob, pattern) in &self.0 {
            let found = walk::find(root, pattern).map_err(|mistake| unfound(glob, &mistake))?;
            if found.is_empty() {
                return Err(FingerprintError::Nothing { glob: glob.clone() });
            }
            files.extend(found.iter().map(|file| match pattern.folder.as_str() {
                "" => file.below(),
                folder => format!("{folder}/{}", file.below()),
            }));
        }
        Ok(files.into_iter().collect())
    }

    /// A hash over the names and contents of all files that are meant.
    pub fn hash(&self, root: &Path) -> Result<blake3::Hash, FingerprintError> {
        let mut all = blake3::Hasher::new();
        for file in self.files(root)? {
            let path = root.join(&file);
            let unread = |source| FingerprintError::Read { path: path.clone(), source };
            let mut contents = blake3::Hasher::new();
            contents.update_reader(File::open(&path).map_err(unread)?).map_err(unread)?;
            all.update(&(file.len() as u64).to_le_bytes()).update(file.as_bytes());
            all.update(contents.finalize().as_bytes());
        }
        Ok(all.finalize())
    }
}

/// What keeps the files of a glob from being found.
fn unfound(glob: &str, mistake: &Diagnostic) -> FingerprintError {
    if mistake.code == "missing-file" {
        return FingerprintError::Nothing { glob: glob.to_owned() };
    }
    FingerprintError::Glob { glob: glob.to_owned(), why: mistake.message.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(globs: &[&str]) -> Globs {
        Globs::parse(&globs.iter().map(|glob| (*glob).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn files_are_found_once_and_in_order() {
        let root =
            project(&[("src/b.rs", ""), ("src/a/c.rs", ""), ("src/.hidden.rs", ""), ("Cargo.toml", "")]);
        let all = globs(&["src/**/*.rs", "./Cargo.toml", "src/*.rs"]);
        assert_eq!(all.files(root.path()).unwrap(), ["Cargo.toml", "src/a/c.rs", "src/b.rs"]);
        for (path, meant) in [
            ("src/a/c.rs", true),
            ("Cargo.toml", true),
            ("src/.hidden.rs", false),
            ("src/a/c.txt", false),
            ("other/Cargo.toml", false),
            ("srcs/a.rs", false),
        ] {
            assert_eq!(all.admits(path), meant, "{path}");
        }
    }

    #[test]
    fn the_hash_moves_with_names_and_contents_of_what_is_meant() {
        let hash = |files: &[(&str, &str)]| globs(&["src/*.rs"]).hash(project(files).path()).unwrap();
        let one = hash(&[("src/a.rs", "ab"), ("src/b.rs", "c")]);
        assert_eq!(one, hash(&[("src/b.rs", "c"), ("src/a.rs", "ab"), ("README.md", "x")]));
        assert_ne!(one, hash(&[("src/a.rs", "a"), ("src/b.rs", "bc")]));
        assert_ne!(one, hash(&[("src/a.rs", "ab"), ("src/c.rs", "c")]));
        assert_ne!(one, hash(&[("src/a.rs", "ab")]));
    }

    #[test]
    fn what_means_nothing_or_leads_out_is_an_error() {
        let root = project(&[("src/a.rs", "")]);
        for glob in ["src/*.py", "lib/**"] {
            let error = globs(&[glob]).files(root.path()).unwrap_err();
            assert!(matches!(error, FingerprintError::Nothing { .. }), "{error}");
        }
        for glob in ["", ".", "/etc/*", "../x/*", "src/../../x", "src/[ab].rs", "src/a**"] {
            assert!(Globs::parse(&[glob.to_owned()]).is_err(), "{glob}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_the_file_it_leads_to_and_never_one_outside() {
        let outside = project(&[("secret", "s")]);
        let root = project(&[("src/a.rs", "a")]);
        std::os::unix::fs::symlink("a.rs", root.path().join("src/b.rs")).unwrap();
        assert_eq!(globs(&["src/*.rs"]).files(root.path()).unwrap(), ["src/a.rs", "src/b.rs"]);
        std::os::unix::fs::symlink(outside.path().join("secret"), root.path().join("src/c.rs")).unwrap();
        let error = globs(&["src/*.rs"]).hash(root.path()).unwrap_err().to_string();
        assert!(error.contains("leads out of the project"), "{error}");
    }
}
