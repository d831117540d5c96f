//! The report as Markdown: for a pull request, an issue or a summary of CI.

use super::sections::sections;
use super::words::Words;
use crate::monitor::Report;
use crate::report::escape::{markdown_block, markdown_inline, markdown_text, shortened};
use std::fmt::Write as _; // to strings, which cannot fail

/// Characters of an outside text that are shown.
const TEXT: usize = 300;

/// The report.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for (at, section) in sections(report).into_iter().enumerate() {
        let level = if at == 0 { "##" } else { "\n###" };
        let _ = writeln!(out, "{level} {}\n", safe(&section.title));
        for line in &section.lines {
            let label = safe(&line.label);
            let label = if label.is_empty() { label } else { format!("**{label}** ") };
            let _ = writeln!(out, "- {label}{}", safe(&line.text));
            if let Some(block) = &line.block {
                let _ = write!(out, "\n{}\n", markdown_block(block));
            }
        }
    }
    out
}

fn safe(words: &Words) -> String {
    words.with(markdown_text, |text| markdown_inline(&shortened(text, TEXT)))
}
