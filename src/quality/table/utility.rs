//! What training on the synthetic table is worth: models trained on it against models trained on real
//! rows, tested on the same real rows.

use super::data::{Column, Data, place};
use super::features::{Matrix, Plan};
use super::figure::Figure;
use super::linear::Linear;
use super::pair::spearman;
use super::report::{Importance, ModelFigures, Scores, Training};
use super::stream::Stream;
use super::tree::{Cart, Feature, Targets};
use crate::metric::Confusion;

/// Rows that are trained on, or tested, at most.
const MAX_ROWS: usize = 20_000;
/// Rows that a training, and a test, need.
const MIN_TRAINED: usize = 20;
const MIN_TESTED: usize = 10;
/// Most classes.
const MAX_CLASSES: usize = 50;
/// A model that gains less over the guess has learnt nothing that could be kept.
const LEARNT: f64 = 0.01;
/// Of a table without a holdout, the share of rows that the models are tested on.
const TESTED: f64 = 0.3;

/// What comes of it, and remarks on how. `named` is the target where one is named.
pub(super) fn training(data: &Data, named: Option<&str>) -> (Training, Vec<String>) {
    let mut notes = Vec::new();
    let target = match named {
        Some(name) => data.columns.iter().find(|column| column.name == name),
        None => data.used().last(),
    };
    let Some(target) = target else {
        return (nothing(None, "no column can be predicted"), notes);
    };
    let rows = Rows::new(data, target);
    if let Err(reason) = rows.suffice(target) {
        return (nothing(Some(target), &reason), notes);
    }
    let features: Vec<&Column> = data.used().filter(|column| column.name != target.name).collect();
    if features.is_empty() {
        return (nothing(Some(target), "there is no other column to predict it from"), notes);
    }
    let (plan, left_out) = Plan::new(&features, &rows.real);
    if left_out > 0 {
        notes.push(format!(
            "The linear model knows no more than the first {} columns.",
            features.len() - left_out
        ));
    }
    let task = Task { target, features: &features, rows: &rows, in_holdout: data.has_holdout };
    let models = vec![task.linear(&plan), task.tree()];
    let training = Training {
        target: Some(target.name.clone()),
        task: Some(if target.kind.is_numeric() { "regression" } else { "classification" }),
        reason: None,
        tested_on: if data.has_holdout {
            "the holdout".to_owned()
        } else {
            "three tenths of the real table, which the model of real rows was not trained on".to_owned()
        },
        real_rows: rows.real.len(),
        synth_rows: rows.synth.len(),
        test_rows: rows.test.len(),
        guess: task.guess(),
        models,
    };
    (training, notes)
}

fn nothing(target: Option<&Column>, reason: &str) -> Training {
    let none = || Figure::none(reason.to_owned());
    Training {
        target: target.map(|column| column.name.clone()),
        task: None,
        reason: Some(reason.to_owned()),
        tested_on: "nothing".to_owned(),
        real_rows: 0,
        synth_rows: 0,
        test_rows: 0,
        guess: Scores { r2: none(), mae: none(), rmse: none(), accuracy: none(), macro_f1: none() },
        models: Vec::new(),
    }
}

/// Rows with a value of the target: of REAL and SYNTH to train on, and of the holdout or of REAL to test.
struct Rows {
    real: Vec<usize>,
    synth: Vec<usize>,
    test: Vec<usize>,
}

impl Rows {
    fn new(data: &Data, target: &Column) -> Self {
        let some = |name: &str, values: &[f64]| {
            let rows: Vec<usize> = (0..values.len()).filter(|row| !values[*row].is_nan()).collect();
            let drawn = Stream::new(&format!("{name} rows of the models")).sample(rows.len(), MAX_ROWS);
            drawn.into_iter().map(|at| rows[at]).collect::<Vec<_>>()
        };
        let (real, synth) = (some("real", &target.real.values), some("synthetic", &target.synth.values));
        if data.has_holdout {
            return Self { real, synth, test: some("holdout", &target.holdout.values) };
        }
        let tested = place((real.len() as f64 * TESTED).round());
        let drawn = Stream::new("rows of the test").sample(real.len(), tested);
        let mut is_tested = vec![false; real.len()];
        for at in &drawn {
            is_tested[*at] = true;
        }
        let part = |wanted: bool| {
            let rows = real.iter().zip(&is_tested);
            rows.filter(|(_, tested)| **tested == wanted).map(|(row, _)| *row).collect()
        };
        Self { test: part(true), real: part(false), synth }
    }

