//! The lists that cases came with last: those of one family, and mostly of one scenario, share theirs.

use std::collections::VecDeque;
use std::sync::Arc;

/// Lists that are remembered.
const KEPT: usize = 32;

/// A few lists, told apart by where they stand. They are held, so that no other takes the place of one.
#[derive(Debug)]
pub struct Recent<T>(VecDeque<Arc<[T]>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(VecDeque::with_capacity(KEPT))
    }
}

impl<T> Recent<T> {
    /// Remembers a list; whether it was among those remembered already.
    pub fn saw(&mut self, list: &Arc<[T]>) -> bool {
        if self.0.iter().any(|seen| Arc::ptr_eq(seen, list)) {
            return true;
        }
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(list.clone());
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_known_by_its_place_until_many_others_came() {
        let mut recent = Recent::default();
        let lists: Vec<Arc<[u8]>> = (0..=KEPT).map(|_| [1].into()).collect();
        assert!(!recent.saw(&lists[0]) && recent.saw(&lists[0]));
        assert!(!recent.saw(&lists[1]), "the same contents in another place");
        lists[2..].iter().for_each(|list| assert!(!recent.saw(list)));
        assert!(recent.saw(&lists[1]) && !recent.saw(&lists[0]), "the oldest is forgotten");
    }
}
