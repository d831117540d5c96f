//! Checks a file against its JSON schema: keys, types, words and quantities. Everything that is wrong
//! is told at once and taken out, so that what remains can be read and checked further.

use super::as_text;
use super::diagnostic::{Diagnostic, Diagnostics, Source, quote, quote_all};
use super::document::{Data, Document, Node};
use super::nearest::nearest;
use super::quantity::{Date, Duration, Rate, Share, Size};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A JSON schema as schemars writes it, ready to check files against.
#[derive(Debug)]
pub(crate) struct Shape {
    schema: Value,
    /// For every key, the tables that may hold it, the outermost first.
    homes: BTreeMap<String, Vec<String>>,
}

/// The keys and list places that lead to a value.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Item,
}

impl Shape {
    /// Reads a schema of ours.
    pub fn new(text: &str) -> Self {
        let schema = serde_json::from_str(text).unwrap_or(Value::Bool(true));
        let mut shape = Self { schema, homes: BTreeMap::new() };
        shape.homes = shape.find_homes();
        shape
    }

    /// Tells what is wrong with a document and takes it out. True if every required key of the
    /// outermost table is left.
    pub fn check(&self, document: &mut Document, out: &mut Diagnostics) -> bool {
        let mut walker = Walker { shape: self, source: &document.source, out, path: Vec::new() };
        walker.walk(&self.schema, &mut document.root)
    }

    /// Follows references to the schema itself, with the name it goes by.
    fn resolve<'a>(&'a self, mut schema: &'a Value) -> (&'a Value, Option<&'a str>) {
        let mut name = None;
        loop {
            let inner = match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
                Some([only]) => only,
                _ => schema,
            };
            let Some(reference) = inner.get("$ref").and_then(Value::as_str) else {
                return (inner, name);
            };
            name = reference.rsplit('/').next();
            match self.schema.pointer(reference.trim_start_matches('#')) {
                Some(target) => schema = target,
                None => return (&Value::Bool(true), name),
            }
        }
    }

    /// The alternatives of a schema: itself, or the branches of its `anyOf`, however nested.
    fn branches<'a>(&'a self, schema: &'a Value) -> Vec<(&'a Value, Option<&'a str>)> {
        let (schema, name) = self.resolve(schema);
        match schema.get("anyOf").and_then(Value::as_array) {
            Some(branches) => branches.iter().flat_map(|branch| self.branches(branch)).collect(),
            None => vec![(schema, name)],
        }
    }

    fn find_homes(&self) -> BTreeMap<String, Vec<String>> {
        let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([(&self.schema, Vec::<Step>::new())]);
        while let Some((schema, path)) = queue.pop_front() {
            for (schema, name) in self.branches(schema) {
                if name.is_some_and(|name| !seen.insert(name)) {
                    continue;
                }
                if let Some(items) = schema.get("items") {
                    queue.push_back((items, [path.as_slice(), &[Step::Item]].concat()));
                }
                for (key, property) in properties(schema) {
                    homes.entry(key.clone()).or_default().push(table_words(&path));
                    queue.push_back((property, [path.as_slice(), &[Step::Key(key.clone())]].concat()));
                }
            }
        }
        homes
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn property<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    schema.get("properties").and_then(|all| all.get(key))
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The table at a path, as people write it.
fn table_words(path: &[Step]) -> String {
    let keys =
        || path.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
    match path {
        [] => "at the top of the file, before the first `[table]`".into(),
        [Step::Key(list), Step::Item] => format!("in `[[{list}]]`"),
        _ if path.len() <= 2 && !path.contains(&Step::Item) => {
            format!("in `[{}]`", keys().collect::<Vec<_>>().join("."))
        }
        _ => format!("in `{}`", keys().next_back().unwrap_or_default()),
    }
}

/// The type of a value, as JSON schemas name it.
fn type_of(node: &Node) -> &'static str {
    match &node.data {
        Data::List(..) => "array",
        Data::Table(..) => "object",
        Data::Scalar(Value::String(_)) => "string",
        Data::Scalar(Value::Bool(_)) => "boolean",
        Data::Scalar(Value::Number(number)) if number.is_f64() => "number",
        Data::Scalar(_) => "integer",
    }
}

