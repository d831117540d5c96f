//! Checks of one `expect`: conditions that can hold, and can fail.

use super::{Checker, is_template};
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::schema::{Expect, JsonCheck, NumberCheck, OneOrMany};
use serde_json::Value;

/// Keys of an `expect` that are no conditions.
const NO_CONDITIONS: [&str; 3] = ["ignore_case", "at", "measures"];

/// Conditions that `ignore_case` has a meaning for.
const FOLDED: [&str; 7] =
    ["equals", "contains", "contains_all", "contains_any", "excludes", "starts_with", "one_of"];

/// Whether any condition compares texts whose case may be ignored; what is said of case reaches into
/// `not`.
fn compares_texts(expect: &Expect) -> bool {
    expect.equals.is_some()
        || expect.contains.is_some()
        || expect.contains_all.is_some()
        || expect.contains_any.is_some()
        || expect.excludes.is_some()
        || expect.starts_with.is_some()
        || expect.one_of.is_some()
        || expect.not.as_deref().is_some_and(compares_texts)
}

impl Checker<'_> {
    /// Checks one table of expectations.
    pub(super) fn expect(&mut self, expect: &Expect, node: &Node) {
        let conditions = Expect { ignore_case: false, at: None, measures: None, ..expect.clone() };
        if conditions == Expect::default() && !node.is_damaged() {
            let key =
                node.key.clone().and_then(|key| self.source.text.get(key)).unwrap_or("expect").to_owned();
            let only = NO_CONDITIONS.iter().any(|key| node.mentions(key));
            let what = if only { "has no condition" } else { "is empty" };
            let empty = self.at("nothing-expected", format!("`{key}` {what}"), node);
            self.out.push(empty.help("write a condition, such as `contains = \"…\"` or `label = \"…\"`"));
        }
        if expect.ignore_case
            && conditions != Expect::default()
            && !node.is_damaged()
            && !compares_texts(expect)
        {
            let what = "`ignore_case` changes nothing here";
            let ignored = self.at_key("misplaced-key", what, node.field("ignore_case"));
            self.out.push(ignored.help(format!(
                "leave it out: it goes with {}; in a pattern write `(?i)`",
                quote_all(FOLDED)
            )));
        }
        self.texts_said(expect, node);
        for (key, pattern) in [
            ("matches", expect.matches.as_deref()),
            ("cites", expect.cites.as_ref().and_then(|c| c.pattern.as_deref())),
        ] {
            if let Some(pattern) = pattern {
                let place = node.field(key);
                self.regex(pattern, if key == "cites" { place.field("pattern") } else { place });
            }
        }
        self.bounds(expect, node);
        if let Some(number) = &expect.number {
            self.number(number, node.field("number"));
        }
        for (at, check) in expect.json.as_ref().map_or(&[][..], OneOrMany::as_slice).iter().enumerate() {
            self.json(check, node.field("json").item(at));
        }
        if let Some(schema) = &expect.json_schema {
            self.json_schema(schema, node.field("json_schema"));
        }
        for (at, call) in expect.calls.as_ref().map_or(&[][..], OneOrMany::as_slice).iter().enumerate() {
            if call.name.trim().is_empty() {
                let empty = self.at(
                    "empty-text",
                    "this tool has no name",
                    node.field("calls").item(at).field("name"),
                );
                self.out.push(empty.help("write the name of the tool that is called"));
            }
        }
        if let Some(command) = &expect.command {
            let place = node.field("command").field("run");
            if command.run.first().is_none_or(|program| program.trim().is_empty()) && !place.is_damaged() {
                let nothing = self.at("empty-command", "this command names no program", place);
                self.out.push(
                    nothing.help("write the program and its arguments: `run = [\"python3\", \"check.py\"]`"),
                );
            }
        }
        self.references(expect, node);
        if let Some(not) = &expect.not {
            self.no_references(not, node.field("not"));
            self.expect(not, node.field("not"));
        }
    }

    /// Texts that every output contains, and lists that none is in.
    fn texts_said(&mut self, expect: &Expect, node: &Node) {
        let one = |text: &Option<String>| text.clone().map(|text| vec![text]);
        let many = |texts: &Option<OneOrMany<String>>| texts.as_ref().map(|texts| texts.as_slice().to_vec());
        let all = [
            ("contains", one(&expect.contains)),
            ("starts_with", one(&expect.starts_with)),
            ("contains_all", expect.contains_all.clone()),
            ("contains_any", expect.contains_any.clone()),
            ("excludes", many(&expect.excludes)),
            ("label", many(&expect.label)),
            ("one_of", expect.one_of.clone()),
        ];
        for (key, texts) in all {
            let (Some(texts), place) = (texts, node.field(key)) else { continue };
            if texts.is_empty() && !place.is_damaged() {
                let nothing = self.at("empty-list", format!("`{key}` lists nothing"), place);
                self.out.push(nothing.help(format!("write at least one text, or leave `{key}` out")));
            }
            for (at, text) in texts.iter().enumerate() {
                // An empty output may well be one of those expected.
                if text.is_empty() && key != "one_of" {
                    let empty = self.at("empty-text", format!("`{key}` has an empty text"), place.item(at));
                    self.out.push(empty.help(if key == "label" {
                        "write a label"
                    } else {
                        "every output contains the empty text: write what is meant, or leave it out"
                    }));
                }
            }
        }
    }

    fn bounds(&mut self, expect: &Expect, node: &Node) {
        #[expect(clippy::cast_precision_loss, reason = "only compared with each other")]
        let counts = [
            ("words", expect.words),
            ("sentences", expect.sentences),
            ("characters", expect.characters),
            ("turns", expect.turns),
        ]
        .map(|(key, bounds)| (key, bounds.map(|b| (b.min.map(|n| n as f64), b.max.map(|n| n as f64)))));
        let seconds = |time: crate::suite::quantity::Duration| time.get().as_secs_f64();
        let latency = expect.latency.map(|b| (b.min.map(seconds), b.max.map(seconds)));
        let cost = expect.cost.map(|b| (b.min, b.max));
        for (key, bounds) in counts.into_iter().chain([("latency", latency), ("cost", cost)]) {
            let place = node.field(key);
            match bounds {
                Some((None, None)) if !place.is_damaged() => {
                    let nothing = self.at("no-bounds", format!("`{key}` has neither `min` nor `max`"), place);
                    self.out.push(nothing.help(format!("write `{key} = {{ max = … }}`")));
                }
                Some((Some(min), Some(max))) if min > max => {
                    let what = format!("`min` of `{key}` is above its `max`");
                    let max = self.source.spot(place.field("max").span.clone());
                    let nothing = self.at("no-bounds", what, place.field("min"));
                    self.out.push(nothing.label("more than").related(max, "this").help("swap the two"));
                }
                _ => {}
            }
        }
    }

    fn number(&mut self, number: &NumberCheck, node: &Node) {
        let fits = match &number.value {
            Value::Number(_) => true,
            Value::String(text) => is_template(text),
            _ => false,
        };
        if !fits {
            let bad = self.at("wrong-type", "`value` must be a number", node.field("value"));
            self.out
                .push(bad.help("write a number without quotes, or a template such as `\"{{ row.price }}\"`"));
        }
        for (key, tolerance) in [("tolerance", number.tolerance), ("relative", number.relative)] {
            if tolerance.is_some_and(|tolerance| tolerance < 0.0) {
                let bad = self.at("out-of-range", format!("`{key}` cannot be negative"), node.field(key));
                self.out.push(bad.help("write how far the number may be off, to either side"));
            }
        }
        if let Some(pointer) = &number.pointer {
            self.pointer(pointer, node.field("pointer"));
        }
    }

    fn json(&mut self, check: &JsonCheck, node: &Node) {
        self.pointer(&check.pointer, node.field("pointer"));
        if let Some(pattern) = &check.matches {
            self.regex(pattern, node.field("matches"));
        }
        let comparisons = ["equals", "contains", "matches", "at_least", "at_most", "exists"];
        let given: Vec<_> = comparisons.into_iter().filter(|key| node.mentions(key)).collect();
        match given.as_slice() {
            [_] => {}
            [] if node.is_damaged() => {}
            [] => {
                let nothing = self.at("no-comparison", "this check of a JSON value compares nothing", node);
                self.out.push(nothing.help(format!("give one of `{}`", comparisons.join("`, `"))));
            }
            [first, second, ..] => {
                let what = format!("this check compares by `{first}` and by `{second}`");
                let both = self.at_key("several-comparisons", what, node.field(second));
                self.out.push(
                    both.help("write a list of checks, with one comparison each: `json = [{ … }, { … }]`"),
                );
            }
        }
    }

    fn json_schema(&mut self, schema: &Value, node: &Node) {
        if !cfg!(feature = "json-schema") {
            let what = "`json_schema` needs the feature `json-schema`, which this build does not have";
            let refused = self.at_key("missing-feature", what, node);
            self.out.push(refused.help("install it with `cargo install holdline --features json-schema`, or add the feature to the dependency"));
        }
        let read = match schema {
            Value::String(file) if is_template(file) => return,
            Value::String(file) => match self.files.data(file) {
                Ok(data) => match serde_json::from_str(&data.text) {
                    Ok(schema) => schema,
                    Err(error) => {
                        let what = format!("{} is not JSON: {error}", quote(&data.file));
                        let bad = self.at("bad-json-schema", what, node);
                        self.out.push(bad.help("name a file that holds a JSON Schema"));
                        return;
                    }
                },
                Err(mistake) => {
                    self.out.push(mistake.or_at(self.source.spot(node.span.clone())));
                    return;
                }
            },
            table => table.clone(),
        };
        if let Some(problem) = schema_problem(&read) {
            let bad = self.at("bad-json-schema", format!("this is not a JSON Schema: {problem}"), node);
            self.out.push(bad.help("name a file that holds a JSON Schema, or write it as a table"));
        }
    }
}

/// What keeps a value from being a JSON Schema. Without the validator only its outermost type is known.
fn schema_problem(schema: &Value) -> Option<String> {
    if !schema.is_object() && !schema.is_boolean() {
        return Some("it is no object".into());
    }
    #[cfg(feature = "json-schema")]
    if let Err(error) = jsonschema::validator_for(schema) {
        return Some(error.to_string());
    }
    None
}
