//! Which cluster and which scenario each case belongs to.

/// Cases by group: each group's cases stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// The cases, group by group, in their order within one.
    cases: Vec<u32>,
    /// Where each group begins in `cases`, and the end of the last.
    starts: Vec<u32>,
}

impl Groups {
    /// The groups of cases, by the number of each case's group: `of[case]` is less than `count`.
    ///
    /// # Panics
    ///
    /// Where a case's group is not less than `count`, or there are more than 2³² cases.
    pub fn new(of: &[u32], count: usize) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for group in of {
            starts[*group as usize + 1] += 1;
        }
        for group in 0..count {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        let mut cases = vec![0_u32; of.len()];
        for (case, group) in of.iter().enumerate() {
            let place = &mut next[*group as usize];
            cases[*place as usize] = u32::try_from(case).expect("cases are counted in 32 bits");
            *place += 1;
        }
        Self { cases, starts }
    }

    /// One group of so many cases.
    ///
    /// # Panics
    ///
    /// Where there are more than 2³² cases.
    pub fn whole(cases: usize) -> Self {
        let end = u32::try_from(cases).expect("cases are counted in 32 bits");
        Self { cases: (0..end).collect(), starts: vec![0, end] }
    }

    /// The groups of cases by what they share, in the order of it: no order of the cases changes a sum over
    /// groups.
    ///
    /// # Panics
    /// Where there are more than 2³² cases.
    pub fn by_key<K: Ord + Copy>(keys: impl Iterator<Item = K>) -> Self {
        let mut sorted: Vec<(K, u32)> = keys.zip(0..).collect();
        sorted.sort_unstable();
        let mut starts = Vec::new();
        let mut last = None;
        for ((key, _), at) in sorted.iter().zip(0..) {
            if last != Some(*key) {
                starts.push(at);
                last = Some(*key);
            }
        }
        starts.push(u32::try_from(sorted.len()).expect("cases are counted in 32 bits"));
        Self { cases: sorted.into_iter().map(|(_, case)| case).collect(), starts }
    }

    /// Number of groups, empty ones too.
    pub const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are no groups.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cases of a group.
    pub fn of(&self, group: usize) -> &[u32] {
        &self.cases[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    /// The cases of each group.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|group| self.of(group))
    }
}

/// The cases of a metric by cluster and by scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// By cluster: what shares noise.
    pub clusters: Groups,
    /// By scenario.
    pub scenarios: Groups,
}
