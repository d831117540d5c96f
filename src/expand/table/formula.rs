//! The small language of formulas: `price * quantity * season(sold_at) + noise(0.2)`.

mod check;
mod eval;
mod lex;
mod parse;

pub(super) use check::{Member, Names, NoMember, check};
pub(super) use eval::{Failure, Scope};
pub(super) use parse::{Syntax, names, parse};

use super::cell::Cell;
use super::season::Season;
use std::ops::Range;
use std::sync::Arc;

/// A mistake in a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// What is wrong.
    pub message: String,
    /// The mend.
    pub help: String,
    /// Its bytes in the formula.
    pub range: Range<usize>,
}

impl Mistake {
    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), range }
    }
}

/// What stands between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
}

impl Operator {
    const ALL: [(&'static str, Self); 13] = [
        ("or", Self::Or),
        ("and", Self::And),
        ("==", Self::Equal),
        ("!=", Self::Unequal),
        ("<=", Self::AtMost),
        ("<", Self::Less),
        (">=", Self::AtLeast),
        (">", Self::Greater),
        ("+", Self::Plus),
        ("-", Self::Minus),
        ("*", Self::Times),
        ("/", Self::Over),
        ("%", Self::Remainder),
    ];

    fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(_, operator)| *operator == self).map_or("", |(sign, _)| sign)
    }

    /// How tightly it binds; comparisons do not follow each other.
    const fn level(self) -> u8 {
        match self {
            Self::Or => 0,
            Self::And => 1,
            Self::Equal | Self::Unequal | Self::Less | Self::AtMost | Self::Greater | Self::AtLeast => 2,
            Self::Plus | Self::Minus => 3,
            Self::Times | Self::Over | Self::Remainder => 4,
        }
    }
}

/// A function of some values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Date,
    Day,
    Days,
    Empty,
    Floor,
    Hour,
    Max,
    Min,
    Minute,
    Month,
    Noise,
    Random,
    Round,
    Sqrt,
    Time,
    Weekday,
    Year,
}

impl Function {
    /// By name, with the least and the most values that each takes.
    const ALL: [(&'static str, Self, usize, usize); 19] = [
        ("abs", Self::Abs, 1, 1),
        ("ceil", Self::Ceil, 1, 1),
        ("date", Self::Date, 1, 1),
        ("day", Self::Day, 1, 1),
        ("days", Self::Days, 2, 2),
        ("empty", Self::Empty, 1, 1),
        ("floor", Self::Floor, 1, 1),
        ("hour", Self::Hour, 1, 1),
        ("max", Self::Max, 2, usize::MAX),
        ("min", Self::Min, 2, usize::MAX),
        ("minute", Self::Minute, 1, 1),
        ("month", Self::Month, 1, 1),
        ("noise", Self::Noise, 1, 1),
        ("random", Self::Random, 2, 2),
        ("round", Self::Round, 1, 2),
        ("sqrt", Self::Sqrt, 1, 1),
        ("time", Self::Time, 1, 1),
        ("weekday", Self::Weekday, 1, 1),
        ("year", Self::Year, 1, 1),
    ];
}

/// A formula whose names are resolved and whose types fit.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// A value written in the formula.
    Constant(Cell),
    /// A column of the same row.
    Column(usize),
    /// A column of the row that a reference of the same row picked.
    Member(Member),
    /// The negative of a number.
    Negative(Box<Self>),
    /// The other truth value.
    Not(Box<Self>),
    /// Two values with an operator between them.
    Binary(Operator, Box<(Self, Self)>),
    /// The second where the first is true, else the third.
    If(Box<(Self, Self, Self)>),
    /// The factor of a season on a day or at a time.
    Season(Arc<Season>, Box<Self>),
    /// A function of values.
    Call(Function, Vec<Self>),
}

/// Whether a formula may call something by this name.
pub(super) fn is_function(name: &str) -> bool {
    matches!(name, "if" | "season") || Function::ALL.iter().any(|(known, ..)| *known == name)
}
