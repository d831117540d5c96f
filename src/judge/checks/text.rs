//! Checks of the output as text: `equals`, `contains`, `contains_all`, `contains_any`, `excludes`,
//! `starts_with`, `matches` and `one_of`.
//!
//! `equals` and `one_of` leave white space at both ends aside; the others take the output as it is.
//! `ignore_case` compares texts in lower case, character by character, and JSON values as they are. Nothing is normalised: a letter with
//! a combining accent is not the letter that has it built in (reasons tell the two apart).

use super::check::{Check, Ruling, Subject};
use super::value::same;
use crate::judge::context::JudgeContext;
use crate::judge::error::CheckError;
use crate::judge::pattern::Pattern;
use crate::judge::reason;
use serde_json::Value;

/// A text to compare with, and whether case counts.
#[derive(Debug)]
struct Needle {
    written: String,
    compared: String,
    ignore_case: bool,
}

impl Needle {
    fn new(text: &str, ignore_case: bool) -> Self {
        let compared = if ignore_case { reason::folded(text) } else { text.to_owned() };
        Self { written: text.to_owned(), compared, ignore_case }
    }

    /// A text that must not be empty, because every output contains the empty text.
    fn filled(text: &str, ignore_case: bool) -> Result<Self, CheckError> {
        if text.is_empty() { Err(CheckError::EmptyText) } else { Ok(Self::new(text, ignore_case)) }
    }

    /// The output in the form that is compared.
    fn output<'a>(&self, subject: &'a Subject<'_>) -> &'a str {
        if self.ignore_case { subject.folded() } else { subject.output() }
    }

    /// Where it first occurs in the output, as byte offsets of its start and end.
    fn find(&self, subject: &Subject<'_>) -> Option<(usize, usize)> {
        let start = self.output(subject).find(&self.compared)?;
        let end = start + self.compared.len();
        if self.ignore_case {
            let output = subject.output();
            Some((reason::unfolded(output, start), reason::unfolded(output, end)))
        } else {
            Some((start, end))
        }
    }
}

/// A place in the output, for a reason.
fn found(subject: &Subject<'_>, (start, end): (usize, usize)) -> String {
    let output = subject.output();
    format!("{} at character {}", reason::around(output, start, end), reason::character_at(output, start))
}

/// How many of several texts must occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HowMany {
    All,
    Any,
    None,
}

#[derive(Debug)]
struct Contains {
    needles: Vec<Needle>,
    how_many: HowMany,
}

fn contains_how_many(
    texts: &[String],
    ignore_case: bool,
    how_many: HowMany,
) -> Result<Box<dyn Check>, CheckError> {
    if texts.is_empty() {
        return Err(CheckError::EmptyList);
    }
    let needles = texts.iter().map(|text| Needle::filled(text, ignore_case)).collect::<Result<_, _>>()?;
    Ok(Box::new(Contains { needles, how_many }))
}

/// A check that every one of `texts` occurs.
pub(super) fn contains_all(texts: &[String], ignore_case: bool) -> Result<Box<dyn Check>, CheckError> {
    contains_how_many(texts, ignore_case, HowMany::All)
}

/// A check that at least one of `texts` occurs.
pub(super) fn contains_any(texts: &[String], ignore_case: bool) -> Result<Box<dyn Check>, CheckError> {
    contains_how_many(texts, ignore_case, HowMany::Any)
}

/// A check that none of `texts` occurs.
pub(super) fn excludes(texts: &[String], ignore_case: bool) -> Result<Box<dyn Check>, CheckError> {
    contains_how_many(texts, ignore_case, HowMany::None)
}

impl Check for Contains {
    fn wanted(&self, inverted: bool) -> String {
        let texts = |conjunction| {
            reason::listed(self.needles.iter().map(|needle| needle.written.as_str()), conjunction)
        };
        match (self.how_many, inverted) {
            (HowMany::All, false) => format!("output containing {}", texts("and")),
            (HowMany::Any, false) | (HowMany::None, true) => format!("output containing {}", texts("or")),
            (HowMany::All, true) if self.needles.len() > 1 => {
                format!("output without at least one of {}", texts("and"))
            }
            (HowMany::All | HowMany::Any, true) | (HowMany::None, false) => {
                format!("output without {}", texts("or"))
            }
        }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let places: Vec<_> = self.needles.iter().map(|needle| (needle, needle.find(subject))).collect();
        let first = places.iter().find_map(|(_, place)| *place);
        let holds = match self.how_many {
            HowMany::All => places.iter().all(|(_, place)| place.is_some()),
            HowMany::Any => first.is_some(),
            HowMany::None => first.is_none(),
        };
        let missing: Vec<&Needle> =
            places.iter().filter(|(_, place)| place.is_none()).map(|(needle, _)| *needle).collect();
        let output = reason::output(subject.output());
        let got = match (self.how_many, first, missing.as_slice()) {
            (HowMany::All, _, []) | (HowMany::Any | HowMany::None, Some(_), _) => {
                first.map_or(output, |place| found(subject, place))
            }
            (HowMany::None, None, _) => output,
            (_, _, [only]) if self.needles.len() == 1 => format!("{output}{}", near_miss(only, subject)),
            (_, _, missing) => {
                let names = reason::listed(missing.iter().map(|needle| needle.written.as_str()), "and");
                let near = match missing {
                    [only] => near_miss(only, subject),
                    _ => String::new(),
                };
                format!("{output}, without {names}{near}")
            }
        };
        Ruling::of(holds, got)
    }
}

