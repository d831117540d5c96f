//! Mistakes in files that people write: what is wrong, where, and the mend. All of them together,
//! in the order of the files, with a snippet each.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Lines that a snippet shows at most.
const MAX_LINES: usize = 4;
/// Bytes of a line that a snippet keeps, before and after the place it points at.
const MAX_BEFORE: usize = 300;
const MAX_AFTER: usize = 600;
/// Characters of a user's text that a message repeats.
const MAX_QUOTED: usize = 60;

/// Words that a message lists.
const MAX_LISTED: usize = 12;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable word for this kind of mistake, such as `unknown-key`.
    pub code: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Where; `None` where it is about no place in a file.
    pub spot: Option<Spot>,
    /// What stands there, in a few words, shown beside the snippet.
    pub label: Option<String>,
    /// The mend.
    pub help: Option<String>,
    /// What else helps to understand it.
    pub notes: Vec<String>,
    /// Other places that it is about, each with a few words.
    pub related: Vec<(Spot, String)>,
}

impl Diagnostic {
    /// A mistake without a place.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            spot: None,
            label: None,
            help: None,
            notes: Vec::new(),
            related: Vec::new(),
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, spot: Spot) -> Self {
        self.spot = Some(spot);
        self
    }

    /// Says where, unless that is known already.
    #[must_use]
    pub fn or_at(mut self, spot: Spot) -> Self {
        self.spot.get_or_insert(spot);
        self
    }

    /// Says what stands there.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says how it is mended.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says how it is mended, where that is known.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, spot: Spot, label: impl Into<String>) -> Self {
        self.related.push((spot, label.into()));
        self
    }

    fn render(&self, renderer: &Renderer) -> String {
        let mut group = Group::with_title(Level::ERROR.primary_title(clean(&self.message)).id(self.code));
        let (beside, elsewhere): (Vec<_>, Vec<_>) =
            self.related.iter().partition(|(spot, _)| self.spot.as_ref().is_some_and(|own| own.shows(spot)));
        if let Some(spot) = &self.spot {
            let beside: Vec<_> = beside.iter().map(|(spot, label)| spot.mark(label)).collect();
            group = spot.show(group, AnnotationKind::Primary, self.label.as_deref(), beside);
        }
        for (spot, label) in elsewhere {
            group = spot.show(group, AnnotationKind::Context, Some(label), Vec::new());
        }
        for note in &self.notes {
            group = group.element(Level::NOTE.message(clean(note)));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(clean(help)));
        }
        renderer.render(&[group])
    }
}

/// A place in a user's file, with the lines that are shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The file, relative to the project's root, with `/` between its parts.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Bytes of the file, after a byte order mark.
    pub span: Range<usize>,
    /// What is shown: without control characters, and cut to a sensible length.
    excerpt: String,
    /// Where the span lies in the excerpt.
    marked: Range<usize>,
    /// Whether the excerpt begins within its line.
    cut: bool,
}

impl Spot {
    /// Whether another place lies in the lines shown of this one.
    fn shows(&self, other: &Self) -> bool {
        !self.cut && self.file == other.file && self.line == other.line && self.excerpt == other.excerpt
    }

    /// A mark at this place in a snippet that shows it.
    fn mark(&self, label: &str) -> Annotation<'static> {
        AnnotationKind::Context.span(self.marked.clone()).label(clean(label))
    }

    fn show<'a>(
        &'a self,
        group: Group<'a>,
        kind: AnnotationKind,
        label: Option<&str>,
        beside: Vec<Annotation<'a>>,
    ) -> Group<'a> {
        let annotation = kind.span(self.marked.clone()).label(label.map(clean));
        let snippet = Snippet::source(self.excerpt.as_str())
            .line_start(self.line as usize)
            .annotation(annotation)
            .annotations(beside);
        let path = clean(&self.file);
        if self.cut {
            let origin = Origin::path(path).line(self.line as usize).char_column(self.column as usize);
            group.element(origin).element(snippet)
        } else {
            group.element(snippet.path(path))
        }
    }
}

