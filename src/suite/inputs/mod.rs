//! What a scenario asks: its inputs, from the suite file or from a data file, as seeds.

pub(crate) mod documents;
mod inline;
pub(crate) mod rows;
mod select;
mod table;

use super::diagnostic::{Diagnostic, Diagnostics, Source, Spot, quote};
use super::document::Node;
use super::files::Files;
use super::schema::{Expect, FileInputs, Inputs, OneOrMany, ScenarioSpec};
use super::{Place, Row, Seed};
use rows::DataRow;
pub(crate) use rows::never_closed;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Faulty rows of one kind that are told of one by one.
const MAX_TOLD: usize = 5;

/// What is needed to read inputs.
pub(crate) struct Reader<'a> {
    /// The suite file.
    pub source: &'a Source,
    /// The files that it names.
    pub files: &'a mut Files,
    /// Where mistakes are told.
    pub out: &'a mut Diagnostics,
    /// Seed of the suite, for samples.
    pub seed: u64,
}

/// Faulty rows of one kind: the first few are told, the others are counted.
pub(crate) struct Tally {
    told: usize,
    kept: Option<Diagnostic>,
}

impl Tally {
    /// None yet.
    pub const fn new() -> Self {
        Self { told: 0, kept: None }
    }

    /// One more.
    pub fn add(&mut self, out: &mut Diagnostics, diagnostic: impl FnOnce() -> Diagnostic) {
        self.told += 1;
        if self.told < MAX_TOLD {
            out.push(diagnostic());
        } else if self.told == MAX_TOLD {
            self.kept = Some(diagnostic());
        }
    }

    /// Tells how many there are beyond those told.
    pub fn finish(self, out: &mut Diagnostics) {
        let more = self.told.saturating_sub(MAX_TOLD);
        if let Some(last) = self.kept {
            out.push(if more > 0 { last.note(format!("and {more} more like this")) } else { last });
        }
    }
}

/// Expectations of a scenario or an input, as a list.
pub(crate) fn entries(expect: Option<&OneOrMany<Expect>>) -> &[Expect] {
    expect.map_or(&[], OneOrMany::as_slice)
}