fn type_words(name: &str) -> &'static str {
    match name {
        "array" => "a list",
        "object" => "a table",
        "string" => "a text",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        _ => "a number",
    }
}

/// Whether a schema without alternatives takes values of a type at all.
fn takes(schema: &Value, found: &str) -> bool {
    let fits = |wanted: &str| wanted == found || (wanted == "number" && found == "integer");
    match schema.get("type") {
        Some(Value::String(wanted)) => fits(wanted),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).any(fits),
        // Words of an enumeration are texts; anything else is free.
        _ => words(schema).is_empty() || found == "string",
    }
}

/// The words of an enumeration.
fn words(schema: &Value) -> Vec<&str> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let described = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    listed
        .filter_map(Value::as_str)
        .chain(described.flat_map(|branch| {
            let listed = branch.get("enum").and_then(Value::as_array).into_iter().flatten();
            branch.get("const").into_iter().chain(listed).filter_map(Value::as_str)
        }))
        .collect()
}

/// The alternative that a value is meant as: of those that take its type the one with the most of the
/// table's keys, where required ones come first; among equals the first.
fn fitting<'a, 'b>(
    branches: &'b [(&'a Value, Option<&'a str>)],
    node: &Node,
) -> Option<&'b (&'a Value, Option<&'a str>)> {
    let found = type_of(node);
    let fit = |branch: &Value| {
        let needed = required(branch).filter(|key| node.mentions(key)).count();
        (needed, properties(branch).filter(|(key, _)| node.mentions(key)).count())
    };
    let mut fitting = branches.iter().filter(|(branch, _)| takes(branch, found));
    let first = fitting.next()?;
    Some(fitting.fold(first, |best, next| if fit(next.0) > fit(best.0) { next } else { best }))
}

struct Walker<'a> {
    shape: &'a Shape,
    source: &'a Source,
    out: &'a mut Diagnostics,
    path: Vec<Step>,
}

