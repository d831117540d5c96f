//! The report as a page for a terminal.

use super::sections::sections;
use super::words::{Mood, Words};
use crate::monitor::Report;
use crate::report::Style;
use crate::report::escape::{self, shortened, terminal_line};
use crate::report::page::{Page, Tint};

/// Characters of an outside text that are shown.
const TEXT: usize = 300;

/// Columns of labels.
const LABEL: usize = 12;

/// The page.
pub fn terminal(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    for (at, section) in sections(report).into_iter().enumerate() {
        page.gap();
        let tint = match section.mood {
            Mood::Plain => Tint::Strong,
            mood => of(mood),
        };
        page.text(0, if at == 0 { Tint::Strong } else { tint }, &safe(&section.title));
        for line in &section.lines {
            let label = safe(&line.label);
            let tint = if line.mood == Mood::Plain { Tint::Quiet } else { of(line.mood) };
            page.item(2, LABEL, (&label, tint), &safe(&line.text));
            if let Some(block) = &line.block {
                page.lines(4, &self::block(block));
            }
        }
    }
    page.finish()
}

fn block(text: &str) -> String {
    escape::terminal(text)
}

const fn of(mood: Mood) -> Tint {
    match mood {
        Mood::Good => Tint::Good,
        Mood::Bad => Tint::Bad,
        Mood::Warning => Tint::Warning,
        Mood::Plain => Tint::Plain,
    }
}

fn safe(words: &Words) -> String {
    words.with(str::to_owned, |text| terminal_line(&shortened(text, TEXT)))
}
