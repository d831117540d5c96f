//! Many draws of many cells, on several threads. What comes out does not depend on how many.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Draws that a thread takes at a time.
const CHUNK: u64 = 500;

/// Counts over draws: how often each of a list of things was so.
pub type Counts<const N: usize> = [u64; N];

/// Counts, for each cell, over draws 0 to `draws`. `start` makes what draws a cell; `draw` says what is so in
/// the draw with a number.
pub fn count<'c, const N: usize, C: Sync, W>(
    cells: &'c [C],
    draws: u64,
    start: impl Fn(&'c C) -> W + Sync,
    draw: impl Fn(&mut W, u64) -> [bool; N] + Sync,
) -> Vec<Counts<N>> {
    let chunks: Vec<(usize, Range<u64>)> = (0..cells.len())
        .flat_map(|cell| {
            (0..draws.div_ceil(CHUNK)).map(move |chunk| (cell, chunk * CHUNK..draws.min((chunk + 1) * CHUNK)))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let counts = Mutex::new(vec![[0; N]; cells.len()]);
    let work = || {
        while let Some((cell, numbers)) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut world = start(&cells[*cell]);
            let mut own = [0; N];
            for number in numbers.clone() {
                for (count, so) in own.iter_mut().zip(draw(&mut world, number)) {
                    *count += u64::from(so);
                }
            }
            let mut counts = counts.lock().expect("no thread ends in a panic");
            for (count, own) in counts[*cell].iter_mut().zip(own) {
                *count += own;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    counts.into_inner().expect("no thread ends in a panic")
}
