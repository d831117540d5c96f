//! `holdline quality table`: against `SDMetrics` (`golden/sdmetrics.json`, made by `.ci/sdmetrics.py`
//! from the tables beside it), against brute force, and on odd input.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::quality::table::{Compared, Figure, Kind, Options, Report, Table, measure, page};
use holdline::report::Style;
use holdline::suite::diagnostic::Source;
use project::{Project, Ran};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

const TOLERANCE: f64 = 1e-9;

fn table(name: &str, text: &str) -> Table {
    Table::parse(&Source::new(name, text.to_owned())).unwrap()
}

fn golden_table(name: &str) -> Table {
    let path = format!("{}/tests/golden/tables/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    Table::read(Path::new(&path), &format!("{name}.csv")).unwrap()
}

fn measured(real: &Table, synth: &Table, holdout: Option<&Table>) -> Report {
    measure(real, synth, holdout, &Options::default()).unwrap()
}

#[track_caller]
fn close(what: &str, found: &Figure, expected: &Value, tolerance: f64) {
    match (found.value, expected.as_f64()) {
        (Some(found), Some(expected)) => {
            assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected}");
        }
        (None, None) => assert!(found.reason.is_some(), "{what}"),
        (found, _) => panic!("{what}: {found:?}, not {expected}"),
    }
}

