//! Data files that are too large to keep: read once when the suite is loaded, to tell of every mistake that
//! there is, and again row by row whenever the seeds are asked for.

use super::reader::{RowReader, Unreadable};
use super::recipe::Recipe;
use super::rows::{Faults, format_of, no_rows};
use super::select::{Nothing, Sample};
use super::twins::Twins;
use super::{Reader, Tally};
use crate::suite::Seeds;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use crate::suite::document::Node;
use crate::suite::files::{Hashed, not_utf8, unreadable};
use crate::suite::schema::{FileInputs, ScenarioSpec};
use crate::suite::seeds::{Streamed, Survey};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What one pass over a file finds.
struct Pass {
    rows: usize,
    /// The rows that `where` selects.
    selected: usize,
    /// Those of them that are seeds.
    seeds: usize,
    columns: BTreeSet<String>,
    nothing: Nothing,
    twins: Twins,
    sample: Option<Sample>,
    survey: Survey,
}

impl Reader<'_> {
    /// The seeds of a large file that was opened.
    pub(super) fn streamed_seeds(
        &mut self,
        spec: &ScenarioSpec,
        file: &FileInputs,
        node: &Node,
        (path, shown, opened): (PathBuf, String, Hashed),
    ) -> Option<Seeds> {
        let named = self.source.spot(node.field("file").span.clone());
        let format = format_of(&file.file, self.out, || named.clone())?;
        let shown: Arc<str> = shown.into();
        let recipe = Recipe::of(spec, file, shown.clone());
        let wrong = |error: &std::io::Error| unreadable(&shown, error).or_at(named.clone());
        let mut reader = RowReader::new(format, opened).map_err(|error| self.out.push(wrong(&error))).ok()?;
        // Mistakes of rows are told first, and alone; those of seeds only where the columns are right.
        let (mut of_rows, mut of_seeds) = (Diagnostics::default(), Diagnostics::default());
        let pass = match self.pass(&mut reader, &recipe, file, &mut of_rows, &mut of_seeds) {
            Ok(pass) => pass,
            Err(Unreadable::Io(error)) => {
                self.out.push(wrong(&error));
                return None;
            }
            Err(Unreadable::NotUtf8 { text, begin, line, at }) => {
                let spot = Source::part(&shown, text, begin, line).spot(at..at + 1);
                self.out.push(*not_utf8(&shown, spot));
                return None;
            }
        };
        if !of_rows.is_empty() {
            self.out.extend(of_rows);
            return None;
        }
        if pass.rows == 0 {
            self.out.push(no_rows(&shown, named));
            return None;
        }
        let columns = pass.columns.iter().map(String::as_str).collect();
        if !self.known_columns(file, node, recipe.input(), &columns, &shown) {
            return None;
        }
        if pass.selected == 0 {
            self.selects_nothing(file, node, pass.rows, &shown, &pass.nothing);
            return None;
        }
        let whole = of_seeds.is_empty();
        self.out.extend(of_seeds);
        let stamp = reader.finish().and_then(Hashed::stamp);
        let stamp = stamp.map_err(|error| self.out.push(wrong(&error))).ok()?;
        if !self.files.note(&shown, &stamp) {
            let what = format!("{} changes while the suite is loaded", quote(&shown));
            self.out.push(Diagnostic::new("unreadable-file", what).at(named).help("load the suite again"));
            return None;
        }
        let drawn = pass.sample.and_then(Sample::drawn);
        let len = drawn.as_ref().map_or(pass.seeds, Vec::len).min(file.limit.unwrap_or(usize::MAX));
        let mut streamed = Streamed { path, format, recipe, drawn, len, survey: pass.survey, stamp };
        let told = pass.twins.tell(&streamed, self.out).and_then(|()| {
            if streamed.drawn.is_some() {
                streamed.survey = streamed.surveyed()?;
            }
            Ok(())
        });
        if let Err(error) = told {
            self.out.push(Diagnostic::new("unreadable-file", error.to_string()).at(named));
            return None;
        }
        whole.then(|| streamed.into())
    }

    fn pass(
        &self,
        reader: &mut RowReader<Hashed>,
        recipe: &Recipe,
        file: &FileInputs,
        of_rows: &mut Diagnostics,
        of_seeds: &mut Diagnostics,
    ) -> Result<Pass, Unreadable> {
        let mut pass = Pass {
            rows: 0,
            selected: 0,
            seeds: 0,
            columns: BTreeSet::new(),
            nothing: Nothing::new(file),
            twins: Twins::default(),
            sample: file.sample.map(|count| Sample::new(count, self.seed)),
            survey: Survey::default(),
        };
        let (mut faults, mut unfit, mut last) = (Faults::new(), Tally::new(), None);
        while let Some((raw, found)) = reader.next()? {
            let row = match found {
                Ok(row) => row,
                Err(fault) => {
                    faults.tell(&fault, raw.span(), |span| raw.spot(&recipe.file, span), of_rows);
                    continue;
                }
            };
            pass.rows += 1;
            if !last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &row.columns)) {
                for name in &*row.columns {
                    if !pass.columns.contains(name) {
                        pass.columns.insert(name.clone());
                    }
                }
                last = Some(row.columns.clone());
            }
            if !recipe.admits(&row) {
                if pass.selected == 0 {
                    pass.nothing.add(recipe, &row);
                }
                continue;
            }
            pass.selected += 1;
            match recipe.seed(row, raw.line) {
                Ok(seed) => {
                    pass.seeds += 1;
                    pass.twins.add(&seed);
                    if let Some(sample) = &mut pass.sample {
                        sample.add(&seed);
                    } else if pass.seeds <= file.limit.unwrap_or(usize::MAX) {
                        pass.survey.add(&seed.row, &seed.place);
                    }
                }
                Err(why) => {
                    unfit.add(of_seeds, || recipe.told(why).at(raw.spot(&recipe.file, raw.span())));
                }
            }
        }
        faults.finish(of_rows);
        unfit.finish(of_seeds);
        Ok(pass)
    }
}
