//! What a model proposes for failures that nobody has sorted yet. It decides nothing: a proposal waits below
//! `.holdline/` until a person accepts it, or another category.

use crate::distil::failure::Failure;
use crate::distil::ledger::Line;
use crate::distil::taxonomy::Taxonomy;
use crate::expand::CaseId;
use crate::judge::model::ReplyForm;
use crate::model::fence::{fenced, fresh_code, harmless, shorten};
use crate::model::{Message, Role};
use crate::report::escape::shortened;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Write as _; // to strings, which cannot fail

/// Most characters shown to a model of each text.
const TEXT: usize = 4000;
/// Most reasons and notes shown to a model.
const LINES: usize = 20;
/// What a model says where no category fits.
const NONE: &str = "none";

/// What a model proposes for a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The case.
    pub case: CaseId,
    /// What was shown of the failure, as a fingerprint: another answer is another question.
    pub failure: String,
    /// The taxonomy by then, as a fingerprint.
    pub taxonomy: String,
    /// The category; none where the model says that none fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Why. Untrusted.
    pub reason: String,
    /// The model that answered, as it calls itself.
    pub model: String,
}

/// The proposals for a suite.
pub type Proposals = super::Ledger<Proposal>;

impl Line for Proposal {
    const WHAT: &'static str = "proposal";

    fn mistake(&self) -> Option<(String, &'static str)> {
        None
    }
}

impl Proposals {
    /// The newest proposal for a failure as it is, by the taxonomy as it is.
    pub fn for_failure(&self, failure: &Failure, taxonomy: &Taxonomy) -> Option<&Proposal> {
        let (shown, taxonomy) = (failure_key(failure), taxonomy.fingerprint());
        let fits = |of: &&Proposal| of.case == failure.case && of.failure == shown && of.taxonomy == taxonomy;
        self.lines.iter().rev().find(fits)
    }

    /// What a model said of a failure.
    pub fn said(
        failure: &Failure,
        taxonomy: &Taxonomy,
        verdict: &str,
        reason: &str,
        model: &str,
    ) -> Proposal {
        Proposal {
            case: failure.case,
            failure: failure_key(failure),
            taxonomy: taxonomy.fingerprint(),
            category: (verdict != NONE).then(|| verdict.to_owned()),
            reason: shortened(reason, TEXT),
            model: model.to_owned(),
        }
    }
}

/// Where the proposals for a suite stand, relative to the root.
pub fn proposals_path(suite: &str) -> String {
    format!(".holdline/proposals/{suite}.jsonl")
}

/// What is shown of a failure, as a fingerprint of 16 hex digits.
pub fn failure_key(failure: &Failure) -> String {
    blake3::hash(data(failure).to_string().as_bytes()).to_hex()[..16].to_owned()
}

/// What a reply must look like: one category, or none.
pub fn form(taxonomy: &Taxonomy) -> ReplyForm {
    ReplyForm::Verdict(taxonomy.ids().chain([NONE]).map(str::to_owned).collect())
}

/// What a model is asked about a failure. What was asked, answered and noted stands as data in a fence.
pub fn messages(failure: &Failure, taxonomy: &Taxonomy) -> Vec<Message> {
    let mut categories = String::new();
    for category in &taxonomy.file.category {
        let _ = write!(categories, "- `{}` ({}): {}", category.id, category.name, category.definition.trim());
        categories.push('\n');
        for (word, lines) in
            [("belongs to it", &category.include), ("does not belong to it", &category.exclude)]
        {
            for line in lines {
                let _ = writeln!(categories, "  - {word}: {}", line.trim());
            }
        }
    }
    let data = harmless(&data(failure).to_string());
    let user = format!(
        "{}\n\nWhich category does the failure belong to? Reply with the JSON object alone.",
        fenced("FAILURE", &data, &fresh_code(&data))
    );
    vec![
        Message {
            role: Role::System,
            content: include_str!("propose.md").replace("{{ categories }}", categories.trim_end()),
        },
        Message { role: Role::User, content: user },
    ]
}

fn data(failure: &Failure) -> serde_json::Value {
    let cut = |text: &str| shorten(text, TEXT).0;
    let input = match &failure.input {
        serde_json::Value::String(text) => cut(text),
        other => cut(&other.to_string()),
    };
    let reasons =
        failure.complaints.iter().take(LINES).map(|of| cut(&format!("{}: {}", of.judge, of.reason)));
    json!({
        "scenario": cut(&failure.scenario_name),
        "input": input,
        "output": failure.output.as_deref().map(cut),
        "why_it_fails": reasons.collect::<Vec<_>>(),
        "notes": failure.notes.iter().take(LINES).map(|note| cut(note)).collect::<Vec<_>>(),
    })
}
