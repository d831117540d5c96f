//! What a suite file says about inputs made from a folder of documents.

use super::OneOrMany;
use serde::{Deserialize, Serialize};

/// Questions over the passages of text files: every passage is put into every question. A question, and
/// what is expected, may name what is known of the passage: `{{ row.source }}`, `{{ row.heading }}`,
/// `{{ row.text }}`, `{{ row.sentence }}`, `{{ row.keywords }}` and more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DocumentInputs {
    /// The files, relative to the suite file and inside the project, such as `../docs/**/*.md`: `*` and `?`
    /// stand for characters of a name, `**` for folders. Hidden files are left out, and links to folders are
    /// not followed.
    pub documents: String,
    /// What is asked of every passage: a text such as `"What is said about {{ chunk.heading }}?"`, or several,
    /// which make as many cases each.
    pub question: OneOrMany<String>,
    /// How documents are cut into passages.
    #[serde(default)]
    pub chunk: ChunkSpec,
    /// Keep the first so many cases.
    pub limit: Option<usize>,
    /// Keep so many cases, drawn by the suite's seed; the choice of a case does not depend on its place.
    pub sample: Option<usize>,
}

/// How documents are cut into passages: at headings (of Markdown), then between paragraphs, then between
/// sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ChunkSpec {
    /// Most words of a passage.
    pub words: usize,
    /// Words that a passage repeats of the one before it in its section.
    pub overlap: usize,
}

impl Default for ChunkSpec {
    fn default() -> Self {
        Self { words: 120, overlap: 0 }
    }
}
