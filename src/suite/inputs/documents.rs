//! Inputs made from a folder of documents: every passage is put into every question.

mod chunk;
mod keywords;
mod passages;
pub(in crate::suite) mod pattern;
mod prose;
pub(in crate::suite) mod walk;

pub use passages::passages;

use super::{Reader, Tally, entries, is_empty, select};
use crate::suite::diagnostic::{Diagnostic, Source, quote};
use crate::suite::document::Node;
use crate::suite::files::{MAX_DATA, tidy};
use crate::suite::schema::{DocumentInputs, Expect, Origin, ScenarioSpec};
use crate::suite::slug::slug;
use crate::suite::template::{Scope, Template};
use crate::suite::{Place, Row, Seed};
use chunk::{Chunk, chunks};
use pattern::Pattern;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Most cases of one folder.
const MAX_CASES: usize = 1_000_000;
/// Words that a passage may be allowed.
const WORDS: std::ops::RangeInclusive<usize> = 5..=5_000;

/// What is known of a passage, by the names under which questions and expectations have it.
pub(crate) const COLUMNS: [&str; 12] = [
    "source",
    "file",
    "heading",
    "section",
    "chunk",
    "text",
    "sentence",
    "keywords",
    "start",
    "end",
    "line",
    "last_line",
];

/// A document with its passages.
struct Read {
    /// Relative to the project's root.
    shown: String,
    /// Relative to the pattern's folder.
    below: String,
    source: Arc<Source>,
    chunks: Vec<Chunk>,
}

