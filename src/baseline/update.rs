//! When a run may write below `baselines/`: `--update`, `HOLDLINE_UPDATE`, and CI, with insta's meaning.

use std::str::FromStr;

/// The environment variable that stands for `--update`.
pub const UPDATE_VARIABLE: &str = "HOLDLINE_UPDATE";

/// What a run does with its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UpdateMode {
    /// [`Self::No`] in CI, else [`Self::New`].
    #[default]
    Auto,
    /// Writes nothing.
    No,
    /// Writes a pending baseline for review.
    New,
    /// Accepts at once where there is no baseline yet, else writes a pending one.
    Unseen,
    /// Accepts at once, with a reason.
    Always,
}

/// A word that is not an [`UpdateMode`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a way to update baselines; it is one of {}", .0.escape_debug(), UpdateMode::WORDS.join(", "))]
pub struct UpdateModeError(String);

impl UpdateMode {
    /// The words for it.
    pub const WORDS: [&str; 5] = ["auto", "no", "new", "unseen", "always"];

    /// The mode that the command line names, else the environment, else [`Self::Auto`].
    pub fn choose(
        flag: Option<&str>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, UpdateModeError> {
        match flag {
            Some(word) => word.parse(),
            None => match lookup(UPDATE_VARIABLE).filter(|word| !word.is_empty()) {
                Some(word) => word.parse(),
                None => Ok(Self::Auto),
            },
        }
    }

    /// The mode that counts: in CI nothing is written, whatever was asked for.
    #[must_use]
    pub const fn resolve(self, ci: bool) -> Self {
        match self {
            _ if ci => Self::No,
            Self::Auto => Self::New,
            other => other,
        }
    }
}

impl FromStr for UpdateMode {
    type Err = UpdateModeError;

    fn from_str(word: &str) -> Result<Self, UpdateModeError> {
        Ok(match word {
            "auto" => Self::Auto,
            "no" => Self::No,
            "new" => Self::New,
            "unseen" => Self::Unseen,
            "always" => Self::Always,
            _ => return Err(UpdateModeError(word.to_owned())),
        })
    }
}

/// Whether this is CI, as insta reads it: `CI`, or without it `TF_BUILD`, set to anything but
/// nothing, `0` or `false`.
pub fn in_ci(lookup: impl Fn(&str) -> Option<String>) -> bool {
    let value = lookup("CI").or_else(|| lookup("TF_BUILD"));
    value.is_some_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn ci_is_read_as_insta_reads_it() {
        for (pairs, ci) in [
            (&[][..], false),
            (&[("CI", "true")], true),
            (&[("CI", "1")], true),
            (&[("CI", "woodpecker")], true),
            (&[("CI", "")], false),
            (&[("CI", "0")], false),
            (&[("CI", "false")], false),
            (&[("TF_BUILD", "True")], true),
            (&[("TF_BUILD", "false")], false),
            (&[("CI", "false"), ("TF_BUILD", "True")], false),
        ] {
            assert_eq!(in_ci(environment(pairs)), ci, "{pairs:?}");
        }
    }

    #[test]
    fn auto_writes_for_review_and_ci_only_checks() {
        assert_eq!(UpdateMode::Auto.resolve(false), UpdateMode::New);
        for word in UpdateMode::WORDS {
            assert_eq!(word.parse::<UpdateMode>().unwrap().resolve(true), UpdateMode::No);
        }
        assert_eq!(UpdateMode::Always.resolve(false), UpdateMode::Always);
    }

    #[test]
    fn the_flag_comes_before_the_environment() {
        let always = environment(&[("HOLDLINE_UPDATE", "always")]);
        assert_eq!(UpdateMode::choose(Some("no"), &always), Ok(UpdateMode::No));
        assert_eq!(UpdateMode::choose(None, &always), Ok(UpdateMode::Always));
        assert_eq!(UpdateMode::choose(None, environment(&[])), Ok(UpdateMode::Auto));
    }

    #[test]
    fn an_unknown_word_is_an_error_that_lists_the_words() {
        let error = UpdateMode::choose(None, environment(&[("HOLDLINE_UPDATE", "force")])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`force` is not a way to update baselines; it is one of auto, no, new, unseen, always"
        );
    }
}
