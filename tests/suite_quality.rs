//! The quality of suites: figures worked out by hand, and the page of a small project.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use holdline::expand::CaseId;
use holdline::quality::suite::{Figure, Item, Material, Source, SuiteQuality, assess};
use project::Project;
use serde_json::Value;

/// A case written for the suite, a family of its own.
fn item(n: usize, text: &str) -> Item {
    let id = CaseId::of(&[&n.to_le_bytes()]);
    Item {
        id,
        family: id,
        scenario: "one".into(),
        label: None,
        answer: None,
        text: text.into(),
        source: Source::Written,
        template: None,
        knobs: Vec::new(),
    }
}

fn items(texts: &[&str]) -> Vec<Item> {
    texts.iter().enumerate().map(|(n, text)| item(n, text)).collect()
}

fn of(items: Vec<Item>) -> SuiteQuality {
    assess(&Material { labels: Vec::new(), scenarios: vec!["one".into()], items }, 2)
}

fn figure<'a>(quality: &'a SuiteQuality, name: &str) -> &'a Figure {
    quality.figures.iter().find(|figure| figure.name == name).expect("a figure of that name")
}

fn part(figure: &Figure, name: &str) -> f64 {
    let part = figure.parts.iter().find(|part| part.name == name).expect("a part of that name");
    part.score.expect("a part with a score")
}

fn assert_score(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{found:?}, not {expected}");
}

