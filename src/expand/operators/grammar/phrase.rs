//! Lexicons of patterns with what may stand in their place, found by their words.

use super::class;
use super::pattern::{Pattern, Site, Words};
use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::meaning;
use crate::expand::operator::Draft;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::collections::HashMap;
use std::ops::Range;

/// How likely a variant has a second place changed, where there is one.
const SECOND: f64 = 0.3;

/// A change: bytes of the text and what to put there.
pub type Change = (Range<usize>, String);

/// A pattern and what may stand in its place.
#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    with: Vec<&'static str>,
}

/// The patterns of a lexicon, by the words that they are found by.
#[derive(Debug, Default)]
pub struct Phrases {
    rules: Vec<Rule>,
    by_word: HashMap<&'static str, Vec<usize>>,
}

/// A rule that matches at a place.
#[derive(Debug, Clone, Copy)]
struct Found {
    rule: usize,
    site: Site,
}

impl Phrases {
    /// Reads patterns with their replacements. One that cannot be read is left out; the tests of the
    /// lexicons would tell.
    pub fn of(entries: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let mut phrases = Self::default();
        for (pattern, with) in entries {
            if let Some(pattern) = Pattern::parse(pattern) {
                for word in pattern.anchors() {
                    phrases.by_word.entry(word).or_default().push(phrases.rules.len());
                }
                phrases.rules.push(Rule { pattern, with: with.split('|').collect() });
            }
        }
        phrases
    }

    /// Reads a lexicon whose first field is a pattern and whose second are its replacements.
    pub fn of_lexicon(lexicon: &Lexicon) -> Self {
        Self::of(lexicon.entries.iter().filter_map(|entry| Some((entry[0], *entry.get(1)?))))
    }

    /// Replaces one place that matches, now and then two.
    pub fn vary(&self, text: &Text<'_>, touches: &[Guard], stream: &mut Stream) -> Option<Draft> {
        draft(text.text, self.changes(&Words::of(text), touches, stream))
    }

    /// What to change to replace one place that matches, now and then two; empty where none does.
    pub fn changes(&self, words: &Words<'_>, touches: &[Guard], stream: &mut Stream) -> Vec<Change> {
        let text = words.text;
        let mut found = self.find(words);
        stream.shuffle(&mut found);
        let mut changes: Vec<Change> = Vec::new();
        let mut most = 1 + usize::from(stream.chance(SECOND));
        for found in found {
            let rule = &self.rules[found.rule];
            let with = rule.with[stream.index(rule.with.len())];
            let Some(change) = changes_of(words, rule, found.site, with) else { continue };
            let fits = change.iter().all(|(range, _)| {
                text.may_touch(range.clone(), touches) && changes.iter().all(|(taken, _)| apart(taken, range))
            });
            if fits && !change.is_empty() && keeps_meaning(text.text, &change) {
                changes.extend(change);
                most -= 1;
                if most == 0 {
                    break;
                }
            }
        }
        changes
    }

    fn find(&self, words: &Words<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for (at, word) in words.iter() {
            for &rule in self.by_word.get(word).map_or(&[][..], Vec::as_slice) {
                if let Some(site) = self.rules[rule].pattern.matches(words, at) {
                    found.push(Found { rule, site });
                }
            }
        }
        found
    }
}

/// Whether two changes leave at least a character between them.
fn apart(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.end < b.start || b.end < a.start
}

/// The variant with these changes; `None` where it is the same text or weighs its words otherwise.
pub fn draft(text: &str, mut changes: Vec<Change>) -> Option<Draft> {
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let mut rewrite = Rewrite::new(text);
    for (range, with) in &changes {
        rewrite.replace(range.clone(), with);
    }
    Draft::of(rewrite)
        .filter(|draft| draft.text != text && meaning::Count::of(&draft.text) == meaning::Count::of(text))
}

/// Whether changes, by themselves, take no word of meaning away and bring none.
fn keeps_meaning(text: &str, changes: &[Change]) -> bool {
    let mut before = String::new();
    let mut after = String::new();
    for (range, with) in changes {
        before.push_str(&text[range.clone()]);
        before.push(' ');
        after.push_str(with);
        after.push(' ');
    }
    meaning::Count::of(&before) == meaning::Count::of(&after)
}

