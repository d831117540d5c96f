//! From what a scenario says of its knobs to a model that rows can be made of, or to everything that is
//! wrong with it.

use super::super::covering::{self, Constraint, CoveringError, Factor, Group, Model};
use super::super::entry::Step;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::nearest::nearest;
use crate::suite::schema::{CoverSpec, KnobSpec, KnobTable, ScenarioSpec};
use std::ops::Range;

/// Names that stand for something else in a template.
const TAKEN: [&str; 20] = [
    "input",
    "row",
    "chunk",
    "turns",
    "conversation",
    "serve",
    "knobs",
    "range",
    "dict",
    "namespace",
    "loop",
    "self",
    "true",
    "false",
    "none",
    "not",
    "and",
    "or",
    "in",
    "is",
];
/// The highest strength.
const MAX_STRENGTH: usize = 4;

/// Something wrong with the knobs of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The keys and places within the scenario that lead to it.
    pub path: Vec<Step>,
    /// Whether it is the key there that is wrong.
    pub key: bool,
    /// Bytes of the text there that are at fault, where it is a part of it.
    pub within: Option<Range<usize>>,
    /// Other places that it is about, each with a few words.
    pub related: Vec<(Vec<Step>, &'static str)>,
    /// A stable word for its kind.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The mend.
    pub help: String,
}

/// The model of a scenario's knobs, or everything that is wrong with them.
pub fn model(spec: &ScenarioSpec) -> Result<Model, Vec<Mistake>> {
    let default = CoverSpec::default();
    let cover = spec.cover.as_ref().unwrap_or(&default);
    let mut out = Vec::new();
    if spec.knobs.is_empty() {
        let help =
            "write `[scenario.knobs]` with a list of values for each: `persona = [\"new user\", \"admin\"]`";
        out.push(mistake(vec!["template".into()], "missing-key", "this template has no knobs to vary", help));
        return Err(out);
    }
    let factors: Vec<Factor> = spec.knobs.iter().map(|(name, knob)| factor(name, knob, &mut out)).collect();
    let mut model = Model::new(factors, cover.strength);
    if !(1..=MAX_STRENGTH).contains(&cover.strength) {
        let what = format!("`strength` cannot be {}", cover.strength);
        out.push(mistake(path(&["cover", "strength"]), "out-of-range", what, "write 1, 2, 3 or 4"));
    }
    groups(cover, &mut model, &mut out);
    constraints(cover, &mut model, &mut out);
    rows(cover, &mut model, &mut out);
    count(cover, &mut model, &mut out);
    if out.is_empty() {
        // What only shows where all of it comes together: constraints that leave nothing, too much to cover.
        if let Err(error) = covering::measure(&model, &[]) {
            out.push(together(&error, cover));
        }
    }
    if out.is_empty() { Ok(model) } else { Err(out) }
}

fn factor(name: &str, knob: &KnobSpec, out: &mut Vec<Mistake>) -> Factor {
    let at = || path(&["knobs", name]);
    let (values, table, list) = match knob {
        KnobSpec::Values(values) => (values, None, at()),
        KnobSpec::Table(table) => (&table.values, Some(table), path(&["knobs", name, "values"])),
    };
    let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !word || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        let what = format!("a knob cannot be called {}", quote(name));
        let help = "its name has letters, digits and `_` only, and begins with no digit";
        out.push(Mistake { key: true, ..mistake(at(), "bad-name", what, help) });
    } else if TAKEN.contains(&name) {
        let what = format!("a knob cannot be called `{name}`: that stands for something else in templates");
        out.push(Mistake { key: true, ..mistake(at(), "bad-name", what, "choose another name") });
    }
    if values.is_empty() {
        let what = format!("the knob `{name}` has no values");
        out.push(mistake(list.clone(), "no-values", what, format!("list them: `{name} = [\"…\", \"…\"]`")));
    }
    for (at, value) in values.iter().enumerate() {
        if let Some(first) = values[..at].iter().position(|known| known == value) {
            let item = |at: usize| [list.as_slice(), &[Step::Item(at)]].concat();
            let what = format!("the knob `{name}` has the value {} twice", quote(value));
            let twice = mistake(item(at), "duplicate-value", what, "keep one of them");
            out.push(Mistake { related: vec![(item(first), "the first one")], ..twice });
        }
    }
    let mut factor = Factor::new(name, values.iter().cloned());
    if let Some(table) = table {
        weights(name, table, &mut factor, out);
        shares(name, table, &mut factor, out);
    }
    factor
}

