//! Who accepts, and when.

use std::path::Path;
use std::process::{Command, Stdio};

/// What goes into the history with an acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// When (RFC 3339, UTC, whole seconds).
    pub at: String,
    /// Who.
    pub by: String,
    /// Why; blank is none.
    pub reason: String,
}

impl Signature {
    /// A signature made now, by whoever [`signer`] finds.
    pub fn now(reason: &str, root: &Path) -> Self {
        let now = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second());
        Self {
            at: now.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string(),
            by: signer(|name| std::env::var(name).ok(), || git_name(root)),
            reason: reason.to_owned(),
        }
    }
}

/// Who accepts: `HOLDLINE_USER`, else the name that git signs commits with, else the user that is
/// logged in, else `unknown`.
pub fn signer(lookup: impl Fn(&str) -> Option<String>, git: impl FnOnce() -> Option<String>) -> String {
    let named =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    named(lookup("HOLDLINE_USER"))
        .or_else(|| named(git()))
        .or_else(|| named(lookup("USER")))
        .or_else(|| named(lookup("USERNAME")))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// What `git config user.name` says in `root`.
fn git_name(root: &Path) -> Option<String> {
    let output = Command::new("git")
        .args(["config", "user.name"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_accepts_is_asked_in_order() {
        let from = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            }
        };
        let git = || Some("Ana Git\n".to_owned());
        assert_eq!(signer(from(&[("HOLDLINE_USER", "bot"), ("USER", "ana")]), git), "bot");
        assert_eq!(signer(from(&[("HOLDLINE_USER", " "), ("USER", "ana")]), git), "Ana Git");
        assert_eq!(signer(from(&[("USER", "ana")]), || None), "ana");
        assert_eq!(signer(from(&[("USERNAME", "Ana")]), || Some("\n".to_owned())), "Ana");
        assert_eq!(signer(from(&[]), || None), "unknown");
    }

    #[test]
    fn a_signature_is_dated_to_the_second_in_utc() {
        let at = Signature::now("why", Path::new(".")).at;
        assert_eq!(at.len(), "2026-01-02T03:04:05Z".len(), "{at}");
        assert!(at.ends_with('Z') && at.parse::<jiff::Timestamp>().is_ok(), "{at}");
    }
}
