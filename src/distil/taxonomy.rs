//! The taxonomy of a project: `taxonomy.toml` in the folder of the suites, read and checked, with what became of
//! categories that were merged or split.

mod check;
mod edit;

pub use edit::{EditError, Edited, NewCategory};

use crate::suite::TAXONOMY;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::suite::document::Document;
use crate::suite::files::{MAX_SUITE, read, tidy};
use crate::suite::schema::taxonomy::{Category, Change, ChangeKind, SCHEMA, TaxonomyFile};
use crate::suite::shape::Shape;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::new(SCHEMA));

/// The categories of a project, free of mistakes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taxonomy {
    /// The file, relative to the project's root.
    pub path: String,
    /// What it says.
    pub file: TaxonomyFile,
}

/// What an id of a category stands for today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became<'t> {
    /// A category: itself, or the one that it was merged into.
    Category(&'t Category),
    /// It was split into these, and nobody said which of them is meant.
    Split(&'t [String]),
    /// There is none of that id, and there never was as far as the file tells.
    Unknown,
}

impl Taxonomy {
    /// Where the file stands, relative to the root, for suites in a folder.
    pub fn path_in(suites: &str) -> String {
        tidy(&format!("{}/{TAXONOMY}.toml", suites.replace('\\', "/")))
    }

    /// Reads the taxonomy of the suites in a folder, given relative to the root; `None` where there is none. All
    /// mistakes are told at once.
    pub fn load(root: &Path, suites: &str) -> Result<Option<Self>, Diagnostics> {
        let path = Self::path_in(suites);
        if !root.join(&path).try_exists().unwrap_or(true) {
            return Ok(None);
        }
        let (source, _) = read(&root.join(&path), &path, MAX_SUITE)?;
        Self::read(source).map(|(taxonomy, _)| Some(taxonomy))
    }

    /// Reads a taxonomy, with the places of what it says.
    pub(crate) fn read(source: Source) -> Result<(Self, Document), Diagnostics> {
        let mut out = Diagnostics::default();
        let Some(mut document) = Document::parse(source, &mut out) else { return Err(out) };
        if document.root.mentions("feature") || document.root.mentions("target") {
            let span =
                document.root.field(if document.root.mentions("feature") { "feature" } else { "target" });
            let what =
                "a suite cannot be called `taxonomy`: the file of that name holds the categories of failures";
            let spot = document.source.spot(span.key_span());
            return Err(Diagnostic::new("reserved-name", what)
                .at(spot)
                .help("give the suite another name")
                .into());
        }
        SHAPE.check(&mut document, &mut out);
        let file: TaxonomyFile = match serde_json::from_value(document.root.to_value()) {
            Ok(file) => file,
            Err(error) => {
                let spot = document.source.spot(document.root.span.clone());
                let what = format!("this file cannot be read: {error}");
                out.push(Diagnostic::new("unreadable-taxonomy", what).at(spot));
                return Err(out);
            }
        };
        check::check(&file, &document, &mut out);
        let path = document.source.file.to_string();
        out.or((Self { path, file }, document))
    }

    /// The category of an id that is in the file.
    pub fn get(&self, id: &str) -> Option<&Category> {
        self.file.category.iter().find(|category| category.id == id)
    }

    /// The ids, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.file.category.iter().map(|category| category.id.as_str())
    }

    /// What an id stands for today.
    pub fn became(&self, id: &str) -> Became<'_> {
        let mut id = id;
        let mut seen = BTreeSet::new();
        loop {
            if let Some(category) = self.get(id) {
                return Became::Category(category);
            }
            // The last word on it counts; a circle of words says nothing.
            let last = self.file.change.iter().rev().find(|change| change.retires(id));
            match last {
                Some(Change { kind: ChangeKind::Merge, into, .. }) if seen.insert(id) => match into.first() {
                    Some(next) => id = next,
                    None => return Became::Unknown,
                },
                Some(Change { kind: ChangeKind::Split, into, .. }) => return Became::Split(into),
                _ => return Became::Unknown,
            }
        }
    }

    /// A fingerprint of what a category means, 16 hex digits: its definition, what it includes and excludes, white
    /// space aside, and what was split off from it. Its name, its examples and its parent are not part of it.
    pub fn definition(&self, category: &Category) -> String {
        let folded = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = |lines: &[String]| lines.iter().map(folded).collect::<Vec<_>>();
        let splits: Vec<&[String]> = self
            .file
            .change
            .iter()
            .filter(|change| change.kind == ChangeKind::Split && change.from.contains(&category.id))
            .map(|change| change.into.as_slice())
            .collect();
        hash(&(
            &category.id,
            folded(&category.definition),
            lines(&category.include),
            lines(&category.exclude),
            splits,
        ))
    }

    /// A fingerprint of all categories with what they mean, 16 hex digits.
    pub fn fingerprint(&self) -> String {
        hash(&self.file.category.iter().map(|category| self.definition(category)).collect::<Vec<_>>())
    }

    /// The categories as a tree in the order of the file, each behind its parent, with how deep it stands.
    pub fn tree(&self) -> Vec<(usize, &Category)> {
        let mut tree = Vec::with_capacity(self.file.category.len());
        self.below(None, 0, &mut tree);
        tree
    }

    fn below<'t>(&'t self, parent: Option<&str>, depth: usize, tree: &mut Vec<(usize, &'t Category)>) {
        for category in self.file.category.iter().filter(|category| category.parent.as_deref() == parent) {
            tree.push((depth, category));
            self.below(Some(&category.id), depth + 1, tree);
        }
    }
}

