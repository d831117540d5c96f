//! The parameters of a run: what was set for it, put into the suites that declare it.

use super::options::SessionError;
use crate::report::escape::terminal_line;
use crate::suite::as_text;
use crate::suite::nearest::nearest;
use crate::suite::{Params, Suite};
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

/// A parameter with the value that a run gives it: `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name of the parameter.
    pub name: String,
    /// Its value, as it was written.
    pub value: String,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err("write NAME=VALUE".into()),
        }
    }
}

/// Sets parameters of the suites that declare them; one that no suite declares is a mistake.
pub(super) fn apply(settings: &[Setting], suites: &mut [Suite]) -> Result<(), SessionError> {
    let usage = |message: String| SessionError::Usage(format!("--set: {message}"));
    for (at, Setting { name, value }) in settings.iter().enumerate() {
        if settings[..at].iter().any(|earlier| earlier.name == *name) {
            return Err(usage(format!("`{}` is set twice", terminal_line(name))));
        }
        let mut declared = false;
        for suite in suites.iter_mut().filter(|suite| suite.params.defaults().contains_key(name)) {
            declared = true;
            let set = Arc::make_mut(&mut suite.params).set(name, value);
            set.map_err(|error| {
                usage(format!("{} (suite {})", terminal_line(&error.to_string()), terminal_line(&suite.name)))
            })?;
        }
        if !declared {
            return Err(usage(undeclared(name, suites)));
        }
    }
    Ok(())
}

/// What to say of a parameter that no suite declares.
fn undeclared(name: &str, suites: &[Suite]) -> String {
    let known: BTreeSet<&str> = suites.iter().flat_map(|suite| suite.params.names()).collect();
    let shown = terminal_line(name);
    let of = match suites {
        [one] => format!("suite {} declares no parameter `{shown}`", terminal_line(&one.name)),
        _ => format!("no suite declares a parameter `{shown}`"),
    };
    let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("{of}; did you mean `{meant}`? Declared: {list}"),
        None if known.is_empty() => {
            format!("{of}; parameters are declared with their defaults under `[params]` in a suite")
        }
        None => format!("{of}; declared: {list}"),
    }
}

/// What is to be told of the environment, where the application sees a value from there.
pub(super) fn overruled(suite: &Suite) -> Vec<String> {
    let target = &suite.spec.target;
    if target.serve.is_none() && target.command.is_none() {
        return Vec::new();
    }
    // The value is not told: it may be a secret, which a parameter's own value never is.
    let seen = suite.params.overruled(|name| std::env::var(name).ok());
    let told = |name: &str| {
        let default = as_text(&suite.params.values()[name]);
        format!(
            "the environment sets {name}, and the application sees that in place of `{default}` from [params]; \
             `--set {name}=…` goes before both"
        )
    };
    seen.into_iter().map(told).collect()
}

/// The parameters of a suite that are not the suite's own: `APP_VERSION = 2, MODEL = small`.
pub(super) fn told(params: &Params) -> Option<String> {
    let changed: Vec<String> =
        params.changed().map(|name| format!("{name} = {}", as_text(&params.values()[name]))).collect();
    (!changed.is_empty()).then(|| changed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_cut_at_its_first_sign() {
        let of = |name: &str, value: &str| Ok(Setting { name: name.into(), value: value.into() });
        assert_eq!("URL=http://x/?a=b".parse(), of("URL", "http://x/?a=b"));
        assert_eq!("EMPTY=".parse(), of("EMPTY", ""));
        assert!("=x".parse::<Setting>().is_err() && "x".parse::<Setting>().is_err());
    }
}
