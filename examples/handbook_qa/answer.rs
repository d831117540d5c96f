//! Answers a question with sentences of the handbook, and says where they stand.
//!
//! A sentence of the passages found is worth the share of the question that it says again, weighted by how
//! much each term tells, half as much for what only its headings say, and what its passage scored. One that
//! has what is asked for (a number where a number is asked) is worth more. A second sentence is added where
//! it says of the question what the first does not, or where another page answers as well: then the question
//! is open to both. Where the passages leave out too much of the question, the handbook does not answer it.

use crate::bm25::{Index, rounded};
use crate::chunk::{Chunker, Passage};
use crate::pages::{Page, sentences};
use crate::words::Terms;
use serde::Serialize;
use std::collections::BTreeSet;

/// Sections that are looked at.
const LOOKED_AT: usize = 5;
/// Least share of the question that the passages of the answer have to have.
const COVERED: f64 = 0.5;
/// What a passage's rank is worth beside the words of a sentence.
const OF_PASSAGE: f64 = 0.6;
/// What it is worth to have what is asked for.
const OF_KIND: f64 = 0.15;
/// What a term in the headings alone is worth.
const IN_HEADING: f64 = 0.5;
/// Share of the question that a second sentence has to add.
const ADDED: f64 = 0.2;
/// How near a sentence of another page comes to the best one where the question is open to both.
const AS_WELL: f64 = 0.93;

/// What is said where the handbook does not answer.
pub const NOT_FOUND: &str = "The handbook does not answer that.";

/// A section of the handbook that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// `page#section`.
    pub id: String,
    pub score: f64,
}

/// An answer, with the sections that were looked at for it, best first, and their texts.
#[derive(Debug, PartialEq, Serialize)]
pub struct Reply {
    pub answer: String,
    pub sources: Vec<Source>,
    pub contexts: Vec<String>,
}

/// The handbook, ready to be asked.
pub struct Handbook {
    terms: Terms,
    passages: Vec<Passage>,
    index: Index,
}

/// A sentence that may be the answer.
struct Candidate<'h> {
    passage: &'h Passage,
    text: &'h str,
    worth: f64,
    /// The question's terms that it has, with its headings.
    has: BTreeSet<usize>,
}

impl Handbook {
    /// Cuts and indexes the pages.
    pub fn new(pages: &[Page], chunker: Chunker) -> Self {
        let terms = Terms::new();
        let passages: Vec<Passage> = pages.iter().flat_map(|page| chunker.cut(page)).collect();
        let indexed: Vec<Vec<String>> = passages
            .iter()
            .map(|passage| terms.of(&format!("{} {}", passage.heading, passage.text)))
            .collect();
        Self { index: Index::new(&indexed), terms, passages }
    }

    /// Answers a question.
    pub fn ask(&self, question: &str) -> Reply {
        let asked = self.terms.of_question(question);
        let found = self.find(&asked);
        let sources = found.iter().map(|(passage, score)| Source { id: passage.id.clone(), score: *score });
        let contexts = found.iter().map(|(passage, _)| passage.text.clone());
        Reply {
            answer: self.answer(question, &asked, &found).unwrap_or_else(|| NOT_FOUND.to_owned()),
            sources: sources.collect(),
            contexts: contexts.collect(),
        }
    }

    /// The best passage of each of the best sections.
    fn find(&self, asked: &[String]) -> Vec<(&Passage, f64)> {
        let mut found: Vec<(&Passage, f64)> = Vec::new();
        for (at, score) in self.index.search(asked) {
            let passage = &self.passages[at];
            if found.len() == LOOKED_AT {
                break;
            }
            if found.iter().all(|(other, _)| other.id != passage.id) {
                found.push((passage, score));
            }
        }
        found
    }