impl Change {
    /// Whether a category is no more since this change.
    pub fn retires(&self, id: &str) -> bool {
        self.from.iter().any(|from| from == id) && !self.into.iter().any(|into| into == id)
    }
}

/// 16 hex digits of a hash over data of ours, which can always be written.
fn hash(data: &impl serde::Serialize) -> String {
    let bytes = serde_json::to_vec(data).unwrap_or_default();
    blake3::hash(&bytes).to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taxonomy(text: &str) -> Taxonomy {
        match Taxonomy::read(Source::new("suites/taxonomy.toml", text.into())) {
            Ok((taxonomy, _)) => taxonomy,
            Err(mistakes) => panic!("{mistakes}"),
        }
    }

    fn category(id: &str) -> String {
        format!("[[category]]\nid = \"{id}\"\nname = \"{id} name\"\ndefinition = \"when {id}\"\n")
    }

    fn change(kind: &str, from: &str, into: &str) -> String {
        format!(
            "[[change]]\nkind = \"{kind}\"\nfrom = [{from}]\ninto = [{into}]\nby = \"Ada\"\ndate = 2026-11-28\nreason = \"so\"\n"
        )
    }

    #[test]
    fn an_id_that_was_merged_stands_for_what_it_was_merged_into() {
        let text = [
            category("late"),
            category("unit"),
            change("merge", "\"slow\", \"tardy\"", "\"behind\""),
            change("merge", "\"behind\"", "\"late\""),
            change("split", "\"wrong\"", "\"late\", \"unit\""),
        ]
        .concat();
        let taxonomy = taxonomy(&text);
        for id in ["slow", "tardy", "behind", "late"] {
            assert_eq!(taxonomy.became(id), Became::Category(taxonomy.get("late").unwrap()), "{id}");
        }
        assert_eq!(taxonomy.became("wrong"), Became::Split(&["late".into(), "unit".into()]));
        assert_eq!(taxonomy.became("other"), Became::Unknown);
    }

    #[test]
    fn a_definition_is_what_it_says_and_not_how_it_is_set() {
        let of = |text: &str| {
            let taxonomy = taxonomy(text);
            taxonomy.definition(&taxonomy.file.category[0])
        };
        let plain = category("late");
        let with = |more: &str| of(&format!("{plain}{more}"));
        assert_eq!(of(&plain), with("examples = [\"x\"]\n"));
        assert_eq!(of(&plain), of(&plain.replace("late name", "another")));
        assert_eq!(of(&plain), of(&plain.replace("when late", "when \\n  late")));
        let others = [
            of(&plain),
            of(&plain.replace("when late", "when later")),
            with("include = [\"x\"]\n"),
            with("exclude = [\"x\"]\n"),
            with(&(category("unit") + &change("split", "\"late\"", "\"late\", \"unit\""))),
        ];
        assert_eq!(others.iter().collect::<BTreeSet<_>>().len(), others.len(), "{others:?}");
    }

    #[test]
    fn the_tree_has_every_category_behind_its_parent() {
        let text = [
            category("b") + "parent = \"aa\"\n",
            category("aa"),
            category("c") + "parent = \"b\"\n",
            category("dd"),
        ]
        .concat()
        .replace("\"b\"", "\"bb\"")
        .replace("\"c\"", "\"cc\"");
        let taxonomy = taxonomy(&text);
        let tree: Vec<(usize, &str)> =
            taxonomy.tree().iter().map(|(depth, of)| (*depth, of.id.as_str())).collect();
        assert_eq!(tree, [(0, "aa"), (1, "bb"), (2, "cc"), (0, "dd")]);
    }
}
