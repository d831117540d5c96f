//! An entry of an `expand` list, resolved: which operators, with which options, and what their variants
//! promise.

use super::operator::{Choice, Family, Operator, Promise, Settings, Takes};
use super::operators;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::nearest::nearest;
use crate::suite::schema::{ExpandEntry, ExpandLink, ExpandTable, Expect, OneOrMany, StatedExpect};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most variants of a seed that one entry may ask for.
pub const MAX_PER_SEED: usize = 10_000;
/// Most links of a chain.
const MAX_LINKS: usize = 5;

/// An entry, resolved.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is called in reports: `typing`, `negation`, `typing+surface`.
    pub name: String,
    /// What works on the seed, and then on what came of it.
    pub links: Vec<Link>,
    /// Variants of each seed, where the entry says.
    pub per_seed: Option<usize>,
    /// What the suite states of the variants.
    pub stated: Option<Stated>,
}

/// One link of a chain: an operator, or those of a family, in turn.
#[derive(Debug, Clone)]
pub struct Link {
    /// The operators with their options.
    pub operators: Vec<(&'static Operator, Settings)>,
}

/// What a suite states of variants that promise something of their own.
#[derive(Debug, Clone, PartialEq)]
pub enum Stated {
    /// What the seed expects.
    Seed,
    /// These expectations.
    Own(Vec<Expect>),
}

/// Something wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The keys and places within the entry that lead to it.
    pub path: Vec<Step>,
    /// A stable word for its kind.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The mend.
    pub help: String,
}

