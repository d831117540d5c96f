//! Takes the details out of a request: who, when, how long, and what about. It only ever repeats
//! words of the request itself, tidied, and leaves out what it is not sure of.

use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// Most people named in an answer.
const MAX_PEOPLE: usize = 6;
/// Most words of a subject that are repeated.
const MAX_SUBJECT_WORDS: usize = 10;

/// What a request says beside its intent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The people or groups concerned, as the user named them.
    pub people: Vec<String>,
    /// Day and time, in the user's words.
    pub when: Option<String>,
    /// How long it takes, in the user's words.
    pub duration: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
}

impl Details {
    /// Finds the details in a request.
    pub fn find(text: &str) -> Self {
        let duration = DURATION.find(text).map(|found| found.as_str().to_owned());
        let without_duration = DURATION.replace_all(text, " ");
        let times: Vec<&str> = WHEN.find_iter(&without_duration).map(|found| found.as_str()).collect();
        let when = (!times.is_empty()).then(|| times.join(" "));
        Self { people: people(&without_duration), when, duration, subject: subject(text) }
    }

    /// Whether the request gave any detail of a meeting.
    pub fn has_any(&self) -> bool {
        !self.people.is_empty() || self.when.is_some() || self.duration.is_some()
    }

    /// These details, with those of an earlier request where these say nothing.
    pub fn or(mut self, earlier: Self) -> Self {
        if self.people.is_empty() {
            self.people = earlier.people;
        }
        self.when = self.when.or(earlier.when);
        self.duration = self.duration.or(earlier.duration);
        self.subject = self.subject.or(earlier.subject);
        self
    }
}

fn pattern(source: &str) -> Regex {
    RegexBuilder::new(source)
        .case_insensitive(true)
        .ignore_whitespace(true)
        .build()
        .expect("the patterns in this file are well formed")
}

static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b( \d+(\.\d+)?[\ -]?(minutes?|mins?|hours?|hrs?|h)
        | (an?|one|two|three)\ hours?(\ and\ a\ half)?
        | half\ an\ hour | half\ hour | (a\ )?quarter\ of\ an\ hour
        | (ten|fifteen|twenty|thirty|forty|forty-five|sixty|ninety)[\ -]minutes? )\b",
    )
});

static WHEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b( (day\ after\ )?tomorrow | today | tonight | tmrw | tmr | tmw | yesterday
        | ((next|last|this|coming|every)\ )?(mon|tues?|wed|thur?s?|fri)\b
        | ((next|last|this|coming|every)\ )?(mon|tues|wednes|thurs|fri|satur|sun)days?
            (\ (morning|afternoon|evening))?
        | (next|last|this)\ (week|month|quarter|morning|afternoon|evening)
        | in\ the\ (morning|afternoon|evening) | end\ of\ (the\ )?(day|week|month)
        | (the\ )?\d{1,2}(st|nd|rd|th)(\ (of\ )?(january|february|march|april|may|june|july|august
            |september|october|november|december))?
        | \d{1,2}\ (january|february|march|april|may|june|july|august|september|october|november|december)
        | (january|february|march|april|may|june|july|august|september|october|november|december)\ \d{1,2}
        | (at\ )?\d{1,2}([:.]\d{2})?\ ?(am|pm) | (at\ )?\d{1,2}:\d{2} | at\ \d{1,2}(\.\d{2})?
        | \d{1,2}ish | (at\ )?(noon|midday) | (at\ )?(half\ past|quarter\ (past|to))\ \w+
        | (at\ )?\w+\ o'?clock )\b",
    )
});

