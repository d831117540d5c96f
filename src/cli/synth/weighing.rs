//! The arguments of `holdline synth` about what is done with what passed the filter.

use crate::cli::CliError;
use crate::synth::select::constitution::Constitution;
use crate::synth::select::scores::{Axis, Thresholds};
use crate::synth::select::verify::Verifier;
use crate::synth::weigh::Weighing;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What is done with what passed the filter.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Selection")]
pub struct WeighingArgs {
    /// Have a model score every candidate: `all`, or some of `realism`, `clarity`, `difficulty` and `in_scope`.
    /// Those below the middle in realism or scope are rejected.
    #[arg(long, value_name = "AXIS,…", num_args = 0..=1, default_missing_value = "all", require_equals = true)]
    score: Option<Axes>,
    /// The least score on an axis, from 0 to 1, such as `clarity=0.5`; may be repeated. Scores are asked for.
    #[arg(long, value_name = "AXIS=SHARE")]
    min: Vec<Least>,
    /// The model that scores, as `[models]` names it, and in rotation beside others or not: best not the one that
    /// writes. Default: those in rotation.
    #[arg(long, value_name = "NAME")]
    scorer: Option<String>,
    /// A file with principles that every candidate is held to: `principles = [{ id = "…", text = "…" }]`.
    #[arg(long, value_name = "FILE")]
    constitution: Option<PathBuf>,
    /// Ask for so many candidates for each that is wanted, and keep the best by its scores.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    best_of: u8,
    /// The mean quality that is to be reached, from 0 to 1: the worst are rejected until it is.
    #[arg(long, value_name = "SHARE", value_parser = super::share)]
    quality: Option<f64>,
    /// A program that verifies every candidate, then its arguments, one `--verify` each: it reads JSON and writes
    /// `{"pass": true}` or `{"pass": false, "reason": "…"}`.
    #[arg(long, value_name = "WORD", allow_hyphen_values = true)]
    verify: Vec<String>,
    /// Have every question solved so many times, at least 3, and keep it where most solutions agree: with that
    /// answer as its reference, or with its own where it has one.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=25))]
    solve: Option<u32>,
    /// With `--solve`: a solution by another route must come to the same.
    #[arg(long, requires = "solve")]
    second_route: bool,
}

/// What is scored.
#[derive(Debug, Clone)]
struct Axes(Vec<Axis>);

impl FromStr for Axes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self(Axis::ALL.to_vec()));
        }
        let mut axes: Vec<Axis> = text.split(',').map(|name| axis(name.trim())).collect::<Result<_, _>>()?;
        axes.sort_unstable();
        axes.dedup();
        Ok(Self(axes))
    }
}

/// The least score on an axis.
#[derive(Debug, Clone)]
struct Least(Axis, f64);

impl FromStr for Least {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, share) = text.split_once('=').ok_or("write AXIS=SHARE, such as clarity=0.5")?;
        match share.trim().parse() {
            Ok(share) if (0.0..=1.0).contains(&share) => Ok(Self(axis(name.trim())?, share)),
            _ => Err(format!("the least score on `{name}` is a number from 0 to 1")),
        }
    }
}

fn axis(name: &str) -> Result<Axis, String> {
    Axis::of_name(name).ok_or_else(|| {
        let known: Vec<&str> = Axis::ALL.iter().map(|axis| axis.name()).collect();
        format!("there is no axis `{name}`; there are {}, and `all`", known.join(", "))
    })
}

impl WeighingArgs {
    /// What is asked for. A program runs in the root.
    pub fn weighing(&self, root: &Path) -> Result<Weighing, CliError> {
        let needs_scores = !self.min.is_empty() || self.best_of > 1 || self.quality.is_some();
        let mut axes = match &self.score {
            Some(axes) => axes.0.clone(),
            None if needs_scores => Axis::ALL.to_vec(),
            None => Vec::new(),
        };
        axes.extend(self.min.iter().map(|least| least.0));
        axes.sort_unstable();
        axes.dedup();
        let mut thresholds = Thresholds::default().0;
        thresholds.extend(self.min.iter().map(|Least(axis, share)| (*axis, *share)));
        thresholds.retain(|axis, _| axes.contains(axis));
        if self.quality.is_some() && !axes.iter().any(|axis| Axis::QUALITY.contains(axis)) {
            let why =
                "`--quality` needs scores for realism, clarity or in_scope, and `--score` names none of them";
            return Err(CliError::Usage(why.to_owned()));
        }
        let constitution = self.constitution.as_ref().map(|file| Constitution::load(file)).transpose();
        Ok(Weighing {
            axes,
            thresholds,
            scorer: self.scorer.clone(),
            constitution: constitution.map_err(|error| CliError::Usage(error.to_string()))?,
            best_of: self.best_of.into(),
            quality: self.quality,
            verifier: Verifier::new(&self.verify, root, None),
            solve: self.solve.map(|samples| (samples, self.second_route)),
        })
    }
}
