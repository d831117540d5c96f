//! The parameters of a suite: values that it declares with defaults and a run may set, so that one suite
//! serves several variants of an application.

use super::as_text;
use super::diagnostic::quote;
use super::schema::ParamValue;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The name under which parameters stand in a template's scope.
pub(crate) const PARAMS: &str = "params";

/// The parameters of a suite, with their values for a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Params {
    defaults: BTreeMap<String, Value>,
    values: BTreeMap<String, Value>,
    given: BTreeSet<String>,
}

/// Why a parameter cannot have a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamError {
    /// The suite declares no parameter of this name.
    #[error("there is no parameter `{0}`")]
    Unknown(String),
    /// The value is not of the default's type.
    #[error("`{name}` is a {kind} (default {default}), and {} is none", quote(.value))]
    Type {
        /// The parameter.
        name: String,
        /// `number`, or `boolean, true or false`.
        kind: &'static str,
        /// Its default.
        default: String,
        /// The value given.
        value: String,
    },
}

impl Params {
    /// The parameters that a suite declares, each with its default.
    pub fn declared(spec: &BTreeMap<String, ParamValue>) -> Self {
        let defaults: BTreeMap<String, Value> =
            spec.iter().map(|(name, value)| (name.clone(), value.to_value())).collect();
        Self { values: defaults.clone(), defaults, given: BTreeSet::new() }
    }

    /// Gives a parameter a value, which is read as the default's type.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), ParamError> {
        let default = self.defaults.get(name).ok_or_else(|| ParamError::Unknown(name.to_owned()))?;
        let unfit = |kind| ParamError::Type {
            name: name.to_owned(),
            kind,
            default: default.to_string(),
            value: text.to_owned(),
        };
        let value = match default {
            Value::Bool(_) => Value::Bool(text.parse().map_err(|_| unfit("boolean, true or false"))?),
            Value::Number(_) => {
                let number = serde_json::from_str(text).ok().filter(Value::is_number);
                number.ok_or_else(|| unfit("number"))?
            }
            _ => Value::String(text.to_owned()),
        };
        // 1.0 for a default of 1 is the default.
        let value = if same(default, &value) { default.clone() } else { value };
        self.values.insert(name.to_owned(), value);
        self.given.insert(name.to_owned());
        Ok(())
    }

    /// The values of the run.
    pub const fn values(&self) -> &BTreeMap<String, Value> {
        &self.values
    }

    /// Names of the parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The values that the suite itself gives.
    pub const fn defaults(&self) -> &BTreeMap<String, Value> {
        &self.defaults
    }

    /// Names of the parameters whose values are not the suite's own.
    pub fn changed(&self) -> impl Iterator<Item = &str> {
        self.values.iter().filter(|(name, value)| self.defaults.get(*name) != Some(value)).map(|(n, _)| &**n)
    }

    /// What the application is told in its environment: every value that was set for the run, and of the
    /// others those whose names the environment of Holdline itself (`outer`) does not have.
    pub fn environment(&self, outer: impl Fn(&str) -> bool) -> Vec<(&str, String)> {
        let told = |name: &str| self.given.contains(name) || !outer(name);
        self.values
            .iter()
            .filter(|(name, _)| told(name))
            .map(|(name, value)| (&**name, as_text(value)))
            .collect()
    }

    /// The parameters in whose place the application sees another value, from the environment of Holdline
    /// itself.
    pub fn overruled(&self, outer: impl Fn(&str) -> Option<String>) -> Vec<&str> {
        let others = self.values.iter().filter(|(name, _)| !self.given.contains(*name));
        let differs = |name: &str, value: &Value| outer(name).is_some_and(|seen| seen != as_text(value));
        others.filter(|(name, value)| differs(name, value)).map(|(name, _)| &**name).collect()
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.to_bits() == other.to_bits(),
        _ => one == other,
    }
}

/// Whether a name can be a parameter's: a letter or `_`, then letters, digits and `_`.
pub(crate) fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(fits) && name.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Whether a parameter of this name would overwrite what Holdline itself tells an application or reads.
/// The case of the letters does not matter: on some systems it does not to the environment.
pub(crate) fn is_taken(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    upper == "PORT" || upper.starts_with("HOLDLINE_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn params() -> Params {
        let spec = json!({ "MODEL": "small", "TOP_K": 4, "RERANK": false });
        Params::declared(&serde_json::from_value(spec).unwrap())
    }

    #[test]
    fn a_value_keeps_the_type_of_the_default() {
        let mut params = params();
        for (name, text) in [("MODEL", "4"), ("TOP_K", "0.5"), ("RERANK", "true")] {
            params.set(name, text).unwrap();
        }
        assert_eq!(json!(params.values()), json!({ "MODEL": "4", "TOP_K": 0.5, "RERANK": true }));
        assert_eq!(params.changed().collect::<Vec<_>>(), ["MODEL", "RERANK", "TOP_K"]);
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_the_default() {
        let mut params = params();
        let many = params.set("TOP_K", "many").unwrap_err().to_string();
        assert_eq!(many, "`TOP_K` is a number (default 4), and `many` is none");
        for (name, text) in
            [("TOP_K", ""), ("TOP_K", "NaN"), ("TOP_K", "true"), ("RERANK", "yes"), ("RERANK", "1")]
        {
            assert!(params.set(name, text).is_err(), "{name}={text}");
        }
        assert_eq!(params.set("TOPK", "4").unwrap_err(), ParamError::Unknown("TOPK".into()));
        assert_eq!(params.changed().count(), 0, "nothing was set");
    }

    #[test]
    fn the_default_given_is_no_change_and_is_told_all_the_same() {
        let mut params = params();
        params.set("TOP_K", "4.0").unwrap();
        assert_eq!(params.changed().count(), 0);
        assert_eq!(params.environment(|_| true), [("TOP_K", "4".to_owned())]);
    }

    #[test]
    fn a_default_does_not_overwrite_what_is_set_outside() {
        let mut params = params();
        let outer = |name: &str| (name != "RERANK").then(|| "large".to_owned());
        let told = params.environment(|name| outer(name).is_some());
        assert_eq!(told, [("RERANK", "false".to_owned())]);
        assert_eq!(params.overruled(outer), ["MODEL", "TOP_K"]);
        params.set("MODEL", "tiny").unwrap();
        assert_eq!(params.overruled(outer), ["TOP_K"], "what is set for the run goes first");
    }

    #[test]
    fn names_fit_templates_and_environments() {
        assert!(
            is_name("APP_VERSION") && is_name("_x2") && !is_name("2x") && !is_name("a-b") && !is_name("")
        );
        assert!(is_taken("PORT") && is_taken("port") && is_taken("HOLDLINE_UPDATE") && !is_taken("PORTS"));
    }
}
