//! Which files of a folder are meant: `docs/**/*.md`.

/// A pattern over paths: names with `*` and `?`, and `**` for any number of folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::suite) struct Pattern {
    /// The folder that all files lie in: the parts before the first with a wildcard.
    pub folder: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `**`
    Folders,
    Name(Vec<char>),
}

impl Pattern {
    /// Reads a pattern, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains(['[', ']', '{', '}']) {
            return Err("only `*`, `**` and `?` have a meaning in it");
        }
        let all: Vec<&str> = text.split('/').collect();
        if all.iter().any(|part| part.contains("**") && *part != "**") {
            return Err("`**` stands alone between two `/`");
        }
        let wild = |part: &&str| part.contains(['*', '?']);
        let fixed = all.iter().position(wild).unwrap_or(all.len()).min(all.len().saturating_sub(1));
        let part = |part: &&str| match *part {
            "**" => Part::Folders,
            name => Part::Name(name.chars().collect()),
        };
        let mut parts: Vec<Part> = all[fixed..].iter().map(part).collect();
        // What ends with `**` means every file there.
        if parts.last() == Some(&Part::Folders) {
            parts.push(Part::Name(vec!['*']));
        }
        parts.dedup_by(|a, b| *a == Part::Folders && a == b);
        Ok(Self { folder: all[..fixed].join("/"), parts })
    }

    /// Whether a file is meant, by its names below the folder.
    pub fn admits(&self, path: &[String]) -> bool {
        // Which parts may come next, after each name: a step a name, so that no pattern takes long.
        let mut next = vec![false; self.parts.len() + 1];
        next[0] = true;
        self.skip_folders(&mut next);
        for name in path {
            let name: Vec<char> = name.chars().collect();
            let mut after = vec![false; next.len()];
            for (at, part) in self.parts.iter().enumerate().filter(|(at, _)| next[*at]) {
                match part {
                    Part::Folders => after[at] = true,
                    Part::Name(pattern) => after[at + 1] |= is_like(&name, pattern),
                }
            }
            self.skip_folders(&mut after);
            next = after;
        }
        next[self.parts.len()]
    }

    /// `**` may stand for no folder at all.
    fn skip_folders(&self, next: &mut [bool]) {
        for (at, part) in self.parts.iter().enumerate() {
            if next[at] && *part == Part::Folders {
                next[at + 1] = true;
            }
        }
    }

    /// Whether files so many folders down can be meant.
    pub fn reaches(&self, depth: usize) -> bool {
        self.parts.contains(&Part::Folders) || depth < self.parts.len()
    }

    /// Whether hidden names are meant: those that the pattern spells with their dot.
    pub fn names_hidden(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Name(name) if name.first() == Some(&'.')))
    }
}

/// Whether a name is like a pattern with `*` and `?`.
fn is_like(name: &[char], pattern: &[char]) -> bool {
    let (mut at, mut of, mut star) = (0, 0, None);
    while at < name.len() {
        match pattern.get(of) {
            Some('*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(c) if *c == '?' || *c == name[at] => {
                (at, of) = (at + 1, of + 1);
            }
            // The last star takes one character more.
            _ => match star {
                Some((back, taken)) => {
                    star = Some((back, taken + 1));
                    (at, of) = (taken + 1, back + 1);
                }
                None => return false,
            },
        }
    }
    pattern[of..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(pattern: &str, path: &str) -> bool {
        let pattern = Pattern::parse(pattern).unwrap();
        let Some(below) = path.strip_prefix(&format!("{}/", pattern.folder)) else { return false };
        pattern.admits(&below.split('/').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn stars_stay_within_a_name_and_two_of_them_cross_folders() {
        for (pattern, path, wanted) in [
            ("docs/*.md", "docs/a.md", true),
            ("docs/*.md", "docs/a/b.md", false),
            ("docs/**/*.md", "docs/a.md", true),
            ("docs/**/*.md", "docs/a/b/c.md", true),
            ("docs/**/*.md", "docs/a/b/c.txt", false),
            ("docs/**/b/*.md", "docs/a/b/c.md", true),
            ("docs/**/b/*.md", "docs/b/b/b/c.md", true),
            ("docs/**/b/*.md", "docs/a/c.md", false),
            ("docs/**", "docs/a/b.txt", true),
            ("docs/guide.md", "docs/guide.md", true),
            ("docs/guide.md", "docs/guide.mdx", false),
            ("docs/?.md", "docs/é.md", true),
            ("docs/*a*b", "docs/xaybab", true),
            ("docs/*a*b", "docs/xaybac", false),
        ] {
            assert_eq!(admits(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn the_folder_is_what_stands_before_the_first_wildcard() {
        for (pattern, folder) in
            [("docs/a/**/*.md", "docs/a"), ("docs/a.md", "docs"), ("*.md", ""), ("a.md", "")]
        {
            assert_eq!(Pattern::parse(pattern).unwrap().folder, folder);
        }
    }

    #[test]
    fn a_pattern_of_many_stars_takes_no_time() {
        let pattern = Pattern::parse(&format!("d/{}*.md", "**/a*/".repeat(50))).unwrap();
        assert!(!pattern.admits(&vec!["a".repeat(200); 60]));
    }
}
