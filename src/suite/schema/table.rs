//! What a table specification may say: the columns from which the rows of a table are drawn. The doc
//! comments here become the descriptions in `schema/table.json`.

use crate::suite::quantity::{Duration, Share};
use crate::suite::schema::OneOrMany;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The JSON schema of a table specification, made from the types of this module.
pub const SCHEMA: &str = include_str!("../../../schema/table.json");

/// A table: its columns, and what they refer to. The file's stem is the table's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// What a row of the table is, in a sentence.
    pub about: Option<String>,
    /// The columns, in the order in which they are written out. They may refer to each other in any order.
    pub column: Vec<ColumnSpec>,
    /// Factors by weekday, month and hour, under a name: for draws of dates and for `season(…)` in formulas.
    #[serde(default)]
    pub season: BTreeMap<String, SeasonSpec>,
    /// Other tables, whose rows `reference` picks.
    #[serde(default)]
    pub tables: BTreeMap<String, RelatedSpec>,
}

/// A column. Exactly one of `sequence`, `range`, `category`, `boolean`, `date`, `time`, `datetime`, `text`,
/// `reference`, `lookup` and `formula` says what stands in it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ColumnSpec {
    /// Name of the column: letters, digits and `_`. Its values depend on the name, and on no other column
    /// that it does not mention.
    pub name: String,
    /// What stands in it, in a sentence.
    pub about: Option<String>,

    /// Numbers that count up, one a row.
    pub sequence: Option<SequenceSpec>,
    /// Numbers within bounds.
    pub range: Option<RangeSpec>,
    /// One of some values: a list, or a table with weights.
    pub category: Option<CategorySpec>,
    /// `true` or `false`.
    pub boolean: Option<BooleanSpec>,
    /// A day.
    pub date: Option<DateSpec>,
    /// A time of day.
    pub time: Option<TimeSpec>,
    /// A day with a time.
    pub datetime: Option<DateTimeSpec>,
    /// A text with other columns filled in: `"{quantity} x {product}"`.
    pub text: Option<String>,
    /// A value of another table: picks one of its rows.
    pub reference: Option<ReferenceSpec>,
    /// Another column of the row that a `reference` picked: `"product.price"`.
    pub lookup: Option<String>,
    /// Computed from other columns: `"price * quantity + noise(0.2)"`.
    pub formula: Option<String>,

    /// Digits after the decimal point (`range` and `formula`). A formula is rounded to them.
    pub decimals: Option<u8>,
    /// No value comes twice (`range`, `category`, `date`, `time`, `datetime` and `reference`).
    #[serde(default)]
    pub unique: bool,
    /// Share of rows in which the cell is left empty. Other columns still see its value.
    pub missing: Option<Share>,
    /// Some values far from the others (columns of numbers). Other columns see them as they are.
    pub outliers: Option<OutlierSpec>,
}

/// Numbers that count up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SequenceSpec {
    /// The first. Default: 1.
    pub start: Option<i64>,
    /// From one to the next. Default: 1.
    pub step: Option<i64>,
    /// The number within a text: `"ORD-{:06}"` gives `ORD-000001`.
    pub text: Option<String>,
}

/// Numbers within bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RangeSpec {
    /// The least.
    pub from: f64,
    /// The greatest; it may be drawn.
    pub to: f64,
    /// All values are this far from each other, from `from` on. Default: 1 in the last of the column's
    /// decimals.
    pub step: Option<f64>,
    /// How the values are spread.
    #[serde(default)]
    pub shape: RangeShape,
    /// Where a `normal` range has its middle. Default: halfway.
    pub mean: Option<f64>,
    /// Standard deviation of a `normal` range. Default: a sixth of the range.
    pub sd: Option<f64>,
    /// How strongly a `skewed` range leans, from 1 to 10: most values are near `from`; negative, near `to`.
    pub skew: Option<i8>,
}

/// How numbers are spread over a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RangeShape {
    /// All as likely.
    #[default]
    Uniform,
    /// Around `mean`, the farther the rarer.
    Normal,
    /// Most of them near one end.
    Skewed,
}

/// One of some values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CategorySpec {
    /// All as likely.
    Plain(Vec<Value>),
    /// With weights.
    Weighted(WeightedSpec),
}

/// Values with weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WeightedSpec {
    /// The values: all texts, all numbers or all truth values.
    pub values: Vec<Value>,
    /// How likely each is, beside the others; with `by`, a list for each value of that column.
    pub weights: Option<WeightsSpec>,
    /// Another column, whose value decides which weights hold.
    pub by: Option<String>,
    /// The weights for values of `by` that have no list of their own.
    pub otherwise: Option<Vec<f64>>,
    /// Reach the shares exactly over all rows, and not only in expectation.
    #[serde(default)]
    pub exact: bool,
}

/// How likely values are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum WeightsSpec {
    /// In every row the same.
    Same(Vec<f64>),
    /// By the value of another column.
    By(BTreeMap<String, Vec<f64>>),
}

/// `true` or `false`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BooleanSpec {
    /// Share of `true`. Default: a half.
    pub share: Option<Share>,
    /// Reach the share exactly over all rows, and not only in expectation.
    #[serde(default)]
    pub exact: bool,
}

