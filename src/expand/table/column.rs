//! One column: what stands in it, and the keys that go with that.

use super::category::{By, Category};
use super::cell::Type;
use super::compile::KINDS;
use super::data::Info;
use super::formula;
use super::grid::{Grid, MAX_DECIMALS};
use super::names::{Known, Texts, no_column, split};
use super::outliers::Outliers;
use super::plan::{Column, Filling, Kind, Reference};
use super::season::Season;
use super::tell::Tell;
use super::window::Window;
use crate::suite::diagnostic::{Diagnostic, quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::table::{CategorySpec, ColumnSpec, Order, ReferenceSpec, SequenceSpec};
use std::collections::BTreeSet;

/// Farthest that a sequence may start from 0.
const MAX_START: i64 = 1 << 52;
/// Longest step of a sequence.
const MAX_STEP: i64 = 1 << 30;

/// What stands in a column, its type, its decimals and all its values, as far as they are known.
type Read = (Kind, Option<Type>, Option<u8>, Option<BTreeSet<String>>);

/// Reads a column; `None` where something is wrong with it, which is told.
pub(super) fn read(
    spec: &ColumnSpec,
    texts: &Texts,
    known: &Known<'_>,
    node: &Node,
    tell: &mut Tell<'_>,
) -> Option<(Column, Info)> {
    let told = tell.count();
    let key = kind(node, tell)?;
    keys(spec, key, node, tell);
    let mut reader = Reader { spec, texts, known, place: node.field(key), tell };
    let read = reader.kind(key);
    if let Some((kind, type_, ..)) = &read {
        reader.unique(kind, node);
        if spec.outliers.is_some() && type_.is_some_and(|type_| type_ != Type::Number) {
            tell.at_key(
                "misplaced-key",
                "only numbers have outliers",
                node.field("outliers"),
                "leave them out",
            );
        }
    }
    let outliers =
        spec.outliers.as_ref().map(|outliers| Outliers::read(outliers, node.field("outliers"), tell));
    let (kind, type_, decimals, values) = read?;
    let column = Column {
        name: spec.name.clone(),
        kind,
        decimals,
        unique: spec.unique,
        missing: spec.missing.map_or(0.0, crate::suite::quantity::Share::get),
        outliers: outliers.flatten(),
        span: node.field(key).span.clone(),
    };
    // Outliers are none of the values known.
    let values = values.filter(|_| column.outliers.is_none());
    (tell.count() == told).then(|| (column, Info { name: spec.name.clone(), type_, decimals, values }))
}

/// The one key that says what stands in the column.
fn kind(node: &Node, tell: &mut Tell<'_>) -> Option<&'static str> {
    let kinds: Vec<_> = KINDS.into_iter().filter(|key| node.mentions(key)).collect();
    match kinds.as_slice() {
        [key] => node.get(key).map(|_| *key),
        [] => {
            // A key that was taken out may have been the one.
            if !node.is_damaged() {
                tell.at(
                    "no-kind",
                    "this column does not say what stands in it",
                    node,
                    format!("give one of {}", quote_all(KINDS)),
                );
            }
            None
        }
        [first, others @ ..] => {
            for other in others {
                let what = format!("a column cannot have `{first}` and `{other}`");
                let both = Diagnostic::new("several-kinds", what)
                    .at(tell.source.spot(node.field(other).key_span()))
                    .label("the second one")
                    .related(tell.source.spot(node.field(first).key_span()), "the first one")
                    .help("keep one of them, and give the other a column of its own");
                tell.out.push(both);
            }
            None
        }
    }
}

/// Keys that mean nothing to this kind of column.
fn keys(spec: &ColumnSpec, key: &str, node: &Node, tell: &mut Tell<'_>) {
    if let Some(decimals) = spec.decimals {
        let place = node.field("decimals");
        if !matches!(key, "range" | "formula") {
            tell.at_key(
                "misplaced-key",
                format!("`decimals` means nothing to a `{key}`"),
                place,
                "leave it out: it belongs to `range` and `formula`",
            );
        } else if decimals > MAX_DECIMALS {
            tell.at(
                "out-of-range",
                format!("`decimals` cannot be {decimals}"),
                place,
                format!("write a number from 0 to {MAX_DECIMALS}"),
            );
        }
    }
}

struct Reader<'a, 'b> {
    spec: &'a ColumnSpec,
    texts: &'a Texts,
    known: &'a Known<'a>,
    place: &'a Node,
    tell: &'a mut Tell<'b>,
}

impl<'a> Reader<'a, '_> {
    fn kind(&mut self, key: &str) -> Option<Read> {
        let (spec, place) = (self.spec, self.place);
        match key {
            "sequence" => self.sequence(spec.sequence.as_ref()?),
            "range" => {
                let grid = Grid::read(spec.range.as_ref()?, spec.decimals, place, self.tell)?;
                let decimals = Some(grid.decimals);
                Some((Kind::Range(grid), Some(Type::Number), decimals, None))
            }
            "category" => self.category(spec.category.as_ref()?),
            "boolean" => {
                let boolean = spec.boolean.as_ref()?;
                let share = boolean.share.map_or(0.5, crate::suite::quantity::Share::get);
                let values = ["false", "true"].map(str::to_owned).into();
                Some((Kind::Boolean { share, exact: boolean.exact }, Some(Type::Bool), None, Some(values)))
            }
            "date" => {
                let date = spec.date.as_ref()?;
                let season = self.season(date.season.as_deref());
                Window::date(date, season, place, self.tell).map(window)
            }
            "time" => {
                let time = spec.time.as_ref()?;
                let season = self.season(time.season.as_deref());
                Window::time(time, season, place, self.tell).map(window)
            }
            "datetime" => {
                let datetime = spec.datetime.as_ref()?;
                let season = self.season(datetime.season.as_deref());
                Window::datetime(datetime, season, place, self.tell).map(window)
            }
            "text" => self.text(),
            "reference" => self.reference(spec.reference.as_ref()?),
            "lookup" => self.lookup(spec.lookup.as_ref()?),
            _ => self.formula(spec.formula.as_ref()?),
        }
    }

    fn sequence(&mut self, sequence: &SequenceSpec) -> Option<Read> {
        let (start, step) = (sequence.start.unwrap_or(1), sequence.step.unwrap_or(1));
        let mut fits = true;
        for (key, number, most) in [("start", start, MAX_START), ("step", step, MAX_STEP)] {
            if number.unsigned_abs() > most.unsigned_abs() || key == "step" && number == 0 {
                fits = false;
                let help = format!(
                    "write a number from -{most} to {most}{}",
                    if key == "step" { ", and not 0" } else { "" }
                );
                self.tell.at(
                    "out-of-range",
                    format!("`{key}` cannot be {number}"),
                    self.place.field(key),
                    help,
                );
            }
        }
        let pattern = self.texts.pattern.clone();
        if !fits || sequence.text.is_some() != pattern.is_some() {
            return None;
        }
        let (type_, decimals) = if pattern.is_some() { (Type::Text, None) } else { (Type::Number, Some(0)) };
        Some((Kind::Sequence { start, step, pattern }, Some(type_), decimals, None))
    }

    fn category(&mut self, category: &CategorySpec) -> Option<Read> {
        let by = match category {
            CategorySpec::Weighted(category) => category.by.as_deref(),
            CategorySpec::Plain(_) => None,
        };
        let place = by.and_then(|by| self.known.places.get(by).copied());
        let by = place.and_then(|column| {
            let info = self.known.infos[column].as_ref()?;
            Some(By { column, values: info.values.as_ref() })
        });
        let category = Category::read(category, by, self.place, self.tell)?;
        let values =
            category.values.iter().map(|cell| cell.to_text(category.decimals).into_owned()).collect();
        let (type_, decimals) = (category.type_, category.decimals);
        Some((Kind::Category(category), Some(type_), decimals, Some(values)))
    }

    /// The season named; none, and a mistake, where there is no such season.
    fn season(&mut self, name: Option<&str>) -> Option<&'a Season> {
        let name = name?;
        let seasons = self.known.seasons;
        if let Some(season) = seasons.get(name) {
            return Some(season);
        }
        let known = || seasons.keys().map(String::as_str);
        let help = match nearest(name, known()) {
            Some(meant) => format!("did you mean {}?", quote(meant)),
            None if seasons.is_empty() => format!("write its factors under `[season.{name}]`"),
            None => format!("the seasons are {}", quote_all(known())),
        };
        self.tell.at(
            "unknown-season",
            format!("there is no season {}", quote(name)),
            self.place.field("season"),
            help,
        );
        None
    }

    fn text(&mut self) -> Option<Read> {
        let (text, pattern) = (self.spec.text.as_ref()?, self.texts.pattern.clone()?);
        let mut fillings = Vec::new();
        let fields: Vec<_> = pattern.fields().cloned().collect();
        let mut whole = true;
        for field in fields {
            let (filling, type_) = match split(&field.name) {
                (name, Some(column)) => match self.known.member_info(name, column) {
                    Ok((member, info)) => (Filling::Member(member, info.decimals), info.type_),
                    Err(told) => {
                        whole = false;
                        if let Some((message, help)) = told {
                            self.tell.in_text(
                                "unknown-column",
                                text,
                                self.place,
                                formula::Mistake { message, help, range: field.range },
                            );
                        }
                        continue;
                    }
                },
                (name, None) => {
                    let info = self
                        .known
                        .places
                        .get(name)
                        .and_then(|at| Some((*at, self.known.infos[*at].as_ref()?)));
                    let Some((at, info)) = info else {
                        whole = false;
                        continue;
                    };
                    (Filling::Column(at, info.decimals), info.type_)
                }
            };
            if field.width.is_some() && type_.is_some_and(|type_| type_ != Type::Number) {
                whole = false;
                let message =
                    format!("{} is no number, which could be filled up with zeros", quote(&field.name));
                let help = format!("write `{{{}}}`", field.name);
                self.tell.in_text(
                    "wrong-type",
                    text,
                    self.place,
                    formula::Mistake { message, help, range: field.range },
                );
            }
            fillings.push(filling);
        }
        whole.then_some((Kind::Text(pattern, fillings), Some(Type::Text), None, None))
    }

    fn reference(&mut self, reference: &ReferenceSpec) -> Option<Read> {
        let known = self.known;
        let Some(table) = known.tables.get(&reference.table) else {
            let names = || known.tables.keys().map(String::as_str);
            let help = match nearest(&reference.table, names()) {
                Some(meant) => format!("did you mean {}?", quote(meant)),
                None if known.tables.is_empty() => format!("write it under `[tables.{}]`", reference.table),
                None => format!("the tables are {}", quote_all(names())),
            };
            self.tell.at(
                "unknown-table",
                format!("there is no table {}", quote(&reference.table)),
                self.place.field("table"),
                help,
            );
            return None;
        };
        let table = (*table)?;
        let related = &known.related[table];
        let mut find = |key: &str, name: &str| {
            let found = related.columns.iter().position(|info| info.name == name);
            if found.is_none() {
                let (what, help) = no_column(name, related);
                self.tell.at("unknown-column", what, self.place.field(key), help);
            }
            found
        };
        let column = find("column", &reference.column);
        let weights = reference.weights.as_deref().map(|name| find("weights", name));
        let (column, weights) = (column?, weights.map_or(Some(None), |found| found.map(Some))?);
        if let Some(weights) = weights
            && related.columns[weights].type_ != Some(Type::Number)
        {
            let what = format!(
                "the column {} of {} holds no weights",
                quote(&related.columns[weights].name),
                quote(&related.name)
            );
            self.tell.at("wrong-type", what, self.place.field("weights"), "weights are numbers from 0 on");
            return None;
        }
        let info = &related.columns[column];
        Some((
            Kind::Reference(Reference { table, column, weights }),
            info.type_,
            info.decimals,
            info.values.clone(),
        ))
    }

    fn lookup(&mut self, lookup: &str) -> Option<Read> {
        let (name, column) = split(lookup);
        let Some(column) = column else {
            self.tell.at(
                "bad-lookup",
                format!("{} is no lookup", quote(lookup)),
                self.place,
                format!("write the reference and the column: `\"{lookup}.COLUMN\"`"),
            );
            return None;
        };
        match self.known.member_info(name, column) {
            Ok((member, info)) => {
                Some((Kind::Lookup(member), info.type_, info.decimals, info.values.clone()))
            }
            Err(told) => {
                if let Some((what, help)) = told {
                    self.tell.at("unknown-column", what, self.place, help);
                }
                None
            }
        }
    }

    fn formula(&mut self, text: &str) -> Option<Read> {
        let syntax = self.texts.formula.as_ref()?;
        let mut mistakes = Vec::new();
        let checked = formula::check(text, syntax, self.known, &mut mistakes);
        for mistake in mistakes {
            self.tell.in_text("bad-formula", text, self.place, mistake);
        }
        let (expr, type_) = checked?;
        if self.spec.decimals.is_some() && type_.is_some_and(|type_| type_ != Type::Number) {
            let what = "`decimals` means nothing to a formula that gives no number";
            self.tell.at("misplaced-key", what, self.place, "leave `decimals` out");
        }
        Some((Kind::Formula(expr), type_, self.spec.decimals, None))
    }

    /// Whether the values can be drawn without one coming twice.
    fn unique(&mut self, kind: &Kind, node: &Node) {
        if !self.spec.unique {
            return;
        }
        let why = match kind {
            _ if self.spec.outliers.is_some() => "leave one of them out: an outlier may land on any value",
            Kind::Range(grid) if grid.is_uniform() => return,
            Kind::Range(_) => "all numbers must be as likely: leave `shape` out",
            Kind::Category(category) => match category.choice {
                super::category::Choice::Even if !category.exact => return,
                _ => "all values must be as likely: leave `weights` and `exact` out",
            },
            Kind::Window(window) if window.order != Order::Random => {
                "leave one of them out: with `order = \"each\"` every one comes once"
            }
            Kind::Window(window) if window.is_uniform() => return,
            Kind::Window(_) => "all of them must be as likely: leave `season` out",
            Kind::Reference(reference) if reference.weights.is_none() => return,
            Kind::Reference(_) => "all rows must be as likely: leave `weights` out",
            Kind::Sequence { .. } => "leave it out: in a sequence no value comes twice",
            _ => "put the values that may not come twice into a column of their own, and use that one here",
        };
        self.tell.at_key("misplaced-key", "`unique` cannot hold in this column", node.field("unique"), why);
    }
}

fn window(window: Window) -> Read {
    let type_ = window.type_;
    (Kind::Window(window), Some(type_), None, None)
}
