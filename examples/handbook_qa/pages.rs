//! Pages of Markdown as sections: what stands under one heading, with the page that it is on.

use std::path::{Path, PathBuf};

/// Why a handbook cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("there are no pages in {0}")]
    Empty(PathBuf),
}

/// A page of the handbook.
#[derive(Debug)]
pub struct Page {
    /// Stem of its file.
    pub name: String,
    /// Its first heading.
    pub title: String,
    pub sections: Vec<Section>,
}

/// What stands under a heading.
#[derive(Debug)]
pub struct Section {
    /// Slug of the heading; `top` before the first one.
    pub name: String,
    pub heading: String,
    /// Paragraphs and items of lists, each on one line and without marks.
    pub paragraphs: Vec<String>,
}

/// The pages of a folder, in the order of their names.
pub fn read(folder: &Path) -> Result<Vec<Page>, PagesError> {
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        |source| PagesError::Read { path, source }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "md") {
            files.push(path);
        }
    }
    files.sort();
    let mut pages = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        pages.push(page(&name, &text));
    }
    if pages.is_empty() { Err(PagesError::Empty(folder.to_path_buf())) } else { Ok(pages) }
}

/// A page of Markdown. Sections without a text are left out.
pub fn page(name: &str, text: &str) -> Page {
    let mut page = Page { name: name.to_owned(), title: String::new(), sections: Vec::new() };
    let mut section = Section { name: "top".to_owned(), heading: String::new(), paragraphs: Vec::new() };
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut page.title);
            open = false;
        } else if line.starts_with("##") {
            let heading = line.trim_start_matches('#').trim().to_owned();
            let next = Section { name: slug(&heading), heading, paragraphs: Vec::new() };
            page.sections.push(std::mem::replace(&mut section, next));
            open = false;
        } else if line.is_empty() {
            open = false;
        } else {
            let item = line.strip_prefix("- ");
            let text = plain(item.unwrap_or(line));
            match section.paragraphs.last_mut().filter(|_| open && item.is_none()) {
                Some(paragraph) => {
                    paragraph.push(' ');
                    paragraph.push_str(&text);
                }
                None => section.paragraphs.push(text),
            }
            open = true;
        }
    }
    page.sections.push(section);
    page.sections.retain(|section| !section.paragraphs.is_empty());
    page
}

/// `Carry-over & payout` is `carry-over-payout`.
pub fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for c in heading.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A line without the targets of its links and without marks of emphasis.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("](") {
        let Some(end) = rest[at..].find(')') else { break };
        out.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out.retain(|c| !matches!(c, '[' | ']' | '*' | '`'));
    out
}

/// The sentences of a paragraph: they end with a mark before a space and a capital letter or a digit; `Dr.`
/// ends none.
pub fn sentences(paragraph: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (at, _) in paragraph.match_indices(['.', '?', '!']) {
        let after = &paragraph[at + 1..];
        let next = after.trim_start();
        let starts = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && !paragraph[..at].ends_with("Dr");
        if after.len() != next.len() && starts {
            found.push(paragraph[begin..=at].trim());
            begin = at + 1;
        }
    }
    found.push(paragraph[begin..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_at_its_headings() {
        let text = "# Leave\n\nAll of it,\nin brief.\n\n## Carry-over & payout\n\n- Up to **5 days**.\n- Until [March](a.md#x).\n\n## Empty\n";
        let page = page("leave", text);
        assert_eq!((page.name.as_str(), page.title.as_str()), ("leave", "Leave"));
        let names: Vec<&str> = page.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["top", "carry-over-payout"]);
        assert_eq!(page.sections[0].paragraphs, ["All of it, in brief."]);
        assert_eq!(page.sections[1].paragraphs, ["Up to 5 days.", "Until March."]);
    }

    #[test]
    fn sentences_end_before_a_capital() {
        let found = sentences("Ask Dr. Ana. It costs 2.50 a day. 3 days are enough? yes.");
        assert_eq!(found, ["Ask Dr. Ana.", "It costs 2.50 a day.", "3 days are enough? yes."]);
    }
}
