//! A judge's canary: answers with the verdicts that it gave when they were frozen, to see later whether it is
//! still the same. `<judge>.canary.jsonl` beside the judge's file; it carries its texts, so that it stays what
//! it was when labels change.

use super::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use super::files::Files;
use super::judges::JudgeDefinition;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// Version of the file.
pub const FORMAT: u64 = 1;

/// Fewest answers of a canary.
pub const LEAST: usize = 50;

/// The first line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryHead {
    /// Version of the file.
    pub format: u64,
    /// Fingerprint of the judge that gave the verdicts.
    pub judge: String,
    /// The models that answered, as they call themselves: sorted, each once.
    pub models: Vec<String>,
    /// Verdicts, given when the same was asked again, that differ from the first one of their answer.
    pub flips: usize,
    /// Verdicts that were given when the same was asked again.
    pub again: usize,
    /// When it was frozen.
    pub date: jiff::civil::Date,
}

/// An answer with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryItem {
    /// Id of the labelled answer that it was.
    pub id: String,
    /// What the application was asked.
    pub input: Value,
    /// What it answered.
    pub output: String,
    /// The passages it answered from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<String>,
    /// Texts that a right answer may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference: Vec<String>,
    /// What the judge said first, in its own words.
    pub verdict: String,
    /// What that comes to.
    pub outcome: Frozen,
}

/// What a frozen verdict comes to. An answer without either is not frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frozen {
    /// The answer passes.
    Pass,
    /// The answer fails.
    Fail,
}

/// A judge's canary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    /// The judge's name.
    pub name: String,
    /// How it was frozen.
    pub head: CanaryHead,
    /// The answers, each once.
    pub items: Vec<CanaryItem>,
}

impl CanaryHead {
    /// ε: the share of verdicts that change when the same judge is asked the same again. 0 to 1.
    pub fn epsilon(&self) -> f64 {
        if self.again == 0 { 0.0 } else { self.flips as f64 / self.again as f64 }
    }
}

impl Canary {
    /// 8 hex digits over what the judge said when it was frozen: verdicts made before and after are told apart.
    pub fn digest(&self) -> String {
        let lines = serde_json::to_vec(&(&self.head, &self.items)).unwrap_or_default();
        blake3::hash(&lines).to_hex()[..8].to_owned()
    }
}

impl JudgeDefinition {
    /// Its canary, where one was frozen.
    pub fn canary(&self, root: &Path) -> Result<Option<Canary>, Diagnostics> {
        let mut files = Files::new(root, &self.path);
        let name = self.canary_name();
        if !root.join(files.shown(&name)).exists() {
            return Ok(None);
        }
        read(&self.name, &*files.data(&name)?).map(Some)
    }

    /// Writes a canary, in place of one that is there, and gives its path relative to the root.
    pub fn keep_canary(&self, root: &Path, canary: &Canary) -> std::io::Result<String> {
        let shown = self.canary_path(root);
        let path = root.join(&shown);
        let folder = path.parent().unwrap_or(root);
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        let mut text = serde_json::to_string(&canary.head)? + "\n";
        for item in &canary.items {
            text.push_str(&serde_json::to_string(item)?);
            text.push('\n');
        }
        beside.write_all(text.as_bytes())?;
        beside.as_file().sync_data()?;
        beside.persist(path).map_err(|error| error.error)?;
        Ok(shown)
    }

    /// Where its canary is or would be, relative to the root.
    pub fn canary_path(&self, root: &Path) -> String {
        Files::new(root, &self.path).shown(&self.canary_name())
    }

    pub(super) fn canary_name(&self) -> String {
        format!("{}.canary.jsonl", self.name)
    }
}

/// Only the version, to be looked at before anything else is.
#[derive(Deserialize)]
struct Version {
    format: u64,
}

