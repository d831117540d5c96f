//! A table by RFC 4180, with a row an answer.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to a spreadsheet, which may
//! then run what an application answered. Training needs the texts as they are, so that they are written as they
//! are unless the table is asked for to be opened by people; then such cells begin with `'`, as OWASP advises.

use super::{Row, Writing};
use crate::finetune::example::{Example, Left};

/// The names of the columns.
const COLUMNS: [&str; 13] = [
    "id",
    "family",
    "suite",
    "scenario",
    "split",
    "source",
    "label",
    "difficulty",
    "prompt",
    "contexts",
    "answer",
    "why",
    "licence",
];

/// The same as a line.
pub(super) const HEAD: &str =
    "id,family,suite,scenario,split,source,label,difficulty,prompt,contexts,answer,why,licence\r\n";

/// What makes a cell a formula, at its beginning.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) fn rows(writing: &Writing<'_>, example: &Example, difficulty: &str) -> Result<Vec<Row>, Left> {
    let prompt = example.only_text().ok_or(Left::SeveralTurns)?;
    let contexts = example.contexts.join("\n\n");
    let mut rows = Vec::with_capacity(example.answers.len());
    for answer in &example.answers {
        let (id, family) = (example.id.to_string(), example.family.to_string());
        let cells: [&str; COLUMNS.len()] = [
            &id,
            &family,
            &example.suite,
            &example.scenario,
            writing.split.unwrap_or_default(),
            answer.source.word(),
            if answer.is_good { "good" } else { "bad" },
            difficulty,
            prompt,
            &contexts,
            &answer.text,
            answer.why.as_deref().unwrap_or_default(),
            example.licence.as_deref().unwrap_or_default(),
        ];
        if cells.iter().any(|cell| cell.contains('\0')) {
            return Err(Left::Zero);
        }
        let formulas = cells.iter().filter(|cell| cell.starts_with(FORMULA)).count();
        let line: Vec<String> = cells.iter().map(|cell| quoted(cell, writing.for_spreadsheets)).collect();
        let text = line.join(",") + "\r\n";
        rows.push(Row { text, source: answer.source.word().to_owned(), formulas });
    }
    Ok(rows)
}

/// A cell, in quotes where it needs them.
fn quoted(cell: &str, for_spreadsheets: bool) -> String {
    let mark = if for_spreadsheets && cell.starts_with(FORMULA) { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell {
        return format!("\"{mark}{}\"", cell.replace('"', "\"\""));
    }
    format!("{mark}{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_names_the_columns() {
        assert_eq!(HEAD, COLUMNS.join(",") + "\r\n");
    }

    #[test]
    fn cells_are_quoted_by_rfc_4180_and_formulas_stay_unless_people_open_the_table() {
        for (cell, exact, harmless) in [
            ("plain", "plain", "plain"),
            ("a,b", "\"a,b\"", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\"", "\"two\nlines\""),
            (" padded ", "\" padded \"", "\" padded \""),
            ("=1+1", "=1+1", "'=1+1"),
            ("-1", "-1", "'-1"),
            ("@x,y", "\"@x,y\"", "\"'@x,y\""),
        ] {
            assert_eq!(quoted(cell, false), exact);
            assert_eq!(quoted(cell, true), harmless);
        }
    }
}
