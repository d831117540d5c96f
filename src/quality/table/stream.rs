//! Random numbers that are the same everywhere: the output of blake3 over a purpose, with the draws
//! written out here, since the distribution code of libraries is not stable over versions.

/// Changes every draw; to be raised with any change of a draw.
const VERSION: &str = "holdline table quality 1";

/// A stream of random numbers for one purpose.
pub(super) struct Stream {
    reader: blake3::OutputReader,
}

impl Stream {
    pub(super) fn new(purpose: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(VERSION.as_bytes()).update(b"\0").update(purpose.as_bytes());
        Self { reader: hasher.finalize_xof() }
    }

    fn next(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.reader.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A number below `n`, each as likely; 0 where `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n < 2 {
            return 0;
        }
        // Draws beyond the last whole multiple would favour small numbers.
        let limit = u64::MAX - u64::MAX % n;
        loop {
            let drawn = self.next();
            if drawn < limit {
                return usize::try_from(drawn % n).unwrap_or(0);
            }
        }
    }

    /// `k` of the numbers below `n`, or all of them, in ascending order.
    pub(super) fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        if k >= n {
            return all;
        }
        for at in 0..k {
            let other = at + self.below(n - at);
            all.swap(at, other);
        }
        all.truncate(k);
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;

    #[test]
    fn a_purpose_has_one_stream() {
        let draw = |purpose| Stream::new(purpose).sample(1000, 10);
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
    }

    #[test]
    fn samples_are_without_repeats_and_in_order() {
        let drawn = Stream::new("x").sample(50, 20);
        assert_eq!(drawn.len(), 20);
        assert!(drawn.is_sorted_by(|a, b| a < b) && drawn.iter().all(|at| *at < 50));
        assert_eq!(Stream::new("x").sample(3, 9), [0, 1, 2]);
    }

    #[test]
    fn every_number_is_about_as_likely() {
        let mut stream = Stream::new("dice");
        let mut counts = [0_u32; 6];
        (0..6000).for_each(|_| counts[stream.below(6)] += 1);
        // Six standard deviations of a binomial with n = 6000 and p = 1/6 are 173.
        assert!(counts.iter().all(|count| count.abs_diff(1000) < 173), "{counts:?}");
        assert_eq!((stream.below(0), stream.below(1)), (0, 0));
    }
}
