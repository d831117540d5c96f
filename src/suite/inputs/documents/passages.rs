//! The passages of documents, for whoever writes questions about them.

use super::chunk::chunks;
use super::pattern::Pattern;
use super::walk;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::suite::files::{Files, MAX_DATA, tidy};
use crate::suite::schema::ChunkSpec;
use crate::suite::variants::SourceSpan;
use std::path::Path;

/// Files of a folder that are taken for documents: text that people read.
const ENDINGS: [&str; 8] = ["md", "markdown", "mdx", "txt", "text", "rst", "adoc", "org"];

/// The passages of the documents that are named, in the order of their files: a pattern such as `docs/**/*.md`, a
/// file, or a folder, of which the files with text are meant. Names are relative to the root, and lie below it.
/// Spans count the bytes of a file after a byte order mark.
pub fn passages(root: &Path, named: &str, spec: ChunkSpec) -> Result<Vec<SourceSpan>, Diagnostics> {
    let wrong = |code, what: String, help: &str| Diagnostics::from(Diagnostic::new(code, what).help(help));
    let shown = tidy(named.trim().replace('\\', "/").trim_end_matches('/'));
    let absolute = shown.starts_with('/') || shown.chars().nth(1) == Some(':');
    if absolute || shown == ".." || shown.starts_with("../") {
        let what = format!("{} lies outside the project", quote(named));
        return Err(wrong("outside-project", what, "documents lie inside the project: copy them there"));
    }
    let is_folder = shown.is_empty() || root.join(&shown).is_dir();
    let text = match (is_folder, shown.is_empty()) {
        (true, true) => "**".to_owned(),
        (true, false) => format!("{shown}/**"),
        (false, _) => shown,
    };
    let pattern = Pattern::parse(&text).map_err(|reason| {
        let what = format!("the pattern {} cannot be read: {reason}", quote(named));
        wrong("bad-pattern", what, "write one such as `docs/**/*.md`")
    })?;
    let mut files = Files::new(root, "");
    let (mut found, mut bytes, mut out) = (Vec::new(), 0_u64, Diagnostics::default());
    for file in walk::find(root, &pattern)? {
        let below = file.below();
        let path = if pattern.folder.is_empty() { below } else { format!("{}/{below}", pattern.folder) };
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let ending = ending.as_deref().unwrap_or_default();
        if is_folder && !ENDINGS.contains(&ending) {
            continue;
        }
        let source = match files.text_at(&path) {
            Ok(source) => source,
            Err(mistake) => {
                out.push(*mistake);
                continue;
            }
        };
        bytes += source.text.len() as u64;
        if bytes > MAX_DATA {
            let what = format!("the files of {} are larger than {} MiB", quote(named), MAX_DATA >> 20);
            return Err(wrong("file-too-large", what, "name fewer of them"));
        }
        let markdown = matches!(ending, "md" | "markdown" | "mdx");
        found.extend(chunks(&source.text, markdown, spec).into_iter().map(|chunk| SourceSpan {
            file: path.clone(),
            start: chunk.span.start,
            end: chunk.span.end,
            text: source.text[chunk.span].to_owned(),
        }));
    }
    if found.is_empty() && out.is_empty() {
        let what = format!("no document with text is meant by {}", quote(named));
        let help =
            "name a file, a folder, or a pattern such as `docs/**/*.md`, relative to the project's root";
        return Err(wrong("missing-file", what, help));
    }
    out.or(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("docs/more")).unwrap();
        let write = |name: &str, text: &[u8]| std::fs::write(root.path().join(name), text).unwrap();
        write(
            "docs/b.md",
            "# Größe\n\nThe feeder holds 2 litres.\n\n# Price\n\nIt costs 149 euros.\n".as_bytes(),
        );
        write("docs/more/a.txt", b"Returns cost 4.90 euros.\n");
        write("docs/picture.png", b"\x89PNG\xff");
        root
    }

    fn shown(root: &Path, named: &str) -> Vec<(String, String)> {
        let found = passages(root, named, ChunkSpec::default()).unwrap();
        for passage in &found {
            let file = std::fs::read(root.join(&passage.file)).unwrap();
            assert_eq!(&file[passage.start..passage.end], passage.text.as_bytes());
        }
        found.into_iter().map(|passage| (passage.file, passage.text)).collect()
    }

    #[test]
    fn a_folder_a_file_and_a_pattern_mean_passages_with_their_bytes() {
        let root = project();
        let root = root.path();
        let all = [
            ("docs/b.md", "The feeder holds 2 litres."),
            ("docs/b.md", "It costs 149 euros."),
            ("docs/more/a.txt", "Returns cost 4.90 euros."),
        ]
        .map(|(file, text)| (file.to_owned(), text.to_owned()));
        for named in ["docs", "docs/", "./docs", "."] {
            assert_eq!(shown(root, named), all, "{named}");
        }
        assert_eq!(shown(root, "docs/more/a.txt"), all[2..]);
        assert_eq!(shown(root, "docs/**/*.md"), all[..2]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let root = project();
        for (named, why) in [
            ("../docs", "lies outside the project"),
            ("/etc", "lies outside the project"),
            ("docs/{a}.md", "cannot be read"),
            ("docs/*.rst", "no document with text"),
            ("nowhere/*.md", "there is no folder"),
            ("docs/*.png", "docs/picture.png"),
        ] {
            let wrong = passages(root.path(), named, ChunkSpec::default()).unwrap_err();
            let told = wrong.render(200, false);
            assert!(told.contains(why), "{named}: {told}");
        }
    }
}
