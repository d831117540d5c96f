//! Checks of what a suite means, beyond its shape: every mistake with its place and its mend.

mod expand;
mod expect;
mod fingerprint;
mod gate;
mod judges;
mod labels;
mod pace;
mod params;
mod quarantine;
mod references;
mod repeats;
mod scenario;
mod supplied;
mod target;
mod template;
mod variables;

use super::Seeds;
use super::diagnostic::{Diagnostic, Diagnostics, Source, quote};
use super::document::Node;
use super::files::Files;
use super::project::BudgetSpec;
use super::quantity::Duration;
use super::schema::SuiteFile;
use std::ops::Range;

/// Most cases that may be in flight at once: each holds a connection or a process.
const MAX_CONCURRENCY: usize = 1024;

/// What the checks of one suite share.
pub(crate) struct Checker<'a> {
    /// The suite file.
    pub source: &'a Source,
    /// The files that it names.
    pub files: &'a mut Files,
    /// Where mistakes are told.
    pub out: &'a mut Diagnostics,
    /// What the file says, as far as it could be read.
    pub spec: &'a SuiteFile,
    /// The file as a tree.
    pub root: &'a Node,
}

/// A scenario with what could be read of its inputs.
pub(crate) struct Loaded {
    /// Stable identity; `None` where it could not be told.
    pub id: Option<String>,
    /// The seeds; `None` where something is wrong with them.
    pub seeds: Option<Seeds>,
}

impl Checker<'_> {
    /// All checks. The scenarios stand in the order of the file.
    pub fn check(&mut self, scenarios: &[Loaded]) {
        self.declared_labels();
        self.params();
        self.target();
        self.run();
        self.expand();
        self.gate(scenarios);
        self.quarantine(scenarios);
        self.scenarios(scenarios);
        self.supplied();
        self.target_texts(scenarios);
    }

    fn run(&mut self) {
        let (run, node) = (&self.spec.run, self.root.field("run"));
        let place = node.field("concurrency");
        match run.concurrency {
            0 => {
                let zero = self.at("out-of-range", "`concurrency` cannot be 0", place);
                self.out.push(zero.help("write how many cases may be in flight at once, such as `16`"));
            }
            1..=MAX_CONCURRENCY => {}
            many => {
                let what = format!("`concurrency` cannot be {many}");
                let bad = self.at("out-of-range", what, place);
                self.out.push(bad.help(format!("write a number from 1 to {MAX_CONCURRENCY}")));
            }
        }
        let times = [
            ("request_timeout", Some(run.request_timeout)),
            ("case_timeout", run.case_timeout),
            ("max_time", run.max_time),
        ];
        for (key, time) in times {
            if let Some(time) = time {
                self.some_time(key, time, node.field(key));
            }
        }
        let limits = BudgetSpec { max_cost: run.max_cost, max_tokens: run.max_tokens, max_time: None };
        if let Some((key, nothing)) = limits.nothing() {
            let bad = self.at("out-of-range", format!("`{key}` cannot be {nothing}"), node.field(key));
            self.out.push(bad.help(format!("write what the suite may take, or leave `{key}` out")));
        }
        self.run_repeats(node);
        self.run_pace(node);
    }

    /// A limit that leaves time for anything.
    fn some_time(&mut self, key: &str, time: Duration, node: &Node) {
        if time.get().is_zero() {
            let nothing = self.at("out-of-range", format!("`{key}` cannot be {time}"), node);
            self.out.push(nothing.help(format!("write a time such as `\"30s\"`, or leave `{key}` out")));
        }
    }

    /// A mistake at a value.
    fn at(&self, code: &'static str, message: impl Into<String>, node: &Node) -> Diagnostic {
        self.within(code, message, node.span.clone())
    }

    /// A mistake at a key.
    fn at_key(&self, code: &'static str, message: impl Into<String>, node: &Node) -> Diagnostic {
        self.within(code, message, node.key_span())
    }

    fn within(&self, code: &'static str, message: impl Into<String>, span: Range<usize>) -> Diagnostic {
        Diagnostic::new(code, message).at(self.source.spot(span))
    }

    /// Checks a regular expression.
    fn regex(&mut self, pattern: &str, node: &Node) {
        if is_template(pattern) {
            return;
        }
        if let Err(error) = regex::Regex::new(pattern) {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let key = node.key.clone().and_then(|key| self.source.text.get(key));
            let what = key.map_or_else(|| "this pattern".to_owned(), |key| format!("`{key}`"));
            let bad = self.at("bad-regex", format!("{what} is not a regular expression: {reason}"), node);
            self.out.push(if reason.contains("not supported") {
                bad.help("patterns take linear time: they know no look-around and no back-references")
            } else {
                bad.help("a character with a meaning of its own is written with `\\` before it; in TOML, use '…' quotes around the pattern")
            });
        }
    }

    /// Checks a JSON Pointer.
    fn pointer(&mut self, pointer: &str, node: &Node) {
        if is_template(pointer) {
            return;
        }
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let path = pointer.trim_start_matches('$').trim_start_matches('.').replace('.', "/");
            let bad = self.at("bad-pointer", format!("{} is not a JSON Pointer", quote(pointer)), node);
            self.out.push(bad.help(format!("a pointer begins with `/`: write `\"/{path}\"`")));
            return;
        }
        let escape = pointer.split('~').skip(1).find(|rest| !rest.starts_with(['0', '1']));
        if escape.is_some() {
            let bad = self.at("bad-pointer", format!("{} is not a JSON Pointer", quote(pointer)), node);
            self.out.push(bad.help("in a pointer `~` is written `~0`, and `/` within a key `~1`"));
        }
    }

    /// Checks a word that cases are selected or grouped by.
    fn plain_word(&mut self, what: &str, word: &str, node: &Node) {
        if word.trim().is_empty() {
            let empty = self.at("empty-text", format!("this {what} is empty"), node);
            self.out.push(empty.help("write a word, or leave it out"));
        } else if word.chars().any(char::is_control) {
            let control = self.at("bad-name", format!("this {what} holds a control character"), node);
            self.out.push(control.help("write it on one line, without tabs"));
        }
    }
}

/// Whether something is filled into a text later, so that it cannot be checked now.
fn is_template(text: &str) -> bool {
    ["{{", "{%", "{#", "${env:"].iter().any(|open| text.contains(open))
}
