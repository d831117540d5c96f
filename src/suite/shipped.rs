//! The judges that come with Holdline, for projects that have none of the same name.

use super::diagnostic::Source;
use std::sync::Arc;

/// A judge that comes with Holdline.
pub(super) struct Shipped {
    name: &'static str,
    judge: &'static str,
    examples: &'static str,
}

static ALL: [Shipped; 2] = [
    Shipped {
        name: "correctness",
        judge: include_str!("../judge/model/shipped/correctness.toml"),
        examples: include_str!("../judge/model/shipped/correctness.examples.jsonl"),
    },
    Shipped {
        name: "relevance",
        judge: include_str!("../judge/model/shipped/relevance.toml"),
        examples: include_str!("../judge/model/shipped/relevance.examples.jsonl"),
    },
];

/// The judge of this name.
pub(super) fn find(name: &str) -> Option<&'static Shipped> {
    ALL.iter().find(|judge| judge.name == name)
}

/// The names of all, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|judge| judge.name)
}

impl Shipped {
    /// Its file.
    pub fn judge(&self) -> Source {
        Source::new(format!("{}.toml of Holdline", self.name), self.judge.to_owned())
    }

    /// The file of its examples.
    pub fn examples(&self) -> Arc<Source> {
        Arc::new(Source::new(format!("{}.examples.jsonl of Holdline", self.name), self.examples.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::judges::JudgeDefinition;
    use std::collections::BTreeSet;

    #[test]
    fn each_loads_with_as_many_examples_that_pass_as_fail_and_a_reason_for_all() {
        let root = tempfile::tempdir().unwrap();
        for name in names() {
            let judge = JudgeDefinition::load(root.path(), "suites", name).unwrap();
            let [pass, fail] = [&judge.file.words.pass, &judge.file.words.fail];
            assert_eq!(judge.file.positive, *fail);
            let of = |word: &String| judge.examples.iter().filter(|label| label.label == *word).count();
            assert!(of(pass) >= 3 && of(pass) == of(fail) && of(pass) * 2 == judge.examples.len());
            assert!(judge.examples.iter().all(|label| label.reason.is_some()));
            let ids: BTreeSet<&str> = judge.examples.iter().map(|label| label.id.as_str()).collect();
            assert_eq!(ids.len(), judge.examples.len());
            // Who compares with a reference is shown one, and who does not is not.
            let with = judge.examples.iter().filter(|label| !label.references().is_empty()).count();
            assert_eq!(with, if name == "correctness" { judge.examples.len() } else { 0 });
        }
    }

    #[test]
    fn a_file_of_the_projects_goes_before() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("suites/judges");
        std::fs::create_dir_all(&folder).unwrap();
        let own = "kind = \"rubric\"\nquestion = \"Ours?\"\npass_when = \"yes\"\nfail_when = \"no\"\npositive = \"fail\"\n";
        std::fs::write(folder.join("relevance.toml"), own).unwrap();
        let judge = JudgeDefinition::load(root.path(), "suites", "relevance").unwrap();
        assert_eq!((judge.file.question.as_str(), judge.examples.len()), ("Ours?", 0));
        // One with mistakes is not passed over.
        std::fs::write(folder.join("relevance.toml"), "kind = \"rubric\"\n").unwrap();
        assert!(JudgeDefinition::load(root.path(), "suites", "relevance").is_err());
        let told = JudgeDefinition::load(root.path(), "suites", "nothing").unwrap_err().to_string();
        assert!(told.contains("`correctness`, `relevance` come with Holdline"), "{told}");
    }
}