#[test]
fn shared_definitions_give_the_figures_of_sdmetrics() {
    let golden: Value = serde_json::from_str(include_str!("golden/sdmetrics.json")).unwrap();
    let tables = golden["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 4);
    for expected in tables {
        let name = expected["table"].as_str().unwrap();
        let report =
            measured(&golden_table(&format!("{name}-real")), &golden_table(&format!("{name}-synth")), None);
        let fidelity = &report.fidelity;
        let columns = expected["columns"].as_array().unwrap();
        assert_eq!((columns.len(), fidelity.columns.len()), (7, 7), "{name}");
        for (expected, found) in columns.iter().zip(&fidelity.columns) {
            let what = |figure: &str| format!("{name} {} {figure}", found.name);
            assert_eq!(expected["column"], found.name);
            close(&what("coverage"), &found.coverage, &expected["coverage"], TOLERANCE);
            if found.kind.is_numeric() {
                close(&what("KS"), &found.ks_complement, &expected["ks_complement"], TOLERANCE);
            } else {
                // SDMetrics gives a value that REAL lacks the weight of a millionth of a row there.
                let weight = expected["weight_of_new"].as_f64().unwrap();
                close(&what("TV"), &found.tv_complement, &expected["tv_complement"], TOLERANCE + weight);
            }
        }
        pairs(name, expected["pairs"].as_array().unwrap(), &report);
        let distance = &report.privacy.distance;
        close(
            &format!("{name} median distance"),
            &distance.median,
            &expected["distance"]["median"],
            TOLERANCE,
        );
        close(&format!("{name} low distance"), &distance.p5, &expected["distance"]["p5"], TOLERANCE);
    }
}

#[track_caller]
fn pairs(name: &str, expected: &[Value], report: &Report) {
    assert_eq!((expected.len(), report.fidelity.pairs.len()), (21, 21), "{name}");
    for expected in expected {
        let columns: [String; 2] = serde_json::from_value(expected["columns"].clone()).unwrap();
        let found = report.fidelity.pairs.iter().find(|pair| pair.columns == columns).unwrap();
        let what = |figure: &str| format!("{name} {columns:?} {figure}");
        if expected["pearson"].is_object() {
            for (key, found) in [("pearson", &found.pearson), ("spearman", &found.spearman)] {
                let Compared { real, synth, similarity } = found;
                close(&what(key), real, &expected[key]["real"], TOLERANCE);
                close(&what(key), synth, &expected[key]["synthetic"], TOLERANCE);
                close(&what(key), similarity, &expected[key]["score"], TOLERANCE);
            }
        } else {
            assert_eq!(found.pearson.similarity.value, None);
        }
        let contingency = &found.contingency_similarity;
        close(&what("contingency"), contingency, &expected["contingency_similarity"], TOLERANCE);
        let information = &expected["mutual_information"];
        close(&what("information"), &found.mutual_information.real, &information[0], TOLERANCE);
        close(&what("information"), &found.mutual_information.synth, &information[1], TOLERANCE);
    }
}

/// A generator of numbers for tables that are too large to write down.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Five columns of numbers, one with gaps, and three of categories.
fn wide(rows: usize, seed: u64) -> String {
    let mut draw = Draw(seed);
    let mut text = "a,b,c,d,e,f,g,h\n".to_owned();
    for _ in 0..rows {
        let colour = ["red", "green", "blue"][usize::try_from(draw.below(3)).unwrap()];
        let size = ["s", "m", "l", "xl"][usize::try_from(draw.below(4)).unwrap()];
        let gap = if draw.below(20) == 0 { String::new() } else { draw.below(9).to_string() };
        let base = draw.below(400);
        let near = base + draw.below(30);
        let _ = writeln!(
            text,
            "{base},{near}.5,{},{gap},{colour},{size},{},{}",
            draw.below(40),
            ["yes", "no"][usize::try_from(draw.below(2)).unwrap()],
            base * 3 + draw.below(50)
        );
    }
    text
}

/// The cells of a table made by [`wide`], as numbers by column; gaps are NaN, words their bytes.
fn cells(text: &str) -> Vec<[f64; 8]> {
    let number = |cell: &str| match cell.parse() {
        Ok(number) => number,
        Err(_) if cell.is_empty() => f64::NAN,
        Err(_) => f64::from(cell.bytes().fold(0, |sum, byte| sum * 31 + u32::from(byte))),
    };
    text.lines()
        .skip(1)
        .map(|line| {
            let mut row = [0.0; 8];
            line.split(',').zip(&mut row).for_each(|(cell, place)| *place = number(cell));
            row
        })
        .collect()
}

#[test]
fn matches_and_distances_are_those_of_brute_force() {
    let (real, synth) = (wide(1500, 1), wide(800, 2));
    let found = measured(&table("r", &real), &table("s", &synth), None).privacy;
    let (real, synth) = (cells(&real), cells(&synth));
    let words = [false, false, false, false, true, true, true, false];
    let ranges: Vec<f64> = (0..8)
        .map(|column| {
            let all = real.iter().map(|row| row[column]).filter(|value| !value.is_nan());
            all.clone().fold(f64::MIN, f64::max) - all.fold(f64::MAX, f64::min)
        })
        .collect();
    let gap = |column: usize, a: f64, b: f64| match (a.is_nan(), b.is_nan()) {
        (true, true) => 0.0,
        (false, false) if words[column] => f64::from(u8::from(a.to_bits() != b.to_bits())),
        (false, false) => ((a - b).abs() / ranges[column]).min(1.0),
        _ => 1.0,
    };
    let (mut near, mut closest) = (Vec::new(), Vec::new());
    for (at, row) in synth.iter().enumerate() {
        let (mut is_near, mut least) = (false, f64::MAX);
        for other in &real {
            let gaps: [f64; 8] = std::array::from_fn(|column| gap(column, row[column], other[column]));
            is_near |= gaps.iter().all(|gap| *gap <= 0.01);
            least = least.min(gaps.iter().sum::<f64>() / 8.0);
        }
        near.extend(is_near.then_some(at + 1));
        closest.push(least);
    }
    assert!(!near.is_empty(), "the tables are near enough to test anything");
    assert_eq!((found.near.of, found.near.rows), (800, near.len()));
    assert_eq!(found.near.examples, near[..found.near.examples.len()]);
    closest.sort_unstable_by(f64::total_cmp);
    let median = f64::midpoint(closest[399], closest[400]);
    assert!((found.distance.median.value.unwrap() - median).abs() < TOLERANCE);
}

#[test]
fn a_table_made_of_real_rows_is_found_out() {
    let (real, held) = (wide(600, 1), wide(600, 2));
    let report = measured(&table("r", &real), &table("s", &real), Some(&table("h", &held)));
    let privacy = &report.privacy;
    assert_eq!(privacy.exact.share.value, Some(1.0));
    assert!(privacy.closer_to_real.value.unwrap() > 0.99 && privacy.membership.auc.value.unwrap() > 0.99);
    assert!(report.answers[2].answer.concat().contains("better than by chance"), "{:?}", report.answers[2]);
    let fresh = measured(&table("r", &real), &table("s", &wide(600, 3)), Some(&table("h", &held))).privacy;
    assert!((fresh.closer_to_real.value.unwrap() - 0.5).abs() < 0.1, "{fresh:?}");
    assert!(fresh.membership.auc.value < fresh.membership.auc_by_chance.value, "{fresh:?}");
}

/// The page as a terminal of 100 columns shows it.
fn shown(report: &Report) -> String {
    page(report, Style { colour: false, width: 100 })
}

#[test]
fn the_page_without_a_holdout() {
    let report = measured(&golden_table("small-real"), &golden_table("small-synth"), None);
    insta::assert_snapshot!("without_holdout", shown(&report));
}

#[test]
fn the_page_with_a_holdout() {
    let text = include_str!("golden/tables/missing-real.csv");
    let lines: Vec<&str> = text.lines().collect();
    let real = table("first.csv", &lines[..161].join("\n"));
    let held = table("rest.csv", &[&lines[..1], &lines[161..]].concat().join("\n"));
    let synth = golden_table("missing-synth");
    let options = Options { target: Some("amount".to_owned()), sequence: Some("day".to_owned()) };
    let report = measure(&real, &synth, Some(&held), &options).unwrap();
    insta::assert_snapshot!("with_holdout", shown(&report));
}

#[test]
fn a_holdout_of_other_rows_proves_no_leak() {
    let held = golden_table("missing-real");
    let report = measured(&golden_table("plain-real"), &golden_table("ties-synth"), Some(&held));
    assert!(report.privacy.holdout_unlike.contains(&"day".to_owned()), "a tenth of it is missing");
    assert!(report.answers[2].answer[0].contains("not like REAL's"), "{:?}", report.answers[2]);
}

/// Every figure of the JSON has a number or a reason.
fn reasoned(value: &Value) {
    match value {
        Value::Object(object) if object.contains_key("value") => {
            assert_ne!(object["value"].is_null(), object.get("reason").is_none_or(Value::is_null), "{value}");
        }
        Value::Object(object) => object.values().for_each(reasoned),
        Value::Array(list) => list.iter().for_each(reasoned),
        _ => {}
    }
}

#[test]
fn odd_tables_are_measured_as_far_as_they_can_be() {
    let many = |line: &str| format!("a,b\n{}", line.repeat(40));
    for (name, real, synth) in [
        ("one column", "a\n1\n2\n3\n".to_owned(), "a\n2\n2\n".to_owned()),
        ("constant", many("1,x\n"), many("1,x\n")),
        ("constant, another", many("1,x\n"), many("2,y\n")),
        ("all missing", many(",\n"), many(",\n")),
        ("missing in one", many("1,x\n"), many(",\n")),
        ("one row", "a,b\n1,x\n".to_owned(), "a,b\n1,x\n".to_owned()),
        (
            "identifiers alone",
            (0..40).fold("a,b\n".to_owned(), |text, n| format!("{text}{n},u{n}\n")),
            many("1,u\n"),
        ),
        ("vast numbers", many("1e308,-1e308\n-1e308,1e308\n"), many("-1e308,1e308\n")),
        ("tiny numbers", many("5e-324,1\n0,2\n"), many("0,1\n5e-324,3\n")),
        ("other kinds", many("1,x\n2,y\n"), many("x,1\n")),
        ("another column", many("1,x\n2,y\n"), "b,c\nx,1\n".to_owned()),
    ] {
        for holdout in [None, Some(table("h", &real))] {
            let report = measured(&table("r", &real), &table("s", &synth), holdout.as_ref());
            reasoned(&serde_json::to_value(&report).unwrap());
            assert_eq!(report.answers.len(), 4, "{name}");
            let text = shown(&report);
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            assert!(!words.any(|word| matches!(word, "NaN" | "inf")), "{name}: {text}");
        }
    }
}

fn files() -> Project {
    Project::new(&[
        ("real.csv", "n,c\n1,x\n2,y\n3,x\n"),
        ("synth.csv", "n,c,extra\n1,z,1\n9,x,2\n"),
        ("ragged.csv", "n,c\n1,x\n2\n"),
        ("empty.csv", ""),
        ("header.csv", "n,c\n"),
        ("other.csv", "p,q\n1,2\n"),
        ("hostile.csv", "n,c\n1,\"\u{1b}[31m\u{202e}\n::error::x\"\n2,y\n3,x\n4,x\n"),
    ])
}

#[test]
fn bad_input_is_an_error_with_its_place() {
    let project = files();
    std::fs::write(project.path("latin.csv"), b"n,c\n1,x\n2,caf\xe9\n").unwrap();
    let real = "real.csv";
    for (arguments, said) in [
        (&[real, "ragged.csv"][..], &["ragged.csv:3:1", "1 cells, and the header 2"][..]),
        (&[real, "latin.csv"], &["latin.csv:3", "not UTF-8"]),
        (&["latin.csv", real], &["latin.csv:3", "not UTF-8"]),
        (&[real, "synth.csv", "--holdout", "ragged.csv"], &["ragged.csv:3:1"]),
        (&[real, "empty.csv"], &["`empty.csv` is empty"]),
        (&[real, "header.csv"], &["a header and no rows"]),
        (&[real, "synht.csv"], &["no file `synht.csv`", "did you mean `synth.csv`"]),
        (&[real, "other.csv"], &["share no column", "`n`, `c`", "`p`, `q`"]),
        (&[real, "synth.csv", "--target", "N2"], &["no column `N2`, which --target names"]),
        (&[real, "synth.csv", "--sequence", "extra"], &["`real.csv` has no column `extra`"]),
    ] {
        let ran = project.holdline(&[&["quality", "table"][..], arguments].concat());
        ran.expect(2).says(said);
    }
}

#[test]
fn a_measured_table_exits_with_0_and_says_what_headers_differ() {
    let project = files();
    let ran = project.holdline(&["quality", "table", "real.csv", "synth.csv"]).expect(0);
    let ran = ran.says(&["How close is it?", "Columns that REAL does not have: `extra`", "--holdout"]);
    assert_eq!(ran.err, "");
    let json = project.holdline(&["quality", "table", "real.csv", "synth.csv", "--json"]).expect(0);
    let report: Value = serde_json::from_str(&json.out).unwrap();
    reasoned(&report);
    assert_eq!(report["headers"]["only_in_synth"][0], "extra");
    assert_eq!(report["privacy"]["membership"]["auc"]["value"], Value::Null);
    assert_eq!(report["fidelity"]["columns"][0]["kind"], serde_json::to_value(Kind::Number).unwrap());
    let again = project.holdline(&["quality", "table", "real.csv", "synth.csv", "--json"]).expect(0);
    assert_eq!(json.out, again.out);
}

#[test]
fn what_a_table_says_does_not_act_on_the_terminal() {
    let project = files();
    let command = |ci: &str| {
        let mut command =
            project.command(&["quality", "table", "real.csv", "hostile.csv", "--holdout", "hostile.csv"]);
        Ran::of(command.env("CI", ci).output().unwrap()).expect(0)
    };
    for ran in [command(""), command("true")] {
        assert!(ran.out.contains("\\u{1b}[31m\\u{202e}\\n"), "it is shown, though: {}", ran.out);
        assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'));
        assert!(!ran.out.lines().any(|line| line.trim_start().starts_with("::")));
    }
}

/// A table of numbers, categories and gaps.
fn any_table() -> impl Strategy<Value = String> {
    let number = prop_oneof![3 => (-50..50_i32).prop_map(|n| n.to_string()), 1 => Just(String::new()),
        2 => (-1e3..1e3_f64).prop_map(|n| n.to_string())];
    let word = prop_oneof![4 => "[a-d]", 1 => Just(String::new())];
    prop::collection::vec((number.clone(), number, word.clone(), word), 2..60).prop_map(|rows| {
        rows.iter().fold("n,m,c,d\n".to_owned(), |mut text, (n, m, c, d)| {
            let _ = writeln!(text, "{n},{m},{c},{d}");
            text
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_table_is_equal_to_itself(text in any_table()) {
        let own = table("t", &text);
        let report = measured(&own, &own, None);
        let one = |figure: &Figure| figure.value.is_none_or(|value| (value - 1.0).abs() < 1e-12);
        for column in &report.fidelity.columns {
            prop_assert!(one(&column.ks_complement) && one(&column.tv_complement) && one(&column.coverage));
            prop_assert!(one(&column.histogram_similarity) && column.real == column.synth);
        }
        for pair in &report.fidelity.pairs {
            prop_assert!(one(&pair.pearson.similarity) && one(&pair.spearman.similarity));
            prop_assert!(one(&pair.contingency_similarity) && one(&pair.mutual_information.similarity));
        }
        let privacy = &report.privacy;
        prop_assert_eq!((privacy.exact.rows, privacy.near.rows), (privacy.exact.of, privacy.near.of));
        prop_assert!(privacy.distance.median.value.is_none_or(|distance| distance == 0.0));
        prop_assert!(report.novelty.columns.is_empty() && report.novelty.pairs.is_empty());
        prop_assert!(report.utility.queries.p90_error.value.is_none_or(|error| error == 0.0));
    }

    #[test]
    fn shares_stay_within_0_and_1(real in any_table(), synth in any_table(), held in any_table()) {
        let report = measured(&table("r", &real), &table("s", &synth), Some(&table("h", &held)));
        let mut figures: Vec<&Figure> = vec![
            &report.fidelity.column_shapes,
            &report.fidelity.pair_trends,
            &report.privacy.closer_to_real,
            &report.privacy.membership.auc,
            &report.privacy.membership.advantage,
            &report.privacy.distance.median,
            &report.novelty.rows_with_new_values,
            &report.novelty.new_combinations,
        ];
        for pair in &report.fidelity.pairs {
            figures.extend([&pair.contingency_similarity, &pair.mutual_information.real, &pair.pearson.similarity]);
        }
        for column in &report.fidelity.columns {
            figures.extend([&column.ks_complement, &column.tv_complement, &column.coverage]);
        }
        for figure in figures {
            prop_assert!(figure.value.is_none_or(|value| (-1e-12..=1.0 + 1e-12).contains(&value)), "{:?}", figure);
        }
        reasoned(&serde_json::to_value(&report).unwrap());
    }
}
