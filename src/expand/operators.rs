//! The operators, by family: one file each.

mod adversarial;
mod calendar;
mod context;
mod entity;
mod grammar;
mod grounded;
mod hard_negatives;
mod meaning;
mod off_topic;
mod surface;
mod terse;
mod typing;
mod unicode;

use super::operator::{Family, Operator};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every operator, family by family. The order is that in which they are listed; nothing else depends
/// on it.
static ALL: LazyLock<Vec<&'static Operator>> = LazyLock::new(|| {
    let families: &[&[&'static Operator]] = &[
        typing::ALL,
        surface::ALL,
        grammar::ALL,
        unicode::ALL,
        context::ALL,
        entity::ALL,
        meaning::ALL,
        hard_negatives::ALL,
        grounded::ALL,
        adversarial::ALL,
        terse::ALL,
        off_topic::ALL,
    ];
    families.concat()
});

static BY_NAME: LazyLock<BTreeMap<&'static str, &'static Operator>> =
    LazyLock::new(|| ALL.iter().map(|operator| (operator.name, *operator)).collect());

/// Every operator.
pub fn all() -> &'static [&'static Operator] {
    &ALL
}

/// The operator with a name.
pub fn find(name: &str) -> Option<&'static Operator> {
    BY_NAME.get(name).copied()
}

/// The operators of a family, in the order in which they are listed.
pub fn of_family(family: Family) -> impl Iterator<Item = &'static Operator> {
    ALL.iter().copied().filter(move |operator| operator.family == family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_no_family_has_one() {
        assert_eq!(BY_NAME.len(), ALL.len());
        for operator in all() {
            let plain = operator.name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            assert!(plain && !operator.name.is_empty(), "{}", operator.name);
            assert!(Family::ALL.iter().all(|family| family.name() != operator.name), "{}", operator.name);
            assert!(operator.version > 0 && !operator.what.is_empty(), "{}", operator.name);
        }
    }
}
