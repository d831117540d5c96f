//! Which labels were answered where which were expected, folded.

use crate::metric::{Confusion, NO_LABEL};
use crate::report::escape::{markdown_inline, markdown_text, shortened};
use crate::report::mistakes::{Mistake, mistakes};
use std::fmt::Write as _; // to strings, which cannot fail

/// Most labels of a matrix that is shown whole; of more, the mistakes are listed.
const WHOLE: usize = 12;
/// Most labels listed.
const LISTED: usize = 30;
/// Longest label and longest entry, in characters.
const LABEL: usize = 40;
const ENTRY: usize = 300;

/// The matrix, or the mistakes where it is too large to read. Empty where every label was right.
pub(super) fn block(confusion: &Confusion) -> String {
    let mistakes = mistakes(confusion);
    let wrong: usize = mistakes.iter().map(Mistake::wrong).sum();
    if wrong == 0 {
        return String::new();
    }
    let mut out = format!(
        "\n<details><summary>labels: {wrong} of {} answers name another than the one expected</summary>\n\n",
        confusion.total()
    );
    if confusion.labels.len() <= WHOLE {
        out.push_str(&matrix(confusion));
    } else {
        for mistake in mistakes.iter().take(LISTED) {
            let told = markdown_text(&shortened(&mistake.told(), ENTRY));
            let _ = writeln!(out, "- {}: {told}", label(mistake.expected));
        }
        if mistakes.len() > LISTED {
            let _ = writeln!(out, "- and {} more labels", mistakes.len() - LISTED);
        }
    }
    out.push_str("\n</details>\n");
    out
}

fn matrix(confusion: &Confusion) -> String {
    let without = confusion.matrix.iter().any(|row| row.last().is_some_and(|n| *n > 0));
    let columns = confusion.labels.len() + usize::from(without);
    let mut out = String::from("| expected ↓ answered → |");
    for name in confusion.labels.iter().map(String::as_str).chain([NO_LABEL]).take(columns) {
        let _ = write!(out, " {} |", label(name));
    }
    let _ = writeln!(out, "\n| --- |{}", " ---: |".repeat(columns));
    for (at, (name, row)) in confusion.labels.iter().zip(&confusion.matrix).enumerate() {
        let _ = write!(out, "| {} |", label(name));
        for (column, n) in row.iter().take(columns).enumerate() {
            let _ = match n {
                0 => write!(out, " · |"),
                n if column == at => write!(out, " {n} |"),
                n => write!(out, " **{n}** |"),
            };
        }
        out.push('\n');
    }
    out
}

fn label(name: &str) -> String {
    markdown_inline(&shortened(name, LABEL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_stand_out_and_hostile_labels_stay_labels() {
        let confusion = Confusion {
            labels: vec!["a|b".into(), "@team".into()],
            matrix: vec![vec![5, 1, 0], vec![0, 3, 2]],
        };
        assert_eq!(
            block(&confusion),
            "\n<details><summary>labels: 3 of 11 answers name another than the one expected</summary>\n\n\
             | expected ↓ answered → | <code>a&#124;b</code> | <code>&#64;team</code> | <code>&#60;none&#62;</code> |\n\
             | --- | ---: | ---: | ---: |\n\
             | <code>a&#124;b</code> | 5 | **1** | · |\n\
             | <code>&#64;team</code> | · | 3 | **2** |\n\
             \n</details>\n"
        );
    }

    #[test]
    fn nothing_is_shown_where_every_label_is_right() {
        let right = Confusion { labels: vec!["a".into()], matrix: vec![vec![5, 0]] };
        assert_eq!(block(&right), "");
    }

    #[test]
    fn of_many_labels_the_mistakes_are_listed() {
        let labels: Vec<String> = (0..13).map(|n| format!("l{n}")).collect();
        let mut matrix = vec![vec![0; 14]; 13];
        matrix[2][4] = 7;
        let told = block(&Confusion { labels, matrix });
        assert!(told.contains("- <code>l2</code>: 7 of 7 got another label: l4 7\n"), "{told}");
    }
}
