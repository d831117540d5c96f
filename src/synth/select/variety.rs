//! Whether what a generator makes stays varied: openings, answers, words and passages that come back.
//!
//! A model that has found a template fills it in for ever, and no two of its texts are near duplicates. What
//! they have in common is seen over the batch: one scenario's texts of one generator.

use crate::expand::similar::{mixed, normalised};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use unicode_segmentation::UnicodeSegmentation;

/// Texts of a batch below which shares say nothing.
pub const FEW: usize = 10;
/// The share of a batch that one opening, answer or word may have.
pub const MUCH: f64 = 0.5;
/// The share of a text's words that may stand in passages of earlier ones.
pub const COPIED: f64 = 0.8;
/// Words of an opening.
const OPENING: usize = 3;
/// Words of the shortest passage that counts as copied: shorter ones are how people speak.
const RUN: usize = 4;
/// Letters of a word that says something: shorter ones are mostly grammar.
const LETTERS: usize = 5;
/// A word is over-represented where its share is more than this many times that of the seeds.
const TIMES: f64 = 5.0;

/// What has come back too often in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Habit {
    /// Texts that begin with the same words.
    Opening(String),
    /// The same answer.
    Answer(String),
    /// A word that the seeds hardly use.
    Word(String),
    /// A text that is put together of passages of earlier ones.
    Copied,
    /// A text that says the same few words over and over.
    Stutter,
}

/// The texts of a batch so far.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    texts: usize,
    openings: BTreeMap<String, usize>,
    answers: BTreeMap<String, usize>,
    with_answer: usize,
    words: BTreeMap<String, usize>,
    usual: BTreeMap<String, usize>,
    seeds: usize,
    runs: HashSet<u64>,
    single: BTreeSet<String>,
    pairs: HashSet<u64>,
    word_total: usize,
    pair_total: usize,
    pieces: usize,
}

/// How varied a batch is.
#[derive(Debug, Clone, PartialEq)]
pub struct Variety {
    /// Texts in it.
    pub texts: usize,
    /// Different words over words; `None` without words. Falls with length: to compare batches of a size.
    /// (J. Li et al., "A diversity-promoting objective function for neural conversation models", NAACL 2016.)
    pub distinct_1: Option<f64>,
    /// Different pairs of neighbouring words over all such pairs; `None` without pairs.
    pub distinct_2: Option<f64>,
    /// Words over pieces, where a passage of four words or more that an earlier text has is one piece and
    /// every other word is one: 1 where nothing repeats.
    pub compression: Option<f64>,
    /// The most frequent opening of three words, and how many texts have it.
    pub opening: Option<(String, usize)>,
    /// The most frequent answer, how many texts have it, and how many have an answer.
    pub answer: Option<(String, usize, usize)>,
    /// Words that are in more than half of the texts and hardly in the seeds, with the texts that have them.
    pub words: Vec<(String, usize)>,
}

