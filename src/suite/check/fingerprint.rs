//! Checks of what an application is made of: `fingerprint` and `version` of `[target]`.

use super::Checker;
use crate::suite::diagnostic::quote;
use crate::suite::document::Node;
use crate::suite::fingerprint::{FingerprintError, Globs};
use crate::suite::schema::TargetSpec;

impl Checker<'_> {
    /// Globs that mean files of the project, and a version that says something.
    pub(super) fn made_of(&mut self, spec: &TargetSpec, node: &Node) {
        let list = node.field("fingerprint");
        for (at, glob) in spec.fingerprint.iter().enumerate() {
            let found = Globs::parse(std::slice::from_ref(glob)).and_then(|one| one.files(self.files.root()));
            let Err(error) = found else { continue };
            let (code, what, help) = match &error {
                FingerprintError::Nothing { .. } => (
                    "missing-file",
                    format!("{} matches no file", quote(glob)),
                    "globs are relative to the project's root: `[\"src/**/*.py\", \"prompts/**\"]`",
                ),
                _ => ("bad-pattern", error.to_string(), "name files inside the project: `src/**/*.py`"),
            };
            let bad = self.at(code, what, list.item(at));
            self.out.push(bad.help(help));
        }
        if spec.version.as_ref().is_some_and(|version| version.trim().is_empty()) {
            let empty = self.at("empty-text", "`version` says nothing", node.field("version"));
            self.out.push(empty.help("write what changes with the application: `\"${env:GIT_SHA}\"`"));
        }
    }
}
