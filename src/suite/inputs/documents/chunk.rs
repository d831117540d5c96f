//! Documents are cut into passages: at headings, then between paragraphs, then between sentences. A passage
//! is a stretch of the document as it stands.

use super::prose::{Fence, heading, plain};
use crate::suite::schema::ChunkSpec;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Its number among the passages of its section, from 0.
    pub number: usize,
    /// Its bytes.
    pub span: Range<usize>,
}

struct Section {
    headings: Vec<String>,
    /// Paragraphs, lists and code, by their bytes.
    blocks: Vec<Range<usize>>,
}

/// The passages of a document. Only Markdown has headings.
pub(super) fn chunks(text: &str, markdown: bool, spec: ChunkSpec) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for section in sections(text, markdown) {
        let units: Vec<Range<usize>> =
            section.blocks.iter().flat_map(|block| units(text, block.clone(), spec.words)).collect();
        let (mut number, mut at) = (0, 0);
        let begin = units.first().map_or(0, |unit| unit.start);
        while at < units.len() {
            let start =
                if number == 0 { units[at].start } else { back(text, begin, units[at].start, spec.overlap) };
            let mut end = units[at].end;
            at += 1;
            while at < units.len() && words(&text[start..units[at].end]) <= spec.words {
                end = units[at].end;
                at += 1;
            }
            chunks.push(Chunk { headings: section.headings.clone(), number, span: start..end });
            number += 1;
        }
    }
    chunks
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Where the last so many words before a place begin, and not before `least`.
fn back(text: &str, least: usize, from: usize, count: usize) -> usize {
    let before = &text[least..from];
    let mut start = from;
    for word in before.split_whitespace().rev().take(count) {
        start = word.as_ptr() as usize - text.as_ptr() as usize;
    }
    start
}

/// A block, or its sentences where it has too many words, or parts of those.
fn units(text: &str, block: Range<usize>, most: usize) -> Vec<Range<usize>> {
    if words(&text[block.clone()]) <= most {
        return vec![block];
    }
    let mut out = Vec::new();
    for (at, sentence) in text[block.clone()].split_sentence_bound_indices() {
        let trimmed = sentence.trim_end();
        let start = block.start + at + (trimmed.len() - trimmed.trim_start().len());
        let mut words = trimmed.split_whitespace().peekable();
        let (mut first, mut count, mut end) = (start, 0, start);
        while let Some(word) = words.next() {
            end = word.as_ptr() as usize - text.as_ptr() as usize + word.len();
            count += 1;
            if count == most || words.peek().is_none() {
                out.push(first..end);
                count = 0;
                first = words.peek().map_or(end, |next| next.as_ptr() as usize - text.as_ptr() as usize);
            }
        }
        debug_assert!(end <= block.end);
    }
    out
}

fn sections(text: &str, markdown: bool) -> Vec<Section> {
    let mut out = vec![Section { headings: Vec::new(), blocks: Vec::new() }];
    let mut above: Vec<(usize, String)> = Vec::new();
    let (mut block, mut fence): (Option<Range<usize>>, Fence) = (None, Fence::default());
    let mut at = if markdown { front_matter(text) } else { 0 };
    let mut lines = text[at..].split_inclusive('\n').peekable();
    while let Some(whole) = lines.next() {
        let start = at;
        at += whole.len();
        let line = whole.trim_end();
        let span = start..start + line.len();
        let inside = markdown && fence.line(line);
        if !inside && markdown {
            let under = lines.peek().map(|next| next.trim_end());
            let first = block.is_none();
            if let Some((level, title, marked_below)) = heading(line, under.filter(|_| first)) {
                flush(text, &mut out, &mut block);
                if marked_below && let Some(mark) = lines.next() {
                    at += mark.len();
                }
                above.retain(|(other, _)| *other < level);
                above.push((level, plain(title)));
                let headings = above.iter().map(|(_, title)| title.clone()).collect();
                out.push(Section { headings, blocks: Vec::new() });
                continue;
            }
        }
        if line.trim().is_empty() && !inside {
            flush(text, &mut out, &mut block);
        } else {
            block = Some(block.map_or(span.clone(), |block| block.start..span.end.max(block.end)));
        }
    }
    flush(text, &mut out, &mut block);
    out
}

/// A block ends; one without any letter or digit, such as a line across the page, is none.
fn flush(text: &str, sections: &mut [Section], block: &mut Option<Range<usize>>) {
    if let (Some(block), Some(section)) = (block.take(), sections.last_mut())
        && text[block.clone()].contains(char::is_alphanumeric)
    {
        section.blocks.push(block);
    }
}

/// Bytes of what stands between `---` at the very beginning: data about the document.
fn front_matter(text: &str) -> usize {
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let is_mark = matches!(line.trim_end(), "---" | "...");
        at += line.len();
        match number {
            0 if line.trim_end() != "---" => return 0,
            0 => {}
            _ if is_mark => return at,
            _ => {}
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: ChunkSpec = ChunkSpec { words: 8, overlap: 0 };

    fn cut(text: &str, spec: ChunkSpec) -> Vec<(String, usize, &str)> {
        let all = chunks(text, true, spec);
        all.into_iter().map(|chunk| (chunk.headings.join(" > "), chunk.number, &text[chunk.span])).collect()
    }

    #[test]
    fn passages_end_at_headings_and_between_paragraphs() {
        let text = "Before all.\n\n# Guide\n\nOne two three.\n\nFour five six.\n\nSeven eight nine.\n\n## Set *up*\nTen `eleven`.\n\nOther\n=====\nLast.\n";
        assert_eq!(
            cut(text, SPEC),
            [
                (String::new(), 0, "Before all."),
                ("Guide".to_owned(), 0, "One two three.\n\nFour five six."),
                ("Guide".to_owned(), 1, "Seven eight nine."),
                ("Guide > Set up".to_owned(), 0, "Ten `eleven`."),
                ("Other".to_owned(), 0, "Last."),
            ]
        );
    }

    #[test]
    fn a_long_paragraph_is_cut_between_sentences_and_a_long_sentence_between_words() {
        let text = "One two three four. Five six seven eight nine. A b c d e f g h i j.";
        assert_eq!(
            cut(text, SPEC).into_iter().map(|(_, _, text)| text).collect::<Vec<_>>(),
            ["One two three four.", "Five six seven eight nine.", "A b c d e f g h", "i j."]
        );
    }

    #[test]
    fn a_passage_repeats_the_words_before_it() {
        let text = "# T\n\nOne two three four.\n\nFive six seven eight nine.\n";
        let spec = ChunkSpec { words: 8, overlap: 2 };
        assert_eq!(
            cut(text, spec).into_iter().map(|(_, _, text)| text).collect::<Vec<_>>(),
            ["One two three four.", "three four.\n\nFive six seven eight nine."]
        );
    }

    #[test]
    fn code_holds_no_headings_and_front_matter_is_no_text() {
        let text = "---\ntitle: x\n---\n# A\n\n```sh\n# not a heading\n\nmake\n```\n";
        assert_eq!(cut(text, SPEC), [("A".to_owned(), 0, "```sh\n# not a heading\n\nmake\n```")]);
        let plain = "# not a heading\ntext";
        assert_eq!(chunks(plain, false, SPEC)[0].headings, Vec::<String>::new());
    }
}
