//! Checks of templates: their syntax, and the variables that they name.

use super::{Checker, Loaded};
use crate::suite::Seeds;
use crate::suite::diagnostic::{Diagnostic, quote, quote_all};
use crate::suite::document::{Data, Node};
use crate::suite::inputs::documents::COLUMNS;
use crate::suite::nearest::nearest;
use crate::suite::params::PARAMS;
use crate::suite::schema::{KnobSpec, ScenarioSpec};
use crate::suite::seeds::SeedView;
use crate::suite::template::{ENV, Template};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;

/// Where a template stands, which decides what it may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// What is sent to the application.
    Target,
    /// Which version of the application is asked.
    Version,
    /// How the application is started.
    Serve,
    /// What must hold of an answer.
    Expect,
    /// What the user says next.
    FollowUp,
    /// A scenario's template, filled in with its knobs.
    Template,
    /// A question over a passage of a document.
    Question,
}

/// All variables there are.
const VARIABLES: [&str; 7] = ["input", "row", "turns", "conversation", "serve", "knobs", PARAMS];
/// Functions of the template language.
const FUNCTIONS: [&str; 3] = ["range", "dict", "namespace"];

impl Within {
    const fn known(self) -> &'static [&'static str] {
        match self {
            Self::Target => &["input", "row", "knobs", "turns", "conversation", "serve", PARAMS],
            Self::Version => &[PARAMS],
            Self::Serve => &["serve", PARAMS],
            Self::Expect => &["input", "row", "knobs", PARAMS],
            Self::FollowUp => &["input", "row", "knobs", "turns", "conversation", PARAMS],
            Self::Template => &["knobs"],
            Self::Question => &["chunk", "row"],
        }
    }
}

impl Within {
    /// Whether a value may be absent for some cases, so that a template can say what stands in its place.
    const fn may_lack(self) -> bool {
        !matches!(self, Self::Template | Self::Question)
    }
}

/// The rows that a template is filled in with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    /// Name of their scenario.
    pub scenario: &'a str,
    /// The seeds, where they could be read.
    pub seeds: Option<SeedView<'a>>,
    /// The knobs of its template.
    pub knobs: Knobs<'a>,
}

/// The knobs that a template of texts may name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Knobs<'a> {
    /// The scenario has no template.
    None,
    /// These.
    Known(&'a BTreeMap<String, KnobSpec>),
    /// Something is wrong with them, which is told elsewhere.
    Unknown,
}

impl<'a> Rows<'a> {
    pub fn of(spec: &'a ScenarioSpec, node: &Node, seeds: Option<SeedView<'a>>) -> Self {
        let knobs = if node.field("knobs").is_damaged() || !spec.knobs.is_empty() && spec.template.is_none() {
            Knobs::Unknown
        } else if spec.template.is_some() {
            Knobs::Known(&spec.knobs)
        } else if node.mentions("template") || node.mentions("knobs") {
            Knobs::Unknown
        } else {
            Knobs::None
        };
        Self { scenario: &spec.name, seeds, knobs }
    }
}

