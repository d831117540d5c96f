//! Checks of labels: those declared, and those expected.

use super::Checker;
use super::variables::{Knobs, Rows};
use crate::suite::Place;
use crate::suite::as_text;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::params::PARAMS;
use crate::suite::schema::{Expect, KnobSpec, OneOrMany};
use crate::suite::secret::Secrets;
use crate::suite::template::{Scope, Template};
use std::collections::HashSet;

impl Checker<'_> {
    pub(super) fn declared_labels(&mut self) {
        let list = self.root.field("labels");
        let labels = &self.spec.labels;
        for (at, label) in labels.iter().enumerate() {
            self.plain_word("label", label, list.item(at));
            if let Some(first) = labels[..at].iter().position(|known| known == label) {
                let twice = self.at(
                    "duplicate-label",
                    format!("the label {} is declared twice", quote(label)),
                    list.item(at),
                );
                let first = self.source.spot(list.item(first).span.clone());
                self.out.push(
                    twice.label("the second one").related(first, "the first one").help("keep one of them"),
                );
            }
        }
    }

    /// Labels expected must be among those declared, where any are.
    pub(super) fn expected_labels(&mut self, expect: &Expect, node: &Node, rows: &Rows<'_>) {
        if let Some(not) = &expect.not {
            self.expected_labels(not, node.field("not"), rows);
        }
        let list = self.root.field("labels");
        if self.spec.labels.is_empty() || list.is_damaged() {
            return;
        }
        let declared: HashSet<&str> = self.spec.labels.iter().map(String::as_str).collect();
        for (at, text) in expect.label.as_ref().map_or(&[][..], OneOrMany::as_slice).iter().enumerate() {
            let place = node.field("label").item(at);
            // What is wrong with the template itself is told where texts are checked.
            let Ok(template) = Template::parse(text) else { continue };
            if template.is_plain() {
                if !text.is_empty() && !declared.contains(text.as_str()) {
                    self.undeclared(
                        text,
                        &format!("{} is not among the declared labels", quote(text)),
                        place,
                        None,
                    );
                }
            } else if template.env().is_empty() {
                self.rendered_labels(&template, place, rows, &declared);
            }
        }
    }

    fn rendered_labels(
        &mut self,
        template: &Template,
        place: &Node,
        rows: &Rows<'_>,
        declared: &HashSet<&str>,
    ) {
        if let (Knobs::Known(knobs), Some(knob)) = (rows.knobs, sole_member(template, "knobs.")) {
            // An unknown knob is told where variables are checked.
            let values = knobs.get(&knob).map_or(&[][..], KnobSpec::values);
            if let Some(label) = values.iter().find(|value| !declared.contains(value.as_str())) {
                let what = format!(
                    "the knob `{knob}` yields {}, which is not among the declared labels",
                    quote(label)
                );
                self.undeclared(label, &what, place, None);
            }
            return;
        }
        let Some(seeds) = rows.seeds else { return };
        let column = sole_member(template, "row.");
        let mut first: Option<(Place, String)> = None;
        let mut count = 0;
        // A file that cannot be read any more is told where the cases are made.
        for seed in seeds.iter().map_while(Result::ok) {
            let label = match column.as_deref().map(|column| seed.row.get(column)) {
                Some(Some(value)) => as_text(value),
                // A row without the column is told where variables are checked.
                Some(None) => continue,
                None => {
                    let scope = Scope::new(&Secrets::default())
                        .with("input", &seed.input)
                        .with("row", &seed.row)
                        .with(PARAMS, &self.spec.params);
                    let Ok(label) = template.render_text(&scope) else { continue };
                    label
                }
            };
            if !declared.contains(label.as_str()) {
                count += 1;
                first.get_or_insert_with(|| (seed.place.clone(), label));
            }
        }
        if let Some((place_of_first, label)) = first {
            let what = format!(
                "{} yields {}, which is not among the declared labels",
                quote(template.source()),
                quote(&label)
            );
            let of = seeds.len();
            let note = format!(
                "first in {}:{}; {count} of {of} inputs yield a label that is not declared",
                place_of_first.file, place_of_first.line
            );
            self.undeclared(&label, &what, place, Some(note));
        }
    }

    fn undeclared(&mut self, label: &str, what: &str, place: &Node, note: Option<String>) {
        let labels = || self.spec.labels.iter().map(String::as_str);
        let help = match nearest(label, labels()) {
            Some(meant) => format!("did you mean {}?", quote(meant)),
            None => format!("declare it in `labels`; there are {}", quote_all(labels())),
        };
        let mut undeclared = self.at("unknown-label", what, place).help(help);
        undeclared.notes.extend(note);
        self.out.push(undeclared);
    }
}

/// The column, or the knob, of a template that is exactly `{{ row.COLUMN }}` or `{{ knobs.KNOB }}`, which
/// need not be rendered for each of many rows.
fn sole_member(template: &Template, head: &str) -> Option<String> {
    let inner = template.source().trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let member = inner.strip_prefix(head)?;
    member.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| member.to_owned())
}