impl Reader<'_> {
    /// The seeds of a scenario; `None` where they cannot be told because something is wrong.
    pub fn seeds(&mut self, spec: &ScenarioSpec, node: &Node) -> Option<Vec<Seed>> {
        let inputs = node.field("inputs");
        if !node.mentions("inputs") {
            if spec.template.is_some() || node.mentions("template") {
                return Some(Vec::new());
            }
            let missing = self.at("missing-key", "`inputs` is missing in `[[scenario]]`".into(), node);
            self.out.push(missing.label("this needs `inputs`").help(
                "What the application is asked: texts, tables, a file, rows drawn from a table specification, or questions over documents. May be absent where a `template` makes the inputs",
            ));
            return None;
        }
        match &spec.inputs {
            Inputs::Inline(list) => self.inline(spec, list, inputs),
            Inputs::File(file) => self.file_seeds(spec, file, inputs),
            Inputs::Table(table) => self.table_seeds(spec, table, inputs),
            Inputs::Documents(documents) => self.document_seeds(spec, documents, inputs),
        }
    }

    fn at(&self, code: &'static str, message: String, node: &Node) -> Diagnostic {
        Diagnostic::new(code, message).at(self.source.spot(node.span.clone()))
    }

    /// How many of the rows are taken.
    fn part(&mut self, limit: Option<usize>, sample: Option<usize>, node: &Node) {
        if let (Some(_), Some(_)) = (limit, sample) {
            let what = "`limit` and `sample` exclude each other".to_owned();
            let both = self.at("limit-and-sample", what, node.field("sample"));
            self.out.push(both.help("keep `sample` for a drawn part, or `limit` for the first rows"));
        }
        for (key, count) in [("limit", limit), ("sample", sample)] {
            if count == Some(0) {
                let nothing = self.at("no-rows", format!("`{key}` of 0 leaves no rows"), node.field(key));
                self.out.push(nothing.help(format!("write a number above 0, or leave `{key}` out")));
            }
        }
    }

    fn file_seeds(&mut self, spec: &ScenarioSpec, file: &FileInputs, node: &Node) -> Option<Vec<Seed>> {
        let name = node.field("file");
        self.part(file.limit, file.sample, node);
        let data = match self.files.data(&file.file) {
            Ok(data) => data,
            Err(mistake) => {
                self.out.push(mistake.or_at(self.source.spot(name.span.clone())));
                return None;
            }
        };
        let rows = rows::read(&data, &file.file, self.out, || self.source.spot(name.span.clone()))?;
        let columns = select::columns(&rows);
        let input = file.input.as_deref().unwrap_or("input");
        let known = self.known_columns(file, node, input, &columns, &data);
        if !known {
            return None;
        }
        let rows = self.filter(file, node, rows, &data)?;
        let seeds = self.seeds_of_rows(spec, file, rows, &data)?;
        let sampled = match file.sample {
            Some(count) => select::sample(seeds, count, self.seed),
            None => seeds,
        };
        Some(sampled.into_iter().take(file.limit.unwrap_or(usize::MAX)).collect())
    }

    fn seeds_of_rows(
        &mut self,
        spec: &ScenarioSpec,
        file: &FileInputs,
        rows: Vec<DataRow>,
        data: &Source,
    ) -> Option<Vec<Seed>> {
        let expect: Arc<[Expect]> = entries(spec.expect.as_ref()).into();
        let input = file.input.as_deref().unwrap_or("input");
        let shown: Arc<str> = data.file.clone();
        let (mut faulty, mut seeds, mut spans) = (Tally::new(), Vec::with_capacity(rows.len()), Vec::new());
        let count = rows.len();
        for DataRow { row, line, span } in rows {
            let wrong = |code, message| Diagnostic::new(code, message).at(data.spot(span.clone()));
            let asked = match row.get(input) {
                Some(value) if !is_empty(value) => value.clone(),
                found => {
                    let what = if found.is_some() { "is empty" } else { "is missing" };
                    faulty.add(self.out, || {
                        wrong("empty-input", format!("column {} {what} in this row", quote(input)))
                            .help("give the row an input, or leave the row out")
                    });
                    continue;
                }
            };
            let id = match file.id.as_deref().map(|column| (column, row.get(column))) {
                None => None,
                Some((_, Some(Value::String(id)))) if !id.trim().is_empty() => Some(id.clone()),
                Some((_, Some(Value::Number(id)))) => Some(id.to_string()),
                Some((column, _)) => {
                    faulty.add(self.out, || {
                        wrong("bad-id", format!("column {} holds no id in this row", quote(column)))
                            .help("an id is a text or a number")
                    });
                    continue;
                }
            };
            seeds.push(Seed {
                id,
                input: asked,
                row,
                template: None,
                knobs: Row::default(),
                expect: expect.clone(),
                tags: spec.tags.clone(),
                origin: file.origin.unwrap_or_default(),
                place: Place { file: shown.clone(), line },
            });
            spans.push(span);
        }
        faulty.finish(self.out);
        unique(&seeds, self.out, |index| data.spot(spans[index].clone()));
        (seeds.len() == count).then_some(seeds)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Tells of seeds that could not be told apart: two with one id, or two with one input and no id.
pub(crate) fn unique(seeds: &[Seed], out: &mut Diagnostics, spot: impl Fn(usize) -> Spot) {
    let (mut ids, mut inputs) = (HashMap::new(), HashMap::new());
    let (mut same_id, mut same_input) = (Tally::new(), Tally::new());
    for (index, seed) in seeds.iter().enumerate() {
        if let Some(id) = &seed.id {
            match ids.entry(id.as_str()) {
                Entry::Vacant(free) => {
                    free.insert(index);
                }
                Entry::Occupied(first) => same_id.add(out, || {
                    Diagnostic::new(
                        "duplicate-id",
                        format!("two inputs of this scenario have the id {}", quote(id)),
                    )
                    .at(spot(index))
                    .label("the second one")
                    .related(spot(*first.get()), "the first one")
                    .help("an id names one input: give each its own")
                }),
            }
            continue;
        }
        let text = match &seed.input {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        match inputs.entry(text) {
            Entry::Vacant(free) => {
                free.insert(index);
            }
            Entry::Occupied(first) => same_input.add(out, || {
                let what = format!("two inputs of this scenario are the same: {}", quote(first.key()));
                Diagnostic::new("duplicate-input", what)
                    .at(spot(index))
                    .label("the second one")
                    .related(spot(*first.get()), "the first one")
                    .help("leave one of them out, or give each an `id`")
            }),
        }
    }
    same_id.finish(out);
    same_input.finish(out);
}
