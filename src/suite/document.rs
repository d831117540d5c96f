//! A TOML file as a tree in which every key and value keeps its place.

use super::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Syntax errors told of one file; what follows them is mostly their echo.
const MAX_SYNTAX_ERRORS: usize = 8;
/// Tables within tables, lists within lists.
const MAX_DEPTH: usize = 64;

/// A TOML file that could be parsed.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file with its text.
    pub source: Source,
    /// The whole file as a table.
    pub root: Node,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Bytes of the key; `None` for the root and for entries of lists.
    pub key: Option<Range<usize>>,
    /// Bytes of the value; of its header for a table written `[name]`.
    pub span: Range<usize>,
    /// What it is.
    pub data: Data,
}

/// The forms of a value.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    /// A text, a number or a truth value.
    Scalar(Value),
    /// A list, and whether faulty entries were taken out of it.
    List(Vec<Node>, bool),
    /// A table, and the keys that were taken out of it because they are faulty.
    Table(BTreeMap<String, Node>, BTreeSet<String>),
}

impl Document {
    /// Parses a file. Mistakes of its syntax are told, and then there is no document.
    pub fn parse(source: Source, out: &mut Diagnostics) -> Option<Self> {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        let (mut told, mut broken) = (BTreeSet::new(), false);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            if told.len() < MAX_SYNTAX_ERRORS && told.insert(source.line(span.start)) {
                out.push(syntax_error(&source, error.message(), span));
            }
            // A key given twice leaves a tree that can be checked further.
            broken |= error.message() != "duplicate key";
        }
        if broken {
            return None;
        }
        let span = 0..source.text.find('\n').unwrap_or(source.text.len());
        let root = table_node(&source, table.into_inner(), None, span, 0, out);
        Some(Self { source, root })
    }
}

fn syntax_error(source: &Source, message: &str, span: Range<usize>) -> Diagnostic {
    if message == "duplicate key" {
        let key = quote(source.text.get(span.clone()).unwrap_or_default());
        return Diagnostic::new("duplicate-key", format!("{key} is given twice"))
            .at(source.spot(span))
            .label("the second one")
            .help("keep one of the two; a table that is begun once is not begun again");
    }
    let word = source.text.get(span.clone()).unwrap_or_default();
    let help = if message.starts_with("string values must be quoted") && !word.is_empty() {
        format!("write `\"{word}\"`, with quotes")
    } else if message.starts_with("invalid date") {
        "write year, month and day of a day that there is, as in `2026-12-31`".into()
    } else {
        "the rules of TOML are at https://toml.io".into()
    };
    let message = message.trim_end_matches(", expected literal string");
    Diagnostic::new("syntax", format!("this is not TOML: {message}")).at(source.spot(span)).help(help)
}

fn node(
    source: &Source,
    value: Spanned<DeValue<'_>>,
    key: Option<Range<usize>>,
    depth: usize,
    out: &mut Diagnostics,
) -> Option<Node> {
    let span = value.span();
    let wrong = |message: String| Diagnostic::new("bad-number", message).at(source.spot(span.clone()));
    if depth > MAX_DEPTH {
        out.push(Diagnostic::new("too-deep", "tables and lists are nested too deep").at(source.spot(span)));
        return None;
    }
    let scalar = match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Boolean(truth) => Value::Bool(truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Integer(integer) => {
            let (digits, radix) = (integer.as_str(), integer.radix());
            let signed = i64::from_str_radix(digits, radix).map(Number::from);
            let number = signed.or_else(|_| u64::from_str_radix(digits, radix).map(Number::from));
            let Ok(number) = number else {
                out.push(
                    wrong(format!("{} is too large a number", quote(digits)))
                        .help("write a smaller one, or put it in quotes"),
                );
                return None;
            };
            Value::Number(number)
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            let Some(number) = number else {
                out.push(
                    wrong(format!("{} is not a finite number", quote(float.as_str())))
                        .help("write a number with an end, such as `0.8`"),
                );
                return None;
            };
            Value::Number(number)
        }
        DeValue::Array(array) => {
            let whole = array.len();
            let items: Vec<_> =
                array.into_iter().filter_map(|item| node(source, item, None, depth + 1, out)).collect();
            let lost = items.len() < whole;
            return Some(Node { key, span, data: Data::List(items, lost) });
        }
        DeValue::Table(table) => return Some(table_node(source, table, key, span, depth, out)),
    };
    Some(Node { key, span, data: Data::Scalar(scalar) })
}

fn table_node(
    source: &Source,
    table: DeTable<'_>,
    key: Option<Range<usize>>,
    span: Range<usize>,
    depth: usize,
    out: &mut Diagnostics,
) -> Node {
    let (mut fields, mut lost) = (BTreeMap::new(), BTreeSet::new());
    for (name, value) in table {
        let place = name.span();
        let name = name.into_inner().into_owned();
        match node(source, value, Some(place), depth + 1, out) {
            Some(field) => {
                fields.insert(name, field);
            }
            None => {
                lost.insert(name);
            }
        }
    }
    Node { key, span, data: Data::Table(fields, lost) }
}

