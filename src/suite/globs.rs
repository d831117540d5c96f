//! Files of the project by patterns: which paths a list of globs means, whether they are there or not.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A list of globs over paths from the project's root, with `/` between their parts. `*` and `?` stay within
/// a name, `**` crosses folders.
#[derive(Debug, Clone)]
pub struct Globs(GlobSet);

impl Globs {
    /// Reads the globs, or says which is none and why.
    pub fn new(globs: &[String]) -> Result<Self, globset::Error> {
        let mut all = GlobSetBuilder::new();
        for glob in globs {
            let tidied = super::files::tidy(&glob.replace('\\', "/"));
            all.add(GlobBuilder::new(&tidied).literal_separator(true).build()?);
        }
        all.build().map(Self)
    }

    /// Whether a path is meant by any of them.
    pub fn admits(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stay_within_a_name_and_two_of_them_cross_folders() {
        let globs =
            Globs::new(&["./app/**/*.py".into(), "prompts/*.txt".into(), "Cargo.lock".into()]).unwrap();
        for (path, wanted) in [
            ("app/main.py", true),
            ("app/a/b/c.py", true),
            ("app/main.rs", false),
            ("prompts/system.txt", true),
            ("prompts/old/system.txt", false),
            ("Cargo.lock", true),
            ("sub/Cargo.lock", false),
        ] {
            assert_eq!(globs.admits(path), wanted, "{path}");
        }
        assert!(!Globs::new(&[]).unwrap().admits("a"));
    }

    #[test]
    fn what_is_no_glob_is_told() {
        assert!(Globs::new(&["a[".into()]).unwrap_err().to_string().contains("a["));
    }
}
