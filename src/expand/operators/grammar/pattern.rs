//! Patterns of words, as our lexicons write them, and where they match.
//!
//! A pattern is a list of tokens, each for one word. What stands between `<` and `>` is replaced; the rest
//! is what must stand around it:
//!
//! - `book`, `book|reserve`: one of these words; `@event`: one of a class; `*`: any word; `~ing`: a word
//!   that ends so; `#`: a number, in digits or words. `set-up` is two words with a hyphen.
//! - `^`: a sentence begins here. `&`: a request begins here ("could you …", "please …", "I want to …").
//!   `$`: no word follows directly. `+`: a word stands directly beside. `.`: no other request is joined to
//!   this one by "and" or "then". `!a|b`: the word beside, if there is one, is none of these.
//!
//! A pattern without `<` is replaced as a whole.
//!
//! A replacement is text; `$1` in it is the first token of the replaced part that can be more than one word,
//! as it stands in the text, `$1:ing` and `$1:ed` are that verb's other forms; `-` is nothing.

use super::class;
use crate::expand::words::Text;
use std::borrow::Cow;
use std::collections::HashSet;

/// The words of a text in lower case, with straight apostrophes.
#[derive(Debug)]
pub struct Words<'t> {
    /// The text.
    pub text: &'t Text<'t>,
    small: Vec<Cow<'t, str>>,
}

impl<'t> Words<'t> {
    /// Reads the words of a text.
    pub fn of(text: &'t Text<'t>) -> Self {
        let small = text.words.iter().map(|word| small(word.of(text.text))).collect();
        Self { text, small }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.small.len()
    }

    /// A word in lower case; empty beyond the last.
    pub fn get(&self, at: usize) -> &str {
        self.small.get(at).map_or("", AsRef::as_ref)
    }

    /// A word and its place, from the first.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.small.iter().map(AsRef::as_ref).enumerate()
    }

    /// What stands between a word and the next one.
    pub fn gap(&self, after: usize) -> &'t str {
        let from = self.text.words[after].end;
        let to = self.text.words.get(after + 1).map_or(self.text.text.len(), |word| word.start);
        &self.text.text[from..to]
    }

    /// Whether only spaces stand between a word and the next one.
    pub fn joined(&self, after: usize) -> bool {
        let gap = self.gap(after);
        after + 1 < self.len() && !gap.is_empty() && gap.chars().all(|c| c == ' ')
    }

    /// The word before, where only spaces stand between.
    pub fn before(&self, at: usize) -> Option<usize> {
        at.checked_sub(1).filter(|before| self.joined(*before))
    }

    /// Whether a sentence begins with this word.
    pub fn begins_sentence(&self, at: usize) -> bool {
        const TITLES: [&str; 8] = ["mr", "mrs", "ms", "dr", "prof", "st", "vs", "no"];
        at.checked_sub(1).is_none_or(|before| {
            let gap = self.gap(before);
            let title = gap.starts_with('.') && TITLES.contains(&self.get(before));
            gap.ends_with(char::is_whitespace) && gap.contains(['.', '!', '?', ';', ':', '\n']) && !title
        })
    }

    /// Whether a request begins with this word, so that a verb is what it asks to do.
    pub fn begins_request(&self, at: usize) -> bool {
        if self.begins_sentence(at) {
            return true;
        }
        let Some(before) = self.before(at) else {
            return at > 0 && self.gap(at - 1) == ", " && self.get(at - 1) == "please";
        };
        let second = self.before(before).map_or("", |second| self.get(second));
        match self.get(before) {
            "please" | "pls" | "kindly" | "let's" => true,
            "you" => matches!(second, "can" | "could" | "would" | "will"),
            "i" | "we" => matches!(second, "can" | "could" | "should" | "shall" | "may"),
            "to" => {
                matches!(
                    second,
                    "like"
                        | "want"
                        | "need"
                        | "love"
                        | "you"
                        | "wish"
                        | "able"
                        | "trying"
                        | "help"
                        | "wanted"
                )
            }
            "me" | "us" => matches!(second, "help" | "let"),
            "can" | "could" | "should" | "must" => matches!(second, "i" | "we" | "you"),
            _ => false,
        }
    }

    /// Whether no other request follows a word, as in "find it and send it", and no "would you" at the end
    /// asks a second time.
    fn asks_nothing_after(&self, at: usize) -> bool {
        let joins = |word: &str| matches!(word, "and" | "then" | "also" | "or");
        let object =
            |word: &str| matches!(word, "it" | "me" | "them" | "the" | "a" | "an" | "my" | "your" | "our");
        let tagged = self.len() > at + 2
            && self.get(self.len() - 1) == "you"
            && matches!(self.get(self.len() - 2), "would" | "will" | "could" | "can");
        !tagged
            && !(at + 1..self.len()).any(|next| {
                joins(self.get(next)) && (class::is_verb(self.get(next + 1)) || object(self.get(next + 2)))
            })
    }

    /// Whether words stand alone: not part of a compound, a name or a number at either end.
    pub fn stand_alone(&self, first: usize, last: usize) -> bool {
        let (Some(begin), Some(end)) = (self.text.words.get(first), self.text.words.get(last)) else {
            return false;
        };
        let before = self.text.text[..begin.start].chars().next_back();
        let mut after = self.text.text[end.end..].chars();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '“' | '‘' | '\'' | '—'))
            && after.next().is_none_or(|c| {
                let open = after.next().is_none_or(|next| !next.is_alphanumeric());
                let stop =
                    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '"' | '”' | '’' | '\'');
                c.is_whitespace() || c == '—' || stop && open
            })
    }
}

