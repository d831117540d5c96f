//! Requests outside the application's scope: it should guide back, and the suite says how that shows.

mod other_domain;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[&other_domain::OTHER_DOMAIN];

#[cfg(test)]
mod tests {
    use super::*;
    use other_domain::{DOMAINS, LEXICON};
    use std::collections::BTreeSet;

    #[test]
    fn every_domain_has_its_requests_and_every_request_one_domain() {
        assert_eq!((LEXICON.name, LEXICON.version), ("off_topic", 1));
        assert!(DOMAINS.len() >= 20 && DOMAINS.is_sorted());
        let requests: BTreeSet<_> = LEXICON.entries.iter().map(|entry| entry[1]).collect();
        assert_eq!(requests.len(), LEXICON.entries.len());
        for domain in DOMAINS {
            let count = LEXICON.entries.iter().filter(|entry| entry[0] == *domain).count();
            assert!(count >= 8, "{domain}: {count}");
        }
        assert!(LEXICON.entries.iter().all(|entry| entry.len() == 2 && DOMAINS.contains(&entry[0])));
    }
}
