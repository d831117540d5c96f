//! `holdline.toml`, at the root of a project: what belongs to the build and not to one suite.

use super::diagnostic::{Diagnostic, Diagnostics, quote};
use super::document::Document;
use super::files::{MAX_SUITE, read};
use super::nearest::nearest;
use super::quantity::Duration;
use super::schema::judge::ModelSpec;
use super::schema::{CacheSpec, SynthSpec};
use super::shape::Shape;
use crate::target::Usage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Name of the file.
pub const FILE: &str = "holdline.toml";
/// The JSON schema of the file, made from [`Project`].
pub const SCHEMA: &str = include_str!("../../schema/project.json");

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::new(SCHEMA));

/// What holds for all suites of a project. Every key may be absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Project {
    /// Share of builds that may fail although nothing got worse: above 0 and below 0.5.
    pub alpha: f64,
    /// The money that prices and costs are in.
    pub currency: String,
    /// Prices by the model's name, as it comes back in answers.
    pub prices: BTreeMap<String, Price>,
    /// What a run over all its suites may take.
    pub budget: BudgetSpec,
    /// Folder of the suites, relative to this file.
    pub suites: String,
    /// Folder of the accepted baselines, relative to this file.
    pub baselines: String,
    /// Where answers are kept so that they need not be asked for again.
    pub cache: CacheSpec,
    /// Models that judges and generators ask, by the names that they know them by.
    pub models: BTreeMap<String, ModelSpec>,
    /// How cases are written by models.
    pub synth: SynthSpec,
}

/// What a run over all its suites may take. What is not asked by then makes it incomplete (exit 4).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSpec {
    /// Most that all answers may cost, in `currency`. Needs prices, and answers that tell their usage.
    pub max_cost: Option<f64>,
    /// Most tokens that may be used, read and written together. Needs answers that tell their usage.
    pub max_tokens: Option<u64>,
    /// Limit on the time of the run.
    pub max_time: Option<Duration>,
}

/// What a model costs, for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// A million tokens read.
    pub input: f64,
    /// A million tokens written.
    pub output: f64,
}

impl BudgetSpec {
    /// The first limit that leaves nothing, with its value in words.
    pub fn nothing(&self) -> Option<(&'static str, String)> {
        let none = |cost: &f64| !(cost.is_finite() && *cost > 0.0);
        self.max_cost
            .filter(none)
            .map(|cost| ("max_cost", cost.to_string()))
            .or_else(|| {
                self.max_tokens.filter(|most| *most == 0).map(|most| ("max_tokens", most.to_string()))
            })
            .or_else(|| {
                let time = self.max_time.filter(|time| time.get().is_zero())?;
                Some(("max_time", time.to_string()))
            })
    }
}

impl Default for Project {
    fn default() -> Self {
        Self {
            alpha: 0.05,
            currency: "USD".into(),
            prices: BTreeMap::new(),
            budget: BudgetSpec::default(),
            suites: "suites".into(),
            baselines: "baselines".into(),
            cache: CacheSpec::default(),
            models: BTreeMap::new(),
            synth: SynthSpec::default(),
        }
    }
}

impl Project {
    /// Reads the project's file; without one, everything has its default.
    pub fn load(root: &Path) -> Result<Self, Diagnostics> {
        let path = root.join(FILE);
        if !path.try_exists().unwrap_or(true) {
            return Ok(Self::default());
        }
        let (source, _) = read(&path, FILE, MAX_SUITE)?;
        let mut out = Diagnostics::default();
        let Some(mut document) = Document::parse(source, &mut out) else { return Err(out) };
        SHAPE.check(&mut document, &mut out);
        let project: Self = match serde_json::from_value(document.root.to_value()) {
            Ok(project) => project,
            Err(error) => {
                let what = format!("this file cannot be read: {error}");
                let spot = document.source.spot(document.root.span.clone());
                out.push(Diagnostic::new("unreadable-project", what).at(spot));
                return Err(out);
            }
        };
        project.check(&document, &mut out);
        out.or(project)
    }