impl Walker<'_> {
    /// Checks a value; false if it must be taken out.
    fn walk(&mut self, schema: &Value, node: &mut Node) -> bool {
        let shape = self.shape;
        let branches = shape.branches(schema);
        let Some((branch, name)) = fitting(&branches, node) else {
            self.wrong_type(schema, &branches, node);
            return false;
        };
        match &mut node.data {
            Data::Scalar(value) => {
                let problem = scalar_problem(branch, *name, value, &branches);
                let Some((code, problem, help)) = problem else { return true };
                let message = format!("{} {problem}", self.subject());
                self.out
                    .push(Diagnostic::new(code, message).at(self.source.spot(node.span.clone())).help(help));
                false
            }
            Data::List(items, lost) => {
                let Some(schema) = branch.get("items") else { return true };
                self.path.push(Step::Item);
                let whole = items.len();
                items.retain_mut(|item| self.walk(schema, item));
                *lost |= items.len() < whole;
                self.path.pop();
                true
            }
            Data::Table(..) => self.walk_table(branch, node),
        }
    }

    fn walk_table(&mut self, schema: &Value, node: &mut Node) -> bool {
        self.put_right(schema, node);
        let Data::Table(fields, lost) = &mut node.data else { return true };
        let further = schema.get("additionalProperties").filter(|further| further.is_object());
        let mut whole = true;
        for (key, field) in fields.iter_mut() {
            let Some(schema) = property(schema, key).or(further) else { continue };
            self.path.push(Step::Key(key.clone()));
            if !self.walk(schema, field) {
                lost.insert(key.clone());
            }
            self.path.pop();
        }
        fields.retain(|key, _| !lost.contains(key));
        let place = node.span.clone();
        for key in required(schema) {
            if fields.contains_key(key) {
                continue;
            }
            whole = false;
            if !lost.contains(key) {
                let table =
                    if self.path.is_empty() { "in this file".into() } else { table_words(&self.path) };
                let mut missing = Diagnostic::new("missing-key", format!("`{key}` is missing {table}"))
                    .at(self.source.spot(place.clone()))
                    .maybe_help(describe(key, property(schema, key)));
                if !self.path.is_empty() {
                    missing = missing.label(format!("this needs `{key}`"));
                }
                self.out.push(missing);
            }
        }
        whole
    }

    /// Tells of keys that are not known. One that is a slip for a known one is read as that one.
    fn put_right(&mut self, schema: &Value, node: &mut Node) {
        if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
            return;
        }
        let Data::Table(fields, lost) = &mut node.data else { return };
        let unknown: Vec<String> =
            fields.keys().filter(|key| property(schema, key).is_none()).cloned().collect();
        for key in unknown {
            let Some(field) = fields.remove(&key) else { continue };
            let free = properties(schema).map(|(name, _)| name.as_str());
            let meant =
                nearest(&key, free.filter(|name| !fields.contains_key(*name) && !lost.contains(*name)));
            let home = self.shape.homes.get(&key).and_then(|homes| homes.first());
            let table = match self.path.as_slice() {
                [] => "at the top of the file".to_owned(),
                path => table_words(path),
            };
            let mut diagnostic =
                Diagnostic::new("unknown-key", format!("unknown key {} {table}", quote(&key)))
                    .at(self.source.spot(field.key_span()));
            let slip = meant.filter(|name| home.is_none() || name.len().abs_diff(key.len()) <= 1);
            diagnostic = match (slip, home) {
                (Some(name), _) => diagnostic.help(format!("did you mean `{name}`?")),
                // A key of another form of the same table is no use here.
                (None, Some(home)) if *home != table => {
                    diagnostic.help(format!("{} stands {home}", quote(&key)))
                }
                (None, _) => {
                    let known = || properties(schema).map(|(name, _)| name.as_str());
                    diagnostic.help(match nearest(&key, known()) {
                        Some(given) => format!("did you mean `{given}`? It is given already"),
                        None => format!("known here are {}", quote_all(known())),
                    })
                }
            };
            self.out.push(diagnostic);
            match slip {
                Some(name) => {
                    fields.insert(name.to_owned(), field);
                }
                None => {
                    lost.insert(key);
                }
            }
        }
    }

    /// What the value at hand is called.
    fn subject(&self) -> String {
        let key =
            self.path.iter().rev().find_map(|step| if let Step::Key(key) = step { Some(key) } else { None });
        let key = key.map_or_else(|| "this file".into(), |key| quote(key));
        if self.path.last() == Some(&Step::Item) { format!("an entry of {key}") } else { key }
    }

    fn wrong_type(&mut self, schema: &Value, branches: &[(&Value, Option<&str>)], node: &Node) {
        let mut wanted: Vec<String> = Vec::new();
        for (branch, name) in branches {
            let words = self.wanted_words(branch, *name);
            if !wanted.contains(&words) {
                wanted.push(words);
            }
        }
        let found = type_words(type_of(node));
        let message = format!("{} must be {}", self.subject(), wanted.join(" or "));
        let key = match self.path.last() {
            Some(Step::Key(key)) => Some(key.as_str()),
            _ => None,
        };
        let help = self.type_mend(branches, node, key).or_else(|| describe(key?, Some(schema)));
        self.out.push(
            Diagnostic::new("wrong-type", message)
                .at(self.source.spot(node.span.clone()))
                .label(format!("this is {}", if found.starts_with('`') { "a truth value" } else { found }))
                .maybe_help(help),
        );
    }

    fn wanted_words(&self, schema: &Value, name: Option<&str>) -> String {
        match name {
            Some("Duration") => return "a time such as `\"30s\"`".into(),
            Some("Share") => return "a share such as `\"5pt\"`".into(),
            Some("Size") => return "a size such as `\"4MiB\"`".into(),
            Some("Date") => return "a day such as `2026-12-31`".into(),
            Some("Rate") => return "a rate such as `\"20/s\"`".into(),
            _ => {}
        }
        match words(schema).as_slice() {
            [] => {}
            all => return all.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(" or "),
        }
        let kind = schema.get("type").and_then(Value::as_str).unwrap_or("string");
        let Some(items) = schema.get("items").filter(|_| kind == "array") else {
            return type_words(kind).to_owned();
        };
        let mut plural: Vec<&str> = Vec::new();
        for (item, _) in self.shape.branches(items) {
            let word = match item.get("type").and_then(Value::as_str) {
                Some("string") => "texts",
                Some("object") => "tables",
                Some("integer" | "number") => "numbers",
                _ => "values",
            };
            if !plural.contains(&word) {
                plural.push(word);
            }
        }
        format!("a list of {}", plural.join(" or "))
    }

    /// How a value of the wrong type is written rightly, where that can be told.
    fn type_mend(
        &self,
        branches: &[(&Value, Option<&str>)],
        node: &Node,
        key: Option<&str>,
    ) -> Option<String> {
        let raw = self.source.text.get(node.span.clone())?;
        if raw.len() > 60
            || raw.contains('\n')
            || raw.starts_with('[') && matches!(node.data, Data::Table(..))
        {
            return None;
        }
        let before = key.map_or_else(String::new, |key| format!("{key} = "));
        let found = type_of(node);
        let takes_any = |wanted: &str| branches.iter().any(|(branch, _)| takes(branch, wanted));
        let in_list = branches.iter().filter_map(|(branch, _)| branch.get("items"));
        let mut in_list = in_list.flat_map(|items| self.shape.branches(items));
        if in_list.any(|(item, _)| takes(item, found)) {
            return Some(format!("write `{before}[{raw}]`"));
        }
        if let Data::Scalar(Value::String(text)) = &node.data {
            let number = text.parse::<i64>().is_ok() && (takes_any("integer") || takes_any("number"));
            let number = number || text.parse::<f64>().is_ok_and(f64::is_finite) && takes_any("number");
            let truth = takes_any("boolean") && (text == "true" || text == "false");
            return (number || truth).then(|| format!("write `{before}{text}`, without quotes"));
        }
        let plain = |(branch, name): &(&Value, Option<&str>)| {
            takes(branch, "string") && name.is_none() && words(branch).is_empty()
        };
        (matches!(found, "integer" | "number" | "boolean") && branches.iter().any(plain))
            .then(|| format!("write `{before}\"{raw}\"`, with quotes"))
    }
}