    fn answer(&self, question: &str, asked: &[String], found: &[(&Passage, f64)]) -> Option<String> {
        let weights: Vec<f64> = asked.iter().map(|term| self.index.idf(term)).collect();
        let whole: f64 = weights.iter().sum();
        let share = |has: &BTreeSet<usize>| has.iter().map(|at| weights[*at]).sum::<f64>() / whole;
        let best_score = found.first()?.1;
        let mut candidates = Vec::new();
        for (passage, score) in found {
            let headed = self.has(asked, &passage.heading);
            for text in sentences(&passage.text) {
                let said = self.has(asked, text);
                let has: BTreeSet<usize> = said.union(&headed).copied().collect();
                let words = share(&said) + IN_HEADING * (share(&has) - share(&said));
                let kind = if has_what_is_asked_for(question, text) { OF_KIND } else { 0.0 };
                let worth = rounded(words + OF_PASSAGE * score / best_score + kind);
                candidates.push(Candidate { passage, text, worth, has });
            }
        }
        // A stable sort: the order of passages decides between equals.
        candidates.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        let first = candidates.first()?;
        let second = candidates[1..].iter().find(|other| {
            let new = share(&other.has.difference(&first.has).copied().collect());
            let elsewhere = other.passage.id != first.passage.id;
            new >= ADDED || elsewhere && other.worth >= AS_WELL * first.worth
        });
        let chosen: Vec<&Candidate> = [Some(first), second].into_iter().flatten().collect();
        let covered: BTreeSet<usize> = chosen
            .iter()
            .flat_map(|one| self.has(asked, &format!("{} {}", one.passage.heading, one.passage.text)))
            .collect();
        if share(&covered) < COVERED {
            return None;
        }
        let cited = |one: &&Candidate| format!("{} [{}]", one.text, one.passage.id);
        Some(chosen.iter().map(cited).collect::<Vec<_>>().join(" "))
    }

    /// Which of the terms asked for a text has, by their places.
    fn has(&self, asked: &[String], text: &str) -> BTreeSet<usize> {
        let terms: BTreeSet<String> = self.terms.of(text).into_iter().collect();
        (0..asked.len()).filter(|at| terms.contains(&asked[*at])).collect()
    }
}

/// Whether a sentence has a number where one is asked for, or a name where a person is.
fn has_what_is_asked_for(question: &str, sentence: &str) -> bool {
    let question = question.to_lowercase();
    let asks = |words: &[&str]| words.iter().any(|word| question.contains(word));
    if asks(&["how ", "when", "what time", "limit", "cost", "earn"]) {
        return sentence.contains(|c: char| c.is_ascii_digit());
    }
    let name = |word: &str| word.starts_with(char::is_uppercase) && word.len() > 2;
    asks(&["who"]) && sentence.split(' ').skip(1).any(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::page;

    fn handbook() -> Handbook {
        let tea =
            page("tea", "# Tea\n\n## Black tea\n\nBlack tea draws for 4 minutes. Milk is in the fridge.\n");
        let green =
            page("green", "# Green tea\n\n## Water\n\nThe water has 70 degrees. Ask Bea for the kettle.\n");
        let gym = page("gym", "# Gym\n\n## Towels\n\nTowels are changed on Mondays by the caretaker.\n");
        Handbook::new(&[tea, green, gym], Chunker::of_version(1))
    }

    #[test]
    fn the_sentence_that_has_the_number_asked_for_is_the_answer() {
        let reply = handbook().ask("How long does black tea draw?");
        assert!(
            reply.answer.starts_with("Black tea draws for 4 minutes. [tea#black-tea]"),
            "{}",
            reply.answer
        );
        assert_eq!(reply.sources[0].id, "tea#black-tea");
        assert_eq!(reply.contexts[0], "Black tea draws for 4 minutes. Milk is in the fridge.");
    }

    #[test]
    fn two_pages_are_cited_where_each_answers_a_part() {
        let answer = handbook().ask("Who changes the towels, and where is the milk?").answer;
        assert!(answer.contains("[gym#towels]") && answer.contains("[tea#black-tea]"), "{answer}");
    }

    #[test]
    fn what_the_handbook_does_not_say_is_not_answered() {
        assert_eq!(handbook().ask("How much is the fish on Mondays in Lisbon?").answer, NOT_FOUND);
        assert_eq!(handbook().ask("").answer, NOT_FOUND);
    }

    #[test]
    fn the_same_question_has_the_same_answer() {
        let ask = || serde_json::to_string(&handbook().ask("tea water milk towels kettle")).unwrap();
        assert_eq!(ask(), ask());
    }
}