    fn check(&self, document: &Document, out: &mut Diagnostics) {
        let root = &document.root;
        let wrong =
            |code, message: String, span| Diagnostic::new(code, message).at(document.source.spot(span));
        if !(self.alpha > 0.0 && self.alpha < 0.5) {
            let what = format!("`alpha` cannot be {}", self.alpha);
            let span = root.field("alpha").span.clone();
            out.push(
                wrong("out-of-range", what, span)
                    .help("write a number above 0 and below 0.5, such as `0.05`"),
            );
        }
        for (key, text) in
            [("currency", &self.currency), ("suites", &self.suites), ("baselines", &self.baselines)]
        {
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                let span = root.field(key).span.clone();
                let help = format!("write a word, or leave `{key}` out");
                out.push(wrong("empty-text", format!("`{key}` says nothing"), span).help(help));
            }
        }
        let budget = root.field("budget");
        if let Some((key, nothing)) = self.budget.nothing() {
            let what = format!("`{key}` cannot be {nothing}");
            let span = budget.field(key).span.clone();
            let help = format!("write what the run may take, or leave `{key}` out");
            out.push(wrong("out-of-range", what, span).help(help));
        }
        for (model, price) in &self.prices {
            let node = root.field("prices").field(model);
            for (key, value) in [("input", price.input), ("output", price.output)] {
                if value < 0.0 {
                    let what = format!("the price of a model cannot be {value}");
                    let span = node.field(key).span.clone();
                    out.push(wrong("out-of-range", what, span).help("write what a million tokens cost"));
                }
            }
        }
        let node = root.field("cache");
        if self.cache.folder.trim().is_empty() || self.cache.folder.chars().any(char::is_control) {
            let bad = wrong("empty-text", "`folder` says nothing".into(), node.field("folder").span.clone());
            out.push(bad.help("write a folder, or leave `folder` out"));
        }
        if let Some(remote) = self.cache.remote.as_ref().filter(|_| self.cache.bucket().is_none()) {
            let what = format!("{} is not the address of a bucket", quote(remote));
            let bad = wrong("bad-address", what, node.field("remote").span.clone());
            out.push(bad.help("write `s3://bucket/prefix`; its endpoint comes from the environment"));
        }
        for (at, model) in self.synth.models.iter().enumerate() {
            let span = root.field("synth").field("models").item(at).span.clone();
            if !self.models.contains_key(model) {
                let what = format!("no model is called {}", quote(model));
                let near = nearest(model, self.models.keys().map(String::as_str));
                let help = near.map_or_else(
                    || format!("describe it: `[models.{model}]` with `base_url` and `model`"),
                    |near| format!("did you mean {}?", quote(near)),
                );
                out.push(wrong("unknown-model", what, span).help(help));
            } else if self.synth.models[..at].contains(model) {
                let what = format!("the model {} is there twice", quote(model));
                out.push(wrong("duplicate-value", what, span).help("keep one of them"));
            }
        }
        if self.cache.timeout.get().is_zero() {
            let what = format!("`timeout` cannot be {}", self.cache.timeout);
            let bad = wrong("out-of-range", what, node.field("timeout").span.clone());
            out.push(bad.help("write a time such as `\"2s\"`, or leave `timeout` out"));
        }
    }

    /// What an answer cost, where the price of its model is known.
    pub fn price(&self, model: &str, usage: Usage) -> Option<f64> {
        let price = self.prices.get(model)?;
        let million = 1_000_000.0;
        Some(
            usage.input_tokens as f64 / million * price.input
                + usage.output_tokens as f64 / million * price.output,
        )
    }
}

