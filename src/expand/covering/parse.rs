//! Reads a constraint: `not (persona = "new user" and feature = "admin export")`.
//!
//! ```text
//! rule       = "if" rule "then" rule | either [ "=>" rule ]
//! either     = both { "or" both }
//! both       = term { "and" term }
//! term       = "not" term | "(" rule ")" | comparison
//! comparison = name ( "=" | "!=" ) value | name [ "not" ] "in" "[" value { "," value } "]"
//! ```
//!
//! Names and values are bare words or stand in quotes, single or double. The text is a person's, or
//! anyone's: its length and nesting are limited, and nothing in it can make the reader panic.

use super::constraint::{Constraint, Expr};
use super::model::Factor;
use crate::suite::nearest::nearest;
use std::ops::Range;

/// The longest constraint, in bytes.
const MAX_LENGTH: usize = 10_000;
/// The deepest nesting of parentheses, `not`, `if` and `=>`.
const MAX_DEPTH: usize = 50;

/// A constraint that cannot be read: what is wrong, how to mend it, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// What is wrong and the mend.
    pub message: String,
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
}

impl Constraint {
    /// Reads a constraint over `factors`.
    pub fn parse(text: &str, factors: &[Factor]) -> Result<Self, ParseError> {
        if text.len() > MAX_LENGTH {
            let message =
                format!("the constraint has {} bytes, and at most {MAX_LENGTH} are read", text.len());
            return Err(ParseError {
                message: format!("{message}: split it into several"),
                span: 0..text.len(),
            });
        }
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens, place: 0, depth: 0, end: text.len(), factors };
        let expr = parser.rule()?;
        match parser.peek() {
            None => Ok(Self { text: text.to_owned(), expr }),
            Some(token) => Err(ParseError {
                message: format!(
                    "{} is not expected here: join comparisons with `and` or `or`",
                    token.shown()
                ),
                span: token.span.clone(),
            }),
        }
    }
}

const KEYWORDS: [&str; 6] = ["and", "or", "not", "in", "if", "then"];

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// In lower case.
    Keyword(&'static str),
    Word(String),
    Quoted(String),
    Sign(&'static str),
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    span: Range<usize>,
}

impl Token {
    fn shown(&self) -> String {
        match &self.kind {
            Kind::Keyword(word) | Kind::Sign(word) => format!("`{word}`"),
            Kind::Word(text) => format!("`{text}`"),
            Kind::Quoted(text) => format!("\"{text}\""),
        }
    }
}

const SIGNS: [&str; 8] = ["=>", "!=", "=", "(", ")", "[", "]", ","];

fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '"' || c == '\'' {
            quoted(rest, c).ok_or_else(|| ParseError {
                message: format!("the text in quotes does not end: close it with {c}"),
                span: at..text.len(),
            })?
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Kind::Sign(sign), sign.len())
        } else {
            let stop = |c: char| c.is_whitespace() || "=!()[],\"'<>&|".contains(c);
            let length = rest.find(stop).unwrap_or(rest.len());
            if length == 0 {
                let mend = match c {
                    '&' => "write `and`",
                    '|' => "write `or`",
                    '!' => "write `not`, or `!=` to compare",
                    _ => "values are compared with `=`, `!=` and `in [..]`",
                };
                let message = format!("`{c}` means nothing here: {mend}");
                return Err(ParseError { message, span: at..at + c.len_utf8() });
            }
            let word = &rest[..length];
            let keyword = KEYWORDS.into_iter().find(|keyword| keyword.eq_ignore_ascii_case(word));
            (keyword.map_or_else(|| Kind::Word(word.to_owned()), Kind::Keyword), length)
        };
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
    Ok(tokens)
}

/// The text in quotes at the start of `rest` and its length with the quotes. A backslash keeps a quote
/// or a backslash as it is.
fn quoted(rest: &str, quote: char) -> Option<(Kind, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Some((Kind::Quoted(text), at + c.len_utf8()));
        }
        match chars.peek() {
            Some((_, next)) if c == '\\' && (*next == quote || *next == '\\') => {
                text.push(*next);
                chars.next();
            }
            _ => text.push(c),
        }
    }
    None
}

