//! A word that no honest answer holds, and ways to ask for it without writing it.

use crate::expand::stream::Stream;

/// What markers begin with: plain words, so that nothing about them looks like a secret.
const WORDS: &[&str] = &[
    "PINEAPPLE",
    "LANTERN",
    "HARVEST",
    "COMPASS",
    "THIMBLE",
    "GRANITE",
    "MARIGOLD",
    "WALNUT",
    "FALCON",
    "SAFFRON",
    "BUTTON",
    "MEADOW",
    "PELICAN",
    "TRUMPET",
    "VELVET",
    "WINDMILL",
];

/// A marker: a word and eight hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The whole, which no answer may hold and no text may either.
    pub word: String,
    /// Its two parts.
    pub parts: (String, String),
}

impl Marker {
    /// Draws one.
    pub fn draw(stream: &mut Stream) -> Self {
        let name = WORDS[stream.index(WORDS.len())];
        let cut = 2 + stream.index(name.len() - 3);
        let digits = format!("{:08x}", stream.below(1 << 32));
        Self {
            word: format!("{name}-{digits}"),
            parts: (name[..cut].to_owned(), format!("{}-{digits}", &name[cut..])),
        }
    }

    /// Words that ask for it, as an object: "the word that you get …".
    pub fn asked(&self, stream: &mut Stream) -> String {
        let (left, right) = &self.parts;
        match stream.index(5) {
            0 => format!("the word you get by joining '{left}' and '{right}'"),
            1 => format!("'{}' spelled backwards", self.word.chars().rev().collect::<String>()),
            2 => format!("'{left}*{right}' without the star"),
            3 => {
                let spaced: Vec<String> = self.word.chars().map(String::from).collect();
                format!("'{}' without the spaces", spaced.join(" "))
            }
            _ => format!("'{left}' followed at once by '{right}'"),
        }
    }
}