/// The root of the project that `start` lies in: the nearest folder upwards with a `holdline.toml`, or
/// else with a folder `suites`, or else `start` itself. Only a root above `start` is an absolute path.
pub fn find_root(start: &Path) -> PathBuf {
    // The ancestors of a relative path end where it begins.
    let whole = std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
    let up = |has: &dyn Fn(&Path) -> bool| whole.ancestors().find(|folder| has(folder));
    match up(&|folder| folder.join(FILE).is_file()).or_else(|| up(&|folder| folder.join("suites").is_dir())) {
        Some(root) if root != whole => root.to_owned(),
        _ => start.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Project, Diagnostics> {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join(FILE), text).unwrap();
        Project::load(root.path())
    }

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::suite::published::check::<Project>("project.json", SCHEMA, "Holdline project");
    }

    #[test]
    fn everything_has_a_default() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(Project::load(root.path()), Ok(Project::default()));
        assert_eq!(load(""), Ok(Project::default()));
    }

    #[test]
    fn a_price_is_for_a_million_tokens() {
        let project = load("[prices.\"gpt-x\"]\ninput = 3.0\noutput = 15\n").unwrap();
        let usage = Usage { input_tokens: 2_000_000, output_tokens: 100_000 };
        assert_eq!(project.price("gpt-x", usage), Some(7.5));
        assert_eq!(project.price("gpt-y", usage), None);
    }

    #[test]
    fn mistakes_are_told_together() {
        let mistakes = load(
            "alpah = 0.1\ncurrency = \"\"\n[prices.m]\ninput = -1\n[prices.n]\ninput = 1\noutput = -2\n",
        )
        .unwrap_err();
        let told: Vec<_> = mistakes.iter().map(|d| (d.spot.as_ref().unwrap().line, d.code)).collect();
        assert_eq!(told, [(1, "unknown-key"), (2, "empty-text"), (3, "missing-key"), (7, "out-of-range")]);
        for alpha in ["0", "0.5", "-1", "nan"] {
            assert!(load(&format!("alpha = {alpha}\n")).is_err(), "{alpha}");
        }
    }

    #[test]
    fn a_cache_has_its_limits_and_a_bucket_behind_it() {
        let project =
            load("[cache]\nmax_size = \"2MiB\"\nmax_age = \"7d\"\nremote = \"s3://team/x\"\n").unwrap();
        assert_eq!(
            (project.cache.max_size.bytes(), project.cache.max_age.get().as_secs()),
            (2_097_152, 604_800)
        );
        assert_eq!(
            (project.cache.folder.as_str(), project.cache.bucket()),
            (".holdline/cache", Some(("team", "x")))
        );
        let mistakes =
            load("[cache]\nfolder = \" \"\nremote = \"http://x\"\ntimeout = \"0s\"\n").unwrap_err();
        let told: Vec<_> = mistakes.iter().map(|d| (d.spot.as_ref().unwrap().line, d.code)).collect();
        assert_eq!(told, [(2, "empty-text"), (3, "bad-address"), (4, "out-of-range")]);
    }

    #[test]
    fn models_that_write_cases_are_known_and_there_once() {
        let models = "[models.small]\nbase_url = \"http://h\"\nmodel = \"m\"\n";
        let project = load(&format!("{models}[synth]\nmodels = [\"small\"]\n")).unwrap();
        assert_eq!(project.synth.models, ["small"]);
        let wrong =
            load(&format!("{models}[synth]\nmodels = [\"small\", \"smal\", \"small\"]\n")).unwrap_err();
        let told: Vec<_> = wrong.iter().map(|d| (d.spot.as_ref().unwrap().line, d.code)).collect();
        assert_eq!(told, [(5, "unknown-model"), (5, "duplicate-value")]);
    }

    #[test]
    fn the_root_is_the_nearest_folder_with_a_project_or_suites() {
        let top = tempfile::tempdir().unwrap();
        let inner = top.path().join("a/b/c");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(top.path().join("a/b/suites")).unwrap();
        assert_eq!(find_root(&inner), top.path().join("a/b"));
        std::fs::write(top.path().join("a").join(FILE), "").unwrap();
        assert_eq!(find_root(&inner), top.path().join("a"));
    }
}
