//! The names and the types of a formula: what can be wrong is told before a row is made.

use super::parse::{Node, Syntax};
use super::{Expr, Function, Mistake, Operator};
use crate::expand::table::cell::{Cell, Type};
use crate::expand::table::season::Season;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::nearest::nearest;
use jiff::civil::{Date, DateTime, Time};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A column of the row that a reference picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::expand::table) struct Member {
    /// The column with the reference.
    pub reference: usize,
    /// The other table.
    pub table: usize,
    /// Its column.
    pub column: usize,
}

/// Why there is no such column of a row picked: a message and the mend, unless they are told elsewhere.
pub(in crate::expand::table) type NoMember = Option<(String, String)>;

/// What the names of a formula mean.
pub(in crate::expand::table) trait Names {
    /// A column, with its type where that is known.
    fn column(&self, name: &str) -> Option<(usize, Option<Type>)>;
    /// A column of the row that a reference picked, or why there is none.
    fn member(&self, name: &str, column: &str) -> Result<(Member, Option<Type>), NoMember>;
    /// The seasons.
    fn seasons(&self) -> &BTreeMap<String, Arc<Season>>;
}

/// Resolves a formula. Its type is `None` where it hangs on a column that has a mistake of its own; its
/// names are those of columns there are.
pub(in crate::expand::table) fn check(
    text: &str,
    syntax: &Syntax,
    names: &dyn Names,
    mistakes: &mut Vec<Mistake>,
) -> Option<(Expr, Option<Type>)> {
    Checker { text, names, mistakes }.resolve(syntax)
}

struct Checker<'a> {
    text: &'a str,
    names: &'a dyn Names,
    mistakes: &'a mut Vec<Mistake>,
}

type Typed = (Expr, Option<Type>);

