//! From files to suites: reads, checks, and tells of everything that is wrong at once.

use super::check::{Checker, Loaded};
use super::diagnostic::{Diagnostic, Diagnostics, quote, quote_all};
use super::document::{Document, Node};
use super::files::{Files, MAX_SUITE, read, tidy};
use super::inputs::Reader;
use super::nearest::nearest;
use super::params::Params;
use super::schema::{SCHEMA, SuiteFile};
use super::shape::Shape;
use super::slug::slug;
use super::template::Template;
use super::{Scenario, Suite};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::new(SCHEMA));

/// Loads one suite, with every seed input of it. `file` is below `root`, or relative to it.
///
/// All mistakes of the file, and of the data files it names, are told together. Templates are checked
/// and not filled in, and no environment variable is read: see [`env_names`].
pub fn load(root: &Path, file: &Path) -> Result<Suite, Diagnostics> {
    let path = root.join(file);
    let below = path.strip_prefix(root).unwrap_or(&path);
    let shown = tidy(&below.to_string_lossy().replace('\\', "/"));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (source, hash) = read(&path, &shown, MAX_SUITE)?;
    let mut out = Diagnostics::default();
    if stem.contains("::") || stem.chars().any(char::is_control) {
        let what = format!("{} is no name for a suite", quote(&stem));
        out.push(Diagnostic::new("bad-name", what).help("name the file without `::` and control characters"));
    }
    let Some(mut document) = Document::parse(source, &mut out) else { return Err(out) };
    SHAPE.check(&mut document, &mut out);
    let Document { source, root: tree } = document;
    let spec = match spec(&tree) {
        Ok(spec) => spec,
        Err(error) => {
            if out.is_empty() {
                let what = format!("this suite cannot be read: {error}");
                out.push(Diagnostic::new("unreadable-suite", what).at(source.spot(tree.span.clone())));
            }
            return Err(out);
        }
    };
    let mut files = Files::new(root, &shown);
    let mut reader = Reader { source: &source, files: &mut files, out: &mut out, seed: spec.seed };
    let list = tree.field("scenario");
    let loaded: Vec<Loaded> = spec
        .scenario
        .iter()
        .enumerate()
        .map(|(index, scenario)| Loaded {
            id: scenario.id.clone().or_else(|| slug(&scenario.name)),
            seeds: reader.seeds(scenario, list.item(index)),
        })
        .collect();
    let mut checker = Checker { source: &source, files: &mut files, out: &mut out, spec: &spec, root: &tree };
    checker.check(&loaded);
    let judges = checker.judges(&shown);
    for judge in &judges {
        for (file, hash) in judge.files() {
            files.decides(&file, hash);
        }
    }
    let fingerprint = files.fingerprint(hash);
    let read = files.paths();
    let scenarios = spec
        .scenario
        .iter()
        .zip(loaded)
        .enumerate()
        .filter_map(|(index, (spec, loaded))| {
            let node = list.item(index);
            let template = node.field("template");
            let texts = spec.template.as_ref().map_or(0, |template| template.as_slice().len());
            Some(Scenario {
                id: loaded.id?,
                spec: spec.clone(),
                line: source.line(node.span.start),
                template_lines: (0..texts).map(|at| source.line(template.item(at).span.start)).collect(),
                seeds: loaded.seeds?,
            })
        })
        .collect();
    let params = Arc::new(Params::declared(&spec.params));
    out.or(Suite {
        name: stem,
        path: shown,
        root: root.to_owned(),
        spec,
        params,
        scenarios,
        judges,
        fingerprint,
        files: read,
    })
}

/// What the file says, with something empty for what is missing: that was told already, and what is
/// there can be checked all the same.
fn spec(tree: &Node) -> Result<SuiteFile, serde_json::Error> {
    let mut value = tree.to_value();
    if let Value::Object(fields) = &mut value {
        for (key, empty) in [("feature", json!("")), ("target", json!({})), ("scenario", json!([]))] {
            fields.entry(key).or_insert(empty);
        }
    }
    serde_json::from_value(value)
}

/// Loads all suites of a folder, or those named in `only`, in the order of their names. The mistakes of
/// all of them are told together.
pub fn load_folder(root: &Path, folder: &Path, only: &[String]) -> Result<Vec<Suite>, Diagnostics> {
    let names = suite_names(root, folder)?;
    let mut out = Diagnostics::default();
    for wanted in only {
        if names.contains(wanted) {
            continue;
        }
        let known = || names.iter().map(String::as_str);
        let unknown = Diagnostic::new("unknown-suite", format!("there is no suite {}", quote(wanted)));
        out.push(match nearest(wanted, known()) {
            Some(meant) => unknown.help(format!("did you mean {}?", quote(meant))),
            None => unknown.help(format!("the suites are {}", quote_all(known()))),
        });
    }
    let mut suites = Vec::new();
    for name in names.iter().filter(|name| only.is_empty() || only.contains(name)) {
        match load(root, &folder.join(format!("{name}.toml"))) {
            Ok(suite) => suites.push(suite),
            Err(mistakes) => out.extend(mistakes),
        }
    }
    out.or(suites)
}

/// The names of the suites in a folder.
fn suite_names(root: &Path, folder: &Path) -> Result<BTreeSet<String>, Diagnostics> {
    let shown = tidy(&folder.to_string_lossy().replace('\\', "/"));
    let none = |what: String| {
        let help = "`holdline init` writes a first suite";
        Diagnostics::from(Diagnostic::new("no-suites", what).help(help))
    };
    let path = root.join(folder);
    let entries = std::fs::read_dir(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => none(format!("there is no folder {}", quote(&shown))),
        _ => none(format!("the folder {} cannot be read: {error}", quote(&shown))),
    })?;
    let names: BTreeSet<String> = entries
        .flatten()
        .map(|entry| entry.path())
        // A link to nowhere is told of when it is read; hidden files are those of editors and systems.
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && !path.is_dir())
        .filter(|path| !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")))
        .filter_map(|path: PathBuf| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    if names.is_empty() { Err(none(format!("there are no suites in {}", quote(&shown)))) } else { Ok(names) }
}

/// The names of all environment variables that the texts of a suite refer to by `${env:NAME}`. What is
/// expected refers to none: see the checks of a suite.
pub fn env_names(suite: &Suite) -> BTreeSet<String> {
    fn gather(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => {
                if let Ok(template) = Template::parse(text) {
                    names.extend(template.env().iter().cloned());
                }
            }
            Value::Array(list) => list.iter().for_each(|item| gather(item, names)),
            Value::Object(object) => object.values().for_each(|field| gather(field, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    gather(&json!(suite.spec.target), &mut names);
    for scenario in &suite.spec.scenario {
        gather(&json!(scenario.conversation), &mut names);
    }
    names
}
