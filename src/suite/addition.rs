//! An input added to a scenario that stands in the suite file, leaving every other byte of it as it is.

use super::diagnostic::{Diagnostics, Source};
use super::document::{Data, Document};
use std::fmt::Write as _; // to strings, which cannot fail

/// Why an input cannot be added to the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAddition {
    /// The file cannot be read as TOML.
    #[error("the suite file has mistakes")]
    Mistakes,
    /// The inputs are not a list in the file.
    #[error("its inputs do not stand in the suite file as a list")]
    NoList,
}

/// The text of a suite file with an input added at the end of the list of a scenario's inputs, in the way in which
/// the others stand there.
pub fn with_input(source: &Source, scenario: usize, input: &str) -> Result<String, NoAddition> {
    let text = &source.text;
    let copy = Source::new(source.file.clone(), text.clone());
    let document = Document::parse(copy, &mut Diagnostics::default()).ok_or(NoAddition::Mistakes)?;
    let node = document.root.field("scenario").item(scenario).field("inputs");
    let Data::List(items, _) = &node.data else { return Err(NoAddition::NoList) };
    let span = node.span.clone();
    let (Some(last), Some(written)) = (items.last(), text.get(span.clone())) else {
        return Err(NoAddition::NoList);
    };
    if !written.starts_with('[') || !written.ends_with(']') {
        return Err(NoAddition::NoList);
    }
    let (end, close) = (last.span.end, span.end - 1);
    // Between the last input and the end of the list stand white space, comments, and a comma or none.
    let behind = &text[end..close];
    let has_comma = behind.lines().any(|line| line.split('#').next().unwrap_or_default().contains(','));
    let written = quoted(input);
    let line = text[..last.span.start].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = text[line..].chars().take_while(|c| *c == ' ' || *c == '\t').collect();
    let is_alone = text[line + indent.len()..].starts_with(&text[last.span.clone()]);
    let mut out = text[..end].to_owned();
    if is_alone && behind.contains('\n') {
        if !has_comma {
            out.push(',');
        }
        let closing = behind.rfind('\n').unwrap_or(0);
        out.push_str(&behind[..closing]);
        let _ = write!(out, "\n{indent}{written},");
        out.push_str(&behind[closing..]);
    } else if has_comma {
        out.push_str(behind.trim_end());
        let _ = write!(out, " {written},");
        out.push_str(&behind[behind.trim_end().len()..]);
    } else {
        let _ = write!(out, ", {written}");
        out.push_str(behind);
    }
    out.push_str(&text[close..]);
    Ok(out)
}

/// A text as a basic string of TOML, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Result<String, NoAddition> {
        let source = Source::new("suites/a.toml", text.to_owned());
        with_input(&source, 0, "say \"hi\"\n\\now")
    }

    #[test]
    fn an_input_stands_as_the_others_do() {
        let new = r#""say \"hi\"\n\\now""#;
        for (before, after) in [
            ("inputs = [\"a\", \"b\"]", format!("inputs = [\"a\", \"b\", {new}]")),
            ("inputs = [\"a\", ] # c", format!("inputs = [\"a\", {new}, ] # c")),
            (
                "inputs = [\n  \"a\",\n  { text = \"b\", x = 1 }, # the last, so far\n]\n",
                format!(
                    "inputs = [\n  \"a\",\n  {{ text = \"b\", x = 1 }}, # the last, so far\n  {new},\n]\n"
                ),
            ),
            ("inputs = [\n\t\"a\"\n]", format!("inputs = [\n\t\"a\",\n\t{new},\n]")),
            ("inputs = [\"a\",\n  \"b\"]", format!("inputs = [\"a\",\n  \"b\", {new}]")),
        ] {
            let (before, after) = (format!("[[scenario]]\n{before}"), format!("[[scenario]]\n{after}"));
            assert_eq!(added(&before).unwrap(), after, "{before}");
        }
    }

    #[test]
    fn inputs_of_another_kind_are_left_alone() {
        assert_eq!(added("[[scenario]]\ninputs = { file = \"a.csv\" }"), Err(NoAddition::NoList));
        assert_eq!(added("[[scenario]]\ntemplate = \"a\""), Err(NoAddition::NoList));
        assert_eq!(added("[[scenario]]\ninputs = []"), Err(NoAddition::NoList));
        assert_eq!(added("[[scenario]\n"), Err(NoAddition::Mistakes));
    }
}