/// What a key is for, from the schema.
fn describe(key: &str, schema: Option<&Value>) -> Option<String> {
    let text = schema?.get("description")?.as_str()?;
    Some(format!("`{key}`: {}", text.split("\n\n").next().unwrap_or(text).replace('\n', " ")))
}

/// What is wrong with a scalar of the right type: a code, the rest of the sentence, the mend.
fn scalar_problem(
    schema: &Value,
    name: Option<&str>,
    value: &Value,
    branches: &[(&Value, Option<&str>)],
) -> Option<(&'static str, String, String)> {
    let text = as_text(value);
    let quantity = match name {
        Some("Duration") => text.parse::<Duration>().err(),
        Some("Share") => text.parse::<Share>().err(),
        Some("Size") => text.parse::<Size>().err(),
        Some("Date") => text.parse::<Date>().err(),
        Some("Rate") => text.parse::<Rate>().err(),
        _ => None,
    };
    if let Some(error) = quantity {
        let (what, help) = match name {
            Some("Duration") => ("a time", "write a number with `ms`, `s`, `m` or `h`, as in `30s`"),
            Some("Share") => {
                ("a share", "write points as in `5pt`, per cent as in `5%`, or a number from 0 to 1")
            }
            Some("Date") => ("a day", "write year, month and day of a day that there is, as in `2026-12-31`"),
            Some("Rate") => {
                ("a rate", "write a number above 0 with `/s`, `/min` or `/h`, as in `20/s` or `600/min`")
            }
            _ => ("a size", "write a whole number with `B`, `KiB`, `MiB` or `GiB`, as in `4MiB`"),
        };
        return Some((
            "bad-quantity",
            format!("must be {what}, and {} is none", quote(error.found())),
            help.into(),
        ));
    }
    let known: Vec<_> = branches.iter().flat_map(|(branch, _)| words(branch)).collect();
    if value.is_string() && !words(schema).is_empty() && !known.contains(&text.as_str()) {
        let help = match nearest(&text, known.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("it may be {}", quote_all(known)),
        };
        return Some(("unknown-word", format!("cannot be {}", quote(&text)), help));
    }
    let number = value.as_f64()?;
    let least = schema.get("minimum").and_then(Value::as_f64);
    let most = schema.get("maximum").and_then(Value::as_f64).or_else(|| {
        (schema.get("format").and_then(Value::as_str) == Some("uint32")).then_some(f64::from(u32::MAX))
    });
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        let range = match (least, most) {
            (Some(least), Some(most)) => format!("write a number from {least} to {most}"),
            (Some(least), None) => format!("write a number of at least {least}"),
            (_, most) => format!("write a number of at most {}", most.unwrap_or(f64::MAX)),
        };
        return Some(("out-of-range", format!("cannot be {}", quote(&text)), range));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::schema::SCHEMA;

    fn check(text: &str) -> (Document, Diagnostics) {
        let mut out = Diagnostics::default();
        let mut document = Document::parse(Source::new("a.toml", text.into()), &mut out).unwrap();
        Shape::new(SCHEMA).check(&mut document, &mut out);
        (document, out)
    }

    #[test]
    fn a_slip_in_a_key_is_read_as_the_key_that_was_meant() {
        let (document, out) = check(
            "feature = \"f\"\n[target]\nhttp = \"http://x\"\n[[scenario]]\nname = \"n\"\ninput = [\"a\", 3]\nexpct = { lable = \"x\" }\n",
        );
        let told: Vec<_> = out.iter().map(|d| (d.spot.as_ref().unwrap().line, d.code)).collect();
        assert_eq!(told, [(6, "unknown-key"), (6, "wrong-type"), (7, "unknown-key"), (7, "unknown-key")]);
        let scenario = document.root.field("scenario").item(0).to_value();
        assert_eq!(scenario["inputs"], serde_json::json!(["a"]));
        assert_eq!(scenario["expect"]["label"], "x");
    }

    #[test]
    fn a_key_that_belongs_into_another_table_is_sent_there() {
        let (_, out) = check(
            "feature = \"f\"\nscenario = []\n[target]\nhttp = \"x\"\nlabels = [\"a\"]\nconcurrency = 3\n",
        );
        let help: Vec<_> = out.iter().map(|d| d.help.clone().unwrap()).collect();
        assert_eq!(
            help,
            [
                "`labels` stands at the top of the file, before the first `[table]`",
                "`concurrency` stands in `[run]`"
            ]
        );
    }

    #[test]
    fn what_remains_is_always_readable() {
        let (document, out) = check(
            "seed = -1\n[target]\nhttp = 3\nmax_answer = \"4MB\"\n[gate]\nmin_effect = 5\nmetrics = { a = { floor = \"x\" } }\n[[scenario]]\ninputs = [\"b\"]\n[[scenario]]\nname = \"m\"\ninputs = [\"a\"]\n",
        );
        assert_eq!(out.len(), 7, "{out}");
        let mut rest = document.root.to_value();
        rest["feature"] = "f".into();
        let read: crate::suite::schema::SuiteFile = serde_json::from_value(rest).unwrap();
        assert_eq!(read.scenario.len(), 1);
    }
}
