//! Tables and text in Markdown.

use std::fmt::Write as _;

/// What the simulation says, in Markdown.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// A heading.
    pub fn heading(&mut self, text: &str) {
        let _ = write!(self.text, "### {text}\n\n");
    }

    /// A paragraph.
    pub fn say(&mut self, text: &str) {
        let _ = write!(self.text, "{text}\n\n");
    }

    /// A table.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let _ = writeln!(self.text, "| {} |", head.join(" | "));
        let _ = writeln!(self.text, "| --- |{}", " ---: |".repeat(head.len() - 1));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
        self.text.push('\n');
    }

    /// A list.
    pub fn list(&mut self, lines: &[&str]) {
        for line in lines {
            let _ = writeln!(self.text, "- {line}");
        }
        self.text.push('\n');
    }

    /// All of it.
    pub fn text(&self) -> &str {
        self.text.trim_end()
    }
}

/// The mean and the largest of some shares, in per cent.
pub fn mean_and_most(shares: impl Iterator<Item = f64>) -> String {
    let (mean, most) = summary(shares);
    format!("{:.1} ({:.1})", mean * 100.0, most * 100.0)
}

/// The mean and the largest; 0 of none.
pub fn summary(shares: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut sum, mut most, mut count) = (0.0, 0.0_f64, 0_u32);
    for share in shares {
        sum += share;
        most = most.max(share);
        count += 1;
    }
    (sum / f64::from(count.max(1)), most)
}
