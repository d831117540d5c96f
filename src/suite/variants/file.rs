//! The file of a suite's variants: read whole, with every mistake told, and added to line by line.

use super::{Placed, Variant, path_of};
use crate::expand::{CaseId, Promise};
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use crate::suite::files::Files;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The variants of a suite.
#[derive(Debug)]
pub struct VariantFile {
    /// How the file is shown.
    pub path: String,
    /// What stands in it, in its order.
    pub variants: Vec<Placed>,
    place: PathBuf,
}

impl VariantFile {
    /// Reads the variants of a suite, whose own file is `suite`, relative to the root. None need be there.
    pub fn open(root: &Path, suite: &str) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::default();
        let file = Self::read(&mut Files::new(root, suite), suite, &mut out);
        out.or(file)
    }

    /// The same, counted among the files of the suite, with what is wrong told to `out`.
    fn read(files: &mut Files, suite: &str, out: &mut Diagnostics) -> Self {
        let path = path_of(suite);
        let place = files.root().join(&path);
        let variants = match place.exists().then(|| files.text_at(&path)) {
            None => Vec::new(),
            Some(Ok(source)) => parse(&source, out),
            Some(Err(wrong)) => {
                out.push(*wrong);
                Vec::new()
            }
        };
        Self { path, variants, place }
    }

    /// Adds a variant at the end; it is on the disk when this returns.
    pub fn add(&mut self, variant: Variant) -> std::io::Result<()> {
        let line = serde_json::to_string(&variant)? + "\n";
        let mut file = std::fs::File::options().create(true).append(true).read(true).open(&self.place)?;
        // A last line without an end would run into this one.
        let before = match std::fs::read(&self.place)? {
            text if text.is_empty() || text.ends_with(b"\n") => "",
            _ => "\n",
        };
        file.write_all(format!("{before}{line}").as_bytes())?;
        file.sync_data()?;
        let line = self.variants.last().map_or(1, |last| last.line + 1);
        self.variants.push(Placed { variant, line });
        Ok(())
    }

    /// Whether the line of a variant is the last one of the file, as it is on the disk now.
    pub fn ends_with(&self, variant: &Variant) -> std::io::Result<bool> {
        let line = serde_json::to_string(variant)? + "\n";
        match std::fs::read(&self.place) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            read => Ok(read?.ends_with(line.as_bytes())),
        }
    }

    /// Takes the last variant back where its line is still the last one of the file. False where it is not, and
    /// nothing is done.
    pub fn take_back(&mut self, variant: &Variant) -> std::io::Result<bool> {
        let line = serde_json::to_string(variant)? + "\n";
        let text = match std::fs::read_to_string(&self.place) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            read => read?,
        };
        let Some(before) = text.strip_suffix(&line) else { return Ok(false) };
        let file = std::fs::File::options().write(true).open(&self.place)?;
        file.set_len(before.len() as u64)?;
        file.sync_data()?;
        self.variants.pop();
        Ok(true)
    }
}

/// The lines of the file that can be read.
fn parse(source: &Source, out: &mut Diagnostics) -> Vec<Placed> {
    let mut variants = Vec::new();
    let mut seen: HashMap<CaseId, u32> = HashMap::new();
    let mut begin = 0;
    for line in source.text.split_inclusive('\n') {
        let span = begin..begin + line.trim_end().len();
        begin += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: String, help: &str| {
            Diagnostic::new("bad-variant", what).at(source.spot(span.clone())).help(help)
        };
        let variant: Variant = match serde_json::from_str(line) {
            Ok(variant) => variant,
            Err(error) => {
                let what = format!("this is no variant: {error}");
                out.push(wrong(
                    what,
                    "`holdline review --variants` and `holdline promote` write these lines",
                ));
                continue;
            }
        };
        if variant.review.is_none() {
            let what = "nobody reviewed this variant".to_owned();
            out.push(wrong(what, "let it pass through `holdline review --variants`, or take the line out"));
        }
        let is_empty = match &variant.input {
            serde_json::Value::String(text) => text.is_empty(),
            other => other.is_null(),
        };
        // An empty question may be asked on purpose, with what must come of it.
        if is_empty && variant.expect.is_none() {
            out.push(wrong(
                "`input` says nothing".into(),
                "write what the application is asked, or `expect`",
            ));
        }
        if variant.of.is_some() && variant.expect.is_none() && variant.promise != Promise::Same {
            let what = "this variant promises something of its own and states no `expect`".to_owned();
            out.push(wrong(
                what,
                "write `expect`, or `\"promise\":\"same\"` where what its seed expects must hold",
            ));
        }
        if variant.promise == Promise::Same && variant.of.is_none() {
            let what = "this variant promises what its seed promises, and names no seed".to_owned();
            out.push(wrong(what, "write `of` with the seed's `row` or `input`, or leave `promise` out"));
        }
        let line = source.line(span.start);
        match seen.entry(variant.id("")) {
            Entry::Occupied(first) => {
                let what = format!("line {} asks and expects the same", first.get());
                out.push(wrong(what, "take one of the two lines out"));
            }
            Entry::Vacant(entry) => {
                entry.insert(line);
            }
        }
        variants.push(Placed { variant, line });
    }
    variants
}

impl Placed {
    /// A mistake at this line of a file.
    pub(crate) fn wrong(&self, source: &Source, what: String, help: String) -> Diagnostic {
        let line = self.line.saturating_sub(1) as usize;
        let begin: usize = source.text.split_inclusive('\n').take(line).map(str::len).sum();
        let end = source.text[begin..].find('\n').map_or(source.text.len(), |end| begin + end);
        Diagnostic::new("bad-variant", what).at(source.spot(begin..end)).help(help)
    }
}

/// The variants of each scenario, by the scenarios' places, or what is wrong with them.
pub(crate) fn by_scenario(
    files: &mut Files,
    suite: &str,
    ids: &[Option<&str>],
    out: &mut Diagnostics,
) -> Vec<Vec<Placed>> {
    let mut by_scenario = vec![Vec::new(); ids.len()];
    let file = VariantFile::read(files, suite, out);
    // Ids that could not be told were told already.
    let all_known = ids.iter().all(Option::is_some);
    for placed in file.variants {
        let scenario = &placed.variant.scenario;
        if let Some(at) = ids.iter().position(|id| *id == Some(scenario.as_str())) {
            by_scenario[at].push(placed);
        } else if all_known && let Ok(source) = files.text_at(&file.path) {
            let what = format!("the suite has no scenario {}", quote(scenario));
            let known = crate::suite::nearest::nearest(scenario, ids.iter().flatten().copied());
            let help = known.map_or_else(
                || "write the `id` of a scenario, or the slug of its name".to_owned(),
                |near| format!("did you mean {}?", quote(near)),
            );
            out.push(placed.wrong(&source, what, help));
        }
    }
    by_scenario
}
