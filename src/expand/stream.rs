//! Random numbers that are the same on every machine and with every version of every library: the raw
//! stream is `ChaCha8`, and all draws from it are written out here.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers, named by what it is for.
///
/// The key is blake3 over the parts of the name, each with its length before it (64 bits, little-endian),
/// so that no two different lists of parts give one stream. The numbers are those of `ChaCha8` under that
/// key. Every draw is exact arithmetic (`+ - * /` and square roots, which IEEE 754 rounds in one way only),
/// so that no platform's mathematical library changes a value.
#[derive(Debug, Clone)]
pub struct Stream {
    rng: ChaCha8Rng,
}

impl Stream {
    /// The stream of this name, from its beginning. Begin the parts with a word of your own, so that no
    /// other use of the same seed draws the same numbers.
    pub fn new(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        Self { rng: ChaCha8Rng::from_seed(*hasher.finalize().as_bytes()) }
    }

    /// The stream of this name with a number: 2^64 of them, none of which depends on another. Each starts
    /// at its beginning, whatever was drawn from `self`; a stream by name alone is number 0.
    #[must_use]
    pub fn at(&self, number: u64) -> Self {
        let mut rng = ChaCha8Rng::from_seed(self.rng.get_seed());
        rng.set_stream(number);
        Self { rng }
    }

    /// The next 64 bits.
    pub fn u64(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// A whole number from 0 to `n - 1`, each as likely; 0 where `n` is 0.
    ///
    /// The upper half of a product with 64 random bits; what would make some numbers likelier is drawn
    /// again (Lemire, "Fast random integer generation in an interval", 2019).
    pub fn below(&mut self, n: u64) -> u64 {
        let mut product = u128::from(self.u64()) * u128::from(n);
        if low(product) < n {
            let surplus = n.wrapping_neg() % n.max(1);
            while low(product) < surplus {
                product = u128::from(self.u64()) * u128::from(n);
            }
        }
        u64::try_from(product >> 64).unwrap_or(u64::MAX)
    }

    /// A place in a list of this length, each as likely; 0 where it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// A number from 0 up to and without 1: a multiple of 2^-53.
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.u64() >> 11) as f64 * STEP
    }

    /// Whether something happens that happens with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Puts a list in a random order, each as likely (Fisher and Yates, from the end).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }

    /// A place in a list of weights, as likely as its weight is large; `None` where no weight is above 0.
    /// Weights that are not finite or below 0 count as 0.
    pub fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let weight = |at: usize| Some(weights[at]).filter(|w| w.is_finite() && *w > 0.0).unwrap_or(0.0);
        let mut left = self.unit() * (0..weights.len()).map(weight).sum::<f64>();
        let mut last = None;
        for at in (0..weights.len()).filter(|at| weight(*at) > 0.0) {
            // What rounding leaves over falls to the last.
            last = Some(at);
            left -= weight(at);
            if left < 0.0 {
                break;
            }
        }
        last
    }

    /// A number of the standard normal distribution, with its true tails (Marsaglia's polar method, with a
    /// logarithm of our own).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }
}

/// The lower half of a product.
fn low(product: u128) -> u64 {
    u64::try_from(product & u128::from(u64::MAX)).unwrap_or(u64::MAX)
}

