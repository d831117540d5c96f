//! Delta debugging: what made a case fail is taken apart, and parts are left out until none can go any more.
//!
//! Source: A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on
//! Software Engineering 28 (2002), the algorithm *ddmin*.

use std::collections::BTreeMap;
use std::ops::Range;

/// What came of asking with some of the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It fails in the same way.
    Fails,
    /// It does not: it passes, fails in another way, or came to nothing that could be told.
    Passes,
    /// It was not asked, since nothing more may be.
    Unasked,
}

/// What is left of the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduced {
    /// The parts that are left, by their places, ascending.
    pub kept: Vec<usize>,
    /// Whether every single one of them is needed: without it the case does not fail in the same way. False only
    /// where something was not asked.
    pub is_minimal: bool,
}

/// Leaves out parts until no single one can go: the outcome is *1-minimal*. `ask` is handed lists of the parts to
/// keep, those first that are preferred, and says of each what it comes to; it is asked about no list twice. All
/// parts together are taken to fail, and are not asked about.
///
/// At most about n² + 3n lists are asked about for n parts, and about 2 log₂ n where one part alone is to blame.
pub async fn ddmin<E>(
    parts: usize,
    mut ask: impl AsyncFnMut(&[Vec<usize>]) -> Result<Vec<Seen>, E>,
) -> Result<Reduced, E> {
    let mut known: BTreeMap<Vec<usize>, Seen> = BTreeMap::new();
    let mut kept: Vec<usize> = (0..parts).collect();
    let mut grain = 2;
    while !kept.is_empty() {
        let chunks = split(&kept, grain.min(kept.len()));
        // Of two halves each is what the other leaves; of a single part what is left is nothing.
        let rest = |chunk: &Vec<usize>| kept.iter().copied().filter(|part| !chunk.contains(part)).collect();
        let complements: Vec<Vec<usize>> = chunks.iter().map(rest).collect();
        let subsets = if chunks.len() > 2 { chunks.clone() } else { Vec::new() };
        let mut found = None;
        for (lists, next) in [(subsets, 2), (complements, grain.saturating_sub(1).max(2))] {
            let unknown: Vec<Vec<usize>> =
                lists.iter().filter(|list| !known.contains_key(*list)).cloned().collect();
            if !unknown.is_empty() {
                let seen = ask(&unknown).await?;
                known.extend(unknown.into_iter().zip(seen));
            }
            let of = |list: &Vec<usize>| known.get(list).copied().unwrap_or(Seen::Unasked);
            if let Some(list) = lists.iter().find(|list| of(list) == Seen::Fails) {
                found = Some((list.clone(), next));
                break;
            }
            if lists.iter().any(|list| of(list) == Seen::Unasked) {
                return Ok(Reduced { kept, is_minimal: false });
            }
        }
        match found {
            Some((list, next)) => (kept, grain) = (list, next),
            None if grain < kept.len() => grain = (grain * 2).min(kept.len()),
            None => break,
        }
    }
    Ok(Reduced { kept, is_minimal: true })
}

/// So many pieces of about one size, none of them empty.
fn split(parts: &[usize], pieces: usize) -> Vec<Vec<usize>> {
    let (mut out, mut begin) = (Vec::with_capacity(pieces), 0);
    for piece in 0..pieces {
        let end = begin + (parts.len() - begin) / (pieces - piece);
        out.push(parts[begin..end].to_vec());
        begin = end;
    }
    out
}

/// A change of a text: bytes of the text before, and what stands in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Bytes of the text before.
    pub from: Range<usize>,
    /// What stands in their place.
    pub with: String,
}

/// What one operator did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub op: String,
    /// What it changed, in order.
    pub changes: Vec<Change>,
    /// What must hold of the answer is of its making, so that its changes stand or fall together.
    pub is_whole: bool,
}

/// How a variant was made of its seed: every step works on what the one before it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The text of the seed.
    pub seed: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A change, or all changes of a step, that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The place of its step.
    pub step: usize,
    /// The place of the change in the step; `None`: all of them.
    pub change: Option<usize>,
}

/// A character of the whole variant on its way, or of the part of it that is made.
#[derive(Debug, Clone, Copy)]
struct Cell {
    c: char,
    /// Whether it stands in the text that all steps make.
    whole: bool,
    /// Whether it stands in the text that the kept ones make.
    ours: bool,
}