/// The changes that put a replacement in the place of a site.
fn changes_of(words: &Words<'_>, rule: &Rule, site: Site, with: &str) -> Option<Vec<Change>> {
    let text = words.text.text;
    let whole = words.text.words[site.first].start..words.text.words[site.last].end;
    if with == "-" {
        return Some(removal(words, site));
    }
    let variables: Vec<usize> = rule.pattern.variables().map(|at| site.first + at).collect();
    let style = Style::of(words, site);
    let parts = parts_of(words, with, &variables)?;
    let used: Vec<usize> = parts.iter().filter_map(|part| part.word).collect();
    let in_order = used.is_sorted_by(|a, b| a < b) && parts.first().is_some_and(|part| part.word.is_none());
    let mut changes = Vec::new();
    if in_order && !style.shouted {
        // Only what stands between the words that are kept is changed.
        let mut from = whole.start;
        let mut piece = String::new();
        for part in &parts {
            match part.word {
                Some(word) => {
                    let kept = &words.text.words[word];
                    changes.push((from..kept.start, std::mem::take(&mut piece)));
                    from = kept.end;
                }
                None => piece.push_str(&part.text),
            }
        }
        changes.push((from..whole.end, piece));
        if let Some((_, first)) = changes.first_mut() {
            *first = style.dress(first);
        }
        changes.retain(|(range, with)| text[range.clone()] != **with);
    } else {
        let mut all = String::new();
        for part in &parts {
            match part.word {
                Some(word) if word == site.first && !style.pronoun => {
                    all.push_str(&text[words.text.words[word].range()].to_lowercase());
                }
                Some(word) => all.push_str(&text[words.text.words[word].range()]),
                None => all.push_str(&part.text),
            }
        }
        changes.push((whole.clone(), style.dress(&all)));
    }
    if let Some((range, first)) = changes.first().filter(|(range, _)| range.start == whole.start) {
        let (first, at) = (first.clone(), range.start);
        changes.extend(article(words, site.first, at, &first));
        changes.sort_by_key(|(range, _)| range.start);
    }
    Some(changes)
}

/// Takes words out, with the space beside them, and lets the next one begin the sentence as they did.
fn removal(words: &Words<'_>, site: Site) -> Vec<Change> {
    let text = words.text.text;
    let whole = words.text.words[site.first].start..words.text.words[site.last].end;
    let Some(next) = words.text.words.get(site.last + 1) else {
        let kept = text[..whole.start].trim_end_matches([' ', ',']).len();
        return vec![(kept..whole.end, String::new())];
    };
    let mut changes = vec![(whole.start..next.start, String::new())];
    let capital = text[whole.clone()].starts_with(char::is_uppercase) && words.begins_sentence(site.first);
    let first = text[next.range()].chars().next().filter(|c| capital && c.is_lowercase());
    if let Some(first) = first {
        changes[0] = (whole.start..next.start + first.len_utf8(), first.to_uppercase().collect());
    }
    changes
}

/// A part of a replacement: text, or a word of the place.
#[derive(Debug)]
struct Part {
    text: String,
    word: Option<usize>,
}

fn parts_of(words: &Words<'_>, with: &str, variables: &[usize]) -> Option<Vec<Part>> {
    let said = |text: &str| Part { text: text.to_owned(), word: None };
    let mut pieces = with.split('$');
    let mut parts: Vec<Part> = pieces.next().filter(|text| !text.is_empty()).map(said).into_iter().collect();
    for piece in pieces {
        let number: usize = piece.get(..1)?.parse().ok()?;
        let word = *variables.get(number.checked_sub(1)?)?;
        let rest = if let Some(rest) = piece[1..].strip_prefix(":ing") {
            parts.push(said(class::form(words.get(word), 2)?));
            rest
        } else if let Some(rest) = piece[1..].strip_prefix(":ed") {
            parts.push(said(class::form(words.get(word), 1)?));
            rest
        } else {
            parts.push(Part { text: String::new(), word: Some(word) });
            &piece[1..]
        };
        parts.extend(Some(rest).filter(|rest| !rest.is_empty()).map(said));
    }
    Some(parts)
}

