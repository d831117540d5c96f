//! Which combinations of knobs cases are asked for: those of a covering array, as many as the count asks, so that
//! what is written differs.

use crate::expand::covering::{self, Coverage, CoveringError, Effort, Model};
use crate::expand::rows;
use crate::expand::stream::Stream;
use crate::suite::Scenario;
use crate::suite::schema::KnobSpec;
use std::collections::BTreeMap;

/// Values of knobs, by the knobs' names.
pub type Values = BTreeMap<String, String>;

/// Combinations of knobs, each with how many cases are asked for.
#[derive(Debug, Clone)]
pub struct KnobRows {
    model: Model,
    /// Rows of the covering array that the count left out.
    further: Vec<Vec<usize>>,
    /// Each row with its values and its share of the count.
    pub rows: Vec<(Values, usize)>,
}

/// What the rows that something came of cover.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KnobCoverage {
    /// How many knobs are combined.
    pub strength: usize,
    /// Combinations of their values that can occur.
    pub required: usize,
    /// Those that something came of.
    pub covered: usize,
    /// The first combination that nothing came of.
    pub missing: Option<Values>,
}

/// Why there are no rows.
#[derive(Debug, thiserror::Error)]
pub enum KnobsError {
    /// The knobs of a scenario together with those of the command line make no sense.
    #[error("the knobs of scenario `{scenario}`: {message}; {help}")]
    Mistake {
        /// The scenario.
        scenario: String,
        /// What is wrong.
        message: String,
        /// The mend.
        help: String,
    },
    /// No rows can be made of them.
    #[error("the knobs of scenario `{scenario}`: {error}")]
    Covering {
        /// The scenario.
        scenario: String,
        /// Why not.
        error: CoveringError,
    },
}

impl KnobRows {
    /// The rows for `count` cases of a scenario: its own knobs, and those `said` in addition or in their place.
    /// `None` where there are no knobs.
    ///
    /// Where the count allows, every combination that the scenario's `cover` asks for (by default every pair of
    /// values) has a row; a row asks for at most `batch` cases, and beyond that there are further rows. Where the
    /// count does not allow it, the rows are those that cover most.
    pub fn of(
        scenario: &Scenario,
        said: &BTreeMap<String, Vec<String>>,
        (count, batch): (usize, usize),
        seed: u64,
    ) -> Result<Option<Self>, KnobsError> {
        let mut spec = scenario.spec.clone();
        for (name, values) in said {
            spec.knobs.insert(name.clone(), KnobSpec::Values(values.clone()));
        }
        if spec.knobs.is_empty() || count == 0 {
            return Ok(None);
        }
        let id = || scenario.id.clone();
        let mut model = rows::model(&spec).map_err(|mistakes| {
            let first = mistakes.into_iter().next();
            let (message, help) =
                first.map_or_else(Default::default, |mistake| (mistake.message, mistake.help));
            KnobsError::Mistake { scenario: id(), message, help }
        })?;
        // The count is that of the command line.
        model.rows = None;
        let seed = Stream::new(&[b"synth rows", &seed.to_be_bytes(), scenario.id.as_bytes()]).u64();
        let make = |model: &Model| {
            covering::generate(model, seed, Effort::quick())
                .map_err(|error| KnobsError::Covering { scenario: id(), error })
        };
        let mut found = make(&model)?.rows;
        let wanted = found.len().max(count.div_ceil(batch.max(1))).min(count);
        if wanted > found.len() {
            found = make(&Model { rows: Some(wanted), ..model.clone() })?.rows;
        }
        let further = found.split_off(wanted.min(found.len()));
        let mut rows: Vec<(Values, usize)> = Vec::with_capacity(found.len());
        for (row, share) in found.iter().zip(shares(count, found.len())) {
            let values = values(&model, row);
            // Beyond all combinations there are, rows come again.
            match rows.iter_mut().find(|(known, _)| *known == values) {
                Some((_, sum)) => *sum += share,
                None => rows.push((values, share)),
            }
        }
        Ok(Some(Self { model, further, rows }))
    }

    /// With as many further rows, a case each, as it takes for a share of the combinations to have a row.
    pub fn reaching(mut self, target: f64) -> Result<Self, CoveringError> {
        let mut further = std::mem::take(&mut self.further).into_iter();
        loop {
            let all: Vec<&Values> = self.rows.iter().map(|(values, _)| values).collect();
            let KnobCoverage { required, covered, .. } = self.coverage(&all)?;
            if covered as f64 + 1e-9 >= target * required as f64 {
                break;
            }
            let Some(row) = further.next() else { break };
            self.rows.push((values(&self.model, &row), 1));
        }
        self.further = further.collect();
        Ok(self)
    }

    /// What the rows with these values cover.
    pub fn coverage(&self, delivered: &[&Values]) -> Result<KnobCoverage, CoveringError> {
        let index = |values: &&Values| -> Option<Vec<usize>> {
            let place = |factor: &covering::Factor| {
                let value = values.get(&factor.name)?;
                factor.values.iter().position(|known| known == value)
            };
            self.model.factors.iter().map(place).collect()
        };
        let rows: Vec<Vec<usize>> = delivered.iter().filter_map(index).collect();
        let Coverage { scopes, .. } = covering::measure(&self.model, &rows)?;
        let base = scopes.into_iter().next();
        let named = |(factor, value): (usize, usize)| {
            let factor = self.model.factors.get(factor)?;
            Some((factor.name.clone(), factor.values.get(value)?.clone()))
        };
        Ok(base.map_or(KnobCoverage { strength: 0, required: 0, covered: 0, missing: None }, |base| {
            KnobCoverage {
                strength: base.strength,
                required: base.required,
                covered: base.covered,
                missing: base.missing_example.map(|missing| missing.into_iter().filter_map(named).collect()),
            }
        }))
    }
}

