//! A request of another domain.

use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// The requests, by domain.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/off_topic.txt")));

/// The domains.
pub const DOMAINS: &[&str] = &[
    "animals",
    "astrology",
    "cars",
    "cooking",
    "education",
    "fashion",
    "film",
    "finance",
    "fitness",
    "gardening",
    "geography",
    "history",
    "housework",
    "jokes",
    "languages",
    "law",
    "mathematics",
    "medicine",
    "music",
    "parenting",
    "politics",
    "programming",
    "relationships",
    "science",
    "shopping",
    "smart_home",
    "sports",
    "travel",
    "weather",
    "writing",
];

/// Puts a request of another domain in the place of the seed's: one that people ask any assistant, and that this
/// one is not for.
pub const OTHER_DOMAIN: Operator = Operator {
    name: "other_domain",
    version: 1,
    family: Family::OffTopic,
    promise: Promise::Own,
    what: "Asks for something of another domain: cooking, sports, medicine, the weather.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: true,
    options: &[
        Choice {
            name: "except",
            what: "Domains within the application's scope, which are left out.",
            takes: Takes::AnyOf(DOMAINS),
            required: false,
        },
        Choice {
            name: "only",
            what: "The domains to draw from. Default: all of them.",
            takes: Takes::AnyOf(DOMAINS),
            required: false,
        },
    ],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let (except, only) = (subject.settings.texts("except"), subject.settings.texts("only"));
    // A domain first, so that those with more requests are not likelier than the others.
    let domains: Vec<&str> = DOMAINS
        .iter()
        .copied()
        .filter(|domain| !except.contains(domain) && (only.is_empty() || only.contains(domain)))
        .collect();
    let domain = domains.get(stream.index(domains.len()))?;
    let requests: Vec<&str> = LEXICON
        .entries
        .iter()
        .filter(|entry| entry[0] == *domain)
        .filter_map(|entry| entry.get(1).copied())
        .filter(|request| *request != subject.text.text)
        .collect();
    let request = requests.get(stream.index(requests.len()))?;
    Some(Draft::whole(subject.text.text, (*request).to_owned()))
}