struct Parser<'a> {
    tokens: Vec<Token>,
    place: usize,
    depth: usize,
    end: usize,
    factors: &'a [Factor],
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn takes(&mut self, kind: &Kind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        self.place += usize::from(found);
        found
    }

    fn expected(&self, what: &str) -> ParseError {
        match self.peek() {
            Some(token) => ParseError {
                message: format!("{what} is expected here, not {}", token.shown()),
                span: token.span.clone(),
            },
            None => ParseError {
                message: format!("{what} is expected where the constraint ends"),
                span: self.end..self.end,
            },
        }
    }

    fn needs(&mut self, sign: &'static str) -> Result<(), ParseError> {
        if self.takes(&Kind::Sign(sign)) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    /// One level further in, as far as that may go.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth == MAX_DEPTH {
            let message = format!("the constraint nests more than {MAX_DEPTH} deep: split it into several");
            let span = self.peek().map_or(self.end..self.end, |token| token.span.clone());
            return Err(ParseError { message, span });
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn rule(&mut self) -> Result<Expr, ParseError> {
        self.deeper(|parser| {
            if parser.takes(&Kind::Keyword("if")) {
                let given = parser.rule()?;
                if !parser.takes(&Kind::Keyword("then")) {
                    return Err(parser.expected("`then`"));
                }
                return Ok(Expr::Implies(Box::new(given), Box::new(parser.rule()?)));
            }
            let given = parser.either()?;
            if parser.takes(&Kind::Sign("=>")) {
                return Ok(Expr::Implies(Box::new(given), Box::new(parser.rule()?)));
            }
            Ok(given)
        })
    }

    fn either(&mut self) -> Result<Expr, ParseError> {
        let first = self.both()?;
        let mut parts = vec![first];
        while self.takes(&Kind::Keyword("or")) {
            parts.push(self.both()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) })
    }

    fn both(&mut self) -> Result<Expr, ParseError> {
        let first = self.term()?;
        let mut parts = vec![first];
        while self.takes(&Kind::Keyword("and")) {
            parts.push(self.term()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) })
    }

    fn term(&mut self) -> Result<Expr, ParseError> {
        if self.takes(&Kind::Keyword("not")) {
            return Ok(Expr::Not(Box::new(self.deeper(Self::term)?)));
        }
        if self.takes(&Kind::Sign("(")) {
            let inner = self.rule()?;
            self.needs(")")?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expr, ParseError> {
        let (name, span) = self.text("the name of a knob")?;
        let factor = self.factor(&name, span)?;
        if self.takes(&Kind::Sign("=")) {
            return Ok(Expr::Is(factor, self.value(factor)?));
        }
        if self.takes(&Kind::Sign("!=")) {
            return Ok(Expr::IsNot(factor, self.value(factor)?));
        }
        let negated = self.takes(&Kind::Keyword("not"));
        if !self.takes(&Kind::Keyword("in")) {
            return Err(self.expected(if negated { "`in`" } else { "`=`, `!=` or `in`" }));
        }
        self.needs("[")?;
        let mut values = vec![self.value(factor)?];
        while self.takes(&Kind::Sign(",")) {
            values.push(self.value(factor)?);
        }
        if !self.takes(&Kind::Sign("]")) {
            return Err(self.expected("`,` or `]`"));
        }
        let within = Expr::In(factor, values);
        Ok(if negated { Expr::Not(Box::new(within)) } else { within })
    }

    fn text(&mut self, what: &str) -> Result<(String, Range<usize>), ParseError> {
        match self.peek() {
            Some(Token { kind: Kind::Word(text) | Kind::Quoted(text), span }) => {
                let found = (text.clone(), span.clone());
                self.place += 1;
                Ok(found)
            }
            _ => Err(self.expected(what)),
        }
    }

    fn factor(&self, name: &str, span: Range<usize>) -> Result<usize, ParseError> {
        let known = || self.factors.iter().map(|factor| factor.name.as_str());
        known()
            .position(|known| known == name)
            .ok_or_else(|| ParseError { message: unknown("knob", name, "the knobs are", known()), span })
    }

    fn value(&mut self, factor: usize) -> Result<usize, ParseError> {
        let (name, span) = self.text("a value")?;
        let factor = &self.factors[factor];
        let known = || factor.values.iter().map(String::as_str);
        known().position(|known| known == name).ok_or_else(|| {
            let kind = format!("value of `{}`", factor.name);
            ParseError { message: unknown(&kind, &name, "its values are", known()), span }
        })
    }
}

/// "no knob is called …", with what was probably meant, or else what there is.
fn unknown<'a>(kind: &str, name: &str, list: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let wrong = format!("no {kind} is called `{name}`");
    if let Some(meant) = nearest(name, known.clone()) {
        return format!("{wrong}: did you mean `{meant}`?");
    }
    let some: Vec<_> = known.clone().take(8).map(|name| format!("`{name}`")).collect();
    let more = if known.count() > some.len() { ", …" } else { "" };
    format!("{wrong}: {list} {}{more}", some.join(", "))
}
