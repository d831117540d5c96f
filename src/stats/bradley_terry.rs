//! Strengths from comparisons of two at a time: the Bradley–Terry model.
//!
//! Item `i` is preferred to item `j` with probability `λi / (λi + λj)`. The strengths are found by the MM
//! algorithm, which raises the likelihood with every step; a tie counts as half a win for each side.
//!
//! Sources: R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 39 (1952);
//! L. R. Ford, "Solution of a ranking problem from binary comparisons", American Mathematical Monthly 64
//! (1957), for when strengths exist; D. R. Hunter, "MM algorithms for generalized Bradley–Terry models",
//! Annals of Statistics 32 (2004), for the algorithm.

use super::special::is_level;
use statrs::distribution::{ContinuousCDF, Normal};

/// Steps after which the algorithm gives up.
const MOST_STEPS: usize = 100_000;
/// Largest change of a logarithm at which strengths stand still.
const STILL: f64 = 1e-12;
/// The most items: the errors need a matrix of their square.
pub const MOST_ITEMS: usize = 1_000;

/// One comparison of two items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Game {
    /// An item.
    pub one: usize,
    /// The one that it is compared with.
    pub other: usize,
    /// The share of the win that goes to `one`: 1 where it is preferred, 0 where the other is, ½ for a tie.
    pub won: f64,
}

/// Why there are no strengths.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BradleyTerryError {
    /// There are too many items.
    #[error("there are {0} items; strengths are worked out for up to {MOST_ITEMS}")]
    TooMany(usize),
    /// A game is not between two of the items, or its share is not within 0 to 1.
    #[error("game {0} is not between two different items with a share of the win from 0 to 1")]
    Game(usize),
    /// The prior is below 0, or no number.
    #[error("the prior is {0}; it is a number of games, 0 or more")]
    Prior(f64),
    /// Without a prior the strength of this item, or of others beside it, is without bound: of those that it
    /// is connected with some never lost to the others.
    #[error(
        "item {0} and some that it was compared with never lost to the others, so that strengths have no bound"
    )]
    Unbounded(usize),
    /// The strengths do not stand still after many steps.
    #[error("the strengths do not converge")]
    NotConverged,
}

/// The strengths of items.
#[derive(Debug, Clone, PartialEq)]
pub struct BradleyTerry {
    /// The logarithm of each item's strength. Without a prior their mean is 0 in each group; with one, 0 is
    /// the strength of the imagined item.
    pub strengths: Vec<f64>,
    /// The group of each item, numbered from 0 in the order of their first items. Items of different groups
    /// were not compared, directly or by way of others: nothing is known of which is stronger, whatever
    /// their strengths.
    pub groups: Vec<usize>,
    /// Steps that were taken.
    pub steps: usize,
    covariance: Matrix,
}

impl BradleyTerry {
    /// How many groups of items there are that were not compared with each other; 1 is what is wanted.
    pub fn group_count(&self) -> usize {
        self.groups.iter().max().map_or(0, |last| last + 1)
    }

    /// The standard error of the logarithm of an item's strength, from the information at the strengths found.
    /// Without a prior, of its distance to the mean of its group: 0 where it is alone in it.
    pub fn error(&self, item: usize) -> f64 {
        self.covariance.at(item, item).max(0.0).sqrt()
    }

    /// The interval of an item's strength (logarithm) at `confidence`: a Wald interval, which is rough where
    /// games are few. `None` where `confidence` is not strictly between 0 and 1.
    pub fn interval(&self, item: usize, confidence: f64) -> Option<(f64, f64)> {
        let half = half_width(confidence)? * self.error(item);
        Some((self.strengths[item] - half, self.strengths[item] + half))
    }