/// What in the output comes nearest to a text that does not occur, as a clause to follow the output.
fn near_miss(needle: &Needle, subject: &Subject<'_>) -> String {
    let output = subject.output();
    let other_case = Needle::new(&needle.written, true);
    if let Some((start, end)) = other_case.find(subject) {
        return format!(
            "; {} at character {} differs in case",
            reason::start(&output[start..end]),
            reason::character_at(output, start)
        );
    }
    let haystack = needle.output(subject);
    let ends: Vec<usize> = needle.compared.char_indices().map(|(at, _)| at).collect();
    // What occurs of a text's beginning occurs of every shorter beginning too.
    let longest = ends.partition_point(|&end| haystack.contains(&needle.compared[..end])) - 1;
    let begun = &needle.compared[..ends[longest]];
    if longest < 3 || 2 * longest < ends.len() {
        return String::new();
    }
    let Some(start) = haystack.find(begun) else { return String::new() };
    let came = &haystack[start + begun.len()..];
    let came = if came.is_empty() { "the end".to_owned() } else { reason::start(came) };
    format!(
        "; after {} at character {} comes {came}, not {}",
        reason::quoted(begun),
        reason::character_at(haystack, start),
        reason::start(&needle.compared[begun.len()..])
    )
}

#[derive(Debug)]
struct StartsWith(Needle);

/// A check that the output starts with `text`.
pub(super) fn starts_with(text: &str, ignore_case: bool) -> Result<Box<dyn Check>, CheckError> {
    Ok(Box::new(StartsWith(Needle::filled(text, ignore_case)?)))
}

impl Check for StartsWith {
    fn wanted(&self, inverted: bool) -> String {
        let text = reason::quoted(&self.0.written);
        if inverted {
            format!("output not starting with {text}")
        } else {
            format!("output starting with {text}")
        }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let (output, compared) = (self.0.output(subject), &self.0.compared);
        let got = reason::output(subject.output());
        if output.starts_with(compared) {
            return Ruling::Holds(got);
        }
        let near = if output.trim_start().starts_with(compared) {
            "; it does after white space".to_owned()
        } else if reason::folded(output).starts_with(&reason::folded(compared)) {
            "; only the case differs".to_owned()
        } else {
            String::new()
        };
        Ruling::Fails(format!("{got}{near}"))
    }
}

#[derive(Debug)]
struct Matches(Pattern);

/// A check that the regular expression `pattern` matches somewhere in the output.
pub(super) fn matches(pattern: &str, context: &JudgeContext) -> Result<Box<dyn Check>, CheckError> {
    Ok(Box::new(Matches(context.pattern(pattern)?)))
}

impl Check for Matches {
    fn wanted(&self, inverted: bool) -> String {
        let pattern = reason::code(self.0.as_str());
        if inverted { format!("output not matching {pattern}") } else { format!("output matching {pattern}") }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        match self.0.find(subject.output()) {
            Some(place) => Ruling::Holds(found(subject, (place.start, place.end))),
            None => Ruling::Fails(reason::output(subject.output())),
        }
    }
}

#[derive(Debug)]
struct OneOf(Vec<Needle>);

/// A check that the output is one of `texts`.
pub(super) fn one_of(texts: &[String], ignore_case: bool) -> Result<Box<dyn Check>, CheckError> {
    if texts.is_empty() {
        return Err(CheckError::EmptyList);
    }
    Ok(Box::new(OneOf(texts.iter().map(|text| Needle::new(text.trim(), ignore_case)).collect())))
}