fn weights(name: &str, table: &KnobTable, factor: &mut Factor, out: &mut Vec<Mistake>) {
    let Some(weights) = &table.weights else { return };
    let list = path(&["knobs", name, "weights"]);
    if weights.len() != table.values.len() {
        let what = format!(
            "the knob `{name}` has {} and {}",
            count_of(weights.len(), "weight"),
            count_of(table.values.len(), "value")
        );
        out.push(mistake(list, "bad-weight", what, "write one weight for each value, in their order"));
        return;
    }
    let mut whole = true;
    for (at, weight) in
        weights.iter().enumerate().filter(|(_, weight)| !(weight.is_finite() && **weight >= 0.0))
    {
        let what = format!("a weight cannot be {weight}");
        let item = [list.as_slice(), &[Step::Item(at)]].concat();
        out.push(mistake(item, "bad-weight", what, "write a number of 0 or more"));
        whole = false;
    }
    let sum: f64 = weights.iter().sum();
    if whole && !(sum > 0.0 && sum.is_finite()) {
        let what = format!("the weights of the knob `{name}` leave no value");
        out.push(mistake(list, "bad-weight", what, "write a number above 0 for at least one value"));
        return;
    }
    factor.weights = Some(weights.clone());
}

fn shares(name: &str, table: &KnobTable, factor: &mut Factor, out: &mut Vec<Mistake>) {
    let before = out.len();
    for (value, share) in &table.shares {
        let place = path(&["knobs", name, "shares", value]);
        match table.values.iter().position(|known| known == value) {
            None => out.push(Mistake { key: true, ..unknown_value(name, &table.values, value, place) }),
            Some(_) if !(*share > 0.0 && *share <= 1.0) => {
                let what = format!("a share cannot be {share}");
                let help = "write a number above 0 and up to 1; a constraint keeps a value out";
                out.push(mistake(place, "bad-share", what, help));
            }
            Some(at) => factor.shares.push((at, *share)),
        }
    }
    let sum: f64 = table.shares.values().sum();
    if out.len() == before && sum > 1.0 + 1e-9 {
        let what = format!("the shares of the knob `{name}` add up to {sum:.2}");
        out.push(mistake(
            path(&["knobs", name, "shares"]),
            "bad-share",
            what,
            "lower them: together they are 1 at most",
        ));
    }
}

fn groups(cover: &CoverSpec, model: &mut Model, out: &mut Vec<Mistake>) {
    for (number, spec) in cover.groups.iter().enumerate() {
        let place = |key: &str| vec!["cover".into(), "groups".into(), Step::Item(number), key.into()];
        let before = out.len();
        let mut factors = Vec::new();
        for (at, knob) in spec.knobs.iter().enumerate() {
            let item = [place("knobs"), vec![Step::Item(at)]].concat();
            match model.factors.iter().position(|factor| factor.name == *knob) {
                None => out.push(unknown_knob(&model.factors, knob, item)),
                Some(factor) if factors.contains(&factor) => {
                    let what = format!("this group names the knob `{knob}` twice");
                    out.push(mistake(item, "duplicate-knob", what, "keep one of them"));
                }
                Some(factor) => factors.push(factor),
            }
        }
        if out.len() > before {
            continue;
        }
        let most = MAX_STRENGTH.min(factors.len());
        if factors.is_empty() {
            let help = "name the knobs that are covered together";
            out.push(mistake(place("knobs"), "no-values", "this group names no knobs", help));
        } else if !(1..=most).contains(&spec.strength) {
            let of = count_of(factors.len(), "knob");
            let what = format!("`strength` cannot be {} in a group of {of}", spec.strength);
            let help = if most == 1 {
                "write 1, or name more knobs".into()
            } else {
                format!("write a number from 1 to {most}")
            };
            out.push(mistake(place("strength"), "out-of-range", what, help));
        } else {
            model.groups.push(Group { name: spec.knobs.join(" × "), factors, strength: spec.strength });
        }
    }
}

fn constraints(cover: &CoverSpec, model: &mut Model, out: &mut Vec<Mistake>) {
    // Over values that are told of already, what a constraint says of them would be told twice.
    if model.factors.iter().any(|factor| factor.values.is_empty()) {
        return;
    }
    for (at, text) in cover.constraints.iter().enumerate() {
        match Constraint::parse(text, &model.factors) {
            Ok(constraint) => model.constraints.push(constraint),
            Err(error) => {
                let place = vec!["cover".into(), "constraints".into(), Step::Item(at)];
                let what = format!("this constraint cannot be read: {}", error.message);
                let help =
                    "a constraint reads like `not (persona = \"new user\" and feature = \"admin export\")`";
                out.push(Mistake {
                    within: Some(error.span),
                    ..mistake(place, "bad-constraint", what, help)
                });
            }
        }
    }
}

