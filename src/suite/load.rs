//! From files to suites: reads, checks, and tells of everything that is wrong at once.

use super::check::{Checker, Loaded};
use super::diagnostic::{Diagnostic, Diagnostics, quote};
use super::document::{Document, Node};
use super::files::{Files, MAX_SUITE, read, tidy};
use super::inputs::Reader;
use super::params::Params;
use super::schema::{SCHEMA, SuiteFile};
use super::shape::Shape;
use super::slug::slug;
use super::template::Template;
use super::variants::by_scenario;
use super::{Scenario, Suite};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
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
    let ids: Vec<Option<&str>> = loaded.iter().map(|loaded| loaded.id.as_deref()).collect();
    let mut variants = by_scenario(&mut files, &shown, &ids, &mut out);
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
                variants: std::mem::take(&mut variants[index]),
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
        is_live: false,
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

/// The names of all environment variables that the texts of a suite refer to by `${env:NAME}`. What is
/// expected refers to none: see the checks of a suite.
pub fn env_names(suite: &Suite) -> BTreeSet<String> {
    let mut names = said_env_names(suite);
    gather_env(&json!(suite.spec.target), &mut names);
    names
}

/// Those among them that the conversations refer to.
pub fn said_env_names(suite: &Suite) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for scenario in &suite.spec.scenario {
        gather_env(&json!(scenario.conversation), &mut names);
    }
    names
}

fn gather_env(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            if let Ok(template) = Template::parse(text) {
                names.extend(template.env().iter().cloned());
            }
        }
        Value::Array(list) => list.iter().for_each(|item| gather_env(item, names)),
        Value::Object(object) => object.values().for_each(|field| gather_env(field, names)),
        _ => {}
    }
}
