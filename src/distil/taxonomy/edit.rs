//! Changes of a taxonomy's file that keep what people wrote in it: categories and changes are added behind those
//! that are there, and a category that is no more is made a comment.

use super::Taxonomy;
use crate::suite::diagnostic::{Diagnostics, Source, quote};
use crate::suite::document::{Data, Document, Node};
use crate::suite::schema::taxonomy::{Change, ChangeKind};
use std::ops::Range;

/// Why a taxonomy cannot be changed as is wanted.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The file is not written in the form that can be added to.
    #[error(
        "{file}:{line}: {what} is written within a list, which cannot be changed here; write it as a table of its own, \
         under `[[{table}]]`"
    )]
    Inline {
        /// The file.
        file: String,
        /// Its line, from 1.
        line: u32,
        /// What stands there.
        what: String,
        /// The table it belongs to.
        table: &'static str,
    },
    /// A category stands below one that would be no more.
    #[error(
        "{file}:{line}: {child} stands below {parent}, which would be no more; give it another `parent` first"
    )]
    Child {
        /// The file.
        file: String,
        /// Its line, from 1.
        line: u32,
        /// The category.
        child: String,
        /// Its parent.
        parent: String,
    },
    /// The file has mistakes, or would have.
    #[error("{0}")]
    Unsound(#[from] Diagnostics),
}

/// A category to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCategory {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// When a failure belongs to it.
    pub definition: String,
    /// The category that it is a kind of.
    pub parent: Option<String>,
}

/// A taxonomy with its changes, not on the disk yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The whole text of the file.
    pub text: String,
    /// What it says.
    pub taxonomy: Taxonomy,
}

/// What a file begins with that is not there yet.
const FIRST: &str = "# The kinds of failures that people found, for `holdline code`: when a failure belongs to one, and what does\n\
                     # not. Definitions are people's; what was assigned under an older one is to be read again.\n";

impl Edited {
    /// The text of a taxonomy with further categories, and with a merge or a split. Nothing that stands there is
    /// lost: what is no more is a comment from then on, and every other line stays as it is, but for a `parent`
    /// that was merged away. A file that is not there yet has an empty text.
    pub fn of(
        path: &str,
        text: &str,
        categories: &[NewCategory],
        change: Option<&Change>,
    ) -> Result<Self, EditError> {
        let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mark = &text[..text.len() - bare.len()];
        let (taxonomy, document) = Taxonomy::read(Source::new(path, bare.to_owned()))?;
        let edit = Edit { taxonomy: &taxonomy, document: &document };
        edit.is_of_tables()?;
        let ending = if bare.contains("\r\n") { "\r\n" } else { "\n" };
        let mut cuts: Vec<(Range<usize>, String)> = Vec::new();
        if let Some(change) = change {
            edit.retire(change, ending, &mut cuts)?;
        }
        if !categories.is_empty() {
            let at = edit.behind_categories();
            let blocks: String = categories.iter().map(|of| table(of) + "\n").collect();
            // Between two blocks stands an empty line.
            let before = if at == 0 || bare[..at].ends_with('\n') { "\n" } else { "\n\n" };
            cuts.push((at..at, format!("{before}{}", blocks.trim_end_matches('\n')).replace('\n', ending)));
        }
        // From the back, so that places stay what they are.
        cuts.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = bare.to_owned();
        for (range, with) in cuts.iter().rev() {
            new.replace_range(range.clone(), with);
        }
        if bare.trim().is_empty() {
            new = format!("{}{new}", FIRST.replace('\n', ending));
        }
        if !new.ends_with('\n') {
            new.push_str(ending);
        }
        if let Some(change) = change {
            new.push_str(&format!("\n{}", change_table(change)).replace('\n', ending));
        }
        let (taxonomy, _) = Taxonomy::read(Source::new(path, new.clone()))?;
        Ok(Self { text: format!("{mark}{new}"), taxonomy })
    }
}

impl Edited {
    /// Writes the file, as a whole or not at all.
    pub fn write(&self, path: &std::path::Path) -> std::io::Result<()> {
        crate::report::file::replace_by(path, |out| out.write_all(self.text.as_bytes()))
    }
}

struct Edit<'a> {
    taxonomy: &'a Taxonomy,
    document: &'a Document,
}

