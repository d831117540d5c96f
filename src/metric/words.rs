//! Short words, each kept once.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;

/// A place counted from 1, so that none takes no memory of its own.
pub(crate) type Index = NonZero<u32>;

/// Words by their index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    all: Vec<Arc<str>>,
    known: HashMap<Arc<str>, Index>,
}

impl Words {
    /// The index of a word, which is kept where it was not known.
    pub fn index(&mut self, word: &str) -> Index {
        if let Some(index) = self.known.get(word) {
            return *index;
        }
        let (word, at): (Arc<str>, _) = (word.into(), index(self.all.len()));
        self.all.push(word.clone());
        self.known.insert(word, at);
        at
    }

    /// The word of an index.
    pub fn get(&self, index: Index) -> &str {
        &self.all[place(index)]
    }
}

/// The index of a place.
pub(super) fn index(place: usize) -> Index {
    Index::MIN.saturating_add(count(place))
}

/// The place of an index.
pub(super) const fn place(index: Index) -> usize {
    index.get() as usize - 1
}

/// A number of rows or answers.
pub(super) fn count(of: usize) -> u32 {
    u32::try_from(of).expect("fewer than four thousand million")
}