impl Node {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.data {
            Data::Table(fields, _) => fields.get(key),
            _ => None,
        }
    }

    /// The value under a key, or else the table itself: the nearest place there is.
    pub fn field(&self, key: &str) -> &Self {
        self.get(key).unwrap_or(self)
    }

    /// An entry of a list; the value itself where it stands alone for a list of one.
    pub fn item(&self, index: usize) -> &Self {
        match &self.data {
            Data::List(items, _) => items.get(index).unwrap_or(self),
            _ => self,
        }
    }

    /// Whether the table has the key, or had it with something faulty under it.
    pub fn mentions(&self, key: &str) -> bool {
        match &self.data {
            Data::Table(fields, lost) => fields.contains_key(key) || lost.contains(key),
            _ => false,
        }
    }

    /// Whether something faulty was taken out of this table or list.
    pub fn is_damaged(&self) -> bool {
        match &self.data {
            Data::Scalar(_) => false,
            Data::List(_, lost) => *lost,
            Data::Table(_, lost) => !lost.is_empty(),
        }
    }

    /// Bytes of the key, or of the value where there is no key.
    pub fn key_span(&self) -> Range<usize> {
        self.key.clone().unwrap_or_else(|| self.span.clone())
    }

    /// The value without places.
    pub fn to_value(&self) -> Value {
        match &self.data {
            Data::Scalar(value) => value.clone(),
            Data::List(items, _) => Value::Array(items.iter().map(Self::to_value).collect()),
            Data::Table(fields, _) => Value::Object(
                fields.iter().map(|(key, field)| (key.clone(), field.to_value())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// Bytes of a part of this text, where the file has the text as it is; the whole otherwise.
    pub fn span_of(&self, source: &Source, text: &str, part: Option<Range<usize>>) -> Range<usize> {
        let begin = source.text.get(self.span.clone()).and_then(|raw| raw.find(text));
        match (begin, part) {
            (Some(begin), Some(part)) if part.end <= text.len() => {
                let begin = self.span.start + begin;
                begin + part.start..begin + part.end
            }
            _ => self.span.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn parse(text: &str) -> (Option<Document>, Diagnostics) {
        let mut out = Diagnostics::default();
        let document = Document::parse(Source::new("a.toml", text.into()), &mut out);
        (document, out)
    }

    #[test]
    fn values_keep_their_places() {
        let text = "a = 1\n[[s]]\nx = [\"é\", \"two\"]\n[[s]]\ny.z = 1979-05-27\n";
        let document = parse(text).0.unwrap();
        assert_eq!(
            document.root.to_value(),
            json!({ "a": 1, "s": [{ "x": ["é", "two"] }, { "y": { "z": "1979-05-27" } }] })
        );
        let two = document.root.field("s").item(0).field("x").item(1);
        assert_eq!(&text[two.span.clone()], "\"two\"");
        let z = document.root.field("s").item(1).field("y").field("z");
        assert_eq!((&text[z.key_span()], &text[z.span.clone()]), ("z", "1979-05-27"));
        assert_eq!(&text[document.root.field("s").item(1).span.clone()], "[[s]]");
    }

    #[test]
    fn several_syntax_errors_are_told_at_once() {
        let (document, out) = parse("a = \nb = 1\nc = [1, \n\nd = = 2\n");
        assert!(document.is_none());
        assert!(out.len() >= 2, "{out}");
        assert!(out.iter().all(|d| d.code == "syntax"));
    }

    #[test]
    fn numbers_without_an_end_are_refused_and_the_rest_is_kept() {
        let (document, out) = parse("a = inf\nb = nan\nc = 2.5\nd = 99999999999999999999999\ne = 0x10\n");
        assert_eq!(out.len(), 3);
        let root = document.unwrap().root;
        assert_eq!(root.to_value(), json!({ "c": 2.5, "e": 16 }));
        assert!(root.mentions("a") && root.get("a").is_none() && !root.mentions("z"));
    }

    #[test]
    fn depth_that_would_overflow_the_stack_is_refused() {
        for text in [
            format!("{}x = 1", "a.".repeat(200_000)),
            format!("[{}x]", "a.".repeat(200_000)),
            format!("a = {}", "[".repeat(200_000)),
            format!("a = {}1{}", "{ a = ".repeat(200), " }".repeat(200)),
            format!("a = {{ {}x = 1 }}", "a.".repeat(200_000)),
        ] {
            let (document, out) = parse(&text);
            assert!(document.is_none() || document.unwrap().root.is_damaged());
            assert!(!out.is_empty());
        }
    }

    fn spans_fit(node: &Node, text: &str) -> bool {
        let fits = text.get(node.span.clone()).is_some() && text.get(node.key_span()).is_some();
        fits && match &node.data {
            Data::Scalar(_) => true,
            Data::List(items, _) => items.iter().all(|item| spans_fit(item, text)),
            Data::Table(fields, _) => fields.values().all(|field| spans_fit(field, text)),
        }
    }

    proptest! {
        #[test]
        fn places_lie_on_character_boundaries_of_the_file(text in "([a-zé.]{1,3}( = (1|\"é\\\\n\"|\\[1, \"ß\"\\]|\\{ a = 1 \\}|nan))?\n|\\[\\[?[aé]\\]?\\]\n|.{0,5}){0,12}") {
            let (document, _) = parse(&text);
            if let Some(document) = document {
                prop_assert!(spans_fit(&document.root, &document.source.text));
            }
        }
    }
}