fn values(model: &Model, row: &[usize]) -> Values {
    let value = |(factor, at): (&covering::Factor, &usize)| {
        (factor.name.clone(), factor.values.get(*at).cloned().unwrap_or_default())
    };
    model.factors.iter().zip(row).map(value).collect()
}

/// A count in so many parts, as even as they can be, the larger ones first.
pub fn shares(count: usize, parts: usize) -> impl Iterator<Item = usize> {
    (0..parts).map(move |at| count / parts.max(1) + usize::from(at < count % parts.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::schema::ScenarioSpec;
    use std::collections::BTreeSet;

    fn scenario(knobs: &str) -> Scenario {
        let spec: ScenarioSpec = toml::from_str(&format!("name = \"n\"\n{knobs}")).unwrap();
        Scenario {
            id: "n".into(),
            spec,
            line: 1,
            template_lines: Vec::new(),
            seeds: Vec::new().into(),
            variants: Vec::new(),
        }
    }

    fn said(knobs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        knobs.iter().map(|(name, list)| ((*name).to_owned(), values(list))).collect()
    }

    fn rows(count: usize, batch: usize) -> KnobRows {
        let knobs = said(&[("a", &["1", "2", "3"]), ("b", &["x", "y"]), ("c", &["p", "q"])]);
        KnobRows::of(&scenario(""), &knobs, (count, batch), 7).unwrap().unwrap()
    }

    #[test]
    fn every_pair_has_a_row_where_the_count_allows() {
        // Three values by two: six rows at least, and no more are needed for three factors.
        let rows = rows(12, 5);
        assert_eq!(rows.rows.iter().map(|(_, share)| share).sum::<usize>(), 12);
        assert!((6..=8).contains(&rows.rows.len()), "{}", rows.rows.len());
        let all: Vec<&Values> = rows.rows.iter().map(|(values, _)| values).collect();
        let coverage = rows.coverage(&all).unwrap();
        // 3·2 + 3·2 + 2·2 pairs.
        assert_eq!((coverage.strength, coverage.required, coverage.covered), (2, 16, 16));
        assert_eq!(coverage.missing, None);
        let half = rows.coverage(&all[..1]).unwrap();
        assert_eq!(half.covered, 3);
        assert!(half.missing.is_some());
    }

    #[test]
    fn fewer_cases_than_rows_have_a_row_each_and_more_than_fit_in_batches_have_further_rows() {
        let few = rows(2, 5);
        assert_eq!(few.rows.iter().map(|(_, share)| *share).collect::<Vec<_>>(), [1, 1]);
        let coverage = few.coverage(&few.rows.iter().map(|(row, _)| row).collect::<Vec<_>>()).unwrap();
        assert_eq!(coverage.covered, 6, "two rows with no pair in common");
        let reached = few.reaching(1.0).unwrap();
        let all: Vec<&Values> = reached.rows.iter().map(|(row, _)| row).collect();
        assert_eq!(reached.coverage(&all).unwrap().covered, 16);
        let half = rows(2, 5).reaching(0.5).unwrap();
        assert_eq!(half.rows.len(), 3, "two rows have 6 of 16, three at least 8");
        let many = rows(24, 2);
        assert_eq!(many.rows.len(), 12, "all combinations there are");
        assert!(many.rows.iter().all(|(_, share)| *share == 2));
        let distinct: BTreeSet<&Values> = many.rows.iter().map(|(row, _)| row).collect();
        assert_eq!(distinct.len(), 12);
        // More than all combinations: rows come again, and are asked for more.
        assert_eq!(rows(50, 2).rows.iter().map(|(_, share)| share).sum::<usize>(), 50);
    }

    #[test]
    fn what_the_command_line_says_goes_before_the_scenario_and_constraints_hold() {
        let own = scenario(
            "template = \"{{ a }} {{ b }}\"\nknobs = { a = [\"1\", \"2\"], b = [\"x\", \"y\"] }\n\
             cover = { constraints = [\"not (a = \\\"1\\\" and b = \\\"y\\\")\"], count = 1 }",
        );
        let rows = KnobRows::of(&own, &BTreeMap::new(), (9, 3), 1).unwrap().unwrap();
        assert_eq!(rows.rows.len(), 3);
        let forbidden = |(row, _): &(Values, usize)| row["a"] == "1" && row["b"] == "y";
        assert!(!rows.rows.iter().any(forbidden));
        let rows = KnobRows::of(&own, &said(&[("b", &["x", "z", "y"])]), (9, 1), 1).unwrap().unwrap();
        assert!(rows.rows.iter().any(|(row, _)| row["b"] == "z"));
        assert!(KnobRows::of(&scenario(""), &BTreeMap::new(), (9, 1), 1).unwrap().is_none());
        let error = KnobRows::of(&own, &said(&[("input", &["x"])]), (9, 1), 1).unwrap_err();
        assert!(error.to_string().contains("a knob cannot be called `input`"), "{error}");
    }

    #[test]
    fn shares_are_even_and_add_up() {
        assert_eq!(shares(24, 5).collect::<Vec<_>>(), [5, 5, 5, 5, 4]);
        assert_eq!(shares(2, 3).collect::<Vec<_>>(), [1, 1, 0]);
        assert_eq!(shares(2, 0).count(), 0);
    }
}
