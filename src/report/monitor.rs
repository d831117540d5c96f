//! What a log of production came to: a page for a terminal, Markdown and JSON.

mod markdown;
mod sections;
mod terminal;
mod words;

pub use markdown::markdown;
pub use terminal::terminal;

use crate::monitor::Report;

/// The whole report as one JSON document.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
