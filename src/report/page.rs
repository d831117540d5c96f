//! A page for a terminal: paragraphs wrapped to its width, with hanging labels, coloured or not.

use anstyle::{AnsiColor, Color};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use std::fmt::Write as _; // to strings, which cannot fail

/// Narrowest page that is laid out; a narrower terminal wraps by itself.
const NARROWEST: usize = 40;

/// How a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether colours are used.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Style {
    /// Columns where there is no terminal.
    const WIDTH: usize = 100;

    /// How pages look on a stream: in colour on a terminal unless `NO_COLOR` is set (no-color.org), as
    /// wide as `COLUMNS` says, or the terminal.
    pub fn of(stream: &impl std::io::IsTerminal) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let seen = || terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
        Self {
            colour: stream.is_terminal() && !plain,
            width: told.or_else(seen).unwrap_or(Self::WIDTH).clamp(NARROWEST, 160),
        }
    }
}

/// What a text is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tint {
    Good,
    Bad,
    Warning,
    Strong,
    Quiet,
    Plain,
}

/// A page being written. Texts given to it are safe for a terminal already.
pub(crate) struct Page {
    out: String,
    style: Style,
}

impl Page {
    pub(crate) fn new(style: Style) -> Self {
        Self { out: String::new(), style: Style { width: style.width.max(NARROWEST), ..style } }
    }

    pub(crate) fn width(&self) -> usize {
        self.style.width
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless one stands there or the page begins.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A paragraph of one tint.
    pub(crate) fn text(&mut self, indent: usize, tint: Tint, text: &str) {
        for line in wrap(text, self.style.width - indent.min(self.style.width / 2)) {
            self.pad(indent);
            self.paint(tint, &line);
            self.out.push('\n');
        }
    }

    /// A paragraph behind a label, which stands alone in its columns: `column` wide, two at least
    /// left free behind it. An empty label leaves the columns free.
    pub(crate) fn item(&mut self, indent: usize, column: usize, (label, tint): (&str, Tint), text: &str) {
        let hanging = indent + column;
        let lines = wrap(text, self.style.width.saturating_sub(hanging).max(NARROWEST / 2));
        for (at, line) in lines.iter().enumerate() {
            self.pad(indent);
            if at == 0 && !label.is_empty() {
                self.paint(tint, label);
                self.pad(column.saturating_sub(label.chars().count()));
            } else {
                self.pad(column);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    /// Lines that are laid out already.
    pub(crate) fn lines(&mut self, indent: usize, text: &str) {
        for line in text.lines() {
            self.pad(indent);
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    fn pad(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn paint(&mut self, tint: Tint, text: &str) {
        let style = match tint {
            Tint::Good => colour(AnsiColor::Green),
            Tint::Bad => colour(AnsiColor::Red).bold(),
            Tint::Warning => colour(AnsiColor::Yellow).bold(),
            Tint::Strong => anstyle::Style::new().bold(),
            Tint::Quiet => anstyle::Style::new().dimmed(),
            Tint::Plain => anstyle::Style::new(),
        };
        if self.style.colour {
            let _ = write!(self.out, "{style}{text}{style:#}");
        } else {
            self.out.push_str(text);
        }
    }
}

const fn colour(colour: AnsiColor) -> anstyle::Style {
    anstyle::Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// The lines of a text at a width, as columns of a terminal count. At least one.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    let lines: Vec<_> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    if lines.is_empty() { vec![String::new()] } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_to_the_next_line_where_they_do_not_fit() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn a_wide_character_takes_two_columns() {
        assert_eq!(wrap("日本語日本語", 6), ["日本語", "日本語"]);
    }

    #[test]
    fn a_label_hangs_before_its_paragraph() {
        let mut page = Page::new(Style { colour: false, width: 40 });
        page.item(2, 8, ("held", Tint::Good), "a paragraph that is longer than one line");
        assert_eq!(page.finish(), "  held    a paragraph that is longer\n          than one line\n");
    }

    #[test]
    fn colours_are_used_only_where_they_are_asked_for() {
        let mut page = Page::new(Style { colour: true, width: 40 });
        page.text(0, Tint::Good, "held");
        assert_eq!(page.finish(), "\u{1b}[32mheld\u{1b}[0m\n");
    }
}
