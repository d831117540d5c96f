//! Answers beside reference texts, by the `SQuAD` evaluation, rouge-score and sacrebleu.

use crate::{close, count, metrics};
use holdline::metric::text::{
    BleuCounts, ChrfCounts, Overlap, RougeTokens, bleu_tokens, exact_match, normalised, rouge_l, rouge_lsum,
    rouge_n, rouge_tokens, sentence_bleu, sentence_chrf, token_f1,
};
use serde_json::Value;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn exact_match_and_token_f1_are_squads() {
    for case in metrics("squad") {
        let (id, answer) = (&case["id"], text(&case["input"]["prediction"]));
        assert_eq!(normalised(answer), text(&case["expected"]["normalized_prediction"]), "{id}");
        let (mut best_match, mut best_f1) = (0.0_f64, 0.0_f64);
        let golds = texts(&case["input"]["golds"]);
        let expected = case["expected"]["per_gold"].as_array().unwrap();
        assert_eq!(golds.len(), expected.len(), "{id}");
        for (gold, expected) in golds.iter().zip(expected) {
            let (exact, f1) = (exact_match(answer, gold), token_f1(answer, gold));
            close(id, "exact match", Some(exact), &expected["em"]);
            close(id, "F1", Some(f1), &expected["f1"]);
            (best_match, best_f1) = (best_match.max(exact), best_f1.max(f1));
        }
        close(id, "best exact match", Some(best_match), &case["expected"]["em"]);
        close(id, "best F1", Some(best_f1), &case["expected"]["f1"]);
    }
}

/// The file has values with Porter's stemmer too; there is none here.
#[test]
fn rouge_is_rouge_scores() {
    for case in metrics("rouge") {
        let (id, expected) = (&case["id"], &case["expected"]["no_stemmer"]);
        let [answer, reference] = ["prediction", "target"].map(|key| text(&case["input"][key]));
        let [of_answer, of_reference] =
            [answer, reference].map(|text| rouge_tokens(text, RougeTokens::Google));
        for (name, found) in [
            ("rouge1", rouge_n(&of_answer, &of_reference, 1)),
            ("rouge2", rouge_n(&of_answer, &of_reference, 2)),
            ("rougeL", rouge_l(&of_answer, &of_reference)),
            ("rougeLsum", rouge_lsum(answer, reference, RougeTokens::Google)),
        ] {
            let Overlap { precision, recall, f1 } = found;
            close(id, &format!("{name} precision"), Some(precision), &expected[name]["p"]);
            close(id, &format!("{name} recall"), Some(recall), &expected[name]["r"]);
            close(id, &format!("{name} F1"), Some(f1), &expected[name]["f"]);
        }
    }
}

/// The answers of a case, each with its references.
fn segments(case: &Value) -> Vec<(String, Vec<String>)> {
    let references = case["input"]["references_per_hypothesis"].as_array().unwrap();
    texts(&case["input"]["hypotheses"]).into_iter().zip(references.iter().map(texts)).collect()
}

/// BLEU of a corpus cut into tokens in some way.
fn corpus_bleu(segments: &[(String, Vec<String>)], tokens: impl Fn(&str) -> Vec<String>) -> BleuCounts {
    segments.iter().fold(BleuCounts::default(), |all, (answer, references)| {
        let references: Vec<Vec<String>> = references.iter().map(|text| tokens(text)).collect();
        all.and(&BleuCounts::of(&tokens(answer), &references))
    })
}

#[test]
fn bleu_is_sacrebleus() {
    for case in metrics("sacrebleu") {
        let (id, segments) = (&case["id"], segments(&case));
        let expected = case["expected"]["sentence"].as_array().unwrap();
        assert_eq!(segments.len(), expected.len(), "{id}");
        for (segment, expected) in segments.iter().zip(expected) {
            let counts = corpus_bleu(std::slice::from_ref(segment), bleu_tokens);
            close(id, "sentence", Some(counts.sentence()), &expected["bleu_effective_order"]);
            let whole = sentence_bleu(&segment.0, &segment.1);
            close(id, "sentence", Some(whole), &expected["bleu_effective_order"]);
            for (precision, expected) in
                counts.precisions().iter().zip(expected["bleu_precisions"].as_array().unwrap())
            {
                close(id, "precision", Some(*precision), expected);
            }
            close(id, "penalty", Some(counts.brevity_penalty()), &expected["bp"]);
            assert_eq!(counts.answer_length, count(&expected["sys_len"]), "{id}");
            assert_eq!(counts.reference_length, count(&expected["ref_len"]), "{id}");
        }
        let expected = &case["expected"]["corpus"];
        let counts = corpus_bleu(&segments, bleu_tokens);
        close(id, "corpus", Some(counts.corpus()), &expected["bleu"]);
        close(id, "penalty", Some(counts.brevity_penalty()), &expected["bp"]);
        assert_eq!(serde_json::to_value(counts.matched).unwrap(), expected["counts"], "{id}");
        assert_eq!(serde_json::to_value(counts.total).unwrap(), expected["totals"], "{id}");
        assert_eq!(counts.answer_length, count(&expected["sys_len"]), "{id}");
        assert_eq!(counts.reference_length, count(&expected["ref_len"]), "{id}");
        let by_space = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        close(id, "by spaces", Some(corpus_bleu(&segments, by_space).corpus()), &expected["bleu_tok_none"]);
        let lower = |text: &str| bleu_tokens(&text.to_lowercase());
        close(id, "lower case", Some(corpus_bleu(&segments, lower).corpus()), &expected["bleu_lowercase"]);
    }
}

#[test]
fn chrf_is_sacrebleus() {
    for case in metrics("sacrebleu") {
        let (id, segments) = (&case["id"], segments(&case));
        for (name, words) in [("chrf", false), ("chrf++", true)] {
            let mut all = ChrfCounts::default();
            for ((answer, references), expected) in
                segments.iter().zip(case["expected"]["sentence"].as_array().unwrap())
            {
                let counts = ChrfCounts::of(answer, references, words);
                close(id, name, Some(counts.score()), &expected[name]);
                if !words {
                    close(id, name, Some(sentence_chrf(answer, references)), &expected[name]);
                }
                all = all.and(&counts);
            }
            close(id, name, Some(all.score()), &case["expected"]["corpus"][name]);
        }
    }
}