impl Edit<'_> {
    fn text(&self) -> &str {
        &self.document.source.text
    }

    fn line(&self, node: &Node) -> u32 {
        self.document.source.line(node.span.start)
    }

    /// Whether every category and every change is a table of its own.
    fn is_of_tables(&self) -> Result<(), EditError> {
        for table in ["category", "change"] {
            let Some(Node { data: Data::List(items, _), .. }) = self.document.root.get(table) else {
                continue;
            };
            for item in items {
                if !self.text()[item.span.start..].starts_with("[[") {
                    return Err(EditError::Inline {
                        file: self.taxonomy.path.clone(),
                        line: self.line(item),
                        what: format!("a {table}"),
                        table,
                    });
                }
            }
        }
        Ok(())
    }

    /// Makes comments of the categories that are no more, and moves what stands below them.
    fn retire(
        &self,
        change: &Change,
        ending: &str,
        cuts: &mut Vec<(Range<usize>, String)>,
    ) -> Result<(), EditError> {
        let categories = self.document.root.field("category");
        let gone = |id: &str| change.retires(id);
        for (at, category) in self.taxonomy.file.category.iter().enumerate() {
            let node = categories.item(at);
            if gone(&category.id) {
                let block = self.block(node);
                let verb = if change.kind == ChangeKind::Merge { "merged" } else { "split" };
                let by = crate::report::escape::terminal_line(&change.by);
                let mut comment =
                    format!("# {verb} into {} on {} by {by}", change.into.join(", "), change.date);
                for line in self.text()[block.clone()].lines() {
                    comment.push_str(ending);
                    comment.push_str(format!("# {line}").trim_end());
                }
                cuts.push((block, comment));
                continue;
            }
            let Some(parent) = category.parent.as_deref().filter(|parent| gone(parent)) else { continue };
            match change.into.as_slice() {
                [into] if change.kind == ChangeKind::Merge && *into != category.id => {
                    cuts.push((node.field("parent").span.clone(), string(into)));
                }
                _ => {
                    return Err(EditError::Child {
                        file: self.taxonomy.path.clone(),
                        line: self.line(node.field("parent")),
                        child: quote(&category.id),
                        parent: quote(parent),
                    });
                }
            }
        }
        Ok(())
    }

    /// The lines of a table, from its header to its last value, without the last end of a line.
    fn block(&self, node: &Node) -> Range<usize> {
        let text = self.text();
        let end = match &node.data {
            Data::Table(fields, _) => fields.values().map(|field| field.span.end).max(),
            _ => None,
        };
        let end = end.unwrap_or(node.span.end).max(node.span.end);
        let start = text[..node.span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
        start..start + text[start..end].trim_end_matches('\r').len()
    }

    /// Where a further category stands: behind the last one, or else at the end.
    fn behind_categories(&self) -> usize {
        match self.document.root.get("category").map(|node| &node.data) {
            Some(Data::List(items, _)) => items.iter().map(|item| self.block(item).end).max().unwrap_or(0),
            _ => self.text().len(),
        }
    }
}

fn table(category: &NewCategory) -> String {
    let NewCategory { id, name, definition, parent } = category;
    let parent = parent.as_ref().map_or_else(String::new, |parent| format!("parent = {}\n", string(parent)));
    format!(
        "[[category]]\nid = {}\nname = {}\ndefinition = {}\n{parent}",
        string(id),
        string(name),
        string(definition)
    )
}

fn change_table(change: &Change) -> String {
    let Change { kind, from, into, by, date, reason } = change;
    let kind = if *kind == ChangeKind::Merge { "merge" } else { "split" };
    let list = |ids: &[String]| ids.iter().map(|id| string(id)).collect::<Vec<_>>().join(", ");
    format!(
        "[[change]]\nkind = \"{kind}\"\nfrom = [{}]\ninto = [{}]\nby = {}\ndate = {date}\nreason = {}\n",
        list(from),
        list(into),
        string(by),
        string(reason)
    )
}

/// A text as TOML writes it on one line. What JSON escapes TOML escapes alike, and one character more.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _; // to strings, which cannot fail

    const PATH: &str = "suites/taxonomy.toml";

    const FILE: &str = r#"# Ours, since spring.

[[category]] # the first
id = "late"
name = "Answers too late"
definition = "it comes too late"   # whatever late is
# what Ben found
include = [
    "after a minute", # or so
]

# Below it.
[[category]]
id = "slow"
name = "Slow to begin"
definition = """
begins late
"""
parent = "late"

[[category]]
id = "unit"
name = "Wrong unit"
definition = "years for months"
parent = "slow"