impl Checker<'_> {
    /// Every text of the target.
    pub(super) fn target_texts(&mut self, scenarios: &[Loaded]) {
        let Some(target) = self.root.get("target") else { return };
        let (specs, list) = (&self.spec.scenario, self.root.field("scenario"));
        let rows: Vec<_> = specs
            .iter()
            .zip(scenarios)
            .enumerate()
            .map(|(index, (spec, loaded))| {
                Rows::of(spec, list.item(index), loaded.seeds.as_ref().map(Seeds::view))
            })
            .collect();
        for key in
            ["http", "chat", "command", "headers", "body", "form", "raw", "model", "system", "api_key", "env"]
        {
            if let Some(node) = target.get(key) {
                self.texts(node, Within::Target, &rows);
            }
        }
        if let Some(version) = target.get("version") {
            self.texts(version, Within::Version, &rows);
        }
        if let Some(serve) = target.get("serve") {
            for node in ["command", "ready", "env"].into_iter().filter_map(|key| serve.get(key)) {
                self.texts(node, Within::Serve, &rows);
            }
        }
    }

    /// Every text in a value is a template.
    pub(super) fn texts(&mut self, node: &Node, within: Within, rows: &[Rows<'_>]) {
        match &node.data {
            Data::Scalar(Value::String(text)) => self.template(text, node, within, rows),
            Data::Scalar(_) => {}
            Data::List(items, _) => items.iter().for_each(|item| self.texts(item, within, rows)),
            Data::Table(fields, _) => fields.values().for_each(|field| self.texts(field, within, rows)),
        }
    }

    fn template(&mut self, text: &str, node: &Node, within: Within, rows: &[Rows<'_>]) {
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err(error) => {
                let span = node.span_of(self.source, text, error.range.clone());
                let bad = self.within("bad-template", format!("this template cannot be read: {error}"), span);
                self.out.push(bad.help(if error.message.contains("${env:") {
                    "its name has letters, digits and `_` only, and ends with `}`"
                } else {
                    "a value is filled in with `{{ name }}`, such as `{{ input }}` or `{{ row.column }}`"
                }));
                return;
            }
        };
        if text.contains(ENV) {
            let span = node.span_of(self.source, text, place_of(text, ENV));
            let hidden = self.within("unknown-variable", format!("there is no variable `{ENV}`"), span);
            self.out.push(hidden.help("an environment variable is written `${env:NAME}`"));
        }
        if matches!(within, Within::Expect | Within::Template | Within::Question)
            && let Some(name) = template.env().first()
        {
            let written = format!("${{env:{name}}}");
            let span = node.span_of(self.source, text, place_of(text, &written));
            let what = format!("{} has no value here", quote(&written));
            let hidden = self.within("unknown-variable", what, span);
            self.out.push(hidden.help(if within == Within::Expect {
                "secrets are taken out of answers before they are judged, so no answer holds one: write the text itself"
            } else {
                "inputs are kept and shown, so none holds a secret: write the text itself"
            }));
        }
        for path in template.variables() {
            let (head, rest) = path.split_once('.').map_or((path.as_str(), None), |(a, b)| (a, Some(b)));
            let span = node.span_of(self.source, text, place_of(text, &path));
            let problem = if FUNCTIONS.contains(&head)
                || (matches!(head, "row" | "knobs") && minds_absence(text) && within.may_lack())
            {
                None
            } else if within == Within::Question && matches!(head, "chunk" | "row") {
                rest.and_then(|rest| unknown_of_passage(head, rest))
            } else if within.known().contains(&head) {
                self.member(head, rest, rows)
            } else if within == Within::Template && !VARIABLES.contains(&head) {
                rows.iter().find_map(|rows| rows.lacking_knob(head, true))
            } else {
                Some(unknown(head, within))
            };
            if let Some(problem) = problem {
                self.out.push(problem.at(self.source.spot(span)));
            }
        }
    }

    /// What is wrong with naming a parameter, if anything is.
    fn lacking_param(&self, name: Option<&str>) -> Option<Diagnostic> {
        let declared = &self.spec.params;
        let known = || declared.keys().map(String::as_str);
        let Some(name) = name else {
            return declared.is_empty().then(|| {
                Diagnostic::new("unknown-variable", "the suite declares no parameters")
                    .help("declare them with their defaults under `[params]`")
            });
        };
        if declared.contains_key(name) || self.root.field(PARAMS).mentions(name) {
            return None;
        }
        let what = format!("there is no parameter {}", quote(name));
        let unknown = Diagnostic::new("unknown-variable", what);
        Some(match nearest(name, known()) {
            Some(meant) => unknown.help(format!("did you mean `params.{meant}`?")),
            None if declared.is_empty() => {
                unknown.help(format!("declare it with its default under `[params]`: `{name} = \"…\"`"))
            }
            None => unknown.help(format!("declare it under `[params]`; there are {}", quote_all(known()))),
        })
    }

    /// What is wrong with what a template takes of a variable.
    fn member(&self, head: &str, rest: Option<&str>, rows: &[Rows<'_>]) -> Option<Diagnostic> {
        let first = rest.map(|rest| rest.split('.').next().unwrap_or(rest));
        match (head, first) {
            ("serve", Some("port")) => {
                let serve = self.root.field("target").field("serve");
                (!serve.mentions("port")).then(|| {
                    Diagnostic::new("unknown-variable", "`serve.port` has no value: no port is set")
                        .help("write `port = \"auto\"` under `[target.serve]`")
                })
            }
            ("serve", _) => Some(undefined("serve", first, "port")),
            ("conversation", Some("id")) => None,
            ("conversation", _) => Some(undefined("conversation", first, "id")),
            (PARAMS, name) => self.lacking_param(name),
            ("knobs", None) => rows.iter().find_map(|rows| match rows.knobs {
                Knobs::None => Some(no_template(rows.scenario, "name")),
                Knobs::Known(_) | Knobs::Unknown => None,
            }),
            ("knobs", Some(knob)) => rows.iter().find_map(|rows| rows.lacking_knob(knob, false)),
            ("row", Some(column)) => rows.iter().find_map(|rows| missing_column(column, rows)),
            _ => None,
        }
    }
}

impl Rows<'_> {
    /// What is wrong with naming a knob, if anything is. In a template any other name is meant as a knob,
    /// for short.
    fn lacking_knob(&self, knob: &str, short: bool) -> Option<Diagnostic> {
        let knobs = match self.knobs {
            Knobs::Unknown => return None,
            Knobs::None => return Some(no_template(self.scenario, knob)),
            Knobs::Known(knobs) if knobs.is_empty() || knobs.contains_key(knob) => return None,
            Knobs::Known(knobs) => knobs,
        };
        let known = || knobs.keys().map(String::as_str);
        let unknown = Diagnostic::new("unknown-knob", format!("there is no knob {}", quote(knob)));
        Some(match nearest(knob, known()) {
            Some(meant) if short => unknown.help(format!("did you mean `{meant}`?")),
            Some(meant) => unknown.help(format!("did you mean `knobs.{meant}`?")),
            None => unknown.help(format!(
                "list its values under `[scenario.knobs]`: `{knob} = [\"…\"]`; there are {}",
                quote_all(known())
            )),
        })
    }
}

