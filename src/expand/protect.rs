//! Protected spans: what no operator touches unless that is its purpose.

use super::meaning;
use regex::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;

/// Why bytes of a text are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// An address on the web, or of a file.
    Url,
    /// An e-mail address, or a name after `@`.
    Email,
    /// A version, such as `v1.2.3`.
    Version,
    /// A number with its unit, sign or currency, a time, an ordinal, a date in digits.
    Number,
    /// A word with digits in it, or an order number.
    Id,
    /// Quoted text.
    Quoted,
    /// Code, a name of code, or a placeholder.
    Code,
    /// A short word in capitals: one letter more or less is another one.
    Acronym,
    /// A word that carries the meaning: a negation, a modal, a quantifier.
    Meaning,
    /// What an answer is expected to repeat.
    Expected,
    /// What the suite protects by `protect`.
    Suite,
}

impl Guard {
    /// All of them: for operators that put another text in the place of the whole one.
    pub const ALL: &'static [Self] = &[
        Self::Url,
        Self::Email,
        Self::Version,
        Self::Number,
        Self::Id,
        Self::Quoted,
        Self::Code,
        Self::Acronym,
        Self::Meaning,
        Self::Expected,
        Self::Suite,
    ];
}

/// A protected span of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// Its bytes.
    pub range: Range<usize>,
    /// Why.
    pub guard: Guard,
}

/// Patterns in the order in which they are tried at each place; what one takes no later one sees.
static BUILT_IN: LazyLock<Regex> = LazyLock::new(|| {
    let patterns = [
        ("Url", r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\x22]+[^\s<>\x22.,;:!?)\]'’”]"),
        (
            "Url2",
            r"(?:~|\.{1,2})?(?:/[\w.-]+){2,}/?|[A-Za-z]:\\[^\s\x22]+|\b\w+\.(?:pdf|docx?|xlsx?|pptx?|csv|txt|md|json|xml|ya?ml|toml|html?|png|jpe?g|zip)\b",
        ),
        ("Email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@\w[\w.-]*\w|@\w"),
        (
            "Code",
            r"```(?s:.*?)```|`[^`\n]+`|\{\{.*?\}\}|\$?\{[^{}\n]*\}|<[^<>\n]{1,80}>|\[[A-Z_]{2,}\]|\b\w+\(\)|\b[a-zA-Z]\w*(?:_\w+)+\b|\b[a-z]+(?:[A-Z][a-z0-9]+)+\b|\b\w+(?:::\w+)+\b|(?:^|\s)--?[a-z][\w-]*",
        ),
        (
            "Quoted",
            r#""[^"\n]+"|“[^”\n]+”|„[^“”\n]+[“”]|«[^»\n]+»|‘[^’\n]+’|(?:^|[\s(\[])'[^'\n]+'(?:$|[\s.,;:!?)\]])"#,
        ),
        ("Version", r"\bv\d+(?:\.\d+)*(?:-[\w.]+)?\b|\b\d+\.\d+\.\d+(?:-[\w.]+)?\b"),
        (
            "Id",
            r"\b[A-Za-z]+[-_#/]\d[\w/-]*|#\w[\w-]*|\b(?:[A-Za-z]+\d|\d+[A-Za-z]{3,}\d|[0-9a-f]{6,}[0-9])\w*\b|\b\d+:\d+(?:[^\d:\s]\w*)\b",
        ),
        (
            "Number",
            r"[-+−±~<>≤≥]?[$€£¥]?\s?\d[\d.,:/–-]*(?:\s?(?:%|°[CF]?|[ap]\.?m\.?\b|o['’]clock\b|[kKmMgGtT]?[bB]\b|[kcm]?m\b|k?g\b|€|\$|£|EUR\b|USD\b|GBP\b|CHF\b|mins?\b|minutes?\b|hours?\b|hrs?\b|h\b|days?\b|weeks?\b|st\b|nd\b|rd\b|th\b|s\b|x\b|k\b))?",
        ),
        ("Acronym", r"\b[A-Z]{2,5}s?\b"),
    ];
    let whole: Vec<String> =
        patterns.iter().map(|(name, pattern)| format!("(?P<{name}>{pattern})")).collect();
    RegexBuilder::new(&whole.join("|"))
        .size_limit(16 << 20)
        .build()
        .unwrap_or_else(|error| unreachable!("the patterns are tested: {error}"))
});

/// Names of the groups, in the order of the patterns.
const GROUPS: [(&str, Guard); 9] = [
    ("Url", Guard::Url),
    ("Url2", Guard::Url),
    ("Email", Guard::Email),
    ("Code", Guard::Code),
    ("Quoted", Guard::Quoted),
    ("Version", Guard::Version),
    ("Id", Guard::Id),
    ("Number", Guard::Number),
    ("Acronym", Guard::Acronym),
];

/// Shortest text that is protected because an answer is expected to repeat it: a letter alone occurs
/// everywhere.
const LEAST_EXPECTED: usize = 2;