/// How the words of a place are written.
#[derive(Debug, Clone, Copy)]
struct Style<'t> {
    text: &'t str,
    shouted: bool,
    capital: bool,
    pronoun: bool,
}

impl<'t> Style<'t> {
    fn of(words: &Words<'t>, site: Site) -> Self {
        let text = words.text.text;
        let part = &text[words.text.words[site.first].start..words.text.words[site.last].end];
        let letters = part.chars().filter(|c| c.is_alphabetic()).count();
        let pronoun = matches!(words.get(site.first), "i" | "i'm" | "i'd" | "i'll" | "i've");
        Self {
            text,
            shouted: letters > 3 && !part.contains(char::is_lowercase),
            capital: part.starts_with(char::is_uppercase) && (!pronoun || words.begins_sentence(site.first)),
            pronoun,
        }
    }

    /// Writes a replacement so.
    fn dress(self, with: &str) -> String {
        // In a text without capitals `i` is written small.
        let lettered = self.text.contains(char::is_uppercase);
        let curly = self.text.contains('’');
        let mut dressed = String::with_capacity(with.len());
        let mut beginning = true;
        let mut chars = with.chars().peekable();
        while let Some(c) = chars.next() {
            let alone = c == 'i'
                && beginning
                && chars.peek().is_none_or(|next| !next.is_alphanumeric() && *next != '-');
            let raise = self.shouted || (self.capital && dressed.is_empty()) || (alone && lettered);
            beginning = c.is_whitespace();
            match c {
                '\'' if curly => dressed.push('’'),
                c if raise => dressed.extend(c.to_uppercase()),
                c => dressed.push(c),
            }
        }
        dressed
    }
}

/// `a` or `an` before a place, where the new word needs the other one.
fn article(words: &Words<'_>, first: usize, at: usize, with: &str) -> Option<Change> {
    let before = words.before(first).filter(|before| matches!(words.get(*before), "a" | "an"))?;
    let word = &words.text.words[before];
    debug_assert!(word.end <= at, "an article stands before its word");
    let old = &words.text.text[word.range()];
    let vowel = begins_with_vowel(with)?;
    if vowel == (words.get(before) == "an") {
        return None;
    }
    let capital = old.starts_with('A');
    let new = match (vowel, capital) {
        (true, true) => "An",
        (true, false) => "an",
        (false, true) => "A",
        (false, false) => "a",
    };
    Some((word.range(), new.to_owned()))
}