# The end.
"#;

    fn change(kind: ChangeKind, from: &[&str], into: &[&str]) -> Change {
        let all = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Change {
            kind,
            from: all(from),
            into: all(into),
            by: "Ada".into(),
            date: "2026-11-28".parse().unwrap(),
            reason: "they are \"one\"".into(),
        }
    }

    fn new(id: &str) -> NewCategory {
        NewCategory {
            id: id.into(),
            name: format!("The {id}"),
            definition: "so \\ \u{7f}".into(),
            parent: None,
        }
    }

    #[test]
    fn what_is_merged_away_is_a_comment_and_every_other_line_stays() {
        let merge = change(ChangeKind::Merge, &["slow", "late"], &["late"]);
        let edited = Edited::of(PATH, FILE, &[], Some(&merge)).unwrap();
        insta::assert_snapshot!("merged", edited.text);
        assert_eq!(edited.taxonomy.get("unit").unwrap().parent.as_deref(), Some("late"));
        assert_eq!(edited.taxonomy.file.change, [merge]);
    }

    #[test]
    fn a_split_adds_what_came_of_it_behind_the_others() {
        let split = change(ChangeKind::Split, &["unit"], &["money", "time"]);
        let edited = Edited::of(PATH, FILE, &[new("money"), new("time")], Some(&split)).unwrap();
        insta::assert_snapshot!("split", edited.text);
        assert_eq!(edited.taxonomy.get("time").unwrap().definition, "so \\ \u{7f}");
    }

    #[test]
    fn a_file_that_is_not_there_begins_with_what_it_is_for() {
        let edited = Edited::of(PATH, "", &[new("late")], None).unwrap();
        insta::assert_snapshot!("first", edited.text);
    }

    #[test]
    fn what_stands_below_what_is_split_has_to_move_first() {
        let split = change(ChangeKind::Split, &["late"], &["slow", "unit"]);
        let error = Edited::of(PATH, FILE, &[], Some(&split)).unwrap_err().to_string();
        assert_eq!(
            error,
            "suites/taxonomy.toml:19: `slow` stands below `late`, which would be no more; give it another `parent` first"
        );
        let merge = change(ChangeKind::Merge, &["late"], &["slow"]);
        assert!(matches!(Edited::of(PATH, FILE, &[], Some(&merge)), Err(EditError::Child { line: 19, .. })));
    }

    #[test]
    fn a_list_within_the_file_is_not_touched() {
        let text = "category = [{ id = \"late\", name = \"Late\", definition = \"x\" }]\n";
        let error = Edited::of(PATH, text, &[new("unit")], None).unwrap_err();
        assert!(matches!(error, EditError::Inline { line: 1, table: "category", .. }), "{error}");
    }

    #[test]
    fn what_would_be_unsound_is_refused_with_the_place_in_what_would_be_written() {
        let merge = change(ChangeKind::Merge, &["slow"], &["nowhere"]);
        let error = Edited::of(PATH, FILE, &[], Some(&merge)).unwrap_err().to_string();
        assert!(error.contains("`into` names `nowhere`, which is no category"), "{error}");
    }

    /// Lines that may stand in a category, comments among them.
    fn filler() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            Just("# a comment".to_owned()),
            Just("include = [\n  \"one\", # why\n\n  \"two\"]".to_owned()),
            Just("exclude = [ \"[[category]]\" ]".to_owned()),
            Just("examples = ['''\n[[change]]\n# no comment''']".to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn no_line_of_people_is_lost(
            fill in prop::collection::vec((filler(), filler()), 3..6),
            gone in 0usize..3,
            windows in any::<bool>(),
            open in any::<bool>(),
        ) {
            let mut text = String::from("# first\n");
            for (at, (before, after)) in fill.iter().enumerate() {
                let before = if before.starts_with('#') { before } else { "" };
                let _ = write!(text, "{before}\n[[category]]\nid = \"id{at}\"\n{after}\nname = \"n{at}\"\ndefinition = \"d\" # said\n");
            }
            if open {
                text.truncate(text.len() - 1);
            }
            if windows {
                text = text.replace('\n', "\r\n");
            }
            let id = format!("id{gone}");
            let merge = change(ChangeKind::Merge, &[&id], &["new"]);
            let edited = Edited::of(PATH, &text, &[new("new")], Some(&merge)).unwrap();
            prop_assert!(edited.taxonomy.get(&id).is_none() && edited.taxonomy.get("new").is_some());
            prop_assert_eq!(edited.taxonomy.file.category.len(), fill.len());
            // Every line is there, in its order, as it was or as a comment.
            let mut lines = edited.text.lines();
            for line in text.lines() {
                let comment = format!("# {line}");
                prop_assert!(lines.any(|new| new == line || new == comment.trim_end()), "{line:?} in\n{}", edited.text);
            }
            if windows {
                prop_assert_eq!(edited.text.matches('\n').count(), edited.text.matches("\r\n").count());
            }
        }
    }
}