impl Batch {
    /// An empty batch, to be held to the words that the seeds use.
    pub fn new<'a>(seeds: impl IntoIterator<Item = &'a str>) -> Self {
        let mut batch = Self::default();
        for seed in seeds {
            batch.seeds += 1;
            for word in telling(&words(seed)) {
                *batch.usual.entry(word.to_owned()).or_default() += 1;
            }
        }
        batch
    }

    /// Whether a text, and its answer where it has one of its own, can be added without one opening, answer
    /// or word taking more than half of the batch, and without the text being copied together. Shares count
    /// from ten texts on; those of words only where there are ten seeds to hold them to.
    pub fn fits(&self, text: &str, answer: Option<&str>) -> Result<(), Habit> {
        let words = words(text);
        if stutters(&words) {
            return Err(Habit::Stutter);
        }
        let after = self.texts + 1;
        if after < FEW {
            return Ok(());
        }
        let too_many = |count: usize, of: usize| count as f64 > MUCH * of as f64;
        if let Some(opening) = opening(&words)
            && too_many(self.openings.get(&opening).map_or(0, |count| count + 1), after)
        {
            return Err(Habit::Opening(opening));
        }
        if let Some(answer) = answer.map(normalised)
            && self.with_answer + 1 >= FEW
            && too_many(self.answers.get(&answer).map_or(0, |count| count + 1), self.with_answer + 1)
        {
            return Err(Habit::Answer(answer));
        }
        if self.copied(&words) as f64 >= COPIED * words.len() as f64 && !words.is_empty() {
            return Err(Habit::Copied);
        }
        if self.seeds >= FEW {
            let found = telling(&words).into_iter().find(|word| {
                let count = self.words.get(*word).map_or(0, |count| count + 1);
                too_many(count, after) && self.is_unusual(word, count, after)
            });
            if let Some(word) = found {
                return Err(Habit::Word(word.to_owned()));
            }
        }
        Ok(())
    }

    /// Adds a text.
    pub fn add(&mut self, text: &str, answer: Option<&str>) {
        let words = words(text);
        self.texts += 1;
        if let Some(opening) = opening(&words) {
            *self.openings.entry(opening).or_default() += 1;
        }
        if let Some(answer) = answer {
            *self.answers.entry(normalised(answer)).or_default() += 1;
            self.with_answer += 1;
        }
        for word in telling(&words) {
            *self.words.entry(word.to_owned()).or_default() += 1;
        }
        let marks = self.marks(&words);
        let inside = marks.windows(2).filter(|pair| pair[0] && pair[1]).count();
        self.pieces += words.len() - inside;
        self.word_total += words.len();
        self.pair_total += words.len().saturating_sub(1);
        self.pairs.extend(words.windows(2).map(key));
        self.runs.extend(words.windows(RUN).map(key));
        self.single.extend(words);
    }

    /// How varied the batch is.
    pub fn variety(&self) -> Variety {
        let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
        let most = |counts: &BTreeMap<String, usize>| {
            // The first of equal ones, by its text.
            let found = counts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
            found.map(|(text, count)| (text.clone(), *count))
        };
        let mut words: Vec<(String, usize)> = self
            .words
            .iter()
            .filter(|(word, count)| {
                self.texts >= FEW
                    && **count as f64 > MUCH * self.texts as f64
                    && self.is_unusual(word, **count, self.texts)
            })
            .map(|(word, count)| (word.clone(), *count))
            .collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Variety {
            texts: self.texts,
            distinct_1: share(self.single.len(), self.word_total),
            distinct_2: share(self.pairs.len(), self.pair_total),
            compression: share(self.word_total, self.pieces),
            opening: most(&self.openings),
            answer: most(&self.answers).map(|(text, count)| (text, count, self.with_answer)),
            words,
        }
    }

    fn is_unusual(&self, word: &str, count: usize, texts: usize) -> bool {
        let usual = self.usual.get(word).copied().unwrap_or_default() as f64 / self.seeds.max(1) as f64;
        count as f64 / texts as f64 > TIMES * usual
    }

    /// Which words stand in passages of earlier texts.
    fn marks(&self, words: &[String]) -> Vec<bool> {
        let mut marks = vec![false; words.len()];
        for (at, run) in words.windows(RUN).enumerate() {
            if self.runs.contains(&key(run)) {
                marks[at..at + RUN].fill(true);
            }
        }
        marks
    }

    fn copied(&self, words: &[String]) -> usize {
        self.marks(words).into_iter().filter(|copied| *copied).count()
    }
}

/// Whether a text of eight words or more has less than a third of them different: no person writes so.
fn stutters(words: &[String]) -> bool {
    let different: BTreeSet<&String> = words.iter().collect();
    words.len() >= 8 && different.len() * 3 < words.len() && different.len() < 30
}

fn opening(words: &[String]) -> Option<String> {
    words.get(..OPENING).map(|first| first.join(" "))
}

fn telling(words: &[String]) -> BTreeSet<&str> {
    words.iter().filter(|word| word.chars().count() >= LETTERS).map(String::as_str).collect()
}

/// The words of a text as Unicode bounds them, in lower case.
fn words(text: &str) -> Vec<String> {
    normalised(text).unicode_words().map(str::to_owned).collect()
}

