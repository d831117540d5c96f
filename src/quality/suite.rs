//! How good the cases of a suite are: eight figures from 0 to 100, each with the parts it is made of and
//! the cases that cost the most, and one overall.
//!
//! It measures and never gates: a suite of attacks is rightly full of outliers, and one that holds a
//! single behaviour is rightly uneven. A figure that does not apply has no score and stays out of the
//! overall one, which is the plain mean of the others.
//!
//! Variants resemble their seed by design, so what is about variety looks at the first case of each
//! *family*, and a case is a near duplicate, or repeats a passage, only across families.

mod apart;
mod completeness;
mod diversity;
mod dominance;
mod duplicates;
mod figure;
mod item;
mod length;
mod page;
mod repetition;
mod shares;
mod sources;
mod words;

pub use figure::{Figure, Offender, Part};
pub use item::{Item, Source, items};
pub use page::page;

use crate::run::Plan;
use serde::Serialize;
use std::collections::HashSet;

/// What the quality of a suite is worked out from.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// Labels that the suite declares.
    pub labels: Vec<String>,
    /// Ids of its scenarios.
    pub scenarios: Vec<String>,
    /// Its cases, in the order of the suite.
    pub items: Vec<Item>,
}

impl Material {
    /// The material of a plan: all of its cases, selected or not.
    pub fn of(plan: &Plan) -> std::io::Result<Self> {
        Ok(Self {
            labels: plan.suite.spec.labels.clone(),
            scenarios: plan.suite.scenarios.iter().map(|scenario| scenario.id.clone()).collect(),
            items: items(plan)?,
        })
    }

    /// The first case of each family.
    fn families(&self) -> Vec<&Item> {
        let mut seen = HashSet::new();
        self.items.iter().filter(|item| seen.insert(item.family)).collect()
    }
}

/// The quality of a suite.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuiteQuality {
    /// Mean of the figures that apply, 0–100; none where no figure does.
    pub overall: Option<f64>,
    /// How many cases were looked at.
    pub cases: usize,
    /// How many families they form.
    pub families: usize,
    /// The figures, always in the same order.
    pub figures: Vec<Figure>,
}

/// Works out the quality of a suite. The same material gives the same figures for any number of
/// threads.
pub fn assess(material: &Material, threads: usize) -> SuiteQuality {
    let families = material.families();
    let figures = vec![
        completeness::figure(material, &families),
        duplicates::figure(material, threads),
        diversity::figure(material, &families),
        dominance::figure(material, &families),
        repetition::figure(material),
        length::figure(&families),
        sources::figure(material),
        apart::figure(material),
    ];
    let scores: Vec<f64> = figures.iter().filter_map(|figure| figure.score).collect();
    SuiteQuality {
        overall: figure::mean(&scores),
        cases: material.items.len(),
        families: families.len(),
        figures,
    }
}
