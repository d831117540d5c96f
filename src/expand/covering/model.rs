//! What is asked for: factors, strengths, constraints, rows that must appear; and what can be wrong
//! with it.

use super::constraint::{Constraint, Expr};

/// The most factors of a model.
const MAX_FACTORS: usize = 400;
/// The most values of a factor.
const MAX_VALUES: usize = 1_000;
/// The most constraints of a model.
const MAX_CONSTRAINTS: usize = 1_000;
/// The highest strength.
const MAX_STRENGTH: usize = 4;
/// The most rows: those that must appear, and those asked for.
pub(super) const MAX_ROWS: usize = 50_000;
/// The most combinations over all strengths: each has a counter.
pub(super) const MAX_TUPLES: usize = 4_000_000;
/// The most sets of factors whose combinations are to be covered.
pub(super) const MAX_BLOCKS: usize = 300_000;

/// What rows are wanted of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// What varies.
    pub factors: Vec<Factor>,
    /// Every combination of values of any this many factors must occur: 1 to 4. More than there are
    /// factors means all of them.
    pub strength: usize,
    /// Factors that want a strength of their own among themselves.
    pub groups: Vec<Group>,
    /// What every row keeps.
    pub constraints: Vec<Constraint>,
    /// Rows that must appear, first and in this order; `None` leaves a place to the generator.
    pub seeds: Vec<Vec<Option<usize>>>,
    /// How many rows are wanted, if not as few as possible. Fewer than the covering rows: those that
    /// cover most. More: further rows are drawn by weights and shares, distinct as long as there are any.
    pub rows: Option<usize>,
}

/// One thing that varies, and its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factor {
    /// As constraints and messages call it.
    pub name: String,
    /// Its values, one or more.
    pub values: Vec<String>,
    /// How often each value is wanted, relative to the others, where coverage leaves a choice.
    pub weights: Option<Vec<f64>>,
    /// The share of all rows, above 0, that a value should have. Rows are added for as long as that meets
    /// more shares, up to ten times the covering rows; with [`Model::rows`], within those.
    pub shares: Vec<(usize, f64)>,
}

/// Factors that want a strength of their own among themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// As reports call it.
    pub name: String,
    /// Indices of its factors.
    pub factors: Vec<usize>,
    /// 1 to 4, and no more than it has factors.
    pub strength: usize,
}

impl Model {
    /// Factors at a strength, with nothing else asked.
    pub fn new(factors: Vec<Factor>, strength: usize) -> Self {
        Self { factors, strength, ..Self::default() }
    }

    /// How many values each factor has.
    pub(super) fn levels(&self) -> Vec<usize> {
        self.factors.iter().map(|factor| factor.values.len()).collect()
    }

    /// Whether everything asked for makes sense on its own; constraints are weighed later.
    pub(super) fn check(&self) -> Result<(), CoveringError> {
        let limited = |what, count, limit| {
            if count > limit { Err(CoveringError::TooMany { what, count, limit }) } else { Ok(()) }
        };
        if self.factors.is_empty() {
            return Err(CoveringError::NoFactors);
        }
        limited("knobs", self.factors.len(), MAX_FACTORS)?;
        limited("constraints", self.constraints.len(), MAX_CONSTRAINTS)?;
        limited("rows that must appear", self.seeds.len(), MAX_ROWS)?;
        limited("rows", self.rows.unwrap_or(0), MAX_ROWS)?;
        for (n, factor) in self.factors.iter().enumerate() {
            if self.factors[..n].iter().any(|other| other.name == factor.name) {
                return Err(CoveringError::TwoOfAName { name: factor.name.clone() });
            }
            factor.check()?;
        }
        if self.strength == 0 || self.strength > MAX_STRENGTH {
            return Err(CoveringError::Strength { strength: self.strength });
        }
        for group in &self.groups {
            group.check(self.factors.len())?;
        }
        for (n, constraint) in self.constraints.iter().enumerate() {
            if !self.names_exist(&constraint.expr) {
                return Err(CoveringError::Constraint { number: n + 1 });
            }
        }
        for (n, row) in self.seeds.iter().enumerate() {
            if row.len() != self.factors.len() {
                return Err(CoveringError::RowLength {
                    row: n + 1,
                    length: row.len(),
                    wanted: self.factors.len(),
                });
            }
            for (factor, value) in self.factors.iter().zip(row) {
                if let Some(value) = *value
                    && value >= factor.values.len()
                {
                    return Err(CoveringError::RowValue { row: n + 1, factor: factor.name.clone(), value });
                }
            }
        }
        match self.rows {
            Some(rows) if rows < self.seeds.len() => {
                Err(CoveringError::FewerThanSeeds { rows, seeds: self.seeds.len() })
            }
            _ => Ok(()),
        }
    }

    fn names_exist(&self, expr: &Expr) -> bool {
        let named = |factor: usize, value: usize| {
            self.factors.get(factor).is_some_and(|factor| value < factor.values.len())
        };
        match expr {
            Expr::Is(factor, value) | Expr::IsNot(factor, value) => named(*factor, *value),
            Expr::In(factor, values) => {
                *factor < self.factors.len() && values.iter().all(|value| named(*factor, *value))
            }
            Expr::Not(inner) => self.names_exist(inner),
            Expr::And(parts) | Expr::Or(parts) => parts.iter().all(|part| self.names_exist(part)),
            Expr::Implies(given, then) => self.names_exist(given) && self.names_exist(then),
        }
    }
}