fn read(name: &str, source: &Source) -> Result<Canary, Diagnostics> {
    let mut lines = Vec::new();
    let mut begin = 0;
    for line in source.text.split_inclusive('\n') {
        let span = begin..begin + line.trim_end().len();
        begin += line.len();
        if !line.trim().is_empty() {
            lines.push((line, span));
        }
    }
    let mistake = |what: String| {
        Diagnostic::new("bad-canary", what).help(format!("freeze it again: `holdline judge freeze {name}`"))
    };
    let wrong = |what: String, span: &Range<usize>| mistake(what).at(source.spot(span.clone()));
    let Some(((first, span), rest)) = lines.split_first() else {
        return Err(mistake(format!("{} is empty", quote(&source.file))).into());
    };
    let unreadable = |error| Diagnostics::from(wrong(format!("this is no canary: {error}"), span));
    let version: Version = serde_json::from_str(first).map_err(unreadable)?;
    if version.format != FORMAT {
        let what =
            format!("this canary has format {}, and this version of Holdline reads {FORMAT}", version.format);
        return Err(wrong(what, span).into());
    }
    let head: CanaryHead = serde_json::from_str(first).map_err(unreadable)?;
    let (mut out, mut items, mut seen) = (Diagnostics::default(), Vec::new(), BTreeSet::new());
    if head.flips > head.again {
        out.push(wrong(format!("{} of {} verdicts cannot differ", head.flips, head.again), span));
    }
    for (line, span) in rest {
        match serde_json::from_str::<CanaryItem>(line) {
            Err(error) => out.push(wrong(format!("this is no answer of a canary: {error}"), span)),
            Ok(item) if !seen.insert(item.id.clone()) => {
                out.push(wrong(format!("{} stands here twice", quote(&item.id)), span));
            }
            Ok(item) => items.push(item),
        }
    }
    if out.is_empty() && items.len() < LEAST {
        out.push(wrong(format!("there are {} answers, and {LEAST} are needed", items.len()), span));
    }
    out.or(Canary { name: name.to_owned(), head, items })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> Vec<String> {
        let mut lines = vec![
            r#"{"format":1,"judge":"00ff","models":["m-1"],"flips":1,"again":100,"date":"2026-11-20"}"#
                .to_owned(),
        ];
        lines.extend((0..count).map(|n| {
            format!(r#"{{"id":"a{n}","input":"q","output":"a","verdict":"resolved","outcome":"pass"}}"#)
        }));
        lines
    }

    fn told(lines: &[String]) -> String {
        read("j", &Source::new("j.canary.jsonl", lines.join("\n"))).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_reads_back() {
        let source = Source::new("j.canary.jsonl", lines(50).join("\n") + "\n");
        let canary = read("j", &source).unwrap();
        assert_eq!((canary.items.len(), canary.items[49].outcome), (50, Frozen::Pass));
        assert!((canary.head.epsilon() - 0.01).abs() < 1e-15);
        let text = serde_json::to_string(&canary.items[0]).unwrap();
        assert_eq!(text, lines(1)[1]);
    }

    #[test]
    fn a_damaged_canary_is_none() {
        let mut other = lines(50);
        other[0] = other[0].replace("\"format\":1", "\"format\":2,\"new\":true");
        assert!(told(&other).contains("this canary has format 2, and this version of Holdline reads 1"));
        let mut twice = lines(50);
        twice[2] = twice[1].clone();
        assert!(told(&twice).contains("stands here twice"));
        let mut neither = lines(50);
        neither[7] = neither[7].replace("\"pass\"", "\"cannot_judge\"");
        assert!(told(&neither).contains("this is no answer of a canary"));
        let mut more = lines(50);
        more[0] = more[0].replace("\"flips\":1", "\"flips\":101");
        assert!(told(&more).contains("101 of 100 verdicts cannot differ"));
        assert!(told(&lines(49)).contains("there are 49 answers, and 50 are needed"));
        assert!(told(&["<<<<<<< HEAD".to_owned()]).contains("this is no canary"));
        assert!(told(&[]).contains("is empty"));
    }
}
