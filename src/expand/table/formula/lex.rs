//! The words and signs of a formula.

use super::{Mistake, Operator};
use crate::suite::diagnostic::quote;
use std::ops::Range;

/// A word or a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(Operator),
    Not,
    True,
    False,
    Open,
    Close,
    Comma,
    Dot,
}

/// All tokens of a formula, each with its bytes.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Mistake> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (token, length) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' | '"' => quoted(text, at, c)?,
            '0'..='9' => number(text, at)?,
            '.' if text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => number(text, at)?,
            '.' => (Token::Dot, 1),
            _ if c.is_alphabetic() || c == '_' => word(&text[at..]),
            _ => sign(text, at, c)?,
        };
        found.push((token, at..at + length));
        at += length;
    }
    Ok(found)
}

fn quoted(text: &str, at: usize, quote: char) -> Result<(Token, usize), Mistake> {
    match text[at + 1..].find(quote) {
        Some(end) => Ok((Token::Text(text[at + 1..at + 1 + end].to_owned()), end + 2)),
        None => Err(Mistake::new(
            at..text.len(),
            "a quote is opened here and never closed",
            format!("close the text with `{quote}`"),
        )),
    }
}

fn number(text: &str, at: usize) -> Result<(Token, usize), Mistake> {
    let rest = &text[at..];
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_'))).unwrap_or(rest.len());
    let digits = &rest[..end];
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match digits.parse::<f64>() {
        Ok(number) if plain && number.is_finite() => Ok((Token::Number(number), end)),
        _ => Err(Mistake::new(
            at..at + end,
            format!("{} is not a number", quote(digits)),
            "a number is digits, with a point before its decimals: `0.15`",
        )),
    }
}

fn word(rest: &str) -> (Token, usize) {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let token = match &rest[..end] {
        "and" => Token::Sign(Operator::And),
        "or" => Token::Sign(Operator::Or),
        "not" => Token::Not,
        "true" => Token::True,
        "false" => Token::False,
        name => Token::Name(name.to_owned()),
    };
    (token, end)
}

fn sign(text: &str, at: usize, c: char) -> Result<(Token, usize), Mistake> {
    let known = Operator::ALL.iter().find(|(sign, _)| text[at..].starts_with(sign));
    if let Some((sign, operator)) = known {
        return Ok((Token::Sign(*operator), sign.len()));
    }
    let two = text[at..].starts_with("&&") || text[at..].starts_with("||");
    let help = match c {
        '=' => "two values are compared with `==`",
        '&' => "write `and`",
        '|' => "write `or`",
        '!' => "write `not`, or `!=` for unequal",
        '^' => "a power is a product: `x * x`",
        _ => "a formula has numbers, 'texts', names of columns, functions and + - * / % == != < <= > >=",
    };
    let length = if two { 2 } else { c.len_utf8() };
    let what = format!("{} means nothing in a formula", quote(&text[at..at + length]));
    Err(Mistake::new(at..at + length, what, help))
}