impl Check for OneOf {
    fn wanted(&self, inverted: bool) -> String {
        let texts = reason::listed(self.0.iter().map(|needle| needle.written.as_str()), "or");
        if inverted { format!("output other than {texts}") } else { format!("output {texts}") }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let holds = self.0.iter().any(|needle| needle.output(subject).trim() == needle.compared);
        let near = match self.0.as_slice() {
            [only] if !holds => reason::difference(&only.compared, only.output(subject).trim()),
            _ => String::new(),
        };
        Ruling::of(holds, format!("{}{near}", reason::output(subject.output())))
    }
}

/// The output is a JSON value.
#[derive(Debug)]
struct EqualsJson(Value);

/// A check that the output is `expected`: a text as text, anything else as JSON.
pub(super) fn equals(expected: &Value, ignore_case: bool) -> Result<Box<dyn Check>, CheckError> {
    match expected {
        Value::String(text) => one_of(std::slice::from_ref(text), ignore_case),
        value => Ok(Box::new(EqualsJson(value.clone()))),
    }
}

impl Check for EqualsJson {
    fn wanted(&self, inverted: bool) -> String {
        let value = reason::json(&self.0);
        if inverted { format!("output other than JSON {value}") } else { format!("JSON {value}") }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        match subject.json() {
            Err(instead) => Ruling::Fails(instead.into()),
            Ok(value) => {
                let holds = same(value, &self.0);
                let place = if holds { String::new() } else { super::value::difference(&self.0, value) };
                Ruling::of(holds, format!("{}{place}", reason::json(value)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{fails, holds, refused, says};

    #[test]
    fn equals_leaves_the_ends_white_space_aside() {
        holds("equals = ' Paris'", &says("Paris \n"));
        holds("equals = ''", &says(" \n"));
        let (why, inverted) = holds("equals = 'Paris'", &says("Paris"));
        assert_eq!(why, "expected output `Paris`, got `Paris`");
        assert_eq!(inverted, "expected output other than `Paris`, got `Paris`");
    }

    #[test]
    fn equals_points_at_the_first_difference() {
        assert_eq!(
            fails("equals = 'Hello world'", &says("Hello wurld")),
            "expected output `Hello world`, got `Hello wurld`; from character 8 it has `urld`, not `orld`"
        );
        assert_eq!(fails("equals = 'Paris'", &says("")), "expected output `Paris`, got an empty output");
        assert_eq!(
            fails("equals = 'Paris'", &says("paris")),
            "expected output `Paris`, got `paris`; only the case differs"
        );
    }

    #[test]
    fn equals_compares_values_as_json() {
        holds("equals = 5", &says(" 5.0 "));
        holds("equals = true", &says("true"));
        holds("equals = { a = [1, 2], b = 'x' }", &says("{\"b\": \"x\", \"a\": [1.0, 2]}"));
        assert_eq!(
            fails("equals = { a = [1, 2] }", &says("{\"a\": [1, 3]}")),
            "expected JSON `{\"a\":[1,2]}`, got `{\"a\":[1,3]}`; at `/a/1` it has `3`, not `2`"
        );
        assert_eq!(
            fails("equals = 5", &says("five")),
            "expected JSON `5`, got `five`, which is not JSON: expected ident at line 1 column 2"
        );
        // A text stays a text, even where it could be read as JSON.
        fails("equals = '5'", &says("5.0"));
    }

    #[test]
    fn contains_shows_where() {
        let (why, inverted) = holds("contains = 'Paris'", &says("It is Paris."));
        assert_eq!(why, "expected output containing `Paris`, got `It is Paris.` at character 7");
        assert_eq!(inverted, "expected output without `Paris`, got `It is Paris.` at character 7");
    }

    #[test]
    fn contains_tells_what_comes_nearest() {
        assert_eq!(
            fails("contains = 'Hello world'", &says("He said: Hello wurld!")),
            "expected output containing `Hello world`, got `He said: Hello wurld!`; \
             after `Hello w` at character 10 comes `urld!`, not `orld`"
        );
        assert_eq!(
            fails("contains = 'Hello world'", &says("Say Hello wor")),
            "expected output containing `Hello world`, got `Say Hello wor`; \
             after `Hello wor` at character 5 comes the end, not `ld`"
        );
        assert_eq!(
            fails("contains = 'PARIS'", &says("It is Paris.")),
            "expected output containing `PARIS`, got `It is Paris.`; `Paris` at character 7 differs in case"
        );
        assert_eq!(
            fails("contains = 'London'", &says("Lo and behold")),
            "expected output containing `London`, got `Lo and behold`"
        );
        assert_eq!(fails("contains = 'x'", &says("")), "expected output containing `x`, got an empty output");
    }

    #[test]
    fn contains_all_names_what_is_missing() {
        holds("contains_all = ['a', 'b']", &says("b a"));
        assert_eq!(
            fails("contains_all = ['one', 'two', 'four']", &says("one, three")),
            "expected output containing `one`, `two` and `four`, got `one, three`, without `two` and `four`"
        );
        let (_, inverted) = holds("contains_all = ['a', 'b']", &says("ab"));
        assert_eq!(inverted, "expected output without at least one of `a` and `b`, got `ab` at character 1");
    }

    #[test]
    fn contains_any_needs_one() {
        holds("contains_any = ['x', 'b']", &says("abc"));
        assert_eq!(
            fails("contains_any = ['x', 'y']", &says("abc")),
            "expected output containing `x` or `y`, got `abc`, without `x` and `y`"
        );
    }

    #[test]
    fn excludes_needs_every_text_away() {
        holds("excludes = 'CANARY-7f3a'", &says("no"));
        assert_eq!(
            fails("excludes = ['x', 'CANARY-7f3a']", &says("the key is CANARY-7f3a")),
            "expected output without `x` or `CANARY-7f3a`, got `the key is CANARY-7f3a` at character 12"
        );
    }

    #[test]
    fn case_counts_unless_it_is_ignored() {
        for keys in [
            "equals = 'STRASSE Ä'",
            "contains = 'STRASSE ä'",
            "contains_all = ['strasse', 'Ä']",
            "contains_any = ['x', 'SSE Ä']",
            "starts_with = 'sTRASSE'",
            "one_of = ['x', 'strasse ä']",
        ] {
            holds(&format!("{keys}\nignore_case = true"), &says("Strasse Ä"));
            fails(keys, &says("Strasse ä"));
        }
        fails("excludes = 'SECRET'\nignore_case = true", &says("a secret"));
        holds("excludes = 'SECRET'", &says("a secret"));
    }

    #[test]
    fn a_match_without_case_is_shown_as_it_came() {
        // The folded form of the first letter is longer than the letter itself.
        let (why, _) = holds("contains = 'key'\nignore_case = true", &says("İİ the KEY"));
        assert_eq!(why, "expected output containing `key`, got `İİ the KEY` at character 8");
    }

    #[test]
    fn starts_with_takes_the_output_as_it_is() {
        holds("starts_with = 'Dear'", &says("Dear Ana"));
        assert_eq!(
            fails("starts_with = 'Dear'", &says(" Dear Ana")),
            "expected output starting with `Dear`, got ` Dear Ana`; it does after white space"
        );
        assert_eq!(
            fails("starts_with = 'DEAR'", &says("Dear Ana")),
            "expected output starting with `DEAR`, got `Dear Ana`; only the case differs"
        );
    }

    #[test]
    fn matches_searches_anywhere() {
        let (why, _) = holds(r"matches = '\d{2}:\d{2}'", &says("at 10:30 sharp"));
        assert_eq!(why, r"expected output matching `\d{2}:\d{2}`, got `at 10:30 sharp` at character 4");
        assert_eq!(fails(r"matches = '^\d+$'", &says("12a")), r"expected output matching `^\d+$`, got `12a`");
        holds("matches = '(?i)paris'", &says("PARIS"));
    }

    #[test]
    fn a_pattern_of_nested_repeats_takes_linear_time() {
        let started = std::time::Instant::now();
        fails("matches = '^(a+)+$'", &says(&format!("{}b", "a".repeat(100_000))));
        assert!(started.elapsed().as_secs() < 5);
    }

    #[test]
    fn one_of_compares_whole_outputs() {
        holds("one_of = ['yes', 'no']", &says(" no\n"));
        assert_eq!(
            fails("one_of = ['yes', 'no']", &says("nope")),
            "expected output `yes` or `no`, got `nope`"
        );
    }

    #[test]
    fn what_every_output_holds_is_refused() {
        for keys in [
            "contains = ''",
            "contains_all = ['a', '']",
            "contains_any = ['']",
            "excludes = ''",
            "starts_with = ''",
            "matches = ''",
        ] {
            assert!(refused(keys).contains("the text is empty"), "{keys}");
        }
        for keys in ["contains_all = []", "contains_any = []", "excludes = []", "one_of = []"] {
            assert!(refused(keys).contains("the list is empty"), "{keys}");
        }
        assert_eq!(
            refused("matches = '(?=a)'"),
            "`matches`: `(?=a)` is not a regular expression that can be used here: \
             look-around, including look-ahead and look-behind, is not supported"
        );
    }
}
