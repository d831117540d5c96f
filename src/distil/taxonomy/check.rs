//! Mistakes in a taxonomy that its shape does not show, all of them at once.

use crate::suite::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use crate::suite::document::{Document, Node};
use crate::suite::nearest::nearest;
use crate::suite::schema::taxonomy::{Change, ChangeKind, TaxonomyFile};
use std::collections::{BTreeMap, BTreeSet};

/// Most characters of an id.
const ID: usize = 60;

/// What a model or a person may answer in the place of a category.
pub(crate) const RESERVED: [&str; 3] = ["none", "cannot_judge", "not_applicable"];

/// Adds what is wrong with a file.
pub(super) fn check(file: &TaxonomyFile, document: &Document, out: &mut Diagnostics) {
    let mut checker = Checker { file, document, out };
    checker.ids();
    checker.texts();
    checker.names();
    checker.parents();
    checker.changes();
    checker.retired();
}

struct Checker<'a> {
    file: &'a TaxonomyFile,
    document: &'a Document,
    out: &'a mut Diagnostics,
}

impl<'a> Checker<'a> {
    fn wrong(&self, code: &'static str, what: impl Into<String>, node: &Node) -> Diagnostic {
        Diagnostic::new(code, what).at(self.document.source.spot(node.span.clone()))
    }