    /// How much stronger (logarithm of the ratio) an item is than another, and the standard error of that;
    /// `None` where they are in different groups.
    pub fn difference(&self, one: usize, other: usize) -> Option<(f64, f64)> {
        if self.groups[one] != self.groups[other] {
            return None;
        }
        let of = &self.covariance;
        let variance = of.at(one, one) + of.at(other, other) - 2.0 * of.at(one, other);
        Some((self.strengths[one] - self.strengths[other], variance.max(0.0).sqrt()))
    }

    /// The items from strongest to weakest, equal ones in their order; groups one after the other.
    pub fn ranking(&self) -> Vec<usize> {
        let mut items: Vec<usize> = (0..self.strengths.len()).collect();
        items.sort_by(|a, b| {
            let by_group = self.groups[*a].cmp(&self.groups[*b]);
            by_group.then(self.strengths[*b].total_cmp(&self.strengths[*a])).then(a.cmp(b))
        });
        items
    }
}

/// The strengths of `items` items after these games.
///
/// `prior` is a number of games that each item is taken to have won, and as many to have lost, against one
/// imagined item of strength 1: it keeps the strength of an item that never lost finite, and draws all of
/// them a little together. ½ is usual. With 0 the strengths are those of greatest likelihood, which exist
/// only where in every group each item can be reached from each other by wins (Ford's condition); else the
/// answer is [`BradleyTerryError::Unbounded`].
///
/// The answer does not depend on the order of the games where shares are 0, ½ and 1.
pub fn bradley_terry(items: usize, games: &[Game], prior: f64) -> Result<BradleyTerry, BradleyTerryError> {
    if items > MOST_ITEMS {
        return Err(BradleyTerryError::TooMany(items));
    }
    if !(prior >= 0.0 && prior.is_finite()) {
        return Err(BradleyTerryError::Prior(prior));
    }
    let wins = Wins::of(items, games)?;
    let groups = wins.groups();
    if prior == 0.0
        && let Some(item) = wins.unbounded(&groups)
    {
        return Err(BradleyTerryError::Unbounded(item));
    }
    let (mut strengths, steps) = climb(&wins, prior)?;
    if prior == 0.0 {
        centre(&mut strengths, &groups);
    }
    let covariance = covariance(&wins, &strengths, &groups, prior);
    Ok(BradleyTerry { strengths, groups, steps, covariance })
}

/// How often each item was preferred to each other.
struct Wins(Matrix);

impl Wins {
    fn of(items: usize, games: &[Game]) -> Result<Self, BradleyTerryError> {
        let mut wins = Matrix::zero(items);
        for (at, game) in games.iter().enumerate() {
            let Game { one, other, won } = *game;
            if one >= items || other >= items || one == other || !(0.0..=1.0).contains(&won) {
                return Err(BradleyTerryError::Game(at));
            }
            *wins.at_mut(one, other) += won;
            *wins.at_mut(other, one) += 1.0 - won;
        }
        Ok(Self(wins))
    }

    fn items(&self) -> usize {
        self.0.size
    }

    fn games(&self, one: usize, other: usize) -> f64 {
        self.0.at(one, other) + self.0.at(other, one)
    }

    /// The items that can be reached from one by steps that `leads` allows, itself among them.
    fn reached(&self, from: usize, leads: impl Fn(usize, usize) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.items()];
        let mut next = vec![from];
        reached[from] = true;
        while let Some(at) = next.pop() {
            for (to, seen) in reached.iter_mut().enumerate() {
                if !*seen && leads(at, to) {
                    *seen = true;
                    next.push(to);
                }
            }
        }
        reached
    }

    fn groups(&self) -> Vec<usize> {
        let mut groups: Vec<Option<usize>> = vec![None; self.items()];
        let mut count = 0;
        for item in 0..self.items() {
            if groups[item].is_some() {
                continue;
            }
            let reached = self.reached(item, |from, to| self.games(from, to) > 0.0);
            for (group, _) in groups.iter_mut().zip(reached).filter(|(_, reached)| *reached) {
                *group = Some(count);
            }
            count += 1;
        }
        groups.into_iter().flatten().collect()
    }

    /// An item of the first group in which some never lost to the others.
    fn unbounded(&self, groups: &[usize]) -> Option<usize> {
        let mut checked = 0;
        for item in 0..self.items() {
            if groups[item] != checked {
                continue;
            }
            checked += 1;
            let size = groups.iter().filter(|group| **group == groups[item]).count();
            let all = |reached: Vec<bool>| reached.into_iter().filter(|reached| *reached).count() == size;
            let beats = self.reached(item, |from, to| self.0.at(from, to) > 0.0);
            let beaten = self.reached(item, |from, to| self.0.at(to, from) > 0.0);
            if !all(beats) || !all(beaten) {
                return Some(item);
            }
        }
        None
    }
}

