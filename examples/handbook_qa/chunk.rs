//! Cuts pages into passages, the unit that is indexed and retrieved.

use crate::pages::{Page, Section, sentences};

/// A passage of the handbook.
#[derive(Debug, PartialEq)]
pub struct Passage {
    /// `page#section`.
    pub id: String,
    /// Title of the page and heading of the section, where the chunker kept them.
    pub heading: String,
    pub text: String,
}

/// How pages are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunker {
    /// A section is a passage. A long one is cut between sentences, and the last sentence before a cut is
    /// said again after it.
    Sections {
        /// Most words of a passage, unless one sentence is longer.
        words: usize,
    },
    /// So many words at a time, whatever stands there, without the headings. A window goes by the section
    /// that its middle is in.
    Windows {
        /// Words of a window.
        words: usize,
    },
}

impl Chunker {
    /// Version 1 cuts at headings; version 2 was "simplified" to windows of one size.
    pub fn of_version(version: u32) -> Self {
        if version >= 2 { Self::Windows { words: 60 } } else { Self::Sections { words: 90 } }
    }

    /// The passages of a page, in the order of its text.
    pub fn cut(self, page: &Page) -> Vec<Passage> {
        match self {
            Self::Sections { words } => {
                page.sections.iter().flat_map(|part| parts(page, part, words)).collect()
            }
            Self::Windows { words } => windows(page, words),
        }
    }
}

fn parts(page: &Page, section: &Section, most: usize) -> Vec<Passage> {
    let (mut texts, mut part, mut count) = (Vec::new(), Vec::new(), 0);
    for sentence in section.paragraphs.iter().flat_map(|paragraph| sentences(paragraph)) {
        let words = sentence.split_whitespace().count();
        if count + words > most && !part.is_empty() {
            texts.push(part.join(" "));
            part.drain(..part.len() - 1);
            count = part.iter().map(|sentence: &&str| sentence.split_whitespace().count()).sum();
        }
        part.push(sentence);
        count += words;
    }
    texts.push(part.join(" "));
    let heading = format!("{} {}", page.title, section.heading).trim().to_owned();
    let passage = |text| Passage { id: id(page, section), heading: heading.clone(), text };
    texts.into_iter().map(passage).collect()
}

fn windows(page: &Page, words: usize) -> Vec<Passage> {
    let all: Vec<(&Section, &str)> = page
        .sections
        .iter()
        .flat_map(|section| section.paragraphs.iter().map(move |paragraph| (section, paragraph)))
        .flat_map(|(section, paragraph)| paragraph.split_whitespace().map(move |word| (section, word)))
        .collect();
    let window = |window: &[(&Section, &str)]| {
        let text: Vec<&str> = window.iter().map(|(_, word)| *word).collect();
        Passage { id: id(page, window[window.len() / 2].0), heading: String::new(), text: text.join(" ") }
    };
    all.chunks(words).map(window).collect()
}

fn id(page: &Page, section: &Section) -> String {
    format!("{}#{}", page.name, section.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::page;

    fn cut(chunker: Chunker) -> Vec<(String, String, String)> {
        let text = "# Tea\n\nWe drink tea.\n\n## Black\n\nHot it is. Strong it is too. Milk may go in.\n";
        let passages = chunker.cut(&page("tea", text)).into_iter();
        passages.map(|passage| (passage.id, passage.heading, passage.text)).collect()
    }

    fn of(id: &str, heading: &str, text: &str) -> (String, String, String) {
        (id.to_owned(), heading.to_owned(), text.to_owned())
    }

    #[test]
    fn sections_are_cut_between_sentences_with_one_said_again() {
        let expected = [
            of("tea#top", "Tea", "We drink tea."),
            of("tea#black", "Tea Black", "Hot it is. Strong it is too."),
            of("tea#black", "Tea Black", "Strong it is too. Milk may go in."),
        ];
        assert_eq!(cut(Chunker::Sections { words: 8 }), expected);
    }

    #[test]
    fn a_section_that_is_short_enough_is_one_passage() {
        assert_eq!(cut(Chunker::Sections { words: 11 }).len(), 2);
    }

    #[test]
    fn windows_cut_where_the_count_says_and_go_by_their_middle() {
        let expected = [
            of("tea#black", "", "We drink tea. Hot it is."),
            of("tea#black", "", "Strong it is too. Milk may"),
            of("tea#black", "", "go in."),
        ];
        assert_eq!(cut(Chunker::Windows { words: 6 }), expected);
    }
}
