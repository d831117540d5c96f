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

/// The editor as program and arguments, from `VISUAL` or `EDITOR`. It is started without a shell; white space parts
/// the arguments.
pub(super) fn editor(lookup: impl Fn(&str) -> Option<String>) -> Option<Vec<String>> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(lookup);
    let mut lists = named.map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>());
    lists.find(|list| !list.is_empty())
}

/// Lets the person change the words. A text alone is handed over as it is, anything more as JSON.
pub(super) fn edit(variant: &Variant, editor: Option<Vec<String>>) -> Result<Edited, EditError> {
    let Some((program, arguments)) = editor.as_deref().and_then(|editor| editor.split_first()) else {
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
