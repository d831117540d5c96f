//! Clusters of requests that people wrote, against the intents that people gave them. The data is not part of the
//! project; without it the test says so and does nothing.

use holdline::distil::cluster::{CUT, cluster};
use holdline::expand::stream::Stream;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where the data is; `None` where it is not.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("HOLDLINE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/clinc150"), PathBuf::from);
    folder.join("test_val.csv").is_file().then_some(folder)
}

/// The test requests of each intent, in the order of the file; those out of scope left out.
fn requests(data: &Path) -> BTreeMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_path(data.join("test_val.csv")).unwrap();
    let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        if row["split"] == "test" {
            of.entry(row["intent"].clone()).or_default().push(row["query"].clone());
        }
    }
    of
}

fn pairs(n: usize) -> f64 {
    (n * n.saturating_sub(1) / 2) as f64
}

/// The adjusted Rand index (Hubert and Arabie, 1985): 1 for equal partitions, 0 on average for random ones.
fn adjusted_rand<T: Ord>(a: &[T], b: &[usize]) -> f64 {
    let (mut cells, mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (x, y) in a.iter().zip(b) {
        *cells.entry((x, y)).or_insert(0) += 1;
        *rows.entry(x).or_insert(0) += 1;
        *columns.entry(y).or_insert(0) += 1;
    }
    let together: f64 = cells.into_values().map(pairs).sum();
    let (rows, columns): (f64, f64) =
        (rows.into_values().map(pairs).sum(), columns.into_values().map(pairs).sum());
    let by_chance = rows * columns / pairs(a.len());
    (together - by_chance) / (f64::midpoint(rows, columns) - by_chance)
}

/// 12 intents drawn with this seed, the first with 30 requests, each further one with fewer, down to 3.
fn drawn(all: &BTreeMap<String, Vec<String>>, seed: u64) -> (Vec<String>, Vec<String>) {
    const SIZES: [usize; 12] = [30, 26, 22, 18, 15, 12, 10, 8, 6, 5, 4, 3];
    let mut stream = Stream::new(&[b"clinc150 clusters"]).at(seed);
    let mut intents: Vec<&String> = all.keys().collect();
    stream.shuffle(&mut intents);
    let mut rows: Vec<(String, String)> = Vec::new();
    for (intent, size) in intents.into_iter().zip(SIZES) {
        let mut requests = all[intent].clone();
        stream.shuffle(&mut requests);
        rows.extend(requests.into_iter().take(size).map(|text| (intent.clone(), text)));
    }
    stream.shuffle(&mut rows);
    rows.into_iter().unzip()
}

#[test]
fn clusters_are_the_intents_of_people_without_knowing_how_many_there_are() {
    let Some(data) = data() else {
        eprintln!("SKIPPED: no CLINC150 data; HOLDLINE_DATA names its folder");
        return;
    };
    let all = requests(&data);
    assert_eq!(all.len(), 150);
    for seed in 0..6 {
        let (intents, texts) = drawn(&all, seed);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = cluster(&texts, CUT);
        let index = adjusted_rand(&intents, &found.of);
        let count = found.of.iter().collect::<BTreeSet<_>>().len();
        eprintln!("seed {seed}: adjusted Rand index {index:.3}, {count} clusters of 12 intents");
        assert!(index >= 0.6, "seed {seed}: {index}");
        assert_eq!((found.medoids.len(), found.sampled), (count, None));
    }
}

/// By hand: of 15 pairs 2 are together in both, 6 in the one and 3 in the other; by chance 6 · 3 / 15 would be.
#[test]
fn the_adjusted_rand_index_is_that_of_its_definition() {
    let index = adjusted_rand(&["a", "a", "a", "b", "b", "b"], &[0, 0, 1, 1, 2, 2]);
    let together = 2.0;
    let (rows, columns, by_chance) = (6.0, 3.0, 6.0 * 3.0 / 15.0);
    assert!(
        (index - (together - by_chance) / (f64::midpoint(rows, columns) - by_chance)).abs() < 1e-15,
        "{index}"
    );
    assert!((adjusted_rand(&[1, 1, 2, 2], &[7, 7, 3, 3]) - 1.0).abs() < 1e-15);
}