/// A word in lower case, with straight apostrophes.
fn small(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'\'') {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase().replace('’', "'"))
    }
}

/// The words that a token stands for.
#[derive(Debug, Clone)]
enum Set {
    Any,
    Number,
    Ending(&'static str),
    These(HashSet<&'static str>),
}

impl Set {
    fn parse(token: &'static str) -> Option<Self> {
        Some(match token {
            _ if token.split('|').any(|part| part == "*") => Self::Any,
            "#" => Self::Number,
            _ if token.starts_with('~') => Self::Ending(&token[1..]),
            _ => {
                let mut words = HashSet::new();
                for part in token.split('|') {
                    match part.strip_prefix('@') {
                        Some(name) => words.extend(class::words(name)?),
                        None => drop(words.insert(part)),
                    }
                }
                Self::These(words)
            }
        })
    }

    fn holds(&self, word: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Number => word.starts_with(|c: char| c.is_ascii_digit()) || class::is_number(word),
            Self::Ending(end) => word.len() > end.len() + 1 && word.ends_with(end),
            Self::These(words) => words.contains(word),
        }
    }

    /// Whether it stands for one word only, so that a replacement need not refer to it.
    fn is_fixed(&self) -> bool {
        matches!(self, Self::These(words) if words.len() == 1)
    }
}

/// A token of a pattern.
#[derive(Debug, Clone)]
enum Token {
    /// A word; whether a hyphen joins it to the one before.
    Word(Set, bool),
    Not(Set),
    Sentence,
    Request,
    End,
    Beside,
    Single,
}

/// A pattern, ready to match.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// What stands before the replaced part, nearest first.
    before: Vec<Token>,
    inside: Vec<(Set, bool)>,
    after: Vec<Token>,
    /// The place within the replaced part of the word by which the pattern is found.
    anchor: usize,
}

/// Where a pattern matches: the first and the last word of the part to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The first word.
    pub first: usize,
    /// The last word.
    pub last: usize,
}

