//! The rows of the table for answers beside references.

use super::table::SCORE;
use super::{Metric, Unit};

const fn score(name: &'static str, what: &'static str) -> Metric {
    Metric { name, what, ..SCORE }
}

const fn share(name: &'static str, what: &'static str) -> Metric {
    Metric { unit: Unit::Share, ..score(name, what) }
}

/// Of texts.
pub(crate) const TEXT: &[Metric] = &[
    share(
        "exact_match",
        "share of the answers that are a reference, but for case, punctuation and articles (SQuAD)",
    ),
    score("token_f1", "mean F1 of the words shared with the best reference (SQuAD)"),
    score("rouge_l", "mean F1 of the longest sequence of words shared with the best reference (ROUGE-L)"),
    score("bleu", "mean of sentence BLEU as a share of 100; not the BLEU of the corpus"),
    score("chrf", "mean of sentence chrF with the best reference, as a share of 100"),
];

/// Of what was retrieved.
pub(crate) const RANKING: &[Metric] = &[
    share("recall_at_1", "mean share of the relevant ids that stand first"),
    share("recall_at_3", "mean share of the relevant ids that are among the first 3"),
    share("recall_at_5", "mean share of the relevant ids that are among the first 5"),
    share("recall_at_10", "mean share of the relevant ids that are among the first 10"),
    share("precision_at_1", "share of the cases whose first id is relevant"),
    share("precision_at_3", "mean share of 3 places whose ids are relevant; places left empty are not"),
    share("precision_at_5", "mean share of 5 places whose ids are relevant; places left empty are not"),
    share("precision_at_10", "mean share of 10 places whose ids are relevant; places left empty are not"),
    share("hit_at_1", "share of the cases with a relevant id in the first place"),
    share("hit_at_3", "share of the cases with a relevant id among the first 3"),
    share("hit_at_5", "share of the cases with a relevant id among the first 5"),
    share("hit_at_10", "share of the cases with a relevant id among the first 10"),
    score("ndcg_at_1", "mean nDCG of the first id, gains being the grades"),
    score("ndcg_at_3", "mean nDCG of the first 3 ids, gains being the grades"),
    score("ndcg_at_5", "mean nDCG of the first 5 ids, gains being the grades"),
    score("ndcg_at_10", "mean nDCG of the first 10 ids, gains being the grades"),
    score("mrr", "mean of 1 over the place of the first relevant id"),
    score("map", "mean average precision of all ids retrieved"),
    score(
        "context_ap",
        "mean average precision over the relevant ids that were retrieved; what is missing does not count",
    ),
];
