//! Parts of a set, and the balance of difficulties.

use crate::project::Project;
use crate::{answered, manifest, project, recorded, variant};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const WORDS: [&str; 40] = [
    "apple", "bridge", "candle", "dragon", "engine", "forest", "guitar", "harbor", "island", "jungle",
    "kettle", "ladder", "magnet", "needle", "orange", "pencil", "quartz", "rabbit", "saddle", "temple",
    "umpire", "velvet", "walnut", "xylene", "yellow", "zipper", "anchor", "basket", "cactus", "desert",
    "eleven", "feather", "goblet", "hammer", "insect", "jacket", "kitten", "lizard", "meadow", "nickel",
];

/// Forty questions, none like another, and one that nearly repeats another in other words of its own family.
fn many() -> Project {
    let of = |at: usize| format!("{} {} {}", WORDS[at], WORDS[(at * 7 + 3) % 40], WORDS[(at * 11 + 5) % 40]);
    let mut lines: Vec<String> =
        (0..40).map(|at| answered("parcels", &of(at), "training", "Please track it.")).collect();
    lines.push(answered("parcels", &format!("{}!", of(0)), "training", "Track it, please."));
    lines.push(variant("parcels", "a question of the seed's family", "training", |line| {
        line["of"] = json!({ "input": "where is my parcel?" });
        line["row"] = json!({ "reference": "Track it." });
    }));
    lines.push(variant("parcels", "and one more that is of it as well", "training", |line| {
        line["of"] = json!({ "input": "where is my parcel?" });
        line["row"] = json!({ "reference": "Track it." });
    }));
    project(&lines)
}

const SPLIT: [&str; 7] =
    ["export", "--format", "csv", "--split", "train=0.6,val=0.2,test=0.2", "--out", "sets/all.csv"];
const PARTS: [&str; 3] = ["train", "val", "test"];

/// The families and the questions of each part.
fn parts(project: &Project) -> BTreeMap<&'static str, (BTreeSet<String>, BTreeSet<String>)> {
    let of = |name: &'static str| {
        let mut reader = csv::Reader::from_path(project.path(&format!("sets/all.{name}.csv"))).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.iter().all(|row| &row[4] == name));
        let column = |at: usize| rows.iter().map(|row| row[at].to_owned()).collect();
        (name, (column(1), column(8)))
    };
    PARTS.into_iter().map(of).collect()
}

#[test]
fn a_family_is_in_one_part_alone_and_so_is_what_says_nearly_the_same() {
    let project = many();
    project.holdline(&SPLIT).expect(0).says(&["sets/all.train.csv", "sets/all.manifest.json"]);
    let parts = parts(&project);
    let mut seen = BTreeSet::new();
    for (families, _) in parts.values() {
        assert!(families.iter().all(|family| seen.insert(family.clone())));
    }
    let of = |question: &str| {
        parts.iter().find(|(_, (_, questions))| questions.contains(question)).map(|(name, _)| *name).unwrap()
    };
    let first = format!("{} {} {}", WORDS[0], WORDS[3], WORDS[5]);
    assert_eq!(of(&first), of(&format!("{first}!")));
    assert_eq!(of("a question of the seed's family"), of("and one more that is of it as well"));
    let manifest = manifest(&project, "sets/all.manifest.json");
    assert_eq!(manifest["counts"]["examples"], 43);
    assert_eq!(manifest["counts"]["families"], 42);
    let rows = |name: &str| manifest["counts"]["splits"][name].as_u64().unwrap_or_default();
    assert_eq!(PARTS.map(rows).iter().sum::<u64>(), 43);
    assert!(rows("train") > rows("val") && rows("train") > rows("test"));
}

#[test]
fn two_copies_of_a_project_give_the_same_bytes_and_another_seed_others() {
    let (one, other) = (many(), many());
    one.holdline(&SPLIT).expect(0);
    other.holdline(&SPLIT).expect(0);
    let all = |project: &Project| {
        let files = PARTS.map(|name| format!("sets/all.{name}.csv"));
        files.iter().map(|file| project.read(file)).collect::<Vec<_>>().concat()
            + &project.read("sets/all.manifest.json")
    };
    let first = all(&one);
    assert_eq!(first, all(&other));
    other.holdline(&[&SPLIT[..], &["--seed", "1"]].concat()).expect(0);
    assert_ne!(first, all(&other));
}

#[test]
fn a_part_that_is_empty_is_told() {
    let project = project(&[answered("parcels", "when does my order come?", "training", "Soon.")]);
    let ran = project.holdline(&SPLIT).expect(0);
    ran.says(&["the part `train` is empty: of 1 family in all"]);
}

#[test]
fn what_the_application_can_do_already_does_not_outweigh_the_rest() {
    let lines: Vec<String> =
        WORDS[..12].iter().map(|word| variant("parcels", word, "both", |_| {})).collect();
    let project = project(&lines);
    // Ten pass, two fail.
    let answers: Vec<String> = WORDS[..12]
        .iter()
        .enumerate()
        .map(|(at, word)| recorded(word, if at < 10 { "track it" } else { "no" }))
        .chain([recorded("where is my parcel?", "track"), recorded("can I send it back?", "30 days")])
        .collect();
    project.write("suites/desk.answers.jsonl", &answers.concat());
    project.holdline(&["run", "desk"]).expect(0);
    project.holdline(&["accept", "desk", "--reason", "first"]).expect(0);
    let of = |balance: &str| {
        let arguments = ["export", "--format", "csv", "--out", "set.csv", "--balance", balance];
        let ran = project.holdline(&arguments).expect(0);
        (manifest(&project, "set.manifest.json")["difficulty"].clone(), ran)
    };
    let (difficulty, ran) = of("2");
    assert_eq!(difficulty, json!({ "easy": [4, 10], "impossible": [2, 2] }));
    ran.says(&["easy 4 of 10, impossible 2", "6 over the balance of difficulties"]);
    assert_eq!(of("off").0, json!({ "easy": [10, 10], "impossible": [2, 2] }));
}
