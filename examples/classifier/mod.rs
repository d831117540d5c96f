//! A small text classifier for the example applications: logistic regression over words, pairs of
//! words and pieces of words. It is trained in the time a service takes to start, needs no download,
//! and gives the same weights every time: nothing in it is drawn at random.

mod features;

use features::{Vector, Vocabulary};

/// How often training goes through the examples.
const EPOCHS: usize = 6;
/// How far one example moves the weights at first.
const FIRST_STEP: f32 = 2.0;
/// How much of that is left in the last pass.
const LAST_SHARE: f32 = 0.1;

/// A trained classifier.
pub struct Classifier {
    labels: Vec<String>,
    vocabulary: Vocabulary,
    /// For every feature a row with a weight for each label; the last row is the bias.
    weights: Vec<f32>,
}

/// What the classifier makes of a text.
#[derive(Debug)]
pub struct Guess<'a> {
    /// Every label with its probability, the likeliest first.
    pub ranked: Vec<(&'a str, f32)>,
    /// Share of the text's words and pieces of words that training has seen.
    pub known: f32,
}

impl Classifier {
    /// Learns from texts with their labels. The order of the examples matters a little, as it does
    /// for any stochastic descent, and is taken as given.
    pub fn train<'a>(examples: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let mut labels: Vec<String> = examples.clone().map(|(_, label)| label.to_owned()).collect();
        labels.sort_unstable();
        labels.dedup();
        let vocabulary = Vocabulary::build(examples.clone().map(|(text, _)| text));
        let samples: Vec<(Vector, usize)> = examples
            .filter_map(|(text, label)| {
                let class = labels.binary_search_by(|known| known.as_str().cmp(label)).ok()?;
                Some((vocabulary.vector(text), class))
            })
            .collect();

        let weights = vec![0.0; (vocabulary.len() + 1) * labels.len()];
        let mut classifier = Self { labels, vocabulary, weights };
        let stride = coprime_stride(samples.len());
        for epoch in 0..EPOCHS {
            let progress = epoch as f32 / (EPOCHS - 1) as f32;
            let step = FIRST_STEP * (1.0 - (1.0 - LAST_SHARE) * progress);
            for turn in 0..samples.len() {
                // Examples stand label by label in their files; a stride mixes them.
                let (vector, class) = &samples[(turn * stride + epoch) % samples.len()];
                classifier.learn(vector, *class, step);
            }
        }
        classifier
    }

    /// The labels by their probability for a text.
    pub fn guess(&self, text: &str) -> Guess<'_> {
        let vector = self.vocabulary.vector(text);
        let probabilities = self.probabilities(&vector);
        let mut ranked: Vec<(&str, f32)> =
            self.labels.iter().map(String::as_str).zip(probabilities).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        Guess { ranked, known: vector.known }
    }

    fn probabilities(&self, vector: &Vector) -> Vec<f32> {
        let mut scores = self.row(self.vocabulary.len()).to_vec();
        for (feature, value) in &vector.entries {
            for (score, weight) in scores.iter_mut().zip(self.row(*feature)) {
                *score += value * weight;
            }
        }
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for score in &mut scores {
            *score = (*score - highest).exp();
            sum += *score;
        }
        for score in &mut scores {
            *score /= sum;
        }
        scores
    }

    fn learn(&mut self, vector: &Vector, class: usize, step: f32) {
        let mut push = self.probabilities(vector);
        push[class] -= 1.0;
        for share in &mut push {
            *share *= -step;
        }
        let classes = self.labels.len();
        let bias = (self.vocabulary.len(), 1.0);
        for (feature, value) in vector.entries.iter().chain(std::iter::once(&bias)) {
            let row = &mut self.weights[feature * classes..(feature + 1) * classes];
            for (weight, share) in row.iter_mut().zip(&push) {
                *weight += value * share;
            }
        }
    }

    fn row(&self, feature: usize) -> &[f32] {
        let classes = self.labels.len();
        &self.weights[feature * classes..(feature + 1) * classes]
    }
}

/// A step near the golden section of `len` that visits every index once.
fn coprime_stride(len: usize) -> usize {
    let gcd = |mut a: usize, mut b: usize| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let start = (len * 618 / 1000).max(1);
    (start..=len.max(1)).find(|stride| gcd(*stride, len) <= 1).unwrap_or(1)
}
