//! What of Markdown is text that people read: headings, sentences and words without their marks.

use regex::Regex;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

/// Words of the shortest sentence that says something.
const SHORT: usize = 4;

/// Links and images, with what they show.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"!?\[([^\[\]]*)\]\([^()]*\)").expect("the pattern is our own"));

/// Whether lines stand within a code block, line by line.
#[derive(Debug, Default)]
pub(super) struct Fence(Option<(char, usize)>);

impl Fence {
    /// Takes the next line; true for the lines of a block, the marks around it included.
    pub fn line(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = mark.map_or(0, |mark| trimmed.chars().take_while(|c| *c == mark).count());
        match (self.0, mark) {
            (None, Some(mark)) if length >= 3 => {
                self.0 = Some((mark, length));
                true
            }
            (None, _) => false,
            (Some((open, long)), Some(mark)) if mark == open && length >= long && trimmed.len() == length => {
                self.0 = None;
                true
            }
            (Some(_), _) => true,
        }
    }
}

/// The level and the title of a heading: `## Title`, or a line that the next one underlines, which is told.
pub(super) fn heading<'t>(line: &'t str, under: Option<&str>) -> Option<(usize, &'t str, bool)> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let rest = &line[level..];
    if (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
        let title = rest.trim();
        let without = title.trim_end_matches('#');
        let closed = without.len() < title.len() && without.ends_with([' ', '\t']);
        return Some((level, if closed { without.trim_end() } else { title }, false));
    }
    let under = under.filter(|under| under.len() >= 2 && line.contains(char::is_alphanumeric))?;
    let level = if under.bytes().all(|b| b == b'=') {
        1
    } else if under.bytes().all(|b| b == b'-') {
        2
    } else {
        return None;
    };
    (!line.starts_with([' ', '\t', '>', '-', '|', '*', '+'])).then_some((level, line.trim(), true))
}

/// A text without the marks of Markdown, on one line.
pub(super) fn plain(text: &str) -> String {
    let shown = LINK.replace_all(text, "$1");
    let bare: String = shown.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of a passage that say something, without marks; its first line of text where none does.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let (mut fence, mut paragraphs, mut current) = (Fence::default(), Vec::new(), String::new());
    for line in text.lines() {
        let code = fence.line(line);
        let item = marker(line.trim_start());
        let table = line.trim_start().starts_with('|');
        if code || table || item > 0 || line.trim().is_empty() {
            paragraphs.push(std::mem::take(&mut current));
        }
        if !code && !table {
            current.push_str(&line.trim_start()[item..]);
            current.push(' ');
        }
    }
    paragraphs.push(current);
    let plain: Vec<String> = paragraphs.iter().map(|paragraph| plain(paragraph)).collect();
    let all: Vec<String> = plain
        .iter()
        .flat_map(|paragraph| paragraph.unicode_sentences())
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| sentence.unicode_words().count() >= SHORT)
        .collect();
    if !all.is_empty() {
        return all;
    }
    let first = plain.into_iter().chain(text.lines().map(self::plain));
    first.filter(|line| line.contains(char::is_alphanumeric)).take(1).collect()
}

/// Bytes of the mark that begins an entry of a list or a quotation.
fn marker(line: &str) -> usize {
    if let Some(rest) = line.strip_prefix(['-', '*', '+', '>']) {
        return if rest.starts_with(' ') { 2 } else { 0 };
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    if digits > 0 && (rest.starts_with(". ") || rest.starts_with(") ")) { digits + 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_of_sentences() {
        let text = "Use **the** [guide](https://x.y/z) to `run` it.  Short one.\n\n- First set a snake_case name here\n\n| a | table |\n```\ncode is no sentence at all\n```\n";
        assert_eq!(sentences(text), ["Use the guide to run it.", "First set a snake_case name here"]);
        assert_eq!(sentences("```\nmake all\n```"), ["make all"]);
    }

    #[test]
    fn headings_are_marked_before_or_below() {
        assert_eq!(heading("## A b ##", None), Some((2, "A b", false)));
        assert_eq!(heading("# C#", None), Some((1, "C#", false)));
        assert_eq!(heading("#tag", None), None);
        assert_eq!(heading("Title", Some("-----")), Some((2, "Title", true)));
        assert_eq!(heading("- item", Some("-----")), None);
    }
}
