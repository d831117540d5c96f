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
            if whole && streamed.drawn.is_some() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::document::Document;
    use crate::suite::files::Files;
    use crate::suite::schema::Inputs;
    use crate::suite::seeds::SeedsError;
    use proptest::prelude::*;
    use std::fs::File;

    /// What is told, as far as people see where and what it is.
    type Told = Vec<(&'static str, String, u32, u32, Vec<String>, Option<String>)>;

    struct Case {
        root: tempfile::TempDir,
        suite: Source,
        tree: Node,
        spec: ScenarioSpec,
    }

    impl Case {
        fn new(inputs: &str, text: &[u8]) -> Self {
            let root = tempfile::tempdir().unwrap();
            let suite = format!(
                "name = \"n\"\ninputs = {{ {inputs} }}\nexpect = {{ contains = \"x\" }}\ntags = [\"t\"]\n"
            );
            let mut out = Diagnostics::default();
            let Document { source, root: tree } =
                Document::parse(Source::new("demo.toml", suite), &mut out).unwrap();
            let spec: ScenarioSpec = serde_json::from_value(tree.to_value()).unwrap();
            let Inputs::File(file) = &spec.inputs else { panic!("inputs of a file") };
            std::fs::write(root.path().join(&file.file), text).unwrap();
            Self { root, suite: source, tree, spec }
        }

        /// The seeds as the rows are kept, or as they are streamed.
        fn seeds(&self, stream: bool) -> (Option<Seeds>, Diagnostics) {
            let mut files = Files::new(self.root.path(), "demo.toml");
            let mut out = Diagnostics::default();
            let mut reader = Reader { source: &self.suite, files: &mut files, out: &mut out, seed: 7 };
            let Inputs::File(file) = &self.spec.inputs else { panic!("inputs of a file") };
            let node = self.tree.field("inputs");
            let seeds = if stream {
                let path = self.root.path().join(&file.file);
                let opened = Hashed::new(File::open(&path).unwrap());
                reader.streamed_seeds(&self.spec, file, node, (path, file.file.clone(), opened))
            } else {
                reader.file_seeds(&self.spec, file, node)
            };
            (seeds, out)
        }

        fn read(&self, stream: bool) -> (Option<Vec<String>>, Told) {
            let (seeds, out) = self.seeds(stream);
            let told = out.iter().map(|told| {
                let spot = told.spot.as_ref().unwrap();
                let related =
                    told.related.iter().map(|(spot, label)| format!("{label} {} {}", spot.line, spot.column));
                let notes = told.notes.iter().cloned().chain(related).collect();
                (told.code, told.message.clone(), spot.line, spot.column, notes, told.help.clone())
            });
            let told = told.collect();
            let seeds = seeds.map(|seeds| {
                assert_eq!(seeds.listed().is_none(), stream);
                let read: Vec<String> = seeds.iter().map(|seed| format!("{:?}", seed.unwrap())).collect();
                assert_eq!(read.len(), seeds.len());
                read
            });
            (seeds, told)
        }
    }

    #[track_caller]
    fn same(inputs: &str, text: impl AsRef<[u8]>) -> (Option<Vec<String>>, Told) {
        let case = Case::new(inputs, text.as_ref());
        let (kept, streamed) = (case.read(false), case.read(true));
        assert_eq!(kept, streamed);
        streamed
    }

    #[test]
    fn mistakes_of_a_streamed_file_are_those_of_one_that_is_kept() {
        let csv = "file = \"a.csv\", input = \"q\", id = \"n\"";
        let lines = "file = \"a.jsonl\", input = \"q\"";
        let many = |row: &str| row.repeat(9);
        for (inputs, text, code, count) in [
            (csv, format!("n,q\n1,a\n{}", many("only\n")), "bad-row", 5),
            (csv, "n,q\n1,a\n2,\"open\n3,b\n".into(), "bad-row", 1),
            (csv, "n,q,n,q\n1,a,b,c\n".into(), "duplicate-column", 2),
            (csv, format!("n,q\n{}", many("7,a\n")), "duplicate-id", 5),
            (csv, format!("n,q\n{}", many(",a\n")), "bad-id", 5),
            (csv, format!("n,q\n{}1,x\n", many("5,\" \"\n")), "empty-input", 5),
            (csv, "n,q\n".into(), "no-rows", 1),
            (csv, "n,question\n1,a\n".into(), "unknown-column", 1),
            (lines, format!("{{\"q\":1}}\n[2]\n{}", many("{\"q\": }\n")), "bad-row", 5),
            (lines, format!("{{\"q\":\"a\"}}\n\n{}", many("{\"q\":\" a \"}\n")), "duplicate-input", 5),
            (lines, "{\"q\":\"a\"}\n{\"p\":\"a\"}\n{\"q\":null}\n".into(), "empty-input", 2),
            (
                "file = \"a.jsonl\", where = { k = \"onw\" }",
                "{\"input\":1,\"k\":\"one\"}\n".into(),
                "no-rows",
                1,
            ),
            (
                "file = \"a.jsonl\", where = { k = 1, l = 1 }",
                "{\"input\":1,\"k\":1,\"l\":2}\n{\"input\":2,\"k\":2,\"l\":1}\n".into(),
                "no-rows",
                1,
            ),
        ] {
            let (_, told) = same(inputs, text);
            assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), vec![code; count]);
        }
        let (_, told) = same(csv, b"n,q\n1,a\n2,\"b\nc\xff\"\n3,d\n");
        assert_eq!((told[0].0, told[0].2, told[0].3), ("not-utf8", 4, 2));
        let (_, told) = same(lines, b"\xef\xbb\xbf{\"q\":\"a\"}\n{\"q\":\"\xff\"}\n");
        assert_eq!((told[0].0, told[0].2, told[0].3), ("not-utf8", 2, 7));
    }

    #[test]
    fn a_part_of_a_streamed_file_is_the_part_of_one_that_is_kept() {
        let rows: Vec<String> =
            (0..200).map(|n| format!("{{\"input\":\"q{n}\",\"k\":{}}}\n", n % 3)).collect();
        let rows = rows.concat();
        for (part, count) in [
            ("limit = 7", 7),
            ("sample = 20", 20),
            ("sample = 200", 200),
            ("where = { k = [0, 2] }, sample = 50", 50),
            ("where = { k = 1 }, sample = 500", 67),
        ] {
            let (seeds, told) = same(&format!("file = \"a.jsonl\", {part}"), &rows);
            assert_eq!((seeds.unwrap().len(), told.len()), (count, 0));
        }
    }

    #[test]
    fn a_file_that_is_another_one_is_refused_and_named() {
        let refused = |change: &dyn Fn(&std::path::Path)| {
            let case = Case::new("file = \"a.csv\", input = \"q\"", b"q\none\ntwo\n");
            let seeds = case.seeds(true).0.unwrap();
            change(&case.root.path().join("a.csv"));
            seeds.iter().find_map(Result::err)
        };
        let changed = Some(SeedsError::Changed { path: "a.csv".into() });
        assert_eq!(refused(&|_| {}), None);
        assert_eq!(refused(&|path| std::fs::write(path, "q\none\ntwo\nthree\n").unwrap()), changed);
        assert!(matches!(
            refused(&|path| std::fs::remove_file(path).unwrap()),
            Some(SeedsError::Unreadable { .. })
        ));
        // The same length and the same time: what was read says so.
        let touched = |path: &std::path::Path| {
            let before = std::fs::metadata(path).unwrap().modified().unwrap();
            std::fs::write(path, "q\none\ntow\n").unwrap();
            File::options().write(true).open(path).unwrap().set_modified(before).unwrap();
        };
        assert_eq!(refused(&touched), changed);
    }

    #[test]
    fn first_seeds_without_a_column_are_found() {
        let text = "{\"input\":1,\"a\":1}\n{\"input\":2,\"a\":1,\"b\":1}\n{\"input\":3,\"b\":1}\n";
        let case = Case::new("file = \"a.jsonl\"", text.as_bytes());
        for stream in [false, true] {
            let seeds = case.seeds(stream).0.unwrap();
            let line = |column: &str| seeds.view().lacking(column).0.map(|place| place.line);
            assert_eq!([line("input"), line("a"), line("b"), line("c")], [None, Some(3), Some(1), Some(1)]);
            assert_eq!(seeds.view().lacking("c").1.into_iter().collect::<Vec<_>>(), ["a", "b", "input"]);
        }
    }

    proptest! {
        #[test]
        fn random_csv_files_stream_the_seeds_that_they_have(
            mark in any::<bool>(),
            rows in prop::collection::vec(("[a-c \",\n#é{]{0,12}", "[a-z\"]{0,3}", "(\n|\r\n|\n\n)"), 0..12),
            where_ in any::<bool>(),
        ) {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let mut text = String::from(if mark { "\u{feff}q,k\n" } else { "q,k\n" });
            for (asked, kind, ending) in &rows {
                text.extend([quoted(asked).as_str(), ",", kind.as_str(), ending.as_str()]);
            }
            let filter = if where_ { ", where = { k = [\"a\", \"b\", \"\"] }" } else { "" };
            same(&format!("file = \"a.csv\", input = \"q\"{filter}"), text);
        }

        #[test]
        fn random_json_lines_stream_the_seeds_that_they_have(
            rows in prop::collection::vec(("[a-c \"\\\\\né]{0,8}", 0u8..4, "(\n|\r\n|\n \n)"), 0..12),
            sample in 1usize..8,
        ) {
            let mut text = String::new();
            for (asked, kind, ending) in &rows {
                let row = match kind {
                    0 => serde_json::json!({ "input": asked }),
                    1 => serde_json::json!({ "input": asked, "k": 1 }),
                    2 => serde_json::json!({ "input": { "q": asked } }),
                    _ => serde_json::json!({ "k": asked, "input": [1, asked] }),
                };
                text.extend([row.to_string().as_str(), ending.as_str()]);
            }
            same(&format!("file = \"a.jsonl\", sample = {sample}"), text);
        }
    }
}
