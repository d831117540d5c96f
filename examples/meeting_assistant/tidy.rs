//! Reads a request as a person would: characters that are not seen are dropped, those that look alike are
//! read as what they look like, and slips of the fingers are mended.

use std::collections::{HashMap, HashSet};

/// Fewest letters of a word that is mended.
const MENDED_FROM: usize = 4;
/// Letters of a word in which two slips are mended.
const TWO_SLIPS_FROM: usize = 9;

/// Letters of other alphabets that look like Latin ones.
const ALIKE: &[(&str, char)] = &[
    ("аαɑ", 'a'),
    ("Ь", 'b'),
    ("сⅽϲⲥᴄ", 'c'),
    ("ԁⅾ", 'd'),
    ("еєҽ", 'e'),
    ("ɡց", 'g'),
    ("һհ", 'h'),
    ("іıɩⅰ", 'i'),
    ("јϳ", 'j'),
    ("κкᴋ", 'k'),
    ("ⅼӏ", 'l'),
    ("ⅿмᴍ", 'm'),
    ("ոпռ", 'n'),
    ("оοօᴏ", 'o'),
    ("рρ", 'p'),
    ("ԛզ", 'q'),
    ("гᴦ", 'r'),
    ("ѕꜱ", 's'),
    ("тᴛτ", 't'),
    ("υսᴜ", 'u'),
    ("νѵⅴᴠ", 'v'),
    ("ԝѡᴡ", 'w'),
    ("хⅹ", 'x'),
    ("уγү", 'y'),
    ("ᴢ", 'z'),
    ("АΑ", 'A'),
    ("ВΒ", 'B'),
    ("СϹ", 'C'),
    ("ЕΕ", 'E'),
    ("НΗ", 'H'),
    ("ІΙ", 'I'),
    ("Ј", 'J'),
    ("КΚ", 'K'),
    ("МΜ", 'M'),
    ("Ν", 'N'),
    ("ОΟ", 'O'),
    ("РΡ", 'P'),
    ("Ѕ", 'S'),
    ("ТΤ", 'T'),
    ("ХΧ", 'X'),
    ("ΥҮ", 'Y'),
    ("Ζ", 'Z'),
];

/// The text as it looks.
pub fn seen(text: &str) -> String {
    text.chars().filter_map(looks_like).collect()
}

fn looks_like(c: char) -> Option<char> {
    match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        // Marks that stand by themselves after their letter.
        | '\u{300}'..='\u{36f}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c if c.is_ascii() => Some(c),
        c => Some(ALIKE.iter().find(|(letters, _)| letters.contains(c)).map_or(c, |(_, plain)| *plain)),
    }
}

/// Words that are no slips, one a line before the first tab.
const DICTIONARY: &str = include_str!("../../src/expand/lexicon/common_words.txt");

/// Words that requests are made of, with how often they were met, and words that are left alone.
pub struct Vocabulary {
    met: HashMap<String, usize>,
    left_alone: HashSet<&'static str>,
}

impl Vocabulary {
    /// The words of these texts.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut words = HashMap::new();
        for word in texts.flat_map(|text| text.split(|c: char| !c.is_alphabetic())) {
            if !word.is_empty() {
                *words.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        let lines = DICTIONARY.lines().filter(|line| !line.starts_with('#'));
        let left_alone = lines.flat_map(|line| line.split(['\t', '|', ' '])).collect();
        Self { met: words, left_alone }
    }

    /// The text with its slips mended. Words that are known, names and numbers stay as they are.
    pub fn mend(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        let mut first = true;
        while let Some(begin) = rest.find(char::is_alphanumeric) {
            let length = rest[begin..].find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len() - begin);
            let word = &rest[begin..begin + length];
            out.push_str(&rest[..begin]);
            match self.meant(word, first) {
                Some(meant) => out.push_str(&meant),
                None => out.push_str(word),
            }
            rest = &rest[begin + length..];
            first = false;
        }
        out + rest
    }

    /// What a word was meant to be, where it is a slip.
    fn meant(&self, word: &str, first: bool) -> Option<String> {
        let lower = word.to_lowercase();
        let count = lower.chars().count();
        let shouted = word.chars().all(|c| !c.is_lowercase());
        let name = !first && !shouted && word.starts_with(char::is_uppercase);
        if name || count < MENDED_FROM || self.knows(&lower) || !word.starts_with(char::is_alphabetic) {
            return None;
        }
        let read = lower.replace('0', "o").replace(['1', '|'], "l").replace("vv", "w");
        if self.met.contains_key(&read) {
            return Some(read);
        }
        if read.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let slips = if count >= TWO_SLIPS_FROM { 2 } else { 1 };
        let near = |known: &str| {
            let close =
                known.chars().count().abs_diff(read.chars().count()) <= slips && known.chars().count() >= 3;
            close.then(|| distance(&read, known)).filter(|distance| *distance <= slips)
        };
        let best = self
            .met
            .iter()
            .filter_map(|(known, met)| Some((near(known)?, std::cmp::Reverse(*met), known)))
            .min();
        best.map(|(.., known)| known.clone()).or_else(|| self.two_words(&read))
    }

    /// Whether a word is no slip: known as it is, or without its ending.
    fn knows(&self, word: &str) -> bool {
        let has = |word: &str| self.met.contains_key(word) || self.left_alone.contains(word);
        let endings = ["s", "es", "ed", "d", "ing", "er", "ly"];
        has(word)
            || endings
                .iter()
                .filter_map(|ending| word.strip_suffix(ending))
                .any(|stem| stem.len() >= MENDED_FROM - 1 && (has(stem) || has(&format!("{stem}e"))))
    }

    /// Two known words without the space between them.
    fn two_words(&self, word: &str) -> Option<String> {
        let halves = word.char_indices().skip(2).map(|(at, _)| word.split_at(at));
        let known = |half: &str| half.len() >= 2 && self.met.contains_key(half);
        let mut found = halves.filter(|(one, two)| known(one) && known(two));
        found.next().map(|(one, two)| format!("{one} {two}"))
    }
}

/// Letters dropped, added or changed, and neighbours that changed places (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_read_alike() {
        assert_eq!(seen("Bо\u{200b}ok ａ саll\u{2069}"), "Book a call");
        assert_eq!(seen("cafe\u{301} at 3 pm"), "cafe at 3 pm");
    }

    #[test]
    fn slips_are_mended_and_names_are_not() {
        let words = ["schedule a meeting with the team from Monday", "find the presentation"];
        let vocabulary = Vocabulary::of(words.into_iter());
        assert_eq!(
            vocabulary.mend("shcedule a meetign wiht Withe fr0m monday"),
            "schedule a meeting with Withe from monday"
        );
        assert_eq!(
            vocabulary.mend("find thepresentation, prsentatoin!"),
            "find the presentation, presentation!"
        );
        assert_eq!(vocabulary.mend("ORD-1234 at 10:30, zebra"), "ORD-1234 at 10:30, zebra");
    }

    #[test]
    fn neighbours_that_change_places_are_one_slip() {
        assert_eq!(distance("wiht", "with"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
    }
}
