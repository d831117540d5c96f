//! What a constraint says: comparisons of factors with values, joined by `and`, `or`, `not` and `=>`.

use super::model::Factor;
use std::fmt::{self, Display};

/// A rule that every row keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// As it was written, for messages.
    pub text: String,
    /// What it says.
    pub expr: Expr,
}

/// What a constraint says, with factors and values by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// `factor = value`
    Is(usize, usize),
    /// `factor != value`
    IsNot(usize, usize),
    /// `factor in [value, …]`
    In(usize, Vec<usize>),
    /// `not …`
    Not(Box<Expr>),
    /// `… and …`, two or more
    And(Vec<Expr>),
    /// `… or …`, two or more
    Or(Vec<Expr>),
    /// `… => …`, also written `if … then …`
    Implies(Box<Expr>, Box<Expr>),
}

impl Expr {
    /// The constraint as text that reads back as this same expression. An index that names nothing in
    /// `factors` is written as `?`.
    pub fn display<'a>(&'a self, factors: &'a [Factor]) -> impl Display + 'a {
        Shown { expr: self, factors, tightest: false, level: 0 }
    }

    /// How tightly it binds, loosest first.
    fn level(&self) -> u8 {
        match self {
            Self::Implies(..) => 0,
            Self::Or(_) => 1,
            Self::And(_) => 2,
            Self::Not(_) => 3,
            Self::Is(..) | Self::IsNot(..) | Self::In(..) => 4,
        }
    }
}

struct Shown<'a> {
    expr: &'a Expr,
    factors: &'a [Factor],
    /// What the place it stands in needs: parentheses below this level, and at it when `tightest`.
    level: u8,
    tightest: bool,
}

impl Shown<'_> {
    fn joined(&self, f: &mut fmt::Formatter<'_>, parts: &[Expr], word: &str, level: u8) -> fmt::Result {
        for (n, expr) in parts.iter().enumerate() {
            if n > 0 {
                write!(f, " {word} ")?;
            }
            Shown { expr, factors: self.factors, level, tightest: true }.fmt(f)?;
        }
        Ok(())
    }

    fn factor(&self, factor: usize) -> Word<'_> {
        Word(self.factors.get(factor).map_or("?", |factor| factor.name.as_str()))
    }

    fn value(&self, factor: usize, value: usize) -> Quoted<'_> {
        let values = self.factors.get(factor).map(|factor| factor.values.as_slice());
        Quoted(values.and_then(|values| values.get(value)).map_or("?", String::as_str))
    }
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.expr.level();
        let wrapped = own < self.level || (self.tightest && own == self.level);
        if wrapped {
            f.write_str("(")?;
        }
        match self.expr {
            Expr::Is(factor, value) => {
                write!(f, "{} = {}", self.factor(*factor), self.value(*factor, *value))?;
            }
            Expr::IsNot(factor, value) => {
                write!(f, "{} != {}", self.factor(*factor), self.value(*factor, *value))?;
            }
            Expr::In(factor, values) => {
                write!(f, "{} in [", self.factor(*factor))?;
                for (n, value) in values.iter().enumerate() {
                    let comma = if n > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", self.value(*factor, *value))?;
                }
                f.write_str("]")?;
            }
            Expr::Not(expr) => {
                let inner = Shown { expr, factors: self.factors, level: 3, tightest: false };
                write!(f, "not {inner}")?;
            }
            Expr::And(parts) => self.joined(f, parts, "and", 2)?,
            Expr::Or(parts) => self.joined(f, parts, "or", 1)?,
            Expr::Implies(given, then) => {
                let given = Shown { expr: given, factors: self.factors, level: 0, tightest: true };
                let then = Shown { expr: then, factors: self.factors, level: 0, tightest: false };
                write!(f, "{given} => {then}")?;
            }
        }
        if wrapped {
            f.write_str(")")?;
        }
        Ok(())
    }
}

/// A name, in quotes where it would not read as one word.
struct Word<'a>(&'a str);

impl Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain && !self.0.is_empty() && !super::parse::is_keyword(self.0) {
            f.write_str(self.0)
        } else {
            Quoted(self.0).fmt(f)
        }
    }
}

struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