/// Words after which people are named.
const BEFORE_PEOPLE: &[&str] = &["with", "w/", "invite", "between", "involving", "for", "from", "by", "add"];
/// Words that name no one and end a name.
const NO_NAME: &[&str] = &[
    "a",
    "about",
    "again",
    "all",
    "also",
    "an",
    "and",
    "any",
    "anyone",
    "as",
    "asap",
    "at",
    "before",
    "but",
    "by",
    "call",
    "catch",
    "chat",
    "discuss",
    "either",
    "even",
    "every",
    "first",
    "for",
    "from",
    "have",
    "he",
    "her",
    "him",
    "how",
    "if",
    "i",
    "in",
    "instead",
    "is",
    "it",
    "its",
    "last",
    "later",
    "me",
    "meeting",
    "next",
    "new",
    "no",
    "on",
    "or",
    "over",
    "please",
    "pls",
    "plz",
    "regarding",
    "re",
    "she",
    "so",
    "some",
    "that",
    "the",
    "them",
    "then",
    "then",
    "there",
    "they",
    "this",
    "those",
    "thanks",
    "to",
    "tomorrow",
    "today",
    "until",
    "us",
    "we",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "will",
    "with",
    "you",
    "your",
];
/// Titles, which a name goes on after, full stop or not.
const TITLES: &[&str] = &["Dr", "Mr", "Mrs", "Ms", "Prof"];
/// Words that begin the name of a group (`the design team`).
const BEFORE_GROUP: &[&str] = &["the", "my", "our", "their", "his", "her"];
/// Words that a group's name ends with.
const GROUPS: &[&str] = &[
    "team",
    "teams",
    "manager",
    "boss",
    "board",
    "folks",
    "people",
    "group",
    "crew",
    "lead",
    "leads",
    "client",
    "clients",
    "accountant",
    "lawyer",
    "lawyers",
    "vendor",
    "supplier",
    "auditors",
    "committee",
    "department",
];

/// Finds people in their order, each once.
fn people(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<String> = Vec::new();
    let mut index = 0;
    while index < words.len() && found.len() < MAX_PEOPLE {
        let starts = BEFORE_PEOPLE.contains(&words[index].to_lowercase().as_str());
        index += 1;
        // Only `with` is sure to be followed by people: after the others a name must look like one.
        let mut sure = starts && matches!(words[index - 1].to_lowercase().as_str(), "with" | "w/" | "invite");
        let mut more = starts;
        while more && found.len() < MAX_PEOPLE {
            let Some((name, length)) = name_at(&words[index..], sure) else { break };
            if !found.contains(&name) {
                found.push(name);
            }
            // After `Ana and`, a word in small letters is more likely a verb than a name.
            sure &= !found.last().is_some_and(|name| name.starts_with(char::is_uppercase));
            let ends_in_comma = words[index + length - 1].ends_with(',');
            index += length;
            let joined = words.get(index).is_some_and(|word| matches!(*word, "and" | "&" | "+" | ","));
            index += usize::from(joined);
            more = joined || ends_in_comma;
        }
    }
    found
}

/// The name that the words begin with, and how many of them it takes.
fn name_at(words: &[&str], sure: bool) -> Option<(String, usize)> {
    let first = words.first()?;
    if BEFORE_GROUP.contains(&first.to_lowercase().as_str()) {
        return group_at(words, sure);
    }
    let mut name: Vec<String> = Vec::new();
    for word in words.iter().take(3) {
        let text = bare(word).to_owned();
        let capital = text.chars().next().is_some_and(char::is_uppercase);
        let plain = !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'));
        let blocked = NO_NAME.contains(&text.to_lowercase().as_str()) || WHEN.is_match(&text);
        let fits = plain && !blocked && (capital || (sure && name.is_empty()));
        if !fits {
            break;
        }
        let title = TITLES.contains(&text.as_str());
        name.push(text);
        if !(title || capital && word.ends_with(char::is_alphanumeric)) {
            break;
        }
    }
    (!name.is_empty()).then(|| (name.join(" "), name.len()))
}

