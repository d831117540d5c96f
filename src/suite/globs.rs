//! Files of the project by patterns: which paths a list of globs means, whether they are there or not.

use super::files::tidy;
use super::inputs::documents::pattern::Pattern;

/// A text that is no glob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the glob `{glob}` cannot be used: {why}")]
pub struct GlobError {
    /// The glob as it is written.
    glob: String,
    /// What is wrong with it.
    why: &'static str,
}

/// Globs over the files of a project, relative to its root: names with `*` and `?`, and `**` for any number
/// of folders. Hidden files are meant only where a glob spells a name with its dot.
#[derive(Debug, Clone)]
pub struct Globs(Vec<Pattern>);

impl Globs {
    /// Reads globs; the first that cannot be used is told.
    pub fn parse(globs: &[String]) -> Result<Self, GlobError> {
        let parse = |glob: &String| {
            Pattern::parse(&tidy(&glob.replace('\\', "/")))
                .map_err(|why| GlobError { glob: glob.clone(), why })
        };
        globs.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a file is meant, by its path relative to the root with `/` between its parts.
    pub fn admits(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_within_a_name_and_two_of_them_cross_folders() {
        let globs =
            Globs::parse(&["./app/**/*.py".into(), "prompts/*.txt".into(), "Cargo.lock".into()]).unwrap();
        for (path, wanted) in [
            ("app/main.py", true),
            ("app/a/b/c.py", true),
            ("app/.venv/c.py", false),
            ("app/main.rs", false),
            ("prompts/system.txt", true),
            ("prompts/old/system.txt", false),
            ("Cargo.lock", true),
            ("sub/Cargo.lock", false),
        ] {
            assert_eq!(globs.admits(path), wanted, "{path}");
        }
        assert!(!Globs::parse(&[]).unwrap().admits("a"));
    }

    #[test]
    fn what_is_no_glob_is_told() {
        assert!(Globs::parse(&["a[".into()]).unwrap_err().to_string().contains("`a[`"));
    }
}
