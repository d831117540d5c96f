//! What the verdicts of a judge depend on, in one short text.

use super::PROTOCOL;
use super::prompt::{Prompt, PromptError};
use crate::suite::judges::JudgeDefinition;
use crate::suite::schema::judge::JudgeKind;
use serde_json::{Value, json};

/// Fingerprint of what a judge's verdicts depend on, 16 hex digits: the protocol, what it and the judges of its panel
/// ask, what replies come to, how many are asked for, and the models with what is sent to them. `sends` says what a
/// model is sent beside the messages. Keys, addresses and limits of the asking are not in it.
pub fn fingerprint(judge: &JudgeDefinition, sends: &dyn Fn(&str) -> Value) -> Result<String, PromptError> {
    let what = json!({ "protocol": PROTOCOL, "judge": described(judge, sends)? });
    Ok(blake3::hash(what.to_string().as_bytes()).to_hex()[..16].to_owned())
}

fn described(judge: &JudgeDefinition, sends: &dyn Fn(&str) -> Value) -> Result<Value, PromptError> {
    let file = &judge.file;
    let model = |name: &String| json!({ "name": name, "sends": sends(name) });
    let first = if file.kind == JudgeKind::Panel {
        let members = judge.members.iter().map(|member| described(member, sends));
        json!({ "panel": members.collect::<Result<Vec<_>, _>>()? })
    } else {
        json!({ "asks": Prompt::new(judge)?.decides(file), "model": model(&file.model), "samples": file.samples })
    };
    Ok(json!({
        "first": first,
        "decide": file.decide,
        "confirm": file.confirm,
        "strong": file.strong.as_ref().map(model),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const CLAIMS: &str = "kind = \"claims\"\npositive = \"fail\"\n";

    /// The judge `j` of these files.
    fn judge(files: &[(&str, &str)]) -> JudgeDefinition {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("suites/judges");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, file) in files {
            std::fs::write(folder.join(format!("{name}.toml")), file).unwrap();
        }
        JudgeDefinition::load(root.path(), "suites", "j").unwrap()
    }

    fn of(judge: &JudgeDefinition) -> String {
        fingerprint(judge, &|model| json!({ "model": model })).unwrap()
    }

    #[test]
    fn everything_that_can_change_a_verdict_changes_it() {
        let panel = |member: &str| {
            let file = "kind = \"panel\"\npositive = \"fail\"\njudges = [\"a\", \"b\"]\n";
            judge(&[("j", file), ("a", member), ("b", CLAIMS)])
        };
        let mut all = vec![panel(CLAIMS), panel(&format!("{CLAIMS}samples = 3"))];
        for more in [
            "",
            "question = \"Is it so?\"",
            "least = \"90%\"",
            "most_claims = 9",
            "samples = 3",
            "samples = 3\ndecide = \"unanimous\"",
            "confirm = 3",
            "strong = \"large\"",
            "model = \"large\"",
            "most_characters = 100",
        ] {
            all.push(judge(&[("j", &format!("{CLAIMS}{more}"))]));
        }
        let distinct: BTreeSet<String> = all.iter().map(of).collect();
        assert_eq!(distinct.len(), all.len());
        let plain = judge(&[("j", CLAIMS)]);
        assert_ne!(of(&plain), fingerprint(&plain, &|_| json!({ "model": "another" })).unwrap());
    }

    #[test]
    fn what_changes_no_verdict_does_not() {
        let plain = judge(&[("j", CLAIMS)]);
        let other = format!("{CLAIMS}floors = {{ labels = 3 }}").replace("\"fail\"", "\"pass\"");
        let other = judge(&[("j", &other)]);
        assert_eq!(of(&plain), of(&other));
        assert_eq!(of(&plain).len(), 16);
    }
}