/// The MM algorithm: `λi ← (Wi + a) / (Σj nij / (λi + λj) + 2a / (λi + 1))`. Answers with logarithms.
fn climb(wins: &Wins, prior: f64) -> Result<(Vec<f64>, usize), BradleyTerryError> {
    let items = wins.items();
    let won: Vec<f64> = (0..items).map(|item| (0..items).map(|other| wins.0.at(item, other)).sum()).collect();
    let mut strengths = vec![1.0_f64; items];
    for step in 1..=MOST_STEPS {
        let mut moved = 0.0_f64;
        let before = strengths.clone();
        for item in 0..items {
            let own = before[item];
            let met = |other: usize| wins.games(item, other) / (own + before[other]);
            let sum: f64 = (0..items).filter(|other| *other != item).map(met).sum();
            let below = sum + 2.0 * prior / (own + 1.0);
            // An item without games stays where it is.
            if below > 0.0 {
                strengths[item] = (won[item] + prior) / below;
            }
        }
        if prior == 0.0 {
            // Only ratios are known; without this, rounding would let all of them drift.
            let mean = strengths.iter().map(|strength| strength.ln()).sum::<f64>() / items.max(1) as f64;
            let by = mean.exp();
            for strength in &mut strengths {
                *strength /= by;
            }
        }
        for (now, then) in strengths.iter().zip(&before) {
            moved = moved.max((now.ln() - then.ln()).abs());
        }
        if moved < STILL {
            return Ok((strengths.into_iter().map(f64::ln).collect(), step));
        }
    }
    Err(BradleyTerryError::NotConverged)
}

/// Moves the strengths of each group so that their mean is 0.
fn centre(strengths: &mut [f64], groups: &[usize]) {
    for group in 0..groups.iter().max().map_or(0, |last| last + 1) {
        let members: Vec<usize> = (0..groups.len()).filter(|item| groups[*item] == group).collect();
        let mean = members.iter().map(|item| strengths[*item]).sum::<f64>() / members.len() as f64;
        for item in members {
            strengths[item] -= mean;
        }
    }
}

/// The inverse of the information. Without a prior the information of a group has no inverse, since its
/// strengths can move together; where their mean is held at 0 it is `(I + J/m)⁻¹ − J/m`, with `J` all ones and
/// `m` items in the group.
fn covariance(wins: &Wins, strengths: &[f64], groups: &[usize], prior: f64) -> Matrix {
    let items = wins.items();
    let mut size = vec![0.0; items];
    for group in groups {
        size[*group] += 1.0;
    }
    let ones = |one: usize, other: usize| {
        if prior == 0.0 && groups[one] == groups[other] { 1.0 / size[groups[one]] } else { 0.0 }
    };
    let chance = |difference: f64| 1.0 / (1.0 + (-difference).exp());
    let mut information = Matrix::zero(items);
    for one in 0..items {
        let p = chance(strengths[one]);
        *information.at_mut(one, one) += 2.0 * prior * p * (1.0 - p);
        for other in 0..items {
            let p = chance(strengths[one] - strengths[other]);
            let known = wins.games(one, other) * p * (1.0 - p);
            if one != other {
                *information.at_mut(one, one) += known;
                *information.at_mut(one, other) -= known;
            }
            *information.at_mut(one, other) += ones(one, other);
        }
    }
    let mut inverse = information.inverse();
    for one in 0..items {
        for other in 0..items {
            *inverse.at_mut(one, other) -= ones(one, other);
        }
    }
    inverse
}