/// A file of the user's with its text, from which [`Spot`]s are made.
#[derive(Debug)]
pub struct Source {
    /// The file, relative to the project's root, with `/` between its parts.
    pub file: Arc<str>,
    /// Its text, without a byte order mark.
    pub text: String,
    lines: OnceLock<Vec<usize>>,
    /// The byte and the line of the file that the text begins with.
    begin: usize,
    first: u32,
}

impl Source {
    /// A file with its text.
    pub fn new(file: impl Into<Arc<str>>, mut text: String) -> Self {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self { file: file.into(), text, lines: OnceLock::new(), begin: 0, first: 1 }
    }

    /// Whole lines of a file, of which nothing else is shown: `begin` is their first byte after a byte
    /// order mark, `first` their first line from 1. Spots are asked for by bytes of the file.
    pub(crate) fn part(file: &Arc<str>, text: String, begin: usize, first: u32) -> Self {
        Self { file: file.clone(), text, lines: OnceLock::new(), begin, first }
    }

    /// Line of a byte, from 1.
    pub fn line(&self, byte: usize) -> u32 {
        let lines = self.lines.get_or_init(|| {
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        });
        let lines = lines.partition_point(|start| *start + self.begin <= byte).saturating_sub(1);
        u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(self.first)
    }

    /// The place of these bytes. Bytes beyond the text, or within a character, are moved to the
    /// next boundary before them.
    pub fn spot(&self, span: Range<usize>) -> Spot {
        let text = self.text.as_str();
        let start = text.floor_char_boundary(span.start.saturating_sub(self.begin));
        let mut end = text.floor_char_boundary(span.end.saturating_sub(self.begin)).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let mut last = end;
        // A span that covers many lines is shown by its first.
        if text[start..end].bytes().filter(|byte| *byte == b'\n').count() >= MAX_LINES {
            last = text[start..].find('\n').map_or(end, |at| start + at);
            end = last;
        }
        let line_end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        let from = text.floor_char_boundary(start.saturating_sub(MAX_BEFORE).max(line_start));
        let to = text.floor_char_boundary((start + MAX_AFTER).min(line_end).max(start));
        let (mut excerpt, mut marked) = (String::new(), 0..0);
        for (at, c) in text[from..to].char_indices() {
            if from + at <= start {
                marked.start = excerpt.len();
            }
            if from + at < end {
                marked.end = excerpt.len() + shown(c).map_or(0, char::len_utf8);
            }
            excerpt.extend(shown(c));
        }
        if start >= to {
            marked.start = excerpt.len();
        }
        marked.end = marked.end.max(marked.start);
        Spot {
            file: self.file.clone(),
            line: self.line(self.begin + start),
            column: u32::try_from(text[line_start..start].chars().count() + 1).unwrap_or(u32::MAX),
            span: self.begin + start..self.begin + end,
            excerpt,
            marked,
            cut: from > line_start,
        }
    }
}

/// What a snippet shows for a character of a file; `None` for what is left out.
fn shown(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => Some(c),
        '\r' => None,
        c if is_unsafe(c) => Some('\u{fffd}'),
        c => Some(c),
    }
}

/// Characters that steer a terminal, or turn the order of a text about.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text that is safe to print.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c != '\n' && is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}

/// A user's text in backticks, safe to print and cut at a sensible length.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    for (at, c) in text.chars().enumerate() {
        if at == MAX_QUOTED {
            quoted.push('…');
            break;
        }
        quoted.push(if is_unsafe(c) { '\u{fffd}' } else { c });
    }
    quoted.push('`');
    quoted
}

