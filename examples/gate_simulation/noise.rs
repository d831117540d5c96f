//! Normal random numbers in bulk.

use holdline::expand::stream::Stream;
use holdline::stats::special::normal_quantile;
use std::sync::LazyLock;

/// Steps of probability between which the quantile is drawn as a line.
const STEPS: usize = 2048;

/// Steps at either end where a line is too far off: the quantile itself is taken there.
const ENDS: usize = 32;

/// 2³², the number of values of half a draw.
const WHOLE: f64 = 4_294_967_296.0;

/// At the beginning of each step the quantile, and how much it rises to the next.
static LINES: LazyLock<Vec<[f32; 2]>> = LazyLock::new(|| {
    let quantile = |step: usize| normal_quantile(step as f64 / STEPS as f64);
    (0..STEPS)
        .map(|step| match step {
            0 => [f32::NEG_INFINITY, 0.0],
            _ => [narrow(quantile(step)), narrow(quantile(step + 1) - quantile(step))],
        })
        .collect()
});

/// A stream of normal numbers. The false blocks of a gate do not depend on how normal they are, since baseline
/// and candidate draw alike; they are within 5·10⁻⁵ of the quantile.
pub struct Noise {
    stream: Stream,
    lines: &'static [[f32; 2]],
    spare: Option<u32>,
}

impl Noise {
    /// The normal numbers of a stream.
    pub fn of(stream: Stream) -> Self {
        Self { stream, lines: &LINES, spare: None }
    }

    /// The next of them.
    pub fn normal(&mut self) -> f32 {
        let bits = self.spare.take().unwrap_or_else(|| {
            let both = self.stream.u64();
            self.spare = Some(low(both >> 32));
            low(both)
        });
        let step = (bits >> 21) as usize;
        if (ENDS..STEPS - ENDS).contains(&step) {
            let [from, rise] = self.lines[step];
            let within = (bits & 0x1f_ffff) as f32 / 2_097_152.0;
            from + rise * within
        } else {
            narrow(normal_quantile((f64::from(bits) + 0.5) / WHOLE))
        }
    }
}

/// The lower 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is another number's")]
const fn low(bits: u64) -> u32 {
    bits as u32
}

/// As a number of half the size.
#[expect(clippy::cast_possible_truncation, reason = "seven digits are enough of a random number")]
pub const fn narrow(number: f64) -> f32 {
    number as f32
}
