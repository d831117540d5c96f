//! Which shard `holdline run` is to ask, and what every shard would take.

use super::{CliError, CliResult, Place, bazel};
use crate::exit::Exit;
use crate::report::number;
use crate::run::{Deal, Part, Plan, SHARD_OFF, SHARD_VARIABLE, Shard, Split, shard_of_environment};
use crate::session::{Options, SessionError, plans, select, weights};
use std::io::Write;

/// Arguments about shards.
#[derive(Debug, clap::Args)]
pub struct Division {
    /// Ask only the I-th of N parts; `holdline merge` puts them together and decides. Default: what
    /// `$HOLDLINE_SHARD` says (`off`: everything), or Bazel, GitLab, `CircleCI`, Buildkite or Kubernetes.
    #[arg(long, value_name = "I/N", conflicts_with_all = ["filter", "tag", "last_failed", "matrix", "baseline_runs", "update", "reason", "shards"])]
    shard: Option<Shard>,
    /// Say what each of N shards would ask and how long it would take; with --dry-run.
    #[arg(long, value_name = "N", requires = "dry_run", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub shards: Option<u32>,
    /// Deal the shards by the times accepted with the baselines, so that each takes about as long. All shards
    /// of a run must do so.
    #[arg(long)]
    balance: bool,
}

impl Division {
    /// How the shards are made.
    const fn split(&self) -> Split {
        if self.balance { Split::Balance } else { Split::Hash }
    }

    /// The shard to be asked. Tells Bazel, where it wants to know, that shards are understood.
    pub fn part(
        &self,
        options: &Options,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Part>, CliError> {
        if self.shards.is_some() {
            return Ok(None);
        }
        let usage = |message: String| CliError::Session(SessionError::Usage(message));
        let shard = match self.shard {
            Some(shard) => Some(shard),
            None => shard_of_environment(&lookup).map_err(|error| usage(error.to_string()))?,
        };
        if lookup(SHARD_VARIABLE).is_none_or(|value| value.trim() != SHARD_OFF) {
            bazel::understood(&lookup)?;
        }
        let Some(shard) = shard else {
            // With a single machine there is nothing to balance.
            return Ok(None);
        };
        if options.last_failed || !options.selection.is_everything() {
            return Err(usage(format!(
                "shard {shard} is a part of all cases: leave out --filter, --tag and --last-failed, or ask \
                 everything with {SHARD_VARIABLE}={SHARD_OFF}"
            )));
        }
        Ok(Some(Part { shard, split: self.split() }))
    }

    /// Says what each of so many shards would ask.
    pub fn dry_run(&self, place: &Place, options: &Options, of: u32) -> CliResult {
        let (project, plans) = plans(options)?;
        let plans = select(options, plans)?;
        let weights = weights(options, &plans)?;
        let known = weights.iter().filter(|weight| weight.nanos.is_some()).count();
        let deal = match self.split() {
            Split::Balance => Deal::balanced(&weights, of),
            Split::Hash => Deal::by_hash(&weights, of),
        };
        let mut out = std::io::stdout().lock();
        for (shard, seconds) in Shard::all(of).zip(deal.seconds()) {
            let of_plan = |plan: &Plan| {
                let family = |index: &&u32| plan.cases.family(**index as usize);
                plan.selected.iter().filter(|index| deal.holds(shard, family(index))).count()
            };
            let cases: usize = plans.iter().map(of_plan).sum();
            let cases = number::count(cases, "case", "cases");
            let takes =
                if known > 0 { format!(", about {}", number::seconds(seconds)) } else { String::new() };
            writeln!(out, "shard {shard}: {cases}{takes}")?;
        }
        let families = number::count(weights.len(), "family", "families");
        match known {
            0 => writeln!(out, "no times are accepted yet: all families count alike")?,
            known => writeln!(out, "by the times accepted for {known} of {families}")?,
        }
        place.note_unnamed(options, &project, "run")?;
        writeln!(out, "nothing was asked")?;
        Ok(Exit::Held)
    }
}
