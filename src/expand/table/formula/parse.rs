//! From the text of a formula to its tree.

use super::lex::{Token, tokens};
use super::{Mistake, Operator};
use std::ops::Range;

/// Longest formula, in bytes.
const MAX_LENGTH: usize = 4000;
/// Most values and operators in a formula, which also bounds how deep chains of operators go.
const MAX_PARTS: usize = 500;
/// Parentheses within parentheses.
const MAX_DEPTH: usize = 40;

/// A part of a formula with its bytes.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::expand::table) struct Syntax {
    /// Its bytes in the formula.
    pub range: Range<usize>,
    pub(super) node: Node,
}

/// What a part of a formula is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Text(String),
    Truth(bool),
    Name(String),
    /// `product.price`
    Member(String, String),
    Negative(Box<Syntax>),
    Not(Box<Syntax>),
    Binary(Operator, Box<(Syntax, Syntax)>),
    /// The name, with its bytes, and the values.
    Call(String, Range<usize>, Vec<Syntax>),
}

/// The tree of a formula.
pub(in crate::expand::table) fn parse(text: &str) -> Result<Syntax, Mistake> {
    if text.len() > MAX_LENGTH {
        let what = format!("a formula has at most {MAX_LENGTH} bytes, and this one {}", text.len());
        return Err(Mistake::new(0..text.len(), what, "give parts of it a column of their own"));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, next: 0, end: text.len(), depth: 0, parts: 0 };
    let whole = parser.expression(0)?;
    match parser.peek() {
        None => Ok(whole),
        Some((Token::Close, range)) => {
            Err(Mistake::new(range.clone(), "this parenthesis was never opened", "take it away"))
        }
        Some((_, range)) => {
            let help = "put an operator such as `*` before it";
            Err(Mistake::new(range.clone(), "the formula is complete before this", help))
        }
    }
}

/// The columns that a formula names, with their bytes.
pub(in crate::expand::table) fn names(syntax: &Syntax) -> Vec<(&str, Range<usize>)> {
    fn gather<'a>(syntax: &'a Syntax, found: &mut Vec<(&'a str, Range<usize>)>) {
        match &syntax.node {
            Node::Number(_) | Node::Text(_) | Node::Truth(_) => {}
            Node::Name(name) => found.push((name, syntax.range.clone())),
            Node::Member(name, _) => {
                found.push((name, syntax.range.start..syntax.range.start + name.len()));
            }
            Node::Negative(inner) | Node::Not(inner) => gather(inner, found),
            Node::Binary(_, both) => {
                gather(&both.0, found);
                gather(&both.1, found);
            }
            Node::Call(_, _, values) => values.iter().for_each(|value| gather(value, found)),
        }
    }
    let mut found = Vec::new();
    gather(syntax, &mut found);
    found
}

