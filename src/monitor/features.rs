//! What is kept of every answer to see drift: lengths, times, tokens, and its words as numbers.

use super::opinion::Said;
use super::record::{Logged, text_of};
use super::refusal::declines;
use crate::expand::CaseId;
use crate::expand::similar::mixed;
use crate::judge::Outcome;

/// Numbers that a word may be: so many buckets are hashed into.
pub const BUCKETS: usize = 1 << 12;

/// Different words and pairs of words of a text that are looked at, from its start.
pub const MOST_TOKENS: usize = 64;

/// Characters of a text that are looked at for words.
const MOST_CHARACTERS: usize = 2000;

/// What is kept of an answer.
#[derive(Debug, Clone)]
pub struct Features {
    /// The conversation, as a number; none where the log names none.
    pub conversation: Option<u64>,
    /// Characters and words of the request and of the answer.
    pub asked: Length,
    /// Of the answer; nothing where there is none.
    pub answered: Option<Length>,
    /// Milliseconds.
    pub latency_ms: Option<f32>,
    /// Tokens read and written.
    pub tokens: Option<(u32, u32)>,
    /// Numbers of the label, the model and the scenario in the names of the window.
    pub label: Option<u16>,
    /// The model.
    pub model: Option<u16>,
    /// The scenario; none where it is like no scenario.
    pub scenario: Option<u16>,
    /// What the checks came to.
    pub outcome: Option<Outcome>,
    /// Whether the answer declines, by its wording.
    pub declines: bool,
    /// Whether there is no answer.
    pub failed: bool,
    /// What was said of it, by the number of the source.
    pub said: Box<[(u8, Said)]>,
    /// The words of the request, hashed: each once, ascending.
    pub words_in: Words,
    /// The words of the answer.
    pub words_out: Words,
}

/// How long a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    /// Characters.
    pub characters: u32,
    /// Words, by the white space between them.
    pub words: u32,
}

/// The words of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The text as a number: equal texts have the same.
    pub text: u64,
    /// Buckets, ascending, each once.
    pub buckets: Box<[u16]>,
}

/// What of a record is a number in the window's lists of names.
#[derive(Debug, Clone, Default)]
pub struct Numbered {
    /// The label.
    pub label: Option<u16>,
    /// The model.
    pub model: Option<u16>,
    /// The scenario.
    pub scenario: Option<u16>,
    /// What was said, by the number of the source.
    pub said: Box<[(u8, Said)]>,
}

impl Features {
    /// What is kept of an answer.
    pub fn of(logged: &Logged, outcome: Option<Outcome>, numbered: Numbered) -> Self {
        let input = text_of(&logged.input);
        let answer = logged.answer.as_ref().ok();
        let output = answer.map(|answer| answer.output.as_str());
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let Numbered { label, model, scenario, said } = numbered;
        Self {
            conversation: logged.conversation.as_ref().map(|of| CaseId::of(&[of.as_bytes()]).as_u64()),
            asked: Length::of(&input),
            answered: output.map(Length::of),
            #[expect(clippy::cast_possible_truncation, reason = "a time needs no more than seven digits")]
            latency_ms: answer.and_then(|answer| answer.latency_ms).map(|ms| ms as f32),
            tokens: answer
                .and_then(|answer| answer.usage)
                .map(|of| (small(of.input_tokens), small(of.output_tokens))),
            label,
            model,
            scenario,
            outcome,
            declines: output.is_some_and(declines),
            failed: logged.answer.is_err(),
            said,
            words_in: Words::of(&input),
            words_out: output.map(Words::of).unwrap_or_default(),
        }
    }
}

impl Length {
    fn of(text: &str) -> Self {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { characters: small(text.chars().count()), words: small(text.split_whitespace().count()) }
    }
}

impl Words {
    /// The words of a text in lower case, and each with the one before it. A character of a script that is written
    /// without spaces is a word.
    pub fn of(text: &str) -> Self {
        let mut buckets: Vec<u16> = Vec::with_capacity(MOST_TOKENS);
        let (mut word, mut last, mut whole) = (START, START, START);
        let mut push = |number: u64| {
            if buckets.len() < MOST_TOKENS {
                #[expect(clippy::cast_possible_truncation, reason = "the remainder is below 4096")]
                buckets.push((mixed(number) % BUCKETS as u64) as u16);
            }
        };
        let mut end = |word: &mut u64| {
            if *word != START {
                push(*word);
                if last != START {
                    push(mixed(last) ^ *word);
                }
                last = std::mem::replace(word, START);
            }
        };
        for character in text.chars().take(MOST_CHARACTERS).flat_map(char::to_lowercase) {
            whole = step(whole, character);
            if is_a_word(character) {
                end(&mut word);
                word = step(word, character);
                end(&mut word);
            } else if character.is_alphanumeric() {
                // Numbers are alike, whichever they are.
                let character = if character.is_numeric() { '0' } else { character };
                if !(character == '0' && word == step(START, '0')) {
                    word = step(word, character);
                }
            } else {
                end(&mut word);
            }
        }
        end(&mut word);
        buckets.sort_unstable();
        buckets.dedup();
        Self { text: mixed(whole), buckets: buckets.into_boxed_slice() }
    }
}

/// Where a hash begins.
const START: u64 = 0xcbf2_9ce4_8422_2325;

/// One character more in a hash (FNV-1a over code points; Fowler, Noll and Vo).
const fn step(hash: u64, character: char) -> u64 {
    (hash ^ character as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Scripts that are written without spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
const fn is_a_word(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_whatever_their_case_and_numbers_alike() {
        assert_eq!(Words::of("Order 17, please").buckets, Words::of("order 4293 PLEASE!").buckets);
        assert_ne!(Words::of("order").buckets, Words::of("refund").buckets);
        // order, number, please, and two pairs.
        assert_eq!(Words::of("order 17 please").buckets.len(), 5);
        assert_eq!(Words::of("日本").buckets.len(), 3, "two characters and their pair");
        assert_eq!(Words::of("").buckets.len(), 0);
    }

    #[test]
    fn a_long_text_is_looked_at_from_its_start() {
        let long = (b'a'..=b'z')
            .cycle()
            .take(500)
            .map(|letter| format!("w{}x", char::from(letter)))
            .collect::<Vec<_>>()
            .join(" ");
        assert!(Words::of(&long).buckets.len() <= MOST_TOKENS);
    }
}