/// A key or a place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key of a table.
    Key(String),
    /// A place in a list.
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl Entry {
    /// Resolves an entry, or tells everything that is wrong with it.
    pub fn of(spec: &ExpandEntry) -> Result<Self, Vec<Mistake>> {
        let mut out = Vec::new();
        let entry = match spec {
            ExpandEntry::Name(name) => {
                let link =
                    named(name, Vec::new(), &mut out).map(|named| vec![(named, BTreeMap::new(), Vec::new())]);
                Self::resolve(link, &ExpandTable::default(), &mut out)
            }
            ExpandEntry::Table(table) => Self::of_table(table, &mut out),
        };
        match entry {
            Some(entry) if out.is_empty() => Ok(entry),
            _ => Err(out),
        }
    }

    fn of_table(table: &ExpandTable, out: &mut Vec<Mistake>) -> Option<Self> {
        let given = [
            ("op", table.op.is_some()),
            ("family", table.family.is_some()),
            ("chain", table.chain.is_some()),
        ];
        let given: Vec<&str> = given.into_iter().filter(|(_, there)| *there).map(|(key, _)| key).collect();
        if let [_, second, ..] = given[..] {
            let what = format!("{} exclude each other", quote_all(given.iter().copied()));
            out.push(mistake(vec![second.into()], "misplaced-key", what, "keep one of them"));
            return None;
        }
        if let Some(op) = &table.op {
            let Some(operator) = operators::find(op) else {
                out.push(unknown(op, vec!["op".into()], Kind::Operator));
                return None;
            };
            return Self::resolve(
                Some(vec![(Named::Operator(operator), table.options.clone(), Vec::new())]),
                table,
                out,
            );
        }
        if let Some(name) = &table.family {
            let Some(family) = Family::ALL.into_iter().find(|family| family.name() == name) else {
                out.push(unknown(name, vec!["family".into()], Kind::Family));
                return None;
            };
            return Self::resolve(
                Some(vec![(Named::Family(family), table.options.clone(), Vec::new())]),
                table,
                out,
            );
        }
        let Some(chain) = &table.chain else {
            let what = "this entry names neither an operator nor a family";
            out.push(mistake(
                Vec::new(),
                "missing-key",
                what,
                "write `op = \"…\"`, `family = \"…\"` or `chain = […]`",
            ));
            return None;
        };
        if !(2..=MAX_LINKS).contains(&chain.len()) {
            let what = format!("a chain has from 2 to {MAX_LINKS} links, and this one has {}", chain.len());
            out.push(mistake(
                vec!["chain".into()],
                "out-of-range",
                what,
                "for one operator write `op = \"…\"`",
            ));
            return None;
        }
        for key in table.options.keys() {
            let what = format!("{} is no option of a chain", quote(key));
            let help = "write it with its operator: `chain = [{ op = \"…\", option = … }, …]`";
            out.push(mistake(vec![key.as_str().into()], "unknown-option", what, help));
        }
        let links: Vec<_> = chain
            .iter()
            .enumerate()
            .filter_map(|(at, link)| {
                let path = vec!["chain".into(), Step::Item(at)];
                match link {
                    ExpandLink::Name(name) => Some((named(name, path.clone(), out)?, BTreeMap::new(), path)),
                    ExpandLink::Table(link) => {
                        let Some(operator) = operators::find(&link.op) else {
                            out.push(unknown(&link.op, [path, vec!["op".into()]].concat(), Kind::Operator));
                            return None;
                        };
                        Some((Named::Operator(operator), link.options.clone(), path))
                    }
                }
            })
            .collect();
        (links.len() == chain.len()).then(|| Self::resolve(Some(links), table, out)).flatten()
    }

    fn resolve(links: Option<Vec<Given>>, table: &ExpandTable, out: &mut Vec<Mistake>) -> Option<Self> {
        let links = links?;
        let stated = stated(table, out);
        let name = links.iter().map(|(named, ..)| named.name()).collect::<Vec<_>>().join("+");
        if let Some(0) = table.per_seed {
            let help = "write a number above 0, or leave the entry out";
            out.push(mistake(vec!["per_seed".into()], "out-of-range", "`per_seed` cannot be 0", help));
        } else if table.per_seed.is_some_and(|count| count > MAX_PER_SEED) {
            let help = format!("write a number from 1 to {MAX_PER_SEED}");
            out.push(mistake(vec!["per_seed".into()], "out-of-range", "`per_seed` is too large", help));
        }
        let mut resolved = Vec::with_capacity(links.len());
        for (named, options, path) in &links {
            let link = match named {
                Named::Operator(operator) => Self::of_operator(operator, options, path, table, &mut *out),
                Named::Family(family) => {
                    Self::of_family(*family, options, path, table, stated.is_some(), &mut *out)
                }
            };
            resolved.extend(link);
        }
        if resolved.len() < links.len() {
            return None;
        }
        let entry = Self { name, links: resolved, per_seed: table.per_seed, stated };
        entry.check_statement(table, out);
        Some(entry)
    }

    fn of_operator(
        operator: &'static Operator,
        options: &BTreeMap<String, Value>,
        path: &[Step],
        table: &ExpandTable,
        out: &mut Vec<Mistake>,
    ) -> Option<Link> {
        if path.is_empty() && table.except.is_some() {
            let help = "leave it out: it goes with `family`";
            out.push(mistake(vec!["except".into()], "misplaced-key", "`except` changes nothing here", help));
        }
        let before = out.len();
        for (key, value) in options {
            let at = [path, &[key.as_str().into()]].concat();
            match operator.options.iter().find(|choice| choice.name == key) {
                None => out.push(unknown_option(
                    key,
                    operator.options.iter().map(|choice| choice.name),
                    at,
                    operator.name,
                )),
                Some(choice) => out.extend(misfit(choice, value, at)),
            }
        }
        for choice in
            operator.options.iter().filter(|choice| choice.required && !options.contains_key(choice.name))
        {
            let what = format!("{} needs the option `{}`", quote(operator.name), choice.name);
            let help = format!("add `{} = …`: {}", choice.name, choice.what);
            out.push(mistake(path.to_vec(), "missing-key", what, help));
        }
        (out.len() == before).then(|| Link { operators: vec![(operator, Settings(options.clone()))] })
    }

    /// The operators of a family that can do what is asked: without a statement those that need none, with
    /// one those that promise something else than *same*; and none without the options that it needs.
    fn of_family(
        family: Family,
        options: &BTreeMap<String, Value>,
        path: &[Step],
        table: &ExpandTable,
        stated: bool,
        out: &mut Vec<Mistake>,
    ) -> Option<Link> {
        let before = out.len();
        let all: Vec<&'static Operator> = operators::of_family(family).collect();
        let others = |operator: &&'static Operator| operator.promise != Promise::Same;
        let except = table.except.as_deref().unwrap_or_default();
        for (at, name) in except.iter().enumerate() {
            if !all.iter().any(|operator| operator.name == name) {
                let names = || all.iter().map(|operator| operator.name);
                let help = match nearest(name, names()) {
                    Some(meant) => format!("did you mean {}?", quote(meant)),
                    None => format!("its operators are {}", quote_all(names())),
                };
                let what = format!("{} is no operator of the family `{}`", quote(name), family.name());
                out.push(mistake(vec!["except".into(), Step::Item(at)], "unknown-operator", what, help));
            }
        }
        // In a chain the statement may be another link's.
        let stated = stated && (path.is_empty() || all.iter().any(others));
        let kept: Vec<&'static Operator> = all
            .into_iter()
            .filter(|operator| !except.iter().any(|name| name == operator.name))
            .filter(|operator| if stated { others(operator) } else { !operator.needs_statement })
            .filter(|operator| {
                operator.options.iter().all(|choice| !choice.required || options.contains_key(choice.name))
            })
            .collect();
        for (key, value) in options {
            let at = [path, &[key.as_str().into()]].concat();
            let mut takers =
                kept.iter().flat_map(|operator| operator.options).filter(|choice| choice.name == key);
            match takers.next() {
                None => {
                    let known = kept.iter().flat_map(|operator| operator.options).map(|choice| choice.name);
                    out.push(unknown_option(key, known, at, family.name()));
                }
                Some(choice) => out.extend(misfit(choice, value, at)),
            }
        }
        if kept.is_empty() && out.len() == before {
            let family = family.name();
            if stated {
                let key = stated_by(table);
                let what = format!("variants of the family `{family}` keep what their seed expects");
                out.push(mistake(vec![key.into()], "misplaced-key", what, format!("leave `{key}` out")));
            } else {
                let what = format!("the suite must say what holds of variants of the family `{family}`");
                let help = "add `label = \"…\"` or `expect = { … }`, or `expect = \"seed\"` where what the seed expects still holds";
                out.push(mistake(path.to_vec(), "nothing-expected", what, help));
            }
        }
        let settings = |operator: &Operator| {
            let own =
                options.iter().filter(|(key, _)| operator.options.iter().any(|choice| choice.name == *key));
            Settings(own.map(|(key, value)| (key.clone(), value.clone())).collect())
        };
        (out.len() == before).then(|| Link {
            operators: kept.into_iter().map(|operator| (operator, settings(operator))).collect(),
        })
    }

    /// What the variants promise: the most that any of the operators does.
    pub fn promise(&self) -> Promise {
        let promises =
            || self.links.iter().flat_map(|link| &link.operators).map(|(operator, _)| operator.promise);
        if promises().any(|promise| promise == Promise::Own) {
            Promise::Own
        } else if promises().any(|promise| promise == Promise::Changed) {
            Promise::Changed
        } else {
            Promise::Same
        }
    }

    /// The families of the operators, joined by `+` where a chain has several.
    pub fn family(&self) -> String {
        let mut families: Vec<&str> = Vec::new();
        for (operator, _) in self.links.iter().filter_map(|link| link.operators.first()) {
            if families.last() != Some(&operator.family.name()) {
                families.push(operator.family.name());
            }
        }
        families.join("+")
    }

    fn check_statement(&self, table: &ExpandTable, out: &mut Vec<Mistake>) {
        let key = stated_by(table);
        let mut operators = self.links.iter().flat_map(|link| &link.operators);
        if self.stated.is_some() {
            if self.promise() == Promise::Same {
                let what = format!("variants of {} keep what their seed expects", quote(&self.name));
                out.push(mistake(vec![key.into()], "misplaced-key", what, format!("leave `{key}` out")));
            }
        } else if let Some((needing, _)) = operators.find(|(operator, _)| operator.needs_statement) {
            let what = format!("the suite must say what holds of variants of {}", quote(needing.name));
            let beside = if self.links.len() > 1 {
                "`{ chain = […], label = \"…\" }`".to_owned()
            } else {
                format!("`{{ op = \"{}\", label = \"…\" }}`", needing.name)
            };
            let help = format!(
                "write {beside}, with `label` or `expect`; `expect = \"seed\"` where what the seed expects still holds"
            );
            out.push(mistake(Vec::new(), "nothing-expected", what, help));
        }
    }
}

