//! The labelled answers for the judge `resolved` are well formed, and none of its examples is in the holdout.

use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    input: String,
    output: String,
    label: Label,
    labeller: String,
    date: jiff::civil::Date,
    note: String,
    split: Split,
    scenario: String,
    kind: Kind,
    source: Source,
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Label {
    Pass,
    Fail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Split {
    Example,
    Holdout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Complete,
    Partial,
    Workaround,
    Escalation,
    Redirect,
    WrongPolicy,
    Evasive,
    OverPromising,
    OffTopic,
}

const KINDS: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Bot,
    Written,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/judges")
}

fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string(folder().join("resolved.labels.jsonl")).unwrap();
    let read = |(place, line): (usize, &str)| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", place + 1))
    };
    text.lines().enumerate().map(read).collect()
}

/// A text as it is compared: letters and digits alone.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

#[test]
fn every_line_says_who_labelled_it_when_and_why() {
    for line in lines() {
        assert_eq!(line.labeller, "a language model", "{}", line.id);
        assert_eq!(line.date, jiff::civil::date(2026, 11, 28), "{}", line.id);
        for text in [&line.input, &line.output, &line.scenario] {
            assert!(!text.trim().is_empty(), "{}", line.id);
        }
        assert!(line.note.contains('[') || line.note.contains("Outside"), "{} names no rule", line.id);
        assert!(line.note.ends_with('.'), "{}", line.id);
        assert_eq!(line.reason.is_some(), line.split == Split::Example, "{}", line.id);
    }
}

#[test]
fn there_are_enough_lines_of_both_labels_and_each_is_there_once() {
    let lines = lines();
    assert!(lines.len() >= 60, "{}", lines.len());
    let ids: HashSet<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids.len(), lines.len(), "an id is there twice");
    let pairs: HashSet<_> =
        lines.iter().map(|line| (squeezed(&line.input), squeezed(&line.output))).collect();
    assert_eq!(pairs.len(), lines.len(), "a question is there twice with one answer");
    for split in [Split::Example, Split::Holdout] {
        let of = |label| lines.iter().filter(|line| line.split == split && line.label == label).count();
        let (pass, fail) = (of(Label::Pass), of(Label::Fail));
        assert!(pass.min(fail) * 5 >= (pass + fail) * 2, "{split:?}: {pass} and {fail}");
    }
}

#[test]
fn every_kind_of_answer_is_there_from_the_bot_and_from_elsewhere() {
    let lines = lines();
    let kinds: BTreeSet<Kind> = lines.iter().map(|line| line.kind).collect();
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");
    for source in [Source::Bot, Source::Written] {
        assert!(lines.iter().filter(|line| line.source == source).count() >= 20, "{source:?}");
    }
    // What breaks the policy, says nothing or speaks of something else resolves nothing.
    let never = [Kind::WrongPolicy, Kind::Evasive, Kind::OverPromising, Kind::OffTopic];
    for line in lines.iter().filter(|line| never.contains(&line.kind)) {
        assert_eq!(line.label, Label::Fail, "{}", line.id);
    }
}

#[test]
fn no_text_of_an_example_is_in_the_holdout() {
    let (examples, holdout): (Vec<Line>, Vec<Line>) =
        lines().into_iter().partition(|line| line.split == Split::Example);
    assert!((8..=10).contains(&examples.len()), "{}", examples.len());
    let shown: HashSet<String> =
        examples.iter().flat_map(|line| [squeezed(&line.input), squeezed(&line.output)]).collect();
    for line in &holdout {
        for text in [&line.input, &line.output] {
            assert!(!shown.contains(&squeezed(text)), "{}: `{text}` is an example", line.id);
        }
    }
}

#[test]
fn the_judge_reads_the_examples_and_is_told_the_figures_of_the_policy() {
    let read =
        |path: PathBuf| toml::from_str::<toml::Table>(&std::fs::read_to_string(path).unwrap()).unwrap();
    let judge = read(folder().join("resolved.toml"));
    assert_eq!(judge["examples"]["file"].as_str(), Some("resolved.labels.jsonl"));
    let told = judge["pass_when"].as_str().unwrap();
    let policy = read(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/support_bot/policy.toml"));
    for (section, key, words) in [
        ("refund", "window_days", "days of delivery"),
        ("refund", "fee_percent", "% kept"),
        ("refund", "trade_in_credit", "euros on a new feeder"),
        ("shipping", "lost_after", "days from dispatch"),
        ("warranty", "years", "years from delivery"),
        ("warranty", "battery_months", "months on the battery"),
        ("subscription", "monthly", "euros a month"),
        ("privacy", "clip_days", "days, 60 with Plus"),
    ] {
        let value = &policy[section][key];
        let figure = value.as_str().map_or_else(|| value.as_integer().unwrap().to_string(), str::to_owned);
        let said = format!("{figure} {words}");
        assert!(told.contains(&said), "the judge is not told `{said}` ({section}.{key})");
    }
}
