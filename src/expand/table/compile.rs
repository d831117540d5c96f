//! From the columns of a specification to a plan: everything that is wrong is told at once.

use super::data::Info;
use super::formula;
use super::graph;
use super::names::{Known, Texts};
use super::plan::{Column, Plan, Related};
use super::season::Season;
use super::tell::Tell;
use crate::suite::diagnostic::{Diagnostic, quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::table::ColumnSpec;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 256;
/// Longest name of a column, in characters.
const MAX_NAME: usize = 64;

/// The keys that say what stands in a column.
pub(super) const KINDS: [&str; 11] = [
    "sequence",
    "range",
    "category",
    "boolean",
    "date",
    "time",
    "datetime",
    "text",
    "reference",
    "lookup",
    "formula",
];

/// What the columns of one file share.
pub(super) struct Compiler<'a, 'b> {
    pub tell: &'a mut Tell<'b>,
    pub seasons: &'a BTreeMap<String, Arc<Season>>,
    /// The other tables, by name; `None` for one with a mistake of its own.
    pub tables: &'a BTreeMap<String, Option<usize>>,
    pub related: &'a [Related],
}

impl Compiler<'_, '_> {
    /// The plan of a table, with what is known of its columns; `None` where something is wrong with it.
    pub fn plan(&mut self, name: &str, specs: &[ColumnSpec], list: &Node) -> Option<(Plan, Vec<Info>)> {
        let told = self.tell.count();
        if specs.is_empty() && !list.is_damaged() {
            self.tell.at("empty-list", "this table has no columns", list, "write at least one `[[column]]`");
        }
        if specs.len() > MAX_COLUMNS {
            let what = format!("a table has at most {MAX_COLUMNS} columns, and this one {}", specs.len());
            self.tell.at("out-of-range", what, list.item(MAX_COLUMNS), "take some of them away");
            return None;
        }
        let places = self.places(specs, list);
        let texts: Vec<_> =
            specs.iter().enumerate().map(|(at, spec)| Texts::read(spec, list.item(at), self.tell)).collect();
        let needs = self.needs(specs, &places, &texts, list);
        let ordered = graph::order(&needs);
        for ring in &ordered.rings {
            self.ring(specs, ring, &texts, list);
        }
        let mut infos: Vec<Option<Info>> = specs.iter().map(|_| None).collect();
        let mut columns: Vec<Option<Column>> = specs.iter().map(|_| None).collect();
        // What hangs on a ring is looked at as well: its own mistakes are told with the others.
        let rest = (0..specs.len()).filter(|at| !ordered.order.contains(at));
        for at in ordered.order.iter().copied().chain(rest) {
            let known = Known {
                specs,
                places: &places,
                infos: &infos,
                seasons: self.seasons,
                tables: self.tables,
                related: self.related,
            };
            let read = super::column::read(&specs[at], &texts[at], &known, list.item(at), self.tell);
            if let Some((column, info)) = read {
                infos[at] = Some(info);
                columns[at] = Some(column);
            }
        }
        let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
        let infos = infos.into_iter().collect::<Option<Vec<_>>>()?;
        let plan = Plan { name: name.to_owned(), columns, order: ordered.order };
        (self.tell.count() == told && !list.is_damaged()).then_some((plan, infos))
    }

    /// The place of each column by its name.
    fn places<'a>(&mut self, specs: &'a [ColumnSpec], list: &Node) -> BTreeMap<&'a str, usize> {
        let mut places = BTreeMap::new();
        for (at, spec) in specs.iter().enumerate() {
            let node = list.item(at).field("name");
            let name = spec.name.as_str();
            let letters = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if !letters || name.chars().count() > MAX_NAME {
                self.tell.at(
                    "bad-name",
                    format!("{} is no name for a column", quote(name)),
                    node,
                    "a name has letters, digits and `_`, begins with a letter, and has at most 64 of them",
                );
            } else if ["and", "or", "not", "true", "false"].contains(&name) {
                self.tell.at(
                    "bad-name",
                    format!("{} is a word of formulas", quote(name)),
                    node,
                    "choose another name",
                );
            }
            if let Some(first) = places.insert(name, at) {
                places.insert(name, first);
                let first = self.tell.source.spot(list.item(first).field("name").span.clone());
                let twice =
                    Diagnostic::new("duplicate-column", format!("two columns have the name {}", quote(name)))
                        .at(self.tell.source.spot(node.span.clone()))
                        .label("the second one")
                        .related(first, "the first one")
                        .help("give one of them another name");
                self.tell.out.push(twice);
            }
        }
        places
    }

    /// The columns that each needs; tells of those that are not there.
    fn needs(
        &mut self,
        specs: &[ColumnSpec],
        places: &BTreeMap<&str, usize>,
        texts: &[Texts],
        list: &Node,
    ) -> Vec<Vec<usize>> {
        let mut needs = vec![Vec::new(); specs.len()];
        for (at, texts) in texts.iter().enumerate() {
            for mention in &texts.mentions {
                if let Some(place) = places.get(mention.name.as_str()) {
                    needs[at].push(*place);
                    continue;
                }
                // It may be one of the columns that were taken out, or meant by a name that cannot be.
                if list.is_damaged() {
                    continue;
                }
                let known = || places.keys().copied();
                let function = formula::is_function(&mention.name) && specs[at].formula.is_some();
                let help = match nearest(&mention.name, known()) {
                    Some(meant) => format!("did you mean {}?", quote(meant)),
                    None if function => {
                        format!("a function is called with its values: `{}(…)`", mention.name)
                    }
                    None if specs[at].formula.is_some() => {
                        format!("the columns are {}; a text is written in quotes", quote_all(known()))
                    }
                    None => format!("the columns are {}", quote_all(known())),
                };
                self.tell.within(
                    "unknown-column",
                    format!("there is no column {}", quote(&mention.name)),
                    mention.span.clone(),
                    help,
                );
            }
        }
        needs
    }

    /// A column that cannot be computed before itself.
    fn ring(&mut self, specs: &[ColumnSpec], ring: &[usize], texts: &[Texts], list: &Node) {
        let name = |at: usize| specs[at].name.as_str();
        let Some(&first) = ring.first() else { return };
        let mut spots = ring.iter().enumerate().filter_map(|(place, &at)| {
            let next = name(ring[(place + 1) % ring.len()]);
            let mention = texts[at].mentions.iter().find(|mention| mention.name == next)?;
            Some((
                self.tell.source.spot(mention.span.clone()),
                format!("{} needs {}", quote(name(at)), quote(next)),
            ))
        });
        let around: Vec<_> = ring.iter().chain([&first]).map(|&at| quote(name(at))).collect();
        let what = if ring.len() == 1 {
            format!("the column {} refers to itself", quote(name(first)))
        } else {
            format!(
                "the column {} refers to itself by way of others: {}",
                quote(name(first)),
                around.join(" → ")
            )
        };
        let mut told =
            Diagnostic::new("ring", what).help("compute one of them from columns that do not need it");
        told = match spots.next() {
            Some((spot, label)) => told.at(spot).label(label),
            None => told.at(self.tell.source.spot(list.item(first).span.clone())),
        };
        for (spot, label) in spots {
            told = told.related(spot, label);
        }
        self.tell.out.push(told);
    }
}
