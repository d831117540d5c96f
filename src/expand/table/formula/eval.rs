//! What a formula comes to in one row.

use super::{Expr, Function, Member, Operator};
use crate::expand::stream::Stream;
use crate::expand::table::cell::{Cell, round};
use jiff::civil::{Date, Time};
use std::cmp::Ordering;

/// Why a formula has no value in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::expand::table) enum Failure {
    /// A division by nothing.
    DivisionByZero,
    /// A number beyond all numbers, or the root of a negative one.
    NotFinite,
    /// A text that is put together from ever longer ones.
    TooLong,
}

/// What a formula sees of its row.
pub(in crate::expand::table) trait Scope {
    /// A column.
    fn column(&self, column: usize) -> &Cell;
    /// A column of the row that a reference picked.
    fn member(&self, member: Member) -> &Cell;
}

impl Expr {
    /// The value; empty where something that it takes is empty. The types fit.
    pub(in crate::expand::table) fn eval(
        &self,
        scope: &dyn Scope,
        stream: &mut Stream,
    ) -> Result<Cell, Failure> {
        Ok(match self {
            Self::Constant(cell) => cell.clone(),
            Self::Column(column) => scope.column(*column).clone(),
            Self::Member(member) => scope.member(*member).clone(),
            Self::Negative(inner) => match inner.eval(scope, stream)?.number() {
                Some(number) => Cell::Number(-number),
                None => Cell::Empty,
            },
            Self::Not(inner) => match inner.eval(scope, stream)? {
                Cell::Bool(truth) => Cell::Bool(!truth),
                _ => Cell::Empty,
            },
            Self::Binary(operator, both) => {
                let (left, right) = (both.0.eval(scope, stream)?, both.1.eval(scope, stream)?);
                binary(*operator, &left, &right)?
            }
            Self::If(parts) => match parts.0.eval(scope, stream)? {
                Cell::Bool(true) => parts.1.eval(scope, stream)?,
                Cell::Bool(false) => parts.2.eval(scope, stream)?,
                _ => Cell::Empty,
            },
            Self::Season(season, moment) => {
                let moment = moment.eval(scope, stream)?;
                match (day_of(&moment), time_of(&moment)) {
                    (None, None) => Cell::Empty,
                    (day, time) => Cell::Number(season.factor(day, time.map(Time::hour))),
                }
            }
            Self::Call(function, values) => {
                let values = values.iter().map(|value| value.eval(scope, stream));
                call(*function, &values.collect::<Result<Vec<_>, _>>()?, stream)?
            }
        })
    }
}

fn day_of(cell: &Cell) -> Option<Date> {
    match cell {
        Cell::Date(date) => Some(*date),
        Cell::DateTime(moment) => Some(moment.date()),
        _ => None,
    }
}

fn time_of(cell: &Cell) -> Option<Time> {
    match cell {
        Cell::Time(time) => Some(*time),
        Cell::DateTime(moment) => Some(moment.time()),
        _ => None,
    }
}

fn finite(number: f64) -> Result<Cell, Failure> {
    if number.is_finite() { Ok(Cell::Number(number)) } else { Err(Failure::NotFinite) }
}

fn binary(operator: Operator, left: &Cell, right: &Cell) -> Result<Cell, Failure> {
    if let (Cell::Bool(one), Cell::Bool(other)) = (left, right) {
        return Ok(Cell::Bool(match operator {
            Operator::And => *one && *other,
            Operator::Or => *one || *other,
            Operator::Unequal => one != other,
            _ => one == other,
        }));
    }
    let order = match (left, right) {
        (Cell::Empty, _) | (_, Cell::Empty) => return Ok(Cell::Empty),
        (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
        (Cell::Date(one), Cell::Date(other)) => one.cmp(other),
        (Cell::Time(one), Cell::Time(other)) => one.cmp(other),
        (Cell::DateTime(one), Cell::DateTime(other)) => one.cmp(other),
        _ => {
            let (Some(one), Some(other)) = (left.number(), right.number()) else { return Ok(Cell::Empty) };
            match operator {
                Operator::Plus => return finite(one + other),
                Operator::Minus => return finite(one - other),
                Operator::Times => return finite(one * other),
                Operator::Over | Operator::Remainder if other == 0.0 => return Err(Failure::DivisionByZero),
                Operator::Over => return finite(one / other),
                Operator::Remainder => return finite(one % other),
                // Every number is finite.
                _ => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
            }
        }
    };
    Ok(Cell::Bool(match operator {
        Operator::Less => order.is_lt(),
        Operator::AtMost => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::AtLeast => order.is_ge(),
        Operator::Unequal => order.is_ne(),
        _ => order.is_eq(),
    }))
}

fn call(function: Function, values: &[Cell], stream: &mut Stream) -> Result<Cell, Failure> {
    let first = values.first().unwrap_or(&Cell::Empty);
    if function == Function::Empty {
        return Ok(Cell::Bool(first.is_empty()));
    }
    let number = |at: usize| values.get(at).and_then(Cell::number);
    let day = |at: usize| values.get(at).and_then(day_of);
    let whole = |found: Option<i64>| found.map_or(Cell::Empty, Cell::Integer);
    let real = |found: Option<f64>| found.map_or(Ok(Cell::Empty), finite);
    if values.iter().any(Cell::is_empty) {
        return Ok(Cell::Empty);
    }
    match function {
        Function::Empty => Ok(Cell::Bool(false)),
        Function::Abs => real(number(0).map(f64::abs)),
        Function::Ceil => real(number(0).map(f64::ceil)),
        Function::Floor => real(number(0).map(f64::floor)),
        Function::Sqrt => real(number(0).map(f64::sqrt)),
        Function::Round => {
            let decimals = number(1).map_or(0.0, |decimals| decimals.clamp(0.0, 9.0));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 9")]
            real(number(0).map(|number| round(number, decimals as u8)))
        }
        Function::Max => real(values.iter().filter_map(Cell::number).reduce(f64::max)),
        Function::Min => real(values.iter().filter_map(Cell::number).reduce(f64::min)),
        Function::Noise => real(number(0).map(|sd| sd * stream.normal())),
        Function::Random => {
            let unit = stream.unit();
            real(number(0).zip(number(1)).map(|(from, to)| from + (to - from) * unit))
        }
        Function::Date => Ok(day_of(first).map_or(Cell::Empty, Cell::Date)),
        Function::Time => Ok(time_of(first).map_or(Cell::Empty, Cell::Time)),
        Function::Day => Ok(whole(day(0).map(|day| day.day().into()))),
        Function::Month => Ok(whole(day(0).map(|day| day.month().into()))),
        Function::Year => Ok(whole(day(0).map(|day| day.year().into()))),
        Function::Weekday => Ok(whole(day(0).map(|day| day.weekday().to_monday_one_offset().into()))),
        Function::Hour => Ok(whole(time_of(first).map(|time| time.hour().into()))),
        Function::Minute => Ok(whole(time_of(first).map(|time| time.minute().into()))),
        Function::Days => {
            let until = |(from, to): (Date, Date)| i64::from((to - from).get_days());
            Ok(whole(day(0).zip(day(1)).map(until)))
        }
    }
}