impl Checker<'_> {
    fn wrong<T>(
        &mut self,
        range: &Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<T> {
        self.mistakes.push(Mistake::new(range.clone(), what, help));
        None
    }

    fn resolve(&mut self, syntax: &Syntax) -> Option<Typed> {
        Some(match &syntax.node {
            Node::Number(number) => (Expr::Constant(Cell::Number(*number)), Some(Type::Number)),
            Node::Text(text) => (Expr::Constant(Cell::Text(text.as_str().into())), Some(Type::Text)),
            Node::Truth(truth) => (Expr::Constant(Cell::Bool(*truth)), Some(Type::Bool)),
            // A column that is not there was told with the others that this column depends on.
            Node::Name(name) => self.names.column(name).map(|(at, type_)| (Expr::Column(at), type_))?,
            Node::Member(name, column) => match self.names.member(name, column) {
                Ok((member, type_)) => (Expr::Member(member), type_),
                Err(Some((what, help))) => return self.wrong(&syntax.range, what, help),
                Err(None) => return None,
            },
            Node::Negative(inner) => {
                (Expr::Negative(Box::new(self.of(inner, "`-`", &[Type::Number])?.0)), Some(Type::Number))
            }
            Node::Not(inner) => {
                (Expr::Not(Box::new(self.of(inner, "`not`", &[Type::Bool])?.0)), Some(Type::Bool))
            }
            Node::Binary(operator, both) => self.binary(*operator, both)?,
            Node::Call(name, place, values) => self.call(name, place, values, syntax)?,
        })
    }

    /// A part that must be of one of these types.
    fn of(&mut self, syntax: &Syntax, taker: &str, wanted: &[Type]) -> Option<Typed> {
        let (expr, found) = self.resolve(syntax)?;
        if let Some(literal) = moment(&syntax.node, wanted) {
            return Some(literal);
        }
        match found {
            Some(found) if !wanted.contains(&found) => {
                let one: Vec<_> = wanted.iter().map(|one| one.one()).collect();
                let part = quote(self.text.get(syntax.range.clone()).unwrap_or_default());
                let what = format!("{taker} takes {}, and {part} is {}", one.join(" or "), found.one());
                let help = match (wanted, found) {
                    ([Type::Number], Type::Text) if taker == "`+`" => {
                        "texts are put together by a column with `text = \"{one} {other}\"`".to_owned()
                    }
                    ([Type::Number], Type::Date | Type::DateTime) => format!(
                        "take a number from it: `month({0})`, `weekday({0})` or `days('2026-01-01', {0})`",
                        part.trim_matches('`')
                    ),
                    ([Type::Bool], _) => "compare it with something: `x > 0`, `name == 'text'`".to_owned(),
                    _ => format!("write {} here", one.join(" or ")),
                };
                self.wrong(&syntax.range, what, help)
            }
            found => Some((expr, found)),
        }
    }

    fn binary(&mut self, operator: Operator, both: &(Syntax, Syntax)) -> Option<Typed> {
        let taker = format!("`{}`", operator.sign());
        let wanted = match operator.level() {
            0 | 1 => Type::Bool,
            2 => return self.comparison(operator, both),
            _ => Type::Number,
        };
        let left = self.of(&both.0, &taker, &[wanted]);
        let right = self.of(&both.1, &taker, &[wanted]);
        Some((Expr::Binary(operator, Box::new((left?.0, right?.0))), Some(wanted)))
    }

    fn comparison(&mut self, operator: Operator, both: &(Syntax, Syntax)) -> Option<Typed> {
        let (left, right) = (self.resolve(&both.0), self.resolve(&both.1));
        let (mut left, mut right) = (left?, right?);
        // A date is written as a text, and compared as a date.
        if let Some(literal) = right.1.and_then(|wanted| moment(&both.0.node, &[wanted])) {
            left = literal;
        } else if let Some(literal) = left.1.and_then(|wanted| moment(&both.1.node, &[wanted])) {
            right = literal;
        }
        if let (Some(one), Some(other)) = (left.1, right.1) {
            let range = both.0.range.start..both.1.range.end;
            let sign = operator.sign();
            if one != other {
                let what = format!("`{sign}` compares {} with {}", one.one(), other.one());
                return self.wrong(
                    &range,
                    what,
                    "compare two values of one type; a text is written in quotes",
                );
            }
            if matches!(one, Type::Text | Type::Bool)
                && !matches!(operator, Operator::Equal | Operator::Unequal)
            {
                let what = format!(
                    "`{sign}` compares no {}",
                    if one == Type::Text { "texts" } else { "truth values" }
                );
                return self.wrong(&range, what, "write `==` or `!=`");
            }
        }
        Some((Expr::Binary(operator, Box::new((left.0, right.0))), Some(Type::Bool)))
    }

    fn call(&mut self, name: &str, place: &Range<usize>, values: &[Syntax], whole: &Syntax) -> Option<Typed> {
        match name {
            "if" => return self.choice(values, whole),
            "season" => return self.season(values, whole),
            _ => {}
        }
        let Some((_, function, least, most)) = Function::ALL.iter().find(|(known, ..)| *known == name) else {
            let known = || Function::ALL.iter().map(|(known, ..)| *known).chain(["if", "season"]);
            let help = match nearest(name, known()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!(
                    "there are {}",
                    known().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")
                ),
            };
            return self.wrong(place, format!("there is no function {}", quote(name)), help);
        };
        if values.len() < *least || values.len() > *most {
            let wanted = match (*least, *most) {
                (1, 1) => "one value".to_owned(),
                (least, most) if least == most => format!("{least} values"),
                (least, usize::MAX) => format!("at least {least} values"),
                (least, most) => format!("{least} to {most} values"),
            };
            return self.count(name, &wanted, values.len(), whole);
        }
        let (wanted, result) = types(*function);
        let taker = format!("`{name}`");
        let parts: Vec<_> = values.iter().map(|value| self.of(value, &taker, wanted)).collect();
        let parts = parts.into_iter().map(|part| part.map(|(expr, _)| expr)).collect::<Option<_>>()?;
        Some((Expr::Call(*function, parts), Some(result)))
    }

    fn count<T>(&mut self, name: &str, wanted: &str, found: usize, whole: &Syntax) -> Option<T> {
        self.wrong(
            &whole.range,
            format!("`{name}` takes {wanted}, and here are {found}"),
            "values are separated by commas; decimals begin with a point",
        )
    }

    fn choice(&mut self, values: &[Syntax], whole: &Syntax) -> Option<Typed> {
        let [condition, yes, no] = values else {
            return self.count(
                "if",
                "3 values (a condition, what holds if it is true, what holds else)",
                values.len(),
                whole,
            );
        };
        let condition = self.of(condition, "the condition of `if`", &[Type::Bool]);
        let (yes, no) = (self.resolve(yes), self.resolve(no));
        let (condition, yes, no) = (condition?, yes?, no?);
        if let (Some(one), Some(other)) = (yes.1, no.1)
            && one != other
        {
            let what = format!("this `if` is {} or {}", one.one(), other.one());
            return self.wrong(&whole.range, what, "both ways must be of one type");
        }
        Some((Expr::If(Box::new((condition.0, yes.0, no.0))), yes.1.or(no.1)))
    }

    /// `season(date)` where there is one season, `season('name', date)` else.
    fn season(&mut self, values: &[Syntax], whole: &Syntax) -> Option<Typed> {
        let seasons = self.names.seasons();
        let known = || quote_all(seasons.keys().map(String::as_str));
        let (season, moment) = match values {
            [moment] => match seasons.values().next().filter(|_| seasons.len() == 1) {
                Some(only) => (only, moment),
                None if seasons.is_empty() => {
                    let help = "write its factors under `[season.NAME]`";
                    return self.wrong(&whole.range, "this file has no season", help);
                }
                None => {
                    let help = format!("name one of {}: `season('NAME', date)`", known());
                    return self.wrong(&whole.range, "this file has several seasons", help);
                }
            },
            [name, moment] => {
                let Node::Text(named) = &name.node else {
                    let help = format!("write its name in quotes; there are {}", known());
                    return self.wrong(&name.range, "the season is not named here", help);
                };
                let Some(season) = seasons.get(named) else {
                    let help = match nearest(named, seasons.keys().map(String::as_str)) {
                        Some(meant) => format!("did you mean '{meant}'?"),
                        None if seasons.is_empty() => format!("write its factors under `[season.{named}]`"),
                        None => format!("there are {}", known()),
                    };
                    return self.wrong(&name.range, format!("there is no season {}", quote(named)), help);
                };
                (season, moment)
            }
            _ => return self.count("season", "a name and a date", values.len(), whole),
        };
        let season = season.clone();
        let wanted = [Type::Date, Type::Time, Type::DateTime];
        let moment = self.of(moment, "`season`", &wanted)?;
        Some((Expr::Season(season, Box::new(moment.0)), Some(Type::Number)))
    }
}

