//! Judges that stand in a suite, as `[judges.NAME]`, and have no file of their own.

use crate::suite::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::suite::document::{Data, Document};
use crate::suite::files::{MAX_SUITE, read, tidy};
use std::path::Path;

/// The suites of a project: those in the folder and those in `live`, sorted, as they are shown.
fn suites(root: &Path, folder: &str) -> Vec<String> {
    let of = |folder: String| {
        let entries = std::fs::read_dir(root.join(&folder)).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let files = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
        let names = files.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let suites = names.filter(|name| !name.starts_with('.'));
        let mut suites: Vec<String> = suites.map(|name| tidy(&format!("{folder}/{name}"))).collect();
        suites.sort_unstable();
        suites
    };
    let folder = folder.replace('\\', "/");
    [of(folder.clone()), of(format!("{folder}/live"))].concat()
}

/// Every suite that may have judges in it, parsed. What is wrong with one is told when it is loaded.
fn documents(root: &Path, folder: &str) -> impl Iterator<Item = Document> {
    let sources = suites(root, folder).into_iter().filter_map(|shown| {
        let (source, _) = read(&root.join(&shown), &shown, MAX_SUITE).ok()?;
        source.text.contains("judges").then_some(source)
    });
    sources.filter_map(|source| Document::parse(source, &mut Diagnostics::default()))
}

/// The names of all judges in suites.
pub(super) fn names(root: &Path, folder: &str) -> Vec<String> {
    let keys = |document: Document| match document.root.get("judges").map(|node| &node.data) {
        Some(Data::Table(judges, _)) => judges.keys().cloned().collect(),
        _ => Vec::new(),
    };
    documents(root, folder).flat_map(keys).collect()
}

/// The judge of this name in a suite: the suite with the judge's table as its root. It is a mistake where two
/// suites have one of that name.
pub(super) fn find(root: &Path, folder: &str, name: &str) -> Result<Option<Document>, Diagnostics> {
    let mut found: Option<Document> = None;
    for document in documents(root, folder) {
        let node = document.root.get("judges").and_then(|judges| judges.get(name)).cloned();
        let Some(node) = node else { continue };
        if let Some(first) = &found {
            let what = format!("there are two judges {}", quote(name));
            return Err(Diagnostic::new("ambiguous-judge", what)
                .at(document.source.spot(node.key_span()))
                .related(first.source.spot(first.root.key_span()), "the first one")
                .help("give one of them another name: labels and checks are kept by the name")
                .into());
        }
        found = Some(Document { source: document.source, root: node });
    }
    Ok(found)
}