impl Factor {
    /// A factor whose values are equally welcome.
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self { name: name.into(), values, ..Self::default() }
    }

    fn check(&self) -> Result<(), CoveringError> {
        let name = || self.name.clone();
        if self.values.is_empty() {
            return Err(CoveringError::NoValues { factor: name() });
        }
        if self.values.len() > MAX_VALUES {
            return Err(CoveringError::TooMany {
                what: "values of one knob",
                count: self.values.len(),
                limit: MAX_VALUES,
            });
        }
        for (n, value) in self.values.iter().enumerate() {
            if self.values[..n].contains(value) {
                return Err(CoveringError::TwoOfAValue { factor: name(), value: value.clone() });
            }
        }
        if let Some(weights) = &self.weights {
            if weights.len() != self.values.len() {
                return Err(CoveringError::WeightCount {
                    factor: name(),
                    weights: weights.len(),
                    values: self.values.len(),
                });
            }
            let sum: f64 = weights.iter().sum();
            if !sum.is_finite() || sum <= 0.0 || weights.iter().any(|weight| *weight < 0.0) {
                return Err(CoveringError::Weights { factor: name() });
            }
        }
        for (n, (value, share)) in self.shares.iter().enumerate() {
            let known = *value < self.values.len();
            if !known || self.shares[..n].iter().any(|(other, _)| other == value) {
                return Err(CoveringError::ShareOf { factor: name(), value: *value });
            }
            if !(*share > 0.0 && *share <= 1.0) {
                return Err(CoveringError::Share { factor: name(), value: self.values[*value].clone() });
            }
        }
        let sum: f64 = self.shares.iter().map(|(_, share)| share).sum();
        if sum > 1.0 + 1e-9 { Err(CoveringError::Shares { factor: name() }) } else { Ok(()) }
    }
}

impl Group {
    fn check(&self, factors: usize) -> Result<(), CoveringError> {
        let twice = self.factors.iter().enumerate().any(|(n, factor)| self.factors[..n].contains(factor));
        if twice || self.factors.iter().any(|factor| *factor >= factors) {
            return Err(CoveringError::GroupFactors { group: self.name.clone() });
        }
        if self.strength == 0 || self.strength > MAX_STRENGTH.min(self.factors.len()) {
            return Err(CoveringError::GroupStrength {
                group: self.name.clone(),
                strength: self.strength,
                most: MAX_STRENGTH.min(self.factors.len()),
            });
        }
        Ok(())
    }
}

/// What keeps rows from being made or measured. Rows and constraints are counted from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what its fields are")]
pub enum CoveringError {
    #[error("there is no knob to vary: name one with two or more values")]
    NoFactors,
    #[error("knob `{factor}` has no values: list at least one")]
    NoValues { factor: String },
    #[error("two knobs are called `{name}`: rename one")]
    TwoOfAName { name: String },
    #[error("knob `{factor}` lists the value `{value}` twice: remove one")]
    TwoOfAValue { factor: String, value: String },
    #[error("{count} {what} are too many: at most {limit} can be covered")]
    TooMany { what: &'static str, count: usize, limit: usize },
    #[error("the strength is {strength}: choose 1, 2, 3 or 4")]
    Strength { strength: usize },
    #[error("group `{group}` names a knob twice or one that does not exist")]
    GroupFactors { group: String },
    #[error("group `{group}` has strength {strength}: choose 1 to {most}")]
    GroupStrength { group: String, strength: usize, most: usize },
    #[error(
        "more than {limit} combinations would have to be covered: lower the strength or use fewer values"
    )]
    TooLarge { limit: usize },
    #[error("constraint {number} is not about these knobs: read it again over them")]
    Constraint { number: usize },
    #[error("knob `{factor}` has {weights} weights for {values} values: give one for each")]
    WeightCount { factor: String, weights: usize, values: usize },
    #[error("the weights of knob `{factor}` must be numbers of 0 or more, and one above 0")]
    Weights { factor: String },
    #[error("knob `{factor}` has a share for value number {value}, which does not exist or has one already")]
    ShareOf { factor: String, value: usize },
    #[error(
        "the share of `{value}` of knob `{factor}` must be above 0 and at most 1: a constraint keeps a value out"
    )]
    Share { factor: String, value: String },
    #[error("the shares of knob `{factor}` add up to more than 1: lower them")]
    Shares { factor: String },
    #[error("row {row} has {length} values and there are {wanted} knobs: give one for each")]
    RowLength { row: usize, length: usize, wanted: usize },
    #[error("row {row} gives knob `{factor}` its value number {value}, which does not exist")]
    RowValue { row: usize, factor: String, value: usize },
    #[error("{rows} rows are asked for and {seeds} must appear: ask for {seeds} or more")]
    FewerThanSeeds { rows: usize, seeds: usize },
    #[error("row {row}, which must appear, breaks {}: change the row or the constraint", listed(.constraints))]
    SeedBroken { row: usize, constraints: Vec<String> },
    #[error("no row at all keeps {}: loosen one of them", listed(.constraints))]
    Contradiction { constraints: Vec<String> },
    #[error("the constraints are too hard to search: simplify them or use fewer values")]
    TooHard,
    #[error("the rows needed are more than {limit}: lower the strength or use fewer values")]
    TooManyRows { limit: usize },
}

fn listed(constraints: &[String]) -> String {
    let quoted: Vec<_> = constraints.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(" and ")
}