struct Parser<'a> {
    tokens: &'a [(Token, Range<usize>)],
    next: usize,
    end: usize,
    depth: usize,
    parts: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a (Token, Range<usize>)> {
        self.tokens.get(self.next)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.peek().is_some_and(|(token, _)| token == wanted);
        self.next += usize::from(found);
        found
    }

    /// The bytes of what comes next; the end of the formula where nothing does.
    fn here(&self) -> Range<usize> {
        self.peek().map_or(self.end..self.end, |(_, range)| range.clone())
    }

    /// Goes one deeper; given up before it gets too deep.
    fn deeper<T>(&mut self, go: impl FnOnce(&mut Self) -> Result<T, Mistake>) -> Result<T, Mistake> {
        if self.depth == MAX_DEPTH {
            let help = "give the inner parts a column of their own";
            return Err(Mistake::new(self.here(), "this formula is nested too deep", help));
        }
        self.depth += 1;
        let result = go(self);
        self.depth -= 1;
        result
    }

    fn part(&mut self, node: Node, range: Range<usize>) -> Result<Syntax, Mistake> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            let what = format!("this formula has more than {MAX_PARTS} parts");
            return Err(Mistake::new(range, what, "give some of them a column of their own"));
        }
        Ok(Syntax { range, node })
    }

    /// Operators of a level and of all that bind tighter, from left to right.
    fn expression(&mut self, level: u8) -> Result<Syntax, Mistake> {
        if level > Operator::Times.level() {
            return self.signed();
        }
        if level == Operator::Equal.level() && self.peek().is_some_and(|(token, _)| *token == Token::Not) {
            let start = self.here().start;
            self.next += 1;
            let inner = self.deeper(|parser| parser.expression(level))?;
            let range = start..inner.range.end;
            return self.part(Node::Not(Box::new(inner)), range);
        }
        let mut left = self.expression(level + 1)?;
        let mut compared = false;
        while let Some((Token::Sign(operator), place)) = self.peek()
            && operator.level() == level
        {
            if level == Operator::Equal.level() {
                if compared {
                    let help = "join two comparisons with `and`: `1 < x and x < 5`";
                    return Err(Mistake::new(place.clone(), "comparisons do not follow each other", help));
                }
                compared = true;
            }
            self.next += 1;
            let right = self.expression(level + 1)?;
            let range = left.range.start..right.range.end;
            left = self.part(Node::Binary(*operator, Box::new((left, right))), range)?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Syntax, Mistake> {
        let start = self.here().start;
        if self.take(&Token::Sign(Operator::Minus)) {
            let inner = self.deeper(Self::signed)?;
            let range = start..inner.range.end;
            return self.part(Node::Negative(Box::new(inner)), range);
        }
        self.value()
    }

    fn value(&mut self) -> Result<Syntax, Mistake> {
        let Some((token, range)) = self.peek() else {
            let help = "a value belongs here: a number, a 'text', a column or a function";
            return Err(Mistake::new(self.end..self.end, "the formula ends too early", help));
        };
        self.next += 1;
        let node = match token {
            Token::Number(number) => Node::Number(*number),
            Token::Text(text) => Node::Text(text.clone()),
            Token::True => Node::Truth(true),
            Token::False => Node::Truth(false),
            Token::Name(name) => return self.named(name, range),
            Token::Open => {
                let inner = self.deeper(|parser| parser.expression(0))?;
                self.close(range)?;
                return Ok(inner);
            }
            _ => {
                let help = "a value belongs here: a number, a 'text', a column or a function";
                return Err(Mistake::new(range.clone(), "this is not where a sign can stand", help));
            }
        };
        self.part(node, range.clone())
    }

    fn close(&mut self, opened: &Range<usize>) -> Result<usize, Mistake> {
        let end = self.here().end;
        if self.take(&Token::Close) {
            return Ok(end);
        }
        let (at, what) = match self.peek() {
            None => (opened.clone(), "this parenthesis is never closed"),
            Some((_, range)) => (range.clone(), "`)` or an operator belongs before this"),
        };
        Err(Mistake::new(at, what, "close every `(` with a `)`"))
    }

    fn named(&mut self, name: &str, range: &Range<usize>) -> Result<Syntax, Mistake> {
        let opened = self.here();
        if self.take(&Token::Open) {
            let values = self.deeper(Self::values)?;
            let end = self.close(&opened)?;
            return self.part(Node::Call(name.to_owned(), range.clone(), values), range.start..end);
        }
        if !self.take(&Token::Dot) {
            return self.part(Node::Name(name.to_owned()), range.clone());
        }
        match self.peek() {
            Some((Token::Name(column), place)) => {
                self.next += 1;
                self.part(Node::Member(name.to_owned(), column.clone()), range.start..place.end)
            }
            _ => Err(Mistake::new(
                self.here(),
                "the name of a column belongs after `.`",
                format!("write `{name}.COLUMN` for another column of the row that {name} picked"),
            )),
        }
    }

    fn values(&mut self) -> Result<Vec<Syntax>, Mistake> {
        let mut values = Vec::new();
        if self.peek().is_some_and(|(token, _)| *token == Token::Close) {
            return Ok(values);
        }
        loop {
            values.push(self.expression(0)?);
            if !self.take(&Token::Comma) {
                return Ok(values);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree with a parenthesis around every operator.
    fn shown(syntax: &Syntax) -> String {
        match &syntax.node {
            Node::Number(number) => number.to_string(),
            Node::Text(text) => format!("'{text}'"),
            Node::Truth(truth) => truth.to_string(),
            Node::Name(name) => name.clone(),
            Node::Member(name, column) => format!("{name}.{column}"),
            Node::Negative(inner) => format!("(-{})", shown(inner)),
            Node::Not(inner) => format!("(not {})", shown(inner)),
            Node::Binary(operator, both) => {
                format!("({} {} {})", shown(&both.0), operator.sign(), shown(&both.1))
            }
            Node::Call(name, _, values) => {
                format!("{name}({})", values.iter().map(shown).collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[test]
    fn products_bind_before_sums_before_comparisons_before_not_and_or() {
        for (formula, tree) in [
            ("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"),
            ("-a * -(b + .5)", "((-a) * (-(b + 0.5)))"),
            ("8 / 4 / 2", "((8 / 4) / 2)"),
            ("a < 1 + 2 and not b == 'x y' or c", "(((a < (1 + 2)) and (not (b == 'x y'))) or c)"),
            ("if(a >= 2, product.price, \"it's\")", "if((a >= 2), product.price, 'it's')"),
            ("f()", "f()"),
            ("größe % 2", "(größe % 2)"),
        ] {
            assert_eq!(shown(&parse(formula).unwrap()), tree);
        }
    }

    #[test]
    fn mistakes_are_told_at_their_bytes() {
        for (formula, range, part) in [
            ("", 0..0, "ends too early"),
            ("1 +", 3..3, "ends too early"),
            ("(1 + 2", 0..1, "never closed"),
            ("1 + 2)", 5..6, "never opened"),
            ("a b", 2..3, "complete before"),
            ("a = 1", 2..3, "means nothing"),
            ("a && b", 2..4, "means nothing"),
            ("'open", 0..5, "never closed"),
            ("1 < 2 < 3", 6..7, "do not follow"),
            ("2x", 0..2, "not a number"),
            ("1.2.3", 0..5, "not a number"),
            ("a. * 2", 3..4, "belongs after `.`"),
            ("max(1 2)", 6..7, "belongs before"),
            ("* 2", 0..1, "sign"),
            ("é § 1", 3..5, "means nothing"),
        ] {
            let mistake = parse(formula).unwrap_err();
            assert_eq!(mistake.range, range, "{formula}");
            assert!(mistake.message.contains(part), "{formula}: {}", mistake.message);
        }
    }

    #[test]
    fn depth_and_length_that_would_overflow_the_stack_are_refused() {
        for formula in [
            "(".repeat(3000),
            "-".repeat(3000),
            format!("{}1", "not ".repeat(900)),
            format!("{}1", "1+".repeat(1900)),
            "abs(".repeat(900),
            "x".repeat(5000),
        ] {
            assert!(parse(&formula).is_err());
        }
        assert!(parse(&format!("{}1", "1+".repeat(240))).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_place_within_it(text in "([a-c.]|if|not |[0-9.]|[-+*/%()<>=,]|'|é| ){0,40}") {
            if let Err(mistake) = parse(&text) {
                prop_assert!(text.get(mistake.range).is_some());
            }
        }
    }
}