/// The group that the words begin with (`the design team`): up to a word that groups end with, or,
/// where people are sure to stand, up to the end of the phrase.
fn group_at(words: &[&str], sure: bool) -> Option<(String, usize)> {
    let few = &words[..words.len().min(4)];
    let known = few.iter().position(|word| GROUPS.contains(&bare(word).to_lowercase().as_str()));
    let ends = |word: &str| NO_NAME.contains(&bare(word).to_lowercase().as_str()) || WHEN.is_match(word);
    let phrase = || {
        let open = few[1..].iter().take_while(|word| !ends(word)).count();
        let comma = few[1..].iter().position(|word| word.ends_with([',', '.', '?', '!', ';']));
        Some(comma.map_or(open, |comma| open.min(comma + 1))).filter(|length| *length > 0)
    };
    let last = known.or_else(|| if sure { phrase() } else { None })?;
    let name: Vec<&str> = few[..=last].iter().map(|word| bare(word)).collect();
    Some((name.join(" "), last + 1))
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["“]([^"“”]{2,80})["”]"#));

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(about|regarding|discuss|titled|called|named|summari[sz]e|recap(\ of)?|find|locate|open|pull\ up|dig\ out
        |look\ for|looking\ for|where\ is|where's|where\ are|search\ for|fetch|retrieve|notes\ (of|from)
        |minutes\ (of|from)|tl;?dr(\ of)?|summary\ of|overview\ of|points\ (of|from)|show\ me|get\ me|send\ me|bring\ up)
        \s+((me|my|the|our|a|an|that|this|up|for|all)\s+)*",
    )
});

/// Words that a subject does not go beyond.
const AFTER_SUBJECT: &[&str] =
    &["and", "with", "then", "please", "pls", "plz", "thanks", "so", "because", "but", "before", "if", "for"];

/// Subjects that say nothing.
const GENERIC: &[&str] = &["meeting", "call", "it", "them", "document", "file", "what", "everything"];

/// What a request is about: what stands in quotation marks, else what follows a word like `about`.
fn subject(text: &str) -> Option<String> {
    if let Some(quoted) = QUOTED.captures(text).and_then(|groups| groups.get(1)) {
        return Some(quoted.as_str().trim().to_owned());
    }
    let start = SUBJECT.find(text)?.end();
    let mut words = Vec::new();
    let mut rest = text[start..].split_whitespace().take(MAX_SUBJECT_WORDS).peekable();
    while let Some(word) = rest.next() {
        let lower = word.to_lowercase();
        let by_someone = matches!(lower.as_str(), "from" | "by")
            && rest.peek().is_some_and(|next| next.starts_with(char::is_uppercase));
        if by_someone || AFTER_SUBJECT.contains(&lower.as_str()) {
            break;
        }
        words.push(word.trim_end_matches([',', '.', '?', '!', ';', ':']));
        if word.ends_with([',', '.', '?', '!', ';', ':']) {
            break;
        }
    }
    let subject = words.join(" ");
    let tells =
        subject.chars().any(char::is_alphanumeric) && !GENERIC.contains(&subject.to_lowercase().as_str());
    tells.then_some(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_request_gives_all_its_details() {
        let details = Details::find(
            "Book 45 minutes with Ana Lima, Ben and the design team tomorrow at 10 about hiring",
        );
        assert_eq!(details.people, ["Ana Lima", "Ben", "the design team"]);
        assert_eq!(details.when.as_deref(), Some("tomorrow at 10"));
        assert_eq!(details.duration.as_deref(), Some("45 minutes"));
        assert_eq!(details.subject.as_deref(), Some("hiring"));
    }

    #[test]
    fn names_in_small_letters_are_found_after_with() {
        let details = Details::find("mtg w/ sara fri 3pm");
        assert_eq!(details.people, ["sara"]);
        assert_eq!(details.when.as_deref(), Some("fri 3pm"));
    }

    #[test]
    fn a_length_of_time_is_not_a_time_of_day() {
        let details = Details::find("block half an hour");
        assert_eq!(details.duration.as_deref(), Some("half an hour"));
        assert_eq!(details.when, None);
    }

    #[test]
    fn days_and_pronouns_are_not_people() {
        assert_eq!(Details::find("a call with me on Monday, for Tuesday").people, Vec::<String>::new());
    }

    #[test]
    fn a_quoted_title_is_the_subject() {
        let details = Details::find("find the file \"Budget 2025 final\" that Omar sent");
        assert_eq!(details.subject.as_deref(), Some("Budget 2025 final"));
    }

    #[test]
    fn earlier_details_fill_the_gaps() {
        let earlier = Details::find("a meeting with Ana tomorrow");
        let both = Details::find("for 20 minutes on Friday").or(earlier);
        assert_eq!(both.people, ["Ana"]);
        assert_eq!(both.when.as_deref(), Some("Friday"));
        assert_eq!(both.duration.as_deref(), Some("20 minutes"));
    }
}