fn no_template(scenario: &str, knob: &str) -> Diagnostic {
    let what = format!("the scenario {} has no template, and so no knobs", quote(scenario));
    Diagnostic::new("unknown-variable", what).help(format!(
        "write `template` and `[scenario.knobs]`, or `{{{{ knobs.{knob} | default(\"…\") }}}}`"
    ))
}

fn place_of(text: &str, part: &str) -> Option<Range<usize>> {
    text.find(part).map(|at| at..at + part.len())
}

/// Whether a template says itself what happens where a column is missing.
fn minds_absence(text: &str) -> bool {
    text.contains("default") || text.contains("defined")
}

/// What a question names of a passage and no passage has.
fn unknown_of_passage(head: &str, rest: &str) -> Option<Diagnostic> {
    let column = rest.split('.').next().unwrap_or(rest);
    if COLUMNS.contains(&column) {
        return None;
    }
    let unknown = Diagnostic::new("unknown-variable", format!("a passage has no {}", quote(column)));
    Some(match nearest(column, COLUMNS) {
        Some(meant) => unknown.help(format!("did you mean `{head}.{meant}`?")),
        None => unknown.help(format!("it has {}", quote_all(COLUMNS))),
    })
}

fn undefined(head: &str, member: Option<&str>, known: &str) -> Diagnostic {
    let what = match member {
        Some(member) => format!("`{head}` has no {}", quote(member)),
        None => format!("`{head}` is no value by itself"),
    };
    Diagnostic::new("unknown-variable", what).help(format!("write `{{{{ {head}.{known} }}}}`"))
}

fn unknown(head: &str, within: Within) -> Diagnostic {
    let known = || within.known().iter().copied();
    if VARIABLES.contains(&head) {
        return Diagnostic::new("unknown-variable", format!("`{head}` has no value here"))
            .help(format!("here may stand {}", quote_all(known())));
    }
    let unknown = Diagnostic::new("unknown-variable", format!("there is no variable {}", quote(head)));
    match nearest(head, known()) {
        Some(meant) => unknown.help(format!("did you mean `{meant}`?")),
        None if !matches!(within, Within::Serve | Within::Version) => unknown.help(format!(
            "here may stand {}; a column of a row is `row.{}`",
            quote_all(known()),
            head
        )),
        None => unknown.help(format!("here may stand {}", quote_all(known()))),
    }
}

fn missing_column(column: &str, rows: &Rows<'_>) -> Option<Diagnostic> {
    if let Knobs::Known(knobs) = rows.knobs {
        let what = format!("the rows of the template of {} have no columns", quote(rows.scenario));
        let help = match nearest(column, knobs.keys().map(String::as_str)) {
            Some(knob) => format!("did you mean `knobs.{knob}`?"),
            None => format!("write `knobs.NAME`, or `{{{{ row.{column} | default(\"…\") }}}}`"),
        };
        return Some(Diagnostic::new("unknown-variable", what).help(help));
    }
    let (place, columns) = rows.seeds?.lacking(column);
    let place = place?;
    if columns.contains(column) {
        let what = format!("not every input of {} has a column {}", quote(rows.scenario), quote(column));
        return Some(
            Diagnostic::new("unknown-variable", what)
                .note(format!("{}:{} has none", place.file, place.line))
                .help("give each of its inputs this column"),
        );
    }
    let what = format!("the inputs of {} have no column {}", quote(rows.scenario), quote(column));
    let missing = Diagnostic::new("unknown-variable", what);
    Some(match nearest(column, columns.iter().map(String::as_str)) {
        Some(meant) => missing.help(format!("did you mean `row.{meant}`?")),
        None if columns.is_empty() => {
            missing.help(format!("inputs with columns are tables: `{{ text = \"…\", {column} = \"…\" }}`"))
        }
        None => missing.help(format!("its columns are {}", quote_all(columns.iter().map(String::as_str)))),
    })
}
