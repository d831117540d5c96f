//! Inputs that stand in the suite file itself.

use super::{Reader, entries, unique};
use crate::suite::document::Node;
use crate::suite::schema::{Expect, InlineInput, Origin, ScenarioSpec};
use crate::suite::{Place, Row, Seed};
use serde_json::Value;
use std::sync::Arc;

impl Reader<'_> {
    pub(super) fn inline(
        &mut self,
        spec: &ScenarioSpec,
        list: &[InlineInput],
        node: &Node,
    ) -> Option<Vec<Seed>> {
        if list.is_empty() {
            if !node.is_damaged() {
                let nothing = self.at("no-inputs", "this scenario has no inputs".into(), node);
                self.out.push(nothing.help("write what the application is asked: `inputs = [\"…\"]`"));
            }
            return None;
        }
        let own = entries(spec.expect.as_ref());
        let shared: Arc<[Expect]> = own.into();
        let mut whole = !node.is_damaged();
        let mut seeds = Vec::with_capacity(list.len());
        for (index, input) in list.iter().enumerate() {
            let item = node.item(index);
            let mut seed = Seed {
                id: None,
                input: Value::Null,
                row: Row::default(),
                template: None,
                knobs: Row::default(),
                expect: shared.clone(),
                tags: spec.tags.clone(),
                origin: Origin::Written,
                place: Place { file: self.source.file.clone(), line: self.source.line(item.span.start) },
            };
            let text = match input {
                InlineInput::Text(text) => text,
                InlineInput::Table(table) => {
                    seed.id.clone_from(&table.id);
                    seed.tags.extend(table.tags.iter().filter(|tag| !spec.tags.contains(tag)).cloned());
                    let columns: Vec<_> = table.columns.keys().cloned().collect();
                    seed.row =
                        Row { columns: columns.into(), values: table.columns.values().cloned().collect() };
                    if table.expect.is_some() {
                        seed.expect = own.iter().chain(entries(table.expect.as_ref())).cloned().collect();
                    }
                    if table.id.as_ref().is_some_and(|id| id.trim().is_empty()) {
                        let empty = self.at("bad-id", "this id is empty".into(), item.field("id"));
                        self.out
                            .push(empty.help("write an id, or leave it out: the input identifies itself"));
                    }
                    &table.text
                }
            };
            if text.trim().is_empty() {
                let place = if matches!(input, InlineInput::Table(_)) { item.field("text") } else { item };
                let empty = self.at("empty-input", "this input is empty".into(), place);
                self.out.push(empty.help("write what the application is asked, or leave it out"));
                whole = false;
            }
            seed.input = Value::String(text.clone());
            seeds.push(seed);
        }
        if whole {
            let source = self.source;
            unique(&seeds, self.out, |index| source.spot(node.item(index).span.clone()));
        }
        whole.then_some(seeds)
    }
}