fn rows(cover: &CoverSpec, model: &mut Model, out: &mut Vec<Mistake>) {
    for (number, row) in cover.rows.iter().enumerate() {
        let mut seed = vec![None; model.factors.len()];
        for (knob, value) in row {
            let place = vec!["cover".into(), "rows".into(), Step::Item(number), knob.as_str().into()];
            let Some(factor) = model.factors.iter().position(|factor| factor.name == *knob) else {
                out.push(Mistake { key: true, ..unknown_knob(&model.factors, knob, place) });
                continue;
            };
            let values = &model.factors[factor].values;
            seed[factor] = values.iter().position(|known| known == value);
            if seed[factor].is_none() && !values.is_empty() {
                out.push(unknown_value(knob, values, value, place));
            }
        }
        model.seeds.push(seed);
    }
}

fn count(cover: &CoverSpec, model: &mut Model, out: &mut Vec<Mistake>) {
    let (Some(count), place) = (cover.count, path(&["cover", "count"])) else { return };
    let must = cover.rows.len();
    if count == 0 {
        let help = "write a number above 0, or leave it out: as few rows as cover everything";
        out.push(mistake(place, "out-of-range", "`count` of 0 leaves no rows", help));
    } else if count < must {
        let what = format!("`count` is {count}, and {must} rows must appear");
        out.push(mistake(place, "out-of-range", what, format!("write {must} or more")));
    } else {
        model.rows = Some(count);
    }
}

/// What is wrong with a model all of whose parts make sense.
fn together(error: &CoveringError, cover: &CoverSpec) -> Mistake {
    let constraint = |text: &String| {
        let at = cover.constraints.iter().position(|known| known == text)?;
        Some(vec!["cover".into(), "constraints".into(), Step::Item(at)])
    };
    let list = |texts: &[String]| quote_all(texts.iter().map(String::as_str));
    match error {
        CoveringError::Contradiction { constraints } => {
            let mut places = constraints.iter().filter_map(constraint);
            let first = places.next().unwrap_or_else(|| path(&["cover"]));
            let what = if constraints.len() == 1 {
                "this constraint leaves no row at all".to_owned()
            } else {
                format!("these constraints leave no row at all: {}", list(constraints))
            };
            let related = places.map(|place| (place, "together with this one")).collect();
            Mistake { related, ..mistake(first, "nothing-left", what, "loosen one of them") }
        }
        CoveringError::SeedBroken { row, constraints } => {
            let place = vec!["cover".into(), "rows".into(), Step::Item(row.saturating_sub(1))];
            let what = format!("this row must appear and breaks {}", list(constraints));
            let related =
                constraints.iter().filter_map(constraint).map(|place| (place, "what it breaks")).collect();
            let help = "change the row, or loosen the constraint";
            Mistake { related, ..mistake(place, "broken-row", what, help) }
        }
        other => {
            let (what, help) = match other.to_string().split_once(": ") {
                Some((what, help)) => (what.to_owned(), help.to_owned()),
                None => (other.to_string(), "use fewer knobs, fewer values or a lower strength".to_owned()),
            };
            let place = match other {
                CoveringError::TooHard => path(&["cover", "constraints"]),
                _ => path(&["knobs"]),
            };
            mistake(place, "too-many", what, help)
        }
    }
}

fn unknown_knob(factors: &[Factor], knob: &str, place: Vec<Step>) -> Mistake {
    let known = || factors.iter().map(|factor| factor.name.as_str());
    let help = match nearest(knob, known()) {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None => format!("the knobs are {}", quote_all(known())),
    };
    mistake(place, "unknown-knob", format!("there is no knob {}", quote(knob)), help)
}

fn unknown_value(knob: &str, values: &[String], value: &str, place: Vec<Step>) -> Mistake {
    let known = || values.iter().map(String::as_str);
    let help = match nearest(value, known()) {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None => format!("its values are {}", quote_all(known())),
    };
    mistake(place, "unknown-value", format!("the knob `{knob}` has no value {}", quote(value)), help)
}

fn count_of(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn path(keys: &[&str]) -> Vec<Step> {
    keys.iter().map(|key| (*key).into()).collect()
}

fn mistake(
    path: Vec<Step>,
    code: &'static str,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Mistake {
    Mistake {
        path,
        key: false,
        within: None,
        related: Vec::new(),
        code,
        message: message.into(),
        help: help.into(),
    }
}