    fn suffice(&self, target: &Column) -> Result<(), String> {
        let name = format!("the target `{}`", crate::report::escape::shortened(&target.name, 60));
        if !target.kind.is_used() {
            return Err(format!("{name} has no value in any row"));
        }
        if target.labels.len() > MAX_CLASSES {
            return Err(format!(
                "{name} has {} values, more than the {MAX_CLASSES} that are told apart",
                target.labels.len()
            ));
        }
        for (rows, least, what) in [
            (self.real.len(), MIN_TRAINED, "real rows to train on"),
            (self.synth.len(), MIN_TRAINED, "synthetic rows to train on"),
            (self.test.len(), MIN_TESTED, "real rows to test on"),
        ] {
            if rows < least {
                return Err(format!("there are {rows} {what} with {name}, and it takes {least}"));
            }
        }
        Ok(())
    }
}

struct Task<'a> {
    target: &'a Column,
    features: &'a [&'a Column],
    rows: &'a Rows,
    in_holdout: bool,
}

/// The tables that rows are of.
#[derive(Clone, Copy)]
enum From {
    Real,
    Synth,
    Test,
}

impl Task<'_> {
    fn rows(&self, from: From) -> &[usize] {
        match from {
            From::Real => &self.rows.real,
            From::Synth => &self.rows.synth,
            From::Test => &self.rows.test,
        }
    }

    fn values<'a>(&self, column: &'a Column, from: From) -> &'a [f64] {
        match from {
            From::Synth => &column.synth.values,
            From::Test if self.in_holdout => &column.holdout.values,
            From::Real | From::Test => &column.real.values,
        }
    }

    fn targets(&self, from: From) -> Vec<f64> {
        let values = self.values(self.target, from);
        self.rows(from).iter().map(|row| values[*row]).collect()
    }

    fn classes(&self, from: From) -> Vec<usize> {
        self.targets(from).into_iter().map(place).collect()
    }

    fn is_regression(&self) -> bool {
        self.target.kind.is_numeric()
    }

    /// The mean, or the most frequent value, of the real rows.
    fn guess(&self) -> Scores {
        let predicted = if self.is_regression() {
            mean(&self.targets(From::Real))
        } else {
            let mut counts = vec![0_usize; self.target.labels.len()];
            self.classes(From::Real).iter().for_each(|class| counts[*class] += 1);
            (0..counts.len()).rev().max_by_key(|class| counts[*class]).unwrap_or(0) as f64
        };
        self.score(&vec![predicted; self.rows.test.len()])
    }

    fn linear(&self, plan: &Plan) -> ModelFigures {
        let matrix = |from| {
            let columns: Vec<&[f64]> = self.features.iter().map(|column| self.values(column, from)).collect();
            plan.matrix(&columns, self.rows(from))
        };
        let test = matrix(From::Test);
        let origins = plan.origins();
        let [real, synth] = [From::Real, From::Synth].map(|from| {
            let (predicted, model) = self.fit_linear(&matrix(from), &test, from);
            (predicted, model.importance(&test, self.rows.test.len(), &origins, self.features.len()))
        });
        self.figures("linear", &real, &synth)
    }

    fn fit_linear(&self, x: &Matrix, test: &Matrix, from: From) -> (Vec<f64>, Linear) {
        let rows = 0..self.rows.test.len();
        if self.is_regression() {
            let (y, centre) = centred(self.targets(from));
            let model = Linear::regression(x, &y);
            (rows.map(|row| model.predict(test.row(row))[0] + centre).collect(), model)
        } else {
            let model = Linear::classification(x, &self.classes(from), self.target.labels.len());
            let most = |row| {
                let scores = model.predict(test.row(row));
                (0..scores.len()).rev().max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0) as f64
            };
            (rows.map(most).collect(), model)
        }
    }

    fn tree(&self) -> ModelFigures {
        let [real, synth] = [From::Real, From::Synth].map(|from| {
            let values: Vec<Vec<f64>> = self
                .features
                .iter()
                .map(|column| self.rows(from).iter().map(|row| self.values(column, from)[*row]).collect())
                .collect();
            let features: Vec<Feature> = values
                .iter()
                .zip(self.features)
                .map(|(values, column)| Feature { values, categorical: column.kind.is_categorical() })
                .collect();
            let (y, centre) =
                if self.is_regression() { centred(self.targets(from)) } else { (Vec::new(), 0.0) };
            let classes = if self.is_regression() { Vec::new() } else { self.classes(from) };
            let targets = if self.is_regression() {
                Targets::Numbers(&y)
            } else {
                Targets::Classes(&classes, self.target.labels.len())
            };
            let tree = Cart::grow(&features, targets);
            let predicted = self.rows.test.iter().map(|row| {
                tree.predict(|column| self.values(self.features[column], From::Test)[*row]) + centre
            });
            (predicted.collect(), tree.importance().to_vec())
        });
        self.figures("tree", &real, &synth)
    }

    fn figures(
        &self,
        model: &'static str,
        real: &(Vec<f64>, Vec<f64>),
        synth: &(Vec<f64>, Vec<f64>),
    ) -> ModelFigures {
        let (of_real, of_synth, guess) = (self.score(&real.0), self.score(&synth.0), self.guess());
        let main =
            |scores: &Scores| if self.is_regression() { scores.r2.clone() } else { scores.accuracy.clone() };
        // R² of the guess is about 0; it is reckoned as exactly that, so that it needs no explaining.
        let base = if self.is_regression() { Figure::of(0.0) } else { main(&guess) };
        let gained = main(&of_real).with(&base, |score, base| score - base);
        let kept = match gained.value {
            Some(gain) if gain < LEARNT => {
                Figure::none("the model trained on real rows does no better than the guess")
            }
            _ => main(&of_synth)
                .with(&base, |score, base| score - base)
                .with(&gained, |kept, gain| kept / gain),
        };
        let agreement = if self.features.len() < 3 {
            Figure::none("an order needs three columns at least")
        } else {
            spearman(&real.1, &synth.1)
        };
        ModelFigures {
            model,
            trained_on_real: of_real,
            trained_on_synth: of_synth,
            kept,
            importance_agreement: agreement,
            importance_real: self.importance(&real.1),
            importance_synth: self.importance(&synth.1),
        }
    }

    /// The columns, the most important first, as shares.
    fn importance(&self, of: &[f64]) -> Vec<Importance> {
        let whole: f64 = of.iter().sum();
        let mut all: Vec<Importance> = self
            .features
            .iter()
            .zip(of)
            .map(|(column, part)| Importance {
                column: column.name.clone(),
                share: if whole > 0.0 && whole.is_finite() { part / whole } else { 0.0 },
            })
            .collect();
        all.sort_by(|a, b| b.share.total_cmp(&a.share));
        all
    }

    /// How well the test is predicted.
    fn score(&self, predicted: &[f64]) -> Scores {
        if self.is_regression() {
            regression(&self.targets(From::Test), predicted)
        } else {
            self.classification(predicted)
        }
    }

    fn classification(&self, predicted: &[f64]) -> Scores {
        let truth = self.classes(From::Test);
        let label = |place: usize| self.target.labels[place].as_str();
        let mut present: Vec<usize> = truth.clone();
        present.sort_unstable();
        present.dedup();
        let labels: Vec<String> = present.iter().map(|class| label(*class).to_owned()).collect();
        let pairs =
            truth.iter().zip(predicted).map(|(truth, guess)| (label(*truth), Some(label(place(*guess)))));
        let confusion = Confusion::count(&labels, pairs);
        let figure = |value: Option<f64>| value.map_or_else(|| Figure::none("no row was tested"), Figure::of);
        let none = || Figure::none("the target is one of a set of values");
        Scores {
            r2: none(),
            mae: none(),
            rmse: none(),
            accuracy: figure(confusion.accuracy()),
            macro_f1: figure(confusion.macro_averages().map(|averages| averages.f1)),
        }
    }
}

