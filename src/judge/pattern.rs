//! A regular expression that a check holds an output against.

use super::error::CheckError;
use regex_automata::meta;
use regex_automata::nfa::thompson::backtrack::BoundedBacktracker;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use std::error::Error;
use std::ops::Range;
use std::sync::Arc;

/// Largest compiled form of a pattern, and largest memory for matching it, in bytes.
const LIMIT: usize = 10 << 20;

/// What a pattern is built for. Whatever it is, the same is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// Many answers: what makes each quick.
    Many,
    /// One answer: what is ready soonest.
    One,
    /// None: only whether it can be read.
    Nothing,
}

/// A pattern, ready to be looked for.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    source: Arc<str>,
    engine: Engine,
}

#[derive(Debug, Clone)]
enum Engine {
    Many(meta::Regex),
    One(NFA),
    Nothing,
}

thread_local! {
    /// Has tables of some hundred kilobytes, which would otherwise be made anew for each pattern.
    static COMPILER: thompson::Compiler = {
        let mut compiler = thompson::Compiler::new();
        let config = thompson::Config::new()
            .nfa_size_limit(Some(LIMIT))
            .which_captures(WhichCaptures::Implicit);
        compiler.configure(config);
        compiler
    };
}

/// A pattern whose groups are read, which must not be empty; built for many answers, whatever it is for.
pub(super) fn with_groups(source: &str) -> Result<meta::Regex, CheckError> {
    if source.is_empty() {
        return Err(CheckError::EmptyText);
    }
    let config = meta::Config::new().nfa_size_limit(Some(LIMIT)).hybrid_cache_capacity(LIMIT);
    let regex = meta::Regex::builder().configure(config).build(source);
    regex.map_err(|error| unusable(source, error.size_limit(), &error))
}

impl Pattern {
    /// Builds a pattern, which must not be empty.
    pub fn new(source: &str, build: Build) -> Result<Self, CheckError> {
        if source.is_empty() {
            return Err(CheckError::EmptyText);
        }
        let engine = match build {
            Build::Many => Engine::Many(with_groups(source)?),
            Build::One => {
                let build = |compiler: &thompson::Compiler| {
                    compiler.build(source).map_err(|error| unusable(source, error.size_limit(), &error))
                };
                Engine::One(COMPILER.with(build)?)
            }
            Build::Nothing => {
                regex_syntax::parse(source).map_err(|error| unusable(source, None, &error))?;
                Engine::Nothing
            }
        };
        Ok(Self { source: source.into(), engine })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether it is found in a text. One of which only the syntax was looked at never is.
    pub fn is_match(&self, text: &str) -> bool {
        match &self.engine {
            Engine::Many(regex) => regex.is_match(text),
            Engine::One(_) => self.find(text).is_some(),
            Engine::Nothing => false,
        }
    }

    /// Where it is first found in a text, in bytes.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        match &self.engine {
            Engine::Many(regex) => regex.find(text).map(|found| found.range()),
            Engine::One(nfa) => find_once(nfa, text),
            Engine::Nothing => None,
        }
    }
}

/// Looks without any preparation: backtracking, or, where a text is too long for that, in step.
fn find_once(nfa: &NFA, text: &str) -> Option<Range<usize>> {
    // Both are refused only where tables of Unicode are missing, which are compiled in here.
    if let Ok(quick) = BoundedBacktracker::new_from_nfa(nfa.clone())
        && let Ok(found) = quick.try_find(&mut quick.create_cache(), text)
    {
        return found.map(|found| found.range());
    }
    let steady = PikeVM::new_from_nfa(nfa.clone()).ok()?;
    steady.find(&mut steady.create_cache(), text).map(|found| found.range())
}

fn unusable(source: &str, size_limit: Option<usize>, error: &dyn Error) -> CheckError {
    let message = match size_limit {
        Some(limit) => format!("compiled it would take more than {} MiB", limit >> 20),
        None => last_line(&innermost(error).to_string()),
    };
    CheckError::Pattern { pattern: source.into(), message }
}

/// The error at the bottom, which is that of the syntax.
fn innermost<'e>(mut error: &'e (dyn Error + 'e)) -> &'e (dyn Error + 'e) {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

/// The text of a syntax error draws the pattern with an arrow below, over several lines; the last of them says
/// what is wrong.
fn last_line(text: &str) -> String {
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    last.trim().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pattern_that_cannot_be_used_is_told_on_one_line() {
        let told = |pattern, build| Pattern::new(pattern, build).unwrap_err().to_string();
        for build in [Build::Many, Build::One, Build::Nothing] {
            let unclosed = "`(a` is not a regular expression that can be used here: unclosed group";
            assert_eq!(told("(a", build), unclosed);
            assert!(matches!(Pattern::new("", build), Err(CheckError::EmptyText)));
        }
        let large = "(?:\\w{1000}){1000}";
        for build in [Build::Many, Build::One] {
            assert!(told(large, build).ends_with("compiled it would take more than 10 MiB"));
        }
        assert!(Pattern::new(large, Build::Nothing).is_ok(), "only the syntax is looked at");
    }

    #[test]
    fn a_text_too_long_to_go_back_in_is_searched_all_the_same() {
        let text = format!("{}needle", "hay ".repeat(500_000));
        let pattern = Pattern::new(r"(?:\w+ )*needle", Build::One).unwrap();
        assert_eq!(pattern.find(&text), Some(0..text.len()));
    }

    proptest! {
        #[test]
        fn built_for_one_answer_or_for_many_the_same_is_found(
            pattern in "[ab.]{1,3}(\\*|\\+|\\?)?(\\||[ab$^é\\d])?\\w?",
            text in "[abé01 \n]{0,40}",
        ) {
            let (one, many) = (Pattern::new(&pattern, Build::One), Pattern::new(&pattern, Build::Many));
            let reference = regex::Regex::new(&pattern);
            prop_assert_eq!(one.is_ok(), reference.is_ok());
            if let (Ok(one), Ok(many), Ok(reference)) = (one, many, reference) {
                let found = reference.find(&text).map(|found| found.range());
                prop_assert_eq!(one.find(&text), found.clone());
                prop_assert_eq!(many.find(&text), found.clone());
                prop_assert_eq!(one.is_match(&text), found.is_some());
            }
        }
    }
}
