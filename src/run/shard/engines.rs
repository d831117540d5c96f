//! The shard that a CI service asks for, by the variables that it sets.

use super::{MOST, Shard, ShardError};

/// Variable that says which shard to run, as `--shard` does: `2/3`, or [`OFF`].
pub const VARIABLE: &str = "HOLDLINE_SHARD";

/// Value of [`VARIABLE`] that runs everything, whatever a CI service says.
pub const OFF: &str = "off";

/// Variable that says how many shards there are where the service tells only the number of this one.
pub const SHARDS_VARIABLE: &str = "HOLDLINE_SHARDS";

/// How a service tells a job which of several it is.
struct Engine {
    name: &'static str,
    /// Variable with the number of this job.
    index: &'static str,
    /// What the first job is numbered.
    first: u32,
    /// Variable with the number of jobs.
    total: &'static str,
}

/// The services, as their documentation has it: Bazel's test encyclopedia ("Test sharding"), GitLab's
/// predefined variables, `CircleCI`'s built-in variables, Buildkite's parallel jobs, Kubernetes' indexed jobs.
const ENGINES: [Engine; 5] = [
    Engine { name: "Bazel", index: "TEST_SHARD_INDEX", first: 0, total: "TEST_TOTAL_SHARDS" },
    // GitLab sets the total to 1, and no index, for a job without `parallel`.
    Engine { name: "GitLab", index: "CI_NODE_INDEX", first: 1, total: "CI_NODE_TOTAL" },
    Engine { name: "CircleCI", index: "CIRCLE_NODE_INDEX", first: 0, total: "CIRCLE_NODE_TOTAL" },
    Engine {
        name: "Buildkite",
        index: "BUILDKITE_PARALLEL_JOB",
        first: 0,
        total: "BUILDKITE_PARALLEL_JOB_COUNT",
    },
    // Kubernetes tells no total, and an index also to jobs that are about something else.
    Engine { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", first: 0, total: SHARDS_VARIABLE },
];

/// The shard that the environment asks for; `None` where it asks for none, or for the only one there is.
///
/// [`VARIABLE`] goes before what services say, and asks for a shard even where there is only one. A number of
/// jobs without an index is an error; an index without a number of jobs says nothing, and everything is run.
pub fn of_environment(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Shard>, ShardError> {
    let set =
        |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    if let Some(value) = set(VARIABLE) {
        if value == OFF {
            return Ok(None);
        }
        let shard = value.parse();
        return shard
            .map(Some)
            .map_err(|error| ShardError::Variable { variable: VARIABLE, error: Box::new(error) });
    }
    let mut found: Option<(&'static str, Shard)> = None;
    for engine in &ENGINES {
        let Some(shard) = engine.shard(set)? else { continue };
        match found {
            Some(one) if one.1 != shard => {
                return Err(ShardError::Disagree { one, other: (engine.index, shard) });
            }
            _ => found = Some((engine.index, shard)),
        }
    }
    Ok(found.map(|(_, shard)| shard))
}

impl Engine {
    fn shard(&self, set: impl Fn(&str) -> Option<String>) -> Result<Option<Shard>, ShardError> {
        let Some(total) = set(self.total) else { return Ok(None) };
        let of = self.number(self.total, &total)?;
        if of == 0 || of > MOST {
            return Err(self.wrong(self.total, &total, format!("is not from 1 to {MOST}")));
        }
        let index = set(self.index).map(|index| Ok((self.number(self.index, &index)?, index))).transpose()?;
        let Some((number, index)) = index else {
            let Self { index, total, name: engine, .. } = *self;
            return if of == 1 { Ok(None) } else { Err(ShardError::NoIndex { total, index, engine }) };
        };
        let before = number.checked_sub(self.first);
        if let Some(shard) = before.and_then(|before| Shard::new(before.saturating_add(1), of).ok()) {
            return Ok((of > 1).then_some(shard));
        }
        let last = of - 1 + self.first;
        Err(self.wrong(self.index, &index, format!("is not from {} to {last}", self.first)))
    }

    fn number(&self, variable: &'static str, value: &str) -> Result<u32, ShardError> {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { value.parse().ok() } else { None };
        number.ok_or_else(|| self.wrong(variable, value, "is no number".to_owned()))
    }

    fn wrong(&self, variable: &'static str, value: &str, wrong: String) -> ShardError {
        // As it is shown: a terminal gets no control characters.
        ShardError::Number { variable, value: value.escape_debug().to_string(), wrong, engine: self.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Option<Shard>, ShardError> {
        of_environment(|name| {
            variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
        })
    }

    const SECOND: Result<Option<Shard>, ShardError> = Ok(Some(Shard { index: 2, of: 3 }));

    #[test]
    fn every_service_counts_as_it_counts() {
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&[("TEST_SHARD_INDEX", "1"), ("TEST_TOTAL_SHARDS", "3")]), SECOND);
        assert_eq!(of(&[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "3")]), SECOND);
        assert_eq!(of(&[("CIRCLE_NODE_INDEX", "1"), ("CIRCLE_NODE_TOTAL", "3")]), SECOND);
        assert_eq!(of(&[("BUILDKITE_PARALLEL_JOB", "1"), ("BUILDKITE_PARALLEL_JOB_COUNT", "3")]), SECOND);
        assert_eq!(of(&[("JOB_COMPLETION_INDEX", "1"), ("HOLDLINE_SHARDS", "3")]), SECOND);
        assert_eq!(of(&[("HOLDLINE_SHARD", "2/3")]), SECOND);
    }

    #[test]
    fn the_only_job_there_is_runs_everything() {
        assert_eq!(of(&[("CI_NODE_TOTAL", "1")]), Ok(None));
        assert_eq!(of(&[("CI_NODE_TOTAL", "1"), ("CI_NODE_INDEX", "1")]), Ok(None));
        assert_eq!(of(&[("CIRCLE_NODE_INDEX", "0"), ("CIRCLE_NODE_TOTAL", "1")]), Ok(None));
        assert_eq!(of(&[("TEST_SHARD_INDEX", "0"), ("TEST_TOTAL_SHARDS", "1")]), Ok(None));
        // Said outright, one shard is a shard.
        assert_eq!(of(&[("HOLDLINE_SHARD", "1/1")]), Ok(Some(Shard { index: 1, of: 1 })));
        // An indexed job that is about something else.
        assert_eq!(of(&[("JOB_COMPLETION_INDEX", "4")]), Ok(None));
        assert_eq!(of(&[("CI_NODE_INDEX", ""), ("CI_NODE_TOTAL", " ")]), Ok(None));
    }

    #[test]
    fn what_is_said_outright_goes_before_every_service() {
        let nonsense = ("CI_NODE_TOTAL", "many");
        assert_eq!(of(&[("HOLDLINE_SHARD", "2/3"), nonsense]), SECOND);
        assert_eq!(of(&[("HOLDLINE_SHARD", "off"), nonsense]), Ok(None));
        let error = of(&[("HOLDLINE_SHARD", "3/2")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "HOLDLINE_SHARD: there is no shard 3 of 2: I counts from 1 to N, and N is at most 10000"
        );
    }

    #[test]
    fn two_services_may_agree_and_not_differ() {
        let gitlab = [("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "3")];
        let bazel = |index| [("TEST_SHARD_INDEX", index), ("TEST_TOTAL_SHARDS", "3")];
        assert_eq!(of(&[gitlab, bazel("1")].concat()), SECOND);
        let error = of(&[gitlab, bazel("0")].concat()).unwrap_err().to_string();
        assert_eq!(
            error,
            "TEST_SHARD_INDEX says shard 1/3, and CI_NODE_INDEX says shard 2/3; set HOLDLINE_SHARD to the one \
             that is meant"
        );
    }

    #[test]
    fn nonsense_is_told_with_the_variable() {
        for (variables, told) in [
            (
                &[("TEST_SHARD_INDEX", "3"), ("TEST_TOTAL_SHARDS", "3")],
                "TEST_SHARD_INDEX=`3` is not from 0 to 2",
            ),
            (&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "3")], "CI_NODE_INDEX=`0` is not from 1 to 3"),
            (&[("CI_NODE_INDEX", "4"), ("CI_NODE_TOTAL", "3")], "CI_NODE_INDEX=`4` is not from 1 to 3"),
            (&[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "0")], "CI_NODE_TOTAL=`0` is not from 1 to 10000"),
            (&[("CI_NODE_INDEX", "-1"), ("CI_NODE_TOTAL", "3")], "CI_NODE_INDEX=`-1` is no number"),
            (&[("CIRCLE_NODE_INDEX", "1"), ("CIRCLE_NODE_TOTAL", "x")], "CIRCLE_NODE_TOTAL=`x` is no number"),
            (
                &[("OTHER", ""), ("HOLDLINE_SHARDS", "3")],
                "HOLDLINE_SHARDS is set and JOB_COMPLETION_INDEX is not",
            ),
        ] {
            let error = of(variables).unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
        }
    }
}