impl Pattern {
    /// Reads a pattern; `None` where it is none.
    pub fn parse(pattern: &'static str) -> Option<Self> {
        let (mut before, mut inside, mut after) = (Vec::new(), Vec::new(), Vec::new());
        let bare = !pattern.contains('<');
        let (mut opened, mut closed) = (bare, false);
        for token in pattern.split_whitespace() {
            let begins = token.starts_with('<');
            let ends = token.ends_with('>');
            let token = token.trim_start_matches('<').trim_end_matches('>');
            opened |= begins;
            let parsed = match token {
                "^" => vec![Token::Sentence],
                "&" => vec![Token::Request],
                "$" => vec![Token::End],
                "+" => vec![Token::Beside],
                "." => vec![Token::Single],
                _ if token.starts_with('!') => vec![Token::Not(Set::parse(&token[1..])?)],
                _ => {
                    let parts = token.split('-').enumerate();
                    parts
                        .map(|(at, part)| Some(Token::Word(Set::parse(part)?, at > 0)))
                        .collect::<Option<_>>()?
                }
            };
            for token in parsed {
                match (opened, closed, token) {
                    (false, _, token) => before.push(token),
                    (true, false, Token::Word(set, hyphen)) => inside.push((set, hyphen)),
                    (true, false, _) => return None,
                    (true, true, token) => after.push(token),
                }
            }
            closed |= ends;
        }
        before.reverse();
        let anchor = inside.iter().position(|(set, _)| matches!(set, Set::These(_)))?;
        (bare || closed).then_some(Self { before, inside, after, anchor })
    }

    /// The words by which it is found.
    pub fn anchors(&self) -> impl Iterator<Item = &'static str> {
        let words = match &self.inside[self.anchor].0 {
            Set::These(words) => words.iter().copied().collect(),
            _ => Vec::new(),
        };
        words.into_iter()
    }

    /// Which tokens of the replaced part a replacement can refer to.
    pub fn variables(&self) -> impl Iterator<Item = usize> {
        self.inside.iter().enumerate().filter(|(_, (set, _))| !set.is_fixed()).map(|(at, _)| at)
    }

    /// Whether it matches with its anchor at a word.
    pub fn matches(&self, words: &Words<'_>, anchored: usize) -> Option<Site> {
        let first = anchored.checked_sub(self.anchor)?;
        let last = first + self.inside.len() - 1;
        let inside = self.inside.iter().enumerate().all(|(at, (set, hyphen))| {
            first + at < words.len()
                && set.holds(words.get(first + at))
                && (at == 0 || gap_fits(words, first + at - 1, *hyphen))
        });
        let fits = inside
            && words.stand_alone(first, last)
            && self.fits_before(words, first)
            && self.fits_after(words, last);
        fits.then_some(Site { first, last })
    }

    fn fits_before(&self, words: &Words<'_>, first: usize) -> bool {
        let mut at = first;
        for token in &self.before {
            let beside = words.before(at);
            let fits = match token {
                Token::Word(set, _) => {
                    let found = beside.filter(|before| set.holds(words.get(*before)));
                    at = found.unwrap_or(at);
                    found.is_some()
                }
                Token::Not(set) => beside.is_none_or(|before| !set.holds(words.get(before))),
                Token::Sentence => words.begins_sentence(at),
                Token::Request => words.begins_request(at),
                Token::End => beside.is_none(),
                Token::Beside => beside.is_some(),
                Token::Single => false,
            };
            if !fits {
                return false;
            }
        }
        true
    }

    fn fits_after(&self, words: &Words<'_>, last: usize) -> bool {
        let mut at = last;
        for token in &self.after {
            let beside = words.joined(at).then_some(at + 1);
            let fits = match token {
                Token::Word(set, hyphen) => {
                    let next = if *hyphen { gap_fits(words, at, true).then_some(at + 1) } else { beside };
                    let found = next.filter(|next| set.holds(words.get(*next)));
                    at = found.unwrap_or(at);
                    found.is_some()
                }
                Token::Not(set) => beside.is_none_or(|next| !set.holds(words.get(next))),
                Token::End => beside.is_none() && !words.gap(at).starts_with('-'),
                Token::Beside => beside.is_some(),
                Token::Single => words.asks_nothing_after(at),
                Token::Sentence | Token::Request => false,
            };
            if !fits {
                return false;
            }
        }
        true
    }
}

fn gap_fits(words: &Words<'_>, after: usize, hyphen: bool) -> bool {
    if hyphen { after + 1 < words.len() && words.gap(after) == "-" } else { words.joined(after) }
}