fn regression(truth: &[f64], predicted: &[f64]) -> Scores {
    let n = truth.len() as f64;
    let errors: Vec<f64> = truth.iter().zip(predicted).map(|(truth, guess)| truth - guess).collect();
    let squares: f64 = errors.iter().map(|error| error * error).sum();
    let centre = mean(truth);
    let all: f64 = truth.iter().map(|value| (value - centre).powi(2)).sum();
    let none = || Figure::none("the target is a number");
    Scores {
        r2: if all == 0.0 {
            Figure::none("the target is constant in the test")
        } else {
            Figure::of(1.0 - squares / all)
        },
        mae: Figure::of(errors.iter().map(|error| error.abs()).sum::<f64>() / n),
        rmse: Figure::of((squares / n).sqrt()),
        accuracy: none(),
        macro_f1: none(),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The values less their mean, and the mean.
fn centred(mut values: Vec<f64>) -> (Vec<f64>, f64) {
    let centre = mean(&values);
    for value in &mut values {
        *value -= centre;
    }
    (values, centre)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::{data, data_with};
    use std::fmt::Write;

    /// `y` is twice `x` and 10 more for red, with `factor` for 2; `class` says whether `x` is high.
    fn table(from: u32, factor: u32) -> String {
        let mut text = "x,colour,noise,class,y\n".to_owned();
        for at in from..from + 60 {
            let (x, colour) = (at * 37 % 60, if at % 3 == 0 { "red" } else { "blue" });
            let y = factor * x + if colour == "red" { 10 } else { 0 };
            let class = if x >= 30 { "high" } else { "low" };
            let _ = writeln!(text, "{x}.5,{colour},{},{class},{y}", at * 7919 % 101);
        }
        text
    }

    #[test]
    fn r2_and_errors_by_hand() {
        let scores = regression(&[1.0, 2.0, 3.0], &[1.0, 2.0, 5.0]);
        assert_eq!((scores.r2.value, scores.mae.value), (Some(-1.0), Some(2.0 / 3.0)));
        assert!((scores.rmse.value.unwrap() - (4.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(regression(&[2.0, 2.0], &[1.0, 2.0]).r2.reason.is_some());
    }

    #[test]
    fn a_table_that_keeps_the_rule_keeps_what_is_learnt() {
        let (found, _) = training(&data_with(&table(0, 2), &table(100, 2), &table(31, 2)), None);
        assert_eq!((found.target.as_deref(), found.task), (Some("y"), Some("regression")));
        assert_eq!((found.real_rows, found.synth_rows, found.test_rows), (60, 60, 60));
        for model in &found.models {
            assert!(model.kept.value.unwrap() > 0.95, "{model:?}");
            assert_eq!(model.importance_synth[0].column, "x");
        }
        assert!(found.models[0].trained_on_synth.r2.value.unwrap() > 0.999, "the rule is linear");
    }

    #[test]
    fn a_table_that_breaks_the_rule_is_worth_less() {
        let upside_down = table(0, 2).replace("high", "HIGH").replace("low", "high").replace("HIGH", "low");
        let (found, _) = training(&data(&table(0, 2), &upside_down), Some("class"));
        assert_eq!(found.task, Some("classification"));
        assert_eq!((found.real_rows, found.test_rows), (42, 18));
        for model in &found.models {
            assert!(model.trained_on_real.accuracy.value.unwrap() > 0.8, "{model:?}");
            assert!(model.kept.value.unwrap() < 0.0, "worse than the guess: {model:?}");
        }
    }

    #[test]
    fn what_cannot_be_trained_says_why() {
        let few = "x,y\n1,2\n2,3\n";
        let (found, _) = training(&data(few, few), None);
        assert!(found.reason.unwrap().contains("1 real rows to train on") || found.models.is_empty());
        let alone = format!("y\n{}", "1\n2\n4\n".repeat(30));
        let (found, _) = training(&data(&alone, &alone), None);
        assert!(found.reason.unwrap().contains("no other column"));
    }
}
