//! Every combination that may have to be covered, numbered, and how often each one is.

use super::feasible::Problem;
use super::model::{CoveringError, MAX_BLOCKS, MAX_TUPLES, Model};
use super::solve::{Value, small};
use std::collections::BTreeMap;

/// A place in a row that nothing stands in yet.
pub(super) const UNSET: Value = Value::MAX;

/// A set of factors whose combinations of values are numbered one after another.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Each factor and how far apart the numbers of its values are.
    places: [(u32, u32); 4],
    pub strength: usize,
    pub offset: usize,
    pub size: usize,
}

/// A part of the report: the base strength, or a group.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub group: Option<String>,
    pub strength: usize,
    pub blocks: Vec<usize>,
}

/// How the number of a pair is found from one of its factors: `base + own * stride + other's * its stride`.
#[derive(Clone, Copy, Debug)]
struct Pair {
    base: u32,
    stride: u32,
    other: u32,
    other_stride: u32,
}

/// The same for one, three or four factors, of which `count` are others.
#[derive(Clone, Copy, Debug)]
struct Wide {
    base: u32,
    stride: u32,
    others: [(u32, u32); 3],
    count: usize,
}

/// The numbering of all combinations.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub levels: Vec<usize>,
    pub blocks: Vec<Block>,
    pub scopes: Vec<Scope>,
    pub tuples: usize,
    pairs: Vec<Vec<Pair>>,
    wides: Vec<Vec<Wide>>,
}

impl Layout {
    /// Every value of every factor by itself.
    pub fn singles(model: &Model) -> Result<Self, CoveringError> {
        Self::base(model, 1, &mut BTreeMap::new())
    }

    fn base(
        model: &Model,
        strength: usize,
        known: &mut BTreeMap<Vec<usize>, usize>,
    ) -> Result<Self, CoveringError> {
        let factors = model.factors.len();
        let mut layout = Self {
            levels: model.levels(),
            blocks: Vec::new(),
            scopes: Vec::new(),
            tuples: 0,
            pairs: vec![Vec::new(); factors],
            wides: vec![Vec::new(); factors],
        };
        let all: Vec<usize> = (0..factors).collect();
        layout.add_scope(None, &all, strength.min(factors), known)?;
        Ok(layout)
    }

    pub fn of(model: &Model) -> Result<Self, CoveringError> {
        let mut known = BTreeMap::new();
        let mut layout = Self::base(model, model.strength, &mut known)?;
        for group in &model.groups {
            let mut members = group.factors.clone();
            members.sort_unstable();
            layout.add_scope(Some(group.name.clone()), &members, group.strength, &mut known)?;
        }
        Ok(layout)
    }

    fn add_scope(
        &mut self,
        group: Option<String>,
        members: &[usize],
        strength: usize,
        known: &mut BTreeMap<Vec<usize>, usize>,
    ) -> Result<(), CoveringError> {
        let mut blocks = Vec::new();
        // The combinations of `strength` of the members, in order.
        let mut places: Vec<usize> = (0..strength).collect();
        loop {
            let factors: Vec<usize> = places.iter().map(|place| members[*place]).collect();
            let block =
                if let Some(block) = known.get(&factors) { *block } else { self.add_block(&factors)? };
            known.insert(factors, block);
            blocks.push(block);
            let Some(turn) = (0..strength).rev().find(|n| places[*n] < members.len() - strength + n) else {
                break;
            };
            places[turn] += 1;
            for n in turn + 1..strength {
                places[n] = places[n - 1] + 1;
            }
        }
        self.scopes.push(Scope { group, strength, blocks });
        Ok(())
    }