    fn category(&self, at: usize) -> &'a Node {
        self.document.root.field("category").item(at)
    }

    fn change(&self, at: usize) -> &'a Node {
        self.document.root.field("change").item(at)
    }

    /// Whether every category could be read: one that could not may be the one that is meant.
    fn all_read(&self) -> bool {
        !self.document.root.field("category").is_damaged() && !self.document.root.is_damaged()
    }

    fn has(&self, id: &str) -> bool {
        self.file.category.iter().any(|category| category.id == id)
    }

    /// Ids can be typed, and are there once.
    fn ids(&mut self) {
        let mut known: BTreeMap<&str, &Node> = BTreeMap::new();
        for (at, category) in self.file.category.iter().enumerate() {
            let (id, node) = (category.id.as_str(), self.category(at).field("id"));
            if let Some(help) = bad_id(id) {
                let bad = self.wrong("bad-id", format!("{} cannot be the id of a category", quote(id)), node);
                self.out.push(bad.help(help));
            }
            if let Some(first) = known.insert(id, node) {
                let twice =
                    self.wrong("duplicate-category", format!("there are two categories {}", quote(id)), node);
                let first = self.document.source.spot(first.span.clone());
                self.out.push(twice.related(first, "the first one").help("give one of them another id"));
            }
        }
    }

    /// Texts say something.
    fn texts(&mut self) {
        for (at, category) in self.file.category.iter().enumerate() {
            let node = self.category(at);
            for (key, text, help) in [
                ("name", &category.name, "write what people call it, in a few words"),
                (
                    "definition",
                    &category.definition,
                    "write when a failure belongs to it, in a sentence or two",
                ),
            ] {
                self.says(key, text, node.field(key), help);
            }
            if category.name.chars().any(char::is_control) {
                let bad = self.wrong("bad-name", "`name` holds a control character", node.field("name"));
                self.out.push(bad.help("write it on one line, without tabs"));
            }
            for (key, list) in [
                ("include", &category.include),
                ("exclude", &category.exclude),
                ("examples", &category.examples),
            ] {
                for (at, text) in list.iter().enumerate() {
                    self.says(key, text, node.field(key).item(at), "write a text, or take it out");
                }
            }
        }
        for (at, change) in self.file.change.iter().enumerate() {
            let node = self.change(at);
            for (key, text, help) in [
                ("by", &change.by, "write who did it"),
                ("reason", &change.reason, "write why, for whoever reads the assignments later"),
            ] {
                self.says(key, text, node.field(key), help);
            }
        }
    }

    fn says(&mut self, key: &str, text: &str, node: &Node, help: &str) {
        if text.trim().is_empty() {
            let empty = self.wrong("empty-text", format!("`{key}` says nothing"), node);
            self.out.push(empty.help(help));
        }
    }

    /// No two categories are called the same, by name or by what the other's id is.
    fn names(&mut self) {
        let mut known: BTreeMap<String, (usize, &Node)> = BTreeMap::new();
        for (at, category) in self.file.category.iter().enumerate() {
            let node = self.category(at);
            for (text, node) in [(&category.id, node.field("id")), (&category.name, node.field("name"))] {
                let name = folded(text);
                match known.get(&name) {
                    None if name.is_empty() => {}
                    None => drop(known.insert(name, (at, node))),
                    // Two equal ids are told as such.
                    Some((first, _)) if *first == at || self.file.category[*first].id == category.id => {}
                    Some((_, first)) => {
                        let what = format!("another category is called {} already", quote(text));
                        let first = self.document.source.spot(first.span.clone());
                        let same = self.wrong("overlapping-name", what, node).related(first, "that one");
                        self.out.push(same.help("give one of them another name, or merge the two"));
                    }
                }
            }
        }
    }

    /// Parents are there, and nothing is below itself.
    fn parents(&mut self) {
        let parent: BTreeMap<&str, &str> = self
            .file
            .category
            .iter()
            .filter_map(|category| Some((category.id.as_str(), category.parent.as_deref()?)))
            .collect();
        let mut told = BTreeSet::new();
        for (at, category) in self.file.category.iter().enumerate() {
            let Some(id) = category.parent.as_deref() else { continue };
            let node = self.category(at).field("parent");
            if !self.has(id) {
                self.unknown("parent", id, node);
                continue;
            }
            // Up to the first category that was there already.
            let (mut way, mut next) = (vec![category.id.as_str()], Some(id));
            while let Some(id) = next.filter(|id| !way.contains(id)) {
                way.push(id);
                next = parent.get(id).copied();
            }
            if next == Some(category.id.as_str()) && told.is_disjoint(&way.iter().copied().collect()) {
                told.extend(way.iter().copied());
                let what = match way.as_slice() {
                    [one] => format!("{} is its own parent", quote(one)),
                    all => format!("{} stand below one another", quote_all(all.iter().copied())),
                };
                let circle = self.wrong("circular-parent", what, node);
                self.out.push(circle.help("take `parent` out of the one that stands highest"));
            }
        }
    }

    /// Tells of a category that is named and not there.
    fn unknown(&mut self, key: &str, id: &str, node: &Node) {
        if let Some((at, change)) = self.retiring(id) {
            let what = format!("{} is no more: it was {}", quote(id), became(change));
            let change = self.document.source.spot(self.change(at).span.clone());
            let gone = self.wrong("merged-away", what, node).related(change, "here");
            let help = match change_target(&self.file.change[at]) {
                Some(into) => format!("write {}", quote(into)),
                None => format!(
                    "write one of {}",
                    quote_all(self.file.change[at].into.iter().map(String::as_str))
                ),
            };
            self.out.push(gone.help(help));
            return;
        }
        if !self.all_read() {
            return;
        }
        let ids: Vec<&str> = self.file.category.iter().map(|category| category.id.as_str()).collect();
        let unknown = self.wrong(
            "unknown-category",
            format!("`{key}` names {}, which is no category", quote(id)),
            node,
        );
        self.out.push(match nearest(id, ids.iter().copied()) {
            Some(meant) => unknown.help(format!("did you mean {}?", quote(meant))),
            None => unknown.help(format!("the categories are {}", quote_all(ids))),
        });
    }

    /// The last change after which an id is no more, unless a later one brought it back.
    fn retiring(&self, id: &str) -> Option<(usize, &'a Change)> {
        let last = self
            .file
            .change
            .iter()
            .enumerate()
            .rev()
            .find(|(_, change)| change.from.iter().chain(&change.into).any(|named| named == id));
        last.filter(|(_, change)| change.retires(id))
    }

    /// Each change says what became of what, in its order.
    fn changes(&mut self) {
        let mut last: Option<(usize, &Change)> = None;
        for (at, change) in self.file.change.iter().enumerate() {
            let node = self.change(at);
            self.counts(change, node);
            for (key, list) in [("from", &change.from), ("into", &change.into)] {
                let mut seen = BTreeSet::new();
                for (place, id) in list.iter().enumerate() {
                    if !seen.insert(id) {
                        let twice = self.wrong(
                            "duplicate-category",
                            format!("{} is named twice", quote(id)),
                            node.field(key).item(place),
                        );
                        self.out.push(twice.help("leave one of the two"));
                    }
                }
            }
            for (place, id) in change.from.iter().enumerate() {
                let before = self.file.change[..at].iter().rev();
                let gone = before.into_iter().find(|old| old.from.contains(id) || old.into.contains(id));
                if let Some(old) = gone.filter(|old| old.retires(id)) {
                    let what = format!("{} was no more by then: it was {}", quote(id), became(old));
                    let gone = self.wrong("merged-away", what, node.field("from").item(place));
                    self.out.push(gone.help("name what it became, or set the changes in their order"));
                }
            }
            for (place, id) in change.into.iter().enumerate() {
                let later = self.file.change[at + 1..].iter().any(|later| later.from.contains(id));
                if !later && !self.has(id) {
                    self.unknown("into", id, node.field("into").item(place));
                }
            }
            if let Some((_, before)) = last.filter(|(_, before)| before.date > change.date) {
                let what =
                    format!("this change is of {}, and the one before it of {}", change.date, before.date);
                let order = self.wrong("change-order", what, node.field("date"));
                self.out.push(order.help("changes stand oldest first"));
            }
            last = Some((at, change));
        }
    }

    /// How many categories a change is about.
    fn counts(&mut self, change: &Change, node: &Node) {
        let (from, into) = (change.from.len(), change.into.len());
        let (key, what, help) = match change.kind {
            ChangeKind::Merge if into != 1 => (
                "into",
                format!("a merge has one category in `into`, not {into}"),
                "name the one that they became",
            ),
            ChangeKind::Merge if from == 0 || change.from == change.into => {
                ("from", "nothing was merged".to_owned(), "name the categories that became the one in `into`")
            }
            ChangeKind::Split if from != 1 => {
                ("from", format!("a split has one category in `from`, not {from}"), "write a change for each")
            }
            ChangeKind::Split if into < 2 => (
                "into",
                "a split makes two categories or more".to_owned(),
                "name what it became; it may stay itself one of them",
            ),
            _ => return,
        };
        let wrong = self.wrong("bad-change", what, node.field(key));
        self.out.push(wrong.help(help));
    }

    /// What was merged away or split is no category any more.
    fn retired(&mut self) {
        for (at, category) in self.file.category.iter().enumerate() {
            let Some((place, change)) = self.retiring(&category.id) else { continue };
            let what = format!("{} is still a category, and was {}", quote(&category.id), became(change));
            let spot = self.document.source.spot(self.change(place).span.clone());
            let used = self.wrong("merged-away", what, self.category(at).field("id")).related(spot, "here");
            self.out.push(used.help(
                "take this category out, or give it another id: old assignments are read by the change",
            ));
        }
    }
}

fn became(change: &Change) -> String {
    let into = quote_all(change.into.iter().map(String::as_str));
    match change.kind {
        ChangeKind::Merge => format!("merged into {into}"),
        ChangeKind::Split => format!("split into {into}"),
    }
}

/// The one category that a merge made.
fn change_target(change: &Change) -> Option<&str> {
    (change.kind == ChangeKind::Merge).then(|| change.into.first().map(String::as_str)).flatten()
}

/// What is wrong with an id, as its mend.
pub(super) fn bad_id(id: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let starts = id.starts_with(|c: char| c.is_ascii_lowercase());
    if RESERVED.contains(&id) {
        return Some("take another word: this one says that no category fits".into());
    }
    let fits = starts && id.chars().all(is_plain) && (2..=ID).contains(&id.chars().count());
    (!fits).then(|| {
        format!("write 2 to {ID} small letters, digits, `-` or `_`, a letter first, such as `wrong-unit`")
    })
}

/// A name without case, and with one space for whatever stands between its letters and digits.
fn folded(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
