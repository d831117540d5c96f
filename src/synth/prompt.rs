//! Prompt files: what a generator tells a model, as a versioned Markdown file with a section for each part. The one
//! that comes with Holdline stands aside for the user's own copy, `suites/prompts/<generator>.md`.

use super::draft::Brief;
use super::generator::{BriefError, Generator, Given, OptionTakes};
use super::generators::queries;
use crate::suite::diagnostic::{Diagnostic, Diagnostics, Source, quote, quote_all};
use crate::suite::files::{MAX_SUITE, read, tidy};
use crate::suite::nearest::nearest;
use crate::suite::template::{Scope, Template, TemplateError};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// The folder of the user's own prompts, in that of the suites.
pub const FOLDER: &str = "prompts";

/// The sections that a prompt has, each a heading of the first level, in this order where Holdline wrote it.
pub const SECTIONS: [&str; 7] =
    ["Persona and task", "Rules", "Context", "Examples", "Steps", "Output", "Material"];

/// Variables that a prompt may use, beside `options.NAME`.
const VARIABLES: [&str; 13] = [
    "count",
    "feature",
    "scenario",
    "scenario.id",
    "scenario.name",
    "scenario.why",
    "scenario.expects",
    "scenario.labels",
    "scenario.label",
    "scenario.columns",
    "knobs",
    "schema",
    "fields",
];

/// Variables that a prompt must use: without them a model does not know what to write, or what it is shown.
const NEEDED: [(&str, &str); 3] = [
    ("count", "how many are wanted"),
    ("schema", "what the reply must look like"),
    ("fields", "what the fields of the material are"),
];

/// A prompt file, read and checked for one generator.
#[derive(Debug, Clone)]
pub struct PromptFile {
    /// The generator that it is for.
    pub generator: &'static str,
    /// How the file is shown; of Holdline's own `<generator>.md of Holdline`.
    pub file: String,
    /// Its text, front matter and all.
    pub text: String,
    /// blake3 over the text, 16 hex digits.
    pub hash: String,
    body: Template,
}

/// Why there are no messages.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The generator cannot work on what it is told.
    #[error(transparent)]
    Brief(#[from] BriefError),
    /// Mistakes in a prompt file.
    #[error("{0}")]
    File(#[from] Diagnostics),
    /// The prompt cannot be filled in.
    #[error("{file} cannot be filled in: {error}")]
    Fill {
        /// The prompt file.
        file: String,
        /// Why not.
        error: TemplateError,
    },
}

/// What a prompt is filled in with.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub brief: &'a Brief,
    pub given: &'a Given,
    pub schema: &'a Value,
    pub fields: &'a str,
}

#[derive(Serialize)]
struct Word {
    word: &'static str,
    meaning: &'static str,
}

impl PromptFile {
    /// The one that comes with Holdline.
    pub fn shipped(generator: &'static Generator) -> Result<Self, Diagnostics> {
        let source = Source::new(format!("{}.md of Holdline", generator.name), generator.prompt.to_owned());
        Self::parse(generator, &source)
    }

    /// The user's own, in the folder of the suites, which is given relative to the root; none where there is no
    /// such file.
    pub fn own(
        root: &Path,
        suites: &str,
        generator: &'static Generator,
    ) -> Result<Option<Self>, Diagnostics> {
        let path = Self::path(suites, generator.name);
        let place = root.join(&path);
        // A link to nowhere is told, and not passed over for the prompt of Holdline.
        if place.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        let (source, _) = read(&place, &path, MAX_SUITE)?;
        Self::parse(generator, &source).map(Some)
    }

    /// Where the user's own copy stands, relative to the root.
    pub fn path(suites: &str, name: &str) -> String {
        tidy(&format!("{}/{FOLDER}/{name}.md", suites.replace('\\', "/")))
    }

    /// Reads a prompt file, or tells everything that is wrong with it.
    pub fn parse(generator: &'static Generator, source: &Source) -> Result<Self, Diagnostics> {
        let mut out = Diagnostics::default();
        let begin = front_matter(generator, source, &mut out);
        sections(generator, source, begin, &mut out);
        let body = match Template::parse(&source.text[begin..]) {
            Ok(body) => {
                variables(generator, source, begin, &body, &mut out);
                Some(body)
            }
            Err(error) => {
                let span = error.range.map_or(begin..begin, |range| begin + range.start..begin + range.end);
                let what = format!("this prompt is no template: {}", error.message);
                let help = "braces that are no template stand in `{% raw %} … {% endraw %}`";
                out.push(Diagnostic::new("bad-template", what).at(source.spot(span)).help(help));
                None
            }
        };
        // Without a template there is a mistake, and so no prompt.
        let Some(body) = body else { return Err(out) };
        out.or(Self {
            generator: generator.name,
            file: source.file.to_string(),
            text: source.text.clone(),
            hash: blake3::hash(source.text.as_bytes()).to_hex()[..16].to_owned(),
            body,
        })
    }

