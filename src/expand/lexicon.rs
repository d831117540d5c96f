//! Lexicons: word lists of our own, written for this project, each a file with a version.
//!
//! A file is UTF-8 text. Its first line is `# NAME VERSION: what it is`; lines that begin with `#` are
//! remarks, empty lines are skipped, and fields are separated by tabs. A field may hold alternatives,
//! separated by `|`. A change of a lexicon raises its version and those of the operators that read it.

/// A lexicon, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexicon {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
    /// Its entries, in the order of the file; each has at least one field.
    pub entries: Vec<Vec<&'static str>>,
}

impl Lexicon {
    /// Reads a lexicon of ours. What does not fit reads as an empty one of version 0; the tests of every
    /// lexicon would tell.
    pub fn parse(text: &'static str) -> Self {
        let head = text.lines().next().and_then(|line| line.strip_prefix("# ")?.split_once(':'));
        let head = head.and_then(|(head, _)| head.rsplit_once(' '));
        let (name, version) = head.unwrap_or_default();
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        Self {
            name,
            version: version.parse().unwrap_or_default(),
            entries: lines.map(|line| line.split('\t').map(str::trim).collect()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lexicon_has_a_name_a_version_and_fields() {
        let lexicon =
            Lexicon::parse("# colours 3: what things look like\n# a remark\n\nred\tcrimson|scarlet\nblue\n");
        assert_eq!((lexicon.name, lexicon.version), ("colours", 3));
        assert_eq!(lexicon.entries, [vec!["red", "crimson|scarlet"], vec!["blue"]]);
        assert_eq!(Lexicon::parse("red\tcrimson\n").version, 0);
    }
}