impl Reader<'_> {
    pub(super) fn document_seeds(
        &mut self,
        spec: &ScenarioSpec,
        inputs: &DocumentInputs,
        node: &Node,
    ) -> Option<Vec<Seed>> {
        let told = self.out.len();
        self.numbers(inputs, node);
        let questions = self.questions(inputs, node);
        let pattern = self.pattern(&inputs.documents, node.field("documents"));
        if self.out.len() > told {
            return None;
        }
        let (questions, documents) = (questions?, self.read(&pattern?, inputs, node)?);
        let passages: usize = documents.iter().map(|document| document.chunks.len()).sum();
        if passages == 0 {
            let what = format!("the files of {} hold no text", quote(&inputs.documents));
            let empty = self.at("no-rows", what, node.field("documents"));
            self.out.push(empty.help("name files with text in them"));
            return None;
        }
        let cases = passages.saturating_mul(questions.len());
        if cases > MAX_CASES {
            let what = format!("{passages} passages and {} questions are {cases} cases", questions.len());
            let many = self.at("too-many", what, node.field("documents"));
            self.out
                .push(many.help(format!("name fewer files, or allow more words: {MAX_CASES} cases at most")));
            return None;
        }
        let seeds = self.asked(spec, &questions, &documents)?;
        let sampled = match inputs.sample {
            Some(count) => select::sample(seeds, count, self.seed),
            None => seeds,
        };
        Some(sampled.into_iter().take(inputs.limit.unwrap_or(usize::MAX)).collect())
    }

    fn numbers(&mut self, inputs: &DocumentInputs, node: &Node) {
        self.part(inputs.limit, inputs.sample, node);
        let (chunk, place) = (inputs.chunk, node.field("chunk"));
        if !WORDS.contains(&chunk.words) {
            let what = format!("`words` cannot be {}", chunk.words);
            let bad = self.at("out-of-range", what, place.field("words"));
            self.out.push(bad.help(format!("write a number from {} to {}", WORDS.start(), WORDS.end())));
        } else if chunk.overlap * 2 > chunk.words {
            let what = format!("`overlap` cannot be {} of {} words", chunk.overlap, chunk.words);
            let bad = self.at("out-of-range", what, place.field("overlap"));
            self.out.push(bad.help("write half of `words` at most"));
        }
    }

    /// The questions; `None` where one cannot be read, which is told where texts are checked.
    fn questions(&mut self, inputs: &DocumentInputs, node: &Node) -> Option<Vec<Template>> {
        let place = node.field("question");
        let texts = inputs.question.as_slice();
        if texts.is_empty() && !place.is_damaged() {
            let nothing = self.at("empty-text", "this list of questions is empty".into(), place);
            self.out.push(
                nothing.help("write what is asked: `question = \"What is said about {{ chunk.heading }}?\"`"),
            );
        }
        let mut questions = Vec::with_capacity(texts.len());
        let mut whole = !texts.is_empty();
        for (at, text) in texts.iter().enumerate() {
            let Ok(template) = Template::parse(text) else {
                whole = false;
                continue;
            };
            if template.is_plain() {
                let same =
                    self.at("same-question", "this asks the same of every passage".into(), place.item(at));
                self.out.push(
                    same.help("name something of the passage: `{{ chunk.heading }}`, `{{ chunk.sentence }}`"),
                );
            }
            // Names that a passage does not have are told where texts are checked.
            let known = |path: &String| {
                let mut parts = path.split('.');
                let head = parts.next().unwrap_or_default();
                !matches!(head, "chunk" | "row")
                    || parts.next().is_none_or(|column| COLUMNS.contains(&column))
            };
            whole &= template.env().is_empty() && template.variables().iter().all(known);
            questions.push(template);
        }
        whole.then_some(questions)
    }

    fn pattern(&mut self, text: &str, node: &Node) -> Option<Pattern> {
        let absolute = text.starts_with(['/', '\\']) || text.chars().nth(1) == Some(':');
        let shown = tidy(&self.files.shown(text));
        if absolute || shown == ".." || shown.starts_with("../") {
            let what = format!("{} lies outside the project", quote(text));
            let outside = self.at("outside-project", what, node);
            self.out.push(outside.help(
                "documents lie inside the project, and are named from the suite file: `../docs/**/*.md`",
            ));
            return None;
        }
        match Pattern::parse(&shown) {
            Ok(pattern) if !text.trim().is_empty() => Some(pattern),
            found => {
                let reason = found.err().unwrap_or("it is empty");
                let what = format!("this pattern cannot be read: {reason}");
                let bad = self.at("bad-pattern", what, node);
                self.out.push(bad.help("write one such as `docs/**/*.md`"));
                None
            }
        }
    }

    /// The documents that a pattern means, cut into passages.
    fn read(&mut self, pattern: &Pattern, inputs: &DocumentInputs, node: &Node) -> Option<Vec<Read>> {
        let place = node.field("documents");
        let spot = self.source.spot(place.span.clone());
        let found = match walk::find(self.files.root(), pattern) {
            Ok(found) => found,
            Err(mistake) => {
                self.out.push(mistake.or_at(spot));
                return None;
            }
        };
        if found.is_empty() {
            let what = format!("no file is like {}", quote(&inputs.documents));
            let nothing = self.at("missing-file", what, place);
            self.out.push(nothing.help("`*` and `?` stand for characters of a name, `**` for folders; paths are relative to the suite file"));
            return None;
        }
        let (mut documents, mut bytes, mut faulty) = (Vec::with_capacity(found.len()), 0_u64, Tally::new());
        let mut whole = true;
        for file in found {
            let below = file.below();
            let shown =
                if pattern.folder.is_empty() { below.clone() } else { format!("{}/{below}", pattern.folder) };
            let source = match self.files.text_at(&shown) {
                Ok(source) => source,
                Err(mistake) => {
                    faulty.add(self.out, || mistake.or_at(spot.clone()));
                    whole = false;
                    continue;
                }
            };
            bytes += source.text.len() as u64;
            if bytes > MAX_DATA {
                let what = format!(
                    "the files of {} are larger than {} MiB",
                    quote(&inputs.documents),
                    MAX_DATA >> 20
                );
                let large = self.at("file-too-large", what, place);
                self.out.push(large.help("name fewer of them"));
                return None;
            }
            let ending = shown.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
            let markdown = matches!(ending.as_deref(), Some("md" | "markdown" | "mdx"));
            let chunks = chunks(&source.text, markdown, inputs.chunk);
            documents.push(Read { shown, below, source, chunks });
        }
        faulty.finish(self.out);
        whole.then_some(documents)
    }

    /// Puts every passage into every question.
    fn asked(
        &mut self,
        spec: &ScenarioSpec,
        questions: &[Template],
        documents: &[Read],
    ) -> Option<Vec<Seed>> {
        let expect: Arc<[Expect]> = entries(spec.expect.as_ref()).into();
        let columns: Arc<[String]> = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
        // What a section is about often stands in its heading alone.
        let passages = documents.iter().flat_map(|document| {
            document.chunks.iter().map(|chunk| {
                let heading = chunk.headings.last().map_or("", String::as_str);
                format!("{heading}\n{}", &document.source.text[chunk.span.clone()])
            })
        });
        let mut keywords = keywords::keywords(passages).into_iter();
        let (mut seeds, mut faulty, mut whole) = (Vec::new(), Tally::new(), true);
        for document in documents {
            let mut ids = HashMap::new();
            let file: Arc<str> = document.shown.as_str().into();
            for chunk in &document.chunks {
                let id = id(document, chunk, &mut ids);
                let row = Row {
                    columns: columns.clone(),
                    values: columns_of(document, chunk, &id, &keywords.next().unwrap_or_default(), self.seed),
                };
                let scope = Scope::default().with("chunk", &row).with("row", &row);
                for (number, question) in questions.iter().enumerate() {
                    let wrong = |code, what: String| {
                        Diagnostic::new(code, what).at(document.source.spot(first_line(document, chunk)))
                    };
                    let input = match question.render_text(&scope) {
                        Ok(text) if !is_empty(&json!(text)) => Value::String(text),
                        Ok(_) => {
                            faulty.add(self.out, || {
                                wrong(
                                    "empty-input",
                                    format!("{} is empty for this passage", quote(question.source())),
                                )
                                .help("ask for something that every passage has, such as `chunk.sentence`")
                            });
                            whole = false;
                            continue;
                        }
                        Err(error) => {
                            faulty.add(self.out, || {
                                let asked = quote(question.source());
                                wrong(
                                    "bad-case",
                                    format!("{asked} cannot be filled in for this passage: {error}"),
                                )
                            });
                            whole = false;
                            continue;
                        }
                    };
                    // The first question keeps the passage's own id, so that adding another renames nothing.
                    let id = if number == 0 { id.clone() } else { format!("{id}?{}", number + 1) };
                    seeds.push(Seed {
                        id: Some(id),
                        input,
                        row: row.clone(),
                        template: None,
                        knobs: Row::default(),
                        expect: expect.clone(),
                        tags: spec.tags.clone(),
                        origin: Origin::Document,
                        place: Place { file: file.clone(), line: document.source.line(chunk.span.start) },
                    });
                }
            }
        }
        faulty.finish(self.out);
        whole.then_some(seeds)
    }
}

