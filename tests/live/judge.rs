//! The model as a judge, which it is far too small for: what it says has to be counted soundly all the same.

use crate::project::Project;
use crate::proxy::Proxy;
use crate::server::NAME;
use serde_json::{Value, json};

/// Answers to questions about a bird feeder, and whether they resolve them.
const ANSWERS: [(&str, &str, bool); 12] = [
    ("Where is my parcel?", "It arrives on Monday.", true),
    ("Where is my parcel?", "Parcels are wonderful things.", false),
    ("How do I reset the feeder?", "Hold the button for 10 seconds.", true),
    ("How do I reset the feeder?", "Have you thought about another hobby?", false),
    ("Can I return it?", "Yes, within 30 days, with the label from the app.", true),
    ("Can I return it?", "I cannot say.", false),
    ("What does Plus cost?", "3.99 euros a month.", true),
    ("What does Plus cost?", "Money.", false),
    ("Which wifi does it need?", "One with 2.4 GHz.", true),
    ("Which wifi does it need?", "Try the wifi.", false),
    ("How long is the warranty?", "Two years from delivery.", true),
    ("How long is the warranty?", "Longer than you think!", false),
];

const JUDGE: &str = r#"
kind = "rubric"
question = "Is the customer's question answered?"
pass_when = "the answer says what was asked"
fail_when = "it does not"
words = { pass = "resolved", fail = "unresolved" }
positive = "unresolved"
"#;

/// Every reason for which there may be no verdict, as the command says it.
const KINDS: [&str; 6] =
    ["no reply", "unreadable reply", "reply cut off", "reply filtered", "refused", "cannot judge"];

fn labels() -> String {
    let line = |(n, (input, output, resolved)): (usize, &(&str, &str, bool))| {
        let label = if *resolved { "resolved" } else { "unresolved" };
        json!({
            "id": format!("l{n}"), "input": input, "output": output, "label": label,
            "labeller": "Ana", "date": "2026-03-02",
        })
        .to_string()
            + "\n"
    };
    ANSWERS.iter().enumerate().map(line).collect()
}

/// Twelve answers, so that neither class has the ten that a judge needs to gate: whatever it says, it must not.
pub fn at_chance(port: u16) {
    let proxy = Proxy::start(port);
    let model = format!(
        "[models.judge]\nbase_url = \"http://127.0.0.1:{}/v1\"\nmodel = \"{NAME}\"\ntemperature = 0.0\n\
         max_tokens = 64\nstructure = \"schema\"\ntimeout = \"5m\"\nretries = 0\nconcurrency = 2\n",
        proxy.port
    );
    let project = Project::new(&[
        ("holdline.toml", &model),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/judges/resolved.labels.jsonl", &labels()),
    ]);
    let ran = project.holdline(&["judge", "check", "resolved", "--require"]).expect(3);
    let page = ran.out;
    for said in ["of 12 labelled answers graded", "It may report, and must not gate:", "10 are needed"] {
        assert!(page.contains(said), "`{said}` is not said in:\n{page}");
    }

    let history = project.read("suites/judges/resolved.history.jsonl");
    let line: Value = serde_json::from_str(history.lines().next_back().unwrap()).unwrap();
    let count = |key: &str| usize::try_from(line[key].as_u64().unwrap()).unwrap();
    let graded: usize =
        ["true_positives", "false_positives", "false_negatives", "true_negatives"].map(count).iter().sum();
    let ungraded = count("ungraded");
    assert_eq!(graded + ungraded, ANSWERS.len(), "{line}");
    assert!(page.contains(&format!("{graded} of 12 labelled answers graded")), "{line}\n{page}");
    assert!(graded == 0 || page.contains(&format!("answered by {NAME}")), "{page}");
    // Each is asked once, and once more where its reply could not be read.
    assert!((12..=24).contains(&proxy.replies()), "{} replies", proxy.replies());

    let told = page.split_once("No verdict").map_or("", |(_, rest)| rest);
    let kinds: usize = KINDS.iter().map(|kind| told.matches(kind).count()).sum();
    assert!(kinds >= ungraded.min(10), "{ungraded} without a verdict, and {kinds} of them say why:\n{page}");
}
