//! What a scenario asks: its inputs, from the suite file or from a data file, as seeds.

pub(crate) mod documents;
mod inline;
mod reader;
mod recipe;
pub(crate) mod rows;
mod select;
mod streamed;
mod table;
mod twins;

use super::diagnostic::{Diagnostic, Diagnostics, Source, Spot};
use super::document::Node;
use super::files::Files;
use super::schema::{Expect, FileInputs, Inputs, OneOrMany, ScenarioSpec};
use super::{Seed, Seeds};
pub(crate) use reader::{Format, Raw, RowReader, Unreadable};
pub(crate) use recipe::Recipe;
use rows::DataRow;
pub(crate) use rows::never_closed;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use twins::Key;

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
    pub fn seeds(&mut self, spec: &ScenarioSpec, node: &Node) -> Option<Seeds> {
        let inputs = node.field("inputs");
        if !node.mentions("inputs") {
            if spec.template.is_some() || node.mentions("template") {
                return Some(Vec::new().into());
            }
            let missing = self.at("missing-key", "`inputs` is missing in `[[scenario]]`".into(), node);
            self.out.push(missing.label("this needs `inputs`").help(
                "What the application is asked: texts, tables, a file, rows drawn from a table specification, or questions over documents. May be absent where a `template` makes the inputs",
            ));
            return None;
        }
        match &spec.inputs {
            Inputs::Inline(list) => self.inline(spec, list, inputs).map(Seeds::from),
            Inputs::File(file) => self.file_seeds(spec, file, inputs),
            Inputs::Table(table) => self.table_seeds(spec, table, inputs).map(Seeds::from),
            Inputs::Documents(documents) => self.document_seeds(spec, documents, inputs).map(Seeds::from),
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

    fn file_seeds(&mut self, spec: &ScenarioSpec, file: &FileInputs, node: &Node) -> Option<Seeds> {
        let name = node.field("file");
        self.part(file.limit, file.sample, node);
        let opened = match self.files.large(&file.file) {
            Some(Ok(opened)) => return self.streamed_seeds(spec, file, node, opened),
            Some(Err(mistake)) => Err(mistake),
            None => self.files.data(&file.file),
        };
        let data = match opened {
            Ok(data) => data,
            Err(mistake) => {
                self.out.push(mistake.or_at(self.source.spot(name.span.clone())));
                return None;
            }
        };
        let rows = rows::read(&data, &file.file, self.out, || self.source.spot(name.span.clone()))?;
        let recipe = Recipe::of(spec, file, data.file.clone());
        if !self.known_columns(file, node, recipe.input(), &select::columns(&rows), &data.file) {
            return None;
        }
        let rows = self.filter(file, node, rows, &recipe)?;
        let seeds = self.seeds_of_rows(&recipe, rows, &data)?;
        let mut sampled = match file.sample {
            Some(count) => select::sample(seeds, count, self.seed),
            None => seeds,
        };
        sampled.truncate(file.limit.unwrap_or(usize::MAX));
        Some(sampled.into())
    }

    fn seeds_of_rows(&mut self, recipe: &Recipe, rows: Vec<DataRow>, data: &Source) -> Option<Vec<Seed>> {
        let count = rows.len();
        let (mut unfit, mut seeds, mut spans) = (Tally::new(), Vec::with_capacity(count), Vec::new());
        for DataRow { row, line, span } in rows {
            match recipe.seed(row, line) {
                Ok(seed) => {
                    seeds.push(seed);
                    spans.push(span);
                }
                Err(why) => unfit.add(self.out, || recipe.told(why).at(data.spot(span))),
            }
        }
        unfit.finish(self.out);
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
    let mut known = HashMap::with_capacity(seeds.len());
    let (mut same_id, mut same_input) = (Tally::new(), Tally::new());
    for (index, seed) in seeds.iter().enumerate() {
        match known.entry(Key::of(seed)) {
            Entry::Vacant(free) => {
                free.insert(index);
            }
            Entry::Occupied(first) => {
                let tally = if seed.id.is_some() { &mut same_id } else { &mut same_input };
                tally.add(out, || first.key().told(spot(index), spot(*first.get())));
            }
        }
    }
    same_id.finish(out);
    same_input.finish(out);
}
