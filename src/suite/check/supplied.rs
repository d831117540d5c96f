//! Checks that the target's answers carry what is expected of them: a label that no answer can have is
//! a mistake of the suite, and no failure of the application.

use super::Checker;
use crate::suite::diagnostic::Diagnostic;
use crate::suite::document::{Data, Node};

/// Conditions on a part of an answer, each with the key of `reply` that says where it stands.
const PARTS: [(&str, &str); 4] =
    [("label", "label"), ("cites", "retrieved"), ("calls", "calls"), ("cost", "usage")];

impl Checker<'_> {
    /// Tells of parts of an answer that are expected and that the target never gives, each once.
    pub(super) fn supplied(&mut self) {
        let Some(target) = self.root.get("target") else { return };
        let reply = target.field("reply");
        let plain_text = target.get("format").is_some_and(|format| format.to_value() == "text");
        let chat = target.mentions("chat");
        let points = target.mentions("http") || chat;
        if !(points || target.mentions("command") && plain_text) || target.is_damaged() {
            return;
        }
        for (condition, part) in PARTS {
            let comes_along = chat && matches!(part, "calls" | "usage");
            if comes_along || target.mentions("reply") && (reply.mentions(part) || reply.is_damaged()) {
                continue;
            }
            let mut uses = Vec::new();
            for node in self.expectations() {
                gather(node, condition, &mut uses);
            }
            let Some((first, more)) = uses.split_first() else { continue };
            let what = match part {
                "retrieved" => {
                    format!("`{condition}` needs the ids retrieved, and no answer of this target has any")
                }
                "usage" => {
                    format!("`{condition}` needs the tokens used, and no answer of this target tells them")
                }
                _ => format!("`{condition}` can never hold: no answer of this target has one"),
            };
            let mut missing = Diagnostic::new("never-supplied", what).at(self.source.spot(first.key_span()));
            if !more.is_empty() {
                missing = missing.note(format!("and {} more like this", more.len()));
            }
            self.out.push(missing.help(if points {
                format!("say where it stands in the reply: `reply = {{ {part} = \"/…\" }}` in `[target]`")
            } else {
                "a command that answers with more than a text speaks JSON: leave `format` out".to_owned()
            }));
        }
    }

    /// Every entry of every `expect` and `when`.
    fn expectations(&self) -> Vec<&Node> {
        let mut all = Vec::new();
        for scenario in items(self.root.get("scenario")) {
            all.extend(items(scenario.get("expect")));
            for input in items(scenario.get("inputs")) {
                all.extend(items(input.get("expect")));
            }
            all.extend(items(scenario.get("conversation")).iter().filter_map(|step| step.get("when")));
        }
        all
    }
}

/// The entries of a list; a value that is no list is one.
fn items(node: Option<&Node>) -> &[Node] {
    match node {
        None => &[],
        Some(Node { data: Data::List(items, _), .. }) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The uses of a condition in an entry and in what it says must not be.
fn gather<'a>(entry: &'a Node, condition: &str, uses: &mut Vec<&'a Node>) {
    uses.extend(entry.get(condition));
    if let Some(not) = entry.get("not") {
        gather(not, condition, uses);
    }
}