/// Days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DateSpec {
    /// The first: `"2026-01-31"`.
    pub from: String,
    /// The last.
    pub to: String,
    /// Only these days of the week.
    pub weekdays: Option<Vec<Weekday>>,
    /// A season, which makes some days likelier than others.
    pub season: Option<String>,
    /// How the rows follow each other.
    #[serde(default)]
    pub order: Order,
}

/// Times of day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeSpec {
    /// The first: `"07:30"`.
    pub from: String,
    /// Where they end; the last is before it. `"24:00"` is the end of the day.
    pub to: String,
    /// From one possible time to the next, in whole seconds. Default: `1m`.
    pub step: Option<Duration>,
    /// A season, which makes some hours likelier than others.
    pub season: Option<String>,
    /// How the rows follow each other.
    #[serde(default)]
    pub order: Order,
}

/// Days with times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DateTimeSpec {
    /// The first day: `"2026-01-31"`.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Opening hours: `"07:00-19:00"`; the last time is before their end. Default: the whole day.
    pub hours: Option<String>,
    /// From one possible time to the next, in whole seconds. Default: `1m`.
    pub step: Option<Duration>,
    /// Only these days of the week.
    pub weekdays: Option<Vec<Weekday>>,
    /// A season, which makes some days and hours likelier than others.
    pub season: Option<String>,
    /// How the rows follow each other.
    #[serde(default)]
    pub order: Order,
}

/// How days and times follow each other from row to row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they are drawn.
    #[default]
    Random,
    /// Drawn, and put in order over all rows.
    Sorted,
    /// Every possible one once, from the first on: a series without gaps.
    Each,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days' names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Factors by the time of the week, the year and the day; they are multiplied. What is absent is 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SeasonSpec {
    /// By the day of the week.
    pub weekday: WeekdayFactors,
    /// By the month.
    pub month: MonthFactors,
    /// By the hour: `{ "8" = 2.5, "12-13" = 1.4 }`, where `"12-13"` is from 12:00 to 13:59.
    pub hour: BTreeMap<String, f64>,
    /// A smooth wave over the year, or another period.
    pub wave: Option<WaveSpec>,
}

/// A factor for each day of the week.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the days' names say it")]
pub struct WeekdayFactors {
    pub mon: Option<f64>,
    pub tue: Option<f64>,
    pub wed: Option<f64>,
    pub thu: Option<f64>,
    pub fri: Option<f64>,
    pub sat: Option<f64>,
    pub sun: Option<f64>,
}

/// A factor for each month.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the months' names say it")]
pub struct MonthFactors {
    pub jan: Option<f64>,
    pub feb: Option<f64>,
    pub mar: Option<f64>,
    pub apr: Option<f64>,
    pub may: Option<f64>,
    pub jun: Option<f64>,
    pub jul: Option<f64>,
    pub aug: Option<f64>,
    pub sep: Option<f64>,
    pub oct: Option<f64>,
    pub nov: Option<f64>,
    pub dec: Option<f64>,
}

/// A wave: `1 + height * cos(turn)`, where a turn is complete after `days`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaveSpec {
    /// A day on which the factor is highest: `"2026-07-15"`.
    pub peak: String,
    /// How far the factor goes above and below 1; at most 1.
    pub height: f64,
    /// Length of the wave. Default: 365.25 days.
    pub days: Option<f64>,
}

/// A value of another table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReferenceSpec {
    /// One of `[tables]`.
    pub table: String,
    /// The column of that table which stands in this one.
    pub column: String,
    /// A column of that table with the weight of each of its rows. Default: all rows are as likely.
    pub weights: Option<String>,
}

/// Values far from the others. One of `times` and `add` says how far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OutlierSpec {
    /// Share of rows.
    pub share: Share,
    /// The value is multiplied by this, or by a number drawn between two: `[5, 20]`.
    pub times: Option<OneOrMany<f64>>,
    /// This is added to the value, or a number drawn between two: `[-80, -40]`.
    pub add: Option<OneOrMany<f64>>,
}

/// Another table: a `file`, `values` written here, or columns of its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RelatedSpec {
    /// A `.csv` (with a header), `.jsonl` or `.ndjson` file, relative to this one.
    pub file: Option<String>,
    /// Its rows, each a table of columns.
    pub values: Option<Vec<BTreeMap<String, Value>>>,
    /// Its columns, from which `rows` rows are drawn.
    pub column: Option<Vec<ColumnSpec>>,
    /// How many rows are drawn from its columns.
    pub rows: Option<usize>,
    /// Seed of its rows. Default: that of the whole table.
    pub seed: Option<u64>,
}

/// Rows drawn from a table specification: the application is asked each as a JSON object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TableInputs {
    /// The specification, a TOML file relative to the suite file.
    pub table: String,
    /// How many rows are drawn.
    pub rows: usize,
    /// Seed of the rows. Default: that of the suite.
    pub seed: Option<u64>,
    /// Column that identifies a row. Default: the input itself.
    pub id: Option<String>,
    /// Columns that the application is not told; templates still see them as `{{ row.NAME }}`.
    #[serde(default)]
    pub hide: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_tables_is_that_of_the_types() {
        crate::suite::published::check::<TableFile>("table.json", SCHEMA, "Holdline table");
    }
}