impl Recipe {
    /// All changes, as they can be left out one by one.
    pub fn parts(&self, steps: &[usize]) -> Vec<Part> {
        let of = |step: usize| -> Vec<Part> {
            if self.steps[step].is_whole {
                return vec![Part { step, change: None }];
            }
            let changes = 0..self.steps[step].changes.len();
            changes.map(|change| Part { step, change: Some(change) }).collect()
        };
        steps.iter().copied().flat_map(of).collect()
    }

    /// The text that these parts make of the seed. Of a change that worked on what a part left out had written,
    /// that counts which can still be found.
    pub fn text(&self, kept: &[Part]) -> String {
        let mut cells: Vec<Cell> = self.seed.chars().map(|c| Cell { c, whole: true, ours: true }).collect();
        for (place, step) in self.steps.iter().enumerate() {
            let is_kept = |change: usize| {
                kept.iter().any(|part| part.step == place && part.change.is_none_or(|of| of == change))
            };
            // From the right, so that places to the left stay what they are.
            for (number, change) in step.changes.iter().enumerate().rev() {
                apply(&mut cells, change, is_kept(number));
            }
        }
        cells.iter().filter(|cell| cell.ours).map(|cell| cell.c).collect()
    }
}

fn apply(cells: &mut Vec<Cell>, change: &Change, is_kept: bool) {
    let (mut bytes, mut begin, mut end) = (0, None, None);
    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.whole) {
        if bytes == change.from.start {
            begin.get_or_insert(at);
        }
        if bytes == change.from.end {
            end.get_or_insert(at);
        }
        bytes += cell.c.len_utf8();
    }
    let begin = begin.unwrap_or(cells.len());
    // Up to the last character that is replaced: what a part left out had taken behind it stays.
    let end = if change.from.is_empty() {
        begin
    } else {
        let end = end.unwrap_or(cells.len());
        cells[..end].iter().rposition(|cell| cell.whole).map_or(begin, |last| last + 1)
    };
    let mut put: Vec<Cell> = cells[begin..end.max(begin)].to_vec();
    for cell in &mut put {
        cell.whole = false;
        cell.ours &= !is_kept;
    }
    put.retain(|cell| cell.ours);
    put.extend(change.with.chars().map(|c| Cell { c, whole: true, ours: is_kept }));
    cells.splice(begin..end.max(begin), put);
}

/// Most words of a side of a change that is taken apart: the work grows with their product.
const MOST_WORDS: usize = 400;

/// A change taken apart into those of single words, or runs of them, where it holds several. What is the same in
/// both texts is no part of any.
pub fn by_words(before: &str, change: &Change) -> Vec<Change> {
    let from = &before[change.from.clone()];
    let (old, new) = (pieces(from), pieces(&change.with));
    if old.len() < 2 || new.is_empty() || old.len() > MOST_WORDS || new.len() > MOST_WORDS {
        return vec![change.clone()];
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (
        old.iter().map(|of| &from[of.clone()]).collect(),
        new.iter().map(|of| &change.with[of.clone()]).collect(),
    );
    // Longest common tail of the words from each place on.
    let mut longest = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let start = |list: &[Range<usize>], at: usize, len: usize| list.get(at).map_or(len, |of| of.start);
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    let (mut open, mut i0, mut j0) = (false, 0, 0);
    while i < a.len() || j < b.len() || open {
        let same = i < a.len() && j < b.len() && a[i] == b[j];
        let done = i >= a.len() && j >= b.len();
        if (same || done) && open {
            let range = start(&old, i0, from.len())..start(&old, i, from.len());
            let with = &change.with[start(&new, j0, change.with.len())..start(&new, j, change.with.len())];
            let from = change.from.start + range.start..change.from.start + range.end;
            out.push(Change { from, with: with.to_owned() });
            open = false;
        } else if same {
            (i, j) = (i + 1, j + 1);
        } else if !done {
            if !open {
                (open, i0, j0) = (true, i, j);
            }
            if j >= b.len() || (i < a.len() && longest[i + 1][j] >= longest[i][j + 1]) {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    out
}

/// The pieces of a text that end where a word begins: words with the white space behind them.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = Vec::new();
    let mut was_space = true;
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() && was_space {
            starts.push(at);
        }
        was_space = c.is_whitespace();
    }
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

#[cfg(test)]
mod tests;
