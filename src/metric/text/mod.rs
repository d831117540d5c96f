//! Answers beside reference texts: exact match and token F1, ROUGE, BLEU and chrF.
//!
//! Pure functions on texts, one file for each family. Each keeps the conventions of the program that its
//! values are published by, also where two of them differ: exact match and token F1 of two empty texts are 1,
//! ROUGE of them is 0.

mod bleu;
mod chrf;
mod overlap;
mod rouge;
mod squad;

pub use bleu::{BleuCounts, bleu_tokens, sentence_bleu};
pub use chrf::{ChrfCounts, sentence_chrf};
pub use overlap::Overlap;
pub use rouge::{RougeTokens, rouge_l, rouge_lsum, rouge_n, rouge_tokens};
pub use squad::{exact_match, normalised, token_f1};