/// The key by which an entry states what holds of its variants.
const fn stated_by(table: &ExpandTable) -> &'static str {
    if table.label.is_some() { "label" } else { "expect" }
}

fn stated(table: &ExpandTable, out: &mut Vec<Mistake>) -> Option<Stated> {
    let label = table.label.as_ref().map(|label| Expect { label: Some(label.clone()), ..Expect::default() });
    match (&table.expect, label) {
        (None, None) => None,
        (Some(StatedExpect::Seed(_)), None) => Some(Stated::Seed),
        (Some(StatedExpect::Seed(_)), Some(_)) => {
            let what = "`label` and what the seed expects exclude each other";
            out.push(mistake(
                vec!["label".into()],
                "misplaced-key",
                what,
                "keep `label`, or `expect = \"seed\"`",
            ));
            Some(Stated::Seed)
        }
        (None, Some(label)) => Some(Stated::Own(vec![label])),
        (Some(StatedExpect::Own(entries)), label) => {
            let entries = match entries {
                OneOrMany::One(one) => std::slice::from_ref(one),
                OneOrMany::Many(many) => many.as_slice(),
            };
            Some(Stated::Own(
                label.into_iter().chain(entries.iter().map(|entry| (**entry).clone())).collect(),
            ))
        }
    }
}