fn half_width(confidence: f64) -> Option<f64> {
    is_level(confidence).then(|| Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence)))
}

/// A square matrix.
#[derive(Debug, Clone, PartialEq)]
struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    fn at_mut(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.cells[row * self.size + column]
    }

    /// The inverse of a symmetric positive definite matrix, by elimination, which needs no pivots there.
    fn inverse(mut self) -> Self {
        let mut inverse = Self::zero(self.size);
        for at in 0..self.size {
            *inverse.at_mut(at, at) = 1.0;
        }
        for pivot in 0..self.size {
            let by = self.at(pivot, pivot);
            for column in 0..self.size {
                *self.at_mut(pivot, column) /= by;
                *inverse.at_mut(pivot, column) /= by;
            }
            for row in (0..self.size).filter(|row| *row != pivot) {
                let times = self.at(row, pivot);
                if times == 0.0 {
                    continue;
                }
                for column in 0..self.size {
                    let (of, of_inverse) = (self.at(pivot, column), inverse.at(pivot, column));
                    *self.at_mut(row, column) -= times * of;
                    *inverse.at_mut(row, column) -= times * of_inverse;
                }
            }
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Games from a table of wins, row over column.
    fn games<const N: usize>(wins: [[u32; N]; N]) -> Vec<Game> {
        let mut games = Vec::new();
        for (one, row) in wins.into_iter().enumerate() {
            for (other, count) in row.into_iter().enumerate() {
                games.extend((0..count).map(|_| Game { one, other, won: 1.0 }));
            }
        }
        games
    }

    fn near(found: f64, wanted: f64, within: f64) {
        assert!((found - wanted).abs() < within, "{found} is not {wanted}");
    }

    /// Three wins of four: a ratio of 3. The information about the difference is 4 · ¾ · ¼ = ¾.
    #[test]
    fn two_items_by_hand() {
        let found = bradley_terry(2, &games([[0, 3], [1, 0]]), 0.0).unwrap();
        near(found.strengths[0], 3.0_f64.ln() / 2.0, 1e-10);
        near(found.strengths[1], -(3.0_f64.ln()) / 2.0, 1e-10);
        let (difference, error) = found.difference(0, 1).unwrap();
        near(difference, 3.0_f64.ln(), 1e-10);
        near(error, (4.0_f64 / 3.0).sqrt(), 1e-10);
        // Each is half of the difference from the mean.
        near(found.error(0), error / 2.0, 1e-10);
        let (low, high) = found.interval(0, 0.95).unwrap();
        near(high - low, 2.0 * 1.959_963_984_540_054 * error / 2.0, 1e-9);
        assert_eq!(found.ranking(), [0, 1]);
    }

    /// A tie is half a win: two ties and a win are 2 of 3.
    #[test]
    fn ties_are_halves() {
        let tie = Game { one: 0, other: 1, won: 0.5 };
        let found = bradley_terry(2, &[tie, Game { won: 1.0, ..tie }, tie], 0.0).unwrap();
        near(found.difference(0, 1).unwrap().0, 2.0_f64.ln(), 1e-10);
    }

    /// One win and a prior of ½: W + a = 3/2 for the winner, ½ for the other. By symmetry λ and 1/λ, so that
    /// λ (1/(λ + 1/λ) + 1/(λ + 1)) = 3/2 and hence λ³ − λ² ... is solved by λ = 1 + √2 − …; checked by the
    /// equation itself.
    #[test]
    fn a_prior_keeps_what_never_lost_finite() {
        let one_win = [Game { one: 0, other: 1, won: 1.0 }];
        assert_eq!(bradley_terry(2, &one_win, 0.0), Err(BradleyTerryError::Unbounded(0)));
        let found = bradley_terry(2, &one_win, 0.5).unwrap();
        near(found.strengths[0], -found.strengths[1], 1e-10);
        let of = found.strengths[0].exp();
        near(of * (1.0 / (of + 1.0 / of) + 1.0 / (of + 1.0)), 1.5, 1e-9);
        assert!(found.strengths[0] > 0.0);
    }

    /// The example of four teams and 22 games in Wikipedia's "Bradley–Terry model": 0.640, 1.043, 0.660 and
    /// 2.270 with a geometric mean of 1.
    #[test]
    fn four_teams_as_published() {
        let wins = [[0, 2, 0, 1], [3, 0, 5, 0], [0, 3, 0, 1], [4, 0, 3, 0]];
        let found = bradley_terry(4, &games(wins), 0.0).unwrap();
        for (found, wanted) in found.strengths.iter().zip([0.640, 1.043, 0.660, 2.270]) {
            near(found.exp(), wanted, 0.001);
        }
        assert_eq!(found.ranking(), [3, 1, 2, 0]);
    }

    /// Baseball's American League East of 1987 (A. Agresti, "Categorical Data Analysis", table 10.10), and the
    /// estimates and errors against Baltimore of the R package `BradleyTerry2`'s vignette.
    #[test]
    fn the_baseball_season_of_1987_as_published() {
        let wins = [
            [0, 7, 9, 7, 7, 9, 11],
            [6, 0, 7, 5, 11, 9, 9],
            [4, 6, 0, 7, 7, 8, 12],
            [6, 8, 6, 0, 6, 7, 10],
            [6, 2, 6, 7, 0, 7, 12],
            [4, 4, 5, 6, 6, 0, 6],
            [2, 4, 1, 3, 1, 7, 0],
        ];
        let published = [
            (1.5814, 0.3433),
            (1.4364, 0.3396),
            (1.2945, 0.3367),
            (1.2476, 0.3359),
            (1.1077, 0.3339),
            (0.6839, 0.3319),
        ];
        let found = bradley_terry(7, &games(wins), 0.0).unwrap();
        for (team, (estimate, error)) in published.into_iter().enumerate() {
            let (difference, of_difference) = found.difference(team, 6).unwrap();
            near(difference, estimate, 1e-4);
            near(of_difference, error, 1e-4);
        }
    }

    #[test]
    fn what_was_never_compared_stays_apart() {
        let wins = [[0, 2, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0; 5]];
        let found = bradley_terry(5, &games(wins), 0.0).unwrap();
        assert_eq!(found.groups, [0, 0, 1, 1, 2]);
        assert_eq!(found.group_count(), 3);
        assert_eq!(found.difference(0, 2), None);
        near(found.strengths[0] + found.strengths[1], 0.0, 1e-12);
        near(found.strengths[0], 2.0_f64.ln() / 2.0, 1e-10);
        near(found.strengths[4], 0.0, 1e-12);
        near(found.error(4), 0.0, 1e-12);
        assert_eq!(found.ranking(), [0, 1, 2, 3, 4]);
        let none = bradley_terry(0, &[], 0.0).unwrap();
        assert_eq!((none.group_count(), none.ranking()), (0, Vec::new()));
    }

    #[test]
    fn impossible_arguments_are_refused() {
        let game = Game { one: 0, other: 1, won: 1.0 };
        for bad in [
            Game { other: 2, ..game },
            Game { other: 0, ..game },
            Game { won: 1.5, ..game },
            Game { won: f64::NAN, ..game },
        ] {
            assert_eq!(bradley_terry(2, &[game, bad], 0.5), Err(BradleyTerryError::Game(1)), "{bad:?}");
        }
        assert!(matches!(bradley_terry(2, &[], -1.0), Err(BradleyTerryError::Prior(_))));
        assert!(matches!(bradley_terry(2, &[], f64::NAN), Err(BradleyTerryError::Prior(_))));
        assert!(matches!(bradley_terry(1001, &[], 0.0), Err(BradleyTerryError::TooMany(1001))));
        assert_eq!(bradley_terry(2, &[game], 0.5).unwrap().interval(0, 1.0), None);
    }

    /// A cycle of wins through all items, so that strengths exist, and random games beside it.
    fn seasons() -> impl Strategy<Value = (usize, Vec<Game>)> {
        (3_usize..6).prop_flat_map(|items| {
            let shares = prop::sample::select(vec![0.0, 0.5, 1.0]);
            let game = (0..items, 1..items, shares).prop_map(move |(one, step, won)| Game {
                one,
                other: (one + step) % items,
                won,
            });
            let cycle = (0..items).map(move |one| Game { one, other: (one + 1) % items, won: 1.0 });
            let cycle: Vec<Game> = cycle.collect();
            prop::collection::vec(game, 0..12)
                .prop_map(move |further| (items, cycle.iter().copied().chain(further).collect::<Vec<_>>()))
        })
    }

    proptest! {
        #[test]
        fn neither_order_nor_names_nor_repetition_changes_strengths((items, season) in seasons(), prior in 0..2_u8) {
            let prior = f64::from(prior) / 2.0;
            let found = bradley_terry(items, &season, prior).unwrap();
            let backwards: Vec<Game> = season.iter().rev().copied().collect();
            prop_assert_eq!(&bradley_terry(items, &backwards, prior).unwrap(), &found);
            // Turned round, a game says the same.
            let turned: Vec<Game> =
                season.iter().map(|game| Game { one: game.other, other: game.one, won: 1.0 - game.won }).collect();
            prop_assert_eq!(&bradley_terry(items, &turned, prior).unwrap(), &found);
            let renamed: Vec<Game> = season
                .iter()
                .map(|game| Game { one: items - 1 - game.one, other: items - 1 - game.other, won: game.won })
                .collect();
            let renamed = bradley_terry(items, &renamed, prior).unwrap();
            for item in 0..items {
                prop_assert!((renamed.strengths[items - 1 - item] - found.strengths[item]).abs() < 1e-7);
                prop_assert!((renamed.error(items - 1 - item) - found.error(item)).abs() < 1e-7);
            }
            // Losers as winners: the strengths are mirrored.
            let lost: Vec<Game> = season.iter().map(|game| Game { won: 1.0 - game.won, ..*game }).collect();
            for (lost, won) in bradley_terry(items, &lost, prior).unwrap().strengths.iter().zip(&found.strengths) {
                prop_assert!((lost + won).abs() < 1e-7, "{lost} {won}");
            }
            if prior == 0.0 {
                let twice: Vec<Game> = season.iter().chain(&season).copied().collect();
                let twice = bradley_terry(items, &twice, prior).unwrap();
                for item in 0..items {
                    prop_assert!((twice.strengths[item] - found.strengths[item]).abs() < 1e-7);
                    prop_assert!((twice.error(item) * 2.0_f64.sqrt() - found.error(item)).abs() < 1e-6);
                }
            }
        }

        #[test]
        fn at_the_strengths_found_each_item_wins_as_often_as_expected((items, season) in seasons()) {
            // The likelihood's derivative is 0: Σ won − Σ p = 0 for each item.
            let found = bradley_terry(items, &season, 0.0).unwrap();
            for item in 0..items {
                let left: f64 = season
                    .iter()
                    .map(|game| {
                        let p = 1.0 / (1.0 + (found.strengths[game.other] - found.strengths[game.one]).exp());
                        if game.one == item { game.won - p } else if game.other == item { p - game.won } else { 0.0 }
                    })
                    .sum();
                prop_assert!(left.abs() < 1e-6, "{item}: {left}");
            }
        }
    }
}
