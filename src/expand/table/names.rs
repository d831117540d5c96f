//! What the names in a column mean: other columns, and those of rows that references pick.

use super::cell::Type;
use super::data::Info;
use super::formula::{self, Member, Mistake, NoMember, Syntax};
use super::pattern::Pattern;
use super::plan::Related;
use super::season::Season;
use super::tell::Tell;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::table::{CategorySpec, ColumnSpec};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A column that another one mentions.
#[derive(Debug)]
pub(super) struct Mention {
    pub name: String,
    /// Where it is mentioned, in the specification.
    pub span: Range<usize>,
}

/// The texts of a column, as far as they could be read.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub formula: Option<Syntax>,
    pub pattern: Option<Pattern>,
    pub mentions: Vec<Mention>,
}

/// The column and, in `product.price`, the column of the row that it picked.
pub(super) fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once('.').map_or((name, None), |(column, member)| (column, Some(member)))
}

impl Texts {
    /// Reads the texts of a column; tells of those that cannot be read.
    pub fn read(spec: &ColumnSpec, node: &Node, tell: &mut Tell<'_>) -> Self {
        let mut texts = Self::default();
        if let Some(text) = &spec.formula {
            let place = node.field("formula");
            match formula::parse(text) {
                Ok(syntax) => {
                    for (name, range) in formula::names(&syntax) {
                        texts.mention(name, place.span_of(tell.source, text, Some(range)));
                    }
                    texts.formula = Some(syntax);
                }
                Err(mistake) => tell.in_text("bad-formula", text, place, mistake),
            }
        }
        if let Some(text) = &spec.text {
            let place = node.field("text");
            match Pattern::parse(text) {
                Ok(pattern) => {
                    for field in pattern.fields() {
                        texts.mention(
                            split(&field.name).0,
                            place.span_of(tell.source, text, Some(field.range.clone())),
                        );
                    }
                    texts.pattern = Some(pattern);
                }
                Err(mistake) => tell.in_text("bad-text", text, place, mistake),
            }
        }
        if let Some(text) = spec.sequence.as_ref().and_then(|sequence| sequence.text.as_ref()) {
            let place = node.field("sequence").field("text");
            let read = Pattern::parse(text).and_then(|pattern| {
                let named =
                    pattern.fields().find(|field| !field.name.is_empty()).map(|field| field.range.clone());
                let wrong = |range, message: &str| {
                    Err(Mistake {
                        message: message.into(),
                        help: "the number stands once, as `{}` or with zeros as in `\"ORD-{:06}\"`".into(),
                        range,
                    })
                };
                match named {
                    Some(range) => wrong(range, "the text of a sequence has no names in it"),
                    None if pattern.fields().count() == 1 => Ok(pattern),
                    None => wrong(0..text.len(), "this text does not hold the number once"),
                }
            });
            match read {
                Ok(pattern) => texts.pattern = Some(pattern),
                Err(mistake) => tell.in_text("bad-text", text, place, mistake),
            }
        }
        if let Some(lookup) = &spec.lookup {
            texts.mention(split(lookup).0, node.field("lookup").span.clone());
        }
        if let Some(CategorySpec::Weighted(category)) = &spec.category
            && let Some(by) = &category.by
        {
            texts.mention(by, node.field("category").field("by").span.clone());
        }
        texts
    }

    fn mention(&mut self, name: &str, span: Range<usize>) {
        self.mentions.push(Mention { name: name.to_owned(), span });
    }
}

/// What names mean in a table.
pub(super) struct Known<'a> {
    pub specs: &'a [ColumnSpec],
    /// Each column's place, by name.
    pub places: &'a BTreeMap<&'a str, usize>,
    /// What is known of the columns that come before.
    pub infos: &'a [Option<Info>],
    pub seasons: &'a BTreeMap<String, Arc<Season>>,
    /// The other tables, by name; `None` for one with a mistake of its own.
    pub tables: &'a BTreeMap<String, Option<usize>>,
    pub related: &'a [Related],
}

impl Known<'_> {
    /// What is known of a column of the row that `name` picked; an error that is `None` was told elsewhere.
    pub fn member_info(&self, name: &str, column: &str) -> Result<(Member, &Info), NoMember> {
        let place = *self.places.get(name).ok_or(None)?;
        let Some(reference) = &self.specs[place].reference else {
            let what = format!("{} picks no row of another table", quote(name));
            let help = format!("`{name}.{column}` needs a column {name} with a `reference`");
            return Err(Some((what, help)));
        };
        let table = self.tables.get(&reference.table).copied().flatten().ok_or(None)?;
        let columns = &self.related[table].columns;
        match columns.iter().position(|info| info.name == column) {
            Some(at) => Ok((Member { reference: place, table, column: at }, &columns[at])),
            None => Err(Some(no_column(column, &self.related[table]))),
        }
    }
}

/// That another table has no such column, and the mend.
pub(super) fn no_column(column: &str, related: &Related) -> (String, String) {
    let what = format!("the table {} has no column {}", quote(&related.name), quote(column));
    let names = || related.columns.iter().map(|info| info.name.as_str());
    let help = match nearest(column, names()) {
        Some(meant) => format!("did you mean {}?", quote(meant)),
        None => format!("its columns are {}", quote_all(names())),
    };
    (what, help)
}

impl formula::Names for Known<'_> {
    fn column(&self, name: &str) -> Option<(usize, Option<Type>)> {
        let place = *self.places.get(name)?;
        Some((place, self.infos[place].as_ref().and_then(|info| info.type_)))
    }

    fn member(&self, name: &str, column: &str) -> Result<(Member, Option<Type>), NoMember> {
        self.member_info(name, column).map(|(member, info)| (member, info.type_))
    }

    fn seasons(&self) -> &BTreeMap<String, Arc<Season>> {
        self.seasons
    }
}