    fn add_block(&mut self, factors: &[usize]) -> Result<usize, CoveringError> {
        let size = factors.iter().map(|factor| self.levels[*factor]).product::<usize>();
        let offset = self.tuples;
        if size > MAX_TUPLES - offset || self.blocks.len() == MAX_BLOCKS {
            return Err(CoveringError::TooLarge { limit: MAX_TUPLES });
        }
        self.tuples += size;
        // Below MAX_TUPLES, and so within range.
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let strides: Vec<usize> = (0..factors.len())
            .map(|n| factors[n + 1..].iter().map(|factor| self.levels[*factor]).product())
            .collect();
        for (n, factor) in factors.iter().enumerate() {
            let mut others = [(0, 0); 3];
            let rest = factors.iter().zip(&strides).enumerate().filter(|(place, _)| *place != n);
            for (slot, (_, (other, stride))) in others.iter_mut().zip(rest) {
                *slot = (short(*other), short(*stride));
            }
            let (base, stride) = (short(offset), short(strides[n]));
            if factors.len() == 2 {
                let (other, other_stride) = others[0];
                self.pairs[*factor].push(Pair { base, stride, other, other_stride });
            } else {
                self.wides[*factor].push(Wide { base, stride, others, count: factors.len() - 1 });
            }
        }
        let mut places = [(0, 0); 4];
        for (place, (factor, stride)) in places.iter_mut().zip(factors.iter().zip(&strides)) {
            *place = (short(*factor), short(*stride));
        }
        self.blocks.push(Block { places, strength: factors.len(), offset, size });
        Ok(self.blocks.len() - 1)
    }

    /// How many combinations one value of a factor takes part in, in one row.
    pub fn degree(&self, factor: usize) -> usize {
        self.pairs[factor].len() + self.wides[factor].len()
    }

    /// The factors of a combination and their values.
    pub fn decode(&self, tuple: usize) -> Vec<(usize, Value)> {
        let block = &self.blocks[self.blocks.partition_point(|block| block.offset <= tuple) - 1];
        let number = tuple - block.offset;
        let places = block.places[..block.strength].iter();
        places
            .map(|(factor, stride)| {
                let factor = *factor as usize;
                (factor, small(number / *stride as usize % self.levels[factor]))
            })
            .collect()
    }

    /// The combinations that a full row has, one for each set of factors.
    #[inline]
    pub fn each(&self, row: &[Value], mut each: impl FnMut(usize)) {
        for block in &self.blocks {
            let places = block.places[..block.strength].iter();
            let number: u32 = places.map(|(factor, stride)| u32::from(row[*factor as usize]) * stride).sum();
            each(block.offset + number as usize);
        }
    }

    /// The combinations of the factor's value with those of all others in a full row.
    #[inline]
    fn visit(&self, row: &[Value], factor: usize, value: Value, mut each: impl FnMut(usize)) {
        let own = u32::from(value);
        for pair in &self.pairs[factor] {
            let other = u32::from(row[pair.other as usize]);
            each((pair.base + own * pair.stride + other * pair.other_stride) as usize);
        }
        for wide in &self.wides[factor] {
            each((wide.base + own * wide.stride + wide.rest(row)) as usize);
        }
    }

    /// For each set of factors whose other places in the row are set, the combination with the factor's
    /// first value and the step to that with its next.
    #[inline]
    fn visit_all(&self, row: &[Value], factor: usize, mut each: impl FnMut(usize, usize)) {
        for pair in &self.pairs[factor] {
            let other = row[pair.other as usize];
            if other != UNSET {
                each((pair.base + u32::from(other) * pair.other_stride) as usize, pair.stride as usize);
            }
        }
        for wide in &self.wides[factor] {
            if wide.others[..wide.count].iter().all(|(other, _)| row[*other as usize] != UNSET) {
                each((wide.base + wide.rest(row)) as usize, wide.stride as usize);
            }
        }
    }
}

impl Wide {
    /// What the values of the other factors add to the number.
    #[inline]
    fn rest(&self, row: &[Value]) -> u32 {
        self.others[..self.count]
            .iter()
            .fold(0, |sum, (other, stride)| sum + u32::from(row[*other as usize]) * stride)
    }
}

