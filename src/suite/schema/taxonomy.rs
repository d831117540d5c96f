//! What `suites/taxonomy.toml` says: the categories that people sort failures into, and how these were merged
//! and split over time.

use crate::suite::quantity::Date;
use serde::{Deserialize, Serialize};

/// The JSON schema of a taxonomy, made from [`TaxonomyFile`].
pub const SCHEMA: &str = include_str!("../../../schema/taxonomy.json");

/// The categories of failures of a project. The file is people's: commands add to it and take nothing out of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TaxonomyFile {
    /// The categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<Category>,
    /// What was merged and split, oldest first. `holdline code merge` and `holdline code split` add to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub change: Vec<Change>,
}

/// One kind of failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// What assignments call it: small letters, digits, `-` and `_`, such as `wrong-unit`. It does not change.
    pub id: String,
    /// What people call it, in a few words. No two have the same.
    pub name: String,
    /// When a failure belongs to it, in a sentence or two. Assignments made under an older definition have to be
    /// read again.
    pub definition: String,
    /// What belongs to it where that could be doubted, a line each. Part of the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// What does not, and where it goes instead, a line each. Part of the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Failures that belong to it: ids of cases, or texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// The category that it is a kind of, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A merge or a split. A category of `from` that is not in `into` is no more: its id stays taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// The categories that it was done to, by their ids: of a split one.
    pub from: Vec<String>,
    /// What became of them, by their ids: of a merge one, of a split two or more.
    pub into: Vec<String>,
    /// Who did it.
    pub by: String,
    /// When, as in `2026-12-31`.
    pub date: Date,
    /// Why.
    pub reason: String,
}

/// The ways in which categories change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Several became one: what was assigned to them is assigned to it.
    Merge,
    /// One became several: what was assigned to it has to be read again.
    Split,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_describes_this_file() {
        crate::suite::published::check::<TaxonomyFile>("taxonomy.json", SCHEMA, "Holdline taxonomy");
    }
}