/// Some words in backticks, with commas between them; cut after a dozen.
pub fn quote_all<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<_> = words.into_iter().collect();
    let listed = all.iter().take(MAX_LISTED).map(|word| quote(word)).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(MAX_LISTED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

/// All mistakes found, in the order of the files and of the places in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a mistake in its order. The same one at the same place is kept once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let key = |d: &Diagnostic| d.spot.as_ref().map(|spot| (spot.file.clone(), spot.span.start));
        let new = key(&diagnostic);
        let at = self.list.partition_point(|known| key(known) <= new);
        let known = self.list[..at].iter().rev().take_while(|known| key(known) == new);
        if !known.into_iter().any(|known| *known == diagnostic) {
            self.list.insert(at, diagnostic);
        }
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Self) {
        for diagnostic in other.list {
            self.push(diagnostic);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// `value`, if there is no mistake.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    /// The text for people: for each mistake its place, a snippet and the mend.
    pub fn render(&self, width: usize, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(width);
        let mut text = String::new();
        for diagnostic in &self.list {
            text.push_str(&diagnostic.render(&renderer));
            text.push_str("\n\n");
        }
        text.truncate(text.trim_end().len());
        text
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Box<Diagnostic>> for Diagnostics {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::from(*diagnostic)
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { list: vec![diagnostic] }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(100, false))
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(source: &Source, span: Range<usize>) -> String {
        Diagnostics::from(Diagnostic::new("test", "wrong").at(source.spot(span)).label("here"))
            .render(100, false)
    }

    #[test]
    fn lines_and_columns_are_counted_from_one_in_characters() {
        let source = Source::new("a.toml", "\u{feff}ä = 1\r\nöö = \"x\"\n".into());
        let spot = source.spot(source.text.find('"').unwrap()..source.text.len() - 1);
        assert_eq!((spot.line, spot.column), (2, 6));
        let end = source.spot(source.text.len()..source.text.len());
        assert_eq!((end.line, end.column), (3, 1));
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let source = Source::new("a\u{1b}.csv", "x\u{1b}[31m\u{202e}y\u{7}\n".into());
        let text = text_of(&source, 1..2);
        assert!(text.chars().all(|c| c == '\n' || !is_unsafe(c)), "{text:?}");
        assert!(text.contains("[31m"));
    }

    #[test]
    fn a_place_far_into_a_long_line_is_shown_with_its_true_column() {
        let source = Source::new("a.csv", format!("{}HERE{}", "x".repeat(5000), "y".repeat(5000)));
        let spot = source.spot(5000..5004);
        assert_eq!(spot.column, 5001);
        assert!(spot.excerpt.len() < 1000);
        let text = text_of(&source, 5000..5004);
        assert!(text.contains("a.csv:1:5001"), "{text}");
        assert!(text.contains("HERE"), "{text}");
    }

    #[test]
    fn mistakes_stand_in_the_order_of_the_file_and_once() {
        let source = Source::new("a.toml", "one\ntwo\n".into());
        let at = |span: Range<usize>| Diagnostic::new("test", "wrong").at(source.spot(span));
        let mut all = Diagnostics::default();
        for span in [4..7, 0..3, 4..7] {
            all.push(at(span));
        }
        all.push(Diagnostic::new("test", "no place"));
        let lines: Vec<_> = all.iter().map(|d| d.spot.as_ref().map(|spot| spot.line)).collect();
        assert_eq!(lines, [None, Some(1), Some(2)]);
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_can_be_shown(text in ".{0,40}(\n.{0,40}){0,8}", start in 0usize..200, length in 0usize..200) {
            let source = Source::new("a.toml", text);
            let spot = source.spot(start..start + length);
            prop_assert!(source.text.is_char_boundary(spot.span.start) && source.text.is_char_boundary(spot.span.end));
            prop_assert!(spot.excerpt.is_char_boundary(spot.marked.start) && spot.excerpt.is_char_boundary(spot.marked.end));
            prop_assert!(spot.marked.start <= spot.marked.end && spot.marked.end <= spot.excerpt.len());
            prop_assert!(text_of(&source, start..start + length).contains("a.toml:"));
        }
    }
}