/// A link as it is written: what it names, its options, and where it stands.
type Given = (Named, BTreeMap<String, Value>, Vec<Step>);

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
enum Named {
    Operator(&'static Operator),
    Family(Family),
}

impl Named {
    const fn name(self) -> &'static str {
        match self {
            Self::Operator(operator) => operator.name,
            Self::Family(family) => family.name(),
        }
    }
}

fn named(name: &str, path: Vec<Step>, out: &mut Vec<Mistake>) -> Option<Named> {
    let family = Family::ALL.into_iter().find(|family| family.name() == name).map(Named::Family);
    let found = family.or_else(|| operators::find(name).map(Named::Operator));
    if found.is_none() {
        out.push(unknown(name, path, Kind::Either));
    }
    found
}

/// What a name could have stood for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operator,
    Family,
    Either,
}

fn unknown(name: &str, path: Vec<Step>, kind: Kind) -> Mistake {
    let families = Family::ALL.iter().map(|family| family.name()).filter(|_| kind != Kind::Operator);
    let operators = operators::all().iter().map(|operator| operator.name).filter(|_| kind != Kind::Family);
    let (what, code) = match kind {
        Kind::Operator => ("operator", "unknown-operator"),
        Kind::Family => ("family", "unknown-family"),
        Kind::Either => ("family and no operator", "unknown-operator"),
    };
    let is_family = Family::ALL.iter().any(|family| family.name() == name);
    let help = match nearest(name, families.chain(operators)) {
        _ if is_family => format!("it is a family: write `family = \"{name}\"`"),
        _ if operators::find(name).is_some() => format!("it is an operator: write `op = \"{name}\"`"),
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None => format!(
            "the families are {}; `holdline expand --operators` lists their operators",
            Family::ALL.iter().map(|family| format!("`{}`", family.name())).collect::<Vec<_>>().join(", ")
        ),
    };
    mistake(path, code, format!("there is no {what} {}", quote(name)), help)
}

fn unknown_option(
    key: &str,
    known: impl Iterator<Item = &'static str>,
    path: Vec<Step>,
    of: &str,
) -> Mistake {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let entry = ["op", "family", "chain", "except", "per_seed", "label", "expect"];
    let help = match nearest(key, known.iter().copied().chain(entry)) {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None if known.is_empty() => format!("{} takes no options", quote(of)),
        None => format!("its options are {}", quote_all(known.iter().copied())),
    };
    mistake(path, "unknown-option", format!("{} has no option {}", quote(of), quote(key)), help)
}

fn mistake(
    path: Vec<Step>,
    code: &'static str,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Mistake {
    Mistake { path, code, message: message.into(), help: help.into() }
}

/// What is wrong with the value of an option.
fn misfit(choice: &Choice, value: &Value, path: Vec<Step>) -> Option<Mistake> {
    let list = || value.as_array().filter(|list| !list.is_empty() && list.iter().all(Value::is_string));
    let filled = |text: &str| !text.trim().is_empty();
    let (fits, wanted) = match choice.takes {
        Takes::Text => (value.as_str().is_some_and(filled), "a text".to_owned()),
        Takes::Texts => (
            list().is_some_and(|list| list.iter().filter_map(Value::as_str).all(filled)),
            "a list of texts".to_owned(),
        ),
        Takes::OneOf(words) => (
            value.as_str().is_some_and(|word| words.contains(&word)),
            format!("one of {}", quote_all(words.iter().copied())),
        ),
        Takes::AnyOf(words) => (
            list()
                .is_some_and(|list| list.iter().filter_map(Value::as_str).all(|word| words.contains(&word))),
            format!("a list of {}", quote_all(words.iter().copied())),
        ),
        Takes::Count(least, most) => (
            value.as_u64().is_some_and(|count| (least..=most).contains(&count)),
            format!("a whole number from {least} to {most}"),
        ),
        Takes::Flag => (value.is_boolean(), "`true` or `false`".to_owned()),
        Takes::Expect => {
            (value.is_object() && Expect::deserialize(value).is_ok(), "a table as under `expect`".to_owned())
        }
    };
    let what = format!("`{}` must be {wanted}", choice.name);
    (!fits).then(|| mistake(path, "bad-option", what, choice.what))
}
