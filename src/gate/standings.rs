//! How all cases of a suite moved and stand, in a few bytes each: most simply pass, and what is said of the
//! others repeats.

use super::finding::{Flip, Standing};
use crate::metric::{Index, Words};

/// For each case, in the order of the plan: how it moved and how it stands.
#[derive(Clone, Default)]
pub struct Standings {
    /// How each moved, and the kind of its standing.
    kinds: Vec<u8>,
    /// What is said of each, as an index among the words from 1; as long as it takes for the last that is
    /// not 0.
    said: Vec<u32>,
    words: Words,
    fails: bool,
}

/// Numbers of flips: the kind of a standing is counted in this.
const FLIPS: u8 = 3;

impl Standings {
    /// Adds the case that is next.
    pub fn push(&mut self, flip: Option<Flip>, standing: &Standing) {
        let flip = match flip {
            None => 0,
            Some(Flip::Broke) => 1,
            Some(Flip::Fixed) => 2,
        };
        let (kind, said) = match standing {
            Standing::Passes => (0, None),
            Standing::Fails(why) => (1, Some(why)),
            Standing::Tolerated(why) => (2, Some(why)),
            Standing::Errs(why) => (3, Some(why)),
            Standing::Skipped(why) => (4, Some(why)),
        };
        self.fails |= kind == 1;
        if let Some(why) = said {
            self.said.resize(self.kinds.len(), 0);
            self.said.push(self.words.index(why).get());
        }
        self.kinds.push(flip + FLIPS * kind);
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Whether any case fails the build.
    pub const fn any_fails(&self) -> bool {
        self.fails
    }

    /// How a case moved.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn flip(&self, at: usize) -> Option<Flip> {
        match self.kinds[at] % FLIPS {
            0 => None,
            1 => Some(Flip::Broke),
            _ => Some(Flip::Fixed),
        }
    }

    /// How a case moved and how it stands.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn get(&self, at: usize) -> (Option<Flip>, Standing) {
        let said = self
            .said
            .get(at)
            .and_then(|said| Some(self.words.get(Index::new(*said)?)))
            .unwrap_or_default()
            .to_owned();
        let standing = match self.kinds[at] / FLIPS {
            0 => Standing::Passes,
            1 => Standing::Fails(said),
            2 => Standing::Tolerated(said),
            3 => Standing::Errs(said),
            _ => Standing::Skipped(said),
        };
        (self.flip(at), standing)
    }

    /// How all cases moved and stand, in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Option<Flip>, Standing)> + DoubleEndedIterator {
        (0..self.len()).map(|at| self.get(at))
    }
}

impl PartialEq for Standings {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl std::fmt::Debug for Standings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out() {
        let why = || "because".to_owned();
        let all = [
            (None, Standing::Passes),
            (Some(Flip::Fixed), Standing::Passes),
            (Some(Flip::Broke), Standing::Tolerated(why())),
            (None, Standing::Errs(String::new())),
            (None, Standing::Passes),
            (None, Standing::Skipped(why())),
        ];
        let mut standings = Standings::default();
        for (flip, standing) in &all {
            standings.push(*flip, standing);
        }
        assert!(standings.iter().eq(all) && standings.len() == 6 && !standings.any_fails());
        standings.push(Some(Flip::Broke), &Standing::Fails(why()));
        assert_eq!(standings.get(6), (Some(Flip::Broke), Standing::Fails(why())));
        assert!(standings.any_fails());
    }

    #[test]
    fn cases_that_pass_take_a_byte() {
        let mut standings = Standings::default();
        for _ in 0..100 {
            standings.push(None, &Standing::Passes);
        }
        assert_eq!(standings.said.capacity(), 0);
    }
}
