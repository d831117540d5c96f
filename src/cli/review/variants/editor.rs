//! The words of a candidate in the person's own editor.

use crate::suite::variants::Variant;
use crate::synth::reviewing::Edited;
use serde_json::Value;
use std::io::Write;
use std::process::Command;

/// Longest text that is taken back from an editor, in bytes.
const LIMIT: u64 = 4 << 20;

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(super) enum EditError {
    /// There is no editor.
    #[error("no editor is set: set VISUAL or EDITOR, or write the text behind the letter, as `e TEXT`")]
    NoEditor,
    /// It cannot be started.
    #[error("`{program}` cannot be started: {error}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        error: std::io::Error,
    },
    /// It ended otherwise than well.
    #[error("`{0}` ended with a failure; nothing was changed")]
    Failed(String),
    /// The file cannot be written or read back.
    #[error("the text cannot be handed over: {0}")]
    Io(#[from] std::io::Error),
    /// What came back is not what was handed over.
    #[error("what came back cannot be read: {0}")]
    Shape(String),
}

/// The editor as program and arguments, from `VISUAL` or `EDITOR`; nothing where neither is set. It is started without a shell; white space parts
/// the arguments.
pub(super) fn editor(lookup: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(lookup);
    let mut lists = named.map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>());
    lists.find(|list| !list.is_empty()).unwrap_or_default()
}

/// Lets the person change the words. A text alone is handed over as it is, anything more as JSON.
pub(super) fn edit(variant: &Variant, editor: &[String]) -> Result<Edited, EditError> {
    let Some((program, arguments)) = editor.split_first() else {
        return Err(EditError::NoEditor);
    };
    let before = Edited::of(variant);
    let plain = before.input.as_str().filter(|_| before.turns.is_empty() && before.row.is_empty());
    let text = match plain {
        Some(text) => format!("{text}\n"),
        None => {
            serde_json::to_string_pretty(&before).map_err(|error| EditError::Shape(error.to_string()))? + "\n"
        }
    };
    let ending = if plain.is_some() { ".txt" } else { ".json" };
    let mut file = tempfile::Builder::new().prefix("candidate-").suffix(ending).tempfile()?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    let status = Command::new(program).args(arguments).arg(file.path()).status();
    let status = status.map_err(|error| EditError::Start { program: program.clone(), error })?;
    if !status.success() {
        return Err(EditError::Failed(program.clone()));
    }
    // Editors write beside and rename: the path is what counts, and not the file that was opened.
    let after = read(file.path())?;
    if plain.is_some() {
        return Ok(Edited {
            input: Value::String(after.trim_end_matches(['\n', '\r']).to_owned()),
            ..before
        });
    }
    serde_json::from_str(&after).map_err(|error| EditError::Shape(error.to_string()))
}

fn read(path: &std::path::Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    std::fs::File::open(path)?.take(LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::expand::Promise;
    use crate::suite::schema::Origin;
    use crate::suite::variants::{Made, MadeBy, Truth};
    use std::collections::BTreeMap;

    fn variant(turns: &[&str]) -> Variant {
        Variant {
            scenario: "a".into(),
            input: Value::from("where is it?"),
            turns: turns.iter().map(|turn| (*turn).to_owned()).collect(),
            of: None,
            promise: Promise::Own,
            expect: None,
            row: BTreeMap::new(),
            knobs: BTreeMap::new(),
            tags: Vec::new(),
            made: Made::new(MadeBy::Model, Origin::Model),
            truth: Truth::Model,
            review: None,
        }
    }

    fn command(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_editor_is_program_and_arguments_and_the_first_that_is_set() {
        let set = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            }
        };
        assert_eq!(editor(set(&[("EDITOR", "code --wait")])), command(&["code", "--wait"]));
        assert_eq!(editor(set(&[("VISUAL", "vim"), ("EDITOR", "ed")])), command(&["vim"]));
        assert_eq!(editor(set(&[("VISUAL", " "), ("EDITOR", "ed")])), command(&["ed"]));
        assert!(editor(set(&[])).is_empty());
    }

    #[test]
    fn words_go_to_the_editor_and_come_back() {
        let plain = edit(&variant(&[]), &command(&["sed", "-i", "s/it/my parcel/"])).unwrap();
        assert_eq!(plain.input, "where is my parcel?");
        let several = edit(&variant(&["and now?"]), &command(&["sed", "-i", "s/now/then/"])).unwrap();
        assert_eq!(
            (several.input, several.turns),
            (Value::from("where is it?"), vec!["and then?".to_owned()])
        );
    }

    #[test]
    fn an_editor_that_fails_changes_nothing() {
        assert!(matches!(edit(&variant(&[]), &[]), Err(EditError::NoEditor)));
        assert!(matches!(edit(&variant(&[]), &command(&["false"])), Err(EditError::Failed(_))));
        assert!(matches!(edit(&variant(&[]), &command(&["/no/such/editor"])), Err(EditError::Start { .. })));
        let broken = edit(&variant(&["and now?"]), &command(&["sed", "-i", "s/{//"]));
        assert!(matches!(broken, Err(EditError::Shape(_))));
    }
}