    /// Fills it in.
    pub(super) fn render(&self, values: &Values<'_>) -> Result<String, PromptError> {
        let Values { brief, given, schema, fields } = values;
        let scenario = &brief.scenario;
        let lines = |texts: &[String]| texts.iter().map(|text| line(text)).collect::<Vec<_>>();
        let knobs = brief.knobs.iter().map(|(name, value)| {
            json!({ "name": line(name), "value": line(value), "meaning": queries::meaning(name, value) })
        });
        let scope = Scope::default()
            .with("count", brief.count)
            .with("feature", line(&brief.feature))
            .with(
                "scenario",
                json!({
                    "id": scenario.id,
                    "name": line(&scenario.name),
                    "why": scenario.why.as_deref().map(line),
                    "expects": lines(&scenario.expects),
                    "labels": lines(&scenario.labels),
                    "label": scenario.label.as_deref().map(line),
                    "columns": lines(&scenario.columns),
                }),
            )
            .with("knobs", knobs.collect::<Vec<_>>())
            .with("options", options(self.generator, given))
            .with("schema", schema.to_string())
            .with("fields", fields);
        let text = self
            .body
            .render_text(&scope)
            .map_err(|error| PromptError::Fill { file: self.file.clone(), error })?;
        Ok(text.trim().to_owned() + "\n")
    }
}

/// The options as a prompt has them: every one of the generator, words as a list, texts as they are or none.
fn options(generator: &str, given: &Given) -> BTreeMap<&'static str, Value> {
    let words = given.words.iter().map(|(name, words)| {
        let words: Vec<Word> = words.iter().map(|&(word, meaning)| Word { word, meaning }).collect();
        (*name, json!(words))
    });
    let known = super::generator::find(generator).map_or(&[][..], |generator| generator.options);
    let texts = known.iter().filter(|option| matches!(option.takes, OptionTakes::Text { .. }));
    let texts = texts.map(|option| (option.name, json!(given.texts.get(option.name).map(|text| line(text)))));
    words.chain(texts).collect()
}

/// A text of the suite's on one line, so that it begins no section of the prompt.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks what stands between `---` at the beginning, and says where the rest begins.
fn front_matter(generator: &Generator, source: &Source, out: &mut Diagnostics) -> usize {
    let text = source.text.as_str();
    let whole = |generator: &Generator| {
        format!("begin the file with\n---\nname: {}\nversion: {}\n---", generator.name, generator.version)
    };
    let mut at = 0;
    let mut found: BTreeMap<&str, (&str, Range<usize>)> = BTreeMap::new();
    let mut closed = None;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let (begin, said) = (at, whole.trim_end());
        at += whole.len();
        if number == 0 {
            if said != "---" {
                break;
            }
        } else if said == "---" {
            closed = Some(at);
            break;
        } else if !said.trim().is_empty() {
            let span = begin..begin + said.len();
            let pair = said.split_once(':').map(|(key, value)| (key.trim(), value.trim()));
            if let Some((key @ ("name" | "version"), value)) = pair {
                if found.insert(key, (value, span.clone())).is_some() {
                    let what = format!("{} is there twice", quote(key));
                    out.push(Diagnostic::new("duplicate-key", what).at(source.spot(span)));
                }
            } else {
                let what = format!("{} is neither `name` nor `version`", quote(said));
                let unknown = Diagnostic::new("unknown-key", what).at(source.spot(span));
                out.push(unknown.help("a prompt file says its name and its version, a line each"));
            }
        }
    }
    let Some(begin) = closed else {
        let what = "this prompt file does not say what it is".to_owned();
        let none = Diagnostic::new("no-front-matter", what).at(source.spot(0..text.find('\n').unwrap_or(0)));
        out.push(none.help(whole(generator)));
        return 0;
    };
    for key in ["name", "version"] {
        let wanted = if key == "name" { generator.name.to_owned() } else { generator.version.to_string() };
        match found.get(key) {
            None => {
                let what = format!("this prompt file does not say its {key}");
                out.push(
                    Diagnostic::new("missing-key", what)
                        .at(source.spot(0..3))
                        .help(format!("write `{key}: {wanted}`")),
                );
            }
            Some((value, span)) if *value != wanted => {
                let (what, help) = if key == "name" {
                    let what = format!("this prompt is for {}, and the file for `{wanted}`", quote(value));
                    (what, "a prompt file has the name of its generator".to_owned())
                } else {
                    (
                        format!(
                            "this prompt was written for version {} of `{}`, and there is {wanted}",
                            quote(value),
                            generator.name
                        ),
                        format!(
                            "see what changed with `holdline synth prompts {} --shipped`, take it over, and write `version: {wanted}`",
                            generator.name
                        ),
                    )
                };
                out.push(Diagnostic::new("wrong-prompt", what).at(source.spot(span.clone())).help(help));
            }
            Some(_) => {}
        }
    }
    begin
}