/// How often each combination is covered by some rows, and the list of those that still have to be.
#[derive(Clone, Debug)]
pub(super) struct Cover<'a> {
    pub layout: &'a Layout,
    /// Times covered; combinations that cannot occur begin at 1 and so are never missing.
    count: Vec<u16>,
    /// Combinations that are not covered, in no order.
    pub open: Vec<u32>,
    /// Where each open combination stands in `open`.
    place: Vec<u32>,
}

impl<'a> Cover<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        let (layout, impossible) = (&problem.layout, &problem.impossible);
        let mut cover = Self {
            layout,
            count: impossible.iter().map(|impossible| u16::from(*impossible)).collect(),
            open: Vec::new(),
            place: vec![0; layout.tuples],
        };
        for (tuple, impossible) in impossible.iter().enumerate() {
            if !impossible {
                cover.opened(tuple);
            }
        }
        cover
    }

    fn opened(&mut self, tuple: usize) {
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.place[tuple] = short(self.open.len());
        self.open.push(short(tuple));
    }

    fn closed(&mut self, tuple: usize) {
        let place = self.place[tuple] as usize;
        self.open.swap_remove(place);
        if let Some(moved) = self.open.get(place) {
            self.place[*moved as usize] = self.place[tuple];
        }
    }

    #[inline]
    fn raise(&mut self, tuple: usize) {
        self.count[tuple] += 1;
        if self.count[tuple] == 1 {
            self.closed(tuple);
        }
    }

    #[inline]
    fn lower(&mut self, tuple: usize) {
        self.count[tuple] -= 1;
        if self.count[tuple] == 0 {
            self.opened(tuple);
        }
    }

    pub fn add(&mut self, row: &[Value]) {
        self.layout.each(row, |tuple| self.raise(tuple));
    }

    pub fn take(&mut self, row: &[Value]) {
        self.layout.each(row, |tuple| self.lower(tuple));
    }

    /// How many combinations a full row would cover that nothing covers yet.
    pub fn news(&self, row: &[Value]) -> usize {
        self.having(row, 0)
    }

    /// How many combinations only this row covers.
    pub fn alone(&self, row: &[Value]) -> usize {
        self.having(row, 1)
    }

    fn having(&self, row: &[Value], wanted: u16) -> usize {
        let mut having = 0;
        self.layout.each(row, |tuple| having += usize::from(self.count[tuple] == wanted));
        having
    }

    /// How many open combinations a value of a factor would close in a full row.
    #[inline]
    pub fn gain(&self, row: &[Value], factor: usize, value: Value) -> usize {
        let mut gain = 0;
        self.layout.visit(row, factor, value, |tuple| gain += usize::from(self.count[tuple] == 0));
        gain
    }

    /// The same for every value of the factor at once.
    pub fn gains(&self, row: &[Value], factor: usize) -> Vec<usize> {
        let mut gains = vec![0; self.layout.levels[factor]];
        self.layout.visit_all(row, factor, |first, stride| {
            for (gain, count) in gains.iter_mut().zip(self.count[first..].iter().step_by(stride)) {
                *gain += usize::from(*count == 0);
            }
        });
        gains
    }

    /// How many combinations would open if the factor's value left the row.
    #[inline]
    pub fn loss(&self, row: &[Value], factor: usize) -> usize {
        let mut loss = 0;
        self.layout.visit(row, factor, row[factor], |tuple| loss += usize::from(self.count[tuple] == 1));
        loss
    }

    /// Changes one value of a row that is counted.
    pub fn set(&mut self, row: &mut [Value], factor: usize, value: Value) {
        let layout = self.layout;
        layout.visit(row, factor, row[factor], |tuple| self.lower(tuple));
        row[factor] = value;
        layout.visit(row, factor, value, |tuple| self.raise(tuple));
    }
}
