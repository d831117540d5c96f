//! What can be wrong with an expectation before anything is judged.

use std::path::PathBuf;

/// An expectation that cannot be judged by, and where in the case's `expect` it stands.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct JudgeError {
    /// The check, as in `` `not contains` `` or `` `contains` in entry 2 of `expect` ``.
    pub place: String,
    /// What is wrong with it.
    pub problem: CheckError,
}

/// What is wrong with a check.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A text that every output contains, or matches.
    #[error("the text is empty, and every output holds an empty text; write what must be there")]
    EmptyText,
    /// A list without elements.
    #[error("the list is empty, so there is nothing to check; name at least one")]
    EmptyList,
    /// A regular expression that cannot be used.
    #[error("`{pattern}` is not a regular expression that can be used here: {message}")]
    Pattern {
        /// As written.
        pattern: String,
        /// What the regex compiler says.
        message: String,
    },
    /// A pattern of citations without a group.
    #[error("`{0}` has no group; put the cited id in brackets, as in `\\[(\\d+)\\]`")]
    NoGroup(String),
    /// Bounds without an end.
    #[error("neither `min` nor `max` is given; give at least one")]
    NoBounds,
    /// Bounds that nothing can satisfy.
    #[error("`min` {min} is more than `max` {max}; no answer can satisfy both")]
    EmptyBounds {
        /// The lower end.
        min: String,
        /// The upper end.
        max: String,
    },
    /// A number that is negative, infinite or not a number where that makes no sense.
    #[error("`{key}` is {value}; it must be a number from 0 up")]
    BadTolerance {
        /// Which one.
        key: &'static str,
        /// What it is.
        value: f64,
    },
    /// A bound that is infinite or not a number.
    #[error("`{key}` is {value}, which nothing can be compared with")]
    BadBound {
        /// Which one.
        key: &'static str,
        /// What it is.
        value: f64,
    },
    /// An expected number that is none.
    #[error("`value` is {0}, which is not a number")]
    NotANumber(String),
    /// A JSON Pointer that does not begin with a slash.
    #[error("`{0}` is not a JSON Pointer; it begins with `/`, as in `/items/0`, or is empty for the whole")]
    Pointer(String),
    /// A comparison of a JSON value too few, or too many.
    #[error(
        "{0} comparisons are given for `{1}`; give exactly one of `equals`, `contains`, `matches`, `at_least`, `at_most` and `exists`"
    )]
    Comparisons(usize, String),
    /// A JSON Schema where the validator is not built in.
    #[error(
        "this build of Holdline has no JSON Schema validator; build it with the Cargo feature `json-schema`"
    )]
    NoSchemaValidator,
    /// A schema file that cannot be read.
    #[error("cannot read the schema {}: {message}", path.display())]
    SchemaFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        message: String,
    },
    /// A schema that is none.
    #[error("not a JSON Schema that can be used here: {0}")]
    Schema(String),
    /// What is relevant, where it is no list of ids.
    #[error(
        "{0} is no list of ids, nor a table of ids with their grades; write `relevant = [\"…\"]`, or \
         `\"{{{{ row.NAME }}}}\"` for a column that has one"
    )]
    NotRelevant(String),
    /// A reference where nothing is measured.
    #[error("it is no condition; it belongs at the top of an entry of `expect`")]
    MisplacedReference,
    /// A judge that the suite does not know.
    #[error("there is no judge `{0}` in the folder `judges` beside the suites")]
    UnknownJudge(String),
    /// A program without a name.
    #[error("`run` names no program")]
    NoProgram,
    /// A check that cannot decide what the user says next.
    #[error("`{0}` cannot stand in `when`: what is said next must follow from the answer alone")]
    NotInWhen(&'static str),
    /// A choice of turns where there is none.
    #[error("`at` has no meaning here; it belongs at the top of an entry of `expect`")]
    MisplacedAt,
}