/// Texts that have nothing in common: numbers written out letter by letter.
fn strange(n: usize) -> String {
    let letters =
        |n: usize| -> String { n.to_string().bytes().map(|b| char::from(b - b'0' + b'a')).collect() };
    (0..5).map(|at| letters(1_000_003 * (n + 1) + 77_777 * at * (n + 3))).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_empty_suite_has_no_figures() {
    let quality = of(Vec::new());
    assert_eq!(quality.overall, None);
    assert!(quality.figures.iter().all(|figure| figure.score.is_none() && figure.not_applicable.is_some()));
}

#[test]
fn completeness_is_the_mean_of_what_is_there() {
    let mut cases = items(&["a", " ", "b", "c", "d", "e", "f", "g"]);
    for case in &mut cases[..6] {
        case.label = Some("yes".into());
    }
    let blank = cases[1].id;
    let material = Material {
        labels: vec!["yes".into(), "no".into()],
        scenarios: vec!["one".into(), "two".into()],
        items: cases,
    };
    let quality = assess(&material, 1);
    let figure = figure(&quality, "completeness");
    // 7 of 8 texts, 6 of 8 labels, 1 of 2 labels with 5 seeds, 1 of 2 scenarios with 3.
    assert_score(figure.score, (87.5 + 75.0 + 50.0 + 50.0) / 4.0);
    assert_eq!(figure.offenders[0].case, Some(blank));
    let named: Vec<&str> = figure.offenders.iter().map(|of| of.what.as_str()).collect();
    assert!(named.contains(&"label `no` has 0 of 5 seeds"), "{named:?}");
    assert!(named.contains(&"scenario `two` has 0 of 3 seeds"), "{named:?}");
}

#[test]
fn a_knob_without_a_value_is_incomplete() {
    let mut cases = items(&["a", "b"]);
    cases[0].knobs = vec![("persona".into(), "boss".into()), ("tone".into(), "curt".into())];
    cases[1].knobs = vec![("persona".into(), "boss".into())];
    let quality = of(cases.clone());
    let figure = figure(&quality, "completeness");
    assert_score(Some(part(figure, "cases with every knob")), 50.0);
    assert_eq!(
        figure.offenders.iter().find(|of| of.what == "has no value of knob tone").unwrap().case,
        Some(cases[1].id)
    );
}

#[test]
fn duplicates_are_the_same_text_or_near_ones_of_another_family() {
    let mut cases = items(&[
        "please book a room for two people",
        "Please book  a room for two people", // the same
        "please book a room for two people!", // near the first, of its family
        "please book a room for two people.", // near the first
        "what is the time",
    ]);
    cases[2].family = cases[0].family;
    let labels = ["book", "cancel", "book", "book", "clock"];
    for (case, label) in cases.iter_mut().zip(labels) {
        case.label = Some(label.into());
    }
    let quality = of(cases.clone());
    let figure = figure(&quality, "duplicates");
    // Two are the same as, or near, another: the second, and the fourth. The third is near the second too,
    // which is of another family.
    assert_score(figure.score, 40.0);
    assert_score(Some(part(figure, "not the same as another")), 80.0);
    assert_score(Some(part(figure, "not near another")), 60.0);
    assert_eq!(figure.offenders[0].case, Some(cases[1].id));
    assert!(
        figure.offenders[0].what.contains("but expects `cancel`, not `book`"),
        "{:?}",
        figure.offenders[0]
    );
}

#[test]
fn variants_are_no_duplicates_of_their_seed() {
    let mut cases = items(&["please book a room for two people", "please book a room for two people!"]);
    cases[1].family = cases[0].family;
    assert_score(figure(&of(cases), "duplicates").score, 100.0);
}

#[test]
fn diversity_is_evenness_and_distinct_pairs_of_words() {
    let mut cases = items(&["red fox", "red fox", "red fox", "blue hen"]);
    for (case, label) in cases.iter_mut().zip(["a", "a", "a", "b"]) {
        case.label = Some(label.into());
    }
    let quality = of(cases);
    let figure = figure(&quality, "diversity");
    // (¾·ln(4/3) + ¼·ln 4) / ln 2.
    let evenness = 81.127_812_445_913_28;
    assert_score(Some(part(figure, "evenness of labels")), evenness);
    // Two different pairs of four.
    assert_score(Some(part(figure, "distinct pairs of words")), 50.0);
    assert_score(figure.score, f64::midpoint(evenness, 50.0));
}

#[test]
fn a_label_that_never_occurs_makes_labels_uneven() {
    let mut cases = items(&["a b", "c d"]);
    cases[0].label = Some("x".into());
    cases[1].label = Some("x".into());
    let material =
        Material { labels: vec!["x".into(), "y".into()], scenarios: vec!["one".into()], items: cases };
    let quality = assess(&material, 1);
    let figure = figure(&quality, "diversity");
    assert_score(Some(part(figure, "evenness of labels")), 0.0);
    assert_eq!(figure.offenders[0].what, "label `y` has 0 of 2; an equal share is 1");
}

#[test]
fn dominance_is_the_worst_of_its_parts() {
    let mut cases: Vec<Item> = (0..10).map(|n| item(n, &strange(n))).collect();
    for (n, case) in cases.iter_mut().enumerate() {
        case.label = Some(if n < 6 { "a" } else { "b" }.into());
        case.template = (n < 8).then(|| "t".into());
        case.answer = Some("no".into()).filter(|_| n < 3);
    }
    let quality = of(cases.clone());
    let figure = figure(&quality, "dominance");
    // (1 − 0.6) / (1 − ½); 1 − 0.8; 1 − 0.3; each opening and word in one of ten.
    assert_score(Some(part(figure, "most frequent label")), 80.0);
    assert_score(Some(part(figure, "most frequent template")), 20.0);
    assert_score(Some(part(figure, "most frequent answer")), 70.0);
    assert_score(Some(part(figure, "most frequent opening")), 90.0);
    assert_score(figure.score, 20.0);
    assert!(
        figure.offenders.iter().any(|of| of.case == Some(cases[0].id) && of.what.contains("template “t”"))
    );
}

#[test]
fn repetition_is_the_share_of_words_copied() {
    let mut cases = items(&[
        "one two three four five",
        "zero one two three four", // one two three four: 4 of 5
        "one two three nine ten",  // a run of three does not count
        "one two three four five", // a variant of the first
    ]);
    cases[3].family = cases[0].family;
    let quality = of(cases.clone());
    let figure = figure(&quality, "repetitiveness");
    assert_score(figure.score, 80.0); // 16 of 20 words
    assert_eq!(figure.offenders.len(), 1);
    assert_eq!(figure.offenders[0].case, Some(cases[1].id));
    // 20 words in 5 + 2 + 5 + 5 pieces.
    assert!(figure.parts[1].numbers.starts_with("1.18 "), "{}", figure.parts[1].numbers);
}

#[test]
fn repetition_does_not_grow_with_the_suite() {
    let cases: Vec<Item> = (0..400).map(|n| item(n, "one two three four five")).collect();
    // In each of four blocks of a hundred the first text is new.
    assert_score(figure(&of(cases), "repetitiveness").score, 1.0);
}

#[test]
fn lengths_are_spread_and_outliers_are_named() {
    let text = |words: usize| vec!["word"; words].join(" ");
    let mut cases: Vec<Item> = [5, 5, 5, 5, 6, 6, 10, 10, 10, 100]
        .iter()
        .enumerate()
        .map(|(n, words)| item(n, &text(*words)))
        .collect();
    let quality = of(cases.clone());
    let figure_of = figure(&quality, "length");
    // Six of ten have 4 to 7 words: 2 · 0.4. Quartiles at log2 6 and log2 11, so the upper fence is at
    // 3.46 + 1.5 · 0.87 = 4.77, 26 words; the lower at 1.27.
    assert_score(Some(part(figure_of, "spread over length classes")), 80.0);
    assert_score(Some(part(figure_of, "texts that are no outliers")), 90.0);
    assert_score(figure_of.score, 85.0);
    assert_eq!(figure_of.offenders[0].case, Some(cases[9].id));
    cases.truncate(7);
    assert_eq!(figure(&of(cases), "length").score, None);
}

#[test]
fn what_programs_made_is_anchored_in_what_people_said() {
    let mut cases: Vec<Item> = (0..40).map(|n| item(n, &strange(n))).collect();
    for (n, case) in cases.iter_mut().enumerate() {
        case.scenario = if n < 20 { "one" } else { "two" }.into();
        case.source = if n == 0 { Source::Real } else { Source::Synthetic };
    }
    let quality = of(cases);
    let figure = figure(&quality, "real and synthetic");
    // One of two scenarios; 1 of 40 cases, of the 2 that one in twenty asks for.
    assert_score(Some(part(figure, "scenarios with a real text")), 50.0);
    assert_score(Some(part(figure, "cases from people")), 50.0);
    assert_eq!(figure.offenders[0].what, "scenario `two` has nothing that a person wrote");
}

/// Twenty texts of people and twenty synthetic ones, all families of their own.
fn two_kinds(synthetic: impl Fn(usize) -> String) -> Vec<Item> {
    (0..40)
        .map(|n| {
            let mut case = item(n, &strange(n));
            if n >= 20 {
                case.source = Source::Synthetic;
                case.text = synthetic(n);
            }
            case
        })
        .collect()
}

#[test]
fn a_habit_gives_synthetic_texts_away() {
    let quality = of(two_kinds(|n| format!("{} KINDLY!", strange(n))));
    let figure = figure(&quality, "telling apart");
    assert_score(figure.score, 0.0);
    assert!(figure.parts[0].numbers.starts_with("1.000"), "{}", figure.parts[0].numbers);
    assert!(figure.offenders.iter().all(|of| of.what.contains("KINDLY")));
}

#[test]
fn texts_of_one_kind_cannot_be_told_apart() {
    // The same twenty texts on both sides: each feature is as frequent here as there, but for the case
    // itself and its twin, which the folds keep from each other or not.
    let quality = of(two_kinds(|n| strange(n - 20)));
    assert!(figure(&quality, "telling apart").score.is_some_and(|score| score > 60.0), "{quality:?}");
}

#[test]
fn a_variant_is_never_judged_by_what_its_seed_taught() {
    // Each person's text has a synthetic twin in its family, equal to the letter. Its own seed would
    // speak against it; other families know nothing of it.
    let mut cases = two_kinds(|n| strange(n - 20));
    for n in 20..40 {
        cases[n].family = cases[n - 20].family;
    }
    // Every pair is scored by one model and so ties: exactly a half.
    let quality = of(cases);
    assert_score(figure(&quality, "telling apart").score, 100.0);
}

#[test]
fn too_few_synthetic_texts_are_not_judged() {
    let quality = of(items(&["a", "b", "c"]));
    let figure = figure(&quality, "telling apart");
    assert_eq!((figure.score, figure.not_applicable.is_some()), (None, true));
    let scores: Vec<f64> = quality.figures.iter().filter_map(|figure| figure.score).collect();
    assert_score(quality.overall, scores.iter().sum::<f64>() / scores.len() as f64);
}

#[test]
fn threads_and_order_of_work_change_nothing() {
    let cases: Vec<Item> =
        (0..600).map(|n| item(n, &format!("book room {} for {} people today", n % 90, n % 7))).collect();
    let material = Material { labels: Vec::new(), scenarios: vec!["one".into()], items: cases };
    assert_eq!(assess(&material, 1), assess(&material, 4));
}

const SUITE: &str = r#"
feature = "Routes a request"
labels = ["scheduling", "summary", "other"]
[target]
in_process = "app"
[[scenario]]
name = "books a meeting"
expect = { label = "scheduling" }
inputs = ["book a room for two people on Friday", "Book a room for two people on Friday!", "set up a call with Ana tomorrow at noon", "meet Priya on Tuesday"]
[[scenario]]
name = "sums up"
expect = { label = "summary" }
inputs = ["what did we decide in the stand-up?", "tl;dr of the board meeting", "book a room for two people on friday", "minutes please"]
[[scenario]]
name = "keeps to its work"
expect = { label = "other" }
inputs = ["write a poem\u001b[31m about \u202egold", "write a poem\u001b[31m about \u202egold!", "?"]
"#;

#[test]
fn the_page_of_a_small_project() {
    let project = Project::new(&[("suites/talk.toml", SUITE)]);
    let ran = project.holdline(&["quality", "suite"]).expect(0);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn machines_get_json_and_mistakes_exit_two() {
    let project = Project::new(&[("suites/talk.toml", SUITE)]);
    let ran = project.holdline(&["quality", "suite", "talk", "--json"]).expect(0);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let suite = &document["suites"][0];
    assert_eq!((suite["suite"].as_str(), suite["cases"].as_u64()), (Some("talk"), Some(11)));
    let names: Vec<&str> =
        suite["figures"].as_array().unwrap().iter().map(|figure| figure["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "completeness",
            "duplicates",
            "diversity",
            "dominance",
            "repetitiveness",
            "length",
            "real and synthetic",
            "telling apart"
        ]
    );
    project.holdline(&["quality", "suite", "nothing"]).expect(2).says(&["nothing"]);
    project.holdline(&["quality"]).expect(2);
}