/// Finds what of a text is protected.
#[derive(Debug, Clone, Default)]
pub struct Protector {
    own: Vec<Regex>,
}

impl Protector {
    /// With the suite's own patterns beside the built-in ones.
    pub fn new(patterns: &[String]) -> Result<Self, regex::Error> {
        Ok(Self { own: patterns.iter().map(|pattern| Regex::new(pattern)).collect::<Result<_, _>>()? })
    }

    /// The protected spans of a text, by their first byte.
    pub fn spans(&self, text: &str, expected: &[&str]) -> Vec<Protected> {
        let mut spans = Vec::new();
        for found in BUILT_IN.captures_iter(text) {
            let group = GROUPS.iter().find_map(|(name, guard)| Some((found.name(name)?, *guard)));
            if let Some((found, guard)) = group {
                let (begin, end) = (found.start(), found.end());
                let inner = &text[begin..end];
                let trimmed = begin + (inner.len() - inner.trim_start().len());
                spans.push(Protected { range: trimmed..begin + inner.trim_end().len(), guard });
            }
        }
        for range in meaning::spans(text) {
            spans.push(Protected { range, guard: Guard::Meaning });
        }
        for pattern in &self.own {
            let found = pattern.find_iter(text).filter(|found| !found.is_empty());
            spans.extend(found.map(|found| Protected { range: found.range(), guard: Guard::Suite }));
        }
        if !expected.is_empty() {
            expected_spans(text, expected, &mut spans);
        }
        spans.sort_by_key(|span| (span.range.start, span.range.end, span.guard));
        spans
    }
}

/// Where expected texts occur, in any case. Characters whose lower case is longer or shorter keep the
/// text from being searched that way; then only the exact text is found.
fn expected_spans(text: &str, expected: &[&str], spans: &mut Vec<Protected>) {
    let lower = text.to_lowercase();
    let folded = lower.len() == text.len();
    for wanted in expected {
        let wanted = wanted.trim();
        if wanted.chars().count() < LEAST_EXPECTED {
            continue;
        }
        let small = wanted.to_lowercase();
        let (hay, needle) = if folded && small.len() == wanted.len() {
            (lower.as_str(), small.as_str())
        } else {
            (text, wanted)
        };
        for (at, _) in hay.match_indices(needle) {
            let range = at..at + needle.len();
            if text.is_char_boundary(range.start) && text.is_char_boundary(range.end) {
                spans.push(Protected { range, guard: Guard::Expected });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded<'t>(text: &'t str, expected: &[&str]) -> Vec<(&'t str, Guard)> {
        let protector = Protector::new(&[r"pump \w+".to_owned()]).unwrap();
        protector.spans(text, expected).into_iter().map(|span| (&text[span.range], span.guard)).collect()
    }

    #[test]
    fn numbers_and_names_are_protected() {
        use Guard::{Acronym, Code, Email, Id, Meaning, Number, Quoted, Suite, Url, Version};
        for (text, wanted) in [
            ("move my 3 pm to 16:30", vec![("3 pm", Number), ("16:30", Number)]),
            ("cancel the 4 o'clock now", vec![("4 o'clock", Number)]),
            (
                "on 14 May, about $1,200.50 or 15%",
                vec![("14", Number), ("May", Meaning), ("$1,200.50", Number), ("15%", Number)],
            ),
            ("the 12th, half past two", vec![("12th", Number), ("half", Meaning)]),
            ("ask ana.b@example.com", vec![("ana.b@example.com", Email)]),
            ("see https://example.com/a?b=1.", vec![("https://example.com/a?b=1", Url)]),
            ("find report.pdf", vec![("report.pdf", Url)]),
            ("order ORD-1234 and Q3", vec![("ORD-1234", Id), ("Q3", Id)]),
            ("upgrade to v1.2.3", vec![("v1.2.3", Version)]),
            ("search for \"pump manual\" there", vec![("\"pump manual\"", Quoted), ("pump manual", Suite)]),
            ("run `ls -l` and do_it()", vec![("`ls -l`", Code), ("do_it()", Code)]),
            ("the NDA for {name}", vec![("NDA", Acronym), ("{name}", Code)]),
        ] {
            assert_eq!(guarded(text, &[]), wanted, "{text}");
        }
    }

    #[test]
    fn an_apostrophe_opens_no_quotation() {
        assert_eq!(guarded("it's Ana's and the Joneses' house", &[]), []);
        assert_eq!(guarded("say 'see you soon' now", &[]), [("'see you soon'", Guard::Quoted)]);
    }

    #[test]
    fn what_an_answer_must_repeat_is_protected() {
        assert_eq!(
            guarded("Recap the Works Council call", &["works council", "x", "absent"]),
            [("Works Council", Guard::Expected)]
        );
    }

    #[test]
    fn words_of_meaning_are_protected() {
        assert_eq!(
            guarded("please don't cancel all of them", &[]),
            [("don't", Guard::Meaning), ("all", Guard::Meaning)]
        );
    }
}
