//! How long cases took, by id: two numbers a case.

use crate::expand::CaseId;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds by case. Of several times of one case the last counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Latencies {
    /// In the order of the ids, each once.
    all: Vec<(CaseId, f64)>,
}

impl Latencies {
    /// Number of cases.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether no case was timed.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How long a case took; `None` where it was not timed.
    pub fn get(&self, id: CaseId) -> Option<f64> {
        self.all.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| self.all[at].1)
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (CaseId, f64)> {
        self.all.iter().copied()
    }
}

impl FromIterator<(CaseId, f64)> for Latencies {
    fn from_iter<I: IntoIterator<Item = (CaseId, f64)>>(all: I) -> Self {
        let mut all: Vec<(CaseId, f64)> = all.into_iter().collect();
        if !all.is_sorted_by(|one, other| one.0 < other.0) {
            all.sort_by_key(|(id, _)| *id);
            // Of each two that are equal `dedup_by` drops the second, which is the later one.
            all.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                if same {
                    kept.1 = later.1;
                }
                same
            });
        }
        all.shrink_to_fit();
        Self { all }
    }
}

impl Serialize for Latencies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Latencies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Latencies;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Latencies, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(all.into_iter().collect())
            }
        }
        deserializer.deserialize_map(Map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_by_id_and_the_last_of_a_case_counts() {
        let id = |name: &str| -> CaseId { name.parse().unwrap() };
        let (low, high) = (id("0000000000000001"), id("00000000000000ff"));
        let latencies: Latencies = [(high, 2.0), (low, 1.0), (high, 3.5)].into_iter().collect();
        assert!(latencies.iter().eq([(low, 1.0), (high, 3.5)]));
        assert_eq!((latencies.get(high), latencies.get(id("0000000000000002"))), (Some(3.5), None));
        let text = serde_json::to_string(&latencies).unwrap();
        assert_eq!(text, r#"{"0000000000000001":1.0,"00000000000000ff":3.5}"#);
        assert_eq!(serde_json::from_str::<Latencies>(&text).unwrap(), latencies);
    }
}