/// Whether a word is spoken with a vowel first; `None` where it begins with no letter.
pub fn begins_with_vowel(word: &str) -> Option<bool> {
    const SPOKEN_OTHERWISE: [&str; 7] = ["uni", "use", "usu", "uti", "eu", "one", "once"];
    const SILENT: [&str; 5] = ["hour", "hr", "honest", "hono", "heir"];
    let word = word.to_lowercase();
    let first = word.chars().next().filter(|c| c.is_alphabetic())?;
    let vowel = matches!(first, 'a' | 'e' | 'i' | 'o' | 'u');
    Some(if vowel {
        !SPOKEN_OTHERWISE.iter().any(|start| word.starts_with(start))
    } else {
        SILENT.iter().any(|start| word.starts_with(start))
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::expand::protect::Protector;

    /// Rewrites a text by one pattern and one replacement, wherever it first matches.
    pub fn rewritten(pattern: &'static str, with: &'static str, example: &str) -> Option<String> {
        let protector = Protector::new(&[]).unwrap();
        let text = Text::new(example, &protector, &[]);
        let phrases = Phrases::of([(pattern, with)]);
        let words = Words::of(&text);
        let found = *phrases.find(&words).first()?;
        let changes = changes_of(&words, &phrases.rules[0], found.site, with)?;
        Some(draft(example, changes)?.text)
    }

    /// Every entry rewrites its example (third field) as it says (fourth field), by its first replacement,
    /// and can be rewritten by each of the others.
    pub fn every_entry_does_what_it_says(lexicon: &Lexicon) {
        assert!(lexicon.version > 0, "the head of a lexicon cannot be read");
        let mut wrong = Vec::new();
        for entry in &lexicon.entries {
            let [pattern, with, example, result] = entry[..] else {
                wrong.push(format!("four fields are needed: {entry:?}"));
                continue;
            };
            for (at, with) in with.split('|').enumerate() {
                let found = rewritten(pattern, with, example);
                if (at == 0 && found.as_deref() != Some(result)) || found.is_none() {
                    wrong.push(format!("{pattern} → {with}: {example} → {found:?}, not {result}"));
                }
            }
        }
        let mut patterns: Vec<&str> = lexicon.entries.iter().map(|entry| entry[0]).collect();
        patterns.sort_unstable();
        wrong.extend(
            patterns.windows(2).filter(|two| two[0] == two[1]).map(|two| format!("twice: {}", two[0])),
        );
        assert!(wrong.is_empty(), "{}\n{}", lexicon.name, wrong.join("\n"));
    }

    /// Both examples of every pair (fourth and fifth field) lead to each other, as far as its way (first
    /// field) goes.
    pub fn every_pair_does_what_it_says(lexicon: &Lexicon) {
        assert!(lexicon.version > 0, "the head of a lexicon cannot be read");
        let mut wrong = Vec::new();
        let mut check = |from: &'static str, to: &'static str, before: &str, after: &str| {
            for (at, with) in super::super::inner(to).split('|').enumerate() {
                let found = rewritten(from, with, before);
                if (at == 0 && found.as_deref() != Some(after)) || found.is_none() {
                    wrong.push(format!("{from} → {with}: {before} → {found:?}, not {after}"));
                }
            }
        };
        for entry in &lexicon.entries {
            let [way, first, second, long, short] = entry[..] else {
                panic!("five fields are needed: {entry:?}");
            };
            if way != "<" {
                check(first, second, long, short);
            }
            if way != ">" {
                check(second, first, short, long);
            }
        }
        assert!(wrong.is_empty(), "{}\n{}", lexicon.name, wrong.join("\n"));
    }

    #[test]
    fn a_pattern_asks_for_its_neighbours() {
        let with = |text| rewritten("& <book> a|an|the|@poss @event|*", "schedule", text);
        assert_eq!(with("Book a meeting").as_deref(), Some("Schedule a meeting"));
        assert_eq!(with("could you book the meeting").as_deref(), Some("could you schedule the meeting"));
        assert_eq!(with("Find the book a friend lent"), None);
        assert_eq!(with("e-book a meeting"), None);
    }

    #[test]
    fn words_kept_are_no_edits_and_case_and_article_follow() {
        assert_eq!(
            rewritten("<where is|are the * $", "where the $2 $1", "Where is the lease"),
            None,
            "a part that is not closed is no pattern"
        );
        assert_eq!(
            rewritten("^ <how do i *>", "how i can $1", "How do I pay").as_deref(),
            Some("How I can pay")
        );
        assert_eq!(
            rewritten("<approximate>", "rough", "give an approximate date").as_deref(),
            Some("give a rough date")
        );
        assert_eq!(rewritten("<short>", "hour-long", "A short talk").as_deref(), Some("An hour-long talk"));
        assert_eq!(
            rewritten("<i want to>", "i'd like to", "can i say i want to go").as_deref(),
            Some("can i say i'd like to go")
        );
        assert_eq!(
            rewritten("<i want to>", "i'd like to", "Say I want to go").as_deref(),
            Some("Say I'd like to go")
        );
        assert_eq!(rewritten("<want to>", "wanna", "I WANT TO GO").as_deref(), Some("I WANNA GO"));
        assert_eq!(rewritten("^ <please>", "-", "Please find it").as_deref(), Some("Find it"));
        assert_eq!(rewritten("<please> $", "-", "Find it, please.").as_deref(), Some("Find it."));
    }
}