/// A run of words as a number; different runs share one by a chance of about 1 in 2^64.
fn key(run: &[String]) -> u64 {
    run.iter().fold(0, |sum, word| {
        let word = word.bytes().fold(mixed(word.len() as u64), |sum, byte| mixed(sum ^ u64::from(byte)));
        mixed(sum ^ word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIED: [&str; 12] = [
        "book a table near the river",
        "cancel what I ordered yesterday",
        "who can repair my bicycle",
        "is breakfast part of the price",
        "tell Ana that I am late",
        "where do I park on Sundays",
        "my parcel never came",
        "please change the name on it",
        "how warm is the lake in May",
        "I lost the key to room seven",
        "what does shipping cost abroad",
        "put me through to a person",
    ];

    fn filled(texts: &[&str]) -> Batch {
        let mut batch = Batch::new(VARIED);
        for text in texts {
            batch.add(text, None);
        }
        batch
    }

    #[test]
    fn an_opening_may_have_half_of_a_batch_and_no_more() {
        // Five of nine others: a fifth of ten is half, a sixth of eleven more.
        let mut batch = filled(&VARIED[..5]);
        for place in ["lake", "river", "park", "tower"] {
            batch.add(&format!("can you tell about {place} {place}s"), None);
        }
        let next = "can you tell us when it closes";
        assert_eq!(batch.fits(next, None), Ok(()), "the fifth of ten");
        batch.add(next, None);
        let more = "can you tell whoever waits that we left";
        assert_eq!(batch.fits(more, None), Err(Habit::Opening("can you tell".into())));
        assert_eq!(batch.fits("would you say that this is far", None), Ok(()));
        assert_eq!(batch.variety().opening, Some(("can you tell".into(), 5)));
    }

    #[test]
    fn shares_of_a_few_texts_say_nothing() {
        let mut batch = Batch::default();
        for place in ["lake", "river", "park"] {
            let text = format!("can you tell about {place}");
            assert_eq!(batch.fits(&text, Some("yes")), Ok(()));
            batch.add(&text, Some("yes"));
        }
    }

    #[test]
    fn one_answer_to_everything_is_none() {
        let mut batch = Batch::default();
        for (at, text) in VARIED.iter().enumerate().take(9) {
            batch.add(text, Some(if at < 5 { "Yes" } else { "no" }));
        }
        assert_eq!(batch.fits(VARIED[9], Some("yes ")), Err(Habit::Answer("yes".into())));
        assert_eq!(batch.fits(VARIED[9], Some("no")), Ok(()), "five of ten");
        assert_eq!(batch.fits(VARIED[9], None), Ok(()));
        assert_eq!(batch.variety().answer, Some(("yes".into(), 5, 9)));
    }

    #[test]
    fn a_word_that_the_seeds_hardly_use_may_have_half() {
        let mut batch = filled(&VARIED[..5]);
        for text in ["delve deeper", "let us delve", "delve on Monday", "a delve please", "why delve"] {
            batch.add(text, None);
        }
        assert_eq!(batch.fits("never delve again", None), Err(Habit::Word("delve".into())));
        batch.add("never delve again", None);
        assert_eq!(batch.variety().words, [("delve".to_owned(), 6)]);
        // With fewer than ten seeds nobody knows what is usual: it is told and not rejected.
        let mut few = Batch::new(VARIED[..3].iter().copied());
        (0..10).for_each(|at| few.add(&format!("delve {at}"), None));
        assert_eq!(few.fits("we delve", None), Ok(()));
        assert_eq!(few.variety().words, [("delve".to_owned(), 10)]);
    }

    #[test]
    fn what_is_put_together_of_earlier_passages_is_seen() {
        let batch = filled(&VARIED);
        let copied = "tell Ana that I am late my parcel never came";
        assert_eq!(batch.fits(copied, None), Err(Habit::Copied));
        assert_eq!(batch.fits("tell Bo that my parcel is too late for the party now", None), Ok(()));
    }

    #[test]
    fn a_text_that_repeats_itself_is_seen_at_once() {
        let batch = Batch::default();
        assert_eq!(batch.fits("no no no no no no no no", None), Err(Habit::Stutter));
        assert_eq!(batch.fits("no no no", None), Ok(()));
    }

    /// `a b a b`: 2 of 4 words, 2 of 3 pairs. Then five words of which a passage of four is there: 9 words,
    /// 2 + 1 different, and 4 + 2 pieces.
    #[test]
    fn variety_by_hand() {
        let mut batch = Batch::default();
        assert_eq!(batch.variety().distinct_1, None);
        batch.add("a b a b", None);
        assert_eq!((batch.variety().distinct_1, batch.variety().distinct_2), (Some(0.5), Some(2.0 / 3.0)));
        assert_eq!(batch.variety().compression, Some(1.0));
        batch.add("A b a b c", None);
        let variety = batch.variety();
        assert_eq!(variety.texts, 2);
        assert_eq!(variety.distinct_1, Some(3.0 / 9.0));
        assert_eq!(variety.distinct_2, Some(3.0 / 7.0));
        assert_eq!(variety.compression, Some(9.0 / 6.0));
    }
}