/// The natural logarithm of a positive, normal number, within about one unit in the last place or 1e-16.
///
/// `x = m · 2^e` with `m` near 1, and `ln m = 2 artanh((m - 1) / (m + 1))` by its series: what is left out
/// after eleven terms is below 1e-18.
pub(crate) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = f64::from(u16::try_from((bits >> 52) & 0x7ff).unwrap_or(0)) - 1023.0;
    let mut m = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    if m > std::f64::consts::SQRT_2 {
        m /= 2.0;
        exponent += 1.0;
    }
    let t = (m - 1.0) / (m + 1.0);
    let square = t * t;
    let series = (0..11).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent * std::f64::consts::LN_2 + 2.0 * t * series
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Stream {
        Stream::new(&[b"holdline", b"", b"stream"])
    }

    /// J. Strombergson, "Test Vectors for the Stream Cipher `ChaCha`" (2013), TC1: 256 bits of key, all of
    /// them 0, 8 rounds.
    #[test]
    fn the_raw_stream_is_chacha8_as_published() {
        let mut rng = ChaCha8Rng::from_seed([0; 32]);
        let mut bytes = [0; 64];
        rng.fill_bytes(&mut bytes);
        assert_eq!(
            bytes.map(|byte| format!("{byte:02x}")).concat(),
            "3e00ef2f895f40d67f5bb8e81f09a5a12c840ec3ce9a7f3b181be188ef711a1e\
             984ce172b9216f419f445367456d5619314a42a3da86b001387bfdb80e0cfe42"
        );
    }

    /// From an implementation of BLAKE3 and `ChaCha8` in another language, written after their papers.
    #[test]
    fn the_first_numbers_of_a_name_are_fixed() {
        let first = |mut stream: Stream| [stream.u64(), stream.u64()];
        assert_eq!(first(stream()), [0x3923_babb_39b6_3e1f, 0xd5d0_c635_64e2_c55e]);
        assert_eq!(first(stream().at(1)), [0xafe0_e126_e2a0_18ee, 0x72bb_07f5_60b4_9cd3]);
        assert_eq!(first(stream().at(1 << 40)), [0x5f81_c889_149f_2073, 0x4e7a_85e4_1c71_59ad]);
    }

    #[test]
    fn a_numbered_stream_begins_anew_whatever_was_drawn() {
        let mut used = stream();
        used.u64();
        assert_eq!(used.at(0).u64(), stream().u64());
        assert_eq!(used.at(7).at(1).u64(), stream().at(1).u64());
    }

    #[test]
    fn parts_of_a_name_do_not_run_into_each_other() {
        assert_ne!(Stream::new(&[b"ab", b"c"]).u64(), Stream::new(&[b"a", b"bc"]).u64());
        assert_ne!(Stream::new(&[b"a"]).u64(), Stream::new(&[b"a", b""]).u64());
    }

    /// 0x3923… / 2^64 is 0.22320…, 0xd5d0… / 2^64 is 0.83521…: tenths 2 and 8.
    #[test]
    fn draws_are_the_leading_bits_of_the_numbers() {
        let mut draws = stream();
        assert_eq!([draws.below(10), draws.below(10)], [2, 8]);
        let unit = stream().unit();
        assert_eq!(
            unit.to_bits(),
            ((0x3923_babb_39b6_3e1f_u64 >> 11) as f64 / (1_u64 << 53) as f64).to_bits()
        );
        assert_eq!(stream().weighted(&[1.0, 0.0, f64::NAN, -3.0, 1.0]), Some(0));
        assert_eq!(stream().weighted(&[0.2, 0.0, 0.8]), Some(2));
        assert_eq!(stream().weighted(&[0.0, -1.0]), None);
        assert_eq!(stream().weighted(&[]), None);
        assert_eq!([stream().below(1), stream().below(0)], [0, 0]);
    }

    /// For n = 3·2^62 a quarter of all draws must be drawn again; without that, every third number would
    /// be twice as likely as the others. Chi-squared over the thirds: 13.8 is exceeded once in 1000.
    #[test]
    fn whole_numbers_are_equally_likely_where_the_range_does_not_divide_the_numbers() {
        let mut draws = stream();
        let mut counts = [0_u32; 3];
        for _ in 0..30_000 {
            counts[usize::try_from(draws.below(3 << 62) % 3).unwrap()] += 1;
        }
        let chi: f64 = counts.iter().map(|c| (f64::from(*c) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 13.8, "{counts:?}");
    }

    #[test]
    fn all_orders_of_three_are_equally_likely() {
        let mut draws = stream();
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut list = ['a', 'b', 'c'];
            draws.shuffle(&mut list);
            *counts.entry(list).or_insert(0) += 1;
        }
        let chi: f64 = counts.values().map(|c| (f64::from(*c) - 1000.0).powi(2) / 1000.0).sum();
        // Five degrees of freedom: 20.5 is exceeded once in 1000.
        assert!(counts.len() == 6 && chi < 20.5, "{counts:?}");
    }

    #[test]
    fn our_logarithm_is_that_of_the_library_within_its_last_places() {
        for x in [1e-300, 1e-16, 0.1, 0.5, 0.707, 0.7072, 0.999_999, 1.0, 1.5, 2.0, 10.0, 1e300] {
            assert!((ln(x) - x.ln()).abs() <= 4e-16 * x.ln().abs().max(1.0), "{x}: {} {}", ln(x), x.ln());
        }
    }

    /// Of 100,000 standard normal numbers 31.73 % lie beyond 1, 4.55 % beyond 2, 0.270 % beyond 3 and
    /// 0.0063 % beyond 4; allowed are four standard errors.
    #[test]
    fn normal_numbers_have_the_spread_and_the_tails_they_should() {
        let mut draws = stream();
        let all: Vec<f64> = (0..100_000).map(|_| draws.normal()).collect();
        let mean = all.iter().sum::<f64>() / 1e5;
        assert!(mean.abs() < 4.0 / 1e5_f64.sqrt(), "{mean}");
        for (beyond, share) in [(1.0, 0.317_310_5), (2.0, 0.045_500_3), (3.0, 0.002_699_8), (4.0, 6.334e-5)] {
            let found = all.iter().filter(|x| x.abs() > beyond).count() as f64 / 1e5;
            let error = (share * (1.0 - share) / 1e5_f64).sqrt();
            assert!((found - share).abs() < 4.0 * error, "{beyond}: {found}");
        }
    }
}