/// The identity of a passage: its file and section, and its number there. A passage added in another
/// section renames nothing.
fn id(document: &Read, chunk: &Chunk, sections: &mut HashMap<String, usize>) -> String {
    let words: Vec<String> = chunk.headings.iter().filter_map(|heading| slug(heading)).collect();
    let section = if words.is_empty() { "start".to_owned() } else { words.join("/") };
    // Sections of one name are told apart by their order.
    let again = sections.entry(section.clone()).or_insert(0);
    if chunk.number == 0 {
        *again += 1;
    }
    let mut id = format!("{}#{section}", document.below);
    if *again > 1 {
        id = format!("{id}~{again}");
    }
    if chunk.number == 0 { id } else { format!("{id}.{}", chunk.number + 1) }
}

/// What is known of a passage, in the order of [`COLUMNS`].
fn columns_of(document: &Read, chunk: &Chunk, id: &str, keywords: &[String], seed: u64) -> Vec<Value> {
    let text = &document.source.text[chunk.span.clone()];
    let stem = document.below.rsplit('/').next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let heading = chunk.headings.last().map_or(stem, String::as_str);
    let section = chunk.headings.join(" > ");
    let last = chunk.span.end.saturating_sub(1).max(chunk.span.start);
    vec![
        json!(document.shown),
        json!(document.below),
        json!(heading),
        json!(if section.is_empty() { stem } else { section.as_str() }),
        json!(id),
        json!(text),
        json!(drawn(prose::sentences(text), id, seed)),
        json!(keywords),
        json!(chunk.span.start),
        json!(chunk.span.end),
        json!(document.source.line(chunk.span.start)),
        json!(document.source.line(last)),
    ]
}

/// One of the sentences: the one with the smallest hash, so that a sentence added elsewhere in the passage
/// seldom changes the choice.
fn drawn(sentences: Vec<String>, id: &str, seed: u64) -> String {
    let hash = |sentence: &String| {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"sentence").update(&seed.to_le_bytes()).update(&(id.len() as u64).to_le_bytes());
        hasher.update(id.as_bytes()).update(sentence.as_bytes());
        *hasher.finalize().as_bytes()
    };
    sentences.into_iter().min_by_key(hash).unwrap_or_default()
}

fn first_line(document: &Read, chunk: &Chunk) -> std::ops::Range<usize> {
    let text = &document.source.text[chunk.span.clone()];
    let length = text.find('\n').unwrap_or(text.len());
    chunk.span.start..chunk.span.start + length
}