/// Checks that every section is there, once.
fn sections(generator: &Generator, source: &Source, begin: usize, out: &mut Diagnostics) {
    let mut at = begin;
    let mut found: Vec<(&str, Range<usize>, bool)> = Vec::new();
    let mut fenced = false;
    for whole in source.text[begin..].split_inclusive('\n') {
        let (start, said) = (at, whole.trim_end());
        at += whole.len();
        if said.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if let Some(title) = said.strip_prefix("# ").filter(|_| !fenced) {
            found.push((title.trim(), start..start + said.len(), false));
        } else if let Some((.., says_something)) = found.last_mut() {
            *says_something |= !said.trim().is_empty();
        }
    }
    for section in SECTIONS {
        let mut of_it = found.iter().filter(|(title, ..)| *title == section);
        let Some((_, span, says_something)) = of_it.next() else {
            let what = format!("this prompt has no section `# {section}`");
            let near = found.iter().find(|(title, ..)| nearest(title, [section]).is_some());
            let span = near.map_or(begin..begin, |(_, span, _)| span.clone());
            let none = Diagnostic::new("missing-section", what).at(source.spot(span));
            let mend = format!("see that of Holdline: `holdline synth prompts {} --shipped`", generator.name);
            out.push(none.help(mend));
            continue;
        };
        if !says_something {
            let what = format!("the section `# {section}` says nothing");
            out.push(Diagnostic::new("empty-section", what).at(source.spot(span.clone())));
        }
        if let Some((_, again, _)) = of_it.next() {
            let what = format!("the section `# {section}` is there twice");
            out.push(Diagnostic::new("duplicate-section", what).at(source.spot(again.clone())));
        }
    }
}

/// Checks that a prompt uses what it must, and nothing that is not there.
fn variables(generator: &Generator, source: &Source, begin: usize, body: &Template, out: &mut Diagnostics) {
    let text = &source.text[begin..];
    let spot = |word: &str| {
        let at = text.find(word).map_or(begin..begin, |at| begin + at..begin + at + word.len());
        source.spot(at)
    };
    for name in body.env() {
        let what = "a prompt cannot use the environment".to_owned();
        let secret = Diagnostic::new("secret-in-prompt", what).at(spot(&format!("${{env:{name}}}")));
        out.push(secret.help("what is sent to a model is kept and shown: no secret belongs there"));
    }
    let used = body.variables();
    let known = || {
        let options = generator.options.iter().map(|option| format!("options.{}", option.name));
        VARIABLES.iter().map(|name| (*name).to_owned()).chain(options).collect::<Vec<_>>()
    };
    for variable in &used {
        if known().contains(variable) {
            continue;
        }
        let what = format!("a prompt of `{}` has no variable {}", generator.name, quote(variable));
        let all = known();
        let help = nearest(variable, all.iter().map(String::as_str)).map_or_else(
            || format!("it has {}", quote_all(all.iter().map(String::as_str))),
            |near| format!("did you mean {}?", quote(near)),
        );
        out.push(Diagnostic::new("unknown-variable", what).at(spot(variable)).help(help));
    }
    for (name, says) in NEEDED {
        if !used.contains(name) {
            let what = format!("this prompt does not use `{{{{ {name} }}}}`");
            let none = Diagnostic::new("unused-variable", what).at(source.spot(begin..begin));
            out.push(none.help(format!("it says {says}")));
        }
    }
}