/// A day or a time that is written as a text where one is wanted.
fn moment(node: &Node, wanted: &[Type]) -> Option<Typed> {
    let Node::Text(text) = node else { return None };
    if wanted.contains(&Type::Text) {
        return None;
    }
    let read = |type_: Type| match type_ {
        Type::Date => text.parse::<Date>().ok().filter(|_| text.len() == 10).map(Cell::Date),
        Type::Time => text.parse::<Time>().ok().map(Cell::Time),
        Type::DateTime => text.parse::<DateTime>().ok().map(Cell::DateTime),
        _ => None,
    };
    wanted.iter().find_map(|type_| Some((Expr::Constant(read(*type_)?), Some(*type_))))
}

/// What a function takes, and what it gives.
const fn types(function: Function) -> (&'static [Type], Type) {
    use Type::{Bool, Date, DateTime, Number, Text, Time};
    match function {
        Function::Empty => (&[Bool, Number, Text, Date, Time, DateTime], Bool),
        Function::Date => (&[DateTime], Date),
        Function::Time => (&[DateTime], Time),
        Function::Day | Function::Days | Function::Month | Function::Weekday | Function::Year => {
            (&[Date, DateTime], Number)
        }
        Function::Hour | Function::Minute => (&[Time, DateTime], Number),
        _ => (&[Number], Number),
    }
}
