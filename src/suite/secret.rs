//! The values that `${env:NAME}` brought in, and how they are kept out of everything that is written.

use std::collections::BTreeMap;

/// What stands in a record where a secret was.
fn mask(name: &str) -> String {
    format!("[redacted:{name}]")
}

/// The environment values that the suites of a run refer to.
///
/// Every text that leaves a target or a judge passes through [`Secrets::redact`] before it is kept.
#[derive(Clone, Default)]
pub struct Secrets {
    values: BTreeMap<String, String>,
}

impl Secrets {
    /// Takes the values of `names` from `lookup`; the names it does not know are returned beside it.
    pub fn gather(
        names: impl IntoIterator<Item = String>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> (Self, Vec<String>) {
        let (mut values, mut missing) = (BTreeMap::new(), Vec::new());
        for name in names {
            match lookup(&name) {
                Some(value) if !value.is_empty() => {
                    values.insert(name, value);
                }
                _ => missing.push(name),
            }
        }
        (Self { values }, missing)
    }

    /// The values by name, for templates.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}
